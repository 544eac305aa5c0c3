/*
 * What a statement may wait for, and how often it is tried again: a rule for each class of
 * statement (timeouts.def), settable in [retort] of alembic.ini.
 *
 *     lock_timeout = 2s                   all classes but concurrently
 *     lock_timeout_dml = 30s              one class
 *     statement_timeout_ddl = 10min
 *     lock_retries_ddl = 20
 *     statement_timeout_concurrently = server
 *
 * Only what was rolled back as a whole is tried again. Pure, but for the reading of the settings.
 */
#ifndef RUN_TIMEOUTS_H
#define RUN_TIMEOUTS_H

#include <stdbool.h>
#include <stdint.h>

#include "base/err.h"
#include "sql/parse.h"

struct arena;
struct config;

/* Besides milliseconds. */
enum {
    TIMEOUT_NONE = 0,    /* "none": for ever */
    TIMEOUT_SERVER = -1, /* "server": what the session has without our doing */
};

enum timeout_class {
#define TIMEOUT_CLASS(id, name, lock, statement, retries, pause, pause_max, total, help)           \
    TIMEOUTS_##id,
#define TIMEOUT_FIELD(field, kind, help)
#include "run/timeouts.def"
#undef TIMEOUT_CLASS
#undef TIMEOUT_FIELD
    N_TIMEOUT_CLASSES,
};

/* Milliseconds, but for lock_retries. */
struct timeout_rule {
#define TIMEOUT_CLASS(id, name, lock, statement, retries, pause, pause_max, total, help)
#define TIMEOUT_FIELD(field, kind, help) int64_t field;
#include "run/timeouts.def"
#undef TIMEOUT_CLASS
#undef TIMEOUT_FIELD
};

struct timeouts {
    struct timeout_rule rules[N_TIMEOUT_CLASSES];
};

void timeouts_init(struct timeouts *out);

/* The defaults, and what [retort] says. ERR_CONFIG with the place of what is no such value. */
bool timeouts_read(struct arena *a, const struct config *config, struct timeouts *out,
                   struct err *err);

/*
 * The class of a statement. In doubt it is one that is safe: what the grammar does not know is
 * CONCURRENTLY outside of a transaction.
 */
enum timeout_class timeouts_class(const struct sql_effect *effect, bool in_transaction,
                                  bool version_row);

const char *timeouts_class_name(enum timeout_class class); /* "ddl" */
const char *timeouts_class_help(enum timeout_class class);

/*
 * Whether a statement that failed outside of a transaction is undone as a whole: one statement that
 * could as well have run inside of one.
 */
bool timeouts_is_undone(const struct sql_effect *effect);

/*
 * The pause in milliseconds before try number `tries` (from 1): the rule's pause, doubled each
 * time, of which a quarter is left to chance, so that two that got into each other's way do not
 * meet again. The seed moves on; the same seed gives the same pauses.
 */
int64_t timeouts_pause(const struct timeout_rule *rule, unsigned tries, uint64_t *seed);

/* "lock_timeout 4 s, tried again 5 times; statement_timeout of the server", for plan and doctor. */
const char *timeouts_text(struct arena *a, const struct timeout_rule *rule);

/* "SET lock_timeout = 4000; RESET statement_timeout". Where both are as in `now`: NULL. */
const char *timeouts_sql(struct arena *a, const struct timeout_rule *now,
                         const struct timeout_rule *wanted);

/*
 * A duration in milliseconds: "4s", "500ms", "2min", or a bare number of milliseconds. NULL text
 * leaves *out. ERR_CONFIG names the key.
 */
bool timeouts_duration(const char *key, const char *text, int64_t *out, struct err *err);

#endif
