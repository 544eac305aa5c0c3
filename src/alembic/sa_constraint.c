#include "config.h"

/* Constraints and indexes. */

#include "alembic/sa_create.h"
#include "alembic/sa_schema.h"
#include "base/arena.h"
#include "base/str.h"

/* The table of the first Column object among values that has one; absent: none. */
static struct py_value table_of_any(struct py_value values)
{
    struct py_tuple *items = py_tuple_of(values);
    for (size_t i = 0; i < items->len; i++) {
        struct sa_column *c = py_payload(items->items[i], &sa_column_class);
        if (c && !py_is_absent(c->table))
            return c->table;
    }
    return py_absent();
}

/* A constraint made from columns that have a table belongs to that table at once. */
static void attach(struct py_run *run, struct py_value self, struct py_value table)
{
    if (!py_is_unset(table))
        sa_table_append(run, table, self);
}

static struct constraint *begin(struct py_run *run, struct py_value self, enum constraint_kind kind)
{
    struct sa_constraint *p = py_require_payload(run, self, &sa_constraint_class, "constraint");
    p->constraint = PY_NEW(run, struct constraint);
    p->constraint->kind = kind;
    p->constraint->order = sa_next_order(run);
    return p->constraint;
}

static void read_common(struct py_run *run, struct constraint *k, struct py_value name,
                        struct py_value deferrable, struct py_value initially)
{
    if (!py_is_unset(name))
        k->name = sa_name(run, name, "name");
    k->deferrable = sa_tristate(run, deferrable);
    k->initially = sa_text_or_null(run, initially, "initially");
}

/* ------------------------------------------------------------------ Constraint */

static struct py_value constraint_name(struct py_run *run, struct py_call *call)
{
    struct sa_constraint *p =
        py_require_payload(run, call->self, &sa_constraint_class, "constraint");
    return p->constraint->name.text ? py_new_str(run, p->constraint->name.text) : py_none();
}

static struct py_value constraint_set_name(struct py_run *run, struct py_call *call)
{
    struct sa_constraint *p =
        py_require_payload(run, call->self, &sa_constraint_class, "constraint");
    p->constraint->name = (struct name){0};
    if (!py_is_none(call->args[0]))
        p->constraint->name = sa_name(run, call->args[0], "name");
    return py_none();
}

static struct py_value constraint_table(struct py_run *run, struct py_call *call)
{
    struct sa_constraint *p =
        py_require_payload(run, call->self, &sa_constraint_class, "constraint");
    return py_is_absent(p->table) ? py_none() : p->table;
}

/* The Columns of the constraint's table, in its order; those that are not there are left out. */
static struct py_value constraint_columns(struct py_run *run, struct py_call *call)
{
    struct sa_constraint *p =
        py_require_payload(run, call->self, &sa_constraint_class, "constraint");
    struct py_value out = sa_column_collection_new(run);
    if (py_is_absent(p->table))
        py_refuse(run, PY_REFUSE_INCOMPLETE, "the columns of a constraint without a table");
    struct py_list *columns =
        py_list_of(sa_table_of(run, p->table, "table")->column_objects);
    for (size_t i = 0; i < p->constraint->columns.len; i++)
        for (size_t k = 0; k < columns->len; k++) {
            const struct column *c = sa_column_of(run, columns->items[k], "Column")->column;
            if (str_eq(c->name.text, p->constraint->columns.at[i]))
                sa_column_collection_add(run, out, c->key, columns->items[k]);
        }
    return out;
}

/* ForeignKeyConstraint.elements: a ForeignKey for each of its columns. */
static struct py_value constraint_elements(struct py_run *run, struct py_call *call)
{
    struct sa_constraint *p =
        py_require_payload(run, call->self, &sa_constraint_class, "constraint");
    struct py_value out = py_new_list(run);
    for (size_t i = 0; i < p->constraint->referred_columns.len; i++) {
        struct sa_foreign_key *fk;
        py_list_append(run, out, py_new(run, &sa_foreign_key_class, (void **)&fk));
        fk->constraint = p->constraint;
        fk->position = i;
    }
    return out;
}

