/* Going on behind a statement that was refused (py_config.recover). */
#include "config.h"

#include "python/binding.h"
#include "python/interp.h"

/* What the names of the statement become. */
struct binding {
    struct py_run *run;
    struct py_frame *frame;
    const struct py_refused *refused;
};

static void bind_unknown(const struct py_name *name, const struct py_node *node, void *payload)
{
    const struct binding *b = payload;
    (void)node;
    struct py_value v =
        py_new_unknown(b->run, b->refused->refusal, name->text, b->refused->reason);
    struct py_unknown *unknown = (struct py_unknown *)v.object;
    unknown->file = b->refused->place.file;
    unknown->line = b->refused->place.line;
    unknown->column = b->refused->place.column;
    py_dict_put_name(b->run, b->frame->namespace, name->text, v);
}

static void count(const struct py_name *name, const struct py_node *node, void *payload)
{
    (void)name;
    (void)node;
    ++*(size_t *)payload;
}

bool py_recover(struct py_run *run, struct py_frame *frame, const struct py_node *statement)
{
    const struct py_refused refused = {
        .refusal = run->refusal,
        .reason = run->reason,
        .place = run->place,
        .statement = statement,
        .source = frame->module->source,
        .module = frame->module->name,
        .in_class = frame->scope->kind == PY_SCOPE_CLASS,
    };
    size_t names = 0;
    py_statement_bindings(statement, count, &names);
    /* What a class would be without a statement that names nothing cannot be told. */
    if (refused.in_class && names == 0)
        return false;
    frame->node = statement;
    if (!run->config.recover(run, &refused, run->config.payload))
        return false;
    struct binding b = {run, frame, &refused};
    py_statement_bindings(statement, bind_unknown, &b);
    return true;
}
