/*
 * retort doctor: every configuration value and where it came from, whether the database can be
 * reached and used, and what of env.py is honoured. What has to be fixed sets exit code 1.
 */
#include "config.h"

#include <errno.h>
#include <langinfo.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "cli/cli.h"
#include "cli/doctor.h"
#include "cli/json.h"
#include "cli/migrate.h"
#include "cli/open.h"
#include "cli/runs.h"
#include "cli/suggest.h"
#include "config/config.h"
#include "revision/graph.h"
#include "run/settings.h"
#include "run/timeouts.h"

/* ---- checks ---- */

struct doctor_check *doctor_add(struct doctor *d, enum doctor_status status, const char *name,
                                const char *fmt, ...)
{
    struct doctor_check check = {.group = d->group, .name = name, .status = status};
    va_list ap;
    va_start(ap, fmt);
    check.text = arena_vprintf(d->cli->arena, fmt, ap);
    va_end(ap);
    vec_push(d->cli->arena, &d->checks, check);
    return &vec_last(&d->checks);
}

const char *doctor_shorten(const struct doctor *d, const char *path)
{
    const char *cwd = d->cli->process->cwd;
    size_t n = strlen(cwd);
    if (path && strncmp(path, cwd, n) == 0 && path[n] == '/')
        return path + n + 1;
    return path;
}

void doctor_add_err(struct doctor *d, enum doctor_status status, const char *name, struct err *err)
{
    struct arena *a = d->cli->arena;
    struct doctor_check *check =
        doctor_add(d, status, name, "%s%s%s", err->diagnostic ? err->diagnostic : "",
                   err->diagnostic ? ": " : "", err->message);
    check->hint = arena_strdup(a, err->hint);
    check->file = doctor_shorten(d, arena_strdup(a, err->file));
    check->line = err->line;
    err_clear(err);
}

static void add_from(struct doctor *d, const char *name, const char *value,
                     const struct config_origin *origin)
{
    struct doctor_check *check = doctor_add(d, DOCTOR_OK, name, "%s", value);
    check->file = doctor_shorten(d, origin->file);
    check->line = origin->line;
}

/* ---- configuration ---- */

/* Keys of the main section, with what counts when they are not there. */
static const struct {
    const char *key, *fallback;
} keys[] = {
    {"script_location", NULL},
    {"version_locations", "the folder versions below script_location"},
    {"prepend_sys_path", "none"},
    {"path_separator", "none"},
    {"file_template", "%(rev)s_%(slug)s"},
    {"timezone", "local time"},
    {"truncate_slug_length", "40"},
    {"revision_environment", "false"},
    {"sourceless", "false"},
    {"recursive_version_locations", "false"},
    {"output_encoding", "utf-8"},
};

static void add_list(struct doctor *d, const char *key, const struct config_paths *paths,
                     const struct config_origin *origin)
{
    struct str text = STR_IN(d->cli->arena);
    for (size_t i = 0; i < paths->len; i++)
        str_addf(&text, "%s%s", i ? ", " : "", doctor_shorten(d, paths->at[i]));
    add_from(d, key, text.ptr, origin);
}

static void check_key(struct doctor *d, const char *key, const char *fallback)
{
    const struct config *config = d->cli->config;
    struct config_origin origin = {.file = "default"};
    struct err err = ERR_INIT;
    const char *value = config_option(d->cli->arena, config, key, &origin, &err);
    bool is_list = strcmp(key, "version_locations") == 0 || strcmp(key, "prepend_sys_path") == 0;
    if (is_list && err.code == ERR_NONE)
        value = config_get(d->cli->arena, config, NULL, key, &origin, &err);
    if (is_list) /* one of pyproject.toml: what counts is what config_open() made of it */
        err_clear(&err);
    if (err.code)
        doctor_add_err(d, DOCTOR_FIX, key, &err);
    else if (strcmp(key, "version_locations") == 0 && value)
        add_list(d, key, &config->version_locations, &origin);
    else if (strcmp(key, "prepend_sys_path") == 0 && value)
        add_list(d, key, &config->prepend_sys_path, &origin);
    else if (value || fallback)
        add_from(d, key, value ? value : fallback, &origin);
}

