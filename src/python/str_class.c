/* The class str. */
#include "config.h"

#include <string.h>
#include <wctype.h>

#include "base/utf8.h"
#include "python/str_private.h"

/* ------------------------------------------------------------------ building */

static struct py_value str_replace(struct py_run *run, struct py_call *call)
{
    const struct py_str *s = py_str_self(call), *old = py_str_arg(run, call->args[0]);
    const struct py_str *new = py_str_arg(run, call->args[1]);
    int64_t max = call->count > 2 ? py_as_index(run, call->args[2], NULL) : -1;
    struct str out = STR_IN(run->arena);
    const char *p = s->ptr, *end = s->ptr + s->len;
    while (max != 0) {
        const char *q;
        size_t step = 1;
        py_check_string(run, out.len + new->len);
        py_step(run);
        if (old->len == 0) {
            str_addn(&out, new->ptr, new->len);
            max--;
            if (p >= end)
                return py_str_take(run, &out);
            utf8_decode(p, (size_t)(end - p), &step);
            str_addn(&out, p, step);
            p += step;
            continue;
        }
        q = memmem(p, (size_t)(end - p), old->ptr, old->len);
        if (!q)
            break;
        str_addn(&out, p, (size_t)(q - p));
        str_addn(&out, new->ptr, new->len);
        p = q + old->len;
        max--;
    }
    str_addn(&out, p, (size_t)(end - p));
    return py_str_take(run, &out);
}

static struct py_value str_join(struct py_run *run, struct py_call *call)
{
    const struct py_str *sep = py_str_self(call);
    struct py_value v = py_require_known(run, call->args[0]), raw;
    struct py_type *owner;
    if (!py_special(run, v, "__iter__", &raw, &owner) &&
        !py_special(run, v, "__getitem__", &raw, &owner))
        py_raise(run, &py_type_error_class, "can only join an iterable");
    struct py_tuple *items = py_items(run, v);
    struct str out = STR_IN(run->arena);
    for (size_t i = 0; i < items->len; i++) {
        struct py_value item = py_require_known(run, items->items[i]);
        run->touched |= item.mark;
        if (!py_is_str(item))
            py_raise(run, &py_type_error_class,
                     "sequence item %zu: expected str instance, %s found", i,
                     py_class_name(run, item));
        if (i > 0)
            str_addn(&out, sep->ptr, sep->len);
        str_addn(&out, py_str_of(item)->ptr, py_str_of(item)->len);
        py_check_string(run, out.len);
    }
    return py_str_take(run, &out);
}

static struct py_value str_justify(struct py_run *run, struct py_call *call)
{
    const struct py_str *s = py_str_self(call);
    const char *name = call->function->name, *fill = " ";
    int64_t width = py_as_index(run, call->args[0], NULL);
    if (call->count > 1) {
        const struct py_str *f = py_str_arg(run, call->args[1]);
        if (f->count != 1)
            py_raise(run, &py_type_error_class,
                     "The fill character must be exactly one character long");
        fill = f->ptr;
    }
    if (width <= (int64_t)s->count)
        return py_new_strn(run, s->ptr, s->len);
    py_check_string(run, (uint64_t)width * 4);
    size_t total = (size_t)width - s->count;
    size_t left = *name == 'l' ? 0 : *name == 'r' ? total : total / 2 + (total & (size_t)width & 1);
    struct str out = STR_IN(run->arena);
    for (size_t i = 0; i < left; i++)
        str_add(&out, fill);
    str_addn(&out, s->ptr, s->len);
    for (size_t i = left; i < total; i++)
        str_add(&out, fill);
    return py_str_take(run, &out);
}

