#include "config.h"

#include "sql/parse.h"

#include <string.h>

#include <pg_query.h>

#include "base/arena.h"
#include "sql/parse_tree.h"

const char sql_grammar_version[] = PG_VERSION;

static bool is_space(char c)
{
    return c == ' ' || c == '\t' || c == '\n' || c == '\r' || c == '\f' || c == '\v';
}

static void add_piece(struct arena *a, const char *text, size_t start, size_t end,
                      struct sql_pieces *out)
{
    while (start < end && is_space(text[start]))
        start++;
    while (end > start && is_space(text[end - 1]))
        end--;
    if (end > start)
        vec_push(a, out, ((struct sql_piece){.start = start, .len = end - start}));
}

/* Adds the pieces of a result and frees it; false when it is an error. */
static bool take_split(struct arena *a, const char *text, PgQuerySplitResult split,
                       struct sql_pieces *out)
{
    bool ok = split.error == NULL;
    for (int i = 0; ok && i < split.n_stmts; i++) {
        size_t start = (size_t)split.stmts[i]->stmt_location;
        add_piece(a, text, start, start + (size_t)split.stmts[i]->stmt_len, out);
    }
    pg_query_free_split_result(split);
    return ok;
}

bool sql_split(struct arena *a, const char *text, struct sql_pieces *out)
{
    *out = (struct sql_pieces){0};
    if (take_split(a, text, pg_query_split_with_parser(text), out) ||
        take_split(a, text, pg_query_split_with_scanner(text), out))
        return true;
    *out = (struct sql_pieces){0};
    add_piece(a, text, 0, strlen(text), out);
    return false;
}

static void take_problem(struct arena *a, const PgQueryError *error, struct sql_problem *out)
{
    out->message = arena_strdup(a, error->message);
    out->position = error->cursorpos > 0 ? error->cursorpos : 0;
}

enum sql_reading sql_check(struct arena *a, const char *text, struct sql_problem *out)
{
    enum sql_reading reading = SQL_READ;
    *out = (struct sql_problem){0};
    PgQueryParseResult parsed = pg_query_parse(text);
    if (parsed.error) {
        PgQueryScanResult scanned = pg_query_scan(text);
        reading = scanned.error ? SQL_BROKEN : SQL_UNKNOWN;
        take_problem(a, scanned.error ? scanned.error : parsed.error, out);
        pg_query_free_scan_result(scanned);
    }
    pg_query_free_parse_result(parsed);
    return reading;
}

json_t *sql_parse_tree(const char *text)
{
    PgQueryParseResult result = pg_query_parse(text);
    json_t *tree = result.error ? NULL : json_loads(result.parse_tree, 0, NULL);
    pg_query_free_parse_result(result);
    return tree;
}
