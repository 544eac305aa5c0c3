/* Finding the configuration, what Alembic makes of its keys, and which database is used. */
#include "config.h"

#include "unit/unit.h"

#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "config/config.h"
#include "config/dotenv.h"
#include "config/ini.h"
#include "config/url.h"

/* A project folder that is removed again. */
struct project {
    struct arena *arena;
    const char *dir;
    struct err err;
    struct config *config;
    const char *files[4];
    struct config_request request;
};

static void put(struct project *p, const char *name, const char *text)
{
    struct err err = ERR_INIT;
    const char *path = path_join(p->arena, p->dir, name);
    assert_true(file_make_dirs(path_dir(p->arena, path), 0700, &err));
    assert_true(file_write(path, text, strlen(text), 0600, true, &err));
}

static int set_up(void **state)
{
    static struct project p;
    char template[] = "/tmp/retort-config.XXXXXX";
    p = (struct project){.arena = arena_new(), .err = ERR_INIT};
    p.dir = path_real(p.arena, arena_strdup(p.arena, mkdtemp(template)));
    p.request = (struct config_request){.cwd = p.dir, .config_files = p.files};
    put(&p, "migrations/versions/x.py", "");
    *state = &p;
    return 0;
}

static int tear_down(void **state)
{
    struct project *p = *state;
    struct err err = ERR_INIT;
    file_remove_tree(p->dir, &err);
    err_clear(&err);
    err_clear(&p->err);
    arena_free(p->arena);
    return 0;
}

static bool open_project(struct project *p)
{
    err_clear(&p->err);
    return config_open(p->arena, &p->request, &p->config, &p->err);
}

static const char *below(struct project *p, const char *name)
{
    return path_join(p->arena, p->dir, name);
}

static void assert_opens(struct project *p)
{
    if (!open_project(p))
        fail_msg("%s", p->err.message);
}

static void assert_refused(struct project *p, enum err_code code, const char *message)
{
    assert_false(open_project(p));
    assert_int_equal(p->err.code, code);
    assert_string_equal(p->err.message, message);
}

/* ---- config_open ---- */

static void stock_ini_gives_defaults(void **state)
{
    struct project *p = *state;
    put(p, "alembic.ini",
        "[alembic]\nscript_location = %(here)s/migrations\nprepend_sys_path = .\n");
    assert_opens(p);
    assert_string_equal(p->config->script_location, below(p, "migrations"));
    assert_string_equal(p->config->ini_path, below(p, "alembic.ini"));
    assert_int_equal(p->config->version_locations.len, 1);
    assert_string_equal(p->config->version_locations.at[0], below(p, "migrations/versions"));
    assert_int_equal(p->config->prepend_sys_path.len, 1);
    assert_string_equal(p->config->prepend_sys_path.at[0], p->dir);
    assert_string_equal(p->config->file_template, "%(rev)s_%(slug)s");
    assert_int_equal(p->config->truncate_slug_length, 40);
    assert_false(p->config->sourceless);
    assert_string_equal(p->config->here, p->dir);
    assert_string_equal(p->config->project_name, path_base(p->dir));
}

static void configuration_is_searched_upwards(void **state)
{
    struct project *p = *state;
    put(p, "alembic.ini", "[alembic]\nscript_location = migrations\n");
    put(p, "a/b/c.txt", "");
    p->request.cwd = below(p, "a/b");
    assert_opens(p);
    assert_string_equal(p->config->here, p->dir);
    assert_string_equal(p->config->script_location, below(p, "migrations"));
}

static void relative_paths_are_relative_to_cwd(void **state)
{
    struct project *p = *state;
    put(p, "conf/x.ini", "[alembic]\nscript_location = migrations\n");
    p->files[0] = "conf/x.ini";
    assert_opens(p);
    assert_string_equal(p->config->script_location, below(p, "migrations"));
    assert_string_equal(p->config->here, below(p, "conf"));
}

static void alembic_config_names_the_file(void **state)
{
    struct project *p = *state;
    put(p, "other.ini",
        "[alembic]\nscript_location = migrations\n[second]\nscript_location=nope\n");
    p->request.alembic_config = "other.ini";
    assert_opens(p);
    assert_string_equal(p->config->ini_path, below(p, "other.ini"));
    p->request.section = "second";
    assert_refused(p, ERR_COMMAND,
                   "Path doesn't exist: nope.  Please use the 'init' command to create a new "
                   "scripts folder.");
}

