#include "config.h"

#include "ui/frame_times.h"

#include <stdlib.h>
#include <time.h>

#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"

/* Of this thread, in microseconds. */
static int64_t processor_time(void)
{
    struct timespec t;
    clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
    return (int64_t)t.tv_sec * 1000000 + t.tv_nsec / 1000;
}

void frame_times_key(struct frame_times *times)
{
    if (times->since)
        return;
    times->since = clock_monotonic();
    times->computed_since = processor_time();
}

void frame_times_drawn(struct frame_times *times)
{
    if (times->since) {
        vec_push(NULL, &times->taken, clock_monotonic() - times->since);
        vec_push(NULL, &times->computed, processor_time() - times->computed_since);
    }
    times->since = 0;
}

static int compare(const void *a, const void *b)
{
    int64_t x = *(const int64_t *)a, y = *(const int64_t *)b;
    return (x > y) - (x < y);
}

static void add_figures(struct str *out, const char *what, int64_t *sorted, size_t count)
{
    qsort(sorted, count, sizeof *sorted, compare);
    str_addf(out, "%s median %.3f p99 %.3f longest %.3f ms\n", what,
             (double)sorted[count / 2] / 1000, (double)sorted[(count * 99 + 99) / 100 - 1] / 1000,
             (double)sorted[count - 1] / 1000);
}

/* "below 1 ms 17", with limits that double. */
static void add_histogram(struct str *out, const struct frame_times *times)
{
    size_t done = 0;
    for (int64_t limit = 125; done < times->taken.len; limit *= 2) {
        size_t before = done;
        while (done < times->taken.len && times->taken.at[done] < limit)
            done++;
        if (done > before)
            str_addf(out, "below %g ms %zu\n", (double)limit / 1000, done - before);
    }
}

void frame_times_write(struct frame_times *times, const char *path)
{
    struct str out = STR_INIT;
    struct err ignored = ERR_INIT;
    size_t count = times->taken.len;
    str_addf(&out, "frames %zu\n", count);
    if (count > 0) {
        add_figures(&out, "elapsed", times->taken.at, count);
        add_figures(&out, "processor", times->computed.at, count);
        add_histogram(&out, times);
    }
    file_write(path, out.ptr, out.len, 0644, true, &ignored);
    err_clear(&ignored);
    str_clear(&out);
}

void frame_times_clear(struct frame_times *times)
{
    vec_clear(&times->taken);
    vec_clear(&times->computed);
}
