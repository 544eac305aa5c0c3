/*
 * Prints what the console has in its own tables, as parts of retort-keys(7) and of
 * retort-console.conf(5):
 *
 *     key_tables keys|commands|contexts|options|roles
 *
 * tools/make-manual.sh puts the parts into the page.
 */
#include "config.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

#include "ui/action.h"
#include "ui/command.h"
#include "ui/option.h"
#include "ui/theme.h"

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
    if (len > 1 && strchr(".,:;!?)]", text[len - 1]))
        fputs("\\&", stdout);
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

static void put_contexts(void)
{
    puts(".Bl -tag -width Ds -compact");
    for (int n = 0; n < N_CONTEXTS; n++)
        printf(".It Li %s\n%s.\n", context_name((enum context_number)n),
               context_title((enum context_number)n));
    puts(".El");
}

static void put_options(void)
{
    puts(".Bl -tag -width Ds -compact");
    for (size_t i = 0; i < console_option_count; i++) {
        const struct option_row *row = &console_options[i];
        printf(".It Cm %s", row->name);
        for (const char *p = row->values; *p; p += strspn(p, " ")) {
            size_t len = strcspn(p, " ");
            printf("%s Li %.*s", p == row->values ? "" : " |", (int)len, p);
            p += len;
        }
        putchar('\n');
        put_help(row->help);
    }
    puts(".El");
}

static void put_roles(void)
{
    for (enum role role = 0; role < N_ROLES; role++)
        printf(".Li %s%s\n", theme_role_name(role), role + 1 < N_ROLES ? " ," : " .");
}

int main(int argc, char **argv)
{
    static const struct {
        const char *part;
        void (*put)(void);
    } parts[] = {{"keys", put_keys},
                 {"commands", put_commands},
                 {"contexts", put_contexts},
                 {"options", put_options},
                 {"roles", put_roles}};
    for (size_t i = 0; argc == 2 && i < sizeof(parts) / sizeof(parts[0]); i++)
        if (strcmp(argv[1], parts[i].part) == 0) {
            parts[i].put();
            return 0;
        }
    fputs("usage: key_tables keys|commands|contexts|options|roles\n", stderr);
    return 2;
}
