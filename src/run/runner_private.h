/*
 * What the files of the runner share. Nobody else includes this.
 *
 *   runner.c          the public face: start, advance, orders, the end
 *   runner_open.c     from connecting to the check of the version rows
 *   runner_lock.c     one migrator at a time
 *   runner_exec.c     the next thing to send, and what its answer means
 *   runner_batch.c    statements that are sent together
 *   runner_bridge.c   steps that the project's Alembic carries out
 *   runner_live.c     steps that ask the database while they run
 *   runner_live_plan.c  what they want, held against what was previewed
 *   runner_steps.c    breakpoints, and edits in the middle of the run
 *   runner_watch.c    the watcher beside it
 *   runner_journal.c  the records of the journal
 *   runner_schema.c   its rows in the database
 */
#ifndef RUN_RUNNER_PRIVATE_H
#define RUN_RUNNER_PRIVATE_H

#include "config/url.h"
#include "postgres/catalog.h"
#include "postgres/database.h"
#include "postgres/lock.h"
#include "postgres/pooler.h"
#include "postgres/query.h"
#include "run/journal.h"
#include "run/journal_schema.h"
#include "run/runner.h"
#include "sql/parse.h"

/* What is on the server. */
enum action {
    ACTION_NONE,
    /* opening, in this order */
    ACTION_INFO,
    ACTION_IDENTITY,
    ACTION_POOLER,
    ACTION_WATCH,
    ACTION_FIND_TABLE,
    ACTION_TRY_LOCK,
    ACTION_HOLDER,
    ACTION_FATE, /* of a COMMIT whose answer was lost */
    ACTION_FIND_AGAIN, /* under the lock */
    ACTION_READ_ROWS,
    ACTION_RECHECK, /* after a failure: is the version table still ours? */
    ACTION_RECHECK_ROWS,
    /* running */
    ACTION_SCHEMA_FIND, /* of the journal in the database; the four stand together */
    ACTION_SCHEMA_ROWS,
    ACTION_SCHEMA_MAKE,
    ACTION_SCHEMA_AHEAD,
    ACTION_SETTING,
    ACTION_BEGIN,
    ACTION_CREATE_TABLE,
    ACTION_STATEMENT,
    ACTION_EVALUATE, /* nothing: a revision is evaluated; these three stand together */
    ACTION_QUESTION,
    ACTION_CATALOG,
    ACTION_XID,
    ACTION_COMMIT,
    ACTION_ROLLBACK,
    ACTION_BRIDGE, /* runner_bridge.c looks after its own */
    ACTION_COUNT,
};

/* What was on its way when the connection broke and may or may not have happened. */
enum unknown { UNKNOWN_NOTHING, UNKNOWN_COMMIT, UNKNOWN_STATEMENT };

/*
 * Timeouts of the session. Those that a statement of the plan has set are the project's, and stand:
 * till the end of the transaction (SET LOCAL) or of the session.
 */
struct limits {
    struct timeout_rule rule; /* its lock_timeout and statement_timeout, as we set them last */
    enum sql_sets set_by_plan;
};

struct activity_session;
struct runner_bridge;

/* A statement that was carried out, and whose row in the database is still to be written. */
struct schema_row {
    struct position at;
    bool in_transaction;
    const char *tag;
    int64_t rows, microseconds;
};

/* The journal in the database. */
struct schema_journal {
    enum { SCHEMA_UNTRIED, SCHEMA_USED, SCHEMA_OFF } state;
    struct journal_schema_found found;
    bool tried;     /* to make it, in vain */
    bool run_known; /* the row of the run is committed */
    bool run_sent;  /* ... or will be with the transaction that is being committed */
    bool has_ahead;
    struct position ahead; /* the statement that was noted before it was sent */
    VEC(struct schema_row) done;
};

/* Who and where: found out once. */
struct runner_identity {
    const char *os_user, *host;
};

/* Statements that were sent together, the next one first; see runner_batch.c. */
struct batch {
    VEC(struct position) items;
    size_t answered; /* of the items */
    bool begins;     /* BEGIN is in front of them */
    struct err refused; /* an answer that is a failure here, while others are still to come */
    int64_t sent_at;
    size_t limit;    /* how many the next one may hold */
};

