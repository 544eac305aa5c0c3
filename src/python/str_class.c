/* The class str. */
#include "config.h"

#include <string.h>
#include <wctype.h>

#include "base/utf8.h"
#include "python/interp.h"

static const struct py_str *self_of(struct py_call *call)
{
    return py_str_of(call->self);
}

/* ------------------------------------------------------------------ characters */

/*
 * Case and kind of characters. ASCII and Latin-1 are answered here, the rest by the C library,
 * whose tables are Unicode's in every UTF-8 locale; without one, letters beyond Latin-1 stay as
 * they are.
 */
static bool is_space(uint32_t c)
{
    return (c >= 9 && c <= 13) || (c >= 0x1c && c <= 0x20) || c == 0x85 || c == 0xa0 ||
           c == 0x1680 || (c >= 0x2000 && c <= 0x200a) || c == 0x2028 || c == 0x2029 ||
           c == 0x202f || c == 0x205f || c == 0x3000;
}

static uint32_t to_upper(uint32_t c)
{
    if (c < 0x80)
        return c >= 'a' && c <= 'z' ? c - 32 : c;
    if ((c >= 0xe0 && c <= 0xfe && c != 0xf7))
        return c - 32;
    if (c == 0xff)
        return 0x178;
    if (c == 0xb5)
        return 0x39c;
    return (uint32_t)towupper((wint_t)c);
}

static uint32_t to_lower(uint32_t c)
{
    if (c < 0x80)
        return c >= 'A' && c <= 'Z' ? c + 32 : c;
    if (c >= 0xc0 && c <= 0xde && c != 0xd7)
        return c + 32;
    return (uint32_t)towlower((wint_t)c);
}

static bool is_upper(uint32_t c)
{
    return to_lower(c) != c;
}

static bool is_lower(uint32_t c)
{
    return to_upper(c) != c || c == 0xdf || c == 0xaa || c == 0xba;
}

static bool is_digit(uint32_t c)
{
    return c >= '0' && c <= '9';
}

static bool is_alpha(uint32_t c)
{
    if (c < 0x80)
        return (c | 32) >= 'a' && (c | 32) <= 'z';
    if (c < 0x100)
        return c == 0xaa || c == 0xb5 || c == 0xba || (c >= 0xc0 && c != 0xd7 && c != 0xf7);
    return iswalpha((wint_t)c) != 0;
}

struct walk {
    const char *p, *end;
};

static bool next_char(struct walk *w, uint32_t *c)
{
    if (w->p >= w->end)
        return false;
    size_t size = 1;
    *c = (unsigned char)*w->p;
    if (*c >= 0x80)
        *c = utf8_decode(w->p, (size_t)(w->end - w->p), &size);
    w->p += size;
    return true;
}

static struct walk walk_of(const struct py_str *s)
{
    return (struct walk){s->ptr, s->ptr + s->len};
}

static void add_char(struct str *out, uint32_t c)
{
    char buf[UTF8_MAX];
    str_addn(out, buf, utf8_encode(buf, c));
}

/* ------------------------------------------------------------------ case */

static struct py_value str_case(struct py_run *run, struct py_call *call)
{
    const char *name = call->function->name;
    struct walk w = walk_of(self_of(call));
    struct str out = STR_IN(run->arena);
    uint32_t c;
    bool upper = strcmp(name, "upper") == 0, swap = strcmp(name, "swapcase") == 0;
    bool title = strcmp(name, "title") == 0, capital = strcmp(name, "capitalize") == 0;
    bool fold = strcmp(name, "casefold") == 0, in_word = false, first = true;
    while (next_char(&w, &c)) {
        bool up = upper || (swap && !is_upper(c)) || (title && !in_word) || (capital && first);
        if (c == 0xdf && (up || fold))
            str_add(&out, fold ? "ss" : title || capital ? "Ss" : "SS");
        else
            add_char(&out, up ? to_upper(c) : to_lower(c));
        in_word = is_alpha(c);
        first = false;
    }
    return py_str_take(run, &out);
}

