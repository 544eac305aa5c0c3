/*
 * The console never waits (ui.md, rule 7): while files are read, a revision computes, models are
 * compared or a database does not answer, keys are answered, the time that has passed is shown, and
 * it can be given up.
 */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/socket.h>
#include <sys/un.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "ui/launch.h"

#define ESC    "\033"
#define CTRL_C "\003"

/* Far more than a frame, for a busy machine, and far less than what would be waited for. */
enum { AT_ONCE = 5000 /* milliseconds, on the busiest machine */ };

/* Computes till the interpreter's limit of steps, several times over. */
#define LONG_LOOP                                                                                  \
    "for a in range(9):\n"                                                                         \
    "    try:\n"                                                                                   \
    "        [b for b in range(400000)]\n"                                                         \
    "    except ValueError:\n"                                                                     \
    "        pass\n"

/* A key is answered by what comes to be shown, and soon. */
static void press_and_see(struct pty *pty, const char *keys, const char *text)
{
    int64_t before = clock_monotonic();
    press(pty, keys);
    pty_expect(pty, text);
    int64_t took = (clock_monotonic() - before) / 1000;
    if (took > AT_ONCE)
        fail_msg("%s took %d ms", text, (int)took);
}

/* Help opens, and goes away, whatever else is going on. */
static void expect_answers(struct pty *pty)
{
    press_and_see(pty, "?", "Help");
    press_and_see(pty, "q", "graph");
}

static void quit_at_once(struct pty *pty)
{
    int64_t before = clock_monotonic();
    quit(pty);
    assert_true((clock_monotonic() - before) / 1000 < AT_ONCE);
}

static void write_project_file(struct live *live, const char *project, const char *name,
                               const char *text)
{
    launch_write(live, arena_printf(live->arena, "%s/%s/%s", live_server.dir, project, name), text);
}

/* Takes connections, and says nothing. */
static int open_silence(struct live *live, const char *folder)
{
    struct sockaddr_un address = {.sun_family = AF_UNIX};
    launch_write(live, arena_printf(live->arena, "%s/made", folder), "");
    int length = snprintf(address.sun_path, sizeof address.sun_path, "%s/.s.PGSQL.%s", folder,
                          live->url.port);
    assert_true(length > 0 && (size_t)length < sizeof address.sun_path);
    int fd = socket(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0);
    assert_true(fd >= 0);
    assert_int_equal(bind(fd, (struct sockaddr *)&address, sizeof address), 0);
    assert_int_equal(listen(fd, 16), 0);
    return fd;
}

static void a_server_that_does_not_answer_is_not_waited_for(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = launch_project(live, "silent", "");
    const char *folder = arena_printf(live->arena, "%s/silence", live_server.dir);
    int silence = open_silence(live, folder);
    live->url.host = folder;
    launch_revision(live, "silent", "aa11", "None", "one", "op.execute('SELECT 1')", "pass");
    launch_in(&pty, live, ini, 24, 80, NULL);
    pty_expect(&pty, "connecting...");
    pty_expect(&pty, "aa11 one");
    pty_expect(&pty, "connecting... 1s");
    expect_answers(&pty);
    press_and_see(&pty, "r", "still connecting");
    press_and_see(&pty, ESC, "Enter open");
    press_and_see(&pty, CTRL_C, "reading the database was cancelled");
    pty_expect(&pty, "no connection (R retries)");
    press_and_see(&pty, "R", "connecting...");
    quit_at_once(&pty);
    close(silence);
}

/* A query that is not answered: somebody has locked the version table. */
static void a_query_that_takes_long_is_not_waited_for(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = launch_project(live, "locked", "");
    launch_revision(live, "locked", "aa11", "None", "one", "op.execute('SELECT 1')", "pass");
    live_sql(live, "CREATE TABLE alembic_version (version_num text)");
    live_sql(live, "INSERT INTO alembic_version VALUES ('aa11')");
    live_sql(live, "BEGIN");
    live_sql(live, "LOCK TABLE alembic_version IN ACCESS EXCLUSIVE MODE");
    launch_in(&pty, live, ini, 24, 80, NULL);
    pty_expect(&pty, "reading... 1s");
    expect_answers(&pty);
    press_and_see(&pty, CTRL_C, "reading the database was cancelled");
    press_and_see(&pty, "R", "reading...");
    expect_answers(&pty);
    live_sql(live, "COMMIT");
    pty_wait_for(&pty, "(up to date)");
    quit(&pty);
}

