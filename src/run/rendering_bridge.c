#include "config.h"

#include "run/rendering_bridge.h"

#include "base/arena.h"
#include "base/str.h"

const char rendering_by_alembic_note[] = "rendered by Alembic: it ran Python";

static struct statement statement_of(struct arena *a, const char *sql)
{
    struct statement out = {.kind = STATEMENT_SQL, .sql = arena_strdup(a, sql)};
    if (str_eq(sql, "COMMIT"))
        out.kind = STATEMENT_COMMIT;
    else if (str_eq(sql, "BEGIN"))
        out.kind = STATEMENT_BEGIN;
    return out;
}

bool rendering_by_bridge(struct arena *a, const struct bridge_settings *settings,
                         const struct revision_header *header, enum direction direction,
                         struct rendering *rendering, struct err *err)
{
    struct name_list rows = {0};
    struct bridge *bridge;
    for (size_t i = 0; direction == DIRECTION_UPGRADE && i < header->down.len; i++)
        vec_push(a, &rows, header->down.at[i]);
    if (direction == DIRECTION_DOWNGRADE)
        vec_push(a, &rows, header->id);
    const struct bridge_request request = {
        .task = BRIDGE_RENDER,
        .project = settings->project,
        .python = settings->python,
        .revision = header->id,
        .file = header->path,
        .direction = direction,
        .rows = &rows,
    };
    if (!bridge_start(&request, &bridge, err))
        return false;
    bool ok = bridge_wait(bridge, err);
    if (ok) {
        const struct name_list *texts = &bridge_answer(bridge)->statements;
        rendering->statements = (struct statement_list){0};
        for (size_t i = 0; i < texts->len; i++)
            vec_push(a, &rendering->statements, statement_of(a, texts->at[i]));
        rendering->by_alembic = true;
    }
    bridge_free(bridge);
    return ok;
}
