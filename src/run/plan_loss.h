/*
 * What a plan loses, with how many rows the tables have that it loses it from: estimates, as the
 * server's statistics have them (PostgreSQL manual, "pg_class", reltuples). Asking takes no lock.
 */
#ifndef RUN_PLAN_LOSS_H
#define RUN_PLAN_LOSS_H

#include <stdbool.h>

#include "base/vec.h"

struct arena;
struct err;
struct plan;
struct preview_source;
struct sql_effect;

struct plan_table_rows {
    const char *relation; /* as written in the statement */
    bool exists;          /* now; a step of the plan may make it */
    double rows;          /* negative: the server has never counted them */
};

VEC_DEFINE(plan_table_rows_list, struct plan_table_rows);

/*
 * Asks the database, on a connection of its own, for the tables of all statements that lose data;
 * with none of them it does not connect. In the arena.
 */
bool plan_loss_rows(struct arena *a, const struct plan *plan, const struct preview_source *source,
                    struct plan_table_rows_list *out, struct err *err);

/*
 * "column email of account (about 20000 rows)", in the arena; NULL: it loses nothing. known (may be
 * NULL): what plan_loss_rows() found.
 */
const char *plan_loss_text(struct arena *a, const struct sql_effect *effect,
                           const struct plan_table_rows_list *known);

#endif
