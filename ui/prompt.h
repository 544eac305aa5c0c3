/*
 * The prompt on the message line: `:` commands, search, filter.
 */
#ifndef UI_PROMPT_H
#define UI_PROMPT_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"
#include "ui/lineedit.h"

struct console;
struct pen;

enum prompt_kind {
    PROMPT_COMMAND,
    PROMPT_SEARCH,
    PROMPT_FILTER,
    PROMPT_FIND,
    PROMPT_ASK,
    N_PROMPTS,
};

/* Called after the prompt is closed, with what was typed; not when it was cancelled. */
typedef void (*prompt_done_fn)(struct console *c, const char *text);

struct prompt {
    bool is_open;
    enum prompt_kind kind;
    struct lineedit line, pasted;
    VEC(char *) history[N_PROMPTS]; /* oldest first */
    size_t older;                   /* how far back in the history; 0: not at all */
    char *prefix;                   /* what was typed before going back */
    size_t cursor, top;             /* of the focused list, when a search began */
    const char *question;           /* PROMPT_ASK: what stands before the line */
    prompt_done_fn done;            /* PROMPT_ASK */
    char *filter;                   /* the filter that was there before; NULL: none */
};

void prompt_init(struct prompt *prompt);
void prompt_clear(struct prompt *prompt);

void prompt_open(struct console *c, enum prompt_kind kind);
/* Asks for a line. An empty one cancels. */
void prompt_ask(struct console *c, const char *question, prompt_done_fn done);
void prompt_key(struct console *c, int32_t key);
/* A part of what is pasted, from K_PASTE_BEGIN to K_PASTE_END: it is taken in as a whole. */
void prompt_paste(struct console *c, int32_t key);
/* Draws it; *x gets the column of the cursor. */
void prompt_draw(struct console *c, struct pen *pen, int *x);

#endif
