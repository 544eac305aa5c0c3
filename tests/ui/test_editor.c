/*
 * Editing SQL in the console (ui.md, "In the editor"), and what becomes of it: run once, dropped,
 * or saved into the revision, which real Alembic then runs.
 */
#include "config.h"

#include <locale.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>

#include "base/file.h"
#include "ui/launch.h"

#define ESC    "\033"
#define CTRL_S "\023"
#define CTRL_F "\006"
#define ALT_D  ESC "d"

/* Two revisions: a table with two columns, and an index on it. Its alembic.ini. */
static const char *make_project(struct live *live, const char *name)
{
    const char *ini = launch_runnable(live, name, NULL);
    launch_revision(live, name, "aa11", "None", "table",
                    "op.execute(\"CREATE TABLE t (n int, s text)\")",
                    "op.execute(\"DROP TABLE t\")");
    launch_revision(live, name, "bb22", "\"aa11\"", "index",
                    "# by number\n    op.create_index('ix_n', 't', ['n'])",
                    "op.drop_index('ix_n')");
    return ini;
}

static void begin(struct pty *pty, struct live *live, const char *name, int rows, int columns)
{
    launch_in(pty, live, make_project(live, name), rows, columns, NULL);
    pty_idle(pty);
    pty_expect(pty, "(2 behind)");
}

/* The row of the screen that shows a text. */
static int row_of(struct pty *pty, const char *text)
{
    pty_expect(pty, text);
    for (int row = 0; row < pty->rows; row++)
        if (strstr(pty_row(pty, row), text))
            return row;
    fail();
    return -1;
}

/*
 * The attributes of the first cell of a text in a row; the row is ASCII before it but for borders.
 */
static VTermScreenCell cell_of(struct pty *pty, const char *text)
{
    VTermPos pos = {.row = row_of(pty, text), .col = 0};
    VTermScreenCell cell = {0};
    for (; pos.col < pty->columns; pos.col++) {
        size_t i = 0;
        for (; text[i]; i++) {
            VTermPos at = {pos.row, pos.col + (int)i};
            if (!vterm_screen_get_cell(pty->screen, at, &cell) ||
                cell.chars[0] != (unsigned char)text[i])
                break;
        }
        if (!text[i]) {
            vterm_screen_get_cell(pty->screen, pos, &cell);
            return cell;
        }
    }
    fail();
    return cell;
}

static void text_is_edited_undone_and_kept(void **state)
{
    struct pty pty;
    begin(&pty, *state, "typing", 40, 120);
    pty_type(&pty, "3i");
    pty_expect(&pty, "3 EDIT sql (upgrade) bb22");
    pty_expect(&pty, "-- @1 SHARE on t; may");
    pty_expect(&pty, "[edit] line 4 of ");
    pty_expect(&pty, " - statement 1");
    assert_true(cell_of(&pty, "CREATE INDEX ix_n").fg.type != 0); /* a keyword has its colour */
    pty_type(&pty, "Qsr "); /* no letter does anything but stand there */
    pty_expect(&pty, "Qsr CREATE INDEX");
    pty_expect(&pty, "! line 4: syntax error at or near \"Qsr\"");
    assert_true(cell_of(&pty, "Qsr").attrs.reverse);
    pty_send(&pty, CTRL_S);
    pty_expect(&pty, "kept; not known to the parser: syntax error");
    pty_send(&pty, ESC "u"); /* typed in a row: undone at once */
    pty_expect_not(&pty, "Qsr");
    pty_expect(&pty, "bb22 *");
    pty_send(&pty, ESC "e");
    pty_expect(&pty, "Qsr CREATE INDEX");
    pty_send(&pty, ESC "r"); /* the statement as it was */
    pty_expect_not(&pty, "Qsr");
    pty_send(&pty, CTRL_S);
    pty_expect(&pty, "kept: as it was rendered");
    pty_send(&pty, "\033[200~/* one */\r-- two\tq\r\033[201~");
    pty_expect(&pty, "* /* one */");
    pty_expect(&pty, "* -- two  q");
    pty_send(&pty, ALT_D);
    pty_expect(&pty, "What was edited");
    pty_expect(&pty, "+/* one */");
    pty_send(&pty, ESC);
    pty_send(&pty, CTRL_F);
    pty_type(&pty, "concur"); /* is not there: the cursor stays */
    pty_expect(&pty, "[edit] line 6 of ");
    pty_send(&pty, "\025index\r");
    pty_expect(&pty, "[edit] line 6 of ");
    pty_send(&pty, ESC);
    pty_expect(&pty, "kept: edited, in this plan only");
    pty_expect(&pty, "3 sql (upgrade) * edited");
    pty_type(&pty, "1");
    pty_expect(&pty, "bb22* index");
    pty_type(&pty, ":revert\r");
    pty_expect(&pty, "The edits of 1 revision are dropped");
    pty_type(&pty, "y");
    pty_expect(&pty, "the plan is as it was rendered");
    pty_expect_not(&pty, "bb22*");
    quit(&pty);
}

