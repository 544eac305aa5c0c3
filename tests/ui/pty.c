#include "config.h"

#include "ui/pty.h"

#include <errno.h>
#include <fcntl.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/clock.h"
#include "unit/unit.h"

enum { PATIENCE = 20000 }; /* milliseconds */

static int on_property(VTermProp prop, VTermValue *value, void *user)
{
    struct pty *pty = user;
    if (prop == VTERM_PROP_ALTSCREEN)
        pty->alternate = value->boolean;
    else if (prop == VTERM_PROP_CURSORVISIBLE)
        pty->cursor = value->boolean;
    else if (prop == VTERM_PROP_MOUSE)
        pty->mouse = value->number != VTERM_PROP_MOUSE_NONE;
    return 1;
}

static const VTermScreenCallbacks callbacks = {.settermprop = on_property};

static void start_child(struct pty *pty, int probe, const char *const *argv,
                        const char *const *variables)
{
    char fd[16];
    setsid();
    ioctl(pty->slave, TIOCSCTTY, 0);
    for (int i = 0; i < 3; i++)
        dup2(pty->slave, i);
    snprintf(fd, sizeof fd, "%d", probe);
    setenv("RETORT_IDLE_FD", fd, 1);
    setenv("TERM", "xterm-256color", 1);
    setenv("LC_ALL", "C.UTF-8", 1);
    setenv("TZ", "UTC", 1);
    setenv("ESCDELAY", "25", 1);
    unsetenv("LINES");
    unsetenv("COLUMNS");
    unsetenv("NO_COLOR");
    for (; variables && *variables; variables++)
        putenv(strdup(*variables));
    execv(argv[0], (char *const *)(uintptr_t)argv);
    _exit(127);
}

void pty_start(struct pty *pty, int rows, int columns, const char *const *argv,
               const char *const *variables)
{
    int probe[2];
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    *pty = (struct pty){.rows = rows, .columns = columns, .cursor = true, .output = STR_INIT};
    assert_int_equal(openpty(&pty->master, &pty->slave, NULL, NULL, &size), 0);
    assert_int_equal(socketpair(AF_UNIX, SOCK_STREAM, 0, probe), 0);
    tcgetattr(pty->slave, &pty->before);
    pty->vterm = vterm_new(rows, columns);
    vterm_set_utf8(pty->vterm, 1);
    pty->screen = vterm_obtain_screen(pty->vterm);
    vterm_screen_enable_altscreen(pty->screen, 1);
    vterm_screen_set_callbacks(pty->screen, &callbacks, pty);
    vterm_screen_reset(pty->screen, 1);
    pty->pid = fork();
    assert_true(pty->pid >= 0);
    if (pty->pid == 0) {
        close(probe[0]);
        close(pty->master);
        start_child(pty, probe[1], argv, variables);
    }
    close(probe[1]);
    pty->probe = probe[0];
    fcntl(pty->probe, F_SETFD, FD_CLOEXEC);
    fcntl(pty->master, F_SETFL, O_NONBLOCK);
}

/* Takes in what the program has written so far. */
static void drain(struct pty *pty)
{
    char buffer[8192];
    ssize_t n;
    while ((n = read(pty->master, buffer, sizeof buffer)) > 0) {
        vterm_input_write(pty->vterm, buffer, (size_t)n);
        str_addn(&pty->output, buffer, (size_t)n);
    }
    vterm_screen_flush_damage(pty->screen);
}

static void print_screen(struct pty *pty)
{
    int status;
    if (pty->pid > 0 && waitpid(pty->pid, &status, WNOHANG) == pty->pid) {
        fprintf(stderr, "the program ended with wait status %d\n", status);
        pty->pid = 0;
    }
    for (int row = 0; row < pty->rows; row++)
        fprintf(stderr, "|%s\n", pty_row(pty, row));
}

/*
 * Takes in what is written within so many milliseconds; false when nothing is, or the program ends.
 */
static bool wait_output(struct pty *pty, int milliseconds)
{
    struct pollfd polls[2] = {{pty->master, POLLIN, 0}, {pty->probe, 0, 0}};
    poll(polls, 2, milliseconds);
    drain(pty);
    return polls[0].revents & POLLIN;
}

