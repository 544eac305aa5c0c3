/*
 * attach: a run that is on, seen and steered from another terminal than the one it was started
 * from.
 *
 * Without --json what happens is told in lines; on a terminal a line that is typed is an order
 * (orders_text). Leaving changes nothing for the run.
 */
#include "config.h"

#include <errno.h>
#include <poll.h>
#include <signal.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/confirm.h"
#include "cli/json.h"
#include "cli/open.h"
#include "cli/sight.h"
#include "cli/tell.h"
#include "run/link.h"
#include "run/plan.h"
#include "sql/parse.h"

enum { ANSWER_MAX = 256 };

static volatile sig_atomic_t interrupts;

static void on_interrupt(int number)
{
    (void)number;
    interrupts++;
}

struct attached {
    struct cli *cli;
    struct link *link;
    enum runner_order order; /* --order */
    bool has_order, order_given;
    bool asks;        /* lines from the terminal are orders */
    bool told_prompt; /* what can be ordered, since it waits for an answer */
    struct tell told;
    sig_atomic_t seen; /* interrupts that were acted upon */
    struct err refused;
};

/* -- telling ------------------------------------------------------------------------------------
 */

static void on_event(const struct run_event *event, void *payload)
{
    struct attached *at = payload;
    if (at->has_order) {
        if (event->kind == RUN_EVENT_REFUSED)
            err_copy(&at->refused, event->err);
        return;
    }
    if (cli_given(at->cli, OPTION_JSON)) {
        json_t *object = protocol_event(event, link_plan(at->link));
        if (event->past)
            json_object_set_new(object, "past", json_true());
        json_print_foreign(at->cli, object);
    } else {
        if (event->kind == RUN_EVENT_STATE)
            at->told_prompt = false;
        tell_event(at->cli, &at->told, at->link, event);
        fflush(at->cli->process->out);
    }
}

/* -- orders -------------------------------------------------------------------------------------
 */

/* The database as the worker's connection names it. */
static const char *hello_text(const struct link *link, const char *key)
{
    const char *text = json_string_value(json_object_get(link_hello(link), key));
    return text ? text : "";
}

/* To leave a statement out is to say that the database is fine without it (ui.md, "Which guard").
 */
static bool may_skip(struct attached *at, struct err *err)
{
    const char *database = link_plan(at->link)->database.name;
    if (database && *database)
        return confirm(at->cli, CONFIRM_NAME, "leave the failed statement out", database,
                       hello_text(at->link, "host"), err);
    return err_set(err, ERR_CONFIRM, "the name of the database, to be typed, is not known");
}

/* What a revision wants instead of what was confirmed is confirmed as that was. */
static bool may_accept(struct attached *at, struct err *err)
{
    const struct err *why = link_err(at->link);
    const char *database = link_plan(at->link)->database.name;
    struct sql_effect effect = {0};
    if (why->statement)
        sql_classify(at->cli->arena, why->statement, 0, &effect);
    return !effect.loses_data || !database || !*database ||
           confirm(at->cli, CONFIRM_NAME, effect.loses_data, database,
                   hello_text(at->link, "host"), err);
}

static bool give(struct attached *at, enum runner_order order, struct err *err)
{
    bool accepts = order == RUNNER_ACCEPT || order == RUNNER_ACCEPT_ALL;
    return (order != RUNNER_SKIP || may_skip(at, err)) && (!accepts || may_accept(at, err)) &&
           link_order(at->link, order, err);
}

static void print_orders(struct attached *at)
{
    struct str text = STR_IN(at->cli->arena);
    for (int i = 0; i < RUNNER_ORDER_COUNT; i++)
        str_addf(&text, "%s, ", runner_order_name((enum runner_order)i));
    fprintf(at->cli->process->errors, "orders: %stake, leave\n", text.ptr);
}

/* One line that was typed; false: to leave. */
static bool take_line(struct attached *at, const char *line)
{
    struct err err = ERR_INIT;
    enum runner_order order;
    bool ok = true;
    if (str_eq(line, "leave"))
        return false;
    if (str_eq(line, "take"))
        ok = link_take(at->link, &err);
    else if (runner_order_find(line, &order))
        ok = give(at, order, &err);
    else
        print_orders(at);
    if (!ok)
        fprintf(at->cli->process->errors, "refused: %s\n", err.message);
    err_clear(&err);
    return true;
}

/* False: to leave, or the terminal is gone. */
static bool take_terminal(struct attached *at)
{
    struct pollfd pfd = {.fd = fileno(at->cli->process->in), .events = POLLIN};
    char line[ANSWER_MAX];
    if (poll(&pfd, 1, 0) <= 0)
        return true;
    if (!fgets(line, sizeof(line), at->cli->process->in))
        return false;
    line[strcspn(line, "\n")] = '\0';
    return !*line || take_line(at, line);
}

