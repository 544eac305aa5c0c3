#include "config.h"

#include "ui/add_revision.h"

#include "alembic/project.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "config/config.h"
#include "ui/actions.h"
#include "ui/console.h"
#include "ui/editor.h"

/* What env.py would have to be run for: it is read, and has to be understood. */
static bool environment(struct arena *a, struct session *session, struct draft_bodies *bodies,
                        struct err *err)
{
    const struct err *why = session_why_no_run(session);
    if (why) {
        err_copy(err, why);
        return false;
    }
    return draft_empty_bodies(a, bodies, err);
}

bool add_revision_write(struct arena *a, struct session *session,
                        const struct draft_request *request, const struct draft_bodies *bodies,
                        struct draft **draft, struct err *err)
{
    struct graph *graph;
    return draft_make(a, session->project, session->graph, request, draft, err) &&
           file_make_dirs((*draft)->path_folder, 0777, err) &&
           draft_render(a, session->project, *draft, bodies, err) && draft_write(*draft, err) &&
           draft_check(a, session->project, *draft, &graph, err);
}

void add_revision_show(struct console *c, const struct draft *draft)
{
    if (!draft || !file_exists(draft->path))
        return;
    mem_free(c->awaited);
    c->awaited = mem_strdup(draft->id);
    console_load(c, NULL);
    c->graph_filter = GRAPH_ALL;
    console_focus_view(c, VIEW_GRAPH);
}

/* Hooks are programs of the project: the console runs none, as the command line without
 * --run-hooks. */
const char *add_revision_hooks(struct arena *a, const struct session *session)
{
    struct config_hooks hooks = {0};
    struct err err = ERR_INIT;
    struct str out = STR_IN(a);
    if (!config_hooks_get(a, session->config, &hooks, &err))
        str_addf(&out, "; %s", err.message);
    for (size_t i = 0; i < hooks.len; i++)
        str_addf(&out, "%s%s", i ? ", " : "; post-write hooks that were not run: ",
                 hooks.at[i].name);
    err_clear(&err);
    return out.len ? out.ptr : "";
}

/* -- an empty one -------------------------------------------------------------------------------
 */

/* Line of "def upgrade", to open the editor at. */
static size_t upgrade_line(const char *text)
{
    size_t line = 1;
    for (; *text; text++) {
        if ((line == 1 || text[-1] == '\n') && str_starts_with(text, "def upgrade("))
            return line;
        line += *text == '\n';
    }
    return 1;
}

static void write_empty(struct console *c, const char *message)
{
    struct arena *a = arena_new();
    struct draft *draft = NULL;
    struct draft_bodies bodies;
    struct err err = ERR_INIT;
    struct draft_request request = {.message = message, .now = clock_wall()};
    bool with_env = c->session->config->revision_environment;
    if (c->target.id)
        vec_push(a, &request.heads, c->target.id);
    bool ok = (!with_env || environment(a, c->session, &bodies, &err)) &&
              add_revision_write(a, c->session, &request, with_env ? &bodies : NULL, &draft, &err);
    if (ok)
        ok = editor_open_at(c, draft->path, upgrade_line(draft->text));
    add_revision_show(c, draft);
    if (err.code != ERR_NONE)
        console_show_err(c, &err);
    else if (ok)
        console_say(c, "wrote %s; r runs it%s", draft->id,
                    add_revision_hooks(a, c->session));
    err_clear(&err);
    arena_free(a);
}

static size_t count_heads(const struct graph *graph)
{
    size_t heads = 0;
    for (size_t i = 0; i < graph->revisions.len; i++)
        heads += graph->revisions.at[i]->is_head;
    return heads;
}

/* The head that it is put on is captured with the key: the only one, or that under the cursor. */
void act_new_revision(struct console *c)
{
    const struct revision *here = console_selected(c);
    size_t heads = count_heads(c->session->graph);
    mem_free(c->target.id);
    c->target.id = NULL;
    if (heads > 1 && (!here || !here->is_head)) {
        console_complain(c, "there are %zu heads: t goes to the one to put it on", heads);
        return;
    }
    if (heads > 1)
        c->target.id = mem_strdup(here->header->id);
    prompt_ask(c, "message of the new revision: ", write_empty);
}

/* -- a merge ------------------------------------------------------------------------------------
 */

static void write_merge(struct console *c, const char *message)
{
    struct arena *a = arena_new();
    struct draft *draft = NULL;
    struct err err = ERR_INIT;
    struct draft_request request = {.message = message, .now = clock_wall()};
    for (size_t i = 0; i < c->marks.len; i++)
        vec_push(a, &request.heads, arena_strdup(a, c->marks.at[i].key));
    bool ok = add_revision_write(a, c->session, &request, NULL, &draft, &err);
    if (ok)
        map_clear(&c->marks);
    add_revision_show(c, draft);
    if (ok)
        console_say(c, "wrote %s: a merge of %zu heads%s", draft->id, request.heads.len,
                    add_revision_hooks(a, c->session));
    else
        console_show_err(c, &err);
    err_clear(&err);
    arena_free(a);
}

void act_merge(struct console *c)
{
    for (size_t i = 0; i < c->marks.len; i++) {
        const struct revision *revision = graph_find(c->session->graph, c->marks.at[i].key);
        if (revision && revision->is_head)
            continue;
        console_complain(c, "%s is no head: only heads are merged", c->marks.at[i].key);
        return;
    }
    prompt_ask(c, "message of the merge: ", write_merge);
}
