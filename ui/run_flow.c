#include "config.h"

#include "ui/run_flow.h"

#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/mem.h"
#include "base/str.h"
#include "run/journal_schema.h"
#include "run/plan_edit.h"
#include "run/plan_summary.h"
#include "run/resume_check.h"
#include "ui/actions.h"
#include "ui/bridging.h"
#include "ui/console.h"
#include "ui/dispatch.h"
#include "ui/err_text.h"
#include "ui/guard.h"

/* State in words */

static const char *state_word(const struct execution *run)
{
    switch (run->state) {
    case RUNNER_CONNECTING:
        return "run: connecting";
    case RUNNER_LOCKING:
        return run->waiting ? "run: waiting for the lock" : "run: locking";
    case RUNNER_CHECKING:
        return "run: checking";
    case RUNNER_PAUSED:
        return "paused";
    case RUNNER_EXECUTING:
        return run->cancel_sent ? "cancel sent" : "executing";
    case RUNNER_FAILED:
        return "FAILED";
    case RUNNER_DONE:
        return "done";
    case RUNNER_STOPPED:
        return "stopped";
    }
    return "";
}

void run_flow_state(const struct console *c, struct str *out)
{
    const struct execution *run = &c->run;
    if (planning_is_busy(&c->planning)) {
        str_addf(out, "%s %d s", c->planning.is_cancelled ? "cancelling" : "planning",
                 (int)((clock_monotonic() - c->planning.started) / 1000000));
        return;
    }
    if (!run->was_started) {
        str_addf(out, "%s%s", run->plan ? "planned" : "idle",
                 execution_is_edited(run) ? " * edited" : "");
        return;
    }
    str_add(out, run->is_ending ? "stopping" : state_word(run));
    if (!run->link)
        return;
    size_t done, all;
    execution_progress(run, &done, &all);
    str_addf(out, " %zu/%zu", done, all);
    if (link_in_transaction(run->link))
        str_add(out, ", in transaction");
    if (execution_is_edited(run))
        str_add(out, " * edited");
    if (!link_steers(run->link))
        str_add(out, ", watching");
}

/* Starting */

/* What a run that broke off has left half done is decided about first; the rest is said. */
static bool settle_broken(struct console *c, const struct runner_settings *run, struct err *err)
{
    const struct resume_check check = {
        .journal_dir = run->journal_dir,
        .operator_name = run->operator_name,
        .url = &c->run.session->url,
        .log = run->log,
        .interrupt = -1,
    };
    struct name_list said;
    bool ok = resume_before_run(c->run.arena, &check, &said, err);
    for (size_t i = 0; i < said.len; i++)
        console_say(c, "%s", said.at[i]);
    return ok;
}

static void start(struct console *c, enum runner_order order, bool has_order)
{
    struct err err = ERR_INIT;
    struct worker_settings settings = *c->options->run;
    struct runner_settings run = *settings.run;
    run.log = &c->log;
    run.project = c->run.session->project;
    run.journal_schema_unwanted =
        journal_schema_unwanted(c->run.arena, c->run.session->project, run.journal_schema);
    settings.run = &run;
    if (!execution_is_active(&c->run) &&
        (!settle_broken(c, &run, &err) ||
         !bridging_settings(c->run.arena, c->run.session, c->options, c->run.plan, &run.bridge,
                            &err) ||
         !execution_start(&c->run, &settings, &err))) {
        console_show_err(c, &err);
        err_clear(&err);
        return;
    }
    console_focus_view(c, VIEW_RUN);
    c->run_follow = true;
    c->bar_focus = true;
    if (has_order && !execution_order(&c->run, order, &err))
        console_show_err(c, &err);
    else if (!has_order)
        console_say(c, "armed: s executes one statement");
    err_clear(&err);
    run_flow_changed(c);
}

enum pace { PACE_STEP, PACE_REVISION, PACE_ALL };

