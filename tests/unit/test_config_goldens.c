/*
 * What src/config makes of the files in tests/config, compared with what Python makes of them
 * (tests/config/make_goldens.py).
 */
#include "config.h"

#include "unit/unit.h"

#include <inttypes.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "config/dotenv.h"
#include "config/ini.h"
#include "config/toml.h"
#include "config/url.h"

enum { FILE_MAX = 1 << 20 };

/* As json.dumps(text, ensure_ascii=False); "-" for NULL. */
static void add_quoted(struct str *out, const char *text)
{
    static const char from[] = "\"\\\n\r\t\f\b", to[] = "\"\\nrtfb";
    if (!text) {
        str_add(out, "-");
        return;
    }
    str_addc(out, '"');
    for (; *text; text++) {
        const char *special = strchr(from, *text);
        if (special)
            str_addf(out, "\\%c", to[special - from]);
        else if ((unsigned char)*text < 0x20)
            str_addf(out, "\\u%04x", (unsigned)*text);
        else
            str_addc(out, *text);
    }
    str_addc(out, '"');
}

static void dump_ini_section(struct arena *a, const struct ini_file *file, const char *name,
                             struct str *out)
{
    struct map keys = MAP_IN(a);
    const struct ini_section *section = ini_file_section(file, name);
    for (size_t i = 0; i < section->options.len; i++)
        map_put(&keys, section->options.at[i].key, NULL);
    for (size_t i = 0; i < file->defaults.options.len; i++)
        map_put(&keys, file->defaults.options.at[i].key, NULL);
    str_addf(out, "[%s]\n", name);
    for (size_t i = 0; i < keys.len; i++) {
        const struct ini_option *option = ini_file_option(file, name, keys.at[i].key);
        const char *value;
        struct err err = ERR_INIT;
        str_addf(out, "%s = ", option->name);
        add_quoted(out, option->value);
        str_addc(out, ' ');
        if (ini_file_value(a, file, name, option, &value, &err))
            add_quoted(out, value);
        else
            str_add(out, "error");
        str_addc(out, '\n');
        err_clear(&err);
    }
}

static void dump_ini(struct arena *a, const char *text, size_t len, struct str *out)
{
    struct err err = ERR_INIT;
    struct ini_file *file = ini_file_new(a, "x.ini", "/here");
    if (!ini_file_read(file, text, len, &err)) {
        str_addf(out, "error at line %d\n", err.line);
        err_clear(&err);
        return;
    }
    for (size_t i = 0; i < file->sections.len; i++)
        dump_ini_section(a, file, file->sections.at[i].key, out);
}

static void dump_entries(const struct map *entries, struct str *out)
{
    for (size_t i = 0; i < entries->len; i++) {
        const struct dotenv_entry *entry = entries->at[i].value;
        str_addf(out, "%s = ", entries->at[i].key);
        add_quoted(out, entry->value);
        str_addc(out, '\n');
    }
}

static void dump_dotenv(struct arena *a, const char *text, size_t len, struct str *out)
{
    struct map environ_ = MAP_IN(a);
    char from_env[] = "from env";
    int bad;
    map_put(&environ_, "HOST_ENV", from_env);
    struct map entries = dotenv_parse(a, text, len, &bad);
    dump_entries(&entries, out);
    str_addf(out, "bad line %d\noverride False\n", bad);
    entries = dotenv_values(a, text, len, &environ_, false, NULL);
    dump_entries(&entries, out);
    str_add(out, "override True\n");
    entries = dotenv_values(a, text, len, &environ_, true, NULL);
    dump_entries(&entries, out);
}

static void dump_toml_value(struct arena *a, const struct toml_value *value, const char *path,
                            struct str *out)
{
    str_addf(out, "%s ", path);
    switch (value->kind) {
    case TOML_STRING:
        add_quoted(out, value->text);
        break;
    case TOML_INTEGER:
        str_addf(out, "%" PRId64, value->integer);
        break;
    case TOML_BOOLEAN:
        str_add(out, value->boolean ? "true" : "false");
        break;
    case TOML_FLOAT:
        str_add(out, "float");
        break;
    case TOML_TIME:
        str_add(out, "time");
        break;
    case TOML_ARRAY:
        str_addf(out, "array %zu", value->items.len);
        break;
    case TOML_TABLE:
        str_add(out, "table");
        break;
    }
    str_addc(out, '\n');
    for (size_t i = 0; i < value->items.len; i++)
        dump_toml_value(a, value->items.at[i], arena_printf(a, "%s/%zu", path, i), out);
    for (size_t i = 0; i < value->table.len; i++) {
        const char *below = arena_printf(a, "%s/%s", path, value->table.at[i].key);
        dump_toml_value(a, value->table.at[i].value, below, out);
    }
}

