/*
 * Parameters that are given with a statement: connection.execute(statement, parameters). They are
 * executed with it; Alembic's offline printing leaves them out and prints NULL for what they would
 * fill in.
 */
#include "config.h"

#include "alembic/host.h"
#include "alembic/sa_dml.h"
#include "base/str.h"

/* The statement with one set of parameters: names of columns are values, the rest binds. */
static struct py_value with_parameters(struct py_run *run, struct py_value statement,
                                       const struct py_dict *set)
{
    const struct expr *e = sa_expr_of(run, statement);
    struct py_value values = py_new_dict(run), binds = py_new_dict(run), key, value;
    bool marked = statement.mark != 0;

    for (size_t i = 0; py_dict_next(set, &i, &key, &value);) {
        const char *name = py_as_string(run, key, "parameter");
        bool column = false;
        marked = marked || py_is_marked(run, value);
        if (e->kind == EXPR_INSERT || e->kind == EXPR_UPDATE)
            column = sa_has_column(e->as.dml->table, name);
        py_dict_put(run, py_dict_of(column ? values : binds), key, value);
    }
    if (py_dict_of(values)->table.len > 0)
        statement = py_call_method(run, statement, "values", &values, 1);
    if (py_dict_of(binds)->table.len > 0)
        statement =
            sa_object_like(run, statement,
                           sa_with_parameters(run, sa_expr_of(run, statement), py_dict_of(binds)));
    return marked ? py_marked(statement) : statement;
}

/* The first set of parameters, or NULL. */
static const struct py_dict *first_set(struct py_run *run, struct py_value parameters)
{
    if (py_is_dict(parameters))
        return py_dict_of(parameters);
    struct py_tuple *sets = py_items(run, parameters);
    return sets->len > 0 && py_is_dict(sets->items[0]) ? py_dict_of(sets->items[0]) : NULL;
}

/* The statement as it is printed: without the parameters that were given. */
static struct py_value without_parameters(struct py_run *run, struct py_value statement,
                                          const struct py_dict *given)
{
    struct py_value nulls = py_new_dict(run), key, value;

    for (size_t i = 0; given && py_dict_next(given, &i, &key, &value);)
        py_dict_put(run, py_dict_of(nulls), key, py_none());
    if (py_dict_of(nulls)->table.len == 0)
        return statement;
    struct expr *printed =
        arena_memdup(py_arena(run),
                     sa_with_parameters(run, sa_expr_of(run, statement), py_dict_of(nulls)),
                     sizeof(*printed));
    printed->as.parameters.only_unset = true;
    return sa_object_like(run, statement, printed);
}

void sa_execute_with(struct py_run *run, struct py_value statement, struct py_value parameters,
                     void (*each)(struct py_run *run, struct py_value statement))
{
    struct py_tuple *sets;

    if (py_is_unset(parameters) || !sa_expr_of(run, statement)) {
        each(run, statement);
    } else if (alembic_host(run)->to_print) {
        each(run, without_parameters(run, statement, first_set(run, parameters)));
    } else if (py_is_dict(parameters)) {
        each(run, with_parameters(run, statement, py_dict_of(parameters)));
    } else {
        sets = py_items(run, parameters);
        if (sets->len == 0)
            each(run, statement);
        for (size_t i = 0; i < sets->len; i++) {
            py_step(run);
            if (!py_is_dict(sets->items[i]))
                py_raise(run, &sa_argument_error_class,
                         "List argument must consist only of tuples or dictionaries");
            each(run, with_parameters(run, statement, py_dict_of(sets->items[i])));
        }
    }
}
