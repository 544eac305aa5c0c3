#include "config.h"

#include "ui/history.h"

#include <poll.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/mem.h"
#include "ui/background.h"

/* -- on its thread ------------------------------------------------------------------------------
 */

struct history_work {
    struct arena *arena;
    const char *journal_dir;
    struct server_info info;
    struct map missing;
    struct map found;
    int interrupt;
    size_t files;
};

enum { MOST_FILES = 200 };

static bool is_enough(const struct map *found, void *payload)
{
    struct history_work *w = payload;
    struct pollfd interrupted = {.fd = w->interrupt, .events = POLLIN};
    size_t open = w->missing.len;
    for (size_t i = 0; i < found->len; i++)
        open -= map_has(&w->missing, found->at[i].key);
    return open == 0 || ++w->files > MOST_FILES || poll(&interrupted, 1, 0) > 0;
}

static void read_journals(const struct background_task *task)
{
    struct history_work *w = task->payload;
    struct err err = ERR_INIT; /* a folder that cannot be read tells nothing */
    w->interrupt = task->interrupt;
    applied_read_local(w->arena, w->journal_dir, &w->info, is_enough, w, &w->found, &err);
    err_clear(&err);
}

/* -- the console's side -------------------------------------------------------------------------
 */

static const char *copy(struct arena *a, const char *text)
{
    return arena_strdup(a, text ? text : "");
}

void history_start(struct history *history, const char *journal_dir, const struct server_info *info,
                   const struct name_list *missing)
{
    history_stop(history);
    struct arena *a = arena_new();
    struct history_work *w = ARENA_NEW(a, struct history_work);
    *w = (struct history_work){.arena = a,
                               .journal_dir = journal_dir,
                               .info = *info,
                               .missing = MAP_IN(a),
                               .found = MAP_IN(a)};
    w->info.database = copy(a, info->database);
    w->info.host = copy(a, info->host);
    w->info.port = copy(a, info->port);
    w->info.identity = copy(a, info->identity);
    for (size_t i = 0; i < missing->len; i++)
        map_put(&w->missing, missing->at[i], NULL);
    *history = (struct history){.work = w, .thread = background_start(read_journals, w)};
    if (!history->thread) {
        arena_free(a);
        history->work = NULL;
    }
}

static void join(struct history *history)
{
    struct history_work *w = history->work;
    background_end(history->thread, NULL);
    *history = (struct history){.arena = w->arena, .local = w->found};
}

int history_fd(const struct history *history)
{
    return history->thread ? background_fd(history->thread) : -1;
}

bool history_advance(struct history *history)
{
    if (!history->thread || !background_is_over(history->thread))
        return false;
    join(history);
    return true;
}

void history_stop(struct history *history)
{
    if (history->thread)
        join(history);
    arena_free(history->arena);
    *history = (struct history){.arena = NULL};
}
