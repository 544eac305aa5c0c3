#include "config.h"

/* Column and what stands inside one: ForeignKey, Computed, defaults; for Identity and Sequence see
 * sa_sequence.c. */

#include <string.h>

#include "alembic/model_class.h"
#include "alembic/sa_create.h"
#include "alembic/sa_schema.h"
#include "alembic/sa_type.h"
#include "base/arena.h"
#include "base/str.h"

const struct py_native_class sa_schema_item_class = {
    .name = "SchemaItem",
    .module = "sqlalchemy.sql.schema",
};

/* ------------------------------------------------------------------ ForeignKey */

enum { FK_COLUMN, FK_CONSTRAINT, FK_USE_ALTER, FK_NAME, FK_ONUPDATE, FK_ONDELETE, FK_DEFERRABLE,
       FK_INITIALLY, FK_LINK, FK_MATCH, FK_INFO, FK_COMMENT, FK_KW };
static const struct py_arg foreign_key_args[] = {
    PY_REQUIRED("column"), PY_OPTIONAL("_constraint"), PY_DEFAULTED("use_alter"),
    PY_OPTIONAL("name"), PY_OPTIONAL("onupdate"), PY_OPTIONAL("ondelete"),
    PY_OPTIONAL("deferrable"), PY_OPTIONAL("initially"), PY_DEFAULTED("link_to_name"),
    PY_OPTIONAL("match"), PY_OPTIONAL("info"), PY_OPTIONAL("comment"), PY_KEYWORDS("dialect_kw"),
    PY_ARGS_END};

/* A Column object that is referred to: its table must be known. */
static void refer_to_column(struct py_run *run, struct sa_foreign_key *fk, struct py_value v)
{
    struct sa_column *c = py_payload(v, &sa_column_class);
    if (!c)
        py_refuse(run, PY_REFUSE_CONSTRUCT, "a ForeignKey to %s is not supported",
                  py_repr_text(run, v));
    fk->type = c->column->type;
    if (py_is_absent(c->table)) {
        fk->constraint->referred_column = c->column;
        return;
    }
    const struct table *t = sa_table_of(run, c->table, "table")->table;
    fk->constraint->referred_schema = t->schema;
    fk->constraint->referred_table = t->name.text;
    fk->constraint->referred_known = true;
    vec_push(py_arena(run), &fk->constraint->referred_columns, c->column->name.text);
}

static struct py_value foreign_key_init(struct py_run *run, struct py_call *call)
{
    struct sa_foreign_key *fk =
        py_require_payload(run, call->self, &sa_foreign_key_class, "ForeignKey");
    struct py_value *args = call->args;
    struct constraint *k = PY_NEW(run, struct constraint);
    k->kind = CONSTRAINT_FOREIGN_KEY;
    k->order = sa_next_order(run);
    fk->constraint = k;
    if (py_is_str(args[FK_COLUMN]))
        sa_split_target(run, py_as_string(run, args[FK_COLUMN], "column"), k);
    else
        refer_to_column(run, fk, py_require_known(run, args[FK_COLUMN]));
    if (!py_is_none(args[FK_NAME]))
        k->name = sa_name(run, args[FK_NAME], "name");
    k->use_alter = py_truth(run, args[FK_USE_ALTER]);
    k->onupdate = sa_text_or_null(run, args[FK_ONUPDATE], "onupdate");
    k->ondelete = sa_text_or_null(run, args[FK_ONDELETE], "ondelete");
    k->deferrable = sa_tristate(run, args[FK_DEFERRABLE]);
    k->initially = sa_text_or_null(run, args[FK_INITIALLY], "initially");
    k->match = sa_text_or_null(run, args[FK_MATCH], "match");
    sa_validity_option(run, k, py_dict_of(args[FK_KW]),
                       "sqlalchemy.sql.schema.ForeignKeyConstraint");
    return py_none();
}

static struct py_value foreign_key_target(struct py_run *run, struct py_call *call)
{
    const struct sa_foreign_key *fk =
        py_require_payload(run, call->self, &sa_foreign_key_class, "ForeignKey");
    const struct constraint *k = fk->constraint;
    if (fk->position >= k->referred_columns.len)
        py_refuse(run, PY_REFUSE_INCOMPLETE, "a ForeignKey to a Column that has no table");
    return py_new_strf(run, "%s%s%s.%s", k->referred_schema ? k->referred_schema : "",
                       k->referred_schema ? "." : "", k->referred_table,
                       k->referred_columns.at[fk->position]);
}

