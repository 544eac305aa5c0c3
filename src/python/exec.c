/*
 * Statements.
 *
 * The statements of a frame run on an explicit stack of blocks (struct py_block), not on the C
 * stack: so a generator is a frame that is left and entered again, and leaving several blocks at
 * once (return, break, an exception) is one loop, unwind(). Only a frame with try or with catches
 * exceptions, and it does so with a single setjmp.
 */
#include "config.h"

#include "python/exec_private.h"

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
        py_exec_assign(run, node, v);
        break;
    case PY_NODE_ANN_ASSIGN:
        py_assign(run, node->as.ann_assign.target, v);
        break;
    case PY_NODE_AUG_ASSIGN:
        py_exec_aug_assign(run, node, v, true);
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
        py_exec_assign(run, node, v);
        return STEP_ON;
    case PY_NODE_ANN_ASSIGN:
        if (node->as.ann_assign.value) {
            v = py_eval(run, node->as.ann_assign.value);
            py_assign(run, node->as.ann_assign.target, v);
        }
        py_exec_annotation(run, f, node);
        return STEP_ON;
    case PY_NODE_AUG_ASSIGN:
        py_exec_aug_assign(run, node, py_absent(), false);
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
        py_exec_def(run, node);
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
        py_exec_raise(run, node);
        return STEP_ON;
    case PY_NODE_ASSERT:
        py_exec_assert(run, node);
        return STEP_ON;
    case PY_NODE_DELETE:
        for (uint32_t i = 0; i < node->as.items.count; i++)
            py_delete(run, node->as.items.at[i]);
        return STEP_ON;
    case PY_NODE_TYPE_ALIAS:
        py_exec_type_alias(run, node);
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
    py_note_refused(run, f, node, reason);
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
