#include "config.h"

#include "ui/keyboard.h"

#include <curses.h>
#include <langinfo.h>
#include <poll.h>
#include <stdio.h>
#include <string.h>
#include <unistd.h>
#include <wchar.h>

#include "base/clock.h"
#include "base/str.h"
#include "base/utf8.h"
#include "ui/key.h"

enum {
    CODE_PASTE_BEGIN = 2000, /* above what ncurses uses */
    CODE_PASTE_END,
    CODE_MOUSE,
    LATE = 500000, /* microseconds in which what follows an Esc may be the rest of a sequence */
    MOST_SEQUENCE = 32,
};

static struct {
    WINDOW *input; /* a pad: reading a key from it draws nothing */
    bool is_utf8, is_ascii;
    struct {
        bool is_on;
        char bytes[64]; /* what was read of it; few enough to be given back to ncurses */
        size_t len, at;
        size_t matched; /* bytes of its end that have come */
    } paste;
    int64_t escaped; /* when an Esc came alone */
    struct part {    /* of a character in UTF-8 */
        char bytes[UTF8_MAX];
        size_t len;
    } part;
    bool in_report; /* a report of the mouse has begun */
    char report[MOST_SEQUENCE];
    size_t report_len;
    struct mouse_event mouse; /* the last one */
} keyboard;

void keyboard_open(bool is_utf8)
{
    keyboard.is_utf8 = is_utf8;
    keyboard.is_ascii = str_eq(nl_langinfo(CODESET), "ANSI_X3.4-1968");
    keyboard.input = newpad(1, 1);
    keypad(keyboard.input, TRUE);
    nodelay(keyboard.input, TRUE);
    define_key("\033[200~", CODE_PASTE_BEGIN);
    define_key("\033[201~", CODE_PASTE_END);
    define_key("\033[<", CODE_MOUSE);
}

void keyboard_close(void)
{
    delwin(keyboard.input);
}

static bool comes_within(int milliseconds)
{
    return poll(&(struct pollfd){STDIN_FILENO, POLLIN, 0}, 1, milliseconds) > 0;
}

bool keyboard_waits(void)
{
    return keyboard.paste.at < keyboard.paste.len || comes_within(0);
}

void keyboard_end_paste(void)
{
    keyboard.paste.is_on = false;
    while (keyboard.paste.len > keyboard.paste.at) /* what came behind it is keys */
        ungetch((unsigned char)keyboard.paste.bytes[--keyboard.paste.len]);
}

static int32_t translate(int code)
{
    static const struct {
        int code;
        int32_t key;
    } rows[] = {
        {KEY_UP, K_UP},
        {KEY_DOWN, K_DOWN},
        {KEY_LEFT, K_LEFT},
        {KEY_RIGHT, K_RIGHT},
        {KEY_HOME, K_HOME},
        {KEY_END, K_END},
        {KEY_FIND, K_HOME},
        {KEY_SELECT, K_END},
        {KEY_PPAGE, K_PGUP},
        {KEY_NPAGE, K_PGDN},
        {KEY_DC, K_DELETE},
        {KEY_BTAB, K_SHIFT_TAB},
        {KEY_BACKSPACE, K_BACKSPACE},
        {KEY_ENTER, K_ENTER},
        {KEY_RESIZE, K_RESIZE},
        {CODE_PASTE_BEGIN, K_PASTE_BEGIN},
        {CODE_PASTE_END, K_PASTE_END},
    };
    if (code >= KEY_F(1) && code <= KEY_F(12))
        return K_F1 + code - KEY_F(1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].code == code)
            return rows[i].key;
    return K_SPECIAL; /* a key that means nothing here */
}

/* -- the mouse ----------------------------------------------------------------------------------
 */

/* "0;12;5M": button, column and row from 1; 'm' for a release. */
static void parse_mouse(const char *text)
{
    int button, x, y;
    char end;
    keyboard.mouse = (struct mouse_event){.kind = MOUSE_NONE};
    if (sscanf(text, "%5d;%5d;%5d%c", &button, &x, &y, &end) != 4 || end != 'M')
        return;
    keyboard.mouse.y = y - 1;
    keyboard.mouse.x = x - 1;
    if (button == 0)
        keyboard.mouse.kind = MOUSE_PRESS;
    else if (button == 64 || button == 65)
        keyboard.mouse.kind = button == 64 ? MOUSE_WHEEL_UP : MOUSE_WHEEL_DOWN;
}

/*
 * Takes in a report, which may come in parts: K_NONE while its end is not there. Read here and not
 * by ncurses, which waits for the next event within one that it does not report, such as the
 * release of a button.
 */
