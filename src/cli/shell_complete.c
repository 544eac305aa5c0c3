#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/file.h"
#include "base/str.h"
#include "cli/shell.h"
#include "revision/graph.h"
#include "run/settings.h"

struct offers {
    struct arena *arena;
    const char *word;
    struct shell_words *out;
};

static void offer(struct offers *o, const char *name)
{
    if (!str_starts_with(name, o->word))
        return;
    for (size_t i = 0; i < o->out->len; i++)
        if (str_eq(o->out->at[i], name))
            return;
    vec_push(o->arena, o->out, name);
}

static void offer_all(struct offers *o, const char *const *names, size_t count)
{
    for (size_t i = 0; i < count; i++)
        offer(o, names[i]);
}

static void offer_verbs(struct offers *o)
{
    for (size_t i = 0; i < shell_verb_count; i++)
        offer(o, shell_verbs[i].name);
    for (size_t i = 0; i < command_count; i++)
        if (shell_command_find(commands[i].name))
            offer(o, commands[i].name);
}

/* Symbols, labels and ids; of a range what stands behind the colon. */
static void offer_revisions(struct offers *o, const struct graph *graph, bool range)
{
    static const char *const symbols[] = {"head", "heads", "base", "current", "+1", "-1"};
    const char *colon = range ? strrchr(o->word, ':') : NULL;
    const char *before =
        colon ? arena_strndup(o->arena, o->word, (size_t)(colon + 1 - o->word)) : "";
    for (size_t i = 0; i < sizeof(symbols) / sizeof(symbols[0]); i++)
        offer(o, arena_printf(o->arena, "%s%s", before, symbols[i]));
    for (size_t i = 0; graph && i < graph->by_label.len; i++)
        offer(o, arena_printf(o->arena, "%s%s", before, graph->by_label.at[i].key));
    for (size_t i = 0; graph && i < graph->revisions.len; i++)
        offer(o, arena_printf(o->arena, "%s%s", before, graph->revisions.at[i]->header->id));
}

/* Files and folders below the part of the path that is typed. */
static void offer_files(struct offers *o, const char *cwd)
{
    const char *slash = strrchr(o->word, '/');
    const char *dir = slash ? arena_strndup(o->arena, o->word, (size_t)(slash + 1 - o->word)) : "";
    struct file_entry_list entries = {0};
    struct err ignored = ERR_INIT;
    bool ok =
        file_entries(o->arena, *dir ? path_join(o->arena, cwd, dir) : cwd, &entries, &ignored);
    err_clear(&ignored);
    for (size_t i = 0; ok && i < entries.len; i++) {
        const char *name = entries.at[i].name;
        if (*name == '.' && (slash ? slash[1] : *o->word) != '.')
            continue;
        offer(o, arena_printf(o->arena, "%s%s%s", dir, name,
                              entries.at[i].kind == FILE_FOLDER ? "/" : ""));
    }
}

static void offer_settings(struct offers *o)
{
    struct setting_list settings = {0};
    const char *equals = strchr(o->word, '=');
    settings_list(o->arena, &settings);
    if (equals) {
        offer(o, "scope=revision");
        offer(o, "scope=run");
        return;
    }
    offer(o, "scope=");
    for (size_t i = 0; i < settings.len; i++)
        offer(o, arena_printf(o->arena, "%s=", settings.at[i].key));
}

static void offer_options(struct offers *o, const struct command *command)
{
    static const char *const own[] = {"--yes", "--confirm", "--help"};
    option_set set = command ? option_set_of(command) : 0;
    for (enum option_id id = 0; id < OPTION_COUNT; id++)
        if (((set >> id) & 1) && option_rows[id].word)
            offer(o, arena_printf(o->arena, "--%s", option_rows[id].word));
    if (!command)
        offer_all(o, own, sizeof(own) / sizeof(own[0]));
}

static void offer_argument(struct offers *o, enum verb_argument argument, const struct graph *graph,
                           const char *cwd)
{
    static const char *const levels[] = {"all", "statements", "warnings", "errors"};
    switch (argument) {
    case VERB_REVISION:
    case VERB_REVISIONS:
    case VERB_RANGE:
        offer_revisions(o, graph, argument == VERB_RANGE);
        break;
    case VERB_SETTING:
        offer_settings(o);
        break;
    case VERB_FILE:
        offer_files(o, cwd);
        break;
    case VERB_LEVEL:
        offer_all(o, levels, sizeof(levels) / sizeof(levels[0]));
        break;
    case VERB_TOPIC:
        offer_verbs(o);
        break;
    case VERB_NONE:
    case VERB_STATEMENT:
    case VERB_CONNECTION:
    case VERB_RUN:
        break;
    }
}

/* What a command of the command line takes, as a verb would say it. */
static enum verb_argument argument_of(const struct command *command)
{
    switch (command->argument) {
    case ARGUMENT_REVISION:
    case ARGUMENT_REVISIONS:
    case ARGUMENT_TARGET:
        return VERB_REVISION;
    case ARGUMENT_REVISION_OR_RANGE:
        return VERB_RANGE;
    default:
        return VERB_NONE;
    }
}

/* The value of the option that stands before the word; false: it takes none, or is none. */
static bool offer_value(struct offers *o, const char *before, const struct command *command,
                        const struct graph *graph, const char *cwd)
{
    option_set set = command ? option_set_of(command) : 0;
    for (enum option_id id = 0; id < OPTION_COUNT; id++) {
        const struct option_row *row = &option_rows[id];
        bool same = row->word && str_starts_with(before, "--") && str_eq(before + 2, row->word);
        same = same || (row->letter && before[0] == '-' && before[1] == row->letter && !before[2]);
        if (!((set >> id) & 1) || !same || !row->value)
            continue;
        if (str_eq(row->value, "FILE") || str_eq(row->value, "PATH"))
            offer_files(o, cwd);
        else if (str_eq(row->value, "REVISION") || str_eq(row->value, "REV_RANGE") ||
                 str_eq(row->value, "HEAD"))
            offer_revisions(o, graph, str_eq(row->value, "REV_RANGE"));
        return true;
    }
    return str_eq(before, "--confirm");
}

static int compare(const void *a, const void *b)
{
    return strcmp(*(const char *const *)a, *(const char *const *)b);
}

void shell_complete(struct arena *a, const char *text, const struct graph *graph, const char *cwd,
                    size_t *start, struct shell_words *out)
{
    struct shell_words words;
    struct err ignored = ERR_INIT;
    size_t len = strlen(text);
    while (len > 0 && text[len - 1] != ' ' && text[len - 1] != '\t')
        len--;
    *start = len;
    *out = (struct shell_words){0};
    struct offers o = {a, text + len, out};
    if (!shell_split(a, arena_strndup(a, text, len), &words, &ignored)) {
        err_clear(&ignored); /* within quotes nothing is offered */
        return;
    }
    const struct verb *verb = words.len ? shell_verb_find(words.at[0]) : NULL;
    const struct command *command = words.len ? shell_command_find(words.at[0]) : NULL;
    if (!words.len)
        offer_verbs(&o);
    else if (words.len > 1 && offer_value(&o, vec_last(&words), command, graph, cwd))
        ;
    else if (text[len] == '-' && text[len + 1] == '-')
        offer_options(&o, command);
    else if (verb || command)
        offer_argument(&o, verb ? verb->argument : argument_of(command), graph, cwd);
    if (out->len)
        qsort(out->at, out->len, sizeof(*out->at), compare);
}
