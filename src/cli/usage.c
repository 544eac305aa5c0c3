#include "config.h"

#include "cli/usage.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "cli/commands.h"

enum { LINE_WIDTH = 80, HELP_COLUMN = 24 };

/* Appends a word to a line that is broken at LINE_WIDTH and goes on at `indent`. */
static void add_word(struct str *out, size_t *column, size_t indent, const char *word)
{
    size_t len = strlen(word);
    if (*column + 1 + len >= LINE_WIDTH) {
        str_addc(out, '\n');
        str_fill(out, ' ', indent);
        *column = indent;
    } else if (*column > indent) {
        str_addc(out, ' ');
        (*column)++;
    }
    str_add(out, word);
    *column += len;
}

/* Two columns: a term, and its help wrapped beside or below it. */
static void add_entry(struct arena *a, struct str *out, const char *term, const char *help)
{
    str_addf(out, "  %s", term);
    size_t column = 2 + strlen(term);
    if (column + 2 > HELP_COLUMN) {
        str_addc(out, '\n');
        column = 0;
    }
    str_fill(out, ' ', HELP_COLUMN - column);
    column = HELP_COLUMN;
    const char *p = help;
    while (*p) {
        size_t len = strcspn(p, " ");
        add_word(out, &column, HELP_COLUMN, arena_strndup(a, p, len));
        p += len;
        p += strspn(p, " ");
    }
    str_addc(out, '\n');
}

static const char *argument_usage(struct arena *a, const struct argument_row *row)
{
    if (row->min && row->max == 0)
        return arena_printf(a, "%s [%s ...]", row->name, row->name);
    return row->min ? row->name : arena_printf(a, "[%s]", row->name);
}

const char *usage_line(struct arena *a, const struct command *command)
{
    struct str out = STR_IN(a);
    str_addf(&out, "usage: retort%s%s ", command ? " " : "", command ? command->name : "");
    size_t indent = out.len, column = out.len;
    option_set options = command ? OPT(HELP) | command->options : option_set_general();
    for (enum option_id id = 0; id < OPTION_COUNT; id++)
        if ((options >> id) & 1)
            add_word(&out, &column, indent, arena_printf(a, "[%s]", option_usage(a, id)));
    if (!command)
        add_word(&out, &column, indent, "COMMAND ...");
    else if (command->argument != ARGUMENT_NONE)
        add_word(&out, &column, indent, argument_usage(a, &argument_rows[command->argument]));
    str_addc(&out, '\n');
    return out.ptr;
}

/* "-c CONFIG, --config CONFIG" */
static const char *option_term(struct arena *a, enum option_id id)
{
    const struct option_row *row = &option_rows[id];
    const char *first = option_usage(a, id);
    if (!row->letter || !row->word)
        return first;
    return arena_printf(a, "%s, --%s%s%s", first, row->word, row->value ? " " : "",
                        row->value ? row->value : "");
}

static void add_options(struct arena *a, struct str *out, option_set options)
{
    for (enum option_id id = 0; id < OPTION_COUNT; id++)
        if ((options >> id) & 1)
            add_entry(a, out, option_term(a, id), option_rows[id].help);
}

static const char *help_of_retort(struct arena *a)
{
    struct str out = STR_IN(a);
    str_add(&out, usage_line(a, NULL));
    str_add(&out, "\nSchema migrations for PostgreSQL, in projects made for Alembic. Without a "
                  "command, on a\nterminal: the console.\n\ncommands:\n");
    for (size_t i = 0; i < command_count; i++)
        add_entry(a, &out, commands[i].name, commands[i].help);
    str_add(&out, "\noptions:\n");
    add_options(a, &out, option_set_general());
    str_add(&out, "\n--url, --yes, --confirm and --json may follow the command too.\n"
                  "exit status: 0 done; 1 an error; 2 wrong usage; 3 a confirmation is missing;\n"
                  "255 refused, with 'FAILED:' and the reason.\n");
    return out.ptr;
}

const char *usage_help(struct arena *a, const struct command *command)
{
    if (!command)
        return help_of_retort(a);
    struct str out = STR_IN(a);
    str_add(&out, usage_line(a, command));
    str_addf(&out, "\n%s\n", command->help);
    if (command->argument != ARGUMENT_NONE) {
        const struct argument_row *row = &argument_rows[command->argument];
        str_add(&out, "\narguments:\n");
        add_entry(a, &out, row->name, row->help);
    }
    str_add(&out, "\noptions:\n");
    add_options(a, &out, OPT(HELP) | command->options);
    str_add(&out, "\n'retort --help' lists the options that stand before the command.\n");
    return out.ptr;
}
