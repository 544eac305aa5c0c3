#include "config.h"

#include "ui/screen.h"

#include <curses.h>
#include <errno.h>
#include <fcntl.h>
#include <langinfo.h>
#include <limits.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/ioctl.h>
#include <term.h>
#include <termios.h>
#include <unistd.h>
#include <wchar.h>

#include "base/err.h"
#include "base/str.h"
#include "base/utf8.h"
#include "ui/cells.h"
#include "ui/keyboard.h"
#include "ui/stray.h"

/* term.h has macros of these names; they would rewrite our own words. */
#undef lines
#undef columns
#undef tab

static const char mouse_on[] = "\033[?1000h\033[?1006h", mouse_off[] = "\033[?1006l\033[?1000l";
static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";

static struct {
    SCREEN *curses;
    enum glyph_set glyphs;
    bool is_utf8, has_color, uses_color, uses_mouse;
    FILE *out;                /* the terminal: standard output is caught (stray.h) */
    struct termios before;
    char restore[256]; /* what gives the terminal back, ready for a signal handler */
    size_t restore_len;
} screen;

static void write_all(const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = write(fileno(screen.out), text, len);
        if (n < 0 && errno == EINTR)
            continue;
        if (n <= 0)
            return;
        text += n;
        len -= (size_t)n;
    }
}

/* Only what POSIX allows in a handler; then the signal does what it would have done. */
static void on_crash(int signal_number)
{
    write_all(screen.restore, screen.restore_len);
    tcsetattr(STDIN_FILENO, TCSANOW, &screen.before);
    stray_crash();
    signal(signal_number, SIG_DFL);
    raise(signal_number);
}

static void catch_crashes(void)
{
    static const int signals[] = {SIGSEGV, SIGBUS, SIGFPE, SIGILL, SIGABRT};
    struct sigaction action = {.sa_handler = on_crash, .sa_flags = SA_RESETHAND | SA_NODEFER};
    sigemptyset(&action.sa_mask);
    for (size_t i = 0; i < sizeof signals / sizeof *signals; i++)
        sigaction(signals[i], &action, NULL);
}

/* The cursor comes last: where leaving the alternate screen brings back a saved cursor, as in
 * terminals made with libvterm, it may have been saved while it was hidden. */
static void prepare_restore(void)
{
    const char *const parts[] = {paste_off,         mouse_off,        tigetstr("sgr0"),
                                 tigetstr("rmacs"), tigetstr("rmkx"), tigetstr("rmcup"),
                                 tigetstr("cnorm")};
    screen.restore_len = 0;
    for (size_t i = 0; i < sizeof parts / sizeof *parts; i++) {
        if (!parts[i] || parts[i] == (char *)-1)
            continue;
        size_t len = strlen(parts[i]);
        if (screen.restore_len + len > sizeof screen.restore)
            continue;
        memcpy(screen.restore + screen.restore_len, parts[i], len);
        screen.restore_len += len;
    }
}

/*
 * endwin(), which shows the cursor before it leaves the alternate screen. Where there is none, as
 * in screen(1), what is printed next goes into the last row: it is emptied.
 */
static void end_window(void)
{
    const char *show = tigetstr("cnorm");
    attr_set(A_NORMAL, 0, NULL);
    move(LINES - 1, 0);
    clrtoeol();
    refresh();
    endwin();
    if (show && show != (char *)-1)
        write_all(show, strlen(show));
}

bool screen_use_color(void)
{
    if (screen.uses_color || !screen.has_color)
        return screen.uses_color;
    screen.uses_color = start_color() == OK && use_default_colors() == OK;
    return screen.uses_color;
}

static void set_modes(void)
{
    raw();
    noecho();
    nonl();
    curs_set(0);
}

static bool has_terminal(struct err *err)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        err_set(err, ERR_USAGE, "the console needs a terminal");
        return err_hint(err, "give a command; \"retort help\" lists them");
    }
    int status;
    const char *term = getenv("TERM");
    if (setupterm(term, STDOUT_FILENO, &status) != OK) {
        if (term && *term)
            err_set(err, ERR_USAGE, "terminal type \"%s\" is not known", term);
        else
            err_set(err, ERR_USAGE, "the type of the terminal is not known: TERM is not set");
        return err_hint(err, "set TERM to a type that infocmp knows");
    }
    const char *move = tigetstr("cup");
    bool can_move = move && move != (char *)-1;
    del_curterm(cur_term); /* newterm() makes one of its own */
    if (!can_move) {
        err_set(err, ERR_USAGE, "terminal type \"%s\" cannot place its cursor", term ? term : "");
        return err_hint(err, "the commands work on any terminal; \"retort help\" lists them");
    }
    return true;
}