static struct py_value str_zfill(struct py_run *run, struct py_call *call)
{
    const struct py_str *s = py_str_self(call);
    int64_t width = py_as_index(run, call->args[0], NULL);
    struct str out = STR_IN(run->arena);
    size_t sign = s->len > 0 && (*s->ptr == '-' || *s->ptr == '+');
    str_addn(&out, s->ptr, sign);
    if (width > (int64_t)s->count) {
        py_check_string(run, (uint64_t)width);
        str_fill(&out, '0', (size_t)width - s->count);
    }
    str_addn(&out, s->ptr + sign, s->len - sign);
    return py_str_take(run, &out);
}

static const struct py_arg expandtabs_args[] = {PY_DEFAULTED("tabsize"), PY_ARGS_END};

static struct py_value str_expandtabs(struct py_run *run, struct py_call *call)
{
    int64_t size = call->args[0].kind == PY_ABSENT ? 8 : py_as_index(run, call->args[0], NULL);
    struct py_char_walk w = py_char_walk(py_str_self(call));
    struct str out = STR_IN(run->arena);
    int64_t column = 0;
    uint32_t c;
    while (py_char_next(&w, &c)) {
        if (c == '\t') {
            int64_t n = size > 0 ? size - column % size : 0;
            py_check_string(run, out.len + (uint64_t)n);
            str_fill(&out, ' ', (size_t)n);
            column += n;
            continue;
        }
        py_char_add(&out, c);
        column = c == '\n' || c == '\r' ? 0 : column + 1;
    }
    return py_str_take(run, &out);
}

static struct py_value str_format(struct py_run *run, struct py_call *call)
{
    struct py_value mapping = call->kwargs ? py_object(&call->kwargs->base) : py_absent();
    return py_str_format(run, py_str_self(call), call->args, call->count, mapping);
}

static struct py_value str_format_map(struct py_run *run, struct py_call *call)
{
    return py_str_format(run, py_str_self(call), NULL, 0, call->args[0]);
}

static struct py_value str_maketrans(struct py_run *run, struct py_call *call)
{
    struct py_value out = py_new_dict(run), key, value;
    if (call->count == 1) {
        if (!py_is_dict(call->args[0]))
            py_raise(run, &py_type_error_class,
                     "if you give only one argument to maketrans it must be a dict");
        for (size_t i = 0; py_dict_next(py_dict_of(call->args[0]), &i, &key, &value);) {
            size_t size;
            if (py_is_str(key))
                key = py_int(utf8_decode(py_str_of(key)->ptr, py_str_of(key)->len, &size));
            py_dict_put(run, py_dict_of(out), key, value);
        }
        return out;
    }
    struct py_char_walk a = py_char_walk(py_str_arg(run, call->args[0])),
                        b = py_char_walk(py_str_arg(run, call->args[1]));
    if (py_str_of(call->args[0])->count != py_str_of(call->args[1])->count)
        py_raise(run, &py_value_error_class,
                 "the first two maketrans arguments must have equal length");
    uint32_t x, y;
    while (py_char_next(&a, &x) && py_char_next(&b, &y))
        py_dict_put(run, py_dict_of(out), py_int(x), py_int(y));
    if (call->count > 2) {
        struct py_char_walk gone = py_char_walk(py_str_arg(run, call->args[2]));
        while (py_char_next(&gone, &x))
            py_dict_put(run, py_dict_of(out), py_int(x), py_none());
    }
    return out;
}

static struct py_value str_translate(struct py_run *run, struct py_call *call)
{
    struct py_char_walk w = py_char_walk(py_str_self(call));
    struct str out = STR_IN(run->arena);
    uint32_t c;
    if (!py_is_dict(py_require_known(run, call->args[0])))
        py_refuse(run, PY_REFUSE_BUILTIN, "str.translate() with a %s is not supported",
                  py_class_name(run, call->args[0]));
    while (py_char_next(&w, &c)) {
        struct py_value v = py_dict_get(run, py_dict_of(call->args[0]), py_int(c));
        if (v.kind == PY_ABSENT)
            py_char_add(&out, c);
        else if (py_is_str(v))
            str_addn(&out, py_str_of(v)->ptr, py_str_of(v)->len);
        else if (v.kind != PY_NONE)
            py_char_add(&out, (uint32_t)py_as_index(run, v, NULL));
    }
    return py_str_take(run, &out);
}

