/*
 * Calls: binding arguments to parameters, with CPython's TypeErrors, and making frames.
 *
 * One binder serves functions written in Python and native parameter tables; both are described to
 * it by a struct signature.
 */
#include "config.h"

#include <string.h>

#include "python/interp.h"

enum { MAX_PARAMS = 256 };

struct signature {
    const char *qualname;
    size_t posonly, positional, count; /* as in struct py_params */
    int rest, keywords;                /* their place in the output, or -1 */
    size_t hidden;                     /* 1: self is passed beside the arguments, but counted */
    const struct py_params *params;    /* of a Python function; or */
    const uint8_t *row;                /* the table rows of the parameters, in their order */
    const struct py_arg *table;
    const struct py_closure *closure;
};

static const char *param_name(const struct signature *sig, size_t i)
{
    return sig->params ? sig->params->at[i].ref.name->text : sig->table[sig->row[i]].name;
}

static bool is_required(const struct signature *sig, size_t i)
{
    if (sig->closure)
        return sig->closure->defaults[i].kind == PY_ABSENT;
    return !(sig->table[sig->row[i]].flags & (PY_ARG_OPTIONAL | PY_ARG_NONE));
}

static size_t out_index(const struct signature *sig, size_t i)
{
    return sig->params ? i : sig->row[i];
}

/* 'a', 'b', and 'c' */
static void raise_missing(struct py_run *run, const struct signature *sig,
                          const struct py_value *out, size_t from, size_t to, const char *kind)
{
    const char *names[MAX_PARAMS];
    size_t n = 0;
    for (size_t i = from; i < to && n < MAX_PARAMS; i++) {
        if (out[out_index(sig, i)].kind == PY_ABSENT && is_required(sig, i))
            names[n++] = param_name(sig, i);
    }
    if (n == 0)
        return;
    struct str s = STR_IN(run->arena);
    for (size_t i = 0; i < n; i++) {
        const char *sep = i == 0 ? "" : n == 2 ? " and " : i + 1 == n ? ", and " : ", ";
        str_addf(&s, "%s'%s'", sep, names[i]);
    }
    py_raise(run, &py_type_error_class, "%s() missing %zu required %s argument%s: %s",
             sig->qualname, n, kind, n == 1 ? "" : "s", s.ptr);
}

static PY_NORETURN void raise_too_many(struct py_run *run, const struct signature *sig,
                                       size_t given, size_t keyword_only)
{
    size_t most = sig->positional + sig->hidden, least = sig->hidden;
    for (size_t i = 0; i < sig->positional; i++)
        least += is_required(sig, i);
    given += sig->hidden;
    struct str s = STR_IN(run->arena);
    if (least == most)
        str_addf(&s, "%zu positional argument%s", most, most == 1 ? "" : "s");
    else
        str_addf(&s, "from %zu to %zu positional arguments", least, most);
    if (keyword_only > 0)
        py_raise(run, &py_type_error_class,
                 "%s() takes %s but %zu positional argument%s (and %zu keyword-only argument%s) "
                 "were given",
                 sig->qualname, s.ptr, given, given == 1 ? "" : "s", keyword_only,
                 keyword_only == 1 ? "" : "s");
    py_raise(run, &py_type_error_class, "%s() takes %s but %zu %s given", sig->qualname, s.ptr,
             given, given == 1 ? "was" : "were");
}

static void bind_keyword(struct py_run *run, const struct signature *sig, struct py_value key,
                         struct py_value value, struct py_dict *rest, struct py_value *out)
{
    const struct py_str *name = py_str_of(key);
    for (size_t i = sig->posonly; i < sig->count; i++) {
        if (strcmp(param_name(sig, i), name->ptr) != 0)
            continue;
        struct py_value *slot = &out[out_index(sig, i)];
        if (slot->kind != PY_ABSENT)
            py_raise(run, &py_type_error_class, "%s() got multiple values for argument '%s'",
                     sig->qualname, name->ptr);
        *slot = value;
        return;
    }
    if (rest) {
        py_table_put(run, &rest->table, key, py_str_hash(py_str_of(key)))->value = value;
        return;
    }
    for (size_t i = 0; i < sig->posonly; i++) {
        if (strcmp(param_name(sig, i), name->ptr) == 0)
            py_raise(run, &py_type_error_class,
                     "%s() got some positional-only arguments passed as keyword arguments: '%s'",
                     sig->qualname, name->ptr);
    }
    py_raise(run, &py_type_error_class, "%s() got an unexpected keyword argument '%s'",
             sig->qualname, name->ptr);
}

