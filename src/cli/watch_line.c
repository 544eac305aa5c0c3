#include "config.h"

#include "cli/watch_line.h"

#include "base/arena.h"
#include "base/clock.h"
#include "base/str.h"
#include "cli/cli.h"
#include "run/activity_text.h"

enum { PROGRESS_EVERY = 10000000 }; /* microseconds */

static void say(struct cli *cli, const char *text)
{
    fprintf(cli->process->errors, "retort: %s\n", text);
}

/* A line when it is another one than the last; that it is over only where over has words for it. */
static void tell_change(struct cli *cli, const char **told, const char *now, const char *over)
{
    if (str_eq(*told, now))
        return;
    if (now)
        say(cli, now);
    else if (over)
        say(cli, over);
    *told = now ? arena_strdup(cli->arena, now) : NULL;
}

void watch_line_tell(struct cli *cli, struct watch_line *told, const struct activity *activity)
{
    struct arena *a = arena_new();
    int64_t now = clock_monotonic();
    const char *problem =
        activity->problem ? arena_printf(a, "not watched: %s", activity->problem) : NULL;
    tell_change(cli, &told->problem, problem, "watched again");
    tell_change(cli, &told->blocked, activity_blocked_text(a, activity),
                activity->pid ? "not blocked any more" : NULL);
    if (activity->victims.len > 0 && !told->had_victims)
        say(cli, activity_victims_text(a, activity));
    told->had_victims = activity->victims.len > 0;
    if (!activity->progress.command) {
        told->progress_at = now;
    } else if (now - told->progress_at >= PROGRESS_EVERY) {
        told->progress_at = now;
        say(cli, activity_progress_text(a, activity));
    }
    arena_free(a);
}
