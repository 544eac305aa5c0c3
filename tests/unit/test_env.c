/*
 * What src/alembic makes of the env.py files in tests/env, compared with what real Alembic makes of
 * them (tests/env/make_expected.py), and what it says of those that it cannot follow.
 */
#include "config.h"

#include "unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "alembic/env_compare.h"
#include "alembic/models.h"
#include "alembic/project.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "config/config.h"
#include "config/url.h"
#include "schema/expr.h"

enum { FILE_MAX = 1 << 20 };

struct shape {
    struct arena *arena;
    const char *name, *dir;
    struct config *config;
    struct alembic_project *project;
    struct err err;
};

static const char *folder(struct arena *a)
{
    const char *top = getenv("top_srcdir");
    return path_join(a, top ? top : ".", "tests/env");
}

/* The lines of a file of the shape; none when there is no such file. */
static struct name_list lines_of(struct shape *s, const char *name)
{
    struct name_list lines = {0};
    const char *path = path_join(s->arena, s->dir, name);
    char *text;
    size_t len;
    if (!file_exists(path))
        return lines;
    assert_true(file_read(s->arena, path, FILE_MAX, &text, &len, &s->err));
    for (const char *p = text; *p;) {
        size_t n = strcspn(p, "\n");
        vec_push(s->arena, &lines, arena_strndup(s->arena, p, n));
        p += n + (p[n] == '\n');
    }
    return lines;
}

static void open_shape_with(struct shape *s, struct arena *a, const char *name, bool for_models)
{
    *s = (struct shape){.arena = a, .name = name, .err = ERR_INIT};
    s->dir = path_absolute(a, path_join(a, folder(a), name));
    const struct config_request request = {.cwd = s->dir};
    struct name_list environ_ = lines_of(s, "environ"), x = lines_of(s, "x");
    vec_push(a, &environ_, NULL);
    if (!config_open(a, &request, &s->config, &s->err) ||
        !alembic_project_find(a, s->config, environ_.at, &x, &s->project, &s->err))
        fail_msg("%s: %s", name, s->err.message);
    alembic_project_follow(s->project, for_models);
}

static void open_shape(struct shape *s, struct arena *a, const char *name)
{
    open_shape_with(s, a, name, false);
}

/* ---- as make_expected.py writes it ---- */

/* A URL in its parts, so that quoting does not count. */
static void add_url(struct shape *s, struct str *out, const char *text)
{
    struct url_parts p;
    if (!text || strcmp(text, "-") == 0) {
        str_add(out, "-");
        return;
    }
    assert_true(url_split(s->arena, text, &p, &s->err));
    str_addf(out, "%s|%s|%s|%s|%s|%s", p.name, p.user ? p.user : "-", p.password ? p.password : "-",
             p.host ? p.host : "-", p.port ? p.port : "-", p.database ? p.database : "-");
    for (size_t i = 0; i < p.query.len; i++)
        str_addf(out, "|%s=%s", p.query.at[i].key, p.query.at[i].value);
}

static const char *python_bool(bool b)
{
    return b ? "True" : "False";
}

static void add_bool(struct str *out, const char *mode, const char *name, bool value, bool fallback)
{
    if (value != fallback)
        str_addf(out, "%s %s %s\n", mode, name, python_bool(value));
}

static void add_step(struct str *out, const char *mode, const struct env_step *step)
{
    static const char *const words[] = {[ENV_EXECUTE] = "execute", [ENV_STATIC] = "static",
                                        [ENV_PRINT] = "print",     [ENV_BEGIN] = "begin",
                                        [ENV_END] = "end",         [ENV_RUN] = "run"};
    str_addf(out, "%s step %s", mode, words[step->kind]);
    if (step->statement)
        str_addf(out, " %s", step->statement->as.text.text);
    if (step->text)
        str_addf(out, " %.*s", (int)strcspn(step->text, "\n"), step->text);
    for (size_t i = 0; i < step->arguments.len; i++)
        str_addf(out, " %s=%s", step->arguments.at[i].key, (char *)step->arguments.at[i].value);
    str_addc(out, '\n');
}