struct py_value sa_constraint_object(struct py_run *run, const struct constraint *k,
                                     struct py_value table)
{
    static const struct py_native_class *const classes[] = {
        [CONSTRAINT_PRIMARY_KEY] = &sa_primary_key_constraint_class,
        [CONSTRAINT_UNIQUE] = &sa_unique_constraint_class,
        [CONSTRAINT_CHECK] = &sa_check_constraint_class,
        [CONSTRAINT_FOREIGN_KEY] = &sa_foreign_key_constraint_class,
        [CONSTRAINT_EXCLUDE] = &sa_exclude_constraint_class,
    };
    struct sa_constraint *p;
    struct py_value object = py_new(run, classes[k->kind], (void **)&p);
    p->constraint = arena_memdup(py_arena(run), k, sizeof(*k));
    p->table = table;
    return object;
}

static const struct py_arg ddl_if_args[] = {PY_OPTIONAL("dialect"), PY_OPTIONAL("callable_"),
                                            PY_OPTIONAL("state"), PY_ARGS_END};

static const struct py_member constraint_members[] = {
    PY_METHOD("ddl_if", sa_item_ddl_if, ddl_if_args),
    PY_PROPERTY_RW("name", constraint_name, constraint_set_name),
    PY_PROPERTY("table", constraint_table),
    PY_PROPERTY("columns", constraint_columns),
    PY_PROPERTY("elements", constraint_elements),
    PY_MEMBERS_END,
};
const struct py_native_class sa_constraint_class = {
    .name = "Constraint",
    .module = "sqlalchemy.sql.schema",
    .bases = PY_BASES(&sa_schema_item_class),
    .members = constraint_members,
    .payload_size = sizeof(struct sa_constraint),
    .flags = PY_CLASS_NEEDS_INIT,
};

/* ------------------------------------------------------------------ PRIMARY KEY and UNIQUE */

enum { KEY_COLUMNS, KEY_NAME, KEY_DEFERRABLE, KEY_INITIALLY, KEY_INFO, KEY_KW };
static const struct py_arg key_args[] = {
    PY_REST("columns"), PY_KEYWORD_ONLY("name"), PY_KEYWORD_ONLY("deferrable"),
    PY_KEYWORD_ONLY("initially"), PY_KEYWORD_ONLY("info"), PY_KEYWORDS("dialect_kw"),
    PY_ARGS_END};

static void key_init(struct py_run *run, struct py_call *call, enum constraint_kind kind,
                     const char *class_name)
{
    struct constraint *k = begin(run, call->self, kind);
    read_common(run, k, call->args[KEY_NAME], call->args[KEY_DEFERRABLE],
                call->args[KEY_INITIALLY]);
    struct name_list given = {0};
    sa_add_names(run, call->args[KEY_COLUMNS], &given);
    for (size_t i = 0; i < given.len; i++)
        if (!sa_has_name(&k->columns, given.at[i]))
            vec_push(py_arena(run), &k->columns, given.at[i]);
    sa_key_options(run, k, py_dict_of(call->args[KEY_KW]), class_name);
    attach(run, call->self, table_of_any(call->args[KEY_COLUMNS]));
}

static struct py_value primary_key_init(struct py_run *run, struct py_call *call)
{
    key_init(run, call, CONSTRAINT_PRIMARY_KEY, "sqlalchemy.sql.schema.PrimaryKeyConstraint");
    return py_none();
}

static const struct py_member primary_key_members[] = {
    PY_METHOD("__init__", primary_key_init, key_args),
    PY_MEMBERS_END,
};
const struct py_native_class sa_primary_key_constraint_class = {
    .name = "PrimaryKeyConstraint",
    .module = "sqlalchemy.sql.schema",
    .bases = PY_BASES(&sa_constraint_class),
    .members = primary_key_members,
    .payload_size = sizeof(struct sa_constraint),
};

