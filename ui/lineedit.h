/*
 * A line that is being typed: the editor of every prompt. Pure; drawing it is prompt.c's business.
 *
 * The text is UTF-8 and well formed; the position is at a character's start. Keys are given as the
 * actions of context CTX_INPUT.
 */
#ifndef UI_LINEEDIT_H
#define UI_LINEEDIT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "ui/action.h"

struct lineedit {
    struct str text;
    size_t at;         /* offset of the cursor */
    struct str killed; /* what INPUT_YANK puts back */
};

void lineedit_init(struct lineedit *line);
void lineedit_clear(struct lineedit *line);

/* Replaces the text; the cursor goes to its end. */
void lineedit_set(struct lineedit *line, const char *text);

/* Inserts text at the cursor. */
void lineedit_insert_text(struct lineedit *line, const char *text, size_t len);
/* Types one character at the cursor. Control characters are not typed: false. */
bool lineedit_insert(struct lineedit *line, int32_t key);

/* Carries out an editing action; false when it is none (accept, cancel, history, ...). */
bool lineedit_do(struct lineedit *line, enum action action);

#endif
