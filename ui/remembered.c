#include "config.h"

#include "ui/remembered.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "ui/console.h"
#include "ui/option.h"
#include "ui/ui.h"

enum { MAX_STATE = 64 << 10 };

static const char *variable(const struct console *c, const char *name)
{
    size_t len = strlen(name);
    for (const char *const *e = c->options->environ_; e && *e; e++)
        if (strncmp(*e, name, len) == 0 && (*e)[len] == '=' && (*e)[len + 1])
            return *e + len + 1;
    return NULL;
}

/* NULL: nothing is remembered. */
static const char *find_path(struct arena *a, const struct console *c)
{
    const char *named = variable(c, "RETORT_CONSOLE_STATE");
    const char *base = variable(c, "XDG_STATE_HOME"), *home = variable(c, "HOME");
    if (named)
        return str_eq(named, "off") ? NULL : named;
    if (!base || base[0] != '/')
        base = home && home[0] == '/' ? path_join(a, home, ".local/state") : NULL;
    return base ? path_join(a, base, "retort/console.state") : NULL;
}

/* -- the text -----------------------------------------------------------------------------------
 */

static void read_share(const char *value, int *share)
{
    char *end;
    long number = strtol(value, &end, 10);
    if (end != value && !*end && number >= LAYOUT_LEAST_SHARE && number <= LAYOUT_MOST_SHARE)
        *share = (int)number;
}

static void read_line(struct console *c, const char *line)
{
    char name[32], value[32];
    struct err err = ERR_INIT;
    if (sscanf(line, "%31s %31s", name, value) != 2)
        return;
    const struct option_row *row = option_find(name);
    if (str_eq(name, "rows"))
        read_share(value, &c->shares.rows);
    else if (str_eq(name, "columns"))
        read_share(value, &c->shares.columns);
    else if (row && row->is_kept)
        option_set(c, name, value, &err);
    err_clear(&err);
}

void remembered_read(struct console *c, const char *text)
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        char *line = mem_strndup(text, len);
        read_line(c, line);
        mem_free(line);
        text += len + (text[len] == '\n');
    }
}

void remembered_write(const struct console *c, struct str *out)
{
    if (c->shares.rows)
        str_addf(out, "rows %d\n", c->shares.rows);
    if (c->shares.columns)
        str_addf(out, "columns %d\n", c->shares.columns);
    for (size_t i = 0; i < console_option_count; i++)
        if (console_options[i].is_kept)
            str_addf(out, "%s %s\n", console_options[i].name, console_options[i].get(c));
}

/* -- the file -----------------------------------------------------------------------------------
 */

void remembered_load(struct console *c)
{
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    struct str now = STR_INIT;
    const char *path = find_path(a, c);
    char *text;
    size_t len;
    if (path && file_exists(path) && file_read(a, path, MAX_STATE, &text, &len, &err))
        remembered_read(c, text);
    remembered_write(c, &now);
    mem_free(c->remembered);
    c->remembered = str_take(&now);
    err_clear(&err);
    arena_free(a);
}

void remembered_save(struct console *c)
{
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    struct str now = STR_INIT;
    const char *path = find_path(a, c);
    remembered_write(c, &now);
    if (path && !str_eq(now.ptr, c->remembered) && file_make_dirs(path_dir(a, path), 0700, &err))
        file_write(path, now.ptr, now.len, 0600, true, &err);
    err_clear(&err);
    str_clear(&now);
    arena_free(a);
}
