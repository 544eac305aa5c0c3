#include "config.h"

#include "run/plan_preview.h"

#include "alembic/project.h"
#include "base/arena.h"
#include "base/str.h"
#include "postgres/query.h"
#include "run/plan_asked.h"
#include "sql/text.h"

/* ------------------------------------------------------------------ the preview */

static bool open_preview(struct plan_previewer *p, struct err *err)
{
    const struct preview_source *source = p->source;
    if (!connection_open_until(source->url, source->log, source->interrupt, &p->conn, err))
        return false;
    const struct preview_options options = {
        .project = p->project, .conn = p->conn, .settings = &p->settings};
    if (!preview_open(&options, &p->preview, err))
        return false;
    if (p->table)
        preview_add_table(p->preview, p->table);
    return true;
}

void plan_previewer_close(struct plan_previewer *p)
{
    preview_close(p->preview);
    connection_close(p->conn);
    p->preview = NULL;
    p->conn = NULL;
}

bool plan_previewer_wants(const struct plan_previewer *p, const struct revision_reading *reading)
{
    return p->source && reading->asks;
}

/* ------------------------------------------------------------------ what outlives the preview */

static const char *keep(struct arena *a, const char *text)
{
    return text ? arena_strdup(a, text) : NULL;
}

static struct op_origin keep_origin(struct arena *a, const struct op_origin *from, const char *path)
{
    struct op_origin origin = *from;
    origin.file = str_eq(from->file, path) ? path : keep(a, from->file);
    return origin;
}

static void keep_asked(struct arena *a, const struct live_asked_list *from, const char *path,
                       struct live_asked_list *to)
{
    for (size_t i = 0; i < from->len; i++) {
        struct live_asked asked = from->at[i];
        asked.origin = keep_origin(a, &asked.origin, path);
        asked.sql = keep(a, asked.sql);
        asked.call = keep(a, asked.call);
        asked.answer = keep(a, asked.answer);
        asked.note = keep(a, asked.note);
        vec_push(a, to, asked);
    }
}

static void keep_rendering(struct arena *a, struct preview_revision *from, const char *path,
                           struct rendering *to)
{
    *to = (struct rendering){
        .status = from->status, .err = ERR_INIT, .fingerprint = from->fingerprint};
    err_move(&to->err, &from->err);
    for (size_t i = 0; i < from->statements.len; i++) {
        struct statement s = from->statements.at[i];
        s.sql = arena_strdup(a, s.sql);
        s.origin = keep_origin(a, &s.origin, path);
        vec_push(a, &to->statements, s);
    }
    for (size_t i = 0; i < from->prints.len; i++)
        vec_push(a, &to->prints,
                 ((struct revision_print){from->prints.at[i].before,
                                          arena_strdup(a, from->prints.at[i].text)}));
    for (size_t i = 0; i < from->modules.len; i++)
        vec_push(a, &to->modules,
                 ((struct revision_module){arena_strdup(a, from->modules.at[i].path),
                                           from->modules.at[i].fingerprint}));
}

/* Seams of autocommit blocks are no statements of a plan. */
static void keep_counts(struct plan_previewer *p, const struct preview_revision *from)
{
    p->asked_before.len = 0;
    for (size_t i = 0; i < from->statements.len; i++)
        if (from->statements.at[i].kind == STATEMENT_SQL)
            vec_push(p->arena, &p->asked_before, from->asked_before.at[i]);
}

/* ------------------------------------------------------------------ what becomes of a step */

static bool same_statements(const struct statement_list *a, const struct statement_list *b)
{
    bool same = a->len == b->len;
    for (size_t i = 0; same && i < a->len; i++)
        same = a->at[i].kind == b->at[i].kind &&
               (str_eq(a->at[i].sql, b->at[i].sql) ||
                (a->at[i].nondeterministic && b->at[i].nondeterministic));
    return same;
}

/* The place is one of the revision: what it calls may have raised, for what was asked last. */
static void leave_open(struct plan_step *step, const char *reason)
{
    const struct err *why = &step->rendering.err;
    step->open = true;
    step->open_reason = reason;
    step->open_at = (struct op_origin){.file = step->file,
                                       .line = why->line,
                                       .column = why->column,
                                       .revision_line = why->line};
    if (why->file && !str_eq(why->file, step->file) && step->asked.len > 0)
        step->open_at = vec_last(&step->asked).origin;
}

