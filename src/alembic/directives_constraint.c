#include "config.h"

/* Directives on constraints and indexes. */

#include "alembic/directives.h"
#include "alembic/host.h"
#include "alembic/sa_schema.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* The table that a constraint or index stands on, as far as names go. */
static struct table *stand_in(struct py_run *run, struct py_value table, struct py_value schema)
{
    struct table *t = PY_NEW(run, struct table);
    t->name = sa_name(run, table, "table_name");
    if (!py_is_unset(schema)) {
        struct name qualifier = sa_name(run, schema, "schema");
        t->schema = qualifier.text;
        t->schema_quote = qualifier.quote;
    }
    return t;
}

static struct op *add_op(struct py_run *run, enum op_kind kind, const struct table *t)
{
    struct op *op = host_add_op(run, kind);
    op->schema = t->schema;
    op->schema_quote = t->schema_quote;
    op->table = t->name.text;
    op->table_quote = t->name.quote;
    return op;
}

static struct constraint *begin(struct py_run *run, enum constraint_kind kind, struct py_value name)
{
    struct constraint *k = PY_NEW(run, struct constraint);
    k->kind = kind;
    if (!py_is_unset(name))
        k->name = sa_name(run, name, "constraint_name");
    return k;
}

/* Gives the constraint its name by the project's convention, and adds the operation. */
static struct py_value finish(struct py_run *run, const struct table *t, struct constraint *k)
{
    struct err err = ERR_INIT;
    if (!naming_constraint(py_arena(run), &alembic_host(run)->naming, t, k, &err))
        host_raise(run, &err);
    add_op(run, OP_CREATE_CONSTRAINT, t)->as.create_constraint = k;
    return py_none();
}

static void take_deferrability(struct py_run *run, struct constraint *k, struct py_dict *kw)
{
    k->deferrable = sa_tristate(run, py_dict_take_name(run, kw, "deferrable"));
    k->initially = sa_text_or_null(run, py_dict_take_name(run, kw, "initially"), "initially");
    py_dict_take_name(run, kw, "info");
    py_dict_take_name(run, kw, "comment");
}

/* Alembic makes a table of the names, which has no column twice. */
static void refuse_twice(struct py_run *run, const char *table, const struct name_list *names)
{
    struct name_list seen = {0};
    for (size_t i = 0; i < names->len; i++) {
        if (sa_has_name(&seen, names->at[i]))
            py_raise(run, &sa_duplicate_column_error_class,
                     "A column with name '%s' is already present in table '%s'.", names->at[i],
                     table);
        vec_push(py_arena(run), &seen, names->at[i]);
    }
}

/* The same where the columns are appended one by one: those of an index, those of EXCLUDE. */
static void refuse_appended_twice(struct py_run *run, const char *table,
                                  const struct name_list *names)
{
    for (size_t i = 1; i < names->len; i++) {
        const struct name_list before = {.at = names->at, .len = i};
        if (sa_has_name(&before, names->at[i]))
            py_raise(run, &sa_duplicate_column_error_class,
                     "A column with name '%s' is already present in table '%s'. Specify "
                     "replace_existing=True to Table.append_column() to replace an existing "
                     "column.",
                     names->at[i], table);
    }
}

/* ------------------------------------------------------------------ keys */

enum { PK_NAME, PK_TABLE, PK_COLUMNS, PK_SCHEMA };
const struct py_arg directive_create_primary_key_args[] = {
    [PK_NAME] = PY_REQUIRED("constraint_name"),
    [PK_TABLE] = PY_REQUIRED("table_name"),
    [PK_COLUMNS] = PY_REQUIRED("columns"),
    [PK_SCHEMA] = PY_KEYWORD_ONLY("schema"),
    PY_ARGS_END,
};

struct py_value directive_create_primary_key(struct py_run *run, struct py_call *call)
{
    const struct table *t = stand_in(run, call->args[PK_TABLE], call->args[PK_SCHEMA]);
    struct constraint *k = begin(run, CONSTRAINT_PRIMARY_KEY, call->args[PK_NAME]);
    sa_add_names(run, call->args[PK_COLUMNS], &k->columns);
    refuse_twice(run, t->name.text, &k->columns);
    return finish(run, t, k);
}

