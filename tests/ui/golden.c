#include "config.h"

#include "ui/golden.h"

#include <regex.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "unit/unit.h"

/* What is masked. `rest`: from the match to the end of the row. */
static const struct {
    const char *pattern;
    bool rest;
} masks[] = {
    {" +[0-9][0-9.]* (us|ms|s)( |$)", false},             /* how long a statement took */
    {"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:.]+", false},    /* when a file was made */
    {"[0-9]{2}:[0-9]{2}:[0-9]{2}", false},                /* when something was logged */
    {"[0-9a-f]{12}", false},                              /* a new revision's id */
    {"(pid|transaction open|blocked by|waits for) [^a].*", true}, /* other sessions */
};

static int differences;

/* -- the screen as text -------------------------------------------------------------------------
 */

static void mask_row(char *row, bool *rest)
{
    *rest = false;
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
        regex_t regex;
        regmatch_t match;
        assert_int_equal(regcomp(&regex, masks[i].pattern, REG_EXTENDED), 0);
        for (char *at = row; regexec(&regex, at, 1, &match, 0) == 0; at += match.rm_eo) {
            memset(at + match.rm_so, '~', (size_t)(match.rm_eo - match.rm_so));
            if (masks[i].rest) {
                strcpy(at + match.rm_so, "~~~");
                *rest = true;
                break;
            }
        }
        regfree(&regex);
    }
}

static void add_color(struct str *out, const char *what, const VTermColor *color)
{
    if (VTERM_COLOR_IS_INDEXED(color))
        str_addf(out, " %s=%d", what, color->indexed.idx);
    else if (!VTERM_COLOR_IS_DEFAULT_FG(color) && !VTERM_COLOR_IS_DEFAULT_BG(color))
        str_addf(out, " %s=#%02x%02x%02x", what, color->rgb.red, color->rgb.green,
                 color->rgb.blue);
}

static void describe_cell(struct pty *pty, int row, int column, struct str *out)
{
    VTermScreenCell cell;
    VTermPos at = {row, column};
    vterm_screen_get_cell(pty->screen, at, &cell);
    if (cell.attrs.bold)
        str_add(out, " bold");
    if (cell.attrs.underline)
        str_add(out, " underline");
    if (cell.attrs.reverse)
        str_add(out, " reverse");
    add_color(out, "fg", &cell.fg);
    add_color(out, "bg", &cell.bg);
}

/* "3: 0-79 reverse, ..." for the runs of cells of a row that look like nothing plain. */
static void add_attributes(struct pty *pty, int row, struct str *out)
{
    struct str before = STR_INIT, now = STR_INIT;
    int from = 0;
    for (int column = 0; column <= pty->columns; column++) {
        str_cut(&now, 0);
        if (column < pty->columns)
            describe_cell(pty, row, column, &now);
        if (column > 0 && (column == pty->columns || !str_eq(now.ptr, before.ptr))) {
            if (before.len > 0)
                str_addf(out, "%2d: %d-%d%s\n", row, from, column - 1, before.ptr);
            from = column;
        }
        str_cut(&before, 0);
        str_add(&before, now.ptr);
    }
    str_clear(&before);
    str_clear(&now);
}

static void take(struct pty *pty, struct str *out)
{
    struct str attributes = STR_INIT;
    for (int row = 0; row < pty->rows; row++) {
        char text[4096];
        bool rest;
        snprintf(text, sizeof text, "%s", pty_row(pty, row));
        mask_row(text, &rest);
        str_addf(out, "|%s\n", text);
        if (!rest)
            add_attributes(pty, row, &attributes);
    }
    str_addf(out, "attributes, by row and columns:\n%s", attributes.ptr);
    str_clear(&attributes);
}

/* -- comparing ----------------------------------------------------------------------------------
 */

static void tell(const char *path, const char *wanted, const char *got)
{
    fprintf(stderr, "%s differs (GENERATE=1 writes it anew):\n", path);
    for (int line = 1; *wanted || *got; line++) {
        size_t w = strcspn(wanted, "\n"), g = strcspn(got, "\n");
        if (w != g || memcmp(wanted, got, w) != 0)
            fprintf(stderr, "%d\n- %.*s\n+ %.*s\n", line, (int)w, wanted, (int)g, got);
        wanted += w + (wanted[w] == '\n');
        got += g + (got[g] == '\n');
    }
}

/* The frame that is waited for may not be whole yet. */
static bool comes_to(struct pty *pty, const char *wanted, struct str *got)
{
    enum { TRIES = 4 };
    for (int i = 0; i < TRIES; i++) {
        str_cut(got, 0);
        take(pty, got);
        if (str_eq(wanted, got->ptr))
            return true;
        pty_quiet(pty);
    }
    return false;
}

void golden_screen(struct pty *pty, const char *name)
{
    const char *source = getenv("top_srcdir");
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    struct str got = STR_INIT;
    char *wanted = NULL;
    size_t len;
    const char *path = arena_printf(a, "%s/tests/ui/golden/%s.%dx%d", source ? source : ".", name,
                                    pty->columns, pty->rows);
    if (getenv("GENERATE")) {
        pty_quiet(pty);
        take(pty, &got);
        assert_true(file_write(path, got.ptr, got.len, 0644, true, &err));
    } else if (!file_read(a, path, 1 << 20, &wanted, &len, &err)) {
        fprintf(stderr, "%s\n", err.message);
        differences++;
    } else if (!comes_to(pty, wanted, &got)) {
        tell(path, wanted, got.ptr);
        differences++;
    }
    err_clear(&err);
    str_clear(&got);
    arena_free(a);
}

void golden_end(void)
{
    int count = differences;
    differences = 0;
    if (count > 0)
        fail_msg("%d screens differ", count);
}
