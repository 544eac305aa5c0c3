#include "config.h"

#include <string.h>

#include "python/lex.h"

/* Strings and the text of f-strings: only where they end; their values are made in literal.c. */

static bool ends_here(const struct source *src, uint32_t pos, char quote, bool triple)
{
    const char *s = src->text + pos;
    return s[0] == quote && (!triple || (s[1] == quote && s[2] == quote));
}

/* The line on which an unterminated literal was noticed, as CPython counts it. */
static int detected_line(const struct source *src, uint32_t pos)
{
    uint32_t at = pos;
    if (at >= src->len && at > 0 && src->text[at - 1] == '\n')
        at--;
    return source_place(src, at).line;
}

static bool unterminated(struct py_lexer *lex, struct err *err, uint32_t start, const char *kind)
{
    const struct py_lex_fstring *outer =
        lex->fstring_count ? &lex->fstrings[lex->fstring_count - 1] : NULL;
    bool triple = strncmp(kind, "triple", 6) == 0;
    /* A string that opens with the quotes of the f-string around it was to close that. */
    if (outer && outer->offset != start && outer->quote == lex->src->text[start] &&
        outer->triple == triple)
        return py_lex_fail(lex, err, start, "f-string: expecting '}'");
    return py_lex_fail(lex, err, start, "unterminated %s literal (detected at line %d)", kind,
                       detected_line(lex->src, lex->pos));
}

/* From behind the opening quotes to behind the closing ones. */
static bool scan_string(struct py_lexer *lex, char quote, bool triple, uint32_t start,
                        struct err *err)
{
    static const bool special[256] = {
        ['"'] = true, ['\''] = true, ['\\'] = true, ['\n'] = true, ['\r'] = true, ['\0'] = true,
    };
    const struct source *src = lex->src;
    for (;;) {
        while (!special[(unsigned char)src->text[lex->pos]])
            lex->pos++;
        if (ends_here(src, lex->pos, quote, triple))
            break;
        if (lex->pos < src->len && src->text[lex->pos] == '\\') {
            uint32_t newline = py_newline_len(src, lex->pos + 1);
            lex->pos += 1 + (newline ? newline : 1);
        } else if (!triple && py_newline_len(src, lex->pos) > 0) {
            return unterminated(lex, err, start, "string");
        } else {
            lex->pos++;
        }
        if (lex->pos >= src->len) {
            lex->pos = (uint32_t)src->len;
            return unterminated(lex, err, start, triple ? "triple-quoted string" : "string");
        }
    }
    lex->pos += triple ? 3 : 1;
    return true;
}

bool py_lex_string(struct py_lexer *lex, uint32_t prefix_len, struct py_token *token,
                   struct err *err)
{
    const struct source *src = lex->src;
    uint32_t start = lex->pos;
    bool formatted = false, raw = false;
    for (uint32_t i = 0; i < prefix_len; i++) {
        formatted |= (src->text[start + i] | 0x20) == 'f';
        raw |= (src->text[start + i] | 0x20) == 'r';
    }
    lex->pos += prefix_len;
    char quote = src->text[lex->pos];
    bool triple = ends_here(src, lex->pos, quote, true);
    lex->pos += triple ? 3 : 1;
    *token = (struct py_token){.kind = PY_TOKEN_STRING, .span = {start, lex->pos}};
    if (!formatted) {
        bool done = lex->pos < src->len
                        ? scan_string(lex, quote, triple, start, err)
                        : unterminated(lex, err, start, triple ? "triple-quoted string" : "string");
        token->span.end = lex->pos;
        return done;
    }
    if (lex->fstring_count >= PY_LEX_BRACKETS)
        return py_lex_fail(lex, err, start, "too many nested f-strings");
    lex->fstrings[lex->fstring_count++] = (struct py_lex_fstring){
        .offset = start,
        .base = lex->bracket_count,
        .quote = quote,
        .triple = triple,
        .raw = raw,
    };
    token->kind = PY_TOKEN_FSTRING_START;
    return true;
}

