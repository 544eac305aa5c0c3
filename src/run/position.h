/* A place in a plan. */
#ifndef RUN_POSITION_H
#define RUN_POSITION_H

#include <stddef.h>

/* Before that statement. Never at the end of a step: that is {step + 1, 0}. */
struct position {
    size_t step, statement;
};

#endif
