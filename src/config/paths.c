#include "config.h"

#include "config/paths.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"

static void add_trimmed(struct arena *a, struct config_paths *out, const char *start, size_t len)
{
    struct str item = STR_IN(a);
    str_addn(&item, start, len);
    str_trim(&item);
    if (item.len > 0)
        vec_push(a, out, str_take(&item));
}

static void split_at(struct arena *a, const char *text, const char *separators,
                     struct config_paths *out)
{
    while (*text) {
        size_t len = strcspn(text, separators);
        add_trimmed(a, out, text, len);
        text += len + (text[len] != '\0');
    }
}

bool paths_split(struct arena *a, const char *text, const char *separator, const char *name,
                 bool colons, struct config_paths *out, struct err *err)
{
    static const struct {
        const char *name, *separators;
    } rows[] = {{"space", " "}, {"newline", "\n"}, {"os", ":"}, {":", ":"}, {";", ";"}};
    *out = (struct config_paths){0};
    if (!separator) {
        split_at(a, text, colons ? ", :" : ", ", out);
        return true;
    }
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(rows[i].name, separator) == 0) {
            split_at(a, text, rows[i].separators, out);
            return true;
        }
    }
    return err_set(err, ERR_CONFIG,
                   "'%s' is not a valid value for %s; expected 'space', 'newline', 'os', ':', ';'",
                   separator, name);
}

/* "a.b:c:d" is the folder c/d of the package a/b. */
static const char *resource_path(struct arena *a, const char *text)
{
    char *path = arena_strdup(a, text);
    bool in_package = true;
    for (char *p = path; *p; p++) {
        if (*p == ':')
            in_package = false;
        if (*p == ':' || (*p == '.' && in_package))
            *p = '/';
    }
    return path;
}

bool paths_resolve(struct arena *a, const char *base, const struct config_paths *roots,
                   const char *text, const char **out, struct err *err)
{
    *out = path_absolute(a, path_join(a, base, text));
    const char *colon = strchr(text, ':');
    if (text[0] == '/' || !colon)
        return true;
    const char *package = resource_path(a, arena_strndup(a, text, (size_t)(colon - text)));
    for (size_t i = 0; i <= roots->len; i++) {
        const char *root = i < roots->len ? roots->at[i] : base;
        if (file_is_dir(path_join(a, root, package))) {
            *out = path_absolute(a, path_join(a, root, resource_path(a, text)));
            return true;
        }
    }
    err_set(err, ERR_CONFIG, "No module named '%.*s'", (int)(colon - text), text);
    return err_hint(err, "'%s' names a folder of a package; retort looks for packages in "
                    "prepend_sys_path and in %s", text, base);
}

const char *paths_project_root(struct arena *a, const char *dir)
{
    for (const char *at = dir; strcmp(at, "/") != 0; at = path_dir(a, at)) {
        if (file_exists(path_join(a, at, ".git")))
            return at;
    }
    return dir;
}
