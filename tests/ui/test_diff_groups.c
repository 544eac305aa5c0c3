/*
 * The pending differences by table: headings that fold, and what searches, filters, ranges and
 * inclusion make of them.
 */
#include "config.h"

#include <locale.h>
#include <string.h>

#include "ui/launch.h"

#define ESC "\033"

/* Three differences in one table, one in another, two types that nothing uses. */
static const char *make_tables(struct live *live, const char *settings)
{
    const char *ini = launch_project(live, "tables", settings);
    launch_write(live, arena_printf(live->arena, "%s/tables/migrations/env.py", live_server.dir),
                 "from alembic import context\n"
                 "import sqlalchemy as sa\n\n"
                 "metadata = sa.MetaData()\n"
                 "sa.Table('book', metadata, sa.Column('id', sa.Integer(), primary_key=True),\n"
                 "         sa.Column('title', sa.Text(), nullable=False),\n"
                 "         sa.Column('pages', sa.Integer()))\n"
                 "sa.Table('loan', metadata, sa.Column('id', sa.Integer(), primary_key=True))\n"
                 "context.configure(target_metadata=metadata)\n"
                 "context.run_migrations()\n");
    live_sql(live, "CREATE TABLE book (id serial PRIMARY KEY, title text, shelf date)");
    live_sql(live, "CREATE TYPE mood AS ENUM ('sad')");
    live_sql(live, "CREATE TYPE size AS ENUM ('small')");
    return ini;
}

static void open_tables(struct pty *pty, struct live *live, int rows, int columns)
{
    launch_in(pty, live, make_tables(live, ""), rows, columns, NULL);
    pty_idle(pty);
    pty_type(pty, "d");
    pty_wait_for(pty, "4 diff ");
}

static void tables_fold_and_unfold(void **state)
{
    struct pty pty;
    open_tables(&pty, *state, 40, 120);
    pty_expect(&pty, "[x] A loan  added table");
    pty_expect(&pty, "[x] \u25be book !  A1 M1 D1");
    pty_expect(&pty, "  [x] A book.pages  added column");
    pty_expect(&pty, "[ ] \u25be types  D2");
    pty_expect(&pty, "  [ ] D mood  enum type that nothing uses");
    pty_type(&pty, "j");
    pty_expect(&pty, "[diff] book - 3 of 3 included");
    pty_expect(&pty, "2 detail: book");
    pty_expect(&pty, "ALTER TABLE book ADD COLUMN pages INTEGER;");
    pty_expect(&pty, "ALTER TABLE book DROP COLUMN shelf;");
    pty_type(&pty, "\r");
    pty_expect(&pty, "[x] \u25b8 book !  A1 M1 D1");
    pty_expect_not(&pty, "A book.pages");
    pty_expect(&pty, "D mood");
    pty_type(&pty, "\rj-"); /* from a difference to the heading that it is folded under */
    pty_expect(&pty, "[diff] book - ");
    pty_expect_not(&pty, "D mood");
    pty_expect(&pty, "line 2 of 3");
    pty_type(&pty, "R"); /* folded it stays */
    pty_wait_for(&pty, "[x] \u25b8 book !  A1 M1 D1");
    pty_type(&pty, "gj=");
    pty_expect(&pty, "line 2 of 8");
    pty_expect(&pty, "D mood");
    pty_type(&pty, "g\r"); /* the source of a table without a heading */
    pty_expect(&pty, "2 detail: loan");
    pty_expect(&pty, "[detail] ");
    quit(&pty);
}

