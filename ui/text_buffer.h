/*
 * A text that is being edited: lines, a cursor, and undo without end. Pure; what it looks like is
 * sql_editor_draw.c's business.
 *
 * Lines are UTF-8 (bytes that are none stay as they are), without their '\n'; there is always at
 * least one. The cursor stands at the start of a character that has a place of its own: marks that
 * combine belong to the character before them and are moved over and deleted with it (cells.h).
 *
 * A single edit costs what its own line is long, so that a line of a megabyte can be typed in.
 */
#ifndef UI_TEXT_BUFFER_H
#define UI_TEXT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/str.h"
#include "base/vec.h"
#include "ui/action.h"

struct pattern;

struct text_place {
    size_t line, at; /* at: byte of the line */
};

struct text_change;

struct text_buffer {
    VEC(struct str) lines;
    struct text_place cursor;
    size_t column;  /* that moves up and down go for */
    size_t version; /* another one after every change */
    VEC(struct text_change *) changes;
    size_t done;        /* of the changes; those behind were undone */
    bool joins;         /* the next edit of its kind belongs to the last change */
    struct str killed;  /* what EDITOR_YANK puts back */
};

void text_buffer_init(struct text_buffer *buffer);
void text_buffer_clear(struct text_buffer *buffer);

/* A new text, with nothing to undo; the cursor is at its start. */
void text_buffer_set(struct text_buffer *buffer, const char *text);
/* Appends the text. */
void text_buffer_text(const struct text_buffer *buffer, struct str *out);
/* Whether the text is this one. */
bool text_buffer_is(const struct text_buffer *buffer, const char *text);

/* Types one character; false, and nothing is done, for what is no character. */
bool text_buffer_type(struct text_buffer *buffer, int32_t key);
/* Puts a text at the cursor, as one change; any of \n, \r\n and \r ends a line. */
void text_buffer_paste(struct text_buffer *buffer, const char *text, size_t len);
/* Puts a text in the place of another one, as one change; the cursor goes behind it. */
void text_buffer_replace(struct text_buffer *buffer, struct text_place from, struct text_place to,
                         const char *text, size_t len);

/* Carries out an editing action of CTX_EDITOR; false when it is none. page: rows of the window. */
bool text_buffer_do(struct text_buffer *buffer, enum action action, size_t page);

/* Puts the cursor there, or where the next place is. */
void text_buffer_go(struct text_buffer *buffer, struct text_place place);

/* False when nothing is left to undo, or to do again. */
bool text_buffer_undo(struct text_buffer *buffer);
bool text_buffer_redo(struct text_buffer *buffer);

/*
 * Goes to the next match behind the cursor (direction 1), or before it (-1), around the ends; with
 * here, one that begins at the cursor counts too.
 */
bool text_buffer_find(struct text_buffer *buffer, const struct pattern *pattern, int direction,
                      bool here, bool *wrapped);

/* The place of a byte of the text, and of the n-th character (from 1) behind a place. */
struct text_place text_buffer_place(const struct text_buffer *buffer, size_t byte);
struct text_place text_buffer_after(const struct text_buffer *buffer, struct text_place from,
                                    size_t characters);

/* The column of the cursor, from 0. */
size_t text_buffer_column(const struct text_buffer *buffer);

#endif
