/*
 * What comes from the terminal: escape sequences in one piece and in parts, pastes with and without
 * their marks, more keys at once than anybody types, characters that the locale does not have.
 */
#include "config.h"

#include <locale.h>
#include <poll.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/clock.h"
#include "base/str.h"
#include "ui/launch.h"

#define ESC         "\033"
#define PASTE_BEGIN ESC "[200~"
#define PASTE_END   ESC "[201~"

enum {
    SPLIT = 60, /* milliseconds: longer than ESCDELAY, as on a slow line */
    LONG_QUIET = 150,
    MEGABYTE = 1 << 20,
};

/* A sequence whose Esc arrives before the rest. */
static void send_split(struct pty *pty, const char *rest)
{
    pty_send(pty, ESC);
    poll(NULL, 0, SPLIT);
    pty_send(pty, rest);
}

static void expect_nothing_done(struct live *live)
{
    assert_string_equal(live_value(live, "SELECT to_regclass('alembic_version')"), "");
    assert_string_equal(live_value(live, "SELECT to_regclass('public.user')"), "");
}

/* 25 ms and a frame; ncurses' own delay would be a second. A busy machine is not slow each time. */
static void escape_alone_acts_at_once(void **state)
{
    struct pty pty;
    int64_t least = INT64_MAX;
    start(&pty, *state, 24, 80, NULL);
    for (int i = 0; i < 5; i++) {
        pty_type(&pty, "?");
        pty_expect(&pty, "Revision graph");
        int64_t before = clock_monotonic();
        pty_send(&pty, ESC);
        int64_t took = (clock_monotonic() - before) / 1000;
        pty_expect_not(&pty, "Revision graph");
        least = took < least ? took : least;
    }
    if (least >= 1000)
        fail_msg("Esc took %d ms", (int)least);
    quit(&pty);
}

static void a_sequence_in_parts_is_no_typed_text(void **state)
{
    struct pty pty;
    start(&pty, *state, 24, 80, NULL);
    pty_expect(&pty, "[graph] 92f4b617d3a8");
    send_split(&pty, "[B");
    pty_expect(&pty, "[graph] 81e3a506c297");
    send_split(&pty, "[A");
    pty_expect(&pty, "[graph] 92f4b617d3a8");
    pty_type(&pty, "/nick");
    send_split(&pty, "[Z");
    pty_expect_not(&pty, "unknown key");
    quit(&pty);
}

static void sequences_without_a_meaning_are_not_typed(void **state)
{
    static const char *const sequences[] = {
        ESC "[1;9A", ESC "[?1;2c",                 /* a key with modifiers, an answer */
        ESC "[5;10R", ESC "[I",                    /* a place, the focus */
        ESC "]11;rgb:0000/0000/0000" ESC "\\",     /* a colour */
        ESC "]52;c;cmh5\a", ESC "[<0;300;300M",    /* a clipboard, a click beyond the screen */
        ESC "[<99999999999999;1;1M", ESC "Oq",     /* a number that is none, a key of the keypad */
        ESC "[27;5;113~",                          /* Ctrl-Q of modifyOtherKeys */
    };
    struct live *live = *state;
    struct pty pty;
    start(&pty, live, 24, 80, NULL);
    for (size_t i = 0; i < sizeof sequences / sizeof *sequences; i++) {
        pty_send(&pty, sequences[i]);
        pty_expect(&pty, "[graph] 92f4b617d3a8 - pending - line 1 of 10");
        pty_expect_not(&pty, "Quit");
    }
    pty_type(&pty, "rny");
    pty_type(&pty, "t");
    pty_expect(&pty, "paused 0/");
    pty_send(&pty, ESC "[s"); /* with the run bar an s executes */
    pty_send(&pty, ESC "[1;5S");
    pty_send(&pty, ESC "Os");
    pty_expect(&pty, "paused 0/");
    assert_string_equal(live_value(live, "SELECT to_regclass('public.user')"), "");
    pty_type(&pty, "ak");
    pty_expect(&pty, "at base (9 behind)");
    quit(&pty);
}