static void bind(struct py_run *run, const struct signature *sig, const struct py_value *args,
                 size_t count, struct py_dict *kwargs, struct py_value *out)
{
    size_t taken = count < sig->positional ? count : sig->positional;
    for (size_t i = 0; i < taken; i++)
        out[out_index(sig, i)] = args[i];
    if (sig->rest >= 0)
        out[sig->rest] = py_new_tuple(run, count > taken ? args + taken : NULL, count - taken);
    struct py_dict *rest = NULL;
    if (sig->keywords >= 0) {
        out[sig->keywords] = py_new_dict(run);
        rest = py_dict_of(out[sig->keywords]);
    }
    struct py_value key, value;
    for (size_t i = 0; py_dict_next(kwargs, &i, &key, &value);)
        bind_keyword(run, sig, key, value, rest, out);
    if (count > taken && sig->rest < 0) {
        size_t keyword_only = 0;
        for (size_t i = sig->positional; i < sig->count; i++)
            keyword_only += out[out_index(sig, i)].kind != PY_ABSENT;
        raise_too_many(run, sig, count, keyword_only);
    }
    if (taken < sig->positional)
        raise_missing(run, sig, out, taken, sig->positional, "positional");
    raise_missing(run, sig, out, sig->positional, sig->count, "keyword-only");
}

/* ------------------------------------------------------------------ native functions */

static void bind_table(struct py_run *run, const char *qualname, bool has_self,
                       const struct py_arg *table, const struct py_value *args, size_t count,
                       struct py_dict *kwargs, struct py_value *out)
{
    uint8_t rows[MAX_PARAMS];
    struct signature sig = {.qualname = qualname,
                            .rest = -1,
                            .keywords = -1,
                            .hidden = has_self,
                            .row = rows,
                            .table = table};
    for (size_t i = 0; table[i].name && i < MAX_PARAMS; i++) {
        unsigned flags = table[i].flags;
        if (flags & PY_ARG_REST) {
            sig.rest = (int)i;
        } else if (flags & PY_ARG_KEYWORDS) {
            sig.keywords = (int)i;
        } else {
            rows[sig.count++] = (uint8_t)i;
            if (!(flags & PY_ARG_KEYWORD) && sig.rest < 0)
                sig.positional++;
            if (flags & PY_ARG_POSITIONAL)
                sig.posonly++;
        }
    }
    bind(run, &sig, args, count, kwargs, out);
    for (size_t i = 0; i < sig.count; i++) {
        if (out[rows[i]].kind == PY_ABSENT && (table[rows[i]].flags & PY_ARG_NONE))
            out[rows[i]] = py_none();
    }
}

void py_bind(struct py_run *run, const char *qualname, bool has_self, const struct py_arg *table,
             const struct py_value *args, size_t count, struct py_dict *kwargs,
             struct py_value *out)
{
    for (size_t i = 0; table[i].name; i++)
        out[i] = py_absent();
    bind_table(run, qualname, has_self, table, args, count, kwargs, out);
}

const char *py_row_name(struct py_run *run, const struct py_member *row, struct py_type *owner)
{
    if (!owner)
        return row->name;
    return arena_printf(run->arena, "%s.%s", owner->name, row->name);
}

/* The count errors of functions written in C: unpacking ones leave the class away. */
static void check_count(struct py_run *run, const struct py_member *row, struct py_type *owner,
                        size_t count, struct py_dict *kwargs)
{
    if (kwargs && kwargs->table.len > 0 && !row->keywords)
        py_raise(run, &py_type_error_class, "%s() takes no keyword arguments",
                 py_row_name(run, row, owner));
    size_t min = (size_t)row->min, max = row->max < 0 ? SIZE_MAX : (size_t)row->max;
    if (count >= min && count <= max)
        return;
    if (max == 0)
        py_raise(run, &py_type_error_class, "%s() takes no arguments (%zu given)",
                 py_row_name(run, row, owner), count);
    if (min == 1 && max == 1)
        py_raise(run, &py_type_error_class, "%s() takes exactly one argument (%zu given)",
                 py_row_name(run, row, owner), count);
    size_t bound = count < min ? min : max;
    py_raise(run, &py_type_error_class, "%s expected %s%zu argument%s, got %zu", row->name,
             min == max ? "" : count < min ? "at least " : "at most ", bound,
             bound == 1 ? "" : "s", count);
}

