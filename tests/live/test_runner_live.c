/*
 * Runs of revisions that ask the database: what was previewed is what runs, what differs is asked
 * about, and everything that can be done with other runs can be done with them.
 */
#include "config.h"

#include "live/run.h"

#include <sys/stat.h>

#include "alembic/project.h"
#include "base/file.h"
#include "config/config.h"
#include "run/link.h"
#include "run/preview.h"
#include "run/version_sql.h"

static const char head[] = "import sqlalchemy as sa\nfrom alembic import op\n\n\n";

/* -- plans from previews ------------------------------------------------------------------------
 */

static void write_text(const char *path, const char *text)
{
    struct err err = ERR_INIT;
    if (!file_write(path, text, strlen(text), 0600, true, &err))
        fail_msg("%s: %s", path, err.message);
}

/* A project of its own for the test: alembic.ini, and an env.py that does nothing special. */
static struct alembic_project *open_project(struct live *live, const char *folder)
{
    static const char *const none[] = {NULL};
    struct err err = ERR_INIT;
    struct config *config;
    struct alembic_project *project = NULL;
    const struct name_list no_arguments = {0};
    struct config_request request = {.cwd = folder};
    if (!config_open(live->arena, &request, &config, &err) ||
        !alembic_project_open(live->arena, config, none, &no_arguments, &project, &err))
        fail_msg("%s", err.message);
    return project;
}

struct fixture {
    struct live *live;
    struct run *run;
    const char *folder;
};

static struct fixture *fixture_new(struct live *live, enum plan_scope scope)
{
    struct arena *a = live->arena;
    struct fixture *f = ARENA_NEW(a, struct fixture);
    f->live = live;
    f->folder = arena_printf(a, "%s/project_%s", live_server.dir, live->url.database);
    mkdir(f->folder, 0700);
    mkdir(arena_printf(a, "%s/versions", f->folder), 0700);
    write_text(arena_printf(a, "%s/alembic.ini", f->folder),
               "[alembic]\nscript_location = %(here)s\n");
    write_text(arena_printf(a, "%s/env.py", f->folder),
               "from alembic import context\n"
               "context.configure(url='postgresql:///')\n"
               "with context.begin_transaction():\n"
               "    context.run_migrations()\n");
    f->run = run_new(live, scope);
    f->run->settings.project = open_project(live, f->folder);
    return f;
}

static void fixture_end(struct fixture *f)
{
    run_end(f->run);
    alembic_project_close(f->run->settings.project);
}

static void preview(struct fixture *f, const char *path, struct plan_step *step)
{
    struct arena *a = f->live->arena;
    struct err err = ERR_INIT;
    struct connection *conn;
    struct preview *p;
    struct preview_revision seen;
    const struct reading_request request = {.path = path, .direction = DIRECTION_UPGRADE};
    struct preview_options options = {.project = f->run->settings.project};
    struct sql_context context = {.created_types = MAP_IN(a)};
    if (!connection_open(&f->live->url, NULL, &conn, &err))
        fail_msg("%s", err.message);
    options.conn = conn;
    if (!preview_open(&options, &p, &err) || !preview_revision(p, &request, &context, &seen, &err))
        fail_msg("%s", err.message);
    bool in_transaction = true;
    for (size_t i = 0; i < seen.statements.len; i++) {
        const struct statement *s = &seen.statements.at[i];
        if (s->kind != STATEMENT_SQL) {
            in_transaction = s->kind == STATEMENT_BEGIN;
            continue;
        }
        const char *sql = arena_strdup(a, s->sql);
        vec_push(a, &step->statements,
                 ((struct plan_statement){.sql = sql,
                                          .rendered = sql,
                                          .in_transaction = in_transaction,
                                          .nondeterministic = s->nondeterministic,
                                          .origin = {.file = path, .line = s->origin.line},
                                          .number = step->statements.len + 1}));
    }
    for (size_t i = 0; i < seen.asked.len; i++) {
        struct live_asked asked = seen.asked.at[i];
        asked.sql = asked.sql ? arena_strdup(a, asked.sql) : NULL;
        asked.call = asked.call ? arena_strdup(a, asked.call) : NULL;
        asked.answer = asked.answer ? arena_strdup(a, asked.answer) : NULL;
        asked.note = asked.note ? arena_strdup(a, asked.note) : NULL;
        asked.origin.file = path;
        vec_push(a, &step->asked, asked);
    }
    step->open = seen.err.code != ERR_NONE;
    step->open_reason = step->open ? arena_strdup(a, seen.err.message) : NULL;
    err_clear(&seen.err);
    preview_close(p);
    connection_close(conn);
}

