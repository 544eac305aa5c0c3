/* The connection, the version table, the lock and the errors, against a private server. */
#include "config.h"

#include "live/live.h"

#include <poll.h>
#include <signal.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/log.h"
#include "base/str.h"
#include "postgres/database.h"
#include "postgres/lock.h"
#include "postgres/server.h"
#include "postgres/version.h"

static const struct version_table default_table = {.name = "alembic_version", .primary_key = true};

static void a_result_has_rows_tag_and_count(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    struct result *r;
    assert_true(connection_query(live->conn, "CREATE TABLE t (a int, b text)", NULL, 0, &r, &err));
    assert_string_equal(result_tag(r), "CREATE TABLE");
    assert_int_equal(result_affected(r), -1);
    result_free(r);
    const char *const params[] = {"1", NULL};
    assert_true(connection_query(live->conn, "INSERT INTO t VALUES ($1, $2), (2, 'é')", params, 2,
                                 &r, &err));
    assert_int_equal(result_affected(r), 2);
    result_free(r);
    assert_true(connection_query(live->conn, "SELECT * FROM t ORDER BY a", NULL, 0, &r, &err));
    assert_int_equal(result_rows(r), 2);
    assert_string_equal(result_get(r, 0, 0), "1");
    assert_null(result_get(r, 0, 1));
    assert_string_equal(result_get(r, 1, 1), "é");
    result_free(r);
}

static void several_statements_are_one_transaction(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    const char *sql = "CREATE TABLE t (a int); INSERT INTO t VALUES (1); SELECT 1/0";
    assert_false(connection_query(live->conn, sql, NULL, 0, NULL, &err));
    assert_string_equal(err.sqlstate, "22012");
    assert_string_equal(live_value(live, "SELECT to_regclass('t') IS NULL"), "t");
    err_clear(&err);
}

/* Waits for the next answer; NULL when it is an error. */
static struct result *answer(struct live *live, struct err *err)
{
    struct result *r = NULL;
    enum progress progress;
    while ((progress = connection_receive(live->conn, &r, err)) == PROGRESS_WAITING)
        connection_wait(live->conn);
    return progress == PROGRESS_DONE ? r : NULL;
}

static void a_pipeline_is_answered_one_by_one(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    const char *const sql[] = {"BEGIN", "CREATE TABLE t (a int)", "INSERT INTO t VALUES (1), (2)"};
    static const char *const tags[] = {"BEGIN", "CREATE TABLE", "INSERT 0 2"};
    assert_true(connection_send_pipeline(live->conn, sql, 3, &err));
    for (size_t i = 0; i < 3; i++) {
        assert_int_equal(connection_transaction(live->conn), TRANSACTION_ACTIVE);
        struct result *r = answer(live, &err);
        assert_non_null(r);
        assert_string_equal(result_tag(r), tags[i]);
        result_free(r);
    }
    assert_int_equal(connection_transaction(live->conn), TRANSACTION_OPEN);
    assert_string_equal(live_value(live, "SELECT sum(a) FROM t"), "3");
}

static void a_pipeline_ends_with_what_fails_in_it(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    const char *const sql[] = {"CREATE TABLE t (a int)", "INSERT INTO u VALUES (1)", "COMMIT",
                               "CREATE TABLE v (a int)"};
    live_sql(live, "BEGIN");
    assert_true(connection_send_pipeline(live->conn, sql, 4, &err));
    struct result *r = answer(live, &err);
    assert_string_equal(result_tag(r), "CREATE TABLE");
    result_free(r);
    assert_null(answer(live, &err));
    assert_string_equal(err.sqlstate, "42P01");
    assert_string_equal(err.statement, sql[1]);
    assert_int_equal(err.position, 13);
    assert_int_equal(connection_transaction(live->conn), TRANSACTION_FAILED);
    live_sql(live, "ROLLBACK");
    assert_string_equal(
        live_value(live, "SELECT to_regclass('t') IS NULL AND to_regclass('v') IS NULL"), "t");
    err_clear(&err);
}

