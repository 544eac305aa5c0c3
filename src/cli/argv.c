#include "config.h"

#include "cli/argv.h"

#include <string.h>

#include "base/arena.h"

/* From the first ':' of the user's part to the last '@' of the text. */
static void hide_password(char *text)
{
    char *user = strstr(text, "://");
    char *colon = user ? strchr(user + 3, ':') : NULL;
    char *at = colon ? strrchr(colon, '@') : NULL;
    if (at)
        memset(colon + 1, 'x', (size_t)(at - colon - 1));
}

const char *const *argv_take(struct arena *a, char **argv)
{
    size_t count = 0;
    while (argv[count])
        count++;
    const char **copy = arena_alloc(a, (count + 1) * sizeof(*copy));
    for (size_t i = 0; i < count; i++) {
        copy[i] = arena_strdup(a, argv[i]);
        hide_password(argv[i]);
    }
    copy[count] = NULL;
    return copy;
}
