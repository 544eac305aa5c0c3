#include "config.h"

#include "run/plan_bridge.h"

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"

const char plan_bridge_note[] =
    "the project's Alembic carries it out, in transactions of its own: what it locks, changes and "
    "loses is not known before, retort's timeouts do not hold for it, and what it has committed "
    "cannot be rolled back";

enum direction plan_bridge_direction(const struct plan_step *step)
{
    return step->verb == PLAN_UPGRADE ? DIRECTION_UPGRADE : DIRECTION_DOWNGRADE;
}

static void use_bridge(struct arena *a, struct plan *plan, struct plan_step *step)
{
    const struct err *why = &step->rendering.err;
    const char *command = bridge_command(a, step->id, plan_bridge_direction(step));
    plan->statement_count -= step->statements.len;
    step->bridge = true;
    step->statements = (struct plan_statement_list){0};
    vec_push(a, &step->statements,
             ((struct plan_statement){.sql = command,
                                      .rendered = command,
                                      .origin = {.file = step->file,
                                                 .line = why->line,
                                                 .column = why->column,
                                                 .revision_line = why->line}}));
    plan->statement_count++;
}

/*
 * What was asked behind such a step was answered by the state before it, which Alembic may change
 * in any way: what the step does is open, also where it raises as of now.
 */
static void leave_open(struct arena *a, const struct plan_step *bridge, struct plan_step *step)
{
    if (step->asked.len == 0 || step->open)
        return;
    if (step->rendering.status == READING_RAISES)
        step->rendering.status = READING_LIVE;
    step->live = step->open = true;
    step->open_reason =
        arena_printf(a, "it asks the database, which revision %s changes before in ways that are "
                        "not known", bridge->id);
}

void plan_use_bridge(struct arena *a, struct plan *plan, const struct bridge_consent *consent)
{
    const struct plan_step *last = NULL;
    for (size_t i = 0; i < plan->steps.len; i++) {
        struct plan_step *step = &plan->steps.at[i];
        if (step->verb != PLAN_STAMP && step->rendering.status == READING_PYTHON && !step->live &&
            bridge_is_allowed(consent, step->id))
            use_bridge(a, plan, step);
        if (step->bridge)
            last = step;
        else if (last)
            leave_open(a, last, step);
    }
}

bool plan_has_bridge(const struct plan *plan)
{
    for (size_t i = 0; i < plan->steps.len; i++)
        if (plan->steps.at[i].bridge)
            return true;
    return false;
}

const char *plan_bridge_reason(struct arena *a, const struct plan_step *step)
{
    const struct err *why = &step->rendering.err;
    struct str out = STR_IN(a);
    if (why->diagnostic)
        str_addf(&out, "%s: ", why->diagnostic);
    str_add(&out, why->message ? why->message : "it cannot be evaluated");
    if (why->line > 0)
        str_addf(&out, ", %s:%d", path_base(why->file ? why->file : step->file), why->line);
    return out.ptr;
}
