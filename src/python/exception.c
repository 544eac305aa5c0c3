/* Exceptions: the classes, raising, matching. */
#include "config.h"

#include <stdarg.h>
#include <string.h>

#include "python/interp.h"

enum { MAX_TRACEBACK = 64 };

struct py_exception *py_exception_of(struct py_value v)
{
    return py_payload(v, &py_base_exception_class);
}

struct py_value py_new_exception(struct py_run *run, struct py_type *cls,
                                 const struct py_value *args, size_t count)
{
    void *payload;
    struct py_value v = py_new_of(run, cls, &payload);
    struct py_exception *e = payload;
    e->args = py_new_tuple(run, args, count);
    return v;
}

/* Where it was raised: the active calls, outermost first; noted once. */
static void note_traceback(struct py_run *run, struct py_exception *e)
{
    if (e->traceback)
        return;
    size_t count = 0;
    for (const struct py_frame *f = run->frame; f; f = f->back)
        count++;
    size_t kept = count < MAX_TRACEBACK ? count : MAX_TRACEBACK;
    struct py_place *places = py_alloc(run, (kept + 1) * sizeof(*places));
    size_t i = kept;
    for (const struct py_frame *f = run->frame; f && i > 0; f = f->back) {
        struct py_place p = py_place_of(f);
        if (p.file)
            places[--i] = p;
    }
    e->traceback = places + i;
    e->traceback_len = kept - i;
}

void py_throw_exception(struct py_run *run, struct py_value exception)
{
    note_traceback(run, py_exception_of(exception));
    run->ending = PY_RAISED;
    run->exception = exception;
    py_throw(run);
}

void py_raise_value(struct py_run *run, struct py_value v)
{
    py_require_known(run, v);
    if (py_is_class(v))
        v = py_call(run, v, NULL, 0, NULL);
    struct py_exception *e = py_exception_of(v);
    if (!e)
        py_raise(run, &py_type_error_class, "exceptions must derive from BaseException");
    struct py_value current = py_current_exception(run);
    if (e->context.kind == PY_ABSENT && current.kind != PY_ABSENT && !py_is(current, v))
        e->context = current;
    py_throw_exception(run, v);
}

void py_raise(struct py_run *run, const struct py_native_class *cls, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    const char *text = arena_vprintf(run->arena, fmt, ap);
    va_end(ap);
    struct py_value arg = py_new_str(run, text);
    py_raise_value(run, py_new_exception(run, py_class_for(run, cls), &arg, 1));
}

bool py_exception_matches(struct py_run *run, struct py_value exception, struct py_value type)
{
    py_require_known(run, type);
    if (py_is_tuple(type)) {
        for (size_t i = 0; i < py_tuple_of(type)->len; i++) {
            py_step(run);
            if (py_exception_matches(run, exception, py_tuple_of(type)->items[i]))
                return true;
        }
        return false;
    }
    if (!py_is_class(type) || !py_class_is(py_type_of(type), &py_base_exception_class))
        py_raise(run, &py_type_error_class,
                 "catching classes that do not inherit from BaseException is not allowed");
    return py_issubclass(py_class(run, exception), py_type_of(type));
}

/* ------------------------------------------------------------------ methods */

static struct py_value exception_new(struct py_run *run, struct py_call *call)
{
    return py_new_exception(run, py_type_of(call->args[0]), call->args + 1, call->count - 1);
}

static struct py_value exception_init(struct py_run *run, struct py_call *call)
{
    py_exception_of(call->self)->args = py_new_tuple(run, call->args, call->count);
    return py_none();
}

static struct py_value exception_str(struct py_run *run, struct py_call *call)
{
    const struct py_tuple *args = py_tuple_of(py_exception_of(call->self)->args);
    if (args->len == 0)
        return py_new_str(run, "");
    if (args->len == 1)
        return py_to_str(run, args->items[0]);
    return py_to_str(run, py_exception_of(call->self)->args);
}

static struct py_value key_error_str(struct py_run *run, struct py_call *call)
{
    const struct py_tuple *args = py_tuple_of(py_exception_of(call->self)->args);
    return args->len == 1 ? py_to_repr(run, args->items[0]) : exception_str(run, call);
}

static struct py_value os_error_str(struct py_run *run, struct py_call *call)
{
    const struct py_tuple *args = py_tuple_of(py_exception_of(call->self)->args);
    if (args->len != 2)
        return exception_str(run, call);
    return py_new_strf(run, "[Errno %s] %s", py_str_text(run, args->items[0]),
                       py_str_text(run, args->items[1]));
}

static struct py_value exception_repr(struct py_run *run, struct py_call *call)
{
    struct py_value args = py_exception_of(call->self)->args;
    struct str s = STR_IN(run->arena);
    str_add(&s, py_class_name(run, call->self));
    if (py_tuple_of(args)->len == 1) {
        str_addc(&s, '(');
        py_add_repr(run, &s, py_tuple_of(args)->items[0]);
        str_addc(&s, ')');
    } else {
        py_add_repr(run, &s, args);
    }
    return py_str_take(run, &s);
}

