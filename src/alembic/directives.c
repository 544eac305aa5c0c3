#include "config.h"

#include "alembic/directives.h"

#include "alembic/engine.h"
#include "alembic/host.h"
#include "alembic/live.h"
#include "alembic/operations.h"
#include "alembic/sa_create.h"
#include "alembic/sa_expr.h"
#include "alembic/sa_type.h"
#include "base/arena.h"

void op_set_table(struct py_run *run, struct op *op, struct py_value table, struct py_value schema)
{
    struct name name = sa_name(run, table, "table_name");
    op->table = name.text;
    op->table_quote = name.quote;
    if (py_is_unset(schema))
        return;
    struct name qualifier = sa_name(run, schema, "schema");
    op->schema = qualifier.text;
    op->schema_quote = qualifier.quote;
}

void directive_add(struct py_run *run, struct py_value v)
{
    py_require_known(run, v);
    if (py_payload(v, &sa_ddl_element_class)) {
        sa_ddl_execute(run, v);
        return;
    }
    const struct expr *e = sa_executable(run, v);
    struct op *op = host_add_op(run, OP_EXECUTE);
    op->as.execute = e;
    op->nondeterministic = py_is_marked(run, v);
}

void directive_run(struct py_run *run, struct py_value v)
{
    directive_add(run, v);
    live_flush(run);
}

static const struct py_arg execute_args[] = {PY_REQUIRED("sqltext"),
                                             PY_KEYWORD_ONLY("execution_options"), PY_ARGS_END};

static struct py_value op_execute(struct py_run *run, struct py_call *call)
{
    directive_run(run, call->args[0]);
    return py_none();
}

struct py_value op_f(struct py_run *run, struct py_call *call)
{
    return py_construct(run, &sa_conv_class, call->args, 1, NULL);
}

struct py_value op_get_bind(struct py_run *run, struct py_call *call)
{
    (void)call;
    return engine_connection(run);
}

struct py_value op_get_context(struct py_run *run, struct py_call *call)
{
    (void)call;
    return migration_context(run);
}

const struct py_arg op_inline_literal_args[] = {PY_REQUIRED("value"), PY_OPTIONAL("type_"),
                                                PY_ARGS_END};

struct py_value op_inline_literal(struct py_run *run, struct py_call *call)
{
    struct py_value value = call->args[0];
    const struct type *type = sa_type_of(run, call->args[1]);
    if (!type)
        type = sa_type_of_value(run, value);
    return sa_object(run, expr_literal(py_arena(run), sa_literal_of(run, value), type));
}

struct py_value op_run_async(struct py_run *run, struct py_call *call)
{
    (void)call;
    py_raise(run, &py_value_error_class, "Cannot call run_async with a sync engine");
}

/* What alembic.op shows: the directive, carried out at once where a database is at hand. */
#define DIRECTIVE(id, position, table_keyword, schema_keyword)                                     \
    static struct py_value op_##id(struct py_run *run, struct py_call *call)                       \
    {                                                                                              \
        struct py_value result = directive_##id(run, call);                                        \
        live_flush(run);                                                                           \
        return result;                                                                             \
    }
#include "alembic/directives.def"
#undef DIRECTIVE

static const struct py_member op_members[] = {
#define DIRECTIVE(id, position, table_keyword, schema_keyword)                                     \
    PY_FUNCTION(#id, op_##id, directive_##id##_args),
#include "alembic/directives.def"
#undef DIRECTIVE
    PY_FUNCTION("execute", op_execute, execute_args),
    PY_FUNCTION_N("f", op_f, 1, 1),
    PY_FUNCTION_N("get_bind", op_get_bind, 0, 0),
    PY_FUNCTION_N("get_context", op_get_context, 0, 0),
    PY_METHOD("inline_literal", op_inline_literal, op_inline_literal_args),
    PY_FUNCTION_N("invoke", operations_invoke, 1, 1),
    PY_FUNCTION_ANY("run_async", op_run_async),
    PY_VALUE("_proxy", operations_proxy),
    PY_FUNCTION("batch_alter_table", batch_alter_table, batch_alter_table_args),
    PY_MEMBERS_END,
};

/* Not complete: packages that are not read here may register directives of their own. */
const struct py_native_module alembic_op_module = {
    .name = "alembic.op",
    .members = op_members,
    .getattr = operations_find,
};
