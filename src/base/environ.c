#include "config.h"

#include "base/environ.h"

#include <string.h>

#include "base/arena.h"
#include "base/file.h"

const char *environ_get(const char *const *environ_, const char *name)
{
    size_t len = strlen(name);
    for (const char *const *e = environ_; e && *e; e++)
        if (strncmp(*e, name, len) == 0 && (*e)[len] == '=')
            return *e + len + 1;
    return NULL;
}

const char *environ_given(const char *const *environ_, const char *name)
{
    const char *value = environ_get(environ_, name);
    return value && *value ? value : NULL;
}

const char *environ_program(struct arena *a, const char *const *environ_, const char *name)
{
    const char *p = environ_get(environ_, "PATH");
    while (p && *p) {
        size_t len = strcspn(p, ":");
        const char *program = path_join(a, arena_strndup(a, p, len), name);
        if (*p == '/' && file_is_program(program))
            return program;
        p += len + (p[len] == ':');
    }
    return NULL;
}
