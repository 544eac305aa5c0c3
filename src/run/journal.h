/*
 * The journal: what a run does, on disk before and after it does it.
 *
 * One file per run in a folder that the front end names: lines of JSON, mode 0600, each on the disk
 * (fdatasync) before journal_record() returns. From it one can say after any crash what was
 * committed, what was not, and which statement was on the server. It never holds the connection's
 * password; a password inside a statement of a revision is as readable here as in the revision.
 *
 * Every record has "n" (from 1), "at" (UTC) and "kind", and at its end "hash": the SHA-256, in
 * hexadecimal digits, of the hash of the record before ("" for the first one) and of the record's
 * own text up to the comma in front of "hash". So whatever is changed in the middle shows
 * (journal_read.h). The order of records is that of n: clocks may jump.
 *
 * Whoever writes a journal holds a lock on the file, which the system takes back when the process
 * ends, however it ends: a run whose journal is locked is running.
 *
 * Kinds and their members:
 *
 *   run          run, retort, operator, os_user, host, pid, verb, target, scope, rows (of the
 *                version table), steps: [{revision, verb, from, to, statements}], start: position
 *                of the first statement, continues: the run that this one goes on with (may be
 *                missing), plan: all of it (plan_json.h)
 *   plan         plan: all of it, as it is after an edit in the middle of the run
 *   connected    database, server_host, port, user, server, identity (of the server), database_oid,
 *                backend_pid, backend_start (microseconds since 1970); again after a lost
 * connection locked       the advisory lock is held schema       schema (of the journal in the
 * database), used: true or false, reason (why not) step         step, revision, verb, from, to,
 * statements begin, rollback, commit    about to be sent; commit has xid unless the transaction
 * wrote nothing send         about to be sent: step, statement, in_transaction, sql (as executed),
 * rendered (where it differs). Several may be sent before the first is answered, all in one
 *                transaction: those behind one that failed were not executed
 *   done         step, statement, tag, rows (null: not said), microseconds
 *   failed       step, statement, sqlstate, message, detail
 *   skip         the operator leaves it out from now on: step, statement, sql
 *   session      backend_pid, backend_start: the session of Alembic's, which carries out a step
 *   output       a line that Alembic printed, which carries out a step: step, statement, text
 *   differences  what that has changed in the catalog, in words: step, statement, lines
 *   committed    up_to: position
 *   rolled_back  back_to: position
 *   unknown      what was on its way when the connection broke: "commit" (xid) or "statement"
 *   resolved     what became of that commit: "committed" or "rolled back"
 *   signal       a session that blocks the run is about to be "cancelled" or "terminated" (how):
 * pid, application, user, client, query signalled    pid; message: why that was not possible, null
 * when it was end          state: "done" or "stopped", message, committed: position, left (true
 * where the last statement failed outside of a transaction; else missing), unknown (may be
 * missing): "commit" or "statement", as above closed       what was decided about a run that ended
 * in the middle, later: how ("continued", "undone", "marked done", "marked not done", "nothing was
 * half done"), operator, by (the run that went on; may be missing), fragment (the beginning of a
 * record that a crash cut off, which it replaces; may be missing)
 *
 * Positions are [step, statement], both from 0: the first statement that is not included.
 */
#ifndef RUN_JOURNAL_H
#define RUN_JOURNAL_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/err.h"

struct journal;

/*
 * Makes the folder (0700) where it is missing and a new file in it (0600, never an existing one).
 * False, as ERR_IO with the path, when that is not possible: nothing may be sent then.
 */
bool journal_open(const char *dir, struct journal **out, struct err *err);

/* "20261122T133341Z-4711-9f3c": also the file's name, with ".jsonl". */
const char *journal_run_id(const struct journal *journal);
const char *journal_path(const struct journal *journal);

/*
 * Writes one record; members (an object, stolen, may be NULL) are added to n, at and kind. False
 * when it is not safely on the disk: the run must not go on.
 */
bool journal_record(struct journal *journal, const char *kind, json_t *members, struct err *err);

/* How many records there are. */
size_t journal_count(const struct journal *journal);

/*
 * The same for several records with one wait for the disk: what journal_add() wrote is on it only
 * when journal_flush(), or the next journal_record(), has said so. Other processes read it at once.
 */
bool journal_add(struct journal *journal, const char *kind, json_t *members, struct err *err);
bool journal_flush(struct journal *journal, struct err *err);

/* The hash of the last record; "" before the first. */
const char *journal_hash(const struct journal *journal);

/*
 * Opens the journal of a run that has ended, to add what became of it. A record that was cut off is
 * taken out of the file and goes into the next record's "fragment". False: ERR_BUSY while the run
 * is running, ERR_STALE where the chain was changed, ERR_IO.
 */
bool journal_reopen(const char *path, struct journal **out, struct err *err);

/* Closes the file; NULL is fine. */
void journal_close(struct journal *journal);

#endif
