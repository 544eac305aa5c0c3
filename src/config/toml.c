#include "config.h"

#include "config/toml.h"

#include <ctype.h>
#include <errno.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/source.h"
#include "base/str.h"
#include "base/utf8.h"

enum { DEPTH_MAX = 100 }; /* arrays and inline tables in each other */

/* How a table came to be: what may still be added to it (TOML 1.0, "Table"). */
enum origin {
    IMPLIED,  /* by the name of a table below it: may still get its own header */
    DOTTED,   /* by a dotted key: only dotted keys of the same table add to it */
    HEADER,   /* by [its.name] */
    INLINE,   /* { ... }: complete */
    ELEMENTS, /* [[its.name]]: an array that grows by headers */
    LITERAL,  /* [ ... ]: complete */
};

/* What the reader knows of a table or array besides its value. */
struct node {
    struct toml_value value; /* first: a toml_value * of these kinds is a node * */
    enum origin origin;
    const struct node *dotted_by; /* DOTTED: the table whose keys made it */
};

struct parser {
    struct arena *arena;
    struct source *source;
    const char *text;
    size_t len, pos;
    int depth;
    struct err *err;
};

VEC_DEFINE(keys, const char *);

/* ---- lower level ---- */

static bool fail(struct parser *p, const char *message)
{
    err_set(p->err, ERR_CONFIG, "%s", message);
    struct place place = source_place(p->source, p->pos);
    return err_at(p->err, p->source->path, place.line, place.column);
}

static char peek(const struct parser *p)
{
    return p->pos < p->len ? p->text[p->pos] : '\0';
}

static bool at(const struct parser *p, const char *text)
{
    size_t n = strlen(text);
    return p->len - p->pos >= n && memcmp(p->text + p->pos, text, n) == 0;
}

static bool accept(struct parser *p, const char *text)
{
    if (!at(p, text))
        return false;
    p->pos += strlen(text);
    return true;
}

static void skip_blanks(struct parser *p)
{
    while (peek(p) == ' ' || peek(p) == '\t')
        p->pos++;
}

static bool at_line_end(const struct parser *p)
{
    return p->pos == p->len || at(p, "\n") || at(p, "\r\n");
}

static bool is_control(char c)
{
    return ((unsigned char)c < 0x20 && c != '\t') || c == 0x7f;
}

static bool skip_comment(struct parser *p)
{
    if (peek(p) != '#')
        return true;
    while (!at_line_end(p)) {
        if (is_control(peek(p)))
            return fail(p, "a control character in a comment");
        p->pos++;
    }
    return true;
}

/* Blanks, a comment, and the line end. */
static bool finish_line(struct parser *p)
{
    skip_blanks(p);
    if (!skip_comment(p))
        return false;
    if (!at_line_end(p))
        return fail(p, "the line should end here");
    if (!accept(p, "\r\n"))
        accept(p, "\n");
    return true;
}

/* Blanks, comments and line ends: what may stand between the parts of an array. */
static bool skip_lines(struct parser *p)
{
    for (;;) {
        skip_blanks(p);
        if (!skip_comment(p))
            return false;
        if (!accept(p, "\n") && !accept(p, "\r\n"))
            return true;
    }
}

static void *value_new(struct parser *p, enum toml_kind kind, size_t size)
{
    struct toml_value *value = arena_alloc(p->arena, size);
    value->kind = kind;
    value->line = source_place(p->source, p->pos).line;
    value->table = MAP_IN(p->arena);
    return value;
}

static struct node *node_new(struct parser *p, enum toml_kind kind, enum origin origin)
{
    struct node *node = value_new(p, kind, sizeof(*node));
    node->origin = origin;
    return node;
}

static struct node *as_node(struct toml_value *value)
{
    return value && (value->kind == TOML_TABLE || value->kind == TOML_ARRAY) ? (struct node *)value
                                                                             : NULL;
}

/* ---- strings ---- */

