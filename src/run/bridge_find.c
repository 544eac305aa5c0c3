/*
 * Where the project's own Python is. Only what the last part does (poetry, pipenv) starts a
 * program.
 */
#include "config.h"

#include <ctype.h>
#include <poll.h>
#include <string.h>
#include <strings.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/environ.h"
#include "base/file.h"
#include "base/str.h"
#include "config/config.h"
#include "config/toml.h"
#include "run/bridge.h"

enum { ID_PART_MIN = 4, ASK_TIME_LIMIT = 20000, ASK_OUTPUT_LIMIT = 1 << 16, SHEBANG_MAX = 256 };

/* -- whether ------------------------------------------------------------------------------------
 */

static bool is_id(const char *word)
{
    size_t len = strlen(word);
    for (const char *p = word; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '_' && *p != '-' && *p != '.')
            return false;
    return len >= ID_PART_MIN;
}

bool bridge_consent_read(struct arena *a, const char *text, struct bridge_consent *out,
                         struct err *err)
{
    static const char *const words[] = {"false", "true", "no", "yes", "off", "on", "0", "1"};
    *out = (struct bridge_consent){0};
    if (!text)
        return true;
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcasecmp(text, words[i]) == 0) {
            out->all = i % 2 == 1;
            return true;
        }
    static const char between[] = ", \t\r\n";
    for (const char *p = text + strspn(text, between); *p; p += strspn(p, between)) {
        size_t len = strcspn(p, between);
        const char *word = arena_strndup(a, p, len);
        if (!is_id(word)) {
            err_set(err, ERR_CONFIG, "bridge is neither true nor false nor ids of revisions: '%s'",
                    word);
            return err_hint(err, "an id may be cut off after its first %d characters", ID_PART_MIN);
        }
        vec_push(a, &out->revisions, word);
        p += len;
    }
    return true;
}

bool bridge_is_allowed(const struct bridge_consent *consent, const char *revision)
{
    if (!consent || !revision)
        return false;
    for (size_t i = 0; i < consent->revisions.len; i++)
        if (str_starts_with(revision, consent->revisions.at[i]))
            return true;
    return consent->all;
}

bool bridge_is_wanted(const struct bridge_consent *consent)
{
    return consent && (consent->all || consent->revisions.len > 0);
}

/* -- where --------------------------------------------------------------------------------------
 */

struct finder {
    struct arena *arena;
    const struct bridge_project *project;
    const char *here, *root;
};

static bool found(struct bridge_place *out, const char *python, const char *how)
{
    *out = (struct bridge_place){.python = python, .found = how};
    return true;
}

/* The Python of a virtual environment; false where the folder is none. */
static bool of_venv(const struct finder *f, const char *dir, const char *how,
                    struct bridge_place *out)
{
    const char *python = path_join(f->arena, dir, "bin/python");
    return file_is_program(python) && found(out, python, how);
}

/* The folder of the configuration and those above it, up to the project's root. */
static const char *above(const struct finder *f, const char *dir)
{
    return str_eq(dir, f->root) || str_eq(dir, "/") ? NULL : path_dir(f->arena, dir);
}

static bool of_project(const struct finder *f, struct bridge_place *out)
{
    static const char *const names[] = {".venv", "venv"};
    for (const char *dir = f->here; dir; dir = above(f, dir))
        for (size_t i = 0; i < 2; i++)
            if (of_venv(f, path_join(f->arena, dir, names[i]),
                        arena_printf(f->arena, "the project's %s", names[i]), out))
                return true;
    return false;
}

/* The folder that has a file, from the configuration's upwards; NULL: none. */
static const char *folder_with(const struct finder *f, const char *name)
{
    for (const char *dir = f->here; dir; dir = above(f, dir))
        if (file_exists(path_join(f->arena, dir, name)))
            return dir;
    return NULL;
}

/* Whose interpreter the `alembic` on PATH is: pipx and its like install it with one of its own. */
static const char *of_alembic(const struct finder *f)
{
    const char *program = environ_program(f->arena, f->project->environ_, "alembic");
    char *text;
    size_t len;
    struct err ignored = ERR_INIT;
    bool read = program && file_read(f->arena, program, 1 << 16, &text, &len, &ignored);
    err_clear(&ignored);
    if (!read || !str_starts_with(text, "#!"))
        return NULL;
    const char *start = text + 2 + strspn(text + 2, " \t");
    size_t size = strcspn(start, " \t\r\n");
    if (!size || size > SHEBANG_MAX)
        return NULL;
    const char *python = arena_strndup(f->arena, start, size);
    if (str_eq(path_base(python), "env")) {
        start += size + strspn(start + size, " \t");
        python = environ_program(f->arena, f->project->environ_,
                                 arena_strndup(f->arena, start, strcspn(start, " \t\r\n")));
    }
    return python && str_starts_with(path_base(python), "python") && file_is_program(python)
               ? python
               : NULL;
}

