#include "config.h"

#include "python/lex.h"

#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include "base/err.h"
#include "base/utf8.h"
#include "python/ast.h"
#include "python/refusals.h"

enum { TAB_SIZE = 8 };

struct word {
    char text[9]; /* the longest have eight letters */
    uint8_t len;
    uint8_t kind;
};

/* Both end with an empty row. */
static const struct word keywords[] = {
#define KEYWORD(id, text) {text, sizeof(text) - 1, PY_TOKEN_##id},
#include "tokens.def"
    {"", 0, PY_TOKEN_END},
};

static const struct word operators[] = {
#define OPERATOR(id, text) {text, sizeof(text) - 1, PY_TOKEN_##id},
#include "tokens.def"
    {"", 0, PY_TOKEN_END},
};

const char *py_token_kind_name(enum py_token_kind kind)
{
    static const char *const rows[PY_TOKEN_KINDS] = {
#define TOKEN(id, name) [PY_TOKEN_##id] = name,
#define OPERATOR(id, text) [PY_TOKEN_##id] = text,
#define KEYWORD(id, text) [PY_TOKEN_##id] = text,
#include "tokens.def"
    };
    return rows[kind];
}

enum py_token_kind py_keyword_kind(const char *text, size_t len)
{
    for (const struct word *w = keywords; w->len; w++) {
        if (w->len == len && memcmp(w->text, text, len) == 0)
            return (enum py_token_kind)w->kind;
    }
    return PY_TOKEN_NAME;
}

void py_lex_init(struct py_lexer *lex, const struct source *src, struct py_names *names)
{
    /* Only what is counted of the stacks is ever looked at: they are large, and not cleared. */
    lex->src = src;
    lex->names = names;
    lex->pos = 0;
    lex->line_start = true;
    lex->mid_line = false;
    lex->pending = 0;
    lex->indent_count = 1;
    lex->columns[0] = lex->alt_columns[0] = 0;
    lex->bracket_count = lex->fstring_count = 0;
}

bool py_lex_fail(const struct py_lexer *lex, struct err *err, uint32_t offset, const char *fmt, ...)
{
    char text[256];
    va_list ap;
    va_start(ap, fmt);
    vsnprintf(text, sizeof(text), fmt, ap);
    va_end(ap);
    err_set(err, ERR_PYTHON, "%s", text);
    err_diagnose(err, py_refusal_code(PY_REFUSE_SYNTAX));
    return source_err(err, lex->src, offset);
}

bool py_is_name_start(char c)
{
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_' || (unsigned char)c >= 128;
}

bool py_is_name_char(char c)
{
    return py_is_name_start(c) || (c >= '0' && c <= '9');
}

uint32_t py_newline_len(const struct source *src, uint32_t offset)
{
    if (offset >= src->len)
        return 0;
    if (src->text[offset] == '\n')
        return 1;
    if (src->text[offset] != '\r')
        return 0;
    return offset + 1 < src->len && src->text[offset + 1] == '\n' ? 2 : 1;
}

/* Steps over a backslash that joins two lines. */
static bool skip_continuation(struct py_lexer *lex, struct err *err)
{
    uint32_t newline = py_newline_len(lex->src, lex->pos + 1);
    if (newline == 0 && lex->pos + 1 < lex->src->len)
        return py_lex_fail(lex, err, lex->pos + 1,
                           "unexpected character after line continuation character");
    lex->pos += 1 + newline;
    if (lex->pos >= lex->src->len)
        return py_lex_fail(lex, err, lex->pos, "unexpected EOF while parsing");
    return true;
}

