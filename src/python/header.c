#include "config.h"

#include "python/header.h"

#include <stdint.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "base/vec.h"
#include "python/lex.h"
#include "python/literal.h"

enum { BRACKETS_MAX = 64 };

struct scan {
    struct arena *arena;
    const char *text;
    size_t len, pos;
    char brackets[BRACKETS_MAX];
    int depth;
    VEC(struct py_header_name) names;
    VEC(struct py_header_text) items; /* of the value being read */
    const struct py_header_text *docstring;
    bool has_class, in_block;
};

/* ---- characters ---- */

static bool is_word(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_' ||
           (unsigned char)c >= 128;
}

static bool at_newline(const struct scan *s)
{
    return s->text[s->pos] == '\n' || (s->text[s->pos] == '\r' && s->text[s->pos + 1] == '\n');
}

static void skip_newline(struct scan *s)
{
    s->pos += s->text[s->pos] == '\r' ? 2 : 1;
}

static void skip_blanks(struct scan *s)
{
    while (s->text[s->pos] == ' ' || s->text[s->pos] == '\t')
        s->pos++;
}

static void skip_comment(struct scan *s)
{
    if (s->text[s->pos] != '#')
        return;
    const char *end = memchr(s->text + s->pos, '\n', s->len - s->pos);
    s->pos = end ? (size_t)(end - s->text) : s->len;
}

/* The bytes of the word here. */
static size_t word_len(const struct scan *s)
{
    size_t n = 0;
    while (is_word(s->text[s->pos + n]))
        n++;
    return n;
}

static bool word_is(const struct scan *s, size_t len, const char *word)
{
    return strlen(word) == len && memcmp(s->text + s->pos, word, len) == 0;
}

/* ---- strings ---- */

/* The end of the string whose quote is at pos; false when it has none. */
static bool find_string_end(const struct scan *s, size_t *quotes, size_t *end)
{
    static const bool special[256] = {
        ['"'] = true, ['\''] = true, ['\\'] = true, ['\n'] = true, ['\r'] = true, ['\0'] = true,
    };
    const char *t = s->text;
    char quote = t[s->pos];
    *quotes = t[s->pos + 1] == quote && t[s->pos + 2] == quote ? 3 : 1;
    for (size_t i = s->pos + *quotes; i < s->len; i++) {
        while (!special[(unsigned char)t[i]])
            i++;
        if (t[i] == '\\') {
            i += t[i + 1] == '\r' && t[i + 2] == '\n' ? 2 : 1;
        } else if (t[i] == quote && (*quotes == 1 || (t[i + 1] == quote && t[i + 2] == quote))) {
            *end = i;
            return true;
        } else if ((t[i] == '\n' || t[i] == '\r') && *quotes == 1) {
            return false;
        }
    }
    return false;
}

/*
 * Whether an f-string may hold strings with its own quotes (PEP 701): then what looked like its
 * end is not, and some brace is left open in it.
 */
static bool braces_balance(const char *text, size_t len)
{
    int open = 0;
    for (size_t i = 0; i < len; i++)
        open += text[i] == '{' ? 1 : text[i] == '}' ? -1 : 0;
    return open == 0;
}

/* Steps over the string whose quote is at pos; the word before it may be a prefix. */
static bool skip_string(struct scan *s)
{
    size_t quotes, end;
    if (!find_string_end(s, &quotes, &end))
        return false;
    for (size_t i = s->pos; i > 0 && s->pos - i < 2 && is_word(s->text[i - 1]); i--) {
        size_t start = s->pos + quotes;
        if ((s->text[i - 1] | 0x20) == 'f' && !braces_balance(s->text + start, end - start))
            return false;
    }
    s->pos = end + quotes;
    return true;
}

