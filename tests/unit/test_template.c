/*
 * script.py.mako: the templates of tests/template, held against what real Mako makes of them
 * (make_expected.py there), and what is refused, with its place.
 */
#include "config.h"

#include "unit/unit.h"

#include <stdlib.h>
#include <string.h>

#include "alembic/template.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "config/ini.h"

enum { TEXT_MAX = 1 << 20 };

static const char *const variables[][2] = {
    {"message", "'it\\'s a \"message\"'"},
    {"up_revision", "'ab12'"},
    {"down_revision", "('a1', 'b2')"},
    {"branch_labels", "None"},
    {"depends_on", "['c3']"},
    {"create_date", "_retort_datetime.datetime(2026, 11, 22, 6, 39, 36, 888951)"},
    {"imports", "'import one\\nimport two'"},
    {"upgrades", "'first()\\n    second()'"},
    {"downgrades", "''"},
};

static const char *path_of(struct arena *a, const char *name)
{
    const char *top = getenv("top_srcdir") ? getenv("top_srcdir") : ".";
    return path_join(a, path_join(a, top, "tests/template"), name);
}

static char *read_file(struct arena *a, const char *name, size_t *len)
{
    struct err err = ERR_INIT;
    char *text;
    assert_true(file_read(a, path_of(a, name), TEXT_MAX, &text, len, &err));
    return text;
}

static bool render(struct arena *a, const char *name, struct str *out, struct err *err)
{
    struct template_world world = {.variables = MAP_IN(a)};
    struct template_source source = {.path = name};
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++)
        map_put(&world.variables, variables[i][0], arena_strdup(a, variables[i][1]));
    source.text = read_file(a, name, &source.len);
    return template_render(a, &source, &world, out, err);
}

static void templates_give_what_mako_makes_of_them(void **state)
{
    static const char *const names[] = {"project", "control", "blocks", "text", "crlf"};
    (void)state;
    for (size_t i = 0; i < sizeof(names) / sizeof(names[0]); i++) {
        struct arena *a = arena_new();
        struct str out = STR_IN(a);
        struct err err = ERR_INIT;
        size_t len;
        char *expected = read_file(a, arena_printf(a, "%s.expected", names[i]), &len);
        if (!render(a, arena_printf(a, "%s.mako", names[i]), &out, &err))
            fail_msg("%s:%d: %s", names[i], err.line, err.message);
        assert_string_equal(out.ptr, expected);
        assert_int_equal(out.len, len);
        arena_free(a);
    }
}

static void what_cannot_be_followed_is_refused_with_its_place(void **state)
{
    static const struct {
        const char *name;
        enum err_code code;
        int line;
        const char *message;
    } rows[] = {
        {"unclosed", ERR_CONFIG, 2, "template: ${ is not closed"},
        {"unended", ERR_CONFIG, 4, "template: '% if' is not ended"},
        {"unopened", ERR_CONFIG, 2, "template: 'endfor' does not fit here"},
        {"inherit", ERR_CONFIG, 1, "template: the tag '<%inherit' is not supported"},
        {"filter", ERR_CONFIG, 1, "template: the filter 'u' is not supported"},
        {"undefined", ERR_COMMAND, 2,
         "Template rendering failed: NameError: name 'nothing' is not defined"},
        {"raises", ERR_COMMAND, 3,
         "Template rendering failed: ZeroDivisionError: division by zero"},
        {"open", ERR_PYTHON, 2, NULL},
    };
    (void)state;
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        struct arena *a = arena_new();
        struct str out = STR_IN(a);
        struct err err = ERR_INIT;
        assert_false(render(a, arena_printf(a, "%s.mako", rows[i].name), &out, &err));
        if (rows[i].message)
            assert_string_equal(err.message, rows[i].message);
        if (err.code != rows[i].code || err.line != rows[i].line)
            fail_msg("%s: %d at line %d: %s", rows[i].name, err.code, err.line, err.message);
        err_clear(&err);
        arena_free(a);
    }
}

static void config_answers_options_of_the_ini_file(void **state)
{
    struct arena *a = arena_new();
    struct str out = STR_IN(a);
    struct err err = ERR_INIT;
    static const char ini[] =
        "[alembic]\ndatabases = one, two\nx = %(databases)s\n[other]\ny = 2\n";
    static const char text[] = "% for name in config.get_main_option('databases').split(', '):\n"
                               "${name} ${context.get(name + '_upgrades', 'pass')}\n% endfor\n"
                               "${config.get_main_option('X')} ${config.get_main_option('z')} "
                               "${config.get_section_option('other', 'y')} "
                               "${config.config_ini_section}";
    struct ini_file *file = ini_file_new(a, "alembic.ini", "/here");
    struct template_world world = {.variables = MAP_IN(a), .ini = file, .section = "alembic"};
    struct template_source source = {.path = "t", .text = text, .len = sizeof(text) - 1};
    (void)state;
    assert_true(ini_file_read(file, ini, sizeof(ini) - 1, &err));
    map_put(&world.variables, "two_upgrades", arena_strdup(a, "'done()'"));
    if (!template_render(a, &source, &world, &out, &err))
        fail_msg("%d: %s", err.line, err.message);
    assert_string_equal(out.ptr, "one pass\ntwo done()\none, two None 2 alembic");
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(templates_give_what_mako_makes_of_them),
        cmocka_unit_test(what_cannot_be_followed_is_refused_with_its_place),
        cmocka_unit_test(config_answers_options_of_the_ini_file),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
