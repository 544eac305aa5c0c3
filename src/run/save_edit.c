#include "config.h"

#include "run/save_edit.h"

#include <string.h>
#include <sys/stat.h>

#include "alembic/project.h"
#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "revision/graph.h"
#include "run/save_edit_text.h"

enum { REVISION_MAX = 16 << 20 };

bool save_edit_find(const struct plan *plan, const char *id, size_t *step, struct err *err)
{
    size_t found = 0;
    for (size_t i = 0; i < plan->steps.len; i++) {
        if (!plan->steps.at[i].id || !str_starts_with(plan->steps.at[i].id, id))
            continue;
        *step = i;
        found++;
        if (str_eq(plan->steps.at[i].id, id))
            return true;
    }
    if (found == 1)
        return true;
    return err_set(err, ERR_COMMAND,
                   found ? "several revisions of the plan begin with '%s'"
                         : "the plan has no revision '%s'",
                   id);
}

bool save_edit_is_applied(struct arena *a, const struct graph *graph, const struct plan_step *step,
                          const struct name_list *rows)
{
    struct revision_list at = {0};
    const struct revision *revision = graph_find(graph, step->id);
    bool *applied = ARENA_ARRAY(a, graph->revisions.len, bool);
    for (size_t i = 0; i < rows->len; i++) {
        struct revision *row = graph_find(graph, rows->at[i]);
        if (row)
            vec_push(a, &at, row);
    }
    graph_ancestors(graph, &at, true, applied);
    return revision && applied[revision->index];
}

/* -- which statements are the revision's ---------------------------------------------------------
 */

/* Splits a list into what the revision executes itself and what env.py does around it. */
static void part(struct arena *a, const struct alembic_project *project,
                 const struct plan_statement_list *all, struct plan_statement_list *own,
                 struct plan_statement_list *rest)
{
    bool behind = false;
    for (size_t i = 0; i < all->len; i++) {
        const struct plan_statement *s = &all->at[i];
        behind = behind || s->version_row;
        bool of_env = s->origin.file && str_eq(s->origin.file, project->env_path);
        vec_push(a, behind || of_env ? rest : own, *s);
    }
}

static bool find_own(struct arena *a, const struct alembic_project *project,
                     const struct plan_step *step, struct plan_statement_list *own, struct err *err)
{
    struct plan_statement_list before = {0}, rest = {0}, rest_before = {0};
    if (!step->edited)
        return err_set(err, ERR_COMMAND, "revision %s is not edited in this plan", step->id);
    part(a, project, &step->original, &before, &rest_before);
    part(a, project, &step->statements, own, &rest);
    if (plan_statements_same(&rest, &rest_before))
        return true;
    err_set(err, ERR_COMMAND,
            "the edit of %s changes what env.py executes, or stands behind the "
            "version table's statement: that is no part of the revision",
            step->id);
    return err_hint(err, "run the plan as it is, or take that part of the edit back");
}

/* -- the new text -------------------------------------------------------------------------------
 */

/* What the text gives, as the step of a plan would have it. */
static bool read_again(struct arena *a, struct alembic_project *project,
                       const struct plan_step *step, int server_version, struct save_edit *save,
                       struct err *err)
{
    struct rendering rendering;
    struct plan_step again = {.statements = {0}};
    const struct reading_request request = {
        .path = step->file,
        .text = save->text,
        .text_len = save->len,
        .direction = step->verb == PLAN_UPGRADE ? DIRECTION_UPGRADE : DIRECTION_DOWNGRADE,
    };
    rendering_make(a, project, &request, NULL, &rendering);
    bool ok = rendering.status == READING_OK;
    if (ok) {
        plan_add_rendering(a, &rendering, project->env.transactional_ddl, &again.statements);
        plan_arrange(a, &again, server_version);
        save->statements = again.statements;
    } else {
        err_move(err, &rendering.err);
    }
    rendering_clear(&rendering);
    return ok;
}

static bool read_file(struct arena *a, const struct plan_step *step, struct save_edit *out,
                      char **text, size_t *len, struct err *err)
{
    struct stat st;
    out->path = path_real(a, step->file);
    if (!out->path || stat(out->path, &st) != 0)
        return err_set(err, ERR_STALE, "%s is not there any more", step->file);
    out->mode = st.st_mode & 07777;
    if (!file_read(a, out->path, REVISION_MAX, text, len, err))
        return false;
    if (revision_fingerprint(*text, *len) == step->rendering.fingerprint)
        return true;
    err_set(err, ERR_STALE, "%s has changed since it was planned", step->file);
    return err_hint(err, "make a new plan");
}

bool save_edit_make(struct arena *a, struct alembic_project *project, const struct plan *plan,
                    size_t step, struct save_edit *out, struct err *err)
{
    const struct plan_step *s = &plan->steps.at[step];
    struct plan_statement_list own = {0};
    struct save_text text = {.path = s->file,
                             .function = s->verb == PLAN_UPGRADE ? "upgrade" : "downgrade"};
    char *bytes;
    *out = (struct save_edit){0};
    if (!find_own(a, project, s, &own, err) || !read_file(a, s, out, &bytes, &text.len, err))
        return false;
    text.bytes = bytes;
    if (!save_text_make(a, &text, &own, &out->text, &out->len, err) ||
        !read_again(a, project, s, plan->database.server_version, out, err))
        return false;
    if (plan_statements_same(&own, &out->statements))
        return true;
    return err_set(err, ERR_COMMAND,
                   "%s() of %s would not give the edited statements when it is read again: it is "
                   "left as it is",
                   text.function, s->file);
}

bool save_edit_write(struct arena *a, struct plan *plan, size_t step, const struct save_edit *save,
                     struct err *err)
{
    struct plan_step *s = &plan->steps.at[step];
    size_t own = 0;
    if (!revision_is_unchanged(save->path, s->rendering.fingerprint, "the revision file", err) ||
        !file_write(save->path, save->text, save->len, save->mode, true, err))
        return false;
    s->rendering.fingerprint = revision_fingerprint(save->text, save->len);
    for (size_t i = 0; i < s->statements.len; i++) {
        struct plan_statement *statement = &s->statements.at[i];
        bool is_own = own < save->statements.len &&
                      str_eq(statement->sql, save->statements.at[own].sql) &&
                      !statement->version_row;
        if (is_own)
            statement->origin = save->statements.at[own++].origin;
        statement->rendered = statement->sql;
    }
    s->edited = false;
    s->original = (struct plan_statement_list){0};
    plan_find_segments(a, s);
    return true;
}
