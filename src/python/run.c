/* The run: its making, its boundary, its endings and its budgets. */
#include "config.h"

#include "python/run.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/source.h"
#include "base/thread.h"
#include "python/interp.h"
#include "python/parse.h"

static const struct {
    const char *name, *text;
    uint64_t value;
} limit_rows[] = {
#define PY_LIMIT_ROW(name, value, text) {#name, text, value},
#include "python/limits.def"
#undef PY_LIMIT_ROW
};

struct py_run *py_run_new(struct arena *a, const struct py_config *config)
{
    struct py_run *run = ARENA_NEW(a, struct py_run);
    run->arena = a;
    run->config = *config;
    run->limits = config->limits;
    uint64_t *limits = (uint64_t *)&run->limits;
    _Static_assert(sizeof(run->limits) == sizeof(limit_rows) / sizeof(*limit_rows) * 8,
                   "struct py_limits is one uint64_t for each row");
    for (size_t i = 0; i < sizeof(limit_rows) / sizeof(*limit_rows); i++) {
        if (limits[i] == 0)
            limits[i] = limit_rows[i].value;
    }
    run->base_memory = arena_used(a);
    run->names = py_names_new(a);
    return run;
}

struct arena *py_arena(struct py_run *run)
{
    return run->arena;
}

void *py_host(struct py_run *run)
{
    return run->config.host;
}

const struct py_config *py_run_config(const struct py_run *run)
{
    return &run->config;
}

uint64_t py_run_steps(const struct py_run *run)
{
    return run->steps;
}

bool py_run_set_strict(struct py_run *run, bool strict)
{
    bool before = run->strict;
    run->strict = strict;
    return before;
}

void *py_state(struct py_run *run, const void *key, size_t size)
{
    for (struct py_state *s = run->states; s; s = s->next) {
        if (s->key == key)
            return s->memory;
    }
    struct py_state *s = PY_NEW(run, struct py_state);
    s->key = key;
    s->memory = py_alloc(run, size);
    s->next = run->states;
    run->states = s;
    return s->memory;
}

/* ------------------------------------------------------------------ budgets */

/* Where the memory limit is far away, for models, filling it with large pieces is still work. */
void *py_alloc(struct py_run *run, size_t size)
{
    enum { LARGE = 1 << 12 };
    if (size > run->limits.memory ||
        arena_used(run->arena) - run->base_memory > run->limits.memory - size)
        py_limit(run, PY_REFUSE_LIMIT_MEMORY, "more than %llu bytes of memory",
                 (unsigned long long)run->limits.memory);
    if (size >= LARGE)
        py_work(run, (uint64_t)size * 16);
    return arena_alloc(run->arena, size);
}

void py_step(struct py_run *run)
{
    if (++run->steps > run->limits.steps)
        py_limit(run, PY_REFUSE_LIMIT_STEPS, "more than %llu steps",
                 (unsigned long long)run->limits.steps);
    if ((run->steps & 1023) == 0) {
        py_alloc(run, 0);
        if (thread_is_cancelled())
            py_limit(run, PY_REFUSE_LIMIT_STEPS, "cancelled");
    }
}

void py_work(struct py_run *run, uint64_t units)
{
    run->work += units;
    if (run->work < PY_WORK_STEP)
        return;
    run->steps += run->work / PY_WORK_STEP - 1;
    run->work %= PY_WORK_STEP;
    py_step(run);
}

void py_enter(struct py_run *run)
{
    char here;
    const char *p = &here;
    size_t used = run->stack_base > p ? (size_t)(run->stack_base - p) : 0;
    if (run->depth >= run->limits.depth)
        py_limit(run, PY_REFUSE_LIMIT_DEPTH, "calls and expressions nested too deeply");
    if (used > run->limits.stack)
        py_limit(run, PY_REFUSE_LIMIT_DEPTH, "calls and expressions nested too deeply");
    run->depth++;
}

void py_check_items(struct py_run *run, size_t count)
{
    if (count > run->limits.items)
        py_limit(run, PY_REFUSE_LIMIT_ITEMS, "more than %llu items in a collection",
                 (unsigned long long)run->limits.items);
}

void py_check_string(struct py_run *run, uint64_t bytes)
{
    if (bytes > run->limits.string)
        py_limit(run, PY_REFUSE_LIMIT_STRING, "more than %llu bytes in a string",
                 (unsigned long long)run->limits.string);
}

/* ------------------------------------------------------------------ throwing and catching */

void py_jump_push(struct py_run *run, struct py_jump *jump, bool boundary)
{
    jump->prev = run->jump;
    jump->frame = run->frame;
    jump->depth = run->depth;
    jump->boundary = boundary;
    run->jump = jump;
}

