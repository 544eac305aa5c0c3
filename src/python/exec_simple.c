/* Statements that are done at once: assignments, raise, assert, def and class. */
#include "config.h"

#include "python/exec_private.h"

/* ------------------------------------------------------------------ simple statements */

void py_exec_assign(struct py_run *run, const struct py_node *node, struct py_value v)
{
    for (uint32_t i = 0; i < node->as.assign.targets.count; i++)
        py_assign(run, node->as.assign.targets.at[i], v);
}

void py_exec_aug_assign(struct py_run *run, const struct py_node *node, struct py_value sent,
                     bool resumed)
{
    const struct py_node *target = node->as.aug_assign.target;
    struct py_value object = py_absent(), key = py_absent(), old;
    if (target->kind == PY_NODE_ATTRIBUTE) {
        object = py_eval(run, target->as.attribute.value);
        old = py_get_attr(run, object, target->as.attribute.name);
    } else if (target->kind == PY_NODE_SUBSCRIPT) {
        object = py_eval(run, target->as.subscript.value);
        key = py_eval(run, target->as.subscript.index);
        run->frame->node = target;
        old = py_getitem(run, object, key);
    } else {
        old = py_load_ref(run, &target->as.name);
    }
    struct py_value v = resumed ? sent : py_eval(run, node->as.aug_assign.value);
    run->frame->node = node;
    v = py_inplace(run, node->as.aug_assign.op, old, v);
    if (target->kind == PY_NODE_ATTRIBUTE)
        py_set_attr(run, object, target->as.attribute.name, v);
    else if (target->kind == PY_NODE_SUBSCRIPT)
        py_setitem(run, object, key, v);
    else
        py_store_ref(run, &target->as.name, v);
}

void py_exec_raise(struct py_run *run, const struct py_node *node)
{
    if (!node->as.raise.exception) {
        struct py_value current = py_current_exception(run);
        if (current.kind == PY_ABSENT)
            py_raise(run, &py_runtime_error_class, "No active exception to reraise");
        py_throw_exception(run, current);
    }
    struct py_value v = py_eval(run, node->as.raise.exception);
    run->frame->node = node;
    py_require_known(run, v);
    if (py_is_class(v) && py_class_is(py_type_of(v), &py_base_exception_class))
        v = py_call(run, v, NULL, 0, NULL);
    if (!py_isinstance(run, v, &py_base_exception_class))
        py_raise(run, &py_type_error_class, "exceptions must derive from BaseException");
    if (node->as.raise.cause) {
        struct py_value cause = py_eval(run, node->as.raise.cause);
        run->frame->node = node;
        if (py_is_class(cause))
            cause = py_call(run, cause, NULL, 0, NULL);
        if (cause.kind != PY_NONE && !py_isinstance(run, cause, &py_base_exception_class))
            py_raise(run, &py_type_error_class,
                     "exception causes must derive from BaseException");
        struct py_exception *e = py_exception_of(v);
        e->cause = cause;
        e->suppress_context = true;
    }
    py_raise_value(run, v);
}

void py_exec_assert(struct py_run *run, const struct py_node *node)
{
    struct py_value test = py_eval(run, node->as.assertion.test);
    run->frame->node = node;
    if (py_truth(run, test))
        return;
    struct py_value args[1];
    size_t count = 0;
    if (node->as.assertion.message)
        args[count++] = py_eval(run, node->as.assertion.message);
    run->frame->node = node;
    py_raise_value(run, py_new_exception(run, py_builtin(run, PY_T_assertion_error), args, count));
}

static struct py_value decorate(struct py_run *run, const struct py_nodes *decorators,
                                const struct py_value *functions, struct py_value v)
{
    for (uint32_t i = decorators->count; i-- > 0;) {
        run->frame->node = decorators->at[i];
        v = py_call(run, functions[i], &v, 1, NULL);
    }
    return v;
}

static struct py_value *eval_decorators(struct py_run *run, const struct py_nodes *decorators)
{
    if (decorators->count == 0)
        return NULL;
    struct py_value *list = py_alloc(run, decorators->count * sizeof(*list));
    for (uint32_t i = 0; i < decorators->count; i++)
        list[i] = py_eval(run, decorators->at[i]);
    return list;
}

