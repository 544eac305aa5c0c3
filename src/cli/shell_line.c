/*
 * Lines for the shell. On a terminal they are edited by libedit; where that has nothing to move a
 * cursor with (TERM=dumb, no terminfo) the terminal's own line mode has to do; without a terminal
 * lines are read as they are and nothing is asked. A run that waits is heard all the time.
 */
#include "config.h"

#include <errno.h>
#include <fcntl.h>
#include <histedit.h>
#include <string.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/str.h"
#include "cli/open.h"
#include "cli/shell.h"
#include "run/link.h"

enum { LINE_MAX_BYTES = 64 << 10, PASTE_MAX = 64 << 10 };

static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";

struct shell_line {
    struct shell *sh;
    int fd;           /* that lines come from */
    EditLine *el;     /* NULL: not edited */
    History *history;
    FILE *screen;     /* what libedit draws on; NULL: no terminal */
    char *history_path;
    struct str prompt, text;
    mbstate_t shift;
    enum line_result why; /* a line came to nothing */
};

/* -- waiting ------------------------------------------------------------------------------------
 */

static volatile sig_atomic_t suspends, resizes;

static void on_suspend(int number)
{
    (void)number;
    suspends = 1;
}

static void on_resize(int number)
{
    (void)number;
    resizes = 1;
}

/* What libedit must know of before it goes on. */
static void take_signals(struct shell_line *line)
{
    if (resizes && line->el)
        el_resize(line->el);
    resizes = 0;
    if (!suspends)
        return;
    suspends = 0;
    if (line->el)
        el_set(line->el, EL_PREP_TERM, 0);
    raise(SIGSTOP);
    if (line->el) {
        el_set(line->el, EL_PREP_TERM, 1);
        el_set(line->el, EL_REFRESH);
    }
}

static void show_prompt(struct shell_line *line)
{
    if (line->screen && !line->el) {
        fputs(line->prompt.ptr, line->screen);
        fflush(line->screen);
    }
}

/* After what a run told while the prompt stands: the prompt again, with what was typed. */
static void redraw(struct shell_line *line)
{
    line->sh->told_at_prompt = false;
    str_cut(&line->prompt, 0);
    shell_prompt(line->sh, &line->prompt);
    if (line->el)
        el_set(line->el, EL_REFRESH);
    else
        show_prompt(line);
}

/* Signals come only while it waits: none is missed between the look at them and the wait. */
static int wait_once(const struct shell *sh, struct pollfd *polls, size_t n, int timeout)
{
    static const int numbers[] = {SIGINT, SIGTERM, SIGHUP, SIGTSTP, SIGWINCH};
    const struct timespec limit = {timeout / 1000, timeout % 1000 * 1000000L};
    sigset_t blocked, before;
    sigemptyset(&blocked);
    for (size_t i = 0; i < sizeof(numbers) / sizeof(numbers[0]); i++)
        sigaddset(&blocked, numbers[i]);
    sigprocmask(SIG_BLOCK, &blocked, &before);
    bool is_told =
        suspends || resizes || shell_terminated || shell_interrupts != sh->seen;
    int ready = is_told ? 0 : ppoll(polls, n, timeout < 0 ? NULL : &limit, &before);
    sigprocmask(SIG_SETMASK, &before, NULL);
    return ready;
}

static void note_signals(struct shell_line *line)
{
    if (shell_terminated)
        line->why = LINE_TERMINATED;
    else if (shell_interrupts != line->sh->seen)
        line->why = LINE_INTERRUPTED;
}

/* Waits for input, hearing the run; false: line->why says what came instead. */
static bool wait_for_input(struct shell_line *line)
{
    struct shell *sh = line->sh;
    for (;;) {
        struct pollfd polls[LINK_POLLS_MAX + 1];
        struct link *link = sh->work ? sh->work->link : NULL;
        size_t n = link ? link_polls(link, polls + 1, LINK_POLLS_MAX) : 0;
        polls[0] = (struct pollfd){.fd = line->fd, .events = POLLIN};
        int ready = wait_once(sh, polls, n + 1, link ? link_timeout(link) : -1);
        take_signals(line);
        note_signals(line);
        if (line->why != LINE_READ)
            return false;
        if (link && shell_hear(sh))
            redraw(line);
        if (ready > 0 && polls[0].revents)
            return true;
    }
}

/* One byte; false at the end, or when something else came. */
static bool read_byte(struct shell_line *line, char *out)
{
    ssize_t n;
    do {
        if (!wait_for_input(line))
            return false;
        n = read(line->fd, out, 1);
    } while (n < 0 && (errno == EINTR || errno == EAGAIN));
    if (n <= 0)
        line->why = LINE_END;
    return n > 0;
}

/* -- libedit ------------------------------------------------------------------------------------
 */

static struct shell_line *line_of(EditLine *el)
{
    void *line = NULL;
    el_get(el, EL_CLIENTDATA, &line);
    return line;
}

static char *give_prompt(EditLine *el)
{
    return line_of(el)->prompt.ptr;
}

