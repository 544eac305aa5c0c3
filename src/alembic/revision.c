#include "config.h"

#include "alembic/revision.h"

#include <string.h>

#include "alembic/live.h"
#include "alembic/project.h"
#include "alembic/reading.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "python/parse.h"

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
        return r->host.live && outcome->refusal == PY_REFUSE_LIVE ? READING_LIVE : READING_PYTHON;
    case PY_LIMIT:
        break;
    }
    return READING_PYTHON;
}

static void fail(struct reading *r, const struct py_outcome *outcome, struct revision_reading *out)
{
    out->status = status_of(r, outcome);
    if (out->status == READING_LIVE && !r->host.live) {
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

static void flush(struct py_run *run, void *payload)
{
    (void)payload;
    live_finish(run);
}

static void read_revision(struct reading *r, const struct reading_request *request,
                          struct revision_reading *out)
{
    *out = (struct revision_reading){.status = READING_PYTHON, .err = ERR_INIT};
    reading_begin(r, request->path);
    r->text = request->text;
    r->text_len = request->text_len;
    r->host.to_print = request->purpose == READING_TO_PRINT;
    r->host.op_text = request->op_text;
    r->host.live = request->live;
    struct py_outcome outcome = {.ending = PY_REFUSED};
    struct py_dict *arguments;
    if (!read_arguments(r, request->run, &arguments, &outcome, &out->err) ||
        !reading_exec(r, &outcome, &out->err)) {
        out->fingerprint = r->fingerprint;
        fail(r, &outcome, out);
        return;
    }
    const char *name = request->direction == DIRECTION_UPGRADE ? "upgrade" : "downgrade";
    struct py_value function = py_run_global(r->run, r->module, name);
    out->fingerprint = r->fingerprint;
    if (py_is_absent(function)) {
        err_set(&out->err, ERR_PYTHON, "AttributeError: module '%s' has no attribute '%s'",
                r->module, name);
        err_diagnose(&out->err, py_refusal_code(PY_REFUSE_HEADER));
        err_at(&out->err, request->path, 0, 0);
        return;
    }
    r->host.in_revision = true;
    py_run_set_strict(r->run, true);
    if (py_run_call(r->run, function, NULL, 0, arguments, &outcome) &&
        py_run_protect(r->run, flush, NULL, &outcome)) {
        out->status = READING_OK;
    } else {
        py_outcome_err(r->run, &outcome, &out->err);
        fail(r, &outcome, out);
    }
    out->asks = r->host.asked || r->host.decided;
    out->ops = r->host.ops;
    out->prints = r->prints;
    out->modules = r->modules;
}

void alembic_read_revision(struct arena *a, struct alembic_project *project,
                           const struct reading_request *request, struct revision_reading *out)
{
    read_revision(reading_new(a, project), request, out);
}

/* ------------------------------------------------------------------ many revisions */

/* What most revisions use: saved, it is there for each of them. */
static const char preparation[] =
    "from typing import Sequence, Union\n"
    "from alembic import op\n"
    "import sqlalchemy as sa\n"
    "from sqlalchemy.dialects import postgresql\n"
    "Union[str, Sequence[str], None]\n"
    "op.create_table, op.drop_table, op.add_column, op.drop_column, op.alter_column\n"
    "op.create_index, op.drop_index, op.create_foreign_key, op.create_unique_constraint\n"
    "op.drop_constraint, op.execute, op.f('a')\n"
    "sa.Column('a', sa.Integer(), sa.ForeignKey('t.a'), nullable=False)\n"
    "sa.Column('b', sa.String(length=1), server_default=sa.text('x'))\n"
    "sa.Text(), sa.Boolean(), sa.DateTime(timezone=True), sa.BigInteger(), sa.Numeric()\n"
    "postgresql.UUID(), postgresql.JSONB()\n"
    "sa.PrimaryKeyConstraint('a'), sa.UniqueConstraint('a'), sa.CheckConstraint('a')\n"
    "sa.ForeignKeyConstraint(['a'], ['t.a'])\n";

struct revision_reader {
    struct arena *arena;
    struct reading *reading;
};

struct revision_reader *revision_reader_new(struct alembic_project *project)
{
    struct arena *a = arena_new();
    struct revision_reader *reader = ARENA_NEW(a, struct revision_reader);
    struct py_outcome outcome;
    struct err err = ERR_INIT;
    reader->arena = a;
    reader->reading = reading_new(a, project);
    const struct source *source =
        py_source_new(a, "<preparation>", preparation, sizeof(preparation) - 1, &err);
    if (source) /* should it fail, revisions find less prepared and read the same */
        py_run_prepare(reader->reading->run, source, &outcome);
    err_clear(&err);
    arena_save(a);
    return reader;
}

void revision_reader_free(struct revision_reader *reader)
{
    if (reader)
        arena_free(reader->arena);
}

void revision_reader_read(struct revision_reader *reader, const struct reading_request *request,
                          struct revision_reading *out)
{
    arena_restore(reader->arena);
    read_revision(reader->reading, request, out);
}

/* As FNV-1a, eight bytes at a time; the length tells apart what differs by NULs at the end. */
uint64_t revision_fingerprint(const char *text, size_t len)
{
    uint64_t hash = 14695981039346656037u ^ len, eight;
    for (size_t i = 0; i < len; i += sizeof(eight)) {
        size_t rest = len - i;
        eight = 0;
        memcpy(&eight, text + i, rest < sizeof(eight) ? rest : sizeof(eight));
        hash = (hash ^ eight) * 1099511628211u;
        hash ^= hash >> 32; /* the upper bits of a byte reach the lower ones too */
    }
    return hash ? hash : 1;
}

bool revision_is_unchanged(const char *path, uint64_t fingerprint, const char *what,
                           struct err *err)
{
    struct arena *a = arena_new();
    struct err gone = ERR_INIT;
    char *now;
    size_t len;
    bool read = file_read(a, path, REVISION_MAX, &now, &len, &gone);
    bool same = read && revision_fingerprint(now, len) == fingerprint;
    if (!same) {
        err_set(err, ERR_STALE, "%s %s since the plan was made", what,
                read ? "has changed" : "is gone");
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
