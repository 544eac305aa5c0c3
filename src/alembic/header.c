/* The header of a revision file (spec/cli.md, section 3.1). */
#include "config.h"

#include <ctype.h>
#include <string.h>

#include "alembic/reading.h"
#include "alembic/revision.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "python/header.h"

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
    while (isspace((unsigned char)*doc))
        doc++;
    size_t len = strlen(doc);
    while (len > 0 && isspace((unsigned char)doc[len - 1]))
        len--;
    out->longdoc = arena_strndup(a, doc, len);
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
    if (!v || !v->count)
        return;
    vec_reserve(a, out, v->count);
    for (size_t i = 0; i < v->count; i++)
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
    reading_begin(r, path);
    bool read = reading_exec(r, &outcome, err);
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
    return header_from_run(a, reading_new(own, project), path, out, err);
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

bool alembic_header_of_text(struct arena *a, const char *path, const char *text, size_t len,
                            struct revision_header *out, struct err *err)
{
    struct py_header scanned;
    *out = (struct revision_header){.path = path};
    if (!py_header_scan(a, text, len, &scanned) || !is_told(&scanned))
        return bad_header(err, path, "the header must be evaluated");
    return header_from_scan(a, path, &scanned, out, err);
}

void header_scratch_init(struct header_scratch *scratch)
{
    *scratch = (struct header_scratch){.arena = arena_new(), .text = STR_INIT};
}

void header_scratch_clear(struct header_scratch *scratch)
{
    arena_free(scratch->arena);
    str_clear(&scratch->text);
}

bool alembic_scan_header(struct arena *a, struct header_scratch *scratch, int folder,
                         const char *path, struct revision_header *out)
{
    struct str *text = &scratch->text;
    struct py_header scanned;
    struct err incomplete = ERR_INIT;
    *out = (struct revision_header){.path = path};
    arena_reset(scratch->arena);
    bool told = file_read_again(folder, path_base(path), REVISION_MAX, text) &&
                py_header_scan(scratch->arena, text->ptr, text->len, &scanned) &&
                is_told(&scanned) && header_from_scan(a, path, &scanned, out, &incomplete);
    err_clear(&incomplete);
    return told;
}
