#include "config.h"

#include "cli/sight.h"

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/cli.h"
#include "run/link.h"

static const char *sight_text(struct arena *a, const struct link_sight *s)
{
    return arena_printf(a, "%s  %s %s on %s@%s, %s, by %s, pid %d", s->run, s->verb,
                        s->target ? s->target : "", s->database ? s->database : "(default)",
                        s->host && *s->host ? s->host : "(default)", runner_state_words(s->state),
                        s->operator_name ? s->operator_name : "?", s->pid);
}

const char *sight_choose(struct cli *cli, const char *dir, const char *wanted, struct err *err)
{
    struct link_sights sights;
    const char *found = NULL;
    size_t count = 0;
    if (!link_look(cli->arena, dir, &sights, err))
        return NULL;
    for (size_t i = 0; i < sights.len; i++)
        if (str_starts_with(sights.at[i].run, wanted) || str_ends_with(sights.at[i].run, wanted)) {
            found = sights.at[i].run;
            count++;
        }
    if (count == 1)
        return found;
    for (size_t i = 0; i < sights.len; i++)
        fprintf(cli->process->errors, "%s\n", sight_text(cli->arena, &sights.at[i]));
    if (count == 0)
        err_set(err, ERR_IO, sights.len ? "no such run is on: %s" : "no run is on", wanted);
    else
        err_set(err, ERR_USAGE, "%zu runs are on: which one?", count);
    err_hint(err,
             count ? "name one: retort attach RUN" : "retort runs lists those that have ended");
    return NULL;
}
