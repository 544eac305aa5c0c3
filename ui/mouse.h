/*
 * The mouse, when it is asked for (`:set mouse`): a click focuses and moves the cursor, the wheel
 * scrolls what is under it, a click on a hint of a pane is its key. Nothing that the mouse does
 * answers a question or executes anything.
 */
#ifndef UI_MOUSE_H
#define UI_MOUSE_H

#include <stddef.h>
#include <stdint.h>

#include "ui/action.h"

struct console;
struct mouse_event;

/* What stands where on the hint line. */
struct hints {
    size_t len;
    int64_t pressed; /* monotonic, when and where the button was pressed last: for double clicks */
    int y, x;
    struct {
        int from, end; /* columns */
        enum action action;
    } at[32];
};

void console_mouse(struct console *c, const struct mouse_event *event);

#endif
