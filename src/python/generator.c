/* Comprehensions, generator expressions and generator functions. */
#include "config.h"

#include <string.h>

#include "python/interp.h"

/* ------------------------------------------------------------------ comprehensions */

struct py_comp {
    const struct py_comprehension *def;
    struct py_frame frame;
    struct py_value *iterators; /* one for each clause; absent: not started */
    bool started;
};

struct py_comp *py_comp_new(struct py_run *run, const struct py_node *node)
{
    const struct py_comprehension *def = node->as.comprehension;
    struct py_comp *c = PY_NEW(run, struct py_comp);
    c->def = def;
    c->iterators = py_alloc(run, def->clause_count * sizeof(struct py_value));
    struct py_value first = py_eval(run, def->clauses[0].iter);
    run->frame->node = def->clauses[0].iter;
    if (def->clauses[0].is_async)
        py_refuse(run, PY_REFUSE_ASYNC, "an asynchronous comprehension is not supported");
    c->iterators[0] = py_iter(run, first);
    struct py_frame *f = &c->frame;
    f->scope = def->scope;
    f->module = run->frame->module;
    f->globals = run->frame->globals;
    f->namespace = run->frame->namespace;
    f->closure = run->frame->closure;
    f->name = run->frame->name;
    f->qualname = run->frame->qualname;
    f->node = node;
    f->cells = py_take_cells(run, def->scope);
    f->slots = py_alloc(run, (def->scope->slot_count + 1) * sizeof(struct py_value));
    for (uint32_t i = 0; i < def->scope->slot_count; i++) {
        if (def->scope->slots[i].is_cell)
            f->slots[i] = py_new_cell(run, py_absent());
    }
    return c;
}

static bool conditions_hold(struct py_run *run, const struct py_nodes *conditions)
{
    for (uint32_t i = 0; i < conditions->count; i++) {
        if (!py_truth(run, py_eval(run, conditions->at[i])))
            return false;
    }
    return true;
}

static bool advance(struct py_run *run, struct py_comp *c)
{
    const struct py_comprehension *def = c->def;
    size_t last = def->clause_count - 1;
    size_t i = c->started ? last : 0;
    c->started = true;
    for (;;) {
        const struct py_generator *clause = &def->clauses[i];
        struct py_value item;
        if (c->iterators[i].kind == PY_ABSENT) {
            struct py_value v = py_eval(run, clause->iter);
            run->frame->node = clause->iter;
            c->iterators[i] = py_iter(run, v);
        }
        if (!py_next(run, c->iterators[i], &item)) {
            if (i == 0)
                return false;
            c->iterators[i--] = py_absent();
            continue;
        }
        py_assign(run, clause->target, item);
        if (!conditions_hold(run, &clause->conditions))
            continue;
        if (i == last)
            return true;
        i++;
    }
}

bool py_comp_next(struct py_run *run, struct py_comp *c, struct py_value *key,
                  struct py_value *value)
{
    c->frame.back = run->frame;
    py_enter(run);
    run->frame = &c->frame;
    bool more = advance(run, c);
    if (more) {
        *key = py_eval(run, c->def->element);
        if (c->def->value)
            *value = py_eval(run, c->def->value);
    }
    run->frame = c->frame.back;
    py_leave(run);
    return more;
}

/* ------------------------------------------------------------------ generators */

struct py_value py_new_gen(struct py_run *run, struct py_frame *frame)
{
    struct py_gen *gen = py_new_object(run, PY_T_generator, sizeof(*gen));
    gen->frame = frame;
    gen->name = frame ? frame->name : "<genexpr>";
    return py_object(&gen->base);
}

struct resume_job {
    struct py_gen *gen;
    struct py_value sent, thrown, *item;
    bool more;
};

static void resume(struct py_run *run, void *payload)
{
    struct resume_job *job = payload;
    struct py_gen *gen = job->gen;
    struct py_value ignored;
    if (gen->comp) {
        if (job->thrown.kind != PY_ABSENT)
            py_throw_exception(run, job->thrown);
        job->more = py_comp_next(run, gen->comp, job->item, &ignored);
        return;
    }
    struct py_frame *f = gen->frame;
    f->back = run->frame;
    run->frame = f;
    struct py_value sent = gen->started ? job->sent : py_absent();
    if (!gen->started && job->thrown.kind != PY_ABSENT)
        py_throw_exception(run, job->thrown);
    gen->started = true;
    enum py_exit how = py_exec_resume(run, f, sent, job->thrown, job->item);
    run->frame = f->back;
    job->more = how == PY_EXIT_YIELD;
    if (!job->more)
        gen->result = *job->item;
}

/*
 * The next item; false at the end (gen->result is then what it returned). The generator is finished
 * as well when it is left by an exception; a StopIteration becomes a RuntimeError (PEP 479).
 */