static void pace_chosen(struct console *c, int value)
{
    if (value == PACE_STEP)
        start(c, RUNNER_STEP, false);
    else
        start(c, value == PACE_REVISION ? RUNNER_FINISH_REVISION : RUNNER_RUN_ALL, true);
}

static void ask_pace(struct console *c)
{
    /* No letter of the run bar: a second press of it would execute. */
    static const struct menu_item items[] = {
        {'t', "step: stop before each statement", NULL, PACE_STEP},
        {'v', "by revision: execute the first, stop after each", NULL, PACE_REVISION},
        {'e', "all: execute everything to the end", NULL, PACE_ALL},
    };
    struct str text = STR_INIT;
    str_addf(&text, "on %s", c->run.session->label);
    popup_menu(c, "How far?", text.ptr, items, 3, pace_chosen);
    str_clear(&text);
}

static void confirmed(struct console *c, int value)
{
    (void)value;
    ask_pace(c);
}

const char *run_flow_database(const struct console *c)
{
    return guard_database(c, c->run.session ? c->run.session : c->session);
}

/* Names the database; asks for its name to be typed where that is due (ui.md, "Which guard"). */
static void confirm(struct console *c)
{
    struct str text = STR_INIT;
    const char *verb = plan_verb_name(c->run.plan->verb);
    plan_summary(c->run.plan, c->run.session->label, &c->run.tables, &text);
    struct str title = STR_INIT;
    str_addf(&title, "%s on %s", verb, c->run.session->label);
    bool is_protected = guard_is_protected(c, c->run.session);
    if (is_protected)
        str_add(&text, "! the connection is protected\n");
    if (c->run.plan->verb == PLAN_DOWNGRADE || plan_loses(c->run.plan) || is_protected) {
        str_addf(&text, "\nType the name of the database, %s, to go on.", run_flow_database(c));
        popup_type(c, title.ptr, text.ptr, run_flow_database(c), confirmed);
    } else {
        str_addf(&text, "\nNothing is executed yet: the next question is how far to go.");
        popup_confirm(c, title.ptr, text.ptr, verb, confirmed);
    }
    str_clear(&title);
    str_clear(&text);
}

static void show_problem(struct console *c, const char *title, struct err *err)
{
    struct str text = STR_INIT;
    err_text(&text, err, session_folder(c->session));
    popup_message(c, title, text.ptr);
    str_clear(&text);
    err_clear(err);
}

const char *run_flow_why_no_plan(const struct console *c)
{
    if (c->session->is_blank)
        return "the files are still being read";
    if (c->session->err.code != ERR_NONE || !c->session->graph)
        return "the project cannot be read";
    if (!c->session->has_url)
        return "no database";
    if (session_why_no_run(c->session))
        return "env.py cannot be followed; w says why";
    if (reader_is_busy(&c->reader))
        return "still connecting";
    if (c->reader.state != READER_READY)
        return "no connection; R retries";
    return c->standing.known ? NULL : "the database's revision is in no file";
}

/* Why nothing at all can run now. */
static const char *why_not(const struct console *c)
{
    const char *no_plan = run_flow_why_no_plan(c);
    return no_plan ? no_plan : guard_why_read_only(c);
}

/* What became of the edits of the plan before. */
static void say_carried(struct console *c)
{
    const struct execution *run = &c->run;
    if (run->edits_lost > 0)
        console_complain(c, "edits of %zu revision%s are dropped: what they render has changed",
                         run->edits_lost, run->edits_lost == 1 ? "" : "s");
    else if (run->edits_carried > 0)
        console_say(c, "edits of %zu revision%s are kept", run->edits_carried,
                    run->edits_carried == 1 ? "" : "s");
}

