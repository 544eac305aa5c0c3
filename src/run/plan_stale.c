#include "config.h"

#include "run/plan_stale.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"

static bool make_again(struct err *err)
{
    return err_hint(err, "make a new plan");
}

bool plan_is_for(const struct plan *plan, const struct server_info *server, struct err *err)
{
    const struct plan_database *made = &plan->database;
    struct plan_database now = plan_database_of(server);
    bool both_known = *made->identity && now.identity && *now.identity;
    if (both_known && !str_eq(made->identity, now.identity))
        err_set(err, ERR_STALE, "the plan was made on another server: for database %s of system %s",
                made->name, made->identity);
    else if (!str_eq(made->name, now.name))
        err_set(err, ERR_STALE, "the plan was made for database %s, and this is %s", made->name,
                now.name);
    else if (made->oid && now.oid && made->oid != now.oid)
        err_set(err, ERR_STALE,
                "database %s is not the one that the plan was made for, but a new one", made->name);
    else
        return true;
    return make_again(err);
}

static const char *names_text(struct arena *a, const struct name_list *names)
{
    struct str out = STR_IN(a);
    for (size_t i = 0; i < names->len; i++)
        str_addf(&out, "%s%s", i ? ", " : "", names->at[i]);
    return names->len ? out.ptr : "no revision";
}

static bool has_all(const struct name_list *names, const struct name_list *of)
{
    for (size_t i = 0; i < of->len; i++) {
        bool found = false;
        for (size_t j = 0; j < names->len; j++)
            found = found || str_eq(names->at[j], of->at[i]);
        if (!found)
            return false;
    }
    return true;
}

bool plan_begins_at(struct arena *a, const struct plan *plan, const struct name_list *rows,
                    struct err *err)
{
    if (rows->len == plan->rows.len && has_all(rows, &plan->rows) && has_all(&plan->rows, rows))
        return true;
    err_set(err, ERR_STALE, "the database is at %s, but the plan begins at %s", names_text(a, rows),
            names_text(a, &plan->rows));
    return make_again(err);
}

/* -- the same plan ------------------------------------------------------------------------------
 */

static const char *step_name(const struct plan_step *step)
{
    return step->id ? step->id : step->to;
}

static bool has_step(const struct plan *plan, const struct plan_step *step)
{
    for (size_t i = 0; i < plan->steps.len; i++)
        if (plan->steps.at[i].verb == step->verb &&
            str_eq(step_name(&plan->steps.at[i]), step_name(step)))
            return true;
    return false;
}

static bool same_steps(const struct plan *plan, const struct plan *again, struct err *err)
{
    for (size_t i = 0; i < again->steps.len; i++)
        if (!has_step(plan, &again->steps.at[i])) {
            err_set(err, ERR_STALE, "revision %s is on the way now, which the plan does not have",
                    step_name(&again->steps.at[i]));
            return make_again(err);
        }
    for (size_t i = 0; i < plan->steps.len; i++) {
        const struct plan_step *step = &plan->steps.at[i];
        if (has_step(again, step) && i < again->steps.len &&
            str_eq(step_name(step), step_name(&again->steps.at[i])) &&
            str_eq(step->from, again->steps.at[i].from))
            continue;
        err_set(err, ERR_STALE, "revision %s is not on the way any more, or not at this place",
                step_name(step));
        return make_again(err);
    }
    return true;
}

/* The steps that lead to the plan's target now. */
static bool find_way(struct arena *a, struct alembic_project *project, const struct plan *plan,
                     struct step_list *out, struct err *err)
{
    struct graph *graph;
    const char *ignored;
    return graph_load(a, project, &graph, NULL, err) &&
           (plan->verb == PLAN_UPGRADE
                ? graph_upgrade_steps(a, graph, &plan->rows, plan->target, out, err)
                : graph_downgrade_steps(a, graph, &plan->rows, plan->target, out, &ignored, err));
}