static bool of_path(const struct finder *f, struct bridge_place *out)
{
    static const char *const names[] = {"python3", "python"};
    const char *python = of_alembic(f);
    if (python)
        return found(out, python, "the alembic on PATH");
    for (size_t i = 0; i < 2; i++) {
        python = environ_program(f->arena, f->project->environ_, names[i]);
        if (python)
            return found(out, python, arena_printf(f->arena, "%s on PATH", names[i]));
    }
    return false;
}

/* -- programs that are asked --------------------------------------------------------------------
 */

struct asked {
    struct arena *arena;
    const char *line; /* the last one that is a path */
};

static void take_line(const char *line, size_t len, void *payload)
{
    struct asked *asked = payload;
    if (len > 0 && line[0] == '/')
        asked->line = arena_strndup(asked->arena, line, len);
}

static const char *ask(const struct finder *f, const char *dir, const char *const *argv)
{
    struct asked asked = {f->arena, NULL};
    struct err ignored = ERR_INIT;
    struct child *child;
    const struct child_request request = {.argv = argv,
                                          .environ_ = f->project->environ_,
                                          .cwd = dir,
                                          .time_limit = ASK_TIME_LIMIT,
                                          .output_limit = ASK_OUTPUT_LIMIT,
                                          .on_line = take_line,
                                          .payload = &asked};
    if (!child_start(&request, &child, &ignored)) {
        err_clear(&ignored);
        return NULL;
    }
    enum child_end end;
    while ((end = child_advance(child)) == CHILD_RUNNING) {
        struct pollfd polls[CHILD_POLLS];
        poll(polls, (nfds_t)child_polls(child, polls, CHILD_POLLS), child_timeout(child));
    }
    bool ok = end == CHILD_EXITED && child_status(child) == 0;
    child_free(child);
    return ok ? asked.line : NULL;
}

/* Tools that keep a project's environment in a place that only they know. */
static const struct {
    const char *program, *arguments[3], *file, *how;
} tools[] = {
    {"poetry", {"env", "info", "-p"}, "poetry.lock", "poetry env info -p"},
    {"pipenv", {"--venv", NULL, NULL}, "Pipfile", "pipenv --venv"},
};

static bool of_tool(const struct finder *f, size_t i, bool may_run, struct bridge_place *out)
{
    const char *dir = folder_with(f, tools[i].file);
    const struct toml_value *toml = f->project->config->toml;
    if (!dir && i == 0 && toml && toml_at(toml, "poetry"))
        dir = f->here;
    const char *program =
        dir ? environ_program(f->arena, f->project->environ_, tools[i].program) : NULL;
    if (!program)
        return false;
    if (!may_run)
        return found(out, NULL, arena_printf(f->arena, "what `%s` answers", tools[i].how));
    const char *const argv[] = {program, tools[i].arguments[0], tools[i].arguments[1],
                                tools[i].arguments[2], NULL};
    const char *venv = ask(f, dir, argv);
    return venv && of_venv(f, venv, tools[i].how, out);
}

/* -- in order -----------------------------------------------------------------------------------
 */

/* [retort] python: a program of PATH, or a path from the configuration's folder. */
static bool of_setting(const struct finder *f, const char *text, const struct config_origin *origin,
                       struct bridge_place *out, struct err *err)
{
    const char *python =
        strchr(text, '/') ? path_absolute(f->arena, path_join(f->arena, f->here, text))
                          : environ_program(f->arena, f->project->environ_, text);
    if (python && file_is_program(python))
        return found(out, python, "[retort] python");
    err_set(err, ERR_CONFIG, "[retort] python: there is no program %s", text);
    return err_at(err, origin->file, origin->line, 0);
}

bool bridge_find(struct arena *a, const struct bridge_project *project, bool may_run,
                 struct bridge_place *out, struct err *err)
{
    const struct config *config = project->config;
    struct finder f = {a, project, config->here ? config->here : project->cwd, NULL};
    f.root = config->root ? config->root : f.here;
    struct config_origin origin = {0};
    *out = (struct bridge_place){0};
    const char *text = config_setting(a, config, "python", &origin, err);
    if (err->code != ERR_NONE)
        return false;
    if (text && *text)
        return of_setting(&f, text, &origin, out, err);
    const char *venv = environ_given(f.project->environ_, "VIRTUAL_ENV");
    const char *uv = environ_given(f.project->environ_, "UV_PROJECT_ENVIRONMENT");
    if ((venv && of_venv(&f, venv, "VIRTUAL_ENV", out)) || of_project(&f, out) ||
        (uv && of_venv(&f, path_join(a, f.here, uv), "UV_PROJECT_ENVIRONMENT", out)))
        return true;
    for (size_t i = 0; i < sizeof(tools) / sizeof(tools[0]); i++)
        if (of_tool(&f, i, may_run, out))
            return true;
    if (of_path(&f, out))
        return true;
    err_set(err, ERR_CONFIG, "there is no Python for the bridge");
    return err_hint(err, "install Python with the project's requirements, or name it with python "
                         "in [retort]");
}