static struct py_value str_is(struct py_run *run, struct py_call *call)
{
    const char *kind = call->function->name + 2;
    py_work(run, self_of(call)->len * PY_WORK_EACH * 2);
    struct walk w = walk_of(self_of(call));
    uint32_t c, previous = 0;
    bool any = false, cased = false;
    if (self_of(call)->len == 0)
        return py_bool(strcmp(kind, "ascii") == 0 || strcmp(kind, "printable") == 0);
    while (next_char(&w, &c)) {
        bool fits = true;
        if (strcmp(kind, "upper") == 0 || strcmp(kind, "lower") == 0) {
            bool up = *kind == 'u';
            fits = up ? !is_lower(c) : !is_upper(c);
            cased |= up ? is_upper(c) : is_lower(c);
        } else if (strcmp(kind, "title") == 0) {
            fits = is_alpha(previous) ? !is_upper(c) : !is_lower(c);
            cased |= is_alpha(c);
        } else if (strcmp(kind, "space") == 0) {
            fits = is_space(c);
        } else if (strcmp(kind, "alpha") == 0) {
            fits = is_alpha(c);
        } else if (strcmp(kind, "alnum") == 0) {
            fits = is_alpha(c) || is_digit(c);
        } else if (strcmp(kind, "identifier") == 0) {
            fits = c == '_' || is_alpha(c) || (any && is_digit(c));
        } else if (strcmp(kind, "ascii") == 0) {
            fits = c < 0x80;
        } else if (strcmp(kind, "printable") == 0) {
            fits = c >= 0x20 && c != 0x7f && !(c >= 0x80 && c <= 0xa0) && (c == ' ' || !is_space(c));
        } else {
            fits = is_digit(c) || (strcmp(kind, "decimal") != 0 &&
                                   (c == 0xb2 || c == 0xb3 || c == 0xb9));
        }
        if (!fits)
            return py_bool(false);
        any = true;
        previous = c;
    }
    bool needs_cased = strcmp(kind, "upper") == 0 || strcmp(kind, "lower") == 0 ||
                       strcmp(kind, "title") == 0;
    return py_bool(!needs_cased || cased);
}

/* ------------------------------------------------------------------ searching */

static const struct py_str *str_arg(struct py_run *run, struct py_value v)
{
    run->touched |= v.mark;
    if (!py_is_str(v)) {
        py_require_known(run, v);
        py_raise(run, &py_type_error_class, "must be str, not %s", py_class_name(run, v));
    }
    return py_str_of(v);
}

/* The bytes of self between the optional bounds args[at] and args[at + 1]; *from is its first
 * character's number. False: start is beyond the end. */
static bool bounds(struct py_run *run, struct py_call *call, size_t at, const char **ptr,
                   size_t *len, size_t *from)
{
    const struct py_str *s = self_of(call);
    int64_t n = (int64_t)s->count, lo = 0, hi = n;
    if (call->count > at && call->args[at].kind != PY_NONE)
        lo = py_as_index(run, call->args[at], NULL);
    if (call->count > at + 1 && call->args[at + 1].kind != PY_NONE)
        hi = py_as_index(run, call->args[at + 1], NULL);
    lo = lo < 0 ? (lo + n < 0 ? 0 : lo + n) : lo;
    hi = hi < 0 ? (hi + n < 0 ? 0 : hi + n) : hi > n ? n : hi;
    if (lo > n || lo > hi)
        return false;
    bool ascii = s->len == s->count;
    size_t start = ascii ? (size_t)lo : utf8_offset(s->ptr, s->len, (size_t)lo);
    *ptr = s->ptr + start;
    *len = ascii ? (size_t)(hi - lo) : utf8_offset(*ptr, s->len - start, (size_t)(hi - lo));
    *from = (size_t)lo;
    return true;
}

static const char *find_last(struct py_run *run, const char *hay, size_t len, const char *needle,
                             size_t n)
{
    for (size_t i = len + 1; i-- > n;) {
        py_work(run, n);
        if (memcmp(hay + i - n, needle, n) == 0)
            return hay + i - n;
    }
    return NULL;
}

static const char *find_first(const char *hay, size_t len, const char *needle, size_t n)
{
    return n == 0 ? hay : memmem(hay, len, needle, n);
}

