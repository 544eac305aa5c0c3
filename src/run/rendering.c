#include "config.h"

#include "run/rendering.h"

#include "base/arena.h"
#include "base/str.h"
#include "python/refusals.h"
#include "sql/text.h"

/* Where the parts of a rendering go while it is made. */
struct maker {
    struct arena *arena;                    /* of the rendering */
    struct arena *own;                      /* what is only needed meanwhile */
    const struct revision_reading *reading;
    struct statement_list statements;       /* in own */
    size_t next_print;
    struct rendering *out;
};

/* Takes over what was printed before that operation. */
static void take_prints(struct maker *m, size_t before)
{
    const struct revision_prints *prints = &m->reading->prints;
    for (; m->next_print < prints->len && prints->at[m->next_print].before <= before;
         m->next_print++)
        vec_push(m->arena, &m->out->prints,
                 ((struct revision_print){m->statements.len,
                                          arena_strdup(m->arena, prints->at[m->next_print].text)}));
}

/* Text that no statement followed stands by itself. */
static void keep_static_text(struct maker *m, struct sql_context *context)
{
    if (context->static_text) {
        struct statement last = {.kind = STATEMENT_SQL, .sql = context->static_text};
        vec_push(m->own, &m->statements, last);
    }
    context->static_text = NULL;
}

/* Renders the operations up to the first that cannot be; that one's error stands. */
static void render_ops(struct maker *m, struct sql_context *context)
{
    const struct op_list *ops = &m->reading->ops;
    struct rendering *out = m->out;
    struct err err = ERR_INIT;
    for (size_t i = 0; i < ops->len; i++) {
        take_prints(m, i);
        if (sql_render_op(m->own, context, ops->at[i], &m->statements, &err))
            continue;
        err_clear(&out->err);
        err_move(&out->err, &err);
        out->status = out->err.code == ERR_RAISED ? READING_RAISES : READING_PYTHON;
        if (out->status == READING_PYTHON)
            err_diagnose(&out->err, py_refusal_code(PY_REFUSE_TYPE));
        return;
    }
    take_prints(m, ops->len);
}

static void render_all(struct maker *m, struct sql_context *context)
{
    render_ops(m, context);
    keep_static_text(m, context);
}

/* What outlives the reading's arena. */
static void keep_statement(struct arena *a, const char *path, const struct statement *from,
                           struct statement_list *out)
{
    struct statement kept = *from;
    const char *file = from->origin.file;
    kept.sql = arena_strdup(a, from->sql);
    if (file)
        kept.origin.file = str_eq(file, path) ? path : arena_strdup(a, file);
    vec_push(a, out, kept);
}

void rendering_of(struct arena *a, struct arena *scratch, const char *path,
                  struct revision_reading *reading, struct sql_context *context,
                  struct rendering *out)
{
    struct sql_context alone = {.created_types = MAP_IN(scratch)};
    struct maker m = {.arena = a, .own = scratch, .reading = reading, .out = out};
    *out = (struct rendering){
        .status = reading->status, .err = ERR_INIT, .fingerprint = reading->fingerprint};
    /* An operation that Alembic cannot render raises where it stands, before what came later. */
    err_move(&out->err, &reading->err);
    render_all(&m, context ? context : &alone);
    for (size_t i = 0; i < reading->modules.len; i++)
        vec_push(a, &out->modules,
                 ((struct revision_module){arena_strdup(a, reading->modules.at[i].path),
                                           reading->modules.at[i].fingerprint}));
    vec_reserve(a, &out->statements, m.statements.len);
    for (size_t i = 0; i < m.statements.len; i++)
        keep_statement(a, path, &m.statements.at[i], &out->statements);
}

void rendering_make(struct arena *a, struct alembic_project *project,
                    const struct reading_request *request, struct sql_context *context,
                    struct rendering *out)
{
    /* What is kept are the statements, not the module behind them. */
    struct arena *own = arena_new();
    struct revision_reading reading;
    struct reading_request with_text = *request;
    with_text.op_text = sql_op_text;
    alembic_read_revision(own, project, &with_text, &reading);
    rendering_of(a, own, request->path, &reading, context, out);
    revision_reading_clear(&reading);
    arena_free(own);
}

bool rendering_env_step(struct arena *a, const struct alembic_project *project,
                        const struct env_step *step, struct statement_list *out, struct err *err)
{
    struct sql_context context = {.created_types = MAP_IN(a)};
    struct op *op = ARENA_NEW(a, struct op);
    op->kind = OP_EXECUTE;
    op->origin = (struct op_origin){.file = project->env_path, .line = step->line};
    op->as.execute = step->statement;
    return sql_render_op(a, &context, op, out, err) ||
           err_at(err, project->env_path, step->line, 0);
}

void rendering_clear(struct rendering *rendering)
{
    err_clear(&rendering->err);
}

const char *rendering_status_name(enum reading_status status)
{
    static const char *const names[] = {
        [READING_OK] = "ok",
        [READING_LIVE] = "live",
        [READING_RAISES] = "raises",
        [READING_PYTHON] = "python",
    };
    return names[status];
}