bool py_gen_next(struct py_run *run, struct py_gen *gen, struct py_value sent,
                 struct py_value thrown, struct py_value *item)
{
    if (gen->running)
        py_raise(run, &py_value_error_class, "generator already executing");
    if (!gen->frame && !gen->comp) {
        if (thrown.kind != PY_ABSENT)
            py_throw_exception(run, thrown);
        gen->result = py_absent();
        return false;
    }
    if (!gen->started && gen->frame && sent.kind != PY_NONE && thrown.kind == PY_ABSENT)
        py_raise(run, &py_type_error_class,
                 "can't send non-None value to a just-started generator");
    struct resume_job job = {gen, sent, thrown, item, false};
    struct py_value exception = py_absent();
    py_step(run);
    py_enter(run);
    gen->running = true;
    bool ok = py_try(run, resume, &job, &py_base_exception_class, &exception);
    gen->running = false;
    py_leave(run);
    if (!ok || !job.more) {
        gen->frame = NULL;
        gen->comp = NULL;
    }
    if (ok)
        return job.more;
    if (py_isinstance(run, exception, &py_stop_iteration_class)) {
        struct py_value text = py_new_str(run, "generator raised StopIteration");
        struct py_value e = py_new_exception(run, py_builtin(run, PY_T_runtime_error), &text, 1);
        py_exception_of(e)->cause = exception;
        py_raise_value(run, e);
    }
    py_throw_exception(run, exception);
}

struct py_value py_await(struct py_run *run, struct py_value v)
{
    struct py_value item;
    if (v.kind != PY_OBJECT || v.object->cls->native != &py_generator_class)
        return v;
    struct py_gen *gen = (struct py_gen *)v.object;
    if (!gen->is_coroutine)
        py_raise(run, &py_type_error_class, "object generator can't be used in 'await' expression");
    if (!gen->frame)
        py_raise(run, &py_runtime_error_class, "cannot reuse already awaited coroutine");
    py_gen_next(run, gen, py_none(), py_absent(), &item);
    return gen->result.kind == PY_ABSENT ? py_none() : gen->result;
}

static struct py_gen *gen_of(struct py_call *call)
{
    return (struct py_gen *)call->self.object;
}

static PY_NORETURN void stop(struct py_run *run, struct py_gen *gen)
{
    bool value = gen->result.kind > PY_NONE;
    py_raise_value(run, py_new_exception(run, py_builtin(run, PY_T_stop_iteration), &gen->result,
                                         value ? 1 : 0));
}

static struct py_value gen_iter(struct py_run *run, struct py_call *call)
{
    if (gen_of(call)->is_coroutine)
        py_raise(run, &py_type_error_class, "'coroutine' object is not iterable");
    return call->self;
}

static struct py_value gen_next(struct py_run *run, struct py_call *call)
{
    struct py_value item;
    if (!py_gen_next(run, gen_of(call), call->count ? call->args[0] : py_none(), py_absent(),
                     &item))
        stop(run, gen_of(call));
    return item;
}

/* throw(exception), throw(type[, value[, traceback]]) */
static struct py_value gen_throw(struct py_run *run, struct py_call *call)
{
    struct py_value v = py_require_known(run, call->args[0]), item;
    if (py_is_class(v))
        v = call->count > 1 && call->args[1].kind != PY_NONE
                ? (py_isinstance(run, call->args[1], &py_base_exception_class)
                       ? call->args[1]
                       : py_call(run, v, &call->args[1], 1, NULL))
                : py_call(run, v, NULL, 0, NULL);
    if (!py_isinstance(run, v, &py_base_exception_class))
        py_raise(run, &py_type_error_class,
                 "exceptions must be classes or instances deriving from BaseException, not %s",
                 py_class_name(run, v));
    if (!py_gen_next(run, gen_of(call), py_none(), v, &item))
        stop(run, gen_of(call));
    return item;
}

struct close_job {
    struct py_gen *gen;
    bool more;
};

static void close_body(struct py_run *run, void *payload)
{
    struct close_job *job = payload;
    struct py_value item;
    struct py_value e =
        py_new_exception(run, py_builtin(run, PY_T_generator_exit), NULL, 0);
    job->more = py_gen_next(run, job->gen, py_none(), e, &item);
}

static struct py_value gen_close(struct py_run *run, struct py_call *call)
{
    struct close_job job = {gen_of(call), false};
    if (job.gen->frame && job.gen->started &&
        py_try(run, close_body, &job, &py_generator_exit_class, NULL) && job.more)
        py_raise(run, &py_runtime_error_class, "generator ignored GeneratorExit");
    job.gen->frame = NULL;
    job.gen->comp = NULL;
    return py_none();
}

static struct py_value gen_repr(struct py_run *run, struct py_call *call)
{
    run->touched = 1;
    return py_new_strf(run, "<generator object %s at 0x7f0000000000>", gen_of(call)->name);
}

static struct py_value gen_name(struct py_run *run, struct py_call *call)
{
    return py_new_str(run, gen_of(call)->name);
}

static const struct py_member generator_members[] = {
    PY_FUNCTION_N("__iter__", gen_iter, 0, 0),
    PY_FUNCTION_N("__next__", gen_next, 0, 0),
    PY_FUNCTION_N("send", gen_next, 1, 1),
    PY_FUNCTION_N("throw", gen_throw, 1, 3),
    PY_FUNCTION_N("close", gen_close, 0, 0),
    PY_FUNCTION_N("__repr__", gen_repr, 0, 0),
    PY_PROPERTY("__name__", gen_name),
    PY_MEMBERS_END,
};

const struct py_native_class py_generator_class = {
    .name = "generator",
    .members = generator_members,
    .flags = PY_CLASS_COMPLETE | PY_CLASS_FINAL | PY_CLASS_ABSTRACT,
    .layout = PY_LAYOUT_OPAQUE,
};
