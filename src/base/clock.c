#include "config.h"

#include "base/clock.h"

#include <time.h>

#include "base/arena.h"

static int64_t fixed_wall = -1;

static int64_t read_clock(clockid_t id)
{
    struct timespec ts;
    clock_gettime(id, &ts);
    return (int64_t)ts.tv_sec * 1000000 + ts.tv_nsec / 1000;
}

int64_t clock_wall(void)
{
    return fixed_wall >= 0 ? fixed_wall : read_clock(CLOCK_REALTIME);
}

int64_t clock_monotonic(void)
{
    return read_clock(CLOCK_MONOTONIC);
}

void clock_set_wall(int64_t usec)
{
    fixed_wall = usec;
}

const char *clock_format(struct arena *a, int64_t usec)
{
    time_t seconds = (time_t)(usec / 1000000);
    struct tm tm;
    gmtime_r(&seconds, &tm);
    return arena_printf(a, "%04d-%02d-%02dT%02d:%02d:%02d.%06dZ", tm.tm_year + 1900, tm.tm_mon + 1,
                        tm.tm_mday, tm.tm_hour, tm.tm_min, tm.tm_sec, (int)(usec % 1000000));
}
