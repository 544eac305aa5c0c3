/*
 * What the live tests share: one private server per program, a database per test.
 *
 *     int main(void) { ... return live_run(tests, count); }
 */
#ifndef TESTS_LIVE_H
#define TESTS_LIVE_H

#include "unit/unit.h"

#include "base/arena.h"
#include "config/url.h"
#include "postgres/query.h"
#include "postgres/scratch.h"

struct live {
    struct arena *arena; /* of the test */
    struct database_url url;
    struct connection *conn; /* for looking on, connected to the test's database */
};

extern struct scratch_server live_server;

/* Group fixtures: start and stop the server. Without server programs the program exits 77. */
int live_start(void **state);
int live_stop(void **state);

/* Test fixtures: an empty database and struct live in *state. */
int live_setup(void **state);
int live_teardown(void **state);

/* Runs SQL on the looking connection; the test fails when it fails. */
void live_sql(struct live *live, const char *sql);
/* The first value, "" when there is none; in the test's arena. */
const char *live_value(struct live *live, const char *sql);
/* Polls till sql gives true; the test fails after 20 seconds. */
void live_wait_for(struct live *live, const char *sql);

#define LIVE_TEST(name) cmocka_unit_test_setup_teardown(name, live_setup, live_teardown)

#endif