/* How a question was answered: told again where the program is run again behind a commit. */
struct live_reply {
    const char *asked; /* all of its text */
    struct live_answer answer;
    struct result *result; /* that it borrows from; NULL: none */
    bool is_noted;         /* it is one of live_program_asked() */
    /* How the program stands behind it. */
    size_t number;
    bool in_transaction;
};

/* A step that asks the database while it runs: runner_live.c. */
struct runner_live {
    size_t step;                  /* of the plan */
    struct live_program *program; /* NULL: to be started */
    enum {
        LIVE_TURN_STARTS,
        LIVE_TURN_EVALUATES,
        LIVE_TURN_ASKS,
        LIVE_TURN_ENDED,
        LIVE_TURN_OVER,
    } turn;
    struct arena *arena;          /* of the replies, and of what belongs to the program */
    const char *default_schema;
    bool has_default_schema;

    VEC(struct live_reply) replies;
    size_t fed;             /* how many of them this program was told */
    size_t kept;            /* how many belong to what is committed */
    size_t told;            /* how many of live_program_asked() were told as events */
    const struct live_asked *differs, *previewed; /* the first answer that is another one now */
    bool is_foreseen; /* one is that the plan had marked as one of the state before */

    bool in_transaction;    /* the program is not in an autocommit block */
    VEC(const char *) savepoints; /* of the program */
    size_t number;          /* of its statement in the plan that comes next */
    size_t piece;           /* of the question's statements, that is dealt with */
    bool is_found;          /* it is the plan's */
    bool is_recorded;       /* the reply is among the replies */
    struct live_answer answer; /* as far as it is there */
    struct live_reply reply;

    struct catalog_reader *reader;
    struct catalog_options *options;
    struct schema *schema;

    struct err failure;        /* of the server, that the program was told last */
    struct position failed_at; /* it was a statement of the plan */
    bool has_failed_at;

    bool has_changed;  /* it is paused for that */
    bool takes_all;    /* RUNNER_ACCEPT_ALL */
    bool is_revised;   /* the plan is not as the journal has it whole */
};

struct runner {
    struct arena *arena;   /* of the run */
    struct arena *scratch; /* of one statement */
    struct arena *scratch_schema; /* of one text for the journal in the database */
    struct plan *plan;
    struct database_url url; /* strings borrowed */
    struct runner_settings settings;
    struct version_table table;
    run_event_fn on_event;
    void *payload;

    struct connection *conn; /* NULL when ended */
    struct journal *journal; /* NULL: none */
    struct schema_journal schema;
    struct runner_identity identity;
    bool journal_broken;
    bool took_over; /* the run that this one goes on with is closed */
    struct server_info info;
    VEC(struct lock_wanted) locks; /* ours, then those that the plan takes itself */
    size_t locked;           /* how many of them are held */
    int64_t lock_deadline, wake_at; /* monotonic; wake_at 0: nothing to wake for */
    const char *holder;             /* last one told */

    enum runner_state state;
    enum action action;
    int64_t sent_at;
    int64_t begun_at;        /* the last BEGIN */
    struct watcher *watcher; /* NULL: none */
    struct pooler_check *pooler; /* of ACTION_POOLER */
    struct runner_bridge *bridge; /* of ACTION_BRIDGE */

    enum runner_order mode; /* STEP, FINISH_REVISION, RUN_ALL or PAUSE */
    bool step_left;         /* in mode STEP: the one statement is still to be sent */
    size_t finish_step;     /* in mode FINISH_REVISION */
    bool cancelling;        /* a cancel was sent for what is on the server */
    const char *stop_reason; /* NULL: the operator's order */
    bool stopping;          /* roll back and stop as soon as the server answered */

