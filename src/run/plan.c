#include "config.h"

#include "run/plan.h"

#include "alembic/project.h"
#include "base/arena.h"
#include "base/str.h"
#include "base/thread.h"
#include "python/refusals.h"
#include "run/plan_bridge.h"
#include "run/plan_preview.h"
#include "run/readings.h"
#include "run/version_sql.h"

struct planner {
    struct arena *arena;
    struct alembic_project *project;
    const struct graph *graph;
    struct plan *plan;
    const struct env_step *run; /* of env.py; NULL: it has none */
    enum reading_purpose purpose;
    struct version_table table;
    struct sql_context context; /* what earlier steps of the plan created */
    struct name_list rows;      /* as the steps so far leave them */
    struct plan_previewer previewer; /* of steps that ask the database */
};

const char *plan_verb_name(enum plan_verb verb)
{
    static const char *const names[] = {
        [PLAN_UPGRADE] = "upgrade", [PLAN_DOWNGRADE] = "downgrade", [PLAN_STAMP] = "stamp"};
    return names[verb];
}

const char *plan_scope_name(enum plan_scope scope)
{
    return scope == PLAN_SCOPE_RUN ? "run" : "revision";
}

bool plan_scope_parse(const char *name, enum plan_scope *out)
{
    for (int i = PLAN_SCOPE_REVISION; i <= PLAN_SCOPE_RUN; i++)
        if (str_eq(plan_scope_name((enum plan_scope)i), name)) {
            *out = (enum plan_scope)i;
            return true;
        }
    return false;
}

static const char *join(struct arena *a, const struct name_list *names)
{
    struct str out = STR_IN(a);
    for (size_t i = 0; i < names->len; i++)
        str_addf(&out, "%s%s", i ? ", " : "", names->at[i]);
    return out.ptr;
}

static struct name_list copy_names(struct arena *a, const struct name_list *names)
{
    struct name_list out = {0};
    for (size_t i = 0; i < names->len; i++)
        vec_push(a, &out, names->at[i]);
    return out;
}

static struct plan_step *new_step(struct planner *p, enum plan_verb verb, struct revision *revision)
{
    struct plan_step step = {.verb = verb, .revision = revision, .from = "", .to = ""};
    if (revision) {
        step.id = revision->header->id;
        step.file = revision->header->path;
    }
    step.doc = revision ? revision->header->doc : "";
    step.rendering.status = READING_OK;
    step.rows_before = copy_names(p->arena, &p->rows);
    vec_push(p->arena, &p->plan->steps, step);
    return &vec_last(&p->plan->steps);
}

void plan_add_rendering(struct arena *a, const struct rendering *rendering, bool transactional,
                        struct plan_statement_list *out)
{
    bool in_transaction = true;
    size_t number = 0;
    for (size_t i = 0; i < rendering->statements.len; i++) {
        const struct statement *s = &rendering->statements.at[i];
        if (s->kind != STATEMENT_SQL) {
            in_transaction = !transactional || s->kind == STATEMENT_BEGIN;
            continue;
        }
        vec_push(a, out,
                 ((struct plan_statement){.sql = s->sql,
                                          .rendered = s->sql,
                                          .origin = s->origin,
                                          .in_transaction = in_transaction,
                                          .nondeterministic = s->nondeterministic,
                                          .number = ++number}));
    }
}

/* What on_version_apply prints and executes, behind the version rows. */
static bool add_applied(struct planner *p, struct plan_step *step, struct env_applied *applied,
                        struct err *err)
{
    struct env_steps done = {0};
    struct rendering *r = &step->applied;
    applied->heads = copy_names(p->arena, &p->rows);
    applied->run = p->run;
    if (!alembic_env_applied(p->run ? p->run->options : NULL, applied, &done, err))
        return false;
    for (size_t i = 0; i < done.len; i++) {
        if (done.at[i].kind == ENV_PRINT)
            vec_push(p->arena, &r->prints,
                     ((struct revision_print){r->statements.len, done.at[i].text}));
        else if (done.at[i].kind == ENV_EXECUTE &&
                 !rendering_env_step(p->arena, p->project, &done.at[i], &r->statements, err))
            return false;
    }
    for (size_t i = 0; i < r->statements.len; i++)
        vec_push(p->arena, &step->statements,
                 ((struct plan_statement){.sql = r->statements.at[i].sql,
                                          .rendered = r->statements.at[i].sql,
                                          .origin = r->statements.at[i].origin,
                                          .in_transaction = true}));
    p->plan->statement_count += r->statements.len;
    return true;
}

