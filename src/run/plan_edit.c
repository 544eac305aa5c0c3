#include "config.h"

#include "run/plan_edit.h"

#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "run/plan_edit_private.h"
#include "sql/parse.h"

/* -- the text -----------------------------------------------------------------------------------
 */

static bool check_piece(struct arena *a, const char *sql, struct plan_doubt_list *doubts,
                        struct err *err)
{
    struct sql_problem problem;
    switch (sql_check(a, sql, &problem)) {
    case SQL_READ:
        return true;
    case SQL_UNKNOWN:
        if (doubts)
            vec_push(a, doubts, ((struct plan_doubt){sql, problem.message, problem.position}));
        return true;
    case SQL_BROKEN:
        break;
    }
    err_set(err, ERR_COMMAND, "this is no SQL: %s", problem.message);
    err->statement = mem_strdup(sql);
    err->position = problem.position;
    return false;
}

bool plan_edit_split(struct arena *a, const char *text, const struct plan_statement *from,
                     bool in_transaction, bool may_be_empty, struct plan_statement_list *out,
                     struct plan_doubt_list *doubts, struct err *err)
{
    struct sql_pieces pieces;
    sql_split(a, text, &pieces);
    if (!pieces.len && !may_be_empty)
        return err_set(err, ERR_COMMAND, "there is no statement in the text");
    for (size_t i = 0; i < pieces.len; i++) {
        struct plan_statement s = {.rendered = ""};
        if (from)
            s = *from;
        s.sql = arena_strndup(a, text + pieces.at[i].start, pieces.at[i].len);
        s.in_transaction = in_transaction;
        /* A text that was written is the same each time. */
        s.nondeterministic = s.nondeterministic && str_eq(s.sql, from->sql);
        if (!check_piece(a, s.sql, doubts, err))
            return false;
        vec_push(a, out, s);
    }
    return true;
}

/* -- the step -----------------------------------------------------------------------------------
 */

/* The statements of the version table are all there, unchanged and in their order. */
static bool keeps_version_rows(const struct plan_statement_list *before,
                               const struct plan_statement_list *after)
{
    size_t j = 0;
    for (size_t i = 0; i < before->len; i++) {
        if (!before->at[i].version_row)
            continue;
        while (j < after->len && !after->at[j].version_row)
            j++;
        if (j == after->len || !str_eq(before->at[i].sql, after->at[j].sql) ||
            before->at[i].in_transaction != after->at[j].in_transaction)
            return false;
        j++;
    }
    while (j < after->len && !after->at[j].version_row)
        j++;
    return j == after->len;
}

bool plan_edit_put(struct arena *a, struct plan *plan, size_t step,
                   const struct plan_statement_list *statements, struct err *err)
{
    struct plan_step *old = &plan->steps.at[step], edited = *old;
    if (old->bridge)
        return err_set(err, ERR_COMMAND,
                       "revision %s is carried out by Alembic; there is nothing to edit", old->id);
    if (old->rendering.status != READING_OK && !old->live)
        return err_set(err, ERR_COMMAND, "revision %s cannot run; there is nothing to edit",
                       old->id);
    if (!keeps_version_rows(&old->statements, statements)) {
        err_set(err, ERR_COMMAND, "the statements of the version table cannot be edited");
        return err_hint(err, "retort stamp changes the version table");
    }
    edited.statements = *statements;
    plan_arrange(a, &edited, plan->database.server_version);
    if (!plan_check_step(&edited, err))
        return false;
    if (!old->edited)
        edited.original = old->statements;
    edited.edited = !plan_statements_same(&edited.original, &edited.statements);
    if (!edited.edited) { /* what each was rendered as, and where, is known again */
        edited.statements = edited.original;
        edited.original = (struct plan_statement_list){0};
        plan_find_segments(a, &edited);
    }
    plan->statement_count += edited.statements.len - old->statements.len;
    *old = edited;
    return true;
}

/* -- one statement ------------------------------------------------------------------------------
 */

static bool check_place(const struct plan *plan, size_t step, size_t statement, struct err *err)
{
    if (step < plan->steps.len && statement < plan->steps.at[step].statements.len)
        return true;
    return err_set(err, ERR_USAGE, "the plan has no statement %zu in step %zu", statement + 1,
                   step + 1);
}

/* All statements, those of `with` in the place of count ones from first on. */
static struct plan_statement_list spliced(struct arena *a, const struct plan_step *step,
                                          size_t first, size_t count,
                                          const struct plan_statement_list *with)
{
    struct plan_statement_list out = {0};
    for (size_t i = 0; i < first; i++)
        vec_push(a, &out, step->statements.at[i]);
    for (size_t i = 0; i < with->len; i++)
        vec_push(a, &out, with->at[i]);
    for (size_t i = first + count; i < step->statements.len; i++)
        vec_push(a, &out, step->statements.at[i]);
    return out;
}

