#include "config.h"

#include "run/draft.h"

#include <inttypes.h>
#include <string.h>
#include <sys/random.h>
#include <time.h>

#include "alembic/project.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/quote.h"
#include "base/source.h"
#include "base/str.h"
#include "base/zone.h"
#include "config/config.h"
#include "python/run.h"

/* ------------------------------------------------------------------ when */

/* The date of the file: in the project's time zone, or local and without one. */
struct moment {
    int64_t usec; /* since 1970 UTC */
    struct tm tm;
    bool has_zone;
    int offset; /* seconds east of UTC, with has_zone */
};

static bool find_moment(struct arena *a, const struct config *config, int64_t now,
                        struct moment *out, struct err *err)
{
    time_t seconds = (time_t)(now / 1000000);
    struct zone zone;
    *out = (struct moment){.usec = now};
    if (!config->timezone) {
        localtime_r(&seconds, &out->tm);
        return true;
    }
    char *upper = arena_strdup(a, config->timezone);
    for (char *p = upper; *p; p++)
        if (*p >= 'a' && *p <= 'z')
            *p = (char)(*p - 'a' + 'A');
    if (!zone_load(a, config->timezone, &zone) && !zone_load(a, upper, &zone))
        return err_set(err, ERR_COMMAND, "Can't locate timezone: %s", config->timezone);
    out->has_zone = true;
    out->offset = zone_offset(&zone, seconds);
    seconds += out->offset;
    gmtime_r(&seconds, &out->tm);
    return true;
}

/* As a Python expression. */
static const char *moment_python(struct arena *a, const struct moment *m)
{
    struct str out = STR_IN(a);
    str_addf(&out, "_retort_datetime.datetime(%d, %d, %d, %d, %d, %d, %d", m->tm.tm_year + 1900,
             m->tm.tm_mon + 1, m->tm.tm_mday, m->tm.tm_hour, m->tm.tm_min, m->tm.tm_sec,
             (int)(m->usec % 1000000));
    if (m->has_zone)
        str_addf(&out,
                 ", _retort_datetime.timezone(_retort_datetime.timedelta(seconds=%d))", m->offset);
    str_addc(&out, ')');
    return out.ptr;
}

/* ------------------------------------------------------------------ what it is called */

static const char *quoted(struct arena *a, const char *text)
{
    struct str out = STR_IN(a);
    quote_python(&out, text, strlen(text), false);
    return out.ptr;
}

static bool random_id(struct arena *a, const char **out, struct err *err)
{
    unsigned char noise[6];
    struct str id = STR_IN(a);
    if (getrandom(noise, sizeof(noise), 0) != (ssize_t)sizeof(noise))
        return err_set(err, ERR_IO, "the system gives no random numbers");
    for (size_t i = 0; i < sizeof(noise); i++)
        str_addf(&id, "%02x", noise[i]);
    *out = id.ptr;
    return true;
}

/* Runs a few lines of Python and gives the string that they leave in `result`. */
static bool evaluate(struct arena *a, const char *file, const char *program, const char **out,
                     struct err *err)
{
    struct py_config config = {0};
    struct py_outcome outcome;
    struct py_run *run = py_run_new(a, &config);
    struct source *source = source_new(a, file, program, strlen(program));
    if (!py_run_exec(run, "file_template", source, false, &outcome)) {
        struct err inner = ERR_INIT;
        py_outcome_err(run, &outcome, &inner);
        err_set(err, ERR_CONFIG, "file_template: %s", inner.message);
        err_clear(&inner);
        return false;
    }
    struct py_value result = py_run_global(run, "file_template", "result");
    *out = ((const struct py_str *)result.object)->ptr;
    return true;
}

/* file_template with its tokens, which is Python's % with a dict. */
static bool file_name(struct arena *a, const struct config *config, const char *id,
                      const char *message, const struct moment *m, const char **out,
                      struct err *err)
{
    struct str program = STR_IN(a);
    int64_t epoch = m->usec / 1000000;
    str_addf(&program,
             "import re\n"
             "slug = '_'.join(re.findall(r'\\w+', %s)).lower()\n"
             "if len(slug) > %d:\n"
             "    slug = slug[:%d].rsplit('_', 1)[0] + '_'\n",
             quoted(a, message ? message : ""), config->truncate_slug_length,
             config->truncate_slug_length);
    str_addf(&program,
             "result = '%%s.py' %% (%s %% {'rev': %s, 'slug': slug, 'epoch': %" PRId64
             ", 'year': %d, 'month': %d, 'day': %d, 'hour': %d, 'minute': %d, 'second': %d})\n",
             quoted(a, config->file_template), quoted(a, id), epoch, m->tm.tm_year + 1900,
             m->tm.tm_mon + 1, m->tm.tm_mday, m->tm.tm_hour, m->tm.tm_min, m->tm.tm_sec);
    return evaluate(a, "file_template", program.ptr, out, err);
}

/* ------------------------------------------------------------------ where it goes */

static bool is_location(const struct config *config, const char *folder)
{
    for (size_t i = 0; i < config->version_locations.len; i++)
        if (str_eq(config->version_locations.at[i], folder))
            return true;
    return false;
}

