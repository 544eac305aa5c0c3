/* sqlmodel.Field() and Relationship(). */
#include "config.h"

#include "alembic/sqlmodel.h"

#include "alembic/versions.h"

#include "base/str.h"

/* Parameters of Field() in SQLModel's order; those that say nothing of the database have no name
 * here beside their row. */
enum {
    ARG_DEFAULT,
    ARG_FACTORY,
    ARG_ALIAS,
    ARG_VALIDATION_ALIAS,
    ARG_MAX_DIGITS,
    ARG_DECIMAL_PLACES,
    ARG_MAX_LENGTH,
    ARG_SCHEMA_EXTRA,
    ARG_SQL /* the first of enum sqlmodel_parameter */
};

const struct py_arg sqlmodel_field_args[] = {
    [ARG_DEFAULT] = PY_DEFAULTED("default"),
    [ARG_FACTORY] = PY_KEYWORD_DEFAULTED("default_factory"),
    [ARG_ALIAS] = PY_KEYWORD_DEFAULTED("alias"),
    [ARG_VALIDATION_ALIAS] = PY_KEYWORD_DEFAULTED("validation_alias"),
    [ARG_MAX_DIGITS] = PY_KEYWORD_DEFAULTED("max_digits"),
    [ARG_DECIMAL_PLACES] = PY_KEYWORD_DEFAULTED("decimal_places"),
    [ARG_MAX_LENGTH] = PY_KEYWORD_DEFAULTED("max_length"),
    [ARG_SCHEMA_EXTRA] = PY_KEYWORD_DEFAULTED("schema_extra"),
    [ARG_SQL + SQLMODEL_COLUMN_ARGS] = PY_KEYWORD_DEFAULTED("sa_column_args"),
    [ARG_SQL + SQLMODEL_COLUMN_KWARGS] = PY_KEYWORD_DEFAULTED("sa_column_kwargs"),
    [ARG_SQL + SQLMODEL_PRIMARY_KEY] = PY_KEYWORD_DEFAULTED("primary_key"),
    [ARG_SQL + SQLMODEL_NULLABLE] = PY_KEYWORD_DEFAULTED("nullable"),
    [ARG_SQL + SQLMODEL_FOREIGN_KEY] = PY_KEYWORD_DEFAULTED("foreign_key"),
    [ARG_SQL + SQLMODEL_ONDELETE] = PY_KEYWORD_DEFAULTED("ondelete"),
    [ARG_SQL + SQLMODEL_UNIQUE] = PY_KEYWORD_DEFAULTED("unique"),
    [ARG_SQL + SQLMODEL_INDEX] = PY_KEYWORD_DEFAULTED("index"),
    [ARG_SQL + SQLMODEL_TYPE] = PY_KEYWORD_DEFAULTED("sa_type"),
    [ARG_SQL + SQLMODEL_COLUMN] = PY_KEYWORD_DEFAULTED("sa_column"),
    PY_KEYWORD_DEFAULTED("serialization_alias"),
    PY_KEYWORD_DEFAULTED("title"),
    PY_KEYWORD_DEFAULTED("description"),
    PY_KEYWORD_DEFAULTED("exclude"),
    PY_KEYWORD_DEFAULTED("include"),
    PY_KEYWORD_DEFAULTED("const"),
    PY_KEYWORD_DEFAULTED("gt"),
    PY_KEYWORD_DEFAULTED("ge"),
    PY_KEYWORD_DEFAULTED("lt"),
    PY_KEYWORD_DEFAULTED("le"),
    PY_KEYWORD_DEFAULTED("multiple_of"),
    PY_KEYWORD_DEFAULTED("min_items"),
    PY_KEYWORD_DEFAULTED("max_items"),
    PY_KEYWORD_DEFAULTED("unique_items"),
    PY_KEYWORD_DEFAULTED("min_length"),
    PY_KEYWORD_DEFAULTED("allow_mutation"),
    PY_KEYWORD_DEFAULTED("regex"),
    PY_KEYWORD_DEFAULTED("discriminator"),
    PY_KEYWORD_DEFAULTED("repr"),
    PY_ARGS_END,
};

static bool is_given(const struct py_value *sql, enum sqlmodel_parameter p)
{
    return !py_is_absent(sql[p]);
}