static void a_heading_includes_all_of_its_table(void **state)
{
    struct pty pty;
    open_tables(&pty, *state, 40, 120);
    pty_expect(&pty, "4 diff 4 of 6 included");
    pty_type(&pty, "/pages\r ");
    pty_expect(&pty, "[~] \u25be book");
    pty_expect(&pty, "4 diff 3 of 6 included");
    pty_type(&pty, "gj"); /* the SQL is what a revision of the included ones would do */
    pty_expect_not(&pty, "ADD COLUMN pages");
    pty_expect(&pty, "DROP COLUMN shelf;");
    pty_type(&pty, " ");
    pty_expect(&pty, "[x] \u25be book");
    pty_expect(&pty, "[diff] types - 0 of 2 included"); /* past all that it was about */
    pty_expect(&pty, "nothing of it is included");
    pty_type(&pty, " "); /* the last heading: stays there */
    pty_expect(&pty, "[x] \u25be types");
    pty_expect(&pty, "DROP TYPE mood");
    pty_type(&pty, " ");
    pty_expect(&pty, "[ ] \u25be types");
    pty_type(&pty, "-gv");
    pty_type(&pty, "Gv"); /* what is folded is in the range */
    pty_expect(&pty, "6 included");
    pty_type(&pty, "=gji");
    pty_expect(&pty, "a rule is of one difference");
    pty_type(&pty, "e");
    pty_expect(&pty, "a heading has no place in a file");
    quit(&pty);
}

static void what_was_chosen_outlasts_a_new_comparison(void **state)
{
    struct live *live = *state;
    struct pty pty;
    open_tables(&pty, live, 40, 120);
    pty_type(&pty, "/pages\r "); /* left out */
    pty_type(&pty, "/mood\r ");  /* and this one taken in, which is left out by default */
    pty_type(&pty, "gjjjj");
    pty_expect(&pty, "[ ] A book.pages");
    pty_expect(&pty, "[x] D mood");
    pty_expect(&pty, "[diff] book.shelf");
    live_sql(live, "ALTER TABLE book ALTER title SET NOT NULL"); /* one is gone */
    pty_type(&pty, "R");
    pty_wait_for(&pty, "4 diff 3 of 5 included");
    pty_expect(&pty, "[ ] A book.pages");
    pty_expect(&pty, "[x] D mood");
    pty_expect(&pty, "[diff] book.shelf");
    live_sql(live, "ALTER TABLE book ADD pages text"); /* another difference of that column */
    pty_type(&pty, "R");
    pty_wait_for(&pty, "[x] M book.pages");
    pty_expect(&pty, "[x] D mood");
    pty_expect(&pty, "[diff] book.shelf");
    quit(&pty);
}

static void a_search_opens_what_is_folded(void **state)
{
    struct pty pty;
    open_tables(&pty, *state, 40, 120);
    pty_type(&pty, "-/shelf");
    pty_expect(&pty, "\u25b8 book"); /* found in there; Esc would leave it folded */
    pty_type(&pty, "\r");
    pty_expect(&pty, "[diff] book.shelf - ");
    pty_expect(&pty, "\u25be book");
    pty_expect(&pty, "\u25b8 types");
    pty_type(&pty, "-g/enum\r");
    pty_expect(&pty, "[diff] mood - ");
    pty_type(&pty, "-N"); /* backwards the last one comes first */
    pty_expect(&pty, "[diff] size - ");
    pty_type(&pty, "-g/shelf");
    pty_send(&pty, ESC);
    pty_expect(&pty, "\u25b8 book");
    pty_expect(&pty, "[diff] loan - ");
    pty_type(&pty, "/nowhere");
    pty_expect(&pty, "no match");
    pty_send(&pty, ESC);
    quit(&pty);
}