bool run_flow_plan(struct console *c, enum plan_verb verb, const char *target,
                   planning_then_fn then)
{
    struct err err = ERR_INIT;
    if (planning_is_busy(&c->planning)) {
        console_complain(c, "a plan is being made; Esc cancels it");
        return false;
    }
    planning_stop(&c->planning); /* one that nobody took */
    struct plan_request request = {
        .verb = verb,
        .target = target,
        .rows = c->reader.rows,
        .version_table_exists = c->reader.exists,
        .database = plan_database_of(&c->reader.info),
        .scope = PLAN_SCOPE_REVISION,
    };
    if (verb == PLAN_STAMP)
        vec_push(NULL, &request.targets, target);
    bool ok = planning_start(&c->planning, c->options, c->session, &request, then, &err);
    vec_clear(&request.targets);
    if (!ok)
        show_problem(c, "No plan", &err);
    else
        console_say(c, "planning, and asking the database what revisions ask; Esc cancels");
    return ok;
}

/* What is shown over the panes has the word first: a plan that is ready waits till it is gone. */
static bool plan_waits(const struct console *c)
{
    return !planning_is_busy(&c->planning) && !c->planning.is_cancelled &&
           (c->popup || c->prompt.is_open || c->editor.is_open);
}

int run_flow_fd(const struct console *c)
{
    return plan_waits(c) ? -1 : planning_fd(&c->planning);
}

void run_flow_planned(struct console *c)
{
    struct planned made;
    planning_then_fn then = c->planning.then;
    if (plan_waits(c))
        return;
    if (!planning_take(&c->planning, &c->log, &made))
        return;
    bool late = made.plan && execution_is_active(&c->run);
    if (late || !made.plan) {
        if (late)
            err_set(&made.err, ERR_COMMAND, "a run is active");
        show_problem(c, "No plan", &made.err);
        planned_clear(&made);
        return;
    }
    execution_take(&c->run, &made);
    mem_free(c->message); /* that it is under way */
    c->message = NULL;
    c->run_follow = true;
    console_mark_stale(c);
    say_carried(c);
    then(c);
}

static void ask_planned(struct console *c)
{
    struct err err = ERR_INIT;
    if (c->run.plan->steps.len == 0) {
        execution_clear(&c->run);
        console_say(c, "nothing to do: the database is there already");
        return;
    }
    console_focus_view(c, VIEW_RUN);
    if (!plan_is_runnable(c->run.plan, &err))
        show_problem(c, "This plan cannot run", &err);
    else
        confirm(c);
}

void run_flow_ask(struct console *c, enum plan_verb verb, const char *target)
{
    if (execution_is_active(&c->run))
        console_complain(c, "a run is active; a aborts it");
    else if (why_not(c))
        console_complain(c, "%s", why_not(c));
    else
        run_flow_plan(c, verb, target, ask_planned);
}

/* The run menu */

enum run_choice {
    RUN_NEXT,
    RUN_SELECTED,
    RUN_HEAD,
    RUN_BACK,
    RUN_DOWN_SELECTED,
    RUN_STAMP,
    RUN_SAVE,
};

static void run_chosen(struct console *c, int value)
{
    const char *id = c->target.id ? c->target.id : "";
    switch ((enum run_choice)value) {
    case RUN_NEXT:
        run_flow_ask(c, PLAN_UPGRADE, "+1");
        break;
    case RUN_SELECTED:
        run_flow_ask(c, PLAN_UPGRADE, id);
        break;
    case RUN_HEAD:
        run_flow_ask(c, PLAN_UPGRADE, "heads");
        break;
    case RUN_BACK:
        run_flow_ask(c, PLAN_DOWNGRADE, "-1");
        break;
    case RUN_DOWN_SELECTED:
        run_flow_ask(c, PLAN_DOWNGRADE, id);
        break;
    case RUN_STAMP:
        run_flow_ask(c, PLAN_STAMP, id);
        break;
    case RUN_SAVE:
        act_save(c);
        break;
    }
}