static void a_pipeline_of_a_lost_connection_has_the_answers_that_came(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    const char *const sql[] = {"CREATE TABLE t (a int)",
                               "SELECT pg_terminate_backend(pg_backend_pid())", "SELECT 1"};
    assert_true(connection_send_pipeline(live->conn, sql, 3, &err));
    struct result *r = answer(live, &err);
    assert_string_equal(result_tag(r), "CREATE TABLE");
    result_free(r);
    assert_null(answer(live, &err));
    assert_true(connection_is_lost(live->conn));
    assert_int_equal(err.code, ERR_CONNECT);
    assert_string_equal(err.sqlstate, "57P01");
    assert_string_equal(err.statement, sql[1]);
    err_clear(&err);
}

static void a_pipeline_may_be_larger_than_what_sockets_take(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    const char *sql[300];
    for (size_t i = 0; i < 300; i++)
        sql[i] = "SELECT repeat('x', 20000) || '"
                 "0123456789012345678901234567890123456789012345678901234567890123456789'";
    assert_true(connection_send_pipeline(live->conn, sql, 300, &err));
    for (size_t i = 0; i < 300; i++) {
        struct result *r = answer(live, &err);
        assert_non_null(r);
        assert_int_equal(strlen(result_get(r, 0, 0)), 20070);
        result_free(r);
    }
    assert_int_equal(connection_transaction(live->conn), TRANSACTION_NONE);
}

static void an_error_has_the_servers_fields(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    live_sql(live, "CREATE TABLE t (a int PRIMARY KEY); INSERT INTO t VALUES (1)");
    assert_false(connection_query(live->conn, "INSERT INTO t VALUES (1)", NULL, 0, NULL, &err));
    assert_int_equal(err.code, ERR_DATABASE);
    assert_string_equal(err.sqlstate, "23505");
    assert_string_equal(err.message, "duplicate key value violates unique constraint \"t_pkey\"");
    assert_string_equal(err.detail, "Key (a)=(1) already exists.");
    assert_string_equal(err.statement, "INSERT INTO t VALUES (1)");
    assert_false(connection_query(live->conn, "SELECT é, nothere FROM t", NULL, 0, NULL, &err));
    assert_int_equal(err.position, 8); /* in characters */
    assert_int_equal(connection_transaction(live->conn), TRANSACTION_NONE);
    err_clear(&err);
}

static void copy_does_not_hang(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    live_sql(live, "CREATE TABLE t AS SELECT g FROM generate_series(1, 100000) g");
    assert_false(connection_query(live->conn, "COPY t FROM STDIN", NULL, 0, NULL, &err));
    assert_string_equal(err.sqlstate, "57014");
    struct result *r;
    assert_true(connection_query(live->conn, "COPY t TO STDOUT", NULL, 0, &r, &err));
    assert_string_equal(result_tag(r), "COPY 100000");
    result_free(r);
    assert_string_equal(live_value(live, "SELECT 'still here'"), "still here");
    err_clear(&err);
}

static void collect_notice(const struct server_notice *notice, void *payload)
{
    str_addf(payload, "%s %s %s|", notice->severity, notice->sqlstate, notice->message);
}

static void collect_line(enum log_level level, const char *origin, const char *text, void *payload)
{
    (void)origin;
    if (level == LOG_SQL)
        str_addf(payload, "%s|", text);
}

static void notices_and_statements_are_told(void **state)
{
    struct live *live = *state;
    struct str notices = STR_IN(live->arena), lines = STR_IN(live->arena);
    struct log log = {.line = collect_line, .payload = &lines};
    struct err err = ERR_INIT;
    struct connection *conn;
    assert_true(connection_open(&live->url, &log, &conn, &err));
    connection_on_notice(conn, collect_notice, &notices);
    assert_true(connection_query(conn, "DROP TABLE IF EXISTS t", NULL, 0, NULL, &err));
    const char *const secret[] = {"secret"};
    assert_true(connection_query(conn, "SELECT $1::text", secret, 1, NULL, &err));
    assert_string_equal(notices.ptr, "NOTICE 00000 table \"t\" does not exist, skipping|");
    assert_string_equal(lines.ptr, "DROP TABLE IF EXISTS t|SELECT $1::text|");
    connection_close(conn);
}

