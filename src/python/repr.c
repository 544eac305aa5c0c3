/* str() and repr(). */
#include "config.h"

#include <string.h>

#include "base/quote.h"
#include "base/utf8.h"
#include "python/interp.h"

void py_repr_str(struct str *out, const char *text, size_t len, bool ascii)
{
    quote_python(out, text, len, ascii);
}

static void repr_bytes(struct str *out, const char *text, size_t len)
{
    char quote = memchr(text, '\'', len) && !memchr(text, '"', len) ? '"' : '\'';
    str_addf(out, "b%c", quote);
    for (size_t i = 0; i < len; i++) {
        unsigned char c = (unsigned char)text[i];
        if (c == (unsigned char)quote || c == '\\')
            str_addf(out, "\\%c", c);
        else if (c >= 0x20 && c < 0x7f)
            str_addc(out, (char)c);
        else
            quote_escape(out, c);
    }
    str_addc(out, quote);
}

static void add_items(struct py_run *run, struct str *out, const struct py_value *items, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if (i > 0)
            str_add(out, ", ");
        py_add_repr(run, out, items[i]);
    }
}

static void add_dict(struct py_run *run, struct str *out, const struct py_dict *dict)
{
    struct py_value key, value;
    bool first = true;
    str_addc(out, '{');
    for (size_t i = 0; py_dict_next(dict, &i, &key, &value);) {
        if (!first)
            str_add(out, ", ");
        first = false;
        py_add_repr(run, out, key);
        str_add(out, ": ");
        py_add_repr(run, out, value);
    }
    str_addc(out, '}');
}

static void add_set(struct py_run *run, struct str *out, struct py_value v)
{
    const struct py_set *set = py_set_of(v);
    bool plain = v.object->cls->native == &py_set_class;
    if (set->table.len == 0) {
        str_addf(out, "%s()", v.object->cls->name);
        return;
    }
    if (!plain)
        str_addf(out, "%s(", v.object->cls->name);
    str_addc(out, '{');
    struct py_value item;
    bool first = true;
    for (size_t i = 0; py_set_next(set, &i, &item);) {
        if (!first)
            str_add(out, ", ");
        first = false;
        py_add_repr(run, out, item);
    }
    str_add(out, plain ? "}" : "})");
}

/* Containers; a container inside itself is shown as "...". */
static void add_container(struct py_run *run, struct str *out, struct py_value v)
{
    static const char *const again[] = {
        [PY_LAYOUT_LIST] = "[...]",
        [PY_LAYOUT_TUPLE] = "(...)",
        [PY_LAYOUT_DICT] = "{...}",
        [PY_LAYOUT_SET] = "set(...)",
    };
    enum py_layout layout = v.object->cls->layout;
    for (struct py_repr_guard *g = run->repr_guard; g; g = g->prev) {
        if (g->object == v.object) {
            str_add(out, again[layout]);
            return;
        }
    }
    struct py_repr_guard guard = {v.object, run->repr_guard};
    run->repr_guard = &guard;
    py_enter(run);
    if (layout == PY_LAYOUT_LIST) {
        str_addc(out, '[');
        add_items(run, out, py_list_of(v)->items, py_list_of(v)->len);
        str_addc(out, ']');
    } else if (layout == PY_LAYOUT_TUPLE) {
        str_addc(out, '(');
        add_items(run, out, py_tuple_of(v)->items, py_tuple_of(v)->len);
        str_add(out, py_tuple_of(v)->len == 1 ? ",)" : ")");
    } else if (layout == PY_LAYOUT_DICT) {
        add_dict(run, out, py_dict_of(v));
    } else {
        add_set(run, out, v);
    }
    py_leave(run);
    run->repr_guard = guard.prev;
}

