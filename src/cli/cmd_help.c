#include "config.h"

#include "base/arena.h"
#include "base/err.h"
#include "cli/cli.h"
#include "cli/help.h"
#include "cli/json.h"
#include "cli/suggest.h"
#include "cli/usage.h"

static json_t *option_json(struct arena *a, enum option_id id)
{
    const struct option_row *row = &option_rows[id];
    json_t *o = json_object();
    json_object_set_new(o, "short", row->letter ? json_text(arena_printf(a, "-%c", row->letter))
                                                : json_null());
    json_object_set_new(o, "long", row->word ? json_text(arena_printf(a, "--%s", row->word))
                                             : json_null());
    json_object_set_new(o, "value", json_text(row->value));
    json_object_set_new(o, "repeats", json_boolean(row->flags & OPTION_REPEATS));
    json_object_set_new(o, "help", json_text(row->help));
    return o;
}

static json_t *options_json(struct arena *a, option_set options)
{
    json_t *list = json_array();
    for (enum option_id id = 0; id < OPTION_COUNT; id++)
        if ((options >> id) & 1)
            json_array_append_new(list, option_json(a, id));
    return list;
}

static json_t *command_json(struct arena *a, const struct command *command)
{
    const struct argument_row *row = &argument_rows[command->argument];
    json_t *o = json_object();
    json_object_set_new(o, "name", json_text(command->name));
    json_object_set_new(o, "help", json_text(command->help));
    json_object_set_new(o, "argument",
                        command->argument == ARGUMENT_NONE ? json_null() : json_text(row->name));
    json_object_set_new(o, "options", options_json(a, option_set_of(command)));
    return o;
}

static void print_json(struct cli *cli, const struct command *only)
{
    json_t *root = json_new(), *list = json_array();
    for (size_t i = 0; i < command_count; i++)
        if (!only || only == &commands[i])
            json_array_append_new(list, command_json(cli->arena, &commands[i]));
    json_object_set_new(root, "options", options_json(cli->arena, option_set_general()));
    json_object_set_new(root, "commands", list);
    json_print(cli, root);
}

void help_print(struct cli *cli, const struct command *command)
{
    if (cli_given(cli, OPTION_JSON))
        print_json(cli, command);
    else
        cli_print_sql(cli, usage_help(cli->arena, command));
}

bool cmd_help(struct cli *cli, struct err *err)
{
    const struct command *command = NULL;
    if (cli->args.positionals.len) {
        const char *name = cli->args.positionals.at[0];
        command = command_find(name);
        if (!command) {
            err_set(err, ERR_USAGE, "no such command: '%s'", name);
            const char *near = suggest_commands(cli->arena, name);
            return near ? err_hint(err, "did you mean %s?", near) : false;
        }
    }
    help_print(cli, command);
    return true;
}