/* A way to the terminal that stays when standard output is caught. */
static bool open_terminal(void)
{
    int fd = fcntl(STDOUT_FILENO, F_DUPFD_CLOEXEC, 3);
    screen.out = fd >= 0 ? fdopen(fd, "w") : NULL;
    if (!screen.out && fd >= 0)
        close(fd);
    if (!screen.out)
        return false;
    screen.curses = newterm(NULL, screen.out, stdin);
    if (!screen.curses)
        fclose(screen.out);
    return screen.curses != NULL;
}

bool screen_open(struct err *err)
{
    if (!has_terminal(err))
        return false;
    tcgetattr(STDIN_FILENO, &screen.before);
    if (!getenv("ESCDELAY"))
        set_escdelay(25);
    if (!open_terminal())
        return err_set(err, ERR_USAGE, "the terminal cannot be used");
    stray_catch();
    set_modes();
    prepare_restore();
    catch_crashes();
    leaveok(stdscr, FALSE);
    screen.is_utf8 = str_eq(nl_langinfo(CODESET), "UTF-8");
    keyboard_open(screen.is_utf8);
    screen.has_color = has_colors();
    screen.glyphs = screen.is_utf8 ? GLYPHS_UTF8 : GLYPHS_ASCII;
    cells_set_ascii(!screen.is_utf8);
    write_all(paste_on, sizeof paste_on - 1);
    return true;
}

void screen_close(void)
{
    if (!screen.curses)
        return;
    write_all(paste_off, sizeof paste_off - 1);
    write_all(mouse_off, screen.uses_mouse ? sizeof mouse_off - 1 : 0);
    keyboard_close();
    end_window();
    delscreen(screen.curses);
    screen.curses = NULL;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &screen.before);
    fclose(screen.out);
    stray_release();
}

void screen_leave(void)
{
    write_all(paste_off, sizeof paste_off - 1);
    write_all(mouse_off, screen.uses_mouse ? sizeof mouse_off - 1 : 0);
    end_window();
    stray_release();
}

void screen_return(void)
{
    stray_catch();
    set_modes();
    screen_resize();
    clearok(curscr, TRUE);
    refresh();
    write_all(paste_on, sizeof paste_on - 1);
    write_all(mouse_on, screen.uses_mouse ? sizeof mouse_on - 1 : 0);
}

void screen_size(int *rows, int *columns)
{
    getmaxyx(stdscr, *rows, *columns);
}