static void missing_configuration_is_named(void **state)
{
    struct project *p = *state;
    assert_refused(p, ERR_COMMAND, "No 'script_location' key found in configuration.");
    assert_non_null(strstr(p->err.hint, p->dir));
    put(p, "alembic.ini", "[other]\nscript_location = migrations\n");
    assert_refused(p, ERR_COMMAND, "No 'script_location' key found in configuration.");
}

static void two_files_of_a_kind_are_refused(void **state)
{
    struct project *p = *state;
    p->files[0] = "a.ini";
    p->files[1] = "b.ini";
    assert_refused(p, ERR_CONFIG, "only one ini file may be indicated");
    p->files[0] = "pyproject.toml";
    p->files[1] = "x/pyproject.toml";
    assert_refused(p, ERR_CONFIG, "pyproject.toml indicated more than once");
}

static void toml_fills_in_what_the_ini_lacks(void **state)
{
    struct project *p = *state;
    put(p, "alembic.ini", "[alembic]\nfile_template = %%(rev)s\n");
    put(p, "pyproject.toml",
        "[tool.alembic]\nscript_location = '%(here)s/migrations'\nprepend_sys_path = ['.', 'src']\n"
        "version_locations = ['%(here)s/a', 'b']\nfile_template = 'no'\nsourceless = true\n"
        "truncate_slug_length = 7\n[tool.retort]\nlock_timeout = '2s'\n");
    assert_opens(p);
    assert_string_equal(p->config->script_location, below(p, "migrations"));
    assert_string_equal(p->config->file_template, "%(rev)s");
    assert_string_equal(p->config->prepend_sys_path.at[1], below(p, "src"));
    assert_string_equal(p->config->version_locations.at[0], below(p, "a"));
    assert_string_equal(p->config->version_locations.at[1], below(p, "b"));
    assert_true(p->config->sourceless);
    assert_int_equal(p->config->truncate_slug_length, 7);
    struct config_origin origin = {0};
    const char *value = config_setting(p->arena, p->config, "lock_timeout", &origin, &p->err);
    assert_string_equal(value, "2s");
    assert_string_equal(origin.file, "pyproject.toml");
    assert_int_equal(origin.line, 9);
}

static void toml_kinds_are_checked(void **state)
{
    struct project *p = *state;
    put(p, "pyproject.toml", "[tool.alembic]\nscript_location = 'migrations'\nsourceless = 1\n");
    assert_refused(p, ERR_COMMAND, "boolean value expected for TOML parameter 'sourceless'");
    put(p, "pyproject.toml", "[tool]\nalembic = 3\n");
    assert_refused(p, ERR_COMMAND, "Incorrect TOML format");
    put(p, "pyproject.toml", "[tool.alembic\n");
    assert_false(open_project(p));
    assert_string_equal(p->err.file, "pyproject.toml");
    assert_int_equal(p->err.line, 1);
}

static void lists_are_split_as_the_separator_says(void **state)
{
    static const struct {
        const char *separator, *value;
        size_t count;
        const char *last;
    } rows[] = {
        {"", "a b,c, d", 4, "d"},
        {"path_separator = os", "a:b c: d ", 3, "d"},
        {"path_separator = newline", "\n  a\n  b c\n\n  d", 3, "d"},
        {"path_separator = space", "a  b:c", 2, "b:c"},
        {"path_separator = ;", "a;b;;c", 3, "c"},
        {"version_path_separator = :", "a:b", 2, "b"},
        {"path_separator = ;\nversion_path_separator = :", "a;b c", 2, "b c"},
    };
    struct project *p = *state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        put(p, "b/__init__.py", "");
        put(p, "alembic.ini",
            arena_printf(p->arena, "[alembic]\nscript_location = migrations\n%s\n"
                         "version_locations = %s\n", rows[i].separator, rows[i].value));
        assert_opens(p);
        assert_int_equal(p->config->version_locations.len, rows[i].count);
        const char *last = vec_last(&p->config->version_locations);
        assert_true(str_ends_with(last, rows[i].last + (strchr(rows[i].last, ':') ? 2 : 0)));
    }
    put(p, "alembic.ini", "[alembic]\nscript_location = migrations\nversion_locations = a\n"
        "version_path_separator = os  # comment\n");
    assert_refused(p, ERR_CONFIG,
                   "'os  # comment' is not a valid value for version_path_separator; "
                   "expected 'space', 'newline', 'os', ':', ';'");
}