static struct py_value str_find(struct py_run *run, struct py_call *call)
{
    const struct py_str *needle = str_arg(run, call->args[0]);
    const char *name = call->function->name, *ptr;
    size_t len, from;
    bool last = *name == 'r';
    const char *found = NULL;
    if (bounds(run, call, 1, &ptr, &len, &from))
        found = last ? find_last(run, ptr, len, needle->ptr, needle->len)
                     : find_first(ptr, len, needle->ptr, needle->len);
    if (found)
        return py_int((int64_t)(from + utf8_count(ptr, (size_t)(found - ptr))));
    if (strstr(name, "index"))
        py_raise(run, &py_value_error_class, "substring not found");
    return py_int(-1);
}

static size_t count_in(const char *ptr, size_t len, const struct py_str *needle)
{
    size_t n = 0;
    if (needle->len == 0)
        return utf8_count(ptr, len) + 1;
    for (const char *p = ptr, *end = ptr + len;
         (p = memmem(p, (size_t)(end - p), needle->ptr, needle->len)); p += needle->len)
        n++;
    return n;
}

static struct py_value str_count(struct py_run *run, struct py_call *call)
{
    const char *ptr;
    size_t len, from;
    const struct py_str *needle = str_arg(run, call->args[0]);
    if (!bounds(run, call, 1, &ptr, &len, &from))
        return py_int(0);
    return py_int((int64_t)count_in(ptr, len, needle));
}

static struct py_value str_starts(struct py_run *run, struct py_call *call)
{
    const char *ptr;
    size_t len, from;
    bool ends = call->function->name[0] == 'e';
    struct py_value v = py_require_known(run, call->args[0]);
    const struct py_value *items = &v;
    size_t count = 1;
    if (py_is_tuple(v)) {
        items = py_tuple_of(v)->items;
        count = py_tuple_of(v)->len;
    } else if (!py_is_str(v)) {
        py_raise(run, &py_type_error_class, "%s first arg must be str or a tuple of str, not %s",
                 call->function->name, py_class_name(run, v));
    }
    if (!bounds(run, call, 1, &ptr, &len, &from))
        return py_bool(false);
    for (size_t i = 0; i < count; i++) {
        const struct py_str *s = str_arg(run, items[i]);
        py_work(run, s->len + PY_WORK_EACH);
        if (s->len <= len && memcmp(ends ? ptr + len - s->len : ptr, s->ptr, s->len) == 0)
            return py_bool(true);
    }
    return py_bool(false);
}

/* ------------------------------------------------------------------ cutting */

static bool in_chars(struct py_run *run, const struct py_str *chars, uint32_t c)
{
    if (!chars)
        return is_space(c);
    py_work(run, chars->len * PY_WORK_EACH);
    struct walk w = walk_of(chars);
    uint32_t x;
    while (next_char(&w, &x)) {
        if (x == c)
            return true;
    }
    return false;
}

static struct py_value str_strip(struct py_run *run, struct py_call *call)
{
    const struct py_str *s = self_of(call), *chars = NULL;
    const char *name = call->function->name, *p = s->ptr, *end = s->ptr + s->len;
    if (call->count > 0 && call->args[0].kind != PY_NONE) {
        if (!py_is_str(py_require_known(run, call->args[0])))
            py_raise(run, &py_type_error_class, "%s arg must be None or str", name);
        chars = py_str_of(call->args[0]);
    }
    uint32_t c = 0;
    while (*name != 'r' && p < end) {
        struct walk w = {p, end};
        next_char(&w, &c);
        if (!in_chars(run, chars, c))
            break;
        p = w.p;
    }
    while (*name != 'l' && p < end) {
        const char *q = end - 1;
        while (q > p && ((unsigned char)*q & 0xc0) == 0x80)
            q--;
        struct walk w = {q, end};
        next_char(&w, &c);
        if (!in_chars(run, chars, c))
            break;
        end = q;
    }
    if (end - p == (ptrdiff_t)s->len && call->self.object->cls->native)
        return call->self;
    return py_new_strn(run, p, (size_t)(end - p));
}

