#include "config.h"

#include "live/live.h"

#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

struct scratch_server live_server;

static struct arena *server_arena;

static void connect_to(const char *database, struct database_url *url, struct connection **out)
{
    struct err err = ERR_INIT;
    *url = (struct database_url){.user = live_server.user,
                                 .host = live_server.host,
                                 .port = live_server.port,
                                 .database = database};
    if (!connection_open(url, NULL, out, &err))
        fail_msg("%s", err.message);
}

int live_start(void **state)
{
    (void)state;
    struct err err = ERR_INIT;
    alarm(300); /* a test that hangs is a failed one; the server ends with it */
    server_arena = arena_new();
    if (scratch_start(server_arena, getenv("PATH"), &live_server, &err))
        return 0;
    fprintf(stderr, "%s: %s\n", live_server.bin ? "FAIL" : "SKIP", err.message);
    exit(live_server.bin ? 1 : 77);
}

int live_stop(void **state)
{
    (void)state;
    scratch_stop(&live_server);
    arena_free(server_arena);
    return 0;
}

int live_setup(void **state)
{
    static int count;
    struct live *live = calloc(1, sizeof(*live));
    live->arena = arena_new();
    struct connection *admin;
    struct database_url url;
    connect_to("postgres", &url, &admin);
    const char *name = arena_printf(live->arena, "t%d", ++count);
    struct err err = ERR_INIT;
    const char *sql = arena_printf(live->arena, "CREATE DATABASE %s", name);
    if (!connection_query(admin, sql, NULL, 0, NULL, &err))
        fail_msg("%s", err.message);
    connection_close(admin);
    connect_to(name, &live->url, &live->conn);
    *state = live;
    return 0;
}

int live_teardown(void **state)
{
    struct live *live = *state;
    connection_close(live->conn);
    arena_free(live->arena);
    free(live);
    return 0;
}

void live_sql(struct live *live, const char *sql)
{
    struct err err = ERR_INIT;
    if (!connection_query(live->conn, sql, NULL, 0, NULL, &err))
        fail_msg("%s: %s", sql, err.message);
}

const char *live_value(struct live *live, const char *sql)
{
    struct err err = ERR_INIT;
    struct result *result;
    if (!connection_query(live->conn, sql, NULL, 0, &result, &err))
        fail_msg("%s: %s", sql, err.message);
    const char *value = result_rows(result) > 0 ? result_get(result, 0, 0) : NULL;
    value = arena_strdup(live->arena, value ? value : "");
    result_free(result);
    return value;
}

void live_wait_for(struct live *live, const char *sql)
{
    for (int tries = 0; tries < 1000; tries++) {
        if (!strcmp(live_value(live, sql), "t"))
            return;
        poll(NULL, 0, 20);
    }
    fail_msg("waited in vain for: %s", sql);
}
