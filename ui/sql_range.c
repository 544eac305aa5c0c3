#include "config.h"

#include "ui/sql_range.h"

#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "run/script.h"
#include "ui/console.h"
#include "ui/sql_lines.h"

/* -- asking -------------------------------------------------------------------------------------
 */

/* Upwards, unless the target is below where it begins, or is base. */
static bool find_verb(struct arena *a, const struct graph *graph, const struct name_list *rows,
                      const char *target, enum plan_verb *out, struct err *err)
{
    struct revision_list to = {0}, from = {0};
    bool *below = ARENA_ARRAY(a, graph->revisions.len + 1, bool);
    *out = PLAN_UPGRADE;
    if (!graph_resolve(a, graph, target, &to, err))
        return false;
    for (size_t i = 0; i < rows->len; i++) {
        struct revision *row = graph_find(graph, rows->at[i]);
        if (row)
            vec_push(a, &from, row);
    }
    graph_ancestors(graph, &from, true, below);
    if (to.len == 0 ? rows->len > 0 : below[to.at[0]->index])
        *out = PLAN_DOWNGRADE;
    return true;
}

static bool start(struct console *c, struct arena *a, const char *from, const char *to,
                  struct err *err)
{
    const struct graph *graph = c->session->graph;
    struct plan_request request = {.target = to,
                                   .scope = PLAN_SCOPE_REVISION};
    if (!graph) {
        err_copy(err, &c->session->err);
        return false;
    }
    if (!*from && !c->standing.known)
        return err_set(err, ERR_USAGE,
                       "where the database is, is not known: name where to begin");
    if (*from && !graph_resolve_start(a, graph, from, &request.rows, err))
        return false;
    if (!*from)
        request.rows = c->standing.rows;
    request.version_table_exists = request.rows.len > 0;
    return find_verb(a, graph, &request.rows, to, &request.verb, err) &&
           planning_start(&c->sql_range.planning, c->options, c->session, &request, NULL, err);
}

void sql_range_ask(struct console *c, const char *range)
{
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    const char *colon = strchr(range, ':');
    const char *from = colon ? arena_strndup(a, range, (size_t)(colon - range)) : "";
    const char *to = colon ? colon + 1 : range;
    sql_range_close(c);
    if (start(c, a, from, *to ? to : "heads", &err)) {
        c->sql_range.name = mem_strdup(range);
        console_say(c, "reading %s; Esc cancels", range);
    } else {
        console_show_err(c, &err);
    }
    err_clear(&err);
    arena_free(a);
}

int sql_range_fd(const struct console *c)
{
    return planning_fd(&c->sql_range.planning);
}

void sql_range_take(struct console *c)
{
    struct planned made;
    if (!planning_take(&c->sql_range.planning, &c->log, &made))
        return;
    if (!made.plan) {
        console_show_err(c, &made.err);
        planned_clear(&made);
        return;
    }
    c->sql_range.made = made;
    console_mark_stale(c);
    console_focus_view(c, VIEW_SQL);
    console_say(c, "%zu revision%s; Esc goes back to one of them", made.plan->steps.len,
                made.plan->steps.len == 1 ? "" : "s");
}

bool sql_range_is_open(const struct console *c)
{
    return c->sql_range.made.plan != NULL;
}

bool sql_range_close(struct console *c)
{
    bool was = sql_range_is_open(c) || planning_is_busy(&c->sql_range.planning);
    planning_stop(&c->sql_range.planning);
    planned_clear(&c->sql_range.made);
    mem_free(c->sql_range.name);
    c->sql_range.name = NULL;
    if (was)
        console_mark_stale(c);
    return was;
}

/* -- statements ---------------------------------------------------------------------------------
 */

size_t sql_range_count(const struct console *c)
{
    size_t count = 0;
    for (size_t i = 0; i < c->sql_range.made.plan->steps.len; i++)
        count += c->sql_range.made.plan->steps.at[i].statements.len;
    return count;
}

const struct plan_step *sql_range_step(const struct console *c, size_t i, size_t *statement)
{
    const struct plan *plan = c->sql_range.made.plan;
    for (size_t k = 0; k < plan->steps.len; k++) {
        const struct plan_step *step = &plan->steps.at[k];
        if (i < step->statements.len) {
            *statement = i;
            return step;
        }
        i -= step->statements.len;
    }
    return NULL;
}

/* -- the pane -----------------------------------------------------------------------------------
 */

static void add(struct console *c, struct view *view, enum role role, const char *text)
{
    sql_add_text(c, view, role, text, 0);
}

static void add_segment(struct console *c, struct view *view, const struct plan_step *step,
                        const struct plan_segment *segment, size_t before)
{
    add(c, view, segment->in_transaction ? ROLE_COMMENT : ROLE_WARN,
        segment->in_transaction ? "BEGIN;" : "-- outside a transaction");
    for (size_t i = segment->first; i < segment->first + segment->count; i++) {
        const struct plan_statement *s = &step->statements.at[i];
        add(c, view, ROLE_TEXT, "");
        if (s->nondeterministic)
            add(c, view, ROLE_WARN, "-- made from the clock or from chance: differs each time");
        sql_add_text(c, view, s->version_row ? ROLE_COMMENT : ROLE_TEXT,
                     arena_printf(view->arena, "%s;", s->sql), before + i + 1);
    }
    add(c, view, ROLE_TEXT, "");
    if (segment->in_transaction) {
        add(c, view, ROLE_COMMENT, "COMMIT;");
        add(c, view, ROLE_TEXT, "");
    }
}

void sql_range_load(struct console *c, struct view *view)
{
    const struct plan *plan = c->sql_range.made.plan;
    size_t before = 0;
    for (size_t i = 0; i < plan->steps.len; i++) {
        const struct plan_step *step = &plan->steps.at[i];
        const struct rendering *r = &step->rendering;
        add(c, view, ROLE_ID,
            arena_printf(view->arena, "-- %s, %s", script_step_name(view->arena, step), step->doc));
        if (r->status != READING_OK)
            add(c, view, ROLE_ERROR,
                arena_printf(view->arena, "-- ! %s: %s", rendering_status_name(r->status),
                             r->err.message ? r->err.message : "it asks the database"));
        add(c, view, ROLE_TEXT, "");
        for (size_t k = 0; k < step->segments.len; k++)
            add_segment(c, view, step, &step->segments.at[k], before);
        before += step->statements.len;
    }
}

void sql_range_title(const struct console *c, struct str *out)
{
    const struct plan *plan = c->sql_range.made.plan;
    str_addf(out, "sql %s (%s, %zu revision%s)", c->sql_range.name, plan_verb_name(plan->verb),
             plan->steps.len, plan->steps.len == 1 ? "" : "s");
}
