/*
 * Signals and what surrounds the program: it gives the terminal back on every way out, and whenever
 * somebody else is to have it; what libraries print is kept off the screen.
 */
#include "config.h"

#include <fcntl.h>
#include <locale.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/str.h"
#include "ui/launch.h"

#define ESC "\033"

/*
 * The program as the job of a shell that continues it as soon as it has stopped: a program without
 * anybody who could continue it cannot be stopped by its terminal.
 */
static void start_job(struct pty *pty, struct live *live)
{
    const char *source = getenv("top_srcdir"), *program = getenv("RETORT");
    const char *script = arena_printf(
        live->arena,
        "%s -c %s/examples/model_app/alembic.ini --url 'postgresql://%s@/%s?host=%s&port=%s'; "
        "echo stopped $?; stty -a | tr ';' '\\n' | grep -w icanon; fg >/dev/null; echo ended $?",
        program ? program : "./retort", source ? source : ".", live->url.user, live->url.database,
        live->url.host, live->url.port);
    const char *argv[] = {"/bin/bash", "-mc", script, NULL};
    const char *variables[] = {
        arena_printf(live->arena, "HOME=%s", live_server.dir),
        arena_printf(live->arena, "XDG_STATE_HOME=%s/state", live_server.dir), NULL};
    pty_start(pty, 24, 80, argv, variables);
    pty_idle(pty);
}

/* Whether the shell had the terminal as it was before, and the console has it again. */
static void expect_stopped(struct pty *pty)
{
    for (int i = 0; i < 100 && !strstr(pty->output.ptr, "stopped 148"); i++)
        pty_quiet(pty);
    const char *stopped = strstr(pty->output.ptr, "stopped 148");
    assert_non_null(stopped);
    assert_non_null(strstr(stopped, " icanon"));
    pty_expect(pty, "[graph] 92f4b617d3a8");
    assert_true(pty->alternate);
    pty_expect_not(pty, "stopped 148");
    pty_type(pty, "j");
    pty_expect(pty, "[graph] 81e3a506c297");
    pty_type(pty, "k");
}

static void end_job(struct pty *pty)
{
    press(pty, "Q");
    pty_end(pty);
    pty_expect(pty, "ended 0");
    pty_expect_restored(pty);
    pty_clear(pty);
}

static void ctrl_z_stops_the_job_and_fg_brings_it_back(void **state)
{
    struct pty pty;
    start_job(&pty, *state);
    press(&pty, "\032");
    expect_stopped(&pty);
    end_job(&pty);
}

static void stopped_by_others_it_gives_the_terminal_back_first(void **state)
{
    struct pty pty;
    start_job(&pty, *state);
    pid_t job = tcgetpgrp(pty.master); /* the slave is not the terminal of this process */
    assert_true(job > 1); /* -1 would be everybody */
    kill(job, SIGTSTP);
    expect_stopped(&pty);
    end_job(&pty);
}

static void stopped_without_a_word_it_draws_all_again(void **state)
{
    struct pty pty;
    start(&pty, *state, 24, 80, NULL);
    kill(pty.pid, SIGSTOP); /* nobody is asked */
    int status;
    assert_int_equal(waitpid(pty.pid, &status, WUNTRACED), pty.pid);
    assert_int_equal(write(pty.slave, "a shell was here", 16), 16);
    kill(pty.pid, SIGCONT);
    pty_expect(&pty, "[graph] 92f4b617d3a8");
    pty_expect_not(&pty, "a shell was here");
    quit(&pty);
}

static void every_signal_that_ends_it_restores_the_terminal(void **state)
{
    static const struct {
        int number;
        bool crash;
    } signals[] = {
        {SIGTERM, false}, {SIGHUP, false}, {SIGINT, false}, {SIGQUIT, false},
        {SIGSEGV, true},  {SIGABRT, true}, {SIGBUS, true},  {SIGFPE, true},  {SIGILL, true},
    };
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++) {
        struct pty pty;
        start(&pty, *state, 24, 80, NULL);
        pty_type(&pty, ":set mouse=on\r");
        kill(pty.pid, signals[i].number);
        int status = pty_end(&pty);
        if (signals[i].crash)
            assert_true(WIFSIGNALED(status) && WTERMSIG(status) == signals[i].number);
        else
            assert_true(WIFEXITED(status) && WEXITSTATUS(status) == 128 + signals[i].number);
        pty_expect_restored(&pty);
        pty_clear(&pty);
    }
}

static void a_reader_that_is_gone_does_not_end_it(void **state)
{
    struct pty pty;
    start(&pty, *state, 24, 80, NULL);
    kill(pty.pid, SIGPIPE);
    pty_type(&pty, "j");
    pty_expect(&pty, "[graph] 81e3a506c297");
    quit(&pty);
}

static void it_ends_when_the_terminal_is_gone(void **state)
{
    struct pty pty;
    int status;
    start(&pty, *state, 24, 80, NULL);
    close(pty.slave);
    close(pty.master);
    assert_int_equal(waitpid(pty.pid, &status, 0), pty.pid);
    assert_true(WIFEXITED(status));
    assert_int_equal(WEXITSTATUS(status), 128 + SIGHUP);
    pty.pid = 0;
    pty.master = open("/dev/null", O_RDWR);
    pty.slave = open("/dev/null", O_RDWR);
    pty_clear(&pty);
}

