/*
 * The safety rules of ui.md, with random keys: whatever is typed, pasted, clicked or resized,
 *
 *   - on a protected database nothing changes,
 *   - on another one nothing is executed that was not confirmed on the screen before,
 *   - the program does not crash, and gives the terminal back when it ends.
 *
 * usage: keys_random, with KEYS=number of sequences for each (150) and KEYS_SEED. One program plays
 * many sequences; a failure tells the seed and the keys of its sequence.
 */
#include "config.h"

#include <errno.h>
#include <locale.h>
#include <poll.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "ui/launch.h"

#define ESC      "\033"
#define DATABASE "keys_of_all_kinds"

enum { MOST_KEYS = 24, MOST_BYTES = 64 };

/* -- chance -------------------------------------------------------------------------------------
 */

static uint64_t seed;

/* xorshift64*: the same everywhere for the same seed. */
static unsigned roll(unsigned sides)
{
    seed ^= seed >> 12;
    seed ^= seed << 25;
    seed ^= seed >> 27;
    return (unsigned)((seed * 2685821657736338717u) >> 33) % sides;
}

/* What leads deeper than single keys would. */
static const char *const ways[] = {
    "r",        "rn",      "rh",        "rb",          "ru",        "rd",       "rm",
    "rny",      "rhy",     "rhye",      "rhyt",        "rhyv",      "rmy",      "rmye",
    "s",        "S",       "p",         "m",           "mr",        "mk",       "a",
    "ak",       "ab",      "y",         "n",           "t",         "v",        "e",
    "d",        "P",       "5",         "1",           "2",         "3",        "6",
    "?",        "o",       "om",        "ow",          "L",         "x",        "q",
    "Q",        "qy",      "i",         "B",           ESC,         "\r",       "\t",
    ESC "OC\r", ":unlock\r", ":lock\r",    ":upgrade head\r",
    ":upgrade head\ry", ":downgrade base\r", ":stamp head\ry", ":set mouse=on\r",
    ":step\r",  ":confirm-yes\r", ":q\r", ":q!\r",     ":revert\r", ":toggle graphics\r",
    ESC "[200~y\r" ESC "[201~",
    ESC "[200~" DATABASE "\r" ESC "[201~",
    ESC "[200~:upgrade head\rye" ESC "[201~",
    ESC "[201~",
};

/* Keys with names, and bytes that are no keys. */
static const char *const specials[] = {
    ESC "OA",    ESC "OB",    ESC "OC",    ESC "OD",    ESC "OH", ESC "OF", ESC "[5~",
    ESC "[6~",   ESC "[3~",   ESC "[Z",    ESC "OP",    ESC "[15~", ESC "[24~", "\177",
    "\xc3\xa9",  "\xe6\xbc\xa2", "\xff",   "\xc3",      ESC ESC,  ESC "[<0;", ESC "[<35;1;1M",
};

/* One key, click, paste or way, into out. */
static void make_key(char out[MOST_BYTES])
{
    unsigned kind = roll(100);
    if (kind < 35)
        snprintf(out, MOST_BYTES, "%c", (char)(' ' + roll(95)));
    else if (kind < 45)
        snprintf(out, MOST_BYTES, "%c", (char)(1 + roll(31)));
    else if (kind < 50)
        snprintf(out, MOST_BYTES, ESC "%c", (char)('a' + roll(26)));
    else if (kind < 60)
        snprintf(out, MOST_BYTES, "%s", specials[roll(sizeof specials / sizeof *specials)]);
    else if (kind < 70)
        snprintf(out, MOST_BYTES, ESC "[<%u;%u;%uM", roll(4) ? 0 : 64 + roll(2), 1 + roll(80),
                 1 + roll(24));
    else
        snprintf(out, MOST_BYTES, "%s", ways[roll(sizeof ways / sizeof *ways)]);
}

/* -- the program --------------------------------------------------------------------------------
 */

struct game {
    struct live *live;
    const char *ini;
    struct pty pty;
    bool is_protected;
    uint64_t first_seed; /* of the sequence */
    struct str typed;    /* in the sequence, visible */
    const char *variables[4];
    char *database;  /* what it was like when it was looked at last */
    bool confirmed;  /* what is executed now was agreed to on the screen */
    size_t restarts, changes;
};

static void give_up(struct game *g, const char *what)
{
    for (int row = 0; row < g->pty.rows; row++)
        fprintf(stderr, "|%s\n", pty_row(&g->pty, row));
    fail_msg("%s: KEYS_SEED=%llu, keys: %s", what, (unsigned long long)g->first_seed,
             g->typed.ptr);
}