static const struct py_member foreign_key_members[] = {
    PY_METHOD("__init__", foreign_key_init, foreign_key_args),
    PY_PROPERTY("target_fullname", foreign_key_target),
    PY_MEMBERS_END,
};
const struct py_native_class sa_foreign_key_class = {
    .name = "ForeignKey",
    .module = "sqlalchemy.sql.schema",
    .bases = PY_BASES(&sa_schema_item_class),
    .members = foreign_key_members,
    .payload_size = sizeof(struct sa_foreign_key),
    .flags = PY_CLASS_NEEDS_INIT,
};

/* ------------------------------------------------------------------ FetchedValue and its kin */

static const struct py_arg fetched_value_args[] = {PY_DEFAULTED("for_update"), PY_ARGS_END};

static struct py_value fetched_value_init(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_none();
}

static const struct py_member fetched_value_members[] = {
    PY_METHOD("__init__", fetched_value_init, fetched_value_args),
    PY_MEMBERS_END,
};
const struct py_native_class sa_fetched_value_class = {
    .name = "FetchedValue",
    .module = "sqlalchemy.sql.schema",
    .bases = PY_BASES(&sa_schema_item_class),
    .members = fetched_value_members,
    .payload_size = sizeof(struct sa_default),
};

static const struct py_arg default_args[] = {PY_REQUIRED("arg"), PY_DEFAULTED("for_update"),
                                             PY_DEFAULTED("_reflected"), PY_ARGS_END};

static struct py_value default_clause_init(struct py_run *run, struct py_call *call)
{
    struct sa_default *d = py_require_payload(run, call->self, &sa_fetched_value_class, "default");
    d->arg = call->args[0];
    return py_none();
}

static struct py_value default_arg(struct py_run *run, struct py_call *call)
{
    struct sa_default *d = py_payload(call->self, &sa_fetched_value_class);
    if (!d)
        d = py_require_payload(run, call->self, &sa_column_default_class, "default");
    return d->arg;
}

static const struct py_member default_clause_members[] = {
    PY_METHOD("__init__", default_clause_init, default_args),
    PY_PROPERTY("arg", default_arg),
    PY_MEMBERS_END,
};
const struct py_native_class sa_default_clause_class = {
    .name = "DefaultClause",
    .module = "sqlalchemy.sql.schema",
    .bases = PY_BASES(&sa_fetched_value_class),
    .members = default_clause_members,
    .payload_size = sizeof(struct sa_default),
};

static struct py_value column_default_init(struct py_run *run, struct py_call *call)
{
    struct sa_default *d = py_require_payload(run, call->self, &sa_column_default_class, "default");
    d->arg = call->args[0];
    return py_none();
}

static const struct py_member column_default_members[] = {
    PY_METHOD("__init__", column_default_init, default_args),
    PY_PROPERTY("arg", default_arg),
    PY_MEMBERS_END,
};
const struct py_native_class sa_column_default_class = {
    .name = "ColumnDefault",
    .module = "sqlalchemy.sql.schema",
    .bases = PY_BASES(&sa_schema_item_class),
    .members = column_default_members,
    .payload_size = sizeof(struct sa_default),
};

/* ------------------------------------------------------------------ Computed */

static const struct py_arg computed_args[] = {PY_REQUIRED("sqltext"), PY_OPTIONAL("persisted"),
                                              PY_ARGS_END};

static struct py_value computed_init(struct py_run *run, struct py_call *call)
{
    struct sa_computed *p = py_require_payload(run, call->self, &sa_computed_class, "Computed");
    p->computed = PY_NEW(run, struct computed);
    p->computed->expression = sa_expr_or_text(run, call->args[0]);
    p->computed->persisted = sa_tristate(run, call->args[1]);
    return py_none();
}

static const struct py_member computed_members[] = {
    PY_METHOD("__init__", computed_init, computed_args),
    PY_MEMBERS_END,
};
const struct py_native_class sa_computed_class = {
    .name = "Computed",
    .module = "sqlalchemy.sql.schema",
    .bases = PY_BASES(&sa_schema_item_class),
    .members = computed_members,
    .payload_size = sizeof(struct sa_computed),
};

/* ------------------------------------------------------------------ Column */

enum { COL_ITEMS, COL_NAME, COL_TYPE, COL_AUTOINCREMENT, COL_DEFAULT, COL_INSERT_DEFAULT, COL_DOC,
       COL_KEY, COL_INDEX, COL_UNIQUE, COL_INFO, COL_NULLABLE, COL_ONUPDATE, COL_PRIMARY_KEY,
       COL_SERVER_DEFAULT, COL_SERVER_ONUPDATE, COL_QUOTE, COL_SYSTEM, COL_COMMENT, COL_SENTINEL,
       COL_KW };