void py_jump_pop(struct py_run *run, struct py_jump *jump)
{
    run->jump = jump->prev;
    run->frame = jump->frame;
    run->depth = jump->depth;
}

void py_throw(struct py_run *run)
{
    struct py_jump *jump = run->jump;
    if (run->ending != PY_RAISED) {
        while (!jump->boundary)
            jump = jump->prev;
    }
    run->jump = jump;
    longjmp(jump->buf, 1);
}

void py_end_run(struct py_run *run, enum py_ending ending, enum py_refusal refusal,
                struct py_place place, const char *reason)
{
    run->ending = ending;
    run->refusal = refusal;
    run->place = place;
    run->reason = reason;
    py_throw(run);
}

void py_refuse(struct py_run *run, enum py_refusal refusal, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *reason = arena_vprintf(run->arena, fmt, ap);
    va_end(ap);
    py_end_run(run, PY_REFUSED, refusal, py_where(run), reason);
}

void py_limit(struct py_run *run, enum py_refusal refusal, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *reason = arena_vprintf(run->arena, fmt, ap);
    va_end(ap);
    py_end_run(run, PY_LIMIT, refusal, py_where(run), reason);
}

bool py_try(struct py_run *run, void (*body)(struct py_run *run, void *payload), void *payload,
            const struct py_native_class *cls, struct py_value *exception)
{
    struct py_jump jump;
    if (PY_CATCH(run, &jump, false) == 0) {
        body(run, payload);
        py_jump_pop(run, &jump);
        return true;
    }
    py_jump_pop(run, &jump);
    if (!py_isinstance(run, run->exception, cls))
        py_throw(run);
    if (exception)
        *exception = run->exception;
    return false;
}

/* ------------------------------------------------------------------ places */

struct py_place py_place_of(const struct py_frame *frame)
{
    struct py_place place = {0};
    if (!frame || !frame->module || !frame->module->source)
        return place;
    const struct source *src = frame->module->source;
    const struct span span = frame->node ? frame->node->span : (struct span){0};
    struct place p = source_place(src, span.start);
    return (struct py_place){
        .file = src->path,
        .line = p.line,
        .column = p.column,
        .end_line = source_place(src, span.end > span.start ? span.end - 1 : span.start).line,
    };
}

struct py_place py_where(struct py_run *run)
{
    const struct py_frame *innermost = NULL;
    for (const struct py_frame *f = run->frame; f; f = f->back) {
        if (!f->module || !f->module->source)
            continue;
        if (!f->module->embedded)
            return py_place_of(f);
        innermost = innermost ? innermost : f;
    }
    return py_place_of(innermost);
}

struct py_place py_where_in(struct py_run *run, const char *file)
{
    const struct py_frame *found = NULL;
    for (const struct py_frame *f = run->frame; f; f = f->back) {
        if (f->module && f->module->source &&
            (!file || strcmp(f->module->source->path, file) == 0))
            found = f;
    }
    return py_place_of(found);
}

const char *py_where_function(struct py_run *run)
{
    return run->frame && run->frame->name ? run->frame->name : "<module>";
}

const char *py_where_module(struct py_run *run)
{
    return run->frame && run->frame->module ? run->frame->module->name : "";
}

/* ------------------------------------------------------------------ the boundary */

static void describe_exception(struct py_run *run, void *payload)
{
    struct py_outcome *outcome = payload;
    outcome->message = py_str_text(run, outcome->exception);
}

/*
 * The innermost line of a traceback outside of the library; of the library when all of it is there.
 */
static struct py_place raised_at(struct py_run *run, const struct py_exception *e)
{
    for (size_t i = e->traceback_len; i-- > 0;) {
        const struct py_module_object *m = py_module_of(run, e->traceback[i].file);
        if (!m || !m->embedded)
            return e->traceback[i];
    }
    return e->traceback[e->traceback_len - 1];
}

static void fill_outcome(struct py_run *run, struct py_outcome *outcome)
{
    *outcome = (struct py_outcome){.ending = run->ending, .place = run->place};
    if (run->ending != PY_RAISED) {
        outcome->refusal = run->refusal;
        outcome->reason = run->reason;
        return;
    }
    outcome->exception = run->exception;
    const struct py_type *cls = py_type(run, run->exception);
    outcome->type = strcmp(cls->module, "__main__") == 0 ? cls->qualname : py_type_title(cls);
    struct py_exception *e = py_exception_of(run->exception);
    outcome->traceback = e->traceback;
    outcome->traceback_len = e->traceback_len;
    if (e->traceback_len > 0)
        outcome->place = raised_at(run, e);
    struct py_outcome text;
    struct py_outcome copy = *outcome;
    if (py_run_protect(run, describe_exception, &copy, &text))
        outcome->message = copy.message;
    else
        outcome->message = "<exception str() failed>";
}

