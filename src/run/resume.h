/*
 * Runs that broke off: what of them is committed, what the database holds now, what can be done.
 *
 * The journal tells what is certain (src/run/story.h). For what is not, the server is asked: what
 * became of a COMMIT (by its transaction's id, the journal's rows, the version table), whether a
 * statement outside of a transaction was carried out (does what it makes exist? is the index
 * valid?), and whether a session of the run is still at work. What nobody knows is said to be
 * unknown, and the operator decides.
 */
#ifndef RUN_RESUME_H
#define RUN_RESUME_H

#include <stdbool.h>

#include "base/err.h"
#include "postgres/connection.h"
#include "postgres/database.h"
#include "run/plan.h"
#include "run/story.h"

struct arena;

enum resume_state {
    RESUME_CLEAN,     /* nothing is half done: it ended between two steps, or before the first */
    RESUME_HALF_DONE, /* a part of a step is committed */
    RESUME_UNSURE,    /* whether a statement was carried out cannot be found out */
    RESUME_AT_WORK,   /* a session of it is still at work on the server */
    RESUME_MOVED_ON,  /* the version table is neither before nor after the step: others went on */
};

/* What an operator can do about it. */
enum resume_move {
    RESUME_CONTINUE,
    RESUME_UNDO,          /* take back what is committed of the step */
    RESUME_MARK_DONE,     /* write the step's version row; nothing else is run */
    RESUME_MARK_NOT_DONE, /* close the run; the database stays as it is */
    RESUME_MOVES,
};

/* What to take a statement for whose outcome is not known. */
enum resume_guess { RESUME_ASK, RESUME_TAKE_AS_DONE, RESUME_TAKE_AS_NOT_DONE };

struct resume {
    const struct run_story *story;
    struct plan *plan;         /* of the run; NULL: not in its journal. plan_clear() */
    enum resume_state state;
    struct position at;  /* all before it is committed: where to go on */
    struct position unsure; /* RESUME_UNSURE: that statement */
    struct name_list rows;     /* of the version table now */
    const char *leftovers[4];  /* statements that clear INVALID indexes away, ended by NULL */
    const char *text;          /* what there is, in words: lines */
    const char *next;          /* what to do, one line */
    const char *refused[RESUME_MOVES]; /* why a move is not possible; NULL: it is */
    bool undo_loses;           /* to undo may take data away */
};

/*
 * Which runs in the journal's folder this database has to be asked about: those that broke off and
 * are not closed, newest first; the ones before the newest that nothing is open of are left out.
 * Files that cannot be read are passed over. Paths in the arena.
 */
bool resume_find(struct arena *a, const char *journal_dir, struct path_list *out, struct err *err);

/* Whether a run was on this database. */
bool resume_is_of(const struct run_story *story, const struct server_info *info);

/*
 * Blocking: looks at what a run left. file and story must stay as long as *out is used. The
 * connection has no transaction open, and has none afterwards. False: the server cannot be asked.
 */
bool resume_look(struct arena *a, struct connection *conn, const struct journal_file *file,
                 const struct run_story *story, enum resume_guess guess, struct resume *out,
                 struct err *err);

/*
 * The plan of a move, and where in it a run begins; the runner takes it with
 * settings.continues_path, which closes the old run. Not for MARK_NOT_DONE. The plan of *resume is
 * taken over. False, with the reason: it is refused.
 */
bool resume_plan(struct arena *a, struct resume *resume, enum resume_move move, struct plan **plan,
                 struct position *start, struct err *err);

/* "continued", "undone", "marked done", "marked not done": as the journal has it. */
const char *resume_move_name(enum resume_move move);

/* The same in its rows in the database, where there are any; the journal is what counts. */
void resume_close_rows(struct arena *a, struct connection *conn, const struct run_story *story,
                       const char *how);

/* Writes into a run's journal what was decided about it; by: the run that goes on, or NULL. */
bool resume_close(const char *journal_path, const char *how, const char *operator_name,
                  const char *by, struct err *err);

#endif
