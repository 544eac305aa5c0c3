#include "config.h"

#include "ui/script.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "base/utf8.h"
#include "ui/console.h"
#include "ui/dispatch.h"
#include "ui/key.h"

enum { MAX_SCRIPT = 1 << 20 };

bool script_open(struct script *script, const char *path, struct err *err)
{
    char *text;
    size_t len;
    script->arena = arena_new();
    if (!file_read(script->arena, path, MAX_SCRIPT, &text, &len, err))
        return false;
    script->at = script->line = text;
    return true;
}

void script_close(struct script *script)
{
    arena_free(script->arena);
    *script = (struct script){.at = NULL};
}

/* <Name> or <action:name>; anything else that begins with '<' is that key itself. */
static bool step_named(struct script *script, struct console *c)
{
    static const char action_word[] = "action:";
    const char *name = script->at + 1, *end = strpbrk(name, ">\n");
    int32_t key;
    if (!end || *end != '>' || end == name)
        return false;
    if (str_starts_with(name, action_word)) {
        name += strlen(action_word);
        char *word = arena_strndup(script->arena, name, (size_t)(end - name));
        enum action action = action_find(word);
        if (action == ACTION_NONE)
            return false;
        script->at = end + 1;
        dispatch_action(c, action);
        return true;
    }
    if (!key_parse(name, (size_t)(end - name), &key))
        return false;
    script->at = end + 1;
    console_key(c, key);
    return true;
}

static void step_key(struct script *script, struct console *c)
{
    size_t size;
    if (*script->at == '<' && step_named(script, c))
        return;
    uint32_t cp = utf8_decode(script->at, strlen(script->at), &size);
    script->at += size;
    console_key(c, (int32_t)cp);
}

bool script_step(struct script *script, struct console *c)
{
    while (script->at && *script->at) {
        size_t len = strcspn(script->at, "\n");
        bool at_start = script->at == script->line;
        if (len > 0 && !(at_start && *script->at == '#')) {
            if (!at_start || *script->at != ':') {
                step_key(script, c);
                return true;
            }
            char *command = arena_strndup(script->arena, script->at + 1, len - 1);
            script->at = script->line = script->at + len + (script->at[len] == '\n');
            console_command(c, command);
            return true;
        }
        script->at += len + (script->at[len] == '\n');
        script->line = script->at;
    }
    return false;
}