/* A live step with that body of upgrade(), as the preview sees it now. */
static void add_live(struct fixture *f, const char *from, const char *to, const char *body)
{
    struct arena *a = f->live->arena;
    struct run *run = f->run;
    const char *path = arena_printf(a, "%s/versions/%s.py", f->folder, to);
    write_text(path, arena_printf(a, "%sdef upgrade():\n%s", head, body));
    struct plan_step step = {
        .verb = PLAN_UPGRADE, .id = to, .file = path, .doc = "", .from = from, .to = to,
        .live = true};
    preview(f, path, &step);
    struct row_change change = {.kind = *from ? ROW_UPDATE : ROW_INSERT, .from = from, .to = to};
    vec_push(a, &step.changes, change);
    const char *sql = version_change_sql(a, &run->plan->table, &change);
    vec_push(a, &step.statements,
             ((struct plan_statement){
                 .sql = sql, .rendered = sql, .in_transaction = true, .version_row = true}));
    plan_arrange(a, &step, 0);
    vec_push(a, &run->plan->steps, step);
    run->plan->statement_count += step.statements.len;
}

static void expect_err(struct run *run, const char *part)
{
    const struct err *err = runner_err(run->runner);
    if (!contains(err->message, part) && !contains(err->detail, part))
        fail_msg("no '%s' in: %s\n%s", part, err->message, err->detail ? err->detail : "");
}

static const char members[] = "CREATE TABLE member (id int PRIMARY KEY, name text, slug text);"
                              "INSERT INTO member VALUES (1, 'Ada'), (2, 'Grace')";

static const char slugs[] =
    "    bind = op.get_bind()\n"
    "    for row in bind.execute(sa.text('SELECT id, name FROM member ORDER BY id')).fetchall():\n"
    "        bind.execute(sa.text('UPDATE member SET slug = :s WHERE id = :i')\n"
    "                     .bindparams(s=row.name.lower(), i=row.id))\n";

#define SLUG(name, id) "UPDATE member SET slug = '" name "' WHERE id = " #id

static const char *all_slugs(struct live *live)
{
    return live_value(live, "SELECT string_agg(slug, ',' ORDER BY id) FROM member");
}

/* -- what was previewed runs --------------------------------------------------------------------
 */

static void what_was_previewed_runs(void **state)
{
    struct live *live = *state;
    live_sql(live, members);
    struct fixture *f = fixture_new(live, PLAN_SCOPE_REVISION);
    add_live(f, "", "a", slugs);
    STEP(f->run, "a", "b", "SELECT 1");
    run_start(f->run);
    run_order(f->run, RUNNER_RUN_ALL);
    run_until(f->run, RUNNER_DONE);
    assert_string_equal(all_slugs(live), "ada,grace");
    assert_string_equal(run_versions(live), "b");
    run_expect(f->run, "locking\nchecking\nexecuting\nstep 0.0\n"
                       "asked SELECT id, name FROM member ORDER BY id -> "
                       "[(1, 'Ada'), (2, 'Grace')]\n"
                       "send 0.0\ndone 0.0 UPDATE 1\nsend 0.1\ndone 0.1 UPDATE 1\n"
                       "send 0.2\ndone 0.2 INSERT 0 1\ncommitted 1.0\nstep done 0.3\n"
                       "step 1.0\nsend 1.0\ndone 1.0 SELECT 1\nsend 1.1\ndone 1.1 UPDATE 1\n"
                       "committed 2.0\nstep done 1.2\ndone\n");
    fixture_end(f);
}

/* -- what was not ------------------------------------------------------------------------------ */

static const char *pause_text(struct run *run)
{
    return arena_printf(run->live->arena, "%s\n%s", runner_err(run->runner)->message,
                        runner_err(run->runner)->detail);
}