/* All tables with their columns, and the rows of the version table. */
static char *look(struct game *g)
{
    static const char sql[] =
        "SELECT coalesce(string_agg(n.nspname || '.' || c.relname || ' ' || c.relnatts, ', ' "
        "ORDER BY n.nspname, c.relname), '') || CASE WHEN to_regclass('alembic_version') IS NULL "
        "THEN '' ELSE query_to_xml('SELECT * FROM alembic_version ORDER BY 1', true, true, '')::text "
        "END FROM pg_class c JOIN pg_namespace n ON n.oid = c.relnamespace "
        "WHERE n.nspname !~ '^pg_|^information_schema$'";
    struct err err = ERR_INIT;
    struct result *result;
    if (!connection_query(g->live->conn, sql, NULL, 0, &result, &err))
        fail_msg("%s", err.message);
    char *text = strdup(result_get(result, 0, 0));
    result_free(result);
    return text;
}

static void launch_game(struct game *g)
{
    launch_in(&g->pty, g->live, g->ini, 24, 80, g->variables);
    pty_idle(&g->pty);
    free(g->database);
    g->database = look(g);
}

/* Waits till the program rests; false when it has ended, as it should. */
static bool settle(struct game *g)
{
    struct pty *pty = &g->pty;
    if (pty_settle(pty))
        return true;
    int status = pty_end(pty);
    if (!WIFEXITED(status) || WEXITSTATUS(status) != 0)
        give_up(g, WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "the program failed");
    pty_expect_restored(pty);
    return false;
}

static void note(struct game *g, const char *keys)
{
    for (; *keys; keys++)
        if ((unsigned char)*keys >= ' ' && (unsigned char)*keys < 127)
            str_addc(&g->typed, *keys);
        else
            str_addf(&g->typed, "\\x%02x", (unsigned char)*keys);
    str_addc(&g->typed, ' ');
}

/* Whether the run bar, or a menu that orders a run on, is to be seen. */
static bool shows_orders(struct pty *pty)
{
    return pty_shows(pty, " RUN ") || pty_shows(pty, "How far?") ||
           pty_shows(pty, "A statement failed") || pty_shows(pty, "Skip this statement") ||
           pty_shows(pty, "EDIT statement") || pty_shows(pty, "This text was not agreed to") || pty_shows(pty, "Abort the run") ||
           pty_shows(pty, "A run is active") || pty_shows(pty, "The connection was lost");
}

/* On the screen before a key: whether that key agrees to what is asked there. */
static bool agrees(struct pty *pty, const char *key)
{
    bool asks = pty_shows(pty, "[ no: n ]") &&
                (pty_shows(pty, "[ upgrade: y ]") || pty_shows(pty, "[ stamp: y ]") ||
                 pty_shows(pty, "[ take over: y ]"));
    bool typed = pty_shows(pty, "> " DATABASE);
    return (asks && (strcmp(key, "y") == 0 || strcmp(key, "\r") == 0)) ||
           (typed && strcmp(key, "\r") == 0);
}

/* What the keys may have done to the database. */
static void check(struct game *g, bool may_execute)
{
    char *now = look(g);
    bool same = strcmp(now, g->database) == 0;
    if (!same && g->is_protected)
        give_up(g, "a protected database was changed");
    if (!same && !may_execute)
        give_up(g, "something was executed that was not confirmed on the screen");
    g->changes += !same;
    free(g->database);
    g->database = now;
}

/* One key at a time, looking at the screen before it and at the database after it. */
static bool press_watched(struct game *g, const char *keys)
{
    struct pty *pty = &g->pty;
    size_t len = keys[0] == '\033' ? strlen(keys) : 1;
    for (; *keys; keys += len, len = keys[0] == '\033' ? strlen(keys) : 1) {
        char key[MOST_BYTES];
        snprintf(key, sizeof key, "%.*s", (int)len, keys);
        g->confirmed = g->confirmed || agrees(pty, key);
        bool orders = shows_orders(pty) && g->confirmed;
        pty_forget_idle(pty);
        press(pty, key);
        if (!settle(g)) {
            check(g, orders);
            return false;
        }
        check(g, orders);
        if (strstr(pty_row(pty, 0), " idle") || strstr(pty_row(pty, 0), " done") ||
            strstr(pty_row(pty, 0), " stopped"))
            g->confirmed = false;
    }
    return true;
}

