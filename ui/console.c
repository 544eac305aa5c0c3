#include "config.h"

#include "ui/console.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "ui/log_lines.h"
#include "ui/marks.h"
#include "ui/run_flow.h"
#include "ui/screen.h"

/* Selection */

struct revision *console_selected(const struct console *c)
{
    if (c->in_slot[SLOT_MAIN] == VIEW_DIFF)
        return NULL;
    const struct plan_step *step = console_plan_step(c);
    if (step && step->revision)
        return step->revision;
    return c->selected && c->session->graph ? graph_find(c->session->graph, c->selected) : NULL;
}

struct session *console_session(const struct console *c)
{
    return console_plan_step(c) ? c->run.session : c->session;
}

void console_select(struct console *c, const char *id)
{
    if (str_eq(c->selected, id))
        return;
    char *copy = id ? mem_strdup(id) : NULL;
    mem_free(c->selected);
    c->selected = copy;
    c->views[VIEW_DETAIL].stale = c->views[VIEW_SQL].stale = true;
}

const struct plan_step *console_plan_step(const struct console *c)
{
    size_t row;
    if (c->in_slot[SLOT_MAIN] != VIEW_RUN || !c->run.plan || !view_row(&c->views[VIEW_RUN], &row) ||
        row >= c->run.rows.len)
        return NULL;
    return &c->run.plan->steps.at[c->run.rows.at[row].step];
}

size_t console_run_statement(const struct console *c)
{
    size_t row;
    if (!console_plan_step(c) || !view_row(&c->views[VIEW_RUN], &row) ||
        c->run.rows.at[row].is_step)
        return 0;
    return c->run.rows.at[row].statement + 1;
}

/* Messages */

static void set_message(struct console *c, bool is_error, const char *fmt, va_list ap)
{
    struct str text = STR_INIT;
    str_vaddf(&text, fmt, ap);
    mem_free(c->message);
    c->message = str_take(&text);
    if (*c->message) {
        mem_free(c->said);
        c->said = mem_strdup(c->message);
    }
    c->message_is_error = is_error;
}

void console_say(struct console *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    set_message(c, false, fmt, ap);
    va_end(ap);
}

void console_complain(struct console *c, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    set_message(c, true, fmt, ap);
    va_end(ap);
}

void console_show_err(struct console *c, const struct err *err)
{
    console_complain(c, "%s%s%s", err->message ? err->message : "an error without words",
                     err->hint ? " - " : "", err->hint ? err->hint : "");
}

/* What is shown where */

void console_mark_stale(struct console *c)
{
    for (int id = 0; id < N_VIEWS; id++)
        c->views[id].stale = true;
}

void console_focus_view(struct console *c, enum view_id id)
{
    enum slot slot = c->views[id].ops->home;
    if (c->in_slot[slot] != id) {
        c->in_slot[slot] = id;
        console_mark_stale(c); /* what the side panes show depends on the leading one */
    }
    c->focus = slot;
    if (slot != SLOT_MAIN)
        c->side = slot;
}

void console_sync(struct console *c)
{
    int rows, columns;
    screen_size(&rows, &columns);
    layout_compute(rows, columns, c->maximised, c->focus, c->side, &c->shares,
                   &c->layout);
    for (int slot = 0; slot < N_SLOTS; slot++) {
        struct view *view = &c->views[c->in_slot[slot]];
        struct rect inside = c->layout.inside[slot];
        int heads;
        do { /* what is loaded may have other heads */
            heads = view_heads(c, view, inside);
            int height = inside.height - heads;
            if (height > 0 || slot == SLOT_MAIN)
                view_sync(c, view, height > 0 ? height : (int)view->list.height);
        } while (heads != view_heads(c, view, inside));
    }
}

/* Reading */

void console_add_elapsed(struct str *out, const char *words, int64_t since)
{
    int64_t seconds = (clock_monotonic() - since) / 1000000;
    str_add(out, words);
    if (seconds > 0)
        str_addf(out, " %ds", (int)seconds);
}

void console_read_database(struct console *c)
{
    standing_clear(&c->standing);
    history_stop(&c->history);
    console_mark_stale(c);
    if (!c->session->has_url) {
        reader_stop(&c->reader);
        return;
    }
    reader_start(&c->reader, &c->session->url, &c->session->version_table,
                 c->session->journal_schema, &c->log);
    console_database_changed(c);
}

/* The local journals tell of what the one in the database does not. */
static void find_history(struct console *c)
{
    struct arena *a = arena_new();
    struct name_list missing = {0};
    const char *dir = c->options->run->run->journal_dir;
    const struct revision_list *all = &c->session->graph->revisions;
    for (size_t i = 0; i < all->len; i++)
        if (c->standing.applied[i] && !map_has(&c->reader.applied, all->at[i]->header->id))
            vec_push(a, &missing, all->at[i]->header->id);
    /* One that is half done is the next one to be applied. */
    if (c->reader.applied.len == 0 && c->standing.pending.len > 0)
        vec_push(a, &missing, c->standing.pending.at[0].revision->header->id);
    if (dir && missing.len > 0)
        history_start(&c->history, dir, &c->reader.info, &missing);
    arena_free(a);
}