static const struct py_arg column_args[] = {
    PY_REST("args"), PY_KEYWORD_ONLY("name"), PY_KEYWORD_ONLY("type_"),
    PY_KEYWORD_DEFAULTED("autoincrement"), PY_KEYWORD_DEFAULTED("default"),
    PY_KEYWORD_DEFAULTED("insert_default"), PY_KEYWORD_ONLY("doc"), PY_KEYWORD_ONLY("key"),
    PY_KEYWORD_ONLY("index"), PY_KEYWORD_ONLY("unique"), PY_KEYWORD_ONLY("info"),
    PY_KEYWORD_DEFAULTED("nullable"), PY_KEYWORD_ONLY("onupdate"),
    PY_KEYWORD_DEFAULTED("primary_key"), PY_KEYWORD_ONLY("server_default"),
    PY_KEYWORD_ONLY("server_onupdate"), PY_KEYWORD_ONLY("quote"), PY_KEYWORD_DEFAULTED("system"),
    PY_KEYWORD_ONLY("comment"), PY_KEYWORD_DEFAULTED("insert_sentinel"), PY_KEYWORDS("dialect_kw"),
    PY_ARGS_END};

struct sa_column *sa_column_of(struct py_run *run, struct py_value v, const char *what)
{
    return py_require_payload(run, v, &sa_column_class, what);
}

/* The node that stands for the column in expressions. */
static void make_node(struct py_run *run, struct sa_column *c)
{
    c->node = expr_column(py_arena(run), c->column->name, c->column->type, NULL, c->column);
    c->node->as.column.key = c->column->key;
    c->node->as.column.is_schema = true;
    c->element.expr = c->node;
}

/* How SQLAlchemy shows a default of Python's: a value, or a function; NULL: not known. */
static const char *shown_default(struct py_run *run, struct py_value v)
{
    struct arena *a = py_arena(run);
    struct py_value name;
    if (py_is_unknown(v))
        return NULL;
    const char *text = sa_expr_of(run, v) ? NULL : sa_plain_text(run, v);
    if (!text && !py_is_class(v) && py_find_attr(run, py_class_value(py_class(run, v)),
                                                 "__members__", &name))
        text = py_repr_text(run, v); /* a member of an enum */
    if (text)
        return arena_printf(a, "ScalarElementColumnDefault(%s)", text);
    if (sa_expr_of(run, v) || !py_find_attr(run, v, "__qualname__", &name) || !py_is_str(name))
        return NULL;
    return arena_printf(a, "CallableColumnDefault(<function %s at 0x0>)", py_str_text(run, name));
}

/*
 * A default that the project takes from elsewhere (uuid7 of a library) is Python's business and no
 * part of the table, unless it may be a Sequence: then the column would be SERIAL, or not.
 */
static void set_default(struct py_run *run, struct sa_column *c, struct py_value v)
{
    if (!c->column->type || column_can_autoincrement(c->column))
        py_require_known(run, v);
    struct sa_default *wrapped = py_payload(v, &sa_column_default_class);
    struct sa_sequence *sequence = py_payload(v, &sa_sequence_class);
    c->python_default = wrapped ? wrapped->arg : v;
    if (!sequence) {
        c->column->has_python_default = true;
        c->column->python_default = shown_default(run, c->python_default);
        return;
    }
    c->column->python_default = sequence->shown;
    if (!sequence->optional) {
        c->column->sequence = sequence->sequence->name.text;
        c->sequence = sequence->has_metadata ? NULL : sequence->sequence;
    }
}

static void set_server_default(struct py_run *run, struct sa_column *c, struct py_value v)
{
    struct sa_default *fetched = py_payload(v, &sa_fetched_value_class);
    c->server_default = v;
    if (v.kind == PY_BOOL)
        py_raise(run, &sa_argument_error_class,
                 "Argument 'arg' is expected to be one of type '<class 'str'>' or '<class "
                 "'sqlalchemy.sql.elements.ClauseElement'>' or '<class "
                 "'sqlalchemy.sql.elements.TextClause'>', got '<class 'bool'>'");
    if (!fetched) {
        c->column->server_default = sa_server_default(run, v);
    } else if (py_is_absent(fetched->arg)) {
        c->column->has_fetched_value = true;
    } else {
        c->column->server_default = sa_server_default(run, fetched->arg);
    }
}

