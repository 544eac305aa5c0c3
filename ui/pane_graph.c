/* The revision graph: lanes, marks for what is applied, and where the database is. */
#include "config.h"

#include "ui/actions.h"
#include "ui/console.h"

#include "base/str.h"
#include "ui/marks.h"

static const struct lane_row *lane_at(const struct console *c, size_t row)
{
    return &c->session->lanes.rows.at[c->graph.rows.at[row]];
}

static bool is_shown(const struct console *c, const struct revision *revision)
{
    if (c->graph_filter == GRAPH_ALL || !c->standing.known)
        return true;
    return revision &&
           standing_is_pending(&c->standing, revision) == (c->graph_filter == GRAPH_PENDING);
}

static void graph_title(struct console *c, struct str *out)
{
    static const char *const words[] = {"graph", "graph: pending only", "graph: applied only"};
    str_add(out, words[c->graph_filter]);
}

static size_t graph_load_rows(struct console *c, struct view *view)
{
    c->graph.rows.len = 0;
    if (!c->session->graph)
        return 0;
    for (size_t i = 0; i < c->session->lanes.rows.len; i++) {
        const struct revision *revision = c->session->lanes.rows.at[i].revision;
        if (!is_shown(c, revision))
            continue;
        if (revision && str_eq(revision->header->id, c->selected))
            view_want_row(view, c->graph.rows.len);
        vec_push(NULL, &c->graph.rows, i);
    }
    return c->graph.rows.len;
}

static enum glyph node_glyph(const struct console *c, const struct revision *revision,
                             enum role *role)
{
    if (!c->standing.known) {
        *role = ROLE_DIM;
        return GLYPH_UNKNOWN;
    }
    if (c->standing.applied[revision->index]) {
        *role = ROLE_APPLIED;
        return GLYPH_APPLIED;
    }
    *role = ROLE_PENDING;
    return GLYPH_PENDING;
}

static void draw_lanes(const struct console *c, const struct lane_row *row, struct pen *pen)
{
    for (size_t i = 0; i < row->width; i++) {
        const struct lane_cell *cell = &row->cells[i];
        enum role role = (enum role)(ROLE_GRAPH_0 + cell->color % 8);
        enum glyph glyph = glyph_of_edges(cell->edges & 15u);
        if ((cell->edges & LANE_NODE) && row->revision)
            glyph = node_glyph(c, row->revision, &role);
        else if (cell->dependency && glyph == GLYPH_UD)
            glyph = GLYPH_DOTTED;
        pen_glyph(pen, role, glyph);
    }
}

static void draw_revision(const struct console *c, const struct revision *revision, struct pen *pen)
{
    bool current = c->standing.known && c->standing.current[revision->index];
    pen_text(pen, ROLE_ID, revision->header->id);
    if (execution_edits(&c->run, revision->header->id)) /* in this console's copy of its SQL */
        pen_text(pen, ROLE_WARN, "*");
    if (current) { /* before what may not fit */
        pen_text(pen, ROLE_CURRENT, " ");
        pen_glyph(pen, ROLE_CURRENT, GLYPH_DATABASE);
        pen_text(pen, ROLE_CURRENT, " db");
    }
    for (size_t i = 0; i < revision->header->labels.len; i++)
        pen_printf(pen, ROLE_LABEL, " (%s)", revision->header->labels.at[i]);
    pen_printf(pen, current ? ROLE_CURRENT : ROLE_TEXT, " %s", revision->header->doc);
    if (revision->is_head)
        pen_text(pen, ROLE_DIM, " (head)");
}

static void graph_draw(struct console *c, size_t row, bool flat, struct pen *pen)
{
    const struct lane_row *lane = lane_at(c, row);
    enum role role;
    flat = flat || c->graph_filter != GRAPH_ALL;
    bool marked = lane->revision && marks_has(c, lane->revision->header->id, row);
    pen_text(pen, marked ? ROLE_MARK : ROLE_TEXT, marked ? "+" : " ");
    if (!flat)
        draw_lanes(c, lane, pen);
    if (!lane->revision)
        return;
    if (flat) {
        enum glyph glyph = node_glyph(c, lane->revision, &role);
        pen_glyph(pen, role, glyph);
    }
    pen_text(pen, ROLE_TEXT, " ");
    draw_revision(c, lane->revision, pen);
}

static void graph_text(struct console *c, size_t row, struct str *out)
{
    const struct revision *revision = lane_at(c, row)->revision;
    if (!revision)
        return;
    str_add(out, revision->header->id);
    for (size_t i = 0; i < revision->header->labels.len; i++)
        str_addf(out, " (%s)", revision->header->labels.at[i]);
    str_addf(out, " %s", revision->header->doc);
}

static bool graph_selectable(struct console *c, size_t row)
{
    return lane_at(c, row)->revision != NULL;
}

