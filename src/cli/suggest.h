/* "Did you mean ...": the nearest of some words. Pure. */
#ifndef CLI_SUGGEST_H
#define CLI_SUGGEST_H

#include <stddef.h>

/*
 * The word nearest to `word` by edits (insert, remove, replace, exchange neighbours), the first
 * one of several; NULL when more than a third of it would have to change.
 */
const char *suggest_word(const char *word, const char *const *words, size_t count);

/* The command nearest to `word`, or NULL. */
const char *suggest_command(const char *word);

#endif
