/*
 * Keys: what the user pressed, as one number, and the names that people write for it.
 *
 * A key is a Unicode code point (control characters are their own code: Ctrl-D is 4), or one of
 * the constants below, with K_ALT added when Alt was held. Pure: no terminal here.
 */
#ifndef UI_KEY_H
#define UI_KEY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct str;

enum {
    K_NONE = 0,
    K_TAB = 9,
    K_ENTER = 13,
    K_ESC = 27,
    K_BACKSPACE = 127,
    K_SPECIAL = 0x110000, /* above every code point */
    K_UP,
    K_DOWN,
    K_LEFT,
    K_RIGHT,
    K_HOME,
    K_END,
    K_PGUP,
    K_PGDN,
    K_DELETE,
    K_SHIFT_TAB,
    K_F1,
    K_F12 = K_F1 + 11,
    K_PASTE_BEGIN, /* bracketed paste: everything up to K_PASTE_END is text, not keys */
    K_PASTE_END,
    K_RESIZE,
    K_NO_CHARACTER, /* bytes that are no character of the locale */
    K_MOUSE, /* keyboard_mouse() says what it did */
    K_ALT = 0x1000000,
};

#define K_CTRL(letter) ((letter)&0x1f)

/*
 * Reads a name as ui.md writes it: "j", "Ctrl-D", "Alt-B", "Shift-Tab", "PgDn", "F5", "Space",
 * "Up". len bytes of it; false when there is no such key.
 */
bool key_parse(const char *name, size_t len, int32_t *key);

/* Appends the name of a key, in the form that key_parse() reads. */
void key_format(struct str *out, int32_t key);

#endif
