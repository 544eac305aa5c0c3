#include "config.h"

#include "config/config.h"

#include <ctype.h>
#include <errno.h>
#include <inttypes.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "config/dotenv.h"
#include "config/ini.h"
#include "config/paths.h"
#include "config/toml.h"

enum {
    FILE_MAX = 4 << 20,
    SLUG_LENGTH = 40, /* Alembic's default */
};

static const char ini_name[] = "alembic.ini";
static const char toml_name[] = "pyproject.toml";

/* The files to read: as shown to people and as absolute paths; NULL: none. */
struct files {
    const char *ini, *ini_path;
    const char *toml, *toml_path;
};

struct opening {
    struct arena *arena;
    const struct config_request *request;
    struct config *config;
    struct files files;
    struct err *err;
};

/* ---- finding the files ---- */

static bool choose(struct opening *o, const char *name)
{
    bool is_toml = strcmp(path_base(name), toml_name) == 0;
    const char **shown = is_toml ? &o->files.toml : &o->files.ini;
    if (*shown) {
        return err_set(o->err, ERR_CONFIG,
                       is_toml ? "pyproject.toml indicated more than once"
                               : "only one ini file may be indicated");
    }
    *shown = name;
    return true;
}

/* Both files in dir, as far as they are there. */
static void look_into(struct opening *o, const char *dir, bool shown_short)
{
    struct files *f = &o->files;
    f->ini_path = path_join(o->arena, dir, ini_name);
    f->toml_path = path_join(o->arena, dir, toml_name);
    f->ini = shown_short ? ini_name : f->ini_path;
    f->toml = shown_short ? toml_name : f->toml_path;
}

static bool read_toml(struct opening *o)
{
    const struct files *f = &o->files;
    char *text;
    size_t len;
    struct toml_value *root;
    o->config->toml = NULL;
    o->config->toml_path = NULL;
    if (!f->toml || file_is_missing(f->toml_path))
        return true;
    if (!file_read(o->arena, f->toml_path, FILE_MAX, &text, &len, o->err) ||
        !toml_parse(o->arena, f->toml, text, len, &root, o->err))
        return false;
    const struct toml_value *alembic = toml_at(root, "tool.alembic");
    o->config->toml = toml_at(root, "tool");
    if (alembic && alembic->kind != TOML_TABLE) {
        err_set(o->err, ERR_COMMAND, "Incorrect TOML format");
        return err_at(o->err, f->toml, alembic->line, 0);
    }
    if (alembic)
        o->config->toml_path = f->toml_path;
    return true;
}

/* From cwd upwards, the first folder that has an alembic.ini or a [tool.alembic]. */
static bool search(struct opening *o)
{
    const char *cwd = o->request->cwd;
    for (const char *dir = cwd;; dir = path_dir(o->arena, dir)) {
        look_into(o, dir, dir == cwd);
        if (!read_toml(o))
            return false;
        if (file_exists(o->files.ini_path) || o->config->toml_path) {
            o->config->base = dir;
            return true;
        }
        if (strcmp(dir, "/") == 0)
            break;
    }
    o->files = (struct files){0};
    o->config->toml = NULL;
    return true;
}

/* The files that -c and ALEMBIC_CONFIG name (spec/cli.md, section 1.2); *any: they name one. */
static bool choose_given(struct opening *o, bool *any)
{
    const struct config_request *r = o->request;
    const char *const *given = r->config_files;
    bool listed = given && given[0];
    for (; given && *given; given++) {
        if (!choose(o, *given))
            return false;
    }
    bool named = !listed && r->alembic_config && r->alembic_config[0];
    *any = listed || named;
    return !named || choose(o, r->alembic_config);
}

/* The file that was not named is the usual one of the working folder. */
static void complete_files(struct opening *o)
{
    struct files *f = &o->files;
    const char *cwd = o->request->cwd;
    if (!f->ini)
        f->ini = ini_name;
    if (!f->toml)
        f->toml = toml_name;
    f->ini_path = path_absolute(o->arena, path_join(o->arena, cwd, f->ini));
    f->toml_path = path_absolute(o->arena, path_join(o->arena, cwd, f->toml));
}