/* The methods of strings look at each character, most of them; so do those of bytes. */
static void charge_text(struct py_run *run, struct py_value self)
{
    if (py_is_str(self))
        py_work(run, py_str_of(self)->len * PY_WORK_EACH);
    else if (py_is_bytes(self))
        py_work(run, py_bytes_of(self)->len * PY_WORK_EACH);
}

struct py_value py_call_row(struct py_run *run, const struct py_member *row, struct py_type *owner,
                            struct py_value self, const struct py_value *args, size_t count,
                            struct py_dict *kwargs)
{
    enum { SMALL = 48 };
    struct py_value small[SMALL];
    uint8_t saved = run->touched, mark = self.mark;
    struct py_call call = {.self = self, .function = row};
    for (size_t i = 0; i < count; i++) {
        mark |= args[i].mark;
        py_require_finished(run, args[i]);
    }
    run->touched = 0;
    charge_text(run, self);
    if (py_is_unfinished(self) && strcmp(row->name, "__init__") != 0)
        py_require_finished(run, self);
    if (row->args) {
        size_t rows = 0;
        while (row->args[rows].name)
            rows++;
        call.args = rows <= SMALL ? small : py_alloc(run, rows * sizeof(*call.args));
        memset(call.args, 0, rows * sizeof(*call.args));
        call.count = rows;
        const char *name = owner ? py_row_name(run, row, owner) : row->name;
        bind_table(run, name, self.kind != PY_ABSENT, row->args, args, count, kwargs, call.args);
        for (size_t i = 0; i < rows; i++)
            mark |= call.args[i].mark;
    } else {
        check_count(run, row, owner, count, kwargs);
        call.args = (struct py_value *)(uintptr_t)args;
        call.count = count;
        call.kwargs = kwargs && kwargs->table.len > 0 ? kwargs : NULL;
    }
    struct py_value result = row->fn(run, &call);
    if (result.kind == PY_ABSENT)
        result = py_none();
    result.mark |= mark | run->touched;
    run->touched |= saved;
    return result;
}

/* ------------------------------------------------------------------ functions in Python */

static void bind_closure(struct py_run *run, struct py_closure *f, struct py_value self,
                         const struct py_value *args, size_t count, struct py_dict *kwargs,
                         struct py_value *slots)
{
    const struct py_params *p = f->params;
    struct signature sig = {
        .qualname = f->qualname,
        .posonly = p->posonly_count,
        .positional = p->positional_count,
        .count = p->count,
        .rest = p->vararg ? (int)p->vararg->ref.slot : -1,
        .keywords = p->kwarg ? (int)p->kwarg->ref.slot : -1,
        .params = p,
        .closure = f,
    };
    if (self.kind != PY_ABSENT) {
        struct py_value small[8];
        struct py_value *all = count < 8 ? small : py_alloc(run, (count + 1) * sizeof(*all));
        all[0] = self;
        if (count > 0)
            memcpy(all + 1, args, count * sizeof(*all));
        bind(run, &sig, all, count + 1, kwargs, slots);
    } else {
        bind(run, &sig, args, count, kwargs, slots);
    }
    for (size_t i = 0; i < p->count; i++) {
        if (slots[i].kind == PY_ABSENT)
            slots[i] = f->defaults[i];
    }
}

void py_frame_init(struct py_run *run, struct py_frame *frame, const struct py_scope *scope)
{
    frame->back = run->frame;
    frame->scope = scope;
    if (run->frame) {
        frame->module = run->frame->module;
        frame->globals = run->frame->globals;
    }
}

/* Slots that inner functions share become cells holding what was bound. */
static void make_cells(struct py_run *run, const struct py_scope *scope, struct py_value *slots)
{
    for (uint32_t i = 0; i < scope->slot_count; i++) {
        if (scope->slots[i].is_cell)
            slots[i] = py_new_cell(run, slots[i]);
    }
}

static void enter_closure(struct py_run *run, struct py_closure *f, struct py_frame *frame)
{
    frame->back = run->frame;
    frame->scope = f->scope;
    frame->module = f->module;
    frame->globals = f->module->base.dict;
    frame->closure = f;
    frame->cells = f->cells;
    frame->name = f->name;
    frame->qualname = f->qualname;
    make_cells(run, f->scope, frame->slots);
}

