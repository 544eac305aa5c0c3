/*
 * Statements.
 *
 * The statements of a frame run on an explicit stack of blocks (struct py_block), not on the C
 * stack: so a generator is a frame that is left and entered again, and leaving several blocks at
 * once (return, break, an exception) is one loop, unwind(). Only a frame with try or with catches
 * exceptions, and it does so with a single setjmp.
 */
#include "config.h"

#include <string.h>

#include "python/interp.h"

enum step { STEP_ON, STEP_RETURN, STEP_YIELD, STEP_CATCH };

static struct py_block *top(struct py_frame *f)
{
    return &vec_last(&f->blocks);
}

static struct py_block *push(struct py_run *run, struct py_frame *f, enum py_block_kind kind,
                             const struct py_node *node)
{
    struct py_block b = {.kind = kind, .node = node};
    if (f->blocks.len == f->blocks.cap)
        py_alloc(run, 0);
    vec_push(run->arena, &f->blocks, b);
    return top(f);
}

static void pop(struct py_frame *f)
{
    f->blocks.len--;
}

void py_push_body(struct py_run *run, struct py_frame *frame, const struct py_nodes *body)
{
    if (body->count > 0)
        push(run, frame, PY_BLOCK_BODY, NULL)->nodes = body;
}

struct py_value py_current_exception(struct py_run *run)
{
    for (struct py_frame *f = run->frame; f; f = f->back) {
        if (f->leaving.kind != PY_ABSENT)
            return f->leaving;
        for (size_t i = f->blocks.len; i-- > 0;) {
            const struct py_block *b = &f->blocks.at[i];
            if (b->kind == PY_BLOCK_HANDLER ||
                (b->kind == PY_BLOCK_FINALLY && b->action == PY_DO_RAISE))
                return b->value;
        }
    }
    return py_absent();
}

/* ------------------------------------------------------------------ leaving blocks */

static void call_exit(struct py_run *run, struct py_value exit, struct py_value exception,
                      bool *swallowed)
{
    struct py_value args[3] = {py_none(), py_none(), py_none()};
    if (exception.kind != PY_ABSENT) {
        args[0] = py_class_value(py_class(run, exception));
        args[1] = exception;
    }
    struct py_value r = py_await(run, py_call(run, exit, args, 3, NULL)); /* of async with */
    *swallowed = exception.kind != PY_ABSENT && py_truth(run, r);
}

static bool find_handler(struct py_run *run, struct py_frame *f, const struct py_try *t,
                         struct py_value exception)
{
    top(f)->phase = PY_TRY_HANDLER; /* what the clauses raise is not for this try any more */
    for (uint32_t i = 0; i < t->handler_count; i++) {
        const struct py_handler *h = &t->handlers[i];
        if (h->type) {
            struct py_value type = py_eval(run, h->type);
            run->frame->node = h->type;
            if (!py_exception_matches(run, exception, type))
                continue;
        }
        struct py_block *b = push(run, f, PY_BLOCK_HANDLER, NULL);
        b->index = i;
        b->value = exception;
        b->nodes = &h->body;
        py_store_ref(run, &h->ref, exception);
        py_push_body(run, f, &h->body);
        return true;
    }
    return false;
}

/* The name of "except … as name" goes when the clause is left. */
static void leave_handler(struct py_run *run, struct py_frame *f)
{
    uint32_t index = top(f)->index;
    pop(f);
    const struct py_ref *ref = &top(f)->node->as.try_block->handlers[index].ref;
    if (ref->where == PY_WHERE_NONE)
        return;
    py_store_ref(run, ref, py_none());
    py_delete_ref(run, ref);
}

/*
 * Leaves blocks until the action has found what it looks for: true, and the frame goes on. False:
 * the frame is left, by return or exception.
 */
