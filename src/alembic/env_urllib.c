/* The part of urllib.parse that database URLs are made and taken apart with. */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "alembic/env_run.h"
#include "base/arena.h"
#include "base/str.h"
#include "config/percent.h"

/* ---- quoting ---- */

enum { QUOTE_TEXT, QUOTE_SAFE, QUOTE_ENCODING, QUOTE_ERRORS };
static const struct py_arg quote_args[] = {[QUOTE_TEXT] = PY_REQUIRED("string"),
                                           [QUOTE_SAFE] = PY_DEFAULTED("safe"),
                                           [QUOTE_ENCODING] = PY_OPTIONAL("encoding"),
                                           [QUOTE_ERRORS] = PY_OPTIONAL("errors"),
                                           PY_ARGS_END};

static struct py_value quoted(struct py_run *run, struct py_call *call, const char *safe, bool plus)
{
    struct str out = STR_IN(py_arena(run));
    struct py_value v = py_require_known(run, call->args[QUOTE_TEXT]);
    const char *text = py_is_bytes(v) ? py_bytes_of(v)->ptr : NULL;
    if (!text && !py_is_str(v))
        py_raise(run, &py_type_error_class, "quote_from_bytes() expected bytes");
    if (!py_is_absent(call->args[QUOTE_SAFE]))
        safe = py_as_string(run, call->args[QUOTE_SAFE], "safe");
    percent_encode(&out, text ? text : py_str_of(v)->ptr, safe, plus);
    return py_new_str(run, out.ptr);
}

static struct py_value quote(struct py_run *run, struct py_call *call)
{
    return quoted(run, call, "/", false);
}

static struct py_value quote_plus(struct py_run *run, struct py_call *call)
{
    return quoted(run, call, "", true);
}

static const struct py_arg unquote_args[] = {PY_REQUIRED("string"), PY_OPTIONAL("encoding"),
                                             PY_OPTIONAL("errors"), PY_ARGS_END};

static struct py_value unquote(struct py_run *run, struct py_call *call)
{
    const char *text = py_as_string(run, call->args[0], "string");
    bool plus = strcmp(call->function->name, "unquote_plus") == 0;
    return py_new_str(run, percent_decode(py_arena(run), text, strlen(text), plus));
}

/* ---- query strings ---- */

static struct py_value parse_qsl(struct py_run *run, struct py_call *call)
{
    const char *s = py_as_string(run, call->args[0], "qs");
    struct py_value list = py_new_list(run);
    while (*s) {
        size_t n = strcspn(s, "&");
        const char *equal = memchr(s, '=', n);
        if (equal && equal + 1 < s + n) {
            struct arena *a = py_arena(run);
            const struct py_value pair[] = {
                py_new_str(run, percent_decode(a, s, (size_t)(equal - s), true)),
                py_new_str(run, percent_decode(a, equal + 1, (size_t)(s + n - equal - 1), true))};
            py_list_append(run, list, py_new_tuple(run, pair, 2));
        }
        s += n + (s[n] == '&');
    }
    return list;
}

static struct py_value parse_qs(struct py_run *run, struct py_call *call)
{
    struct py_value dict = py_new_dict(run);
    struct py_tuple *pairs = py_items(run, parse_qsl(run, call));
    for (size_t i = 0; i < pairs->len; i++) {
        const struct py_value *pair = py_tuple_of(pairs->items[i])->items;
        struct py_value values = py_dict_get(run, py_dict_of(dict), pair[0]);
        if (py_is_absent(values)) {
            values = py_new_list(run);
            py_dict_put(run, py_dict_of(dict), pair[0], values);
        }
        py_list_append(run, values, pair[1]);
    }
    return dict;
}