/* A press moves the cursor and does nothing else; rows and columns of a report count from 1. */
static void the_mouse_moves_the_cursor(void **state)
{
    struct pty pty;
    begin(&pty, *state, "mouse", 24, 80);
    pty_type(&pty, ":set mouse=on\r3i");
    pty_expect(&pty, "[edit] line 4 of ");
    int row = row_of(&pty, "CREATE INDEX") + 1;
    char report[32];
    snprintf(report, sizeof report, ESC "[<0;%d;%dM", 4 + 7, row);
    pty_send(&pty, report);
    pty_expect(&pty, "[edit] line 4 of 7, column 8 - statement 1");
    pty_send(&pty, report); /* twice at the same place: no Enter */
    pty_expect(&pty, "[edit] line 4 of 7");
    pty_send(&pty, ESC "[<0;5;2M"); /* the border */
    pty_expect(&pty, "3 EDIT sql (upgrade) bb22");
    pty_send(&pty, ESC "[<64;5;5M");
    pty_expect(&pty, "[edit] line 1 of 7");
    pty_send(&pty, ESC);
    pty_expect_not(&pty, "3 EDIT");
    quit(&pty);
}

static void text_that_is_no_sql_is_not_kept(void **state)
{
    struct pty pty;
    begin(&pty, *state, "broken", 24, 80); /* the pane is small: the editor has the screen */
    pty_type(&pty, "3i'");
    pty_expect(&pty, "! line 4: unterminated quoted string");
    pty_send(&pty, CTRL_S);
    pty_expect(&pty, "this is no SQL: unterminated quoted string");
    pty_send(&pty, ESC);
    pty_expect(&pty, "This text cannot be kept");
    pty_type(&pty, "k");
    pty_expect(&pty, "3 EDIT sql (upgrade) bb22 *");
    pty_send(&pty, ESC);
    pty_type(&pty, "d");
    pty_expect(&pty, "is dropped");
    pty_expect(&pty, "1 graph");
    pty_expect_not(&pty, "* edited");
    quit(&pty);
}

static void an_index_made_concurrently_is_saved_and_alembic_runs_it(void **state)
{
    struct live *live = *state;
    struct pty pty;
    begin(&pty, live, "saving", 40, 120);
    const char *before = launch_read(live, "saving", "bb22");
    pty_type(&pty, "3i");
    pty_send(&pty, ESC "f");
    pty_send(&pty, ESC "f");
    pty_type(&pty, " CONCURRENTLY");
    pty_send(&pty, CTRL_S);
    pty_expect(&pty,
               "CREATE INDEX CONCURRENTLY cannot run inside a transaction - Alt-t takes it out");
    pty_send(&pty, ESC "t");
    pty_expect(&pty, "outside the transaction: it stays done");
    pty_expect(&pty, "* -- @no transaction");
    pty_send(&pty, CTRL_S);
    pty_expect(&pty, "kept: edited, in this plan only");
    pty_send(&pty, ESC);
    pty_expect(&pty, "-- outside a transaction");
    assert_string_equal(launch_read(live, "saving", "bb22"), before);
    pty_type(&pty, ":save\r");
    pty_expect(&pty, "Save into migrations/versions/bb22.py");
    pty_expect(&pty, "-    op.create_index('ix_n', 't', ['n'])");
    pty_expect(&pty, "with op.get_context().autocommit_block():");
    assert_true(cell_of(&pty, "-    op.create_index").fg.type != 0);
    pty_type(&pty, "\r"); /* No has the focus */
    pty_expect(&pty, "nothing was done");
    assert_string_equal(launch_read(live, "saving", "bb22"), before);
    pty_type(&pty, "rw");
    pty_expect(&pty, "Save into migrations/versions/bb22.py");
    pty_send(&pty, ESC);
    pty_type(&pty, "Wy");
    pty_expect(&pty, "upgrade() of migrations/versions/bb22.py is what was edited");
    pty_expect_not(&pty, "* edited");
    const char *after = launch_read(live, "saving", "bb22");
    assert_non_null(strstr(after, "CREATE INDEX CONCURRENTLY ix_n"));
    assert_non_null(strstr(after, "op.drop_index('ix_n')"));
    quit(&pty);
    launch_alembic(live, arena_printf(live->arena, "%s/saving/alembic.ini", live_server.dir),
            "upgrade head");
    assert_string_equal(live_value(live, "SELECT version_num FROM alembic_version"), "bb22");
    assert_string_equal(live_value(live, "SELECT pg_get_indexdef('ix_n'::regclass)"),
                        "CREATE INDEX ix_n ON public.t USING btree (n)");
}