enum { UQ_NAME, UQ_TABLE, UQ_COLUMNS, UQ_SCHEMA, UQ_KW };
const struct py_arg directive_create_unique_constraint_args[] = {
    [UQ_NAME] = PY_REQUIRED("constraint_name"),
    [UQ_TABLE] = PY_REQUIRED("table_name"),
    [UQ_COLUMNS] = PY_REQUIRED("columns"),
    [UQ_SCHEMA] = PY_KEYWORD_ONLY("schema"),
    [UQ_KW] = PY_KEYWORDS("kw"),
    PY_ARGS_END,
};

/* INCLUDE may name only columns of the constraint here: Alembic knows of no others. */
static void check_include(struct py_run *run, const struct constraint *k)
{
    for (size_t i = 0; i < k->include.len; i++) {
        bool known = false;
        for (size_t j = 0; j < k->columns.len; j++)
            known = known || str_eq(k->include.at[i], k->columns.at[j]);
        if (!known)
            py_raise(run, &py_key_error_class, "%s", k->include.at[i]);
    }
}

struct py_value directive_create_unique_constraint(struct py_run *run, struct py_call *call)
{
    const struct table *t = stand_in(run, call->args[UQ_TABLE], call->args[UQ_SCHEMA]);
    struct constraint *k = begin(run, CONSTRAINT_UNIQUE, call->args[UQ_NAME]);
    struct py_dict *kw = py_dict_of(call->args[UQ_KW]);
    sa_add_names(run, call->args[UQ_COLUMNS], &k->columns);
    refuse_twice(run, t->name.text, &k->columns);
    take_deferrability(run, k, kw);
    sa_key_options(run, k, kw, "sqlalchemy.sql.schema.UniqueConstraint");
    check_include(run, k);
    return finish(run, t, k);
}

/* ------------------------------------------------------------------ CHECK and EXCLUDE */

enum { CK_NAME, CK_TABLE, CK_CONDITION, CK_SCHEMA, CK_KW };
const struct py_arg directive_create_check_constraint_args[] = {
    [CK_NAME] = PY_REQUIRED("constraint_name"),
    [CK_TABLE] = PY_REQUIRED("table_name"),
    [CK_CONDITION] = PY_REQUIRED("condition"),
    [CK_SCHEMA] = PY_KEYWORD_ONLY("schema"),
    [CK_KW] = PY_KEYWORDS("kw"),
    PY_ARGS_END,
};

struct py_value directive_create_check_constraint(struct py_run *run, struct py_call *call)
{
    const struct table *t = stand_in(run, call->args[CK_TABLE], call->args[CK_SCHEMA]);
    struct constraint *k = begin(run, CONSTRAINT_CHECK, call->args[CK_NAME]);
    struct py_dict *kw = py_dict_of(call->args[CK_KW]);
    k->condition = sa_expr_or_text(run, call->args[CK_CONDITION]);
    take_deferrability(run, k, kw);
    sa_validity_option(run, k, kw, "sqlalchemy.sql.schema.CheckConstraint");
    return finish(run, t, k);
}

enum { EX_NAME, EX_TABLE, EX_ELEMENTS, EX_KW };
const struct py_arg directive_create_exclude_constraint_args[] = {
    [EX_NAME] = PY_REQUIRED("constraint_name"),
    [EX_TABLE] = PY_REQUIRED("table_name"),
    [EX_ELEMENTS] = PY_REST("elements"),
    [EX_KW] = PY_KEYWORDS("kw"),
    PY_ARGS_END,
};