static void files_are_read_while_keys_are_answered(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = launch_project(live, "loading", "");
    write_project_file(live, "loading", "migrations/env.py",
                       "from alembic import context\n" LONG_LOOP
                       "context.configure(target_metadata=None)\ncontext.run_migrations()\n");
    launch_revision(live, "loading", "aa11", "None", "one", "op.execute('SELECT 1')", "pass");
    launch_in(&pty, live, ini, 24, 80, NULL);
    pty_expect(&pty, "reading the files...");
    press_and_see(&pty, "?", "Help");
    press_and_see(&pty, "q", "1 graph");
    pty_expect(&pty, "(1 behind)");
    /* What is shown stays while it is read again, and that can be given up. */
    press_and_see(&pty, "R", "reading files...");
    pty_expect(&pty, "aa11 one");
    press_and_see(&pty, CTRL_C, "reading the files was cancelled");
    pty_expect(&pty, "aa11 one");
    press_and_see(&pty, "R", "reading files...");
    quit_at_once(&pty);
}

static void a_revision_that_computes_is_not_waited_for(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = launch_project(live, "computing", "");
    write_project_file(live, "computing", "migrations/versions/aa11.py",
                       "\"\"\"slow\"\"\"\nfrom alembic import op\nrevision = 'aa11'\n"
                       "down_revision = None\n\n\ndef upgrade():\n"
                       "    for n in range(5):\n"
                       "        [i for i in range(400000)]\n"
                       "    op.execute('SELECT 42')\n\n\ndef downgrade():\n    pass\n");
    launch_revision(live, "computing", "bb22", "'aa11'", "quick", "op.execute('SELECT 77')",
                    "pass");
    launch_in(&pty, live, ini, 24, 80, NULL);
    pty_idle(&pty);
    pty_expect(&pty, "SELECT 77");
    press_and_see(&pty, "j", "rendering...");
    expect_answers(&pty);
    press_and_see(&pty, "k", "SELECT 77"); /* the other is given up */
    press_and_see(&pty, "j", "rendering...");
    pty_expect(&pty, "SELECT 42");
    quit(&pty);
}

/*
 * It comes while frames are drawn for other reasons: to one that does not gather that pane anew,
 * since nothing has changed for it.
 */
static void what_comes_between_frames_is_shown(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = launch_project(live, "between", "");
    enum { TIMES = 20, KEYS = 100 };
    write_project_file(live, "between", "migrations/versions/aa11.py",
                       "\"\"\"slow\"\"\"\nfrom alembic import op\nrevision = 'aa11'\n"
                       "down_revision = None\n\n\ndef upgrade():\n"
                       "    [i for i in range(200000)]\n"
                       "    op.execute('SELECT 42')\n\n\ndef downgrade():\n    pass\n");
    launch_in(&pty, live, ini, 24, 80, NULL);
    for (int i = 0; i < TIMES; i++) {
        press(&pty, "R");
        for (int k = 0; k < KEYS; k++) {
            press(&pty, "j"); /* the only line: nothing but the frame */
            pty_mark(&pty);   /* it is being drawn */
        }
        pty_send(&pty, "j");
        pty_expect_not(&pty, "has no statements");
        pty_expect(&pty, "SELECT 42");
    }
    quit(&pty);
}

static void a_comparison_is_given_up_at_once(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = launch_project(live, "comparing", "");
    write_project_file(live, "comparing", "migrations/env.py",
                       "from alembic import context\nimport models\n"
                       "context.configure(target_metadata=models.metadata)\n"
                       "context.run_migrations()\n");
    write_project_file(live, "comparing", "models.py",
                       "import sqlalchemy as sa\nmetadata = sa.MetaData()\n"
                       "sa.Table('t', metadata, sa.Column('n', sa.Integer))\n");
    launch_in(&pty, live, ini, 24, 80, NULL);
    pty_idle(&pty);
    live_sql(live, "BEGIN");
    live_sql(live, "LOCK TABLE pg_catalog.pg_attrdef IN ACCESS EXCLUSIVE MODE");
    press_and_see(&pty, "d", "comparing the models");
    pty_expect(&pty, "comparing... 1s");
    press_and_see(&pty, "?", "Help");
    press_and_see(&pty, "q", "comparing the models");
    press_and_see(&pty, ESC, "cancelled");
    press_and_see(&pty, "1d", "cancelled");
    press_and_see(&pty, "R", "comparing the models");
    press_and_see(&pty, "R", "comparing the models");
    quit_at_once(&pty);
    live_sql(live, "ROLLBACK");
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(a_server_that_does_not_answer_is_not_waited_for),
        LIVE_TEST(a_query_that_takes_long_is_not_waited_for),
        LIVE_TEST(files_are_read_while_keys_are_answered),
        LIVE_TEST(a_revision_that_computes_is_not_waited_for),
        LIVE_TEST(what_comes_between_frames_is_shown),
        LIVE_TEST(a_comparison_is_given_up_at_once),
    };
    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
