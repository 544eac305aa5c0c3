#include "config.h"

#include "run/plan_script.h"

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "postgres/version.h"
#include "run/plan_asked.h"
#include "run/plan_walk.h"
#include "run/script.h"
#include "run/version_sql.h"
#include "sql/psql.h"

struct exporter {
    struct arena *arena;
    const struct plan *plan;
    const struct timeouts *timeouts;
    struct timeout_rule limits; /* as the script has set them so far */
    bool plan_sets_limits;      /* a statement of the plan does: its word counts from then on */
    struct str *out;
    struct err *err;
};

/* In a comment: no line end may end it. */
static void add_comment(struct str *out, const char *text)
{
    for (; *text; text++)
        str_addc(out, *text == '\n' || *text == '\r' ? ' ' : *text);
}

static void add_quoted(struct str *out, const char *text)
{
    str_addc(out, '\'');
    for (; *text; text++)
        str_add(out, *text == '\'' ? "''" : (const char[]){*text, '\0'});
    str_addc(out, '\'');
}

/* The rows that the plan begins with, as the run checks them. */
static bool add_check(struct exporter *e)
{
    struct str sql = STR_IN(e->arena);
    if (e->plan->create_version_table)
        return true; /* creating it fails where it is there */
    str_add(&sql, "DO $retort$\nBEGIN\n    IF EXISTS (\n        (");
    str_add(&sql, version_read_sql(e->arena, &e->plan->table));
    str_add(&sql, ")\n        EXCEPT ALL SELECT unnest(ARRAY[");
    for (size_t i = 0; i < e->plan->rows.len; i++) {
        str_add(&sql, i ? ", " : "");
        add_quoted(&sql, e->plan->rows.at[i]);
    }
    str_addf(&sql, "]::text[])\n    ) OR (SELECT count(*) FROM (%s) AS t) <> %zu THEN\n",
             version_read_sql(e->arena, &e->plan->table), e->plan->rows.len);
    str_add(&sql, "        RAISE EXCEPTION 'the version table is not as it was planned';\n"
                  "    END IF;\nEND\n$retort$");
    return sql_psql(e->out, sql.ptr, e->err);
}

static void add_head(struct exporter *e)
{
    struct str line = STR_IN(e->arena);
    str_addf(&line, "%s to %s", plan_verb_name(e->plan->verb), e->plan->target);
    if (e->plan->database.name && *e->plan->database.name)
        str_addf(&line, ", planned for database %s", e->plan->database.name);
    str_add(e->out, "-- ");
    add_comment(e->out, line.ptr);
    str_add(e->out, "\n\\set ON_ERROR_STOP on\n\\set AUTOCOMMIT on\n\\encoding UTF8\n"
                    "SET standard_conforming_strings = on;\n");
}

static void add_step(struct exporter *e, size_t i)
{
    const struct plan_step *step = &e->plan->steps.at[i];
    str_addf(e->out, "\n-- %zu of %zu: ", i + 1, e->plan->steps.len);
    add_comment(e->out, script_step_name(e->arena, step));
    str_add(e->out, *step->doc ? ", " : "");
    add_comment(e->out, step->doc);
    str_addc(e->out, '\n');
    if (step->live)
        str_add(e->out,
                "-- it asks the database: these statements are for the answers that it gave "
                "when this was planned\n");
}

static void add_limits(struct exporter *e, enum timeout_class class)
{
    const struct timeout_rule *wanted = &e->timeouts->rules[class];
    const char *sql = e->plan_sets_limits ? NULL : timeouts_sql(e->arena, &e->limits, wanted);
    if (!sql)
        return;
    e->limits = *wanted;
    str_addf(e->out, "%s;\n", sql);
}

static bool add_statement(struct exporter *e, const struct plan_step *step, size_t i)
{
    const struct plan_statement *s = &step->statements.at[i];
    add_limits(e, timeouts_class(&s->effect, s->in_transaction, s->version_row));
    if (s->effect.sets_timeouts != SQL_SETS_NOTHING)
        e->plan_sets_limits = true;
    if (s->effect.control == SQL_CONTROL_SAVEPOINT) /* going back to one takes back what was set */
        e->limits.lock_timeout = e->limits.statement_timeout = INT64_MIN;
    if (sql_psql(e->out, s->sql, e->err))
        return true;
    e->err->statement = mem_strdup(s->sql);
    return err_at(e->err, s->origin.file ? s->origin.file : step->file, s->origin.line,
                  s->origin.column);
}

static bool add_event(struct exporter *e, const struct plan_event *event)
{
    switch (event->kind) {
    case PLAN_EVENT_STEP:
        add_step(e, event->step);
        return true;
    case PLAN_EVENT_BEGIN:
        str_add(e->out, "BEGIN;\n");
        return true;
    case PLAN_EVENT_COMMIT:
        str_add(e->out, "COMMIT;\n");
        return true;
    case PLAN_EVENT_TABLE:
        add_limits(e, TIMEOUTS_VERSION);
        return sql_psql(e->out, version_create_sql(e->arena, &e->plan->table), e->err);
    case PLAN_EVENT_STATEMENT:
        break;
    }
    return add_statement(e, &e->plan->steps.at[event->step], event->statement);
}

/* A script cannot ask: it has the answers of the time when it was planned, so they must stand. */
static void why_not_alone(const struct plan_step *step, struct err *err)
{
    if (step->open)
        err_set(err, ERR_COMMAND, "what revision %s does is not known to its end: %s", step->id,
                step->open_reason ? step->open_reason : "");
    else if (plan_is_outdated(step))
        err_set(err, ERR_COMMAND,
                "what revision %s does depends on what the revisions before it change", step->id);
    if (err->code != ERR_NONE)
        err_hint(err, "let retort run it: it asks when its turn comes");
}

/* psql cannot do what Alembic is to do. */
static bool is_all_sql(const struct plan *plan, struct err *err)
{
    for (size_t i = 0; i < plan->steps.len; i++) {
        const struct plan_step *step = &plan->steps.at[i];
        if (step->bridge)
            err_set(err, ERR_COMMAND,
                    "revision %s is carried out by Alembic: it is no SQL for a script", step->id);
        else if (step->live)
            why_not_alone(step, err);
        if (err->code != ERR_NONE)
            return err_at(err, step->file, step->open_at.line, step->open_at.column);
    }
    return true;
}

bool plan_script(struct arena *a, const struct plan *plan, const struct timeouts *timeouts,
                 struct str *out, struct err *err)
{
    struct exporter e = {
        .arena = a,
        .plan = plan,
        .timeouts = timeouts,
        .limits = {.lock_timeout = TIMEOUT_SERVER, .statement_timeout = TIMEOUT_SERVER},
        .out = out,
        .err = err};
    struct plan_event_list events;
    if (!plan_is_runnable(plan, err) || !is_all_sql(plan, err))
        return false;
    add_head(&e);
    if (!add_check(&e))
        return false;
    plan_walk(a, plan, &events);
    for (size_t i = 0; i < events.len; i++)
        if (!add_event(&e, &events.at[i]))
            return false;
    return true;
}