/* Compares a line's indentation with the open blocks; sets pending. */
static bool set_indentation(struct py_lexer *lex, int column, int alt_column, struct err *err)
{
    static const char tabs[] = "inconsistent use of tabs and spaces in indentation";
    int top = lex->indent_count - 1;
    if (column == lex->columns[top]) {
        if (alt_column != lex->alt_columns[top])
            return py_lex_fail(lex, err, lex->pos, "%s", tabs);
        return true;
    }
    if (column > lex->columns[top]) {
        if (lex->indent_count >= PY_LEX_INDENTS)
            return py_lex_fail(lex, err, lex->pos, "too many levels of indentation");
        if (alt_column <= lex->alt_columns[top])
            return py_lex_fail(lex, err, lex->pos, "%s", tabs);
        lex->columns[top + 1] = column;
        lex->alt_columns[top + 1] = alt_column;
        lex->indent_count++;
        lex->pending = 1;
        return true;
    }
    while (lex->indent_count > 1 && column < lex->columns[lex->indent_count - 1]) {
        lex->indent_count--;
        lex->pending--;
    }
    top = lex->indent_count - 1;
    if (column != lex->columns[top])
        return py_lex_fail(lex, err, lex->pos,
                           "unindent does not match any outer indentation level");
    if (alt_column != lex->alt_columns[top])
        return py_lex_fail(lex, err, lex->pos, "%s", tabs);
    return true;
}

/*
 * White space at the start of a line. A line joined to the next by a backslash has the
 * indentation of its first part. *blank: only white space or a comment, which counts for nothing.
 */
static bool start_line(struct py_lexer *lex, bool *blank, struct err *err)
{
    const struct source *src = lex->src;
    int column = 0, alt_column = 0, joined_column = 0, joined_alt = 0;
    for (;; lex->pos++) {
        char c = lex->pos < src->len ? src->text[lex->pos] : '\n';
        if (c == ' ') {
            column++;
            alt_column++;
        } else if (c == '\t') {
            column = (column / TAB_SIZE + 1) * TAB_SIZE;
            alt_column++;
        } else if (c == '\f') {
            column = alt_column = 0;
        } else if (c == '\\') {
            joined_column = joined_column ? joined_column : column;
            joined_alt = joined_alt ? joined_alt : alt_column;
            if (!skip_continuation(lex, err))
                return false;
            lex->pos--;
        } else {
            break;
        }
    }
    bool at_end = lex->pos >= src->len;
    *blank = at_end || src->text[lex->pos] == '#' || py_newline_len(src, lex->pos) > 0;
    if (lex->bracket_count > 0 || (*blank && !at_end))
        return true;
    if (at_end)
        return set_indentation(lex, 0, 0, err);
    return set_indentation(lex, joined_column ? joined_column : column,
                           joined_alt ? joined_alt : alt_column, err);
}

static void skip_comment(struct py_lexer *lex)
{
    const char *text = lex->src->text;
    while (lex->pos < lex->src->len && text[lex->pos] != '\n' && text[lex->pos] != '\r')
        lex->pos++;
}

static bool give(struct py_lexer *lex, struct py_token *token, enum py_token_kind kind,
                 uint32_t start)
{
    token->kind = kind;
    token->span = (struct span){start, lex->pos};
    token->name = NULL;
    return true;
}

/* How many letters before a quote make a string's prefix; 0 when they do not, or there are none. */
static uint32_t string_prefix(const struct py_lexer *lex)
{
    static const char *const prefixes[] = {"r", "u", "b", "f", "br", "rb", "fr", "rf"};
    const char *s = lex->src->text + lex->pos;
    char first = (char)(s[0] | 0x20);
    if (first != 'r' && first != 'u' && first != 'b' && first != 'f')
        return 0;
    for (size_t i = 0; i < sizeof(prefixes) / sizeof(prefixes[0]); i++) {
        uint32_t n = 0;
        while (prefixes[i][n] && (s[n] | 0x20) == prefixes[i][n])
            n++;
        if (!prefixes[i][n] && (s[n] == '"' || s[n] == '\''))
            return n;
    }
    return 0;
}

/*
 * Whether a character cannot be in an identifier. Loose: of the many that Unicode excludes, these
 * are the ones that reach source files, by pasting.
 */
static bool is_foreign(uint32_t cp)
{
    static const struct {
        uint32_t first, last;
    } rows[] = {
        {0x80, 0xA9},       {0xAB, 0xB4},       {0xB6, 0xB6},       {0xB8, 0xB9},
        {0xBB, 0xBF},       {0xD7, 0xD7},       {0xF7, 0xF7},       {0x2000, 0x203E},
        {0x2041, 0x2053},   {0x2055, 0x206F},   {0x20A0, 0x20CF},   {0x2190, 0x2BFF},
        {0x2E00, 0x2E7F},   {0x3000, 0x3004},   {0x3008, 0x3020},   {0xE000, 0xF8FF},
        {0xFEFF, 0xFEFF},   {0xFF01, 0xFF0F},   {0xFF1A, 0xFF20},   {0xFFFC, 0xFFFF},
        {0x1F000, 0x1FAFF}, {0xE0000, 0xE00FF}, {0xF0000, 0x10FFFF},
    };
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (cp >= rows[i].first && cp <= rows[i].last)
            return true;
    }
    return false;
}