static const struct py_arg encode_args[] = {PY_DEFAULTED("encoding"), PY_DEFAULTED("errors"),
                                            PY_ARGS_END};

static struct py_value str_encode(struct py_run *run, struct py_call *call)
{
    const struct py_str *s = py_str_self(call);
    const char *name = py_is_unset(call->args[0]) ? "utf-8"
                                                  : py_as_string(run, call->args[0], "encoding");
    const char *errors = py_is_unset(call->args[1]) ? "strict"
                                                    : py_as_string(run, call->args[1], "errors");
    uint32_t limit = strcasecmp(name, "ascii") == 0 ? 0x80 : 0x100;
    if (strcasecmp(name, "utf-8") == 0 || strcasecmp(name, "utf8") == 0)
        return py_new_bytes(run, s->ptr, s->len);
    if (limit == 0x100 && strcasecmp(name, "latin-1") != 0 && strcasecmp(name, "latin1") != 0 &&
        strcasecmp(name, "iso-8859-1") != 0)
        py_refuse(run, PY_REFUSE_CODEC, "the encoding %s is not supported", name);
    struct py_char_walk w = py_char_walk(s);
    struct str out = STR_IN(run->arena);
    uint32_t c;
    for (size_t i = 0; py_char_next(&w, &c); i++) {
        if (c < limit)
            str_addc(&out, (char)c);
        else if (strcmp(errors, "replace") == 0)
            str_addc(&out, '?');
        else if (strcmp(errors, "ignore") != 0)
            py_raise(run, &py_unicode_encode_error_class,
                     "'%s' codec can't encode character '\\%s%0*x' in position %zu: ordinal not "
                     "in range(%u)",
                     limit == 0x80 ? "ascii" : "latin-1", c < 0x100 ? "x" : c < 0x10000 ? "u" : "U",
                     c < 0x100 ? 2 : c < 0x10000 ? 4 : 8, c, i, limit);
    }
    return py_new_bytes(run, out.ptr, out.len);
}

/* ------------------------------------------------------------------ operators */

static struct py_value str_add_op(struct py_run *run, struct py_call *call)
{
    if (!py_is_str(call->args[0]))
        return py_not_implemented();
    const struct py_str *a = py_str_self(call), *b = py_str_of(call->args[0]);
    py_check_string(run, (uint64_t)a->len + b->len);
    char *text = py_alloc(run, a->len + b->len + 1);
    memcpy(text, a->ptr, a->len);
    memcpy(text + a->len, b->ptr, b->len);
    return py_str_own(run, text, a->len + b->len);
}

static struct py_value str_mul(struct py_run *run, struct py_call *call)
{
    return py_is_int(call->args[0]) ? py_repeat(run, call->self, call->args[0])
                                    : py_not_implemented();
}

static struct py_value str_mod(struct py_run *run, struct py_call *call)
{
    return py_percent(run, call->self, call->args[0]);
}

static struct py_value str_compare(struct py_run *run, struct py_call *call)
{
    for (int i = 0; i < (int)PY_COMPARE_OPS; i++) {
        bool r;
        if (strcmp(py_compare_op_info((enum py_compare_op)i)->method, call->function->name) == 0)
            return py_is_str(call->args[0]) &&
                           py_compare_plain(run, (enum py_compare_op)i, call->self, call->args[0],
                                            &r)
                       ? py_bool(r)
                       : py_not_implemented();
    }
    return py_not_implemented();
}

static struct py_value str_hash(struct py_run *run, struct py_call *call)
{
    run->touched = 1; /* differs from run to run in CPython */
    return py_int((int64_t)py_str_hash(py_str_of(call->self)));
}

static struct py_value str_len(struct py_run *run, struct py_call *call)
{
    (void)run;
    return py_int((int64_t)py_str_self(call)->count);
}

