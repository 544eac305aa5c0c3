#include "config.h"

#include "run/plan_summary.h"

#include "base/arena.h"
#include "base/map.h"
#include "base/str.h"
#include "run/plan.h"
#include "run/plan_asked.h"
#include "run/plan_bridge.h"

enum { MOST_NAMED = 5 }; /* tables */

/* The statements of a plan, one after the other; at is where the walk is. */
static const struct plan_statement *next_statement(const struct plan *plan, struct position *at)
{
    for (; at->step < plan->steps.len; at->step++, at->statement = 0) {
        const struct plan_statement_list *statements = &plan->steps.at[at->step].statements;
        if (at->statement < statements->len)
            return &statements->at[at->statement++];
    }
    return NULL;
}

const char *plan_loses(const struct plan *plan)
{
    struct position at = {0};
    for (const struct plan_statement *s; (s = next_statement(plan, &at));)
        if (!s->version_row && s->effect.loses_data)
            return s->effect.loses_data;
    return NULL;
}

/* The first of the names, and how many more there are. */
static void add_most(struct str *out, const struct map *names, const char *first,
                     const char *between)
{
    for (size_t i = 0; i < names->len && i < MOST_NAMED; i++)
        str_addf(out, "%s%s", i == 0 ? first : between, names->at[i].key);
    if (names->len > MOST_NAMED)
        str_addf(out, " and %zu more", names->len - MOST_NAMED);
}

/* "ACCESS EXCLUSIVE on user, scope": the strongest lock, and who is locked so. */
static void add_locks(const struct plan *plan, struct str *out)
{
    enum sql_lock strongest = SQL_LOCK_NONE;
    struct position at = {0};
    for (const struct plan_statement *s; (s = next_statement(plan, &at));)
        if (!s->version_row && s->effect.lock > strongest)
            strongest = s->effect.lock;
    if (strongest == SQL_LOCK_NONE)
        return;
    struct map tables = {0};
    at = (struct position){0};
    for (const struct plan_statement *s; (s = next_statement(plan, &at));)
        for (size_t k = 0; k < s->effect.locked.len; k++)
            if (s->effect.locked.at[k].lock == strongest)
                map_put(&tables, s->effect.locked.at[k].relation, NULL);
    str_addf(out, "locks        %s", sql_lock_name(strongest));
    add_most(out, &tables, " on ", ", ");
    str_addc(out, '\n');
    map_clear(&tables);
}

/* "! dd44 loses data: column total of invoice (about 20000 rows)": whatever their number. */
static void add_losses(const struct plan *plan, const struct plan_table_rows_list *tables,
                       struct str *out)
{
    struct arena *a = arena_new();
    struct position at = {0};
    for (const struct plan_statement *s; (s = next_statement(plan, &at));) {
        const char *id = plan->steps.at[at.step].id;
        const char *loss = s->version_row ? NULL : plan_loss_text(a, &s->effect, tables);
        if (loss)
            str_addf(out, "! %s loses data: %s\n", id ? id : "the plan", loss);
    }
    arena_free(a);
}

/* Revisions of which nothing is known: Alembic carries them out. */
static void add_bridged(const struct plan *plan, struct str *out)
{
    size_t count = 0;
    for (size_t i = 0; i < plan->steps.len; i++)
        if (plan->steps.at[i].bridge)
            str_addf(out, "%s%s", count++ ? ", " : "! by Alembic: ", plan->steps.at[i].id);
    if (count)
        str_addf(out, "\n  %s\n", plan_bridge_note);
}

/* What the reader of a plan must not miss. */
static void add_risks(const struct plan *plan, const struct plan_table_rows_list *tables,
                      struct str *out)
{
    size_t outside = 0, unknown = 0, rewrites = 0;
    struct position at = {0};
    for (const struct plan_statement *s; (s = next_statement(plan, &at));) {
        if (plan->steps.at[at.step].bridge)
            continue;
        outside += !s->in_transaction;
        unknown += !s->effect.known;
        rewrites += s->effect.rewrites;
    }
    add_losses(plan, tables, out);
    add_bridged(plan, out);
    if (outside > 0)
        str_addf(out, "! outside a transaction, cannot be rolled back: %zu\n", outside);
    if (rewrites > 0)
        str_addf(out, "! may rewrite or scan a whole table under its lock: %zu\n", rewrites);
    if (unknown > 0)
        str_addf(out, "! not known to the parser: %zu\n", unknown);
}

static void add_names(struct str *out, const struct name_list *rows)
{
    if (rows->len == 0)
        str_add(out, "base");
    for (size_t i = 0; i < rows->len; i++)
        str_addf(out, "%s%s", i ? ", " : "", rows->at[i]);
}

/* What will run is not what the files say. */
static void add_edits(const struct plan *plan, struct str *out)
{
    bool first = true;
    for (size_t i = 0; i < plan->steps.len; i++) {
        const struct plan_step *step = &plan->steps.at[i];
        if (!step->edited)
            continue;
        str_addf(out, "%s%s", first ? "* edited     " : ", ", step->id ? step->id : step->to);
        first = false;
    }
    if (!first)
        str_addc(out, '\n');
}

/* What a preview has shown, and cannot promise. */
static void add_live(const struct plan *plan, struct str *out)
{
    size_t open, live = plan_live_steps(plan, &open);
    bool outdated = false;
    if (live == 0)
        return;
    for (size_t i = 0; i < plan->steps.len; i++)
        outdated = outdated || plan_is_outdated(&plan->steps.at[i]);
    if (open > 0)
        str_addf(out, "! not known to %s end: %zu; more statements may come\n",
                 open == 1 ? "its" : "their", open);
    str_addf(out, "live         %zu revision%s ask%s the database: evaluated again when it runs\n",
             live, live == 1 ? "" : "s", live == 1 ? "s" : "");
    str_add(out, "             it stops before a statement that is not the one shown here\n");
    if (outdated)
        str_add(out,
                "             but behind an answer of the state before, only before a new loss\n");
}

void plan_summary(const struct plan *plan, const char *database,
                  const struct plan_table_rows_list *tables, struct str *out)
{
    const struct name_list *after =
        plan->steps.len > 0 ? &vec_last(&plan->steps).rows_after : &plan->rows;
    str_addf(out, "database     %s\n", database);
    str_addf(out, "%-12s %s\n", plan_verb_name(plan->verb), plan->target ? plan->target : "");
    str_add(out, "from         ");
    add_names(out, &plan->rows);
    str_add(out, "\nto           ");
    add_names(out, after);
    str_addf(out, "\nplan         %zu revision%s, %zu statement%s\n", plan->steps.len,
             plan->steps.len == 1 ? "" : "s", plan->statement_count,
             plan->statement_count == 1 ? "" : "s");
    if (plan->warning)
        str_addf(out, "! %s\n", plan->warning);
    add_risks(plan, tables, out);
    add_edits(plan, out);
    add_live(plan, out);
    add_locks(plan, out);
    str_addf(out, "transaction  %s\n",
             plan->scope == PLAN_SCOPE_REVISION
                 ? "one for each revision: what is committed stays if a later one fails"
                 : "one around everything: a failure undoes all of it");
    if (plan->create_version_table)
        str_add(out, "first        the version table is created\n");
}
