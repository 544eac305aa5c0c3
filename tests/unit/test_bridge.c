/*
 * The bridge beside any database: whether it may be called, where the project's Python is, and what
 * comes of Pythons that are none, have no Alembic, ask, hang, or print without an end. The fake
 * ones are scripts; what they say on descriptor 3 is what bridge_driver.py would.
 */
#include "config.h"

#include "unit/unit.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "config/config.h"
#include "run/bridge.h"

struct fixture {
    struct arena *arena;
    const char *dir;
    struct err err;
    const char *environment[8];
    size_t variables;
    struct bridge_project project;
    struct bridge_place place;
    struct str output;
};

static const char *put(struct fixture *f, const char *name, const char *text, unsigned mode)
{
    const char *path = path_join(f->arena, f->dir, name);
    assert_true(file_make_dirs(path_dir(f->arena, path), 0700, &f->err));
    assert_true(file_write(path, text, strlen(text), mode, true, &f->err));
    return path;
}

static void set(struct fixture *f, const char *name, const char *value)
{
    f->environment[f->variables++] = arena_printf(f->arena, "%s=%s", name, value);
}

static int set_up(void **state)
{
    static struct fixture f;
    char template[] = "/tmp/retort-bridge.XXXXXX";
    f = (struct fixture){.arena = arena_new(), .err = ERR_INIT, .output = STR_INIT};
    f.dir = path_real(f.arena, arena_strdup(f.arena, mkdtemp(template)));
    put(&f, "app/migrations/versions/x.py", "", 0600);
    put(&f, "app/.git/HEAD", "", 0600); /* the project's root */
    f.project = (struct bridge_project){.environ_ = f.environment,
                                        .cwd = path_join(f.arena, f.dir, "app")};
    *state = &f;
    return 0;
}

static int tear_down(void **state)
{
    struct fixture *f = *state;
    struct err err = ERR_INIT;
    file_remove_tree(f->dir, &err);
    err_clear(&err);
    err_clear(&f->err);
    str_clear(&f->output);
    arena_free(f->arena);
    return 0;
}

static void open_project(struct fixture *f, const char *settings)
{
    struct config *config;
    const struct config_request request = {.cwd = f->project.cwd};
    put(f, "app/alembic.ini",
        arena_printf(f->arena, "[alembic]\nscript_location = migrations\n[retort]\n%s\n", settings),
        0600);
    assert_true(config_open(f->arena, &request, &config, &f->err));
    f->project.config = config;
}

static const char *in_dir(struct fixture *f, const char *name)
{
    return path_join(f->arena, f->dir, name);
}

/* -- whether ------------------------------------------------------------------------------------
 */

static void it_is_not_allowed_unless_somebody_says_so(void **state)
{
    struct fixture *f = *state;
    static const struct {
        const char *text;
        bool ok, all, ae10;
    } cases[] = {
        {NULL, true, false, false},         {"false", true, false, false},
        {"off", true, false, false},        {"true", true, true, true},
        {"Yes", true, true, true},          {"ae10f3", true, false, true},
        {"bbbb1111, ae10", true, false, true}, {"bbbb1111\n  cccc2222", true, false, false},
        {"ae1", false, false, false}, /* too short to mean one revision */
        {"maybe?", false, false, false},
    };
    for (size_t i = 0; i < sizeof(cases) / sizeof(cases[0]); i++) {
        struct bridge_consent consent;
        assert_int_equal(bridge_consent_read(f->arena, cases[i].text, &consent, &f->err),
                         cases[i].ok);
        if (!cases[i].ok) {
            assert_int_equal(f->err.code, ERR_CONFIG);
            err_clear(&f->err);
            continue;
        }
        assert_int_equal(bridge_is_allowed(&consent, "ae10f3bb"), cases[i].ae10);
        assert_int_equal(bridge_is_allowed(&consent, "dddd3333"), cases[i].all);
    }
    assert_false(bridge_is_allowed(NULL, "ae10f3bb"));
}

/* -- where --------------------------------------------------------------------------------------
 */

static void expect_place(struct fixture *f, bool may_run, const char *python, const char *how)
{
    assert_true(bridge_find(f->arena, &f->project, may_run, &f->place, &f->err));
    if (python)
        assert_string_equal(f->place.python, in_dir(f, python));
    else
        assert_null(f->place.python);
    assert_string_equal(f->place.found, how);
}

