#include "config.h"

#include "cli/confirm.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "config/config.h"
#include "config/protection.h"

enum { ANSWER_MAX = 256 };

/* One line from standard input without its end; false at its end or when it is too long. */
static bool read_answer(struct cli *cli, char answer[ANSWER_MAX])
{
    fflush(cli->process->errors);
    if (!fgets(answer, ANSWER_MAX, cli->process->in))
        return false;
    size_t len = strcspn(answer, "\n");
    bool whole = answer[len] == '\n';
    answer[len] = '\0';
    return whole;
}

static bool missing(enum confirm_kind kind, const char *action, const char *database,
                    const char *host, struct err *err)
{
    if (kind == CONFIRM_YES) {
        err_set(err, ERR_CONFIRM, "to %s in %s on %s needs --yes", action, database, host);
        return err_hint(err, "there is no terminal to ask on");
    }
    err_set(err, ERR_CONFIRM, "to %s in %s on %s needs --confirm %s", action, database, host,
            database);
    return err_hint(err, "--yes is not enough for what cannot be taken back; there is no terminal "
                         "to ask on");
}

/* Whether the answer confirms. */
static bool confirms(enum confirm_kind kind, const char *answer, const char *database)
{
    if (kind == CONFIRM_NAME)
        return strcmp(answer, database) == 0;
    return strcmp(answer, "y") == 0 || strcmp(answer, "Y") == 0 || strcmp(answer, "yes") == 0;
}

static bool is_protected(struct cli *cli, const char *database, const char *host, bool *out,
                         struct err *err)
{
    struct protection protection;
    *out = false;
    if (!cli->config)
        return true;
    if (!protection_read(cli->arena, cli->config, &protection, err))
        return false;
    bool is_here = strcmp(host, "this machine") == 0;
    const char *label = arena_printf(cli->arena, "%s@%s", database, is_here ? "local" : host);
    *out = protection_covers(&protection, label);
    return true;
}

bool confirm(struct cli *cli, enum confirm_kind kind, const char *action, const char *database,
             const char *host, struct err *err)
{
    const char *named = cli_value(cli, OPTION_CONFIRM);
    char answer[ANSWER_MAX];
    bool guarded;
    if (!is_protected(cli, database, host, &guarded, err))
        return false;
    if (guarded) /* a yes is not enough */
        kind = CONFIRM_NAME;
    if (named && strcmp(named, database) == 0)
        return true;
    if (named)
        return err_set(err, ERR_CONFIRM, "--confirm names '%s', but the database is %s on %s",
                       named, database, host);
    if (kind == CONFIRM_YES && cli_given(cli, OPTION_YES))
        return true;
    if (!cli->process->in_is_terminal || !cli->process->errors_is_terminal)
        return missing(kind, action, database, host, err);
    fprintf(cli->process->errors, "%s in %s on %s: ", action, database, host);
    if (kind == CONFIRM_NAME)
        fprintf(cli->process->errors, "type the database's name to go on: ");
    else
        fprintf(cli->process->errors, "go on? [y/N] ");
    if (read_answer(cli, answer) && confirms(kind, answer, database))
        return true;
    return err_set(err, ERR_CANCELLED, "not confirmed; nothing was run");
}

/* What RETORT_CONFIRM, or else confirm of [retort], says: ask (the default) or never. */
static bool never_asks(struct cli *cli, bool *out, struct err *err)
{
    struct config_origin origin = {.file = "RETORT_CONFIRM"};
    const char *text = cli_getenv(cli, "RETORT_CONFIRM");
    if (!text || !*text)
        text =
            cli->config ? config_setting(cli->arena, cli->config, "confirm", &origin, err) : NULL;
    *out = text && strcmp(text, "never") == 0;
    if (err->code != ERR_NONE)
        return false;
    if (!text || *out || strcmp(text, "ask") == 0)
        return true;
    err_set(err, ERR_CONFIG, "confirm is neither ask nor never: '%s'", text);
    return err_at(err, origin.file, origin.line, 0);
}

bool confirm_command(struct cli *cli, enum confirm_kind kind, const char *action,
                     const char *database, const char *host, struct err *err)
{
    bool never, guarded;
    if (!never_asks(cli, &never, err) || !is_protected(cli, database, host, &guarded, err))
        return false;
    return (never && !guarded && !cli_value(cli, OPTION_CONFIRM)) ||
           confirm(cli, kind, action, database, host, err);
}
