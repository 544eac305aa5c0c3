/*
 * A log that the front end listens to: what retort did, one line each, without secrets.
 *
 * Layers below cli and ui never print. They report through a struct log that they are given; the
 * command line writes it to standard error, the console keeps it for its log pane.
 */
#ifndef BASE_LOG_H
#define BASE_LOG_H

enum log_level {
    LOG_DEBUG,   /* files read, decisions taken */
    LOG_SQL,     /* every statement retort sends, catalog reads included */
    LOG_INFO,    /* what Alembic logs as INFO */
    LOG_WARNING,
    LOG_ERROR,
};

struct log {
    /* Called with one complete line, without its line end. text is borrowed. */
    void (*line)(enum log_level level, const char *origin, const char *text, void *payload);
    void *payload;
};

/*
 * Logs a formatted line; a NULL log drops it. origin names the part: "alembic.runtime.migration".
 */
void log_line(const struct log *log, enum log_level level, const char *origin, const char *fmt, ...)
    __attribute__((format(printf, 4, 5)));

#endif