static void add_script(struct shape *s, struct str *out, const char *mode,
                       const struct env_script *script)
{
    const struct env_options *o = &script->options;
    if (script->err.code == ERR_RAISED) {
        str_addf(out, "%s raises %.*s\n", mode, (int)strcspn(script->err.message, ":"),
                 script->err.message);
        return;
    }
    if (script->err.code)
        print_error("%s: %s:%d: %s\n", s->name, script->err.file, script->err.line,
                    script->err.message);
    str_addf(out, "%s url ", mode);
    add_url(s, out, o->url);
    str_addc(out, '\n');
    if (strcmp(o->version_table, "alembic_version") != 0)
        str_addf(out, "%s version_table %s\n", mode, o->version_table);
    if (o->version_table_schema)
        str_addf(out, "%s version_table_schema %s\n", mode, o->version_table_schema);
    add_bool(out, mode, "version_table_pk", o->version_table_pk, true);
    add_bool(out, mode, "transaction_per_migration", o->transaction_per_migration, false);
    add_bool(out, mode, "transactional_ddl", o->transactional_ddl, true);
    add_bool(out, mode, "literal_binds", o->literal_binds, false);
    add_bool(out, mode, "compare_type", o->compare_type, true);
    add_bool(out, mode, "compare_server_default", o->compare_server_default, false);
    add_bool(out, mode, "include_schemas", o->include_schemas, false);
    for (size_t i = 0; i < o->naming_convention.len; i++) {
        const struct map_entry *e = &o->naming_convention.at[i];
        if (strcmp(e->key, "ix") != 0 || strcmp(e->value, "ix_%(column_0_label)s") != 0)
            str_addf(out, "%s naming %s %s\n", mode, e->key, (const char *)e->value);
    }
    for (size_t i = 0; i < script->steps.len; i++)
        add_step(out, mode, &script->steps.at[i]);
}

/* The expected text with its URLs in parts, and without what says no more than the defaults. */
static const char *normal(struct shape *s)
{
    struct str out = STR_IN(s->arena);
    struct name_list lines = lines_of(s, "expected");
    for (size_t i = 0; i < lines.len; i++) {
        const char *url = strstr(lines.at[i], " url ");
        if (str_ends_with(lines.at[i], " compare_type True"))
            continue;
        if (!url) {
            str_addf(&out, "%s\n", lines.at[i]);
            continue;
        }
        str_addn(&out, lines.at[i], (size_t)(url + 5 - lines.at[i]));
        add_url(s, &out, url + 5);
        str_addc(&out, '\n');
    }
    return out.ptr;
}

static void compare_shape(const char *name)
{
    struct arena *a = arena_new();
    struct shape s;
    struct str found = STR_IN(a);
    open_shape(&s, a, name);
    add_script(&s, &found, "offline", &s.project->offline);
    add_script(&s, &found, "online", &s.project->online);
    const char *expected = normal(&s);
    if (strcmp(found.ptr, expected) != 0) {
        print_error("%s: expected:\n%s\nfound:\n%s\n", name, expected, found.ptr);
        for (size_t i = 0; i < s.project->findings.len; i++)
            print_error("  finding: %s\n", s.project->findings.at[i].err.message);
        fail();
    }
    alembic_project_close(s.project);
    arena_free(a);
}

#define SHAPES(X)                                                                                  \
    X(async) X(bare_percent) X(callbacks) X(dotenv_parts) X(dotenv_url) X(engine_import)           \
    X(generic) X(online_only) X(raises) X(section_override) X(settings_template)                   \
    X(settings_v1) X(settings_v1_defaults) X(sqlmodel_naming) X(url_create) X(x_argument)