enum answer { ANSWERED, ENDED, SILENT };

/*
 * Asks the program ('c': what it has heard of; 'i': the same, when it is idle) and takes in what it
 * writes meanwhile. SILENT: neither an answer nor output came for long.
 */
static enum answer ask(struct pty *pty, char question, uint32_t *came)
{
    if (send(pty->probe, &question, 1, MSG_NOSIGNAL) != 1)
        return ENDED;
    for (;;) {
        struct pollfd polls[2] = {{pty->probe, POLLIN, 0}, {pty->master, POLLIN, 0}};
        int n = poll(polls, 2, PATIENCE);
        if (polls[1].revents & POLLIN)
            drain(pty);
        if (polls[0].revents) {
            bool answered = recv(pty->probe, came, sizeof *came, 0) == sizeof *came;
            drain(pty); /* what it drew before it said so */
            return answered ? ANSWERED : ENDED;
        }
        if (n <= 0)
            return SILENT;
    }
}

/* The same until what was marked has arrived; the kernel hands on what is typed in its own time. */
static enum answer come_to_rest(struct pty *pty)
{
    uint32_t came;
    enum answer answer;
    const int64_t end = clock_monotonic() + PATIENCE * (int64_t)1000;
    while ((answer = ask(pty, 'i', &came)) == ANSWERED && pty->is_marked && came == pty->came) {
        if (clock_monotonic() > end)
            return SILENT;
        wait_output(pty, 1);
    }
    pty->is_marked = false;
    return answer;
}

static void expect_answer(struct pty *pty, enum answer answer)
{
    if (answer == ANSWERED)
        return;
    print_screen(pty);
    fail_msg("%s", answer == ENDED ? "the program ended" : "the program does not come to rest");
}

void pty_idle(struct pty *pty)
{
    expect_answer(pty, come_to_rest(pty));
}

bool pty_settle(struct pty *pty)
{
    enum answer answer = come_to_rest(pty);
    if (answer == SILENT)
        expect_answer(pty, answer);
    return answer == ANSWERED;
}

void pty_mark(struct pty *pty)
{
    expect_answer(pty, ask(pty, 'c', &pty->came));
    pty->is_marked = true;
}

void pty_wait_for(struct pty *pty, const char *text)
{
    const int64_t end = clock_monotonic() + 2 * PATIENCE * (int64_t)1000;
    for (pty_idle(pty); !pty_shows(pty, text); pty_idle(pty)) {
        if (clock_monotonic() > end || !wait_output(pty, PATIENCE)) {
            print_screen(pty);
            fail_msg("the program never rests showing: %s", text);
        }
    }
}

void pty_watch_for(struct pty *pty, const char *text)
{
    const int64_t end = clock_monotonic() + 3 * PATIENCE * (int64_t)1000;
    while (!pty_shows(pty, text)) {
        if (clock_monotonic() > end || !wait_output(pty, PATIENCE)) {
            print_screen(pty);
            fail_msg("the program never shows: %s", text);
        }
    }
}

void pty_write(struct pty *pty, const char *text, size_t len)
{
    pty_mark(pty);
    for (size_t at = 0; at < len;) {
        struct pollfd room = {pty->master, POLLOUT | POLLIN, 0};
        ssize_t n = write(pty->master, text + at, len - at < 4096 ? len - at : 4096);
        if (n > 0)
            at += (size_t)n;
        else if (poll(&room, 1, PATIENCE) <= 0)
            fail_msg("the program does not read what is typed");
        drain(pty);
    }
}

void pty_send(struct pty *pty, const char *sequence)
{
    size_t len = strlen(sequence);
    pty_mark(pty);
    assert_int_equal(write(pty->master, sequence, len), len);
    pty_idle(pty);
}

void pty_type(struct pty *pty, const char *keys)
{
    for (; *keys; keys++)
        pty_send(pty, (char[]){*keys, '\0'});
}

