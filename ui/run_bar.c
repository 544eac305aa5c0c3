/* The run bar: what can be ordered while a run is active. */
#include "config.h"

#include "base/str.h"
#include "sql/parse.h"
#include "ui/actions.h"
#include "ui/console.h"
#include "ui/err_text.h"
#include "ui/run_flow.h"
#include "ui/ui.h"

static void order(struct console *c, enum runner_order order)
{
    struct err err = ERR_INIT;
    if (!c->run.link)
        return;
    c->run_follow = true;
    c->suspend_when_paused = false;
    bool ok = order == RUNNER_FINISH_REVISION ? execution_finish_revision(&c->run, &err)
                                              : execution_order(&c->run, order, &err);
    if (!ok)
        console_show_err(c, &err);
    err_clear(&err);
    run_flow_changed(c);
}

void act_step(struct console *c)
{
    order(c, RUNNER_STEP);
}

void act_step_revision(struct console *c)
{
    order(c, RUNNER_FINISH_REVISION);
}

void act_pause(struct console *c)
{
    order(c, RUNNER_PAUSE);
    console_say(c, "pausing after the current statement");
}

/* What is being read or made for the screen; false: nothing is. */
static bool interrupt_reading(struct console *c)
{
    if (planning_is_busy(&c->planning)) {
        planning_cancel(&c->planning);
        console_say(c, "planning was cancelled");
    } else if (differ_is_busy(&c->differ)) {
        differ_cancel(&c->differ);
    } else if (loading_is_busy(&c->loading)) {
        loading_stop(&c->loading);
        console_say(c, "reading the files was cancelled; R reads them again");
    } else if (reader_is_busy(&c->reader)) {
        reader_cancel(&c->reader);
        console_database_changed(c);
    } else {
        return false;
    }
    return true;
}

void act_interrupt(struct console *c)
{
    bool busy = execution_is_busy(&c->run);
    if (!busy && interrupt_reading(c))
        return;
    if (!busy) {
        console_say(c, execution_is_active(&c->run) ? "nothing is executing; a aborts the run"
                                                    : "nothing running, Q quits");
        return;
    }
    console_say(c, "cancel sent"); /* first: the server's answer may come within the order */
    order(c, RUNNER_CANCEL);
}

void act_disarm(struct console *c)
{
    c->bar_focus = c->suspend_when_paused = false;
    if (execution_is_busy(&c->run))
        order(c, RUNNER_PAUSE);
    if (execution_is_active(&c->run))
        console_say(c, "disarmed: the run stays paused; r arms it again");
}

/* After a failure */

enum move { MOVE_RETRY, MOVE_EDIT, MOVE_SKIP, MOVE_UNDO, MOVE_STOP };

static void skip_confirmed(struct console *c, int value)
{
    (void)value;
    order(c, RUNNER_SKIP);
}

/* To leave a statement out is to say that the database is fine without it: typed, and journalled.
 */
static void ask_skip(struct console *c)
{
    const struct run_row *row = &c->run.rows.at[c->run.current];
    const struct plan_step *step = &c->run.plan->steps.at[row->step];
    struct str text = STR_INIT;
    str_addf(&text,
             "%s;\n\nThis statement is left out of the run. The journal says so.\n\nType the name "
             "of the database, %s, to go on.",
             step->statements.at[row->statement].sql, run_flow_database(c));
    popup_type(c, "Skip this statement", text.ptr, run_flow_database(c), skip_confirmed);
    str_clear(&text);
}

static void move_chosen(struct console *c, int value)
{
    static const enum runner_order orders[] = {
        [MOVE_RETRY] = RUNNER_RETRY, [MOVE_UNDO] = RUNNER_UNDO, [MOVE_STOP] = RUNNER_STOP};
    if (value == MOVE_SKIP)
        ask_skip(c);
    else if (value == MOVE_EDIT)
        run_flow_edit_failed(c);
    else
        order(c, orders[value]);
}

/* What was committed of a revision cannot be rolled back. */
static const char *why_no_undo(const struct console *c)
{
    if (c->run.state != RUNNER_FAILED && c->run.state != RUNNER_PAUSED)
        return "the connection was lost";
    if (link_committed(c->run.link).statement > 0)
        return "statements of it are committed, outside of a transaction";
    return NULL;
}

