#include "config.h"

#include "ui/keys_model.h"

#include <stdio.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/key.h"
#include "unit/unit.h"

#define ESC "\033"
#define COUNT(array) (sizeof(array) / sizeof *(array))

static uint64_t chance;

void keys_seed(uint64_t seed)
{
    chance = seed * 0x9e3779b97f4a7c15u + 1;
}

/* xorshift64*: the same everywhere. */
unsigned keys_roll(unsigned sides)
{
    chance ^= chance >> 12;
    chance ^= chance << 25;
    chance ^= chance >> 27;
    return (unsigned)((chance * 2685821657736338717u) >> 33) % sides;
}

/* -- from the tables of the program -------------------------------------------------------------
 */

static const struct {
    const char *name, *keys;
} actions[] = {
#define ACTION(id, name, contexts, keys, hint, reason, function, help) {name, keys},
#include "ui/action.def"
#undef ACTION
};

static const char *const commands[] = {
#define VERB_SHELL(id, name, kind, usage, help)
#define VERB_CONSOLE(id, name, kind, usage, help) name,
#define VERB_BOTH VERB_CONSOLE
#include "run/verb.def"
};

static const struct {
    const char *name, *values;
} options[] = {
#define OPTION(letter, name, values, kept, get, set, help) {name, values},
#include "ui/option.def"
#undef OPTION
};

/* What may stand behind a command. Files are written where the test is, a folder of its own. */
static const char *const arguments[] = {
    "",     "aa1",  "bb2",  "cc3",  "head", "heads", "base",      "+1",
    "-1",   "zzz",  "@",    "a..b", "file", "/",     "graph F7 help", "mouse=on",
    "\"\"", "wrap", "mouse", "bar F8 up", "-- ", "\xe6\xbc\xa2", "%s%n", "aa1@head",
};

/* -- keys as a terminal sends them (TERM=xterm-256color) -----------------------------------------
 */

static const struct {
    int32_t key;
    const char *bytes;
} sent[] = {
    {K_BACKSPACE, "\177"},     {K_UP, ESC "OA"},           {K_DOWN, ESC "OB"},
    {K_RIGHT, ESC "OC"},       {K_LEFT, ESC "OD"},         {K_HOME, ESC "OH"},
    {K_END, ESC "OF"},         {K_PGUP, ESC "[5~"},        {K_PGDN, ESC "[6~"},
    {K_DELETE, ESC "[3~"},     {K_SHIFT_TAB, ESC "[Z"},    {K_F1, ESC "OP"},
    {K_F1 + 1, ESC "OQ"},      {K_F1 + 2, ESC "OR"},       {K_F1 + 3, ESC "OS"},
    {K_F1 + 4, ESC "[15~"},    {K_F1 + 5, ESC "[17~"},     {K_F1 + 6, ESC "[18~"},
    {K_F1 + 7, ESC "[19~"},    {K_F1 + 8, ESC "[20~"},     {K_F1 + 9, ESC "[21~"},
    {K_F1 + 10, ESC "[23~"},   {K_F1 + 11, ESC "[24~"},
};

/* False: no terminal sends that key. */
static bool key_bytes(int32_t key, char out[KEYS_MOST_BYTES])
{
    const char *alt = key & K_ALT ? ESC : "";
    char text[UTF8_MAX];
    key &= ~K_ALT;
    for (size_t i = 0; i < COUNT(sent); i++)
        if (sent[i].key == key) {
            snprintf(out, KEYS_MOST_BYTES, "%s%s", alt, sent[i].bytes);
            return true;
        }
    size_t size = key > 0 && key < K_SPECIAL ? utf8_encode(text, (uint32_t)key) : 0;
    snprintf(out, KEYS_MOST_BYTES, "%s%.*s", alt, (int)size, text);
    return size > 0;
}

/* The n-th name of "j Down". */
static bool nth_key(const char *keys, unsigned n, int32_t *key)
{
    for (; n > 0 && *keys; n--)
        keys += strcspn(keys, " "), keys += strspn(keys, " ");
    size_t len = strcspn(keys, " ");
    return len > 0 && key_parse(keys, len, key);
}

static unsigned count_words(const char *text)
{
    unsigned count = *text != '\0';
    for (; *text; text++)
        count += *text == ' ';
    return count;
}

unsigned keys_check_bound(void)
{
    char bytes[KEYS_MOST_BYTES];
    unsigned bound = 0;
    int32_t key;
    for (size_t i = 0; i < COUNT(actions); i++)
        for (unsigned n = 0; n < count_words(actions[i].keys); n++, bound++)
            if (!nth_key(actions[i].keys, n, &key) || !key_bytes(key, bytes))
                fail_msg("no bytes are known for a key of %s: %s", actions[i].name,
                         actions[i].keys);
    return bound;
}

static void make_bound(char out[KEYS_MOST_BYTES])
{
    const char *keys = actions[keys_roll(COUNT(actions))].keys;
    int32_t key = K_ESC;
    if (*keys)
        nth_key(keys, keys_roll(count_words(keys)), &key);
    key_bytes(key, out);
}

static void make_command(char out[KEYS_MOST_BYTES])
{
    const char *argument = arguments[keys_roll(COUNT(arguments))];
    unsigned kind = keys_roll(10);
    if (kind < 4) {
        snprintf(out, KEYS_MOST_BYTES, ":%s\r", actions[keys_roll(COUNT(actions))].name);
    } else if (kind < 6) {
        unsigned option = keys_roll(COUNT(options));
        const char *value = options[option].values;
        for (unsigned n = keys_roll(count_words(value)); n > 0; n--)
            value += strcspn(value, " ") + 1;
        snprintf(out, KEYS_MOST_BYTES, ":set %s=%.*s\r", options[option].name,
                 (int)strcspn(value, " "), value);
    } else {
        snprintf(out, KEYS_MOST_BYTES, ":%s %s\r", commands[keys_roll(COUNT(commands))], argument);
    }
}

