#include "config.h"

/* Directives on columns. */

#include "alembic/directives.h"
#include "alembic/host.h"
#include "alembic/sa_schema.h"
#include "alembic/sa_type.h"
#include "base/arena.h"
#include "base/str.h"

/* A table of the op's name with just this column: what makes SQLAlchemy derive constraints. */
static const struct sa_table *table_of_one(struct py_run *run, struct py_value table,
                                           struct py_value schema, struct py_value column)
{
    struct sa_table_options options = {.name = sa_name(run, table, "table_name")};
    if (!py_is_unset(schema)) {
        struct name qualifier = sa_name(run, schema, "schema");
        options.schema = qualifier.text;
        options.schema_quote = qualifier.quote;
    }
    struct sa_table *t;
    struct py_value object = py_new(run, &sa_table_class, (void **)&t);
    sa_table_fill(run, object, &options, &column, 1);
    return t;
}

/* ------------------------------------------------------------------ add and drop */

enum { AC_TABLE, AC_COLUMN, AC_SCHEMA, AC_IF_NOT_EXISTS, AC_REFERENCES, AC_PRIMARY_KEY };
const struct py_arg directive_add_column_args[] = {
    [AC_TABLE] = PY_REQUIRED("table_name"),
    [AC_COLUMN] = PY_REQUIRED("column"),
    [AC_SCHEMA] = PY_KEYWORD_ONLY("schema"),
    [AC_IF_NOT_EXISTS] = PY_KEYWORD_ONLY("if_not_exists"),
    [AC_REFERENCES] = PY_KEYWORD_ONLY("inline_references"),
    [AC_PRIMARY_KEY] = PY_KEYWORD_ONLY("inline_primary_key"),
    PY_ARGS_END,
};

struct py_value directive_add_column(struct py_run *run, struct py_call *call)
{
    struct py_value *args = call->args;
    sa_column_of(run, args[AC_COLUMN], "column");
    const struct table *t =
        table_of_one(run, args[AC_TABLE], args[AC_SCHEMA], args[AC_COLUMN])->table;
    struct op *op = host_new_op(run, OP_ADD_COLUMN);
    op_set_table(run, op, args[AC_TABLE], args[AC_SCHEMA]);
    op->as.add_column.column = t->columns.at[0];
    op->as.add_column.if_not_exists = py_truth(run, args[AC_IF_NOT_EXISTS]);
    op->as.add_column.inline_references = py_truth(run, args[AC_REFERENCES]);
    op->as.add_column.inline_primary_key = py_truth(run, args[AC_PRIMARY_KEY]);
    for (size_t i = 0; i < t->constraints.len; i++)
        if (t->constraints.at[i]->kind != CONSTRAINT_PRIMARY_KEY)
            vec_push(py_arena(run), &op->as.add_column.constraints, t->constraints.at[i]);
    op->as.add_column.indexes = t->indexes;
    op->nondeterministic = py_is_marked(run, args[AC_COLUMN]);
    host_push_op(run, op);
    return py_none();
}

enum { DC_TABLE, DC_COLUMN, DC_SCHEMA, DC_KW };
const struct py_arg directive_drop_column_args[] = {
    [DC_TABLE] = PY_REQUIRED("table_name"),
    [DC_COLUMN] = PY_REQUIRED("column_name"),
    [DC_SCHEMA] = PY_KEYWORD_ONLY("schema"),
    [DC_KW] = PY_KEYWORDS("kw"),
    PY_ARGS_END,
};

struct py_value directive_drop_column(struct py_run *run, struct py_call *call)
{
    struct name column = sa_name(run, call->args[DC_COLUMN], "column_name");
    struct op *op = host_new_op(run, OP_DROP_COLUMN);
    op_set_table(run, op, call->args[DC_TABLE], call->args[DC_SCHEMA]);
    op->as.drop_column.column = column;
    op->as.drop_column.if_exists =
        py_truth(run, py_dict_get_name(py_dict_of(call->args[DC_KW]), "if_exists"));
    host_push_op(run, op);
    return py_none();
}

/* ------------------------------------------------------------------ alter_column */

enum { AL_TABLE, AL_COLUMN, AL_NULLABLE, AL_COMMENT, AL_DEFAULT, AL_NEW_NAME, AL_TYPE,
       AL_EXISTING_TYPE, AL_EXISTING_DEFAULT, AL_EXISTING_NULLABLE, AL_EXISTING_COMMENT,
       AL_SCHEMA, AL_KW };
const struct py_arg directive_alter_column_args[] = {
    [AL_TABLE] = PY_REQUIRED("table_name"),
    [AL_COLUMN] = PY_REQUIRED("column_name"),
    [AL_NULLABLE] = PY_KEYWORD_ONLY("nullable"),
    [AL_COMMENT] = PY_KEYWORD_DEFAULTED("comment"),
    [AL_DEFAULT] = PY_KEYWORD_DEFAULTED("server_default"),
    [AL_NEW_NAME] = PY_KEYWORD_ONLY("new_column_name"),
    [AL_TYPE] = PY_KEYWORD_ONLY("type_"),
    [AL_EXISTING_TYPE] = PY_KEYWORD_ONLY("existing_type"),
    [AL_EXISTING_DEFAULT] = PY_KEYWORD_DEFAULTED("existing_server_default"),
    [AL_EXISTING_NULLABLE] = PY_KEYWORD_ONLY("existing_nullable"),
    [AL_EXISTING_COMMENT] = PY_KEYWORD_ONLY("existing_comment"),
    [AL_SCHEMA] = PY_KEYWORD_ONLY("schema"),
    [AL_KW] = PY_KEYWORDS("kw"),
    PY_ARGS_END,
};

