/*
 * The safety rules of ui.md, with random keys: whatever is typed, pasted, clicked or resized,
 *
 *   - on a protected database nothing changes,
 *   - on another one nothing is executed that was not confirmed on the screen before,
 *   - the program does not crash, and gives the terminal back when it ends.
 *
 * usage: keys_random [TEST], with KEYS=number of sequences for each (60) and KEYS_SEED=the first
 * one's seed (7). Each sequence is a program of its own, ended by keys or by a signal; a failure
 * tells its seed and keys.
 */
#include "config.h"

#include <dirent.h>
#include <limits.h>
#include <locale.h>
#include <signal.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include "base/file.h"
#include "base/str.h"
#include "base/utf8.h"
#include "ui/keys_model.h"
#include "ui/launch.h"

#define ESC      "\033"
#define DATABASE KEYS_DATABASE

enum { MOST_KEYS = 24 };

/* -- the program --------------------------------------------------------------------------------
 */

struct game {
    struct live *live;
    const char *name, *ini; /* of the project */
    struct pty pty;
    bool is_protected;
    uint64_t first_seed; /* of the sequence */
    struct str typed;    /* in the sequence, visible */
    const char *variables[4];
    char *database; /* what it was like when it was looked at last */
    bool confirmed; /* what is executed now was agreed to on the screen */
    size_t changes, endings;
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
        "THEN '' ELSE query_to_xml('SELECT * FROM alembic_version ORDER BY 1', true, true, "
        "'')::text "
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

/* -- the project, as it is before each sequence ---------------------------------------------------
 */

static void empty_folder(const char *path)
{
    DIR *dir = opendir(path);
    const struct dirent *entry;
    while (dir && (entry = readdir(dir)) != NULL)
        if (entry->d_name[0] != '.')
            unlinkat(dirfd(dir), entry->d_name, 0);
    if (dir)
        closedir(dir);
}

static void write_project(struct game *g)
{
    struct live *live = g->live;
    const char *name = g->name;
    empty_folder(arena_printf(live->arena, "%s/%s/migrations/versions", live_server.dir, name));
    g->ini = launch_project(live, name, arena_printf(live->arena,
                                                     "[retort]\ndetached_timeout = 1s\n"
                                                     "journal_schema =\nprotected = %s\n",
                                                     g->is_protected ? "true" : "false"));
    launch_revision(live, name, "aa1", "None", "first",
                    "op.execute('CREATE TABLE a (n int)')\n    op.execute('SELECT 1')",
                    "op.execute('DROP TABLE a')");
    launch_revision(live, name, "bb2", "'aa1'", "second", "op.execute('CREATE TABLE b (n int)')",
                    "op.execute('DROP TABLE b')");
    launch_revision(live, name, "cc3", "'bb2'", "third",
                    "op.execute('CREATE TABLE c (n int)')\n    op.execute('SELECT 1/0')", "pass");
}

/* Sequences are written to this arena only while they last. */
static void launch_game(struct game *g)
{
    struct arena *lasting = g->live->arena;
    g->live->arena = arena_new();
    write_project(g);
    launch_in(&g->pty, g->live, g->ini, 24, 80, g->variables);
    arena_free(g->live->arena);
    g->live->arena = lasting;
    pty_idle(&g->pty);
    free(g->database);
    g->database = look(g);
}

/* -- watching it ---------------------------------------------------------------------------------
 */

/*
 * The program has ended, and the terminal is as it was before. Told to by a signal, it may be
 * quicker to end by itself.
 */
static void expect_end(struct game *g, int by_signal)
{
    int status = pty_end(&g->pty);
    bool ended = WIFEXITED(status) && (WEXITSTATUS(status) == 0 ||
                                       (by_signal && WEXITSTATUS(status) == 128 + by_signal));
    if (!ended)
        give_up(g, WIFSIGNALED(status) ? strsignal(WTERMSIG(status)) : "the program failed");
    pty_expect_restored(&g->pty);
    pty_clear(&g->pty);
    g->endings++;
}

/* Waits till the program rests; false when it has ended, as it should. */
static bool settle(struct game *g)
{
    if (pty_settle(&g->pty))
        return true;
    expect_end(g, 0);
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
           pty_shows(pty, "EDIT statement") || pty_shows(pty, "This text was not agreed to") ||
           pty_shows(pty, "Abort the run") || pty_shows(pty, "A run is active") ||
           pty_shows(pty, "The connection was lost");
}

/* On the screen before a key: whether that key agrees to what is asked there. */
static bool agrees(struct pty *pty, const char *key)
{
    bool asks = pty_shows(pty, "[ no: n ]") &&
                (pty_shows(pty, "[ upgrade: y ]") || pty_shows(pty, "[ stamp: y ]") ||
                 pty_shows(pty, "[ take over: y ]"));
    bool typed = pty_shows(pty, "> " DATABASE);
    bool enter = strcmp(key, "\r") == 0 || strcmp(key, "\n") == 0;
    return (asks && (enter || strcmp(key, "y") == 0)) || (typed && enter);
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

/* Bytes that belong together: a character, a sequence of the terminal, a paste. */
static size_t key_length(const char *keys)
{
    static const char begin[] = ESC "[200~", end[] = ESC "[201~";
    size_t size;
    if (keys[0] != '\033') {
        utf8_decode(keys, strlen(keys), &size);
        return size;
    }
    if (str_starts_with(keys, begin)) {
        const char *over = strstr(keys, end);
        return over ? (size_t)(over - keys) + strlen(end) : strlen(keys);
    }
    size = keys[1] == '[' ? 2 + strspn(keys + 2, "<?;0123456789") : keys[1] == 'O' ? 2 : 1;
    return size + (keys[size] != '\0');
}

/* One key at a time, looking at the screen before it and at the database after it. */
static bool press_watched(struct game *g, const char *keys)
{
    struct pty *pty = &g->pty;
    for (; *keys; keys += key_length(keys)) {
        char key[KEYS_MOST_BYTES];
        snprintf(key, sizeof key, "%.*s", (int)key_length(keys), keys);
        g->confirmed = g->confirmed || agrees(pty, key);
        bool orders = shows_orders(pty) && g->confirmed;
        pty_mark(pty);
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
    pty_mark(&g->pty);
    press(&g->pty, keys);
    return settle(g);
}

/* Another size, or a storm of them. */
static bool resize(struct game *g)
{
    struct pty *pty = &g->pty;
    int before[2] = {pty->rows, pty->columns};
    pty_mark(pty);
    for (unsigned times = keys_roll(4) ? 1 : 2 + keys_roll(8); times > 0; times--) {
        int rows, columns;
        keys_size(&rows, &columns);
        str_addf(&g->typed, "<%dx%d> ", columns, rows);
        pty_size(pty, rows, columns);
    }
    if (pty->rows == before[0] && pty->columns == before[1])
        pty_size(pty, before[0] == 24 ? 25 : 24, 80); /* the program hears of it */
    return settle(g);
}

/* A plan that asks for the name gets it now and then, or the run would not be tested. */
static bool type_name(struct game *g)
{
    note(g, "\025" DATABASE "\r");
    return press_watched(g, "\025" DATABASE "\r");
}

static bool play_one(struct game *g)
{
    char key[KEYS_MOST_BYTES];
    if (keys_roll(20) == 0)
        return resize(g);
    if (!g->is_protected && keys_roll(3) == 0 &&
        pty_shows(&g->pty, "Type the name of the database"))
        return type_name(g);
    keys_next(key, g->pty.rows, g->pty.columns);
    note(g, key);
    return g->is_protected ? press_blind(g, key) : press_watched(g, key);
}

/* Ends what is still there: as from a prompt, or as a shell, a terminal or a machine does it. */
static void end_program(struct game *g)
{
    static const int signals[] = {SIGTERM, SIGHUP, SIGINT, SIGQUIT};
    static const char *const leave[] = {ESC "[201~", ESC, ESC, ESC, ESC, ":q!\r"};
    int number = signals[keys_roll(4)];
    str_addf(&g->typed, "<end %d>", number);
    for (size_t i = 0; i < sizeof leave / sizeof *leave && number == SIGQUIT; i++)
        if (!(g->is_protected ? press_blind(g, leave[i]) : press_watched(g, leave[i])))
            return;
    kill(g->pty.pid, number);
    expect_end(g, number);
}

/* A run that was left to its worker is over when nobody but this test is connected. */
static void wait_for_worker(struct game *g)
{
    live_wait_for(g->live, "SELECT count(*) = 0 FROM pg_stat_activity WHERE datname = "
                           "current_database() AND pid <> pg_backend_pid() AND "
                           "backend_type = 'client backend'");
}

/* Empty now and then, so that there is something to do. */
static void clear_database(struct game *g)
{
    live_sql(g->live, "DROP TABLE IF EXISTS a, b, c, alembic_version");
    g->confirmed = false;
}

/* What is being played, for when it ends in the middle. */
static const struct game *playing;

static int tell_and_tear_down(void **state)
{
    if (playing)
        fprintf(stderr, "# the last sequence: KEYS_SEED=%llu, keys: %s\n",
                (unsigned long long)playing->first_seed, playing->typed.ptr);
    playing = NULL;
    return live_teardown(state);
}

static void play(struct game *g, unsigned sequence)
{
    const char *given = getenv("KEYS_SEED");
    g->first_seed = (given ? strtoull(given, NULL, 10) : 7) + sequence;
    keys_seed(g->first_seed);
    str_cut(&g->typed, 0);
    if (!g->is_protected && keys_roll(3) == 0)
        clear_database(g);
    launch_game(g);
    unsigned keys = 1 + keys_roll(MOST_KEYS);
    bool alive = true;
    for (unsigned i = 0; i < keys && alive; i++)
        alive = play_one(g);
    if (alive)
        end_program(g);
    wait_for_worker(g);
    check(g, g->confirmed);
    g->confirmed = false;
}

static void start_game(struct game *g, struct live *live, bool is_protected)
{
    *g = (struct game){.live = live,
                       .name = is_protected ? "keys_protected" : "keys",
                       .is_protected = is_protected,
                       .typed = STR_INIT,
                       .variables = {"EDITOR=/bin/true", "VISUAL=/bin/true"}};
    launch_database(live, DATABASE); /* not "t1", which random keys could type */
}

static unsigned sequences(void)
{
    const char *given = getenv("KEYS");
    if (given)
        alarm(0);
    return given ? (unsigned)atoi(given) : 60;
}

static void play_all(struct game *g)
{
    playing = g;
    for (unsigned i = 0; i < sequences(); i++) {
        play(g, i);
        if ((i + 1) % 500 == 0)
            fprintf(stderr, "# %s: %u sequences\n", g->name, i + 1);
    }
    fprintf(stderr, "# %s: %zu endings, each gave the terminal back; %zu changes of the database\n",
            g->name, g->endings, g->changes);
    playing = NULL;
    str_clear(&g->typed);
    free(g->database);
}

static void a_protected_database_stays_as_it_is(void **state)
{
    static struct game g;
    start_game(&g, *state, true);
    play_all(&g);
}

static void nothing_is_executed_that_was_not_confirmed(void **state)
{
    static struct game g;
    start_game(&g, *state, false);
    play_all(&g);
    if (sequences() >= 50 && g.changes == 0)
        fail_msg("no sequence executed anything: the test shows nothing");
}

static void every_bound_key_is_in_the_model(void **state)
{
    (void)state;
    assert_true(keys_check_bound() > 150);
}

/* Files that commands write go to a folder of their own. */
static int start_all(void **state)
{
    static char program[PATH_MAX];
    const char *given = getenv("RETORT");
    if (realpath(given ? given : "./retort", program))
        setenv("RETORT", program, 1);
    live_start(state);
    return chdir(live_server.dir);
}

int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(every_bound_key_is_in_the_model),
        cmocka_unit_test_setup_teardown(a_protected_database_stays_as_it_is, live_setup,
                                        tell_and_tear_down),
        cmocka_unit_test_setup_teardown(nothing_is_executed_that_was_not_confirmed, live_setup,
                                        tell_and_tear_down),
    };
    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, start_all, live_stop);
}
