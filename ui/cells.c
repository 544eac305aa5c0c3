#include "config.h"

#include "ui/cells.h"

#include <limits.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
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

/* Whether the locale's character set has it. */
static bool is_in_locale(uint32_t cp)
{
    char bytes[MB_LEN_MAX];
    return wctomb(bytes, (wchar_t)cp) > 0;
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
        if (ascii_only && !is_in_locale(cp)) {
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

/* How many bytes from here on are a column each, whatever comes before them; at most max. */
static size_t plain_run(const char *text, size_t len, size_t max)
{
    size_t n = 0;
    len = len < max ? len : max;
    while (n < len && text[n] >= ' ' && text[n] < 127)
        n++;
    return n;
}

size_t cells_clip(struct str *out, const char *text, size_t len, size_t column, size_t skip,
                  size_t width)
{
    struct clip clip = {.out = out, .skip = skip, .end = skip + width};
    size_t combining = 0, size;
    for (size_t i = 0; i < len && clip.at <= clip.end; i += size) {
        struct cell cell;
        size = clip.at < skip ? plain_run(text + i, len - i, skip - clip.at) : 0;
        if (size > 0) { /* scrolled away */
            clip.at += size;
            combining = 0;
            continue;
        }
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
        size = plain_run(text + i, len - i, len);
        if (size > 0) {
            width += size;
            continue;
        }
        cell_make(&cell, text + i, len - i, column + width, &size);
        width += cell.width;
    }
    return width;
}

static bool combines(const char *text, size_t len, size_t at)
{
    struct cell cell;
    size_t size;
    if (at >= len || (unsigned char)text[at] < 0x80)
        return false;
    cell_make(&cell, text + at, len - at, 0, &size);
    return cell.combining;
}

/* One code point; a byte that is no UTF-8 is one of its own. */
static size_t code_point_before(const char *text, size_t at)
{
    size_t from = at > UTF8_MAX ? at - UTF8_MAX : 0, size;
    for (size_t i = from; i < at; i++) {
        if (((unsigned char)text[i] & 0xC0) == 0x80)
            continue;
        utf8_decode(text + i, at - i, &size);
        if (i + size == at)
            return i;
    }
    return at - 1;
}

size_t cells_next(const char *text, size_t len, size_t at)
{
    size_t size;
    if (at >= len)
        return len;
    utf8_decode(text + at, len - at, &size);
    at += size;
    while (combines(text, len, at)) {
        utf8_decode(text + at, len - at, &size);
        at += size;
    }
    return at;
}

size_t cells_before(const char *text, size_t at)
{
    size_t end = at;
    while (at > 0) {
        at = code_point_before(text, at);
        if (!combines(text, end, at))
            break;
    }
    return at;
}

size_t cells_offset(const char *text, size_t len, size_t column)
{
    size_t at = 0, width = 0;
    while (at < len) {
        size_t plain = plain_run(text + at, len - at, column - width);
        if (plain > 0) {
            at += plain;
            width += plain;
        }
        if (width >= column && !combines(text, len, at))
            break;
        size_t next = cells_next(text, len, at), wide = cells_width(text + at, next - at, width);
        if (at >= len || width + wide > column)
            break;
        width += wide;
        at = next;
    }
    return at;
}

size_t cells_break(const char *text, size_t len, size_t width)
{
    size_t fits = cells_offset(text, len, width), at = fits;
    if (fits == len)
        return len;
    if (fits > 0 && text[fits] == ' ') /* the blank itself is not seen */
        return fits + 1;
    while (at > 0 && text[at - 1] != ' ')
        at--;
    if (at == 0)
        at = fits;
    return at > 0 ? at : cells_next(text, len, 0);
}