static int32_t read_mouse(void)
{
    int code;
    while ((code = wgetch(keyboard.input)) != ERR) {
        if (code > '~' || keyboard.report_len + 2 > sizeof keyboard.report)
            keyboard.report_len = 0; /* too long to be one: it says nothing */
        keyboard.report[keyboard.report_len++] = (char)code;
        if (code < 0x80 && strchr("0123456789;", code))
            continue;
        keyboard.report[keyboard.report_len] = '\0';
        keyboard.in_report = false;
        parse_mouse(keyboard.report);
        return K_MOUSE;
    }
    return K_NONE;
}

static int32_t begin_mouse(void)
{
    keyboard.in_report = true;
    keyboard.report_len = 0;
    return read_mouse();
}

void keyboard_mouse(struct mouse_event *out)
{
    *out = keyboard.mouse;
}

/* -- characters ---------------------------------------------------------------------------------
 */

/*
 * A character that arrives in parts, as at the borders of what a terminal sends at once: wget_wch()
 * would lose it. Returns K_NONE till it is complete.
 */
static int32_t collect_utf8(int byte)
{
    struct part *part = &keyboard.part;
    size_t size;
    bool is_first = (byte & 0xC0) != 0x80;
    if (is_first || part->len == sizeof part->bytes)
        part->len = 0;
    if (is_first || part->len > 0)
        part->bytes[part->len++] = (char)byte;
    unsigned char first = part->len > 0 ? (unsigned char)part->bytes[0] : 0;
    size_t wanted = first >= 0xF5   ? 0
                    : first >= 0xF0 ? 4
                    : first >= 0xE0 ? 3
                    : first >= 0xC2 ? 2
                                    : 0;
    if (part->len < wanted)
        return K_NONE;
    uint32_t cp = part->len > 0 ? utf8_decode(part->bytes, part->len, &size) : UTF8_BAD;
    part->len = 0;
    return cp == UTF8_BAD ? K_NO_CHARACTER : (int32_t)cp;
}

/* The same in the locale's encoding; the C library's wide characters are those of Unicode. */
static int32_t collect(int byte)
{
    static mbstate_t state;
    const char c = (char)byte;
    wchar_t wide;
    if (keyboard.is_utf8)
        return collect_utf8(byte);
    size_t size = keyboard.is_ascii ? (size_t)-1 : mbrtowc(&wide, &c, 1, &state);
    if (size == (size_t)-2)
        return K_NONE;
    if (size == 1)
        return (int32_t)wide;
    state = (mbstate_t){0};
    return K_NO_CHARACTER;
}

/* A key as it comes: a constant of ncurses, an ASCII character, or a whole character of others. */
static int32_t read_key(void)
{
    for (;;) {
        int code = wgetch(keyboard.input);
        if (code == ERR)
            return K_NONE;
        if (code == CODE_MOUSE)
            return begin_mouse();
        if (code > 0xFF)
            return translate(code);
        if (code < 0x80 && keyboard.part.len > 0) { /* the rest of that character never came */
            keyboard.part.len = 0;
            ungetch(code);
            return K_NO_CHARACTER;
        }
        if (code < 0x80)
            return code;
        int32_t key = collect(code);
        if (key != K_NONE)
            return key;
    }
}

/* -- sequences ----------------------------------------------------------------------------------
 */

/* What terminals send, whatever their description says; behind the Esc. */
static const struct {
    const char *text;
    int32_t key;
} sequences[] = {
    {"[A", K_UP},      {"[B", K_DOWN},    {"[C", K_RIGHT},        {"[D", K_LEFT},
    {"OA", K_UP},      {"OB", K_DOWN},    {"OC", K_RIGHT},        {"OD", K_LEFT},
    {"[H", K_HOME},    {"[F", K_END},     {"OH", K_HOME},         {"OF", K_END},
    {"[1~", K_HOME},   {"[4~", K_END},    {"[7~", K_HOME},        {"[8~", K_END},
    {"[3~", K_DELETE}, {"[5~", K_PGUP},   {"[6~", K_PGDN},        {"[Z", K_SHIFT_TAB},
    {"OM", K_ENTER},   {"OP", K_F1},      {"[11~", K_F1},         {"[[A", K_F1},
    {"[15~", K_F1 + 4}, {"[[E", K_F1 + 4}, {"[200~", K_PASTE_BEGIN}, {"[201~", K_PASTE_END},
};

static int32_t key_of_sequence(const char *text)
{
    for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++)
        if (str_eq(sequences[i].text, text))
            return sequences[i].key;
    return K_SPECIAL;
}