/* As other terminals send them than the one that TERM tells of. */
static void keys_of_other_terminals_are_known(void **state)
{
    static const struct {
        const char *sequence, *id;
    } keys[] = {
        {ESC "[F", "1a7c3e9f5b20"},  {ESC "[H", "92f4b617d3a8"},  {ESC "OF", "1a7c3e9f5b20"},
        {ESC "OH", "92f4b617d3a8"},  {ESC "[4~", "1a7c3e9f5b20"}, {ESC "[1~", "92f4b617d3a8"},
        {ESC "[8~", "1a7c3e9f5b20"}, {ESC "[7~", "92f4b617d3a8"}, {ESC "[B", "81e3a506c297"},
        {ESC "[A", "92f4b617d3a8"},  {ESC "OB", "81e3a506c297"},  {ESC "OA", "92f4b617d3a8"},
    };
    static const char *const help[] = {ESC "OP", ESC "[11~", ESC "[[A"};
    static const char *const terms[] = {"TERM=xterm-256color", "TERM=screen", "TERM=linux",
                                        "TERM=vt100"};
    for (size_t t = 0; t < sizeof terms / sizeof *terms; t++) {
        const char *const variables[] = {terms[t], NULL};
        struct pty pty;
        start(&pty, *state, 24, 80, variables);
        for (size_t i = 0; i < sizeof keys / sizeof *keys; i++) {
            pty_send(&pty, keys[i].sequence);
            char status[64];
            snprintf(status, sizeof status, "[graph] %s", keys[i].id);
            pty_expect(&pty, status);
        }
        for (size_t i = 0; i < sizeof help / sizeof *help; i++) {
            pty_send(&pty, help[i]);
            pty_expect(&pty, "Revision graph");
            pty_type(&pty, "q");
        }
        quit(&pty);
    }
}

static void keys_that_come_at_once_answer_nothing(void **state)
{
    static const char *const bursts[] = {"rhy", "rhye", "rny\re", "rnyyyyyyyyyyyyyyyt",
                                         ":upgrade head\ry", ":stamp head\ryyyy\r"};
    struct live *live = *state;
    struct pty pty;
    start(&pty, live, 24, 80, NULL);
    for (size_t i = 0; i < sizeof bursts / sizeof *bursts; i++) {
        pty_write(&pty, bursts[i], strlen(bursts[i]));
        pty_expect(&pty, "came all at once");
        poll(NULL, 0, LONG_QUIET);
        pty_send(&pty, ESC);
        pty_send(&pty, ESC);
        expect_nothing_done(live);
    }
    pty_type(&pty, "rny");
    pty_type(&pty, "t");
    pty_expect(&pty, "paused 0/");
    pty_write(&pty, "see", 3); /* the run bar has the focus: its first letter would execute */
    pty_expect(&pty, "came all at once");
    pty_expect(&pty, "paused 0/");
    poll(NULL, 0, LONG_QUIET);
    pty_type(&pty, "ak");
    pty_expect(&pty, "at base (9 behind)");
    expect_nothing_done(live);
    quit(&pty);
}

static void a_paste_whose_mark_is_broken_answers_nothing(void **state)
{
    struct live *live = *state;
    struct pty pty;
    start(&pty, live, 24, 80, NULL);
    send_split(&pty, "[200~rhy\r" PASTE_END);
    pty_expect(&pty, "a paste means nothing here");
    pty_expect_not(&pty, "upgrade to head");
    pty_send(&pty, PASTE_BEGIN "x" PASTE_BEGIN "y" PASTE_END); /* a mark within */
    pty_expect(&pty, "a paste means nothing here");
    /* What comes behind an end that was part of the text. */
    pty_write(&pty, PASTE_BEGIN "x" PASTE_END "rhye\r" PASTE_END, 22);
    pty_expect(&pty, "came all at once");
    expect_nothing_done(live);
    poll(NULL, 0, LONG_QUIET);
    pty_send(&pty, ESC);
    quit(&pty);
}

static void a_paste_without_an_end_ends_with_escape(void **state)
{
    struct pty pty;
    start(&pty, *state, 24, 80, NULL);
    pty_send(&pty, PASTE_BEGIN "jj");
    pty_type(&pty, "jj"); /* still text */
    pty_expect(&pty, "[graph] 92f4b617d3a8");
    pty_send(&pty, ESC);
    pty_type(&pty, "j");
    pty_expect(&pty, "[graph] 81e3a506c297");
    pty_type(&pty, "/");
    pty_send(&pty, PASTE_BEGIN "initial");
    pty_send(&pty, ESC);
    pty_expect(&pty, "[graph] 1a7c3e9f5b20"); /* it was taken in */
    pty_send(&pty, ESC);
    pty_expect(&pty, "[graph] 81e3a506c297");
    quit(&pty);
}

/* Lines of SQL, a megabyte of them, between the marks of a paste. */
static char *megabyte(void)
{
    static const char line[] =
        "INSERT INTO t VALUES (1, 'a rather long line of a dump'); -- \xe6\xbc\xa2\r";
    char *text = malloc(MEGABYTE + 256);
    size_t len = (size_t)sprintf(text, "%s", PASTE_BEGIN);
    assert_non_null(text);
    while (len < MEGABYTE)
        len += (size_t)sprintf(text + len, "%s", line);
    sprintf(text + len, "%s", PASTE_END);
    return text;
}

