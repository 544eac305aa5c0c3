#include "config.h"

#include "ui/complete.h"

#include <string.h>

#include "base/str.h"
#include "config/config.h"
#include "config/ini.h"
#include "ui/command.h"
#include "ui/console.h"
#include "ui/option.h"

/* The names that begin like the last word, as far as they agree. */
struct completion {
    const char *prefix;
    struct str common;
    size_t count;
};

static void offer(struct completion *completion, const char *name)
{
    if (!str_starts_with(name, completion->prefix))
        return;
    if (completion->count++ == 0) {
        str_add(&completion->common, name);
        return;
    }
    size_t same = 0;
    while (same < completion->common.len && name[same] == completion->common.ptr[same])
        same++;
    str_cut(&completion->common, same);
}

static void offer_commands(struct completion *done)
{
    for (size_t i = 0; i < console_command_count; i++)
        offer(done, console_commands[i].name);
    for (enum action action = 1; action < N_ACTIONS; action++)
        if (action_infos[action].contexts & (CTX_GLOBAL | CTX_MOVE | CTX_GRAPH | CTX_SQL | CTX_LOG))
            offer(done, action_infos[action].name);
}

static void offer_revisions(const struct console *c, struct completion *done)
{
    static const char *const names[] = {"head", "heads", "base"};
    for (size_t i = 0; *done->prefix && i < sizeof names / sizeof *names; i++)
        offer(done, names[i]);
    for (size_t i = 0; c->session->graph && i < c->session->graph->revisions.len; i++)
        offer(done, c->session->graph->revisions.at[i]->header->id);
}

/* NAME= and then its values. */
static void offer_settings(struct completion *done)
{
    const char *equals = strchr(done->prefix, '=');
    struct str text = STR_INIT;
    for (size_t i = 0; i < console_option_count; i++) {
        const struct option_row *row = &console_options[i];
        str_cut(&text, 0);
        str_addf(&text, "%s=", row->name);
        if (!equals) {
            offer(done, text.ptr);
            continue;
        }
        size_t len = text.len;
        for (const char *value = row->values; *value; value += strspn(value, " ")) {
            size_t n = strcspn(value, " ");
            str_cut(&text, len);
            str_addn(&text, value, n);
            offer(done, text.ptr);
            value += n;
        }
    }
    str_clear(&text);
}

static void offer_options(struct completion *done)
{
    for (size_t i = 0; i < console_option_count; i++)
        offer(done, console_options[i].name);
}

/* Sections that -n could name. */
static void offer_connections(const struct console *c, struct completion *done)
{
    const struct ini_file *ini = c->session->config ? c->session->config->ini : NULL;
    for (size_t i = 0; ini && i < ini->sections.len; i++) {
        const char *name = ini->sections.at[i].key;
        const struct ini_section *section = ini_file_section(ini, name);
        if (map_has(&section->options, "sqlalchemy.url") ||
            map_has(&section->options, "script_location"))
            offer(done, name);
    }
}

/* bind CONTEXT KEY ACTION: words counted from 1. */
static void offer_binding(struct completion *done, size_t word)
{
    for (int n = 0; word == 1 && n < N_CONTEXTS; n++)
        offer(done, context_name((enum context_number)n));
    for (enum action action = ACTION_NONE; word == 3 && action < N_ACTIONS; action++)
        offer(done, action_infos[action].name);
}

static void offer_arguments(const struct console *c, struct completion *done,
                            enum command_argument argument, size_t word)
{
    const char *colon = strrchr(done->prefix, ':');
    switch (argument) {
    case COMMAND_RANGE:
        if (colon)
            done->prefix = colon + 1;
        offer_revisions(c, done);
        break;
    case COMMAND_REVISION:
    case COMMAND_REVISIONS:
        offer_revisions(c, done);
        break;
    case COMMAND_SETTING:
        offer_settings(done);
        break;
    case COMMAND_OPTION:
        offer_options(done);
        break;
    case COMMAND_CONNECTION:
        offer_connections(c, done);
        break;
    case COMMAND_BINDING:
        offer_binding(done, word);
        break;
    case COMMAND_TOPIC:
        offer_commands(done);
        break;
    case COMMAND_FILE:
    case COMMAND_NONE:
        break;
    }
}

/* Blanks before the last word are the number of words before it, as far as completion cares. */
static size_t count_words(const char *text, const char *end)
{
    size_t count = 0;
    for (const char *at = text; at < end; at++)
        count += *at == ' ' && at > text && at[-1] != ' ';
    return count;
}

static enum command_argument argument_of(const char *text, size_t len)
{
    for (size_t i = 0; i < console_command_count; i++)
        if (strlen(console_commands[i].name) == len &&
            strncmp(console_commands[i].name, text, len) == 0)
            return console_commands[i].argument;
    return COMMAND_NONE;
}

void complete_command(struct console *c, struct lineedit *line)
{
    const char *text = line->text.ptr, *space = strrchr(text, ' ');
    struct completion done = {.common = STR_INIT};
    done.prefix = space ? space + 1 : text;
    if (space)
        offer_arguments(c, &done, argument_of(text, strcspn(text, " ")),
                        count_words(text, done.prefix));
    else
        offer_commands(&done);
    size_t kept = (size_t)(done.prefix - text);
    if (done.common.len > 0) {
        str_cut(&line->text, kept);
        str_add(&line->text, done.common.ptr);
        if (done.count == 1 && !space)
            str_addc(&line->text, ' ');
        line->at = line->text.len;
    }
    if (done.count != 1)
        console_say(c, "%zu possibilities", done.count);
    str_clear(&done.common);
}
