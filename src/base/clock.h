/*
 * Time, given from outside: pure code takes times as arguments, and tests set the clock.
 *
 * Wall-clock times are microseconds since 1970-01-01 00:00 UTC; durations come from the monotonic
 * clock, in microseconds too.
 */
#ifndef BASE_CLOCK_H
#define BASE_CLOCK_H

#include <stdint.h>

struct arena;

/* Now, on the wall and on the monotonic clock. */
int64_t clock_wall(void);
int64_t clock_monotonic(void);

/* Stops the wall clock at a time; a negative one lets it run again. For tests. */
void clock_set_wall(int64_t usec);

/* "2026-11-22T06:20:46.126458Z", in the arena. */
const char *clock_format(struct arena *a, int64_t usec);

#endif
