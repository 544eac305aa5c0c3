#include "config.h"

#include "alembic/sa_create.h"

#include "alembic/engine.h"
#include "alembic/host.h"
#include "alembic/live.h"
#include "alembic/sa_compile.h"
#include "alembic/sa_schema.h"
#include "alembic/sa_type.h"
#include "base/arena.h"
#include "base/str.h"
#include "schema/identifier.h"

/* ------------------------------------------------------------------ operations */

static struct op *table_op(struct py_run *run, enum op_kind kind, const struct table *t)
{
    struct op *op = host_add_op(run, kind);
    op->schema = t->schema;
    op->schema_quote = t->schema_quote;
    op->table = t->name.text;
    op->table_quote = t->name.quote;
    return op;
}

static void add_create_table(struct py_run *run, const struct table *t, enum create_scope scope,
                             bool if_not_exists)
{
    for (size_t i = 0; i < t->columns.len; i++)
        if (t->columns.at[i]->sequence)
            py_refuse(run, PY_REFUSE_CONSTRUCT,
                      "creating a Table with a Sequence on a column is not supported");
    struct op *op = table_op(run, OP_CREATE_TABLE, t);
    op->as.create_table.table = arena_memdup(py_arena(run), t, sizeof(*t));
    op->as.create_table.table->if_not_exists = if_not_exists;
    op->as.create_table.scope = scope;
}

static void add_type_op(struct py_run *run, enum op_kind kind, const struct type *type)
{
    struct op *op = host_add_op(run, kind);
    op->schema = type->schema;
    struct type *copy = arena_memdup(py_arena(run), type, sizeof(*type));
    if (kind == OP_CREATE_TYPE)
        op->as.create_type = copy;
    else
        op->as.drop_type = copy;
}

/* Types are looked for before they are made or dropped with a table, where there is a database. */
static bool is_missing_type(struct py_run *run, enum op_kind kind, const struct type *type)
{
    return !live_decides(run) ||
           live_has_type(run, type->schema, type->name.text) == (kind == OP_DROP_TYPE);
}

/* Each type of the list once, by name; those of create_type=False never. */
static void add_types(struct py_run *run, enum op_kind kind, const struct type *const *types,
                      size_t count)
{
    struct map seen = MAP_IN(py_arena(run));
    for (size_t i = 0; i < count; i++) {
        const struct type *type = types[i];
        const char *key = arena_printf(py_arena(run), "%s.%s", type->schema ? type->schema : "",
                                       type->name.text ? type->name.text : "");
        if (!type->create_type || map_has(&seen, key))
            continue;
        map_put(&seen, key, &seen);
        if (!is_missing_type(run, kind, type))
            continue;
        add_type_op(run, kind, type);
    }
}

static void add_table_types(struct py_run *run, enum op_kind kind, const struct table *t)
{
    VEC(const struct type *) types = {0};
    for (size_t i = 0; i < t->columns.len; i++) {
        const struct type *type = type_named(t->columns.at[i]->type);
        if (type && !type->has_metadata)
            vec_push(py_arena(run), &types, type);
    }
    add_types(run, kind, types.at, types.len);
}

static void add_index_op(struct py_run *run, enum op_kind kind, const struct index *ix, bool exists)
{
    struct op *op = host_add_op(run, kind);
    struct index *copy = arena_memdup(py_arena(run), ix, sizeof(*ix));
    op->schema = ix->schema;
    op->table = ix->table;
    if (kind == OP_CREATE_INDEX) {
        copy->if_not_exists = exists;
        op->as.create_index = copy;
    } else {
        copy->if_exists = exists;
        op->as.drop_index = copy;
    }
}

/* ------------------------------------------------------------------ DDL constructs */

enum ddl_kind { DDL_CREATE_TABLE, DDL_DROP_TABLE, DDL_CREATE_INDEX, DDL_DROP_INDEX,
                DDL_CREATE_SEQUENCE, DDL_DROP_SEQUENCE, DDL_CREATE_SCHEMA, DDL_DROP_SCHEMA,
                DDL_ADD_CONSTRAINT, DDL_DROP_CONSTRAINT, DDL_SET_TABLE_COMMENT,
                DDL_DROP_TABLE_COMMENT, DDL_SET_COLUMN_COMMENT, DDL_DROP_COLUMN_COMMENT, DDL_TEXT };

