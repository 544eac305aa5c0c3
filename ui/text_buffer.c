#include "config.h"

#include "ui/text_buffer.h"

#include <ctype.h>
#include <string.h>

#include "base/utf8.h"
#include "ui/cells.h"
#include "ui/key.h"
#include "ui/pattern.h"

enum { INDENT = 4 };

/* One text in the place of another; undone and done again as a whole. */
struct text_change {
    struct text_place at;
    struct str removed, inserted;
    struct text_place before; /* the cursor */
};

/* -- lines --------------------------------------------------------------------------------------
 */

static struct str *line_at(const struct text_buffer *b, size_t line)
{
    return &b->lines.at[line];
}

static struct text_place end_of(const struct text_buffer *b)
{
    return (struct text_place){b->lines.len - 1, vec_last(&b->lines).len};
}

static bool is_before(struct text_place a, struct text_place b)
{
    return a.line < b.line || (a.line == b.line && a.at < b.at);
}

static bool is_same(struct text_place a, struct text_place b)
{
    return a.line == b.line && a.at == b.at;
}

/* Puts len bytes in the place of count bytes of one line. */
static void splice(struct str *line, size_t at, size_t count, const char *text, size_t len)
{
    size_t rest = line->len - at - count;
    str_reserve(line, len);
    memmove(line->ptr + at + len, line->ptr + at + count, rest);
    memcpy(line->ptr + at, text, len);
    line->len = at + len + rest;
    line->ptr[line->len] = '\0';
}

static void remove_range(struct text_buffer *b, struct text_place from, struct text_place to)
{
    struct str *first = line_at(b, from.line);
    if (from.line == to.line) {
        if (from.at < to.at)
            splice(first, from.at, to.at - from.at, "", 0);
        return;
    }
    const struct str *last = line_at(b, to.line);
    str_cut(first, from.at);
    str_addn(first, last->ptr + to.at, last->len - to.at);
    for (size_t i = from.line + 1; i <= to.line; i++)
        str_clear(line_at(b, i));
    size_t gone = to.line - from.line;
    memmove(line_at(b, from.line + 1), b->lines.at + to.line + 1,
            (b->lines.len - to.line - 1) * sizeof *b->lines.at);
    b->lines.len -= gone;
}

/* Room for count empty lines before a line. */
static void open_lines(struct text_buffer *b, size_t before, size_t count)
{
    vec_reserve(NULL, &b->lines, count);
    memmove(b->lines.at + before + count, b->lines.at + before,
            (b->lines.len - before) * sizeof *b->lines.at);
    b->lines.len += count;
    for (size_t i = 0; i < count; i++)
        b->lines.at[before + i] = STR_INIT;
}

static size_t count_ends(const char *text, size_t len)
{
    size_t count = 0;
    for (const char *at = text; (at = memchr(at, '\n', len - (size_t)(at - text))) != NULL; at++)
        count++;
    return count;
}

/* Returns the place behind it. */
static struct text_place insert_at(struct text_buffer *b, struct text_place at, const char *text,
                                   size_t len)
{
    size_t ends = count_ends(text, len);
    if (ends == 0) {
        if (len > 0)
            splice(line_at(b, at.line), at.at, 0, text, len);
        return (struct text_place){at.line, at.at + len};
    }
    open_lines(b, at.line + 1, ends);
    struct str *first = line_at(b, at.line);
    const char *end = text + len, *stop = memchr(text, '\n', len);
    struct str *last = line_at(b, at.line + ends);
    size_t line = at.line;
    const char *from = stop + 1;
    while (++line < at.line + ends) {
        const char *next = memchr(from, '\n', (size_t)(end - from));
        str_addn(line_at(b, line), from, (size_t)(next - from));
        from = next + 1;
    }
    str_addn(last, from, (size_t)(end - from));
    struct text_place behind = {at.line + ends, last->len};
    str_addn(last, first->ptr + at.at, first->len - at.at);
    str_cut(first, at.at);
    str_addn(first, text, (size_t)(stop - text));
    return behind;
}