struct py_value directive_create_exclude_constraint(struct py_run *run, struct py_call *call)
{
    struct py_dict *kw = py_dict_of(call->args[EX_KW]);
    const struct table *t =
        stand_in(run, call->args[EX_TABLE], py_dict_take_name(run, kw, "schema"));
    struct constraint *k = begin(run, CONSTRAINT_EXCLUDE, call->args[EX_NAME]);
    struct py_value where = py_dict_take_name(run, kw, "where");
    struct py_value ops = py_dict_take_name(run, kw, "ops");
    k->using_ = sa_text_or_null(run, py_dict_take_name(run, kw, "using"), "using");
    if (!py_is_unset(where))
        k->where = sa_expr_or_text(run, where);
    struct py_tuple *elements = py_tuple_of(call->args[EX_ELEMENTS]);
    struct name_list names = {0};
    for (size_t i = 0; i < elements->len; i++) {
        sa_exclude_add(run, k, elements->items[i], ops);
        if (k->elements.at[i].expression->kind != EXPR_COLUMN)
            py_raise(run, &sa_argument_error_class,
                     "Column must be constructed with a non-blank name or assign a non-blank "
                     ".name before adding to a Table.");
        vec_push(py_arena(run), &names, k->elements.at[i].expression->as.column.name.text);
        refuse_appended_twice(run, t->name.text, &names);
    }
    take_deferrability(run, k, kw);
    static const char *const none[] = {NULL};
    sa_check_dialect_options(run, kw, none, "sqlalchemy.dialects.postgresql.ext.ExcludeConstraint");
    return finish(run, t, k);
}

/* ------------------------------------------------------------------ FOREIGN KEY */

enum { FK_NAME, FK_SOURCE, FK_REFERENT, FK_LOCAL, FK_REMOTE, FK_ONUPDATE, FK_ONDELETE,
       FK_DEFERRABLE, FK_INITIALLY, FK_MATCH, FK_SOURCE_SCHEMA, FK_REFERENT_SCHEMA, FK_KW };
const struct py_arg directive_create_foreign_key_args[] = {
    [FK_NAME] = PY_REQUIRED("constraint_name"),
    [FK_SOURCE] = PY_REQUIRED("source_table"),
    [FK_REFERENT] = PY_REQUIRED("referent_table"),
    [FK_LOCAL] = PY_REQUIRED("local_cols"),
    [FK_REMOTE] = PY_REQUIRED("remote_cols"),
    [FK_ONUPDATE] = PY_KEYWORD_ONLY("onupdate"),
    [FK_ONDELETE] = PY_KEYWORD_ONLY("ondelete"),
    [FK_DEFERRABLE] = PY_KEYWORD_ONLY("deferrable"),
    [FK_INITIALLY] = PY_KEYWORD_ONLY("initially"),
    [FK_MATCH] = PY_KEYWORD_ONLY("match"),
    [FK_SOURCE_SCHEMA] = PY_KEYWORD_ONLY("source_schema"),
    [FK_REFERENT_SCHEMA] = PY_KEYWORD_ONLY("referent_schema"),
    [FK_KW] = PY_KEYWORDS("dialect_kw"),
    PY_ARGS_END,
};

static void read_referent(struct py_run *run, const struct table *source, struct constraint *k,
                          const struct py_value *args)
{
    struct arena *a = py_arena(run);
    const char *schema = sa_text_or_null(run, args[FK_REFERENT_SCHEMA], "referent_schema");
    const char *table = sa_name(run, args[FK_REFERENT], "referent_table").text;
    bool same_table = str_eq(table, source->name.text) && str_eq(schema, source->schema);
    struct name_list remote = {0};
    sa_add_names(run, args[FK_REMOTE], &remote);
    if (!same_table)
        refuse_twice(run, table, &remote);
    for (size_t i = 0; i < remote.len; i++)
        sa_split_target(run, schema ? arena_printf(a, "%s.%s.%s", schema, table, remote.at[i])
                                    : arena_printf(a, "%s.%s", table, remote.at[i]),
                        k);
    k->referred_known = true;
}

struct py_value directive_create_foreign_key(struct py_run *run, struct py_call *call)
{
    struct py_value *args = call->args;
    const struct table *t = stand_in(run, args[FK_SOURCE], args[FK_SOURCE_SCHEMA]);
    struct constraint *k = begin(run, CONSTRAINT_FOREIGN_KEY, args[FK_NAME]);
    struct py_dict *kw = py_dict_of(args[FK_KW]);
    sa_add_names(run, args[FK_LOCAL], &k->columns);
    read_referent(run, t, k, args);
    sa_check_foreign_key(run, k);
    k->onupdate = sa_text_or_null(run, args[FK_ONUPDATE], "onupdate");
    k->ondelete = sa_text_or_null(run, args[FK_ONDELETE], "ondelete");
    k->deferrable = sa_tristate(run, args[FK_DEFERRABLE]);
    k->initially = sa_text_or_null(run, args[FK_INITIALLY], "initially");
    k->match = sa_text_or_null(run, args[FK_MATCH], "match");
    k->use_alter = py_truth(run, py_dict_take_name(run, kw, "use_alter"));
    static const char *const accepted[] = {"link_to_name", "info", "comment"};
    for (size_t i = 0; i < sizeof(accepted) / sizeof(accepted[0]); i++)
        py_dict_take_name(run, kw, accepted[i]);
    sa_validity_option(run, k, kw, "sqlalchemy.sql.schema.ForeignKeyConstraint");
    return finish(run, t, k);
}

