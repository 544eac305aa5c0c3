#include "config.h"

#include "ui/paint.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/source.h"
#include "base/utf8.h"
#include "python/ast.h"
#include "python/lex.h"
#include "ui/draw.h"
#include "ui/pattern.h"

enum { MOST_BYTES = 512 << 10, LONG_LINE = 16 << 10 }; /* more is drawn without colours */

struct paint {
    struct arena *arena;
    const struct source *source; /* of Python; NULL: SQL */
    const char *sql;
    struct paint_runs runs; /* in order, apart from each other */
    bool is_done;
};

struct paint *paint_python(struct arena *a, const struct source *source)
{
    struct paint *paint = ARENA_NEW(a, struct paint);
    *paint = (struct paint){.arena = a, .source = source};
    return paint;
}

struct paint *paint_sql(struct arena *a, const char *text)
{
    struct paint *paint = ARENA_NEW(a, struct paint);
    *paint = (struct paint){.arena = a, .sql = text};
    return paint;
}

static void add(struct paint *paint, size_t start, size_t end, enum role role)
{
    struct paint_run run = {start, end, role};
    if (role != ROLE_TEXT && end > start)
        vec_push(paint->arena, &paint->runs, run);
}

/* -- Python -------------------------------------------------------------------------------------
 */

static enum role role_of_python(enum py_token_kind kind)
{
    switch ((int)kind) {
    case PY_TOKEN_NUMBER:
        return ROLE_CODE_NUMBER;
    case PY_TOKEN_STRING:
    case PY_TOKEN_FSTRING_START:
    case PY_TOKEN_FSTRING_MIDDLE:
    case PY_TOKEN_FSTRING_END:
        return ROLE_CODE_STRING;
#define KEYWORD(id, text) case PY_TOKEN_##id:
#include "python/tokens.def"
        return ROLE_CODE_KEYWORD;
    default:
        return ROLE_TEXT;
    }
}

/* What has no text of its own, or blanks only. */
static bool is_layout(enum py_token_kind kind)
{
    return kind == PY_TOKEN_NEWLINE || kind == PY_TOKEN_INDENT || kind == PY_TOKEN_DEDENT ||
           kind == PY_TOKEN_END;
}

/* Comments leave no token: they are what a '#' between two of them begins. */
static void add_comments(struct paint *paint, size_t from, size_t to)
{
    const char *text = paint->source->text;
    for (size_t i = from; i < to; i++) {
        if (text[i] != '#')
            continue;
        size_t start = i;
        while (i < to && text[i] != '\n')
            i++;
        add(paint, start, i, ROLE_COMMENT);
    }
}

static void scan_python(struct paint *paint)
{
    struct arena *a = arena_new();
    struct py_lexer lex;
    struct py_token token;
    struct err err = ERR_INIT;
    size_t done = 0, bad;
    if (utf8_valid(paint->source->text, paint->source->len, &bad)) {
        py_lex_init(&lex, paint->source, py_names_new(a));
        while (py_lex_next(&lex, &token, &err) && token.kind != PY_TOKEN_END) {
            if (is_layout(token.kind))
                continue;
            add_comments(paint, done, token.span.start);
            add(paint, token.span.start, token.span.end, role_of_python(token.kind));
            done = token.span.end;
        }
        if (err.code == ERR_NONE)
            add_comments(paint, done, paint->source->len);
    }
    err_clear(&err);
    arena_free(a);
}

/* -- SQL ----------------------------------------------------------------------------------------
 */

enum role paint_role_of_sql(enum sql_token_kind kind)
{
    switch (kind) {
    case SQL_TOKEN_KEYWORD:
        return ROLE_CODE_KEYWORD;
    case SQL_TOKEN_STRING:
        return ROLE_CODE_STRING;
    case SQL_TOKEN_NUMBER:
    case SQL_TOKEN_PARAMETER:
        return ROLE_CODE_NUMBER;
    case SQL_TOKEN_LINE_COMMENT:
    case SQL_TOKEN_BLOCK_COMMENT:
        return ROLE_COMMENT;
    case SQL_TOKEN_NAME:
    case SQL_TOKEN_OTHER:
        break;
    }
    return ROLE_TEXT;
}

static void scan_sql(struct paint *paint)
{
    struct arena *a = arena_new();
    struct sql_tokens tokens = {0};
    sql_scan(a, paint->sql, &tokens, NULL, NULL);
    for (size_t i = 0; i < tokens.len; i++)
        add(paint, tokens.at[i].start, tokens.at[i].end, paint_role_of_sql(tokens.at[i].kind));
    arena_free(a);
}

/* -- drawing ------------------------------------------------------------------------------------
 */

static void scan(struct paint *paint)
{
    if (paint->is_done)
        return;
    paint->is_done = true;
    if (paint->source ? paint->source->len > MOST_BYTES : strlen(paint->sql) > MOST_BYTES)
        return;
    if (paint->source)
        scan_python(paint);
    else
        scan_sql(paint);
}

/* The first run that ends behind a byte. */
static size_t first_run(const struct paint_runs *runs, size_t byte)
{
    size_t low = 0, high = runs->len;
    while (low < high) {
        size_t middle = low + (high - low) / 2;
        if (runs->at[middle].end <= byte)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

/* Bytes from..to of the text, in their colours. */
static void draw_runs(const struct paint *paint, size_t at, struct pen *pen, enum role role,
                      const char *text, size_t from, size_t to)
{
    size_t count = paint ? paint->runs.len : 0;
    for (size_t i = paint ? first_run(&paint->runs, at + from) : 0; i < count; i++) {
        const struct paint_run *run = &paint->runs.at[i];
        if (run->start >= at + to)
            break;
        size_t start = run->start > at + from ? run->start - at : from;
        size_t end = run->end < at + to ? run->end - at : to;
        pen_textn(pen, role, text + from, start - from);
        pen_textn(pen, run->role, text + start, end - start);
        from = end;
    }
    pen_textn(pen, role, text + from, to - from);
}

void paint_draw(struct paint *paint, size_t at, struct pen *pen, enum role role, const char *text,
                size_t len)
{
    const struct pattern *match = pen->match;
    size_t from = 0, start, found;
    if (len > LONG_LINE)
        paint = NULL;
    if (paint)
        scan(paint);
    pen->match = NULL;
    while (match && pattern_find(match, text, len, from, &start, &found)) {
        draw_runs(paint, at, pen, role, text, from, start);
        pen_textn(pen, ROLE_MATCH, text + start, found);
        from = start + found;
    }
    draw_runs(paint, at, pen, role, text, from, len);
    pen->match = match;
}