static bool unwind(struct py_run *run, struct py_frame *f, enum py_action action,
                   struct py_value value)
{
    while (f->blocks.len > 0) {
        struct py_block *b = top(f);
        bool swallowed;
        switch (b->kind) {
        case PY_BLOCK_WHILE:
        case PY_BLOCK_FOR:
            if (action == PY_DO_CONTINUE)
                return true;
            pop(f);
            if (action == PY_DO_BREAK)
                return true;
            break;
        case PY_BLOCK_WITH: {
            struct py_value exit = b->value;
            pop(f);
            f->leaving = action == PY_DO_RAISE ? value : py_absent();
            call_exit(run, exit, f->leaving, &swallowed);
            f->leaving = py_absent();
            if (swallowed)
                return true;
            break;
        }
        case PY_BLOCK_TRY: {
            const struct py_try *t = b->node->as.try_block;
            if (action == PY_DO_RAISE && b->phase == PY_TRY_BODY &&
                find_handler(run, f, t, value))
                return true;
            pop(f);
            if (t->finally_body.count == 0)
                break;
            b = push(run, f, PY_BLOCK_FINALLY, NULL);
            b->action = action;
            b->value = value;
            py_push_body(run, f, &t->finally_body);
            return true;
        }
        case PY_BLOCK_HANDLER:
            leave_handler(run, f);
            break;
        case PY_BLOCK_BODY:
        case PY_BLOCK_FINALLY:
        case PY_BLOCK_YIELD_FROM:
            pop(f);
            break;
        }
    }
    return false;
}

/* A with item is entered: its exit is on the block stack, the target is assigned. */
static void enter_with(struct py_run *run, struct py_frame *f, const struct py_node *node,
                       uint32_t i)
{
    const struct py_with_item *item = &node->as.with.items[i];
    bool is_async = node->kind == PY_NODE_ASYNC_WITH;
    const char *exit_name = is_async ? "__aexit__" : "__exit__";
    struct py_value manager = py_eval(run, item->context), entered, raw, exit;
    struct py_type *owner, *exit_owner;
    run->frame->node = item->context;
    if (run->strict)
        py_require_known(run, manager);
    if (py_is_unknown(manager)) {
        if (item->target)
            py_assign(run, item->target, py_call(run, manager, NULL, 0, NULL));
        push(run, f, PY_BLOCK_WITH, node)->value =
            py_getattr(run, manager, exit_name);
        return;
    }
    bool enters = py_special(run, manager, is_async ? "__aenter__" : "__enter__", &raw, &owner);
    if (!enters || !py_special(run, manager, exit_name, &exit, &exit_owner)) {
        if (py_class(run, manager)->partial)
            py_refuse(run, PY_REFUSE_OPERATION, "with %s is not supported",
                      py_class_name(run, manager));
        py_raise(run, &py_type_error_class,
                 "'%s' object does not support the %scontext manager protocol%s",
                 py_class_name(run, manager), is_async ? "asynchronous " : "",
                 !enters ? "" : is_async ? " (missed __aexit__ method)"
                                         : " (missed __exit__ method)");
    }
    exit = py_bind_raw(run, exit, exit_owner, manager, py_class(run, manager));
    entered = py_await(run, py_call_raw(run, raw, owner, manager, NULL, 0, NULL));
    push(run, f, PY_BLOCK_WITH, node)->value = exit;
    if (item->target)
        py_assign(run, item->target, entered);
}

/* ------------------------------------------------------------------ simple statements */

static void exec_assign(struct py_run *run, const struct py_node *node, struct py_value v)
{
    for (uint32_t i = 0; i < node->as.assign.targets.count; i++)
        py_assign(run, node->as.assign.targets.at[i], v);
}