static struct text_place behind_text(struct text_place at, const char *text, size_t len)
{
    size_t ends = count_ends(text, len);
    if (ends == 0)
        return (struct text_place){at.line, at.at + len};
    size_t last = len;
    while (text[last - 1] != '\n')
        last--;
    return (struct text_place){at.line + ends, len - last};
}

static void copy_range(const struct text_buffer *b, struct text_place from, struct text_place to,
                       struct str *out)
{
    for (size_t line = from.line; line <= to.line; line++) {
        size_t start = line == from.line ? from.at : 0;
        size_t stop = line == to.line ? to.at : line_at(b, line)->len;
        str_addn(out, line_at(b, line)->ptr + start, stop - start);
        if (line < to.line)
            str_addc(out, '\n');
    }
}

/* -- changes ------------------------------------------------------------------------------------
 */

static void change_free(struct text_change *change)
{
    str_clear(&change->removed);
    str_clear(&change->inserted);
    mem_free(change);
}

static void forget_undone(struct text_buffer *b)
{
    while (b->changes.len > b->done)
        change_free(b->changes.at[--b->changes.len]);
}

static void set_cursor(struct text_buffer *b, struct text_place place)
{
    b->cursor = place;
    b->column = text_buffer_column(b);
}

static void change(struct text_buffer *b, struct text_place from, struct text_place to,
                   const char *text, size_t len)
{
    if (is_same(from, to) && len == 0)
        return;
    struct text_change *c = mem_zalloc(sizeof *c);
    *c = (struct text_change){
        .at = from, .removed = STR_INIT, .inserted = STR_INIT, .before = b->cursor};
    forget_undone(b);
    copy_range(b, from, to, &c->removed);
    str_addn(&c->inserted, text, len);
    remove_range(b, from, to);
    struct text_place behind = insert_at(b, from, c->inserted.ptr, len);
    vec_push(NULL, &b->changes, c);
    b->done++;
    b->version++;
    b->joins = false;
    set_cursor(b, behind);
}

/* What is typed in a row is one change; a new line begins another. */
static bool join_typed(struct text_buffer *b, const char *text, size_t len)
{
    struct text_change *last = b->joins && b->done > 0 ? b->changes.at[b->done - 1] : NULL;
    if (!last || b->done < b->changes.len || last->inserted.len == 0 || *text == '\n' ||
        !is_same(behind_text(last->at, last->inserted.ptr, last->inserted.len), b->cursor))
        return false;
    str_addn(&last->inserted, text, len);
    set_cursor(b, insert_at(b, b->cursor, text, len));
    b->version++;
    return true;
}

/* So is what is deleted in a row, backwards or forwards. */
static bool join_deleted(struct text_buffer *b, struct text_place from, struct text_place to)
{
    struct text_change *last = b->joins && b->done > 0 ? b->changes.at[b->done - 1] : NULL;
    if (!last || b->done < b->changes.len || last->inserted.len > 0 ||
        (!is_same(last->at, to) && !is_same(last->at, from)))
        return false;
    struct str removed = STR_INIT;
    bool backwards = is_same(last->at, to);
    copy_range(b, from, to, &removed);
    splice(&last->removed, backwards ? 0 : last->removed.len, 0, removed.ptr, removed.len);
    last->at = from;
    str_clear(&removed);
    remove_range(b, from, to);
    set_cursor(b, from);
    b->version++;
    return true;
}

static void typed(struct text_buffer *b, const char *text, size_t len)
{
    if (!join_typed(b, text, len))
        change(b, b->cursor, b->cursor, text, len);
    b->joins = true;
}

static void deleted(struct text_buffer *b, struct text_place from, struct text_place to)
{
    if (is_same(from, to))
        return;
    if (!join_deleted(b, from, to))
        change(b, from, to, "", 0);
    b->joins = true;
}

bool text_buffer_undo(struct text_buffer *b)
{
    b->joins = false;
    if (b->done == 0)
        return false;
    const struct text_change *c = b->changes.at[--b->done];
    remove_range(b, c->at, behind_text(c->at, c->inserted.ptr, c->inserted.len));
    insert_at(b, c->at, c->removed.ptr, c->removed.len);
    b->version++;
    set_cursor(b, c->before);
    return true;
}

