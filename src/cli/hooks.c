#include "config.h"

#include "cli/hooks.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/quote.h"
#include "base/str.h"
#include "base/words.h"
#include "cli/cli.h"
#include "cli/process.h"
#include "config/config.h"

static const char token[] = "REVISION_SCRIPT_FILENAME";

/* The word with every token in it replaced by the path. */
static const char *with_path(struct arena *a, const char *word, const char *path)
{
    struct str out = STR_IN(a);
    for (const char *at; (at = strstr(word, token)) != NULL; word = at + strlen(token)) {
        str_addn(&out, word, (size_t)(at - word));
        str_add(&out, path);
    }
    str_add(&out, word);
    return out.ptr;
}

static bool missing(const struct config_hook *hook, const char *key, struct err *err)
{
    struct str name = STR_INIT;
    quote_python(&name, hook->name, strlen(hook->name), false);
    err_set(err, ERR_COMMAND, "Key %s.%s is required for post write hook %s", hook->name, key,
            name.ptr);
    str_clear(&name);
    return false;
}

/*
 * What is run: exec names a program; module is one of Python's; console_scripts is a program that a
 * Python package installed, found through $PATH.
 */
static bool command_of(struct cli *cli, const struct config_hook *hook, struct word_list *out,
                       struct err *err)
{
    static const struct {
        const char *type, *key;
        bool python;
    } types[] = {
        {"exec", "executable", false},
        {"console_scripts", "entrypoint", false},
        {"module", "module", true},
    };
    const char *type = map_get(&hook->options, "type");
    for (size_t i = 0; type && i < sizeof(types) / sizeof(types[0]); i++) {
        const char *value = map_get(&hook->options, types[i].key);
        if (!str_eq(types[i].type, type))
            continue;
        if (!value)
            return missing(hook, types[i].key, err);
        if (types[i].python) {
            vec_push(cli->arena, out, "python3");
            vec_push(cli->arena, out, "-m");
        }
        vec_push(cli->arena, out, value);
        return true;
    }
    if (type)
        return err_set(err, ERR_COMMAND, "No formatter with name '%s' registered", type);
    return err_set(err, ERR_COMMAND,
                   "Key '%s.type' (or 'type' in toml) is required for post write hook '%s'",
                   hook->name, hook->name);
}

static bool run_hook(struct cli *cli, const struct config_hook *hook, const char *path,
                     struct err *err)
{
    const char *options = map_get(&hook->options, "options");
    struct word_list argv = {0}, words = {0};
    int status;
    if (!options || !strstr(options, token))
        options = arena_printf(cli->arena, "%s %s", token, options ? options : "");
    if (!command_of(cli, hook, &argv, err))
        return false;
    if (!words_split(cli->arena, options, &words))
        return err_set(err, ERR_CONFIG, "post write hook '%s': no closing quotation", hook->name);
    for (size_t i = 0; i < words.len; i++)
        vec_push(cli->arena, &argv, with_path(cli->arena, words.at[i], path));
    vec_push(cli->arena, &argv, NULL);
    return process_run(cli, argv.at, map_get(&hook->options, "cwd"), &status, err);
}

/* Hooks are programs of the project, and reading a project runs nothing: they are only named. */
static void name_hooks(struct cli *cli, const struct config_hooks *hooks)
{
    struct str names = STR_IN(cli->arena);
    for (size_t i = 0; i < hooks->len; i++)
        str_addf(&names, "%s%s", i > 0 ? ", " : "", hooks->at[i].name);
    cli_warn(cli, "post-write hooks that were not run: %s (--run-hooks runs them)", names.ptr);
}

bool hooks_run(struct cli *cli, const char *path, struct err *err)
{
    struct config_hooks hooks = {0};
    if (!config_hooks_get(cli->arena, cli->config, &hooks, err))
        return false;
    if (hooks.len == 0)
        return true;
    if (!cli_given(cli, OPTION_RUN_HOOKS)) {
        name_hooks(cli, &hooks);
        return true;
    }
    for (size_t i = 0; i < hooks.len; i++) {
        struct str name = STR_IN(cli->arena);
        quote_python(&name, hooks.at[i].name, strlen(hooks.at[i].name), false);
        fprintf(cli_beside(cli), "Running post write hook %s ...\n", name.ptr);
        bool ok = run_hook(cli, &hooks.at[i], path, err);
        fputs(ok ? "  done\n" : "  FAILED\n", cli_beside(cli));
        if (!ok)
            return false;
    }
    return true;
}
