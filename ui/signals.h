/*
 * Signals as bytes of a pipe that the loop waits for, and how the program stops.
 */
#ifndef UI_SIGNALS_H
#define UI_SIGNALS_H

#include <stdbool.h>

struct err;

/* Catches what ends, stops, continues the program or tells of another size. */
bool signals_open(struct err *err);
void signals_close(void);

/* Readable when a signal came; signals_take() gives the next one, or 0. */
int signals_fd(void);
int signals_take(void);

/*
 * While a child has the terminal: what is typed there to interrupt or stop it goes to this program
 * too. Interrupts are the child's alone; stopping stops both.
 */
void signals_leave_to_child(void);
void signals_return(void);

/* Stops: the whole job, as the terminal itself would, or only this process. Returns when it is
 * continued, or at once where there is nobody who could continue it. */
void signals_stop(bool whole_job);

#endif
