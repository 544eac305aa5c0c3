#include "config.h"

#include "ui/session.h"

#include "alembic/project.h"
#include "base/arena.h"
#include "base/clock.h"
#include "base/file.h"
#include "base/str.h"
#include "config/config.h"
#include "run/journal_schema.h"
#include "run/plan.h"
#include "ui/ui.h"

enum { MAX_SOURCE = 16 << 20 };

static const char *environment(const struct session *s, const char *name)
{
    return map_get(&s->project->environ, name);
}

static void find_database(struct session *s, const struct ui_options *options)
{
    struct err err = ERR_INIT; /* a setting that cannot be read is told by a run */
    s->version_table = plan_version_table(&s->project->env);
    if (!journal_schema_name(s->arena, s->config, &s->journal_schema, &err))
        s->journal_schema = "";
    err_clear(&err);
    s->has_url = alembic_project_url(s->arena, s->project, options->url_option,
                                     environment(s, "RETORT_URL"), &s->url, &s->url_err);
    s->label = s->has_url ? url_label(s->arena, &s->url) : "";
}

static struct session *new_session(int64_t opened)
{
    struct arena *a = arena_new();
    struct session *s = ARENA_NEW(a, struct session);
    *s = (struct session){.arena = a,
                          .uses = 1,
                          .opened = opened,
                          .label = "",
                          .journal_schema = "",
                          .sources = MAP_IN(a)};
    s->renderings[DIRECTION_UPGRADE] = s->renderings[DIRECTION_DOWNGRADE] = MAP_IN(a);
    return s;
}

struct session *session_blank(void)
{
    struct session *s = new_session(clock_monotonic());
    s->is_blank = true;
    return s;
}

static bool open_project(struct session *s, const struct ui_options *options)
{
    static const struct name_list nothing;
    const struct name_list *x = options->x_arguments ? options->x_arguments : &nothing;
    struct arena *a = s->arena;
    return config_open(a, options->config, &s->config, &s->err) &&
           protection_read(a, s->config, &s->protection, &s->err) &&
           alembic_project_open(a, s->config, options->environ_, x, &s->project, &s->err);
}

static void make_texts(struct session *s)
{
    size_t count = s->lanes.rows.len;
    s->lane_texts = ARENA_ARRAY(s->arena, count, const char *);
    for (size_t i = 0; i < count; i++) {
        const struct revision *revision = s->lanes.rows.at[i].revision;
        s->lane_texts[i] = "";
        if (!revision)
            continue;
        struct str text = STR_IN(s->arena);
        str_add(&text, revision->header->id);
        for (size_t k = 0; k < revision->header->labels.len; k++)
            str_addf(&text, " (%s)", revision->header->labels.at[k]);
        str_addc(&text, ' ');
        str_add(&text, revision->header->doc);
        s->lane_texts[i] = str_take(&text);
    }
}

struct session *session_open(const struct ui_options *options, int64_t opened)
{
    struct session *s = new_session(opened);
    if (!open_project(s, options))
        return s;
    find_database(s, options);
    if (!graph_load(s->arena, s->project, &s->graph, NULL, &s->err)) {
        s->graph = NULL;
        return s;
    }
    lanes_layout(s->arena, s->graph, &s->lanes);
    return s;
}

const char *session_lane_text(struct session *session, size_t row)
{
    if (!session->lane_texts)
        make_texts(session);
    return session->lane_texts[row];
}

struct session *session_open_project(const struct ui_options *options, int64_t opened)
{
    struct session *s = new_session(opened);
    open_project(s, options);
    return s;
}

bool session_is_twin(const struct session *a, const struct session *b)
{
    return a && b && a->opened == b->opened;
}

struct session *session_use(struct session *session)
{
    session->uses++;
    return session;
}

void session_release(struct session *session)
{
    if (!session || --session->uses > 0)
        return;
    for (int direction = 0; direction < 2; direction++)
        for (size_t i = 0; i < session->renderings[direction].len; i++)
            rendering_clear(session->renderings[direction].at[i].value);
    session_release(session->reading);
    if (session->project)
        alembic_project_close(session->project);
    err_clear(&session->err);
    err_clear(&session->url_err);
    arena_free(session->arena);
}

const struct rendering *session_rendering(const struct session *session,
                                          const struct revision *revision, enum direction direction)
{
    return map_get(&session->renderings[direction], revision->header->id);
}

void session_take_rendering(struct session *session, const char *id, enum direction direction,
                            struct arena *arena, struct rendering *rendering)
{
    arena_adopt(session->arena, arena);
    map_put(&session->renderings[direction], arena_strdup(session->arena, id), rendering);
}

const struct source *session_source(struct session *session, const struct revision *revision)
{
    return session_text(session, revision->header->path);
}

const struct source *session_text(struct session *session, const char *path)
{
    struct err err = ERR_INIT;
    if (!path)
        return NULL;
    if (path[0] != '/' && session_folder(session))
        path = arena_printf(session->arena, "%s/%s", session_folder(session), path);
    if (map_has(&session->sources, path))
        return map_get(&session->sources, path);
    struct source *source = NULL;
    char *text;
    size_t len;
    if (file_read(session->arena, path, MAX_SOURCE, &text, &len, &err))
        source = source_new(session->arena, path, text, len);
    err_clear(&err);
    map_put(&session->sources, path, source);
    return source;
}

const char *session_name(const struct session *session)
{
    return session->config && session->config->project_name ? session->config->project_name : "";
}

const char *session_folder(const struct session *session)
{
    return session->config ? session->config->here : NULL;
}

const struct err *session_why_no_run(const struct session *session)
{
    for (size_t i = 0; session->project && i < session->project->findings.len; i++)
        if (session->project->findings.at[i].blocks)
            return &session->project->findings.at[i].err;
    return NULL;
}