bool plan_edit_replace(struct arena *a, struct plan *plan, size_t step, size_t statement,
                       const char *text, struct plan_doubt_list *doubts, struct err *err)
{
    struct plan_statement_list with = {0}, all;
    if (!check_place(plan, step, statement, err))
        return false;
    const struct plan_statement *old = &plan->steps.at[step].statements.at[statement];
    if (!plan_edit_split(a, text, old, old->in_transaction, false, &with, doubts, err))
        return false;
    all = spliced(a, &plan->steps.at[step], statement, 1, &with);
    return plan_edit_put(a, plan, step, &all, err);
}

bool plan_edit_insert(struct arena *a, struct plan *plan, size_t step, size_t statement,
                      const char *text, bool in_transaction, struct plan_doubt_list *doubts,
                      struct err *err)
{
    struct plan_statement_list with = {0}, all;
    if (step >= plan->steps.len || statement > plan->steps.at[step].statements.len)
        return check_place(plan, step, statement, err);
    if (!plan_edit_split(a, text, NULL, in_transaction, false, &with, doubts, err))
        return false;
    all = spliced(a, &plan->steps.at[step], statement, 0, &with);
    return plan_edit_put(a, plan, step, &all, err);
}

bool plan_edit_remove(struct arena *a, struct plan *plan, size_t step, size_t statement,
                      struct err *err)
{
    struct plan_statement_list none = {0}, all;
    if (!check_place(plan, step, statement, err))
        return false;
    all = spliced(a, &plan->steps.at[step], statement, 1, &none);
    return plan_edit_put(a, plan, step, &all, err);
}

bool plan_edit_wrap(struct arena *a, struct plan *plan, size_t step, size_t statement,
                    bool in_transaction, struct err *err)
{
    struct plan_statement_list none = {0}, all;
    if (!check_place(plan, step, statement, err))
        return false;
    all = spliced(a, &plan->steps.at[step], 0, 0, &none);
    all.at[statement].in_transaction = in_transaction;
    return plan_edit_put(a, plan, step, &all, err);
}

void plan_edit_undo(struct arena *a, struct plan *plan, size_t step)
{
    struct plan_step *s = &plan->steps.at[step];
    if (!s->edited)
        return;
    plan->statement_count += s->original.len - s->statements.len;
    s->statements = s->original;
    s->original = (struct plan_statement_list){0};
    s->edited = false;
    plan_find_segments(a, s);
}

/* -- another plan -------------------------------------------------------------------------------
 */

static struct plan_step *find_step(struct plan *plan, const struct plan_step *like)
{
    for (size_t i = 0; i < plan->steps.len; i++)
        if (plan->steps.at[i].verb == like->verb && like->id &&
            str_eq(plan->steps.at[i].id, like->id))
            return &plan->steps.at[i];
    return NULL;
}

/* Their effects are found again when they are put. */
static struct plan_statement_list copied(struct arena *a, const struct plan_statement_list *from)
{
    struct plan_statement_list out = {0};
    for (size_t i = 0; i < from->len; i++) {
        struct plan_statement s = from->at[i];
        s.sql = arena_strdup(a, s.sql);
        s.rendered = arena_strdup(a, s.rendered);
        s.origin.file = arena_strdup(a, s.origin.file);
        vec_push(a, &out, s);
    }
    return out;
}

size_t plan_edit_carry(struct arena *a, const struct plan *from, struct plan *plan, size_t *lost)
{
    struct err ignored = ERR_INIT;
    size_t carried = 0;
    *lost = 0;
    for (size_t i = 0; i < from->steps.len; i++) {
        const struct plan_step *old = &from->steps.at[i];
        struct plan_step *step = old->edited ? find_step(plan, old) : NULL;
        if (!step)
            continue;
        struct plan_statement_list statements = copied(a, &old->statements);
        bool ok = plan_statements_same(&old->original, &step->statements) &&
                  plan_edit_put(a, plan, (size_t)(step - plan->steps.at), &statements, &ignored);
        carried += ok;
        *lost += !ok;
        err_clear(&ignored);
    }
    return carried;
}

bool plan_is_edited(const struct plan *plan)
{
    for (size_t i = 0; i < plan->steps.len; i++)
        if (plan->steps.at[i].edited)
            return true;
    return false;
}
