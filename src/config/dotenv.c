#include "config.h"

#include "config/dotenv.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"

struct reader {
    const char *at, *end;
    int line;
};

/* ---- the grammar of python-dotenv's parser ---- */

/* White space within a line. */
static bool is_gap(char c)
{
    return isspace((unsigned char)c) && c != '\n';
}

/* Steps over to `to`, counting the lines that end on the way. */
static void advance(struct reader *r, const char *to)
{
    for (; r->at < to; r->at++)
        r->line += *r->at == '\n';
}

static void skip_gap(struct reader *r)
{
    while (r->at < r->end && is_gap(*r->at))
        r->at++;
}

static void skip_to_line_end(struct reader *r)
{
    while (r->at < r->end && *r->at != '\n')
        r->at++;
}

static void skip_export(struct reader *r)
{
    static const char word[] = "export";
    size_t len = sizeof(word) - 1;
    if ((size_t)(r->end - r->at) > len && strncmp(r->at, word, len) == 0 && is_gap(r->at[len])) {
        r->at += len;
        skip_gap(r);
    }
}

/* A key: 'quoted', or up to '=', '#' or white space. False when there is none. */
static bool parse_key(struct arena *a, struct reader *r, const char **key)
{
    const char *start = r->at;
    const char *end = start;
    if (*start == '\'') {
        end = memchr(start + 1, '\'', (size_t)(r->end - start - 1));
        if (!end || end == start + 1)
            return false;
        *key = arena_strndup(a, start + 1, (size_t)(end - start - 1));
        advance(r, end + 1);
        return true;
    }
    while (end < r->end && *end != '=' && *end != '#' && !isspace((unsigned char)*end))
        end++;
    *key = arena_strndup(a, start, (size_t)(end - start));
    r->at = end;
    return end > start;
}

/*
 * The end of a quoted value (its closing quote), or NULL. A quote after a backslash does not close;
 * but where nothing else closes, the last such quote does, as when the expression backtracks.
 */
static const char *closing_quote(const struct reader *r, char quote)
{
    const char *last = NULL;
    for (const char *p = r->at + 1; p < r->end; p++) {
        if (*p == quote)
            return p;
        if (*p == '\\' && p + 1 < r->end && p[1] == quote)
            last = ++p;
    }
    return last;
}

static char escape(char c, char quote)
{
    static const char from[] = "abfnrtv", to[] = "\a\b\f\n\r\t\v";
    if (c == '\\' || c == '\'' || (quote == '"' && c == '"'))
        return c;
    const char *at = quote == '"' ? strchr(from, c) : NULL;
    return at && c ? to[at - from] : '\0';
}

static bool parse_quoted(struct arena *a, struct reader *r, const char **value)
{
    char quote = *r->at;
    const char *end = closing_quote(r, quote);
    if (!end)
        return false;
    struct str out = STR_IN(a);
    for (const char *p = r->at + 1; p < end; p++) {
        char c = *p == '\\' && p + 1 < end ? escape(p[1], quote) : '\0';
        str_addc(&out, c ? c : *p);
        p += c != '\0';
    }
    advance(r, end + 1);
    *value = str_take(&out);
    return true;
}

/* Up to the line end, or to a '#' after white space. */
static void parse_plain(struct arena *a, struct reader *r, const char **value)
{
    const char *start = r->at;
    skip_to_line_end(r);
    const char *end = r->at;
    for (const char *p = start; p + 1 < end; p++) {
        if (isspace((unsigned char)p[0]) && p[1] == '#') {
            end = p;
            break;
        }
    }
    while (end > start && isspace((unsigned char)end[-1]))
        end--;
    *value = arena_strndup(a, start, (size_t)(end - start));
}

/* One binding. *key is NULL for a comment. False when the line is not understood. */
static bool parse_binding(struct arena *a, struct reader *r, const char **key, const char **value)
{
    *key = *value = NULL;
    skip_export(r);
    if (r->at == r->end || (*r->at != '#' && !parse_key(a, r, key)))
        return false;
    skip_gap(r);
    if (r->at < r->end && *r->at == '=') {
        r->at++;
        skip_gap(r);
        if (r->at == r->end || *r->at == '\n')
            *value = "";
        else if (*r->at != '\'' && *r->at != '"')
            parse_plain(a, r, value);
        else if (!parse_quoted(a, r, value))
            return false;
    }
    skip_gap(r);
    if (r->at < r->end && *r->at == '#')
        skip_to_line_end(r);
    return r->at == r->end || *r->at == '\n';
}

/*
 * The next entry that is understood, or NULL at the end. *bad becomes the first line that is not.
 */