/* What a program prints that is given another descriptor than the terminal's. */
static void print_on(const struct pty *pty, int fd, const char *text)
{
    char path[64];
    snprintf(path, sizeof path, "/proc/%d/fd/%d", (int)pty->pid, fd);
    int out = open(path, O_WRONLY | O_APPEND);
    if (out < 0)
        skip(); /* no /proc */
    assert_int_equal(write(out, text, strlen(text)), strlen(text));
    close(out);
}

static void what_is_printed_goes_to_the_log(void **state)
{
    struct pty pty;
    start(&pty, *state, 24, 80, NULL);
    print_on(&pty, 1, "on standard output " ESC "[31m\n");
    print_on(&pty, 2, "on standard error\nhalf a line");
    pty_type(&pty, "j");
    pty_expect_not(&pty, "on standard");
    pty_type(&pty, "6O");
    pty_expect(&pty, "warning on standard output ^[[31m");
    pty_expect(&pty, "warning on standard error");
    assert_null(strstr(pty.output.ptr, "output " ESC "[31m"));
    press(&pty, "Q");
    int status = pty_end(&pty);
    assert_int_equal(WEXITSTATUS(status), 0);
    pty_expect_restored(&pty);
    pty_expect(&pty, "half a line"); /* nobody had seen it */
    pty_expect_not(&pty, "on standard error");
    pty_clear(&pty);
}

/* libpq itself prints what it thinks of the rights of a password file. */
static void what_a_library_prints_unseen_comes_after_the_end(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *file = arena_printf(live->arena, "%s/pgpass", live_server.dir);
    const char *const variables[] = {arena_printf(live->arena, "PGPASSFILE=%s", file), NULL};
    launch_write(live, file, "*:*:*:*:none\n");
    assert_int_equal(chmod(file, 0644), 0);
    start(&pty, live, 24, 80, variables);
    pty_expect_not(&pty, "WARNING");
    press(&pty, "Q");
    int status = pty_end(&pty);
    assert_int_equal(WEXITSTATUS(status), 0);
    pty_expect_restored(&pty);
    pty_expect(&pty, "WARNING: password file");
    pty_clear(&pty);
}

static void what_was_printed_before_a_crash_is_shown(void **state)
{
    struct pty pty;
    start(&pty, *state, 24, 80, NULL);
    print_on(&pty, 2, "malloc(): the last words\n");
    kill(pty.pid, SIGABRT);
    pty_end(&pty);
    pty_expect_restored(&pty);
    pty_expect(&pty, "malloc(): the last words");
    pty_clear(&pty);
}

/* An editor that looks at what it was given. */
static void a_child_has_the_real_terminal(void **state)
{
    static const char *const variables[] = {
        "VISUAL=sh -c 'test -t 1 && test -t 2 && echo a-terminal >&2; kill -INT 0; sleep 0.1'",
        NULL};
    struct pty pty;
    start(&pty, *state, 24, 80, variables);
    pty_type(&pty, "e"); /* its ^C is its own */
    pty_expect(&pty, "[graph] 92f4b617d3a8");
    assert_non_null(strstr(pty.output.ptr, "a-terminal"));
    pty_type(&pty, "j");
    pty_expect(&pty, "[graph] 81e3a506c297");
    quit(&pty);
}

static void a_storm_of_resizes_during_a_run_loses_nothing(void **state)
{
    struct live *live = *state;
    struct pty pty;
    start(&pty, live, 24, 80, NULL);
    pty_type(&pty, "rnyt");
    live_sql(live, "BEGIN");
    live_sql(live, "CREATE TABLE scope (id int)");
    press(&pty, "s");
    live_wait_for(live, "SELECT count(*) > 0 FROM pg_stat_activity WHERE wait_event_type = 'Lock' "
                        "AND datname = current_database()");
    for (int i = 0; i < 400; i++) {
        struct winsize size = {.ws_row = (unsigned short)(i % 3 ? 1 + i * 7 % 70 : 1),
                               .ws_col = (unsigned short)(i % 5 ? 1 + i * 13 % 210 : 1)};
        assert_int_equal(ioctl(pty.master, TIOCSWINSZ, &size), 0);
        if (i % 20 == 0)
            pty_quiet(&pty);
    }
    live_sql(live, "ROLLBACK");
    pty_size(&pty, 30, 100);
    pty_watch_for(&pty, "paused 1/");
    pty_send(&pty, "\014");
    pty_expect(&pty, "RUN");
    pty_expect(&pty, "in transaction");
    pty_type(&pty, "ab");
    pty_expect(&pty, "at base (9 behind)");
    quit(&pty);
}

/* usage: test_signals [PATTERN]: only the tests whose names match. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(ctrl_z_stops_the_job_and_fg_brings_it_back),
        LIVE_TEST(stopped_by_others_it_gives_the_terminal_back_first),
        LIVE_TEST(stopped_without_a_word_it_draws_all_again),
        LIVE_TEST(every_signal_that_ends_it_restores_the_terminal),
        LIVE_TEST(a_reader_that_is_gone_does_not_end_it),
        LIVE_TEST(it_ends_when_the_terminal_is_gone),
        LIVE_TEST(what_is_printed_goes_to_the_log),
        LIVE_TEST(what_a_library_prints_unseen_comes_after_the_end),
        LIVE_TEST(what_was_printed_before_a_crash_is_shown),
        LIVE_TEST(a_child_has_the_real_terminal),
        LIVE_TEST(a_storm_of_resizes_during_a_run_loses_nothing),
    };
    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