static bool parse_code_point(struct parser *p, int digits, struct str *out)
{
    uint32_t cp = 0;
    for (int i = 0; i < digits; i++, p->pos++) {
        if (!isxdigit((unsigned char)peek(p)))
            return fail(p, "an escape that lacks hexadecimal digits");
        char c = (char)tolower((unsigned char)peek(p));
        cp = cp * 16 + (uint32_t)(c <= '9' ? c - '0' : c - 'a' + 10);
    }
    char utf8[UTF8_MAX];
    size_t n = utf8_encode(utf8, cp);
    if (n == 0 || cp == 0)
        return fail(p, "an escape that is no usable character");
    str_addn(out, utf8, n);
    return true;
}

/* After a backslash at the end of a line of a multi-line string: all white space is dropped. */
static bool skip_continuation(struct parser *p)
{
    size_t start = p->pos;
    skip_blanks(p);
    if (!at(p, "\n") && !at(p, "\r\n")) {
        p->pos = start;
        return fail(p, "an escape that TOML does not have");
    }
    while (at(p, "\r\n") || (peek(p) && strchr(" \t\n", peek(p))))
        p->pos++;
    return true;
}

static bool parse_escape(struct parser *p, bool multi, struct str *out)
{
    static const char from[] = "btnfr\"\\", to[] = "\b\t\n\f\r\"\\";
    char c = peek(p);
    const char *simple = c ? strchr(from, c) : NULL;
    if (simple) {
        str_addc(out, to[simple - from]);
        p->pos++;
        return true;
    }
    if (c == 'u' || c == 'U') {
        p->pos++;
        return parse_code_point(p, c == 'u' ? 4 : 8, out);
    }
    return multi ? skip_continuation(p) : fail(p, "an escape that TOML does not have");
}

/* The end of a multi-line string: up to two quotes may stand before the closing three. */
static bool close_multi(struct parser *p, char quote, struct str *out)
{
    size_t n = 0;
    while (n < 5 && p->pos + n < p->len && p->text[p->pos + n] == quote)
        n++;
    str_fill(out, quote, n < 3 ? n : n - 3);
    p->pos += n;
    return n >= 3;
}

static bool parse_string(struct parser *p, const char **out)
{
    char quote = peek(p);
    bool multi = at(p, "\"\"\"") || at(p, "'''");
    struct str text = STR_IN(p->arena);
    p->pos += multi ? 3 : 1;
    if (multi && !accept(p, "\n"))
        accept(p, "\r\n");
    for (;;) {
        char c = peek(p);
        if (p->pos == p->len || (!multi && at_line_end(p)))
            return fail(p, "a string that is not closed");
        if (c == quote && multi) {
            if (close_multi(p, quote, &text))
                break;
        } else if (c == quote) {
            p->pos++;
            break;
        } else if (c == '\\' && quote == '"') {
            p->pos++;
            if (!parse_escape(p, multi, &text))
                return false;
        } else if (is_control(c) && !at_line_end(p)) {
            return fail(p, "a control character in a string");
        } else {
            p->pos += c == '\r'; /* a line end in a value is "\n", as Python's tomllib has it */
            str_addc(&text, p->text[p->pos++]);
        }
    }
    *out = str_take(&text);
    return true;
}

/* ---- numbers, booleans, times ---- */

static bool is_digits(const char *s, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        if (!isdigit((unsigned char)s[i]))
            return false;
    }
    return n > 0;
}

/* "12:30:00", with a fraction or not; *s moves behind it. */
static bool match_clock(const char **s)
{
    const char *t = *s;
    if (!is_digits(t, strnlen(t, 2)) || strnlen(t, 8) < 8 || t[2] != ':' || t[5] != ':' ||
        !is_digits(t + 3, 2) || !is_digits(t + 6, 2))
        return false;
    t += 8;
    if (*t == '.') {
        t++;
        if (!isdigit((unsigned char)*t))
            return false;
        while (isdigit((unsigned char)*t))
            t++;
    }
    *s = t;
    return true;
}