/* One of Column's positional arguments behind name and type, or server_default=. */
static void add_item(struct py_run *run, struct sa_column *c, struct py_value item)
{
    struct arena *a = py_arena(run);
    struct column *column = c->column;
    void *p;
    py_require_known(run, item);
    if ((p = py_payload(item, &sa_foreign_key_class))) {
        struct sa_foreign_key *fk = p;
        vec_push(a, &column->foreign_keys, fk->constraint);
        py_list_append(run, c->foreign_keys, item);
        if (!column->type)
            column->type = fk->type;
    } else if ((p = py_payload(item, &sa_check_constraint_class))) {
        vec_push(a, &column->checks, ((struct sa_constraint *)p)->constraint);
    } else if ((p = py_payload(item, &sa_computed_class))) {
        column->computed = ((struct sa_computed *)p)->computed;
    } else if ((p = py_payload(item, &sa_identity_class))) {
        column->identity = ((struct sa_identity *)p)->identity;
    } else if (py_payload(item, &sa_sequence_class) || py_payload(item, &sa_column_default_class)) {
        set_default(run, c, item);
    } else if (py_payload(item, &sa_fetched_value_class)) {
        set_server_default(run, c, item);
    } else {
        py_raise(run, &sa_argument_error_class,
                 "'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got %s",
                 py_repr_text(run, item));
    }
}

static enum autoincrement read_autoincrement(struct py_run *run, struct py_value v)
{
    if (py_is_absent(v))
        return AUTOINCREMENT_AUTO;
    if (py_is_str(v)) {
        const char *text = py_as_string(run, v, "autoincrement");
        return str_eq(text, "ignore_fk") ? AUTOINCREMENT_IGNORE_FK
               : str_eq(text, "auto")    ? AUTOINCREMENT_AUTO
                                         : AUTOINCREMENT_NO;
    }
    return v.kind == PY_BOOL && v.boolean ? AUTOINCREMENT_YES : AUTOINCREMENT_NO;
}

/* Name and type may be positional, in this order; returns how many positional ones they are. */
static size_t read_name_and_type(struct py_run *run, struct sa_column *c,
                                 const struct py_value *args)
{
    struct py_tuple *items = py_tuple_of(args[COL_ITEMS]);
    struct py_value name = args[COL_NAME], type = args[COL_TYPE];
    size_t taken = 0;
    if (items->len > 0 && (py_is_str(items->items[0]) || py_is_none(items->items[0])))
        name = items->items[taken++];
    if (items->len > taken) {
        struct py_value v = py_require_known(run, items->items[taken]);
        if (sa_is_type(run, v)) {
            type = v;
            taken++;
        } else if (py_is_none(v)) {
            taken++;
        }
    }
    if (!py_is_unset(name))
        c->column->name = sa_name(run, name, "name");
    c->type_object = type;
    c->column->type = sa_type_of(run, type);
    return taken;
}

static void read_flags(struct py_run *run, struct column *column, const struct py_value *args)
{
    column->key = sa_text_or_null(run, args[COL_KEY], "key");
    if (!column->key)
        column->key = column->name.text;
    if (!py_is_none(args[COL_QUOTE]))
        column->name.quote = sa_tristate(run, args[COL_QUOTE]);
    column->autoincrement = read_autoincrement(run, args[COL_AUTOINCREMENT]);
    column->primary_key = py_truth(run, args[COL_PRIMARY_KEY]);
    if (!py_is_absent(args[COL_NULLABLE]))
        column->nullable = py_truth(run, args[COL_NULLABLE]) ? YES : NO;
    column->index = sa_tristate(run, args[COL_INDEX]);
    column->unique = sa_tristate(run, args[COL_UNIQUE]);
    column->system = py_truth(run, args[COL_SYSTEM]);
    column->comment = sa_text_or_null(run, args[COL_COMMENT], "comment");
}

