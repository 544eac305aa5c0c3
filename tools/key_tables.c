/*
 * Prints keys and commands of the console from its own tables, as parts of retort-keys(7):
 *
 *     key_tables keys|commands
 *
 * tools/make-manual.sh puts the parts into the page.
 */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "ui/action.h"
#include "ui/command.h"

/* As an argument of a macro: nothing in it is a delimiter or an escape. */
static void put_argument(const char *text, size_t len)
{
    if (len == 1 && !isalnum((unsigned char)*text))
        fputs("\\&", stdout);
    for (size_t i = 0; i < len; i++) {
        if (text[i] == '\\' || text[i] == '~' || text[i] == '^')
            fputs(text[i] == '\\' ? "\\e" : text[i] == '~' ? "\\(ti" : "\\(ha", stdout);
        else
            putchar(text[i]);
    }
}

/* A sentence: with its capital left to the table, and no full stop there. */
static void put_help(const char *text)
{
    printf("%s%s.\n", strchr(".'", *text) ? "\\&" : "", text);
}

static void put_action(const struct action_info *info)
{
    printf(".It");
    for (const char *key = info->keys; *key;) {
        size_t len = strcspn(key, " ");
        printf(" Ic ");
        put_argument(key, len);
        key += len;
        key += strspn(key, " ");
        if (*key)
            printf(" ,");
    }
    printf("\n.Pq Cm %s\n", info->name);
    put_help(info->help);
}

static void put_keys(void)
{
    for (int n = 0; n < N_CONTEXTS; n++) {
        printf(".Ss %s (%s)\n.Bl -tag -width Ds\n", context_title((enum context_number)n),
               context_name((enum context_number)n));
        for (enum action action = 1; action < N_ACTIONS; action++)
            if (action_infos[action].contexts & 1u << n)
                put_action(&action_infos[action]);
        puts(".El");
    }
}

static void put_commands(void)
{
    puts(".Bl -tag -width Ds");
    for (size_t i = 0; i < console_command_count; i++) {
        printf(".It Ic \\&:");
        put_argument(console_commands[i].usage, strlen(console_commands[i].usage));
        putchar('\n');
        put_help(console_commands[i].help);
    }
    puts(".El");
}

int main(int argc, char **argv)
{
    if (argc == 2 && strcmp(argv[1], "keys") == 0)
        put_keys();
    else if (argc == 2 && strcmp(argv[1], "commands") == 0)
        put_commands();
    else
        return fprintf(stderr, "usage: key_tables keys|commands\n"), 2;
    return 0;
}