static bool is_time(const char *s)
{
    if (strnlen(s, 10) == 10 && is_digits(s, 4) && s[4] == '-' && is_digits(s + 5, 2) &&
        s[7] == '-' && is_digits(s + 8, 2)) {
        s += 10;
        if (*s == '\0')
            return true;
        if (!strchr("Tt ", *s))
            return false;
        s++;
        if (!match_clock(&s))
            return false;
        if (strcmp(s, "Z") == 0 || strcmp(s, "z") == 0 || *s == '\0')
            return true;
        return (*s == '+' || *s == '-') && strlen(s) == 6 && is_digits(s + 1, 2) && s[3] == ':' &&
               is_digits(s + 4, 2);
    }
    return match_clock(&s) && *s == '\0';
}

/* Digits of a base with single underscores between them. Copies them to out. */
static bool match_digits(const char **s, const char *digits, struct str *out)
{
    const char *t = *s;
    while (*t && strchr(digits, *t)) {
        str_addc(out, *t++);
        if (*t == '_' && t[1] && strchr(digits, t[1]))
            t++;
    }
    bool any = t > *s;
    *s = t;
    return any;
}

static bool is_integer(struct parser *p, const char *text, int64_t *out)
{
    static const struct {
        const char *prefix, *digits;
        int base;
    } bases[] = {
        {"0x", "0123456789abcdefABCDEF", 16}, {"0o", "01234567", 8}, {"0b", "01", 2}};
    struct str digits = STR_IN(p->arena);
    const char *s = text;
    int base = 10;
    bool matched = false;
    for (size_t i = 0; i < sizeof(bases) / sizeof(bases[0]); i++) {
        if (str_starts_with(s, bases[i].prefix)) {
            s += 2;
            base = bases[i].base;
            matched = match_digits(&s, bases[i].digits, &digits);
        }
    }
    if (base == 10) {
        if (*s == '+' || *s == '-')
            str_addc(&digits, *s++);
        if (*s == '0' && s[1])
            return false;
        matched = match_digits(&s, "0123456789", &digits);
    }
    errno = 0;
    *out = matched && *s == '\0' ? strtoll(digits.ptr, NULL, base) : 0;
    return matched && *s == '\0' && errno == 0;
}

static bool is_float(struct parser *p, const char *s)
{
    struct str digits = STR_IN(p->arena);
    if (*s == '+' || *s == '-')
        s++;
    if (strcmp(s, "inf") == 0 || strcmp(s, "nan") == 0)
        return true;
    if (s[0] == '0' && isdigit((unsigned char)s[1]))
        return false;
    if (!match_digits(&s, "0123456789", &digits))
        return false;
    bool fraction = *s == '.';
    if (fraction && (s++, !match_digits(&s, "0123456789", &digits)))
        return false;
    bool exponent = *s == 'e' || *s == 'E';
    if (exponent) {
        s++;
        if (*s == '+' || *s == '-')
            s++;
        if (!match_digits(&s, "0123456789", &digits))
            return false;
    }
    return (fraction || exponent) && *s == '\0';
}

/* Whatever is not a string, an array or a table: a word up to a delimiter. */
static bool parse_word(struct parser *p, struct toml_value *value)
{
    size_t start = p->pos, end = start;
    while (end < p->len && (isalnum((unsigned char)p->text[end]) || strchr("+-_.:", p->text[end])))
        end++;
    /* A date and a time may be divided by a space. */
    if (end - start == 10 && end + 2 < p->len && p->text[end] == ' ' &&
        is_digits(p->text + start, 4) && is_digits(p->text + end + 1, 2)) {
        end++;
        while (end < p->len && (isdigit((unsigned char)p->text[end]) ||
                                strchr("+-.:Zz", p->text[end])))
            end++;
    }
    const char *word = arena_strndup(p->arena, p->text + start, end - start);
    value->text = word;
    if (strcmp(word, "true") == 0 || strcmp(word, "false") == 0) {
        value->kind = TOML_BOOLEAN;
        value->boolean = word[0] == 't';
    } else if (is_integer(p, word, &value->integer)) {
        value->kind = TOML_INTEGER;
    } else if (is_float(p, word)) {
        value->kind = TOML_FLOAT;
    } else if (is_time(word)) {
        value->kind = TOML_TIME;
    } else {
        return fail(p,
                    end == start ? "a value should stand here" : "a value that TOML does not have");
    }
    p->pos = end;
    return true;
}