void screen_resize(void)
{
    struct winsize size;
    if (ioctl(fileno(screen.out), TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
        resizeterm(size.ws_row, size.ws_col);
}

const char *screen_library(void)
{
    return curses_version();
}

bool screen_has_color(void)
{
    return screen.has_color;
}

bool screen_is_utf8(void)
{
    return screen.is_utf8;
}

const char *screen_encoding(void)
{
    return nl_langinfo(CODESET);
}

void screen_set_glyphs(enum glyph_set set)
{
    screen.glyphs = set;
}

enum glyph_set screen_glyphs(void)
{
    return screen.glyphs;
}

/* The colour itself, or the nearest of those that the terminal has. */
static short shown(short color)
{
    static const short basic[] = {COLOR_BLACK, COLOR_RED,     COLOR_GREEN, COLOR_YELLOW,
                                  COLOR_BLUE,  COLOR_MAGENTA, COLOR_CYAN,  COLOR_WHITE};
    if (color < COLORS)
        return color;
    if (color < 16)
        return basic[color - 8];
    if (color >= 232)
        return color < 244 ? COLOR_BLACK : COLOR_WHITE;
    /* One of the cube of 6 x 6 x 6: each part is there or not. */
    int cube = color - 16;
    return basic[(cube / 36 >= 3) | (cube / 6 % 6 >= 3) << 1 | (cube % 6 >= 3) << 2];
}

/*
 * The pair of these colours, made when it is first needed; 0, the terminal's own, when it is full.
 */
static short pair_of(short fg, short bg)
{
    enum { MOST_PAIRS = 256 };
    static struct {
        short fg, bg;
    } pairs[MOST_PAIRS];
    static short count = 1;
    if (fg == COLOR_DEFAULT_ && bg == COLOR_DEFAULT_)
        return 0;
    for (short i = 1; i < count; i++)
        if (pairs[i].fg == fg && pairs[i].bg == bg)
            return i;
    if (count >= MOST_PAIRS || count >= COLOR_PAIRS || init_pair(count, fg, bg) != OK)
        return 0;
    pairs[count].fg = fg;
    pairs[count].bg = bg;
    return count++;
}

static void set_style(struct style style)
{
    attr_t attributes = A_NORMAL;
    if (style.attributes & STYLE_BOLD)
        attributes |= A_BOLD;
    if (style.attributes & STYLE_DIM)
        attributes |= A_DIM;
    if (style.attributes & STYLE_REVERSE)
        attributes |= A_REVERSE;
    if (style.attributes & STYLE_UNDERLINE)
        attributes |= A_UNDERLINE;
    attr_set(attributes, screen.uses_color ? pair_of(shown(style.fg), shown(style.bg)) : 0, NULL);
}

void screen_erase(void)
{
    attr_set(A_NORMAL, 0, NULL);
    erase();
}

/* Text is UTF-8, whatever the locale is: there ncurses is given its characters. */
static void add_characters(int y, int x, const char *text, size_t len)
{
    wchar_t wide[256];
    int n = 0;
    move(y, x);
    for (size_t i = 0, size; i < len; i += size) {
        wide[n++] = (wchar_t)utf8_decode(text + i, len - i, &size);
        if (n < (int)(sizeof wide / sizeof *wide) && i + size < len)
            continue;
        addnwstr(wide, n);
        n = 0;
    }
}

void screen_text(int y, int x, struct style style, const char *text, size_t len)
{
    set_style(style);
    if (screen.is_utf8)
        mvaddnstr(y, x, text, (int)len);
    else
        add_characters(y, x, text, len);
}

void screen_glyph(int y, int x, struct style style, enum glyph glyph)
{
    const struct glyph_form *form = &glyph_forms[glyph];
    set_style(style);
    if (screen.glyphs == GLYPHS_UTF8)
        mvaddstr(y, x, form->utf8);
    else if (screen.glyphs == GLYPHS_LINE && form->acs)
        mvaddch(y, x, NCURSES_ACS(form->acs));
    else
        mvaddch(y, x, (chtype)form->ascii);
}

void screen_show(int y, int x)
{
    curs_set(y >= 0);
    if (y >= 0)
        move(y, x);
    refresh();
}

void screen_redraw(void)
{
    clearok(curscr, TRUE);
}

bool screen_use_mouse(bool on)
{
    const char *known = tigetstr("kmous");
    screen.uses_mouse = on && known && known != (char *)-1;
    if (screen.uses_mouse)
        write_all(mouse_on, sizeof mouse_on - 1);
    else
        write_all(mouse_off, sizeof mouse_off - 1);
    return screen.uses_mouse;
}

void screen_copy(const char *text, size_t len)
{
    static const char digits[] = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
    struct str out = STR_INIT;
    str_add(&out, "\033]52;c;");
    for (size_t i = 0; i < len; i += 3) {
        unsigned long bits = 0;
        size_t have = len - i < 3 ? len - i : 3;
        for (size_t k = 0; k < 3; k++)
            bits = bits << 8 | (k < have ? (unsigned char)text[i + k] : 0u);
        for (size_t k = 0; k < 4; k++)
            str_addc(&out, k <= have ? digits[bits >> (18 - 6 * k) & 63] : '=');
    }
    str_addc(&out, '\a');
    write_all(out.ptr, out.len);
    str_clear(&out);
}

void screen_row(int y, char *out, size_t size)
{
    wchar_t wide[1024];
    int n = mvinnwstr(y, 0, wide, COLS < 1023 ? COLS : 1023);
    size_t len = 0;
    for (int i = 0; i < n; i++) {
        char bytes[MB_LEN_MAX];
        int count = wctomb(bytes, wide[i]);
        if (count <= 0 || len + (size_t)count >= size)
            continue;
        memcpy(out + len, bytes, (size_t)count);
        len += (size_t)count;
    }
    while (len > 0 && out[len - 1] == ' ')
        len--;
    out[len] = '\0';
}
