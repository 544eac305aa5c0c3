#include "config.h"

#include "alembic/operations.h"

#include "alembic/directives.h"
#include "base/str.h"

/* What the program registered: name to (class, name of its class method), class to function. */
struct registry {
    struct py_value directives, implementations, operations;
};

static const char registry_key;

static const struct py_native_class operations_class, registered_class, register_class;

/* An operation of Alembic's own, kept till it is invoked. */
struct builtin {
    const char *directive;
    struct py_value *args;
    size_t count;
    struct py_dict *kwargs;
};

static const struct py_native_class builtin_class;

static struct registry *registry_of(struct py_run *run)
{
    struct registry *r = py_state(run, &registry_key, sizeof(*r));
    if (py_is_absent(r->directives)) {
        r->directives = py_new_dict(run);
        r->implementations = py_new_dict(run);
        r->operations = py_new(run, &operations_class, NULL);
    }
    return r;
}

/* ------------------------------------------------------------------ calling what was registered */

/* A directive, bound: called with the arguments of op.name(). */
struct registered {
    struct py_value cls;
    const char *method;
};

static struct py_value registered_call(struct py_run *run, struct py_call *call)
{
    const struct registered *d =
        py_require_payload(run, call->self, &registered_class, "directive");
    struct py_value *args = py_alloc(run, (call->count + 1) * sizeof(*args));
    args[0] = registry_of(run)->operations;
    for (size_t i = 0; i < call->count; i++)
        args[i + 1] = call->args[i];
    return py_call(run, py_getattr(run, d->cls, d->method), args, call->count + 1, call->kwargs);
}

static const struct py_member registered_members[] = {
    PY_FUNCTION_ANY("__call__", registered_call),
    PY_MEMBERS_END,
};
static const struct py_native_class registered_class = {
    .name = "directive",
    .module = "alembic.operations.base",
    .members = registered_members,
    .payload_size = sizeof(struct registered),
};

struct py_value operations_find(struct py_run *run, const char *name)
{
    return py_dict_get_name(py_dict_of(registry_of(run)->directives), name);
}

struct py_value operations_proxy(struct py_run *run, struct py_call *call)
{
    (void)call;
    return registry_of(run)->operations;
}

struct py_value operations_invoke(struct py_run *run, struct py_call *call)
{
    struct py_value operation = py_require_known(run, call->args[0]);
    struct builtin *b = py_payload(operation, &builtin_class);
    if (b)
        return py_call(run, py_getattr(run, py_import(run, "alembic.op"), b->directive), b->args,
                       b->count, b->kwargs);
    const struct py_type *cls = py_class(run, operation);
    struct registry *r = registry_of(run);
    for (size_t i = 0; i < cls->mro_len; i++) {
        struct py_value function = py_dict_get(run, py_dict_of(r->implementations),
                                               py_class_value(cls->mro[i]));
        if (py_is_absent(function))
            continue;
        struct py_value args[] = {r->operations, operation};
        return py_call(run, function, args, 2, NULL);
    }
    py_refuse(run, PY_REFUSE_DIRECTIVE, "invoking %s is not supported", cls->name);
}

/* ------------------------------------------------------------------ alembic.operations.ops */

/* The operation classes that stand for a directive: made with its arguments, schema after them. */
static struct py_value builtin_init(struct py_run *run, struct py_call *call)
{
    static const struct {
        const char *cls, *directive;
        size_t positional;
    } rows[] = {
        {"RenameTableOp", "rename_table", 2}, {"DropTableOp", "drop_table", 1},
        {"AddColumnOp", "add_column", 2},     {"DropColumnOp", "drop_column", 2},
        {"CreateIndexOp", "create_index", 3}, {"ExecuteSQLOp", "execute", 1},
        {"CreateTableOp", "create_table", 2}, {"BulkInsertOp", "bulk_insert", 2},
    };
    struct builtin *b = py_require_payload(run, call->self, &builtin_class, "operation");
    const char *name = py_class_name(run, call->self);
    size_t i = 0;
    while (i < sizeof(rows) / sizeof(rows[0]) && !str_eq(rows[i].cls, name))
        i++;
    if (i == sizeof(rows) / sizeof(rows[0]) || call->count < rows[i].positional ||
        call->count > rows[i].positional + 1)
        py_refuse(run, PY_REFUSE_DIRECTIVE, "this way of making a %s is not supported", name);
    struct py_value columns = call->args[rows[i].positional - 1];
    struct py_tuple *spread = str_eq(rows[i].directive, "create_table") ? py_items(run, columns)
                                                                         : NULL;
    b->directive = rows[i].directive;
    b->kwargs = py_dict_of(py_new_dict(run));
    b->args = py_alloc(run, (call->count + (spread ? spread->len : 0)) * sizeof(*b->args));
    for (size_t j = 0; j < rows[i].positional - (spread ? 1 : 0); j++)
        b->args[b->count++] = call->args[j];
    for (size_t j = 0; spread && j < spread->len; j++)
        b->args[b->count++] = spread->items[j];
    struct py_value key, value;
    for (size_t j = 0; call->kwargs && py_dict_next(call->kwargs, &j, &key, &value);)
        py_dict_put(run, b->kwargs, key, value);
    if (call->count > rows[i].positional)
        py_dict_put_name(run, b->kwargs, "schema", call->args[rows[i].positional]);
    return py_none();
}