static struct py_value none_or(struct py_value v)
{
    return v.kind == PY_ABSENT ? py_none() : v;
}

static struct py_value exception_attr(struct py_run *run, struct py_call *call)
{
    const struct py_exception *e = py_exception_of(call->self);
    const char *name = call->function->name;
    (void)run;
    if (strcmp(name, "args") == 0)
        return e->args;
    if (strcmp(name, "__cause__") == 0)
        return none_or(e->cause);
    if (strcmp(name, "__context__") == 0)
        return none_or(e->context);
    if (strcmp(name, "__suppress_context__") == 0)
        return py_bool(e->suppress_context);
    return py_none();
}

static struct py_value exception_set(struct py_run *run, struct py_call *call)
{
    struct py_exception *e = py_exception_of(call->self);
    const char *name = call->function->name;
    if (strcmp(name, "args") == 0)
        e->args = py_object(&py_items(run, call->args[0])->base);
    else if (strcmp(name, "__cause__") == 0)
        e->cause = call->args[0];
    else if (strcmp(name, "__context__") == 0)
        e->context = call->args[0];
    return py_none();
}

static struct py_value with_traceback(struct py_run *run, struct py_call *call)
{
    (void)run;
    return call->self;
}

static struct py_value add_note(struct py_run *run, struct py_call *call)
{
    struct py_value notes = py_own_attr(call->self, "__notes__");
    if (notes.kind == PY_ABSENT) {
        notes = py_new_list(run);
        py_set_own_attr(run, call->self, "__notes__", notes);
    }
    py_list_append(run, notes, call->args[0]);
    return py_none();
}

static struct py_value stop_value(struct py_run *run, struct py_call *call)
{
    const struct py_tuple *args = py_tuple_of(py_exception_of(call->self)->args);
    (void)run;
    return args->len > 0 ? args->items[0] : py_none();
}

static struct py_value import_error_init(struct py_run *run, struct py_call *call)
{
    struct py_value name = py_dict_take_name(run, call->kwargs, "name");
    struct py_value path = py_dict_take_name(run, call->kwargs, "path");
    py_set_own_attr(run, call->self, "name", none_or(name));
    py_set_own_attr(run, call->self, "path", none_or(path));
    return exception_init(run, call);
}

static struct py_value import_error_new(struct py_run *run, struct py_call *call)
{
    return exception_new(run, call);
}

static const struct py_member base_exception_members[] = {
    PY_STATIC_N("__new__", exception_new, 1, -1),
    PY_FUNCTION_N("__init__", exception_init, 0, -1),
    PY_FUNCTION_N("__str__", exception_str, 0, 0),
    PY_FUNCTION_N("__repr__", exception_repr, 0, 0),
    PY_FUNCTION_N("with_traceback", with_traceback, 1, 1),
    PY_FUNCTION_N("add_note", add_note, 1, 1),
    PY_PROPERTY_RW("args", exception_attr, exception_set),
    PY_PROPERTY_RW("__cause__", exception_attr, exception_set),
    PY_PROPERTY_RW("__context__", exception_attr, exception_set),
    PY_PROPERTY_RW("__suppress_context__", exception_attr, exception_set),
    PY_PROPERTY_RW("__traceback__", exception_attr, exception_set),
    PY_MEMBERS_END,
};

static const struct py_member key_error_members[] = {
    PY_FUNCTION_N("__str__", key_error_str, 0, 0),
    PY_MEMBERS_END,
};

static const struct py_member os_error_members[] = {
    PY_FUNCTION_N("__str__", os_error_str, 0, 0),
    PY_MEMBERS_END,
};

static const struct py_member stop_iteration_members[] = {
    PY_PROPERTY("value", stop_value),
    PY_MEMBERS_END,
};

static const struct py_member system_exit_members[] = {
    PY_PROPERTY("code", stop_value),
    PY_MEMBERS_END,
};

static const struct py_member import_error_members[] = {
    {.name = "__new__", .kind = PY_MEMBER_STATIC, .fn = import_error_new, .max = -1,
     .keywords = true},
    PY_FUNCTION_ANY("__init__", import_error_init),
    PY_MEMBERS_END,
};

#define PY_BUILTIN_CLASS(id, name)
#define PY_EXCEPTION_CLASS(id, title, base_id, rows)                                               \
    const struct py_native_class py_##id##_class = {                                               \
        .name = title,                                                                             \
        .bases = PY_BASES(&py_##base_id##_class),                                                  \
        .members = rows,                                                                           \
        .payload_size = sizeof(struct py_exception),                                               \
        .flags = PY_CLASS_COMPLETE,                                                                \
    };
#include "python/classes.def"
