/*
 * A program on a terminal of its own, for tests of the console: keys go in, the screen comes out of
 * a terminal emulator (libvterm).
 *
 * Nothing sleeps. The program is given a socket (RETORT_IDLE_FD) on which it answers, when it is
 * asked, as soon as all that was typed is done and drawn and nothing is going on: see ui/probe.h.
 */
#ifndef TESTS_UI_PTY_H
#define TESTS_UI_PTY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>
#include <termios.h>

#include <vterm.h>

#include "base/str.h"

struct pty {
    int master, slave; /* the slave stays open, to look at its settings afterwards */
    int probe;
    bool is_marked; /* something was typed since: */
    uint32_t came;  /* what the program had heard of before */
    pid_t pid; /* 0: not running */
    int rows, columns;
    VTerm *vterm;
    VTermScreen *screen;
    bool alternate;    /* the alternate screen is on */
    bool cursor;       /* the cursor is visible */
    bool mouse;        /* clicks are reported */
    struct str output; /* every byte that was written */
    struct termios before;
};

/* Starts argv (NULL-terminated) with these variables ("NAME=value", NULL-terminated) added. */
void pty_start(struct pty *pty, int rows, int columns, const char *const *argv,
               const char *const *variables);

/*
 * Waits till the program is idle, and has heard of what was typed since pty_mark(); the test fails
 * when no answer comes for long, or when the program ends.
 */
void pty_idle(struct pty *pty);

/* The same; false when the program ends instead. */
bool pty_settle(struct pty *pty);
/*
 * The next pty_idle() or pty_settle() is about what is typed, or done to the terminal, from now on.
 */
void pty_mark(struct pty *pty);

/* Waits till the program is idle and shows text: for what others make happen. */
void pty_wait_for(struct pty *pty, const char *text);
/* The same while a statement runs, when the program does not come to rest. */
void pty_watch_for(struct pty *pty, const char *text);

/* Types each character, or the whole sequence, and waits till the program is idle. */
void pty_type(struct pty *pty, const char *keys);
void pty_send(struct pty *pty, const char *sequence);

/* Writes any amount of text, as fast as the program reads it; does not wait for its rest. */
void pty_write(struct pty *pty, const char *text, size_t len);

/* Waits till nothing was written for a while: for the rest of a frame. */
void pty_quiet(struct pty *pty);

/* Another size; pty_resize() waits till the program is idle. */
void pty_size(struct pty *pty, int rows, int columns);
void pty_resize(struct pty *pty, int rows, int columns);

/* A row of the screen without trailing blanks; valid till the next call. */
const char *pty_row(struct pty *pty, int row);
bool pty_shows(struct pty *pty, const char *text);
/* Fails, printing the screen, unless it comes to show text within 20 seconds; or if it shows it. */
void pty_expect(struct pty *pty, const char *text);
void pty_expect_not(struct pty *pty, const char *text);

/* Waits till the program ended; gives its wait status. */
int pty_end(struct pty *pty);
/* Fails unless the terminal is as it was: settings, screen, cursor, mouse, bracketed paste. */
void pty_expect_restored(struct pty *pty);
void pty_clear(struct pty *pty);

#endif