/* Ctrl-C cancels for the one who steers, and is the way out for the others. */
static bool interrupt(struct attached *at)
{
    struct err err = ERR_INIT;
    at->seen = interrupts;
    if (!link_steers(at->link))
        return false;
    fprintf(at->cli->process->errors, "retort: cancelling\n");
    bool ok = link_order(at->link, RUNNER_CANCEL, &err);
    if (!ok)
        fprintf(at->cli->process->errors, "refused: %s\n", err.message);
    err_clear(&err);
    return true;
}

static bool on_wait(struct link *link, void *payload)
{
    struct attached *at = payload;
    enum runner_state state = link_state(link);
    if (at->refused.code != ERR_NONE)
        return false;
    if (at->has_order && !at->order_given && !link_is_waiting(link)) {
        at->order_given = true;
        if (!give(at, at->order, &at->refused))
            return false;
    }
    /* One order, and away: as soon as it is answered. */
    if (at->order_given && !link_is_waiting(link))
        return false;
    if (interrupts != at->seen && !interrupt(at))
        return false;
    if (at->asks && !at->told_prompt && link_steers(link) &&
        (state == RUNNER_PAUSED || state == RUNNER_FAILED)) {
        at->told_prompt = true;
        print_orders(at);
    }
    return !at->asks || take_terminal(at);
}

/* -- the command --------------------------------------------------------------------------------
 */

static bool read_order(struct attached *at, struct err *err)
{
    const char *name = cli_value(at->cli, OPTION_ORDER);
    at->has_order = name != NULL;
    if (!name || runner_order_find(name, &at->order))
        return true;
    err_set(err, ERR_USAGE, "no such order: '%s'", name);
    struct str names = STR_IN(at->cli->arena);
    for (int i = 0; i < RUNNER_ORDER_COUNT; i++)
        str_addf(&names, "%s%s", i ? ", " : "", runner_order_name((enum runner_order)i));
    return err_hint(err, "%s", names.ptr);
}

static void tell_hello(struct attached *at)
{
    struct link *link = at->link;
    if (cli_given(at->cli, OPTION_JSON)) {
        json_print_foreign(at->cli, json_copy((json_t *)(uintptr_t)link_hello(link)));
        return;
    }
    cli_printf(at->cli, "run %s: %s %s on %s@%s, %s; %s\n", link_run_id(link),
               hello_text(link, "verb"), hello_text(link, "target"), hello_text(link, "database"),
               hello_text(link, "host"), runner_state_words(link_state(link)),
               tell_who_steers(link));
    fflush(at->cli->process->out);
}

/* Follows it to its end, or till we leave. */
static bool follow(struct attached *at, struct err *err)
{
    struct sigaction catch = {.sa_handler = on_interrupt}, old;
    sigemptyset(&catch.sa_mask);
    interrupts = 0;
    sigaction(SIGINT, &catch, &old);
    bool done = link_drive(at->link, on_wait, at);
    bool ended = link_state(at->link) == RUNNER_DONE || link_state(at->link) == RUNNER_STOPPED;
    sigaction(SIGINT, &old, NULL);
    if (at->refused.code != ERR_NONE) {
        err_move(err, &at->refused);
        err->code = err->code == ERR_USAGE ? ERR_BUSY : err->code; /* not of the command line */
    }
    if (!done && ended && !at->has_order)
        err_copy(err, link_err(at->link));
    else if (!done && !ended && !at->has_order)
        fprintf(at->cli->process->errors, "retort: left; the run goes on\n");
    return err->code == ERR_NONE;
}

/* What --order has done; what it was refused for is an error. */
static void tell_order(struct attached *at)
{
    json_t *root = json_new();
    if (!at->has_order || !cli_given(at->cli, OPTION_JSON)) {
        json_decref(root);
        return;
    }
    json_object_set_new(root, "run", json_text(link_run_id(at->link)));
    json_object_set_new(root, "order", json_text(runner_order_name(at->order)));
    json_print_line(at->cli, root);
}

bool cmd_attach(struct cli *cli, struct err *err)
{
    const struct cli_process *p = cli->process;
    struct attached at = {.cli = cli, .refused = ERR_INIT};
    at.asks = p->in_is_terminal && p->out_is_terminal && !cli_given(cli, OPTION_JSON);
    if (!read_order(&at, err))
        return false;
    bool steers = at.asks || at.has_order || cli_given(cli, OPTION_TAKE);
    const char *dir = cli_socket_dir(cli, err);
    const char *name = cli->args.positionals.len ? cli->args.positionals.at[0] : "";
    const char *run = dir ? sight_choose(cli, dir, name, err) : NULL;
    if (!run || !link_attach(dir, run, steers ? CLIENT_STEERS : CLIENT_WATCHES, NULL, &cli->log,
                             on_event, &at, &at.link, err))
        return false;
    if (!at.has_order)
        tell_hello(&at);
    bool ok = (!cli_given(cli, OPTION_TAKE) || link_take(at.link, err)) && follow(&at, err);
    if (ok)
        tell_order(&at);
    link_free(at.link);
    err_clear(&at.refused);
    return ok;
}