/* -- the rest ------------------------------------------------------------------------------------
 */

/* What leads deeper than single keys would. */
static const char *const ways[] = {
    "r", "rn", "rh", "rb", "ru", "rd", "rm", "rw",
    "rny", "rhy", "rhye", "rhyt", "rhyv", "rmy", "rmye", "rnys", "rnysss", "rhyvS", "rhyas",
    "mr", "mk", "me", "mb", "ms", "ak", "ab", "al", "al\r", "qy", "Qy", "Qw", "Qp", "Qc", "om", "ow",
    "ot",
    /* the editor, on the pane of a plan, and what can be done there */
    "rhn5i", "rhn3i", "rnn5iSELECT 2" ESC, "rhn5i" ESC "OH--x\r\023" ESC, "rhn5i\013\013" ESC,
    "5i", "5B", "5L", "5F", "3i", "3p", "2p", "3e", "5e", "e", "W", "Wy", ":save\ry", ":revert\ry",
    ESC "R", ESC "Ry", ESC "d", ESC "t",
    /* prompts */
    "/s", "/a\r", "&b\r", "&\r", "/", ESC, "\r", "\t", ESC "OC\r", "\025",
    "adoc\r", "  m", " ", "v", "d", "d*a", "P", "1", "2", "3", "6", "?", "?/r\r",
    ":unlock\r", ":lock\r", ":upgrade head\r", ":upgrade head\ry", ":downgrade base\r",
    ":stamp head\ry", ":set mouse=on\r", ":step\r", ":confirm-yes\r", ":q\r", ":q!\r",
    ":revert\r", ":toggle graphics\r", "R", "\032",
    /* pastes */
    ESC "[200~y\r" ESC "[201~",
    ESC "[200~" KEYS_DATABASE "\r" ESC "[201~",
    ESC "[200~:upgrade head\rye" ESC "[201~",
    ESC "[200~DROP TABLE a;\nSELECT '\xe6\xbc\xa2' -- \001" ESC "[201~",
    ESC "[200~",
    ESC "[201~",
};

/* Bytes that are no keys, or keys that nothing is bound to. */
static const char *const oddities[] = {
    "\xc3\xa9",  "\xe6\xbc\xa2",   "e\xcc\x81", "\xff",        "\xc3",       "\xf0\x9f",
    ESC ESC,     ESC "[<0;",       ESC "[<35;1;1M", ESC "[",   ESC "O",      ESC "]0;x\007",
    ESC "[1;5A", ESC "[1;2P",      ESC "[99~",  ESC "[M !!",   ESC "[I",     ESC "[O",
    ESC "[?1;2c", ESC "P+r1\033\\", "\x80",     ESC "[2~",     ESC "[200~" ESC "[200~", "\x9b",
};

/* Press, release, drag and wheel, with and without Shift, Alt, Ctrl, and also off the screen. */
static void make_mouse(char out[KEYS_MOST_BYTES], int rows, int columns)
{
    static const unsigned buttons[] = {0, 0, 0, 0, 1, 2, 4, 8, 16, 32, 35, 64, 65, 64, 65, 68, 128};
    unsigned button = buttons[keys_roll(COUNT(buttons))];
    unsigned x = 1 + keys_roll((unsigned)columns + 2), y = 1 + keys_roll((unsigned)rows + 2);
    if (button == 0 && keys_roll(3) == 0) /* twice */
        snprintf(out, KEYS_MOST_BYTES, ESC "[<0;%u;%uM" ESC "[<0;%u;%um" ESC "[<0;%u;%uM", x, y, x,
                 y, x, y);
    else
        snprintf(out, KEYS_MOST_BYTES, ESC "[<%u;%u;%u%c", button, x, y, keys_roll(4) ? 'M' : 'm');
}

void keys_next(char out[KEYS_MOST_BYTES], int rows, int columns)
{
    unsigned kind = keys_roll(100);
    if (kind < 25)
        make_bound(out);
    else if (kind < 37)
        snprintf(out, KEYS_MOST_BYTES, "%c", (char)(' ' + keys_roll(95)));
    else if (kind < 42)
        snprintf(out, KEYS_MOST_BYTES, "%c", (char)(1 + keys_roll(31)));
    else if (kind < 46)
        snprintf(out, KEYS_MOST_BYTES, ESC "%c", (char)(' ' + keys_roll(95)));
    else if (kind < 52)
        snprintf(out, KEYS_MOST_BYTES, "%s", oddities[keys_roll(COUNT(oddities))]);
    else if (kind < 60)
        make_mouse(out, rows, columns);
    else if (kind < 68)
        make_command(out);
    else
        snprintf(out, KEYS_MOST_BYTES, "%s", ways[keys_roll(COUNT(ways))]);
}

void keys_size(int *rows, int *columns)
{
    static const int sizes[][2] = {{24, 80}, {40, 120}, {60, 200}, {1, 1},   {5, 20},
                                   {8, 30},  {15, 60},  {24, 80},  {2, 200}, {60, 2}};
    const int *size = sizes[keys_roll(COUNT(sizes))];
    *rows = size[0];
    *columns = size[1];
    if (keys_roll(4) == 0) {
        *rows = 1 + (int)keys_roll(60);
        *columns = 1 + (int)keys_roll(200);
    }
}