static void capture_target(struct console *c)
{
    const struct revision *revision = console_selected(c);
    mem_free(c->target.id);
    mem_free(c->target.doc);
    c->target = (struct run_target){0};
    if (!revision)
        return;
    c->target.id = mem_strdup(revision->header->id);
    c->target.doc = mem_strdup(revision->header->doc);
    const struct revision *now =
        c->session->graph ? graph_find(c->session->graph, c->target.id) : NULL;
    c->target.is_applied = now && c->standing.known && c->standing.applied[now->index];
}

static void take_confirmed(struct console *c, int value)
{
    struct err err = ERR_INIT;
    (void)value;
    c->bar_focus = true;
    if (!link_take(c->run.link, &err))
        console_show_err(c, &err);
    err_clear(&err);
}

static void ask_take(struct console *c)
{
    popup_confirm(c, "Take over",
                  link_is_steered(c->run.link)
                      ? "Somebody else steers this run. Take it over? They will only watch then."
                      : "Nobody steers this run. Take it over?",
                  "take over", take_confirmed);
}

static const char *first_of(const char *first, const char *second)
{
    return first ? first : second;
}

/* Whether somebody has worked on the plan: it is armed as it is, not made anew. */
static bool is_prepared(const struct execution *run)
{
    if (!run->plan || run->was_started)
        return false;
    for (size_t i = 0; i < run->rows.len; i++)
        if (run->rows.at[i].breakpoint)
            return true;
    return plan_is_edited(run->plan);
}

static void ask_again(struct console *c)
{
    struct err err = ERR_INIT;
    if (why_not(c))
        console_complain(c, "%s", why_not(c));
    else if (!plan_is_runnable(c->run.plan, &err))
        show_problem(c, "This plan cannot run", &err);
    else
        confirm(c);
}

void act_run_menu(struct console *c)
{
    if (execution_is_active(&c->run)) {
        const char *read_only = guard_why_read_only(c);
        console_focus_view(c, VIEW_RUN);
        if (read_only)
            console_complain(c, "%s", read_only);
        else if (!link_steers(c->run.link))
            ask_take(c);
        else if (c->run.state == RUNNER_PAUSED)
            ask_pace(c);
        else
            c->bar_focus = true;
        return;
    }
    if (console_focused(c) == &c->views[VIEW_RUN] && is_prepared(&c->run)) {
        ask_again(c);
        return;
    }
    capture_target(c);
    const char *none_here = c->target.id ? NULL : "no revision here";
    const char *bad = why_not(c);
    const char *id = c->target.id ? c->target.id : "the selected revision";
    bool applied = c->target.is_applied;
    const char *up = c->standing.pending.len ? NULL : "nothing is pending";
    const char *down = c->standing.rows.len ? NULL : "nothing is applied";
    struct arena *a = arena_new();
    const struct menu_item items[] = {
        {'n', "upgrade by one revision", first_of(bad, up), RUN_NEXT},
        {'u', arena_printf(a, "upgrade to %s", id),
         first_of(bad, first_of(none_here, applied ? "applied already" : NULL)), RUN_SELECTED},
        {'h', "upgrade to head", first_of(bad, up), RUN_HEAD},
        {'b', "roll back one revision", first_of(bad, down), RUN_BACK},
        {'d', arena_printf(a, "downgrade to %s", id),
         first_of(bad, first_of(none_here, applied ? NULL : "not applied")), RUN_DOWN_SELECTED},
        {'m', arena_printf(a, "stamp %s: set the version rows, run nothing else", id),
         first_of(bad, none_here), RUN_STAMP},
        {'w', "save what was edited into the revision's file", NULL, RUN_SAVE},
    };
    size_t count = sizeof items / sizeof *items - (reason_has_edits(c) ? 1 : 0);
    const char *text =
        arena_printf(a, "%s   %s %s", c->session->label, c->target.id ? c->target.id : "",
                     c->target.doc ? c->target.doc : "");
    popup_menu(c, "Run", text, items, count, run_chosen);
    arena_free(a);
}

/* A run that is on */

