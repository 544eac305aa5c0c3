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

/* What is annotated in a class stays annotated, as text. */
static void keep_annotation(struct py_run *run, const struct py_frame *f,
                            const struct py_node *node)
{
    if (node->kind != PY_NODE_ANN_ASSIGN || !node->as.ann_assign.simple)
        return;
    const struct py_node *a = node->as.ann_assign.annotation;
    struct py_value all = py_dict_get_name(f->namespace, "__annotations__");
    if (!py_is_dict(all)) {
        all = py_new_dict(run);
        py_dict_put_name(run, f->namespace, "__annotations__", all);
    }
    py_dict_put_name(run, py_dict_of(all), node->as.ann_assign.target->as.name.name->text,
                     py_new_strn(run, f->module->source->text + a->span.start,
                                 a->span.end - a->span.start));
}

/* In a class: whether the statement does nothing but name attributes, one by one. */
static bool names_attributes(const struct py_node *statement)
{
    switch ((int)statement->kind) {
    case PY_NODE_ASSIGN:
    case PY_NODE_ANN_ASSIGN:
    case PY_NODE_FUNCTION_DEF:
    case PY_NODE_ASYNC_FUNCTION_DEF:
    case PY_NODE_CLASS_DEF:
        return true;
    default:
        return false;
    }
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
    /* What a class would be without a statement that names nothing, or several, cannot be told. */
    if (refused.in_class && (names == 0 || !names_attributes(statement)))
        return false;
    frame->node = statement;
    if (!run->config.recover(run, &refused, run->config.payload))
        return false;
    struct binding b = {run, frame, &refused};
    py_statement_bindings(statement, bind_unknown, &b);
    if (refused.in_class)
        keep_annotation(run, frame, statement);
    return true;
}