/* Decodes a string at pos: '' or r'' or u''. False: it is no such, or not a plain one. */
static bool read_string(struct scan *s, struct py_header_text *out)
{
    unsigned kind = PY_TEXT_STR;
    char c = (char)(s->text[s->pos] | 0x20);
    if ((c == 'r' || c == 'u') && (s->text[s->pos + 1] == '"' || s->text[s->pos + 1] == '\'')) {
        kind = c == 'r' ? PY_TEXT_RAW : PY_TEXT_STR;
        s->pos++;
    }
    size_t quotes, end, offset;
    if ((s->text[s->pos] != '"' && s->text[s->pos] != '\'') || !find_string_end(s, &quotes, &end))
        return false;
    struct py_text_facts facts = {0};
    const char *problem, *start = s->text + s->pos + quotes;
    size_t len = end - (s->pos + quotes);
    if (!memchr(start, '\\', len) && !memchr(start, '\r', len)) {
        *out = (struct py_header_text){arena_strndup(s->arena, start, len), len};
    } else {
        struct str value = STR_IN(s->arena);
        if (!py_literal_text(s->arena, &value, start, len, kind, &facts, &problem, &offset) ||
            facts.has_surrogate || facts.unknown_char)
            return false;
        *out = (struct py_header_text){arena_strndup(s->arena, value.ptr, value.len), value.len};
    }
    s->pos = end + quotes;
    return true;
}

/* ---- statements, unread ---- */

static bool open_or_close(struct scan *s, char c)
{
    if (c == '(' || c == '[' || c == '{') {
        if (s->depth >= BRACKETS_MAX)
            return false;
        s->brackets[s->depth++] = c;
        return true;
    }
    char wanted = c == ')' ? '(' : c == ']' ? '[' : '{';
    return s->depth > 0 && s->brackets[--s->depth] == wanted;
}

/* Whether the logical line ends here. */
static bool at_line_end(const struct scan *s)
{
    return at_newline(s) || s->pos >= s->len;
}

/* Steps over what bears on where a logical line ends; c is here. False: not sure. */
static bool skip_special(struct scan *s, char c)
{
    switch (c) {
    case '"':
    case '\'':
        return skip_string(s);
    case '#':
        skip_comment(s);
        return true;
    case '\\':
        s->pos++;
        if (!at_newline(s))
            return false;
        skip_newline(s);
        return true;
    case '\n':
    case '\r':
        if (!at_newline(s))
            return false;
        skip_newline(s);
        return true;
    case '(':
    case ')':
    case '[':
    case ']':
    case '{':
    case '}':
        s->pos++;
        return open_or_close(s, c);
    default:
        s->pos++;
        return true;
    }
}

/*
 * To the next character of stop outside of strings and brackets, or to the end of the logical
 * line. False: not sure where that is.
 */
static bool skip_to(struct scan *s, const char *stop)
{
    /* Most characters mean nothing here; these do. */
    static const bool special[256] = {
        ['"'] = true, ['\''] = true, ['#'] = true, ['\\'] = true, ['\n'] = true, ['\r'] = true,
        ['('] = true, [')'] = true,  ['['] = true, [']'] = true,  ['{'] = true,  ['}'] = true,
        ['='] = true, [';'] = true,  [':'] = true, ['\0'] = true,
    };
    for (;;) {
        while (!special[(unsigned char)s->text[s->pos]])
            s->pos++;
        char c = s->text[s->pos];
        if (c == '\0')
            return s->depth == 0;
        if (s->depth == 0 && (at_newline(s) || strchr(stop, c)))
            return true;
        if (!skip_special(s, c))
            return false;
    }
}

/*
 * From within a block to the first line that is none of it: one with something in its first column
 * that is no comment, outside of strings and brackets. False: not sure where that is.
 */
static bool skip_block(struct scan *s)
{
    static const bool special[256] = {
        ['"'] = true, ['\''] = true, ['#'] = true, ['\\'] = true, ['\n'] = true, ['\r'] = true,
        ['('] = true, [')'] = true,  ['['] = true, [']'] = true,  ['{'] = true,  ['}'] = true,
        ['\0'] = true,
    };
    for (;;) {
        while (!special[(unsigned char)s->text[s->pos]])
            s->pos++;
        char c = s->text[s->pos];
        if (c == '\0')
            return s->depth == 0;
        bool ends_line = s->depth == 0 && at_newline(s);
        if (!skip_special(s, c))
            return false;
        if (ends_line && !strchr(" \t#\n\r", s->text[s->pos])) /* or '\0' */
            return true;
    }
}

