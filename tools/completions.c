/*
 * usage: completions bash|zsh|fish: prints the completion script of a shell, made from the tables
 * of the command line (commands.def, options.def, arguments.def).
 */
#include "config.h"

#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "base/arena.h"
#include "cli/commands.h"
#include "cli/templates.h"

/* Revisions of the project at hand, one a line; nothing outside of a project. */
static const char list_revisions[] =
    "retort history 2>/dev/null | sed -n 's/^.* -> \\([0-9A-Za-z_]*\\).*/\\1/p'";

static struct arena *arena;

/* ---- what a value is ---- */

enum value_kind { VALUE_TEXT, VALUE_FILE, VALUE_FOLDER, VALUE_REVISION, VALUE_WORDS };

static enum value_kind value_kind(enum option_id id)
{
    const char *value = option_rows[id].value;
    static const struct {
        const char *value;
        enum value_kind kind;
    } kinds[] = {{"CONFIG", VALUE_FILE},   {"FILE", VALUE_FILE},         {"PATH", VALUE_FOLDER},
                 {"HEAD", VALUE_REVISION}, {"REVISION", VALUE_REVISION}, {"TEMPLATE", VALUE_WORDS}};
    for (size_t i = 0; i < sizeof(kinds) / sizeof(kinds[0]); i++)
        if (strcmp(value, kinds[i].value) == 0)
            return kinds[i].kind;
    return strchr(value, '|') ? VALUE_WORDS : VALUE_TEXT;
}

/* The words that an option takes, blanks between them. */
static const char *value_words(enum option_id id)
{
    char *words = arena_strdup(arena, option_rows[id].value);
    for (char *p = words; *p; p++)
        if (*p == '|')
            *p = ' ';
    if (id != OPTION_TEMPLATE)
        return words;
    const char *names = "";
    for (size_t i = 0; i < init_template_count; i++)
        names = arena_printf(arena, "%s%s%s", names, *names ? " " : "", init_templates[i].name);
    return names;
}

static bool takes_revisions(const struct command *command)
{
    return command->argument == ARGUMENT_REVISION || command->argument == ARGUMENT_REVISIONS ||
           command->argument == ARGUMENT_REVISION_OR_RANGE || command->argument == ARGUMENT_TARGET;
}

static bool has(option_set set, enum option_id id)
{
    return (set >> id) & 1;
}

/* Text between single quotes of a shell, and for zsh with what its own syntax takes marked. */
static const char *quoted(const char *text, const char *escaped, const char *quote)
{
    const char *out = "";
    for (const char *p = text; *p; p++)
        out = *p == '\''               ? arena_printf(arena, "%s%s", out, quote)
              : strchr(escaped, *p)    ? arena_printf(arena, "%s\\%c", out, *p)
                                       : arena_printf(arena, "%s%c", out, *p);
    return out;
}

static void print_commands(const char *before, const char *after)
{
    for (size_t i = 0; i < command_count; i++)
        printf("%s%s%s", i ? before : "", commands[i].name, after);
}

/* The options before the command that take the next word, which is then no command. */
static option_set general_with_value(void)
{
    option_set set = option_set_general();
    for (enum option_id id = 0; id < OPTION_COUNT; id++)
        if (!option_rows[id].value)
            set &= ~(UINT64_C(1) << id);
    return set;
}

/* ---- bash; the list of names serves fish too ---- */

static void bash_names(option_set set, const char *between)
{
    bool first = true;
    for (enum option_id id = 0; id < OPTION_COUNT; id++) {
        const struct option_row *row = &option_rows[id];
        if (!has(set, id))
            continue;
        if (row->letter)
            printf("%s-%c", first ? "" : between, row->letter);
        if (row->word)
            printf("%s--%s", first && !row->letter ? "" : between, row->word);
        first = false;
    }
}