bool text_buffer_redo(struct text_buffer *b)
{
    b->joins = false;
    if (b->done == b->changes.len)
        return false;
    const struct text_change *c = b->changes.at[b->done++];
    remove_range(b, c->at, behind_text(c->at, c->removed.ptr, c->removed.len));
    b->version++;
    set_cursor(b, insert_at(b, c->at, c->inserted.ptr, c->inserted.len));
    return true;
}

/* -- the text as a whole ------------------------------------------------------------------------
 */

static void forget(struct text_buffer *b)
{
    for (size_t i = 0; i < b->lines.len; i++)
        str_clear(line_at(b, i));
    b->lines.len = 0;
    b->done = 0;
    forget_undone(b);
    b->cursor = (struct text_place){0, 0};
    b->column = 0;
    b->joins = false;
    b->version++;
}

void text_buffer_init(struct text_buffer *b)
{
    *b = (struct text_buffer){.killed = STR_INIT};
    vec_push(NULL, &b->lines, STR_INIT);
}

void text_buffer_clear(struct text_buffer *b)
{
    forget(b);
    vec_clear(&b->lines);
    vec_clear(&b->changes);
    str_clear(&b->killed);
}

void text_buffer_set(struct text_buffer *b, const char *text)
{
    forget(b);
    vec_push(NULL, &b->lines, STR_INIT);
    insert_at(b, b->cursor, text, strlen(text));
}

void text_buffer_text(const struct text_buffer *b, struct str *out)
{
    copy_range(b, (struct text_place){0, 0}, end_of(b), out);
}

bool text_buffer_is(const struct text_buffer *b, const char *text)
{
    for (size_t i = 0; i < b->lines.len; i++) {
        const struct str *line = line_at(b, i);
        if (strncmp(text, line->ptr, line->len) != 0)
            return false;
        text += line->len;
        if (*text != (i + 1 < b->lines.len ? '\n' : '\0'))
            return false;
        text += *text == '\n';
    }
    return true;
}

bool text_buffer_type(struct text_buffer *b, int32_t key)
{
    char text[UTF8_MAX];
    if (key < ' ' || key == K_BACKSPACE || key >= K_SPECIAL || (key >= 0x80 && key < 0xA0))
        return false;
    size_t len = utf8_encode(text, (uint32_t)key);
    if (len > 0)
        typed(b, text, len);
    return len > 0;
}

void text_buffer_paste(struct text_buffer *b, const char *text, size_t len)
{
    struct str clean = STR_INIT;
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\r' && i + 1 < len && text[i + 1] == '\n')
            continue;
        if (text[i] != '\0')
            str_addc(&clean, text[i] == '\r' ? '\n' : text[i]);
    }
    change(b, b->cursor, b->cursor, clean.ptr, clean.len);
    str_clear(&clean);
}

void text_buffer_replace(struct text_buffer *b, struct text_place from, struct text_place to,
                         const char *text, size_t len)
{
    change(b, from, to, text, len);
}

/* -- places -------------------------------------------------------------------------------------
 */

size_t text_buffer_column(const struct text_buffer *b)
{
    return cells_width(line_at(b, b->cursor.line)->ptr, b->cursor.at, 0);
}

static struct text_place left_of(const struct text_buffer *b, struct text_place p)
{
    if (p.at > 0)
        p.at = cells_before(line_at(b, p.line)->ptr, p.at);
    else if (p.line > 0)
        p = (struct text_place){p.line - 1, line_at(b, p.line - 1)->len};
    return p;
}

static struct text_place right_of(const struct text_buffer *b, struct text_place p)
{
    const struct str *line = line_at(b, p.line);
    if (p.at < line->len)
        p.at = cells_next(line->ptr, line->len, p.at);
    else if (p.line + 1 < b->lines.len)
        p = (struct text_place){p.line + 1, 0};
    return p;
}

static bool is_word(const struct text_buffer *b, struct text_place p)
{
    const struct str *line = line_at(b, p.line);
    unsigned char c = p.at < line->len ? (unsigned char)line->ptr[p.at] : '\n';
    return isalnum(c) || c == '_' || (c & 0x80);
}