struct sa_ddl {
    enum ddl_kind kind;
    struct py_value element; /* what it works on; DDL(): the text */
    struct py_value context; /* DDL() */
    bool if_exists, if_not_exists, cascade;
    bool skip;               /* execute_if() says: not on PostgreSQL */
};

static struct sa_ddl *ddl_of(struct py_run *run, struct py_value v)
{
    return py_require_payload(run, v, &sa_ddl_element_class, "DDL construct");
}

/* Whether dialect= of ddl_if() and execute_if() names PostgreSQL; callables are refused. */
static bool is_meant(struct py_run *run, struct py_value dialect, struct py_value callable)
{
    if (!py_is_unset(callable))
        py_refuse(run, PY_REFUSE_CALLABLE,
                  "ddl_if() and execute_if() with a callable are not supported");
    if (py_is_unset(dialect))
        return true;
    if (py_is_str(dialect))
        return str_eq(py_as_string(run, dialect, "dialect"), "postgresql");
    return py_contains(run, dialect, py_new_str(run, "postgresql"));
}

enum { IF_DIALECT, IF_CALLABLE, IF_STATE };
static const struct py_arg if_args[] = {PY_OPTIONAL("dialect"), PY_OPTIONAL("callable_"),
                                        PY_OPTIONAL("state"), PY_ARGS_END};

static struct py_value ddl_execute_if(struct py_run *run, struct py_call *call)
{
    ddl_of(run, call->self)->skip =
        !is_meant(run, call->args[IF_DIALECT], call->args[IF_CALLABLE]);
    return call->self;
}

struct py_value sa_item_ddl_if(struct py_run *run, struct py_call *call)
{
    bool skip = !is_meant(run, call->args[IF_DIALECT], call->args[IF_CALLABLE]);
    struct sa_index *ix = py_payload(call->self, &sa_index_class);
    if (ix)
        ix->index->skip = skip;
    else
        ((struct sa_constraint *)py_require_payload(run, call->self, &sa_constraint_class,
                                                    "constraint"))
            ->constraint->skip = skip;
    return call->self;
}

static void execute(struct py_run *run, struct py_value construct, const struct table *target);

/* The operation that the construct would be, were it executed. */
static struct op *construct_op(struct py_run *run, struct py_value construct)
{
    struct alembic_host *host = alembic_host(run);
    size_t before = host->ops.len;
    if (!host->in_revision || ddl_of(run, construct)->skip)
        py_refuse(run, PY_REFUSE_CONSTRUCT, "the text of this %s is not supported",
                  py_class_name(run, construct));
    execute(run, construct, NULL);
    struct op *op = host->ops.at[before];
    host->ops.len = before;
    return op;
}

static struct py_value ddl_compile(struct py_run *run, struct py_call *call)
{
    return sa_compiled(run, construct_op(run, call->self), call);
}

static struct py_value ddl_str(struct py_run *run, struct py_call *call)
{
    return sa_statement_str(run, construct_op(run, call->self), call->self);
}

static const struct py_member ddl_element_members[] = {
    PY_METHOD("compile", ddl_compile, sa_compile_args),
    PY_FUNCTION_N("__str__", ddl_str, 0, 0),
    PY_METHOD("execute_if", ddl_execute_if, if_args),
    PY_MEMBERS_END,
};
const struct py_native_class sa_ddl_element_class = {
    .name = "ExecutableDDLElement",
    .module = "sqlalchemy.sql.ddl",
    .members = ddl_element_members,
    .payload_size = sizeof(struct sa_ddl),
};

static struct py_value element_init(struct py_run *run, struct py_call *call, enum ddl_kind kind)
{
    struct sa_ddl *d = ddl_of(run, call->self);
    struct py_dict *kw = py_dict_of(call->args[1]);
    d->kind = kind;
    d->element = py_require_known(run, call->args[0]);
    d->if_exists = py_truth(run, py_dict_take_name(run, kw, "if_exists"));
    d->if_not_exists = py_truth(run, py_dict_take_name(run, kw, "if_not_exists"));
    d->cascade = py_truth(run, py_dict_take_name(run, kw, "cascade"));
    py_dict_take_name(run, kw, "isolate_from_table");
    struct py_value key;
    for (size_t i = 0; py_dict_next(kw, &i, &key, NULL);)
        py_refuse(run, PY_REFUSE_CONSTRUCT, "the keyword '%s' of %s is not supported",
                  py_str_text(run, key), py_class_name(run, call->self));
    return py_none();
}

