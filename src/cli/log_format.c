#include "config.h"

#include "cli/log_format.h"

#include <ctype.h>
#include <inttypes.h>
#include <stdbool.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/str.h"

/* ---- the attributes of a record ---- */

enum { MICROSECONDS = 1000000, TIME_MAX = 200, WIDTH_MAX = 1000 };

static const char *asctime_of(struct arena *a, const struct log_layout *layout,
                              const struct log_record *record)
{
    const time_t seconds = (time_t)(record->time / MICROSECONDS);
    struct tm tm;
    char text[TIME_MAX] = "";
    localtime_r(&seconds, &tm);
    if (layout->datefmt) {
#pragma GCC diagnostic push
#pragma GCC diagnostic ignored "-Wformat-nonliteral"
        strftime(text, sizeof(text), layout->datefmt, &tm);
#pragma GCC diagnostic pop
        return arena_strdup(a, text);
    }
    strftime(text, sizeof(text), "%Y-%m-%d %H:%M:%S", &tm);
    return arena_printf(a, "%s,%03d", text, (int)(record->time % MICROSECONDS / 1000));
}

static const char *module_of(const struct log_record *record)
{
    const char *dot = strrchr(record->logger, '.');
    return dot ? dot + 1 : record->logger;
}

/*
 * The value of an attribute as text; NULL: records have none of this name. Where in Alembic's
 * source a record is made, as which thread, is nothing that exists here.
 */
static const char *attribute(struct arena *a, const struct log_layout *layout,
                             const struct log_record *record, const char *name, bool *is_number)
{
    *is_number = false;
    if (strcmp(name, "message") == 0)
        return record->message;
    if (strcmp(name, "name") == 0)
        return record->logger;
    if (strcmp(name, "levelname") == 0)
        return record->level;
    if (strcmp(name, "asctime") == 0)
        return asctime_of(a, layout, record);
    if (strcmp(name, "module") == 0)
        return module_of(record);
    if (strcmp(name, "filename") == 0 || strcmp(name, "pathname") == 0)
        return arena_printf(a, "%s.py", module_of(record));
    if (strcmp(name, "processName") == 0)
        return "MainProcess";
    if (strcmp(name, "threadName") == 0)
        return "MainThread";
    if (strcmp(name, "funcName") == 0 || strcmp(name, "taskName") == 0)
        return "None";
    *is_number = true;
    if (strcmp(name, "levelno") == 0)
        return arena_printf(a, "%d", record->level_number);
    if (strcmp(name, "process") == 0)
        return arena_printf(a, "%ld", (long)getpid());
    if (strcmp(name, "created") == 0)
        return arena_printf(a, "%.6f", (double)record->time / MICROSECONDS);
    if (strcmp(name, "msecs") == 0)
        return arena_printf(a, "%d", (int)(record->time % MICROSECONDS / 1000));
    if (strcmp(name, "lineno") == 0 || strcmp(name, "thread") == 0 ||
        strcmp(name, "relativeCreated") == 0)
        return "0";
    return NULL;
}

/* ---- a value in a field ---- */

struct field {
    char align;       /* '<', '>' or '^'; 0: numbers to the right, text to the left */
    char fill;
    size_t width;
    size_t precision; /* SIZE_MAX: none */
};

static const struct field plain_field = {0, ' ', 0, SIZE_MAX};

static size_t count_characters(const char *text, size_t len)
{
    size_t n = 0;
    for (size_t i = 0; i < len; i++)
        n += ((unsigned char)text[i] & 0xC0) != 0x80;
    return n;
}

/* Bytes of the first `max` characters. */
static size_t cut(const char *text, size_t max)
{
    size_t len = 0, n = 0;
    for (; text[len]; len++)
        if (((unsigned char)text[len] & 0xC0) != 0x80 && n++ == max)
            break;
    return len;
}

static void add_field(struct str *out, const struct field *field, const char *value, bool is_number)
{
    size_t len = is_number ? strlen(value) : cut(value, field->precision);
    size_t n = count_characters(value, len), pad = field->width > n ? field->width - n : 0;
    char align = field->align ? field->align : is_number ? '>' : '<';
    size_t before = align == '<' ? 0 : align == '>' ? pad : pad / 2;
    str_fill(out, field->fill, before);
    str_addn(out, value, len);
    str_fill(out, field->fill, pad - before);
}

