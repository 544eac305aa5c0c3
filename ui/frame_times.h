/*
 * How long the console takes from a key to the frame that answers it, from when the key can be read
 * to when the frame is written to the terminal. For bench/console.sh: $RETORT_FRAMES names a file
 * that gets the figures when the console ends.
 */
#ifndef UI_FRAME_TIMES_H
#define UI_FRAME_TIMES_H

#include <stdint.h>

#include "base/vec.h"

struct frame_times {
    VEC(int64_t) taken, computed; /* microseconds, a frame each: by the clock, of the processor */
    int64_t since, computed_since; /* keys have come that no frame has answered; 0: none have */
};

void frame_times_key(struct frame_times *times);
void frame_times_drawn(struct frame_times *times);

/*
 * Count; median, 99th percentile and longest, also of the processor time of the console's thread,
 * which other programs do not lengthen; how many took how long. What fails is not told.
 */
void frame_times_write(struct frame_times *times, const char *path);
void frame_times_clear(struct frame_times *times);

#endif