static int give_character(EditLine *el, wchar_t *out)
{
    struct shell_line *line = line_of(el);
    char byte;
    while (read_byte(line, &byte)) {
        size_t n = mbrtowc(out, &byte, 1, &line->shift);
        if (n == (size_t)-1) {
            line->shift = (mbstate_t){0}; /* no character of this locale */
            continue;
        }
        if (n == (size_t)-2)
            continue;
        return 1;
    }
    return line->why == LINE_END ? 0 : -1;
}

/* Pasted text is text: its line ends become blanks, and nothing of it runs by itself. */
static unsigned char take_paste(EditLine *el, int ch)
{
    static const char end[] = "\033[201~";
    struct str text = STR_INIT;
    char c;
    (void)ch;
    while (text.len < PASTE_MAX && !str_ends_with(text.ptr, end) && el_getc(el, &c) == 1)
        if (c)
            str_addc(&text, c);
    if (str_ends_with(text.ptr, end))
        str_cut(&text, text.len - strlen(end));
    for (size_t i = 0; i < text.len; i++)
        if ((unsigned char)text.ptr[i] < ' ')
            text.ptr[i] = ' ';
    if (text.len)
        el_insertstr(el, text.ptr);
    str_clear(&text);
    return CC_REFRESH;
}

static size_t common_length(const struct shell_words *words)
{
    size_t common = strlen(words->at[0]);
    for (size_t i = 1; i < words->len; i++) {
        size_t same = 0;
        while (same < common && words->at[i][same] == words->at[0][same])
            same++;
        common = same;
    }
    return common;
}

static void list_offers(struct shell_line *line, const struct shell_words *words)
{
    fputc('\n', line->screen);
    for (size_t i = 0; i < words->len; i++)
        fprintf(line->screen, "%s%s", i ? "  " : "", words->at[i]);
    fputc('\n', line->screen);
    fflush(line->screen);
    el_set(line->el, EL_REFRESH);
}

static unsigned char complete(EditLine *el, int ch)
{
    struct shell_line *line = line_of(el);
    const struct shell_place *place = line->sh->place;
    const LineInfo *info = el_line(el);
    struct arena *a = arena_new();
    struct shell_words words = {0};
    const char *text = arena_strndup(a, info->buffer, (size_t)(info->cursor - info->buffer));
    size_t start;
    unsigned char result = CC_REFRESH;
    (void)ch;
    shell_complete(a, text, place ? place->cli.graph : NULL, line->sh->cli->process->cwd, &start,
                   &words);
    size_t typed = strlen(text) - start, common = words.len ? common_length(&words) : 0;
    bool whole = words.len == 1 && common && !strchr("/=", words.at[0][common - 1]);
    if (common > typed || whole)
        el_insertstr(el, arena_printf(a, "%.*s%s", (int)(common - typed), words.at[0] + typed,
                                      whole ? " " : ""));
    else if (words.len > 1)
        list_offers(line, &words);
    else
        result = CC_REFRESH_BEEP;
    arena_free(a);
    return result;
}

/* Whether the terminal can be told to erase a line and to go back in it. */
static bool has_cursor(EditLine *el)
{
    char *erase = NULL, *up = NULL;
    char erase_name[] = "ce", up_name[] = "up"; /* libedit takes them as char * */
    return el_get(el, EL_GETTC, erase_name, &erase) == 0 && erase && *erase &&
           el_get(el, EL_GETTC, up_name, &up) == 0 && up && *up;
}

static EditLine *start_editor(const char *term, FILE *in, FILE *screen)
{
    if (!term || !*term || strcmp(term, "dumb") == 0)
        return NULL;
    /* What it has to say of a terminal that it does not know is of no use here. */
    FILE *nowhere = fopen("/dev/null", "we");
    EditLine *el = nowhere ? el_init("retort", in, screen, nowhere) : NULL;
    bool fits = el && has_cursor(el);
    if (el && !fits)
        el_end(el);
    else if (el)
        el_set(el, EL_SETFP, 2, screen);
    if (nowhere)
        fclose(nowhere);
    return fits ? el : NULL;
}

static void add_to_history(struct shell_line *line, const char *text)
{
    HistEvent event;
    if (line->history)
        history(line->history, &event, H_ENTER, text);
}

static void load_history(struct shell_line *line)
{
    struct arena *a = arena_new();
    struct shell_words lines;
    HistEvent event;
    line->history = history_init();
    if (line->history) {
        history(line->history, &event, H_SETSIZE, SHELL_HISTORY_MAX);
        history(line->history, &event, H_SETUNIQUE, 1);
    }
    shell_history_read(a, line->history_path, &lines);
    for (size_t i = 0; i < lines.len; i++)
        add_to_history(line, lines.at[i]);
    arena_free(a);
}