/* The revision finds a row that was not there: asked before anything of it is sent. */
static struct fixture *changed(struct live *live)
{
    live_sql(live, members);
    struct fixture *f = fixture_new(live, PLAN_SCOPE_REVISION);
    add_live(f, "", "a", slugs);
    live_sql(live, "INSERT INTO member VALUES (0, 'Emmy')");
    run_start(f->run);
    run_order(f->run, RUNNER_RUN_ALL);
    run_until(f->run, RUNNER_EXECUTING);
    run_until(f->run, RUNNER_PAUSED);
    assert_true(runner_has_changed(f->run->runner));
    assert_string_equal(
        pause_text(f->run),
        "revision a wants another statement than was previewed\n"
        "previewed: " SLUG("ada", 1) "\nnow: " SLUG("emmy", 0) "\n"
        "asked: SELECT id, name FROM member ORDER BY id\n"
        "the answer was: [(1, 'Ada'), (2, 'Grace')]\n"
        "it is now: [(0, 'Emmy'), (1, 'Ada'), (2, 'Grace')]");
    assert_int_equal(runner_step(f->run->runner), 0);
    assert_int_equal(runner_statement(f->run->runner), 0);
    assert_true(runner_in_transaction(f->run->runner));
    assert_false(contains(f->run->events.ptr, "send"));
    return f;
}

static void a_changed_mind_is_asked_about_and_accepted(void **state)
{
    struct live *live = *state;
    struct fixture *f = changed(live);
    assert_false(runner_order(f->run->runner, RUNNER_RUN_ALL, &f->run->err));
    run_order(f->run, RUNNER_ACCEPT);
    assert_int_equal(runner_err(f->run->runner)->code, ERR_NONE);
    assert_string_equal(f->run->plan->steps.at[0].statements.at[0].sql, SLUG("emmy", 0));
    assert_int_equal(f->run->plan->steps.at[0].statements.len, 4);
    run_order(f->run, RUNNER_RUN_ALL);
    run_until(f->run, RUNNER_DONE); /* what comes behind it was previewed */
    assert_string_equal(all_slugs(live), "emmy,ada,grace");
    assert_true(contains(run_journal_kinds(f->run), "begin question changed revised send"));
    fixture_end(f);
}

static void a_changed_mind_is_rolled_back(void **state)
{
    struct live *live = *state;
    struct fixture *f = changed(live);
    run_order(f->run, RUNNER_ROLL_BACK);
    run_until(f->run, RUNNER_STOPPED);
    expect_err(f->run, "another statement than was previewed");
    assert_int_equal(runner_err(f->run->runner)->code, ERR_STALE);
    assert_string_equal(live_value(live, "SELECT count(slug) FROM member"), "0");
    fixture_end(f);
}

static void what_is_not_wanted_any_more_is_asked_about(void **state)
{
    struct live *live = *state;
    live_sql(live, members);
    live_sql(live, "INSERT INTO member VALUES (3, 'Alan')");
    struct fixture *f = fixture_new(live, PLAN_SCOPE_REVISION);
    add_live(f, "", "a", slugs);
    live_sql(live, "DELETE FROM member WHERE id IN (2, 3)");
    run_start(f->run);
    run_order(f->run, RUNNER_RUN_ALL);
    run_until(f->run, RUNNER_EXECUTING);
    run_until(f->run, RUNNER_PAUSED);
    expect_err(f->run, "ends before a statement that was previewed");
    expect_err(f->run, "previewed: " SLUG("grace", 2) "\nnow: nothing more");
    run_order(f->run, RUNNER_ACCEPT);
    assert_int_equal(f->run->plan->steps.at[0].statements.len, 2);
    run_order(f->run, RUNNER_RUN_ALL);
    run_until(f->run, RUNNER_DONE);
    assert_string_equal(all_slugs(live), "ada");
    fixture_end(f);
}

static void all_of_it_is_accepted_at_once(void **state)
{
    struct live *live = *state;
    struct fixture *f = changed(live);
    live_sql(live,
             "INSERT INTO member VALUES (7, 'Alan'), (8, 'Kurt')"); /* unseen: no new snapshot */
    run_order(f->run, RUNNER_UNDO);
    run_until(f->run, RUNNER_EXECUTING);
    run_until(f->run, RUNNER_PAUSED);
    assert_false(runner_has_changed(f->run->runner));
    run_order(f->run, RUNNER_RUN_ALL);
    run_until(f->run, RUNNER_EXECUTING);
    run_until(f->run, RUNNER_PAUSED);
    run_order(f->run, RUNNER_ACCEPT_ALL);
    run_order(f->run, RUNNER_RUN_ALL);
    run_until(f->run, RUNNER_DONE);
    assert_string_equal(all_slugs(live), "emmy,ada,grace,alan,kurt");
    fixture_end(f);
}