static void package_resources_are_found_in_the_project(void **state)
{
    struct project *p = *state;
    put(p, "src/app/db/migrations/env.py", "");
    put(p, "alembic.ini",
        "[alembic]\nscript_location = app.db:migrations\nprepend_sys_path = src\n");
    assert_opens(p);
    assert_string_equal(p->config->script_location, below(p, "src/app/db/migrations"));
    put(p, "alembic.ini", "[alembic]\nscript_location = nope:migrations\n");
    assert_refused(p, ERR_CONFIG, "No module named 'nope'");
}

static void booleans_follow_alembic(void **state)
{
    struct project *p = *state;
    put(p, "alembic.ini",
        "[alembic]\nscript_location = migrations\nsourceless = True\n"
        "recursive_version_locations = true\nrevision_environment = Yes\ntruncate_slug_length = "
        "0\n");
    assert_opens(p);
    assert_false(p->config->sourceless);
    assert_true(p->config->recursive_version_locations);
    assert_true(p->config->revision_environment);
    assert_int_equal(p->config->truncate_slug_length, 40);
    put(p, "alembic.ini",
        "[alembic]\nscript_location = migrations\nrevision_environment = perhaps\n");
    assert_refused(p, ERR_CONFIG, "revision_environment: String is not true/false: 'perhaps'");
}

static void hooks_come_from_ini_or_toml(void **state)
{
    struct project *p = *state;
    struct config_hooks hooks;
    put(p, "pyproject.toml", "[tool.alembic]\nscript_location = 'migrations'\n"
        "[[tool.alembic.post_write_hooks]]\nname = 'x'\ntype = 'exec'\nexecutable='%(here)s/t'\n");
    assert_opens(p);
    assert_true(config_hooks_get(p->arena, p->config, &hooks, &p->err));
    assert_int_equal(hooks.len, 1);
    assert_string_equal(hooks.at[0].name, "x");
    assert_string_equal(map_get(&hooks.at[0].options, "executable"), below(p, "t"));
    put(p, "alembic.ini", "[alembic]\n[post_write_hooks]\nhooks = black, ruff\n"
        "black.type = console_scripts\nblack.options = -l 79\nruff.type = exec\n");
    assert_opens(p);
    assert_true(config_hooks_get(p->arena, p->config, &hooks, &p->err));
    assert_int_equal(hooks.len, 2);
    assert_string_equal(map_get(&hooks.at[0].options, "options"), "-l 79");
    assert_string_equal(hooks.at[1].name, "ruff");
    put(p, "alembic.ini", "[post_write_hooks]\n");
    assert_opens(p);
    assert_true(config_hooks_get(p->arena, p->config, &hooks, &p->err));
    assert_int_equal(hooks.len, 0);
}

/* ---- ini_file ---- */

static void set_values_obey_the_interpolation_rule(void **state)
{
    struct project *p = *state;
    const char *value;
    assert_true(ini_value_is_valid("a%%b%(c)s"));
    assert_false(ini_value_is_valid("p%40ss"));
    assert_false(ini_value_is_valid("50%"));
    struct ini_file *file = ini_file_new(p->arena, NULL, "/here");
    ini_file_set(file, "s", "URL", "x%%y/%(here)s");
    struct ini_file *copy = ini_file_copy_to(p->arena, file);
    ini_file_set(copy, "s", "url", "changed");
    const struct ini_option *option = ini_file_option(file, "s", "url");
    assert_true(ini_file_value(p->arena, file, "s", option, &value, &p->err));
    assert_string_equal(value, "x%y//here");
    assert_string_equal(ini_file_option(copy, "s", "url")->value, "changed");
    assert_true(ini_file_remove(copy, "s", "url"));
    assert_false(ini_file_remove(copy, "s", "url"));
    struct map items;
    assert_true(ini_file_items(p->arena, file, "s", &items, &p->err));
    assert_int_equal(items.len, 2);
    assert_string_equal(items.at[0].key, "here");
}