static void a_cancel_is_known_from_the_answer(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    struct connection *conn;
    assert_true(connection_open(&live->url, NULL, &conn, &err));
    assert_true(connection_send(conn, "SELECT pg_sleep(600)", NULL, 0, &err));
    assert_int_equal(connection_receive(conn, NULL, &err), PROGRESS_WAITING);
    live_wait_for(live, "SELECT count(*) = 1 FROM pg_stat_activity WHERE state = 'active'"
                        " AND query = 'SELECT pg_sleep(600)' AND application_name = 'retort'");
    assert_true(connection_cancel(conn, &err));
    enum progress progress;
    while ((progress = connection_receive(conn, NULL, &err)) == PROGRESS_WAITING)
        poll(&(struct pollfd){.fd = connection_fd(conn), .events = POLLIN}, 1, 1000);
    assert_int_equal(progress, PROGRESS_FAILED);
    assert_string_equal(err.sqlstate, "57014");
    assert_false(connection_is_lost(conn));
    connection_close(conn);
    err_clear(&err);
}

static void a_terminated_connection_is_lost(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    struct connection *conn;
    assert_true(connection_open(&live->url, NULL, &conn, &err));
    live_sql(live,
             arena_printf(live->arena, "SELECT pg_terminate_backend(%d)", connection_pid(conn)));
    assert_false(connection_query(conn, "SELECT 1", NULL, 0, NULL, &err));
    assert_int_equal(err.code, ERR_CONNECT);
    assert_true(connection_is_lost(conn));
    assert_int_equal(connection_transaction(conn), TRANSACTION_UNKNOWN);
    assert_non_null(strstr(err.message, "lost"));
    connection_close(conn);
    err_clear(&err);
}

static void refuse(struct live *live, const struct database_url *url, const char *sqlstate,
                   const char *message)
{
    struct err err = ERR_INIT;
    struct connection *conn;
    (void)live;
    assert_false(connection_open(url, NULL, &conn, &err));
    assert_null(conn);
    assert_int_equal(err.code, ERR_CONNECT);
    assert_string_equal(err.sqlstate, sqlstate);
    if (!strstr(err.message, message) || strchr(err.message, '\n') ||
        strstr(err.message, "LOCATION"))
        fail_msg("message is: %s", err.message);
    assert_non_null(err.hint);
    assert_null(strstr(err.message, "hunter2"));
    err_clear(&err);
}

static void what_refuses_a_connection_is_said(void **state)
{
    struct live *live = *state;
    struct database_url url = live->url;
    url.database = "nope";
    refuse(live, &url, "3D000", "failed: database \"nope\" does not exist");
    url = live->url;
    url.user = "nobody_here";
    refuse(live, &url, "28000", "failed: role \"nobody_here\" does not exist");
    url = live->url;
    url.host = "/nonexistent";
    url.password = "hunter2";
    refuse(live, &url, "", "No such file or directory");
    url.host = "127.0.0.1";
    url.port = "1";
    refuse(live, &url, "", "Connection refused");
}

static void a_wrong_password_is_said(void **state)
{
    struct live *live = *state;
    live_sql(live,
             "SET password_encryption = 'scram-sha-256'; CREATE ROLE pw LOGIN PASSWORD 'right'");
    live_sql(live, arena_printf(live->arena,
                                "COPY (SELECT 'local all pw scram-sha-256' UNION ALL "
                                "SELECT 'local all all trust') TO '%s/data/pg_hba.conf'",
                                live_server.dir));
    live_sql(live, "SELECT pg_reload_conf()");
    live_wait_for(live, "SELECT count(*) = 2 FROM pg_hba_file_rules");
    struct database_url url = live->url;
    url.user = "pw";
    refuse(live, &url, "", "no password supplied");
    url.password = "hunter2";
    refuse(live, &url, "28P01", "password authentication failed for user \"pw\"");
    url.password = "right";
    struct connection *conn;
    struct err err = ERR_INIT;
    assert_true(connection_open(&url, NULL, &conn, &err));
    connection_close(conn);
}

