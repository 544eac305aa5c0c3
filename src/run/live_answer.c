#include "config.h"

#include "run/live_answer.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "postgres/query.h"

void live_answer_rows(struct arena *a, const struct result *result, struct live_answer *out)
{
    *out = (struct live_answer){0};
    if (!result)
        return;
    size_t width = result_columns(result), rows = width ? result_rows(result) : 0;
    struct live_column *columns = ARENA_ARRAY(a, width + 1, struct live_column);
    const char **values = ARENA_ARRAY(a, width * rows + 1, const char *);
    for (size_t i = 0; i < width; i++)
        columns[i] = (struct live_column){arena_strdup(a, result_column_name(result, i)),
                                          result_column_type(result, i)};
    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i < width; i++)
            values[row * width + i] = result_get(result, row, i);
    out->columns = columns;
    out->column_count = width;
    out->values = values;
    out->row_count = rows;
    out->has_affected = true;
    out->affected = result_affected(result);
}

void live_answer_more(struct arena *a, const struct result *more, struct live_answer *out)
{
    size_t width = out->column_count, before = width * out->row_count, rows = result_rows(more);
    const char **values = ARENA_ARRAY(a, before + width * rows + 1, const char *);
    if (before > 0)
        memcpy(values, out->values, before * sizeof(*values));
    for (size_t row = 0; row < rows; row++)
        for (size_t i = 0; i < width; i++)
            values[before + row * width + i] = result_get(more, row, i);
    out->values = values;
    out->row_count += rows;
    out->affected += (int64_t)rows;
}

/* "LINE 1: SELECT x" and the caret below, as the server's clients show a position. */
static void add_line(struct str *text, const char *sql, int position)
{
    const char *line = sql, *at = sql;
    int number = 1, width = 0;
    for (int i = 1; i < position && *at; i++) {
        if (*at == '\n') {
            line = at + 1;
            number++;
        }
        at++;
        while (((unsigned char)*at & 0xc0) == 0x80)
            at++;
    }
    for (const char *p = line; p < at; p++)
        width += ((unsigned char)*p & 0xc0) != 0x80;
    size_t before = text->len;
    str_addf(text, "LINE %d: ", number);
    size_t margin = text->len - before;
    str_addf(text, "%.*s\n", (int)strcspn(line, "\n"), line);
    str_fill(text, ' ', margin + (size_t)width);
    str_add(text, "^\n");
}

/* The name between the quotes behind a word of the message: constraint "x". */
static const char *quoted_after(struct arena *a, const char *message, const char *word)
{
    const char *at = strstr(message, word);
    const char *end = at ? strchr(at + strlen(word), '"') : NULL;
    return end ? arena_strndup(a, at + strlen(word), (size_t)(end - at) - strlen(word)) : NULL;
}

void live_answer_failure(struct arena *a, const struct err *err, const char *sql,
                         struct live_answer *out)
{
    struct str text = STR_IN(a);
    str_addf(&text, "%s\n", err->message);
    if (err->position > 0)
        add_line(&text, err->statement ? err->statement : sql, err->position);
    if (err->detail)
        str_addf(&text, "DETAIL:  %s\n", err->detail);
    if (err->hint)
        str_addf(&text, "HINT:  %s\n", err->hint);
    *out = (struct live_answer){
        .failure = {
            .sqlstate = arena_strdup(a, err->sqlstate),
            .message = text.ptr,
            .primary = arena_strdup(a, err->message),
            .constraint = quoted_after(a, err->message, "constraint \""),
            .table = quoted_after(a, err->message, "relation \""),
            .column = quoted_after(a, err->message, "column \""),
            .sql = arena_strdup(a, sql),
        },
    };
}
