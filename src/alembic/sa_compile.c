#include "config.h"

#include "alembic/sa_compile.h"

#include "alembic/engine.h"
#include "alembic/host.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

/* What compile() gives. */
struct compiled {
    struct py_value text;
};

enum { BIND, DIALECT, KW };
const struct py_arg sa_compile_args[] = {
    [BIND] = PY_OPTIONAL("bind"),
    [DIALECT] = PY_OPTIONAL("dialect"),
    [KW] = PY_KEYWORDS("kw"),
    PY_ARGS_END,
};

/* ------------------------------------------------------------------ what is asked for */

/* PostgreSQL's dialect without options, or none. */
static unsigned dialect_flags(struct py_run *run, struct py_value dialect)
{
    if (py_is_unset(dialect))
        return OP_TEXT_NO_DIALECT;
    const struct engine_dialect *d =
        py_payload(py_require_known(run, dialect), &engine_dialect_class);
    if (!d || d->has_options)
        py_refuse(run, PY_REFUSE_CONSTRUCT,
                  "compile() with a dialect other than postgresql.dialect() is not supported");
    return 0;
}

/* compile_kwargs: nothing but literal_binds. */
static unsigned literal_flags(struct py_run *run, struct py_value kwargs)
{
    struct py_value key, value;
    unsigned flags = 0;
    if (py_is_absent(kwargs) || py_is_none(kwargs))
        return 0;
    if (!py_is_dict(py_require_known(run, kwargs)))
        py_refuse(run, PY_REFUSE_CONSTRUCT, "compile_kwargs has to be a dict");
    for (size_t i = 0; py_dict_next(py_dict_of(kwargs), &i, &key, &value);) {
        if (!py_is_str(key) || !str_eq(py_as_string(run, key, "keyword"), "literal_binds"))
            py_refuse(run, PY_REFUSE_CONSTRUCT, "compile_kwargs with %s is not supported",
                      py_repr_text(run, key));
        flags = py_truth(run, value) ? OP_TEXT_LITERALS : 0;
    }
    return flags;
}

static unsigned text_flags(struct py_run *run, const struct py_call *call)
{
    struct py_dict *kw = py_dict_of(call->args[KW]);
    struct py_value key;
    unsigned flags = literal_flags(run, py_dict_take_name(run, kw, "compile_kwargs"));
    for (size_t i = 0; py_dict_next(kw, &i, &key, NULL);)
        py_refuse(run, PY_REFUSE_CONSTRUCT, "compile() with %s is not supported",
                  py_str_text(run, key));
    if (!py_is_unset(call->args[BIND]))
        py_refuse(run, PY_REFUSE_CONSTRUCT, "compile() with a bind is not supported");
    return flags | dialect_flags(run, call->args[DIALECT]);
}

/* ------------------------------------------------------------------ its text */

static struct py_value text_of(struct py_run *run, const struct op *op, unsigned flags,
                               struct py_value statement)
{
    op_text_fn op_text = alembic_host(run)->op_text;
    struct err err = ERR_INIT;
    const char *text;
    if (!op_text || py_is_marked(run, statement))
        py_refuse(run, PY_REFUSE_CONSTRUCT, "the text of this %s is not known",
                  py_class_name(run, statement));
    if (op_text(py_arena(run), op, flags, &text, &err))
        return py_new_str(run, text);
    if (err.code == ERR_RAISED)
        host_raise(run, &err);
    const char *reason = arena_strdup(py_arena(run), err.message);
    err_clear(&err);
    py_refuse(run, PY_REFUSE_CONSTRUCT, "%s", reason);
}

struct py_value sa_statement_str(struct py_run *run, const struct op *op, struct py_value v)
{
    return text_of(run, op, OP_TEXT_NO_DIALECT, v);
}

/* ------------------------------------------------------------------ Compiled */

static const struct py_native_class compiled_class;

static struct py_value compiled_text(struct py_run *run, struct py_call *call)
{
    const struct compiled *c = py_require_payload(run, call->self, &compiled_class, "compiled");
    return c->text;
}

static const struct py_member compiled_members[] = {
    PY_FUNCTION_N("__str__", compiled_text, 0, 0),
    PY_PROPERTY("string", compiled_text),
    PY_MEMBERS_END,
};

static const struct py_native_class compiled_class = {
    .name = "Compiled",
    .module = "sqlalchemy.sql.compiler",
    .members = compiled_members,
    .payload_size = sizeof(struct compiled),
    .flags = PY_CLASS_FINAL | PY_CLASS_ABSTRACT,
};

struct py_value sa_compiled(struct py_run *run, const struct op *op, const struct py_call *call)
{
    struct py_value text = text_of(run, op, text_flags(run, call), call->self);
    void *payload;
    struct py_value v = py_new(run, &compiled_class, &payload);
    ((struct compiled *)payload)->text = text;
    return v;
}
