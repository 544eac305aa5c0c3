/*
 * What goes on around a session of ours: who blocks it, who waits behind it, what it waits for, how
 * far it is, what it holds locked.
 *
 * Made from the server's views (activity_queries.def); reading and the trees are pure, and what is
 * sent is sent by src/run/watcher.h. Texts come from other people's sessions: they may hold
 * anything, and are made visible by who shows them.
 */
#ifndef POSTGRES_ACTIVITY_H
#define POSTGRES_ACTIVITY_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#include "base/vec.h"

struct arena;
struct result;

/* A session that blocks ours or waits behind it. What the role may not see is NULL or -1. */
struct activity_session {
    int pid; /* 0: a prepared transaction, which has no session */
    unsigned
        depth; /* in the tree: 0 blocks us, or waits for us; the next below it does so for it */
    const char *application, *user;
    const char *client;      /* address; NULL: a local socket */
    const char *kind;        /* "client backend", "autovacuum worker", ... */
    const char *state;       /* "active", "idle in transaction", ... */
    const char *query;       /* the one that runs, or ran last; on one line, clipped */
    const char *started;     /* when the session began: tells it from a later one of the same pid */
    int64_t transaction_age; /* microseconds; -1: no transaction */
    int64_t state_age;       /* of the query, or since the last one ended */
    const char *waits_for;   /* "ACCESS SHARE on t"; NULL: for no lock */
    const char *holds;       /* of a blocker: its lock on what we wait for; NULL: not on a table */
};

VEC_DEFINE(activity_sessions, struct activity_session);

/* A table that our transaction holds locked, with the strongest of its locks. */
struct activity_lock {
    const char *relation, *mode; /* "ACCESS EXCLUSIVE" */
};

VEC_DEFINE(activity_locks, struct activity_lock);

/* How far a command is that the server reports on. */
struct activity_progress {
    const char *command;  /* "CREATE INDEX CONCURRENTLY"; NULL: nothing is reported */
    const char *phase;    /* "building index: scanning table"; "" */
    const char *relation; /* NULL: not known */
    const char *unit;     /* "blocks", "rows", "bytes", "sessions" (to wait for), ... */
    int64_t done, total;  /* total 0: not known */
    int64_t rate;         /* units a second, in this phase; -1: not known yet */
    int64_t left;         /* microseconds till the end of the phase; -1: not known */
};

struct activity {
    int pid;                           /* of our session; 0: nothing is being watched any more */
    const char *problem;               /* why nothing can be said now; NULL: it can */
    bool hidden;                       /* the role may not see what others' sessions do */
    const char *wait;                  /* wait event, "Lock: relation"; NULL: it works */
    const char *waits_for;             /* as above */
    int64_t statement_age;             /* microseconds; -1: none is on the server */
    int64_t transaction_age;           /* -1: none is open */
    struct activity_sessions blockers; /* each above those that block it */
    struct activity_sessions victims;  /* each above those that wait for it */
    struct activity_locks locks;
    struct activity_progress progress;
};

enum { ACTIVITY_PARTS = 3 };

/* What to send first on the connection that asks, and then each time (as one batch). */
extern const char activity_setup_sql[];
const char *activity_sql(struct arena *a, int server_version, int pid);

/* A session as the server has it; for activity_reader and tests of the trees. */
struct activity_row {
    struct activity_session session;
    VEC(int) blocked_by; /* process ids; 0: by a prepared transaction */
    const char *wait;    /* event */
    bool is_hidden;      /* the role may not see what it does */
};

/* Takes the answers of a batch, one after the other. All in the arena. */
struct activity_reader {
    struct arena *arena;
    int pid;
    size_t part;
    VEC(struct activity_row) rows;
    struct activity activity; /* after activity_finish() */
};

void activity_begin(struct activity_reader *reader, struct arena *a, int pid);
void activity_take(struct activity_reader *reader, const struct result *result);
/* Makes the trees. */
void activity_finish(struct activity_reader *reader);

/* Percent of the phase, 0 to 100; -1: not known. */
double activity_percent(const struct activity_progress *progress);

/* A deep copy in the arena. */
void activity_copy(struct arena *a, const struct activity *from, struct activity *to);
struct activity_session activity_session_copy(struct arena *a,
                                              const struct activity_session *session);

/* "pid 123, psql, user bob, from 10.0.0.5", for messages. */
const char *activity_session_text(struct arena *a, const struct activity_session *session);

/*
 * SQL with pid and start of a session ($1, $2): one boolean, whether the signal was sent; no row
 * when there is no such session any more.
 */
extern const char activity_cancel_sql[], activity_terminate_sql[];

#endif