/* args: one value for each row of column_args; the keywords of dialects are not looked at. */
static void fill_column(struct py_run *run, struct sa_column *c, const struct py_value *args)
{
    c->column = PY_NEW(run, struct column);
    c->column->place = model_place(run);
    c->foreign_keys = py_new_list(run);
    size_t taken = read_name_and_type(run, c, args);
    read_flags(run, c->column, args);
    c->onupdate = args[COL_ONUPDATE];
    if (!py_is_unset(c->onupdate))
        c->column->python_onupdate = shown_default(run, c->onupdate);
    c->info = args[COL_INFO];
    if (!py_is_unset(args[COL_DEFAULT]))
        set_default(run, c, args[COL_DEFAULT]);
    if (!py_is_unset(args[COL_INSERT_DEFAULT]))
        set_default(run, c, args[COL_INSERT_DEFAULT]);
    struct py_value server_default = args[COL_SERVER_DEFAULT];
    if (py_payload(server_default, &sa_computed_class) ||
        py_payload(server_default, &sa_identity_class))
        add_item(run, c, server_default);
    else if (!py_is_none(server_default))
        set_server_default(run, c, server_default);
    struct py_tuple *items = py_tuple_of(args[COL_ITEMS]);
    for (size_t i = taken; i < items->len; i++)
        add_item(run, c, items->items[i]);
    make_node(run, c);
}

static struct py_value column_init(struct py_run *run, struct py_call *call)
{
    static const char *const none[] = {NULL};
    sa_check_dialect_options(run, py_dict_of(call->args[COL_KW]), none,
                             "sqlalchemy.sql.schema.Column");
    fill_column(run, sa_column_of(run, call->self, "Column"), call->args);
    return py_none();
}

struct py_value sa_column_new(struct py_run *run, const struct sa_column_parts *parts)
{
    struct py_value args[COL_KW];
    for (int i = 0; i < COL_KW; i++)
        args[i] = column_args[i].flags & PY_ARG_NONE ? py_none() : py_absent();
    args[COL_ITEMS] = py_new_tuple(run, parts->items, parts->count);
    args[COL_PRIMARY_KEY] = py_bool(parts->primary_key);
    args[COL_NULLABLE] = py_bool(parts->nullable);
    args[COL_INDEX] = py_bool(parts->index);
    args[COL_UNIQUE] = py_bool(parts->unique);
    args[COL_DEFAULT] = parts->python_default;
    void *payload;
    struct py_value v = py_new(run, &sa_column_class, &payload);
    fill_column(run, payload, args);
    return v;
}

void sa_column_take_name(struct py_run *run, struct py_value column, const char *name)
{
    struct sa_column *c = sa_column_of(run, column, "Column");
    if (c->column->name.text)
        return;
    c->column->name.text = name;
    if (!c->column->key)
        c->column->key = name;
    c->node->as.column.name = c->column->name;
    c->node->as.column.key = c->column->key;
}

struct py_value sa_column_copy(struct py_run *run, struct py_value column)
{
    struct sa_column *old = sa_column_of(run, column, "Column"), *c;
    struct py_type *cls = py_class(run, column);
    struct py_value object = py_new_of(run, cls, (void **)&c);
    memcpy(c, old, cls->payload_size); /* that of mapped_column() holds more */
    c->table = py_absent();
    c->column = sa_copy_column_struct(run, old->column);
    make_node(run, c);
    return object;
}

void sa_column_resolve_type(struct py_run *run, struct sa_column *c, struct py_value metadata)
{
    struct sa_metadata *m = py_payload(metadata, &sa_metadata_class);
    for (size_t i = 0; m && !c->column->type && i < c->column->foreign_keys.len; i++) {
        const struct constraint *k = c->column->foreign_keys.at[i];
        const char *key = k->referred_schema
                              ? arena_printf(py_arena(run), "%s.%s", k->referred_schema,
                                             k->referred_table)
                              : k->referred_table;
        struct py_value found = py_dict_get_name(py_dict_of(m->tables), key);
        if (py_is_absent(found))
            continue;
        const struct column *referred = table_column(sa_table_of(run, found, "table")->table,
                                                     k->referred_columns.at[0]);
        if (referred)
            c->column->type = referred->type;
    }
    c->node->type = c->column->type;
}

static struct py_value get_name(struct py_run *run, struct py_call *call)
{
    const struct column *c = sa_column_of(run, call->self, "Column")->column;
    return c->name.text ? py_new_str(run, c->name.text) : py_none();
}

static struct py_value get_key(struct py_run *run, struct py_call *call)
{
    const struct column *c = sa_column_of(run, call->self, "Column")->column;
    return c->key ? py_new_str(run, c->key) : py_none();
}

static struct py_value get_type(struct py_run *run, struct py_call *call)
{
    struct sa_column *c = sa_column_of(run, call->self, "Column");
    if (!py_is_unset(c->type_object) && !py_is_class(c->type_object))
        return c->type_object;
    c->type_object = sa_type_object(run, c->column->type);
    return c->type_object;
}