static struct text_place word_left(const struct text_buffer *b, struct text_place p)
{
    struct text_place before = left_of(b, p);
    while (!is_same(before, p) && !is_word(b, before)) {
        p = before;
        before = left_of(b, p);
    }
    while (!is_same(before, p) && is_word(b, before)) {
        p = before;
        before = left_of(b, p);
    }
    return p;
}

static struct text_place word_right(const struct text_buffer *b, struct text_place p)
{
    struct text_place end = end_of(b);
    while (!is_same(p, end) && !is_word(b, p))
        p = right_of(b, p);
    while (!is_same(p, end) && is_word(b, p))
        p = right_of(b, p);
    return p;
}

/* Up or down; the column stays that of the place where moving sideways ended. */
static void go_line(struct text_buffer *b, size_t line)
{
    const struct str *to = line_at(b, line);
    b->cursor = (struct text_place){line, cells_offset(to->ptr, to->len, b->column)};
}

void text_buffer_go(struct text_buffer *b, struct text_place place)
{
    struct text_place end = end_of(b);
    b->joins = false;
    if (is_before(end, place))
        place = end;
    const struct str *line = line_at(b, place.line);
    size_t at = place.at < line->len ? place.at : line->len;
    while (at > 0 && at < line->len && ((unsigned char)line->ptr[at] & 0xC0) == 0x80)
        at--;
    place.at = at;
    set_cursor(b, place);
}

struct text_place text_buffer_place(const struct text_buffer *b, size_t byte)
{
    for (size_t i = 0; i < b->lines.len; i++) {
        size_t len = line_at(b, i)->len;
        if (byte <= len)
            return (struct text_place){i, byte};
        byte -= len + 1;
    }
    return end_of(b);
}

struct text_place text_buffer_after(const struct text_buffer *b, struct text_place from,
                                    size_t characters)
{
    size_t left = characters > 0 ? characters - 1 : 0;
    for (; from.line < b->lines.len; from = (struct text_place){from.line + 1, 0}) {
        const struct str *line = line_at(b, from.line);
        size_t count = utf8_count(line->ptr + from.at, line->len - from.at);
        if (left <= count) {
            from.at += utf8_offset(line->ptr + from.at, line->len - from.at, left);
            return from;
        }
        left -= count + 1;
    }
    return end_of(b);
}

/* -- actions ------------------------------------------------------------------------------------
 */

/* Keeps what it takes, for EDITOR_YANK. */
static void kill_range(struct text_buffer *b, struct text_place from, struct text_place to)
{
    if (is_same(from, to))
        return;
    str_cut(&b->killed, 0);
    copy_range(b, from, to, &b->killed);
    change(b, from, to, "", 0);
}

static void kill_end(struct text_buffer *b)
{
    struct text_place end = {b->cursor.line, line_at(b, b->cursor.line)->len};
    kill_range(b, b->cursor, is_same(end, b->cursor) ? right_of(b, end) : end);
}

/* A new line begins where the text of this one does. */
static void break_line(struct text_buffer *b)
{
    const struct str *line = line_at(b, b->cursor.line);
    struct str text = STR_INIT;
    size_t blank = strspn(line->ptr, " \t");
    str_addc(&text, '\n');
    str_addn(&text, line->ptr, blank < b->cursor.at ? blank : b->cursor.at);
    typed(b, text.ptr, text.len);
    str_clear(&text);
}

static void indent(struct text_buffer *b)
{
    struct str text = STR_INIT;
    str_fill(&text, ' ', INDENT - text_buffer_column(b) % INDENT);
    typed(b, text.ptr, text.len);
    str_clear(&text);
}

