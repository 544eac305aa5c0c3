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
#include "ui/key.h"

/* term.h has macros of these names; they would rewrite our own words. */
#undef lines
#undef columns
#undef tab

static const char mouse_on[] = "\033[?1000h\033[?1006h", mouse_off[] = "\033[?1006l\033[?1000l";
static const char paste_on[] = "\033[?2004h", paste_off[] = "\033[?2004l";

static struct {
    SCREEN *curses;
    WINDOW *input; /* a pad: reading a key from it draws nothing */
    enum glyph_set glyphs;
    bool is_utf8, has_color, uses_color, uses_mouse;
    bool in_report; /* a report of the mouse has begun */
    char report[32];
    size_t report_len;
    struct mouse_event mouse; /* the last one */
    int saved_stderr; /* -1: not redirected */
    FILE *errors;
    struct termios before;
    char restore[256]; /* what gives the terminal back, ready for a signal handler */
    size_t restore_len;
} screen = {.saved_stderr = -1};

static void write_all(const char *text, size_t len)
{
    while (len > 0) {
        ssize_t n = write(STDOUT_FILENO, text, len);
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
    if (screen.saved_stderr >= 0)
        dup2(screen.saved_stderr, STDERR_FILENO);
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

/* endwin(), which shows the cursor before it leaves the alternate screen. */
static void end_window(void)
{
    const char *show = tigetstr("cnorm");
    endwin();
    if (show && show != (char *)-1)
        write_all(show, strlen(show));
}

static void redirect_errors(void)
{
    fflush(stderr);
    screen.errors = tmpfile();
    if (!screen.errors)
        return;
    screen.saved_stderr = fcntl(STDERR_FILENO, F_DUPFD_CLOEXEC, 3);
    if (screen.saved_stderr >= 0)
        dup2(fileno(screen.errors), STDERR_FILENO);
}

static void replay_errors(void)
{
    char buffer[4096];
    size_t n;
    if (screen.saved_stderr < 0)
        return;
    fflush(stderr);
    dup2(screen.saved_stderr, STDERR_FILENO);
    close(screen.saved_stderr);
    screen.saved_stderr = -1;
    rewind(screen.errors);
    while ((n = fread(buffer, 1, sizeof buffer, screen.errors)) > 0)
        fwrite(buffer, 1, n, stderr);
    fclose(screen.errors);
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

enum { CODE_PASTE_BEGIN = 2000, CODE_PASTE_END, CODE_MOUSE };

static bool has_terminal(struct err *err)
{
    if (!isatty(STDIN_FILENO) || !isatty(STDOUT_FILENO)) {
        err_set(err, ERR_USAGE, "the console needs a terminal");
        return err_hint(err, "give a command; \"retort help\" lists them");
    }
    int status;
    const char *term = getenv("TERM");
    if (setupterm(term, STDOUT_FILENO, &status) != OK) {
        err_set(err, ERR_USAGE, "terminal type \"%s\" is not known", term ? term : "");
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

bool screen_open(struct err *err)
{
    if (!has_terminal(err))
        return false;
    tcgetattr(STDIN_FILENO, &screen.before);
    redirect_errors();
    if (!getenv("ESCDELAY"))
        set_escdelay(25);
    screen.curses = newterm(NULL, stdout, stdin);
    if (!screen.curses) {
        replay_errors();
        return err_set(err, ERR_USAGE, "the terminal cannot be used");
    }
    set_modes();
    prepare_restore();
    catch_crashes();
    screen.input = newpad(1, 1);
    keypad(screen.input, TRUE);
    nodelay(screen.input, TRUE);
    leaveok(stdscr, FALSE);
    define_key("\033[200~", CODE_PASTE_BEGIN);
    define_key("\033[201~", CODE_PASTE_END);
    define_key("\033[<", CODE_MOUSE);
    screen.has_color = has_colors();
    screen.is_utf8 = str_eq(nl_langinfo(CODESET), "UTF-8");
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
    delwin(screen.input);
    end_window();
    delscreen(screen.curses);
    screen.curses = NULL;
    tcsetattr(STDIN_FILENO, TCSADRAIN, &screen.before);
    replay_errors();
}

void screen_leave(void)
{
    write_all(paste_off, sizeof paste_off - 1);
    write_all(mouse_off, screen.uses_mouse ? sizeof mouse_off - 1 : 0);
    end_window();
}

void screen_return(void)
{
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
    if (ioctl(STDOUT_FILENO, TIOCGWINSZ, &size) == 0 && size.ws_row > 0 && size.ws_col > 0)
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

/* The pair of these colours, made when it is first needed; 0, the terminal's own, when it is full. */
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

void screen_text(int y, int x, struct style style, const char *text, size_t len)
{
    set_style(style);
    mvaddnstr(y, x, text, (int)len);
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

static int32_t translate(int code)
{
    static const struct {
        int code;
        int32_t key;
    } rows[] = {
        {KEY_UP, K_UP},
        {KEY_DOWN, K_DOWN},
        {KEY_LEFT, K_LEFT},
        {KEY_RIGHT, K_RIGHT},
        {KEY_HOME, K_HOME},
        {KEY_END, K_END},
        {KEY_PPAGE, K_PGUP},
        {KEY_NPAGE, K_PGDN},
        {KEY_DC, K_DELETE},
        {KEY_BTAB, K_SHIFT_TAB},
        {KEY_BACKSPACE, K_BACKSPACE},
        {KEY_ENTER, K_ENTER},
        {KEY_RESIZE, K_RESIZE},
        {CODE_PASTE_BEGIN, K_PASTE_BEGIN},
        {CODE_PASTE_END, K_PASTE_END},
    };
    if (code >= KEY_F(1) && code <= KEY_F(12))
        return K_F1 + code - KEY_F(1);
    for (size_t i = 0; i < sizeof rows / sizeof *rows; i++)
        if (rows[i].code == code)
            return rows[i].key;
    return K_SPECIAL; /* a key that means nothing here */
}

/*
 * The mouse is read here and not by ncurses, which waits for the next event within one that it does
 * not report, such as the release of a button.
 */
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

/* "0;12;5M": button, column and row from 1; 'm' for a release. */
static void parse_mouse(const char *text)
{
    int button, x, y;
    char end;
    screen.mouse = (struct mouse_event){.kind = MOUSE_NONE};
    if (sscanf(text, "%d;%d;%d%c", &button, &x, &y, &end) != 4 || end != 'M')
        return;
    screen.mouse.y = y - 1;
    screen.mouse.x = x - 1;
    if (button == 0)
        screen.mouse.kind = MOUSE_PRESS;
    else if (button == 64 || button == 65)
        screen.mouse.kind = button == 64 ? MOUSE_WHEEL_UP : MOUSE_WHEEL_DOWN;
}

/* Takes in a report, which may come in parts: K_NONE while its end is not there. */
static int32_t read_mouse(void)
{
    wint_t code;
    while (wget_wch(screen.input, &code) == OK) {
        if (code > '~' || screen.report_len + 2 > sizeof screen.report)
            screen.report_len = 0; /* too long to be one: it says nothing */
        screen.report[screen.report_len++] = (char)code;
        if (strchr("0123456789;", (int)code))
            continue;
        screen.report[screen.report_len] = '\0';
        screen.in_report = false;
        parse_mouse(screen.report);
        return K_MOUSE;
    }
    return K_NONE;
}

void screen_mouse(struct mouse_event *out)
{
    *out = screen.mouse;
}

/*
 * A character that arrives in parts, as at the borders of what a terminal sends at once: wget_wch()
 * would lose it. Returns K_NONE till it is complete; what cannot become one is a key without meaning.
 */
static int32_t collect(int byte)
{
    static char bytes[UTF8_MAX];
    static size_t len;
    size_t size;
    bool is_first = (byte & 0xC0) != 0x80;
    if (!screen.is_utf8)
        return K_SPECIAL;
    if (is_first || len == sizeof bytes)
        len = 0;
    if (is_first || len > 0)
        bytes[len++] = (char)byte;
    unsigned char first = len > 0 ? (unsigned char)bytes[0] : 0;
    size_t wanted = first >= 0xF0 ? 4 : first >= 0xE0 ? 3 : first >= 0xC2 ? 2 : 0;
    if (len < wanted)
        return K_NONE;
    uint32_t cp = len > 0 ? utf8_decode(bytes, len, &size) : UTF8_BAD;
    len = 0;
    return cp == UTF8_BAD ? K_SPECIAL : (int32_t)cp;
}

/* A key as it comes: a constant of ncurses, an ASCII character, or a whole character of others. */
static int32_t read_key(void)
{
    for (;;) {
        int code = wgetch(screen.input);
        if (code == ERR)
            return K_NONE;
        if (code == CODE_MOUSE) {
            screen.in_report = true;
            screen.report_len = 0;
            return read_mouse();
        }
        if (code > 0xFF)
            return translate(code);
        if (code < 0x80)
            return code;
        int32_t key = collect(code);
        if (key != K_NONE)
            return key;
    }
}

int32_t screen_key(void)
{
    if (screen.in_report)
        return read_mouse();
    int32_t key = read_key();
    if (key != K_ESC)
        return key == '\n' ? K_ENTER : key == '\b' ? K_BACKSPACE : key;
    /* Esc and at once a character is Alt; ncurses has waited ESCDELAY for it already. */
    key = read_key();
    return key == K_NONE ? K_ESC : key | K_ALT;
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