static void set_up_editor(struct shell_line *line)
{
    EditLine *el = line->el;
    el_set(el, EL_CLIENTDATA, line);
    el_set(el, EL_GETCFN, give_character);
    el_set(el, EL_PROMPT, give_prompt);
    el_set(el, EL_EDITOR, "emacs");
    el_set(el, EL_ADDFN, "complete", "complete the word", complete);
    el_set(el, EL_ADDFN, "paste", "take pasted text", take_paste);
    el_set(el, EL_BIND, "^R", "em-inc-search-prev", NULL);
    el_source(el, NULL);
    el_set(el, EL_BIND, "^I", "complete", NULL);
    el_set(el, EL_BIND, "\\e[200~", "paste", NULL);
    if (line->history)
        el_set(el, EL_HIST, history, line->history);
}

/* -- from outside -------------------------------------------------------------------------------
 */

struct shell_line *shell_line_new(struct shell *sh)
{
    const struct cli_process *p = sh->cli->process;
    struct shell_line *line = mem_alloc(sizeof(*line));
    struct err ignored = ERR_INIT;
    *line = (struct shell_line){.sh = sh, .fd = fileno(p->in)};
    line->prompt = line->text = STR_INIT;
    if (!sh->interactive)
        return line;
    /* Not p->out: libedit draws, and its control characters must arrive. */
    int fd = dup(p->out_is_terminal ? STDOUT_FILENO : STDERR_FILENO);
    line->screen = fd >= 0 ? fdopen(fd, "w") : NULL;
    const char *dir = cli_journal_dir(sh->cli, &ignored);
    err_clear(&ignored);
    if (dir)
        line->history_path = mem_strdup(path_join(sh->cli->arena, dir, "shell_history"));
    if (line->screen)
        line->el = start_editor(cli_getenv(sh->cli, "TERM"), p->in, line->screen);
    if (line->history_path && line->el)
        load_history(line);
    if (line->el)
        set_up_editor(line);
    return line;
}

/* A line as it comes, without editing. */
static enum line_result read_plain(struct shell_line *line)
{
    char c = 0;
    str_cut(&line->text, 0);
    while (read_byte(line, &c) && c != '\n')
        if (c && line->text.len < LINE_MAX_BYTES)
            str_addc(&line->text, c);
    return c == '\n' ? LINE_READ : line->why;
}

static enum line_result read_edited(struct shell_line *line)
{
    int count = 0;
    fputs(paste_on, line->screen);
    fflush(line->screen);
    el_set(line->el, EL_PREP_TERM, 1); /* else the prompt stands before keys are taken as keys */
    const char *text = el_gets(line->el, &count);
    fputs(paste_off, line->screen);
    fflush(line->screen);
    str_cut(&line->text, 0);
    if (!text || count <= 0 || line->why != LINE_READ)
        return line->why == LINE_READ ? LINE_END : line->why;
    str_addn(&line->text, text, (size_t)count);
    str_trim(&line->text);
    return LINE_READ;
}

static void remember(struct shell_line *line)
{
    if (!line->history_path || !shell_history_keeps(line->text.ptr))
        return;
    add_to_history(line, line->text.ptr);
    shell_history_add(line->history_path, line->text.ptr);
}

enum line_result shell_line_read(struct shell_line *line, const char **out)
{
    struct sigaction stop = {.sa_handler = on_suspend}, size = {.sa_handler = on_resize};
    struct sigaction old_stop, old_size;
    line->why = LINE_READ;
    if (line->screen) /* elsewhere it ends the shell, whenever it comes */
        line->sh->seen = shell_interrupts;
    line->sh->told_at_prompt = false;
    str_cut(&line->prompt, 0);
    line->sh->at_prompt = true;
    if (line->screen) {
        shell_prompt(line->sh, &line->prompt);
        sigaction(SIGTSTP, &stop, &old_stop);
        sigaction(SIGWINCH, &size, &old_size);
        show_prompt(line);
    }
    enum line_result result = line->el ? read_edited(line) : read_plain(line);
    if (line->screen) {
        sigaction(SIGTSTP, &old_stop, NULL);
        sigaction(SIGWINCH, &old_size, NULL);
        if (result != LINE_READ)
            fputc('\n', line->screen);
        fflush(line->screen);
    }
    if (result == LINE_READ && line->screen)
        remember(line);
    line->sh->at_prompt = false;
    line->sh->seen = shell_interrupts;
    *out = line->text.ptr;
    return result;
}

void shell_line_flush(struct shell_line *line)
{
    if (line->screen)
        tcflush(line->fd, TCIFLUSH);
}

const char *shell_line_typed(struct shell_line *line)
{
    struct pollfd pfd = {.fd = line->fd, .events = POLLIN};
    char c = 0;
    if (!line->screen || poll(&pfd, 1, 0) <= 0)
        return NULL;
    str_cut(&line->text, 0);
    while (c != '\n' && poll(&pfd, 1, 0) > 0 && read(line->fd, &c, 1) == 1)
        if (c && c != '\n' && line->text.len < LINE_MAX_BYTES)
            str_addc(&line->text, c);
    str_trim(&line->text);
    return line->text.ptr;
}

void shell_line_free(struct shell_line *line)
{
    if (line->el)
        el_end(line->el);
    if (line->history)
        history_end(line->history);
    if (line->screen)
        fclose(line->screen);
    mem_free(line->history_path);
    str_clear(&line->prompt);
    str_clear(&line->text);
    mem_free(line);
}
