#include "config.h"

#include "base/words.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/str.h"

/* The next word; NULL: there is none. */
static const char *next_word(struct arena *a, const char **p, bool *unclosed)
{
    struct str word = STR_IN(a);
    const char *s = *p;
    char quote = 0;
    while (isspace((unsigned char)*s))
        s++;
    if (!*s)
        return NULL;
    for (; *s && (quote || !isspace((unsigned char)*s)); s++) {
        if (quote && *s == quote)
            quote = 0;
        else if (!quote && (*s == '\'' || *s == '"'))
            quote = *s;
        else if (*s == '\\' && s[1] && (!quote || (quote == '"' && strchr("\\\"", s[1]))))
            str_addc(&word, *++s);
        else
            str_addc(&word, *s);
    }
    *unclosed = quote != 0;
    *p = s;
    return word.ptr;
}

bool words_split(struct arena *a, const char *line, struct word_list *out)
{
    bool unclosed = false;
    for (const char *word; (word = next_word(a, &line, &unclosed)) != NULL && !unclosed;)
        vec_push(a, out, word);
    return !unclosed;
}
