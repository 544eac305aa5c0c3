#include "config.h"

#include "alembic/project.h"

#include <string.h>

#include "alembic/env_run.h"
#include "alembic/models_private.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "config/config.h"
#include "config/dotenv.h"
#include "config/url.h"

/* ---- opening ---- */

static void add_root(struct alembic_project *project, const char *path)
{
    for (size_t i = 0; i < project->import_roots.len; i++) {
        if (strcmp(project->import_roots.at[i], path) == 0)
            return;
    }
    vec_push(project->arena, &project->import_roots, path);
}

/*
 * Where modules are looked for: prepend_sys_path as Alembic has it; then what env.py files usually
 * add to sys.path, or what an installed project would be found by: the folders from env.py up to
 * the project's root, and their src.
 */
static void set_roots(struct alembic_project *project)
{
    struct arena *a = project->arena;
    const struct config *config = project->config;
    for (size_t i = 0; i < config->prepend_sys_path.len; i++)
        add_root(project, config->prepend_sys_path.at[i]);
    add_root(project, config->base);
    add_root(project, config->here);
    add_root(project, path_join(a, config->here, "src"));
    size_t root_len = strlen(config->root);
    for (const char *dir = config->script_location;
         strncmp(dir, config->root, root_len) == 0 && strlen(dir) >= root_len && root_len > 1;
         dir = path_dir(a, dir)) {
        if (!file_exists(path_join(a, dir, "__init__.py"))) /* a package is no root */
            add_root(project, dir);
        add_root(project, path_join(a, dir, "src"));
    }
}

static void own(struct alembic_project *project, const char *folder)
{
    const char *real = folder ? path_real(project->arena, folder) : NULL;
    if (real)
        vec_push(project->arena, &project->owned, real);
}

static void set_owned(struct alembic_project *project)
{
    const struct config *config = project->config;
    own(project, config->root);
    own(project, config->script_location);
    for (size_t i = 0; i < config->version_locations.len; i++)
        own(project, config->version_locations.at[i]);
}

bool project_owns(const struct alembic_project *project, const char *real)
{
    for (size_t i = 0; i < project->owned.len; i++) {
        if (path_is_below(real, project->owned.at[i]))
            return true;
    }
    return false;
}

static void set_environ(struct alembic_project *project, const char *const *environ_)
{
    project->environ = MAP_IN(project->arena);
    for (; environ_ && *environ_; environ_++) {
        const char *equal = strchr(*environ_, '=');
        if (!equal)
            continue;
        const char *name = arena_strndup(project->arena, *environ_, (size_t)(equal - *environ_));
        map_put(&project->environ, name, arena_strdup(project->arena, equal + 1));
    }
}

static void drop_placeholder(struct env_script *script)
{
    if (script->options.url && url_is_placeholder(script->options.url))
        script->options.url = NULL;
}

static void evaluate(struct alembic_project *project, bool offline, struct env_script *script)
{
    struct env_command command = {.offline = offline};
    struct err err = ERR_INIT;
    alembic_env_evaluate(project, &command, script, &err);
    err_clear(&err);
    drop_placeholder(script);
}

static void evaluate_both(struct alembic_project *project)
{
    evaluate(project, true, &project->offline);
    evaluate(project, false, &project->online);
}

static const char *known_url(const struct alembic_project *project)
{
    return project->online.options.url ? project->online.options.url : project->offline.options.url;
}

static void forget_findings(struct alembic_project *project, size_t kept)
{
    for (size_t i = kept; i < project->findings.len; i++)
        err_clear(&project->findings.at[i].err);
    project->findings.len = kept;
}

/*
 * env.py that reads variables and leaves loading .env to a shell or a container: where it fails for
 * want of them, .env is put below the environment and it is evaluated again.
 */
static void evaluate_with_dotenv(struct alembic_project *project)
{
    struct map values = config_dotenv_values(project->arena, project->config, &project->environ);
    size_t added = 0;
    for (size_t i = 0; i < values.len; i++) {
        const struct dotenv_entry *entry = values.at[i].value;
        if (entry->value && !map_has(&project->environ, values.at[i].key)) {
            map_put(&project->environ, values.at[i].key, (void *)entry->value);
            added++;
        }
    }
    if (added == 0)
        return;
    struct env_script offline = project->offline, online = project->online;
    size_t findings = project->findings.len;
    evaluate_both(project);
    if (known_url(project)) {
        struct env_finding finding = {.err = ERR_INIT};
        err_set(&finding.err, ERR_CONFIG,
                "env.py does not load %s; its values were taken from there",
                project->config->dotenv_path);
        vec_push(project->arena, &project->findings, finding);
        env_script_clear(&offline);
        env_script_clear(&online);
        return;
    }
    forget_findings(project, findings);
    env_script_clear(&project->offline);
    env_script_clear(&project->online);
    project->offline = offline;
    project->online = online;
}

static void add_failure(struct alembic_project *project, const struct env_script *script,
                        bool blocks)
{
    struct env_finding finding = {.err = ERR_INIT, .blocks = blocks};
    if (script->err.code == ERR_NONE)
        return;
    for (size_t i = 0; i < project->findings.len; i++) {
        const struct err *old = &project->findings.at[i].err;
        if (str_eq(old->message, script->err.message) && old->line == script->err.line)
            return;
    }
    err_copy(&finding.err, &script->err);
    vec_push(project->arena, &project->findings, finding);
}

/* What counts for a run on the database. */
static void merge(struct alembic_project *project)
{
    const struct env_script *online = &project->online, *offline = &project->offline;
    bool use_online = online->options.ran_migrations || online->err.code == ERR_NONE;
    project->env = use_online ? online->options : offline->options;
    project->env.url = known_url(project);
    add_failure(project, online, !use_online && !offline->options.ran_migrations);
    add_failure(project, offline, false);
}