/* The preview ends where the result of a write matters: what comes behind is new, and expected. */
static void behind_the_end_of_a_preview_all_is_new(void **state)
{
    struct live *live = *state;
    live_sql(live, "CREATE TABLE event (id int, done bool DEFAULT false);"
                   "INSERT INTO event SELECT generate_series(1, 25)");
    struct fixture *f = fixture_new(live, PLAN_SCOPE_REVISION);
    add_live(
        f, "", "a",
        "    bind = op.get_bind()\n"
        "    while True:\n"
        "        n = bind.execute(sa.text('UPDATE event SET done = true WHERE id IN (SELECT id'\n"
        "                                 ' FROM event WHERE NOT done LIMIT 10)')).rowcount\n"
        "        if n == 0:\n"
        "            break\n");
    assert_true(f->run->plan->steps.at[0].open);
    run_start(f->run);
    run_order(f->run, RUNNER_RUN_ALL);
    run_until(f->run, RUNNER_DONE);
    assert_string_equal(live_value(live, "SELECT count(*) FROM event WHERE done"), "25");
    assert_int_equal(f->run->plan->steps.at[0].statements.len, 5);
    assert_true(contains(f->run->events.ptr, "edited 0.3\nsend 0.3\ndone 0.3 UPDATE 0\n"
                                             "send 0.4\ndone 0.4 INSERT 0 1\ncommitted 1.0\n"));
    fixture_end(f);
}

/* What loses data, nobody was asked about. */
static void behind_the_end_of_a_preview_a_loss_is_asked_about(void **state)
{
    struct live *live = *state;
    live_sql(live, members);
    struct fixture *f = fixture_new(live, PLAN_SCOPE_REVISION);
    add_live(f, "", "a",
             "    n = op.get_bind().execute(sa.text(\"UPDATE member SET slug = 'x'\")).rowcount\n"
             "    if n == 2:\n"
             "        op.drop_column('member', 'slug')\n");
    run_start(f->run);
    run_order(f->run, RUNNER_RUN_ALL);
    run_until(f->run, RUNNER_EXECUTING);
    run_until(f->run, RUNNER_PAUSED);
    expect_err(f->run, "now: ALTER TABLE member DROP COLUMN slug");
    run_order(f->run, RUNNER_ACCEPT);
    run_order(f->run, RUNNER_RUN_ALL);
    run_until(f->run, RUNNER_DONE);
    fixture_end(f);
}

/* -- stepping and editing ---------------------------------------------------------------------- */

static void it_is_stepped_and_edited(void **state)
{
    struct live *live = *state;
    live_sql(live, members);
    struct fixture *f = fixture_new(live, PLAN_SCOPE_REVISION);
    add_live(f, "", "a", slugs);
    run_start(f->run);
    run_until(f->run, RUNNER_PAUSED);
    struct run_edit split = {.kind = RUN_EDIT_REPLACE,
                             .at = {0, 1},
                             .text = "UPDATE member SET slug = 'g' WHERE id = 2;"
                                     "UPDATE member SET slug = slug || '!' WHERE id = 2"};
    struct run_edit added = {.kind = RUN_EDIT_INSERT,
                             .at = {0, 1},
                             .text = "INSERT INTO member VALUES (9, 'New')",
                             .in_transaction = true};
    if (!runner_edit(f->run->runner, &split, &f->run->err) ||
        !runner_edit(f->run->runner, &added, &f->run->err))
        fail_msg("%s", f->run->err.message);
    for (int i = 0; i < 4; i++) {
        assert_int_equal(runner_statement(f->run->runner), i);
        run_order(f->run, RUNNER_STEP);
        run_until(f->run, RUNNER_PAUSED);
    }
    assert_int_equal(runner_statement(f->run->runner), 4);
    assert_true(runner_in_transaction(f->run->runner));
    run_order(f->run, RUNNER_RUN_ALL);
    run_until(f->run, RUNNER_DONE);
    assert_string_equal(live_value(live,
                                   "SELECT string_agg(id || coalesce(slug, '-'), ',' ORDER BY id)"
                                   " FROM member"),
                        "1ada,2g!,9-");
    fixture_end(f);
}

