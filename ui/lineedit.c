#include "config.h"

#include "ui/lineedit.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/cells.h"
#include "ui/key.h"

void lineedit_init(struct lineedit *line)
{
    *line = (struct lineedit){.text = STR_INIT, .killed = STR_INIT};
}

void lineedit_clear(struct lineedit *line)
{
    str_clear(&line->text);
    str_clear(&line->killed);
    line->at = 0;
}

void lineedit_set(struct lineedit *line, const char *text)
{
    str_cut(&line->text, 0);
    str_add(&line->text, text);
    line->at = line->text.len;
}

static size_t before(const struct lineedit *line)
{
    return cells_before(line->text.ptr, line->at);
}

static size_t after(const struct lineedit *line)
{
    return cells_next(line->text.ptr, line->text.len, line->at);
}

static bool is_word(char c)
{
    return isalnum((unsigned char)c) || c == '_' || ((unsigned char)c & 0x80);
}

static size_t word_before(const struct lineedit *line)
{
    size_t at = line->at;
    while (at > 0 && !is_word(line->text.ptr[at - 1]))
        at--;
    while (at > 0 && is_word(line->text.ptr[at - 1]))
        at--;
    return at;
}

static size_t word_after(const struct lineedit *line)
{
    size_t at = line->at;
    while (at < line->text.len && !is_word(line->text.ptr[at]))
        at++;
    while (at < line->text.len && is_word(line->text.ptr[at]))
        at++;
    return at;
}

void lineedit_insert_text(struct lineedit *line, const char *text, size_t len)
{
    struct str rest = STR_INIT;
    str_add(&rest, line->text.ptr + line->at);
    str_cut(&line->text, line->at);
    str_addn(&line->text, text, len);
    str_addn(&line->text, rest.ptr, rest.len);
    line->at += len;
    str_clear(&rest);
}

bool lineedit_insert(struct lineedit *line, int32_t key)
{
    char text[UTF8_MAX];
    if (key < ' ' || key == K_BACKSPACE || key >= K_SPECIAL || (key >= 0x80 && key < 0xA0))
        return false;
    lineedit_insert_text(line, text, utf8_encode(text, (uint32_t)key));
    return true;
}

/* Removes the text between two offsets; the cursor is left at the first. */
static void cut(struct lineedit *line, size_t from, size_t to, bool keep)
{
    if (from == to)
        return;
    if (keep) {
        str_cut(&line->killed, 0);
        str_addn(&line->killed, line->text.ptr + from, to - from);
    }
    memmove(line->text.ptr + from, line->text.ptr + to, line->text.len - to);
    str_cut(&line->text, line->text.len - (to - from));
    line->at = from;
}

bool lineedit_do(struct lineedit *line, enum action action)
{
    switch ((int)action) {
    case ACTION_INPUT_LEFT:
        line->at = before(line);
        return true;
    case ACTION_INPUT_RIGHT:
        line->at = after(line);
        return true;
    case ACTION_INPUT_START:
        line->at = 0;
        return true;
    case ACTION_INPUT_END:
        line->at = line->text.len;
        return true;
    case ACTION_INPUT_WORD_LEFT:
        line->at = word_before(line);
        return true;
    case ACTION_INPUT_WORD_RIGHT:
        line->at = word_after(line);
        return true;
    case ACTION_INPUT_BACKSPACE:
        cut(line, before(line), line->at, false);
        return true;
    case ACTION_INPUT_DELETE:
        cut(line, line->at, after(line), false);
        return true;
    case ACTION_INPUT_KILL_WORD:
        cut(line, word_before(line), line->at, true);
        return true;
    case ACTION_INPUT_KILL_START:
        cut(line, 0, line->at, true);
        return true;
    case ACTION_INPUT_KILL_END:
        cut(line, line->at, line->text.len, true);
        return true;
    case ACTION_INPUT_YANK:
        lineedit_insert_text(line, line->killed.ptr, line->killed.len);
        return true;
    default:
        return false;
    }
}
