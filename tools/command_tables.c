/*
 * Prints parts of the manual from the tables of the command line:
 *
 *     command_tables commands | general | synopsis:COMMAND | options:COMMAND | verbs | pages
 *
 * tools/make-manual.sh puts the parts into the pages; "pages" says in which one each command is
 * described, for the links of the manual and for tests.
 */
#include "config.h"

#include <ctype.h>
#include <stdbool.h>
#include <stdio.h>
#include <string.h>

#include "cli/commands.h"
#include "tools/mdoc.h"

/* The commands that share a page; one that stands in no row has a page of its own. */
static const struct group {
    const char *page, *title;
    const char *commands; /* a blank before and behind each */
} groups[] = {
    {"retort", "First steps", " help demo "},
    {"retort-history", "Where things are", " current heads branches history show render "},
    {"retort-upgrade", "Changing the database", " plan upgrade downgrade stamp ensure_version "},
    {"retort-runs", "Runs, and what became of them", " attach runs resume "},
    {"retort-revision", "Projects and revision files", " init list_templates revision merge edit "},
    {"retort-diff", "Models and database", " check diff "},
};

enum { N_GROUPS = sizeof(groups) / sizeof(groups[0]) };

static bool in_group(const struct group *g, const struct command *c)
{
    size_t len = strlen(c->name);
    const char *p = g->commands;
    while ((p = strstr(p + 1, c->name)))
        if (p[-1] == ' ' && p[len] == ' ')
            return true;
    return false;
}

static const struct group *group_of(const struct command *c)
{
    for (size_t i = 0; i < N_GROUPS; i++)
        if (in_group(&groups[i], c))
            return &groups[i];
    return NULL;
}

/* A sentence: its first letter is a capital, and it ends with a full stop. */
static void put_sentence(const char *text)
{
    char sentence[512];
    size_t len = strlen(text);
    snprintf(sentence, sizeof(sentence), "%c%s%s", toupper((unsigned char)*text), text + 1,
             text[len - 1] == '.' ? "" : ".");
    mdoc_put_text(sentence);
}

/* " Ar revision", or " Cm up | down" for words that are to be typed. */
static void put_value(const char *value)
{
    bool words = strchr(value, '|') != NULL;
    printf(words ? " Cm " : " Ar ");
    for (const char *p = value; *p; p++)
        if (*p == '|')
            printf(" | ");
        else
            putchar(words ? *p : tolower((unsigned char)*p));
}

static void put_flag(const struct option_row *row, bool letter)
{
    if (letter)
        printf(" Fl %c", row->letter);
    else
        printf(" Fl \\-%s", row->word);
    if (row->value)
        put_value(row->value);
}

static void put_usage(const struct option_row *row)
{
    printf(".Op");
    put_flag(row, row->letter != 0);
    putchar('\n');
}

static void put_option(const struct option_row *row)
{
    printf(".It");
    if (row->letter)
        put_flag(row, true);
    if (row->letter && row->word)
        printf(" ,");
    if (row->word)
        put_flag(row, false);
    putchar('\n');
    put_sentence(row->help);
}

static void put_options(option_set options)
{
    for (enum option_id id = 0; id < OPTION_COUNT; id++)
        if ((options >> id) & 1)
            put_option(&option_rows[id]);
}

static void print_general(void)
{
    puts(".Bl -tag -width Ds");
    put_options(option_set_general());
    puts(".El");
}

static void print_synopsis(const struct command *c)
{
    const struct argument_row *argument = &argument_rows[c->argument];
    printf(".Nm retort %s\n", c->name);
    for (enum option_id id = 0; id < OPTION_COUNT; id++)
        if ((c->options >> id) & 1)
            put_usage(&option_rows[id]);
    if (c->argument != ARGUMENT_NONE)
        printf("%sAr %s%s\n", argument->min ? "." : ".Op ", argument->name,
               argument->min && argument->max == 0 ? " ..." : "");
}

static void print_options(const struct command *c)
{
    if (c->argument == ARGUMENT_NONE && !c->options)
        return;
    puts(".Bl -tag -width Ds");
    if (c->argument != ARGUMENT_NONE) {
        printf(".It Ar %s\n", argument_rows[c->argument].name);
        put_sentence(argument_rows[c->argument].help);
    }
    put_options(c->options);
    puts(".El");
}

static void put_command(const struct command *c)
{
    printf(".It Ic %s\n", c->name);
    put_sentence(c->help);
}

static void print_commands(void)
{
    for (size_t g = 0; g < N_GROUPS; g++) {
        printf(".Ss %s\n", groups[g].title);
        if (g) /* the first is of retort(1) itself */
            printf("In\n.Xr %s 1 :\n", groups[g].page);
        puts(".Bl -tag -width list_templates -compact");
        for (size_t i = 0; i < command_count; i++)
            if (in_group(&groups[g], &commands[i]))
                put_command(&commands[i]);
        puts(".El");
    }
    puts(".Ss With a page of their own\n.Bl -tag -width list_templates -compact");
    for (size_t i = 0; i < command_count; i++)
        if (!group_of(&commands[i])) {
            put_command(&commands[i]);
            printf("See\n.Xr retort-%s 1 .\n", commands[i].name);
        }
    puts(".El");
}

/* The verbs of the shell: usage and help. */
static void print_verbs(void)
{
#define VERB_CONSOLE(id, name, kind, usage, help)
#define VERB_BOTH VERB_SHELL
#define VERB_SHELL(id, name, kind, usage, help) {usage, help},
    static const struct {
        const char *usage, *help;
    } verbs[] = {
#include "run/verb.def"
    };
#undef VERB_CONSOLE
#undef VERB_BOTH
#undef VERB_SHELL
    puts(".Bl -tag -width Ds");
    for (size_t i = 0; i < sizeof(verbs) / sizeof(verbs[0]); i++) {
        bool marked = strpbrk(verbs[i].usage + strlen(verbs[i].usage) - 1, "]!") != NULL;
        printf(".It Ic %s%s\n", verbs[i].usage, marked ? "\\&" : "");
        put_sentence(verbs[i].help);
    }
    puts(".El");
}

static void print_pages(void)
{
    for (size_t i = 0; i < command_count; i++) {
        const struct group *g = group_of(&commands[i]);
        printf("%s %s%s\n", commands[i].name, g ? g->page : "retort-", g ? "" : commands[i].name);
    }
}

int main(int argc, char **argv)
{
    const char *part = argc == 2 ? argv[1] : "";
    const char *name = strchr(part, ':');
    const struct command *command = name ? command_find(name + 1) : NULL;
    if (strcmp(part, "commands") == 0)
        print_commands();
    else if (strcmp(part, "general") == 0)
        print_general();
    else if (strcmp(part, "verbs") == 0)
        print_verbs();
    else if (strcmp(part, "pages") == 0)
        print_pages();
    else if (command && strncmp(part, "synopsis:", 9) == 0)
        print_synopsis(command);
    else if (command && strncmp(part, "options:", 8) == 0)
        print_options(command);
    else {
        fputs(
            "usage: command_tables commands|general|verbs|pages|synopsis:COMMAND|options:COMMAND\n",
            stderr);
        return 2;
    }
    return 0;
}