static struct py_value unique_init(struct py_run *run, struct py_call *call)
{
    key_init(run, call, CONSTRAINT_UNIQUE, "sqlalchemy.sql.schema.UniqueConstraint");
    return py_none();
}

static const struct py_member unique_members[] = {
    PY_METHOD("__init__", unique_init, key_args),
    PY_MEMBERS_END,
};
const struct py_native_class sa_unique_constraint_class = {
    .name = "UniqueConstraint",
    .module = "sqlalchemy.sql.schema",
    .bases = PY_BASES(&sa_constraint_class),
    .members = unique_members,
    .payload_size = sizeof(struct sa_constraint),
};

/* ------------------------------------------------------------------ CHECK */

enum { CHECK_TEXT, CHECK_NAME, CHECK_DEFERRABLE, CHECK_INITIALLY, CHECK_TABLE, CHECK_INFO,
       CHECK_KW };
static const struct py_arg check_args[] = {
    PY_REQUIRED("sqltext"), PY_OPTIONAL("name"), PY_OPTIONAL("deferrable"),
    PY_OPTIONAL("initially"), PY_OPTIONAL("table"), PY_OPTIONAL("info"), PY_KEYWORDS("dialect_kw"),
    PY_ARGS_END};

static struct py_value check_init(struct py_run *run, struct py_call *call)
{
    struct constraint *k = begin(run, call->self, CONSTRAINT_CHECK);
    read_common(run, k, call->args[CHECK_NAME], call->args[CHECK_DEFERRABLE],
                call->args[CHECK_INITIALLY]);
    k->condition = sa_expr_or_text(run, call->args[CHECK_TEXT]);
    sa_validity_option(run, k, py_dict_of(call->args[CHECK_KW]),
                       "sqlalchemy.sql.schema.CheckConstraint");
    attach(run, call->self, call->args[CHECK_TABLE]);
    return py_none();
}

static const struct py_member check_members[] = {
    PY_METHOD("__init__", check_init, check_args),
    PY_MEMBERS_END,
};
const struct py_native_class sa_check_constraint_class = {
    .name = "CheckConstraint",
    .module = "sqlalchemy.sql.schema",
    .bases = PY_BASES(&sa_constraint_class),
    .members = check_members,
    .payload_size = sizeof(struct sa_constraint),
};

/* ------------------------------------------------------------------ FOREIGN KEY */

enum { FKC_COLUMNS, FKC_REFERRED, FKC_NAME, FKC_ONUPDATE, FKC_ONDELETE, FKC_DEFERRABLE,
       FKC_INITIALLY, FKC_USE_ALTER, FKC_LINK, FKC_MATCH, FKC_TABLE, FKC_INFO, FKC_COMMENT,
       FKC_KW };
static const struct py_arg foreign_key_args[] = {
    PY_REQUIRED("columns"), PY_REQUIRED("refcolumns"), PY_OPTIONAL("name"),
    PY_OPTIONAL("onupdate"), PY_OPTIONAL("ondelete"), PY_OPTIONAL("deferrable"),
    PY_OPTIONAL("initially"), PY_DEFAULTED("use_alter"), PY_DEFAULTED("link_to_name"),
    PY_OPTIONAL("match"), PY_OPTIONAL("table"), PY_OPTIONAL("info"), PY_OPTIONAL("comment"),
    PY_KEYWORDS("dialect_kw"), PY_ARGS_END};