static void dump_toml(struct arena *a, const char *text, size_t len, struct str *out)
{
    struct err err = ERR_INIT;
    struct toml_value *root;
    if (toml_parse(a, "x.toml", text, len, &root, &err)) {
        dump_toml_value(a, root, "", out);
    } else {
        assert_true(err.line > 0);
        str_add(out, "error\n");
    }
    err_clear(&err);
}

static int compare_entries(const void *left, const void *right)
{
    return strcmp(((const struct map_entry *)left)->key, ((const struct map_entry *)right)->key);
}

static void dump_url(struct arena *a, const char *text, struct str *out)
{
    struct database_url url;
    struct err err = ERR_INIT;
    struct map keywords;
    str_addf(out, "%s\n", text);
    if (!url_parse(a, text, &url, &err)) {
        assert_null(strstr(err.message, "secret"));
        str_add(out, "  error\n");
        err_clear(&err);
        return;
    }
    str_addf(out, "  %s\n", url_masked(a, &url));
    url_conninfo(a, &url, &keywords);
    if (keywords.len)
        qsort(keywords.at, keywords.len, sizeof(*keywords.at), compare_entries);
    for (size_t i = 0; i < keywords.len; i++) {
        const char *value = keywords.at[i].value;
        if (value[0]) {
            str_addf(out, "  %s = ", keywords.at[i].key);
            add_quoted(out, value);
            str_addc(out, '\n');
        }
    }
}

static void dump_urls(struct arena *a, const char *text, size_t len, struct str *out)
{
    (void)len;
    while (*text) {
        size_t n = strcspn(text, "\n");
        dump_url(a, arena_strndup(a, text, n), out);
        text += n + (text[n] == '\n');
    }
}

typedef void dump_fn(struct arena *a, const char *text, size_t len, struct str *out);

static void compare(struct arena *a, const char *path, dump_fn *dump)
{
    struct err err = ERR_INIT;
    struct str found = STR_IN(a);
    char *text, *expected;
    size_t len, expected_len;
    const char *dot = strrchr(path, '.');
    const char *golden = arena_printf(a, "%.*s.expected", (int)(dot - path), path);
    assert_true(file_read(a, path, FILE_MAX, &text, &len, &err));
    assert_true(file_read(a, golden, FILE_MAX, &expected, &expected_len, &err));
    dump(a, text, len, &found);
    size_t line = 0; /* start of the first line that differs */
    for (size_t i = 0; found.ptr[i] && found.ptr[i] == expected[i]; i++)
        line = found.ptr[i] == '\n' ? i + 1 : line;
    if (strcmp(found.ptr, expected) != 0) {
        print_error("%s:\n  %.*s\nfound:\n  %.*s\n", golden, (int)strcspn(expected + line, "\n"),
                    expected + line, (int)strcspn(found.ptr + line, "\n"), found.ptr + line);
        fail();
    }
}

static const char *folder(struct arena *a, const char *name)
{
    const char *top = getenv("top_srcdir");
    return path_join(a, top ? top : ".", arena_printf(a, "tests/config/%s", name));
}

static void compare_all(const char *dir, const char *suffix, dump_fn *dump)
{
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    struct path_list names = {0};
    size_t count = 0;
    assert_true(file_list(a, folder(a, dir), &names, &err));
    for (size_t i = 0; i < names.len; i++) {
        if (!str_ends_with(names.at[i], suffix))
            continue;
        compare(a, path_join(a, folder(a, dir), names.at[i]), dump);
        count++;
    }
    assert_true(count >= 5);
    arena_free(a);
}

static void ini_reads_as_configparser(void **state)
{
    (void)state;
    compare_all("ini", ".ini", dump_ini);
}

static void dotenv_reads_as_python_dotenv(void **state)
{
    (void)state;
    compare_all("dotenv", ".env", dump_dotenv);
}

static void toml_reads_as_tomllib(void **state)
{
    (void)state;
    compare_all("toml", ".toml", dump_toml);
}

static void urls_read_as_sqlalchemy(void **state)
{
    (void)state;
    struct arena *a = arena_new();
    compare(a, folder(a, "urls.txt"), dump_urls);
    arena_free(a);
}

int main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(ini_reads_as_configparser),
        cmocka_unit_test(dotenv_reads_as_python_dotenv),
        cmocka_unit_test(toml_reads_as_tomllib),
        cmocka_unit_test(urls_read_as_sqlalchemy),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
