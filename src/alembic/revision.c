#include "config.h"

#include "alembic/revision.h"

#include <ctype.h>

#include "alembic/host.h"
#include "alembic/modules.h"
#include "alembic/project.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/source.h"
#include "base/str.h"
#include "config/config.h"
#include "python/header.h"
#include "python/parse.h"
#include "python/run.h"

/* A revision file larger than this is no revision file. */
enum { REVISION_MAX = 16 << 20 };

/* One evaluation: the run, its host, and what the callbacks need. */
struct reading {
    struct arena *arena;
    struct alembic_project *project;
    struct alembic_host host;
    struct py_run *run;
    const char *module; /* the name of the revision's module */
    struct revision_prints prints;
    uint64_t fingerprint; /* of the file */
    uint64_t random;    /* state of the generator behind uuid4() and random */
};

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
    return project_find_module(r->arena, r->project, dotted, found, err);
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

static struct reading *reading_new(struct arena *a, struct alembic_project *project,
                                   const char *path)
{
    struct reading *r = ARENA_NEW(a, struct reading);
    r->arena = a;
    r->project = project;
    r->host.project = project;
    r->host.path = path;
    r->host.naming.templates = project ? project->env.naming_convention : MAP_IN(a);
    r->random = (uint64_t)clock_monotonic() ^ (uint64_t)(uintptr_t)r;
    /* Alembic names the module after the file, with everything but word characters replaced. */
    char *module = arena_strdup(a, path_base(path));
    for (char *p = module; *p; p++)
        if (!isalnum((unsigned char)*p) && *p != '_')
            *p = '_';
    r->module = module;
    const struct py_config config = {
        .modules = alembic_modules,
        .find_module = find_module,
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

/* Reads and executes the file as a module. */
static bool reading_exec(struct reading *r, const char *path, struct py_outcome *outcome,
                         struct err *err)
{
    char *text;
    size_t len;
    if (!file_read(r->arena, path, REVISION_MAX, &text, &len, err))
        return false;
    r->fingerprint = revision_fingerprint(text, len);
    const struct source *source = py_source_new(r->arena, path, text, len, err);
    if (!source)
        return false;
    return py_run_exec(r->run, r->module, source, false, outcome) ||
           py_outcome_err(r->run, outcome, err);
}

/* ------------------------------------------------------------------ operations */

/* Whether an exception comes from what the offline connection does not answer. */
static bool is_question(const struct reading *r, const struct py_outcome *outcome)
{
    if (!r->host.asked || outcome->ending != PY_RAISED)
        return false;
    if (str_eq(outcome->type, "sqlalchemy.exc.NoInspectionAvailable"))
        return true;
    return strstr(outcome->message, "'NoneType' object") != NULL ||
           strstr(outcome->message, "'MockConnection' object") != NULL ||
           strstr(outcome->message, "MockConnection") != NULL;
}

static enum reading_status status_of(const struct reading *r, const struct py_outcome *outcome)
{
    switch (outcome->ending) {
    case PY_OK:
        return READING_OK;
    case PY_RAISED:
        return is_question(r, outcome) ? READING_LIVE : READING_RAISES;
    case PY_REFUSED:
    case PY_LIMIT:
        break;
    }
    return READING_PYTHON;
}

static void fail(struct reading *r, const struct py_outcome *outcome, struct revision_reading *out)
{
    out->status = status_of(r, outcome);
    if (out->status == READING_LIVE) {
        err_diagnose(&out->err, py_refusal_code(PY_REFUSE_LIVE));
        err_hint(&out->err, "the revision asks the database; offline there is no answer");
    }
}

/* The keyword arguments of upgrade() and downgrade(): values of a module of their own. */
struct arguments {
    struct reading *reading;
    const struct map *texts;
    struct py_dict *values;
};

static const char arguments_module[] = "env_py_arguments";

static void collect_arguments(struct py_run *run, void *payload)
{
    struct arguments *args = payload;
    args->values = py_dict_of(py_new_dict(run));
    for (size_t i = 0; i < args->texts->len; i++) {
        const char *name = args->texts->at[i].key;
        py_dict_put_name(run, args->values, name, py_run_global(run, arguments_module, name));
    }
}

/* Evaluates what env.py gave as text; *out is NULL when that is nothing. */
static bool read_arguments(struct reading *r, const struct env_step *run, struct py_dict **out,
                           struct py_outcome *outcome, struct err *err)
{
    struct arguments args = {.reading = r};
    *out = NULL;
    if (!run && r->project && !project_run(r->project, &run, err))
        return false;
    if (!run || !run->arguments.len)
        return true;
    args.texts = &run->arguments;
    struct str text = STR_IN(r->arena);
    for (size_t i = 0; i < args.texts->len; i++)
        str_addf(&text, "%s = %s\n", args.texts->at[i].key, (const char *)args.texts->at[i].value);
    const struct source *source =
        py_source_new(r->arena, r->project->env_path, text.ptr, text.len, err);
    if (!source)
        return false;
    if (!py_run_exec(r->run, arguments_module, source, false, outcome) ||
        !py_run_protect(r->run, collect_arguments, &args, outcome))
        return py_outcome_err(r->run, outcome, err);
    *out = args.values;
    return true;
}

void alembic_read_revision(struct arena *a, struct alembic_project *project, const char *path,
                           enum direction direction, const struct env_step *run,
                           struct revision_reading *out)
{
    *out = (struct revision_reading){.status = READING_PYTHON, .err = ERR_INIT};
    struct reading *r = reading_new(a, project, path);
    struct py_outcome outcome = {.ending = PY_REFUSED};
    struct py_dict *arguments;
    if (!read_arguments(r, run, &arguments, &outcome, &out->err) ||
        !reading_exec(r, path, &outcome, &out->err)) {
        out->fingerprint = r->fingerprint;
        fail(r, &outcome, out);
        return;
    }
    const char *name = direction == DIRECTION_UPGRADE ? "upgrade" : "downgrade";
    struct py_value function = py_run_global(r->run, r->module, name);
    out->fingerprint = r->fingerprint;
    if (py_is_absent(function)) {
        out->status = READING_RAISES;
        err_set(&out->err, ERR_RAISED, "AttributeError: module '%s' has no attribute '%s'",
                r->module, name);
        err_at(&out->err, path, 0, 0);
        return;
    }
    r->host.in_revision = true;
    py_run_set_strict(r->run, true);
    if (py_run_call(r->run, function, NULL, 0, arguments, &outcome)) {
        out->status = READING_OK;
    } else {
        py_outcome_err(r->run, &outcome, &out->err);
        fail(r, &outcome, out);
    }
    out->ops = r->host.ops;
    out->prints = r->prints;
}

/* FNV-1a over the bytes; the length tells apart what differs by NUL bytes at the end. */
uint64_t revision_fingerprint(const char *text, size_t len)
{
    uint64_t hash = 14695981039346656037u ^ len;
    for (size_t i = 0; i < len; i++)
        hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    return hash ? hash : 1;
}

bool revision_is_unchanged(const char *path, uint64_t fingerprint, struct err *err)
{
    struct arena *a = arena_new();
    struct err gone = ERR_INIT;
    char *now;
    size_t len;
    bool read = file_read(a, path, REVISION_MAX, &now, &len, &gone);
    bool same = read && revision_fingerprint(now, len) == fingerprint;
    if (!same) {
        err_set(err, ERR_STALE, read ? "the revision file has changed since the plan was made"
                                     : "the revision file is gone since the plan was made");
        err_hint(err, "make a new plan, and look at it again; nothing was done");
        err_at(err, path, 0, 0);
    }
    err_clear(&gone);
    arena_free(a);
    return same;
}

void revision_reading_clear(struct revision_reading *reading)
{
    err_clear(&reading->err);
}

/* ------------------------------------------------------------------ headers */

static bool bad_header(struct err *err, const char *path, const char *what)
{
    err_set(err, ERR_PYTHON, "%s", what);
    err_diagnose(err, py_refusal_code(PY_REFUSE_HEADER));
    return err_at(err, path, 0, 0);
}

/* None, a str, or an iterable of str. */
static void read_ids(struct py_run *run, struct arena *a, struct py_value v, const char *what,
                     struct name_list *out)
{
    if (py_is_unset(v))
        return;
    if (py_is_str(v)) {
        vec_push(a, out, arena_strdup(a, py_as_string(run, v, what)));
        return;
    }
    struct py_tuple *items = py_items(run, v);
    for (size_t i = 0; i < items->len; i++)
        vec_push(a, out, arena_strdup(a, py_as_string(run, items->items[i], what)));
}

/* The id in a file name of Alembic 0.1: hexadecimal digits and nothing else before ".py". */
static const char *legacy_id(struct arena *a, const char *path)
{
    const char *base = path_base(path);
    size_t len = strspn(base, "0123456789abcdef");
    return len > 0 && strncmp(base + len, ".py", 3) == 0 ? arena_strndup(a, base, len) : NULL;
}

static void split_doc(struct arena *a, const char *doc, struct revision_header *out)
{
    struct str text = STR_IN(a);
    str_add(&text, doc);
    str_trim(&text);
    out->longdoc = str_take(&text);
    const char *blank = strstr(out->longdoc, "\n\n");
    out->doc = blank ? arena_strndup(a, out->longdoc, (size_t)(blank - out->longdoc))
                     : out->longdoc;
}

/* The id that the file declares, or that its name holds; NULL with Alembic's words. */
static const char *declared_id(struct arena *a, const char *path, const char *declared,
                               struct err *err)
{
    const char *id = declared ? arena_strdup(a, declared) : legacy_id(a, path);
    if (!id)
        err_set(err, ERR_COMMAND,
                "Could not determine revision id from filename %s. Be sure the 'revision' variable "
                "is declared inside the script (please see 'Upgrading from Alembic 0.1 to 0.2' in "
                "the documentation).",
                path_base(path));
    return id;
}

static bool no_down_revision(struct arena *a, const char *path, const char *module, struct err *err)
{
    return bad_header(err, path,
                      arena_printf(a, "AttributeError: module '%s' has no attribute "
                                      "'down_revision'", module));
}

/* ------------------------------------------------------------------ headers without evaluation */

static void copy_ids(struct arena *a, const struct py_header_value *v, struct name_list *out)
{
    for (size_t i = 0; v && i < v->count; i++)
        vec_push(a, out, arena_strdup(a, v->items[i].text));
}

/* No id has a NUL character: evaluation says so. */
static bool has_nul(const struct py_header_value *v)
{
    for (size_t i = 0; i < v->count; i++)
        if (strlen(v->items[i].text) != v->items[i].len)
            return true;
    return false;
}

/* Whether the scan tells the four variables; a name that is not there is told too. */
static bool is_told(const struct py_header *header)
{
    static const char *const names[] = {"revision", "down_revision", "branch_labels", "depends_on"};
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        const struct py_header_value *v = py_header_get(header, names[i]);
        if (v && (v->kind == PY_HEADER_OTHER || has_nul(v)))
            return false;
    }
    const struct py_header_value *id = py_header_get(header, "revision");
    return !id || id->kind == PY_HEADER_STR;
}

static bool header_from_scan(struct arena *a, const char *path, const struct py_header *scanned,
                             struct revision_header *out, struct err *err)
{
    const struct py_header_value *id = py_header_get(scanned, "revision");
    const struct py_header_value *down = py_header_get(scanned, "down_revision");
    out->id = declared_id(a, path, id ? id->items[0].text : NULL, err);
    if (!out->id)
        return false;
    if (!down)
        return no_down_revision(a, path, path_base(path), err);
    copy_ids(a, down, &out->down);
    copy_ids(a, py_header_get(scanned, "depends_on"), &out->depends_on);
    copy_ids(a, py_header_get(scanned, "branch_labels"), &out->labels);
    split_doc(a, scanned->docstring ? scanned->docstring->text : "", out);
    return true;
}

/* ------------------------------------------------------------------ headers by evaluation */

struct header_request {
    struct arena *arena; /* of the header */
    struct revision_header *out;
    struct py_value id, down, depends_on, labels, doc;
};

static void read_header_values(struct py_run *run, void *payload)
{
    struct header_request *q = payload;
    struct arena *a = q->arena;
    struct revision_header *out = q->out;
    if (!py_is_absent(q->id))
        out->id = arena_strdup(a, py_as_string(run, q->id, "revision"));
    read_ids(run, a, q->down, "down_revision", &out->down);
    read_ids(run, a, q->depends_on, "depends_on", &out->depends_on);
    read_ids(run, a, q->labels, "branch_labels", &out->labels);
    split_doc(a, py_is_str(q->doc) ? py_as_text(run, q->doc, "__doc__")->ptr : "", out);
}

/*
 * What stands behind the header may be beyond retort without making the file unreadable: that shows
 * when the revision itself is read. An exception that Python would raise too does make it so.
 */
static bool header_from_run(struct arena *a, struct reading *r, const char *path,
                            struct revision_header *out, struct err *err)
{
    struct py_outcome outcome = {.ending = PY_OK};
    bool read = reading_exec(r, path, &outcome, err);
    struct header_request q = {
        .arena = a,
        .out = out,
        .id = py_run_global(r->run, r->module, "revision"),
        .down = py_run_global(r->run, r->module, "down_revision"),
        .depends_on = py_run_global(r->run, r->module, "depends_on"),
        .labels = py_run_global(r->run, r->module, "branch_labels"),
        .doc = py_run_global(r->run, r->module, "__doc__"),
    };
    bool beyond = outcome.ending == PY_REFUSED || outcome.ending == PY_LIMIT;
    if (!read && (!beyond || py_is_absent(q.id) || py_is_absent(q.down)))
        return false;
    err_clear(err);
    if (!py_run_protect(r->run, read_header_values, &q, &outcome)) {
        py_outcome_err(r->run, &outcome, err);
        return err->file ? false : err_at(err, path, 0, 0);
    }
    out->id = declared_id(a, path, out->id, err);
    if (!out->id)
        return false;
    return !py_is_absent(q.down) || no_down_revision(a, path, r->module, err);
}

/* own: for the file and what is made of it; thousands of headers are kept, not their files. */
static bool read_header(struct arena *a, struct arena *own, struct alembic_project *project,
                        const char *path, struct revision_header *out, struct err *err)
{
    char *text;
    size_t len;
    struct py_header scanned;
    if (!file_read(own, path, REVISION_MAX, &text, &len, err))
        return false;
    if (py_header_scan(own, text, len, &scanned) && is_told(&scanned))
        return header_from_scan(a, path, &scanned, out, err);
    return header_from_run(a, reading_new(own, project, path), path, out, err);
}

bool alembic_read_header(struct arena *a, struct alembic_project *project, const char *path,
                         struct revision_header *out, struct err *err)
{
    *out = (struct revision_header){.path = path};
    struct arena *own = arena_new();
    bool ok = read_header(a, own, project, path, out, err);
    arena_free(own);
    return ok;
}