static bool same(const char *a, const char *b)
{
    return str_eq(a && *a ? a : NULL, b && *b ? b : NULL);
}

/* As the URLs name it: the database of a run is known before it is connected. */
static bool is_here(const struct console *c, const struct link_sight *sight)
{
    const struct database_url *url = &c->session->url;
    return same(sight->host, url->host) && same(sight->port, url->port) &&
           same(sight->database, url->database);
}

static void open_on(struct console *c, const struct link_sight *sight)
{
    struct err err = ERR_INIT;
    if (!execution_attach(&c->run, c->session, c->options->run->socket_dir, sight->run, &c->log,
                          &err)) {
        console_show_err(c, &err);
        err_clear(&err);
        return;
    }
    console_focus_view(c, VIEW_RUN);
    console_mark_stale(c);
    c->run_follow = true;
    c->bar_focus = link_steers(c->run.link) && !guard_why_read_only(c);
    if (link_steers(c->run.link) && !c->bar_focus)
        console_complain(c, "a run is on, and nobody steers it: %s", guard_why_read_only(c));
    else if (c->bar_focus)
        console_say(c, "a run of %s is on, and nobody steers it: it is yours",
                    sight->operator_name ? sight->operator_name : "somebody");
    else
        console_say(c, "a run of %s is on: watching; r takes it over",
                    sight->operator_name ? sight->operator_name : "somebody");
}

void run_flow_find(struct console *c)
{
    struct arena *a = arena_new();
    struct link_sights sights;
    struct err ignored = ERR_INIT;
    bool looked = c->session->has_url && c->options->run->socket_dir &&
                  link_look(a, c->options->run->socket_dir, &sights, &ignored);
    for (size_t i = 0; looked && i < sights.len; i++)
        if (is_here(c, &sights.at[i]) && sights.at[i].state != RUNNER_DONE &&
            sights.at[i].state != RUNNER_STOPPED) {
            open_on(c, &sights.at[i]);
            break;
        }
    err_clear(&ignored);
    arena_free(a);
}

/* Endings */

static void say_end(struct console *c)
{
    size_t done, all;
    execution_progress(&c->run, &done, &all);
    if (c->run.state == RUNNER_DONE)
        console_say(c, "done: %zu statement%s executed, everything committed", done,
                    done == 1 ? "" : "s");
    else if (c->run.err.code != ERR_NONE)
        console_complain(c, "%s%s",
                         str_starts_with(c->run.err.message, "stopped") ? "" : "stopped: ",
                         c->run.err.message);
    else
        console_complain(c, "stopped before the end; what is marked committed stays");
}

void run_flow_changed(struct console *c)
{
    bool was_active = execution_is_active(&c->run);
    enum runner_state before = c->run.state;
    execution_advance(&c->run);
    if (c->run.refused.code != ERR_NONE) {
        console_show_err(c, &c->run.refused);
        err_clear(&c->run.refused);
    }
    if (c->run.signalled.code != ERR_NONE) {
        console_complain(c, "%s", c->run.signalled.message);
        err_clear(&c->run.signalled);
    }
    c->views[VIEW_RUN].stale = true;
    c->views[VIEW_LOG].stale = true;
    if (c->suspend_when_paused && !execution_is_busy(&c->run))
        console_suspend(c);
    if (was_active && !execution_is_active(&c->run)) {
        c->bar_focus = false;
        c->quit = c->quit || c->quit_after_run;
        say_end(c);
        console_load(c, NULL); /* where the database is now, from the database */
    } else if (c->run.waiting) {
        console_say(c, "waiting: %s", c->run.waiting);
    } else if (before != c->run.state && execution_can_retry(&c->run)) {
        console_complain(c, "failed, m shows the moves: %s",
                         c->run.err.message ? c->run.err.message : "");
    } else if (before != c->run.state && execution_has_changed(&c->run)) {
        console_complain(c, "not what was previewed, m shows the moves: %s",
                         link_err(c->run.link)->message);
    }
}