static const struct py_arg split_args[] = {PY_OPTIONAL("sep"), PY_DEFAULTED("maxsplit"),
                                           PY_ARGS_END};

static void split_space(struct py_run *run, struct py_value list, const struct py_str *s,
                        int64_t max)
{
    const char *p = s->ptr, *end = s->ptr + s->len;
    uint32_t c;
    for (;;) {
        struct walk w = {p, end};
        const char *start = p;
        while (next_char(&w, &c) && is_space(c))
            start = w.p;
        if (start >= end)
            return;
        p = start;
        if (max-- == 0) {
            py_list_append(run, list, py_new_strn(run, p, (size_t)(end - p)));
            return;
        }
        w.p = p;
        while (w.p < end) {
            const char *before = w.p;
            next_char(&w, &c);
            if (is_space(c)) {
                w.p = before;
                break;
            }
        }
        py_list_append(run, list, py_new_strn(run, start, (size_t)(w.p - start)));
        p = w.p;
    }
}

static void rsplit_space(struct py_run *run, struct py_value list, const struct py_str *s,
                         int64_t max)
{
    const char *p = s->ptr, *end = s->ptr + s->len;
    for (;;) {
        while (end > p && is_space((unsigned char)end[-1]))
            end--;
        if (end == p)
            break;
        bool rest = max-- == 0;
        const char *start = rest ? p : end;
        while (!rest && start > p && !is_space((unsigned char)start[-1]))
            start--;
        py_list_append(run, list, py_new_strn(run, start, (size_t)(end - start)));
        if (rest)
            break;
        end = start;
    }
    py_call_method(run, list, "reverse", NULL, 0);
}

static struct py_value str_split(struct py_run *run, struct py_call *call)
{
    const struct py_str *s = self_of(call);
    bool right = call->function->name[0] == 'r';
    struct py_value list = py_new_list(run);
    int64_t max = call->args[1].kind == PY_ABSENT ? -1 : py_as_index(run, call->args[1], NULL);
    if (max < 0)
        max = INT64_MAX;
    if (call->args[0].kind == PY_NONE) {
        if (right)
            rsplit_space(run, list, s, max);
        else
            split_space(run, list, s, max);
        return list;
    }
    const struct py_str *sep = str_arg(run, call->args[0]);
    if (sep->len == 0)
        py_raise(run, &py_value_error_class, "empty separator");
    const char *p = s->ptr, *end = s->ptr + s->len, *q;
    if (!right) {
        while (max-- > 0 && (q = memmem(p, (size_t)(end - p), sep->ptr, sep->len))) {
            py_list_append(run, list, py_new_strn(run, p, (size_t)(q - p)));
            p = q + sep->len;
        }
        py_list_append(run, list, py_new_strn(run, p, (size_t)(end - p)));
        return list;
    }
    while (max-- > 0 && (q = find_last(run, p, (size_t)(end - p), sep->ptr, sep->len))) {
        py_list_append(run, list,
                       py_new_strn(run, q + sep->len, (size_t)(end - q) - sep->len));
        end = q;
    }
    py_list_append(run, list, py_new_strn(run, p, (size_t)(end - p)));
    py_call_method(run, list, "reverse", NULL, 0);
    return list;
}

static const struct py_arg splitlines_args[] = {PY_DEFAULTED("keepends"), PY_ARGS_END};

static struct py_value str_splitlines(struct py_run *run, struct py_call *call)
{
    bool keep = py_truth(run, call->args[0]);
    struct walk w = walk_of(self_of(call));
    struct py_value list = py_new_list(run);
    const char *start = w.p;
    uint32_t c;
    while (w.p < w.end) {
        const char *before = w.p;
        next_char(&w, &c);
        bool line_end = (c >= 10 && c <= 13) || (c >= 0x1c && c <= 0x1e) || c == 0x85 ||
                        c == 0x2028 || c == 0x2029;
        if (!line_end)
            continue;
        if (c == '\r' && w.p < w.end && *w.p == '\n')
            w.p++;
        py_list_append(run, list, py_new_strn(run, start, (size_t)((keep ? w.p : before) - start)));
        start = w.p;
    }
    if (start < w.end)
        py_list_append(run, list, py_new_strn(run, start, (size_t)(w.end - start)));
    return list;
}

