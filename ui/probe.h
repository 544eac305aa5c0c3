/*
 * What tests ask the console through $RETORT_IDLE_FD (a socket), so that they never sleep: a 'c' is
 * answered at once, an 'i' when all that was typed is done and drawn and nothing is going on. The
 * answer is how often something was typed or signalled so far (a uint32_t): by that a test knows
 * that what it typed has arrived.
 */
#ifndef UI_PROBE_H
#define UI_PROBE_H

#include <stdbool.h>
#include <stdint.h>

struct probe {
    int fd;        /* to poll for POLLIN; -1: nobody asks */
    bool wants;    /* an 'i' is not answered yet */
    uint32_t came; /* how often something was typed or signalled */
};

/* Reads what is asked; answers what can be answered at once. */
void probe_take(struct probe *probe);
/* Nothing is going on, and nothing more was typed. */
void probe_idle(struct probe *probe);

#endif
