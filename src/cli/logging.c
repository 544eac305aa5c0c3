#include "config.h"

#include "cli/logging.h"

#include <stdarg.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "config/config.h"

/* Python's levels (logging); an unknown word is no level. */
static const struct {
    const char *name;
    int value;
} levels[] = {
    {"NOTSET", 0},   {"DEBUG", 10}, {"INFO", 20},  {"WARN", 30},
    {"WARNING", 30}, {"ERROR", 40}, {"FATAL", 50}, {"CRITICAL", 50},
};

enum { LEVEL_UNSET = 0, LEVEL_INFO = 20, LEVEL_WARNING = 30, LEVEL_ERROR = 40 };

static const char *get(struct cli *cli, const char *section, const char *key)
{
    struct err err = ERR_INIT;
    const char *value = config_get(cli->arena, cli->config, section, key, NULL, &err);
    err_clear(&err);
    return value;
}

static int level_of(struct cli *cli, const char *section)
{
    const char *name = get(cli, section, "level");
    for (size_t i = 0; name && i < sizeof(levels) / sizeof(*levels); i++)
        if (strcmp(name, levels[i].name) == 0)
            return levels[i].value;
    return LEVEL_UNSET;
}

/* Whether a logger of this name passes its records on to `name`: it is it, or a parent of it. */
static bool covers(const char *qualname, const char *name)
{
    size_t len = strlen(qualname);
    return strncmp(qualname, name, len) == 0 && (name[len] == '\0' || name[len] == '.');
}

/* The level in force for a logger: that of its nearest parent that has one, else the root's. */
static int effective_level(struct cli *cli, const char *name)
{
    const char *keys = get(cli, "loggers", "keys");
    int level = level_of(cli, "logger_root");
    size_t nearest = 0;
    if (!keys)
        return LEVEL_WARNING;
    if (!level)
        level = LEVEL_WARNING;
    for (const char *p = keys; *p;) {
        p += strspn(p, ", \t\n");
        size_t len = strcspn(p, ", \t\n");
        const char *section = arena_printf(cli->arena, "logger_%.*s", (int)len, p);
        const char *qualname = len ? get(cli, section, "qualname") : NULL;
        int own = qualname ? level_of(cli, section) : LEVEL_UNSET;
        if (own && covers(qualname, name) && strlen(qualname) > nearest) {
            nearest = strlen(qualname);
            level = own;
        }
        p += len;
    }
    return level;
}

void logging_configure(struct cli *cli, const struct env_script *env)
{
    if (!env->configures_logging)
        return;
    cli->logs = true;
    cli->logs_info = effective_level(cli, "alembic.runtime.migration") <= LEVEL_INFO;
    cli->logs_errors = effective_level(cli, "alembic.util.messaging") <= LEVEL_ERROR;
}

void logging_info(struct cli *cli, const char *fmt, ...)
{
    if (!cli->logs_info)
        return;
    va_list ap;
    va_start(ap, fmt);
    char *text = arena_vprintf(cli->arena, fmt, ap);
    va_end(ap);
    fflush(cli->process->out);
    log_line(&cli->log, LOG_INFO, "alembic.runtime.migration", "%s", text);
}

void logging_from(struct cli *cli, const char *logger, const char *text)
{
    if (!cli->logs || effective_level(cli, logger) > LEVEL_INFO)
        return;
    fflush(cli->process->out);
    log_line(&cli->log, LOG_INFO, logger, "%s", text);
}

void logging_failed(struct cli *cli, const char *message)
{
    if (cli->logs_errors)
        log_line(&cli->log, LOG_ERROR, "alembic.util.messaging", "%s", message);
}