/* Not given: left out, or False. */
static bool is_given(struct py_value v)
{
    return !py_is_absent(v) && !(v.kind == PY_BOOL && !v.boolean);
}

/* A server default in one of its three forms. */
static void read_default(struct py_run *run, struct py_value v, const struct expr **expression,
                         const struct identity **identity, const struct computed **computed)
{
    void *p;
    py_require_known(run, v);
    if ((p = py_payload(v, &sa_identity_class))) {
        *identity = ((struct sa_identity *)p)->identity;
    } else if ((p = py_payload(v, &sa_computed_class))) {
        *computed = ((struct sa_computed *)p)->computed;
    } else if ((p = py_payload(v, &sa_fetched_value_class))) {
        struct sa_default *d = p;
        if (py_is_absent(d->arg))
            py_raise(run, &py_assertion_error_class, "%s", "");
        *expression = sa_server_default(run, d->arg);
    } else if (!py_is_none(v)) {
        *expression = sa_server_default(run, v);
    }
}

/* The CHECK that a non-native Enum of this type would bring to the column. */
static struct constraint *bound_check(struct py_run *run, const struct py_value *args,
                                      struct py_value type)
{
    struct py_value given[] = {args[AL_COLUMN], type};
    struct py_value column = py_construct(run, &sa_column_class, given, 2, NULL);
    const struct table *t = table_of_one(run, args[AL_TABLE], args[AL_SCHEMA], column)->table;
    return t->constraints.len > 0 ? t->constraints.at[0] : NULL;
}

/* Alembic takes any other keyword and leaves it alone, but for one that it passes on itself. */
static void read_alter_keywords(struct py_run *run, struct alter_column *ac, struct py_dict *kw)
{
    if (!py_is_absent(py_dict_get_name(kw, "name")))
        py_raise(run, &py_type_error_class,
                 "alembic.ddl.postgresql.PostgresqlImpl.alter_column() got multiple values for "
                 "keyword argument 'name'");
    ac->autoincrement = sa_tristate(run, py_dict_get_name(kw, "autoincrement"));
    ac->using_ = sa_text_or_null(run, py_dict_get_name(kw, "postgresql_using"), "postgresql_using");
}

/* Whether any aspect is to change: without, Alembic does not look at the names either. */
static bool changes_something(const struct py_value *args)
{
    return !py_is_none(args[AL_NULLABLE]) || !py_is_none(args[AL_NEW_NAME]) ||
           !py_is_none(args[AL_TYPE]) || is_given(args[AL_DEFAULT]) || is_given(args[AL_COMMENT]);
}

struct py_value directive_alter_column(struct py_run *run, struct py_call *call)
{
    struct py_value *args = call->args;
    struct alter_column *ac = PY_NEW(run, struct alter_column);
    if (!py_is_str(args[AL_COLUMN]) && !changes_something(args) &&
        py_payload(args[AL_COLUMN], &sa_column_class))
        return py_none();
    ac->column = sa_name(run, args[AL_COLUMN], "column_name");
    read_alter_keywords(run, ac, py_dict_of(args[AL_KW]));
    ac->type = sa_type_of(run, args[AL_TYPE]);
    ac->existing_type = sa_type_of(run, args[AL_EXISTING_TYPE]);
    ac->nullable = sa_tristate(run, args[AL_NULLABLE]);
    ac->existing_nullable = sa_tristate(run, args[AL_EXISTING_NULLABLE]);
    if (is_given(args[AL_DEFAULT])) {
        ac->has_server_default = true;
        read_default(run, args[AL_DEFAULT], &ac->server_default, &ac->identity, &ac->computed);
    }
    if (is_given(args[AL_EXISTING_DEFAULT])) {
        ac->has_existing_server_default = true;
        read_default(run, args[AL_EXISTING_DEFAULT], &ac->existing_server_default,
                     &ac->existing_identity, &ac->existing_computed);
    }
    if (is_given(args[AL_COMMENT])) {
        ac->has_comment = true;
        ac->comment = sa_text_or_null(run, args[AL_COMMENT], "comment");
    }
    ac->existing_comment = sa_text_or_null(run, args[AL_EXISTING_COMMENT], "existing_comment");
    if (!py_is_none(args[AL_NEW_NAME]))
        ac->new_name = sa_name(run, args[AL_NEW_NAME], "new_column_name");
    if (ac->type && ac->existing_type)
        ac->drop_check = bound_check(run, args, args[AL_EXISTING_TYPE]);
    if (ac->type)
        ac->add_check = bound_check(run, args, args[AL_TYPE]);
    struct op *op = host_new_op(run, OP_ALTER_COLUMN);
    op_set_table(run, op, args[AL_TABLE], args[AL_SCHEMA]);
    op->as.alter_column = ac;
    host_push_op(run, op);
    return py_none();
}
