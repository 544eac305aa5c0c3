/* The class str: searching and cutting. */
#include "config.h"

#include <string.h>

#include "base/utf8.h"
#include "python/str_private.h"

/* ------------------------------------------------------------------ searching */

const struct py_str *py_str_arg(struct py_run *run, struct py_value v)
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
    const struct py_str *s = py_str_self(call);
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

struct py_value py_str_find(struct py_run *run, struct py_call *call)
{
    const struct py_str *needle = py_str_arg(run, call->args[0]);
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

struct py_value py_str_count(struct py_run *run, struct py_call *call)
{
    const char *ptr;
    size_t len, from;
    const struct py_str *needle = py_str_arg(run, call->args[0]);
    if (!bounds(run, call, 1, &ptr, &len, &from))
        return py_int(0);
    return py_int((int64_t)count_in(ptr, len, needle));
}

struct py_value py_str_starts(struct py_run *run, struct py_call *call)
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
        const struct py_str *s = py_str_arg(run, items[i]);
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
        return py_char_is_space(c);
    py_work(run, chars->len * PY_WORK_EACH);
    struct py_char_walk w = py_char_walk(chars);
    uint32_t x;
    while (py_char_next(&w, &x)) {
        if (x == c)
            return true;
    }
    return false;
}

struct py_value py_str_strip(struct py_run *run, struct py_call *call)
{
    const struct py_str *s = py_str_self(call), *chars = NULL;
    const char *name = call->function->name, *p = s->ptr, *end = s->ptr + s->len;
    if (call->count > 0 && call->args[0].kind != PY_NONE) {
        if (!py_is_str(py_require_known(run, call->args[0])))
            py_raise(run, &py_type_error_class, "%s arg must be None or str", name);
        chars = py_str_of(call->args[0]);
    }
    uint32_t c = 0;
    while (*name != 'r' && p < end) {
        struct py_char_walk w = {p, end};
        py_char_next(&w, &c);
        if (!in_chars(run, chars, c))
            break;
        p = w.p;
    }
    while (*name != 'l' && p < end) {
        const char *q = end - 1;
        while (q > p && ((unsigned char)*q & 0xc0) == 0x80)
            q--;
        struct py_char_walk w = {q, end};
        py_char_next(&w, &c);
        if (!in_chars(run, chars, c))
            break;
        end = q;
    }
    if (end - p == (ptrdiff_t)s->len && call->self.object->cls->native)
        return call->self;
    return py_new_strn(run, p, (size_t)(end - p));
}

const struct py_arg py_str_split_args[] = {PY_OPTIONAL("sep"), PY_DEFAULTED("maxsplit"),
                                           PY_ARGS_END};

static void split_space(struct py_run *run, struct py_value list, const struct py_str *s,
                        int64_t max)
{
    const char *p = s->ptr, *end = s->ptr + s->len;
    uint32_t c;
    for (;;) {
        struct py_char_walk w = {p, end};
        const char *start = p;
        while (py_char_next(&w, &c) && py_char_is_space(c))
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
            py_char_next(&w, &c);
            if (py_char_is_space(c)) {
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
        while (end > p && py_char_is_space((unsigned char)end[-1]))
            end--;
        if (end == p)
            break;
        bool rest = max-- == 0;
        const char *start = rest ? p : end;
        while (!rest && start > p && !py_char_is_space((unsigned char)start[-1]))
            start--;
        py_list_append(run, list, py_new_strn(run, start, (size_t)(end - start)));
        if (rest)
            break;
        end = start;
    }
    py_call_method(run, list, "reverse", NULL, 0);
}

struct py_value py_str_split(struct py_run *run, struct py_call *call)
{
    const struct py_str *s = py_str_self(call);
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
    const struct py_str *sep = py_str_arg(run, call->args[0]);
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

const struct py_arg py_str_splitlines_args[] = {PY_DEFAULTED("keepends"), PY_ARGS_END};

struct py_value py_str_splitlines(struct py_run *run, struct py_call *call)
{
    bool keep = py_truth(run, call->args[0]);
    struct py_char_walk w = py_char_walk(py_str_self(call));
    struct py_value list = py_new_list(run);
    const char *start = w.p;
    uint32_t c;
    while (w.p < w.end) {
        const char *before = w.p;
        py_char_next(&w, &c);
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

struct py_value py_str_partition(struct py_run *run, struct py_call *call)
{
    const struct py_str *s = py_str_self(call), *sep = py_str_arg(run, call->args[0]);
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

struct py_value py_str_remove(struct py_run *run, struct py_call *call)
{
    const struct py_str *s = py_str_self(call), *part = py_str_arg(run, call->args[0]);
    bool suffix = strcmp(call->function->name, "removesuffix") == 0;
    size_t n = part->len;
    bool fits = n <= s->len &&
                memcmp(suffix ? s->ptr + s->len - n : s->ptr, part->ptr, n) == 0;
    return py_new_strn(run, fits && !suffix ? s->ptr + n : s->ptr, fits ? s->len - n : s->len);
}
