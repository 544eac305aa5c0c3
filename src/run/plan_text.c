#include "config.h"

#include "run/plan_text.h"

#include <string.h>

#include "base/arena.h"
#include "base/diff.h"
#include "base/str.h"
#include "run/plan_asked.h"
#include "run/plan_bridge.h"
#include "run/plan_walk.h"
#include "run/script.h"
#include "run/version_sql.h"

struct text {
    struct arena *arena;
    const struct plan *plan;
    struct str *out;
};

const char *plan_count(struct arena *a, size_t count, const char *noun)
{
    return arena_printf(a, "%zu %s%s", count, noun, count == 1 ? "" : "s");
}

static void add_names(struct str *out, const struct name_list *names)
{
    for (size_t i = 0; i < names->len; i++)
        str_addf(out, "%s%s", i ? ", " : "", names->at[i]);
    if (!names->len)
        str_add(out, "no revision");
}

/* A revision that cannot keep the whole run in one transaction; NULL: none. */
static const char *scope_breaker(const struct plan *plan)
{
    for (size_t i = 0; i < plan->steps.len; i++)
        if (plan->steps.at[i].segments.len > 1 ||
            (plan->steps.at[i].segments.len && !plan->steps.at[i].segments.at[0].in_transaction))
            return plan->steps.at[i].id;
    return NULL;
}

static void add_head(struct text *t)
{
    const struct plan *plan = t->plan;
    str_addf(t->out, "%s to %s", plan_verb_name(plan->verb), plan->target);
    if (plan->database.name && *plan->database.name)
        str_addf(t->out, " in database %s", plan->database.name);
    str_addf(t->out, ": %s, %s\n", plan_count(t->arena, plan->steps.len, "revision"),
             plan_count(t->arena, plan->statement_count, "statement"));
    str_add(t->out, "the database is at ");
    add_names(t->out, &plan->rows);
    if (plan->scope == PLAN_SCOPE_REVISION) {
        str_add(t->out, "; a transaction for each revision\n");
        return;
    }
    const char *breaker = scope_breaker(plan);
    str_add(t->out, "; one transaction for the whole run");
    if (breaker)
        str_addf(t->out, ", but revision %s commits in its middle", breaker);
    str_addc(t->out, '\n');
}

/* Further lines of a statement are indented as the first. */
static void add_indented(struct str *out, const char *sql, const char *indent)
{
    for (const char *p = sql; *p; p++) {
        str_addc(out, *p);
        if (*p == '\n')
            str_add(out, indent);
    }
}

/* Perhaps: then its ';' goes to a line of its own. */
static bool ends_in_comment(const char *sql)
{
    const char *last = strrchr(sql, '\n');
    return strstr(last ? last : sql, "--") != NULL;
}

static void add_note(struct str *notes, const char *text)
{
    if (text && *text)
        str_addf(notes, "%s%s", notes->len ? "; " : "", text);
}

const char *plan_statement_notes(struct arena *a, const struct plan_step *step,
                                 const struct plan_statement *s)
{
    const struct sql_effect *effect = &s->effect;
    struct str notes = STR_IN(a);
    if (s->version_row)
        return "version table";
    if (step->bridge)
        return plan_bridge_note;
    if (!effect->known)
        add_note(&notes, "its grammar is not known here: lock and effect are for you to judge");
    add_note(&notes, sql_lock_text(a, effect));
    if (effect->rewrites)
        add_note(&notes, "may rewrite or read the whole table under it");
    if (effect->loses_data)
        add_note(&notes, arena_printf(a, "LOSES %s", effect->loses_data));
    if (!s->in_transaction)
        add_note(&notes, effect->concurrent ? "an index may stay INVALID when it is cut off"
                                            : "stays done, whatever follows");
    if (s->nondeterministic)
        add_note(&notes, "other values each time it is planned");
    if (!str_eq(s->sql, s->rendered))
        add_note(&notes, *s->rendered ? "EDITED" : "ADDED");
    if (s->origin.file && !str_eq(s->origin.file, step->file))
        add_note(&notes, arena_printf(a, "%s:%d", s->origin.file, s->origin.line));
    else if (s->origin.line > 0)
        add_note(&notes, arena_printf(a, "line %d", s->origin.line));
    return notes.ptr;
}

/* What was asked before statement i and behind the one before it, and where the preview ended. */
static void add_questions(struct text *t, const struct plan_step *step, size_t i)
{
    size_t from = i > 0 ? plan_asked_before(step, i - 1) : 0;
    for (; from < plan_asked_before(step, i); from++) {
        const struct live_asked *asked = &step->asked.at[from];
        const char *notes = plan_asked_notes(t->arena, step, asked);
        str_addf(t->out, "        %s\n", plan_asked_text(t->arena, asked));
        if (*notes)
            str_addf(t->out, "        -- %s\n", notes);
    }
    if (step->open && i == plan_own_end(step))
        str_addf(t->out, "        %s\n", plan_open_text(t->arena, step));
}

static void add_statement(struct text *t, const struct plan_step *step, size_t i)
{
    add_questions(t, step, i);
    const struct plan_statement *s = &step->statements.at[i];
    const char *notes = plan_statement_notes(t->arena, step, s);
    str_addf(t->out, "  %4zu. ", i + 1);
    add_indented(t->out, s->sql, "        ");
    str_add(t->out, ends_in_comment(s->sql) ? "\n        ;\n" : ";\n");
    if (*notes)
        str_addf(t->out, "        -- %s\n", notes);
}