static bool find_files(struct opening *o)
{
    bool any;
    if (!choose_given(o, &any))
        return false;
    if (!any)
        return search(o);
    complete_files(o);
    return read_toml(o);
}

bool config_new_files(struct arena *a, const struct config_request *request, const char **ini,
                      const char **toml, struct err *err)
{
    struct opening o = {.arena = a, .request = request, .err = err};
    bool any;
    if (!choose_given(&o, &any))
        return false;
    complete_files(&o);
    *ini = o.files.ini_path;
    *toml = o.files.toml_path;
    return true;
}

static bool read_ini(struct opening *o)
{
    const struct files *f = &o->files;
    struct config *config = o->config;
    bool found = f->ini && !file_is_missing(f->ini_path);
    const char *here = f->ini_path ? path_dir(o->arena, f->ini_path) : o->request->cwd;
    config->ini = ini_file_new(o->arena, found ? f->ini : NULL, here);
    config->here = found || !config->toml_path ? here : path_dir(o->arena, config->toml_path);
    if (!found)
        return true;
    char *text;
    size_t len;
    config->ini_path = f->ini_path;
    return file_read(o->arena, f->ini_path, FILE_MAX, &text, &len, o->err) &&
           ini_file_read(config->ini, text, len, o->err);
}

static bool read_dotenv(struct opening *o)
{
    struct config *config = o->config;
    size_t len;
    char *text;
    config->dotenv_text = "";
    config->dotenv_path = dotenv_find(o->arena, ".env", config->here, config->root);
    if (!config->dotenv_path)
        return true;
    if (!file_read(o->arena, config->dotenv_path, FILE_MAX, &text, &len, o->err))
        return false;
    config->dotenv_text = text;
    return true;
}

struct map config_dotenv_values(struct arena *a, const struct config *config,
                                const struct map *environ_)
{
    return dotenv_values(a, config->dotenv_text, strlen(config->dotenv_text), environ_, false,
                         NULL);
}

/* ---- values ---- */

const char *config_get(struct arena *a, const struct config *config, const char *section,
                       const char *key, struct config_origin *origin, struct err *err)
{
    section = section ? section : config->section;
    const struct ini_option *option =
        ini_file_section(config->ini, section) ? ini_file_option(config->ini, section, key) : NULL;
    const char *value;
    if (!option || !ini_file_value(a, config->ini, section, option, &value, err))
        return NULL;
    if (origin) {
        *origin = (struct config_origin){.file = config->ini->path ? config->ini->path : "default",
                                         .line = option->line};
    }
    return value;
}

/* A TOML text as Alembic formats it: text % {"here": folder}. */
static const char *formatted(struct arena *a, const struct config *config, const char *key,
                             const struct toml_value *value, struct err *err)
{
    static const char name[] = "%(here)s";
    struct str out = STR_IN(a);
    for (const char *p = value->text; *p; p++) {
        if (*p != '%') {
            str_addc(&out, *p);
        } else if (p[1] == '%') {
            str_addc(&out, *p++);
        } else if (str_starts_with(p, name)) {
            str_add(&out, path_dir(a, config->toml_path));
            p += sizeof(name) - 2;
        } else {
            err_set(err, ERR_CONFIG, "'%%' in '%s' is neither '%%%%' nor '%%(here)s'", key);
            err_at(err, toml_name, value->line, 0);
            return NULL;
        }
    }
    return str_take(&out);
}

static const struct toml_value *toml_option(const struct config *config, const char *key)
{
    const struct toml_value *table = toml_at(config->toml, "alembic");
    return table ? map_get(&table->table, key) : NULL;
}

/* A scalar of a TOML table as text, NULL when absent. */
static const char *toml_text(struct arena *a, const struct config *config, const char *key,
                             const struct toml_value *value, struct err *err)
{
    if (!value)
        return NULL;
    if (value->kind == TOML_STRING)
        return formatted(a, config, key, value, err);
    if (value->kind == TOML_INTEGER)
        return arena_printf(a, "%" PRId64, value->integer);
    if (value->kind == TOML_BOOLEAN)
        return value->boolean ? "True" : "False";
    err_set(err, ERR_COMMAND, "unsupported TOML value type for key: '%s'", key);
    err_at(err, toml_name, value->line, 0);
    return NULL;
}

