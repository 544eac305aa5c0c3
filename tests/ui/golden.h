/*
 * Golden screens: a screen of the console as a file of tests/ui/golden, text and attributes, that
 * is compared exactly. GENERATE=1 writes the files anew; look at every line before they are
 * committed.
 *
 * What differs from run to run (times, process ids, ids of new revisions) is masked by the table of
 * golden.c.
 */
#ifndef TESTS_UI_GOLDEN_H
#define TESTS_UI_GOLDEN_H

#include "ui/pty.h"

/* Compares the screen with the file of that name and the terminal's size; all differences of a test
 * are shown before golden_end() fails it. */
void golden_screen(struct pty *pty, const char *name);
void golden_end(void);

#endif
