#include "config.h"

#include "cli/tell.h"

#include <ctype.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "cli/cli.h"
#include "run/link.h"
#include "run/plan.h"
#include "run/script.h"

enum { SQL_SHOWN = 72 };

/* The beginning of a statement, on one line. */
static const char *short_sql(struct arena *a, const char *sql)
{
    struct str out = STR_IN(a);
    for (; *sql && out.len < SQL_SHOWN; sql++) {
        bool blank = isspace((unsigned char)*sql);
        if (!blank)
            str_addc(&out, *sql);
        else if (out.len > 0 && out.ptr[out.len - 1] != ' ')
            str_addc(&out, ' ');
    }
    size_t whole;
    if (*sql && !utf8_valid(out.ptr, out.len, &whole))
        str_cut(&out, whole);
    return *sql ? arena_printf(a, "%s ...", out.ptr) : out.ptr;
}

static void tell_statement(struct cli *cli, const struct run_event *event)
{
    const char *place = arena_printf(cli->arena, "  %zu/%zu", event->statement + 1,
                                     event->plan_step->statements.len);
    switch (event->kind) {
    case RUN_EVENT_STATEMENT_STARTED:
        cli_printf(cli, "%s %s\n", place, short_sql(cli->arena, event->plan_statement->sql));
        break;
    case RUN_EVENT_STATEMENT_DONE:
        cli_printf(cli, "%s done: %s, %.3f s\n", place, event->text ? event->text : "",
                   (double)event->duration / 1e6);
        break;
    case RUN_EVENT_STATEMENT_SKIPPED:
        cli_printf(cli, "%s left out\n", place);
        break;
    default:
        cli_printf(cli, "%s failed: %s\n", place, event->err ? event->err->message : "");
        break;
    }
}

static void tell_state(struct cli *cli, const struct run_event *event)
{
    bool waits = event->state == RUNNER_PAUSED || event->state == RUNNER_FAILED ||
                 event->state == RUNNER_LOCKING;
    if (waits && !event->past)
        cli_printf(cli, "%s\n", runner_state_words(event->state));
}

const char *tell_who_steers(const struct link *link)
{
    if (link_steers(link))
        return "steering from here";
    return link_is_steered(link) ? "steered by somebody else" : "steered by nobody";
}

void tell_event(struct cli *cli, struct tell *told, const struct link *link,
                const struct run_event *event)
{
    switch (event->kind) {
    case RUN_EVENT_STATE:
        tell_state(cli, event);
        break;
    case RUN_EVENT_STEP_STARTED:
        cli_printf(cli, "%s%s%s\n", script_step_name(cli->arena, event->plan_step),
                   *event->plan_step->doc ? ", " : "", event->plan_step->doc);
        break;
    case RUN_EVENT_STATEMENT_STARTED:
    case RUN_EVENT_STATEMENT_DONE:
    case RUN_EVENT_STATEMENT_FAILED:
    case RUN_EVENT_STATEMENT_SKIPPED:
        if (event->plan_statement)
            tell_statement(cli, event);
        break;
    case RUN_EVENT_COMMITTED:
        cli_print(cli, "committed\n");
        break;
    case RUN_EVENT_ROLLED_BACK:
        cli_print(cli, "rolled back\n");
        break;
    case RUN_EVENT_JOURNAL:
    case RUN_EVENT_NOTICE:
    case RUN_EVENT_WAITING:
        cli_printf(cli, "%s\n", event->text);
        break;
    case RUN_EVENT_OUTPUT:
        cli_printf(cli, "alembic: %s\n", event->text);
        break;
    case RUN_EVENT_DIFFERENCE:
        cli_printf(cli, "the catalog since then:\n%s\n", event->text);
        break;
    case RUN_EVENT_DONE:
        cli_print(cli, "done: everything is committed\n");
        break;
    case RUN_EVENT_REFUSED:
        cli_printf(cli, "refused: %s\n", event->err->message);
        break;
    case RUN_EVENT_BREAKPOINT:
        cli_printf(cli, "%s statement %zu of %s\n",
                   event->breakpoint ? "stops before" : "does not stop before",
                   event->statement + 1, script_step_name(cli->arena, event->plan_step));
        break;
    case RUN_EVENT_EDITED:
        cli_printf(cli, "edited: statement %zu of %s\n", event->statement + 1,
                   script_step_name(cli->arena, event->plan_step));
        break;
    case RUN_EVENT_QUESTION:
        cli_printf(cli, "asked: %s%s\n", event->text,
                   event->differs ? " (another answer than in the preview)" : "");
        break;
    case RUN_EVENT_CHANGED:
        cli_printf(cli, "changed: %s\n%s\n", event->err->message, event->err->detail);
        break;
    case RUN_EVENT_STEERING:
        cli_printf(cli, "%s\n", tell_who_steers(link));
        break;
    case RUN_EVENT_SIGNALLED:
        cli_printf(cli, "%s%s%s\n", event->text, event->err ? ": " : "",
                   event->err ? event->err->message : "");
        break;
    case RUN_EVENT_ACTIVITY:
        watch_line_tell(cli, &told->watch, event->activity);
        break;
    case RUN_EVENT_STEP_DONE:
    case RUN_EVENT_STOPPED: /* the error says it */
        break;
    }
}
