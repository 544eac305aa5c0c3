#include "config.h"

#include "postgres/catalog_text.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "schema/expr.h"

void catalog_numbers(struct arena *a, const char *text, struct number_list *out)
{
    *out = (struct number_list){0};
    for (const char *s = text; s && *s;) {
        char *end;
        long n = strtol(s, &end, 10);
        if (end == s) {
            s++; /* a brace, a comma, a blank */
            continue;
        }
        vec_push(a, out, (int)n);
        s = end;
    }
}

void catalog_words(struct arena *a, const char *text, struct name_list *out)
{
    *out = (struct name_list){0};
    for (const char *s = text; s && *s;) {
        size_t len = strcspn(s, " ");
        if (len > 0)
            vec_push(a, out, arena_strndup(a, s, len));
        s += len + (s[len] == ' ');
    }
}

/* One element of an array; *s moves behind it. NULL: it is NULL. */
static const char *take_element(struct arena *a, const char **s)
{
    struct str text = STR_IN(a);
    const char *at = *s;
    bool quoted = *at == '"';
    if (quoted)
        at++;
    while (*at && !(quoted ? *at == '"' : *at == ',' || *at == '}')) {
        if (*at == '\\' && at[1])
            at++;
        str_addc(&text, *at++);
    }
    *s = at + (quoted && *at == '"');
    return !quoted && strcmp(text.ptr, "NULL") == 0 ? NULL : text.ptr;
}

void catalog_strings(struct arena *a, const char *text, struct name_list *out)
{
    *out = (struct name_list){0};
    if (!text || *text != '{')
        return;
    const char *s = text + 1;
    while (*s && *s != '}') {
        const char *element = take_element(a, &s);
        if (element)
            vec_push(a, out, element);
        if (*s == ',')
            s++;
    }
}

/* The characters of one name, which ends at the separator or at the text's end. */
static const char *take_identifier(struct arena *a, const char **s, char separator)
{
    struct str name = STR_IN(a);
    const char *at = *s;
    bool quoted = false;
    for (; *at && (quoted || *at != separator); at++) {
        if (*at == '"' && quoted && at[1] == '"')
            str_addc(&name, *at++);
        else if (*at == '"')
            quoted = !quoted;
        else if (quoted)
            str_addc(&name, *at);
        else if (!isspace((unsigned char)*at))
            str_addc(&name, (char)tolower((unsigned char)*at));
    }
    *s = at;
    return name.ptr;
}

void catalog_identifiers(struct arena *a, const char *text, char separator, struct name_list *out)
{
    *out = (struct name_list){0};
    for (const char *s = text; *s;) {
        vec_push(a, out, take_identifier(a, &s, separator));
        if (*s == separator)
            s++;
    }
}

/* Whether text() would take the backslash at s for an escape of the colon behind it. */
static bool is_escape(const char *s)
{
    if (s[0] != '\\' || s[1] != ':')
        return false;
    const char *end = s + 2;
    for (size_t size; *end && (size = expr_bind_char(end)) > 0;)
        end += size;
    return *end != ':';
}

const struct expr *catalog_expr(struct arena *a, const char *text)
{
    if (!text)
        return NULL;
    if (!strchr(text, ':'))
        return expr_text(a, text);
    struct str out = STR_IN(a);
    const char *name;
    size_t len, at = 0, copied = 0;
    for (bool more = true; more;) {
        more = expr_next_bind(text, &at, &name, &len);
        size_t end = more ? (size_t)(name - text) - 1 : strlen(text);
        for (; copied < end; copied++) {
            if (is_escape(text + copied))
                str_addc(&out, '\\');
            str_addc(&out, text[copied]);
        }
        if (more)
            str_addc(&out, '\\');
    }
    return expr_text(a, out.ptr);
}

/*
 * The offset of the parenthesis that closes the one at the start; len: none. Strings and quoted
 * names are passed over: a doubled quote in one ends it and starts it again.
 */
static size_t closing_parenthesis(const char *s, size_t len)
{
    int depth = 0;
    for (size_t i = 0; i < len; i++) {
        if (s[i] == '\'' || s[i] == '"') {
            const char *quote = memchr(s + i + 1, s[i], len - i - 1);
            i = quote ? (size_t)(quote - s) : len;
        } else if (s[i] == '(') {
            depth++;
        } else if (s[i] == ')' && --depth == 0) {
            return i;
        }
    }
    return len;
}

static bool drop_end(const char *text, size_t *len, const char *end)
{
    size_t n = strlen(end);
    if (*len < n || memcmp(text + *len - n, end, n) != 0)
        return false;
    *len -= n;
    return true;
}

const char *catalog_check(struct arena *a, const char *text)
{
    if (!text || !str_starts_with(text, "CHECK"))
        return NULL;
    const char *s = text + strlen("CHECK");
    while (*s == ' ')
        s++;
    size_t len = strlen(s);
    drop_end(s, &len, " NOT VALID");
    drop_end(s, &len, " NO INHERIT");
    if (len < 3 || *s != '(' || s[len - 1] != ')')
        return NULL;
    const char *condition = arena_strndup(a, s + 1, len - 2);
    struct str inner = STR_IN(a);
    str_add(&inner, condition);
    str_trim(&inner);
    if (inner.len >= 2 && inner.ptr[0] == '(' &&
        closing_parenthesis(inner.ptr, inner.len) == inner.len - 1)
        return arena_strndup(a, inner.ptr + 1, inner.len - 2);
    return condition;
}
