/*
 * What is pending between the models and the database: both read, the server asked what only it
 * knows, and compared. For `revision --autogenerate`, `check`, `diff` and the console.
 *
 * Nothing is changed: the version table is read where there is one, not created; all reading
 * happens in read-only transactions.
 */
#ifndef RUN_PENDING_H
#define RUN_PENDING_H

#include <stdbool.h>

#include "alembic/models.h"
#include "alembic/project.h"
#include "autogenerate/compare.h"
#include "base/err.h"
#include "postgres/database.h"
#include "revision/graph.h"
#include "schema/schema.h"

struct arena;
struct database_url;
struct log;

struct pending_request {
    struct alembic_project *project;
    const struct graph *graph;      /* NULL: which revisions are applied is of no concern */
    const struct database_url *url;
    const struct log *log;          /* may be NULL */
    int interrupt; /* readable: pending_read() fails with ERR_CANCELLED; -1: never */
};

/* All in the arena, but what pending_clear() frees. */
struct pending {
    struct models models;
    struct schema database;
    struct compare_options options;
    struct server_info server;
    struct name_list rows;          /* of the version table */
    struct differences differences;
    struct err outdated; /* ERR_NONE: the database is at the heads. Else Alembic's words for
                            why no revision can be made; the differences are there
                            nevertheless */
};

/*
 * Blocking. False: env.py or the models cannot be followed, the models raise, the server cannot be
 * reached or read, a revision of the version table is not in the project, or a function of env.py
 * cannot be evaluated. What out holds is freed then.
 */
bool pending_read(struct arena *a, const struct pending_request *request, struct pending *out,
                  struct err *err);

/*
 * What was not compared and why, and which models env.py does not import, a text each. In the
 * arena.
 */
void pending_warnings(struct arena *a, const struct pending *pending, struct name_list *out);

/* Frees what is not in the arena. */
void pending_clear(struct pending *pending);

#endif