/* The version rows come last, each change one statement. */
static void add_version_rows(struct planner *p, struct plan_step *step)
{
    for (size_t i = 0; i < step->changes.len; i++) {
        const char *sql = version_change_sql(p->arena, &p->table, &step->changes.at[i]);
        vec_push(p->arena, &step->statements,
                 ((struct plan_statement){
                     .sql = sql, .rendered = sql, .in_transaction = true, .version_row = true}));
    }
    step->rows_after = copy_names(p->arena, &p->rows);
    p->plan->statement_count += step->statements.len;
}

static struct name_list ids_of(struct arena *a, const struct revision_list *revisions)
{
    struct name_list out = {0};
    for (size_t i = 0; i < revisions->len; i++)
        vec_push(a, &out, revisions->at[i]->header->id);
    return out;
}

/* The steps of revisions, while they are read. */
struct stepper {
    struct planner *planner;
    const struct step_list *steps;
    struct arena *scratch; /* of one rendering */
    struct err *err;
};

/* As it is read without a database, or as a preview sees it. */
static bool render_step(struct stepper *stepper, size_t i, struct revision_reading *reading,
                        struct plan_step *step)
{
    struct planner *p = stepper->planner;
    p->previewer.asked_before.len = 0;
    if (plan_previewer_wants(&p->previewer, reading))
        return plan_preview_step(&p->previewer, i, reading, stepper->scratch, &p->context, step,
                                 stepper->err);
    rendering_of(p->arena, stepper->scratch, step->file, reading, &p->context, &step->rendering);
    return true;
}

static bool add_revision_step(size_t i, struct revision_reading *reading, void *payload)
{
    struct stepper *stepper = payload;
    struct planner *p = stepper->planner;
    const struct step *s = &stepper->steps->at[i];
    if (thread_is_cancelled()) /* and the reading may not be what the file says */
        return err_set(stepper->err, ERR_CANCELLED, "cancelled");
    bool up = s->direction == DIRECTION_UPGRADE;
    const char *id = s->revision->header->id;
    const char *down = join(p->arena, &s->revision->header->down);
    struct plan_step *step = new_step(p, up ? PLAN_UPGRADE : PLAN_DOWNGRADE, s->revision);
    step->from = up ? down : id;
    step->to = up ? id : down;
    arena_reset(stepper->scratch);
    if (!render_step(stepper, i, reading, step))
        return false;
    if (!graph_step_changes(p->arena, p->graph, &p->rows, s, &step->changes, stepper->err))
        return false;
    vec_reserve(p->arena, &step->statements, step->rendering.statements.len + step->changes.len);
    plan_add_rendering(p->arena, &step->rendering, p->project->env.transactional_ddl,
                       &step->statements);
    plan_preview_number(&p->previewer, step);
    add_version_rows(p, step);
    struct env_applied applied = {.is_upgrade = up, .down = ids_of(p->arena, &s->revision->ndown)};
    vec_push(p->arena, &applied.up, id);
    /* The step that cannot be read is the one to tell of. */
    return (step->rendering.status != READING_OK && !step->live) ||
           add_applied(p, step, &applied, stepper->err);
}

static bool add_revision_steps(struct planner *p, const struct step_list *steps, struct err *err)
{
    struct arena *scratch = arena_new();
    struct stepper stepper = {p, steps, scratch, err};
    struct reading_request *requests = ARENA_ARRAY(p->arena, steps->len, struct reading_request);
    for (size_t i = 0; i < steps->len; i++)
        requests[i] = (struct reading_request){.path = steps->at[i].revision->header->path,
                                               .direction = steps->at[i].direction,
                                               .purpose = p->purpose,
                                               .run = p->run};
    vec_reserve(p->arena, &p->plan->steps, steps->len);
    p->previewer.requests = requests;
    bool ok = readings_each(p->project, requests, steps->len, add_revision_step, &stepper);
    plan_previewer_close(&p->previewer);
    arena_free(scratch);
    return ok;
}