void console_database_changed(struct console *c)
{
    console_mark_stale(c);
    if (c->reader.state == READER_FAILED) {
        console_show_err(c, &c->reader.err);
    } else if (c->reader.state == READER_READY && c->session->graph) {
        arena_reset(c->standing_arena);
        standing_clear(&c->standing);
        standing_make(c->standing_arena, c->session->graph, &c->reader.rows, &c->standing);
        if (!c->standing.known)
            console_show_err(c, &c->standing.err);
        else if (!reader_is_connected(&c->reader))
            find_history(c);
    }
}

const struct applied *console_applied(const struct console *c, const char *id)
{
    const struct applied *there = map_get(&c->reader.applied, id);
    return there ? there : map_get(&c->history.local, id);
}

void console_compare(struct console *c)
{
    if (c->in_slot[SLOT_MAIN] != VIEW_DIFF || !c->session->project || !c->session->has_url)
        return;
    diff_remember(c);
    differ_start(&c->differ, c->options, c->session, &c->log);
    console_compared(c);
}

void console_compared(struct console *c)
{
    diff_choose_again(c);
    console_mark_stale(c);
    if (c->differ.state == DIFFER_FAILED)
        console_show_err(c, &c->differ.err);
}

/* The files as they are now, in place of what was shown. */
static void show_session(struct console *c, struct session *session)
{
    struct session *old = c->session;
    bool is_first = old->is_blank;
    diff_remember(c);
    differ_stop(&c->differ);
    sql_range_close(c);
    /* The reader borrows the old session's URL, and what stands there the old graph. */
    reader_stop(&c->reader);
    standing_clear(&c->standing);
    c->session = session;
    session_release(old);
    marks_end_range(c); /* the rows are others */
    if (c->awaited)
        console_select(c, c->awaited);
    mem_free(c->awaited);
    c->awaited = NULL;
    console_mark_stale(c);
    mem_free(c->detail.id);
    mem_free(c->sql.id);
    c->detail.id = c->sql.id = NULL;
    if (c->session->err.code != ERR_NONE)
        console_show_err(c, &c->session->err);
    console_read_database(c);
    console_compare(c);
    if (is_first)
        run_flow_find(c);
}

void console_load(struct console *c, const char *said)
{
    if (!loading_start(&c->loading, c->options, said))
        show_session(c, session_open(c->options, clock_monotonic()));
}

/*
 * What is shown over the panes was opened on what is there now, and has the first word; so has a
 * run, at the end of which the files are read anyway.
 */
static bool loaded_waits(const struct console *c)
{
    return !c->session->is_blank && loading_is_over(&c->loading) &&
           (c->popup || c->prompt.is_open || c->editor.is_open || execution_is_active(&c->run));
}

int console_loading_fd(const struct console *c)
{
    return loaded_waits(c) ? -1 : loading_fd(&c->loading);
}

void console_take_loaded(struct console *c)
{
    if (!loading_is_over(&c->loading) || loaded_waits(c))
        return;
    struct session *session = loading_take(&c->loading, &c->log);
    if (c->loading.said)
        console_say(c, "%s", c->loading.said); /* what goes wrong is said instead */
    show_session(c, session);
}

const struct rendering *console_rendering(struct console *c, const struct revision *revision,
                                          enum direction direction)
{
    return renderer_get(&c->renderer, console_session(c), revision, direction);
}

void console_clear(struct console *c)
{
    while (c->popup)
        popup_close(c);
    sql_range_close(c);
    planning_stop(&c->planning);
    loading_stop(&c->loading);
    renderer_stop(&c->renderer);
    execution_clear(&c->run);
    reader_stop(&c->reader);
    history_stop(&c->history);
    differ_stop(&c->differ);
    standing_clear(&c->standing);
    session_release(c->session);
    arena_free(c->standing_arena);
    arena_free(c->profile_arena);
    for (int id = 0; id < N_VIEWS; id++)
        view_clear(&c->views[id]);
    vec_clear(&c->graph.rows);
    vec_clear(&c->graph.path);
    mem_free(c->graph.path_to);
    diff_groups_clear(&c->diff);
    prompt_clear(&c->prompt);
    sql_editor_clear(&c->editor);
    arena_free(c->save.arena);
    pattern_clear(&c->search);
    log_lines_clear(c);
    mem_free(c->detail.id);
    mem_free(c->sql.id);
    map_clear(&c->marks);
    mem_free(c->selected);
    mem_free(c->awaited);
    mem_free(c->message);
    mem_free(c->said);
    mem_free(c->target.id);
    mem_free(c->target.doc);
    mem_free(c->signal.text);
    mem_free(c->unlocked);
    mem_free(c->unlocking);
    mem_free(c->remembered);
}