static struct dotenv_entry *next_entry(struct arena *a, struct reader *r, const char **key,
                                       int *bad)
{
    for (;;) {
        const char *start = r->at;
        while (start < r->end && isspace((unsigned char)*start))
            start++;
        advance(r, start);
        if (r->at == r->end)
            return NULL;
        int line = r->line;
        const char *value;
        if (!parse_binding(a, r, key, &value)) {
            *bad = *bad ? *bad : line;
            skip_to_line_end(r);
        } else if (*key) {
            struct dotenv_entry *entry = ARENA_NEW(a, struct dotenv_entry);
            *entry = (struct dotenv_entry){.value = value, .line = line};
            return entry;
        }
    }
}

/* Python reads the file as text: every kind of line end is '\n'. */
static struct reader reader_of(struct arena *a, const char *text, size_t len)
{
    struct str plain = STR_IN(a);
    for (size_t i = 0; i < len; i++) {
        if (text[i] != '\r')
            str_addc(&plain, text[i]);
        else if (i + 1 == len || text[i + 1] != '\n')
            str_addc(&plain, '\n');
    }
    return (struct reader){.at = plain.ptr, .end = plain.ptr + plain.len, .line = 1};
}

struct map dotenv_parse(struct arena *a, const char *text, size_t len, int *bad_line)
{
    struct map entries = MAP_IN(a);
    struct reader r = reader_of(a, text, len);
    int bad = 0;
    const char *key;
    struct dotenv_entry *entry;
    while ((entry = next_entry(a, &r, &key, &bad)))
        map_put(&entries, key, entry);
    if (bad_line)
        *bad_line = bad;
    return entries;
}

/* ---- ${NAME} ---- */

/* A=${A}${A}, line after line, doubles what it holds: all values together become no longer. */
enum { EXPANDED_MAX = 4 << 20 };

static const char *lookup(const char *name, const struct map *entries, const struct map *environ_,
                          bool override, bool *found)
{
    const struct dotenv_entry *entry = map_get(entries, name);
    bool in_environ = environ_ && map_has(environ_, name);
    *found = entry || in_environ;
    if (in_environ && (!override || !entry))
        return map_get(environ_, name);
    return entry ? entry->value : NULL;
}

/* "${name}" or "${name:-default}" at p: where it ends, or NULL when it is neither. */
static const char *variable_end(const char *p, const char **name_end)
{
    const char *end = p + 2 + strcspn(p + 2, "}:");
    *name_end = end;
    if (*end == ':')
        end = end[1] == '-' ? end + strcspn(end, "}") : "";
    return *end == '}' ? end + 1 : NULL;
}

/* What comes behind it would fill the memory with other beginnings: it gets no room either. */
static const char *too_long(size_t *room)
{
    *room = 0;
    return NULL;
}

/* NULL: it becomes longer than what is left of *room. */
static const char *expand(struct arena *a, const char *value, const struct map *entries,
                          const struct map *environ_, bool override, size_t *room)
{
    struct str out = STR_IN(a);
    for (const char *p = value; *p;) {
        if (out.len > *room)
            return too_long(room);
        const char *name_end;
        const char *end = p[0] == '$' && p[1] == '{' ? variable_end(p, &name_end) : NULL;
        if (!end) {
            str_addc(&out, *p++);
            continue;
        }
        bool found;
        const char *name = arena_strndup(a, p + 2, (size_t)(name_end - p - 2));
        const char *text = lookup(name, entries, environ_, override, &found);
        if (text && strlen(text) > *room)
            return too_long(room);
        if (text)
            str_add(&out, text);
        else if (!found && *name_end == ':')
            str_addn(&out, name_end + 2, (size_t)(end - name_end - 3));
        p = end;
    }
    *room -= out.len < *room ? out.len : *room;
    return str_take(&out);
}

struct map dotenv_values(struct arena *a, const char *text, size_t len, const struct map *environ_,
                         bool override, int *bad_line)
{
    struct map entries = MAP_IN(a);
    struct reader r = reader_of(a, text, len);
    int bad = 0;
    const char *key;
    struct dotenv_entry *entry;
    size_t room = EXPANDED_MAX + len;
    while ((entry = next_entry(a, &r, &key, &bad))) {
        if (entry->value) {
            entry->value = expand(a, entry->value, &entries, environ_, override, &room);
            if (!entry->value) {
                bad = bad ? bad : entry->line;
                continue;
            }
        }
        map_put(&entries, key, entry);
    }
    if (bad_line)
        *bad_line = bad;
    return entries;
}

const char *dotenv_find(struct arena *a, const char *name, const char *dir, const char *root)
{
    dir = path_absolute(a, dir);
    root = path_absolute(a, root);
    size_t root_len = strlen(root);
    if (root_len == 1)
        root_len = 0; /* "/": everything is below it */
    while (strncmp(dir, root, root_len) == 0 && (dir[root_len] == '/' || dir[root_len] == '\0')) {
        const char *path = path_join(a, dir, name);
        if (file_exists(path) && !file_is_dir(path))
            return path;
        if (strcmp(dir, "/") == 0 || strlen(dir) == root_len)
            return NULL;
        dir = path_dir(a, dir);
    }
    return NULL;
}