/* urlencode() of a dict or of pairs. */
static struct py_value urlencode(struct py_run *run, struct py_call *call)
{
    struct str out = STR_IN(py_arena(run));
    struct py_value query = call->args[0];
    if (py_is_dict(query))
        query = py_call_method(run, query, "items", NULL, 0);
    struct py_tuple *pairs = py_items(run, query);
    for (size_t i = 0; i < pairs->len; i++) {
        struct py_tuple *pair = py_items(run, pairs->items[i]);
        if (pair->len != 2)
            py_raise(run, &py_type_error_class,
                     "not a valid non-string sequence or mapping object");
        if (i)
            str_addc(&out, '&');
        percent_encode(&out, py_str_text(run, pair->items[0]), "", true);
        str_addc(&out, '=');
        percent_encode(&out, py_str_text(run, pair->items[1]), "", true);
    }
    return py_new_str(run, out.ptr);
}

/* ---- urlsplit() ---- */

enum { SCHEME, NETLOC, PATH, QUERY, FRAGMENT, PARTS };
static const char *const part_names[PARTS] = {"scheme", "netloc", "path", "query", "fragment"};

struct split {
    struct py_value parts[PARTS];
};

static const struct py_native_class split_class;

static struct py_value split_new(struct py_run *run, const struct py_value parts[PARTS])
{
    void *payload;
    struct py_value v = py_new(run, &split_class, &payload);
    memcpy(((struct split *)payload)->parts, parts, sizeof(((struct split *)payload)->parts));
    return v;
}

static const char *part(struct py_call *call, int index)
{
    const struct split *split = py_payload(call->self, &split_class);
    return py_str_of(split->parts[index])->ptr;
}

static struct py_value take(struct py_run *run, const char **s, size_t len, size_t skip)
{
    struct py_value v = py_new_strn(run, *s, len);
    *s += len + skip;
    return v;
}

static struct py_value urlsplit(struct py_run *run, struct py_call *call)
{
    const char *s = py_as_string(run, call->args[0], "url");
    struct py_value parts[PARTS];
    size_t n = 0;
    while (isalnum((unsigned char)s[n]) || (s[n] && strchr("+-.", s[n])))
        n++;
    bool has_scheme = n > 0 && s[n] == ':' && isalpha((unsigned char)s[0]);
    parts[SCHEME] = has_scheme ? py_call_method(run, take(run, &s, n, 1), "lower", NULL, 0)
                               : py_new_str(run, "");
    bool has_netloc = str_starts_with(s, "//");
    s += has_netloc ? 2 : 0;
    parts[NETLOC] = take(run, &s, has_netloc ? strcspn(s, "/?#") : 0, 0);
    parts[PATH] = take(run, &s, strcspn(s, "?#"), 0);
    s += *s == '?';
    parts[QUERY] = take(run, &s, s[-1] == '?' ? strcspn(s, "#") : 0, 0);
    s += *s == '#';
    parts[FRAGMENT] = py_new_str(run, s);
    return split_new(run, parts);
}

static struct py_value split_part(struct py_run *run, struct py_call *call)
{
    for (int i = 0; i < PARTS; i++) {
        if (strcmp(part_names[i], call->function->name) == 0)
            return py_new_str(run, part(call, i));
    }
    return py_new_str(run, ""); /* params */
}

static struct py_value text_or_none(struct py_run *run, const char *start, const char *end)
{
    return start ? py_new_strn(run, start, (size_t)(end - start)) : py_none();
}

/* username, password, hostname, port: of "user:password@host:port". */
static struct py_value split_authority(struct py_run *run, struct py_call *call)
{
    const char *name = call->function->name, *s = part(call, NETLOC), *end = s + strlen(s);
    const char *at = strrchr(s, '@');
    const char *host = at ? at + 1 : s;
    const char *user_end = at ? memchr(s, ':', (size_t)(at - s)) : NULL;
    if (strcmp(name, "username") == 0)
        return at ? text_or_none(run, s, user_end ? user_end : at) : py_none();
    if (strcmp(name, "password") == 0)
        return user_end ? text_or_none(run, user_end + 1, at) : py_none();
    const char *bracket = *host == '[' ? strchr(host, ']') : NULL;
    const char *colon = strchr(bracket ? bracket : host, ':');
    const char *host_end = bracket ? bracket : colon ? colon : end;
    if (strcmp(name, "port") == 0)
        return colon && colon[1] ? py_new_int_text(run, colon + 1) : py_none();
    host += bracket ? 1 : 0;
    if (host_end <= host)
        return py_none();
    return py_call_method(run, text_or_none(run, host, host_end), "lower", NULL, 0);
}