/* ------------------------------------------------------------------ drop_constraint */

enum { DROP_NAME, DROP_TABLE, DROP_TYPE, DROP_SCHEMA, DROP_IF_EXISTS };
const struct py_arg directive_drop_constraint_args[] = {
    [DROP_NAME] = PY_REQUIRED("constraint_name"),
    [DROP_TABLE] = PY_REQUIRED("table_name"),
    [DROP_TYPE] = PY_OPTIONAL("type_"),
    [DROP_SCHEMA] = PY_KEYWORD_ONLY("schema"),
    [DROP_IF_EXISTS] = PY_KEYWORD_ONLY("if_exists"),
    PY_ARGS_END,
};

/* What type_= says, and how SQLAlchemy shows such a constraint. */
static const struct {
    const char *type, *python;
    enum constraint_kind kind;
} drop_types[] = {
    {"foreignkey", "ForeignKeyConstraint()", CONSTRAINT_FOREIGN_KEY},
    {"primary", "PrimaryKeyConstraint()", CONSTRAINT_PRIMARY_KEY},
    {"unique", "UniqueConstraint()", CONSTRAINT_UNIQUE},
    {"check", "CheckConstraint()", CONSTRAINT_CHECK},
};

struct py_value directive_drop_constraint(struct py_run *run, struct py_call *call)
{
    const struct table *t = stand_in(run, call->args[DROP_TABLE], call->args[DROP_SCHEMA]);
    const char *type = py_as_string_or_null(run, call->args[DROP_TYPE], "type_");
    struct constraint *k = begin(run, CONSTRAINT_CHECK, call->args[DROP_NAME]);
    const char *python = "Constraint()";
    size_t count = sizeof(drop_types) / sizeof(drop_types[0]), i = 0;
    while (type && i < count && !str_eq(type, drop_types[i].type))
        i++;
    if (i == count)
        py_raise(run, &py_type_error_class,
                 "'type' can be one of 'check', 'foreignkey', 'primary', 'unique', None");
    if (type) { /* without a type no convention applies */
        struct err err = ERR_INIT;
        k->kind = drop_types[i].kind;
        python = drop_types[i].python;
        if (!naming_constraint(py_arena(run), &alembic_host(run)->naming, t, k, &err))
            host_raise(run, &err);
    }
    if (!k->name.text)
        py_raise(run, &sa_compile_error_class,
                 "Can't emit DROP CONSTRAINT for constraint %s; it has no name", python);
    bool if_exists = py_truth(run, call->args[DROP_IF_EXISTS]);
    struct op *op = add_op(run, OP_DROP_CONSTRAINT, t);
    op->as.drop_constraint.name = k->name;
    op->as.drop_constraint.constraint = type ? k : NULL;
    op->as.drop_constraint.if_exists = if_exists;
    return py_none();
}

/* ------------------------------------------------------------------ indexes */

enum { CI_NAME, CI_TABLE, CI_COLUMNS, CI_SCHEMA, CI_UNIQUE, CI_IF_NOT_EXISTS, CI_KW };
const struct py_arg directive_create_index_args[] = {
    [CI_NAME] = PY_REQUIRED("index_name"),
    [CI_TABLE] = PY_REQUIRED("table_name"),
    [CI_COLUMNS] = PY_REQUIRED("columns"),
    [CI_SCHEMA] = PY_KEYWORD_ONLY("schema"),
    [CI_UNIQUE] = PY_KEYWORD_DEFAULTED("unique"),
    [CI_IF_NOT_EXISTS] = PY_KEYWORD_ONLY("if_not_exists"),
    [CI_KW] = PY_KEYWORDS("kw"),
    PY_ARGS_END,
};

