/*
 * The tokens of a Python source (Python reference, chapter 2, "Lexical analysis").
 *
 * One token at a time, with INDENT, DEDENT and NEWLINE made as CPython's tokenizer makes them;
 * comments and line joins leave no token. An f-string is a FSTRING_START, then pieces of text
 * (FSTRING_MIDDLE) and replacement fields in braces, whose expressions are ordinary tokens, then a
 * FSTRING_END (PEP 701). The text of numbers and strings is decoded by literal.h.
 */
#ifndef PYTHON_LEX_H
#define PYTHON_LEX_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/source.h"

struct err;
struct py_name;
struct py_names;

enum py_token_kind {
#define TOKEN(id, name) PY_TOKEN_##id,
#define OPERATOR(id, text) PY_TOKEN_##id,
#define KEYWORD(id, text) PY_TOKEN_##id,
#include "tokens.def"
    PY_TOKEN_KINDS
};

struct py_token {
    enum py_token_kind kind;
    struct span span;           /* DEDENT, END: empty */
    const struct py_name *name; /* NAME, keywords */
};

enum { PY_LEX_BRACKETS = 200, PY_LEX_INDENTS = 100 }; /* as CPython's MAXLEVEL and MAXINDENT */

struct py_lex_bracket {
    uint32_t offset;
    char open;  /* ( [ { */
    bool field; /* the { of a replacement field */
    bool spec;  /* and its format specification has begun */
};

struct py_lex_fstring {
    uint32_t offset;  /* of its prefix */
    int base;         /* brackets that were open before it */
    char quote;
    bool triple, raw;
};

/* Made by py_lex_init(); may be copied to look ahead. Only the lexer looks inside. */
struct py_lexer {
    const struct source *src;
    struct py_names *names;
    uint32_t pos;
    bool line_start;   /* the indentation of this line is still to be looked at */
    bool mid_line;     /* a token was given since the last NEWLINE */
    int pending;       /* INDENT (1) or DEDENTs (negative) still to be given */
    int indent_count;
    int columns[PY_LEX_INDENTS];     /* with tabs to multiples of 8 */
    int alt_columns[PY_LEX_INDENTS]; /* with tabs as 1: the two must agree */
    int bracket_count;
    struct py_lex_bracket brackets[PY_LEX_BRACKETS];
    int fstring_count;
    struct py_lex_fstring fstrings[PY_LEX_BRACKETS];
};

/* Starts at the beginning of src, which must be valid UTF-8. Both are borrowed. */
void py_lex_init(struct py_lexer *lex, const struct source *src, struct py_names *names);

/* The next token; END for ever after the last. After an error the lexer is not to be used again. */
bool py_lex_next(struct py_lexer *lex, struct py_token *token, struct err *err);

/* How messages call a token kind: "name", "(", "while". */
const char *py_token_kind_name(enum py_token_kind kind);

/* The token kind of a keyword; NAME for any other word. */
enum py_token_kind py_keyword_kind(const char *text, size_t len);

/* ---- between lex.c, lex_number.c and lex_string.c ---- */

/* Fills err with a message at an offset. Returns false. */
bool py_lex_fail(const struct py_lexer *lex, struct err *err, uint32_t offset, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

/* Whether a byte can start or continue an identifier; all of UTF-8's multibyte characters can. */
bool py_is_name_start(char c);
bool py_is_name_char(char c);

/* Whether an identifier with this character may be another name in NFKC, which CPython compares. */
bool py_changes_in_normal_form(uint32_t cp);

/* Bytes of the line end at an offset: 0 when there is none there. */
uint32_t py_newline_len(const struct source *src, uint32_t offset);

/* A number at pos. */
bool py_lex_number(struct py_lexer *lex, struct py_token *token, struct err *err);

/* A string at pos, whose prefix has prefix_len letters: STRING or FSTRING_START. */
bool py_lex_string(struct py_lexer *lex, uint32_t prefix_len, struct py_token *token,
                   struct err *err);

/* Whether pos is in the text of an f-string, and then the token there. */
bool py_lex_in_fstring_text(const struct py_lexer *lex);
bool py_lex_fstring_text(struct py_lexer *lex, struct py_token *token, struct err *err);

#endif