static const struct py_arg element_args[] = {PY_REQUIRED("element"), PY_KEYWORDS("kw"),
                                             PY_ARGS_END};
static const struct py_arg schema_args[] = {PY_REQUIRED("name"), PY_KEYWORDS("kw"), PY_ARGS_END};

/* CONSTRUCT(id, Python's name, kind, parameters) */
#define CONSTRUCTS(CONSTRUCT)                                                                      \
    CONSTRUCT(create_table, "CreateTable", DDL_CREATE_TABLE, element_args)                         \
    CONSTRUCT(drop_table, "DropTable", DDL_DROP_TABLE, element_args)                               \
    CONSTRUCT(create_index, "CreateIndex", DDL_CREATE_INDEX, element_args)                         \
    CONSTRUCT(drop_index, "DropIndex", DDL_DROP_INDEX, element_args)                               \
    CONSTRUCT(create_sequence, "CreateSequence", DDL_CREATE_SEQUENCE, element_args)                \
    CONSTRUCT(drop_sequence, "DropSequence", DDL_DROP_SEQUENCE, element_args)                      \
    CONSTRUCT(create_schema, "CreateSchema", DDL_CREATE_SCHEMA, schema_args)                       \
    CONSTRUCT(drop_schema, "DropSchema", DDL_DROP_SCHEMA, schema_args)                             \
    CONSTRUCT(add_constraint, "AddConstraint", DDL_ADD_CONSTRAINT, element_args)                   \
    CONSTRUCT(drop_constraint, "DropConstraint", DDL_DROP_CONSTRAINT, element_args)                \
    CONSTRUCT(set_table_comment, "SetTableComment", DDL_SET_TABLE_COMMENT, element_args)           \
    CONSTRUCT(drop_table_comment, "DropTableComment", DDL_DROP_TABLE_COMMENT, element_args)        \
    CONSTRUCT(set_column_comment, "SetColumnComment", DDL_SET_COLUMN_COMMENT, element_args)        \
    CONSTRUCT(drop_column_comment, "DropColumnComment", DDL_DROP_COLUMN_COMMENT, element_args)

#define DEFINE_CONSTRUCT(id, python, kind_, args)                                                  \
    static struct py_value id##_init(struct py_run *run, struct py_call *call)                     \
    {                                                                                              \
        return element_init(run, call, kind_);                                                     \
    }                                                                                              \
    static const struct py_member id##_members[] = {PY_METHOD("__init__", id##_init, args),        \
                                                    PY_MEMBERS_END};                               \
    static const struct py_native_class id##_class = {                                             \
        .name = python,                                                                            \
        .module = "sqlalchemy.sql.ddl",                                                            \
        .bases = PY_BASES(&sa_ddl_element_class),                                                  \
        .members = id##_members,                                                                   \
        .payload_size = sizeof(struct sa_ddl),                                                     \
    };
CONSTRUCTS(DEFINE_CONSTRUCT)

static const struct py_arg text_args[] = {PY_REQUIRED("statement"), PY_OPTIONAL("context"),
                                          PY_ARGS_END};

static struct py_value text_init(struct py_run *run, struct py_call *call)
{
    struct sa_ddl *d = ddl_of(run, call->self);
    if (!py_is_str(py_require_known(run, call->args[0])))
        py_raise(run, &sa_argument_error_class,
                 "Expected a string or unicode SQL statement, got '%s'",
                 py_repr_text(run, call->args[0]));
    d->kind = DDL_TEXT;
    d->element = call->args[0];
    d->context = call->args[1];
    return py_none();
}

static const struct py_member text_members[] = {PY_METHOD("__init__", text_init, text_args),
                                                PY_MEMBERS_END};
static const struct py_native_class text_class = {
    .name = "DDL",
    .module = "sqlalchemy.sql.ddl",
    .bases = PY_BASES(&sa_ddl_element_class),
    .members = text_members,
    .payload_size = sizeof(struct sa_ddl),
};

struct py_value sa_ddl_export(struct py_run *run, const char *name)
{
    static const struct py_native_class *const classes[] = {
#define CONSTRUCT_CLASS(id, python, kind, args) &id##_class,
        CONSTRUCTS(CONSTRUCT_CLASS)
#undef CONSTRUCT_CLASS
        &text_class, &sa_ddl_element_class,
    };
    for (size_t i = 0; i < sizeof(classes) / sizeof(classes[0]); i++)
        if (str_eq(classes[i]->name, name))
            return py_class_value(py_class_for(run, classes[i]));
    return py_absent();
}

