/* The tokens of SQL text, as libpg_query's scanner finds them: for colours, and for quoting. */
#ifndef SQL_SCAN_H
#define SQL_SCAN_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

struct arena;

enum sql_token_kind {
    SQL_TOKEN_NAME,    /* also words that may be names: unreserved keywords are SQL_TOKEN_KEYWORD */
    SQL_TOKEN_KEYWORD,
    SQL_TOKEN_STRING,  /* of any form: '...', E'...', $$...$$, B'...' */
    SQL_TOKEN_NUMBER,
    SQL_TOKEN_PARAMETER,
    SQL_TOKEN_LINE_COMMENT,  /* to the end of its line */
    SQL_TOKEN_BLOCK_COMMENT,
    SQL_TOKEN_OTHER, /* operators, brackets, ';' */
};

struct sql_token {
    size_t start, end; /* bytes of the text; end is exclusive */
    enum sql_token_kind kind;
};

VEC_DEFINE(sql_tokens, struct sql_token);

/*
 * All tokens, in order and apart from each other. False where the scanner stops (a string without
 * its end): out has the tokens before that place, and *stopped (may be NULL) is its byte; *problem
 * (may be NULL) says why, in the arena.
 */
bool sql_scan(struct arena *a, const char *text, struct sql_tokens *out, size_t *stopped,
              const char **problem);

#endif
