#include "config.h"

#include "run/ignore.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "config/config.h"
#include "config/ini.h"
#include "config/ini_edit.h"

static const char section[] = "retort", key[] = "ignore_differences";

enum { MAX_INI = 1 << 20 };

/* -- applying -----------------------------------------------------------------------------------
 */

static bool is_kind(struct arena *a, const char *rule, size_t len)
{
    for (int kind = 0; kind < DIFFERENCE_COUNT; kind++) {
        const char *name = difference_name(a, (enum difference_kind)kind);
        if (strlen(name) == len && memcmp(name, rule, len) == 0)
            return true;
    }
    return false;
}

/* One rule in its normal form: kind, one blank, subject. */
static bool check_rule(struct arena *a, char *rule, const char **out, struct err *err)
{
    size_t len = strcspn(rule, " \t");
    const char *subject = rule + len + strspn(rule + len, " \t");
    if (!is_kind(a, rule, len))
        return err_set(err, ERR_CONFIG, "[retort] %s: there is no kind of difference '%.*s'", key,
                       (int)len, rule);
    if (!*subject)
        return err_set(err, ERR_CONFIG, "[retort] %s: '%s' does not say of what", key, rule);
    *out = arena_printf(a, "%.*s %s", (int)len, rule, subject);
    return true;
}

static bool read_rules(struct arena *a, const struct config *config, struct map *rules,
                       struct err *err)
{
    const char *text = config_setting(a, config, key, NULL, err), *rule = NULL;
    *rules = MAP_IN(a);
    if (!text)
        return err->code == ERR_NONE;
    char *copy = arena_strdup(a, text), *save = NULL;
    for (char *line = strtok_r(copy, "\r\n", &save); line; line = strtok_r(NULL, "\r\n", &save)) {
        line += strspn(line, " \t");
        size_t len = strlen(line);
        while (len > 0 && isblank((unsigned char)line[len - 1]))
            line[--len] = '\0';
        if (len == 0)
            continue;
        if (!check_rule(a, line, &rule, err))
            return false;
        map_put(rules, rule, NULL);
    }
    return true;
}

const char *ignore_rule(struct arena *a, const struct difference *difference)
{
    const char *subject = difference_subject(a, difference);
    size_t len = strlen(subject);
    for (size_t i = 0; i < len; i++)
        if (iscntrl((unsigned char)subject[i]))
            return NULL;
    if (str_eq(subject, "?") || isblank((unsigned char)subject[0]) ||
        isblank((unsigned char)subject[len - 1]))
        return NULL;
    return arena_printf(a, "%s %s", difference_name(a, difference->kind), subject);
}

bool ignore_apply(struct arena *a, const struct config *config, struct differences *all,
                  struct err *err)
{
    struct map rules;
    size_t kept = 0;
    if (!read_rules(a, config, &rules, err))
        return false;
    for (size_t i = 0; rules.len > 0 && i < all->items.len; i++) {
        const struct difference *d = &all->items.at[i];
        const char *rule = ignore_rule(a, d);
        if (!rule || !map_has(&rules, rule)) {
            all->items.at[kept++] = *d;
            continue;
        }
        const struct log_line line = {
            .logger = "retort.ignore",
            .text = arena_printf(a, "Ignored by a rule of [retort]: %s", rule)};
        vec_push(a, &all->ignored, *d);
        vec_push(a, &all->log, line);
    }
    if (rules.len > 0)
        all->items.len = kept;
    return true;
}

/* -- writing ------------------------------------------------------------------------------------
 */

/* Whether the new text is read as it was meant: nothing is written that configparser would not
 * read. */
static bool check_text(struct arena *a, const char *path, const struct str *text, const char *rule,
                       struct err *err)
{
    struct ini_file *file = ini_file_new(a, path, NULL);
    const struct ini_option *option;
    if (!ini_file_read(file, text->ptr, text->len, err))
        return false;
    option = ini_file_option(file, section, key);
    return (option && (strchr(rule, '%') || strstr(option->value, rule))) ||
           err_set(err, ERR_CONFIG, "%s: the rule finds no place in it", path);
}

static bool write_rule(struct arena *a, const char *path, const char *rule, struct err *err)
{
    char *text;
    size_t len;
    struct stat st;
    struct str changed = STR_IN(a);
    if (!file_read(a, path, MAX_INI, &text, &len, err))
        return false;
    if (strlen(text) != len)
        return err_set(err, ERR_CONFIG, "%s: there is a NUL byte in it", path);
    ini_edit_add_line(&changed, text, section, key, rule);
    unsigned mode = stat(path, &st) == 0 ? (unsigned)st.st_mode & 07777u : 0644u;
    return check_text(a, path, &changed, rule, err) &&
           file_write(path, changed.ptr, changed.len, mode, true, err);
}

bool ignore_add(struct arena *a, const struct config *config, const char *rule, const char **path,
                struct err *err)
{
    if (!config->ini_path || !file_exists(config->ini_path)) {
        err_set(err, ERR_CONFIG, "there is no alembic.ini to write the rule into");
        return err_hint(
            err, "write it yourself, in [tool.retort] of pyproject.toml: %s = \"\"\"%s\"\"\"", key,
            rule);
    }
    char *real = realpath(config->ini_path, NULL); /* the file itself, not a link to it */
    *path = arena_strdup(a, real ? real : config->ini_path);
    free(real);
    return write_rule(a, *path, rule, err);
}