    struct position next;      /* the next statement */
    struct position committed; /* all before it is committed */
    size_t announced;          /* steps told by RUN_EVENT_STEP_STARTED */
    size_t noted;              /* and those of which the journal has the record */
    struct batch batch;
    struct runner_live live;
    struct position failed;    /* of the last failure, when has_failed */
    bool has_failed;           /* it was a statement of the plan */
    VEC(struct position) skipped;
    VEC(struct position) breakpoints;
    bool has_passed;        /* an order to go on was given at the place of a breakpoint: */
    struct position passed; /* it does not hold there */
    bool undoing;           /* roll back, then pause */
    bool table_exists;
    bool table_in_transaction; /* created, not yet committed */
    struct limits limits;      /* what the session has */
    struct limits limits_before; /* what it has again after a ROLLBACK */
    bool try_again;            /* after the ROLLBACK that is on its way */
    const struct timeout_rule *retry_rule; /* of what failed then */
    bool recheck;              /* the version rows, before anything else is sent */
    bool explaining;           /* the recheck is for the message of a failure */
    unsigned lock_tries;       /* of the transaction, that lock_timeout or a deadlock ended */
    int64_t first_failed;      /* when the first of them did */
    uint64_t seed;
    bool in_transaction;       /* while the statement on the server was sent */
    const char *xid;           /* of the transaction being committed; "" when it wrote nothing */

    enum unknown unknown;
    const char *unknown_xid;
    enum { FATE_FORGOTTEN, FATE_COMMITTED, FATE_ABORTED } fate; /* of that, as the server tells */
    struct position unknown_next; /* where it would stand if that had happened */

    struct err err; /* why it failed or stopped */
};

/* -- runner.c ---------------------------------------------------------------------------------- */

void runner_set_state(struct runner *r, enum runner_state state);

/* Tells an event about the plan's position at; fields of extra (may be NULL) are taken over. */
void runner_emit(struct runner *r, enum run_event_kind kind, struct position at,
                 const struct run_event *extra);

/* Sends SQL as an action. On failure the connection is lost or the run failed; false then. */
bool runner_send(struct runner *r, enum action action, const char *sql, const char *const *params,
                 size_t count);

/* The same for a question of a live revision, whose answer has limits. */
bool runner_send_question(struct runner *r, const char *sql, size_t rows, size_t bytes);

/* The same for a pipeline of statements; action is that of the first. */
bool runner_send_pipeline(struct runner *r, enum action action, const char *const *sql,
                          size_t count);

/* Ends: STOPPED with err (moved; it stays r->err when NULL). Closes the connection. */
void runner_stop(struct runner *r, struct err *err);
void runner_done(struct runner *r);

/* Why a run stops that did not fail: the operator, or runner_stop_for(). */
void runner_explain_stop(struct runner *r, struct err *err);

/* The connection broke: what is known, what is not, STOPPED. */
void runner_lost(struct runner *r, struct err *err);

/* -- runner_open.c ----------------------------------------------------------------------------- */

bool runner_connect(struct runner *r, struct err *err);
void runner_connected(struct runner *r);
void runner_open_next(struct runner *r, const struct result *result);
/* Goes on with ACTION_POOLER; false when there is nothing to do but wait. */
bool runner_check_pooler(struct runner *r);
/* Every lock is held. */
void runner_locked(struct runner *r);
/* Reads the version rows again; where they are not what this run goes on from, it stops. */
void runner_recheck(struct runner *r);
/* The same after a failure, which gets a hint; then the run is FAILED. */
void runner_explain(struct runner *r);
/* A recheck was not answered. */
void runner_recheck_failed(struct runner *r, struct err *err);

/* -- runner_lock.c ----------------------------------------------------------------------------- */

/* From where the version table is, or would be. */
void runner_lock_start(struct runner *r, const struct result *result);
void runner_try_lock(struct runner *r);
void runner_take_lock(struct runner *r, const struct result *result);
void runner_take_holder(struct runner *r, const struct result *result);

/* -- runner_exec.c ----------------------------------------------------------------------------- */

/* Finds the next thing to do and sends it, pauses or ends. */
void runner_go_on(struct runner *r);
/* Takes the answer of an action of the running part. */
void runner_exec_done(struct runner *r, const struct result *result);
void runner_exec_failed(struct runner *r, struct err *err);

/* The tag of what was carried out; without an answer it was Alembic. */
const char *runner_tag(const struct result *result);