const char *config_option(struct arena *a, const struct config *config, const char *key,
                          struct config_origin *origin, struct err *err)
{
    if (ini_file_section(config->ini, config->section) &&
        ini_file_option(config->ini, config->section, key))
        return config_get(a, config, NULL, key, origin, err);
    const struct toml_value *value = toml_option(config, key);
    if (value && origin)
        *origin = (struct config_origin){.file = toml_name, .line = value->line};
    return toml_text(a, config, key, value, err);
}

void config_settings_written(struct arena *a, const struct config *config,
                             struct config_written_list *out)
{
    const struct ini_section *section = ini_file_section(config->ini, "retort");
    for (size_t i = 0; section && i < section->options.len; i++) {
        const struct ini_option *option = section->options.at[i].value;
        vec_push(a, out,
                 ((struct config_written){option->name, {config->ini->path, option->line}}));
    }
    const struct toml_value *table = toml_at(config->toml, "retort");
    for (size_t i = 0; table && table->kind == TOML_TABLE && i < table->table.len; i++) {
        const struct toml_value *value = table->table.at[i].value;
        vec_push(a, out,
                 ((struct config_written){table->table.at[i].key, {toml_name, value->line}}));
    }
}

const char *config_setting(struct arena *a, const struct config *config, const char *key,
                           struct config_origin *origin, struct err *err)
{
    static const char section[] = "retort";
    if (config->given && map_has(config->given, key)) {
        if (origin)
            *origin = (struct config_origin){.file = "set"};
        return map_get(config->given, key);
    }
    if (ini_file_section(config->ini, section) && ini_file_option(config->ini, section, key))
        return config_get(a, config, section, key, origin, err);
    const struct toml_value *table = toml_at(config->toml, section);
    const struct toml_value *value =
        table && table->kind == TOML_TABLE ? map_get(&table->table, key) : NULL;
    if (value && origin)
        *origin = (struct config_origin){.file = toml_name, .line = value->line};
    if (value && value->kind == TOML_STRING)
        return value->text;
    return toml_text(a, config, key, value, err);
}

/* ---- hooks ---- */

static bool toml_hooks(struct arena *a, const struct config *config, struct config_hooks *out,
                       struct err *err)
{
    const struct toml_value *list = toml_option(config, "post_write_hooks");
    for (size_t i = 0; list && list->kind == TOML_ARRAY && i < list->items.len; i++) {
        const struct toml_value *table = list->items.at[i];
        struct config_hook hook = {.options = MAP_IN(a)};
        for (size_t k = 0; k < table->table.len; k++) {
            const char *key = table->table.at[k].key;
            struct err bad = ERR_INIT;
            const char *value = toml_text(a, config, key, table->table.at[k].value, &bad);
            if (!value) {
                err_move(err, &bad);
                return false;
            }
            if (strcmp(key, "name") == 0)
                hook.name = value;
            else
                map_put(&hook.options, key, (void *)value);
        }
        if (!hook.name) {
            err_set(err, ERR_CONFIG, "a post write hook has no 'name'");
            return err_at(err, toml_name, table->line, 0);
        }
        vec_push(a, out, hook);
    }
    return true;
}

bool config_hooks_get(struct arena *a, const struct config *config, struct config_hooks *out,
                      struct err *err)
{
    static const char section[] = "post_write_hooks";
    struct map items;
    struct config_paths names;
    *out = (struct config_hooks){0};
    if (!ini_file_section(config->ini, section))
        return toml_hooks(a, config, out, err);
    if (!ini_file_items(a, config->ini, section, &items, err))
        return false;
    const char *list = map_get(&items, "hooks");
    if (!paths_split(a, list ? list : "", NULL, "hooks", false, &names, err))
        return false;
    for (size_t i = 0; i < names.len; i++) {
        struct config_hook hook = {.name = names.at[i], .options = MAP_IN(a)};
        const char *prefix = arena_printf(a, "%s.", names.at[i]);
        for (size_t k = 0; k < items.len; k++) {
            if (str_starts_with(items.at[k].key, prefix))
                map_put(&hook.options, items.at[k].key + strlen(prefix), items.at[k].value);
        }
        vec_push(a, out, hook);
    }
    return true;
}

