/*
 * What differs between the models and the database, by table, and which of it goes into a revision.
 */
#include "config.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "ui/actions.h"
#include "ui/console.h"
#include "ui/diff_lines.h"
#include "ui/err_text.h"

static enum role role_of(char sign)
{
    return sign == 'A' ? ROLE_ADD : sign == 'D' ? ROLE_DEL : sign == '?' ? ROLE_WARN : ROLE_CHANGE;
}

/* The row under the cursor; false: the pane does not lead, or has none. */
static bool leading_row(const struct console *c, size_t *row)
{
    return c->in_slot[SLOT_MAIN] == VIEW_DIFF && c->differ.state == DIFFER_READY &&
           view_row(&c->views[VIEW_DIFF], row) && *row < c->diff.rows.len;
}

struct differ_item *console_difference(const struct console *c)
{
    size_t row;
    return leading_row(c, &row) ? diff_row_item(c, row) : NULL;
}

const struct diff_group *console_difference_group(const struct console *c)
{
    size_t row;
    return leading_row(c, &row) ? diff_row_group(c, row) : NULL;
}

bool console_is_at_difference(const struct console *c)
{
    size_t row;
    return leading_row(c, &row);
}

static void diff_title(struct console *c, struct str *out)
{
    static const char *const words[] = {"", ": additions", ": changes", ": removals", ": ignored"};
    str_addf(out, "diff%s", words[c->diff.filter]);
    if (differ_is_busy(&c->differ))
        console_add_elapsed(out, " comparing...", c->differ.started);
    if (differ_is_busy(&c->differ) || c->differ.state != DIFFER_READY)
        return;
    size_t ignored = c->differ.pending.differences.ignored.len;
    str_addf(out, " %zu of %zu included", differ_included(&c->differ),
             c->differ.items.len - ignored);
    if (ignored > 0)
        str_addf(out, ", %zu ignored", ignored);
    if (c->differ.pending.outdated.code != ERR_NONE)
        str_add(out, ", upgrade first");
    if (c->differ.pending.differences.left_out.len > 0)
        str_add(out, " ! some tables left out (w)");
}

static bool has_risk(const struct differ_item *item)
{
    return item->difference->warning || item->err.code != ERR_NONE;
}

/* "A1 M2": how many of each sign. */
static void draw_counts(const struct console *c, const struct diff_group *group, struct pen *pen)
{
    for (const char *sign = "AMD?"; *sign; sign++) {
        size_t count = 0;
        for (size_t i = 0; i < group->items.len; i++) {
            const struct differ_item *item = &c->differ.items.at[group->items.at[i]];
            count += difference_sign(item->difference->kind) == *sign;
        }
        if (count > 0)
            pen_printf(pen, role_of(*sign), " %c%zu", *sign, count);
    }
}

/* What of a group must not be overlooked because it is folded. */
static bool group_has_risk(const struct console *c, const struct diff_group *group)
{
    for (size_t i = 0; i < group->items.len; i++)
        if (has_risk(&c->differ.items.at[group->items.at[i]]))
            return true;
    return false;
}

static void draw_heading(struct console *c, const struct diff_group *group, struct pen *pen)
{
    size_t included = diff_group_included(c, group);
    char mark = c->diff.filter == DIFF_IGNORED      ? '-'
                : included == 0                     ? ' '
                : included == group->items.len      ? 'x'
                                                    : '~';
    pen_printf(pen, ROLE_NUMBER, "[%c] ", mark);
    pen_glyph(pen, ROLE_DIM, diff_group_is_folded(c, group) ? GLYPH_FOLDED : GLYPH_UNFOLDED);
    pen_text(pen, ROLE_TEXT, " ");
    pen_text(pen, ROLE_CURRENT, group->label);
    if (group_has_risk(c, group))
        pen_text(pen, ROLE_RISK, " !");
    pen_text(pen, ROLE_TEXT, " ");
    draw_counts(c, group, pen);
}

static void diff_draw(struct console *c, size_t row, bool flat, struct pen *pen)
{
    const struct differ_item *item = diff_row_item(c, row);
    if (!item) {
        draw_heading(c, diff_row_group(c, row), pen);
        return;
    }
    const struct difference *d = item->difference;
    char sign = difference_sign(d->kind);
    if (!flat && diff_row_is_inner(c, row))
        pen_text(pen, ROLE_TEXT, "  ");
    pen_printf(pen, ROLE_NUMBER, "[%c] ", item->ignored ? '-' : item->included ? 'x' : ' ');
    pen_printf(pen, role_of(sign), "%c ", sign);
    pen_text(pen, ROLE_TEXT, item->name);
    if (has_risk(item))
        pen_text(pen, ROLE_RISK, " !");
    pen_printf(pen, ROLE_DIM, "  %s", difference_help(d->kind));
    if (d->database && d->model)
        pen_printf(pen, ROLE_DIM, ": %s -> %s", d->database, d->model);
    else if (d->cosmetic)
        pen_text(pen, ROLE_DIM, ", cosmetic");
}

static void add_item_text(const struct differ_item *item, struct str *out)
{
    str_addf(out, "%s %s", item->name, difference_help(item->difference->kind));
}

/* A folded group is found by what is in it. */
static void diff_text(struct console *c, size_t row, struct str *out)
{
    const struct diff_group *group = diff_row_group(c, row);
    if (!group) {
        add_item_text(diff_row_item(c, row), out);
        return;
    }
    str_add(out, group->label);
    for (size_t i = 0; diff_group_is_folded(c, group) && i < group->items.len; i++) {
        str_addc(out, '\n');
        add_item_text(&c->differ.items.at[group->items.at[i]], out);
    }
}

static void diff_moved(struct console *c, struct view *view)
{
    const struct diff_group *group = console_difference_group(c);
    (void)view;
    if (group)
        diff_make_statements(c, group);
    c->views[VIEW_DETAIL].stale = c->views[VIEW_SQL].stale = true;
}

static void diff_status(struct console *c, size_t row, struct str *out)
{
    const struct diff_group *group = diff_row_group(c, row);
    if (group)
        str_addf(out, "%s - %zu of %zu included", group->label, diff_group_included(c, group),
                 group->items.len);
    else
        str_add(out, diff_row_item(c, row)->name);
}

static const char *diff_empty(struct console *c)
{
    switch (c->differ.state) {
    case DIFFER_READING:
        return "comparing the models with the database...";
    case DIFFER_FAILED:
        return "not compared: w says why, R tries again";
    case DIFFER_READY:
        if (c->diff.filter == DIFF_ALL && c->differ.items.len > 0)
            return "but for what is ignored, the database is as the models say; f shows it";
        return c->differ.items.len == 0 ? "the database is as the models say"
                                        : "no such differences; f shows others";
    case DIFFER_OFF:
        break;
    }
    return c->session->has_url ? "not compared yet; R compares"
                               : "no database to compare the models with";
}

const struct view_ops pane_diff = {
    .name = "diff",
    .number = 4,
    .contexts = CTX_DIFF | CTX_LIST,
    .home = SLOT_MAIN,
    .title = diff_title,
    .load = diff_groups_load,
    .draw = diff_draw,
    .text = diff_text,
    .moved = diff_moved,
    .found = diff_search_inside,
    .status = diff_status,
    .empty = diff_empty,
};