/* Each is found only where none of those before it is. */
static void places_are_looked_at_in_their_order(void **state)
{
    struct fixture *f = *state;
    static const char nothing[] = "#!/bin/sh\n";
    open_project(f, "");
    assert_false(bridge_find(f->arena, &f->project, false, &f->place, &f->err));
    assert_int_equal(f->err.code, ERR_CONFIG);
    assert_non_null(f->err.hint);
    err_clear(&f->err);

    set(f, "PATH", arena_printf(f->arena, "relative:%s:/nowhere", in_dir(f, "bin")));
    put(f, "bin/python", nothing, 0700);
    expect_place(f, false, "bin/python", "python on PATH");
    put(f, "bin/python3", nothing, 0700);
    expect_place(f, false, "bin/python3", "python3 on PATH");
    put(f, "pipx/bin/python3.11", nothing, 0700);
    put(f, "bin/alembic", arena_printf(f->arena, "#!%s -sE\n", in_dir(f, "pipx/bin/python3.11")),
        0700);
    expect_place(f, false, "pipx/bin/python3.11", "the alembic on PATH");
    put(f, "bin/alembic", "#!/usr/bin/env python3\n", 0700);
    expect_place(f, false, "bin/python3", "the alembic on PATH");

    put(f, "cache/env-py3/bin/python", nothing, 0700);
    put(f, "app/poetry.lock", "", 0600);
    put(f, "bin/poetry",
        arena_printf(f->arena, "#!/bin/sh\n[ \"$*\" = 'env info -p' ] || exit 1\npwd >%s\n"
                               "echo 'a warning' >&2\necho %s\n",
                     in_dir(f, "asked"), in_dir(f, "cache/env-py3")),
        0700);
    expect_place(f, false, NULL, "what `poetry env info -p` answers");
    assert_false(file_exists(in_dir(f, "asked"))); /* it is a program: not called */
    expect_place(f, true, "cache/env-py3/bin/python", "poetry env info -p");
    assert_true(file_exists(in_dir(f, "asked")));

    put(f, "uv/bin/python", nothing, 0700);
    set(f, "UV_PROJECT_ENVIRONMENT", "../uv");
    expect_place(f, false, "app/../uv/bin/python", "UV_PROJECT_ENVIRONMENT");
    put(f, "app/venv/bin/python", nothing, 0700);
    expect_place(f, false, "app/venv/bin/python", "the project's venv");
    put(f, "app/.venv/bin/python", nothing, 0700);
    expect_place(f, false, "app/.venv/bin/python", "the project's .venv");
    put(f, "active/bin/python", nothing, 0700);
    set(f, "VIRTUAL_ENV", in_dir(f, "active"));
    expect_place(f, false, "active/bin/python", "VIRTUAL_ENV");
    open_project(f, "python = ../bin/python3");
    expect_place(f, false, "bin/python3", "[retort] python");
    open_project(f, "python = python3");
    expect_place(f, false, "bin/python3", "[retort] python");
    open_project(f, "python = python9");
    assert_false(bridge_find(f->arena, &f->project, true, &f->place, &f->err));
    assert_int_equal(f->err.line, 4);
}

/* An environment outside of the project is nobody's but its own. */
static void folders_above_the_project_do_not_count(void **state)
{
    struct fixture *f = *state;
    put(f, ".venv/bin/python", "#!/bin/sh\n", 0700);
    open_project(f, "");
    assert_false(bridge_find(f->arena, &f->project, false, &f->place, &f->err));
}

/* -- calling it ---------------------------------------------------------------------------------
 */

static void hear(const char *line, void *payload)
{
    struct fixture *f = payload;
    if (f->output.len < 10000)
        str_addf(&f->output, "%s\n", line);
}

struct call {
    enum bridge_task task;
    const char *script;
    int64_t time_limit;
    size_t output_limit;
};

static bool call(struct fixture *f, const struct call *c, struct bridge **out)
{
    struct name_list rows = {0};
    if (!f->project.config)
        open_project(f, "");
    const struct bridge_request request = {
        .task = c->task,
        .project = &f->project,
        .python = put(f, "python", c->script, 0700),
        .revision = "ae10",
        .file = "/x.py",
        .rows = &rows,
        .time_limit = c->time_limit,
        .output_limit = c->output_limit,
        .on_output = hear,
        .payload = f,
    };
    err_clear(&f->err);
    str_cut(&f->output, 0);
    assert_true(bridge_start(&request, out, &f->err));
    return bridge_wait(*out, &f->err);
}