bool plan_is_the_way(struct arena *a, struct alembic_project *project, const struct plan *plan,
                     struct err *err)
{
    struct step_list steps = {0};
    if (plan->verb == PLAN_STAMP)
        return true;
    if (!find_way(a, project, plan, &steps, err))
        return false;
    bool same = steps.len == plan->steps.len;
    for (size_t i = 0; same && i < steps.len; i++)
        same = str_eq(steps.at[i].revision->header->id, plan->steps.at[i].id);
    if (same)
        return true;
    err_set(err, ERR_STALE,
            "the revisions have changed since the plan was made: other ones are on the way to %s "
            "now",
            plan->target);
    return make_again(err);
}

/* What was rendered in the first place. */
static const struct plan_statement_list *rendered(const struct plan_step *step)
{
    return step->edited ? &step->original : &step->statements;
}

static bool same_statement(const struct plan_statement *a, const struct plan_statement *b)
{
    return a->in_transaction == b->in_transaction && a->version_row == b->version_row &&
           a->nondeterministic == b->nondeterministic &&
           (a->nondeterministic || str_eq(a->sql, b->sql));
}

static bool same_question(const struct live_asked *a, const struct live_asked *b)
{
    return str_eq(a->sql, b->sql) && str_eq(a->call, b->call);
}

/* The first question whose answer is another one now; NULL: that is not known. */
static const struct live_asked *changed_answer(const struct plan_step *step,
                                               const struct plan_step *again)
{
    for (size_t i = 0; i < step->asked.len && i < again->asked.len; i++) {
        const struct live_asked *then = &step->asked.at[i], *now = &again->asked.at[i];
        if (!same_question(then, now))
            return NULL;
        if (!str_eq(then->answer, now->answer))
            return now;
    }
    return NULL;
}

static void hint_difference(const struct plan_step *step, const struct plan_step *again,
                            struct err *err)
{
    const struct live_asked *now = changed_answer(step, again);
    if (now)
        err_hint(err, "the database answers %s with %s now: make a new plan",
                 now->sql ? now->sql : now->call, now->answer ? now->answer : "an error");
    else
        err_hint(err, "a module that it imports, env.py or what it asks for has changed: make a "
                      "new plan");
}

/* Whether it asks, and whether it could be followed to its end, as then. */
static bool same_course(const struct plan_step *step, const struct plan_step *again,
                        struct err *err)
{
    if (step->live == again->live && step->open == again->open)
        return true;
    err_set(err, ERR_STALE,
            step->live != again->live ? "revision %s %s the database now"
                                      : "revision %s %s be followed to its end now",
            step_name(step),
            step->live != again->live ? (again->live ? "asks" : "does not ask")
                                      : (again->open ? "cannot" : "can"));
    hint_difference(step, again, err);
    return err_at(err, step->file, again->open_at.line, again->open_at.column);
}

static bool same_statements(const struct plan_step *step, const struct plan_step *again,
                            struct err *err)
{
    if (step->bridge && !again->bridge) {
        err_set(err, ERR_STALE, "revision %s is for the bridge, which is not allowed",
                step_name(step));
        return err_hint(err,
                        "--bridge allows it for this call, bridge in [retort] for the project");
    }
    const struct plan_statement_list *a = rendered(step), *b = rendered(again);
    for (size_t i = 0; i < a->len || i < b->len; i++) {
        if (i < a->len && i < b->len && same_statement(&a->at[i], &b->at[i]))
            continue;
        const struct plan_statement *now = i < b->len ? &b->at[i] : NULL;
        err_set(err, ERR_STALE, "statement %zu of revision %s is %s now", i + 1, step_name(step),
                now ? "another one" : "not there");
        if (now)
            err->statement = mem_strdup(now->sql);
        hint_difference(step, again, err);
        return err_at(err, step->file, now ? now->origin.revision_line : 0, 0);
    }
    return same_course(step, again, err);
}

bool plan_is_same(const struct plan *plan, const struct plan *again, struct err *err)
{
    if (!same_steps(plan, again, err))
        return false;
    for (size_t i = 0; i < plan->steps.len; i++)
        if (!same_statements(&plan->steps.at[i], &again->steps.at[i], err))
            return false;
    if (plan->create_version_table == again->create_version_table)
        return true;
    err_set(err, ERR_STALE, "the version table is %s now",
            again->create_version_table ? "not there" : "there");
    return make_again(err);
}