static bool choose_folder(struct arena *a, const struct config *config,
                          const struct revision_list *parents, const char *given, const char **out,
                          struct err *err)
{
    const char *shown = given;
    if (given)
        *out = path_absolute(a, path_join(a, config->base, given));
    else if (config->version_locations.len == 1)
        *out = config->version_locations.at[0];
    else if (parents->len > 0)
        *out = shown = path_dir(a, parents->at[0]->header->path);
    else
        return err_set(err, ERR_COMMAND,
                       "Multiple version locations present, please specify --version-path");
    if (is_location(config, *out) || (!given && config->version_locations.len == 1))
        return true;
    return err_set(err, ERR_COMMAND, "Path %s is not represented in current version locations",
                   shown);
}

/* ------------------------------------------------------------------ what it says of itself */

/* None, 'a', or ('a', 'b'). */
static const char *scalar_or_all(struct arena *a, const struct name_list *ids, const char *open,
                                 const char *close)
{
    struct str out = STR_IN(a);
    if (ids->len == 0)
        return "None";
    if (ids->len == 1)
        return quoted(a, ids->at[0]);
    for (size_t i = 0; i < ids->len; i++)
        str_addf(&out, "%s%s", i > 0 ? ", " : open, quoted(a, ids->at[i]));
    str_add(&out, close);
    return out.ptr;
}

static bool has_label(const struct revision *r, const char *label)
{
    for (size_t i = 0; i < r->labels.len; i++)
        if (str_eq(r->labels.at[i], label))
            return true;
    return false;
}

/* Branch labels are kept as typed, all else becomes a full id. */
static bool resolve_depends_on(struct arena *a, const struct graph *graph,
                               const struct name_list *symbols, struct name_list *out,
                               struct err *err)
{
    for (size_t i = 0; i < symbols->len; i++) {
        struct revision *r;
        if (!graph_resolve_dependency(a, graph, symbols->at[i], &r, err))
            return false;
        vec_push(a, out, has_label(r, symbols->at[i]) ? symbols->at[i] : r->header->id);
    }
    return true;
}

static void put(struct draft *draft, const char *name, const char *python)
{
    map_put(&draft->variables, name, (void *)(uintptr_t)python);
}

static void describe(struct arena *a, struct draft *draft, const struct draft_request *request,
                     const struct revision_list *parents, const struct name_list *depends_on,
                     const struct moment *moment)
{
    struct name_list down = {0};
    for (size_t i = 0; i < parents->len; i++)
        vec_push(a, &down, parents->at[i]->header->id);
    const char *label = request->branch_label;
    draft->variables = MAP_IN(a);
    put(draft, "message", quoted(a, request->message ? request->message : "empty message"));
    put(draft, "up_revision", quoted(a, draft->id));
    put(draft, "down_revision", scalar_or_all(a, &down, "(", ")"));
    put(draft, "branch_labels", label ? arena_printf(a, "(%s,)", quoted(a, label)) : "None");
    put(draft, "depends_on", scalar_or_all(a, depends_on, "[", "]"));
    put(draft, "create_date", moment_python(a, moment));
}

/* The file is named after it, and belongs into the folder of the revisions. */
static bool check_new_id(const char *id, struct err *err)
{
    if (!graph_check_id(id, err))
        return false;
    return !strchr(id, '/') ||
           err_set(err, ERR_COMMAND, "Character(s) '/' not allowed in revision identifier '%s'",
                   id);
}

bool draft_make(struct arena *a, const struct alembic_project *project, const struct graph *graph,
                const struct draft_request *request, struct draft **out, struct err *err)
{
    struct draft *draft = ARENA_NEW(a, struct draft);
    struct name_list head = {0}, depends_on = {0};
    struct revision_list parents = {0};
    struct moment moment;
    const char *name;
    draft->id = request->id && *request->id ? request->id : NULL; /* as Alembic has it */
    draft->branch_label = request->branch_label;
    if (!draft->id && !random_id(a, &draft->id, err))
        return false;
    vec_push(a, &head, "head");
    if (!check_new_id(draft->id, err) ||
        !graph_resolve_parents(a, graph, request->heads.len ? &request->heads : &head,
                               &parents, err) ||
        !find_moment(a, project->config, request->now, &moment, err) ||
        !choose_folder(a, project->config, &parents, request->version_path, &draft->folder, err) ||
        !file_name(a, project->config, draft->id, request->message, &moment, &name, err) ||
        !graph_check_heads(&parents, request->splice, err) ||
        !resolve_depends_on(a, graph, &request->depends_on, &depends_on, err))
        return false;
    draft->path = path_join(a, draft->folder, name);
    draft->path_folder = path_dir(a, draft->path);
    describe(a, draft, request, &parents, &depends_on, &moment);
    *out = draft;
    return true;
}

bool draft_write(const struct draft *draft, struct err *err)
{
    return file_write(draft->path, draft->text, draft->len, 0644, false, err);
}

/* The revision of the file, which the graph has under the id that the file says. */
static bool check_label(const struct draft *draft, const struct graph *graph, struct err *err)
{
    const char *label = draft->branch_label;
    const struct revision *r = graph_find(graph, draft->id);
    if (!label || !r || r->header->labels.len > 0)
        return true;
    return err_set(err, ERR_COMMAND,
                   "Version %s specified branch_labels %s, however the migration file %s does not "
                   "have them; have you upgraded your script.py.mako to include the "
                   "'branch_labels' section?",
                   draft->id, label, draft->path);
}

bool draft_check(struct arena *a, struct alembic_project *project, const struct draft *draft,
                 struct graph **out, struct err *err)
{
    return graph_load(a, project, out, NULL, err) && check_label(draft, *out, err);
}