/* ---- keys and tables ---- */

static bool parse_key_part(struct parser *p, const char **out)
{
    if (at(p, "\"\"\"") || at(p, "'''"))
        return fail(p, "a key cannot be a multi-line string");
    if (peek(p) == '"' || peek(p) == '\'')
        return parse_string(p, out);
    size_t start = p->pos;
    while (isalnum((unsigned char)peek(p)) || peek(p) == '_' || peek(p) == '-')
        p->pos++;
    *out = arena_strndup(p->arena, p->text + start, p->pos - start);
    return p->pos > start || fail(p, "a key should stand here");
}

static bool parse_key(struct parser *p, struct keys *out)
{
    do {
        const char *part;
        skip_blanks(p);
        if (!parse_key_part(p, &part))
            return false;
        vec_push(p->arena, out, part);
        skip_blanks(p);
    } while (accept(p, "."));
    return true;
}

/* The table below `table` that a dotted key goes through; made when it is missing. */
static struct node *enter_dotted(struct parser *p, struct node *table, const char *key,
                                 const struct node *owner)
{
    struct toml_value *value = map_get(&table->value.table, key);
    struct node *node = as_node(value);
    if (!value) {
        node = node_new(p, TOML_TABLE, DOTTED);
        node->dotted_by = owner;
        map_put(&table->value.table, key, node);
        return node;
    }
    if (node && node->origin == IMPLIED) {
        node->origin = DOTTED;
        node->dotted_by = owner;
    }
    if (!node || node->origin != DOTTED || node->dotted_by != owner) {
        fail(p, "a key that already has another value");
        return NULL;
    }
    return node;
}

static bool parse_value(struct parser *p, struct toml_value **out);

/* "key = value" into table. */
static bool parse_pair(struct parser *p, struct node *table)
{
    struct keys keys = {0};
    struct node *owner = table;
    if (!parse_key(p, &keys))
        return false;
    if (!accept(p, "="))
        return fail(p, "'=' should stand here");
    skip_blanks(p);
    for (size_t i = 0; i + 1 < keys.len; i++) {
        if (!(table = enter_dotted(p, table, keys.at[i], owner)))
            return false;
    }
    if (map_has(&table->value.table, vec_last(&keys)))
        return fail(p, "a key that already has a value");
    struct toml_value *value;
    if (!parse_value(p, &value))
        return false;
    map_put(&table->value.table, vec_last(&keys), value);
    return true;
}

static bool parse_array(struct parser *p, struct toml_value **out)
{
    struct node *array = node_new(p, TOML_ARRAY, LITERAL);
    *out = &array->value;
    p->pos++;
    for (;;) {
        struct toml_value *item;
        if (!skip_lines(p))
            return false;
        if (accept(p, "]"))
            return true;
        if (!parse_value(p, &item) || !skip_lines(p))
            return false;
        vec_push(p->arena, &array->value.items, item);
        if (!accept(p, ",") && peek(p) != ']')
            return fail(p, "',' or ']' should stand here");
    }
}

static bool parse_inline_table(struct parser *p, struct toml_value **out)
{
    struct node *table = node_new(p, TOML_TABLE, INLINE);
    *out = &table->value;
    p->pos++;
    skip_blanks(p);
    if (accept(p, "}"))
        return true;
    for (;;) {
        if (!parse_pair(p, table))
            return false;
        skip_blanks(p);
        if (accept(p, "}"))
            return true;
        if (!accept(p, ","))
            return fail(p, "',' or '}' should stand here");
    }
}