static struct py_value str_partition(struct py_run *run, struct py_call *call)
{
    const struct py_str *s = self_of(call), *sep = str_arg(run, call->args[0]);
    bool right = call->function->name[0] == 'r';
    if (sep->len == 0)
        py_raise(run, &py_value_error_class, "empty separator");
    const char *q = right ? find_last(run, s->ptr, s->len, sep->ptr, sep->len)
                          : find_first(s->ptr, s->len, sep->ptr, sep->len);
    struct py_value empty = py_new_str(run, "");
    struct py_value whole = py_new_strn(run, s->ptr, s->len);
    if (!q)
        return right ? py_new_tuple(run, (const struct py_value[]){empty, empty, whole}, 3)
                     : py_new_tuple(run, (const struct py_value[]){whole, empty, empty}, 3);
    size_t before = (size_t)(q - s->ptr), after = before + sep->len;
    return py_new_tuple(run,
                        (const struct py_value[]){py_new_strn(run, s->ptr, before),
                                                  call->args[0],
                                                  py_new_strn(run, s->ptr + after,
                                                              s->len - after)},
                        3);
}

static struct py_value str_remove(struct py_run *run, struct py_call *call)
{
    const struct py_str *s = self_of(call), *part = str_arg(run, call->args[0]);
    bool suffix = strcmp(call->function->name, "removesuffix") == 0;
    size_t n = part->len;
    bool fits = n <= s->len &&
                memcmp(suffix ? s->ptr + s->len - n : s->ptr, part->ptr, n) == 0;
    return py_new_strn(run, fits && !suffix ? s->ptr + n : s->ptr, fits ? s->len - n : s->len);
}

/* ------------------------------------------------------------------ building */

