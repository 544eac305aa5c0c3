#include "config.h"

#include "base/arena.h"
#include "base/str.h"
#include "cli/shell.h"

/* One character, or what the backslash before it makes it; p ends behind it. */
static void take_character(const char **p, struct str *word)
{
    if (**p == '\\' && (*p)[1])
        (*p)++;
    str_addc(word, *(*p)++);
}

/* What stands between quotes; false without the second one. */
static bool take_quoted(const char **p, struct str *word)
{
    char quote = *(*p)++;
    while (**p && **p != quote) {
        if (quote == '"')
            take_character(p, word);
        else
            str_addc(word, *(*p)++);
    }
    return **p && *(*p)++;
}

bool shell_split(struct arena *a, const char *line, struct shell_words *out, struct err *err)
{
    const char *p = line;
    *out = (struct shell_words){0};
    for (;;) {
        p += strspn(p, " \t");
        if (!*p || (*p == '#' && !out->len))
            return true;
        struct str word = STR_IN(a);
        while (*p && *p != ' ' && *p != '\t') {
            if (*p != '"' && *p != '\'')
                take_character(&p, &word);
            else if (!take_quoted(&p, &word))
                return err_set(err, ERR_USAGE, "a quote without its end");
        }
        vec_push(a, out, arena_strndup(a, word.ptr, word.len));
    }
}