struct py_value py_call_closure(struct py_run *run, struct py_closure *f, struct py_value self,
                                const struct py_value *args, size_t count, struct py_dict *kwargs)
{
    enum { SLOTS = 16, BLOCKS = 4 };
    py_step(run);
    if (f->scope->is_async && f->scope->is_generator)
        py_refuse(run, PY_REFUSE_ASYNC, "asynchronous generator %s() is not supported", f->name);
    if (f->scope->is_generator || f->scope->is_async) {
        struct py_frame *frame = PY_NEW(run, struct py_frame);
        frame->slots = py_alloc(run, f->scope->slot_count * sizeof(struct py_value));
        bind_closure(run, f, self, args, count, kwargs, frame->slots);
        if (!f->body)
            py_refuse(run, PY_REFUSE_EXPRESSION, "yield in a lambda is not supported");
        enter_closure(run, f, frame);
        frame->is_generator = true;
        py_push_body(run, frame, f->body);
        struct py_value gen = py_new_gen(run, frame);
        ((struct py_gen *)gen.object)->is_coroutine = f->scope->is_async;
        return gen;
    }
    py_enter(run);
    struct py_value small[SLOTS];
    struct py_block blocks[BLOCKS];
    struct py_frame frame = {.slots = small};
    frame.blocks.at = blocks;
    frame.blocks.cap = BLOCKS;
    if (f->scope->slot_count > SLOTS)
        frame.slots = py_alloc(run, f->scope->slot_count * sizeof(struct py_value));
    else
        memset(small, 0, f->scope->slot_count * sizeof(struct py_value));
    bind_closure(run, f, self, args, count, kwargs, frame.slots);
    enter_closure(run, f, &frame);
    run->frame = &frame;
    struct py_value result;
    if (f->expression)
        result = py_eval(run, f->expression);
    else
        result = py_run_body(run, &frame, f->body);
    run->frame = frame.back;
    py_leave(run);
    return result;
}

/* ------------------------------------------------------------------ everything callable */

static struct py_value call_unknown(struct py_run *run, struct py_value f)
{
    if (run->strict)
        py_require_known(run, f);
    const struct py_unknown *u = (const struct py_unknown *)f.object;
    struct py_unknown *n = py_new_object(run, PY_T_unknown, sizeof(*n));
    *n = *u;
    n->base.dict = NULL;
    n->what = arena_printf(run->arena, "%s()", u->what);
    return py_object(&n->base);
}

static struct py_value call_method_object(struct py_run *run, const struct py_method *m,
                                          const struct py_value *args, size_t count,
                                          struct py_dict *kwargs)
{
    if (py_is_python_function(m->function))
        return py_call_closure(run, (struct py_closure *)m->function.object, m->self, args, count,
                               kwargs);
    struct py_value *all = py_alloc(run, (count + 1) * sizeof(*all));
    all[0] = m->self;
    if (count > 0)
        memcpy(all + 1, args, count * sizeof(*all));
    return py_call(run, m->function, all, count + 1, kwargs);
}

struct py_value py_call(struct py_run *run, struct py_value f, const struct py_value *args,
                        size_t count, struct py_dict *kwargs)
{
    if (f.kind != PY_OBJECT)
        py_raise(run, &py_type_error_class, "'%s' object is not callable", py_class_name(run, f));
    if (f.object->cls->layout == PY_LAYOUT_CLASS)
        return py_type_call(run, py_type_of(f), args, count, kwargs);
    if (f.object->cls->layout == PY_LAYOUT_UNKNOWN)
        return call_unknown(run, f);
    const struct py_native_class *kind = f.object->cls->native;
    if (kind == &py_function_class)
        return py_call_closure(run, (struct py_closure *)f.object, py_absent(), args, count,
                               kwargs);
    if (kind == &py_method_class)
        return call_method_object(run, (const struct py_method *)f.object, args, count, kwargs);
    if (kind == &py_builtin_function_class) {
        const struct py_native_object *n = (const struct py_native_object *)f.object;
        bool unbound = n->owner && n->self.kind == PY_ABSENT &&
                       n->row->kind == PY_MEMBER_FUNCTION;
        if (!unbound)
            return py_call_row(run, n->row, n->owner, n->self, args, count, kwargs);
        if (count == 0 || !py_isinstance_of(run, args[0], n->owner))
            py_raise(run, &py_type_error_class,
                     "descriptor '%s' for '%s' objects doesn't apply to a '%s' object",
                     n->row->name, n->owner->name, count ? py_class_name(run, args[0]) : "nothing");
        return py_call_row(run, n->row, n->owner, args[0], args + 1, count - 1, kwargs);
    }
    if (kind == &py_staticmethod_class)
        return py_call(run, ((struct py_wrapper *)f.object)->function, args, count, kwargs);
    struct py_type *owner;
    struct py_value raw;
    if (!py_special(run, f, "__call__", &raw, &owner)) {
        if (f.object->cls->partial)
            py_refuse(run, PY_REFUSE_OPERATION, "calling %s is not supported",
                      py_class_name(run, f));
        py_raise(run, &py_type_error_class, "'%s' object is not callable", py_class_name(run, f));
    }
    return py_call_raw(run, raw, owner, f, args, count, kwargs);
}

