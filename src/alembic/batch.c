#include "config.h"

/*
 * op.batch_alter_table(): on PostgreSQL the ordinary ALTERs, done when the block ends; what the
 * block does through op or batch_op.execute() comes before them (spec/ops.md, section 13). Only
 * recreate="always" makes the table anew (batch_recreate.c).
 */

#include "alembic/batch.h"

#include "alembic/directives.h"
#include "alembic/engine.h"
#include "alembic/host.h"
#include "alembic/live.h"
#include "alembic/alembic_exc.h"
#include "alembic/sa_schema.h"
#include "base/str.h"

/* The context manager and what it gives: one object is both. */
struct batch {
    struct py_value table, schema;
    const char *recreate;
    struct batch_copy copy;
    struct batch_change_list pending;
};

static const struct py_native_class batch_class;

static struct batch *batch_of(struct py_run *run, struct py_value v)
{
    return py_require_payload(run, v, &batch_class, "batch");
}

enum { BATCH_TABLE, BATCH_SCHEMA, BATCH_RECREATE, BATCH_REORDERING, BATCH_COPY_FROM,
       BATCH_TABLE_ARGS, BATCH_TABLE_KWARGS };
const struct py_arg batch_alter_table_args[] = {
    [BATCH_TABLE] = PY_REQUIRED("table_name"),
    [BATCH_SCHEMA] = PY_OPTIONAL("schema"),
    [BATCH_RECREATE] = PY_DEFAULTED("recreate"),
    [BATCH_REORDERING] = PY_OPTIONAL("partial_reordering"),
    [BATCH_COPY_FROM] = PY_OPTIONAL("copy_from"),
    [BATCH_TABLE_ARGS] = PY_OPTIONAL("table_args"),
    [BATCH_TABLE_KWARGS] = PY_OPTIONAL("table_kwargs"),
    PY_OPTIONAL("reflect_args"),
    PY_OPTIONAL("reflect_kwargs"),
    PY_OPTIONAL("naming_convention"),
    PY_ARGS_END,
};

struct py_value batch_alter_table(struct py_run *run, struct py_call *call)
{
    struct batch *b;
    struct py_value object = py_new(run, &batch_class, (void **)&b);
    b->table = call->args[BATCH_TABLE];
    b->schema = call->args[BATCH_SCHEMA];
    b->recreate = py_is_absent(call->args[BATCH_RECREATE])
                      ? "auto"
                      : py_as_string(run, call->args[BATCH_RECREATE], "recreate");
    b->copy = (struct batch_copy){
        .table = call->args[BATCH_COPY_FROM],
        .partial_reordering = call->args[BATCH_REORDERING],
        .table_args = call->args[BATCH_TABLE_ARGS],
        .table_kwargs = call->args[BATCH_TABLE_KWARGS],
        .changes = &b->pending,
    };
    if (!str_eq(b->recreate, "auto") && !str_eq(b->recreate, "never") &&
        !str_eq(b->recreate, "always"))
        py_raise(run, &py_value_error_class,
                 "recreate may be one of 'auto', 'always', or 'never'.");
    return object;
}

static struct py_value batch_enter(struct py_run *run, struct py_call *call)
{
    (void)run;
    return call->self;
}

static void recreate(struct py_run *run, const struct batch *b)
{
    if (!py_is_none(b->copy.table)) {
        batch_recreate(run, &b->copy);
        return;
    }
    py_raise(run, &alembic_command_error_class,
             "This operation cannot proceed in --sql mode; batch mode with dialect postgresql "
             "requires a live database connection with which to reflect the table \"%s\". To "
             "generate a batch SQL migration script using table \"move and copy\", a complete "
             "Table object should be passed to the \"copy_from\" argument of the "
             "batch_alter_table() method so that table reflection can be skipped.",
             py_str_text(run, b->table));
}

static struct py_value batch_exit(struct py_run *run, struct py_call *call)
{
    struct batch *b = batch_of(run, call->self);
    if (!py_is_none(call->args[0]))
        return py_bool(false); /* an exception: nothing of the block is done */
    struct alembic_host *host = alembic_host(run);
    if (str_eq(b->recreate, "always"))
        recreate(run, b);
    else
        for (size_t i = 0; i < b->pending.len; i++)
            vec_push(py_arena(run), &host->ops, b->pending.at[i].op);
    b->pending.len = 0;
    live_flush(run);
    return py_bool(false);
}

/* ------------------------------------------------------------------ directives */

/* A directive without its table, as batch_op has it. */
struct batch_row {
    const char *name;
    struct py_member function; /* alembic.op's */
    int position;
    const char *table_keyword, *schema_keyword;
};