static struct py_value geturl(struct py_run *run, struct py_call *call)
{
    struct str out = STR_IN(py_arena(run));
    const char *path = part(call, PATH);
    if (part(call, SCHEME)[0])
        str_addf(&out, "%s:", part(call, SCHEME));
    if (part(call, NETLOC)[0])
        str_addf(&out, "//%s%s", part(call, NETLOC), path[0] && path[0] != '/' ? "/" : "");
    str_add(&out, path);
    if (part(call, QUERY)[0])
        str_addf(&out, "?%s", part(call, QUERY));
    if (part(call, FRAGMENT)[0])
        str_addf(&out, "#%s", part(call, FRAGMENT));
    return py_new_str(run, out.ptr);
}

static struct py_value split_replace(struct py_run *run, struct py_call *call)
{
    struct split split = *(const struct split *)py_payload(call->self, &split_class);
    for (int i = 0; call->kwargs && i < PARTS; i++) {
        struct py_value v = py_dict_take_name(run, call->kwargs, part_names[i]);
        if (!py_is_absent(v))
            split.parts[i] = py_to_str(run, v);
    }
    return split_new(run, split.parts);
}

static const struct py_member split_members[] = {
    PY_PROPERTY("scheme", split_part),
    PY_PROPERTY("netloc", split_part),
    PY_PROPERTY("path", split_part),
    PY_PROPERTY("params", split_part),
    PY_PROPERTY("query", split_part),
    PY_PROPERTY("fragment", split_part),
    PY_PROPERTY("username", split_authority),
    PY_PROPERTY("password", split_authority),
    PY_PROPERTY("hostname", split_authority),
    PY_PROPERTY("port", split_authority),
    PY_FUNCTION_N("geturl", geturl, 0, 0),
    PY_FUNCTION_ANY("_replace", split_replace),
    PY_MEMBERS_END,
};

static const struct py_native_class split_class = {.name = "SplitResult",
                                                   .module = "urllib.parse",
                                                   .members = split_members,
                                                   .payload_size = sizeof(struct split)};

static struct py_value urlunsplit(struct py_run *run, struct py_call *call)
{
    if (!py_payload(call->args[0], &split_class))
        py_refuse(run, PY_REFUSE_LIBRARY,
                  "%s() of anything but a result of urlsplit() is not supported",
                  call->function->name);
    return py_call_method(run, call->args[0], "geturl", NULL, 0);
}

static const struct py_member members[] = {
    PY_FUNCTION("quote", quote, quote_args),
    PY_FUNCTION("quote_plus", quote_plus, quote_args),
    PY_FUNCTION("unquote", unquote, unquote_args),
    PY_FUNCTION("unquote_plus", unquote, unquote_args),
    PY_FUNCTION_N("parse_qsl", parse_qsl, 1, 1),
    PY_FUNCTION_N("parse_qs", parse_qs, 1, 1),
    PY_FUNCTION_N("urlencode", urlencode, 1, 1),
    PY_FUNCTION_N("urlsplit", urlsplit, 1, 1),
    PY_FUNCTION_N("urlparse", urlsplit, 1, 1),
    PY_FUNCTION_N("urlunsplit", urlunsplit, 1, 1),
    PY_FUNCTION_N("urlunparse", urlunsplit, 1, 1),
    PY_MEMBERS_END,
};

const struct py_native_module env_urllib_module = {"urllib.parse", members, 0, NULL};
