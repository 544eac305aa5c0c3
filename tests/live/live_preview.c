/*
 * Shows what revision files would do to a database, one after the other, without doing it.
 *
 *     live_preview SOCKET_FOLDER DATABASE upgrade|downgrade FILE...
 *
 * Prints what would run, as live_apply does; with RETORT_QUESTIONS set what was asked and answered
 * too.
 */
#include "config.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "config/url.h"
#include "postgres/query.h"
#include "run/preview.h"
#include "run/rendering.h"

static void print(const struct preview_revision *r, bool with_questions)
{
    for (size_t i = 0; with_questions && i < r->asked.len; i++) {
        const struct live_asked *asked = &r->asked.at[i];
        printf("? %d: %s\n", asked->origin.revision_line, asked->sql ? asked->sql : asked->call);
        printf("  = %s\n", asked->answer ? asked->answer : "not known");
        if (asked->note)
            printf("  (%s)\n", asked->note);
    }
    for (size_t i = 0; i < r->statements.len; i++)
        printf("! %s;\n", r->statements.at[i].sql);
    printf("status %s\n", rendering_status_name(r->status));
    if (r->err.code != ERR_NONE)
        printf("ends: %s (line %d)\n", r->err.message, r->err.line);
}

int main(int argc, char **argv)
{
    struct err err = ERR_INIT;
    struct arena *a = arena_new();
    struct connection *conn = NULL;
    struct preview *preview = NULL;
    struct sql_context context = {.created_types = MAP_IN(a)};
    if (argc < 5)
        return 2;
    const char *user = getenv("PGUSER");
    const struct database_url url = {
        .user = user ? user : "postgres", .host = argv[1], .database = argv[2]};
    bool fine = connection_open(&url, NULL, &conn, &err);
    const struct preview_options options = {.conn = conn, .max_rows = 1000, .max_questions = 2000};
    fine = fine && preview_open(&options, &preview, &err);
    for (int i = 4; fine && i < argc; i++) {
        struct preview_revision revision;
        const struct reading_request request = {
            .path = argv[i],
            .direction =
                strcmp(argv[3], "upgrade") == 0 ? DIRECTION_UPGRADE : DIRECTION_DOWNGRADE};
        fine = preview_revision(preview, &request, &context, &revision, &err);
        if (!fine)
            break;
        print(&revision, getenv("RETORT_QUESTIONS") != NULL);
        err_clear(&revision.err);
    }
    if (!fine)
        fprintf(stderr, "%s\n", err.message);
    preview_close(preview);
    connection_close(conn);
    arena_free(a);
    err_clear(&err);
    return fine ? 0 : 1;
}