static void expect_failure(struct fixture *f, const struct call *c, enum err_code code,
                           const char *message)
{
    struct bridge *bridge;
    assert_false(call(f, c, &bridge));
    assert_int_equal(f->err.code, code);
    if (!strstr(f->err.message, message))
        fail_msg("'%s' is not in '%s'", message, f->err.message);
    bridge_free(bridge);
}

#define SAYS(text) "printf '%s\\n' '" text "' >&3\n"
#define VERSIONS SAYS("{\"kind\":\"versions\",\"python\":\"3.9.1\",\"alembic\":\"1.4.0\"}")

static void pythons_that_are_none_are_told(void **state)
{
    struct fixture *f = *state;
    const struct call exits = {.script = "#!/bin/sh\necho oh dear >&2\nexit 3\n"};
    expect_failure(f, &exits, ERR_CONFIG, "is no Python that works: it ended with status 3");
    assert_non_null(strstr(f->err.hint, "it said: oh dear"));
    assert_string_equal(f->output.ptr, "oh dear\n");
    const struct call not_there = {.script = "#!/nowhere/python\n"};
    expect_failure(f, &not_there, ERR_CONFIG, "cannot be started");
    const struct call dies = {.script = "#!/bin/sh\n" VERSIONS "kill -9 $$\n"};
    expect_failure(f, &dies, ERR_RAISED, "was killed by signal 9");
    const struct call says_nothing = {.script = "#!/bin/sh\n" VERSIONS "exit 5\n"};
    expect_failure(f, &says_nothing, ERR_RAISED, "ended with status 5");
}

static void without_a_terminal_it_can_ask_nobody(void **state)
{
    struct fixture *f = *state;
    struct bridge *bridge;
    const struct call asks = {.script = "#!/bin/sh\nif read line; then echo got $line; else echo "
                                        "end; fi\n(: </dev/tty) 2>/dev/null && echo a terminal\n"
                                        VERSIONS SAYS("{\"kind\":\"done\"}")};
    assert_true(call(f, &asks, &bridge));
    assert_string_equal(f->output.ptr, "end\n");
    assert_string_equal(bridge_answer(bridge)->alembic, "1.4.0");
    assert_null(bridge_answer(bridge)->sqlalchemy);
    bridge_free(bridge);
}

/* Also what it started itself is ended, and nobody waits for it. */
static void one_that_hangs_is_ended_with_all_that_it_started(void **state)
{
    struct fixture *f = *state;
    const char *mark = in_dir(f, "mark");
    const struct call hangs = {
        .script = arena_printf(f->arena, "#!/bin/sh\necho begins\n"
                                         "(while :; do : >%s; sleep 0.1; done) &\n%s"
                                         "exec sleep 60\n", mark, VERSIONS),
        .time_limit = 1500};
    int64_t start = clock_monotonic();
    expect_failure(f, &hangs, ERR_LIMIT, "did not end within 1.5 s");
    assert_string_equal(f->err.hint, "the last that it said: begins");
    assert_true(clock_monotonic() - start < 30000000);
    const struct call deaf = {.script = "#!/bin/sh\ntrap '' INT TERM\n" VERSIONS
                                        "while :; do sleep 1; done\n",
                              .time_limit = 100};
    struct bridge *bridge;
    assert_false(call(f, &deaf, &bridge)); /* SIGKILL, in the end */
    assert_int_equal(f->err.code, ERR_LIMIT);
    bridge_free(bridge);
    assert_int_equal(unlink(mark), 0); /* it was at work */
    usleep(500000);
    assert_false(file_exists(mark));
}

static void one_that_prints_without_an_end_is_ended(void **state)
{
    struct fixture *f = *state;
    const struct call loud = {.script = "#!/bin/sh\n" VERSIONS "exec yes 'all work and no play'\n",
                              .output_limit = 100000};
    expect_failure(f, &loud, ERR_LIMIT, "printed too much");
    const struct call long_line = {.script = "#!/bin/sh\nhead -c 300000 /dev/zero | tr '\\0' x\n"
                                             VERSIONS SAYS("{\"kind\":\"done\"}"),
                                   .output_limit = 1000000};
    struct bridge *bridge;
    assert_true(call(f, &long_line, &bridge));
    bridge_free(bridge);
}