/* --purge: every row goes, before the first stamp. */
static struct row_change_list purge_changes(struct planner *p)
{
    struct row_change_list out = {0};
    for (size_t i = 0; i < p->rows.len; i++)
        vec_push(p->arena, &out, ((struct row_change){ROW_DELETE, p->rows.at[i], NULL}));
    return out;
}

static bool add_stamp_steps(struct planner *p, const struct plan_request *request, struct err *err)
{
    struct row_change_list purged = {0};
    struct stamp_list stamps = {0};
    struct name_list none = {0};
    if (request->purge)
        purged = purge_changes(p);
    if (!graph_stamp_steps(p->arena, p->graph, request->purge ? &none : &p->rows, &request->targets,
                           &stamps, err))
        return false;
    bool only_purged = purged.len && !stamps.len;
    if (only_purged)
        vec_push(p->arena, &stamps, ((struct stamp_step){.from = copy_names(p->arena, &p->rows)}));
    for (size_t i = 0; i < stamps.len; i++) {
        struct plan_step *step = new_step(p, PLAN_STAMP, NULL);
        step->from = join(p->arena, &stamps.at[i].from);
        step->to = join(p->arena, &stamps.at[i].to);
        for (size_t j = 0; i == 0 && j < purged.len; j++)
            vec_push(p->arena, &step->changes, purged.at[j]);
        for (size_t j = 0; j < stamps.at[i].changes.len; j++)
            vec_push(p->arena, &step->changes, stamps.at[i].changes.at[j]);
        for (size_t j = 0; j < step->changes.len; j++)
            version_change_apply(p->arena, &p->rows, &step->changes.at[j]);
        add_version_rows(p, step);
        bool up = stamps.at[i].is_upgrade;
        struct env_applied applied = {.is_stamp = true,
                                      .is_upgrade = up,
                                      .up = up ? stamps.at[i].to : stamps.at[i].from,
                                      .down = up ? stamps.at[i].from : stamps.at[i].to};
        if (!only_purged && !add_applied(p, step, &applied, err))
            return false;
    }
    return true;
}

static bool add_steps(struct planner *p, const struct plan_request *request, struct err *err)
{
    struct step_list steps = {0};
    switch (request->verb) {
    case PLAN_UPGRADE:
        return graph_upgrade_steps(p->arena, p->graph, &request->rows, request->target, &steps,
                                   err) &&
               add_revision_steps(p, &steps, err);
    case PLAN_DOWNGRADE:
        return graph_downgrade_steps(p->arena, p->graph, &request->rows, request->target, &steps,
                                     &p->plan->warning, err) &&
               add_revision_steps(p, &steps, err);
    case PLAN_STAMP:
        break;
    }
    return add_stamp_steps(p, request, err);
}

/* What env.py executes, before run_migrations() or after it. */
static bool env_statements(struct planner *p, const struct env_script *env, bool after,
                           struct plan_statement_list *out, struct err *err)
{
    bool ran = false, in_transaction = false;
    for (size_t i = 0; i < env->steps.len; i++) {
        const struct env_step *step = &env->steps.at[i];
        struct statement_list statements = {0};
        if (step->kind == ENV_BEGIN || step->kind == ENV_END)
            in_transaction = step->kind == ENV_BEGIN && p->plan->scope == PLAN_SCOPE_RUN;
        ran = ran || step->kind == ENV_RUN;
        if (step->kind != ENV_EXECUTE || ran != after)
            continue;
        if (!rendering_env_step(p->arena, p->project, step, &statements, err))
            return false;
        for (size_t j = 0; j < statements.len; j++)
            vec_push(p->arena, out,
                     ((struct plan_statement){.sql = statements.at[j].sql,
                                              .rendered = statements.at[j].sql,
                                              .origin = statements.at[j].origin,
                                              .in_transaction = in_transaction}));
    }
    return true;
}