static void a_removed_statement_is_answered_as_one_that_gave_nothing(void **state)
{
    struct live *live = *state;
    live_sql(live, members);
    struct fixture *f = fixture_new(live, PLAN_SCOPE_REVISION);
    add_live(f, "", "a", slugs);
    run_start(f->run);
    run_until(f->run, RUNNER_PAUSED);
    struct run_edit removed = {.kind = RUN_EDIT_REMOVE, .at = {0, 0}};
    assert_true(runner_edit(f->run->runner, &removed, &f->run->err));
    run_order(f->run, RUNNER_RUN_ALL);
    run_until(f->run, RUNNER_DONE);
    assert_string_equal(all_slugs(live), "grace");
    fixture_end(f);
}

/* -- failures ---------------------------------------------------------------------------------- */

static void after_a_failure_it_begins_anew(void **state)
{
    struct live *live = *state;
    live_sql(live, members);
    live_sql(live, "ALTER TABLE member ADD CHECK (slug <> 'grace')");
    struct fixture *f = fixture_new(live, PLAN_SCOPE_REVISION);
    add_live(f, "", "a", slugs);
    run_start(f->run);
    run_order(f->run, RUNNER_RUN_ALL);
    run_until(f->run, RUNNER_FAILED);
    expect_err(f->run, "violates check constraint");
    assert_int_equal(runner_statement(f->run->runner), 0);
    assert_string_equal(live_value(live, "SELECT count(slug) FROM member"), "0");
    live_sql(live, "ALTER TABLE member DROP CONSTRAINT member_slug_check");
    run_order(f->run, RUNNER_RETRY);
    run_until(f->run, RUNNER_DONE);
    assert_string_equal(all_slugs(live), "ada,grace");
    fixture_end(f);
}

static void a_failed_statement_is_left_out(void **state)
{
    struct live *live = *state;
    live_sql(live, members);
    live_sql(live, "ALTER TABLE member ADD CHECK (slug <> 'ada')");
    struct fixture *f = fixture_new(live, PLAN_SCOPE_REVISION);
    add_live(f, "", "a", slugs);
    run_start(f->run);
    run_order(f->run, RUNNER_RUN_ALL);
    run_until(f->run, RUNNER_FAILED);
    run_order(f->run, RUNNER_SKIP);
    run_until(f->run, RUNNER_DONE);
    assert_string_equal(all_slugs(live), "grace");
    fixture_end(f);
}

static const char nested[] =
    "    bind = op.get_bind()\n"
    "    try:\n"
    "        with bind.begin_nested():\n"
    "            bind.execute(sa.text(\"INSERT INTO member VALUES (1, 'twice')\"))\n"
    "    except sa.exc.IntegrityError as e:\n"
    "        bind.execute(sa.text(\"UPDATE member SET slug = 'kept' WHERE id = 1\"))\n";

/* The preview took it for a success; the way back is asked about. */
static void an_error_in_a_savepoint_is_the_revisions_affair(void **state)
{
    struct live *live = *state;
    live_sql(live, members);
    struct fixture *f = fixture_new(live, PLAN_SCOPE_REVISION);
    add_live(f, "", "a", nested);
    run_start(f->run);
    run_order(f->run, RUNNER_RUN_ALL);
    run_until(f->run, RUNNER_EXECUTING);
    run_until(f->run, RUNNER_PAUSED);
    expect_err(f->run, "now: ROLLBACK TO SAVEPOINT sa_savepoint_1");
    run_order(f->run, RUNNER_ACCEPT_ALL);
    run_order(f->run, RUNNER_RUN_ALL);
    run_until(f->run, RUNNER_DONE);
    assert_string_equal(live_value(live, "SELECT slug FROM member WHERE id = 1"), "kept");
    fixture_end(f);
}

static void what_the_revision_raises_ends_the_run(void **state)
{
    struct live *live = *state;
    live_sql(live, members);
    struct fixture *f = fixture_new(live, PLAN_SCOPE_REVISION);
    add_live(f, "", "a",
             "    op.execute('DELETE FROM member')\n"
             "    if op.get_bind().execute(sa.text('SELECT count(*) FROM member')).scalar() < 1:\n"
             "        raise ValueError('nobody is left')\n");
    run_start(f->run);
    run_order(f->run, RUNNER_RUN_ALL);
    run_until(f->run, RUNNER_FAILED);
    expect_err(f->run, "ValueError: nobody is left");
    assert_int_equal(runner_err(f->run->runner)->line, 8);
    assert_string_equal(live_value(live, "SELECT count(*) FROM member"), "2");
    fixture_end(f);
}

/* -- outside of transactions ------------------------------------------------------------------- */