/* What is committed moves to at; told and noted when that is news. */
void runner_set_committed(struct runner *r, struct position at);
/* The next statement is the first one that is not committed: the server undid the rest. */
void runner_go_back(struct runner *r);

struct position runner_normal(const struct runner *r, struct position at);
bool runner_is_skipped(const struct runner *r, struct position at);
/* What the statement there may wait for. */
const struct timeout_rule *runner_rule_at(const struct runner *r, struct position at);
/* The next statement's step, and the statement itself, are begun: notes the step, tells both. */
void runner_announce(struct runner *r);
void runner_tell_started(struct runner *r);
/* The next position is the end of its step. */
void runner_finish_step(struct runner *r);
bool runner_is_open(const struct runner *r); /* a transaction */
const struct plan_statement *runner_statement_at(const struct runner *r, struct position at);
/* "revision ae10 and all before it are committed": for messages. In the arena. */
const char *runner_committed_text(struct runner *r);

/*
 * What comes before the next thing that is sent in a transaction, or outside: COMMIT, BEGIN,
 * settings, the version table. True when that was sent.
 */
bool runner_prepare(struct runner *r, bool in_transaction);
/* Whether what failed just now would be tried again. */
bool runner_may_try_again(struct runner *r, const struct plan_statement *s, const struct err *err);

/* -- runner_live.c ----------------------------------------------------------------------------- */

/* Whether the next thing is up to a live revision, which has not ended yet. */
bool runner_live_is_due(struct runner *r);
/* Goes on with it; false: the next statement of the plan is to be sent, as any other. */
bool runner_live_go_on(struct runner *r);
/* Takes what came for one of its three actions; false when there is nothing to do but wait. */
bool runner_live_receive(struct runner *r);
/* The next statement was carried out, or left out (result NULL). */
void runner_live_done(struct runner *r, const struct result *result);
/* It failed, and the revision is told: true. Else the run fails. */
bool runner_live_failed(struct runner *r, struct err *err);
void runner_live_committed(struct runner *r);
void runner_live_go_back(struct runner *r);
/* Ends the evaluation, and forgets everything. */
void runner_live_end(struct runner *r);
bool runner_live_accept(struct runner *r, bool all, struct err *err);
size_t runner_live_poll(const struct runner *r, struct pollfd *poll, size_t room);

/* -- runner_live_plan.c ------------------------------------------------------------------------ */

/* Whether the statement that the revision wants next is the plan's, which it may become; else the
 * run is paused, or has failed. */
bool runner_live_find(struct runner *r, const struct statement *wanted);
/* It has ended: whether the plan has no more of its statements; else as above. */
bool runner_live_has_all(struct runner *r);
/* Makes the plan want what the revision does, now that it is accepted. */
bool runner_live_revise(struct runner *r, const struct statement *wanted);
/* What it wants just now; NULL: it has ended. */
const struct statement *runner_live_wanted(const struct runner *r);

/* -- runner_batch.c ---------------------------------------------------------------------------- */

/* Sends the next statements together, where that may be; false: nothing was done. */
bool runner_batch_send(struct runner *r);
/* Whether answers are still to come. */
bool runner_batch_is_on(const struct runner *r);
/* An answer came; true when others of the same batch are still to come. */
bool runner_batch_answered(struct runner *r);
/* The server is at the next statement of the batch. */
void runner_batch_go_on(struct runner *r);
/* It failed, or the connection is lost. */
void runner_batch_end(struct runner *r);

/* -- runner_bridge.c --------------------------------------------------------------------------- */

/* Begins with the next step, whose one statement it is; no transaction is open. */
void runner_bridge_start(struct runner *r);
/*
 * Goes on; false when there is nothing to do but wait. Ends as a statement that was answered does.
 */
bool runner_bridge_advance(struct runner *r);
/* Asks the child to end, harder each time; what it has committed stays. */
void runner_bridge_cancel(struct runner *r);
/* The session of the child; 0: none is known. */
int runner_bridge_backend(const struct runner *r);
size_t runner_bridge_polls(const struct runner *r, struct pollfd *polls, size_t room);
int runner_bridge_timeout(const struct runner *r);
/* Kills the child; NULL is fine. */
void runner_bridge_free(struct runner *r);