/* A name at pos that is what it looks like; others are normalised by CPython (NFKC). */
static bool is_plain_name(const struct scan *s, size_t len)
{
    for (size_t i = 0; i < len; i++) {
        if ((unsigned char)s->text[s->pos + i] >= 128)
            return false;
    }
    return len > 0;
}

/* ---- names ---- */

static struct py_header_value *bind(struct scan *s, size_t start, size_t len)
{
    for (size_t i = 0; i < s->names.len; i++) {
        const struct py_header_name *n = &s->names.at[i];
        if (n->len == len && memcmp(n->name, s->text + start, len) == 0) {
            s->names.at[i].value = (struct py_header_value){.kind = PY_HEADER_OTHER};
            return &s->names.at[i].value;
        }
    }
    struct py_header_name name = {.name = arena_strndup(s->arena, s->text + start, len),
                                  .len = len};
    vec_push(s->arena, &s->names, name);
    return &vec_last(&s->names).value;
}

/* An import: each of its words may be what it binds. */
static bool scan_import(struct scan *s)
{
    size_t start = s->pos;
    if (!skip_to(s, ";=:") || !at_line_end(s))
        return false;
    size_t end = s->pos;
    if (memchr(s->text + start, '*', end - start))
        return false;
    for (s->pos = start; s->pos < end; s->pos++) {
        size_t len = word_len(s);
        if (len > 0 && !is_plain_name(s, len))
            return false;
        if (len > 0)
            bind(s, s->pos, len);
        s->pos += len;
    }
    s->pos = end;
    return true;
}

/* ---- values ---- */

/* Blanks, comments and line ends between the elements in brackets. */
static void skip_between(struct scan *s)
{
    for (;;) {
        skip_blanks(s);
        skip_comment(s);
        if (!at_newline(s))
            return;
        skip_newline(s);
    }
}

static bool has_item(const struct scan *s, const struct py_header_text *item)
{
    for (size_t i = 0; i < s->items.len; i++) {
        if (s->items.at[i].len == item->len &&
            memcmp(s->items.at[i].text, item->text, item->len) == 0)
            return true;
    }
    return false;
}

/* "a", "b" up to the closing bracket. A set's items are given once each. */
static bool read_items(struct scan *s, char close, bool *comma)
{
    *comma = false;
    for (;;) {
        struct py_header_text item;
        skip_between(s);
        if (s->text[s->pos] == close)
            break;
        if ((s->items.len > 0 && !*comma) || !read_string(s, &item))
            return false;
        if (close != '}' || !has_item(s, &item))
            vec_push(s->arena, &s->items, item);
        skip_between(s);
        *comma = s->text[s->pos] == ',';
        if (*comma)
            s->pos++;
    }
    s->pos++;
    return true;
}

static bool read_sequence(struct scan *s, struct py_header_value *value)
{
    char open = s->text[s->pos++];
    bool comma;
    if (!read_items(s, open == '(' ? ')' : open == '[' ? ']' : '}', &comma))
        return false;
    if (open == '{' && s->items.len == 0)
        return false; /* a dict */
    if (open == '(' && s->items.len == 1 && !comma)
        value->kind = PY_HEADER_STR;
    else
        value->kind = open == '('   ? PY_HEADER_TUPLE
                      : open == '[' ? PY_HEADER_LIST
                                    : PY_HEADER_SET;
    return true;
}

/* A value that this file understands. */
static bool read_value(struct scan *s, struct py_header_value *value)
{
    struct py_header_text item;
    size_t len = word_len(s);
    s->items.len = 0;
    if (word_is(s, len, "None")) {
        value->kind = PY_HEADER_NONE;
        s->pos += len;
    } else if (s->text[s->pos] && strchr("([{", s->text[s->pos])) {
        if (!read_sequence(s, value))
            return false;
    } else if (read_string(s, &item)) {
        value->kind = PY_HEADER_STR;
        vec_push(s->arena, &s->items, item);
    } else {
        return false;
    }
    value->span.end = (uint32_t)s->pos;
    skip_blanks(s);
    skip_comment(s);
    return at_line_end(s);
}