/* Old versions leave out what stands beside a sa_column, but for the first two. */
static void check_parameters(struct py_run *run, const struct py_value *sql)
{
    for (int p = 0; is_given(sql, SQLMODEL_COLUMN) && p < SQLMODEL_COLUMN; p++)
        if (is_given(sql, p) && (p <= SQLMODEL_COLUMN_KWARGS || !sqlmodel_is_old(run)))
            py_raise(run, &py_runtime_error_class,
                     "Passing %s is not supported when also passing a sa_column",
                     sqlmodel_field_args[ARG_SQL + p].name);
    if (is_given(sql, SQLMODEL_ONDELETE) && !is_given(sql, SQLMODEL_FOREIGN_KEY))
        py_raise(run, &py_runtime_error_class, "ondelete can only be used with foreign_key");
}

/* The keywords that make pydantic's limits; schema_extra overrides them. */
static struct pydantic_limit read_limit(struct py_run *run, const struct py_value *args)
{
    static const int rows[] = {ARG_MAX_LENGTH, ARG_MAX_DIGITS, ARG_DECIMAL_PLACES};
    if (py_is_unset(args[ARG_MAX_LENGTH]) && py_is_unset(args[ARG_MAX_DIGITS]) &&
        py_is_unset(args[ARG_DECIMAL_PLACES]) && py_is_unset(args[ARG_SCHEMA_EXTRA]))
        return (struct pydantic_limit){.given = false};
    struct py_value kw = py_new_dict(run), key, value;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (!py_is_absent(args[rows[i]]))
            py_dict_put_name(run, py_dict_of(kw), sqlmodel_field_args[rows[i]].name, args[rows[i]]);
    struct py_value extra = args[ARG_SCHEMA_EXTRA];
    for (size_t i = 0; py_is_dict(extra) && py_dict_next(py_dict_of(extra), &i, &key, &value);)
        py_dict_put(run, py_dict_of(kw), key, value);
    return pydantic_limit_of(py_dict_of(kw));
}

struct py_value sqlmodel_field(struct py_run *run, struct py_call *call)
{
    const struct py_value *args = call->args;
    check_parameters(run, args + ARG_SQL);
    void *payload;
    struct py_value v = py_new(run, &pydantic_field_class, &payload);
    struct pydantic_field *f = payload;
    struct sqlmodel_parameters *sql = PY_NEW(run, struct sqlmodel_parameters);
    for (int p = 0; p < SQLMODEL_PARAMETERS; p++)
        sql->at[p] = args[ARG_SQL + p];
    f->sql = sql;
    f->is_required = args[ARG_DEFAULT].kind == PY_ELLIPSIS;
    f->fallback = f->is_required ? py_absent() : args[ARG_DEFAULT];
    f->factory = args[ARG_FACTORY];
    if (!py_is_absent(f->fallback) && !py_is_unset(f->factory))
        py_raise(run, &py_type_error_class, "cannot specify both default and default_factory");
    f->alias = py_is_absent(args[ARG_VALIDATION_ALIAS]) ? args[ARG_ALIAS]
                                                        : args[ARG_VALIDATION_ALIAS];
    f->limit = read_limit(run, args);
    return v;
}

/* ------------------------------------------------------------------ Relationship */

enum { REL_BACK, REL_CASCADE, REL_PASSIVE, REL_LINK, REL_GIVEN, REL_ARGS, REL_KWARGS };
static const struct py_arg relationship_args[] = {
    [REL_BACK] = PY_KEYWORD_ONLY("back_populates"),
    [REL_CASCADE] = PY_KEYWORD_ONLY("cascade_delete"),
    [REL_PASSIVE] = PY_KEYWORD_ONLY("passive_deletes"),
    [REL_LINK] = PY_KEYWORD_ONLY("link_model"),
    [REL_GIVEN] = PY_KEYWORD_ONLY("sa_relationship"),
    [REL_ARGS] = PY_KEYWORD_ONLY("sa_relationship_args"),
    [REL_KWARGS] = PY_KEYWORD_ONLY("sa_relationship_kwargs"),
    PY_ARGS_END,
};

static struct py_value relationship_init(struct py_run *run, struct py_call *call)
{
    for (int i = REL_ARGS; !py_is_none(call->args[REL_GIVEN]) && i <= REL_KWARGS; i++)
        if (!py_is_none(call->args[i]))
            py_raise(run, &py_runtime_error_class,
                     "Passing %s is not supported when also passing a sa_relationship",
                     relationship_args[i].name);
    return py_none();
}

static const struct py_member relationship_members[] = {
    PY_METHOD("__init__", relationship_init, relationship_args),
    PY_MEMBERS_END,
};

/* A payload of one byte makes it recognisable. */
const struct py_native_class sqlmodel_relationship_class = {
    .name = "RelationshipInfo",
    .module = "sqlmodel.main",
    .members = relationship_members,
    .payload_size = 1,
};

bool sqlmodel_is_relationship(struct py_value v)
{
    return py_payload(v, &sqlmodel_relationship_class) != NULL;
}