static const char outside[] =
    "    bind = op.get_bind()\n"
    "    names = bind.execute(sa.text('SELECT name FROM member ORDER BY id')).scalars().all()\n"
    "    op.execute(f\"UPDATE member SET slug = '{names[0]}'\")\n"
    "    with op.get_context().autocommit_block():\n"
    "        op.execute('CREATE INDEX CONCURRENTLY member_slug ON member (slug)')\n"
    "    inspector = sa.inspect(bind)\n"
    "    for index in inspector.get_indexes('member'):\n"
    "        op.execute(f\"INSERT INTO found VALUES ('{index['name']} {names[1]}')\")\n";

/* It goes on behind what is committed, with the answers that it got before. */
static void it_comes_back_to_what_is_committed(void **state)
{
    struct live *live = *state;
    live_sql(live, members);
    live_sql(live, "CREATE TABLE found (what text, CHECK (what <> 'member_slug Grace'))");
    struct fixture *f = fixture_new(live, PLAN_SCOPE_REVISION);
    add_live(f, "", "a", outside);
    run_start(f->run);
    run_order(f->run, RUNNER_RUN_ALL);
    run_until(f->run, RUNNER_FAILED);
    expect_err(f->run, "violates check constraint");
    assert_int_equal(runner_committed_statement(f->run->runner), 2);
    live_sql(live, "ALTER TABLE found DROP CONSTRAINT found_what_check;"
                   "UPDATE member SET name = 'Other'");
    run_order(f->run, RUNNER_RETRY);
    run_until(f->run, RUNNER_DONE);
    assert_string_equal(live_value(live, "SELECT string_agg(what, ',') FROM found"),
                        "member_slug Grace");
    assert_string_equal(live_value(live, "SELECT string_agg(DISTINCT slug, ',') FROM member"),
                        "Ada");
    fixture_end(f);
}

/* -- cancel, and lost connections -------------------------------------------------------------- */

static void an_endless_loop_ends(void **state)
{
    struct live *live = *state;
    live_sql(live, members);
    struct fixture *f = fixture_new(live, PLAN_SCOPE_REVISION);
    add_live(f, "", "a",
             "    n = op.get_bind().execute(sa.text('SELECT count(*) FROM member')).scalar()\n"
             "    while n > 2:\n"
             "        pass\n");
    live_sql(live, "INSERT INTO member VALUES (3, 'Alan')");
    run_start(f->run);
    run_order(f->run, RUNNER_RUN_ALL);
    struct pollfd polls[RUNNER_POLLS];
    while (runner_polls(f->run->runner, polls, RUNNER_POLLS) <
           2) /* the connection, and the program */
        run_once(f->run);
    run_order(f->run, RUNNER_CANCEL);
    run_until(f->run, RUNNER_FAILED);
    assert_int_equal(runner_err(f->run->runner)->code, ERR_CANCELLED);
    run_order(f->run, RUNNER_RETRY);
    run_until(f->run, RUNNER_FAILED);
    expect_err(f->run, "steps");
    fixture_end(f);
}

static void a_question_is_cancelled(void **state)
{
    struct live *live = *state;
    live_sql(live, "CREATE TABLE pause (seconds int)");
    struct fixture *f = fixture_new(live, PLAN_SCOPE_REVISION);
    add_live(f, "", "a",
             "    op.get_bind().execute(sa.text('SELECT pg_sleep(seconds) FROM pause')).all()\n");
    live_sql(live, "INSERT INTO pause VALUES (60)");
    run_start(f->run);
    run_order(f->run, RUNNER_RUN_ALL);
    run_until_on_server(f->run, "SELECT pg_sleep(seconds) FROM pause");
    run_order(f->run, RUNNER_CANCEL);
    run_until(f->run, RUNNER_FAILED);
    fixture_end(f);
}

static void an_answer_has_limits(void **state)
{
    struct live *live = *state;
    live_sql(live, "CREATE TABLE amount (rows int)");
    struct fixture *f = fixture_new(live, PLAN_SCOPE_REVISION);
    add_live(f, "", "a",
             "    op.get_bind().execute(sa.text('SELECT generate_series(1, rows)'\n"
             "                                  ' FROM amount')).all()\n");
    live_sql(live, "INSERT INTO amount VALUES (2000000000)");
    run_start(f->run);
    run_order(f->run, RUNNER_RUN_ALL);
    run_until(f->run, RUNNER_FAILED);
    expect_err(f->run, "the query gives more than 1000000 rows or 256 MB");
    live_sql(live, "UPDATE amount SET rows = 3");
    run_order(f->run, RUNNER_RETRY);
    run_until(f->run, RUNNER_DONE);
    assert_true(contains(f->run->events.ptr, "[(1,), (2,), (3,)]"));
    fixture_end(f);
}