/* ---- what Alembic makes of the keys ---- */

/* config_option() in the functions below, where an error ends the opening. */
static bool option(struct opening *o, const char *key, const char **out)
{
    struct err bad = ERR_INIT;
    *out = config_option(o->arena, o->config, key, NULL, &bad);
    if (!bad.code)
        return true;
    err_move(o->err, &bad);
    return false;
}

/* Config.get_alembic_boolean_option(). */
static bool boolean_option(struct opening *o, const char *key, bool *out)
{
    const char *value;
    const struct toml_value *toml = toml_option(o->config, key);
    bool in_ini = ini_file_section(o->config->ini, o->config->section) &&
                  ini_file_option(o->config->ini, o->config->section, key);
    if (in_ini) {
        *out = option(o, key, &value) && str_eq(value, "true");
        return o->err->code == ERR_NONE;
    }
    if (toml && toml->kind != TOML_BOOLEAN) {
        err_set(o->err, ERR_COMMAND, "boolean value expected for TOML parameter '%s'", key);
        return err_at(o->err, toml_name, toml->line, 0);
    }
    *out = toml && toml->boolean;
    return true;
}

/* util.asbool(): lenient. */
static bool lenient_boolean(struct opening *o, const char *key, bool *out)
{
    static const char *const words[][2] = {{"true", "false"}, {"yes", "no"}, {"on", "off"},
                                           {"y", "n"},        {"t", "f"},    {"1", "0"}};
    const char *value;
    *out = false;
    if (!option(o, key, &value) || !value)
        return o->err->code == ERR_NONE;
    struct str lower = STR_IN(o->arena);
    str_add(&lower, value);
    str_trim(&lower);
    for (char *p = lower.ptr; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++) {
        if (strcmp(lower.ptr, words[i][0]) == 0 || strcmp(lower.ptr, words[i][1]) == 0) {
            *out = strcmp(lower.ptr, words[i][0]) == 0;
            return true;
        }
    }
    return err_set(o->err, ERR_CONFIG, "%s: String is not true/false: '%s'", key, lower.ptr);
}

static bool slug_length(struct opening *o)
{
    const char *value;
    o->config->truncate_slug_length = SLUG_LENGTH;
    if (!option(o, "truncate_slug_length", &value) || !value)
        return o->err->code == ERR_NONE;
    char *end;
    errno = 0;
    long n = strtol(value, &end, 10);
    if (end == value || *end || errno || n < INT_MIN || n > INT_MAX) {
        return err_set(o->err, ERR_CONFIG,
                       "truncate_slug_length: invalid literal for int() with base 10: '%s'", value);
    }
    if (n != 0)
        o->config->truncate_slug_length = (int)n;
    return true;
}

/* path_separator, or for version_locations its old name. *name gets the key that was found. */
static bool separator_option(struct opening *o, bool legacy, const char **out, const char **name)
{
    struct err bad = ERR_INIT;
    *name = "path_separator";
    *out = config_get(o->arena, o->config, NULL, *name, NULL, &bad);
    if (!*out && !bad.code && legacy) {
        *name = "version_path_separator";
        *out = config_get(o->arena, o->config, NULL, *name, NULL, &bad);
    }
    if (!bad.code)
        return true;
    err_move(o->err, &bad);
    return false;
}