/* A file that says what was run is changed only by who names the database. */
static void the_file_of_an_applied_revision_needs_the_name(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = make_project(live, "applied");
    launch_alembic(live, ini, "upgrade head");
    launch_in(&pty, live, ini, 40, 120, NULL);
    pty_idle(&pty);
    pty_expect(&pty, "at bb22 (up to date)");
    pty_type(&pty, "3i");
    pty_expect(&pty, "bb22 is applied: x shows the downgrade");
    pty_type(&pty, "xi");
    pty_expect(&pty, "3 EDIT sql (downgrade) bb22");
    pty_send(&pty, ESC "f");
    pty_send(&pty, ESC "f");
    pty_type(&pty, " IF EXISTS");
    pty_send(&pty, ESC);
    pty_expect(&pty, "DROP INDEX IF EXISTS ix_n");
    pty_type(&pty, "W");
    pty_expect(&pty, "its file says what was run there");
    pty_type(&pty, "\r");
    pty_expect(&pty, "that is not");
    pty_type(&pty, arena_printf(live->arena, "%s\r", live->url.database));
    pty_expect(&pty, "downgrade() of migrations/versions/bb22.py is what was edited");
    assert_non_null(strstr(launch_read(live, "applied", "bb22"), "DROP INDEX IF EXISTS ix_n"));
    quit(&pty);
}

/* The user's own editor has the same text; what cannot be kept stays open here. */
/* The cursor stands where the server found the error; what repairs it is tried again. */
static void a_failed_statement_shows_what_the_server_said(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = make_project(live, "failed");
    launch_revision(live, "failed", "cc33", "\"bb22\"", "fails",
                    "op.execute(\"SELECT n,\\n       zz FROM t\")", "pass");
    launch_in(&pty, live, ini, 40, 120, NULL);
    pty_idle(&pty);
    pty_type(&pty, "rh");
    pty_type(&pty, "y");
    pty_type(&pty, "e");
    pty_expect(&pty, "FAILED");
    pty_type(&pty, "me");
    pty_expect(&pty, "3 EDIT statement 1 of upgrade cc33");
    pty_expect(&pty, "[edit] ! line 2: ");
    pty_expect(&pty, "column \"zz\" does not exist - line 2 of 2, column 8");
    assert_true(cell_of(&pty, "!        zz FROM t").attrs.bold);
    pty_send(&pty, "\033[3~\033[3~"); /* Delete */
    pty_type(&pty, "s");
    press(&pty, ESC);
    pty_watch_for(&pty, "at cc33 (up to date)");
    quit(&pty);
}

static void the_users_editor_takes_the_same_text(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = make_project(live, "outside");
    const char *variables[] = {"VISUAL=false", NULL};
    launch_in(&pty, live, ini, 40, 120, variables);
    pty_idle(&pty);
    pty_type(&pty, "3e");
    pty_expect(&pty, "false ended with an error");
    pty_expect_not(&pty, "3 EDIT");
    quit(&pty);
    variables[0] = launch_editor(live, "sed -i 's/ix_n ON t (n)/ix_2 ON t (n, s)/' \"$2\"");
    launch_in(&pty, live, ini, 40, 120, variables);
    pty_idle(&pty);
    pty_type(&pty, "3e");
    pty_expect(&pty, "kept: edited, in this plan only");
    pty_expect(&pty, "CREATE INDEX ix_2 ON t (n, s);");
    pty_type(&pty, "e");
    pty_expect(&pty, "the text is the same: nothing was edited");
    pty_type(&pty, ":revert\ry");
    quit(&pty);
    variables[0] = launch_editor(live, "sed -i \"s/ix_n ON/'/\" \"$2\"");
    launch_in(&pty, live, ini, 40, 120, variables);
    pty_idle(&pty);
    pty_type(&pty, "3e");
    pty_expect(&pty, "This text cannot be kept");
    pty_type(&pty, "k");
    pty_expect(&pty, "3 EDIT sql (upgrade) bb22 *");
    pty_expect(&pty, "CREATE INDEX ' t (n)");
    pty_send(&pty, ESC "u" ESC);
    pty_expect_not(&pty, "3 EDIT");
    quit(&pty);
}

