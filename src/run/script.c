#include "config.h"

#include "run/script.h"

#include <string.h>

#include "base/arena.h"
#include "run/version_sql.h"

void script_add(struct str *out, const char *sql)
{
    struct str text = STR_INIT;
    str_add(&text, sql);
    str_trim(&text);
    str_addf(out, "%s;\n\n", text.ptr);
    str_clear(&text);
}

const char *script_step_name(struct arena *a, const struct plan_step *step)
{
    static const char *const verbs[] = {
        [PLAN_UPGRADE] = "upgrade",
        [PLAN_DOWNGRADE] = "downgrade",
        [PLAN_STAMP] = "stamp_revision",
    };
    return arena_printf(a, "%s %s -> %s", verbs[step->verb], step->from, step->to);
}

/* Statements with what was printed between them, and with the seams of autocommit blocks. */
static void add_rendering(const struct rendering *rendering, bool transactional, struct str *out)
{
    const struct revision_prints *prints = &rendering->prints;
    size_t printed = 0;
    for (size_t i = 0;; i++) {
        for (; printed < prints->len && prints->at[printed].before <= i; printed++)
            str_add(out, prints->at[printed].text);
        if (i == rendering->statements.len)
            break;
        const struct statement *s = &rendering->statements.at[i];
        if (s->kind == STATEMENT_SQL || transactional)
            script_add(out, s->sql);
    }
}

static bool add_step(struct arena *a, const struct plan_step *step,
                     const struct version_table *table, const struct env_options *options,
                     struct str *out, struct err *err)
{
    bool own_transaction = options->transaction_per_migration && options->transactional_ddl;
    if (own_transaction)
        script_add(out, "BEGIN");
    if (!step->rows_before.len)
        script_add(out, version_create_sql(a, table));
    str_addf(out, "-- Running %s\n\n", script_step_name(a, step));
    add_rendering(&step->rendering, options->transactional_ddl, out);
    if (step->rendering.status != READING_OK) {
        err_copy(err, &step->rendering.err);
        return err_at(err, step->file, 0, 0);
    }
    for (size_t i = 0; i < step->changes.len; i++)
        script_add(out, version_change_sql(a, table, &step->changes.at[i]));
    add_rendering(&step->applied, options->transactional_ddl, out);
    if (own_transaction)
        script_add(out, "COMMIT");
    return true;
}

bool script_of_plan(struct arena *a, const struct plan *plan, const struct version_table *table,
                    const struct env_options *options, struct str *out, struct err *err)
{
    for (size_t i = 0; i < plan->steps.len; i++)
        if (!add_step(a, &plan->steps.at[i], table, options, out, err))
            return false;
    return true;
}

struct env_writer {
    struct arena *arena;
    const struct alembic_project *project;
    script_body_fn body;
    void *payload;
};

static bool add_execute(const struct env_writer *w, const struct env_step *step, struct str *out,
                        struct err *err)
{
    struct statement_list statements = {0};
    bool ok = rendering_env_step(w->arena, w->project, step, &statements, err);
    for (size_t i = 0; i < statements.len; i++)
        script_add(out, statements.at[i].sql);
    return ok;
}

static bool add_env_step(const struct env_writer *w, const struct env_step *step, struct str *out,
                         struct err *err)
{
    const struct env_options *options = step->options;
    bool around_all =
        options && options->transactional_ddl && !options->transaction_per_migration;
    switch (step->kind) {
    case ENV_EXECUTE:
        return add_execute(w, step, out, err);
    case ENV_STATIC:
        str_addf(out, "%s\n\n", step->text);
        return true;
    case ENV_PRINT:
        str_add(out, step->text);
        return true;
    case ENV_BEGIN:
    case ENV_END:
        if (around_all)
            script_add(out, step->kind == ENV_BEGIN ? "BEGIN" : "COMMIT");
        return true;
    case ENV_RUN:
        break;
    }
    if (!options)
        return err_set(err, ERR_CONFIG, "env.py runs migrations before context.configure()");
    return w->body(out, step, w->payload, err);
}

bool script_of_env(struct arena *a, const struct alembic_project *project,
                   const struct env_script *env, script_body_fn body, void *payload,
                   struct str *out, struct err *err)
{
    const struct env_writer writer = {a, project, body, payload};
    for (size_t i = 0; i < env->steps.len; i++)
        if (!add_env_step(&writer, &env->steps.at[i], out, err))
            return false;
    return true;
}