/* ------------------------------------------------------------------ executing them */

static const struct index *index_of(struct py_run *run, struct py_value v)
{
    struct sa_index *p = py_require_payload(run, v, &sa_index_class, "Index");
    if (py_is_absent(p->table))
        py_raise(run, &sa_compile_error_class, "Index '%s' is not associated with any table.",
                 p->index->name.text ? p->index->name.text : "None");
    return p->index;
}

static void execute_constraint(struct py_run *run, const struct sa_ddl *d)
{
    struct sa_constraint *p =
        py_require_payload(run, d->element, &sa_constraint_class, "constraint");
    if (py_is_absent(p->table))
        py_raise(run, &py_attribute_error_class, "'NoneType' object has no attribute 'name'");
    const struct table *t = sa_table_of(run, p->table, "table")->table;
    bool add = d->kind == DDL_ADD_CONSTRAINT;
    struct op *op = table_op(run, add ? OP_CREATE_CONSTRAINT : OP_DROP_CONSTRAINT, t);
    if (add) {
        op->as.create_constraint = p->constraint;
        return;
    }
    op->as.drop_constraint.name = p->constraint->name;
    op->as.drop_constraint.if_exists = d->if_exists;
    op->as.drop_constraint.cascade = d->cascade;
}

static void execute_sequence(struct py_run *run, const struct sa_ddl *d)
{
    struct sa_sequence *p = py_require_payload(run, d->element, &sa_sequence_class, "Sequence");
    bool create = d->kind == DDL_CREATE_SEQUENCE;
    struct op *op = host_add_op(run, create ? OP_CREATE_SEQUENCE : OP_DROP_SEQUENCE);
    op->schema = p->sequence->schema;
    if (create) {
        struct sequence *copy = arena_memdup(py_arena(run), p->sequence, sizeof(*p->sequence));
        copy->if_not_exists = d->if_not_exists;
        op->as.create_sequence.sequence = copy;
    } else {
        op->as.named.name = p->sequence->name;
        op->as.named.if_exists = d->if_exists;
    }
}

static void execute_schema(struct py_run *run, const struct sa_ddl *d)
{
    struct op *op =
        host_new_op(run, d->kind == DDL_CREATE_SCHEMA ? OP_CREATE_SCHEMA : OP_DROP_SCHEMA);
    op->as.named.name = sa_name(run, d->element, "name");
    op->as.named.if_exists = d->if_exists;
    op->as.named.if_not_exists = d->if_not_exists;
    op->as.named.cascade = d->cascade;
    host_push_op(run, op);
}

static void execute_comment(struct py_run *run, const struct sa_ddl *d)
{
    if (d->kind == DDL_SET_TABLE_COMMENT || d->kind == DDL_DROP_TABLE_COMMENT) {
        const struct table *t = sa_table_of(run, d->element, "table")->table;
        struct op *op = table_op(run, OP_TABLE_COMMENT, t);
        op->as.table_comment.comment = d->kind == DDL_SET_TABLE_COMMENT ? t->comment : NULL;
        return;
    }
    struct sa_column *c = sa_column_of(run, d->element, "column");
    if (py_is_absent(c->table))
        py_refuse(run, PY_REFUSE_INCOMPLETE, "a comment on a Column that has no table");
    struct op *op = table_op(run, OP_COLUMN_COMMENT, sa_table_of(run, c->table, "table")->table);
    op->as.column_comment.column = c->column->name;
    op->as.column_comment.comment = c->column->comment;
    if (d->kind == DDL_DROP_COLUMN_COMMENT) {
        op->as.column_comment.comment = NULL;
        op->schema = NULL; /* SQLAlchemy leaves it out here */
    }
}

