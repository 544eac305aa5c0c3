/* What is pending: the steps up to all heads, in the order in which they would run. */
#include "config.h"

#include "base/str.h"
#include "ui/console.h"

static const struct revision *pending_at(const struct console *c, size_t row)
{
    return c->standing.pending.at[row].revision;
}

static void pending_title(struct console *c, struct str *out)
{
    str_add(out, "pending");
    if (c->standing.known)
        str_addf(out, ": %zu revision%s", c->standing.pending.len,
                 c->standing.pending.len == 1 ? "" : "s");
}

static size_t pending_load(struct console *c, struct view *view)
{
    size_t count = c->standing.known ? c->standing.pending.len : 0;
    for (size_t row = 0; row < count; row++)
        if (str_eq(pending_at(c, row)->header->id, c->selected))
            view_want_row(view, row);
    return count;
}

static void pending_draw(struct console *c, size_t row, bool flat, struct pen *pen)
{
    const struct revision *revision = pending_at(c, row);
    const struct rendering *rendering = console_rendering(c, revision, DIRECTION_UPGRADE);
    size_t count = 0;
    (void)flat;
    pen_printf(pen, ROLE_NUMBER, "%3zu ", row + 1);
    pen_glyph(pen, ROLE_PENDING, GLYPH_PENDING);
    pen_printf(pen, ROLE_ID, " %s", revision->header->id);
    if (!rendering)
        pen_printf(pen, ROLE_DIM, " %-14s", "rendering...");
    for (size_t i = 0; rendering && i < rendering->statements.len; i++)
        count += rendering->statements.at[i].kind == STATEMENT_SQL; /* and no seam */
    if (rendering && rendering->status == READING_OK)
        pen_printf(pen, ROLE_DIM, " %3zu statement%s", count, count == 1 ? " " : "s");
    else if (rendering)
        pen_printf(pen, ROLE_WARN, " ! %-12s", rendering_status_name(rendering->status));
    pen_printf(pen, ROLE_TEXT, " %s", revision->header->doc);
}

static void pending_text(struct console *c, size_t row, struct str *out)
{
    const struct revision *revision = pending_at(c, row);
    str_addf(out, "%s %s", revision->header->id, revision->header->doc);
}

static void pending_moved(struct console *c, struct view *view)
{
    size_t row;
    if (view_row(view, &row))
        console_select(c, pending_at(c, row)->header->id);
}

static void pending_status(struct console *c, size_t row, struct str *out)
{
    str_addf(out, "%s", pending_at(c, row)->header->id);
}

static const char *pending_empty(struct console *c)
{
    if (!c->session->has_url)
        return "no database, so what is pending is not known";
    if (reader_is_busy(&c->reader))
        return "asking the database...";
    if (!c->standing.known)
        return "what is pending is not known; R asks the database again";
    return "nothing is pending: the database is at the head";
}

const struct view_ops pane_pending = {
    .name = "pending",
    .number = 7,
    .contexts = CTX_PENDING | CTX_LIST,
    .home = SLOT_MAIN,
    .title = pending_title,
    .load = pending_load,
    .draw = pending_draw,
    .text = pending_text,
    .moved = pending_moved,
    .status = pending_status,
    .empty = pending_empty,
};