/* All refcolumns name one table; the first says which. */
static void read_referred(struct py_run *run, struct constraint *k, struct py_value referred)
{
    struct py_tuple *items = py_items(run, referred);
    struct arena *a = py_arena(run);
    for (size_t i = 0; i < items->len; i++) {
        struct py_value v = py_require_known(run, items->items[i]);
        struct sa_column *c = py_payload(v, &sa_column_class);
        if (!c) {
            sa_split_target(run, py_as_string(run, v, "refcolumns"), k);
            continue;
        }
        if (py_is_absent(c->table))
            py_refuse(run, PY_REFUSE_INCOMPLETE,
                      "a ForeignKeyConstraint to a Column that has no table");
        const struct table *t = sa_table_of(run, c->table, "table")->table;
        k->referred_schema = t->schema;
        k->referred_table = t->name.text;
        k->referred_known = true;
        vec_push(a, &k->referred_columns, c->column->name.text);
    }
}

static struct py_value foreign_key_init(struct py_run *run, struct py_call *call)
{
    struct constraint *k = begin(run, call->self, CONSTRAINT_FOREIGN_KEY);
    struct py_value *args = call->args;
    read_common(run, k, args[FKC_NAME], args[FKC_DEFERRABLE], args[FKC_INITIALLY]);
    k->onupdate = sa_text_or_null(run, args[FKC_ONUPDATE], "onupdate");
    k->ondelete = sa_text_or_null(run, args[FKC_ONDELETE], "ondelete");
    k->match = sa_text_or_null(run, args[FKC_MATCH], "match");
    k->use_alter = py_truth(run, args[FKC_USE_ALTER]);
    sa_add_names(run, args[FKC_COLUMNS], &k->columns);
    read_referred(run, k, args[FKC_REFERRED]);
    sa_check_foreign_key(run, k);
    sa_validity_option(run, k, py_dict_of(args[FKC_KW]),
                       "sqlalchemy.sql.schema.ForeignKeyConstraint");
    attach(run, call->self, args[FKC_TABLE]);
    return py_none();
}

static const struct py_member foreign_key_members[] = {
    PY_METHOD("__init__", foreign_key_init, foreign_key_args),
    PY_MEMBERS_END,
};
const struct py_native_class sa_foreign_key_constraint_class = {
    .name = "ForeignKeyConstraint",
    .module = "sqlalchemy.sql.schema",
    .bases = PY_BASES(&sa_constraint_class),
    .members = foreign_key_members,
    .payload_size = sizeof(struct sa_constraint),
};

/* ------------------------------------------------------------------ EXCLUDE */

enum { EX_ELEMENTS, EX_NAME, EX_DEFERRABLE, EX_INITIALLY, EX_WHERE, EX_USING, EX_OPS, EX_KW };
static const struct py_arg exclude_args[] = {
    PY_REST("elements"), PY_KEYWORD_ONLY("name"), PY_KEYWORD_ONLY("deferrable"),
    PY_KEYWORD_ONLY("initially"), PY_KEYWORD_ONLY("where"), PY_KEYWORD_ONLY("using"),
    PY_KEYWORD_ONLY("ops"), PY_KEYWORDS("kw"), PY_ARGS_END};

static struct py_value exclude_init(struct py_run *run, struct py_call *call)
{
    struct constraint *k = begin(run, call->self, CONSTRAINT_EXCLUDE);
    struct py_value *args = call->args;
    read_common(run, k, args[EX_NAME], args[EX_DEFERRABLE], args[EX_INITIALLY]);
    k->using_ = sa_text_or_null(run, args[EX_USING], "using");
    if (!py_is_none(args[EX_WHERE]))
        k->where = sa_expr_or_text(run, args[EX_WHERE]);
    struct py_tuple *elements = py_tuple_of(args[EX_ELEMENTS]);
    for (size_t i = 0; i < elements->len; i++)
        sa_exclude_add(run, k, elements->items[i], args[EX_OPS]);
    return py_none();
}

static const struct py_member exclude_members[] = {
    PY_METHOD("__init__", exclude_init, exclude_args),
    PY_MEMBERS_END,
};
const struct py_native_class sa_exclude_constraint_class = {
    .name = "ExcludeConstraint",
    .module = "sqlalchemy.dialects.postgresql.ext",
    .bases = PY_BASES(&sa_constraint_class),
    .members = exclude_members,
    .payload_size = sizeof(struct sa_constraint),
};

