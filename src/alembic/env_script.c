/* Evaluating env.py: one hermetic run, and what it did. */
#include "config.h"

#include <string.h>

#include "alembic/env_run.h"
#include "alembic/models_private.h"
#include "alembic/modules.h"
#include "alembic/revision.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/source.h"
#include "base/str.h"
#include "config/config.h"
#include "config/ini.h"
#include "python/parse.h"
#include "python/run.h"

enum { SOURCE_MAX = 16 << 20 };

/* Budgets: env.py imports the models of a whole project, ten thousand tables and more. */
enum { ENV_STEPS = 20000000, MODELS_STEPS = 100000000 };
static const uint64_t ENV_MEMORY = (uint64_t)4 << 30;

static struct source *read_source(struct arena *a, struct alembic_project *project,
                                  const char *path, struct err *err)
{
    char *text;
    size_t len;
    const char *real = path_real(a, path);
    if (real && !project_owns(project, real)) {
        err_set(err, ERR_IO, "%s: a link to %s, which is outside of the project", path, real);
        err_hint(err, "only files of the project are opened: put the file itself there");
        return NULL;
    }
    if (!file_read(a, path, SOURCE_MAX, &text, &len, err))
        return NULL;
    project->env_fingerprint = revision_fingerprint(text, len);
    return py_source_new(a, path, text, len, err);
}

/* The interpreter asks for a module that is not native. */
static bool find_module(const char *dotted, struct py_found *found, struct err *err, void *payload)
{
    struct env_run *env = payload;
    uint64_t ignored;
    return project_find_module(env->project->arena, env->project, dotted, found, &ignored, err);
}

/* ---- one run ---- */

static void on_print(const char *text, size_t len, void *payload)
{
    struct env_run *env = payload;
    struct env_step step = {.kind = ENV_PRINT, .options = env->configured};
    step.text = arena_strndup(env->project->arena, text, len);
    step.arguments = MAP_IN(env->project->arena);
    vec_push(env->project->arena, &env->script->steps, step);
}

static int64_t wall_clock(void *payload)
{
    (void)payload;
    return clock_wall();
}

/* Values that differ from run to run are marked by the interpreter; these need not be secret. */
static void fill_random(unsigned char *bytes, size_t len, void *payload)
{
    struct env_run *env = payload;
    for (size_t i = 0; i < len; i++) {
        env->random = env->random * 6364136223846793005u + 1442695040888963407u;
        bytes[i] = (unsigned char)(env->random >> 56);
    }
}

static const struct py_environ *environ_rows(struct arena *a, const struct map *environ_)
{
    struct py_environ *rows = ARENA_ARRAY(a, environ_->len + 1, struct py_environ);
    for (size_t i = 0; i < environ_->len; i++) {
        rows[i].name = environ_->at[i].key;
        rows[i].value = environ_->at[i].value;
    }
    return rows;
}

static void keep_environ(struct py_run *run, void *payload)
{
    struct alembic_project *project = payload;
    struct map seen = env_environ(run);
    for (size_t i = 0; i < seen.len; i++)
        map_put(&project->environ, seen.at[i].key, seen.at[i].value);
}

/* What the run left: options, os.environ, alembic.ini. */
static void keep(struct py_run *run, struct env_run *env, const struct py_outcome *outcome)
{
    struct py_outcome ignored;
    struct env_script *script = env->script;
    if (env->configured)
        script->options = *env->configured;
    script->options.evaluated = outcome->ending == PY_OK;
    if (outcome->ending != PY_OK)
        py_outcome_err(run, outcome, &script->err);
    py_run_protect(run, keep_environ, env->project, &ignored);
    env->project->ini = env->ini;
}

/*
 * What a comparison gives is looked at before anything comes of it, so models that provide for a
 * package that is not there are read as they are without it.
 */
static bool is_absent(const char *dotted, void *payload)
{
    struct env_run *env = payload;
    (void)dotted;
    env->is_lenient = true;
    return true;
}

static void run_script(struct arena *a, struct env_run *env, struct source *source,
                       const struct env_evaluation *evaluation, struct err *err)
{
    struct alembic_project *project = env->project;
    struct alembic_host *host = ARENA_NEW(a, struct alembic_host);
    host->project = project;
    host->path = project->env_path;
    host->env = env;
    host->for_models = evaluation->for_models;
    const struct py_config config = {
        .limits = {.steps = evaluation->for_models ? MODELS_STEPS : ENV_STEPS,
                   .memory = ENV_MEMORY},
        .modules = alembic_modules,
        .embedded = alembic_embedded,
        .find_module = find_module,
        .is_absent = evaluation->for_models ? is_absent : NULL,
        .recover = model_recover,
        .print = on_print,
        .now = wall_clock,
        .random = fill_random,
        .environ = environ_rows(a, &project->environ),
        .payload = env,
        .host = host,
    };
    struct py_run *run = py_run_new(a, &config);
    struct py_outcome outcome;
    py_run_exec(run, "env_py", source, false, &outcome);
    keep(run, env, &outcome);
    if (evaluation->after && !py_run_protect(run, evaluation->after, evaluation->payload, &outcome))
        py_outcome_err(run, &outcome, err);
}

bool env_evaluate(struct arena *a, struct alembic_project *project,
                  const struct env_evaluation *evaluation, struct env_script *out, struct err *err)
{
    struct env_run *env = ARENA_NEW(a, struct env_run);
    *out = (struct env_script){.options = env_options_default(a), .err = ERR_INIT};
    *env = (struct env_run){.project = project, .command = *evaluation->command, .script = out,
                            .connection = py_absent(), .target_metadata = py_absent(),
                            .ini = ini_file_copy_to(a, project->config->ini),
                            .random = (uint64_t)clock_monotonic()};
    struct source *source = read_source(a, project, project->env_path, &out->err);
    if (source)
        run_script(a, env, source, evaluation, err);
    if (out->err.code == ERR_NONE)
        return err->code == ERR_NONE;
    if (err->code == ERR_NONE)
        err_copy(err, &out->err);
    return false;
}

bool alembic_env_evaluate(struct alembic_project *project, const struct env_command *command,
                          struct env_script *out, struct err *err)
{
    const struct env_evaluation evaluation = {.command = command};
    return env_evaluate(project->arena, project, &evaluation, out, err);
}

void env_script_clear(struct env_script *script)
{
    err_clear(&script->err);
}