static bool edit(struct text_buffer *b, enum action action)
{
    switch ((int)action) {
    case ACTION_EDITOR_NEWLINE:
        break_line(b);
        return true;
    case ACTION_EDITOR_INDENT:
        indent(b);
        return true;
    case ACTION_EDITOR_BACKSPACE:
        deleted(b, left_of(b, b->cursor), b->cursor);
        return true;
    case ACTION_EDITOR_DELETE:
        deleted(b, b->cursor, right_of(b, b->cursor));
        return true;
    case ACTION_EDITOR_KILL_WORD:
        kill_range(b, word_left(b, b->cursor), b->cursor);
        return true;
    case ACTION_EDITOR_KILL_START:
        kill_range(b, (struct text_place){b->cursor.line, 0}, b->cursor);
        return true;
    case ACTION_EDITOR_KILL_END:
        kill_end(b);
        return true;
    case ACTION_EDITOR_YANK:
        change(b, b->cursor, b->cursor, b->killed.ptr, b->killed.len);
        return true;
    default:
        return false;
    }
}

static bool move(struct text_buffer *b, enum action action, size_t page)
{
    size_t line = b->cursor.line, last = b->lines.len - 1;
    page = page > 1 ? page - 1 : 1;
    switch ((int)action) {
    case ACTION_EDITOR_LEFT:
        set_cursor(b, left_of(b, b->cursor));
        return true;
    case ACTION_EDITOR_RIGHT:
        set_cursor(b, right_of(b, b->cursor));
        return true;
    case ACTION_EDITOR_UP:
        go_line(b, line > 0 ? line - 1 : 0);
        return true;
    case ACTION_EDITOR_DOWN:
        go_line(b, line < last ? line + 1 : last);
        return true;
    case ACTION_EDITOR_PAGE_UP:
        go_line(b, line > page ? line - page : 0);
        return true;
    case ACTION_EDITOR_PAGE_DOWN:
        go_line(b, last - line > page ? line + page : last);
        return true;
    case ACTION_EDITOR_START:
        set_cursor(b, (struct text_place){line, 0});
        return true;
    case ACTION_EDITOR_END:
        set_cursor(b, (struct text_place){line, line_at(b, line)->len});
        return true;
    case ACTION_EDITOR_WORD_LEFT:
        set_cursor(b, word_left(b, b->cursor));
        return true;
    case ACTION_EDITOR_WORD_RIGHT:
        set_cursor(b, word_right(b, b->cursor));
        return true;
    case ACTION_EDITOR_FIRST:
        set_cursor(b, (struct text_place){0, 0});
        return true;
    case ACTION_EDITOR_LAST:
        set_cursor(b, end_of(b));
        return true;
    default:
        return false;
    }
}

bool text_buffer_do(struct text_buffer *b, enum action action, size_t page)
{
    if (edit(b, action))
        return true;
    bool moved = move(b, action, page);
    if (moved)
        b->joins = false;
    return moved;
}

/* -- finding ------------------------------------------------------------------------------------
 */

/* The last match of a line that begins before stop. */
static bool find_last(const struct pattern *pattern, const struct str *line, size_t stop,
                      size_t *at)
{
    size_t from = 0, start, len;
    bool found = false;
    while (pattern_find(pattern, line->ptr, line->len, from, &start, &len) && start < stop) {
        *at = start;
        found = true;
        from = start + (len > 0 ? len : 1);
    }
    return found;
}

bool text_buffer_find(struct text_buffer *b, const struct pattern *pattern, int direction,
                      bool here, bool *wrapped)
{
    size_t count = b->lines.len, len, from = b->cursor.at + (here ? 0 : 1);
    *wrapped = false;
    for (size_t n = 0; n <= count; n++) {
        size_t line = direction > 0 ? (b->cursor.line + n) % count
                                    : (b->cursor.line + count - n % count) % count;
        const struct str *text = line_at(b, line);
        bool whole = n > 0;
        size_t at = 0;
        bool found =
            direction > 0
                ? pattern_find(pattern, text->ptr, text->len, whole ? 0 : from, &at, &len)
                : find_last(pattern, text, whole ? text->len + 1 : b->cursor.at, &at);
        if (!found)
            continue;
        struct text_place place = {line, at};
        *wrapped = direction > 0 ? is_before(place, b->cursor) : is_before(b->cursor, place);
        text_buffer_go(b, place);
        return true;
    }
    return false;
}