/* From behind the = of an assignment. */
static bool scan_value(struct scan *s, struct py_header_value *value)
{
    skip_blanks(s);
    size_t start = s->pos;
    *value = (struct py_header_value){.kind = PY_HEADER_OTHER, .span = {(uint32_t)start, 0}};
    if (read_value(s, value)) {
        value->count = s->items.len;
        if (s->items.len > 0)
            value->items =
                arena_memdup(s->arena, s->items.at, s->items.len * sizeof(s->items.at[0]));
        return true;
    }
    value->kind = PY_HEADER_OTHER;
    s->pos = start;
    for (;;) { /* a second = would be a second target; == and its like are not */
        if (!skip_to(s, ";=") || s->text[s->pos] == ';')
            return false;
        if (at_line_end(s))
            break;
        bool compares = s->text[s->pos + 1] == '=' || strchr("<>!", s->text[s->pos - 1]);
        /* "lambda x=1: x" at the top level gives up too, which is fine. */
        if (!compares)
            return false;
        s->pos += s->text[s->pos + 1] == '=' ? 2 : 1;
    }
    value->span.end = (uint32_t)s->pos;
    return s->pos > start;
}

/* name = value, name: annotation = value, name: annotation */
static bool scan_assignment(struct scan *s, size_t name_len)
{
    size_t name = s->pos;
    if (!is_plain_name(s, name_len))
        return false;
    s->pos += name_len;
    skip_blanks(s);
    if (s->text[s->pos] == ':') {
        s->pos++;
        if (!skip_to(s, ";="))
            return false;
        if (at_line_end(s))
            return true; /* binds nothing */
    }
    if (s->text[s->pos] != '=' || s->text[s->pos + 1] == '=')
        return false;
    s->pos++;
    struct py_header_value value;
    if (!scan_value(s, &value))
        return false;
    *bind(s, name, name_len) = value;
    return true;
}

/* ---- the module ---- */

/* def, class, async def: the name is bound, the lines below are the block. */
static bool scan_definition(struct scan *s)
{
    if (word_is(s, word_len(s), "async")) {
        s->pos += word_len(s);
        skip_blanks(s);
        if (!word_is(s, word_len(s), "def"))
            return false;
    }
    s->has_class |= word_is(s, word_len(s), "class");
    s->pos += word_len(s);
    skip_blanks(s);
    size_t len = word_len(s);
    if (!is_plain_name(s, len))
        return false;
    bind(s, s->pos, len);
    s->in_block = true;
    return skip_to(s, "");
}

static bool scan_docstring(struct scan *s)
{
    struct py_header_text doc;
    if (!read_string(s, &doc))
        return false;
    skip_blanks(s);
    skip_comment(s);
    if (!at_line_end(s))
        return false;
    s->docstring = arena_memdup(s->arena, &doc, sizeof(doc));
    return true;
}

/* One statement that begins in the first column. */
static bool scan_statement(struct scan *s, bool first)
{
    size_t len = word_len(s);
    char c = s->text[s->pos];
    bool is_string = s->text[s->pos + len] == '"' || s->text[s->pos + len] == '\'';
    if (first && is_string)
        return scan_docstring(s);
    s->in_block = false;
    if (c == '@') {
        s->in_block = true; /* its definition follows */
        return skip_to(s, "");
    }
    if (len == 0 || is_string || (c >= '0' && c <= '9'))
        return false;
    if (word_is(s, len, "import") || word_is(s, len, "from"))
        return scan_import(s);
    if (word_is(s, len, "def") || word_is(s, len, "class") || word_is(s, len, "async"))
        return scan_definition(s);
    if (py_keyword_kind(s->text + s->pos, len) != PY_TOKEN_NAME)
        return false;
    return scan_assignment(s, len);
}

static bool scan_lines(struct scan *s)
{
    bool first = true;
    while (s->pos < s->len) {
        size_t line = s->pos;
        skip_blanks(s);
        if (s->text[s->pos] == '#')
            skip_comment(s);
        if (at_newline(s)) {
            skip_newline(s);
            continue;
        }
        if (s->pos >= s->len)
            break;
        bool indented = s->pos > line;
        if (indented && !s->in_block)
            return false;
        if (indented ? !skip_block(s) : !scan_statement(s, first))
            return false;
        first = false;
        if (indented)
            continue; /* at the start of a line */
        if (s->pos < s->len)
            skip_newline(s);
    }
    return true;
}

