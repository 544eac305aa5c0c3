/*
 * What is searched for: plain text, smart case (an upper-case letter makes it exact). Pure.
 */
#ifndef UI_PATTERN_H
#define UI_PATTERN_H

#include <stdbool.h>
#include <stddef.h>

struct pattern {
    char *text; /* owned; NULL: none */
    bool exact; /* case matters */
};

#define PATTERN_INIT                                                                               \
    (struct pattern)                                                                               \
    {                                                                                              \
        .text = NULL                                                                               \
    }

/* Sets the pattern; an empty text clears it. */
void pattern_set(struct pattern *pattern, const char *text);
void pattern_clear(struct pattern *pattern);

/* The first match in text at or after from; false when there is none or no pattern. */
bool pattern_find(const struct pattern *pattern, const char *text, size_t len, size_t from,
                  size_t *start, size_t *match_len);

#endif
