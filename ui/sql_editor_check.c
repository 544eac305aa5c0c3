/* What the SQL editor finds out about its text: colours, and errors as one pauses typing. */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "sql/parse.h"
#include "ui/cells.h"
#include "ui/sql_editor.h"

enum {
    PAUSE = 400,          /* milliseconds without a key */
    AT_ONCE = 64 << 10,   /* bytes that are read again at every key */
    AT_PAUSE = 512 << 10, /* bytes that are read at all while somebody types */
};

/* -- blocks -------------------------------------------------------------------------------------
 */

static const char *mark_of(const struct sql_editor *e, size_t line)
{
    const char *text = e->text.lines.at[line].ptr;
    return !e->of_statement && str_starts_with(text, "-- @") ? text + strlen("-- @") : NULL;
}

static size_t number_of(const char *mark, bool *version_row)
{
    *version_row = str_starts_with(mark, "version ");
    if (*version_row)
        mark += strlen("version ");
    size_t number = 0;
    while (isdigit((unsigned char)*mark) && number < SIZE_MAX / 10 - 1)
        number = number * 10 + (size_t)(*mark++ - '0');
    return number;
}

static struct editor_block block_below(const struct sql_editor *e, size_t mark, size_t first)
{
    struct editor_block block = {.mark = mark, .first = first, .end = first};
    while (block.end < e->text.lines.len && !mark_of(e, block.end))
        block.end++;
    if (mark != (size_t)-1)
        block.number = number_of(mark_of(e, mark), &block.version_row);
    return block;
}

struct editor_block sql_editor_block(const struct sql_editor *e, size_t line)
{
    for (size_t i = line + 1; i-- > 0;)
        if (mark_of(e, i))
            return block_below(e, i, i + 1);
    return block_below(e, (size_t)-1, 0);
}

bool sql_editor_next_block(const struct sql_editor *e, struct editor_block *block)
{
    if (block->end >= e->text.lines.len)
        return false;
    *block = block_below(e, block->end, block->end + 1);
    return true;
}

/* -- colours ------------------------------------------------------------------------------------
 */

static size_t size_of(const struct sql_editor *e, size_t first, size_t end)
{
    size_t size = 0;
    for (size_t i = first; i < end; i++)
        size += e->text.lines.at[i].len + 1;
    return size;
}

static void scan(struct sql_editor *e)
{
    size_t count = e->text.lines.len, byte = 0;
    arena_reset(e->arena);
    struct str text = STR_IN(e->arena);
    size_t *starts = ARENA_ARRAY(e->arena, count, size_t);
    for (size_t i = 0; i < count; i++) {
        starts[i] = byte;
        byte += e->text.lines.at[i].len + 1;
    }
    text_buffer_text(&e->text, &text);
    sql_scan(e->arena, text.ptr, &e->tokens, NULL, NULL);
    e->starts = starts;
    e->scanned = e->text.version;
}

void sql_editor_scan(struct sql_editor *e)
{
    if (e->scanned != e->text.version && size_of(e, 0, e->text.lines.len) <= AT_ONCE)
        scan(e);
}

/* -- errors -------------------------------------------------------------------------------------
 */

void sql_editor_set_problem(struct sql_editor *e, const char *message, struct text_place at,
                            bool is_doubt)
{
    char *copy = message ? mem_strdup(message) : NULL;
    mem_free(e->problem.message);
    e->problem = (struct editor_problem){copy, is_doubt, at};
    e->checked = e->text.version;
}

const struct editor_problem *sql_editor_problem(const struct sql_editor *e)
{
    return e->problem.message && e->checked == e->text.version ? &e->problem : NULL;
}

/* The last character of the block that is not blank. */
static struct text_place last_text(const struct sql_editor *e, const struct editor_block *block)
{
    for (size_t i = block->end; i-- > block->first;) {
        const struct str *line = &e->text.lines.at[i];
        size_t len = line->len;
        while (len > 0 && strchr(" \t\r", line->ptr[len - 1]))
            len--;
        if (len > 0)
            return (struct text_place){i, cells_before(line->ptr, len)};
    }
    return (struct text_place){block->first, 0};
}

/* False when something is wrong with the block, and that is the problem now. */
static bool check_block(struct sql_editor *e, struct arena *a, const struct editor_block *block)
{
    struct str text = STR_IN(a);
    struct sql_problem problem;
    for (size_t i = block->first; i < block->end; i++)
        str_addf(&text, "%s\n", e->text.lines.at[i].ptr);
    enum sql_reading reading = sql_check(a, text.ptr, &problem);
    if (reading == SQL_READ)
        return true;
    struct text_place from = {block->first, 0};
    struct text_place at = text_buffer_after(&e->text, from, (size_t)problem.position);
    if (at.line >= block->end) /* "at end of input" */
        at = last_text(e, block);
    sql_editor_set_problem(e, problem.message, at, reading == SQL_UNKNOWN);
    return false;
}

void sql_editor_check(struct sql_editor *e)
{
    struct arena *a = arena_new();
    struct editor_block block = sql_editor_block(e, 0);
    bool ok = true, all = size_of(e, 0, e->text.lines.len) <= AT_PAUSE;
    if (all)
        scan(e);
    else
        block = sql_editor_block(e, e->text.cursor.line);
    sql_editor_set_problem(e, NULL, (struct text_place){0, 0}, false);
    do {
        if (size_of(e, block.first, block.end) <= AT_PAUSE)
            ok = check_block(e, a, &block);
    } while (ok && all && sql_editor_next_block(e, &block));
    arena_free(a);
}

int sql_editor_timeout(const struct sql_editor *e)
{
    if (!e->is_open || e->checked == e->text.version)
        return -1;
    if (e->seen != e->text.version)
        return PAUSE;
    int64_t left = PAUSE - (clock_monotonic() - e->changed) / 1000;
    return left > 0 ? (int)left : 0;
}

bool sql_editor_pause(struct sql_editor *e)
{
    if (!e->is_open || e->checked == e->text.version)
        return false;
    if (e->seen != e->text.version) {
        e->seen = e->text.version;
        e->changed = clock_monotonic();
    }
    if (sql_editor_timeout(e) > 0)
        return false;
    sql_editor_check(e);
    return true;
}