static void versions_are_read(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    struct name_list rows;
    struct server_info info;
    bool exists = true;
    assert_true(database_read_versions(live->arena, &live->url, &default_table, NULL, -1, &rows,
                                       &exists, &info, &err));
    assert_false(exists);
    assert_int_equal(rows.len, 0);
    assert_string_equal(info.database, live->url.database);
    assert_string_equal(info.user, "postgres");
    assert_string_equal(info.identity,
                        live_value(live, "SELECT system_identifier FROM pg_control_system()"));
    assert_false(info.is_pooled);
    assert_true(server_check_run(&info, &err));

    live_sql(live, "CREATE SCHEMA \"S 1\"; CREATE TABLE \"S 1\".\"Ver\"\"x\" (version_num text);"
                   "INSERT INTO \"S 1\".\"Ver\"\"x\" VALUES ('b'), ('a')");
    struct version_table table = {.name = "Ver\"x", .schema = "S 1"};
    assert_true(
        database_read_versions(live->arena, &live->url, &table, NULL, -1, &rows, &exists, &info,
                               &err));
    assert_true(exists);
    assert_int_equal(rows.len, 2);
    assert_string_equal(rows.at[0], "b");
    table.schema = NULL; /* not in the search_path */
    assert_true(
        database_read_versions(live->arena, &live->url, &table, NULL, -1, &rows, &exists, &info,
                               &err));
    assert_false(exists);
}

static void a_table_that_may_not_be_read_is_an_error(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    struct name_list rows;
    struct server_info info;
    bool exists;
    live_sql(live, "CREATE TABLE alembic_version (version_num text); CREATE ROLE reader LOGIN");
    struct database_url url = live->url;
    url.user = "reader";
    assert_false(database_read_versions(live->arena, &url, &default_table, NULL, -1, &rows, &exists,
                                        &info, &err));
    assert_string_equal(err.sqlstate, "42501");
    assert_string_equal(err.message, "permission denied for table alembic_version");
    err_clear(&err);
}

static void servers_that_cannot_take_a_run_are_refused(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    struct server_info old = {.version = 110022, .version_text = "11.22"};
    assert_false(server_check(&old, &err));
    assert_string_equal(err.message, "the server is PostgreSQL 11.22, which is too old");
    struct server_info standby = {.version = 150000, .in_recovery = true, .plain_strings = true};
    assert_false(server_check_run(&standby, &err));
    assert_non_null(strstr(err.message, "standby"));
    live_sql(live,
             arena_printf(live->arena, "ALTER DATABASE %s SET default_transaction_read_only = on",
                          live->url.database));
    struct server_info info;
    struct name_list rows;
    bool exists;
    assert_true(database_read_versions(live->arena, &live->url, &default_table, NULL, -1, &rows,
                                       &exists, &info, &err));
    assert_false(server_check_run(&info, &err));
    assert_non_null(strstr(err.message, "read-only"));
    err_clear(&err);
}

static bool try_lock(struct live *live, struct connection *conn, const struct lock_wanted *lock)
{
    struct err err = ERR_INIT;
    struct result *r;
    assert_true(connection_query(conn, lock_try_sql(live->arena, lock), NULL, 0, &r, &err));
    bool got = result_bool(r, 0, 0);
    result_free(r);
    return got;
}

