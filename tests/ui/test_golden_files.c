/*
 * Whole sessions in which revision files are written, at three sizes, with golden screens
 * (golden.h). Real Alembic then runs them.
 */
#include "config.h"

#include <locale.h>
#include <string.h>

#include "base/file.h"
#include "ui/play.h"

#define ESC    "\033"
#define CTRL_S "\023"

static void database_says(struct session *s, const char *sql, const char *value)
{
    assert_string_equal(live_value(s->live, sql), value);
}

/* -- an edited statement ------------------------------------------------------------------------
 */

static const char *make_indexed_shop(struct live *live)
{
    const char *ini = launch_runnable(live, PLAY_NAME, NULL);
    launch_revision(live, PLAY_NAME, "a1", "None", "customers",
                    "op.execute(\"CREATE TABLE customer (id int PRIMARY KEY, name text)\")",
                    "op.execute(\"DROP TABLE customer\")");
    launch_revision(live, PLAY_NAME, "b2", "'a1'", "search by name",
                    "op.create_index('ix_name', 'customer', ['name'])", "op.drop_index('ix_name')");
    return ini;
}

static void save_session(struct session *s)
{
    struct pty *pty = &s->pty;
    pty_type(pty, "3i");
    pty_send(pty, ESC "f");
    pty_send(pty, ESC "f");
    pty_type(pty, " CONCURRENTLY");
    pty_send(pty, CTRL_S);
    pty_expect(pty, "Alt-t takes it out");
    golden_screen(pty, "save-1-in-transaction");
    pty_send(pty, ESC "t");
    pty_send(pty, CTRL_S);
    golden_screen(pty, "save-2-outside");
    pty_send(pty, ESC);
    golden_screen(pty, "save-3-kept");
    pty_type(pty, ":save\r");
    golden_screen(pty, "save-4-asked");
    pty_type(pty, "y");
    golden_screen(pty, "save-5-written");
    quit(pty);
    launch_alembic(s->live, s->ini, "upgrade head");
    database_says(s, "SELECT version_num FROM alembic_version", "b2");
    database_says(s, "SELECT indisvalid FROM pg_index WHERE indexrelid = 'ix_name'::regclass", "t");
    play_open(s);
    pty_type(pty, "2");
    golden_screen(pty, "save-6-run");
}

static void an_index_made_concurrently_is_saved_and_alembic_runs_it(void **state)
{
    play(*state, make_indexed_shop, save_session);
}

/* -- pending differences ------------------------------------------------------------------------
 */

/* The database has one table as the models have it but for a column, and one that they have not. */
static const char *make_modelled_shop(struct live *live)
{
    static const char models[] = "from sqlmodel import Field, SQLModel\n\n"
                                 "metadata = SQLModel.metadata\n\n\n"
                                 "class Customer(SQLModel, table=True):\n"
                                 "    id: int = Field(primary_key=True)\n"
                                 "    name: str\n\n\n"
                                 "class Invoice(SQLModel, table=True):\n"
                                 "    id: int = Field(primary_key=True)\n"
                                 "    customer_id: int = Field(foreign_key=\"customer.id\")\n";
    const char *ini = launch_runnable(live, PLAY_NAME, models);
    launch_revision(live, PLAY_NAME, "a1", "None", "customers",
                    "op.execute(\"CREATE TABLE customer (id serial PRIMARY KEY, name varchar)\")\n"
                    "    op.execute(\"CREATE TABLE fax (number varchar)\")",
                    "op.execute(\"DROP TABLE fax, customer\")");
    launch_alembic(live, ini, "upgrade head");
    return ini;
}

/* The text of the one file besides those of these ids. */
static const char *read_new(struct session *s, const char *known)
{
    const char *folder =
        arena_printf(s->live->arena, "%s/" PLAY_NAME "/migrations/versions", live_server.dir);
    struct path_list names;
    struct err err = ERR_INIT;
    const char *found = NULL;
    assert_true(file_list(s->live->arena, folder, &names, &err));
    for (size_t i = 0; i < names.len; i++) {
        const char *id =
            arena_printf(s->live->arena, "%.*s", (int)strcspn(names.at[i], "."), names.at[i]);
        if (strstr(known, id) || strchr(names.at[i], '.') == NULL || *id == '\0')
            continue;
        assert_null(found);
        found = launch_read(s->live, PLAY_NAME, id);
    }
    assert_non_null(found);
    return found;
}