static bool is_printable(uint32_t cp)
{
    return !(cp < 0x20 || (cp >= 0x7F && cp <= 0xA0) || cp == 0xAD ||
             (cp >= 0x2000 && cp <= 0x200F) || (cp >= 0x2028 && cp <= 0x202F) ||
             (cp >= 0x205F && cp <= 0x206F) || cp == 0x3000 || cp == 0xFEFF ||
             (cp >= 0xE000 && cp <= 0xF8FF) || cp >= 0xE0000);
}

static bool bad_character(struct py_lexer *lex, struct err *err)
{
    size_t size;
    const char *s = lex->src->text + lex->pos;
    uint32_t cp = utf8_decode(s, lex->src->len - lex->pos, &size);
    if (!is_printable(cp))
        return py_lex_fail(lex, err, lex->pos, "invalid non-printable character U+%04X", cp);
    if (cp < 128)
        return py_lex_fail(lex, err, lex->pos, "invalid syntax");
    return py_lex_fail(lex, err, lex->pos, "invalid character '%.*s' (U+%04X)", (int)size, s, cp);
}

static bool lex_name(struct py_lexer *lex, struct py_token *token, struct err *err)
{
    const struct source *src = lex->src;
    uint32_t start = lex->pos;
    while (lex->pos < src->len && py_is_name_char(src->text[lex->pos])) {
        size_t size = 1;
        uint32_t cp = (unsigned char)src->text[lex->pos];
        if (cp >= 128)
            cp = utf8_decode(src->text + lex->pos, src->len - lex->pos, &size);
        if (cp >= 128 && is_foreign(cp))
            return bad_character(lex, err);
        if (cp >= 128 && py_changes_in_normal_form(cp))
            return py_lex_fail(lex, err, lex->pos,
                               "names that Unicode normalisation (NFKC) changes are not supported");
        lex->pos += (uint32_t)size;
    }
    give(lex, token, PY_TOKEN_NAME, start);
    token->name = py_name_intern(lex->names, src->text + start, lex->pos - start);
    if (token->name->keyword)
        token->kind = (enum py_token_kind)token->name->keyword;
    return true;
}

static bool open_bracket(struct py_lexer *lex, char c, struct err *err)
{
    if (lex->bracket_count >= PY_LEX_BRACKETS)
        return py_lex_fail(lex, err, lex->pos, "too many nested parentheses");
    lex->brackets[lex->bracket_count++] = (struct py_lex_bracket){.offset = lex->pos, .open = c};
    return true;
}

static bool close_bracket(struct py_lexer *lex, char c, struct err *err)
{
    int base = lex->fstring_count ? lex->fstrings[lex->fstring_count - 1].base : 0;
    if (lex->bracket_count == base)
        return py_lex_fail(lex, err, lex->pos, "unmatched '%c'", c);
    struct py_lex_bracket *top = &lex->brackets[lex->bracket_count - 1];
    char wanted = top->open == '(' ? ')' : top->open == '[' ? ']' : '}';
    if (c != wanted) {
        int line = source_place(lex->src, top->offset).line;
        if (top->field)
            return py_lex_fail(lex, err, lex->pos, "f-string: unmatched '%c'", c);
        if (line != source_place(lex->src, lex->pos).line)
            return py_lex_fail(lex, err, lex->pos,
                               "closing parenthesis '%c' does not match opening parenthesis "
                               "'%c' on line %d",
                               c, top->open, line);
        return py_lex_fail(lex, err, lex->pos,
                           "closing parenthesis '%c' does not match opening parenthesis '%c'", c,
                           top->open);
    }
    lex->bracket_count--;
    return true;
}

/* The innermost bracket, when it is the { of a replacement field whose expression is being read. */
static struct py_lex_bracket *open_field(struct py_lexer *lex)
{
    if (lex->bracket_count == 0 || !lex->brackets[lex->bracket_count - 1].field)
        return NULL;
    return &lex->brackets[lex->bracket_count - 1];
}