/* DDL text: %(table)s and the like, where it listens to a table's events; then the context. */
static void execute_text(struct py_run *run, const struct sa_ddl *d, const struct table *target)
{
    struct py_value context = py_new_dict(run);
    if (target) {
        struct arena *a = py_arena(run);
        struct name schema = {.text = target->schema, .quote = target->schema_quote};
        struct py_dict *dict = py_dict_of(context);
        py_dict_put_name(run, dict, "table", py_new_str(run, sql_name(a, target->name)));
        py_dict_put_name(run, dict, "schema",
                         py_new_str(run, schema.text ? sql_name(a, schema) : ""));
        py_dict_put_name(run, dict, "fullname",
                         py_new_str(run, sql_qualified(a, target->schema, target->schema_quote,
                                                       target->name)));
    }
    struct py_value key, value;
    for (size_t i = 0; py_is_dict(d->context) && py_dict_next(py_dict_of(d->context), &i, &key,
                                                              &value);)
        py_dict_put(run, py_dict_of(context), key, value);
    struct py_value text = py_operate(run, "%", d->element, context);
    const char *statement = py_as_string(run, text, "statement");
    host_add_op(run, OP_DDL)->as.ddl.text = arena_strdup(py_arena(run), statement);
}

static void execute(struct py_run *run, struct py_value construct, const struct table *target)
{
    const struct sa_ddl *d = ddl_of(run, construct);
    if (d->skip)
        return;
    switch (d->kind) {
    case DDL_CREATE_TABLE:
        add_create_table(run, sa_table_ready(run, d->element), CREATE_ALONE, d->if_not_exists);
        break;
    case DDL_DROP_TABLE:
        table_op(run, OP_DROP_TABLE, sa_table_of(run, d->element, "table")->table)
            ->as.drop_table.if_exists = d->if_exists;
        break;
    case DDL_CREATE_INDEX:
        add_index_op(run, OP_CREATE_INDEX, index_of(run, d->element), d->if_not_exists);
        break;
    case DDL_DROP_INDEX:
        add_index_op(run, OP_DROP_INDEX, index_of(run, d->element), d->if_exists);
        break;
    case DDL_CREATE_SEQUENCE:
    case DDL_DROP_SEQUENCE:
        execute_sequence(run, d);
        break;
    case DDL_CREATE_SCHEMA:
    case DDL_DROP_SCHEMA:
        execute_schema(run, d);
        break;
    case DDL_ADD_CONSTRAINT:
    case DDL_DROP_CONSTRAINT:
        execute_constraint(run, d);
        break;
    case DDL_SET_TABLE_COMMENT:
    case DDL_DROP_TABLE_COMMENT:
    case DDL_SET_COLUMN_COMMENT:
    case DDL_DROP_COLUMN_COMMENT:
        execute_comment(run, d);
        break;
    case DDL_TEXT:
        execute_text(run, d, target);
        break;
    }
}

void sa_ddl_execute(struct py_run *run, struct py_value construct)
{
    execute(run, construct, NULL);
}

/* ------------------------------------------------------------------ events */

/* Calls who listens to an event of a Table or MetaData: DDL constructs, functions. */
static void fire(struct py_run *run, struct py_value listeners, const char *event,
                 struct py_value target, struct py_value bind)
{
    if (py_is_absent(listeners))
        return;
    struct py_list *list = py_list_of(listeners);
    struct sa_table *t = py_payload(target, &sa_table_class);
    for (size_t i = 0; i < list->len; i++) {
        struct py_tuple *pair = py_tuple_of(list->items[i]);
        if (!str_eq(py_as_string(run, pair->items[0], "event"), event))
            continue;
        struct py_value args[] = {target, bind};
        if (py_payload(pair->items[1], &sa_ddl_element_class))
            execute(run, pair->items[1], t ? t->table : NULL);
        else
            py_call(run, pair->items[1], args, 2, NULL);
    }
}

static const char *const events[] = {"before_create", "after_create", "before_drop", "after_drop",
                                     NULL};

/* Where env.py is read, events of the mapper, of sessions and engines mean nothing to the schema;
 * those of a construct that is about to be made could change it. */
static bool is_foreign_event(struct py_run *run, struct py_value target, const char *event)
{
    if (!alembic_host(run)->env)
        return false;
    for (size_t i = 0; events[i]; i++)
        if (str_eq(event, events[i]))
            return !py_payload(target, &sa_table_class) && !py_payload(target, &sa_metadata_class);
    return !strstr(event, "parent_attach") && !strstr(event, "mapper_configured") &&
           !strstr(event, "instrument_class");
}