static bool parse_value(struct parser *p, struct toml_value **out)
{
    char c = peek(p);
    if (c == '[' || c == '{') {
        if (++p->depth > DEPTH_MAX)
            return fail(p, "values in each other, too deep");
        bool done = c == '[' ? parse_array(p, out) : parse_inline_table(p, out);
        p->depth--;
        return done;
    }
    *out = value_new(p, TOML_STRING, sizeof(**out));
    if (c == '"' || c == '\'')
        return parse_string(p, &(*out)->text);
    return parse_word(p, *out);
}

/* The table that a header's leading keys name; the last one of an array of tables. */
static struct node *enter_header(struct parser *p, struct node *table, const char *key)
{
    struct toml_value *value = map_get(&table->value.table, key);
    struct node *node = as_node(value);
    if (!value) {
        node = node_new(p, TOML_TABLE, IMPLIED);
        map_put(&table->value.table, key, node);
    } else if (node && node->origin == ELEMENTS) {
        node = as_node(vec_last(&node->value.items));
    } else if (!node || node->origin == INLINE || node->origin == LITERAL) {
        fail(p, "a table whose name already has another value");
        return NULL;
    }
    return node;
}

/* [[name]]: another element. */
static struct node *add_element(struct parser *p, struct node *table, const char *key)
{
    struct toml_value *value = map_get(&table->value.table, key);
    struct node *array = as_node(value);
    if (!value) {
        array = node_new(p, TOML_ARRAY, ELEMENTS);
        map_put(&table->value.table, key, array);
    } else if (!array || array->origin != ELEMENTS) {
        fail(p, "a table whose name already has another value");
        return NULL;
    }
    struct node *element = node_new(p, TOML_TABLE, HEADER);
    vec_push(p->arena, &array->value.items, &element->value);
    return element;
}

/* [name]: new, or implied until now. */
static struct node *add_table(struct parser *p, struct node *table, const char *key)
{
    struct toml_value *value = map_get(&table->value.table, key);
    struct node *node = as_node(value);
    if (!value) {
        node = node_new(p, TOML_TABLE, HEADER);
        map_put(&table->value.table, key, node);
    } else if (!node || node->origin != IMPLIED) {
        fail(p, "a table that is already there");
        return NULL;
    }
    node->origin = HEADER;
    return node;
}

static struct node *parse_header(struct parser *p, struct node *root)
{
    bool element = at(p, "[[");
    struct keys keys = {0};
    struct node *table = root;
    p->pos += element ? 2 : 1;
    if (!parse_key(p, &keys))
        return NULL;
    if (!accept(p, element ? "]]" : "]")) {
        fail(p, element ? "']]' should stand here" : "']' should stand here");
        return NULL;
    }
    for (size_t i = 0; i + 1 < keys.len; i++) {
        if (!(table = enter_header(p, table, keys.at[i])))
            return NULL;
    }
    return (element ? add_element : add_table)(p, table, vec_last(&keys));
}

bool toml_parse(struct arena *a, const char *path, const char *text, size_t len,
                struct toml_value **out, struct err *err)
{
    struct parser p = {.arena = a, .source = source_new(a, path, text, len), .text = text,
                       .len = len, .err = err};
    if (!utf8_valid(text, len, &p.pos))
        return fail(&p, "not UTF-8 text");
    p.pos = 0;
    struct node *root = node_new(&p, TOML_TABLE, HEADER);
    struct node *table = root;
    while (p.pos < p.len) {
        skip_blanks(&p);
        if (!at_line_end(&p) && peek(&p) != '#') {
            if (peek(&p) != '[') {
                if (!parse_pair(&p, table))
                    return false;
            } else if (!(table = parse_header(&p, root))) {
                return false;
            }
        }
        if (!finish_line(&p))
            return false;
    }
    *out = &root->value;
    return true;
}

const struct toml_value *toml_at(const struct toml_value *table, const char *path)
{
    while (table && table->kind == TOML_TABLE) {
        char key[128];
        size_t n = strcspn(path, ".");
        if (n >= sizeof(key))
            return NULL;
        memcpy(key, path, n);
        key[n] = '\0';
        table = map_get(&table->table, key);
        if (path[n] == '\0')
            return table;
        path += n + 1;
    }
    return NULL;
}