static void the_lock_names_its_holder(void **state)
{
    struct live *live = *state;
    struct err err = ERR_INIT;
    struct connection *one, *two;
    struct result *r;
    assert_true(connection_open(&live->url, NULL, &one, &err));
    assert_true(connection_open(&live->url, NULL, &two, &err));
    int64_t keys[] = {lock_key("d", "public", "alembic_version"), lock_key("d", "public", "b"), 5,
                      -5};
    for (size_t i = 0; i < sizeof(keys) / sizeof(keys[0]); i++) {
        const struct lock_wanted lock = lock_wanted(live->arena, keys[i]);
        assert_true(try_lock(live, one, &lock));
        assert_false(try_lock(live, two, &lock));
        const char *sql = lock_holder_sql(live->arena, &lock);
        assert_true(connection_query(two, sql, NULL, 0, &r, &err));
        const char *holder = lock_holder_text(live->arena, r);
        const char *expected = arena_printf(live->arena,
                                            "pid %d, retort, user postgres, connected "
                                            "since 20",
                                            connection_pid(one));
        if (!str_starts_with(holder, expected))
            fail_msg("holder is: %s", holder);
        result_free(r);
    }
    connection_close(one);
    live_wait_for(live, "SELECT count(*) = 0 FROM pg_locks WHERE locktype = 'advisory'");
    const struct lock_wanted first = lock_wanted(live->arena, keys[0]);
    assert_true(try_lock(live, two, &first));
    connection_close(two);
    /* FNV-1a of "retort\0d\0public\0alembic_version\0", computed apart. */
    assert_string_equal(first.args[0], "'-6966749091484324732'::bigint");
}

/* Its keeper is killed: nobody is left to stop the server. */
static void a_scratch_server_ends_with_its_keeper(void **state)
{
    struct live *live = *state;
    struct scratch_server server;
    struct err err = ERR_INIT;
    int ends[2], status;
    assert_int_equal(pipe(ends), 0);
    pid_t pid = fork();
    if (pid == 0) {
        bool ok = scratch_start(live->arena, getenv("PATH"), &server, &err);
        if (ok && write(ends[1], server.dir, strlen(server.dir)) > 0)
            kill(getpid(), SIGKILL);
        _exit(1);
    }
    close(ends[1]);
    char dir[64] = "";
    assert_true(read(ends[0], dir, sizeof(dir) - 1) > 0);
    close(ends[0]);
    assert_int_equal(waitpid(pid, &status, 0), pid);
    assert_true(WIFSIGNALED(status));
    struct database_url url = live->url;
    url.host = dir;
    url.database = "postgres";
    struct connection *conn;
    bool answers = true;
    for (int tries = 0; answers && tries < 1000; tries++) {
        answers = connection_open(&url, NULL, &conn, &err);
        if (answers)
            connection_close(conn);
        poll(NULL, 0, 20);
    }
    assert_false(answers);
    assert_true(file_remove_tree(dir, &err));
    err_clear(&err);
}

static void a_stopped_scratch_server_leaves_nothing(void **state)
{
    struct live *live = *state;
    struct scratch_server server;
    struct err err = ERR_INIT;
    assert_true(scratch_start(live->arena, "", &server, &err)); /* found without $PATH */
    struct stat st;
    assert_int_equal(stat(server.dir, &st), 0);
    assert_int_equal(st.st_mode & 0777, 0700);
    const char *dir = server.dir;
    pid_t pid = server.pid;
    scratch_stop(&server);
    assert_int_not_equal(stat(dir, &st), 0);
    assert_int_not_equal(kill(pid, 0), 0);
    scratch_stop(&server);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(a_result_has_rows_tag_and_count),
        LIVE_TEST(several_statements_are_one_transaction),
        LIVE_TEST(a_pipeline_is_answered_one_by_one),
        LIVE_TEST(a_pipeline_ends_with_what_fails_in_it),
        LIVE_TEST(a_pipeline_of_a_lost_connection_has_the_answers_that_came),
        LIVE_TEST(a_pipeline_may_be_larger_than_what_sockets_take),
        LIVE_TEST(an_error_has_the_servers_fields),
        LIVE_TEST(copy_does_not_hang),
        LIVE_TEST(notices_and_statements_are_told),
        LIVE_TEST(a_cancel_is_known_from_the_answer),
        LIVE_TEST(a_terminated_connection_is_lost),
        LIVE_TEST(what_refuses_a_connection_is_said),
        LIVE_TEST(a_wrong_password_is_said),
        LIVE_TEST(versions_are_read),
        LIVE_TEST(a_table_that_may_not_be_read_is_an_error),
        LIVE_TEST(servers_that_cannot_take_a_run_are_refused),
        LIVE_TEST(the_lock_names_its_holder),
        LIVE_TEST(a_scratch_server_ends_with_its_keeper),
        LIVE_TEST(a_stopped_scratch_server_leaves_nothing),
    };
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
