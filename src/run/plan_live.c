#include "config.h"

#include "run/plan_live.h"

#include "base/arena.h"
#include "base/str.h"

static const struct plan_statement_list *rendered(const struct plan_step *step)
{
    return step->edited ? &step->original : &step->statements;
}

size_t plan_live_count(const struct plan_step *step)
{
    const struct plan_statement_list *list = rendered(step);
    size_t count = 0;
    for (size_t i = 0; i < list->len; i++)
        if (list->at[i].number > count)
            count = list->at[i].number;
    return count;
}

static size_t find(const struct plan_statement_list *list, size_t number)
{
    size_t i = 0;
    while (i < list->len && list->at[i].number != number)
        i++;
    return i;
}

const struct plan_statement *plan_live_rendered(const struct plan_step *step, size_t number)
{
    const struct plan_statement_list *list = rendered(step);
    size_t i = number ? find(list, number) : list->len;
    return i < list->len ? &list->at[i] : NULL;
}

size_t plan_live_place(const struct plan_step *step, size_t number)
{
    return find(&step->statements, number);
}

static bool check(const struct plan *plan, size_t step, size_t statement, struct err *err)
{
    if (plan->arena && step < plan->steps.len && plan->steps.at[step].live &&
        statement <= plan->steps.at[step].statements.len)
        return true;
    return err_set(err, ERR_USAGE, "the plan has no live step with such a statement");
}

static void count_up(struct plan_statement_list *list, size_t from, int by)
{
    for (size_t i = 0; i < list->len; i++)
        if (list->at[i].number >= from)
            list->at[i].number += (size_t)by;
}

/* Where one with that number belongs in what was rendered: behind the one before it. */
static size_t place_in(const struct plan_statement_list *list, size_t number, size_t otherwise)
{
    size_t next = find(list, number);
    if (next < list->len)
        return next;
    size_t last = number > 1 ? find(list, number - 1) : list->len;
    if (last < list->len)
        return last + 1;
    return otherwise < list->len ? otherwise : list->len;
}

bool plan_live_take(struct plan *plan, size_t step, size_t statement, size_t number,
                    const struct plan_statement *taken, struct err *err)
{
    struct arena *a = plan->arena;
    if (!check(plan, step, statement, err))
        return false;
    struct plan_step *s = &plan->steps.at[step];
    struct plan_statement made = *taken;
    made.sql = made.rendered = arena_strdup(a, taken->sql);
    made.origin.file = arena_strdup(a, taken->origin.file);
    made.number = number;
    made.version_row = false;
    made.asked_before = s->asked.len;
    size_t in_original = place_in(&s->original, number, statement);
    count_up(&s->statements, number, 1);
    count_up(&s->original, number, 1);
    vec_insert(a, &s->statements, statement, made);
    if (s->edited)
        vec_insert(a, &s->original, in_original, made);
    plan->statement_count++;
    plan_arrange(a, s, plan->database.server_version);
    return true;
}

static size_t remove_all(struct plan_statement_list *list, size_t number)
{
    size_t kept = 0, before = list->len;
    for (size_t i = 0; i < before; i++)
        if (list->at[i].number != number)
            list->at[kept++] = list->at[i];
    list->len = kept;
    return before - kept;
}

bool plan_live_drop(struct plan *plan, size_t step, size_t number, struct err *err)
{
    if (!check(plan, step, 0, err))
        return false;
    struct plan_step *s = &plan->steps.at[step];
    plan->statement_count -= remove_all(&s->statements, number);
    remove_all(&s->original, number);
    count_up(&s->statements, number + 1, -1);
    count_up(&s->original, number + 1, -1);
    plan_find_segments(plan->arena, s);
    return true;
}

static void renew(struct arena *a, struct plan_statement_list *list, size_t number,
                  const char *sql)
{
    for (size_t i = 0; i < list->len; i++) {
        struct plan_statement *s = &list->at[i];
        if (s->number != number)
            continue;
        if (str_eq(s->sql, s->rendered))
            s->sql = arena_strdup(a, sql);
        s->rendered = arena_strdup(a, sql);
    }
}

bool plan_live_renew(struct plan *plan, size_t step, size_t number, const char *sql,
                     struct err *err)
{
    if (!check(plan, step, 0, err))
        return false;
    renew(plan->arena, &plan->steps.at[step].statements, number, sql);
    renew(plan->arena, &plan->steps.at[step].original, number, sql);
    return true;
}