/* What env.py sets for its connection before it runs the migrations (search_path) holds for what
 * they ask too. */
static bool find_settings(struct planner *p, const struct env_script *env, struct err *err)
{
    struct plan_statement_list before = {0};
    struct sql_effect effect;
    if (!env_statements(p, env, false, &before, err))
        return false;
    for (size_t i = 0; i < before.len; i++) {
        sql_classify(p->arena, before.at[i].sql, p->plan->database.server_version, &effect);
        if (effect.known && effect.statements == 1 && str_eq(effect.tag, "SET"))
            vec_push(p->arena, &p->previewer.settings, before.at[i].sql);
    }
    return true;
}

/* The first or the last step that retort itself carries out; NULL: none. */
static struct plan_step *own_step(struct plan *plan, bool last)
{
    for (size_t i = 0; i < plan->steps.len; i++) {
        struct plan_step *step = &plan->steps.at[last ? plan->steps.len - 1 - i : i];
        if (!step->bridge)
            return step;
    }
    return NULL;
}

/*
 * Puts what env.py executes around the steps; without any there is nothing to go around. Alembic
 * does that for its own.
 */
static bool add_env_statements(struct planner *p, const struct env_script *env, struct err *err)
{
    struct plan_statement_list before = {0}, after = {0};
    struct plan_step *first = own_step(p->plan, false), *last = own_step(p->plan, true);
    if (!first)
        return true;
    if (!env_statements(p, env, false, &before, err) || !env_statements(p, env, true, &after, err))
        return false;
    for (size_t i = 0; i < before.len; i++)
        vec_insert(p->arena, &first->statements, i, before.at[i]);
    for (size_t i = 0; i < after.len; i++)
        vec_push(p->arena, &last->statements, after.at[i]);
    p->plan->statement_count += before.len + after.len;
    return true;
}

struct plan_database plan_database_of(const struct server_info *info)
{
    return (struct plan_database){.identity = info->identity,
                                  .name = info->database,
                                  .oid = info->database_oid,
                                  .server_version = info->version};
}

struct version_table plan_version_table(const struct env_options *env)
{
    return (struct version_table){
        .name = env->version_table,
        .schema = env->version_table_schema,
        .primary_key = env->version_table_pk,
    };
}

enum plan_scope plan_default_scope(const struct env_options *env)
{
    return env->transaction_per_migration || !env->transactional_ddl ? PLAN_SCOPE_REVISION
                                                                     : PLAN_SCOPE_RUN;
}

static struct plan_database copy_database(struct arena *a, const struct plan_database *database)
{
    struct plan_database out = *database;
    out.identity = out.identity ? arena_strdup(a, out.identity) : "";
    out.name = out.name ? arena_strdup(a, out.name) : "";
    return out;
}

/* The files that the steps are made from besides their own, each once. */
static void add_files(struct planner *p)
{
    struct map seen = MAP_IN(p->arena);
    const struct alembic_project *project = p->project;
    if (project->env_fingerprint)
        vec_push(p->arena, &p->plan->files,
                 ((struct revision_module){project->env_path, project->env_fingerprint}));
    for (size_t i = 0; i < p->plan->steps.len; i++) {
        const struct revision_modules *modules = &p->plan->steps.at[i].rendering.modules;
        for (size_t j = 0; j < modules->len; j++) {
            if (map_has(&seen, modules->at[j].path))
                continue;
            map_put(&seen, modules->at[j].path, NULL);
            vec_push(p->arena, &p->plan->files, modules->at[j]);
        }
    }
}

