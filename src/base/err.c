#include "config.h"

#include "base/err.h"

#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include "base/mem.h"
#include "base/str.h"

static char *format(const char *fmt, va_list ap)
{
    struct str s = STR_INIT;
    str_vaddf(&s, fmt, ap);
    return str_take(&s);
}

bool err_set(struct err *err, enum err_code code, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *message = format(fmt, ap); /* before clearing: it may be made from the old message */
    va_end(ap);
    err_clear(err);
    err->code = code;
    err->message = message;
    return false;
}

bool err_hint(struct err *err, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *hint = format(fmt, ap);
    va_end(ap);
    mem_free(err->hint);
    err->hint = hint;
    return false;
}

bool err_diagnose(struct err *err, const char *diagnostic)
{
    if (!err->diagnostic)
        err->diagnostic = diagnostic;
    return false;
}

bool err_at(struct err *err, const char *file, int line, int column)
{
    if (err->file || !file)
        return false;
    err->file = mem_strdup(file);
    err->line = line;
    err->column = column;
    return false;
}

bool err_source_line(struct err *err, const char *text, size_t len)
{
    const char *end = memchr(text, '\n', len);
    mem_free(err->source_line);
    err->source_line = mem_strndup(text, end ? (size_t)(end - text) : len);
    return false;
}

void err_move(struct err *to, struct err *from)
{
    if (to == from)
        return;
    err_clear(to);
    *to = *from;
    *from = ERR_INIT;
}

static char *copy(const char *s)
{
    return s ? mem_strdup(s) : NULL;
}

void err_copy(struct err *to, const struct err *from)
{
    if (to == from)
        return;
    err_clear(to);
    *to = *from;
    to->message = copy(from->message);
    to->hint = copy(from->hint);
    to->file = copy(from->file);
    to->source_line = copy(from->source_line);
    to->detail = copy(from->detail);
    to->statement = copy(from->statement);
}

void err_clear(struct err *err)
{
    mem_free(err->message);
    mem_free(err->hint);
    mem_free(err->file);
    mem_free(err->source_line);
    mem_free(err->detail);
    mem_free(err->statement);
    *err = ERR_INIT;
}
