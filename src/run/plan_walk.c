#include "config.h"

#include "run/plan_walk.h"

#include "base/arena.h"

struct walker {
    struct arena *arena;
    const struct plan *plan;
    struct plan_event_list *out;
    bool open, has_table;
};

static void add(struct walker *w, enum plan_event_kind kind, size_t step, size_t statement)
{
    vec_push(w->arena, w->out, ((struct plan_event){kind, step, statement}));
    if (kind == PLAN_EVENT_BEGIN || kind == PLAN_EVENT_COMMIT)
        w->open = kind == PLAN_EVENT_BEGIN;
}

/* The version table is created in the first transaction, or in one of its own before the first. */
static void make_table(struct walker *w, size_t step, size_t statement)
{
    if (w->has_table)
        return;
    if (!w->open)
        add(w, PLAN_EVENT_BEGIN, step, statement);
    add(w, PLAN_EVENT_TABLE, step, statement);
    w->has_table = true;
}

static void walk_statement(struct walker *w, size_t step, size_t i)
{
    const struct plan_statement *s = &w->plan->steps.at[step].statements.at[i];
    if (w->open && !s->in_transaction)
        add(w, PLAN_EVENT_COMMIT, step, i);
    if (!w->open && s->in_transaction)
        add(w, PLAN_EVENT_BEGIN, step, i);
    make_table(w, step, i);
    if (w->open && !s->in_transaction)
        add(w, PLAN_EVENT_COMMIT, step, i);
    add(w, PLAN_EVENT_STATEMENT, step, i);
    if (!s->version_row && s->effect.control == SQL_CONTROL_COMMIT)
        w->open = false;
}

void plan_walk(struct arena *a, const struct plan *plan, struct plan_event_list *out)
{
    struct walker w = {a, plan, out, false, !plan->create_version_table};
    *out = (struct plan_event_list){0};
    for (size_t i = 0; i < plan->steps.len; i++) {
        size_t count = plan->steps.at[i].statements.len;
        add(&w, PLAN_EVENT_STEP, i, 0);
        for (size_t j = 0; j < count; j++)
            walk_statement(&w, i, j);
        if (w.open && plan->scope == PLAN_SCOPE_REVISION && count)
            add(&w, PLAN_EVENT_COMMIT, i, count);
    }
    make_table(&w, plan->steps.len, 0);
    if (w.open)
        add(&w, PLAN_EVENT_COMMIT, plan->steps.len, 0);
}
