/*
 * The journal: what a run does, on disk before and after it does it.
 *
 * One file per run in a folder that the front end names: lines of JSON, mode 0600, each on the disk
 * (fdatasync) before journal_record() returns. From it one can say after any crash what was
 * committed, what was not, and which statement was on the server. It never holds the connection's
 * password; a password inside a statement of a revision is as readable here as in the revision.
 *
 * Every record has "n" (from 1), "at" (UTC) and "kind". Kinds and their members:
 *
 *   run          run, retort, operator, os_user, host, pid, verb, target, scope, rows (of the
 *                version table), steps: [{revision, verb, from, to, statements}]
 *   connected    database, server_host, port, user, server, identity, backend_pid; again after a
 *                lost connection
 *   locked       the advisory lock is held
 *   step         step, revision, verb, from, to, statements
 *   begin, rollback, commit    about to be sent; commit has xid unless the transaction wrote nothing
 *   send         about to be sent: step, statement, in_transaction, sql (as executed), rendered
 *                (where it differs)
 *   done         step, statement, tag, rows (null: not said), microseconds
 *   failed       step, statement, sqlstate, message, detail
 *   skip         the operator leaves it out from now on: step, statement, sql
 *   committed    up_to: position
 *   rolled_back  back_to: position
 *   unknown      what was on its way when the connection broke: "commit" (xid) or "statement"
 *   resolved     what became of that commit: "committed" or "rolled back"
 *   end          state: "done" or "stopped", message, committed: position
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

/* Closes the file; NULL is fine. */
void journal_close(struct journal *journal);

#endif