static void graph_moved(struct console *c, struct view *view)
{
    size_t row;
    if (view_row(view, &row) && lane_at(c, row)->revision)
        console_select(c, lane_at(c, row)->revision->header->id);
}

static void graph_status(struct console *c, size_t row, struct str *out)
{
    const struct revision *revision = lane_at(c, row)->revision;
    if (!revision)
        return;
    str_add(out, revision->header->id);
    if (c->standing.known)
        str_add(out, c->standing.current[revision->index]   ? " - the database is here"
                     : c->standing.applied[revision->index] ? " - applied"
                                                            : " - pending");
    if (revision->is_mergepoint)
        str_add(out, " - merge");
    if (revision->is_branchpoint)
        str_add(out, " - branch point");
    if (execution_edits(&c->run, revision->header->id))
        str_add(out, " - its SQL is edited");
}

static const char *graph_empty(struct console *c)
{
    if (c->session->err.code != ERR_NONE)
        return c->session->err.message;
    if (c->graph_filter == GRAPH_PENDING)
        return "nothing is pending; f shows all";
    if (c->graph_filter == GRAPH_APPLIED)
        return "nothing is applied; f shows all";
    return "the project has no revisions yet";
}

const struct view_ops pane_graph = {
    .name = "graph",
    .number = 1,
    .contexts = CTX_GRAPH | CTX_LIST,
    .home = SLOT_MAIN,
    .title = graph_title,
    .load = graph_load_rows,
    .draw = graph_draw,
    .text = graph_text,
    .selectable = graph_selectable,
    .moved = graph_moved,
    .status = graph_status,
    .empty = graph_empty,
};

/* Actions */

static bool go_to(struct console *c, const struct revision *revision)
{
    struct view *view = &c->views[VIEW_GRAPH];
    for (size_t row = 0; row < c->graph.rows.len; row++) {
        if (lane_at(c, row)->revision != revision)
            continue;
        if (!view_go_row(view, row))
            break;
        view_settle(c, view, 1);
        return true;
    }
    console_complain(c, "%s is hidden by the filter", revision->header->id);
    return false;
}

void act_parent(struct console *c)
{
    const struct revision *revision = console_selected(c);
    if (revision->all_down.len == 0)
        console_complain(c, "%s is a base: it has no parent", revision->header->id);
    else if (go_to(c, revision->all_down.at[0]) && revision->all_down.len > 1)
        console_say(c, "the first of %zu parents", revision->all_down.len);
}

static void go_to_child(struct console *c, int value)
{
    const struct revision *revision = console_selected(c);
    if (revision && (size_t)value < revision->all_next.len)
        go_to(c, revision->all_next.at[value]);
}

void act_child(struct console *c)
{
    const struct revision *revision = console_selected(c);
    struct menu_item items[26];
    size_t count = revision->all_next.len;
    if (count == 0)
        console_complain(c, "%s is a head: it has no child", revision->header->id);
    else if (count == 1)
        go_to(c, revision->all_next.at[0]);
    if (count < 2)
        return;
    for (size_t i = 0; i < count && i < 26; i++)
        items[i] = (struct menu_item){.letter = 'a' + (int32_t)i,
                                      .label = revision->all_next.at[i]->header->id,
                                      .value = (int)i};
    popup_menu(c, "Which child?", "", items, count < 26 ? count : 26, go_to_child);
}

/* The next row after the cursor that is wanted, around the end. */
static void go_to_next(struct console *c,
                       bool (*is_wanted)(const struct console *, const struct revision *))
{
    struct view *view = &c->views[VIEW_GRAPH];
    size_t count = view->list.count;
    for (size_t n = 1; n <= count; n++) {
        size_t at = (view->list.cursor + n) % count;
        const struct revision *revision = lane_at(c, view->shown.at[at])->revision;
        if (!revision || !is_wanted(c, revision))
            continue;
        list_go(&view->list, at);
        view_settle(c, view, 1);
        return;
    }
    console_complain(c, "not among the rows shown");
}

static bool is_current(const struct console *c, const struct revision *revision)
{
    return c->standing.current[revision->index];
}

static bool is_head(const struct console *c, const struct revision *revision)
{
    (void)c;
    return revision->is_head;
}

void act_go_database(struct console *c)
{
    go_to_next(c, is_current);
}

void act_go_head(struct console *c)
{
    go_to_next(c, is_head);
}

void act_show(struct console *c)
{
    c->graph_filter = (enum graph_filter)((c->graph_filter + 1) % 3);
    c->views[VIEW_GRAPH].stale = true;
    static const char *const words[] = {"all revisions", "pending revisions only",
                                        "applied revisions only"};
    console_say(c, "%s", words[c->graph_filter]);
}
