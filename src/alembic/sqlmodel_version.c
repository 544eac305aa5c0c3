/*
 * Which SQLModel a project has: what its models mean changed with 0.0.14, which came with pydantic 2
 * (spec/sqlmodel.md, [old]). Only an exact version says so: a pin or a lock file beside alembic.ini.
 */
#include "config.h"

#include "alembic/sqlmodel.h"

#include <ctype.h>
#include <stdlib.h>
#include <string.h>

#include "base/str.h"

/* "0.0.8": whether it is below 0.0.14. */
static bool is_old_version(const char *text)
{
    if (!str_starts_with(text, "0.0.") || !isdigit((unsigned char)text[4]))
        return false;
    return strtol(text + 4, NULL, 10) < 14;
}

/* A line "sqlmodel==0.0.8" of a requirements file. */
static bool is_pinned_old(const char *text)
{
    static const char pin[] = "sqlmodel==";
    for (const char *line = text; line; line = strchr(line, '\n')) {
        line += *line == '\n';
        if (str_starts_with(line, pin))
            return is_old_version(line + sizeof(pin) - 1);
    }
    return false;
}

/* name = "sqlmodel", then version = "0.0.8", as lock files of poetry and uv have it. */
static bool is_locked_old(const char *text)
{
    static const char name[] = "name = \"sqlmodel\"\nversion = \"";
    const char *found = strstr(text, name);
    return found && is_old_version(found + sizeof(name) - 1);
}

static const char state_key;

enum answer { NOT_ASKED, IS_NEW, IS_OLD };

bool sqlmodel_is_old(struct py_run *run)
{
    static const struct {
        const char *file;
        bool (*is_old)(const char *text);
    } files[] = {
        {"requirements.txt", is_pinned_old},
        {"poetry.lock", is_locked_old},
        {"uv.lock", is_locked_old},
    };
    enum answer *answer = py_state(run, &state_key, sizeof(*answer));
    if (*answer != NOT_ASKED)
        return *answer == IS_OLD;
    *answer = IS_NEW;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]); i++) {
        size_t len;
        const char *text = env_read_file(run, files[i].file, &len);
        if (text && files[i].is_old(text))
            *answer = IS_OLD;
    }
    return *answer == IS_OLD;
}