static bool check_configuration(struct doctor *d)
{
    struct err err = ERR_INIT;
    d->group = "configuration";
    if (!cli_open(d->cli, NEEDS_CONFIG, &err)) {
        doctor_add_err(d, DOCTOR_FIX, "alembic.ini", &err);
        return false;
    }
    const struct config *config = d->cli->config;
    if (config->ini_path)
        doctor_add(d, DOCTOR_OK, "alembic.ini", "%s", config->ini_path);
    if (config->toml_path)
        doctor_add(d, DOCTOR_OK, "pyproject.toml", "%s", config->toml_path);
    doctor_add(d, DOCTOR_OK, "section", "[%s]", config->section);
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++)
        check_key(d, keys[i].key, keys[i].fallback);
    if (config->dotenv_path)
        doctor_add(d, DOCTOR_OK, ".env", "%s", doctor_shorten(d, config->dotenv_path));
    else
        doctor_add(d, DOCTOR_OK, ".env", "none");
    return true;
}

/* ---- env.py ---- */

static const char *yes_no(bool b)
{
    return b ? "yes" : "no";
}

static void add_options(struct doctor *d, const struct env_options *env)
{
    doctor_add(d, DOCTOR_OK, "version_table", "%s%s%s",
               env->version_table_schema ? env->version_table_schema : "",
               env->version_table_schema ? "." : "", env->version_table);
    doctor_add(d, DOCTOR_OK, "transaction_per_migration", "%s",
               yes_no(env->transaction_per_migration));
    doctor_add(d, DOCTOR_OK, "transactional_ddl", "%s", yes_no(env->transactional_ddl));
    doctor_add(d, DOCTOR_OK, "begin_transaction", "%s", yes_no(env->began_transaction));
    doctor_add(d, DOCTOR_OK, "target_metadata", "%s", env->target_metadata ? "given" : "none");
    for (size_t i = 0; i < env->naming_convention.len; i++) {
        const char *name = arena_printf(d->cli->arena, "naming_convention[\"%s\"]",
                                        env->naming_convention.at[i].key);
        doctor_add(d, DOCTOR_OK, name, "%s", (const char *)env->naming_convention.at[i].value);
    }
}

static bool check_env(struct doctor *d)
{
    struct err err = ERR_INIT;
    d->group = "env.py";
    if (!cli_open(d->cli, NEEDS_PROJECT, &err)) {
        doctor_add_err(d, DOCTOR_FIX, "env.py", &err);
        return false;
    }
    const struct alembic_project *project = d->cli->project;
    doctor_add(d, DOCTOR_OK, "env.py", "%s", doctor_shorten(d, project->env_path));
    add_options(d, &project->env);
    if (!project->env.ran_migrations) {
        struct doctor_check *check = doctor_add(d, DOCTOR_FIX, "run_migrations",
                                                "env.py does not get to context.run_migrations()");
        check->hint = "what stands in its way is named below, if retort could not follow it";
    }
    for (size_t i = 0; i < project->findings.len; i++) {
        struct err copy = ERR_INIT;
        err_copy(&copy, &project->findings.at[i].err);
        doctor_add_err(d, project->findings.at[i].blocks ? DOCTOR_FIX : DOCTOR_NOTE, "not honoured",
                       &copy);
    }
    return true;
}

/* ---- revisions ---- */

static void check_revisions(struct doctor *d)
{
    struct err err = ERR_INIT;
    const struct config *config = d->cli->config;
    d->group = "revisions";
    for (size_t i = 0; i < config->version_locations.len; i++) {
        const char *path = config->version_locations.at[i];
        bool exists = file_is_dir(path);
        struct doctor_check *check = doctor_add(d, exists ? DOCTOR_OK : DOCTOR_NOTE, "folder", "%s",
                                                doctor_shorten(d, path));
        if (!exists)
            check->hint = "the folder does not exist yet; `retort revision` makes it";
    }
    if (!cli_open(d->cli, NEEDS_GRAPH, &err)) {
        doctor_add_err(d, DOCTOR_FIX, "graph", &err);
        return;
    }
    const struct graph *graph = d->cli->graph;
    doctor_add(d, DOCTOR_OK, "revisions", "%zu", graph->revisions.len);
    struct doctor_check *heads = doctor_add(d, graph->heads.len > 1 ? DOCTOR_NOTE : DOCTOR_OK,
                                            "heads", "%zu", graph->heads.len);
    if (graph->heads.len > 1)
        heads->hint = "upgrade with `heads`, or join them with `retort merge heads`";
}