void py_exec_def(struct py_run *run, const struct py_node *node)
{
    const struct py_function *fn = node->as.function;
    struct py_value *decorators = eval_decorators(run, &fn->decorators);
    struct py_frame frame = {0};
    struct py_frame *outer = py_enter_type_params(run, fn->type_params, &frame);
    struct py_value f = py_make_closure(run, fn, NULL);
    run->frame = outer;
    py_store_ref(run, &fn->ref, decorate(run, &fn->decorators, decorators, f));
}

static void put_docstring(struct py_run *run, struct py_dict *namespace,
                          const struct py_nodes *body)
{
    const struct py_node *doc = py_docstring(body);
    if (doc)
        py_dict_put_name(run, namespace, "__doc__", py_eval(run, doc));
}

static struct py_value class_body(struct py_run *run, const struct py_class *def,
                                  const char *qualname, struct py_value bases)
{
    enum { BLOCKS = 4 };
    struct py_block blocks[BLOCKS];
    struct py_value cell = py_absent();
    struct py_frame frame = {.name = def->ref.name->text};
    frame.blocks.at = blocks;
    frame.blocks.cap = BLOCKS;
    frame.cells = py_take_cells(run, def->scope);
    py_frame_init(run, &frame, def->scope);
    if (def->scope->class_cell) {
        cell = py_new_cell(run, py_absent());
        frame.slots = &cell;
    }
    frame.qualname = qualname;
    frame.enum_base = py_enum_base(bases);
    struct py_value ns = py_new_dict(run);
    frame.namespace = py_dict_of(ns);
    py_dict_put_name(run, frame.namespace, "__module__", py_new_str(run, frame.module->name));
    py_dict_put_name(run, frame.namespace, "__qualname__", py_new_str(run, qualname));
    py_enter(run);
    run->frame = &frame;
    put_docstring(run, frame.namespace, &def->body);
    frame.recovers = run->config.recover && !frame.module->embedded;
    py_run_body(run, &frame, &def->body);
    run->frame = frame.back;
    py_leave(run);
    if (cell.kind != PY_ABSENT)
        py_dict_put_name(run, frame.namespace, "__classcell__", cell);
    return ns;
}

void py_exec_class(struct py_run *run, const struct py_node *node)
{
    const struct py_class *def = node->as.class_def;
    struct py_value *decorators = eval_decorators(run, &def->decorators);
    struct py_frame params = {0};
    const struct py_frame *f = run->frame;
    const char *name = def->ref.name->text, *qualname = name;
    if (f->qualname && f->scope->kind == PY_SCOPE_CLASS)
        qualname = arena_printf(run->arena, "%s.%s", f->qualname, name);
    else if (f->qualname)
        qualname = arena_printf(run->arena, "%s.<locals>.%s", f->qualname, name);
    struct py_frame *outer = py_enter_type_params(run, def->type_params, &params);
    struct py_value bases = py_new_list(run), item;
    for (uint32_t i = 0; i < def->bases.count; i++) {
        const struct py_node *b = def->bases.at[i];
        if (b->kind != PY_NODE_STARRED) {
            py_list_append(run, bases, py_eval(run, b));
            continue;
        }
        struct py_value it = py_iter(run, py_eval(run, b->as.value));
        while (py_next(run, it, &item))
            py_list_append(run, bases, item);
    }
    struct py_dict *kwargs = py_dict_of(py_new_dict(run));
    for (uint32_t i = 0; i < def->keywords.count; i++) {
        struct py_value v = py_eval(run, def->keywords.at[i].value);
        struct py_value key, value;
        if (def->keywords.at[i].name) {
            py_dict_put_name(run, kwargs, def->keywords.at[i].name->text, v);
            continue;
        }
        py_require_known(run, v);
        for (size_t k = 0; py_is_dict(v) && py_dict_next(py_dict_of(v), &k, &key, &value);)
            py_dict_put(run, kwargs, key, value);
    }
    bases = py_new_tuple(run, py_list_of(bases)->items, py_list_of(bases)->len);
    struct py_value ns = class_body(run, def, qualname, bases);
    run->frame->node = node;
    run->class_statement = node;
    struct py_value cls = py_build_class(run, name, bases, py_dict_of(ns), kwargs);
    run->class_statement = NULL;
    run->frame = outer;
    run->frame->node = node;
    py_store_ref(run, &def->ref, decorate(run, &def->decorators, decorators, cls));
}
