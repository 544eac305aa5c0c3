/* The revision graph: lanes, marks for what is applied, and where the database is. */
#include "config.h"

#include "ui/actions.h"
#include "ui/console.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "ui/cells.h"
#include "ui/log_lines.h"
#include "ui/marks.h"

static const struct lane_row *lane_at(const struct console *c, size_t row)
{
    return &c->session->lanes.rows.at[c->graph.rows.at[row]];
}

static const struct lane_cell *cells_at(struct console *c, size_t row)
{
    return lanes_cells(&c->session->lanes, c->graph.rows.at[row]);
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

static void forget_path(struct console *c)
{
    mem_free(c->graph.path_to);
    c->graph.path_to = NULL;
    c->graph.path.len = 0;
}

/* What an upgrade to the revision looked at would apply; worked out once for each. */
static void find_path(struct console *c)
{
    const struct graph *graph = c->session->graph;
    struct revision *target = c->selected ? graph_find(graph, c->selected) : NULL;
    struct arena *a;
    struct revision_list from = {0};
    if (str_eq(c->graph.path_to, c->selected))
        return;
    forget_path(c);
    c->graph.path_to = mem_strdup(c->selected ? c->selected : "");
    if (!target || !standing_is_pending(&c->standing, target))
        return;
    a = arena_new();
    vec_push(a, &from, target);
    for (size_t i = 0; i < graph->revisions.len; i++)
        vec_push(NULL, &c->graph.path, false);
    graph_ancestors(graph, &from, true, c->graph.path.at);
    arena_free(a);
}

static bool is_on_path(struct console *c, const struct revision *revision)
{
    find_path(c);
    return c->graph.path.len > 0 && c->graph.path.at[revision->index] &&
           standing_is_pending(&c->standing, revision);
}

/* Whether a part of it is committed: as the journal tells, or as the run that is on does. */
static bool is_partial(const struct console *c, const struct revision *revision)
{
    bool applied = c->standing.known && c->standing.applied[revision->index];
    const struct execution *run = &c->run;
    if (execution_is_active(run) && link_committed(run->link).statement > 0)
        return str_eq(run->plan->steps.at[link_committed(run->link).step].id, revision->header->id);
    return c->standing.known &&
           applied_is_partial(console_applied(c, revision->header->id), applied);
}

static size_t graph_load_rows(struct console *c, struct view *view)
{
    c->graph.rows.len = 0;
    forget_path(c);
    if (!c->session->graph)
        return 0;
    const struct revision *selected =
        c->selected ? graph_find(c->session->graph, c->selected) : NULL;
    for (size_t i = 0; i < c->session->lanes.rows.len; i++) {
        const struct revision *revision = c->session->lanes.rows.at[i].revision;
        if (!is_shown(c, revision))
            continue;
        if (revision && revision == selected)
            view_want_row(view, c->graph.rows.len);
        vec_push(NULL, &c->graph.rows, i);
    }
    return c->graph.rows.len;
}

static enum glyph node_glyph(struct console *c, const struct revision *revision, enum role *role)
{
    if (!c->standing.known) {
        *role = ROLE_DIM;
        return GLYPH_UNKNOWN;
    }
    if (is_partial(c, revision)) {
        *role = ROLE_RISK;
        return GLYPH_PARTIAL;
    }
    if (c->standing.applied[revision->index]) {
        *role = ROLE_APPLIED;
        return GLYPH_APPLIED;
    }
    *role = is_on_path(c, revision) ? ROLE_PATH : ROLE_PENDING;
    return GLYPH_PENDING;
}

/*
 * Which positions of the lanes are shown. Where there are more than fit into half of the pane they
 * scroll sideways behind the texts, which stay.
 */
struct lane_window {
    size_t from, end;
};

static struct lane_window lane_window(struct console *c, struct pen *pen)
{
    size_t all = c->session->lanes.width, room = (size_t)c->layout.inside[SLOT_MAIN].width / 2;
    if (all <= room)
        return (struct lane_window){0, all};
    size_t hidden = (all - room + 1) & ~(size_t)1;
    size_t from = pen->skip < hidden ? pen->skip & ~(size_t)1 : hidden;
    pen->skip -= from;
    return (struct lane_window){from, from + room};
}

static void draw_node(struct console *c, const struct lane_row *row, struct pen *pen)
{
    enum role role;
    enum glyph glyph = node_glyph(c, row->revision, &role);
    pen_glyph(pen, role, glyph);
}

/* A revision whose lane is not shown stands at the edge that it is behind. */
static void draw_lanes(struct console *c, const struct lane_row *row, const struct lane_cell *cells,
                       struct lane_window window, struct pen *pen)
{
    size_t i = window.from, end = row->width < window.end ? row->width : window.end;
    if (row->revision && row->node < i) {
        draw_node(c, row, pen);
        pen_glyph(pen, ROLE_DIM, GLYPH_MORE);
        i += 2;
    }
    for (; i < end; i++) {
        const struct lane_cell *cell = &cells[i];
        enum glyph glyph = glyph_of_edges(cell->edges & 15u);
        if (cell->dependency && glyph == GLYPH_UD)
            glyph = GLYPH_DOTTED;
        if ((cell->edges & LANE_NODE) && row->revision)
            draw_node(c, row, pen);
        else
            pen_glyph(pen, (enum role)(ROLE_GRAPH_0 + cell->color % 8), glyph);
    }
    if (row->width > window.end)
        pen_glyph(pen, ROLE_DIM, GLYPH_MORE);
    if (row->revision && row->node >= window.end)
        draw_node(c, row, pen);
}

/* "ann 2026-11-22 14:05", "ann 5m ago" or "ann": who carried it out, and when. */
static void add_history(const struct console *c, const struct applied *applied, struct str *out)
{
    char when[32];
    str_add(out, applied->by);
    log_lines_date(c->times, applied->at, when, sizeof when);
    if (*when)
        str_addf(out, " %s", when);
}

static void draw_history(const struct console *c, const struct revision *revision, struct pen *pen)
{
    const struct applied *applied = console_applied(c, revision->header->id);
    struct str text = STR_INIT;
    if (!applied || !c->standing.known || !c->standing.applied[revision->index])
        return;
    str_add(&text, "  ");
    add_history(c, applied, &text);
    if (pen_room(pen) >= (int)cells_width(text.ptr, text.len, 0)) /* whole, or not at all */
        pen_text(pen, ROLE_DIM, text.ptr);
    str_clear(&text);
}

static void draw_revision(struct console *c, const struct revision *revision, struct pen *pen)
{
    bool current = c->standing.known && c->standing.current[revision->index];
    pen_text(pen, is_on_path(c, revision) ? ROLE_PATH : ROLE_ID, revision->header->id);
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
    draw_history(c, revision, pen);
}

static void graph_draw(struct console *c, size_t row, bool flat, struct pen *pen)
{
    const struct lane_row *lane = lane_at(c, row);
    flat = flat || c->graph_filter != GRAPH_ALL;
    struct lane_window window = flat ? (struct lane_window){0, 0} : lane_window(c, pen);
    bool marked = lane->revision && marks_has(c, lane->revision->header->id, row);
    pen_text(pen, marked ? ROLE_MARK : ROLE_TEXT, marked ? "+" : " ");
    if (!flat)
        draw_lanes(c, lane, cells_at(c, row), window, pen);
    if (!lane->revision)
        return;
    if (flat)
        draw_node(c, lane, pen);
    pen_text(pen, ROLE_TEXT, " ");
    draw_revision(c, lane->revision, pen);
}

static void graph_text(struct console *c, size_t row, struct str *out)
{
    str_add(out, session_lane_text(c->session, c->graph.rows.at[row]));
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
    const struct applied *applied = console_applied(c, revision->header->id);
    if (is_partial(c, revision))
        str_add(out, " - only a part of it is committed");
    if (c->standing.known && applied) {
        bool now = c->standing.applied[revision->index];
        str_add(out, now ? " - by " : applied->downgrade ? " - taken back by " : " - before by ");
        add_history(c, applied, out);
    }
    if (revision->is_mergepoint)
        str_add(out, " - merge");
    if (revision->is_branchpoint)
        str_add(out, " - branch point");
    if (execution_edits(&c->run, revision->header->id))
        str_add(out, " - its SQL is edited");
}

static const char *graph_empty(struct console *c)
{
    if (c->session->is_blank)
        return loading_is_busy(&c->loading) ? "reading the files..." : "nothing was read; R reads";
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

static void go_to(struct console *c, const struct revision *revision)
{
    struct view *view = &c->views[VIEW_GRAPH];
    for (size_t row = 0; row < c->graph.rows.len; row++) {
        if (lane_at(c, row)->revision != revision)
            continue;
        if (!view_go_row(view, row))
            break;
        view_settle(c, view, 1);
        return;
    }
    console_complain(c, "%s is hidden by the filter", revision->header->id);
}

static void go_to_parent(struct console *c, int value)
{
    const struct revision *revision = console_selected(c);
    if (revision && (size_t)value < revision->all_down.len)
        go_to(c, revision->all_down.at[value]);
}

static void go_to_child(struct console *c, int value)
{
    const struct revision *revision = console_selected(c);
    if (revision && (size_t)value < revision->all_next.len)
        go_to(c, revision->all_next.at[value]);
}

/* Goes to the only one, or asks to which; j and k move in the menu, and are no letters of it. */
static void go_among(struct console *c, const struct revision_list *list, const char *question,
                     popup_done_fn go)
{
    static const char letters[] = "abcdefghilmnoprstuvwxyz";
    struct menu_item items[sizeof letters - 1];
    size_t count = list->len < sizeof letters - 1 ? list->len : sizeof letters - 1;
    struct arena *a = arena_new();
    for (size_t i = 0; i < count; i++) {
        const struct revision_header *header = list->at[i]->header;
        items[i] = (struct menu_item){.letter = letters[i],
                                      .label = arena_printf(a, "%s %s", header->id, header->doc),
                                      .value = (int)i};
    }
    if (list->len == 1)
        go_to(c, list->at[0]);
    else
        popup_menu(c, question, "", items, count, go);
    arena_free(a);
}

void act_parent(struct console *c)
{
    const struct revision *revision = console_selected(c);
    if (revision->all_down.len == 0)
        console_complain(c, "%s is a base: it has no parent", revision->header->id);
    else
        go_among(c, &revision->all_down, "Which parent?", go_to_parent);
}

void act_child(struct console *c)
{
    const struct revision *revision = console_selected(c);
    if (revision->all_next.len == 0)
        console_complain(c, "%s is a head: it has no child", revision->header->id);
    else
        go_among(c, &revision->all_next, "Which child?", go_to_child);
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