/* ---- runs of the migrations ---- */

static bool same_arguments(const struct map *a, const struct map *b)
{
    if (a->len != b->len)
        return false;
    for (size_t i = 0; i < a->len; i++)
        if (!str_eq(a->at[i].value, map_get(b, a->at[i].key)))
            return false;
    return true;
}

static bool find_run(const struct alembic_project *project, const struct env_script *script,
                     const struct env_step **out, struct err *err)
{
    for (size_t i = 0; i < script->steps.len; i++) {
        const struct env_step *step = &script->steps.at[i];
        if (step->kind != ENV_RUN)
            continue;
        if (*out && !same_arguments(&(*out)->arguments, &step->arguments)) {
            err_set(err, ERR_PYTHON,
                    "env.py runs the migrations several times, with different arguments");
            return err_at(err, project->env_path, step->line, 0);
        }
        *out = *out ? *out : step;
    }
    return true;
}

bool project_run(const struct alembic_project *project, const struct env_step **out,
                 struct err *err)
{
    *out = NULL;
    return find_run(project, &project->offline, out, err) &&
           (*out || find_run(project, &project->online, out, err));
}

bool env_single_run(const struct alembic_project *project, const struct env_script *script,
                    const struct env_step **out, struct err *err)
{
    size_t runs = 0;
    for (size_t i = 0; i < script->steps.len; i++)
        if (script->steps.at[i].kind == ENV_RUN) {
            *out = &script->steps.at[i];
            runs++;
        }
    if (runs <= 1)
        return true;
    err_set(err, ERR_CONFIG,
            "env.py runs the migrations %zu times; retort works on one database at a time", runs);
    err_hint(err, "let env.py choose one by an argument (-x) or a variable");
    return err_at(err, project->env_path, 0, 0);
}

/* ---- opening, from outside ---- */

bool alembic_project_find(struct arena *a, const struct config *config, const char *const *environ_,
                          const struct name_list *x_arguments, struct alembic_project **out,
                          struct err *err)
{
    struct alembic_project *project = ARENA_NEW(a, struct alembic_project);
    project->arena = a;
    project->config = config;
    project->process_environ = environ_;
    project->env_path = path_join(a, config->script_location, "env.py");
    if (file_is_missing(project->env_path)) {
        return err_set(err, ERR_CONFIG, "Can't find Python file %s",
                       path_join(a, config->script_location_text, "env.py"));
    }
    for (size_t i = 0; x_arguments && i < x_arguments->len; i++)
        vec_push(a, &project->x_arguments, x_arguments->at[i]);
    set_roots(project);
    set_owned(project);
    set_environ(project, environ_);
    *out = project;
    return true;
}

/* One evaluation that tells all; false: nothing is left of it. */
static bool evaluate_for_models(struct alembic_project *project)
{
    struct models *models = ARENA_NEW(project->arena, struct models);
    if (models_read_whole(project, models)) {
        drop_placeholder(&models->script);
        if (models->script.options.url) {
            project->models = models;
            project->online = models->script; /* both hold no error to clear */
            merge(project);
            return true;
        }
        models_clear(models);
    }
    forget_findings(project, 0);
    set_environ(project, project->process_environ); /* without what env.py put there */
    project->ini = NULL;
    return false;
}

void alembic_project_follow(struct alembic_project *project, bool for_models)
{
    if (project->is_followed)
        return;
    project->is_followed = true;
    if (for_models && evaluate_for_models(project))
        return;
    evaluate_both(project);
    if (!known_url(project))
        evaluate_with_dotenv(project);
    merge(project);
}

bool alembic_project_open(struct arena *a, const struct config *config, const char *const *environ_,
                          const struct name_list *x_arguments, struct alembic_project **out,
                          struct err *err)
{
    if (!alembic_project_find(a, config, environ_, x_arguments, out, err))
        return false;
    alembic_project_follow(*out, false);
    return true;
}

void alembic_project_close(struct alembic_project *project)
{
    if (!project)
        return;
    forget_findings(project, 0);
    if (project->models)
        models_clear(project->models);
    env_script_clear(&project->offline);
    env_script_clear(&project->online);
}

/* ---- the database ---- */

/* Why env.py gave no URL, or NULL when it simply names none. */
static const struct err *url_problem(const struct alembic_project *project)
{
    for (size_t i = 0; i < project->findings.len; i++) {
        if (strstr(project->findings.at[i].err.message, "URL"))
            return &project->findings.at[i].err;
    }
    if (project->online.err.code && !project->online.options.ran_migrations)
        return &project->online.err;
    return project->offline.err.code ? &project->offline.err : NULL;
}

bool alembic_project_url(struct arena *a, const struct alembic_project *project,
                         const char *url_option, const char *retort_url, struct database_url *out,
                         struct err *err)
{
    if (!url_resolve(a, project->config, url_option, retort_url, project->env.url,
                     &project->environ, out, err))
        return false;
    const struct err *problem = project->env.url ? NULL : url_problem(project);
    bool from_ini = out->origin.line > 0 && project->config->ini_path &&
                    str_eq(path_base(out->origin.file), path_base(project->config->ini_path));
    bool guessed = from_ini || str_eq(out->origin.file, "default");
    if (!problem || !guessed)
        return true;
    err_copy(err, problem);
    err->code = ERR_CONFIG;
    return err_hint(err,
                    "env.py decides which database is used, and it could not be followed: name "
                    "the database with --url or RETORT_URL");
}
