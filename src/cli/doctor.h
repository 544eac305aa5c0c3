/* What `retort doctor` gathers before it prints. Internal to the files of doctor. */
#ifndef CLI_DOCTOR_H
#define CLI_DOCTOR_H

#include "base/vec.h"

struct cli;
struct connection;
struct err;
struct plan;

enum doctor_status {
    DOCTOR_OK,
    DOCTOR_NOTE, /* worth knowing */
    DOCTOR_FIX,  /* something does not work: exit code 1 */
};

/* All in the command's arena, or static. */
struct doctor_check {
    const char *group, *name;
    enum doctor_status status;
    const char *text;
    const char *file; /* where a value came from; NULL: not said */
    int line;
    const char *hint; /* what to do; NULL: nothing */
};

struct doctor {
    struct cli *cli;
    const char *group; /* of the checks being added */
    VEC(struct doctor_check) checks;
};

/* Adds a check; the caller may add source and hint to it before the next one is added. */
struct doctor_check *doctor_add(struct doctor *d, enum doctor_status status, const char *name,
                                const char *fmt, ...) __attribute__((format(printf, 4, 5)));

/* Adds what an err says, and frees it. */
void doctor_add_err(struct doctor *d, enum doctor_status status, const char *name, struct err *err);

/* A path as people see it: relative to the working folder where it is below it. */
const char *doctor_shorten(const struct doctor *d, const char *path);

/* The models, and those that env.py does not import. */
void doctor_check_models(struct doctor *d);

/* Whether the role may do what an upgrade to the heads would do now. */
void doctor_check_plan(struct doctor *d, struct connection *conn);

/*
 * Adds what the role lacks for the statements of the plan (sql/needs.h), each once; returns how
 * much. What the plan makes itself is not there to be asked about yet, and then is the role's own.
 */
size_t doctor_check_needs(struct doctor *d, struct connection *conn, const struct plan *plan);

/* Where the project's own Alembic is; with --bridge it is started and says its versions. */
void doctor_check_bridge(struct doctor *d);

/* Connects, and looks at the server, the role's privileges and the version table. */
void doctor_check_database(struct doctor *d);

#endif
