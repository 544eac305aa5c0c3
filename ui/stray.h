/*
 * Stray output: what libraries print on standard output or standard error while the console has
 * the terminal. It goes to a file without a name instead, from which the log pane takes it line by
 * line, so that nothing can scribble on the screen.
 */
#ifndef UI_STRAY_H
#define UI_STRAY_H

#include <stdbool.h>

struct str;

/*
 * Begins and ends the catching; both may be called again and again, as for a child that is to have
 * the terminal. Lines that were caught stay to be taken.
 */
void stray_catch(void);
void stray_release(void);

/* Appends the next line that was caught, without its end; the rest of one that has no end yet is
 * only given while nothing is being caught. False: there is none. */
bool stray_take(struct str *out);

/* For handlers of signals: ends the catching, and prints what nobody has taken. */
void stray_crash(void);

#endif