/* ------------------------------------------------------------------ Index */

enum { IX_NAME, IX_EXPRESSIONS, IX_UNIQUE, IX_QUOTE, IX_INFO, IX_TABLE, IX_FLAG, IX_KW };
static const struct py_arg index_args[] = {
    PY_REQUIRED("name"), PY_REST("expressions"), PY_KEYWORD_DEFAULTED("unique"),
    PY_KEYWORD_ONLY("quote"), PY_KEYWORD_ONLY("info"), PY_KEYWORD_ONLY("_table"),
    PY_KEYWORD_ONLY("_column_flag"), PY_KEYWORDS("dialect_kw"), PY_ARGS_END};

/* The table of a column somewhere in the expressions. */
static struct py_value table_in(struct py_run *run, struct py_value expressions)
{
    struct py_value table = table_of_any(expressions);
    struct py_tuple *items = py_tuple_of(expressions);
    for (size_t i = 0; py_is_absent(table) && i < items->len; i++)
        table = sa_table_in_expression(run, items->items[i]);
    return table;
}

static struct py_value index_init(struct py_run *run, struct py_call *call)
{
    struct sa_index *p = py_require_payload(run, call->self, &sa_index_class, "Index");
    struct py_value *args = call->args;
    struct py_dict *kw = py_dict_of(args[IX_KW]);
    struct index *ix = PY_NEW(run, struct index);
    p->index = ix;
    if (!py_is_none(args[IX_NAME]))
        ix->name = sa_name(run, args[IX_NAME], "name");
    if (!py_is_none(args[IX_QUOTE]))
        ix->name.quote = sa_tristate(run, args[IX_QUOTE]);
    ix->unique = py_truth(run, args[IX_UNIQUE]);
    struct py_tuple *elements = py_tuple_of(args[IX_EXPRESSIONS]);
    for (size_t i = 0; i < elements->len; i++)
        sa_index_add(run, ix, elements->items[i], sa_dialect_option(kw, "ops"));
    sa_index_options(run, ix, kw);
    attach(run, call->self,
           py_is_none(args[IX_TABLE]) ? table_in(run, args[IX_EXPRESSIONS]) : args[IX_TABLE]);
    return py_none();
}

static struct py_value index_name(struct py_run *run, struct py_call *call)
{
    struct sa_index *p = py_require_payload(run, call->self, &sa_index_class, "Index");
    return p->index->name.text ? py_new_str(run, p->index->name.text) : py_none();
}

static struct py_value index_table(struct py_run *run, struct py_call *call)
{
    struct sa_index *p = py_require_payload(run, call->self, &sa_index_class, "Index");
    return py_is_absent(p->table) ? py_none() : p->table;
}

static struct py_value index_unique(struct py_run *run, struct py_call *call)
{
    struct sa_index *p = py_require_payload(run, call->self, &sa_index_class, "Index");
    return py_bool(p->index->unique);
}

static const struct py_arg bind_args[] = {PY_REQUIRED("bind"), PY_DEFAULTED("checkfirst"),
                                          PY_ARGS_END};

static const struct py_member index_members[] = {
    PY_METHOD("__init__", index_init, index_args),
    PY_PROPERTY("name", index_name),
    PY_PROPERTY("table", index_table),
    PY_PROPERTY("unique", index_unique),
    PY_METHOD("ddl_if", sa_item_ddl_if, ddl_if_args),
    PY_METHOD("create", sa_index_create, bind_args),
    PY_METHOD("drop", sa_index_drop, bind_args),
    PY_MEMBERS_END,
};
const struct py_native_class sa_index_class = {
    .name = "Index",
    .module = "sqlalchemy.sql.schema",
    .bases = PY_BASES(&sa_schema_item_class),
    .members = index_members,
    .payload_size = sizeof(struct sa_index),
    .flags = PY_CLASS_NEEDS_INIT,
};