static void passwords_and_what_steers_a_terminal_are_not_told(void **state)
{
    struct fixture *f = *state;
    f->project.password = "s3c@ret";
    const struct call tells = {
        .script =
            "#!/bin/sh\n" VERSIONS "echo 'postgresql://u:s3c%40ret@h/d and s3c@ret'\n"
            "printf 'red\\033[31m\\001 \\377 gr\\303\\274n\\r\\n'\n" SAYS(
                "{\"kind\":\"raised\",\"message\":\"Error: s3c@ret\",\"line\":7}") "exit 1\n"};
    expect_failure(f, &tells, ERR_RAISED, "Alembic: Error: ***");
    assert_int_equal(f->err.line, 7);
    assert_string_equal(f->output.ptr, "postgresql://u:***@h/d and ***\nred[31m ? gr\303\274n\n");
}

static void what_is_missing_is_named(void **state)
{
    struct fixture *f = *state;
    const struct call missing = {
        .script =
            "#!/bin/sh\n" SAYS("{\"kind\":\"refused\",\"code\":\"missing\",\"message\":\"there "
                               "is no module alembic\"}") "exit 1\n"};
    expect_failure(f, &missing, ERR_CONFIG, "there is no module alembic");
    assert_non_null(strstr(f->err.hint, "-m pip install alembic"));
    /* Done, without a word of having come to the revision: env.py never called run_migrations(). */
    const struct call passes_by = {.task = BRIDGE_RENDER,
                                   .script = "#!/bin/sh\n" VERSIONS SAYS("{\"kind\":\"done\"}")};
    expect_failure(f, &passes_by, ERR_CONFIG, "does not come to context.run_migrations()");
}

static void statements_are_taken_without_alembics_terminator(void **state)
{
    struct fixture *f = *state;
    struct bridge *bridge;
    const struct call renders = {
        .task = BRIDGE_RENDER,
        .script = "#!/bin/sh\n" VERSIONS SAYS("{\"kind\":\"began\"}")
                  SAYS("{\"kind\":\"statement\",\"sql\":\"SELECT 1;\"}")
                  SAYS("{\"kind\":\"statement\",\"sql\":\" INSERT INTO t\\nVALUES (2);\\n\"}")
                  SAYS("{\"kind\":\"done\"}")};
    assert_true(call(f, &renders, &bridge));
    assert_int_equal(bridge_answer(bridge)->statements.len, 2);
    assert_string_equal(bridge_answer(bridge)->statements.at[0], "SELECT 1");
    assert_string_equal(bridge_answer(bridge)->statements.at[1], "INSERT INTO t\nVALUES (2)");
    bridge_free(bridge);
}

/* A real Python that has nothing but its own library. */
static void a_python_without_alembic_says_so(void **state)
{
    struct fixture *f = *state;
    if (access("/usr/bin/python3", X_OK) != 0)
        skip();
    const struct call bare = {.script = "#!/bin/sh\nexec /usr/bin/python3 -S \"$@\"\n"};
    expect_failure(f, &bare, ERR_CONFIG, "has no module alembic");
    assert_non_null(strstr(f->err.hint, "pip install alembic"));
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(it_is_not_allowed_unless_somebody_says_so, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(places_are_looked_at_in_their_order, set_up, tear_down),
        cmocka_unit_test_setup_teardown(folders_above_the_project_do_not_count, set_up, tear_down),
        cmocka_unit_test_setup_teardown(pythons_that_are_none_are_told, set_up, tear_down),
        cmocka_unit_test_setup_teardown(without_a_terminal_it_can_ask_nobody, set_up, tear_down),
        cmocka_unit_test_setup_teardown(one_that_hangs_is_ended_with_all_that_it_started, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(one_that_prints_without_an_end_is_ended, set_up, tear_down),
        cmocka_unit_test_setup_teardown(passwords_and_what_steers_a_terminal_are_not_told, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(what_is_missing_is_named, set_up, tear_down),
        cmocka_unit_test_setup_teardown(statements_are_taken_without_alembics_terminator, set_up,
                                        tear_down),
        cmocka_unit_test_setup_teardown(a_python_without_alembic_says_so, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
