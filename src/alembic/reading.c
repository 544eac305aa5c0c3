#include "config.h"

#include "alembic/reading.h"

#include <ctype.h>

#include "alembic/modules.h"
#include "alembic/project.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/source.h"
#include "python/parse.h"

/* ------------------------------------------------------------------ callbacks */

static void take_output(const char *text, size_t len, void *payload)
{
    struct reading *r = payload;
    vec_push(r->arena, &r->prints,
             ((struct revision_print){r->host.ops.len, arena_strndup(r->arena, text, len)}));
}

static int64_t wall_clock(void *payload)
{
    (void)payload;
    return clock_wall();
}

/* Values that differ from run to run are marked by the interpreter; these need not be secret. */
static void fill_random(unsigned char *bytes, size_t len, void *payload)
{
    struct reading *r = payload;
    for (size_t i = 0; i < len; i++) {
        r->random = r->random * 6364136223846793005u + 1442695040888963407u;
        bytes[i] = (unsigned char)(r->random >> 56);
    }
}

static bool find_module(const char *dotted, struct py_found *found, struct err *err, void *payload)
{
    struct reading *r = payload;
    uint64_t fingerprint;
    if (!project_find_module(r->arena, r->project, dotted, found, &fingerprint, err))
        return false;
    if (found->source)
        vec_push(r->arena, &r->modules,
                 ((struct revision_module){found->source->path, fingerprint}));
    return true;
}

/*
 * Whether the package is installed where the revision will run is not known. Printed, a revision is
 * what Alembic prints where retort is, without it; but a guess is never executed.
 */
static bool is_absent(const char *dotted, void *payload)
{
    const struct reading *r = payload;
    (void)dotted;
    return r->host.to_print;
}

static const struct py_environ *environ_of(struct arena *a, const struct alembic_project *project)
{
    size_t count = project ? project->environ.len : 0;
    struct py_environ *list = ARENA_ARRAY(a, count + 1, struct py_environ);
    for (size_t i = 0; i < count; i++)
        list[i] = (struct py_environ){project->environ.at[i].key, project->environ.at[i].value};
    return list;
}

/* ------------------------------------------------------------------ the run */

struct reading *reading_new(struct arena *a, struct alembic_project *project)
{
    struct reading *r = ARENA_NEW(a, struct reading);
    r->arena = a;
    r->project = project;
    r->host.project = project;
    r->host.naming.templates = project ? project->env.naming_convention : MAP_IN(a);
    const struct py_config config = {
        .modules = alembic_modules,
        .embedded = alembic_embedded,
        .find_module = find_module,
        .is_absent = is_absent,
        .print = take_output,
        .environ = environ_of(a, project),
        .now = wall_clock,
        .random = fill_random,
        .payload = r,
        .host = &r->host,
    };
    r->run = py_run_new(a, &config);
    return r;
}

void reading_begin(struct reading *r, const char *path)
{
    /* Alembic names the module after the file, with everything but word characters replaced. */
    char *module = arena_strdup(r->arena, path_base(path));
    for (char *p = module; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '_')
            *p = '_';
    r->module = module;
    r->host.path = path;
    r->text = NULL;
    r->random = (uint64_t)clock_monotonic() ^ (uint64_t)(uintptr_t)r;
}

bool reading_exec(struct reading *r, struct py_outcome *outcome, struct err *err)
{
    const char *path = r->host.path;
    char *on_disk = NULL;
    size_t len = r->text_len;
    if (!r->text && !file_read(r->arena, path, REVISION_MAX, &on_disk, &len, err))
        return false;
    const char *text = r->text ? r->text : on_disk;
    r->fingerprint = revision_fingerprint(text, len);
    const struct source *source = py_source_new(r->arena, path, text, len, err);
    if (!source)
        return false;
    return py_run_exec(r->run, r->module, source, false, outcome) ||
           py_outcome_err(r->run, outcome, err);
}
