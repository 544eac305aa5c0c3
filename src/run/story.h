/*
 * What a journal tells of a run: its records put together, as data. Pure.
 *
 * Made from the records alone, so it says what is certain from them and what is not: a COMMIT, or a
 * statement outside of any transaction, that was sent and has no answer. What became of those, the
 * server is asked (src/run/resume.h).
 */
#ifndef RUN_STORY_H
#define RUN_STORY_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "base/vec.h"
#include "run/journal_read.h"
#include "run/position.h"
#include "schema/table.h"

struct arena;

enum story_statement_state {
    STORY_NOT_SENT,
    STORY_SENT,        /* no answer is in the journal */
    STORY_EXECUTED,    /* and not rolled back */
    STORY_FAILED,
    STORY_SKIPPED,     /* the operator left it out */
    STORY_ROLLED_BACK, /* executed, and undone */
};

struct story_statement {
    enum story_statement_state state;
    const char *sql;      /* NULL: it was never about to be sent */
    const char *rendered; /* NULL: as sql */
    bool in_transaction;
    const char *at;       /* when it was sent */
    const char *tag;      /* of the answer; NULL: none */
    int64_t rows, microseconds;               /* -1: not said */
    const char *sqlstate, *message, *detail;  /* of the last failure; NULL: none */
};

VEC_DEFINE(story_statement_list, struct story_statement);

struct story_step {
    const char *revision;     /* NULL: of a stamp */
    const char *verb, *from, *to;
    struct story_statement_list statements; /* as many as the plan had */
};

/* A session of the run on the server. */
struct story_session {
    const char *pid, *start; /* microseconds since 1970; "" where an older journal has none */
};

enum story_end {
    STORY_RUNNING,    /* somebody is writing the journal */
    STORY_UNFINISHED, /* it has no end: killed, a power cut, a full disk */
    STORY_STOPPED,
    STORY_DONE,
};

struct run_story {
    const char *run_id, *path;
    const char *started, *ended; /* first and last record, as "2026-11-22T13:33:41.126458Z" */
    const char *operator_name, *os_user, *host, *retort;
    const char *verb, *target, *scope;
    struct name_list rows;       /* of the version table before */
    VEC(struct story_step) steps;
    const json_t *plan;          /* borrowed from the file; NULL: not in the journal */

    bool connected;              /* the members below are known */
    const char *database, *server_host, *port, *user, *identity;
    int64_t database_oid;        /* -1: an older journal has none */
    VEC(struct story_session) sessions;

    const char *schema;          /* of its journal in the database; NULL: it has none */

    enum story_end end;
    bool left;                   /* its last statement failed outside of a transaction */
    const char *message;         /* why it stopped; NULL: not said */
    const char *closed, *closed_by, *closed_at; /* what was decided later; NULL: nothing */

    struct position committed; /* all before it is known to be committed */
    /* What is not known. commit_sent: a COMMIT after which all before `next` would be committed. */
    bool commit_sent, statement_sent;
    const char *xid;             /* of that COMMIT; "": it wrote nothing, or it is not known */
    struct position next;  /* of commit_sent or statement_sent */
};

/* Puts a journal together; texts are in the arena. A journal that holds no run is false. */
bool run_story_read(struct arena *a, const struct journal_file *file, struct run_story *out,
                    struct err *err);

/*
 * Whether the run left something that must be looked at before another one begins: a step of which
 * a part is committed, or what may or may not have happened. Not while it is running.
 */
bool run_story_is_open(const struct run_story *story);

/* "done", "stopped", "unfinished", "running". */
const char *run_story_state(const struct run_story *story);

/* "upgrade to head", "stamp a, b". */
const char *run_story_what(struct arena *a, const struct run_story *story);

/* "revision a is committed, 1 of 3 statements of revision b are committed". */
const char *run_story_committed(struct arena *a, const struct run_story *story);

#endif