struct py_value sa_event_listen(struct py_run *run, struct py_call *call)
{
    if (is_foreign_event(run, call->args[0], py_as_string(run, call->args[1], "identifier")))
        return py_none();
    struct py_value target = py_require_known(run, call->args[0]);
    const char *event = py_as_string(run, call->args[1], "identifier");
    struct sa_table *t = py_payload(target, &sa_table_class);
    struct sa_metadata *m = py_payload(target, &sa_metadata_class);
    bool known = false;
    for (size_t i = 0; events[i]; i++)
        known = known || str_eq(event, events[i]);
    if ((!t && !m) || !known)
        py_refuse(run, PY_REFUSE_EVENT, "listening to the event '%s' of %s is not supported", event,
                  py_class_name(run, target));
    struct py_value *listeners = t ? &t->listeners : &m->listeners;
    if (py_is_absent(*listeners))
        *listeners = py_new_list(run);
    struct py_value pair[] = {call->args[1], call->args[2]};
    py_list_append(run, *listeners, py_new_tuple(run, pair, 2));
    return py_none();
}

/* @event.listens_for(target, "event"): the function stays what it is. */
struct listening {
    struct py_value target, event;
};

static const struct py_native_class listening_class;

static struct py_value listening_call(struct py_run *run, struct py_call *call)
{
    const struct listening *l = py_require_payload(run, call->self, &listening_class, "decorator");
    struct py_value args[] = {l->target, l->event, call->args[0]};
    struct py_call listen = {.args = args, .count = 3};
    sa_event_listen(run, &listen);
    return call->args[0];
}

static const struct py_member listening_members[] = {
    PY_FUNCTION_N("__call__", listening_call, 1, 1),
    PY_MEMBERS_END,
};
static const struct py_native_class listening_class = {
    .name = "decorator",
    .module = "sqlalchemy.event.api",
    .members = listening_members,
    .payload_size = sizeof(struct listening),
};

struct py_value sa_event_listens_for(struct py_run *run, struct py_call *call)
{
    struct listening *l;
    struct py_value v = py_new(run, &listening_class, (void **)&l);
    *l = (struct listening){call->args[0], call->args[1]};
    return v;
}

/* ------------------------------------------------------------------ create and drop */

/*
 * checkfirst=, where there is a database to look at: fallback is what it is when it is not given.
 */
static bool is_wanted(struct py_run *run, struct py_value checkfirst, bool fallback,
                      const struct table *t, bool create)
{
    bool looks = py_is_absent(checkfirst) ? fallback : py_truth(run, checkfirst);
    if (!looks || !live_decides(run))
        return true;
    return live_has_table(run, t->schema, t->name.text) != create;
}

struct py_value sa_table_create(struct py_run *run, struct py_call *call)
{
    engine_require_bind(run, call->args[0]);
    if (!is_wanted(run, call->args[1], false,
                   sa_table_of(run, call->self, "Table")->table, true))
        return py_none();
    const struct table *ready = sa_table_ready(run, call->self);
    struct sa_table *t = sa_table_of(run, call->self, "Table");
    if (py_is_absent(t->listeners)) {
        add_create_table(run, ready, CREATE_WITH_ALL_TYPES, false);
        live_flush(run);
        return py_none();
    }
    add_table_types(run, OP_CREATE_TYPE, ready);
    fire(run, t->listeners, "before_create", call->self, call->args[0]);
    add_create_table(run, ready, CREATE_WITHOUT_TYPES, false);
    live_flush(run);
    fire(run, t->listeners, "after_create", call->self, call->args[0]);
    return py_none();
}

static void drop_table(struct py_run *run, struct py_value table, struct py_value bind,
                       bool with_types)
{
    struct sa_table *t = sa_table_of(run, table, "Table");
    fire(run, t->listeners, "before_drop", table, bind);
    table_op(run, OP_DROP_TABLE, t->table);
    if (with_types)
        add_table_types(run, OP_DROP_TYPE, t->table);
    fire(run, t->listeners, "after_drop", table, bind);
}

struct py_value sa_table_drop(struct py_run *run, struct py_call *call)
{
    engine_require_bind(run, call->args[0]);
    sa_table_ready(run, call->self);
    if (is_wanted(run, call->args[1], false,
                  sa_table_of(run, call->self, "Table")->table, false))
        drop_table(run, call->self, call->args[0], true);
    live_flush(run);
    return py_none();
}