static bool lex_operator(struct py_lexer *lex, struct py_token *token, struct err *err)
{
    const char *s = lex->src->text + lex->pos;
    struct py_lex_bracket *field = open_field(lex);
    const struct word *w = operators;
    while (w->len && (w->text[0] != s[0] || strncmp(w->text, s, w->len) != 0))
        w++;
    enum py_token_kind kind = (enum py_token_kind)w->kind;
    uint32_t len = w->len, start = lex->pos;
    if (!len)
        return bad_character(lex, err);
    if (field && s[0] == ':') { /* f"{x:=5}" is a format, not an assignment */
        field->spec = true;
        kind = PY_TOKEN_COLON;
        len = 1;
    }
    if ((s[0] == '(' || s[0] == '[' || s[0] == '{') && !open_bracket(lex, s[0], err))
        return false;
    if ((s[0] == ')' || s[0] == ']' || s[0] == '}') && !close_bracket(lex, s[0], err))
        return false;
    lex->pos += len;
    return give(lex, token, kind, start);
}

/* White space, comments, line joins and blank lines before the next token. *newline: a line that
 * has tokens ends here. */
static bool skip_space(struct py_lexer *lex, bool *newline, struct err *err)
{
    const struct source *src = lex->src;
    bool blank = false;
    *newline = false;
    for (;;) {
        if (lex->line_start) {
            lex->line_start = false;
            if (!start_line(lex, &blank, err))
                return false;
            if (lex->pending != 0)
                return true;
        }
        char c = lex->pos < src->len ? src->text[lex->pos] : 0;
        if (c == ' ' || c == '\t' || c == '\f') {
            lex->pos++;
        } else if (c == '#') {
            skip_comment(lex);
        } else if (c == '\\') {
            if (!skip_continuation(lex, err))
                return false;
        } else if (c == '\n' || c == '\r') {
            if (!blank && lex->bracket_count == 0) {
                *newline = true;
                return true;
            }
            lex->pos += py_newline_len(src, lex->pos);
            lex->line_start = true;
        } else {
            return true;
        }
    }
}

static bool lex_end(struct py_lexer *lex, struct py_token *token, struct err *err)
{
    if (lex->fstring_count > 0 && lex->bracket_count > 0)
        return py_lex_fail(lex, err, lex->brackets[lex->bracket_count - 1].offset,
                           "'%c' was never closed", lex->brackets[lex->bracket_count - 1].open);
    if (lex->mid_line) { /* the last line has no line end */
        lex->mid_line = false;
        lex->line_start = true;
        return give(lex, token, PY_TOKEN_NEWLINE, lex->pos);
    }
    return give(lex, token, PY_TOKEN_END, lex->pos);
}

bool py_lex_next(struct py_lexer *lex, struct py_token *token, struct err *err)
{
    const struct source *src = lex->src;
    if (py_lex_in_fstring_text(lex))
        return py_lex_fstring_text(lex, token, err);
    bool newline = false;
    if (lex->pending == 0 && !skip_space(lex, &newline, err))
        return false;
    uint32_t start = lex->pos;
    if (lex->pending > 0) {
        lex->pending--;
        return give(lex, token, PY_TOKEN_INDENT, start);
    }
    if (lex->pending < 0) {
        lex->pending++;
        return give(lex, token, PY_TOKEN_DEDENT, start);
    }
    if (newline) {
        lex->pos += py_newline_len(src, lex->pos);
        lex->line_start = true;
        lex->mid_line = false;
        return give(lex, token, PY_TOKEN_NEWLINE, start);
    }
    if (lex->pos >= src->len)
        return lex_end(lex, token, err);
    lex->mid_line = true;
    char c = src->text[lex->pos];
    uint32_t prefix = string_prefix(lex);
    if (prefix > 0 || c == '"' || c == '\'')
        return py_lex_string(lex, prefix, token, err);
    if (py_is_name_start(c))
        return lex_name(lex, token, err);
    bool dot_digit = c == '.' && src->text[lex->pos + 1] >= '0' && src->text[lex->pos + 1] <= '9';
    if ((c >= '0' && c <= '9') || dot_digit)
        return py_lex_number(lex, token, err);
    return lex_operator(lex, token, err);
}