static void interpolation_errors_show_the_place_but_no_value(void **state)
{
    struct project *p = *state;
    put(p, "alembic.ini", "[alembic]\nscript_location = migrations\n\n"
        "sqlalchemy.url = postgresql://u:s3cret%40x@h/d\n");
    assert_opens(p);
    assert_null(config_get(p->arena, p->config, NULL, "sqlalchemy.url", NULL, &p->err));
    assert_int_equal(p->err.code, ERR_CONFIG);
    assert_string_equal(p->err.file, "alembic.ini");
    assert_int_equal(p->err.line, 4);
    assert_null(strstr(p->err.message, "40"));
    assert_string_equal(p->err.hint, "write %% for a percent sign");
}

/* ---- .env ---- */

static void dotenv_is_found_upwards_inside_the_project(void **state)
{
    struct project *p = *state;
    put(p, ".env", "A=1\n");
    put(p, "backend/migrations/versions/x", "");
    put(p, "backend/alembic.ini", "[alembic]\nscript_location = migrations\n");
    p->request.cwd = below(p, "backend");
    assert_opens(p);
    assert_null(p->config->dotenv_path); /* above the project: not ours */
    put(p, ".git/HEAD", "");
    assert_opens(p);
    assert_string_equal(p->config->root, p->dir);
    assert_string_equal(p->config->dotenv_path, below(p, ".env"));
    put(p, "backend/.env", "A=2\n");
    assert_opens(p);
    assert_string_equal(p->config->dotenv_path, below(p, "backend/.env"));
    assert_string_equal(dotenv_find(p->arena, ".env", below(p, "backend/x/y"), "/"),
                        below(p, "backend/.env"));
    assert_null(dotenv_find(p->arena, ".env", "/usr", p->dir));
}

/* ---- which database ---- */

struct resolved {
    struct database_url url;
    struct map environ_;
};

static const char *resolve(struct project *p, struct resolved *r, const char *option,
                           const char *retort_url, const char *env_url)
{
    err_clear(&p->err);
    if (!url_resolve(p->arena, p->config, option, retort_url, env_url, &r->environ_, &r->url,
                     &p->err))
        return "error";
    return r->url.database ? r->url.database : "default";
}

static void database_url_first_found_wins(void **state)
{
    struct project *p = *state;
    struct resolved r = {.environ_ = MAP_IN(p->arena)};
    char host[] = "envhost";
    put(p, "alembic.ini", "[alembic]\nscript_location = migrations\n"
        "sqlalchemy.url = postgresql://h/ini\n");
    put(p, ".env", "# parts\nDB_NAME=dotenv\nDB_PASSWORD='s3 cret'\nDB_HOST=h2\n");
    map_put(&r.environ_, "DB_HOST", host);
    assert_opens(p);
    assert_string_equal(resolve(p, &r, "postgresql:///a", "postgresql:///b", "postgresql:///c"),
                        "a");
    assert_string_equal(r.url.origin.file, "--url");
    assert_string_equal(resolve(p, &r, NULL, "postgresql:///b", "postgresql:///c"), "b");
    assert_string_equal(resolve(p, &r, NULL, "", "postgresql:///c"), "c");
    assert_string_equal(r.url.origin.file, "env.py");
    assert_string_equal(resolve(p, &r, NULL, NULL, "driver://user:pass@localhost/dbname"),
                        "dotenv");
    assert_string_equal(r.url.host, "envhost");
    assert_string_equal(r.url.password, "s3 cret");
    assert_string_equal(r.url.origin.file, below(p, ".env"));
    assert_int_equal(r.url.origin.line, 2);
    assert_string_equal(url_masked(p->arena, &r.url), "postgresql://envhost/dotenv");
    put(p, ".env", "");
    map_remove(&r.environ_, "DB_HOST");
    assert_opens(p);
    assert_string_equal(resolve(p, &r, NULL, NULL, NULL), "ini");
    assert_string_equal(r.url.origin.file, "alembic.ini");
    assert_int_equal(r.url.origin.line, 3);
    put(p, "alembic.ini", "[alembic]\nscript_location = migrations\n"
        "sqlalchemy.url = driver://user:pass@localhost/dbname\n");
    assert_opens(p);
    assert_string_equal(resolve(p, &r, NULL, NULL, NULL), "default");
}