/* A private copy needs no guard; running it does (ui.md, "Which guard for what"). */
static void a_protected_database_does_not_hinder_editing(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = launch_project(live, "guarded", "[retort]\nprotected = true\n");
    launch_revision(live, "guarded", "aa11", "None", "table",
                    "op.execute(\"CREATE TABLE t (n int)\")", "pass");
    launch_in(&pty, live, ini, 24, 80, NULL);
    pty_idle(&pty);
    pty_type(&pty, "3i");
    pty_send(&pty, ESC "f");
    pty_type(&pty, " UNLOGGED");
    pty_send(&pty, ESC);
    pty_expect(&pty, "* edited");
    pty_type(&pty, "5r");
    pty_expect(&pty, "read-only");
    assert_string_equal(live_value(live, "SELECT to_regclass('t')"), "");
    pty_type(&pty, ":revert\ry");
    quit(&pty);
}

static void what_was_edited_is_marked_and_run(void **state)
{
    struct live *live = *state;
    struct pty pty;
    begin(&pty, live, "running", 60, 200);
    pty_type(&pty, "3i");
    pty_send(&pty, "\033OF"); /* End */
    pty_send(&pty, ESC "OD");
    pty_type(&pty, "\177, s)"); /* before the ';' */
    pty_send(&pty, ESC);
    pty_type(&pty, "1");
    pty_expect(&pty, "bb22* index");
    pty_type(&pty, "Q");
    pty_expect(&pty, "SQL was edited, and neither run nor saved");
    pty_type(&pty, "n");
    pty_type(&pty, "rh"); /* another plan: the edit goes with it */
    pty_expect(&pty, "* edited     bb22");
    pty_type(&pty, "y");
    pty_type(&pty, "e");
    pty_expect(&pty, "everything committed");
    pty_expect_not(&pty, "bb22*");
    assert_string_equal(live_value(live, "SELECT pg_get_indexdef('ix_n'::regclass)"),
                        "CREATE INDEX ix_n ON public.t USING btree (n, s)");
    quit(&pty);
}

static void properties_tell_what_was_recorded(void **state)
{
    struct pty pty;
    begin(&pty, *state, "properties", 40, 120);
    pty_type(&pty, "2)p");
    pty_expect(&pty, "op.create_index: create an index");
    pty_expect(&pty, "op.create_index('ix_n', 't', ['n'], unique=False)");
    pty_expect(&pty, "statement 1 of 1:");
    pty_expect(&pty, "CREATE INDEX ix_n ON t (n);");
    pty_send(&pty, ESC);
    pty_type(&pty, "gp");
    pty_expect(&pty, "this line makes no operation");
    pty_type(&pty, ")\r");
    pty_expect(&pty, "[sql] statement 1 of 1 - source line 11");
    pty_type(&pty, "p");
    pty_expect(&pty, "made by      migrations/versions/bb22.py:11");
    pty_expect(&pty, "lock         SHARE on t");
    pty_send(&pty, ESC);
    pty_type(&pty, "\r");
    pty_expect(&pty, "[detail] bb22.py - statement 1");
    quit(&pty);
}

