/*
 * An edit of the plan in the middle of its run, as data: it goes from a front end to the runner as
 * an order, and back to all who hold a copy of the plan as an event. Pure.
 */
#ifndef RUN_RUN_EDIT_H
#define RUN_RUN_EDIT_H

#include <stdbool.h>
#include <stddef.h>

#include <jansson.h>

#include "base/err.h"
#include "run/position.h"
#include "schema/op.h"

struct plan;

enum run_edit_kind {
    RUN_EDIT_REPLACE, /* by one or several statements */
    RUN_EDIT_INSERT,  /* before it */
    RUN_EDIT_REMOVE,
    /*
     * Not the operator's: a live revision does something else than was previewed (run/plan_live.h).
     */
    RUN_EDIT_TAKE,  /* it has this statement before it */
    RUN_EDIT_DROP,  /* it does without it */
    RUN_EDIT_RENEW, /* it has other values in it */
};

struct run_edit {
    enum run_edit_kind kind;
    struct position at;
    const char *text;    /* SQL; NULL for REMOVE and DROP */
    bool in_transaction; /* INSERT, TAKE */
    size_t number;       /* TAKE, DROP, RENEW: of the revision's own statements */
    struct op_origin origin; /* TAKE */
    bool nondeterministic;   /* TAKE */
};

/* Whether operators make such edits. */
bool run_edit_is_ordered(const struct run_edit *edit);

/* Carries it out, by plan_edit.h; false as the functions there. Texts are copied. */
bool run_edit_apply(struct plan *plan, const struct run_edit *edit, struct err *err);

/*
 * Where a place in the plan is after the edit made `before` statements of its step into `after`.
 * One that is gone becomes the one behind it.
 */
struct position run_edit_move(const struct run_edit *edit, size_t before, size_t after,
                              struct position at);

/*
 * {"how": "replace" | "insert" | "remove" | "take" | "drop" | "renew", "at": [step, statement],
 *  "text", "in_transaction"}, and of the last three "number", "file", "line", "nondeterministic"
 */
json_t *run_edit_json(const struct run_edit *edit);
/* False for what is none; strings are borrowed from json. */
bool run_edit_read(const json_t *json, struct run_edit *out);

json_t *position_json(struct position at);
bool position_read(const json_t *json, struct position *out);

#endif
