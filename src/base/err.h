/*
 * Errors as values.
 *
 * A function that can fail returns bool (true: done) or int (0 or a negative code) and takes
 * struct err *err last. It fills err exactly once, where it happened; the layers above propagate
 * it, at most adding the place with err_at(), and never rephrase it. There is no "last error".
 *
 * Message style: impersonal, lower case, one line, no full stop, no "failed to". What to do next
 * goes into the hint. Alembic's own words (spec/cli.md) are kept as they are.
 */
#ifndef BASE_ERR_H
#define BASE_ERR_H

#include <stdbool.h>
#include <stddef.h>

enum err_code {
    ERR_NONE = 0,
    ERR_USAGE,     /* arguments: exit code 2 */
    ERR_COMMAND,   /* what Alembic calls a CommandError: "FAILED: ...", exit code 255 */
    ERR_CONFIG,    /* alembic.ini, .env, env.py, a URL */
    ERR_GRAPH,     /* the revisions do not fit together, where Alembic ends with a traceback */
    ERR_IO,        /* a file or folder */
    ERR_PYTHON,    /* a Python file cannot be read or evaluated (status "python") */
    ERR_RAISED,    /* the Python program itself raised (status "raises") */
    ERR_LIMIT,     /* a budget was used up: steps, depth, memory */
    ERR_DATABASE,  /* the server's answer: see sqlstate */
    ERR_CONNECT,   /* no connection, or it was lost */
    ERR_BUSY,      /* another migrator holds the lock */
    ERR_STALE,     /* what was planned is no longer true */
    ERR_CANCELLED, /* the operator cancelled */
    ERR_CONFIRM,   /* a confirmation is missing: exit code 3 */
    ERR_INTERNAL,  /* a defect of retort */
};

/* All strings are owned by the err; NULL where there is nothing to say. */
struct err {
    enum err_code code;
    const char *diagnostic; /* the stable code of a refusal, "RT1201": a static string, else NULL */
    char *message;     /* one line */
    char *hint;        /* what to do about it */
    char *file;        /* where: path of the file, else NULL */
    int line, column;  /* from 1; 0: unknown */
    char *source_line; /* the text of that line, for the caret */
    /* The server's fields (PostgreSQL manual, "Error and Notice Message Fields"). */
    char sqlstate[6];
    char *detail;
    char *statement;   /* the SQL that failed */
    int position;      /* character in statement, from 1; 0: unknown */
};

#define ERR_INIT                                                                                   \
    (struct err)                                                                                   \
    {                                                                                              \
        .code = ERR_NONE                                                                           \
    }

/* Sets code and message; what err held before is freed. Returns false, for  return err_set(...). */
bool err_set(struct err *err, enum err_code code, const char *fmt, ...)
    __attribute__((format(printf, 3, 4)));

/* Adds the next step; the last one given stays. Returns false. */
bool err_hint(struct err *err, const char *fmt, ...) __attribute__((format(printf, 2, 3)));

/* Adds the stable code of what was refused (a static string, borrowed), unless a lower layer
 * already did. Returns false. */
bool err_diagnose(struct err *err, const char *diagnostic);

/* Adds the place, unless a lower layer already did or there is none (file NULL). Returns false. */
bool err_at(struct err *err, const char *file, int line, int column);

/* Adds the text of the source line at the place (up to the first line end). Returns false. */
bool err_source_line(struct err *err, const char *text, size_t len);

/* Moves from into to; from becomes empty. */
void err_move(struct err *to, struct err *from);

/* A deep copy; the old content of to is freed. */
void err_copy(struct err *to, const struct err *from);

/* Frees everything; the err is empty and can be used again. */
void err_clear(struct err *err);

#endif