/* ---- retort's own settings ---- */

static void check_known(struct doctor *d, const struct config_written *written,
                        const char *const *known, size_t count)
{
    for (size_t i = 0; i < count; i++)
        if (strcmp(known[i], written->key) == 0)
            return;
    const char *nearest = suggest_word(written->key, known, count);
    struct doctor_check *check = doctor_add(d, DOCTOR_FIX, written->key, "no setting of [retort]");
    check->file = doctor_shorten(d, written->origin.file);
    check->line = written->origin.line;
    check->hint = nearest ? arena_printf(d->cli->arena, "did you mean %s?", nearest)
                          : "retort.conf(5) has them all";
}

/* What is set, and what is misspelt: a timeout that nobody reads is worse than none. */
static void check_settings(struct doctor *d)
{
    struct arena *a = d->cli->arena;
    struct setting_list all = {0};
    struct config_written_list written = {0};
    VEC(const char *) known = {0};
    settings_list(a, &all);
    for (size_t i = 0; i < all.len; i++)
        vec_push(a, &known, all.at[i].key);
    config_settings_written(a, d->cli->config, &written);
    for (size_t i = 0; i < written.len; i++) {
        struct config_origin origin = {0};
        struct err err = ERR_INIT;
        const char *value = config_setting(a, d->cli->config, written.at[i].key, &origin, &err);
        if (value)
            add_from(d, written.at[i].key, value, &origin);
        err_clear(&err);
        check_known(d, &written.at[i], known.at, known.len);
    }
}

/* ---- runs ---- */

/* How long each class of statement waits, and what it means to give up. */
static void check_runs(struct doctor *d)
{
    struct err err = ERR_INIT;
    struct runner_settings settings;
    d->group = "runs";
    check_settings(d);
    if (!migrate_settings(d->cli, &settings, &err)) {
        doctor_add_err(d, DOCTOR_FIX, "[retort]", &err);
        return;
    }
    for (int i = 0; i < N_TIMEOUT_CLASSES; i++) {
        enum timeout_class class = (enum timeout_class)i;
        const struct timeout_rule *rule = &settings.timeouts.rules[i];
        bool leaves_invalid = class == TIMEOUTS_CONCURRENTLY &&
                              (rule->lock_timeout > 0 || rule->statement_timeout > 0);
        struct doctor_check *check =
            doctor_add(d, leaves_invalid ? DOCTOR_NOTE : DOCTOR_OK, timeouts_class_name(class),
                       "%s", timeouts_text(d->cli->arena, rule));
        if (leaves_invalid)
            check->hint = "an index build that gives up leaves an INVALID index";
    }
    doctor_add(d, DOCTOR_OK, "watch", "%s", yes_no(settings.watch));
}

/* Whether runs can be journalled, and whether what was journalled is as it was written. */
static void check_journal(struct doctor *d)
{
    struct cli_run_list list = {0};
    struct err err = ERR_INIT;
    size_t changed = 0;
    const char *dir = cli_journal_dir(d->cli, &err);
    if (!dir || !runs_read(d->cli, &list, &err)) {
        doctor_add_err(d, DOCTOR_FIX, "journal", &err);
        vec_last(&d->checks).hint = "runs are refused without a place for their journals: make it "
                                    "readable, or set XDG_STATE_HOME";
        return;
    }
    for (size_t i = 0; i < list.len; i++)
        changed += list.at[i]->file.state == JOURNAL_CHANGED;
    const char *there = dir; /* what is missing below it will be made */
    while (file_is_missing(there) && strcmp(there, "/") != 0)
        there = path_dir(d->cli->arena, there);
    bool is_dir = file_is_dir(there);
    if (!is_dir || access(there, W_OK | X_OK) < 0)
        doctor_add(d, DOCTOR_FIX, "journal", "%s: %s", there,
                   strerror(is_dir ? errno : ENOTDIR))->hint =
            "runs are refused without a place for their journals: make it writable, or set "
            "XDG_STATE_HOME";
    else
        doctor_add(d, DOCTOR_OK, "journal", "%s, %zu %s", dir, list.len,
                   list.len == 1 ? "run" : "runs");
    if (changed)
        doctor_add(d, DOCTOR_NOTE, "journal", "%zu of %zu were changed after they were written",
                   changed, list.len)
            ->hint = "`retort runs --verify` says which, and where";
    runs_clear(&list);
}