#define SHAPE_TEST(name)                                                                           \
    static void shape_##name(void **state)                                                         \
    {                                                                                              \
        (void)state;                                                                               \
        compare_shape(#name);                                                                      \
    }
SHAPES(SHAPE_TEST)

/* ---- what cannot be followed ---- */

static bool finds(const struct shape *s, const char *text, int line)
{
    for (size_t i = 0; i < s->project->findings.len; i++) {
        const struct err *err = &s->project->findings.at[i].err;
        if (strstr(err->message, text) && (line == 0 || err->line == line))
            return true;
    }
    for (size_t i = 0; i < s->project->findings.len; i++)
        print_error("finding: %s:%d %s\n", s->project->findings.at[i].err.file,
                    s->project->findings.at[i].err.line, s->project->findings.at[i].err.message);
    return false;
}

static void a_url_from_an_unknown_module_is_a_finding(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct shape s;
    struct database_url url;
    open_shape(&s, a, "unknown_secret");
    assert_null(s.project->env.url);
    assert_true(finds(&s, "the database URL is not known: boto3", 0));
    for (size_t i = 0; i < s.project->findings.len; i++) {
        if (strstr(s.project->findings.at[i].err.message, "boto3"))
            assert_string_equal(s.project->findings.at[i].err.diagnostic, "RT1411");
    }
    /* alembic.ini has an URL, but it is not the one that env.py would use */
    assert_false(alembic_project_url(a, s.project, NULL, NULL, &url, &s.err));
    assert_non_null(strstr(s.err.hint, "--url or RETORT_URL"));
    err_clear(&s.err);
    assert_true(alembic_project_url(a, s.project, "postgresql://h/given", NULL, &url, &s.err));
    assert_string_equal(url.database, "given");
    alembic_project_close(s.project);
    arena_free(a);
}

static void a_missing_variable_is_named(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct shape s;
    open_shape(&s, a, "raises");
    assert_true(finds(&s, "DATABASE_URL_OF_NOBODY", 13));
    alembic_project_close(s.project);
    arena_free(a);
}

static void dotenv_is_a_fallback_where_env_py_does_not_load_it(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct shape s;
    open_shape(&s, a, "not_loaded_dotenv");
    assert_string_equal(s.project->env.url, "postgresql://from/dotenv");
    assert_true(finds(&s, "env.py does not load", 0));
    alembic_project_close(s.project);
    arena_free(a);
}

static bool includes(struct shape *s, const char *name)
{
    const struct table table = {.name = name_of(name)};
    const struct env_object object = {.table = &table}, none = {0};
    bool include = false;
    assert_true(env_include_object(&s->project->env, "table", name, &object, true, &none, &include,
                                   &s->err));
    return include;
}

static void functions_for_a_comparison_are_called(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct shape s;
    bool keep = false;
    open_shape(&s, a, "callbacks");
    assert_true(env_has_function(&s.project->env, ENV_INCLUDE_OBJECT));
    assert_false(env_has_function(&s.project->env, ENV_INCLUDE_NAME));
    assert_string_equal(env_function_name(&s.project->env, ENV_INCLUDE_OBJECT), "include_object");
    assert_false(includes(&s, "spatial_ref_sys"));
    assert_true(includes(&s, "other"));
    assert_true(env_process_directives(&s.project->env, true, &keep, &s.err));
    assert_true(keep); /* no command asked for --autogenerate */
    assert_false(s.project->env.began_transaction);
    assert_true(s.project->env.ran_migrations);
    alembic_project_close(s.project);
    arena_free(a);
}

static void a_command_is_answered_for_env_py(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct shape s;
    struct env_script script;
    open_shape(&s, a, "generic");
    const struct env_command command = {.name = "upgrade", .offline = true, .tag = "t"};
    assert_true(alembic_env_evaluate(s.project, &command, &script, &s.err));
    assert_int_equal(script.steps.len, 3);
    assert_int_equal(script.steps.at[1].kind, ENV_RUN);
    assert_int_equal(script.steps.at[0].line, 21);
    assert_true(script.configures_logging);
    env_script_clear(&script);
    alembic_project_close(s.project);
    arena_free(a);
}

/* ---- opening for a comparison ---- */

/* What counts for a run, and what is said about env.py. */
static const char *opened(struct arena *a, struct shape *s, bool with_offline)
{
    const struct env_script run = {.options = s->project->env};
    struct str out = STR_IN(a);
    add_script(s, &out, "env", &run);
    if (with_offline)
        add_script(s, &out, "offline", &s->project->offline);
    for (size_t i = 0; i < s->project->environ.len; i++)
        str_addf(&out, "%s=%s\n", s->project->environ.at[i].key,
                 (const char *)s->project->environ.at[i].value);
    for (size_t i = 0; i < s->project->findings.len; i++)
        str_addf(&out, "%s\n", s->project->findings.at[i].err.message);
    return out.ptr;
}

static void opening_for_a_comparison_says_the_same(void **state)
{
#define SHAPE_NAME(name) #name,
    static const char *const names[] = {SHAPES(SHAPE_NAME) "absent_package", "not_loaded_dotenv",
                                        "unknown_secret"};
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct arena *a = arena_new();
        struct shape plain, compared;
        open_shape(&plain, a, names[i]);
        open_shape_with(&compared, a, names[i], true);
        bool both = !compared.project->models;
        const char *expected = opened(a, &plain, both);
        assert_string_equal(opened(a, &compared, both), expected);
        alembic_project_close(plain.project);
        alembic_project_close(compared.project);
        arena_free(a);
    }
}