/* An answer of the terminal that nobody asked for, up to its end. */
static int32_t skip_string(void)
{
    int code, before = 0;
    while ((code = wgetch(keyboard.input)) != ERR && code != '\a' &&
           !(before == 27 && code == '\\'))
        before = code;
    return K_SPECIAL;
}

/*
 * What follows an Esc and '[', 'O' or ']': taken in up to its end, so that none of it counts as
 * typed. first is the character behind those.
 */
static int32_t read_sequence(int32_t introducer, int32_t first)
{
    char text[MOST_SEQUENCE] = {(char)introducer};
    size_t len = 1;
    if (introducer == ']')
        return skip_string();
    if (introducer == '[' && first == '<')
        return begin_mouse();
    for (int code = first; code != ERR; code = wgetch(keyboard.input)) {
        if (code < ' ' || code > '~')
            return K_SPECIAL; /* broken off */
        if (len + 1 < sizeof text)
            text[len++] = (char)code;
        bool is_linux_key = len == 2 && code == '['; /* ESC [ [ A */
        if (introducer == 'O' || (code >= '@' && !is_linux_key))
            break;
    }
    return key_of_sequence(text);
}

static bool is_introducer(int32_t key)
{
    return key == '[' || key == 'O' || key == ']';
}

/*
 * Esc alone is Esc, and at once: ncurses has waited ESCDELAY for more already. Esc and a character
 * is Alt; Esc and more is a sequence that ncurses does not know.
 */
static int32_t read_escaped(void)
{
    int32_t key;
    while ((key = read_key()) == K_ESC)
        continue;
    if (key == K_NONE) {
        keyboard.escaped = clock_monotonic();
        return K_ESC;
    }
    if (key >= K_SPECIAL)
        return key;
    if (!is_introducer(key))
        return key | K_ALT;
    int32_t next = read_key();
    return next == K_NONE ? key | K_ALT : read_sequence(key, next);
}

/* The rest of a sequence whose Esc came alone, because the line is slow. */
static bool is_late(int32_t key)
{
    return key == '[' && clock_monotonic() - keyboard.escaped < LATE && keyboard_waits();
}

static int32_t next_key(void)
{
    if (keyboard.in_report)
        return read_mouse();
    int32_t key = read_key();
    if (key == K_ESC)
        key = read_escaped();
    else if (is_late(key))
        key = read_sequence(key, read_key());
    return key == '\n' ? K_ENTER : key == '\b' ? K_BACKSPACE : key;
}

/* -- pastes -------------------------------------------------------------------------------------
 */

/* Reads on: K_NONE when nothing is there yet, K_PASTE_END when an Esc came alone. */
static int32_t read_paste(void)
{
    bool may_be_end = keyboard.paste.matched == 1;
    if (!comes_within(may_be_end ? get_escdelay() : 0)) {
        if (!may_be_end)
            return K_NONE;
        keyboard.escaped = clock_monotonic();
        return K_PASTE_END;
    }
    ssize_t n = read(STDIN_FILENO, keyboard.paste.bytes, sizeof keyboard.paste.bytes);
    keyboard.paste.len = n > 0 ? (size_t)n : 0;
    keyboard.paste.at = 0;
    return n > 0 ? K_SPECIAL : K_NONE;
}

/*
 * A character of what is pasted. ncurses would read every byte by itself, and take parts of the
 * text for keys. An Esc in it, which no terminal lets through, is left out.
 */
static int32_t paste_key(void)
{
    static const char end[] = "\033[201~";
    for (;;) {
        if (keyboard.paste.at == keyboard.paste.len) {
            int32_t state = read_paste();
            if (state == K_PASTE_END)
                keyboard_end_paste();
            if (state != K_SPECIAL)
                return state;
        }
        char c = keyboard.paste.bytes[keyboard.paste.at++];
        if (c != end[keyboard.paste.matched])
            keyboard.paste.matched = 0;
        if (c == end[keyboard.paste.matched]) {
            if (++keyboard.paste.matched < sizeof end - 1)
                continue;
            keyboard_end_paste();
            return K_PASTE_END;
        }
        int32_t key = (unsigned char)c < 0x80 ? c : collect((unsigned char)c);
        if (key != K_NONE)
            return key == '\n' ? K_ENTER : key == 0 ? K_SPECIAL : key;
    }
}

int32_t keyboard_key(void)
{
    if (keyboard.paste.is_on)
        return paste_key();
    int32_t key = next_key();
    if (key == K_PASTE_BEGIN) {
        keyboard.paste.is_on = true;
        keyboard.paste.matched = keyboard.paste.len = keyboard.paste.at = 0;
        keyboard.part.len = 0;
    }
    return key;
}