/* One case for each option with a value: what completes the value. */
static void bash_values(option_set set, const char *command)
{
    for (enum option_id id = 0; id < OPTION_COUNT; id++) {
        const struct option_row *row = &option_rows[id];
        if (!has(set, id) || !row->value)
            continue;
        const char *letter = row->letter ? arena_printf(arena, "%s:-%c", command, row->letter) : "";
        const char *word = row->word ? arena_printf(arena, "%s:--%s", command, row->word) : "";
        printf("    %s%s%s) ", letter, *letter && *word ? " | " : "", word);
        switch (value_kind(id)) {
        case VALUE_FILE:
            puts("COMPREPLY=($(compgen -f -- \"$cur\")); return ;;");
            break;
        case VALUE_FOLDER:
            puts("COMPREPLY=($(compgen -d -- \"$cur\")); return ;;");
            break;
        case VALUE_REVISION:
            puts("COMPREPLY=($(compgen -W \"$(_retort_revisions)\" -- \"$cur\")); return ;;");
            break;
        case VALUE_WORDS:
            printf("COMPREPLY=($(compgen -W '%s' -- \"$cur\")); return ;;\n", value_words(id));
            break;
        case VALUE_TEXT:
            puts("return ;;");
            break;
        }
    }
}

static void print_bash(void)
{
    printf("# bash completion for retort; made from its tables.\n\n"
           "_retort_revisions() {\n    echo head heads base\n    %s\n}\n\n"
           "_retort() {\n"
           "    local cur=${COMP_WORDS[COMP_CWORD]} prev=${COMP_WORDS[COMP_CWORD-1]}\n"
           "    local command= i\n"
           "    COMPREPLY=()\n"
           "    for ((i = 1; i < COMP_CWORD; i++)); do\n"
           "        case ${COMP_WORDS[i]} in\n        ",
           list_revisions);
    bash_names(general_with_value(), " | ");
    printf(") ((i++)) ;;\n        -*) ;;\n        *) command=${COMP_WORDS[i]}; break ;;\n"
           "        esac\n    done\n    case $command:$prev in\n");
    bash_values(option_set_general(), "");
    for (size_t i = 0; i < command_count; i++)
        bash_values(option_set_of(&commands[i]), commands[i].name);
    printf("    esac\n    case $command in\n    '')\n        COMPREPLY=($(compgen -W '");
    bash_names(option_set_general(), " ");
    putchar(' ');
    print_commands(" ", "");
    puts("' -- \"$cur\"))\n        ;;");
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &commands[i];
        printf("    %s)\n        if [[ $cur == -* ]]; then\n            COMPREPLY=($(compgen -W '",
               c->name);
        bash_names(option_set_of(c), " ");
        puts("' -- \"$cur\"))");
        if (takes_revisions(c))
            puts("        else\n            COMPREPLY=($(compgen -W \"$(_retort_revisions)\" -- "
                 "\"$cur\"))");
        else if (c->argument == ARGUMENT_DIRECTORY)
            puts("        else\n            COMPREPLY=($(compgen -d -- \"$cur\"))");
        else if (c->argument == ARGUMENT_COMMAND) {
            printf("        else\n            COMPREPLY=($(compgen -W '");
            print_commands(" ", "");
            puts("' -- \"$cur\"))");
        }
        puts("        fi\n        ;;");
    }
    puts("    esac\n}\n\ncomplete -F _retort retort");
}

/* ---- zsh ---- */

static const char zsh_escaped[] = "[]:\\";

static void zsh_option(enum option_id id)
{
    const struct option_row *row = &option_rows[id];
    const char *help = quoted(row->help, zsh_escaped, "'\\''");
    const char *value = "";
    if (row->value) {
        static const char *const actions[] = {
            [VALUE_TEXT] = " ", [VALUE_FILE] = "_files", [VALUE_FOLDER] = "_files -/",
            [VALUE_REVISION] = "_retort_revisions"};
        const char *action = value_kind(id) == VALUE_WORDS
                                 ? arena_printf(arena, "(%s)", value_words(id))
                                 : actions[value_kind(id)];
        value = arena_printf(arena, ":%s:%s", quoted(row->value, zsh_escaped, ""), action);
    }
    const char *repeats = row->flags & OPTION_REPEATS ? "*" : "";
    if (row->letter)
        printf(" \\\n        '%s-%c[%s]%s'", repeats, row->letter, help, value);
    if (row->word)
        printf(" \\\n        '%s--%s[%s]%s'", repeats, row->word, help, value);
}

static void zsh_options(option_set set)
{
    for (enum option_id id = 0; id < OPTION_COUNT; id++)
        if (has(set, id))
            zsh_option(id);
}