static void one_evaluation_gives_env_py_and_the_models(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct shape s;
    struct models models, again;
    open_shape_with(&s, a, "sqlmodel_naming", true);
    assert_int_equal(s.project->offline.steps.len, 0);
    assert_non_null(s.project->env.url);
    const struct models *kept = s.project->models;
    assert_non_null(kept);
    assert_int_equal(kept->schema.tables.len, 2);
    const struct table *table = kept->schema.tables.at[0];
    assert_true(alembic_models_read(a, s.project, &models, &s.err));
    assert_ptr_equal(models.schema.tables.at[0], table);
    assert_true(alembic_models_read(a, s.project, &again, &s.err)); /* anew */
    assert_ptr_not_equal(again.schema.tables.at[0], table);
    models_clear(&models);
    models_clear(&again);
    alembic_project_close(s.project);
    arena_free(a);
}

/* Models that provide for a package that is not there are read without it; a database is not chosen
 * so. */
static void the_url_is_not_guessed_for_the_sake_of_models(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    struct shape s;
    struct models models;
    open_shape_with(&s, a, "absent_package", true);
    assert_null(s.project->env.url);
    assert_null(s.project->models);
    assert_true(finds(&s, "the database URL is not known: hvac", 0));
    assert_true(alembic_models_read(a, s.project, &models, &s.err));
    assert_string_equal(models.script.options.url, "postgresql://localhost/development");
    models_clear(&models);
    alembic_project_close(s.project);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
#define SHAPE_ROW(name) cmocka_unit_test(shape_##name),
        SHAPES(SHAPE_ROW)
        cmocka_unit_test(a_url_from_an_unknown_module_is_a_finding),
        cmocka_unit_test(a_missing_variable_is_named),
        cmocka_unit_test(dotenv_is_a_fallback_where_env_py_does_not_load_it),
        cmocka_unit_test(functions_for_a_comparison_are_called),
        cmocka_unit_test(a_command_is_answered_for_env_py),
        cmocka_unit_test(opening_for_a_comparison_says_the_same),
        cmocka_unit_test(one_evaluation_gives_env_py_and_the_models),
        cmocka_unit_test(the_url_is_not_guessed_for_the_sake_of_models),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