static void add_step(struct text *t, size_t i)
{
    const struct plan_step *step = &t->plan->steps.at[i];
    str_addf(t->out, "\n%zu of %zu: %s%s%s\n", i + 1, t->plan->steps.len,
             script_step_name(t->arena, step), *step->doc ? ", " : "", step->doc);
    if (step->file)
        str_addf(t->out, "        %s\n", step->file);
    if (step->bridge)
        str_addf(t->out, "  BY ALEMBIC, since retort cannot evaluate it: %s\n",
                 plan_bridge_reason(t->arena, step));
    else if (step->live)
        str_addf(t->out, "  LIVE: %s%s%s\n", plan_live_note,
                 plan_is_outdated(step) ? ";\n        " : "",
                 plan_is_outdated(step) ? plan_outdated_note : "");
    else if (step->rendering.status != READING_OK)
        str_addf(t->out, "  CANNOT RUN: %s\n",
                 step->rendering.err.message ? step->rendering.err.message
                                             : "what it does depends on the database");
    else if (!step->statements.len)
        str_add(t->out, "  nothing\n");
    if (!step->statements.len)
        add_questions(t, step, 0);
}

static void add_course(struct text *t)
{
    struct plan_event_list events;
    plan_walk(t->arena, t->plan, &events);
    for (size_t i = 0; i < events.len; i++) {
        const struct plan_event *e = &events.at[i];
        switch (e->kind) {
        case PLAN_EVENT_STEP:
            add_step(t, e->step);
            break;
        case PLAN_EVENT_BEGIN:
            str_add(t->out, "  BEGIN\n");
            break;
        case PLAN_EVENT_COMMIT:
            str_add(t->out, "  COMMIT\n");
            break;
        case PLAN_EVENT_TABLE:
            str_add(t->out, "        ");
            add_indented(t->out, version_create_sql(t->arena, &t->plan->table), "        ");
            str_add(t->out, ";\n        -- version table\n");
            break;
        case PLAN_EVENT_STATEMENT:
            add_statement(t, &t->plan->steps.at[e->step], e->statement);
            break;
        }
    }
}

/* What is lost for good, once more at the end. */
static void add_losses(struct text *t)
{
    bool any = false;
    for (size_t i = 0; i < t->plan->steps.len; i++) {
        const struct plan_step *step = &t->plan->steps.at[i];
        for (size_t j = 0; j < step->statements.len; j++) {
            const struct plan_statement *s = &step->statements.at[j];
            if (!s->effect.loses_data || s->version_row)
                continue;
            str_add(t->out, any ? "" : "\nlost for good, once it is committed:\n");
            str_addf(t->out, "  %s, statement %zu: %s\n", step->id ? step->id : step->to, j + 1,
                     s->effect.loses_data);
            any = true;
        }
    }
}

static void add_timeouts(struct text *t, const struct timeouts *timeouts)
{
    bool used[N_TIMEOUT_CLASSES] = {false};
    if (!t->plan->statement_count)
        return;
    for (size_t i = 0; i < t->plan->steps.len; i++)
        for (size_t j = 0; j < t->plan->steps.at[i].statements.len; j++) {
            const struct plan_statement *s = &t->plan->steps.at[i].statements.at[j];
            used[timeouts_class(&s->effect, s->in_transaction, s->version_row)] = true;
        }
    str_add(t->out, "\ntimeouts:\n");
    for (int i = 0; i < N_TIMEOUT_CLASSES; i++)
        if (used[i])
            str_addf(t->out, "  %-13s %s\n", timeouts_class_name((enum timeout_class)i),
                     timeouts_text(t->arena, &timeouts->rules[i]));
}

void plan_text(struct arena *a, const struct plan *plan, const struct timeouts *timeouts,
               struct str *out)
{
    struct text t = {a, plan, out};
    add_head(&t);
    add_course(&t);
    add_losses(&t);
    add_timeouts(&t, timeouts);
}

/* -- what was edited ----------------------------------------------------------------------------
 */

static const char *statements_text(struct arena *a, const struct plan_statement_list *statements)
{
    struct str out = STR_IN(a);
    bool open = true;
    for (size_t i = 0; i < statements->len; i++) {
        const struct plan_statement *s = &statements->at[i];
        if (s->in_transaction != open)
            str_add(&out, open ? "COMMIT;\n" : "BEGIN;\n");
        str_addf(&out, "%s;\n", s->sql);
        open = s->in_transaction && (s->version_row || s->effect.control != SQL_CONTROL_COMMIT);
    }
    return out.ptr;
}

void plan_diff(struct arena *a, const struct plan *plan, struct str *out)
{
    for (size_t i = 0; i < plan->steps.len; i++) {
        const struct plan_step *step = &plan->steps.at[i];
        if (!step->edited)
            continue;
        const char *name = script_step_name(a, step);
        diff_unified(arena_printf(a, "%s, as rendered", name), arena_printf(a, "%s, edited", name),
                     statements_text(a, &step->original), statements_text(a, &step->statements),
                     out);
    }
}