static struct py_value str_replace(struct py_run *run, struct py_call *call)
{
    const struct py_str *s = self_of(call), *old = str_arg(run, call->args[0]);
    const struct py_str *new = str_arg(run, call->args[1]);
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
    const struct py_str *sep = self_of(call);
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
    const struct py_str *s = self_of(call);
    const char *name = call->function->name, *fill = " ";
    int64_t width = py_as_index(run, call->args[0], NULL);
    if (call->count > 1) {
        const struct py_str *f = str_arg(run, call->args[1]);
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
    const struct py_str *s = self_of(call);
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
    struct walk w = walk_of(self_of(call));
    struct str out = STR_IN(run->arena);
    int64_t column = 0;
    uint32_t c;
    while (next_char(&w, &c)) {
        if (c == '\t') {
            int64_t n = size > 0 ? size - column % size : 0;
            py_check_string(run, out.len + (uint64_t)n);
            str_fill(&out, ' ', (size_t)n);
            column += n;
            continue;
        }
        add_char(&out, c);
        column = c == '\n' || c == '\r' ? 0 : column + 1;
    }
    return py_str_take(run, &out);
}

static struct py_value str_format(struct py_run *run, struct py_call *call)
{
    struct py_value mapping = call->kwargs ? py_object(&call->kwargs->base) : py_absent();
    return py_str_format(run, self_of(call), call->args, call->count, mapping);
}

static struct py_value str_format_map(struct py_run *run, struct py_call *call)
{
    return py_str_format(run, self_of(call), NULL, 0, call->args[0]);
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
    struct walk a = walk_of(str_arg(run, call->args[0])), b = walk_of(str_arg(run, call->args[1]));
    if (py_str_of(call->args[0])->count != py_str_of(call->args[1])->count)
        py_raise(run, &py_value_error_class,
                 "the first two maketrans arguments must have equal length");
    uint32_t x, y;
    while (next_char(&a, &x) && next_char(&b, &y))
        py_dict_put(run, py_dict_of(out), py_int(x), py_int(y));
    if (call->count > 2) {
        struct walk gone = walk_of(str_arg(run, call->args[2]));
        while (next_char(&gone, &x))
            py_dict_put(run, py_dict_of(out), py_int(x), py_none());
    }
    return out;
}

static struct py_value str_translate(struct py_run *run, struct py_call *call)
{
    struct walk w = walk_of(self_of(call));
    struct str out = STR_IN(run->arena);
    uint32_t c;
    if (!py_is_dict(py_require_known(run, call->args[0])))
        py_refuse(run, PY_REFUSE_BUILTIN, "str.translate() with a %s is not supported",
                  py_class_name(run, call->args[0]));
    while (next_char(&w, &c)) {
        struct py_value v = py_dict_get(run, py_dict_of(call->args[0]), py_int(c));
        if (v.kind == PY_ABSENT)
            add_char(&out, c);
        else if (py_is_str(v))
            str_addn(&out, py_str_of(v)->ptr, py_str_of(v)->len);
        else if (v.kind != PY_NONE)
            add_char(&out, (uint32_t)py_as_index(run, v, NULL));
    }
    return py_str_take(run, &out);
}

static const struct py_arg encode_args[] = {PY_DEFAULTED("encoding"), PY_DEFAULTED("errors"),
                                            PY_ARGS_END};

static struct py_value str_encode(struct py_run *run, struct py_call *call)
{
    const struct py_str *s = self_of(call);
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
    struct walk w = walk_of(s);
    struct str out = STR_IN(run->arena);
    uint32_t c;
    for (size_t i = 0; next_char(&w, &c); i++) {
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
    const struct py_str *a = self_of(call), *b = py_str_of(call->args[0]);
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
    return py_int((int64_t)self_of(call)->count);
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
    const struct py_str *s = self_of(call);
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
    const struct py_str *spec = str_arg(run, call->args[0]);
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
    PY_FUNCTION_N("upper", str_case, 0, 0),
    PY_FUNCTION_N("lower", str_case, 0, 0),
    PY_FUNCTION_N("swapcase", str_case, 0, 0),
    PY_FUNCTION_N("title", str_case, 0, 0),
    PY_FUNCTION_N("capitalize", str_case, 0, 0),
    PY_FUNCTION_N("casefold", str_case, 0, 0),
    PY_FUNCTION_N("isupper", str_is, 0, 0),
    PY_FUNCTION_N("islower", str_is, 0, 0),
    PY_FUNCTION_N("istitle", str_is, 0, 0),
    PY_FUNCTION_N("isspace", str_is, 0, 0),
    PY_FUNCTION_N("isalpha", str_is, 0, 0),
    PY_FUNCTION_N("isalnum", str_is, 0, 0),
    PY_FUNCTION_N("isdigit", str_is, 0, 0),
    PY_FUNCTION_N("isdecimal", str_is, 0, 0),
    PY_FUNCTION_N("isnumeric", str_is, 0, 0),
    PY_FUNCTION_N("isidentifier", str_is, 0, 0),
    PY_FUNCTION_N("isascii", str_is, 0, 0),
    PY_FUNCTION_N("isprintable", str_is, 0, 0),
    PY_FUNCTION_N("find", str_find, 1, 3),
    PY_FUNCTION_N("rfind", str_find, 1, 3),
    PY_FUNCTION_N("index", str_find, 1, 3),
    PY_FUNCTION_N("rindex", str_find, 1, 3),
    PY_FUNCTION_N("count", str_count, 1, 3),
    PY_FUNCTION_N("startswith", str_starts, 1, 3),
    PY_FUNCTION_N("endswith", str_starts, 1, 3),
    PY_FUNCTION_N("strip", str_strip, 0, 1),
    PY_FUNCTION_N("lstrip", str_strip, 0, 1),
    PY_FUNCTION_N("rstrip", str_strip, 0, 1),
    PY_FUNCTION("split", str_split, split_args),
    PY_FUNCTION("rsplit", str_split, split_args),
    PY_FUNCTION("splitlines", str_splitlines, splitlines_args),
    PY_FUNCTION_N("partition", str_partition, 1, 1),
    PY_FUNCTION_N("rpartition", str_partition, 1, 1),
    PY_FUNCTION_N("removeprefix", str_remove, 1, 1),
    PY_FUNCTION_N("removesuffix", str_remove, 1, 1),
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