static void a_huge_paste_is_taken_in_at_once(void **state)
{
    struct pty pty;
    char *text = megabyte();
    start(&pty, *state, 40, 120, NULL);
    int64_t before = clock_monotonic();
    pty_write(&pty, text, strlen(text));
    pty_expect(&pty, "a paste means nothing here");
    pty_type(&pty, "j");
    pty_expect(&pty, "[graph] 81e3a506c297");
    pty_type(&pty, "/");
    pty_write(&pty, text, strlen(text));
    pty_expect(&pty, "too long for a line");
    pty_type(&pty, "nickname\r");
    pty_expect(&pty, "[graph] 81e3a506c297");
    pty_type(&pty, "3i");
    pty_expect(&pty, "3 EDIT");
    pty_write(&pty, text, strlen(text));
    pty_expect(&pty, "line 16"); /* of 16 thousand */
    pty_send(&pty, ESC "u");
    int64_t took = (clock_monotonic() - before) / 1000;
    free(text);
    if (took > 30000)
        fail_msg("three pastes of a megabyte took %d ms", (int)took);
    pty_send(&pty, ESC);
    pty_expect_not(&pty, "3 EDIT");
    quit(&pty);
}

static void characters_that_the_locale_lacks_are_refused_in_words(void **state)
{
    static const char *const ascii[] = {"LC_ALL=C", NULL};
    struct pty pty;
    start(&pty, *state, 24, 80, ascii);
    pty_type(&pty, "/");
    pty_send(&pty, "\xc3\xa9");
    pty_expect(&pty, "no character of the locale (ANSI_X3.4-1968)");
    pty_send(&pty, ESC);
    pty_type(&pty, "3i");
    pty_expect(&pty, "3 EDIT");
    pty_send(&pty, "\xc3\xa9");
    pty_expect(&pty, "no character of the locale (ANSI_X3.4-1968)");
    pty_send(&pty, ESC);
    quit(&pty);
    start(&pty, *state, 24, 80, NULL); /* UTF-8, and a terminal that is not */
    pty_type(&pty, "/");
    pty_send(&pty, "\xff");
    pty_expect(&pty, "no character of the locale (UTF-8)");
    pty_send(&pty, ESC);
    quit(&pty);
}

static void an_8_bit_locale_has_its_characters(void **state)
{
    struct live *live = *state;
    const char *make = arena_printf(live->arena,
                                    "localedef -i en_US -f ISO-8859-1 %s/en_US.ISO-8859-1 "
                                    ">/dev/null 2>&1",
                                    live_server.dir);
    if (system(make) != 0)
        skip(); /* the machine has no sources of locales */
    const char *const variables[] = {arena_printf(live->arena, "LOCPATH=%s", live_server.dir),
                                     "LC_ALL=en_US.ISO-8859-1",
                                     "ASAN_OPTIONS=detect_leaks=0", /* glibc's own, of its iconv */
                                     NULL};
    struct pty pty;
    const char *ini = launch_project(live, "latin", "");
    launch_revision(live, "latin", "aa11", "None",
                    "caf\xc3\xa9 \xe6\xbc\xa2 \xc3\xbc"
                    "ber",
                    "pass", "pass");
    launch_revision(live, "latin", "bb22", "'aa11'", "second", "pass", "pass");
    launch_in(&pty, live, ini, 24, 80, variables);
    pty_idle(&pty);
    assert_non_null(strstr(pty.output.ptr, "caf\xe9 ? \xfc" "ber")); /* what the set lacks is '?' */
    pty_type(&pty, "/");
    pty_send(&pty, "\xfc"); /* as the terminal sends it */
    pty_expect(&pty, "[graph] aa11");
    pty_send(&pty, "\r");
    quit(&pty);
}

static void combining_marks_go_with_their_letter_in_prompts(void **state)
{
    struct pty pty;
    start(&pty, *state, 24, 80, NULL);
    pty_type(&pty, ":");
    pty_send(&pty, "e\xcc\x81\xe6\xbc\xa2z");
    pty_expect(&pty, ":e\xcc\x81\xe6\xbc\xa2z");
    pty_send(&pty, "\177");
    pty_send(&pty, "\177");
    pty_send(&pty, "\177"); /* letter and mark at once */
    pty_expect_not(&pty, ":e");
    pty_send(&pty, ESC);
    quit(&pty);
}

/* usage: test_input [PATTERN]: only the tests whose names match. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(escape_alone_acts_at_once),
        LIVE_TEST(a_sequence_in_parts_is_no_typed_text),
        LIVE_TEST(sequences_without_a_meaning_are_not_typed),
        LIVE_TEST(keys_of_other_terminals_are_known),
        LIVE_TEST(keys_that_come_at_once_answer_nothing),
        LIVE_TEST(a_paste_whose_mark_is_broken_answers_nothing),
        LIVE_TEST(a_paste_without_an_end_ends_with_escape),
        LIVE_TEST(a_huge_paste_is_taken_in_at_once),
        LIVE_TEST(characters_that_the_locale_lacks_are_refused_in_words),
        LIVE_TEST(an_8_bit_locale_has_its_characters),
        LIVE_TEST(combining_marks_go_with_their_letter_in_prompts),
    };
    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
