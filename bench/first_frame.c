/*
 * How long a program on a terminal takes until its first full frame: from exec to the moment since
 * which the upper part of the screen has not changed any more. The same for every program.
 *
 *     first_frame ROWS COLUMNS PROGRAM [ARGUMENT]...
 *
 * starts the program on a terminal of that size, lets it come to rest (nothing written for a
 * while), and ends it. Prints "FRAME REST MEMORY": milliseconds till the first full frame,
 * milliseconds till all of the screen was as it stayed (what is said of loading stands in the two
 * last rows), and the peak memory of the process in kB. With the name of a file in $FRAME_SCREEN
 * the screen goes there. With one in $FRAME_KEYS the program gets these keys before it is ended, a
 * line at a time, each when it has answered the one before; "^[" is Esc, "^M" Enter, "^D" Ctrl-D.
 */
#include <errno.h>
#include <poll.h>
#include <pty.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <vterm.h>

enum { QUIET = 1000, LONGEST = 60000 /* milliseconds */, LAST_ROWS = 2 };

struct screen {
    VTerm *vterm;
    VTermScreen *screen;
    int rows, columns;
};

static double now(void)
{
    struct timespec t;
    clock_gettime(CLOCK_MONOTONIC, &t);
    return (double)t.tv_sec * 1e3 + (double)t.tv_nsec / 1e6;
}

static void fail(const char *what)
{
    fprintf(stderr, "first_frame: %s: %s\n", what, strerror(errno));
    exit(1);
}

static size_t row_text(const struct screen *s, int row, char *out, size_t size)
{
    VTermRect rect = {row, row + 1, 0, s->columns};
    size_t len = vterm_screen_get_text(s->screen, out, size - 1, rect);
    while (len > 0 && out[len - 1] == ' ')
        len--;
    out[len] = '\0';
    return len;
}

/* A fingerprint of the first rows; blank is true when nothing stands there. */
static uint64_t fingerprint(const struct screen *s, int rows)
{
    static char text[1 << 16];
    uint64_t hash = 14695981039346656037u;
    for (int row = 0; row < rows; row++) {
        size_t len = row_text(s, row, text, sizeof text);
        text[len++] = '\n';
        for (size_t i = 0; i < len; i++)
            hash = (hash ^ (unsigned char)text[i]) * 1099511628211u;
    }
    return hash;
}

static void write_screen(const struct screen *s, const char *path)
{
    static char text[1 << 16];
    FILE *out = path ? fopen(path, "w") : NULL;
    for (int row = 0; out && row < s->rows; row++) {
        row_text(s, row, text, sizeof text);
        fprintf(out, "%s\n", text);
    }
    if (out)
        fclose(out);
}

static void open_screen(struct screen *s, int rows, int columns)
{
    *s = (struct screen){.vterm = vterm_new(rows, columns), .rows = rows, .columns = columns};
    vterm_set_utf8(s->vterm, 1);
    s->screen = vterm_obtain_screen(s->vterm);
    vterm_screen_enable_altscreen(s->screen, 1);
    vterm_screen_reset(s->screen, 1);
}

static pid_t start(struct screen *s, char **argv, int *master)
{
    struct winsize size = {.ws_row = (unsigned short)s->rows, .ws_col = (unsigned short)s->columns};
    pid_t pid = forkpty(master, NULL, NULL, &size);
    if (pid < 0)
        fail("forkpty");
    if (pid == 0) {
        setenv("TERM", "xterm-256color", 1);
        setenv("LC_ALL", "C.UTF-8", 1);
        execvp(argv[0], argv);
        _exit(127);
    }
    return pid;
}

/* Follows the program till it rests; when the upper rows, and all of them, changed last. */
static void follow(struct screen *s, int master, double started, double *frame, double *rest)
{
    char buffer[1 << 16];
    uint64_t upper = fingerprint(s, s->rows - LAST_ROWS), all = fingerprint(s, s->rows);
    struct pollfd output = {master, POLLIN, 0};
    *frame = *rest = 0;
    while (now() - started < LONGEST && poll(&output, 1, QUIET) > 0) {
        ssize_t n = read(master, buffer, sizeof buffer);
        if (n <= 0)
            break;
        double time = now() - started;
        vterm_input_write(s->vterm, buffer, (size_t)n);
        vterm_screen_flush_damage(s->screen);
        uint64_t upper_now = fingerprint(s, s->rows - LAST_ROWS);
        uint64_t all_now = fingerprint(s, s->rows);
        *frame = upper_now != upper ? time : *frame;
        *rest = all_now != all ? time : *rest;
        upper = upper_now;
        all = all_now;
    }
}

/* Keys of a line: "^X" is a control character. */
static size_t decode(const char *line, char *out)
{
    size_t len = 0;
    for (; *line && *line != '\n'; line++)
        if (*line == '^' && line[1] >= '@' && line[1] <= '_')
            out[len++] = (char)(*++line & 0x1f);
        else
            out[len++] = *line;
    return len;
}

/* What is written till nothing comes for a while. */
static void drain(struct screen *s, int master, int quiet)
{
    char buffer[1 << 16];
    ssize_t n;
    while (poll(&(struct pollfd){master, POLLIN, 0}, 1, quiet) > 0 &&
           (n = read(master, buffer, sizeof buffer)) > 0)
        vterm_input_write(s->vterm, buffer, (size_t)n);
}

static void type(struct screen *s, int master, const char *path)
{
    enum { ANSWER = 1000, PAUSE = 15 };
    char line[256], keys[256];
    FILE *in = path ? fopen(path, "r") : NULL;
    while (in && fgets(line, sizeof line, in)) {
        size_t len = decode(line, keys);
        if (write(master, keys, len) != (ssize_t)len)
            fail("keys");
        poll(&(struct pollfd){master, POLLIN, 0}, 1, ANSWER);
        drain(s, master, PAUSE);
    }
    if (in)
        fclose(in);
    vterm_screen_flush_damage(s->screen);
}

int main(int argc, char **argv)
{
    struct screen s;
    struct rusage usage;
    int master, status;
    double frame, rest;
    if (argc < 4 || atoi(argv[1]) <= LAST_ROWS || atoi(argv[2]) <= 0) {
        fprintf(stderr, "usage: first_frame ROWS COLUMNS PROGRAM [ARGUMENT]...\n");
        return 2;
    }
    open_screen(&s, atoi(argv[1]), atoi(argv[2]));
    double started = now();
    pid_t pid = start(&s, argv + 3, &master);
    follow(&s, master, started, &frame, &rest);
    type(&s, master, getenv("FRAME_KEYS"));
    write_screen(&s, getenv("FRAME_SCREEN"));
    kill(pid, SIGTERM);
    close(master);
    if (wait4(pid, &status, 0, &usage) < 0)
        fail("wait4");
    if (WIFEXITED(status) && WEXITSTATUS(status) == 127)
        return 1;
    printf("%.1f %.1f %ld\n", frame, rest, usage.ru_maxrss);
    vterm_free(s.vterm);
    return 0;
}
