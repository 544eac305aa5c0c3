/* "Did you mean ...": the nearest of some words. Pure. */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include <stddef.h>

struct arena;

/*
 * The word nearest to `word` by edits (insert, remove, replace, exchange neighbours), the first
 * one of several; NULL when more than a third of it would have to change.
 */
const char *suggest_word(const char *word, const char *const *words, size_t count);

/*
 * The commands that may have been meant, to be read: "'heads' or 'help'". Those that begin with the
 * word, else the nearest; NULL: none.
 */
const char *suggest_commands(struct arena *a, const char *word);

#endif