static void exec_aug_assign(struct py_run *run, const struct py_node *node, struct py_value sent,
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

struct annotating {
    const struct py_node *node;
    struct py_value value;
};

static void eval_annotation(struct py_run *run, void *payload)
{
    struct annotating *job = payload;
    job->value = py_eval(run, job->node);
}

/*
 * Annotations of modules and classes are kept; those of local variables are not evaluated. One that
 * names what is not defined yet is kept as text: since Python 3.14 it is evaluated when asked for.
 */
static void note_annotation(struct py_run *run, struct py_frame *f, const struct py_node *node)
{
    if (!node->as.ann_assign.simple || !f->namespace)
        return;
    struct py_value all = py_dict_get_name(f->namespace, "__annotations__");
    if (!py_is_dict(all)) {
        all = py_new_dict(run);
        py_dict_put_name(run, f->namespace, "__annotations__", all);
    }
    const struct py_node *a = node->as.ann_assign.annotation;
    struct annotating job = {.node = a};
    bool as_text = f->module->ast && f->module->ast->future_annotations;
    if (as_text || !py_try(run, eval_annotation, &job, &py_name_error_class, NULL)) {
        const struct source *src = f->module->source;
        job.value = py_new_strn(run, src->text + a->span.start, a->span.end - a->span.start);
    }
    py_dict_put_name(run, py_dict_of(all), node->as.ann_assign.target->as.name.name->text,
                     job.value);
}

static void exec_raise(struct py_run *run, const struct py_node *node)
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

static void exec_assert(struct py_run *run, const struct py_node *node)
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

static void exec_def(struct py_run *run, const struct py_node *node)
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

/* ------------------------------------------------------------------ yield */

static const struct py_node *yield_in(const struct py_node *node)
{
    const struct py_node *value = NULL;
    switch ((int)node->kind) {
    case PY_NODE_EXPR:
    case PY_NODE_RETURN:
        value = node->as.value;
        break;
    case PY_NODE_ASSIGN:
        value = node->as.assign.value;
        break;
    case PY_NODE_ANN_ASSIGN:
        value = node->as.ann_assign.value;
        break;
    case PY_NODE_AUG_ASSIGN:
        value = node->as.aug_assign.value;
        break;
    default:
        break;
    }
    if (value && (value->kind == PY_NODE_YIELD || value->kind == PY_NODE_YIELD_FROM))
        return value;
    return NULL;
}

/* The statement's yield gave v: what remains of it is done. */
static enum step complete(struct py_run *run, struct py_frame *f, const struct py_node *node,
                          struct py_value v, struct py_value *result)
{
    switch ((int)node->kind) {
    case PY_NODE_ASSIGN:
        exec_assign(run, node, v);
        break;
    case PY_NODE_ANN_ASSIGN:
        py_assign(run, node->as.ann_assign.target, v);
        break;
    case PY_NODE_AUG_ASSIGN:
        exec_aug_assign(run, node, v, true);
        break;
    case PY_NODE_RETURN:
        *result = v;
        return unwind(run, f, PY_DO_RETURN, v) ? STEP_ON : STEP_RETURN;
    default:
        break;
    }
    return STEP_ON;
}

static enum step start_yield(struct py_run *run, struct py_frame *f, const struct py_node *node,
                             const struct py_node *yield, struct py_value *result)
{
    struct py_value v = yield->as.value ? py_eval(run, yield->as.value) : py_none();
    if (yield->kind == PY_NODE_YIELD_FROM) {
        run->frame->node = yield;
        struct py_value it = py_iter(run, v);
        struct py_block *b = push(run, f, PY_BLOCK_YIELD_FROM, node);
        b->value = it;
        b->other = py_none();
        return STEP_ON;
    }
    f->resume = node;
    *result = v;
    return STEP_YIELD;
}

static enum step step_yield_from(struct py_run *run, struct py_frame *f, struct py_value *result)
{
    struct py_block *b = top(f);
    struct py_value it = b->value, sent = b->other, item;
    const struct py_node *node = b->node;
    bool thrown = b->phase == 1;
    bool more;
    b->phase = 0;
    b->other = py_none();
    if (it.object->cls->native == &py_generator_class) {
        struct py_gen *gen = (struct py_gen *)it.object;
        more = py_gen_next(run, gen, thrown ? py_none() : sent, thrown ? sent : py_absent(), &item);
        if (!more)
            item = gen->result.kind == PY_ABSENT ? py_none() : gen->result;
    } else {
        if (thrown)
            py_throw_exception(run, sent);
        more = py_next(run, it, &item);
        if (!more)
            item = py_none();
    }
    if (more) {
        f->resume = NULL;
        *result = item;
        return STEP_YIELD;
    }
    pop(f);
    return complete(run, f, node, item, result);
}

/* ------------------------------------------------------------------ the machine */

static enum step leave(struct py_run *run, struct py_frame *f, enum py_action action,
                       struct py_value value, struct py_value *result)
{
    if (unwind(run, f, action, value))
        return STEP_ON;
    if (action == PY_DO_RAISE)
        py_throw_exception(run, value);
    *result = value;
    return STEP_RETURN;
}

static void exec_match(struct py_run *run, struct py_frame *f, const struct py_node *node)
{
    struct py_value subject = py_eval(run, node->as.match.subject);
    for (uint32_t i = 0; i < node->as.match.case_count; i++) {
        const struct py_case *c = &node->as.match.cases[i];
        run->frame->node = c->pattern;
        if (!py_match_pattern(run, c->pattern, subject))
            continue;
        if (c->guard && !py_truth(run, py_eval(run, c->guard)))
            continue;
        py_push_body(run, f, &c->body);
        return;
    }
}

/* Compound statements push blocks; the machine goes on there. */
static enum step exec_compound(struct py_run *run, struct py_frame *f, const struct py_node *node)
{
    struct py_value v;
    switch ((int)node->kind) {
    case PY_NODE_IF:
        v = py_eval(run, node->as.branch.test);
        run->frame->node = node->as.branch.test;
        py_push_body(run, f, py_truth(run, v) ? &node->as.branch.body : &node->as.branch.orelse);
        return STEP_ON;
    case PY_NODE_WHILE:
        push(run, f, PY_BLOCK_WHILE, node);
        return STEP_ON;
    case PY_NODE_FOR:
        v = py_eval(run, node->as.for_loop.iter);
        run->frame->node = node->as.for_loop.iter;
        v = py_iter(run, v);
        push(run, f, PY_BLOCK_FOR, node)->value = v;
        return STEP_ON;
    case PY_NODE_MATCH:
        exec_match(run, f, node);
        return STEP_ON;
    case PY_NODE_TRY:
    case PY_NODE_WITH:
    case PY_NODE_ASYNC_WITH:
        break;
    default:
        py_refuse(run, PY_REFUSE_STATEMENT, "%s is not supported", py_node_kind_name(node->kind));
    }
    if (!f->catches) {
        f->catches = true;
        top(f)->index--;
        return STEP_CATCH;
    }
    if (node->kind == PY_NODE_TRY) {
        push(run, f, PY_BLOCK_TRY, node);
        py_push_body(run, f, &node->as.try_block->body);
        return STEP_ON;
    }
    for (uint32_t i = 0; i < node->as.with.item_count; i++)
        enter_with(run, f, node, i);
    py_push_body(run, f, &node->as.with.body);
    return STEP_ON;
}

static enum step exec_statement(struct py_run *run, struct py_frame *f, const struct py_node *node,
                                struct py_value *result)
{
    struct py_value v;
    f->node = node;
    py_step(run);
    if (f->is_generator) {
        const struct py_node *yield = yield_in(node);
        if (yield)
            return start_yield(run, f, node, yield, result);
    }
    switch ((int)node->kind) {
    case PY_NODE_EXPR:
        if (node->as.value->kind != PY_NODE_CONSTANT) /* nobody asks for a docstring here */
            py_eval(run, node->as.value);
        return STEP_ON;
    case PY_NODE_ASSIGN:
        v = py_eval(run, node->as.assign.value);
        exec_assign(run, node, v);
        return STEP_ON;
    case PY_NODE_ANN_ASSIGN:
        if (node->as.ann_assign.value) {
            v = py_eval(run, node->as.ann_assign.value);
            py_assign(run, node->as.ann_assign.target, v);
        }
        note_annotation(run, f, node);
        return STEP_ON;
    case PY_NODE_AUG_ASSIGN:
        exec_aug_assign(run, node, py_absent(), false);
        return STEP_ON;
    case PY_NODE_RETURN:
        v = node->as.value ? py_eval(run, node->as.value) : py_none();
        return leave(run, f, PY_DO_RETURN, v, result);
    case PY_NODE_BREAK:
        return leave(run, f, PY_DO_BREAK, py_none(), result);
    case PY_NODE_CONTINUE:
        return leave(run, f, PY_DO_CONTINUE, py_none(), result);
    case PY_NODE_FUNCTION_DEF:
    case PY_NODE_ASYNC_FUNCTION_DEF:
        exec_def(run, node);
        return STEP_ON;
    case PY_NODE_CLASS_DEF:
        py_exec_class(run, node);
        return STEP_ON;
    case PY_NODE_IMPORT:
        py_exec_import(run, node);
        return STEP_ON;
    case PY_NODE_IMPORT_FROM:
        py_exec_import_from(run, node);
        return STEP_ON;
    case PY_NODE_RAISE:
        exec_raise(run, node);
        return STEP_ON;
    case PY_NODE_ASSERT:
        exec_assert(run, node);
        return STEP_ON;
    case PY_NODE_DELETE:
        for (uint32_t i = 0; i < node->as.items.count; i++)
            py_delete(run, node->as.items.at[i]);
        return STEP_ON;
    case PY_NODE_PASS:
    case PY_NODE_GLOBAL:
    case PY_NODE_NONLOCAL:
        return STEP_ON;
    default:
        return exec_compound(run, f, node);
    }
}

/* A statement of a body that can do without it: what it pushed goes when it is refused. */
static enum step exec_recovering(struct py_run *run, struct py_frame *f,
                                 const struct py_node *node, struct py_value *result)
{
    struct py_jump jump;
    volatile size_t blocks = f->blocks.len;
    if (PY_CATCH(run, &jump, true) == 0) {
        enum step step = exec_statement(run, f, node, result);
        py_jump_pop(run, &jump);
        return step;
    }
    py_jump_pop(run, &jump);
    if (run->ending != PY_REFUSED)
        py_throw(run);
    enum py_refusal refusal = run->refusal;
    struct py_place place = run->place;
    const char *reason = run->reason;
    if (!py_recover(run, f, node))
        py_end_run(run, PY_REFUSED, refusal, place, reason);
    if (f->blocks.len > blocks)
        f->blocks.len = blocks;
    return STEP_ON;
}

static void step_for(struct py_run *run, struct py_frame *f)
{
    const struct py_node *node = top(f)->node;
    struct py_value it = top(f)->value, item;
    f->node = node->as.for_loop.iter;
    py_step(run);
    if (py_next(run, it, &item)) {
        py_assign(run, node->as.for_loop.target, item);
        py_push_body(run, f, &node->as.for_loop.body);
        return;
    }
    pop(f);
    py_push_body(run, f, &node->as.for_loop.orelse);
}

static void step_while(struct py_run *run, struct py_frame *f)
{
    const struct py_node *node = top(f)->node;
    struct py_value v = py_eval(run, node->as.branch.test);
    f->node = node->as.branch.test;
    py_step(run);
    if (py_truth(run, v)) {
        py_push_body(run, f, &node->as.branch.body);
        return;
    }
    pop(f);
    py_push_body(run, f, &node->as.branch.orelse);
}

/* The part of a try statement that was running has come to its end. */
static void step_try(struct py_run *run, struct py_frame *f)
{
    const struct py_try *t = top(f)->node->as.try_block;
    if (top(f)->phase == PY_TRY_BODY && t->orelse.count > 0) {
        top(f)->phase = PY_TRY_ELSE;
        py_push_body(run, f, &t->orelse);
        return;
    }
    pop(f);
    if (t->finally_body.count == 0)
        return;
    push(run, f, PY_BLOCK_FINALLY, NULL)->action = PY_GO_ON;
    py_push_body(run, f, &t->finally_body);
}

static enum step step_block(struct py_run *run, struct py_frame *f, struct py_value *result)
{
    struct py_block *b = top(f);
    struct py_value v = b->value;
    enum py_action action;
    bool swallowed;
    switch (b->kind) {
    case PY_BLOCK_BODY:
        if (b->index < b->nodes->count && f->recovers)
            return exec_recovering(run, f, b->nodes->at[b->index++], result);
        if (b->index < b->nodes->count)
            return exec_statement(run, f, b->nodes->at[b->index++], result);
        pop(f);
        return STEP_ON;
    case PY_BLOCK_FOR:
        step_for(run, f);
        return STEP_ON;
    case PY_BLOCK_WHILE:
        step_while(run, f);
        return STEP_ON;
    case PY_BLOCK_WITH:
        f->node = b->node;
        pop(f);
        call_exit(run, v, py_absent(), &swallowed);
        return STEP_ON;
    case PY_BLOCK_TRY:
        step_try(run, f);
        return STEP_ON;
    case PY_BLOCK_HANDLER:
        leave_handler(run, f);
        return STEP_ON;
    case PY_BLOCK_FINALLY:
        action = b->action;
        pop(f);
        return action == PY_GO_ON ? STEP_ON : leave(run, f, action, v, result);
    case PY_BLOCK_YIELD_FROM:
        return step_yield_from(run, f, result);
    }
    return STEP_ON;
}

static enum step run_blocks(struct py_run *run, struct py_frame *f, struct py_value *result)
{
    while (f->blocks.len > 0) {
        enum step step = step_block(run, f, result);
        if (step != STEP_ON)
            return step;
    }
    *result = py_none();
    return STEP_RETURN;
}

/* Starts with an exception that is raised in the frame, or with the value a yield gives. */
static enum step start(struct py_run *run, struct py_frame *f, struct py_value *result)
{
    struct py_value thrown = f->thrown, sent = f->sent;
    const struct py_node *node = f->resume;
    f->thrown = f->sent = py_absent();
    f->resume = NULL;
    bool delegates = f->blocks.len > 0 && top(f)->kind == PY_BLOCK_YIELD_FROM;
    if (thrown.kind != PY_ABSENT && f->delegate_throw && delegates) {
        f->delegate_throw = false;
        top(f)->phase = 1;
        top(f)->other = thrown;
    } else if (thrown.kind != PY_ABSENT) {
        f->delegate_throw = false;
        if (!unwind(run, f, PY_DO_RAISE, thrown))
            py_throw_exception(run, thrown);
    } else if (node) {
        enum step step = complete(run, f, node, sent, result);
        if (step != STEP_ON)
            return step;
    } else if (sent.kind != PY_ABSENT && delegates) {
        top(f)->other = sent;
    }
    return run_blocks(run, f, result);
}

static enum step run_catching(struct py_run *run, struct py_frame *f, struct py_value *result)
{
    struct py_jump jump;
    for (;;) {
        if (PY_CATCH(run, &jump, false) == 0) {
            enum step step = start(run, f, result);
            py_jump_pop(run, &jump);
            return step;
        }
        py_jump_pop(run, &jump);
        /* Nothing left that could handle it: it goes on to the caller. */
        if (f->blocks.len == 0)
            py_throw(run);
        f->leaving = py_absent();
        f->thrown = run->exception;
    }
}

enum py_exit py_exec(struct py_run *run, struct py_frame *f, struct py_value *result)
{
    enum step step = f->catches ? STEP_CATCH : start(run, f, result);
    if (step == STEP_CATCH)
        step = run_catching(run, f, result);
    return step == STEP_YIELD ? PY_EXIT_YIELD : PY_EXIT_RETURN;
}

enum py_exit py_exec_resume(struct py_run *run, struct py_frame *f, struct py_value sent,
                            struct py_value thrown, struct py_value *result)
{
    f->sent = sent;
    f->thrown = thrown;
    f->delegate_throw = thrown.kind != PY_ABSENT;
    return py_exec(run, f, result);
}

struct py_value py_run_body(struct py_run *run, struct py_frame *f, const struct py_nodes *body)
{
    struct py_value result = py_none();
    py_push_body(run, f, body);
    py_exec(run, f, &result);
    return result;
}