/* -- runner_steps.c ---------------------------------------------------------------------------- */

bool runner_is_breakpoint(const struct runner *r, struct position at);
/* Changes the plan as a live revision does; journalled and told. False: it cannot, or the journal
 * broke; the run is stopping or fails then. */
bool runner_revise(struct runner *r, const struct run_edit *edit, struct err *err);

/* -- runner_watch.c ---------------------------------------------------------------------------- */

void runner_watch_start(struct runner *r);
/* Tells the watcher what to look at, and lets it go on. */
void runner_watch(struct runner *r);
/* Who blocked the run at the last look; NULL: nobody, or it is not known. In the arena. */
const char *runner_blockers_text(struct runner *r);

/* -- runner_schema.c --------------------------------------------------------------------------- */

/* Looks for the schema before the first thing is sent; true when that sent something. */
bool runner_schema_prepare(struct runner *r);
/* Notes the next statement, which runs outside of a transaction; true when that sent something. */
bool runner_schema_note_ahead(struct runner *r);
/* What asks for the transaction's id, with the rows of what it commits in front. In an arena. */
const char *runner_schema_before_commit(struct runner *r);
/* A statement was carried out; what was open is committed; it is rolled back. */
void runner_schema_take(struct runner *r, struct position at, const struct result *result,
                        int64_t duration);
void runner_schema_committed(struct runner *r);
void runner_schema_go_back(struct runner *r);
/* Takes an answer, or an error, where it is about this; false: it is not. */
bool runner_schema_done(struct runner *r, const struct result *result);
bool runner_schema_failed(struct runner *r, const struct err *err);

/* -- runner_journal.c: false when the record is not on the disk; the run is stopping then ------- */

bool runner_note_run(struct runner *r, struct err *err);
/* The plan as it is after an edit, before anything of it is sent. */
bool runner_note_plan(struct runner *r);
bool runner_note_connected(struct runner *r);
/* A live revision: what it asked, what it changed in the plan, where it wants something else. */
bool runner_note_question(struct runner *r, const struct live_asked *asked, bool differs);
bool runner_note_revised(struct runner *r, const struct run_edit *edit);
bool runner_note_changed(struct runner *r, const struct err *err);
bool runner_note_step(struct runner *r, size_t step); /* once, and not at once on the disk */
bool runner_note_send(struct runner *r, struct position at);
/* A record that need not be on the disk before runner_note_flush(). */
bool runner_note_ahead(struct runner *r, const char *kind);
bool runner_note_send_ahead(struct runner *r, struct position at);
bool runner_note_flush(struct runner *r);
/* Of the middle of a batch: the end of the transaction will bring it to the disk. */
bool runner_note_done(struct runner *r, struct position at, const struct result *result,
                      int64_t duration);
bool runner_note_failed(struct runner *r, struct position at, const struct err *err);
bool runner_note_skip(struct runner *r, struct position at);
/* begin, commit, rollback, locked: kind, and the xid where there is one */
bool runner_note(struct runner *r, const char *kind, const char *xid);
/* committed, rolled_back: a position under key */
bool runner_note_position(struct runner *r, const char *kind, const char *key, struct position at);
bool runner_note_outcome(struct runner *r, const char *kind, const char *what, const char *xid);
/* what is about to be done to a session, and what came of it */
bool runner_note_signal(struct runner *r, const struct activity_session *session, const char *how);
bool runner_note_signalled(struct runner *r, const struct activity_session *session,
                           const struct err *err);
/* the session of Alembic's, which carries out a step */
bool runner_note_session(struct runner *r, int pid, const char *start);
/* a line that Alembic printed (not at once on the disk); what it has changed in the catalog */
bool runner_note_output(struct runner *r, struct position at, const char *line);
bool runner_note_differences(struct runner *r, struct position at, const struct name_list *lines);
bool runner_note_schema(struct runner *r, bool used, const char *reason);
bool runner_note_end(struct runner *r);

#endif