static void difference_session(struct session *s)
{
    struct pty *pty = &s->pty;
    pty_type(pty, "d");
    pty_wait_for(pty, "3 of 3 included");
    golden_screen(pty, "difference-1-shown");
    pty_type(pty, "/fax\r");
    pty_type(pty, " ");
    pty_expect(pty, "2 of 3 included");
    golden_screen(pty, "difference-2-excluded");
    pty_type(pty, "ainvoices");
    golden_screen(pty, "difference-3-asked");
    pty_type(pty, "\r");
    pty_expect(pty, "2 differences");
    pty_expect(pty, "invoices (head)");
    golden_screen(pty, "difference-4-written");
    const char *text = read_new(s, "a1");
    assert_non_null(strstr(text, "\"\"\"invoices\"\"\""));
    assert_non_null(strstr(text, "op.create_table('invoice',"));
    assert_non_null(strstr(text, "op.alter_column('customer', 'name',"));
    assert_null(strstr(text, "fax"));
    quit(pty);
    launch_alembic(s->live, s->ini, "upgrade head");
    database_says(s, "SELECT to_regclass('invoice')", "invoice");
    play_open(s);
    pty_type(pty, "d");
    pty_wait_for(pty, "1 of 1 included");
    golden_screen(pty, "difference-5-left");
}

static void pending_differences_become_a_revision(void **state)
{
    play(*state, make_modelled_shop, difference_session);
}

/* -- branches -----------------------------------------------------------------------------------
 */

static const char *make_branched_shop(struct live *live)
{
    const char *ini = launch_runnable(live, PLAY_NAME, NULL);
    launch_revision(live, PLAY_NAME, "a1", "None", "customers",
                    "op.execute(\"CREATE TABLE customer (id int PRIMARY KEY, name text)\")",
                    "op.execute(\"DROP TABLE customer\")");
    launch_revision(live, PLAY_NAME, "b2", "'a1'", "invoices",
                    "op.execute(\"CREATE TABLE invoice (id int PRIMARY KEY)\")",
                    "op.execute(\"DROP TABLE invoice\")");
    launch_revision(live, PLAY_NAME, "c3", "'a1'", "search",
                    "op.create_index('ix_name', 'customer', ['name'])", "op.drop_index('ix_name')");
    return ini;
}

static void merge_session(struct session *s)
{
    struct pty *pty = &s->pty;
    pty_type(pty, "g  ");
    pty_expect(pty, "2 revisions marked");
    golden_screen(pty, "merge-1-marked");
    pty_type(pty, "mbilling and search");
    golden_screen(pty, "merge-2-asked");
    pty_type(pty, "\r");
    pty_expect(pty, "a merge of 2 heads");
    pty_expect(pty, "billing and search (head)");
    golden_screen(pty, "merge-3-written");
    const char *text = read_new(s, "a1 b2 c3");
    assert_non_null(strstr(text, "down_revision = ('b2', 'c3')"));
    quit(pty);
    launch_alembic(s->live, s->ini, "upgrade head");
    database_says(s, "SELECT count(*) FROM alembic_version", "1");
    play_open(s);
    golden_screen(pty, "merge-4-run");
}

static void heads_are_merged(void **state)
{
    play(*state, make_branched_shop, merge_session);
}

/* usage: test_golden_files [PATTERN]: only the sessions whose names match. */
int main(int argc, char **argv)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(an_index_made_concurrently_is_saved_and_alembic_runs_it),
        LIVE_TEST(pending_differences_become_a_revision),
        LIVE_TEST(heads_are_merged),
    };
    setlocale(LC_ALL, "C.UTF-8");
    if (argc > 1)
        cmocka_set_test_filter(argv[1]);
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