/* ---- doubts ---- */

static bool contains(const struct scan *s, const char *needle)
{
    size_t len = strlen(needle);
    const char *at = s->text, *end = s->text + s->len;
    for (; (at = memchr(at, needle[0], (size_t)(end - at))); at++) {
        if (at[1] == needle[1] && strncmp(at, needle, len) == 0)
            return true;
    }
    return false;
}

/* How often a name stands in the text as a word. */
static int word_count(const struct scan *s, const char *name)
{
    size_t len = strlen(name);
    int count = 0;
    const char *at = s->text, *end = s->text + s->len;
    while ((at = memchr(at, name[0], (size_t)(end - at))) && (size_t)(end - at) >= len) {
        bool starts = at == s->text || !is_word(at[-1]);
        if (starts && memcmp(at, name, len) == 0 && !is_word(at[len]))
            count++;
        at++;
    }
    return count;
}

/* Whether what is called by the parenthesis at `at` can bind names. */
static bool calls_binder(const struct scan *s, size_t at)
{
    static const char *const binders[] = {"globals", "locals", "vars", "exec", "setattr"};
    while (at > 0 && (s->text[at - 1] == ' ' || s->text[at - 1] == '\t'))
        at--;
    if (at == 0 || !strchr("scr", s->text[at - 1])) /* their last letters */
        return false;
    for (size_t i = 0; i < sizeof(binders) / sizeof(binders[0]); i++) {
        size_t len = strlen(binders[i]);
        if (at >= len && memcmp(s->text + at - len, binders[i], len) == 0)
            return true;
    }
    return false;
}

/* Ways to bind a name that no line shows. */
static bool has_hidden_bindings(const struct scan *s)
{
    const char *end = s->text + s->len;
    if (contains(s, ":=") || contains(s, "__dict__"))
        return true;
    for (const char *at = s->text; (at = memchr(at, '(', (size_t)(end - at))); at++) {
        if (calls_binder(s, (size_t)(at - s->text)))
            return true;
    }
    if (s->has_class && contains(s, "global"))
        return true;
    /* A list can be changed wherever its name stands. */
    for (size_t i = 0; i < s->names.len; i++) {
        enum py_header_kind kind = s->names.at[i].value.kind;
        if ((kind == PY_HEADER_LIST || kind == PY_HEADER_SET) &&
            word_count(s, s->names.at[i].name) > 1)
            return true;
    }
    return false;
}

/* Bytes that are not what they seem: another encoding, NUL, characters that are not UTF-8. */
static bool is_plain_text(const char *text, size_t len)
{
    if (len > UINT32_MAX / 2 || memchr(text, 0, len) || !utf8_valid(text, len, NULL))
        return false;
    /*
     * A coding line is one of the first two; where the word stands there, CPython's rule decides.
     */
    const char *end = memchr(text, '\n', len);
    const char *second = end ? memchr(end + 1, '\n', len - (size_t)(end + 1 - text)) : NULL;
    size_t head = second ? (size_t)(second - text) : len;
    struct scan s = {.text = text, .len = head};
    return !contains(&s, "coding:") && !contains(&s, "coding=");
}

bool py_header_scan(struct arena *a, const char *text, size_t len, struct py_header *header)
{
    if (len >= 3 && memcmp(text, "\xEF\xBB\xBF", 3) == 0)
        return false;
    if (!is_plain_text(text, len))
        return false;
    struct scan s = {.arena = a, .text = text, .len = len};
    if (!scan_lines(&s) || s.depth != 0 || has_hidden_bindings(&s))
        return false;
    header->docstring = s.docstring;
    header->names = s.names.at;
    header->name_count = s.names.len;
    return true;
}

const struct py_header_value *py_header_get(const struct py_header *header, const char *name)
{
    size_t len = strlen(name);
    for (size_t i = 0; i < header->name_count; i++) {
        if (header->names[i].len == len && memcmp(header->names[i].name, name, len) == 0)
            return &header->names[i].value;
    }
    return NULL;
}