bool py_lex_in_fstring_text(const struct py_lexer *lex)
{
    if (lex->fstring_count == 0)
        return false;
    if (lex->bracket_count == lex->fstrings[lex->fstring_count - 1].base)
        return true;
    const struct py_lex_bracket *top = &lex->brackets[lex->bracket_count - 1];
    return top->field && top->spec;
}

/* Steps over a backslash in an f-string's text and what it escapes. */
static void skip_escape(struct py_lexer *lex, bool raw)
{
    const struct source *src = lex->src;
    const char *s = src->text + lex->pos;
    uint32_t newline = py_newline_len(src, lex->pos + 1);
    if (s[1] == '{' || s[1] == '}') {
        lex->pos++; /* the brace keeps its meaning */
    } else if (!raw && s[1] == 'N' && s[2] == '{') {
        size_t name = strcspn(s, "}\"'\n");
        lex->pos += (uint32_t)name + (s[name] == '}' ? 1 : 0);
    } else {
        lex->pos += 1 + (newline ? newline : 1);
    }
    if (lex->pos > src->len)
        lex->pos = (uint32_t)src->len;
}

/* Up to the next field, the end of the field's format, or the end of the f-string. */
static bool scan_text(struct py_lexer *lex, const struct py_lex_fstring *f, bool in_spec,
                      struct err *err)
{
    const struct source *src = lex->src;
    const char *kind = f->triple ? "triple-quoted f-string" : "f-string";
    for (;;) {
        if (lex->pos >= src->len)
            return unterminated(lex, err, f->offset, kind);
        if (ends_here(src, lex->pos, f->quote, f->triple))
            return true;
        const char *s = src->text + lex->pos;
        if (s[0] == '\\') {
            skip_escape(lex, f->raw);
        } else if (s[0] == '{' || s[0] == '}') {
            if (in_spec || s[1] != s[0])
                return true;
            lex->pos += 2;
        } else if (!f->triple && py_newline_len(src, lex->pos) > 0) {
            return unterminated(lex, err, f->offset, kind);
        } else {
            lex->pos++;
        }
    }
}

static bool open_field(struct py_lexer *lex, struct err *err)
{
    if (lex->bracket_count >= PY_LEX_BRACKETS)
        return py_lex_fail(lex, err, lex->pos, "too many nested parentheses");
    lex->brackets[lex->bracket_count++] =
        (struct py_lex_bracket){.offset = lex->pos, .open = '{', .field = true};
    return true;
}

bool py_lex_fstring_text(struct py_lexer *lex, struct py_token *token, struct err *err)
{
    const struct source *src = lex->src;
    const struct py_lex_fstring *f = &lex->fstrings[lex->fstring_count - 1];
    bool in_spec = lex->bracket_count > f->base;
    uint32_t start = lex->pos;
    if (!scan_text(lex, f, in_spec, err))
        return false;
    *token = (struct py_token){.kind = PY_TOKEN_FSTRING_MIDDLE, .span = {start, lex->pos}};
    if (lex->pos > start)
        return true;
    char c = src->text[lex->pos];
    if (c == '{') {
        if (!open_field(lex, err))
            return false;
        token->kind = PY_TOKEN_LBRACE;
        lex->pos++;
    } else if (c == '}') {
        if (!in_spec)
            return py_lex_fail(lex, err, lex->pos, "f-string: single '}' is not allowed");
        lex->bracket_count--;
        token->kind = PY_TOKEN_RBRACE;
        lex->pos++;
    } else {
        if (in_spec)
            return py_lex_fail(lex, err, lex->pos, "f-string: expecting '}'");
        token->kind = PY_TOKEN_FSTRING_END;
        lex->pos += f->triple ? 3 : 1;
        lex->fstring_count--;
    }
    token->span.end = lex->pos;
    return true;
}
