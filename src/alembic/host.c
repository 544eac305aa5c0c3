#include "config.h"

#include "alembic/host.h"

#include <ctype.h>

#include "alembic/alembic_exc.h"
#include "alembic/sa_expr.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

const struct py_native_class alembic_command_error_class = {
    .name = "CommandError",
    .module = "alembic.util.exc",
    .bases = PY_BASES(&py_exception_class),
};

struct op_origin host_origin(struct py_run *run)
{
    const struct alembic_host *host = alembic_host(run);
    struct py_place here = py_where(run), outermost = {0};
    if (host->path)
        outermost = py_where_in(run, host->path);
    return (struct op_origin){
        .file = here.file,
        .line = here.line,
        .column = here.column,
        .revision_line = outermost.line,
        .revision_end = outermost.end_line,
    };
}

struct op *host_new_op(struct py_run *run, enum op_kind kind)
{
    struct alembic_host *host = alembic_host(run);
    if (!host->in_revision)
        py_raise(run, &py_name_error_class,
                 "Can't invoke function '%s', as the proxy object has not yet been established for "
                 "the Alembic 'Operations' class.  Try placing this code inside a callable.",
                 op_directive(kind));
    struct op *op = PY_NEW(run, struct op);
    op->kind = kind;
    op->origin = host_origin(run);
    return op;
}

void host_push_op(struct py_run *run, struct op *op)
{
    vec_push(py_arena(run), &alembic_host(run)->ops, op);
}

struct op *host_add_op(struct py_run *run, enum op_kind kind)
{
    struct op *op = host_new_op(run, kind);
    host_push_op(run, op);
    return op;
}

/* The exception classes that pure functions raise by name, and how many letters the prefix has. */
static const struct py_native_class *find_class(const char *message, size_t *prefix)
{
    static const struct {
        const char *name;
        const struct py_native_class *cls;
    } known[] = {
        {"sqlalchemy.exc.CompileError", &sa_compile_error_class},
        {"sqlalchemy.exc.ArgumentError", &sa_argument_error_class},
        {"sqlalchemy.exc.InvalidRequestError", &sa_invalid_request_error_class},
        {"sqlalchemy.exc.IdentifierError", &sa_identifier_error_class},
        {"sqlalchemy.exc.DuplicateColumnError", &sa_duplicate_column_error_class},
        {"sqlalchemy.exc.NoReferencedTableError", &sa_no_referenced_table_error_class},
        {"sqlalchemy.exc.ConstraintColumnNotFoundError",
         &sa_constraint_column_not_found_error_class},
        {"alembic.util.exc.CommandError", &alembic_command_error_class},
        {"KeyError", &py_key_error_class},
        {"TypeError", &py_type_error_class},
    };
    for (size_t i = 0; i < sizeof(known) / sizeof(known[0]); i++) {
        size_t len = strlen(known[i].name);
        if (strncmp(message, known[i].name, len) == 0 && message[len] == ':') {
            *prefix = len + 1 + (message[len + 1] == ' ');
            return known[i].cls;
        }
    }
    return NULL;
}

void host_raise(struct py_run *run, struct err *err)
{
    const char *message = arena_strdup(py_arena(run), err->message);
    bool raised = err->code == ERR_RAISED;
    err_clear(err);
    size_t prefix = 0;
    const struct py_native_class *cls = raised ? find_class(message, &prefix) : NULL;
    if (!cls)
        py_refuse(run, PY_REFUSE_NAMING, "%s", message);
    py_raise(run, cls, "%s", message + prefix);
}
