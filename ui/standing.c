#include "config.h"

#include "ui/standing.h"

#include "base/arena.h"

static bool find_rows(const struct graph *graph, struct standing *s, struct revision_list *found,
                      struct arena *a)
{
    for (size_t i = 0; i < s->rows.len; i++) {
        struct revision *revision = graph_find(graph, s->rows.at[i]);
        if (!revision) {
            err_set(&s->err, ERR_STALE, "the database is at %s, which no file has", s->rows.at[i]);
            return err_hint(&s->err, "the files are older than the database, or of another branch");
        }
        s->current[revision->index] = true;
        vec_push(a, found, revision);
    }
    return true;
}

void standing_make(struct arena *a, const struct graph *graph, const struct name_list *rows,
                   struct standing *out)
{
    struct revision_list found = {0};
    *out = (struct standing){.rows = *rows};
    out->applied = ARENA_ARRAY(a, graph->revisions.len, bool);
    out->current = ARENA_ARRAY(a, graph->revisions.len, bool);
    if (!find_rows(graph, out, &found, a))
        return;
    graph_ancestors(graph, &found, true, out->applied);
    out->known = graph->revisions.len == 0 ||
                 graph_upgrade_steps(a, graph, rows, "heads", &out->pending, &out->err);
}

void standing_clear(struct standing *standing)
{
    err_clear(&standing->err);
    *standing = (struct standing){0};
}

bool standing_is_pending(const struct standing *standing, const struct revision *revision)
{
    return standing->known && !standing->applied[revision->index];
}
