/*
 * Keys as the terminal sends them: sequences of bytes become one number each (key.h).
 *
 * ncurses knows the sequences of the terminal's description; here are those that terminals send
 * whatever their description says, those that it does not know (which mean nothing, instead of
 * being typed), characters in the locale's encoding, pastes and the mouse.
 */
#ifndef UI_KEYBOARD_H
#define UI_KEYBOARD_H

#include <stdbool.h>
#include <stdint.h>

/* screen_open() and screen_close() call these. */
void keyboard_open(bool is_utf8);
void keyboard_close(void);

/* The next key; K_NONE when none is waiting. */
int32_t keyboard_key(void);

/* Whether more was typed, or sent, that keyboard_key() has not taken yet. */
bool keyboard_waits(void);

/* A paste of which no end has come is over: what comes now is keys. */
void keyboard_end_paste(void);

enum mouse_kind { MOUSE_NONE, MOUSE_PRESS, MOUSE_WHEEL_UP, MOUSE_WHEEL_DOWN };

/* What the mouse did, after K_MOUSE; screen_use_mouse() has it report. */
struct mouse_event {
    enum mouse_kind kind;
    int y, x;
};

void keyboard_mouse(struct mouse_event *out);

#endif