/* FOREIGN KEYs with use_alter=True come after all tables, and go before them. */
static void add_late_keys(struct py_run *run, const struct py_tuple *tables, bool create)
{
    for (size_t i = 0; i < tables->len; i++) {
        const struct table *t = sa_table_of(run, tables->items[i], "table")->table;
        for (size_t j = 0; j < t->constraints.len; j++) {
            struct constraint *k = t->constraints.at[j];
            if (!k->use_alter)
                continue;
            struct op *op = table_op(run, create ? OP_CREATE_CONSTRAINT : OP_DROP_CONSTRAINT, t);
            if (create)
                op->as.create_constraint = k;
            else
                op->as.drop_constraint.name = k->name;
        }
    }
}

/* tables= of create_all() and drop_all(), or all of them; in order of dependency. */
static struct py_tuple *chosen_tables(struct py_run *run, struct py_call *call, bool create)
{
    struct py_tuple *sorted = sa_metadata_sorted(run, call->self);
    bool all = py_is_unset(call->args[1]);
    if (all && !live_decides(run))
        return sorted;
    struct py_tuple *wanted = all ? sorted : py_items(run, call->args[1]);
    struct py_value chosen = py_new_list(run);
    for (size_t i = 0; i < sorted->len; i++)
        for (size_t j = 0; j < wanted->len; j++)
            if (py_is(sorted->items[i], wanted->items[j])) {
                if (is_wanted(run, call->args[2], true,
                              sa_table_of(run, sorted->items[i], "table")->table, create))
                    py_list_append(run, chosen, sorted->items[i]);
                break;
            }
    return py_items(run, chosen);
}

struct py_value sa_metadata_create_all(struct py_run *run, struct py_call *call)
{
    engine_require_bind(run, call->args[0]);
    struct sa_metadata *m = py_require_payload(run, call->self, &sa_metadata_class, "MetaData");
    struct py_tuple *tables = chosen_tables(run, call, true);
    add_types(run, OP_CREATE_TYPE, m->types.at, m->types.len);
    fire(run, m->listeners, "before_create", call->self, call->args[0]);
    for (size_t i = 0; i < tables->len; i++) {
        struct sa_table *t = sa_table_of(run, tables->items[i], "Table");
        fire(run, t->listeners, "before_create", tables->items[i], call->args[0]);
        add_create_table(run, t->table, CREATE_WITHOUT_TYPES, false);
        fire(run, t->listeners, "after_create", tables->items[i], call->args[0]);
    }
    add_late_keys(run, tables, true);
    live_flush(run);
    fire(run, m->listeners, "after_create", call->self, call->args[0]);
    return py_none();
}

struct py_value sa_metadata_drop_all(struct py_run *run, struct py_call *call)
{
    engine_require_bind(run, call->args[0]);
    struct sa_metadata *m = py_require_payload(run, call->self, &sa_metadata_class, "MetaData");
    struct py_tuple *tables = chosen_tables(run, call, false);
    fire(run, m->listeners, "before_drop", call->self, call->args[0]);
    add_late_keys(run, tables, false);
    for (size_t i = tables->len; i > 0; i--)
        drop_table(run, tables->items[i - 1], call->args[0], false);
    add_types(run, OP_DROP_TYPE, m->types.at, m->types.len);
    live_flush(run);
    fire(run, m->listeners, "after_drop", call->self, call->args[0]);
    return py_none();
}

struct py_value sa_index_create(struct py_run *run, struct py_call *call)
{
    engine_require_bind(run, call->args[0]);
    add_index_op(run, OP_CREATE_INDEX, index_of(run, call->self), false);
    live_flush(run);
    return py_none();
}

struct py_value sa_index_drop(struct py_run *run, struct py_call *call)
{
    engine_require_bind(run, call->args[0]);
    add_index_op(run, OP_DROP_INDEX, index_of(run, call->self), false);
    live_flush(run);
    return py_none();
}

struct py_value sa_sequence_create(struct py_run *run, struct py_call *call)
{
    engine_require_bind(run, call->args[0]);
    const struct sa_ddl d = {.kind = DDL_CREATE_SEQUENCE, .element = call->self};
    execute_sequence(run, &d);
    live_flush(run);
    return py_none();
}

struct py_value sa_sequence_drop(struct py_run *run, struct py_call *call)
{
    engine_require_bind(run, call->args[0]);
    const struct sa_ddl d = {.kind = DDL_DROP_SEQUENCE, .element = call->self};
    execute_sequence(run, &d);
    live_flush(run);
    return py_none();
}