/* Real Alembic tells what came of it. */
static void heads_are_marked_and_merged_and_revisions_added(void **state)
{
    struct live *live = *state;
    struct pty pty;
    const char *ini = make_project(live, "merging");
    const char *variables[] = {"VISUAL=true", NULL}; /* an editor that leaves everything as it is */
    launch_revision(live, "merging", "cc33", "\"aa11\"", "other", "pass", "pass");
    launch_in(&pty, live, ini, 40, 120, variables);
    pty_idle(&pty);
    pty_type(&pty, "m");
    pty_expect(&pty, "merge: mark the heads to merge: Space");
    pty_type(&pty, "Gv");
    pty_expect(&pty, "a range begins here");
    pty_type(&pty, "g");
    pty_send(&pty, ESC);
    pty_type(&pty, "m");
    pty_expect(&pty, "merge: mark the heads to merge: Space");
    pty_type(&pty, "Gvgv");
    pty_expect(&pty, "3 revisions marked");
    pty_type(&pty, "m");
    pty_expect(&pty, "aa11 is no head: only heads are merged");
    pty_type(&pty, "G ");
    pty_expect(&pty, "2 revisions marked");
    assert_non_null(strstr(pty_row(&pty, row_of(&pty, "bb22 index")), "+"));
    pty_type(&pty, "G");
    pty_type(&pty, "a");
    pty_expect(&pty, "there are 2 heads: t goes to the one to put it on");
    pty_type(&pty, "mboth\r");
    pty_expect(&pty, "a merge of 2 heads");
    pty_expect(&pty, "both (head)");
    pty_type(&pty, "anext\r");
    pty_expect(&pty, "next (head)");
    quit(&pty);
    const char *text = launch_alembic(live, ini, "history");
    assert_non_null(strstr(text, "(head), next"));
    assert_non_null(strstr(text, "(mergepoint), both"));
}

/* A statement of 5,000 lines, and one with a line of a megabyte. */
static void long_texts_can_be_edited(void **state)
{
    enum { LINES = 5000, MEGABYTE = 1 << 20 };
    struct live *live = *state;
    struct pty pty;
    struct str up = STR_IN(live->arena);
    const char *ini = make_project(live, "long");
    str_add(&up, "op.execute(\"\"\"INSERT INTO t VALUES\n");
    for (int i = 1; i < LINES; i++)
        str_addf(&up, "(%d, 'x')%s\n", i, i + 1 < LINES ? "," : "");
    str_add(&up,
            "\"\"\")\n    op.execute(\"INSERT INTO t VALUES (0, '\" + \"0123456789abcdef\" * ");
    str_addf(&up, "%d + \"')\")", MEGABYTE / 16);
    launch_revision(live, "long", "cc33", "\"bb22\"", "much", up.ptr, "pass");
    launch_in(&pty, live, ini, 40, 120, NULL);
    pty_idle(&pty);
    pty_type(&pty, "3i");
    pty_expect(&pty, "[edit] line 4 of 5009");
    pty_send(&pty, CTRL_F);
    pty_type(&pty, "(4321,\r");
    pty_expect(&pty, "[edit] line 4325 of 5009, column 1 - statement 1");
    pty_type(&pty, "/* here */");
    pty_expect(&pty, "* /* here */(4321, 'x'),");
    pty_send(&pty, ESC ">");
    pty_send(&pty, ESC "OA" ESC "OA" ESC "OA");
    pty_send(&pty, ESC "OF");
    pty_expect(&pty, "[edit] line 5006 of 5009, column 1048606 - statement 2");
    pty_type(&pty, "SELECT 1;");
    pty_expect(&pty, "cdef');SELECT 1;");
    pty_send(&pty, ESC "u");
    pty_expect_not(&pty, "SELECT 1;");
    pty_send(&pty, ESC "b");
    pty_type(&pty, "\xE6\xBC\xA2"); /* one character of two columns */
    pty_expect(&pty, "column 29 - statement 2");
    pty_send(&pty, ESC);
    pty_expect(&pty, "kept: edited, in this plan only");
    pty_expect(&pty, "3 sql (upgrade) * edited");
    pty_type(&pty, ":revert\ry");
    quit(&pty);
}

/* usage: test_editor [PATTERN]: only the tests whose names match. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(text_is_edited_undone_and_kept),
        LIVE_TEST(the_mouse_moves_the_cursor),
        LIVE_TEST(text_that_is_no_sql_is_not_kept),
        LIVE_TEST(an_index_made_concurrently_is_saved_and_alembic_runs_it),
        LIVE_TEST(the_file_of_an_applied_revision_needs_the_name),
        LIVE_TEST(what_was_edited_is_marked_and_run),
        LIVE_TEST(a_failed_statement_shows_what_the_server_said),
        LIVE_TEST(the_users_editor_takes_the_same_text),
        LIVE_TEST(a_protected_database_does_not_hinder_editing),
        LIVE_TEST(properties_tell_what_was_recorded),
        LIVE_TEST(heads_are_marked_and_merged_and_revisions_added),
        LIVE_TEST(long_texts_can_be_edited),
    };
    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
