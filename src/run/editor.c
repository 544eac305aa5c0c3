#include "config.h"

#include "run/editor.h"

#include <string.h>

#include "base/arena.h"
#include "base/environ.h"
#include "base/err.h"
#include "base/file.h"

/* How editors are told a line that do not take +LINE before the file, as vi, nano and emacs do. */
static const struct {
    const char *name, *option; /* NULL: no option */
    bool joined;               /* FILE:LINE; else the line is an argument, before the file */
} forms[] = {
    {"code", "--goto", true}, {"code-insiders", "--goto", true}, {"codium", "--goto", true},
    {"cursor", "--goto", true}, {"subl", NULL, true},             {"zed", NULL, true},
    {"hx", NULL, true},         {"helix", NULL, true},            {"kate", "--line", false},
};

/* The program of the first word in words, which is replaced by where that was found. */
static bool find_program(struct arena *a, const char *const *environ_, struct word_list *words)
{
    const char *name = words->len ? words->at[0] : "";
    if (!*name)
        return false;
    if (strchr(name, '/'))
        return file_exists(name);
    const char *found = environ_program(a, environ_, name);
    if (found)
        words->at[0] = found;
    return found != NULL;
}

/* What a variable says: a path, whatever is in it, or a program and its arguments. */
static bool use_choice(struct arena *a, const char *const *environ_, const char *choice,
                       struct word_list *out)
{
    *out = (struct word_list){0};
    if (file_exists(choice)) {
        vec_push(a, out, choice);
        return true;
    }
    return words_split(a, choice, out) && find_program(a, environ_, out);
}

static bool find_editor(struct arena *a, const char *const *environ_, struct word_list *out)
{
    static const char *const variables[] = {"VISUAL", "EDITOR"};
    static const char *const usual[] = {"sensible-editor", "editor", "nano", "vim", "vi", "code"};
    for (size_t i = 0; i < sizeof(variables) / sizeof(variables[0]); i++) {
        const char *choice = environ_given(environ_, variables[i]);
        if (choice && use_choice(a, environ_, choice, out))
            return true;
    }
    for (size_t i = 0; i < sizeof(usual) / sizeof(usual[0]); i++) {
        *out = (struct word_list){0};
        vec_push(a, out, usual[i]);
        if (find_program(a, environ_, out))
            return true;
    }
    return false;
}

static void add_place(struct arena *a, struct word_list *out, const char *path, size_t line)
{
    const char *name = path_base(out->at[0]);
    for (size_t i = 0; i < sizeof(forms) / sizeof(forms[0]); i++) {
        if (strcmp(forms[i].name, name) != 0)
            continue;
        if (forms[i].option)
            vec_push(a, out, forms[i].option);
        if (!forms[i].joined)
            vec_push(a, out, arena_printf(a, "%zu", line));
        vec_push(a, out, forms[i].joined ? arena_printf(a, "%s:%zu", path, line) : path);
        return;
    }
    vec_push(a, out, arena_printf(a, "+%zu", line));
    vec_push(a, out, path);
}

bool editor_command(struct arena *a, const char *const *environ_, const char *path, size_t line,
                    struct word_list *out, struct err *err)
{
    if (!find_editor(a, environ_, out))
        return err_set(
            err, ERR_COMMAND,
            "Error executing editor (No suitable editor found. Please set the \"EDITOR\" "
            "or \"VISUAL\" environment variables)");
    if (line)
        add_place(a, out, path, line);
    else
        vec_push(a, out, path);
    vec_push(a, out, NULL);
    return true;
}