static size_t read_number(const char **p)
{
    size_t n = 0;
    for (; isdigit((unsigned char)**p); (*p)++)
        n = n < WIDTH_MAX ? n * 10 + (size_t)(**p - '0') : n;
    return n < WIDTH_MAX ? n : WIDTH_MAX;
}

/* ---- the styles ---- */

struct formatting {
    struct arena *arena;
    const struct log_layout *layout;
    const struct log_record *record;
    struct str out;
};

static bool add_attribute(struct formatting *f, const char *name, size_t len,
                          const struct field *field)
{
    bool is_number;
    const char *value = attribute(f->arena, f->layout, f->record,
                                  arena_strndup(f->arena, name, len), &is_number);
    if (value)
        add_field(&f->out, field, value, is_number);
    return value != NULL;
}

/* %(name)-5.5s; what is no such thing stands for itself. */
static const char *take_percent(struct formatting *f, const char *p)
{
    const char *end = p[1] == '(' ? strchr(p, ')') : NULL;
    struct field field = plain_field;
    if (p[1] == '%' || !end) {
        str_addc(&f->out, *p);
        return p + 1 + (p[1] == '%');
    }
    const char *q = end + 1;
    field.align = '>';
    for (; *q && strchr("-+ #0", *q); q++) {
        if (*q == '-')
            field.align = '<';
        if (*q == '0')
            field.fill = '0';
    }
    field.width = read_number(&q);
    if (*q == '.') {
        q++;
        field.precision = read_number(&q);
    }
    if (field.align == '<')
        field.fill = ' ';
    if (*q && strchr("sdirf", *q) && add_attribute(f, p + 2, (size_t)(end - p - 2), &field))
        return q + 1;
    str_addc(&f->out, *p);
    return p + 1;
}

/* {name:<8.8} */
static const char *take_brace(struct formatting *f, const char *p)
{
    const char *end = strchr(p, '}');
    struct field field = plain_field;
    if (p[0] == p[1] || *p == '}' || !end) {
        str_addc(&f->out, *p);
        return p + 1 + (p[0] == p[1]);
    }
    size_t len = strcspn(p + 1, ":!}");
    const char *q = memchr(p, ':', (size_t)(end - p));
    if (q && q + 1 < end) {
        q++;
        if (q + 1 < end && strchr("<>^", q[1])) {
            field.fill = q[0];
            q++;
        }
        if (strchr("<>^", *q))
            field.align = *q++;
        if (*q == '0')
            field.fill = '0';
        field.width = read_number(&q);
        if (*q == '.') {
            q++;
            field.precision = read_number(&q);
        }
    }
    if (add_attribute(f, p + 1, len, &field))
        return end + 1;
    str_addc(&f->out, *p);
    return p + 1;
}

/* $name and ${name} */
static const char *take_dollar(struct formatting *f, const char *p)
{
    static const char letters[] = "abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ_";
    bool braced = p[1] == '{';
    const char *name = p + 1 + braced;
    size_t len = strspn(name, letters);
    if (p[1] != '$' && len && (!braced || name[len] == '}') &&
        add_attribute(f, name, len, &plain_field))
        return name + len + braced;
    str_addc(&f->out, *p);
    return p + 1 + (p[1] == '$');
}

const char *log_format(struct arena *a, const struct log_layout *layout,
                       const struct log_record *record)
{
    struct formatting f = {a, layout, record, STR_IN(a)};
    if (!layout->format)
        return record->message;
    for (const char *p = layout->format; *p;) {
        if (layout->style == '%' && *p == '%')
            p = take_percent(&f, p);
        else if (layout->style == '{' && (*p == '{' || *p == '}'))
            p = take_brace(&f, p);
        else if (layout->style == '$' && *p == '$')
            p = take_dollar(&f, p);
        else
            str_addc(&f.out, *p++);
    }
    return f.out.ptr;
}
