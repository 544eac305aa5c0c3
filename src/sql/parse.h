/*
 * SQL text to statements, and what a statement does: its tag, whether it can run inside a
 * transaction, the table lock it takes, whether it loses data. Decided from libpg_query's parse
 * tree, never from patterns in the text.
 *
 * libpg_query has the grammar of PostgreSQL 15. What it does not read is unknown, not invalid: a
 * newer server may know it (style.md, "Dependency facts").
 *
 * A text given to op.execute() with several statements is sent as one simple query, as Alembic with
 * psycopg2 does; splitting is for showing and classifying.
 */
#ifndef SQL_PARSE_H
#define SQL_PARSE_H

#include <stdbool.h>
#include <stddef.h>

#include "base/vec.h"

struct arena;

/* The PostgreSQL whose grammar it is: "15.1". */
extern const char sql_grammar_version[];

/* One statement in a text, without its ';' and white space; comments belong to what follows. */
struct sql_piece {
    size_t start, len;
};

VEC_DEFINE(sql_pieces, struct sql_piece);

/*
 * Splits text, by the parser or, where the grammar does not read it, by the scanner. False when
 * even that fails (an unterminated string): then there is one piece, all of the text.
 */
bool sql_split(struct arena *a, const char *text, struct sql_pieces *out);

enum sql_reading {
    SQL_READ,
    SQL_UNKNOWN, /* not in the grammar: an error, or newer than the grammar */
    SQL_BROKEN,  /* no SQL of any version: a string or a comment without its end */
};

struct sql_problem {
    const char *message; /* in the arena; NULL: none */
    int position;        /* character, from 1; 0: not known */
};

/* How a text reads, and where that ends. */
enum sql_reading sql_check(struct arena *a, const char *text, struct sql_problem *out);

/* Table-level locks, weakest first (PostgreSQL manual, "Table-Level Locks"). */
enum sql_lock {
    SQL_LOCK_NONE,
    SQL_LOCK_ACCESS_SHARE,
    SQL_LOCK_ROW_SHARE,
    SQL_LOCK_ROW_EXCLUSIVE,
    SQL_LOCK_SHARE_UPDATE_EXCLUSIVE,
    SQL_LOCK_SHARE,
    SQL_LOCK_SHARE_ROW_EXCLUSIVE,
    SQL_LOCK_EXCLUSIVE,
    SQL_LOCK_ACCESS_EXCLUSIVE,
};

/* What is locked, and how. */
struct sql_locked {
    const char *relation; /* as written */
    enum sql_lock lock;
};

VEC_DEFINE(sql_locked_list, struct sql_locked);

/* BEGIN, COMMIT, ... inside a revision's own text. */
enum sql_control {
    SQL_CONTROL_NONE,
    SQL_CONTROL_BEGIN,     /* BEGIN, START TRANSACTION */
    SQL_CONTROL_COMMIT,    /* COMMIT, END */
    SQL_CONTROL_ROLLBACK,  /* ROLLBACK, ABORT */
    SQL_CONTROL_SAVEPOINT, /* SAVEPOINT, RELEASE, ROLLBACK TO: harmless */
    SQL_CONTROL_OTHER,     /* PREPARE TRANSACTION, COMMIT AND CHAIN, ... */
};

/* SET or RESET of lock_timeout or statement_timeout, also by set_config(). */
enum sql_sets {
    SQL_SETS_NOTHING,
    SQL_SETS_LOCAL,   /* till the end of the transaction */
    SQL_SETS_SESSION,
};

/* What a text does; of several statements in it the strongest of each. */
struct sql_effect {
    bool known;             /* false: not in the grammar; the rest says nothing */
    size_t statements;
    const char *tag;        /* "CREATE INDEX", of the first one */
    const char *relation; /* the table (or index) it works on, as written; NULL: none or several */
    bool outside_only;      /* cannot run inside a transaction block */
    bool concurrent;        /* CREATE, DROP or REINDEX ... CONCURRENTLY: leaves INVALID when cut */
    enum sql_control control;
    enum sql_sets sets_timeouts;
    enum sql_lock lock;     /* the strongest that it takes */
    struct sql_locked_list locked; /* who gets which, where one statement's text says it */
    bool makes_relation;    /* CREATE TABLE: relation is there only after it */
    const char *loses_data; /* what is lost, in words; NULL: nothing */
    bool rewrites;          /* may rewrite the table or scan all of it under its lock */
};

/*
 * server_version (PQserverVersion(), 0: newest) decides what differs between versions, such as
 * ALTER TYPE ... ADD VALUE. Text in the arena.
 */
void sql_classify(struct arena *a, const char *text, int server_version, struct sql_effect *out);

/* "ACCESS EXCLUSIVE"; "" for none. */
const char *sql_lock_name(enum sql_lock lock);

/* "SHARE ROW EXCLUSIVE on scope, user"; "" for none. In the arena. */
const char *sql_lock_text(struct arena *a, const struct sql_effect *effect);

#endif