static void filters_leave_headings_their_meaning(void **state)
{
    struct pty pty;
    open_tables(&pty, *state, 40, 120);
    pty_type(&pty, "ff"); /* changes: one is left of the table, and stays under its heading */
    pty_expect(&pty, "[x] \u25be book !  M1");
    pty_expect(&pty, "  [x] M book.title");
    pty_expect_not(&pty, "loan  added");
    pty_type(&pty, "g "); /* only what is shown */
    pty_expect(&pty, "4 diff: changes 3 of 6 included");
    pty_type(&pty, "fff&BOOK.\r"); /* capitals make it exact */
    pty_expect(&pty, "nothing matches the filter");
    pty_type(&pty, "&book.\r");
    pty_expect(&pty, "[ ] M book.title");
    pty_expect_not(&pty, "\u25be");
    pty_expect_not(&pty, "D mood");
    pty_type(&pty, "-");
    pty_expect(&pty, "without headings; Esc ends it");
    pty_type(&pty, "G");
    pty_expect(&pty, "line 3 of 3");
    pty_send(&pty, ESC); /* the cursor stays on what it was on */
    pty_expect(&pty, "[~] \u25be book");
    pty_expect(&pty, " of 8");
    pty_type(&pty, "-&shelf\r"); /* also what is folded */
    pty_expect(&pty, "D book.shelf");
    quit(&pty);
}

static void signs_of_folding_are_there_in_ascii(void **state)
{
    struct pty pty;
    open_tables(&pty, *state, 24, 80);
    pty_type(&pty, ":set graphics=ascii\r");
    pty_expect(&pty, "[x] - book !  A1 M1 D1");
    pty_type(&pty, "-");
    pty_expect(&pty, "[x] + book !  A1 M1 D1");
    quit(&pty);
}

static void ignored_ones_have_groups_of_their_own(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = make_tables(live, "[retort]\nignore_differences =\n"
                                        "    orphan_enum mood\n    orphan_enum size\n");
    launch_in(&pty, live, ini, 24, 100, NULL);
    pty_idle(&pty);
    pty_type(&pty, "d");
    pty_wait_for(&pty, "4 of 4 included, 2 ignored");
    pty_expect_not(&pty, "types");
    pty_type(&pty, "ffff");
    pty_expect(&pty, "[-] \u25be types  D2");
    pty_type(&pty, " ");
    pty_expect(&pty, "rules of [retort] ignore them");
    pty_expect(&pty, "4 of 4 included");
    quit(&pty);
}

/* Where no order of the tables will do: in the detail, and among the warnings. */
static void a_circle_of_tables_is_told(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = launch_project(live, "circle", "");
    launch_write(live, arena_printf(live->arena, "%s/circle/migrations/env.py", live_server.dir),
                 "from alembic import context\n"
                 "import sqlalchemy as sa\n\n"
                 "metadata = sa.MetaData()\n"
                 "sa.Table('lamp', metadata, sa.Column('id', sa.Integer(), primary_key=True),\n"
                 "         sa.Column('switch_id', sa.ForeignKey('switch.id')))\n"
                 "sa.Table('switch', metadata, sa.Column('id', sa.Integer(), primary_key=True),\n"
                 "         sa.Column('lamp_id', sa.ForeignKey('lamp.id')))\n"
                 "context.configure(target_metadata=metadata)\n"
                 "context.run_migrations()\n");
    launch_in(&pty, live, ini, 40, 120, NULL);
    pty_idle(&pty);
    pty_type(&pty, "d");
    pty_wait_for(&pty, "4 diff ");
    pty_expect(&pty, "[x] A lamp !  added table");
    pty_expect(&pty, "[x] A switch  added table");
    pty_expect(&pty, "! it refers to switch, which is not there yet");
    pty_type(&pty, ESC "w");
    pty_expect(&pty, "Warnings");
    pty_expect(&pty, "unresolvable cycles");
    pty_type(&pty, "q");
    quit(&pty);
}

/* usage: test_diff_groups [PATTERN] */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(tables_fold_and_unfold),
        LIVE_TEST(a_heading_includes_all_of_its_table),
        LIVE_TEST(what_was_chosen_outlasts_a_new_comparison),
        LIVE_TEST(a_search_opens_what_is_folded),
        LIVE_TEST(filters_leave_headings_their_meaning),
        LIVE_TEST(signs_of_folding_are_there_in_ascii),
        LIVE_TEST(ignored_ones_have_groups_of_their_own),
        LIVE_TEST(a_circle_of_tables_is_told),
    };
    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
