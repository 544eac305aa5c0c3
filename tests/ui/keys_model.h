/*
 * What can be done at a terminal, by chance: keys, pastes, clicks, other sizes. For keys_random.c.
 *
 * Complete by construction: every key of ui/action.def, every action and command by its name, every
 * value of every option, every letter (menus), bytes that are no keys, every kind of mouse report.
 */
#ifndef TESTS_UI_KEYS_MODEL_H
#define TESTS_UI_KEYS_MODEL_H

#include <stdbool.h>
#include <stdint.h>

/* The name of the database: "rny" and its like must not be able to type it. */
#define KEYS_DATABASE "keys_of_all_kinds"

enum { KEYS_MOST_BYTES = 96 };

/* Chance starts anew: the same afterwards for the same seed, everywhere. */
void keys_seed(uint64_t seed);
/* One of `sides` numbers from 0. */
unsigned keys_roll(unsigned sides);

/* What comes from the terminal next; rows and columns: its size. */
void keys_next(char out[KEYS_MOST_BYTES], int rows, int columns);

/* Another size: the usual ones, very small ones, and any. */
void keys_size(int *rows, int *columns);

/* How many different keys are bound; fails the test when one of them has no bytes. */
unsigned keys_check_bound(void);

#endif
