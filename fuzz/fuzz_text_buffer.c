/*
 * The text that is edited: whatever is typed, pasted, moved and deleted, the cursor stands on a
 * character of the text, all of it can be undone to the first text, and done again to the last.
 */
#include "config.h"

#include "fuzz/fuzz.h"

#include <locale.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "ui/text_buffer.h"

static void check_cursor(const struct text_buffer *b)
{
    if (b->lines.len == 0 || b->cursor.line >= b->lines.len ||
        b->cursor.at > b->lines.at[b->cursor.line].len)
        abort();
}

static void expect(const struct text_buffer *b, const struct str *text)
{
    if (!text_buffer_is(b, text->len ? text->ptr : ""))
        abort();
}

/* The next bytes, up to 15 as their first one says, without NUL: text has none. */
static size_t take(const uint8_t **data, size_t *size, char *out)
{
    size_t len = 0, wanted = *size ? **data & 15 : 0;
    for (; len < wanted && len + 1 < *size; len++)
        out[len] = (*data)[len + 1] ? (char)(*data)[len + 1] : ' ';
    size_t used = *size ? len + 1 : 0;
    *data += used;
    *size -= used;
    return len;
}

static void step(struct text_buffer *b, uint8_t op, const uint8_t **data, size_t *size)
{
    char text[16];
    const int actions = ACTION_EDITOR_YANK - ACTION_EDITOR_LEFT + 1;
    switch (op & 3) {
    case 0:
        text_buffer_paste(b, text, take(data, size, text));
        break;
    case 1:
        text_buffer_type(b, op >> 2 | (*size ? **data << 6 : 0));
        break;
    default:
        if (op >> 2 == 62)
            text_buffer_undo(b);
        else if (op >> 2 == 63)
            text_buffer_redo(b);
        else
            text_buffer_do(b, (enum action)(ACTION_EDITOR_LEFT + (op >> 2) % actions), 3);
    }
    check_cursor(b);
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
    setlocale(LC_CTYPE, "C.UTF-8");
    struct text_buffer b;
    struct str first = STR_INIT, last = STR_INIT;
    char start[16];
    text_buffer_init(&b);
    size_t len = take(&data, &size, start);
    str_addn(&first, start, len);
    text_buffer_set(&b, len ? first.ptr : "");
    str_clear(&first);
    text_buffer_text(&b, &first);
    while (size > 0) {
        uint8_t op = *data++;
        size--;
        step(&b, op, &data, &size);
    }
    while (text_buffer_redo(&b))
        check_cursor(&b);
    text_buffer_text(&b, &last);
    while (text_buffer_undo(&b))
        check_cursor(&b);
    expect(&b, &first);
    while (text_buffer_redo(&b))
        check_cursor(&b);
    expect(&b, &last);
    str_clear(&first);
    str_clear(&last);
    text_buffer_clear(&b);
    return 0;
}