static void place_index(struct index *ix, const struct table *t)
{
    ix->schema = t->schema;
    ix->schema_quote = t->schema_quote;
    ix->table = t->name.text;
    ix->table_quote = t->name.quote;
}

struct py_value directive_create_index(struct py_run *run, struct py_call *call)
{
    struct py_value *args = call->args;
    struct py_dict *kw = py_dict_of(args[CI_KW]);
    const struct table *t = stand_in(run, args[CI_TABLE], args[CI_SCHEMA]);
    struct index *ix = PY_NEW(run, struct index);
    place_index(ix, t);
    if (!py_is_none(args[CI_NAME]))
        ix->name = sa_name(run, args[CI_NAME], "index_name");
    ix->unique = py_truth(run, args[CI_UNIQUE]);
    ix->if_not_exists = py_truth(run, args[CI_IF_NOT_EXISTS]);
    struct py_value quote = py_dict_take_name(run, kw, "quote");
    if (!py_is_unset(quote))
        ix->name.quote = sa_tristate(run, quote);
    py_dict_take_name(run, kw, "info");
    struct py_tuple *columns = py_items(run, args[CI_COLUMNS]);
    struct name_list names = {0};
    for (size_t i = 0; i < columns->len; i++) {
        sa_index_add_textual(run, ix, columns->items[i], sa_dialect_option(kw, "ops"));
        const struct index_element *added = &vec_last(&ix->elements);
        if (added->by_name || added->expression->kind == EXPR_TEXT)
            vec_push(py_arena(run), &names, added->column);
        refuse_appended_twice(run, t->name.text, &names);
    }
    sa_index_options(run, ix, kw);
    struct err err = ERR_INIT;
    if (!naming_index(py_arena(run), &alembic_host(run)->naming, t, ix, &err))
        host_raise(run, &err);
    add_op(run, OP_CREATE_INDEX, t)->as.create_index = ix;
    return py_none();
}

enum { DI_NAME, DI_TABLE, DI_SCHEMA, DI_IF_EXISTS, DI_KW };
const struct py_arg directive_drop_index_args[] = {
    [DI_NAME] = PY_REQUIRED("index_name"),
    [DI_TABLE] = PY_OPTIONAL("table_name"),
    [DI_SCHEMA] = PY_KEYWORD_ONLY("schema"),
    [DI_IF_EXISTS] = PY_KEYWORD_ONLY("if_exists"),
    [DI_KW] = PY_KEYWORDS("kw"),
    PY_ARGS_END,
};

/* An index without a name gets one by the convention, of a column that Alembic calls x. */
static void name_dropped(struct py_run *run, const struct table *t, struct index *ix)
{
    struct err err = ERR_INIT;
    sa_index_add(run, ix, py_new_str(run, "x"), py_absent());
    if (!naming_index(py_arena(run), &alembic_host(run)->naming, t, ix, &err))
        host_raise(run, &err);
}

struct py_value directive_drop_index(struct py_run *run, struct py_call *call)
{
    struct py_value *args = call->args;
    struct py_dict *kw = py_dict_of(args[DI_KW]);
    struct py_value table = py_is_none(args[DI_TABLE]) ? py_new_str(run, "no_table")
                                                        : args[DI_TABLE];
    const struct table *t = stand_in(run, table, args[DI_SCHEMA]);
    struct index *ix = PY_NEW(run, struct index);
    place_index(ix, t);
    if (py_is_none(args[DI_NAME]))
        name_dropped(run, t, ix);
    else
        ix->name = sa_name(run, args[DI_NAME], "index_name");
    ix->if_exists = py_truth(run, args[DI_IF_EXISTS]);
    py_dict_take_name(run, kw, "unique");
    py_dict_take_name(run, kw, "info");
    sa_index_options(run, ix, kw);
    struct op *op = add_op(run, OP_DROP_INDEX, t);
    op->as.drop_index = ix;
    if (py_is_none(args[DI_TABLE]))
        op->table = NULL;
    return py_none();
}
