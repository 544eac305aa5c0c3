/*
 * Carries out one direction of a revision file, with its questions answered by the database it
 * works on: the smallest driver there is of a live program.
 *
 *     live_apply SOCKET_FOLDER DATABASE FILE upgrade|downgrade
 *
 * All in one transaction, as Alembic does. Prints the statements that ran, and how it ended.
 */
#include "config.h"

#include <poll.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "config/url.h"
#include "postgres/catalog.h"
#include "postgres/query.h"
#include "run/live_answer.h"
#include "run/live_program.h"

struct driver {
    struct arena *arena;
    struct connection *conn;
    struct live_program *program;
    struct result *result; /* of the last answer, which borrows from it */
};

/* Runs the statements of an operation; the last one's result is the answer's. */
static bool execute(struct driver *d, const struct live_step *step, struct live_answer *answer,
                    struct err *err)
{
    for (size_t i = 0; i < step->statements.len; i++) {
        const char *sql = step->statements.at[i].sql;
        if (step->statements.at[i].kind == STATEMENT_SQL || d->result == NULL)
            printf("%s %s;\n", step->reads ? "?" : "!", sql);
        if (d->result)
            result_free(d->result);
        d->result = NULL;
        if (connection_query(d->conn, sql, NULL, 0, &d->result, err)) {
            live_answer_rows(d->arena, d->result, answer);
            continue;
        }
        if (err->code != ERR_DATABASE)
            return false;
        live_answer_failure(d->arena, err, sql, answer);
        err_clear(err);
        return true;
    }
    return true;
}

static bool answer(struct driver *d, struct err *err)
{
    const struct live_step *step = live_program_step(d->program);
    const struct catalog_options options = {.in_transaction = true,
                                            .include_schemas = step->question->all_schemas};
    struct live_answer out = {0};
    if (step->question->kind == LIVE_CATALOG) {
        struct schema *schema = ARENA_NEW(d->arena, struct schema);
        printf("? %s\n", step->question->call);
        if (!catalog_read(d->arena, d->conn, &options, schema, err))
            return false;
        out.catalog = schema;
    } else if (!execute(d, step, &out, err)) {
        return false;
    }
    live_program_answer(d->program, &out);
    return true;
}

static int run(struct driver *d, struct err *err)
{
    for (;;) {
        struct pollfd fd = {.fd = live_program_fd(d->program), .events = POLLIN};
        poll(&fd, 1, -1);
        switch (live_program_next(d->program)) {
        case LIVE_RUNNING:
            break;
        case LIVE_ASKS:
            if (!answer(d, err)) {
                live_program_abort(d->program, err);
                err_clear(err);
            }
            break;
        case LIVE_ENDED:
            return (int)live_program_reading(d->program)->status;
        }
    }
}

int main(int argc, char **argv)
{
    struct err err = ERR_INIT;
    if (argc != 5)
        return 2;
    struct driver d = {.arena = arena_new()};
    const struct database_url url = {.user = "postgres", .host = argv[1], .database = argv[2]};
    if (!connection_open(&url, NULL, &d.conn, &err) ||
        !connection_query(d.conn, "BEGIN", NULL, 0, NULL, &err)) {
        fprintf(stderr, "%s\n", err.message);
        return 2;
    }
    const struct live_options options = {
        .request = {.path = argv[3],
                    .direction = strcmp(argv[4], "upgrade") == 0 ? DIRECTION_UPGRADE
                                                                 : DIRECTION_DOWNGRADE},
        .server_version = connection_server_version(d.conn),
        .default_schema = "public",
    };
    if (!live_program_start(&options, &d.program, &err))
        return 2;
    int status = run(&d, &err);
    const struct revision_reading *reading = live_program_reading(d.program);
    if (status == READING_OK)
        connection_query(d.conn, "COMMIT", NULL, 0, NULL, &err);
    if (reading->err.code != ERR_NONE)
        printf("ends with %d: %s (%s:%d)\n", status, reading->err.message,
               reading->err.file ? reading->err.file : "", reading->err.line);
    for (size_t i = 0; i < reading->prints.len; i++)
        printf("> %s", reading->prints.at[i].text);
    if (d.result)
        result_free(d.result);
    live_program_free(d.program);
    connection_close(d.conn);
    arena_free(d.arena);
    err_clear(&err);
    return status == READING_OK ? 0 : 1;
}