/* repr() of the built-in classes, past overrides. */
void py_repr_plain(struct py_run *run, struct str *out, struct py_value v)
{
    switch (v.kind) {
    case PY_ABSENT:
    case PY_NONE:
        str_add(out, "None");
        return;
    case PY_BOOL:
        str_add(out, v.boolean ? "True" : "False");
        return;
    case PY_INT:
        str_addf(out, "%lld", (long long)v.integer);
        return;
    case PY_FLOAT:
        str_add(out, py_float_repr(run, v.number));
        return;
    case PY_ELLIPSIS:
        str_add(out, "Ellipsis");
        return;
    case PY_NOT_IMPLEMENTED:
        str_add(out, "NotImplemented");
        return;
    default:
        break;
    }
    switch ((int)v.object->cls->layout) {
    case PY_LAYOUT_STR:
        py_repr_str(out, py_str_of(v)->ptr, py_str_of(v)->len, false);
        return;
    case PY_LAYOUT_BYTES:
        repr_bytes(out, py_bytes_of(v)->ptr, py_bytes_of(v)->len);
        return;
    case PY_LAYOUT_INT:
        str_add(out, py_int_digits(run, v, 10));
        return;
    case PY_LAYOUT_FLOAT:
        str_add(out, py_float_repr(run, py_unbox_float(run, v)));
        return;
    case PY_LAYOUT_LIST:
    case PY_LAYOUT_TUPLE:
    case PY_LAYOUT_DICT:
    case PY_LAYOUT_SET:
        add_container(run, out, v);
        return;
    case PY_LAYOUT_CLASS:
        str_addf(out, "<class '%s'>", py_type_title(py_type_of(v)));
        return;
    default:
        /* The address differs from run to run. */
        run->touched = 1;
        str_addf(out, "<%s object at 0x7f0000000000>", py_type_title(v.object->cls));
    }
}

static bool is_plain(struct py_value v)
{
    if (v.kind != PY_OBJECT)
        return true;
    if (!v.object->cls->native || v.object->cls->native->module)
        return false;
    switch ((int)v.object->cls->layout) {
    case PY_LAYOUT_STR:
    case PY_LAYOUT_BYTES:
    case PY_LAYOUT_INT:
    case PY_LAYOUT_FLOAT:
    case PY_LAYOUT_LIST:
    case PY_LAYOUT_TUPLE:
    case PY_LAYOUT_DICT:
    case PY_LAYOUT_SET:
        return true;
    default:
        return false;
    }
}

static const struct py_str *text_from(struct py_run *run, struct py_value v, const char *method)
{
    struct py_value r;
    if (!py_call_special(run, v, method, NULL, 0, &r))
        py_refuse(run, PY_REFUSE_OPERATION, "%s of %s is not supported", method,
                  py_class_name(run, v));
    run->touched |= r.mark;
    if (!py_is_str(r)) {
        py_require_known(run, r);
        py_raise(run, &py_type_error_class, "%s returned non-string (type %s)", method,
                 py_class_name(run, r));
    }
    return py_str_of(r);
}

void py_add_repr(struct py_run *run, struct str *out, struct py_value v)
{
    run->touched |= v.mark;
    py_check_string(run, out->len);
    py_work(run, (uint64_t)PY_WORK_STEP * 4);
    if (is_plain(v)) {
        py_repr_plain(run, out, v);
        return;
    }
    py_require_known(run, v);
    const struct py_str *s = text_from(run, v, "__repr__");
    str_addn(out, s->ptr, s->len);
}

void py_add_str(struct py_run *run, struct str *out, struct py_value v)
{
    run->touched |= v.mark;
    if (py_is_str(v) && v.object->cls->native == &py_str_class) {
        str_addn(out, py_str_of(v)->ptr, py_str_of(v)->len);
        return;
    }
    if (is_plain(v)) {
        py_add_repr(run, out, v);
        return;
    }
    py_require_known(run, v);
    const struct py_str *s = text_from(run, v, "__str__");
    str_addn(out, s->ptr, s->len);
}

void py_add_ascii(struct py_run *run, struct str *out, struct py_value v)
{
    const char *p = py_repr_text(run, v);
    for (size_t left = strlen(p), size; left > 0; p += size, left -= size) {
        uint32_t c = utf8_decode(p, left, &size);
        if (c < 0x80)
            str_addc(out, (char)c);
        else
            quote_escape(out, c);
    }
}

struct py_value py_to_str(struct py_run *run, struct py_value v)
{
    if (py_is_str(v) && v.object->cls->native == &py_str_class)
        return v;
    struct str s = STR_IN(run->arena);
    py_add_str(run, &s, v);
    struct py_value r = py_str_take(run, &s);
    r.mark |= v.mark | run->touched;
    return r;
}

struct py_value py_to_repr(struct py_run *run, struct py_value v)
{
    struct str s = STR_IN(run->arena);
    py_add_repr(run, &s, v);
    struct py_value r = py_str_take(run, &s);
    r.mark |= v.mark | run->touched;
    return r;
}

const char *py_str_text(struct py_run *run, struct py_value v)
{
    return py_str_of(py_to_str(run, v))->ptr;
}

const char *py_repr_text(struct py_run *run, struct py_value v)
{
    return py_str_of(py_to_repr(run, v))->ptr;
}
