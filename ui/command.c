#include "config.h"

#include "ui/command.h"

#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/mem.h"
#include "base/str.h"
#include "ui/actions.h"
#include "ui/connect.h"
#include "ui/console.h"
#include "ui/dispatch.h"
#include "ui/guard.h"
#include "ui/option.h"
#include "ui/profile.h"
#include "ui/run_flow.h"
#include "ui/save_flow.h"
#include "ui/screen.h"
#include "ui/sql_lines.h"

#define VERB_SHELL(id, name, kind, usage, help)
#define VERB_BOTH VERB_CONSOLE
#define VERB_CONSOLE(id, name, kind, usage, help)                                                  \
    static void cmd_##id(struct console *c, const char *argument);
#include "run/verb.def"
#undef VERB_CONSOLE

const struct command_row console_commands[] = {
#define VERB_CONSOLE(id, name, kind, usage, help)                                                   \
    {name, usage, help, COMMAND_##kind, cmd_##id},
#include "run/verb.def"
#undef VERB_CONSOLE
};
const size_t console_command_count = sizeof console_commands / sizeof *console_commands;

static void plan(struct console *c, enum plan_verb verb, const char *target)
{
    if (!*target)
        console_complain(c, "which revision?");
    else
        run_flow_ask(c, verb, target);
}

static void cmd_upgrade(struct console *c, const char *argument)
{
    plan(c, PLAN_UPGRADE, argument);
}

static void cmd_downgrade(struct console *c, const char *argument)
{
    plan(c, PLAN_DOWNGRADE, argument);
}

static void cmd_stamp(struct console *c, const char *argument)
{
    plan(c, PLAN_STAMP, argument);
}

static void cmd_goto(struct console *c, const char *argument)
{
    struct err err = ERR_INIT;
    struct arena *a = arena_new();
    struct revision_list found = {0};
    if (!c->session->graph) {
        console_show_err(c, &c->session->err);
    } else if (!graph_resolve(a, c->session->graph, argument, &found, &err)) {
        console_show_err(c, &err);
    } else if (found.len != 1) {
        console_complain(c, "\"%s\" is %s", argument,
                         found.len ? "more than one revision" : "no revision");
    } else {
        console_focus_view(c, VIEW_GRAPH);
        console_select(c, found.at[0]->header->id);
        c->graph_filter = GRAPH_ALL;
        c->views[VIEW_GRAPH].stale = true;
    }
    err_clear(&err);
    arena_free(a);
}

static void cmd_unlock(struct console *c, const char *argument)
{
    (void)argument;
    guard_unlock(c);
}

static void cmd_lock(struct console *c, const char *argument)
{
    (void)argument;
    guard_lock(c);
}

static void cmd_help(struct console *c, const char *argument)
{
    act_help(c);
    if (*argument)
        popup_narrow_help(c, argument);
}

/* The options and their values, where the argument names none. */
static void say_options(struct console *c)
{
    struct str text = STR_INIT;
    for (size_t i = 0; i < console_option_count; i++)
        str_addf(&text, "%s%s=%s", i ? " " : "", console_options[i].name,
                 console_options[i].get(c));
    console_say(c, "%s", text.ptr);
    str_clear(&text);
}

static void cmd_set(struct console *c, const char *argument)
{
    struct err err = ERR_INIT;
    size_t len = strcspn(argument, "= ");
    const char *value = argument + len + strspn(argument + len, "= ");
    char *name = mem_strndup(argument, len);
    const struct option_row *row = option_find(name);
    if (len == 0)
        say_options(c);
    else if (row && !*value)
        console_say(c, "%s=%s (%s): %s", name, row->get(c), row->values, row->help);
    else if (!option_set(c, name, value, &err))
        console_show_err(c, &err);
    else
        console_say(c, "%s=%s", name, row->get(c));
    mem_free(name);
    err_clear(&err);
}

static void cmd_toggle(struct console *c, const char *argument)
{
    struct err err = ERR_INIT;
    const struct option_row *row = option_find(argument);
    if (!row)
        console_complain(c, "no option \"%s\"", argument);
    else if (!option_toggle(c, row, &err))
        console_show_err(c, &err);
    else
        console_say(c, "%s=%s", row->name, row->get(c));
    err_clear(&err);
}

static void cmd_bind(struct console *c, const char *argument)
{
    struct arena *a = arena_new();
    struct err err = ERR_INIT;
    char *words[3] = {NULL}, *rest = arena_strdup(a, argument), *save = NULL;
    size_t count = 0;
    for (char *word = strtok_r(rest, " ", &save); word; word = strtok_r(NULL, " ", &save))
        if (count++ < 3)
            words[count - 1] = word;
    if (count != 3)
        console_complain(c, "bind CONTEXT KEY ACTION");
    else if (!action_bind(words[0], words[1], words[2], &err))
        console_show_err(c, &err);
    err_clear(&err);
    arena_free(a);
}

static void write_to(struct console *c, const char *path, const struct str *text)
{
    struct err err = ERR_INIT;
    if (!*path)
        console_complain(c, "to which file?");
    else if (file_write(path, text->ptr, text->len, 0644, false, &err))
        console_say(c, "%zu bytes written to %s", text->len, path);
    else
        console_show_err(c, &err);
    err_clear(&err);
}

static void cmd_config(struct console *c, const char *argument)
{
    struct str text = STR_INIT;
    profile_write(c, &text);
    write_to(c, argument, &text);
    str_clear(&text);
}

static void cmd_write(struct console *c, const char *argument)
{
    struct str text = STR_INIT;
    sql_all(c, &text);
    write_to(c, argument, &text);
    str_clear(&text);
}

static void cmd_save(struct console *c, const char *argument)
{
    save_flow_ask(c, argument);
}

static void cmd_revert(struct console *c, const char *argument)
{
    (void)argument;
    save_flow_revert(c);
}

static void cmd_sql(struct console *c, const char *argument)
{
    if (*argument)
        sql_range_ask(c, argument);
    else
        act_pane_sql(c);
}

static void cmd_connect(struct console *c, const char *argument)
{
    connect_to(c, argument);
}

static void cmd_screen(struct console *c, const char *argument)
{
    enum { ROW_BYTES = 4096 };
    struct err err = ERR_INIT;
    struct str text = STR_INIT;
    int rows, columns;
    char *row = mem_alloc(ROW_BYTES);
    console_say(c, "%s", "");
    console_draw(c); /* as it is without the prompt that asked for it */
    screen_size(&rows, &columns);
    for (int y = 0; y < rows; y++) {
        screen_row(y, row, ROW_BYTES);
        str_addf(&text, "%s\n", row);
    }
    if (!file_write(argument, text.ptr, text.len, 0644, true, &err))
        console_show_err(c, &err);
    mem_free(row);
    str_clear(&text);
    err_clear(&err);
}

static void cmd_quit(struct console *c, const char *argument)
{
    (void)argument;
    act_quit(c);
}

static void cmd_quit_now(struct console *c, const char *argument)
{
    (void)argument;
    c->quit = true;
}

void console_command(struct console *c, const char *text)
{
    text += strspn(text, " ");
    size_t len = strcspn(text, " ");
    const char *argument = text + len + strspn(text + len, " ");
    if (len == 0)
        return;
    char *name = mem_strndup(text, len);
    enum action action = action_find(name);
    for (size_t i = 0; i < console_command_count; i++) {
        if (str_eq(console_commands[i].name, name)) {
            console_commands[i].run(c, argument);
            mem_free(name);
            return;
        }
    }
    /* What belongs to popups or to the run bar is no command: it would pass their guards by. */
    unsigned here = console_focused(c)->ops->contexts | CTX_MOVE | CTX_GLOBAL;
    if (action == ACTION_NONE)
        console_complain(c, "no command \"%s\", ? for help", name);
    else if (!(action_infos[action].contexts & here))
        console_complain(c, "\"%s\" means nothing in this pane", name);
    else
        dispatch_action(c, action);
    mem_free(name);
}