/* All at once. */
static bool press_blind(struct game *g, const char *keys)
{
    pty_forget_idle(&g->pty);
    press(&g->pty, keys);
    return settle(g);
}

static bool resize(struct game *g)
{
    static const int sizes[][2] = {{24, 80}, {40, 120}, {60, 200}, {1, 1},
                                   {5, 20},  {8, 30},   {15, 60},  {24, 80}};
    const int *size = sizes[roll(sizeof sizes / sizeof *sizes)];
    if (size[0] == g->pty.rows && size[1] == g->pty.columns)
        return true;
    str_addf(&g->typed, "<%dx%d> ", size[1], size[0]);
    pty_forget_idle(&g->pty);
    pty_size(&g->pty, size[0], size[1]);
    return settle(g);
}

/* A plan that asks for the name gets it now and then, or the run would not be tested. */
static bool type_name(struct game *g)
{
    note(g, DATABASE "\r");
    return press_watched(g, "\025" DATABASE "\r");
}

static bool play_one(struct game *g)
{
    char key[MOST_BYTES];
    if (roll(20) == 0)
        return resize(g);
    if (!g->is_protected && roll(3) == 0 && pty_shows(&g->pty, "Type the name of the database"))
        return type_name(g);
    make_key(key);
    note(g, key);
    return g->is_protected ? press_blind(g, key) : press_watched(g, key);
}

static void play(struct game *g, unsigned sequence)
{
    const char *given = getenv("KEYS_SEED");
    g->first_seed = (given ? strtoull(given, NULL, 10) : 7) + sequence;
    seed = g->first_seed * 0x9e3779b97f4a7c15u + 1;
    str_cut(&g->typed, 0);
    unsigned keys = 1 + roll(MOST_KEYS);
    bool alive = true;
    for (unsigned i = 0; i < keys && alive; i++)
        alive = play_one(g);
    if (g->is_protected)
        check(g, false);
    if (!alive) {
        pty_clear(&g->pty);
        g->restarts++;
        g->confirmed = false;
        launch_game(g);
    }
}

static void start_game(struct game *g, struct live *live, bool is_protected)
{
    const char *name = is_protected ? "keys_protected" : "keys";
    *g = (struct game){.live = live, .is_protected = is_protected, .typed = STR_INIT};
    launch_database(live, DATABASE); /* not "t1", which random keys could type */
    g->ini = launch_project(live, name, arena_printf(live->arena,
                                                     "[retort]\ndetached_timeout = 1s\n"
                                                     "journal_schema =\nprotected = %s\n",
                                                     is_protected ? "true" : "false"));
    launch_revision(live, name, "aa1", "None", "first",
                    "op.execute('CREATE TABLE a (n int)')\n    op.execute('SELECT 1')",
                    "op.execute('DROP TABLE a')");
    launch_revision(live, name, "bb2", "'aa1'", "second", "op.execute('CREATE TABLE b (n int)')",
                    "op.execute('DROP TABLE b')");
    launch_revision(live, name, "cc3", "'bb2'", "third",
                    "op.execute('CREATE TABLE c (n int)')\n    op.execute('SELECT 1/0')", "pass");
    g->variables[0] = "EDITOR=/bin/true";
    g->variables[1] = "VISUAL=/bin/true";
    launch_game(g);
}

static unsigned sequences(void)
{
    const char *given = getenv("KEYS");
    if (given)
        alarm(0);
    return given ? (unsigned)atoi(given) : 150;
}

static void end_game(struct game *g)
{
    fprintf(stderr, "# %s: %zu restarts, %zu changes of the database\n",
            g->is_protected ? "protected" : "unprotected", g->restarts, g->changes);
    pty_clear(&g->pty);
    str_clear(&g->typed);
    free(g->database);
}

static void a_protected_database_stays_as_it_is(void **state)
{
    struct game g;
    start_game(&g, *state, true);
    for (unsigned i = 0; i < sequences(); i++)
        play(&g, i);
    end_game(&g);
}

static void nothing_is_executed_that_was_not_confirmed(void **state)
{
    struct game g;
    start_game(&g, *state, false);
    for (unsigned i = 0; i < sequences(); i++)
        play(&g, i);
    if (sequences() >= 100 && g.changes == 0)
        fail_msg("no sequence executed anything: the test shows nothing");
    end_game(&g);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(a_protected_database_stays_as_it_is),
        LIVE_TEST(nothing_is_executed_that_was_not_confirmed),
    };
    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