static void bad_urls_are_refused_without_showing_them(void **state)
{
    static const struct {
        const char *url, *message;
    } rows[] = {
        {"postgres://u:s3cret@h/d", "Can't load plugin: sqlalchemy.dialects:postgres"},
        {"mysql+pymysql://u:s3cret@h/d", "Can't load plugin: sqlalchemy.dialects:mysql.pymysql"},
        {"u:s3cret@h/d", "Could not parse SQLAlchemy URL from given URL string"},
        {"postgresql://u:s3cret@h:x5/d", "the port of the database URL is not a number"},
    };
    struct project *p = *state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct database_url url;
        err_clear(&p->err);
        assert_false(url_parse(p->arena, rows[i].url, &url, &p->err));
        assert_string_equal(p->err.message, rows[i].message);
    }
    struct database_url url;
    assert_false(url_parse(p->arena, "postgres://h/d", &url, &p->err));
    assert_string_equal(p->err.hint, "write postgresql:// instead of postgres://");
}

static void raw_at_signs_in_passwords_are_put_back(void **state)
{
    struct project *p = *state;
    struct database_url url;
    assert_true(url_parse(p->arena, "postgresql://u:p@s%40:s@host:5/db", &url, &p->err));
    assert_string_equal(url.password, "p@s@:s");
    assert_string_equal(url.host, "host");
    assert_string_equal(url.port, "5");
    assert_string_equal(url_masked(p->arena, &url), "postgresql://u:***@host:5/db");
}

static void driver_keys_become_libpq_keywords(void **state)
{
    struct project *p = *state;
    struct database_url url;
    assert_true(url_parse(p->arena,
                          "postgresql+asyncpg://u@h/d?ssl=require&prepared_statement_cache_size=0&"
                          "command_timeout=5&application_name=x&statement_cache_size=3&timeout=7",
                          &url, &p->err));
    assert_string_equal(url.driver, "asyncpg");
    assert_string_equal(map_get(&url.options, "sslmode"), "require");
    assert_string_equal(map_get(&url.options, "application_name"), "x");
    assert_string_equal(map_get(&url.options, "connect_timeout"), "7");
    assert_int_equal(url.options.len, 3);
    assert_true(url_parse(p->arena, "postgresql+pg8000://u@h/d?unix_sock=/tmp/s", &url, &p->err));
    assert_string_equal(url.host, "/tmp/s");
    assert_true(url_parse(p->arena, "postgresql://u@h/d?madeup=1", &url, &p->err));
    assert_string_equal(map_get(&url.options, "madeup"), "1"); /* libpq will say so */
}

static void passwords_are_masked_wherever_they_stand(void **state)
{
    struct project *p = *state;
    struct database_url url;
    assert_true(url_parse(p->arena, "postgresql://h/d?password=s3cret&sslpassword=s3cret&user=u",
                          &url, &p->err));
    assert_string_equal(url.password, "s3cret");
    assert_string_equal(url_masked(p->arena, &url),
                        "postgresql://h/d?password=***&sslpassword=***&user=u");
    assert_string_equal(url_label(p->arena, &url), "d@h");
    assert_true(url_parse(p->arena, "postgresql://u:s3cret@/d?host=/tmp", &url, &p->err));
    assert_string_equal(url_label(p->arena, &url), "d@local");
}

#define TEST(name) cmocka_unit_test_setup_teardown(name, set_up, tear_down)

int main(void)
{
    const struct CMUnitTest tests[] = {
        TEST(stock_ini_gives_defaults),
        TEST(configuration_is_searched_upwards),
        TEST(relative_paths_are_relative_to_cwd),
        TEST(alembic_config_names_the_file),
        TEST(missing_configuration_is_named),
        TEST(two_files_of_a_kind_are_refused),
        TEST(toml_fills_in_what_the_ini_lacks),
        TEST(toml_kinds_are_checked),
        TEST(lists_are_split_as_the_separator_says),
        TEST(package_resources_are_found_in_the_project),
        TEST(booleans_follow_alembic),
        TEST(hooks_come_from_ini_or_toml),
        TEST(set_values_obey_the_interpolation_rule),
        TEST(interpolation_errors_show_the_place_but_no_value),
        TEST(dotenv_is_found_upwards_inside_the_project),
        TEST(database_url_first_found_wins),
        TEST(bad_urls_are_refused_without_showing_them),
        TEST(raw_at_signs_in_passwords_are_put_back),
        TEST(driver_keys_become_libpq_keywords),
        TEST(passwords_are_masked_wherever_they_stand),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