static void a_connection_lost_in_the_middle_is_made_again(void **state)
{
    struct live *live = *state;
    live_sql(live, members);
    struct fixture *f = fixture_new(live, PLAN_SCOPE_REVISION);
    add_live(f, "", "a", slugs);
    run_start(f->run);
    run_until(f->run, RUNNER_PAUSED);
    run_order(f->run, RUNNER_STEP);
    run_until(f->run, RUNNER_EXECUTING);
    run_until(f->run, RUNNER_PAUSED);
    run_terminate(f->run);
    run_until(f->run, RUNNER_STOPPED);
    assert_int_equal(runner_err(f->run->runner)->code, ERR_CONNECT);
    run_order(f->run, RUNNER_RETRY);
    run_until(f->run, RUNNER_PAUSED);
    run_order(f->run, RUNNER_RUN_ALL);
    run_until(f->run, RUNNER_DONE);
    assert_string_equal(all_slugs(live), "ada,grace");
    fixture_end(f);
}

/* -- in a process of its own ------------------------------------------------------------------- */

static bool begin_and_accept(struct link *link, void *payload)
{
    struct run *run = payload;
    if (link_state(link) != RUNNER_PAUSED || link_is_waiting(link))
        return true;
    if (link_err(link)->code == ERR_STALE)
        link_order(link, RUNNER_ACCEPT, &run->err);
    link_order(link, RUNNER_RUN_ALL, &run->err);
    return true;
}

static void a_worker_evaluates_it(void **state)
{
    struct live *live = *state;
    live_sql(live, members);
    struct fixture *f = fixture_new(live, PLAN_SCOPE_REVISION);
    struct run *run = f->run;
    struct link *link;
    const struct worker_settings settings = {
        .run = &run->settings,
        .socket_dir = arena_printf(live->arena, "%s/s", live_server.dir),
        .detached_timeout = 10000};
    add_live(f, "", "a", slugs);
    live_sql(live, "INSERT INTO member VALUES (0, 'Emmy')");
    if (!link_start(LINK_WORKER, run->plan, &live->url, &settings, NULL, NULL, &link, &run->err))
        fail_msg("%s", run->err.message);
    if (!link_drive(link, begin_and_accept, run))
        fail_msg("%s", link_err(link)->message);
    /* This process has the plan as it became. */
    assert_string_equal(link_plan(link)->steps.at[0].statements.at[0].sql, SLUG("emmy", 0));
    assert_int_equal(link_plan(link)->steps.at[0].statements.len, 4);
    assert_string_equal(all_slugs(live), "emmy,ada,grace");
    link_free(link);
    fixture_end(f);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        LIVE_TEST(what_was_previewed_runs),
        LIVE_TEST(a_changed_mind_is_asked_about_and_accepted),
        LIVE_TEST(a_changed_mind_is_rolled_back),
        LIVE_TEST(what_is_not_wanted_any_more_is_asked_about),
        LIVE_TEST(all_of_it_is_accepted_at_once),
        LIVE_TEST(behind_the_end_of_a_preview_all_is_new),
        LIVE_TEST(behind_the_end_of_a_preview_a_loss_is_asked_about),
        LIVE_TEST(it_is_stepped_and_edited),
        LIVE_TEST(a_removed_statement_is_answered_as_one_that_gave_nothing),
        LIVE_TEST(after_a_failure_it_begins_anew),
        LIVE_TEST(a_failed_statement_is_left_out),
        LIVE_TEST(an_error_in_a_savepoint_is_the_revisions_affair),
        LIVE_TEST(what_the_revision_raises_ends_the_run),
        LIVE_TEST(it_comes_back_to_what_is_committed),
        LIVE_TEST(an_endless_loop_ends),
        LIVE_TEST(a_question_is_cancelled),
        LIVE_TEST(an_answer_has_limits),
        LIVE_TEST(a_connection_lost_in_the_middle_is_made_again),
        LIVE_TEST(a_worker_evaluates_it),
    };
    return cmocka_run_group_tests(tests, live_start, live_stop);
}
