#include "config.h"

#include "ui/key.h"

#include <ctype.h>
#include <string.h>
#include <strings.h>

#include "base/str.h"
#include "base/utf8.h"

struct named_key {
    const char *name;
    int32_t key;
};

/* The first name of a key is the one that is shown. */
static const struct named_key named[] = {
    {"Space", ' '},
    {"Tab", K_TAB},
    {"Enter", K_ENTER},
    {"Esc", K_ESC},
    {"Backspace", K_BACKSPACE},
    {"Up", K_UP},
    {"Down", K_DOWN},
    {"Left", K_LEFT},
    {"Right", K_RIGHT},
    {"Home", K_HOME},
    {"End", K_END},
    {"PgUp", K_PGUP},
    {"PgDn", K_PGDN},
    {"Delete", K_DELETE},
    {"Shift-Tab", K_SHIFT_TAB},
};

enum { NAMED_COUNT = sizeof named / sizeof *named };

static bool is_name(const char *name, size_t len, const char *want)
{
    return strlen(want) == len && strncasecmp(name, want, len) == 0;
}

static bool parse_function_key(const char *name, size_t len, int32_t *key)
{
    if (len < 2 || len > 3 || toupper((unsigned char)name[0]) != 'F')
        return false;
    int number = 0;
    for (size_t i = 1; i < len; i++) {
        if (!isdigit((unsigned char)name[i]))
            return false;
        number = number * 10 + (name[i] - '0');
    }
    if (number < 1 || number > 12)
        return false;
    *key = K_F1 + number - 1;
    return true;
}

bool key_parse(const char *name, size_t len, int32_t *key)
{
    if (len == 0)
        return false;
    size_t size;
    uint32_t cp = utf8_decode(name, len, &size);
    if (size == len) {
        *key = (int32_t)cp;
        return cp > ' ' && cp != 127 && cp != UTF8_BAD;
    }
    if (len == 6 && strncasecmp(name, "Ctrl-", 5) == 0) {
        int c = toupper((unsigned char)name[5]);
        *key = K_CTRL(c);
        return c >= '@' && c <= '_';
    }
    if (len > 4 && strncasecmp(name, "Alt-", 4) == 0) {
        if (!key_parse(name + 4, len - 4, key))
            return false;
        *key |= K_ALT;
        return true;
    }
    if (is_name(name, len, "Hash")) { /* in files '#' begins a comment */
        *key = '#';
        return true;
    }
    for (size_t i = 0; i < NAMED_COUNT; i++) {
        if (is_name(name, len, named[i].name)) {
            *key = named[i].key;
            return true;
        }
    }
    return parse_function_key(name, len, key);
}

void key_format(struct str *out, int32_t key)
{
    if (key & K_ALT) {
        str_add(out, "Alt-");
        key &= ~K_ALT;
    }
    for (size_t i = 0; i < NAMED_COUNT; i++) {
        if (named[i].key == key) {
            str_add(out, named[i].name);
            return;
        }
    }
    if (key >= K_F1 && key <= K_F12) {
        str_addf(out, "F%d", (int)(key - K_F1 + 1));
    } else if (key < ' ') {
        str_addf(out, "Ctrl-%c", (int)key + '@');
    } else {
        char text[UTF8_MAX];
        str_addn(out, text, utf8_encode(text, (uint32_t)key));
    }
}