void pty_quiet(struct pty *pty)
{
    enum { QUIET = 150, TRIES = 20 };
    struct pollfd output = {pty->master, POLLIN, 0};
    for (int i = 0; i < TRIES && poll(&output, 1, QUIET) > 0; i++)
        drain(pty);
}

void pty_size(struct pty *pty, int rows, int columns)
{
    struct winsize size = {.ws_row = (unsigned short)rows, .ws_col = (unsigned short)columns};
    pty->rows = rows;
    pty->columns = columns;
    vterm_set_size(pty->vterm, rows, columns);
    assert_int_equal(ioctl(pty->master, TIOCSWINSZ, &size), 0);
}

void pty_resize(struct pty *pty, int rows, int columns)
{
    if (rows != pty->rows || columns != pty->columns) /* or the program hears of nothing */
        pty_mark(pty);
    pty_size(pty, rows, columns);
    pty_idle(pty);
}

const char *pty_row(struct pty *pty, int row)
{
    static char text[4096];
    VTermRect rect = {row, row + 1, 0, pty->columns};
    size_t len = vterm_screen_get_text(pty->screen, text, sizeof text - 1, rect);
    while (len > 0 && (text[len - 1] == ' ' || text[len - 1] == '\n'))
        len--;
    text[len] = '\0';
    return text;
}

bool pty_shows(struct pty *pty, const char *text)
{
    for (int row = 0; row < pty->rows; row++)
        if (strstr(pty_row(pty, row), text))
            return true;
    return false;
}

void pty_expect(struct pty *pty, const char *text)
{
    const int64_t end = clock_monotonic() + PATIENCE * (int64_t)1000;
    while (!pty_shows(pty, text) && clock_monotonic() < end && wait_output(pty, PATIENCE))
        continue;
    if (pty_shows(pty, text))
        return;
    print_screen(pty);
    fail_msg("the screen does not show \"%s\"", text);
}

void pty_expect_not(struct pty *pty, const char *text)
{
    if (!pty_shows(pty, text))
        return;
    print_screen(pty);
    fail_msg("the screen shows \"%s\"", text);
}

int pty_end(struct pty *pty)
{
    int status = 0;
    const int64_t end = clock_monotonic() + PATIENCE * (int64_t)1000;
    while (waitpid(pty->pid, &status, WNOHANG) == 0) {
        wait_output(pty, 1); /* it ends when all that it writes is read */
        if (clock_monotonic() < end)
            continue;
        print_screen(pty);
        fail_msg("the program does not end");
    }
    pty->pid = 0;
    drain(pty);
    return status;
}

/* Whether what was switched on, if it was, is off again. */
static bool is_off(const struct str *output, const char *on, const char *off)
{
    const char *last_on = NULL, *last_off = NULL;
    for (const char *at = output->ptr; (at = strstr(at, on)) != NULL; at++)
        last_on = at;
    for (const char *at = output->ptr; (at = strstr(at, off)) != NULL; at++)
        last_off = at;
    return !last_on || (last_off && last_off > last_on);
}

void pty_expect_restored(struct pty *pty)
{
    struct termios after;
    tcgetattr(pty->slave, &after);
    assert_int_equal(after.c_iflag, pty->before.c_iflag);
    assert_int_equal(after.c_oflag, pty->before.c_oflag);
    assert_int_equal(after.c_cflag, pty->before.c_cflag);
    assert_int_equal(after.c_lflag, pty->before.c_lflag);
    assert_memory_equal(after.c_cc, pty->before.c_cc, sizeof after.c_cc);
    assert_false(pty->alternate);
    assert_true(pty->cursor);
    assert_false(pty->mouse);
    assert_true(is_off(&pty->output, "\033[?2004h", "\033[?2004l"));
    assert_true(is_off(&pty->output, "\033[?1h", "\033[?1l")); /* keys of the cursor */
}

void pty_clear(struct pty *pty)
{
    if (pty->pid > 0) {
        kill(pty->pid, SIGKILL);
        waitpid(pty->pid, NULL, 0);
    }
    close(pty->master);
    close(pty->slave);
    close(pty->probe);
    vterm_free(pty->vterm);
    str_clear(&pty->output);
}