bool py_run_protect(struct py_run *run, void (*body)(struct py_run *run, void *payload),
                    void *payload, struct py_outcome *outcome)
{
    struct py_jump jump;
    char here;
    const char *volatile base = run->stack_base;
    struct py_repr_guard *volatile guard = run->repr_guard;
    if (!run->stack_base)
        run->stack_base = &here;
    volatile bool ok = false;
    if (PY_CATCH(run, &jump, true) == 0) {
        body(run, payload);
        ok = true;
    }
    py_jump_pop(run, &jump);
    run->repr_guard = guard;
    if (ok)
        *outcome = (struct py_outcome){.ending = PY_OK};
    else
        fill_outcome(run, outcome);
    run->stack_base = base;
    return ok;
}

struct exec_job {
    const char *name;
    const struct source *source;
    bool is_package;
};

static void exec_body(struct py_run *run, void *payload)
{
    struct exec_job *job = payload;
    py_exec_module(run, job->name, job->source, job->is_package);
}

bool py_run_exec(struct py_run *run, const char *name, const struct source *src, bool is_package,
                 struct py_outcome *outcome)
{
    struct exec_job job = {name, src, is_package};
    return py_run_protect(run, exec_body, &job, outcome);
}

bool py_run_prepare(struct py_run *run, const struct source *src, struct py_outcome *outcome)
{
    static const char name[] = "<preparation>";
    bool ok = py_run_exec(run, name, src, false, outcome);
    struct py_name key = py_name_of(name);
    struct py_entry *e = py_table_find_name(&run->modules, &key);
    if (e)
        py_table_remove_entry(run, &run->modules, e);
    run->steps = 0;
    run->base_memory = arena_used(run->arena);
    return ok;
}

struct py_value py_run_global(struct py_run *run, const char *module, const char *name)
{
    struct py_name key = py_name_of(module);
    const struct py_entry *e = py_table_find_name(&run->modules, &key);
    if (!e || !e->value.object->dict)
        return py_absent();
    return py_dict_get_name(e->value.object->dict, name);
}

struct import_job {
    const char *dotted;
    struct py_value result;
};

static void import_body(struct py_run *run, void *payload)
{
    struct import_job *job = payload;
    job->result = py_import(run, job->dotted);
}

bool py_run_import(struct py_run *run, const char *dotted, struct py_outcome *outcome)
{
    struct import_job job = {.dotted = dotted};
    if (!py_run_protect(run, import_body, &job, outcome))
        return false;
    outcome->result = job.result;
    return true;
}

struct call_job {
    struct py_value callable, result;
    const struct py_value *args;
    size_t count;
    struct py_dict *kwargs;
};

static void call_body(struct py_run *run, void *payload)
{
    struct call_job *job = payload;
    job->result = py_call(run, job->callable, job->args, job->count, job->kwargs);
}

bool py_run_call(struct py_run *run, struct py_value callable, const struct py_value *args,
                 size_t count, struct py_dict *kwargs, struct py_outcome *outcome)
{
    struct call_job job = {callable, py_absent(), args, count, kwargs};
    if (!py_run_protect(run, call_body, &job, outcome))
        return false;
    outcome->result = job.result;
    return true;
}

bool py_outcome_err(struct py_run *run, const struct py_outcome *outcome, struct err *err)
{
    switch (outcome->ending) {
    case PY_OK:
        return true;
    case PY_RAISED:
        err_set(err, ERR_RAISED, "%s%s%s", outcome->type, outcome->message[0] ? ": " : "",
                outcome->message);
        break;
    case PY_REFUSED:
        err_set(err, ERR_PYTHON, "%s", outcome->reason);
        err_diagnose(err, py_refusal_code(outcome->refusal));
        break;
    case PY_LIMIT:
        err_set(err, ERR_LIMIT, "%s", outcome->reason);
        err_diagnose(err, py_refusal_code(outcome->refusal));
        break;
    }
    if (!outcome->place.file)
        return false;
    err_at(err, outcome->place.file, outcome->place.line, outcome->place.column);
    const struct source *src = py_source_of(run, outcome->place.file);
    if (src) {
        size_t len;
        const char *line = source_line(src, outcome->place.line, &len);
        err_source_line(err, line, len);
    }
    return false;
}
