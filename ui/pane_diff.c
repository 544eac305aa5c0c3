/* What differs between the models and the database, and which of it goes into a revision. */
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

static bool is_shown(const struct console *c, const struct differ_item *item)
{
    static const char signs[] = {[DIFF_ADDITIONS] = 'A', [DIFF_CHANGES] = 'M', [DIFF_REMOVALS] = 'D'};
    char sign = difference_sign(item->difference->kind);
    if (item->ignored != (c->diff.filter == DIFF_IGNORED))
        return false;
    if (c->diff.filter == DIFF_ALL || c->diff.filter == DIFF_IGNORED)
        return true;
    return sign == signs[c->diff.filter] || (sign == '?' && c->diff.filter == DIFF_CHANGES);
}

static struct differ_item *item_at(const struct console *c, size_t row)
{
    return &c->differ.items.at[c->diff.rows.at[row]];
}

struct differ_item *console_difference(const struct console *c)
{
    size_t row;
    if (c->in_slot[SLOT_MAIN] != VIEW_DIFF || c->differ.state != DIFFER_READY ||
        !view_row(&c->views[VIEW_DIFF], &row) || row >= c->diff.rows.len)
        return NULL;
    return item_at(c, row);
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

static size_t diff_load(struct console *c, struct view *view)
{
    (void)view;
    c->diff.rows.len = 0;
    for (size_t i = 0; i < c->differ.items.len; i++)
        if (is_shown(c, &c->differ.items.at[i]))
            vec_push(NULL, &c->diff.rows, i);
    return c->diff.rows.len;
}

static void diff_draw(struct console *c, size_t row, bool flat, struct pen *pen)
{
    const struct differ_item *item = item_at(c, row);
    const struct difference *d = item->difference;
    char sign = difference_sign(d->kind);
    (void)flat;
    pen_printf(pen, ROLE_NUMBER, "[%c] ", item->ignored ? '-' : item->included ? 'x' : ' ');
    pen_printf(pen, role_of(sign), "%c ", sign);
    pen_text(pen, ROLE_TEXT, item->name);
    if (d->warning || item->err.code != ERR_NONE)
        pen_text(pen, ROLE_RISK, " !");
    pen_printf(pen, ROLE_DIM, "  %s", difference_help(d->kind));
    if (d->database && d->model)
        pen_printf(pen, ROLE_DIM, ": %s -> %s", d->database, d->model);
    else if (d->cosmetic)
        pen_text(pen, ROLE_DIM, ", cosmetic");
}

static void diff_text(struct console *c, size_t row, struct str *out)
{
    const struct differ_item *item = item_at(c, row);
    str_addf(out, "%s %s", item->name, difference_help(item->difference->kind));
}

static void diff_moved(struct console *c, struct view *view)
{
    (void)view;
    c->views[VIEW_DETAIL].stale = c->views[VIEW_SQL].stale = true;
}

static void diff_status(struct console *c, size_t row, struct str *out)
{
    str_add(out, item_at(c, row)->name);
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
    .load = diff_load,
    .draw = diff_draw,
    .text = diff_text,
    .moved = diff_moved,
    .status = diff_status,
    .empty = diff_empty,
};