static const char *why_no_skip(const struct console *c)
{
    const struct run_row *row = &c->run.rows.at[c->run.current];
    if (row->outcome != OUTCOME_FAILED)
        return c->run.err.code == ERR_CONNECT ? "no statement failed" : "edited since: retry";
    const struct plan_step *step = &c->run.plan->steps.at[row->step];
    if (step->bridge)
        return "Alembic carries out this revision";
    return step->statements.at[row->statement].version_row ? "it keeps the version table" : NULL;
}

/* What a revision wants instead of what was previewed */

enum answer { ANSWER_ACCEPT, ANSWER_ACCEPT_ALL, ANSWER_UNDO, ANSWER_STOP };

static void answer_confirmed(struct console *c, int value)
{
    order(c, value == ANSWER_ACCEPT ? RUNNER_ACCEPT : RUNNER_ACCEPT_ALL);
}

static void answer_confirmed_one(struct console *c, int value)
{
    (void)value;
    answer_confirmed(c, ANSWER_ACCEPT);
}

static void answer_confirmed_all(struct console *c, int value)
{
    (void)value;
    answer_confirmed(c, ANSWER_ACCEPT_ALL);
}

/* What loses data is typed, as it would have been before the run. */
static void accept_or_ask(struct console *c, int value)
{
    const struct err *why = link_err(c->run.link);
    struct sql_effect effect = {0};
    struct str text = STR_INIT;
    if (why->statement)
        sql_classify(c->run.arena, why->statement, c->run.plan->database.server_version, &effect);
    if (!effect.loses_data) {
        answer_confirmed(c, value);
        return;
    }
    str_addf(&text, "%s;\n\n%s\n\nType the name of the database, %s, to go on.", why->statement,
             effect.loses_data, run_flow_database(c));
    popup_type(c, "This loses data", text.ptr, run_flow_database(c),
               value == ANSWER_ACCEPT ? answer_confirmed_one : answer_confirmed_all);
    str_clear(&text);
}

static void answer_chosen(struct console *c, int value)
{
    if (value == ANSWER_ACCEPT || value == ANSWER_ACCEPT_ALL)
        accept_or_ask(c, value);
    else
        order(c, value == ANSWER_UNDO ? RUNNER_UNDO : RUNNER_STOP);
}

static void ask_changed(struct console *c)
{
    const struct menu_item items[] = {
        {'y', "take it into the plan, and wait before it", NULL, ANSWER_ACCEPT},
        {'a', "the same, and all else that this revision wants", NULL, ANSWER_ACCEPT_ALL},
        {'b', "roll back this revision and wait before it", why_no_undo(c), ANSWER_UNDO},
        {'g', "give up: stop here, what is committed stays", NULL, ANSWER_STOP},
    };
    struct str text = STR_INIT;
    err_text(&text, link_err(c->run.link), session_folder(c->run.session));
    popup_menu(c, "Not what was previewed", text.ptr, items, sizeof items / sizeof *items,
               answer_chosen);
    str_clear(&text);
}

void act_moves(struct console *c)
{
    if (execution_has_changed(&c->run)) {
        ask_changed(c);
        return;
    }
    bool lost = c->run.err.code == ERR_CONNECT;
    const char *no_skip = why_no_skip(c);
    const struct menu_item items[] = {
        {'r', "retry what is not committed, and go on at the same pace", NULL, MOVE_RETRY},
        {'e', "edit this statement and retry", no_skip, MOVE_EDIT},
        {'k', "skip this statement", no_skip, MOVE_SKIP},
        {'b', "roll back this revision and wait before it", why_no_undo(c), MOVE_UNDO},
        {'g', "give up: stop here, what is committed stays", NULL, MOVE_STOP},
    };
    struct str text = STR_INIT;
    err_text(&text, &c->run.err, session_folder(c->run.session));
    popup_menu(c, lost ? "The connection was lost" : "A statement failed", text.ptr, items,
               sizeof items / sizeof *items, move_chosen);
    str_clear(&text);
}

/* Aborting */

enum abort_choice { ABORT_LEAVE, ABORT_UNDO, ABORT_ROLL_BACK, ABORT_STOP };

static void abort_chosen(struct console *c, int value)
{
    static const enum runner_order orders[] = {[ABORT_UNDO] = RUNNER_UNDO,
                                               [ABORT_ROLL_BACK] = RUNNER_ROLL_BACK,
                                               [ABORT_STOP] = RUNNER_STOP};
    if (value != ABORT_LEAVE)
        order(c, orders[value]);
}