static const struct py_member builtin_members[] = {
    PY_FUNCTION_ANY("__init__", builtin_init),
    PY_MEMBERS_END,
};

/* ------------------------------------------------------------------ registering */

/*
 * The decorators: register_operation("name") for a class, implementation_for(class) for a function.
 */
struct registering {
    const char *name, *method; /* NULL: implementation_for */
    struct py_value cls;
};

static struct py_value register_call(struct py_run *run, struct py_call *call)
{
    const struct registering *g =
        py_require_payload(run, call->self, &register_class, "decorator");
    struct registry *r = registry_of(run);
    if (!g->name) {
        py_dict_put(run, py_dict_of(r->implementations), g->cls, call->args[0]);
        return call->args[0];
    }
    struct registered *d;
    struct py_value directive = py_new(run, &registered_class, (void **)&d);
    d->cls = call->args[0];
    d->method = g->method;
    py_dict_put_name(run, py_dict_of(r->directives), g->name, directive);
    return call->args[0];
}

static const struct py_member register_members[] = {
    PY_FUNCTION_N("__call__", register_call, 1, 1),
    PY_MEMBERS_END,
};
static const struct py_native_class register_class = {
    .name = "function",
    .members = register_members,
    .payload_size = sizeof(struct registering),
};

static const struct py_arg register_args[] = {PY_REQUIRED("name"), PY_OPTIONAL("sourcename"),
                                              PY_ARGS_END};

static struct py_value register_operation(struct py_run *run, struct py_call *call)
{
    struct registering *g;
    struct py_value decorator = py_new(run, &register_class, (void **)&g);
    g->name = py_as_string(run, call->args[0], "name");
    g->method = py_is_none(call->args[1]) ? g->name
                                           : py_as_string(run, call->args[1], "sourcename");
    return decorator;
}

static const struct py_arg implementation_args[] = {PY_REQUIRED("op_cls"), PY_DEFAULTED("replace"),
                                                    PY_ARGS_END};

static struct py_value implementation_for(struct py_run *run, struct py_call *call)
{
    struct registering *g;
    struct py_value decorator = py_new(run, &register_class, (void **)&g);
    g->cls = py_require_known(run, call->args[0]);
    return decorator;
}

/* ------------------------------------------------------------------ Operations */

/* operations.execute() and every other directive: what alembic.op has. */
static struct py_value operations_getattr(struct py_run *run, struct py_call *call)
{
    return py_getattr(run, py_import(run, "alembic.op"),
                      py_as_string(run, call->args[0], "name"));
}

static struct py_value operations_context(struct py_run *run, struct py_call *call)
{
    (void)call;
    return migration_context(run);
}

static struct py_value operations_impl(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_getattr(run, migration_context(run), "impl");
}

static const struct py_member operations_members[] = {
    PY_PROPERTY("impl", operations_impl),
    PY_CLASSMETHOD("register_operation", register_operation, register_args),
    PY_CLASSMETHOD("implementation_for", implementation_for, implementation_args),
    PY_PROPERTY("migration_context", operations_context),
    PY_FUNCTION_N("__getattr__", operations_getattr, 1, 1),
    PY_MEMBERS_END,
};
static const struct py_native_class operations_class = {
    .name = "Operations",
    .module = "alembic.operations.base",
    .members = operations_members,
};

static const struct py_native_class migrate_operation_class = {
    .name = "MigrateOperation",
    .module = "alembic.operations.ops",
};

static const struct py_native_class builtin_class = {
    .name = "DirectiveOp",
    .module = "alembic.operations.ops",
    .bases = PY_BASES(&migrate_operation_class),
    .members = builtin_members,
    .payload_size = sizeof(struct builtin),
};

#define BUILTINS(ROW)                                                                              \
    ROW(RenameTableOp) ROW(DropTableOp) ROW(AddColumnOp) ROW(DropColumnOp) ROW(CreateIndexOp)      \
    ROW(ExecuteSQLOp) ROW(CreateTableOp) ROW(BulkInsertOp)

#define BUILTIN(id)                                                                                \
    static const struct py_native_class id##_class = {                                             \
        .name = #id,                                                                               \
        .module = "alembic.operations.ops",                                                        \
        .bases = PY_BASES(&builtin_class),                                                         \
        .payload_size = sizeof(struct builtin),                                                    \
    };
BUILTINS(BUILTIN)
#undef BUILTIN

static const struct py_member module_members[] = {
    PY_CLASS("Operations", &operations_class),
    PY_CLASS("MigrateOperation", &migrate_operation_class),
    PY_MODULE("ops", "alembic.operations.ops"),
    PY_MEMBERS_END,
};
const struct py_native_module alembic_operations_module = {.name = "alembic.operations",
                                                           .members = module_members};

static const struct py_member ops_members[] = {
#define BUILTIN(id) PY_CLASS(#id, &id##_class),
    BUILTINS(BUILTIN)
#undef BUILTIN
    PY_CLASS("MigrateOperation", &migrate_operation_class),
    PY_MEMBERS_END,
};
const struct py_native_module alembic_ops_module = {.name = "alembic.operations.ops",
                                                    .members = ops_members};
