/*
 * The runs on a database that broke off: what each of them left, and what of it must be decided
 * about before another run may begin.
 */
#ifndef RUN_RESUME_CHECK_H
#define RUN_RESUME_CHECK_H

#include <stdbool.h>

#include "base/vec.h"
#include "postgres/connection.h"
#include "postgres/database.h"
#include "run/resume.h"

struct arena;
struct database_url;
struct err;
struct log;

struct resume_case {
    struct journal_file file;
    struct run_story story;
    struct resume found;
};

VEC_DEFINE(resume_cases, struct resume_case *);

/*
 * Blocking: those of this database, newest first, each looked at on the connection. What is no
 * journal is passed over. Clear the list in any case.
 */
bool resume_gather(struct arena *a, const char *journal_dir, struct connection *conn,
                   const struct server_info *info, enum resume_guess guess,
                   struct resume_cases *out, struct err *err);
void resume_cases_clear(struct resume_cases *list);

/* Whether a new run must wait for a decision about this one: err says which, and what to do. */
bool resume_must_decide(struct arena *a, const struct resume_case *one, struct err *err);

struct resume_check {
    const char *journal_dir, *operator_name;
    const struct database_url *url;
    const struct server_info *info; /* NULL: asked for */
    const struct log *log;          /* may be NULL */
    int interrupt;                  /* as for connection_open_until(); -1: none */
    bool only_look;                 /* nothing is closed */
};

/*
 * Blocking; nothing is asked of the server unless the journal's folder holds a run that broke off.
 * Before a new run: those of which nothing is half done, or that others went on from, are closed,
 * and *said tells so. False, ERR_STALE or ERR_BUSY: one left something that must be decided about
 * first.
 */
bool resume_before_run(struct arena *a, const struct resume_check *check, struct name_list *said,
                       struct err *err);

#endif
