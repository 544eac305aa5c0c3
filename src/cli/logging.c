#include "config.h"

#include "cli/logging.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/err.h"
#include "base/str.h"
#include "cli/log_format.h"
#include "config/config.h"
#include "config/ini.h"

/* Python's levels (logging); an unknown word is no level. */
static const struct level {
    const char *name;
    int value;
} levels[] = {
    {"NOTSET", 0},   {"DEBUG", 10}, {"INFO", 20},  {"WARN", 30},
    {"WARNING", 30}, {"ERROR", 40}, {"FATAL", 50}, {"CRITICAL", 50},
};

enum { LEVEL_UNSET = 0, LEVEL_INFO = 20, LEVEL_WARNING = 30, LEVEL_ERROR = 40 };

/* ---- reading the sections ---- */

static const char *get(struct cli *cli, const char *section, const char *key)
{
    struct err err = ERR_INIT;
    const char *value = config_get(cli->arena, cli->config, section, key, NULL, &err);
    err_clear(&err);
    return value;
}

/* As it stands: percent signs of a format are no interpolation. */
static const char *get_raw(struct cli *cli, const char *section, const char *key)
{
    const struct ini_option *option = ini_file_option(cli->config->ini, section, key);
    return option ? option->value : NULL;
}

static int level_of(struct cli *cli, const char *section)
{
    const char *name = get(cli, section, "level");
    for (size_t i = 0; name && i < sizeof(levels) / sizeof(*levels); i++)
        if (strcmp(name, levels[i].name) == 0)
            return levels[i].value;
    return LEVEL_UNSET;
}

/* The next name of a list that commas separate; NULL: there is none. */
static const char *next_name(struct cli *cli, const char **list)
{
    static const char between[] = ", \t\r\n";
    if (!*list)
        return NULL;
    *list += strspn(*list, between);
    size_t len = strcspn(*list, between);
    const char *name = len ? arena_strndup(cli->arena, *list, len) : NULL;
    *list += len;
    return name;
}

static const char *section_of(struct cli *cli, const char *kind, const char *name)
{
    return arena_printf(cli->arena, "%s_%s", kind, name);
}

/* Whether a logger of this name passes its records on to `name`: it is it, or a parent of it. */
static bool covers(const char *qualname, const char *name)
{
    size_t len = strlen(qualname);
    return len && strncmp(qualname, name, len) == 0 && (name[len] == '\0' || name[len] == '.');
}

/*
 * The section of the configured logger that a name belongs to, among those whose name is shorter
 * than `below` bytes; NULL: none but the root.
 */
static const char *nearest_logger(struct cli *cli, const char *name, size_t below, size_t *len)
{
    const char *keys = get(cli, "loggers", "keys"), *nearest = NULL;
    *len = 0;
    for (const char *key; (key = next_name(cli, &keys)) != NULL;) {
        const char *section = section_of(cli, "logger", key);
        const char *qualname = get(cli, section, "qualname");
        size_t n = qualname ? strlen(qualname) : 0;
        if (n > *len && n < below && covers(qualname, name)) {
            nearest = section;
            *len = n;
        }
    }
    return nearest;
}

/* The level in force for a logger: that of its nearest parent that has one, else the root's. */
static int effective_level(struct cli *cli, const char *name)
{
    size_t below = SIZE_MAX;
    for (const char *section; (section = nearest_logger(cli, name, below, &below)) != NULL;) {
        int own = level_of(cli, section);
        if (own)
            return own;
    }
    int root = level_of(cli, "logger_root");
    return root ? root : LEVEL_WARNING;
}

/* ---- writing ---- */

/* The layout of a handler; without a formatter a line is its message. */
static struct log_layout layout_of(struct cli *cli, const char *handler)
{
    const char *name = get(cli, handler, "formatter");
    struct log_layout layout = {.style = '%'};
    if (!name || !*name)
        return layout;
    const char *section = section_of(cli, "formatter", name);
    const char *style = get_raw(cli, section, "style");
    layout.format = get_raw(cli, section, "format");
    layout.datefmt = get_raw(cli, section, "datefmt");
    if (style && *style && strchr("%{$", *style))
        layout.style = *style;
    if (layout.datefmt && !*layout.datefmt)
        layout.datefmt = NULL;
    return layout;
}

/* One handler's line. */
static void handle(struct cli *cli, const char *handler, const struct log_record *record)
{
    const char *section = section_of(cli, "handler", handler);
    const char *class_name = get(cli, section, "class"), *args = get(cli, section, "args");
    if (!class_name || !str_ends_with(class_name, "StreamHandler") ||
        record->level_number < level_of(cli, section))
        return;
    struct log_layout layout = layout_of(cli, section);
    const char *line = log_format(cli->arena, &layout, record);
    bool to_out = args && strstr(args, "stdout");
    fflush(cli->process->out);
    fprintf(to_out ? cli_beside(cli) : cli->process->errors, "%s\n", line);
}

static void handle_all(struct cli *cli, const char *section, const struct log_record *record)
{
    const char *handlers = get(cli, section, "handlers");
    for (const char *name; (name = next_name(cli, &handlers)) != NULL;)
        handle(cli, name, record);
}

/* The loggers up to the root, each with its handlers, until one keeps its records to itself. */
static void emit(struct cli *cli, int level, const char *level_name, const char *logger,
                 const char *text)
{
    const struct log_record record = {logger, level_name, level, text, clock_wall()};
    size_t below = SIZE_MAX;
    if (!cli->logs || level < effective_level(cli, logger))
        return;
    const char *section = nearest_logger(cli, logger, below, &below);
    if (!section && !cli->logs_unnamed) /* it was there before, and is named nowhere: disabled */
        return;
    for (; section; section = nearest_logger(cli, logger, below, &below)) {
        handle_all(cli, section, &record);
        const char *propagate = get(cli, section, "propagate");
        if (str_eq(propagate, "0"))
            return;
    }
    handle_all(cli, "logger_root", &record);
}

/* ---- from outside ---- */

void logging_configure(struct cli *cli, const struct env_script *env)
{
    if (!env->configures_logging)
        return;
    cli->logs = true;
    cli->logs_unnamed = env->keeps_loggers;
}

void logging_info(struct cli *cli, const char *fmt, ...)
{
    if (!cli->logs)
        return;
    va_list ap;
    va_start(ap, fmt);
    char *text = arena_vprintf(cli->arena, fmt, ap);
    va_end(ap);
    emit(cli, LEVEL_INFO, "INFO", "alembic.runtime.migration", text);
}

void logging_from(struct cli *cli, const char *logger, const char *text)
{
    emit(cli, LEVEL_INFO, "INFO", logger, text);
}

void logging_failed(struct cli *cli, const char *message)
{
    emit(cli, LEVEL_ERROR, "ERROR", "alembic.util.messaging", message);
}
