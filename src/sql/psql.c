#include "config.h"

#include "sql/psql.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "sql/scan.h"

/* Appends the text, ';' and ':' of it escaped. */
static void add_tokens(struct str *out, const char *text, const struct sql_tokens *tokens)
{
    size_t done = 0, before = out->len;
    bool any = false, comment_last = false;
    for (size_t i = 0; i < tokens->len; i++) {
        const struct sql_token *token = &tokens->at[i];
        bool comment =
            token->kind == SQL_TOKEN_LINE_COMMENT || token->kind == SQL_TOKEN_BLOCK_COMMENT;
        bool is_end = token->kind == SQL_TOKEN_OTHER && text[token->start] == ';';
        bool is_colon = token->kind == SQL_TOKEN_OTHER && text[token->start] == ':' &&
                        token->end == token->start + 1;
        any = any || (!comment && !is_end);
        comment_last = token->kind == SQL_TOKEN_LINE_COMMENT;
        str_addn(out, text + done, token->start - done);
        str_addf(out, "%s%.*s", is_end || is_colon ? "\\" : "", (int)(token->end - token->start),
                 text + token->start);
        done = token->end;
    }
    if (any)
        str_add(out, comment_last ? "\n;\n" : ";\n");
    else
        str_cut(out, before);
}

bool sql_psql(struct str *out, const char *text, struct err *err)
{
    struct arena *a = arena_new();
    struct sql_tokens tokens;
    const char *problem;
    bool ok = sql_scan(a, text, &tokens, NULL, &problem);
    if (ok)
        add_tokens(out, text, &tokens);
    else
        err_set(err, ERR_COMMAND, "psql would not read this statement as it is: %s", problem);
    arena_free(a);
    return ok;
}
