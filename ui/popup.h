/*
 * Popups: message, menu, confirmation, typed confirmation, help. The topmost one gets every key.
 *
 * A popup is told what to do by value and remembers nothing of the console: what it asks about was
 * captured when it was opened, is named in it, and is what its answer acts on.
 */
#ifndef UI_POPUP_H
#define UI_POPUP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "ui/action.h"

struct console;
struct popup;

/* Called after the popup is closed; value: the item chosen, or 1 for yes. Not called for no. */
typedef void (*popup_done_fn)(struct console *c, int value);

struct menu_item {
    int32_t letter;
    const char *label;
    const char *reason; /* why it is disabled; NULL: it is not */
    int value;
};

/* Texts are copied. They may have several lines; long ones are wrapped. */
void popup_message(struct console *c, const char *title, const char *text);
void popup_menu(struct console *c, const char *title, const char *text,
                const struct menu_item *items, size_t count, popup_done_fn done);
/* yes: the word on the other button, which is not the focused one. */
void popup_confirm(struct console *c, const char *title, const char *text, const char *yes,
                   popup_done_fn done);
/* Enter works only when exactly `wanted` has been typed. */
void popup_type(struct console *c, const char *title, const char *text, const char *wanted,
                popup_done_fn done);
/* The topmost popup's text has a diff in it: its lines get its colours. */
void popup_color_diff(struct console *c);
/* The topmost popup, which is the help, shows only the lines with this text. */
void popup_narrow_help(struct console *c, const char *text);
/* Help for these contexts (bits), in the table's order, and for all `:` commands. */
void popup_help(struct console *c, const char *title, unsigned contexts);

void popup_key(struct console *c, int32_t key);
void popup_paste(struct console *c);
/* Draws the topmost popup; *y and *x get the place of the cursor when it has one. */
void popup_draw(struct console *c, int rows, int columns, int *y, int *x);
void popup_close(struct console *c);
/* For the hint line. */
enum context popup_context(const struct popup *popup);

#endif