static const struct batch_row rows[] = {
#define DIRECTIVE(id, position, table_keyword, schema_keyword)                                     \
    {#id, PY_FUNCTION(#id, directive_##id, directive_##id##_args), position, table_keyword,        \
     schema_keyword},
#include "alembic/directives.def"
#undef DIRECTIVE
};

static const struct batch_row *find_row(const char *name)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++)
        if (str_eq(rows[i].name, name))
            return &rows[i];
    return NULL;
}

/* insert_before= and insert_after= make sense only where the table is made anew. */
static struct batch_change take_placement(struct py_run *run, const struct batch *b,
                                          struct py_dict *kwargs)
{
    struct py_value before = py_dict_take_name(run, kwargs, "insert_before");
    struct py_value after = py_dict_take_name(run, kwargs, "insert_after");
    if ((py_truth(run, before) || py_truth(run, after)) && !str_eq(b->recreate, "always"))
        py_raise(run, &alembic_command_error_class,
                 "Can't specify insert_before or insert_after when using ALTER; please specify "
                 "recreate='always'");
    return (struct batch_change){.before = sa_text_or_null(run, before, "insert_before"),
                                 .after = sa_text_or_null(run, after, "insert_after")};
}

/* Calls alembic.op's directive with the table put in, and keeps what it did for the block's end. */
static struct py_value batch_directive(struct py_run *run, struct py_call *call)
{
    struct batch *b = batch_of(run, call->self);
    const struct batch_row *row = find_row(call->function->name);
    struct alembic_host *host = alembic_host(run);
    struct py_value kwargs = py_new_dict(run), key, value;
    struct py_dict *kw = py_dict_of(kwargs);
    for (size_t i = 0; call->kwargs && py_dict_next(call->kwargs, &i, &key, &value);)
        py_dict_put(run, kw, key, value);
    struct batch_change change = take_placement(run, b, kw);

    struct py_value *args = py_alloc(run, (call->count + 1) * sizeof(*args));
    size_t count = call->count, position = (size_t)row->position;
    bool positional = count >= position;
    for (size_t i = 0; i < count; i++)
        args[i + (positional && i >= position)] = call->args[i];
    if (positional) {
        args[position] = b->table;
        count++;
    } else {
        py_dict_put_name(run, kw, row->table_keyword, b->table);
    }
    py_dict_put_name(run, kw, row->schema_keyword, b->schema);

    live_flush(run);
    size_t before = host->ops.len;
    struct py_value function = py_new_function(run, &row->function, py_absent());
    struct py_value result = py_call(run, function, args, count, kw);
    for (size_t i = before; i < host->ops.len; i++) {
        change.op = host->ops.at[i];
        vec_push(py_arena(run), &b->pending, change);
    }
    host->ops.len = before;
    return result;
}

static const struct py_arg execute_args[] = {PY_REQUIRED("sqltext"),
                                             PY_KEYWORD_ONLY("execution_options"), PY_ARGS_END};

static struct py_value batch_execute(struct py_run *run, struct py_call *call)
{
    directive_run(run, call->args[0]);
    return py_none();
}

static const struct py_member batch_members[] = {
    PY_FUNCTION_N("__enter__", batch_enter, 0, 0),
    PY_FUNCTION_N("__exit__", batch_exit, 3, 3),
#define BATCH(id) PY_FUNCTION_ANY(#id, batch_directive)
    BATCH(add_column),
    BATCH(alter_column),
    BATCH(drop_column),
    BATCH(create_index),
    BATCH(drop_index),
    BATCH(create_primary_key),
    BATCH(create_unique_constraint),
    BATCH(create_foreign_key),
    BATCH(create_check_constraint),
    BATCH(create_exclude_constraint),
    BATCH(drop_constraint),
    BATCH(create_table_comment),
    BATCH(drop_table_comment),
#undef BATCH
    PY_METHOD("execute", batch_execute, execute_args),
    PY_FUNCTION_N("f", op_f, 1, 1),
    PY_FUNCTION_N("get_bind", op_get_bind, 0, 0),
    PY_FUNCTION_N("get_context", op_get_context, 0, 0),
    PY_METHOD("inline_literal", op_inline_literal, op_inline_literal_args),
    PY_FUNCTION_ANY("run_async", op_run_async),
    PY_MEMBERS_END,
};

static const struct py_native_class batch_class = {
    .name = "BatchOperations",
    .module = "alembic.operations.base",
    .members = batch_members,
    .payload_size = sizeof(struct batch),
    .flags = PY_CLASS_COMPLETE,
};