static struct py_value str_getitem(struct py_run *run, struct py_call *call)
{
    return py_getitem_plain(run, call->self, call->args[0]);
}

static struct py_value str_contains(struct py_run *run, struct py_call *call)
{
    return py_bool(py_contains_plain(run, call->self, call->args[0]));
}

static struct py_value plain_text(struct py_run *run, struct py_call *call)
{
    const struct py_str *s = py_str_self(call);
    return call->self.object->cls->native == &py_str_class ? call->self
                                                           : py_new_strn(run, s->ptr, s->len);
}

static struct py_value str_iter(struct py_run *run, struct py_call *call)
{
    return py_iter(run, plain_text(run, call));
}

static struct py_value str_repr(struct py_run *run, struct py_call *call)
{
    struct str s = STR_IN(run->arena);
    py_repr_plain(run, &s, call->self);
    return py_str_take(run, &s);
}

static struct py_value str_format_op(struct py_run *run, struct py_call *call)
{
    const struct py_str *spec = py_str_arg(run, call->args[0]);
    return py_format_value(run, plain_text(run, call), spec->ptr, spec->len);
}

enum { NEW_CLS, NEW_OBJECT, NEW_ENCODING, NEW_ERRORS };

static const struct py_arg str_new_args[] = {
    [NEW_CLS] = PY_POSITIONAL("cls"),
    [NEW_OBJECT] = PY_DEFAULTED("object"),
    [NEW_ENCODING] = PY_DEFAULTED("encoding"),
    [NEW_ERRORS] = PY_DEFAULTED("errors"),
    PY_ARGS_END,
};

static struct py_value str_new(struct py_run *run, struct py_call *call)
{
    struct py_type *cls = py_type_of(call->args[NEW_CLS]);
    struct py_value v = call->args[NEW_OBJECT];
    if (v.kind == PY_ABSENT) {
        v = py_new_str(run, "");
    } else if (call->args[NEW_ENCODING].kind != PY_ABSENT) {
        if (!py_is_bytes(v))
            py_raise(run, &py_type_error_class, "decoding to str: need a bytes-like object, %s "
                                                "found",
                     py_class_name(run, v));
        v = py_call_method(run, v, "decode", &call->args[NEW_ENCODING],
                           call->args[NEW_ERRORS].kind == PY_ABSENT ? 1 : 2);
    } else {
        v = py_to_str(run, v);
    }
    if (cls->native == &py_str_class)
        return v;
    struct py_str *copy = py_alloc(run, sizeof(*copy));
    *copy = *py_str_of(v);
    copy->base = (struct py_object){.cls = cls};
    return py_object(&copy->base);
}