static struct py_value set_type(struct py_run *run, struct py_call *call)
{
    struct sa_column *c = sa_column_of(run, call->self, "Column");
    c->type_object = call->args[0];
    c->column->type = sa_type_of(run, call->args[0]);
    c->node->type = c->column->type;
    return py_none();
}

static struct py_value get_nullable(struct py_run *run, struct py_call *call)
{
    return py_bool(column_is_nullable(sa_column_of(run, call->self, "Column")->column));
}

static struct py_value set_nullable(struct py_run *run, struct py_call *call)
{
    sa_column_of(run, call->self, "Column")->column->nullable =
        py_truth(run, call->args[0]) ? YES : NO;
    return py_none();
}

static struct py_value get_primary_key(struct py_run *run, struct py_call *call)
{
    return py_bool(sa_column_of(run, call->self, "Column")->column->primary_key);
}

static struct py_value get_comment(struct py_run *run, struct py_call *call)
{
    const struct column *c = sa_column_of(run, call->self, "Column")->column;
    return c->comment ? py_new_str(run, c->comment) : py_none();
}

static struct py_value get_table(struct py_run *run, struct py_call *call)
{
    struct py_value table = sa_column_of(run, call->self, "Column")->table;
    return py_is_absent(table) ? py_none() : table;
}

static struct py_value get_foreign_keys(struct py_run *run, struct py_call *call)
{
    struct sa_column *c = sa_column_of(run, call->self, "Column");
    struct py_value set = py_new_set(run);
    struct py_list *list = py_list_of(c->foreign_keys);
    for (size_t i = 0; i < list->len; i++)
        py_set_add(run, set, list->items[i]);
    return set;
}

static struct py_value get_server_default(struct py_run *run, struct py_call *call)
{
    struct sa_column *c = sa_column_of(run, call->self, "Column");
    if (py_is_unset(c->server_default))
        return py_none();
    if (py_payload(c->server_default, &sa_fetched_value_class))
        return c->server_default;
    return py_construct(run, &sa_default_clause_class, &c->server_default, 1, NULL);
}

static struct py_value get_default(struct py_run *run, struct py_call *call)
{
    struct sa_column *c = sa_column_of(run, call->self, "Column");
    if (py_is_unset(c->python_default))
        return py_none();
    if (py_payload(c->python_default, &sa_sequence_class))
        return c->python_default;
    return py_construct(run, &sa_column_default_class, &c->python_default, 1, NULL);
}

static struct py_value get_info(struct py_run *run, struct py_call *call)
{
    struct sa_column *c = sa_column_of(run, call->self, "Column");
    if (py_is_unset(c->info))
        c->info = py_new_dict(run);
    return c->info;
}

static struct py_value column_copy(struct py_run *run, struct py_call *call)
{
    return sa_column_copy(run, call->self);
}

/* Its order of creation, which some programs set: sort_order= and the class's body say more. */
static struct py_value get_order(struct py_run *run, struct py_call *call)
{
    return py_int(sa_column_of(run, call->self, "Column")->column->order);
}

static struct py_value set_order(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_none();
}

static const struct py_arg any_keywords[] = {PY_KEYWORDS("kw"), PY_ARGS_END};

static const struct py_member column_members[] = {
    PY_METHOD("__init__", column_init, column_args),
    PY_PROPERTY("name", get_name),
    PY_PROPERTY("key", get_key),
    PY_PROPERTY_RW("type", get_type, set_type),
    PY_PROPERTY_RW("nullable", get_nullable, set_nullable),
    PY_PROPERTY("primary_key", get_primary_key),
    PY_PROPERTY("comment", get_comment),
    PY_PROPERTY("table", get_table),
    PY_PROPERTY("foreign_keys", get_foreign_keys),
    PY_PROPERTY("server_default", get_server_default),
    PY_PROPERTY("default", get_default),
    PY_PROPERTY("info", get_info),
    PY_PROPERTY_RW("_creation_order", get_order, set_order),
    PY_METHOD("copy", column_copy, any_keywords),
    PY_METHOD("_copy", column_copy, any_keywords),
    PY_MEMBERS_END,
};
const struct py_native_class sa_column_class = {
    .name = "Column",
    .module = "sqlalchemy.sql.schema",
    .bases = PY_BASES(&sa_column_clause_class, &sa_schema_item_class),
    .members = column_members,
    .payload_size = sizeof(struct sa_column),
    .flags = PY_CLASS_INERT | PY_CLASS_NEEDS_INIT,
};