static void print_zsh(void)
{
    printf("#compdef retort\n# zsh completion for retort; made from its tables.\n\n"
           "_retort_revisions() {\n    local -a revisions\n"
           "    revisions=(head heads base ${(f)\"$(%s)\"})\n    compadd -a revisions\n}\n\n"
           "_retort_commands() {\n    local -a commands\n    commands=(\n",
           list_revisions);
    for (size_t i = 0; i < command_count; i++)
        printf("        '%s:%s'\n", commands[i].name, quoted(commands[i].help, "\\", "'\\''"));
    printf("    )\n    _describe command commands\n}\n\n"
           "_retort() {\n    local curcontext=$curcontext state line\n    _arguments -C");
    zsh_options(option_set_general());
    printf(" \\\n        '1: :_retort_commands' '*:: :->arguments'\n"
           "    [[ $state == arguments ]] || return\n    case $words[1] in\n");
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &commands[i];
        printf("    %s)\n        _arguments", c->name);
        zsh_options(option_set_of(c));
        if (takes_revisions(c))
            printf(" \\\n        '*:revision:_retort_revisions'");
        else if (c->argument == ARGUMENT_DIRECTORY)
            printf(" \\\n        '1:directory:_files -/'");
        else if (c->argument == ARGUMENT_COMMAND)
            printf(" \\\n        '1: :_retort_commands'");
        puts("\n        ;;");
    }
    puts("    esac\n}\n\n_retort \"$@\"");
}

/* ---- fish ---- */

static void fish_options(option_set set, const char *condition)
{
    for (enum option_id id = 0; id < OPTION_COUNT; id++) {
        const struct option_row *row = &option_rows[id];
        if (!has(set, id))
            continue;
        printf("complete -c retort -n '%s'", condition);
        if (row->letter)
            printf(" -s %c", row->letter);
        if (row->word)
            printf(" -l %s", row->word);
        if (row->value && value_kind(id) == VALUE_FILE)
            printf(" -r -F");
        else if (row->value && value_kind(id) == VALUE_FOLDER)
            printf(" -x -a '(__fish_complete_directories)'");
        else if (row->value && value_kind(id) == VALUE_REVISION)
            printf(" -x -a '(__retort_revisions)'");
        else if (row->value && value_kind(id) == VALUE_WORDS)
            printf(" -x -a '%s'", value_words(id));
        else if (row->value)
            printf(" -x");
        printf(" -d '%s'\n", quoted(row->help, "\\", "\\'"));
    }
}

static void print_fish(void)
{
    const char *none = "__retort_at";
    printf("# fish completion for retort; made from its tables.\n\n"
           "function __retort_revisions\n    printf '%%s\\n' head heads base\n    %s\nend\n\n"
           "# Whether the command so far is this one; without an argument: whether there is none.\n"
           "function __retort_at\n"
           "    set -l words (commandline -opc)\n    set -e words[1]\n    set -l skip 0\n"
           "    set -l found\n    for word in $words\n        if test $skip = 1\n"
           "            set skip 0\n            continue\n        end\n        switch $word\n"
           "            case ",
           list_revisions);
    bash_names(general_with_value(), " ");
    printf("\n                set skip 1\n            case '-*'\n            case '*'\n"
           "                set found $word\n                break\n        end\n    end\n"
           "    test \"$found\" = \"$argv[1]\"\nend\n\ncomplete -c retort -f\n");
    fish_options(option_set_general(), none);
    for (size_t i = 0; i < command_count; i++) {
        const struct command *c = &commands[i];
        const char *seen = arena_printf(arena, "%s %s", none, c->name);
        printf("complete -c retort -n '%s' -a %s -d '%s'\n", none, c->name,
               quoted(c->help, "\\", "\\'"));
        fish_options(option_set_of(c), seen);
        if (takes_revisions(c))
            printf("complete -c retort -n '%s' -a '(__retort_revisions)'\n", seen);
        else if (c->argument == ARGUMENT_DIRECTORY)
            printf("complete -c retort -n '%s' -a '(__fish_complete_directories)'\n", seen);
    }
}

int main(int argc, char **argv)
{
    static const struct {
        const char *shell;
        void (*print)(void);
    } shells[] = {{"bash", print_bash}, {"zsh", print_zsh}, {"fish", print_fish}};
    int status = 2;
    arena = arena_new();
    for (size_t i = 0; argc == 2 && i < sizeof(shells) / sizeof(shells[0]); i++)
        if (strcmp(argv[1], shells[i].shell) == 0) {
            shells[i].print();
            status = 0;
        }
    arena_free(arena);
    if (status)
        fputs("usage: completions bash|zsh|fish\n", stderr);
    return status;
}