static const struct py_member str_members[] = {
    PY_STATIC("__new__", str_new, str_new_args),
    PY_FUNCTION_N("upper", py_str_case, 0, 0),
    PY_FUNCTION_N("lower", py_str_case, 0, 0),
    PY_FUNCTION_N("swapcase", py_str_case, 0, 0),
    PY_FUNCTION_N("title", py_str_case, 0, 0),
    PY_FUNCTION_N("capitalize", py_str_case, 0, 0),
    PY_FUNCTION_N("casefold", py_str_case, 0, 0),
    PY_FUNCTION_N("isupper", py_str_is, 0, 0),
    PY_FUNCTION_N("islower", py_str_is, 0, 0),
    PY_FUNCTION_N("istitle", py_str_is, 0, 0),
    PY_FUNCTION_N("isspace", py_str_is, 0, 0),
    PY_FUNCTION_N("isalpha", py_str_is, 0, 0),
    PY_FUNCTION_N("isalnum", py_str_is, 0, 0),
    PY_FUNCTION_N("isdigit", py_str_is, 0, 0),
    PY_FUNCTION_N("isdecimal", py_str_is, 0, 0),
    PY_FUNCTION_N("isnumeric", py_str_is, 0, 0),
    PY_FUNCTION_N("isidentifier", py_str_is, 0, 0),
    PY_FUNCTION_N("isascii", py_str_is, 0, 0),
    PY_FUNCTION_N("isprintable", py_str_is, 0, 0),
    PY_FUNCTION_N("find", py_str_find, 1, 3),
    PY_FUNCTION_N("rfind", py_str_find, 1, 3),
    PY_FUNCTION_N("index", py_str_find, 1, 3),
    PY_FUNCTION_N("rindex", py_str_find, 1, 3),
    PY_FUNCTION_N("count", py_str_count, 1, 3),
    PY_FUNCTION_N("startswith", py_str_starts, 1, 3),
    PY_FUNCTION_N("endswith", py_str_starts, 1, 3),
    PY_FUNCTION_N("strip", py_str_strip, 0, 1),
    PY_FUNCTION_N("lstrip", py_str_strip, 0, 1),
    PY_FUNCTION_N("rstrip", py_str_strip, 0, 1),
    PY_FUNCTION("split", py_str_split, py_str_split_args),
    PY_FUNCTION("rsplit", py_str_split, py_str_split_args),
    PY_FUNCTION("splitlines", py_str_splitlines, py_str_splitlines_args),
    PY_FUNCTION_N("partition", py_str_partition, 1, 1),
    PY_FUNCTION_N("rpartition", py_str_partition, 1, 1),
    PY_FUNCTION_N("removeprefix", py_str_remove, 1, 1),
    PY_FUNCTION_N("removesuffix", py_str_remove, 1, 1),
    PY_FUNCTION_N("replace", str_replace, 2, 3),
    PY_FUNCTION_N("join", str_join, 1, 1),
    PY_FUNCTION_N("ljust", str_justify, 1, 2),
    PY_FUNCTION_N("rjust", str_justify, 1, 2),
    PY_FUNCTION_N("center", str_justify, 1, 2),
    PY_FUNCTION_N("zfill", str_zfill, 1, 1),
    PY_FUNCTION("expandtabs", str_expandtabs, expandtabs_args),
    PY_FUNCTION_ANY("format", str_format),
    PY_FUNCTION_N("format_map", str_format_map, 1, 1),
    PY_STATIC_N("maketrans", str_maketrans, 1, 3),
    PY_FUNCTION_N("translate", str_translate, 1, 1),
    PY_FUNCTION("encode", str_encode, encode_args),
    PY_FUNCTION_N("__add__", str_add_op, 1, 1),
    PY_FUNCTION_N("__mul__", str_mul, 1, 1),
    PY_FUNCTION_N("__rmul__", str_mul, 1, 1),
    PY_FUNCTION_N("__mod__", str_mod, 1, 1),
    PY_FUNCTION_N("__eq__", str_compare, 1, 1),
    PY_FUNCTION_N("__ne__", str_compare, 1, 1),
    PY_FUNCTION_N("__lt__", str_compare, 1, 1),
    PY_FUNCTION_N("__le__", str_compare, 1, 1),
    PY_FUNCTION_N("__gt__", str_compare, 1, 1),
    PY_FUNCTION_N("__ge__", str_compare, 1, 1),
    PY_FUNCTION_N("__hash__", str_hash, 0, 0),
    PY_FUNCTION_N("__len__", str_len, 0, 0),
    PY_FUNCTION_N("__getitem__", str_getitem, 1, 1),
    PY_FUNCTION_N("__contains__", str_contains, 1, 1),
    PY_FUNCTION_N("__iter__", str_iter, 0, 0),
    PY_FUNCTION_N("__str__", plain_text, 0, 0),
    PY_FUNCTION_N("__repr__", str_repr, 0, 0),
    PY_FUNCTION_N("__format__", str_format_op, 1, 1),
    PY_MEMBERS_END,
};

const struct py_native_class py_str_class = {
    .name = "str",
    .members = str_members,
    .flags = PY_CLASS_COMPLETE,
    .layout = PY_LAYOUT_STR,
};
