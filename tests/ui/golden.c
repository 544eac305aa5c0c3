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

/*
 * What is masked: as many columns as it takes, or `with` in its place. What stands behind that is
 * moved up to the next border, and cut where the pane cut it before.
 */
static const struct {
    const char *pattern, *with;
} masks[] = {
    {"pid [0-9]+", "pid ~"},                              /* sessions, */
    {"--*, user ", ", user "},                            /* whose names are as long with it, */
    {" for [0-9]+ (s|min|h)", " for ~ s"},                /* and what they wait and hold */
    {"[0-9]+ blocks/s, [0-9]+ (s|min) left:( CREATE)?", "~ blocks/s, ~ left:"},
    {"^ +(CREATE )?INDEX on", " ~ on"},                   /* where the line above ends varies */
    {" +[0-9][0-9.]* (us|ms|s)( |$)", NULL},              /* how long a statement took */
    {"[0-9]{4}-[0-9]{2}-[0-9]{2}[ T][0-9:.]+", NULL},     /* when a file was made */
    {"[0-9]{2}:[0-9]{2}:[0-9]{2}", NULL},                 /* when something was logged */
    {"[0-9a-f]{12}", NULL},                               /* a new revision's id */
};

static int differences;

/* -- the screen as text -------------------------------------------------------------------------
 */

static size_t columns_of(const char *text)
{
    size_t columns = 0;
    for (; *text; text++)
        columns += ((unsigned char)*text & 0xc0) != 0x80;
    return columns;
}

static void cut_to_columns(char *text, size_t columns)
{
    for (; *text && (columns > 0 || ((unsigned char)*text & 0xc0) == 0x80); text++)
        columns -= ((unsigned char)*text & 0xc0) != 0x80;
    *text = '\0';
}

/* What is masked in a part of a row; the column where something was moved, or -1. */
static int mask_part(char *part)
{
    enum { SLACK = 16 }; /* what the texts replaced may differ in length */
    static const char cut[] = "…";
    size_t width = columns_of(part);
    int moved = -1;
    for (size_t i = 0; i < sizeof masks / sizeof *masks; i++) {
        regex_t regex;
        regmatch_t match;
        assert_int_equal(regcomp(&regex, masks[i].pattern, REG_EXTENDED), 0);
        for (char *at = part; regexec(&regex, at, 1, &match, 0) == 0; at += match.rm_eo) {
            char *from = at + match.rm_so, *end = at + match.rm_eo;
            if (!masks[i].with) {
                memset(from, '~', (size_t)(end - from));
                continue;
            }
            size_t len = strlen(masks[i].with);
            assert_true(len <= (size_t)(end - from));
            memmove(from + len, end, strlen(end) + 1);
            memcpy(from, masks[i].with, len);
            match.rm_eo = match.rm_so + (regoff_t)len;
            int column = (int)(columns_of(part) - columns_of(from));
            moved = moved < 0 || column < moved ? column : moved;
        }
        regfree(&regex);
    }
    if (moved < 0)
        return -1;
    size_t len = strlen(part);
    while (len > 0 && part[len - 1] == ' ')
        part[--len] = '\0';
    if (len >= strlen(cut) && str_eq(part + len - strlen(cut), cut)) {
        cut_to_columns(part, width > SLACK ? width - SLACK : 0);
        strcat(part, cut);
    }
    return moved;
}

/* Masks a row; *end is the column from which on what its cells look like is not told. */
static void mask_row(const char *row, struct str *out, int *end)
{
    static const char border[] = "│";
    size_t before = 0;
    while (*row) {
        char part[4096];
        const char *next = strstr(row, border);
        size_t len = next ? (size_t)(next - row) : strlen(row);
        snprintf(part, sizeof part, "%.*s", (int)len, row);
        size_t width = columns_of(part);
        int moved = mask_part(part);
        if (moved >= 0 && *end > (int)before + moved)
            *end = (int)before + moved;
        str_addf(out, "%s%s", part, next ? border : "");
        row += len + (next ? strlen(border) : 0);
        before += width + 1;
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

/* "3: 0-79 reverse, ..." for the runs of cells of a row, up to a column, that look like nothing
 * plain. */
static void add_attributes(struct pty *pty, int row, int end, struct str *out)
{
    struct str before = STR_INIT, now = STR_INIT;
    int from = 0;
    for (int column = 0; column <= end; column++) {
        str_cut(&now, 0);
        if (column < end)
            describe_cell(pty, row, column, &now);
        if (column > 0 && (column == end || !str_eq(now.ptr, before.ptr))) {
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
        int end = pty->columns;
        str_addc(out, '|');
        mask_row(pty_row(pty, row), out, &end);
        str_addc(out, '\n');
        add_attributes(pty, row, end, &attributes);
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