bool py_callable(struct py_run *run, struct py_value v)
{
    py_require_known(run, v);
    if (v.kind != PY_OBJECT)
        return false;
    const struct py_native_class *kind = v.object->cls->native;
    if (v.object->cls->layout == PY_LAYOUT_CLASS || kind == &py_function_class ||
        kind == &py_method_class || kind == &py_builtin_function_class)
        return true;
    struct py_type *owner;
    struct py_value raw;
    return py_special(run, v, "__call__", &raw, &owner);
}

/* ------------------------------------------------------------------ making instances */

bool py_overrides_new(struct py_run *run, struct py_type *meta)
{
    struct py_type *owner = NULL;
    static const char *const hooks[] = {"__new__", "__init__"};
    for (size_t i = 0; i < 2; i++) {
        if (py_type_find_text(run, meta, hooks[i], &owner).kind != PY_ABSENT &&
            owner->native != &py_type_class && owner->native != &py_object_class)
            return true;
    }
    return false;
}

static struct py_value make_instance(struct py_run *run, struct py_type *type,
                                     const struct py_value *args, size_t count,
                                     struct py_dict *kwargs)
{
    struct py_type *new_owner = NULL, *init_owner = NULL;
    struct py_value maker = py_type_find_text(run, type, "__new__", &new_owner);
    struct py_value init = py_type_find_text(run, type, "__init__", &init_owner);
    struct py_value self;
    if (new_owner->native == &py_object_class) {
        if (type->native && (type->native->flags & PY_CLASS_ABSTRACT))
            py_raise(run, &py_type_error_class, "cannot create '%s' instances",
                     py_type_title(type));
        if (init_owner->native == &py_object_class && (count > 0 || (kwargs && kwargs->table.len)))
            py_raise(run, &py_type_error_class, "%s() takes no arguments", type->name);
        py_check_abstract(run, type);
        self = py_new_of(run, type, NULL);
    } else {
        struct py_value *all = py_alloc(run, (count + 1) * sizeof(*all));
        all[0] = py_class_value(type);
        if (count > 0)
            memcpy(all + 1, args, count * sizeof(*all));
        struct py_value f = py_bind_raw(run, maker, new_owner, py_absent(), type);
        self = py_call(run, f, all, count + 1, kwargs);
        if (!py_issubclass(py_class(run, self), type))
            return self;
    }
    if (init_owner->native != &py_object_class) {
        struct py_value r = py_call_raw(run, init, init_owner, self, args, count, kwargs);
        self.mark |= r.mark;
        if (r.kind != PY_NONE && !(py_is_unknown(r)))
            py_raise(run, &py_type_error_class, "__init__() should return None, not '%s'",
                     py_class_name(run, r));
    }
    for (size_t i = 0; i < count; i++)
        self.mark |= args[i].mark;
    return self;
}

struct py_value py_type_call(struct py_run *run, struct py_type *type, const struct py_value *args,
                             size_t count, struct py_dict *kwargs)
{
    struct py_type *owner = NULL;
    struct py_type *meta = type->base.cls;
    if (meta->native != &py_type_class) {
        struct py_value raw = py_type_find_text(run, meta, "__call__", &owner);
        if (raw.kind != PY_ABSENT && owner->native != &py_type_class)
            return py_call_raw(run, raw, owner, py_class_value(type), args, count, kwargs);
    }
    return py_type_call_plain(run, type, args, count, kwargs);
}

struct py_value py_type_call_plain(struct py_run *run, struct py_type *type,
                                   const struct py_value *args, size_t count,
                                   struct py_dict *kwargs)
{
    if (type->native == &py_type_class && count == 1) {
        py_require_known(run, args[0]);
        return py_class_value(py_class(run, args[0]));
    }
    py_enter(run);
    struct py_value v = make_instance(run, type, args, count, kwargs);
    py_leave(run);
    py_require_finished(run, v);
    return v;
}

struct py_value py_construct(struct py_run *run, const struct py_native_class *cls,
                             const struct py_value *args, size_t count, struct py_dict *kwargs)
{
    return py_type_call(run, py_class_for(run, cls), args, count, kwargs);
}
