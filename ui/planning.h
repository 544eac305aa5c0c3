/*
 * A plan in the making, without making the screen wait: files are read, and what revisions ask the
 * database is asked (run/preview.h). The loop polls planning_fd() and calls planning_advance().
 */
#ifndef UI_PLANNING_H
#define UI_PLANNING_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "run/plan.h"
#include "run/plan_loss.h"

struct background;
struct console;
struct log;
struct planning_work;
struct session;
struct ui_options;

/* What is to be done with the plan. */
typedef void (*planning_then_fn)(struct console *c);

struct planning {
    struct background *thread;  /* NULL: nothing is being planned */
    struct planning_work *work; /* what the thread makes */
    planning_then_fn then;
    bool is_cancelled;
    int64_t started; /* monotonic, for the elapsed time */
};

/* What came of it; who takes it has the session's one use, the arena and the plan. */
struct planned {
    struct session *session;
    struct arena *arena;
    struct plan *plan; /* NULL: err says why */
    struct plan_table_rows_list tables; /* that it loses data of */
    struct err err;
};

/* Frees all of it. */
void planned_clear(struct planned *made);

/*
 * Copies the request; then NULL: the plan is only shown, and no database is asked. False: there is
 * no thread for it.
 */
bool planning_start(struct planning *planning, const struct ui_options *options,
                    const struct session *session, const struct plan_request *request,
                    planning_then_fn then, struct err *err);

bool planning_is_busy(const struct planning *planning); /* and not over yet */
int planning_fd(const struct planning *planning);       /* readable till it is taken; -1: none */

/* True once, when it is over and was not cancelled: *out is what came of it. */
bool planning_take(struct planning *planning, const struct log *log, struct planned *out);

/* Gives it up; it is freed when its thread has noticed. */
void planning_cancel(struct planning *planning);

/* Gives it up, without waiting. */
void planning_stop(struct planning *planning);

#endif
