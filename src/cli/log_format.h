/*
 * Formats of Python's logging, as the [formatter_...] sections of alembic.ini give them: the three
 * styles (%, {, $) and the attributes of a record (Python's library reference, "LogRecord
 * attributes"). Pure.
 */
#ifndef CLI_LOG_FORMAT_H
#define CLI_LOG_FORMAT_H

#include <stdint.h>

struct arena;

struct log_record {
    const char *logger; /* "alembic.runtime.migration" */
    const char *level;  /* "INFO" */
    int level_number;   /* 20 */
    const char *message;
    int64_t time;       /* microseconds since 1970 UTC */
};

struct log_layout {
    const char *format;  /* NULL: the message alone */
    char style;          /* '%', '{' or '$' */
    const char *datefmt; /* for strftime(); NULL: 2026-01-31 23:59:59,123 */
};

/*
 * The record as one text, in the arena. What a format names and no record has stays as it stands.
 */
const char *log_format(struct arena *a, const struct log_layout *layout,
                       const struct log_record *record);

#endif