/* The items of a list key, as written. */
static bool list_option(struct opening *o, const char *key, bool is_sys_path,
                        struct config_paths *out)
{
    const char *separator, *name, *text;
    const struct toml_value *toml = toml_option(o->config, key);
    struct err bad = ERR_INIT;
    *out = (struct config_paths){0};
    text = config_get(o->arena, o->config, NULL, key, NULL, &bad);
    if (bad.code) {
        err_move(o->err, &bad);
        return false;
    }
    if (text && text[0]) {
        return separator_option(o, !is_sys_path, &separator, &name) &&
               paths_split(o->arena, text, separator, name, is_sys_path, out, o->err);
    }
    if (toml && toml->kind != TOML_ARRAY) {
        err_set(o->err, ERR_CONFIG, "'%s' is not a list", key);
        return err_at(o->err, toml_name, toml->line, 0);
    }
    for (size_t i = 0; toml && i < toml->items.len; i++) {
        const char *item = toml_text(o->arena, o->config, key, toml->items.at[i], o->err);
        if (!item)
            return false;
        vec_push(o->arena, out, item);
    }
    return true;
}

static bool resolve_all(struct opening *o, const struct config_paths *texts,
                        struct config_paths *out)
{
    for (size_t i = 0; i < texts->len; i++) {
        const char *path;
        if (!paths_resolve(o->arena, o->config->base, &o->config->prepend_sys_path, texts->at[i],
                           &path, o->err))
            return false;
        vec_push(o->arena, out, path);
    }
    return true;
}

static bool no_script_location(struct opening *o)
{
    err_set(o->err, ERR_COMMAND, "No 'script_location' key found in configuration.");
    if (!o->config->ini_path && !o->config->toml_path)
        return err_hint(o->err, "no alembic.ini in %s or above; -c names another file",
                        o->request->cwd);
    return err_hint(o->err, "add it to the section [%s] of %s", o->config->section,
                    o->config->ini_path ? o->config->ini_path : o->config->toml_path);
}

static bool read_locations(struct opening *o)
{
    struct config *config = o->config;
    struct config_paths texts;
    if (!option(o, "script_location", &config->script_location_text))
        return false;
    if (!config->script_location_text)
        return no_script_location(o);
    if (!list_option(o, "prepend_sys_path", true, &texts))
        return false;
    for (size_t i = 0; i < texts.len; i++)
        vec_push(o->arena, &config->prepend_sys_path,
                 path_absolute(o->arena, path_join(o->arena, config->base, texts.at[i])));
    if (!paths_resolve(o->arena, config->base, &config->prepend_sys_path,
                       config->script_location_text, &config->script_location, o->err) ||
        !list_option(o, "version_locations", false, &texts) ||
        !resolve_all(o, &texts, &config->version_locations))
        return false;
    if (config->version_locations.len == 0)
        vec_push(o->arena, &config->version_locations,
                 path_join(o->arena, config->script_location, "versions"));
    if (!file_is_missing(config->script_location))
        return true;
    return err_set(o->err, ERR_COMMAND,
                   "Path doesn't exist: %s.  Please use the 'init' command to create a new "
                   "scripts folder.",
                   config->script_location_text);
}

static bool read_keys(struct opening *o)
{
    struct config *config = o->config;
    if (!option(o, "file_template", &config->file_template) ||
        !option(o, "timezone", &config->timezone) ||
        !option(o, "output_encoding", &config->output_encoding) || !slug_length(o) ||
        !boolean_option(o, "sourceless", &config->sourceless) ||
        !boolean_option(o, "recursive_version_locations", &config->recursive_version_locations) ||
        !lenient_boolean(o, "revision_environment", &config->revision_environment))
        return false;
    if (!config->file_template)
        config->file_template = "%(rev)s_%(slug)s";
    if (!config->output_encoding)
        config->output_encoding = "utf-8";
    return read_locations(o);
}

bool config_open(struct arena *a, const struct config_request *request, struct config **out,
                 struct err *err)
{
    struct config *config = ARENA_NEW(a, struct config);
    struct opening o = {.arena = a, .request = request, .config = config, .err = err};
    err_clear(err);
    config->section = request->section ? request->section : "alembic";
    config->base = request->cwd;
    if (!find_files(&o) || !read_ini(&o))
        return false;
    config->project_name = path_base(config->here);
    config->root = paths_project_root(a, config->here);
    if (!read_dotenv(&o) || !read_keys(&o))
        return false;
    *out = config;
    return true;
}
