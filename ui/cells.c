#include "config.h"

#include "ui/cells.h"

#include <stdint.h>
#include <stdio.h>
#include <string.h>
#include <wchar.h>

#include "base/str.h"
#include "base/utf8.h"

enum { TAB_STOP = 8, MAX_COMBINING = 3 };

static bool ascii_only;

void cells_set_ascii(bool ascii)
{
    ascii_only = ascii;
}

/* Characters without a width of their own that change how others are shown. */
static bool is_invisible_format(uint32_t cp)
{
    return cp == 0xAD || cp == 0x61C || cp == 0xFEFF || (cp >= 0x200B && cp <= 0x200F) ||
           (cp >= 0x2028 && cp <= 0x202E) || (cp >= 0x2060 && cp <= 0x206F) ||
           (cp >= 0xFFF0 && cp <= 0xFFFB) || (cp >= 0xE0000 && cp <= 0xE0FFF);
}

/* The visible form of one character: text, and the columns it takes. */
struct cell {
    char text[16];
    size_t len, width;
    bool combining; /* goes onto the cell before it */
};

static void cell_set_text(struct cell *cell, const char *text)
{
    cell->len = cell->width = strlen(text);
    memcpy(cell->text, text, cell->len + 1);
}

static void cell_make(struct cell *cell, const char *at, size_t left, size_t column, size_t *size)
{
    *cell = (struct cell){0};
    uint32_t cp = utf8_decode(at, left, size);
    char form[16];
    if (cp == '\t') {
        cell->len = cell->width = TAB_STOP - column % TAB_STOP;
        memset(cell->text, ' ', cell->len);
    } else if (cp < ' ' || cp == 127) {
        snprintf(form, sizeof form, "^%c", (char)(cp ^ 0x40));
        cell_set_text(cell, form);
    } else if (cp == UTF8_BAD && *size == 1) {
        snprintf(form, sizeof form, "<%02x>", (unsigned)(unsigned char)*at);
        cell_set_text(cell, form);
    } else if (cp < 127) {
        cell->text[0] = (char)cp;
        cell->len = cell->width = 1;
    } else if (is_invisible_format(cp) || wcwidth((wchar_t)cp) < 0) {
        /* In a locale without these characters wcwidth() knows none of them. */
        if (ascii_only && !is_invisible_format(cp) && cp >= 0xA0)
            snprintf(form, sizeof form, "?");
        else
            snprintf(form, sizeof form, "<U+%04X>", (unsigned)cp);
        cell_set_text(cell, form);
    } else {
        int width = wcwidth((wchar_t)cp);
        if (ascii_only) {
            cell_set_text(cell, width == 2 ? "??" : width == 1 ? "?" : "");
            return;
        }
        memcpy(cell->text, at, *size);
        cell->len = *size;
        cell->width = (size_t)width;
        cell->combining = width == 0;
    }
}

/* Where clipping stands: columns of the visible form, and the window on it. */
struct clip {
    struct str *out;
    size_t skip, end; /* the window */
    size_t at;        /* column of the next cell */
    size_t used;      /* columns written */
};

static void clip_cell(struct clip *clip, const struct cell *cell)
{
    size_t start = clip->at, stop = clip->at + cell->width;
    clip->at = stop;
    if (stop <= clip->skip || start >= clip->end)
        return;
    bool is_text = cell->len == cell->width; /* one byte a column: may be cut anywhere */
    size_t from = start < clip->skip ? clip->skip : start;
    size_t to = stop > clip->end ? clip->end : stop;
    if (is_text)
        str_addn(clip->out, cell->text + (from - start), to - from);
    else if (from == start && to == stop)
        str_addn(clip->out, cell->text, cell->len);
    else
        str_fill(clip->out, ' ', to - from); /* half of a wide character */
    clip->used += to - from;
}

size_t cells_clip(struct str *out, const char *text, size_t len, size_t column, size_t skip,
                  size_t width)
{
    struct clip clip = {.out = out, .skip = skip, .end = skip + width};
    size_t combining = 0, size;
    for (size_t i = 0; i < len && clip.at <= clip.end; i += size) {
        struct cell cell;
        cell_make(&cell, text + i, len - i, column + clip.at, &size);
        if (cell.combining) {
            bool has_base = clip.used > 0 && clip.at > clip.skip && clip.at <= clip.end;
            if (has_base && combining < MAX_COMBINING)
                str_addn(out, cell.text, cell.len);
            combining++;
            continue;
        }
        combining = 0;
        clip_cell(&clip, &cell);
    }
    return clip.used;
}

size_t cells_width(const char *text, size_t len, size_t column)
{
    size_t width = 0, size;
    for (size_t i = 0; i < len; i += size) {
        struct cell cell;
        cell_make(&cell, text + i, len - i, column + width, &size);
        width += cell.width;
    }
    return width;
}