/* ---- the terminal ---- */

static void check_terminal(struct doctor *d)
{
    const struct cli_process *process = d->cli->process;
    const char *term = cli_getenv(d->cli, "TERM");
    const char *encoding = nl_langinfo(CODESET);
    bool utf8 = strcmp(encoding, "UTF-8") == 0;
    d->group = "terminal";
    if (!process->in_is_terminal || !process->out_is_terminal)
        doctor_add(d, DOCTOR_OK, "terminal",
                   "none: commands ask nothing, and need --yes or --confirm");
    else if (!term || !*term || strcmp(term, "dumb") == 0)
        doctor_add(d, DOCTOR_NOTE, "TERM", "%s", term && *term ? term : "not set")->hint =
            "the console needs a terminal that can place its cursor; the commands do not";
    else
        doctor_add(d, DOCTOR_OK, "TERM", "%s, %d columns", term, process->columns);
    struct doctor_check *check =
        doctor_add(d, utf8 ? DOCTOR_OK : DOCTOR_NOTE, "characters", "%s", encoding);
    if (!utf8)
        check->hint =
            "set LC_ALL or LANG to a UTF-8 locale such as C.UTF-8 to see all names as they are";
    if (cli_getenv(d->cli, "NO_COLOR"))
        doctor_add(d, DOCTOR_OK, "NO_COLOR", "set: no colours");
}

/* ---- the answer ---- */

static const char *const status_names[] = {
    [DOCTOR_OK] = "ok", [DOCTOR_NOTE] = "note", [DOCTOR_FIX] = "fix"};

static void print_check(struct cli *cli, const struct doctor_check *check)
{
    cli_printf(cli, "  %-4s  %-28s %s", status_names[check->status], check->name, check->text);
    if (check->file && check->line)
        cli_printf(cli, "  (%s:%d)", check->file, check->line);
    else if (check->file)
        cli_printf(cli, "  (%s)", check->file);
    cli_print(cli, "\n");
    if (check->hint)
        cli_printf(cli, "        %-28s -> %s\n", "", check->hint);
}

static void print_text(struct doctor *d, size_t to_fix)
{
    const char *group = "";
    for (size_t i = 0; i < d->checks.len; i++) {
        const struct doctor_check *check = &d->checks.at[i];
        if (strcmp(group, check->group) != 0)
            cli_printf(d->cli, "%s%s\n", i ? "\n" : "", check->group);
        group = check->group;
        print_check(d->cli, check);
    }
    if (to_fix)
        cli_printf(d->cli, "\n%zu to fix\n", to_fix);
    else
        cli_print(d->cli, "\nall is well\n");
}

static void print_json(struct doctor *d, size_t to_fix)
{
    json_t *root = json_new();
    json_t *list = json_array();
    for (size_t i = 0; i < d->checks.len; i++) {
        const struct doctor_check *c = &d->checks.at[i];
        json_t *check = json_object();
        json_object_set_new(check, "group", json_text(c->group));
        json_object_set_new(check, "name", json_text(c->name));
        json_object_set_new(check, "status", json_text(status_names[c->status]));
        json_object_set_new(check, "value", json_text(c->text));
        json_object_set_new(check, "source", json_text(c->file));
        json_object_set_new(check, "line", c->line ? json_integer(c->line) : json_null());
        json_object_set_new(check, "hint", json_text(c->hint));
        json_array_append_new(list, check);
    }
    json_object_set_new(root, "ok", json_boolean(to_fix == 0));
    json_object_set_new(root, "checks", list);
    json_print(d->cli, root);
}

bool cmd_doctor(struct cli *cli, struct err *err)
{
    struct doctor d = {.cli = cli};
    size_t to_fix = 0;
    (void)err;
    if (check_configuration(&d) && check_env(&d)) {
        check_revisions(&d);
        check_runs(&d);
        check_journal(&d);
        doctor_check_models(&d);
        doctor_check_bridge(&d);
        doctor_check_database(&d);
    }
    check_terminal(&d);
    for (size_t i = 0; i < d.checks.len; i++)
        to_fix += d.checks.at[i].status == DOCTOR_FIX;
    if (cli_given(cli, OPTION_JSON))
        print_json(&d, to_fix);
    else
        print_text(&d, to_fix);
    cli->exit_code = to_fix ? 1 : 0;
    return true;
}