/*
 * Live is what asked something, and what only a database can follow at all. What raises because of
 * an answer from before the plan's earlier steps may not raise when it is its turn.
 */
static void decide(struct arena *a, const struct rendering *native, struct plan_step *step)
{
    struct rendering *r = &step->rendering;
    const char *message = r->err.message ? arena_strdup(a, r->err.message) : NULL;
    if (r->status == READING_OK && native->status == READING_OK &&
        same_statements(&native->statements, &r->statements))
        return;
    if (r->status == READING_RAISES && plan_is_outdated(step))
        leave_open(step, arena_printf(a, "as of now it raises %.*s",
                                      (int)strcspn(message, "\n"), message));
    else if (r->status == READING_LIVE && r->err.code != ERR_NONE)
        leave_open(step, message);
    else if (r->status != READING_OK && r->status != READING_LIVE)
        return;
    step->live = true;
    r->status = READING_LIVE;
}

/* Reads it as without a database; what earlier revisions created is not touched. */
static void render_native(struct arena *scratch, struct revision_reading *reading, const char *path,
                          const struct sql_context *context, struct rendering *out)
{
    struct sql_context copy = {.created_types = MAP_IN(scratch)};
    for (size_t i = 0; i < context->created_types.len; i++)
        map_put(&copy.created_types, context->created_types.at[i].key, &copy);
    rendering_of(scratch, scratch, path, reading, &copy, out);
}

bool plan_preview_step(struct plan_previewer *p, size_t i, struct revision_reading *reading,
                       struct arena *scratch, struct sql_context *context, struct plan_step *step,
                       struct err *err)
{
    struct rendering native;
    struct preview_revision shown;
    const char *path = p->requests[i].path;
    if (!p->preview && !open_preview(p, err))
        return false;
    for (; p->followed < i; p->followed++)
        preview_follow(p->preview, &p->requests[p->followed]);
    p->followed++;
    render_native(scratch, reading, path, context, &native);
    bool ok = preview_revision(p->preview, &p->requests[i], context, &shown, err);
    if (ok) {
        keep_rendering(p->arena, &shown, path, &step->rendering);
        keep_asked(p->arena, &shown.asked, path, &step->asked);
        keep_counts(p, &shown);
        decide(p->arena, &native, step);
    }
    rendering_clear(&native);
    err_clear(&shown.err);
    return ok;
}

void plan_preview_number(const struct plan_previewer *p, struct plan_step *step)
{
    for (size_t i = 0; i < step->statements.len; i++) {
        size_t number = step->statements.at[i].number;
        if (number > 0 && number <= p->asked_before.len)
            step->statements.at[i].asked_before = p->asked_before.at[number - 1];
    }
}

bool plan_preview_alone(struct arena *a, struct alembic_project *project,
                        const struct preview_source *source, const struct reading_request *request,
                        struct plan_step *step, struct err *err)
{
    struct plan_previewer p = {
        .arena = a, .project = project, .source = source, .requests = request};
    struct sql_context context = {.created_types = MAP_IN(a)};
    struct arena *scratch = arena_new();
    struct revision_reading reading;
    struct reading_request native = *request;
    bool ok = true;
    native.op_text = sql_op_text;
    *step = (struct plan_step){
        .verb = request->direction == DIRECTION_UPGRADE ? PLAN_UPGRADE : PLAN_DOWNGRADE,
        .file = request->path,
        .rendering = {.err = ERR_INIT}};
    alembic_read_revision(scratch, project, &native, &reading);
    if (plan_previewer_wants(&p, &reading))
        ok = plan_preview_step(&p, 0, &reading, scratch, &context, step, err);
    else
        rendering_of(a, scratch, request->path, &reading, &context, &step->rendering);
    plan_add_rendering(a, &step->rendering, project->env.transactional_ddl, &step->statements);
    plan_preview_number(&p, step);
    plan_previewer_close(&p);
    revision_reading_clear(&reading);
    arena_free(scratch);
    return ok;
}
