/*
 * The SQL editor (ui.md, "In the editor"): the statements of a step of the plan, or one statement
 * of a run, as a text in the place of the SQL pane. While it is open it has every key but those of
 * popups and prompts; what is bound in no action of CTX_EDITOR is typed.
 *
 * Nothing is changed but this console's copy of the plan, and nothing is sent anywhere: of a run
 * that is on, the runner is asked to take the edit.
 */
#ifndef UI_SQL_EDITOR_H
#define UI_SQL_EDITOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/map.h"
#include "base/vec.h"
#include "run/plan.h"
#include "run/run_edit.h"
#include "sql/scan.h"
#include "ui/layout.h"
#include "ui/text_buffer.h"

struct console;
struct str;

/* What is wrong with the text; asked for when nothing was typed for a moment. */
struct editor_problem {
    char *message;        /* NULL: nothing is known of any */
    bool is_doubt;        /* the grammar does not know it; a newer server may */
    struct text_place at;
};

struct sql_editor {
    bool is_open;
    bool of_statement;       /* one statement of a run; else all of a step that has not begun */
    bool retry;              /* of_statement: go on after a failure with it */
    const struct plan *plan; /* that it was opened on */
    struct position at;      /* the step, and the statement of it */
    struct plan_step base;   /* the step when it was opened: what the numbers in the text mean */
    char *before;            /* of_statement: its text when it was opened */
    char *kept;              /* the text as it was taken last */
    struct text_buffer text;

    /* What was found out about the text. */
    struct arena *arena;      /* of tokens and starts */
    struct sql_tokens tokens;
    const size_t *starts;     /* where each line begins, in bytes */
    size_t scanned;           /* version of the text that they belong to */
    size_t checked, seen;     /* versions: of problem; of when the last change was noticed */
    size_t asked;             /* of_statement: version that was asked about, and not agreed to */
    int64_t changed;          /* when that was: monotonic */
    struct editor_problem problem;
    struct map rendered;      /* the lines of the text as it was rendered */
    struct arena *rendered_arena;

    /* The window. */
    size_t top, left, height;
    struct rect window;   /* where it was drawn last */
    enum slot focus;      /* to go back to */
    bool was_maximised;

    struct str paste;
    struct text_place find_from;
};

void sql_editor_init(struct sql_editor *editor);
void sql_editor_clear(struct sql_editor *editor);

/* Opens on a step of the plan, which has not begun to run; the cursor is on a statement of it. */
void sql_editor_open_step(struct console *c, size_t step, size_t statement);
/* Opens on one statement of a run. With retry the run goes on with it after a failure. */
void sql_editor_open_statement(struct console *c, struct position at, bool retry);
/* Closes without keeping anything; NULL-safe for an editor that is not open. */
void sql_editor_close(struct console *c);

/* A key, when the editor is open and nothing is above it. */
void sql_editor_key(struct console *c, int32_t key);
/* A key of a bracketed paste; K_PASTE_END ends it. */
void sql_editor_paste(struct console *c, int32_t key);

/* The mouse: the cursor goes where it was pressed, the wheel takes it along. */
void sql_editor_press(struct console *c, int y, int x);
void sql_editor_wheel(struct console *c, long rows);

/* What is typed into the find prompt; and its end. */
void sql_editor_find(struct console *c, const char *text);
void sql_editor_find_end(struct console *c, bool found);

/* Takes the text into the plan; false, with the cursor where it is wrong, when that is refused. */
bool sql_editor_keep(struct console *c);
/* Puts another text in, as the user's own editor gave it; it can be undone. */
void sql_editor_set_text(struct console *c, const char *text);

/* Milliseconds till sql_editor_pause() has something to do; -1: nothing. */
int sql_editor_timeout(const struct sql_editor *editor);
/* Looks for errors when nothing was typed for a moment; true when something is to be drawn. */
bool sql_editor_pause(struct sql_editor *editor);

/* The text below one mark. */
struct editor_block {
    size_t mark;       /* line of the mark; (size_t)-1: there is none */
    size_t first, end; /* lines of the text; end is exclusive */
    size_t number;     /* of the statement, from 1; 0: the mark is another one */
    bool version_row;
};

/* The block that a line is in; and the one behind it, false at the end of the text. */
struct editor_block sql_editor_block(const struct sql_editor *editor, size_t line);
bool sql_editor_next_block(const struct sql_editor *editor, struct editor_block *block);

/* Colours for the text as it is, unless it is too long to be read at every key. */
void sql_editor_scan(struct sql_editor *editor);
/* Looks for errors now. */
void sql_editor_check(struct sql_editor *editor);
void sql_editor_set_problem(struct sql_editor *editor, const char *message, struct text_place at,
                            bool is_doubt);

/* What is known to be wrong with the text as it is now; NULL: nothing. */
const struct editor_problem *sql_editor_problem(const struct sql_editor *editor);

void sql_editor_title(const struct console *c, struct str *out);
/* What the status line says of the text, true when it is a problem; and where the cursor is, which
 * is left out where there is no room. */
bool sql_editor_status(const struct console *c, struct str *out, struct str *place);
/* Draws it, and gives the place of the cursor. */
void sql_editor_draw(struct console *c, struct rect inside, int *y, int *x);

#endif