void act_abort(struct console *c)
{
    bool open = link_in_transaction(c->run.link);
    const struct menu_item items[] = {
        {'l', "leave as is: the run stays paused", NULL, ABORT_LEAVE},
        {'w', "roll back this revision and wait before it",
         open ? why_no_undo(c) : "no transaction is open", ABORT_UNDO},
        {'b', "roll back this revision and stop", open ? NULL : "no transaction is open",
         ABORT_ROLL_BACK},
        {'k', "keep what is committed and stop", NULL, ABORT_STOP},
    };
    popup_menu(c, "Abort the run",
               open ? "A transaction is open: what it did is undone when the run stops."
                    : "No transaction is open.",
               items, sizeof items / sizeof *items, abort_chosen);
}

/* Quitting */

enum quit_choice { QUIT_WAIT, QUIT_PAUSE, QUIT_CANCEL, QUIT_LEAVE, QUIT_STOP };

/* Quits when what was open is rolled back; at once when there is nothing to wait for. */
static void stop_and_quit(struct console *c)
{
    struct err ignored = ERR_INIT;
    c->quit_after_run = execution_order(&c->run, RUNNER_STOP, &ignored);
    c->quit = !c->quit_after_run;
    err_clear(&ignored);
}

static void quit_chosen(struct console *c, int value)
{
    if (value == QUIT_PAUSE)
        order(c, RUNNER_PAUSE);
    else if (value == QUIT_CANCEL)
        order(c, RUNNER_CANCEL);
    else if (value == QUIT_LEAVE)
        c->quit = true;
    else if (value == QUIT_STOP)
        stop_and_quit(c);
}

void run_flow_ask_quit(struct console *c)
{
    bool busy = execution_is_busy(&c->run), steers = link_steers(c->run.link);
    const char *not_ours = steers ? NULL : "somebody else steers it";
    const char *idle = not_ours ? not_ours : busy ? NULL : "nothing is running";
    const struct menu_item items[] = {
        {'k', "keep waiting", NULL, QUIT_WAIT},
        {'p', "pause after the current statement", idle, QUIT_PAUSE},
        {'c', "cancel the current statement", idle, QUIT_CANCEL},
        {'l', "leave the run to its worker, and quit", NULL, QUIT_LEAVE},
        {'q', "roll back what is open, and quit", not_ours, QUIT_STOP},
    };
    struct str text = STR_INIT;
    str_add(&text, "What is committed stays.");
    if (steers)
        str_addf(&text,
                 " A run that is left goes on as far as it was ordered to; where it then waits for "
                 "an answer, it rolls back and stops after %.0f s.",
                 (double)c->options->run->detached_timeout / 1000);
    popup_menu(c, "A run is active", text.ptr, items, sizeof items / sizeof *items, quit_chosen);
    str_clear(&text);
}

/* Suspending */

enum suspend_choice { SUSPEND_STAY, SUSPEND_PAUSE, SUSPEND_CANCEL, SUSPEND_NOW };

static void suspend_chosen(struct console *c, int value)
{
    if (value == SUSPEND_STAY)
        return;
    if (value == SUSPEND_NOW || !execution_is_busy(&c->run)) {
        console_suspend(c);
        return;
    }
    order(c, value == SUSPEND_PAUSE ? RUNNER_PAUSE : RUNNER_CANCEL);
    console_say(c, "suspending when the run has paused; another order, or Esc, stays");
    c->suspend_when_paused = true;
}

/* The worker goes on while the console sleeps, and nobody answers for it. */
void run_flow_ask_suspend(struct console *c)
{
    bool open = link_in_transaction(c->run.link);
    const char *not_ours = link_steers(c->run.link) ? NULL : "somebody else steers it";
    const char *idle =
        not_ours ? not_ours : execution_is_busy(&c->run) ? NULL : "nothing is running";
    const struct menu_item items[] = {
        {'k', "keep waiting here", NULL, SUSPEND_STAY},
        {'p', "pause after the current statement, then suspend", idle, SUSPEND_PAUSE},
        {'c', "cancel the current statement, then suspend", idle, SUSPEND_CANCEL},
        {'z', "suspend at once; the run goes on as far as it was ordered to", NULL, SUSPEND_NOW},
    };
    popup_menu(c, "A run is active",
               open ? "A transaction is open: it keeps its locks while retort is suspended."
                    : "No transaction is open.",
               items, sizeof items / sizeof *items, suspend_chosen);
}
