#include "config.h"

#include "base/diff.h"

#include <stdbool.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "base/vec.h"

enum { CONTEXT = 3, EDITS_MAX = 1000 };

struct line {
    const char *text;
    size_t len; /* with its line end */
};

VEC_DEFINE(lines, struct line);

/* Of the edit script: a line that stays, goes or comes. */
struct edit {
    char sign; /* ' ', '-', '+' */
    struct line line;
    size_t a, b; /* lines of both texts before it */
};

VEC_DEFINE(edits, struct edit);

static struct lines split(struct arena *arena, const char *text)
{
    struct lines out = {0};
    while (*text) {
        size_t len = strcspn(text, "\n");
        len += text[len] == '\n';
        vec_push(arena, &out, ((struct line){text, len}));
        text += len;
    }
    return out;
}

static bool same(const struct line *a, const struct line *b)
{
    return a->len == b->len && memcmp(a->text, b->text, a->len) == 0;
}

/*
 * The furthest line of `a` on each diagonal k = x - y after d edits, for every d up to the number
 * that is needed: row d holds 2d + 1 of them, from -d on.
 */
struct trace {
    VEC(int *) rows;
};

static int furthest(const int *row, int d, int k)
{
    return row[k + d];
}

/* Whether the step to diagonal k in row d is a line of b that comes (else one of a that goes). */
static bool comes(const int *last, int d, int k)
{
    return k == -d || (k != d && furthest(last, d - 1, k - 1) < furthest(last, d - 1, k + 1));
}

/* True with the trace, or false when there are too many edits. */
static bool search(struct arena *arena, const struct lines *a, const struct lines *b,
                   struct trace *out)
{
    int n = (int)a->len, m = (int)b->len;
    for (int d = 0; d <= n + m && d <= EDITS_MAX; d++) {
        int *row = ARENA_ARRAY(arena, 2 * (size_t)d + 1, int);
        const int *last = d ? out->rows.at[d - 1] : NULL;
        vec_push(arena, &out->rows, row);
        for (int k = -d; k <= d; k += 2) {
            int x = d == 0              ? 0
                    : comes(last, d, k) ? furthest(last, d - 1, k + 1)
                                        : furthest(last, d - 1, k - 1) + 1;
            int y = x - k;
            while (x >= 0 && y >= 0 && x < n && y < m && same(&a->at[x], &b->at[y])) {
                x++;
                y++;
            }
            row[k + d] = x;
            if (x >= n && y >= m)
                return true;
        }
    }
    return false;
}

static void reverse(struct edits *edits)
{
    for (size_t i = 0; i + i + 1 < edits->len; i++) {
        struct edit last = edits->at[edits->len - 1 - i];
        edits->at[edits->len - 1 - i] = edits->at[i];
        edits->at[i] = last;
    }
}

/* Goes back from the end to the beginning. */
static void follow(struct arena *arena, const struct lines *a, const struct lines *b,
                   const struct trace *trace, struct edits *out)
{
    int x = (int)a->len, y = (int)b->len;
    for (int d = (int)trace->rows.len - 1; d >= 0; d--) {
        int k = x - y, start_x = 0, start_y = 0;
        bool down = d && comes(trace->rows.at[d - 1], d, k);
        if (d) {
            start_x = furthest(trace->rows.at[d - 1], d - 1, down ? k + 1 : k - 1);
            start_y = start_x - (down ? k + 1 : k - 1);
        }
        int after_x = d ? start_x + (down ? 0 : 1) : 0;
        while (x > after_x) {
            x--;
            y--;
            vec_push(arena, out, ((struct edit){' ', a->at[x], (size_t)x, (size_t)y}));
        }
        if (!d)
            break;
        x = start_x;
        y = start_y;
        vec_push(
            arena, out,
            ((struct edit){down ? '+' : '-', down ? b->at[y] : a->at[x], (size_t)x, (size_t)y}));
    }
    reverse(out);
}

static void replace_all(struct arena *arena, const struct lines *a, const struct lines *b,
                        struct edits *out)
{
    for (size_t i = 0; i < a->len; i++)
        vec_push(arena, out, ((struct edit){'-', a->at[i], i, 0}));
    for (size_t i = 0; i < b->len; i++)
        vec_push(arena, out, ((struct edit){'+', b->at[i], a->len, i}));
}

/* "12,3": an empty range is named by the line before it, a single line without its count. */
static void add_range(struct str *out, char sign, size_t before, size_t count)
{
    str_addf(out, " %c%zu", sign, before + (count ? 1 : 0));
    if (count != 1)
        str_addf(out, ",%zu", count);
}

static void add_hunk(struct str *out, const struct edits *edits, size_t start, size_t end)
{
    size_t count_a = 0, count_b = 0;
    for (size_t i = start; i < end; i++) {
        count_a += edits->at[i].sign != '+';
        count_b += edits->at[i].sign != '-';
    }
    str_add(out, "@@");
    add_range(out, '-', edits->at[start].a, count_a);
    add_range(out, '+', edits->at[start].b, count_b);
    str_add(out, " @@\n");
    for (size_t i = start; i < end; i++) {
        const struct edit *edit = &edits->at[i];
        str_addc(out, edit->sign);
        str_addn(out, edit->line.text, edit->line.len);
        if (edit->line.text[edit->line.len - 1] != '\n')
            str_add(out, "\n\\ No newline at end of file\n");
    }
}

/* Where the next change is; the length when there is none. */
static size_t next_change(const struct edits *edits, size_t from)
{
    while (from < edits->len && edits->at[from].sign == ' ')
        from++;
    return from;
}

static void add_hunks(struct str *out, const struct edits *edits)
{
    size_t done = 0;
    for (size_t change = next_change(edits, 0); change < edits->len;) {
        size_t start = change > done + CONTEXT ? change - CONTEXT : done, end, next = change;
        do {
            end = next + 1;
            next = next_change(edits, end);
        } while (next < edits->len && next - end <= (size_t)2 * CONTEXT);
        size_t stop = end + CONTEXT < edits->len ? end + CONTEXT : edits->len;
        add_hunk(out, edits, start, stop);
        done = stop;
        change = next;
    }
}

void diff_unified(const char *name_a, const char *name_b, const char *a, const char *b,
                  struct str *out)
{
    if (str_eq(a, b))
        return;
    struct arena *arena = arena_new();
    struct lines lines_a = split(arena, a), lines_b = split(arena, b);
    struct trace trace = {0};
    struct edits edits = {0};
    if (search(arena, &lines_a, &lines_b, &trace))
        follow(arena, &lines_a, &lines_b, &trace, &edits);
    else
        replace_all(arena, &lines_a, &lines_b, &edits);
    str_addf(out, "--- %s\n+++ %s\n", name_a, name_b);
    add_hunks(out, &edits);
    arena_free(arena);
}
