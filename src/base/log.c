#include "config.h"

#include "base/log.h"

#include <stdarg.h>

#include "base/str.h"

void log_line(const struct log *log, enum log_level level, const char *origin, const char *fmt, ...)
{
    if (!log || !log->line)
        return;
    struct str s = STR_INIT;
    va_list ap;
    va_start(ap, fmt);
    str_vaddf(&s, fmt, ap);
    va_end(ap);
    log->line(level, origin, s.ptr, log->payload);
    str_clear(&s);
}
