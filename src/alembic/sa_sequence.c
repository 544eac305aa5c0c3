#include "config.h"

/* Identity and Sequence: what numbers a column, and the options that the two share. */

#include "alembic/sa_create.h"
#include "alembic/sa_schema.h"
#include "alembic/sa_type.h"
#include "base/str.h"
#include "schema/type_repr.h"

static void read_number(struct py_run *run, struct py_value v, const char *what, bool *has,
                        int64_t *number)
{
    if (py_is_unset(v))
        return;
    *has = true;
    *number = py_as_int64(run, v, what);
}

/* The options that Identity and Sequence share, from their rows of the parameter table on. */
static void read_options(struct py_run *run, struct identity *o, const struct py_value *args,
                         const int rows[8])
{
    read_number(run, args[rows[0]], "start", &o->has_start, &o->start);
    read_number(run, args[rows[1]], "increment", &o->has_increment, &o->increment);
    read_number(run, args[rows[2]], "minvalue", &o->has_minvalue, &o->minvalue);
    read_number(run, args[rows[3]], "maxvalue", &o->has_maxvalue, &o->maxvalue);
    o->nominvalue = !py_is_unset(args[rows[4]]);
    o->nomaxvalue = !py_is_unset(args[rows[5]]);
    o->cycle = sa_tristate(run, args[rows[6]]);
    read_number(run, args[rows[7]], "cache", &o->has_cache, &o->cache);
}

enum { ID_ALWAYS, ID_ON_NULL, ID_START, ID_INCREMENT, ID_MINVALUE, ID_MAXVALUE, ID_NOMINVALUE,
       ID_NOMAXVALUE, ID_CYCLE, ID_CACHE, ID_ORDER, ID_KW };
static const struct py_arg identity_args[] = {
    PY_OPTIONAL("always"), PY_OPTIONAL("on_null"), PY_OPTIONAL("start"), PY_OPTIONAL("increment"),
    PY_OPTIONAL("minvalue"), PY_OPTIONAL("maxvalue"), PY_OPTIONAL("nominvalue"),
    PY_OPTIONAL("nomaxvalue"), PY_OPTIONAL("cycle"), PY_OPTIONAL("cache"), PY_OPTIONAL("order"),
    PY_KEYWORDS("dialect_kw"), PY_ARGS_END};

static struct py_value identity_init(struct py_run *run, struct py_call *call)
{
    static const int rows[8] = {ID_START, ID_INCREMENT, ID_MINVALUE, ID_MAXVALUE,
                                ID_NOMINVALUE, ID_NOMAXVALUE, ID_CYCLE, ID_CACHE};
    static const char *const none[] = {NULL};
    struct sa_identity *p = py_require_payload(run, call->self, &sa_identity_class, "Identity");
    sa_check_dialect_options(run, py_dict_of(call->args[ID_KW]), none,
                             "sqlalchemy.sql.schema.Identity");
    p->identity = PY_NEW(run, struct identity);
    p->identity->always = py_truth(run, call->args[ID_ALWAYS]);
    read_options(run, p->identity, call->args, rows);
    return py_none();
}

static const struct py_member identity_members[] = {
    PY_METHOD("__init__", identity_init, identity_args),
    PY_MEMBERS_END,
};
const struct py_native_class sa_identity_class = {
    .name = "Identity",
    .module = "sqlalchemy.sql.schema",
    .bases = PY_BASES(&sa_schema_item_class),
    .members = identity_members,
    .payload_size = sizeof(struct sa_identity),
};

enum { SEQ_NAME, SEQ_START, SEQ_INCREMENT, SEQ_MINVALUE, SEQ_MAXVALUE, SEQ_NOMINVALUE,
       SEQ_NOMAXVALUE, SEQ_CYCLE, SEQ_SCHEMA, SEQ_CACHE, SEQ_ORDER, SEQ_TYPE, SEQ_OPTIONAL,
       SEQ_QUOTE, SEQ_METADATA, SEQ_QUOTE_SCHEMA, SEQ_FOR_UPDATE, SEQ_KW };
static const struct py_arg sequence_args[] = {
    PY_REQUIRED("name"), PY_OPTIONAL("start"), PY_OPTIONAL("increment"), PY_OPTIONAL("minvalue"),
    PY_OPTIONAL("maxvalue"), PY_OPTIONAL("nominvalue"), PY_OPTIONAL("nomaxvalue"),
    PY_OPTIONAL("cycle"), PY_OPTIONAL("schema"), PY_OPTIONAL("cache"), PY_OPTIONAL("order"),
    PY_OPTIONAL("data_type"), PY_DEFAULTED("optional"), PY_OPTIONAL("quote"),
    PY_OPTIONAL("metadata"), PY_OPTIONAL("quote_schema"), PY_DEFAULTED("for_update"),
    PY_KEYWORDS("dialect_kw"), PY_ARGS_END};

