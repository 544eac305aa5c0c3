/*
 * Plans as JSON: what `retort plan --json` prints, what a plan file holds and what is sent to a
 * worker. A plan that was read back runs without the project's files being evaluated again.
 *
 * One object; a form that this program does not know is refused by its number.
 *
 *   retort_plan    1: the form
 *   verb, target, scope    "upgrade" | "downgrade" | "stamp"; as given; "revision" | "run"
 *   scope_chosen   by the operator, so that no statement may break it
 *   database       {identity, name, oid, server_version}: what it was made for; "" and 0: not known
 *   version_table  {name, schema, primary_key, create}
 *   rows           ids in the version table when it was planned
 *   files          [{file, fingerprint}]: that the plan is made from, besides the revisions
 *   warning        what Alembic warns of, or null
 *   statement_count
 *   steps          [{verb, revision, file, fingerprint, doc, from, to,
 *                    rows_before, rows_after: [id],
 *                    changes: [{kind: "insert" | "update" | "delete", from, to}],
 *                    prints, prints_after: [{before, text}],
 *                    status, reason, line, column: of a step that retort cannot evaluate,
 *                    bridge: true where Alembic carries it out (else missing),
 *                    live: true where it asks the database (else missing),
 *                    open: {reason, file, line, column, revision_line}: where the preview of a live
 *                    step had to end (else missing),
 *                    asked: [{sql or call, answer, note, outdated, file, line, column,
 *                    revision_line}]: its questions (missing where there are none),
 *                    segments: [{in_transaction, first, count}],
 *                    edited, statements: [...], original: [...] of an edited step}]
 *
 * A statement is {sql, rendered, file, line, column, revision_line, revision_end (missing: the same
 * line), in_transaction, version_row, nondeterministic, number, asked_before (missing: 0),
 * timeouts, effect}; effect is {known, statements, tag, relation, lock, locked: [{relation, lock}],
 * makes_relation, outside_only, concurrent, control, sets_timeouts, loses_data, rewrites}.
 * `rendered` is there where it differs from sql; `segments` and `timeouts` (the class of
 * timeouts.h) are for those who read along.
 */
#ifndef RUN_PLAN_JSON_H
#define RUN_PLAN_JSON_H

#include <stdbool.h>

#include <jansson.h>

#include "base/err.h"
#include "run/plan.h"

struct arena;
struct graph;

/* The plan as an object that the caller owns; NULL with err when a text in it is not UTF-8. */
json_t *plan_to_json(const struct plan *plan, struct err *err);

/*
 * The plan that an object holds, in the arena; nothing of it is borrowed from json. A step's
 * revision is looked up in graph; NULL: steps have none. False with ERR_IO, which names the member,
 * when the form is not known or something is missing or of another type. Free with plan_clear().
 */
bool plan_from_json(struct arena *a, const json_t *json, const struct graph *graph,
                    struct plan **out, struct err *err);

#endif