bool plan_make(struct arena *a, struct alembic_project *project, const struct graph *graph,
               const struct plan_request *request, struct plan **out, struct err *err)
{
    const struct env_script *env = request->env ? request->env : &project->online;
    struct plan *plan = ARENA_NEW(a, struct plan);
    plan->arena = a;
    struct planner p = {
        .arena = a,
        .project = project,
        .graph = graph,
        .plan = plan,
        .run = request->run,
        .purpose = request->purpose,
        .table = plan_version_table(&project->env),
        .context = {.created_types = MAP_IN(a)},
        .rows = copy_names(a, &request->rows),
    };
    plan->verb = request->verb;
    plan->database = copy_database(a, &request->database);
    plan->table = p.table;
    plan->target = request->verb == PLAN_STAMP ? join(a, &request->targets) : request->target;
    plan->scope = request->scope;
    plan->scope_chosen = request->scope_chosen;
    plan->rows = copy_names(a, &request->rows);
    plan->create_version_table = !request->version_table_exists;
    p.previewer = (struct plan_previewer){
        .arena = a,
        .project = project,
        .source = request->purpose == READING_TO_EXECUTE ? request->preview : NULL,
        .table = plan->create_version_table ? &p.table : NULL};
    bool ok = (request->run || env_single_run(p.project, env, &p.run, err)) &&
              (!p.previewer.source || find_settings(&p, env, err)) && add_steps(&p, request, err);
    if (ok)
        plan_use_bridge(a, plan, request->bridge);
    if (!ok || (!request->run && !add_env_statements(&p, env, err))) {
        plan_clear(plan);
        return false;
    }
    add_files(&p);
    for (size_t i = 0; i < plan->steps.len && request->purpose == READING_TO_EXECUTE; i++)
        plan_arrange(a, &plan->steps.at[i], plan->database.server_version);
    *out = plan;
    return true;
}

struct name_list plan_rows_at(struct arena *a, const struct plan *plan, struct position at)
{
    struct name_list rows = copy_names(a, &plan->rows);
    for (size_t i = 0; i < plan->steps.len && i <= at.step; i++) {
        const struct plan_step *step = &plan->steps.at[i];
        size_t end = i < at.step ? step->statements.len : at.statement, change = 0;
        while (step->bridge && end > 0 && change < step->changes.len)
            version_change_apply(a, &rows, &step->changes.at[change++]);
        for (size_t j = 0; j < end; j++)
            if (step->statements.at[j].version_row && change < step->changes.len)
                version_change_apply(a, &rows, &step->changes.at[change++]);
    }
    return rows;
}

bool plan_statements_same(const struct plan_statement_list *a, const struct plan_statement_list *b)
{
    if (a->len != b->len)
        return false;
    for (size_t i = 0; i < a->len; i++)
        if (!str_eq(a->at[i].sql, b->at[i].sql) ||
            a->at[i].in_transaction != b->at[i].in_transaction)
            return false;
    return true;
}

bool plan_is_runnable(const struct plan *plan, struct err *err)
{
    for (size_t i = 0; i < plan->steps.len; i++) {
        const struct plan_step *step = &plan->steps.at[i];
        if (step->rendering.status == READING_OK || step->live || step->bridge)
            continue;
        if (step->rendering.err.code != ERR_NONE) {
            err_copy(err, &step->rendering.err);
        } else {
            err_set(err, ERR_PYTHON, "what revision %s does depends on the database", step->id);
            err_diagnose(err, py_refusal_code(PY_REFUSE_LIVE));
        }
        return err_at(err, step->file, 0, 0);
    }
    return plan_check(plan, err);
}

bool plan_is_current(const struct plan *plan, struct err *err)
{
    for (size_t i = 0; i < plan->steps.len; i++) {
        const struct plan_step *step = &plan->steps.at[i];
        uint64_t fingerprint = step->rendering.fingerprint;
        if (fingerprint &&
            !revision_is_unchanged(step->file, fingerprint, "the revision file", err))
            return false;
    }
    for (size_t i = 0; i < plan->files.len; i++)
        if (!revision_is_unchanged(plan->files.at[i].path, plan->files.at[i].fingerprint,
                                   "a file that the plan is made from", err))
            return false;
    return true;
}

void plan_clear(struct plan *plan)
{
    for (size_t i = 0; plan && i < plan->steps.len; i++)
        rendering_clear(&plan->steps.at[i].rendering);
}