/*
 * How SQLAlchemy shows it as the default of a column in a table: what was given, in its own order,
 * and the MetaData that the table brings.
 */
static const char *shown_sequence(struct py_run *run, const struct sa_sequence *p,
                                  const struct py_value *args)
{
    static const struct {
        const char *name;
        int row;
    } options[] = {{"start", SEQ_START}, {"increment", SEQ_INCREMENT}, {"minvalue", SEQ_MINVALUE},
                   {"maxvalue", SEQ_MAXVALUE}, {"nominvalue", SEQ_NOMINVALUE},
                   {"nomaxvalue", SEQ_NOMAXVALUE}, {"cycle", SEQ_CYCLE}, {"schema", SEQ_SCHEMA},
                   {"cache", SEQ_CACHE}, {"order", SEQ_ORDER}};
    struct str out = STR_IN(py_arena(run));
    str_addf(&out, "Sequence(%s", py_repr_text(run, args[SEQ_NAME]));
    for (size_t i = 0; i < sizeof(options) / sizeof(options[0]); i++) {
        struct py_value v = args[options[i].row];
        if (options[i].row == SEQ_SCHEMA && p->sequence->schema)
            v = py_new_str(run, p->sequence->schema);
        if (!py_is_unset(v))
            str_addf(&out, ", %s=%s", options[i].name, py_repr_text(run, v));
    }
    if (p->sequence->type) {
        str_add(&out, ", data_type=");
        type_add_repr(&out, p->sequence->type);
    }
    str_addf(&out, "%s, metadata=MetaData())", p->optional ? ", optional=True" : "");
    return out.ptr;
}

static struct py_value sequence_init(struct py_run *run, struct py_call *call)
{
    static const int rows[8] = {SEQ_START, SEQ_INCREMENT, SEQ_MINVALUE, SEQ_MAXVALUE,
                                SEQ_NOMINVALUE, SEQ_NOMAXVALUE, SEQ_CYCLE, SEQ_CACHE};
    struct sa_sequence *p = py_require_payload(run, call->self, &sa_sequence_class, "Sequence");
    struct py_value *args = call->args;
    struct sequence *s = PY_NEW(run, struct sequence);
    p->sequence = s;
    p->optional = py_truth(run, args[SEQ_OPTIONAL]);
    s->name = sa_name(run, args[SEQ_NAME], "name");
    if (!py_is_none(args[SEQ_QUOTE]))
        s->name.quote = sa_tristate(run, args[SEQ_QUOTE]);
    s->schema = sa_text_or_null(run, args[SEQ_SCHEMA], "schema");
    if (!s->schema && !py_is_none(args[SEQ_METADATA])) {
        struct sa_metadata *m =
            py_require_payload(run, args[SEQ_METADATA], &sa_metadata_class, "metadata");
        s->schema = m->schema;
    }
    s->type = sa_type_of(run, args[SEQ_TYPE]);
    if (!py_is_none(args[SEQ_METADATA])) {
        struct sa_metadata *m = py_payload(args[SEQ_METADATA], &sa_metadata_class);
        vec_push(py_arena(run), &m->sequences, s);
        p->has_metadata = true;
    }
    read_options(run, &s->options, args, rows);
    p->shown = shown_sequence(run, p, args);
    return py_none();
}

static struct py_value sequence_next_value(struct py_run *run, struct py_call *call)
{
    struct sa_sequence *p = py_require_payload(run, call->self, &sa_sequence_class, "Sequence");
    struct expr *e = expr_new(py_arena(run), EXPR_NEXT_VALUE,
                              p->sequence->type ? p->sequence->type
                                                : type_new(py_arena(run), TYPE_INTEGER));
    e->as.sequence.name = p->sequence->name;
    e->as.sequence.schema = p->sequence->schema;
    return sa_object(run, e);
}

static struct py_value sequence_name(struct py_run *run, struct py_call *call)
{
    struct sa_sequence *p = py_require_payload(run, call->self, &sa_sequence_class, "Sequence");
    return py_new_str(run, p->sequence->name.text);
}

static const struct py_arg bind_args[] = {PY_REQUIRED("bind"), PY_DEFAULTED("checkfirst"),
                                          PY_ARGS_END};

static const struct py_member sequence_members[] = {
    PY_METHOD("create", sa_sequence_create, bind_args),
    PY_METHOD("drop", sa_sequence_drop, bind_args),
    PY_METHOD("__init__", sequence_init, sequence_args),
    PY_FUNCTION_N("next_value", sequence_next_value, 0, 0),
    PY_PROPERTY("name", sequence_name),
    PY_MEMBERS_END,
};
const struct py_native_class sa_sequence_class = {
    .name = "Sequence",
    .module = "sqlalchemy.sql.schema",
    .bases = PY_BASES(&sa_schema_item_class),
    .members = sequence_members,
    .payload_size = sizeof(struct sa_sequence),
    .flags = PY_CLASS_NEEDS_INIT,
};
