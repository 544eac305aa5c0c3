/* A line of words, as a POSIX shell splits it: blanks, quotes and backslashes, and nothing else. */
#ifndef BASE_WORDS_H
#define BASE_WORDS_H

#include <stdbool.h>

#include "base/vec.h"

struct arena;

VEC_DEFINE(word_list, const char *);

/* Appends the words of the line to out. False: a quote is not closed; out has what came before. */
bool words_split(struct arena *a, const char *line, struct word_list *out);

#endif
