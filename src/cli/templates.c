#include "config.h"

#include "cli/templates.h"

#include <assert.h>
#include <string.h>

#include "base/arena.h"
#include "base/embedded.h"
#include "base/str.h"

const struct init_template init_templates[] = {
    {
        .name = "async",
        .readme = "README-async",
        .script = "script.py.mako",
        .environment = "env-async.py",
        .ini = {"project.ini", "url.ini", "hooks.ini", "logging.ini"},
    },
    {
        .name = "generic",
        .readme = "README-generic",
        .script = "script.py.mako",
        .environment = "env.py",
        .ini = {"project.ini", "url.ini", "hooks.ini", "logging.ini"},
    },
    {
        .name = "multidb",
        .readme = "README-multidb",
        .script = "script-multidb.py.mako",
        .environment = "env-multidb.py",
        .ini = {"project.ini", "databases.ini", "hooks.ini", "logging.ini"},
    },
    {
        .name = "pyproject",
        .readme = "README-pyproject",
        .script = "script.py.mako",
        .environment = "env.py",
        .ini = {"connection.ini", "url.ini", "logging.ini"},
        .toml = {"pyproject.toml"},
    },
    {
        .name = "pyproject_async",
        .readme = "README-pyproject-async",
        .script = "script.py.mako",
        .environment = "env-async.py",
        .ini = {"connection.ini", "url.ini", "logging.ini"},
        .toml = {"pyproject.toml"},
    },
};

const size_t init_template_count = sizeof(init_templates) / sizeof(init_templates[0]);

const struct init_template *template_find(const char *name)
{
    for (size_t i = 0; i < init_template_count; i++)
        if (strcmp(init_templates[i].name, name) == 0)
            return &init_templates[i];
    return NULL;
}

const char *template_text(const char *file)
{
    const struct embedded_file *f = init_files;
    while (f->path && strcmp(f->path, file) != 0)
        f++;
    assert(f->path);
    return f->text;
}

const char *template_synopsis(struct arena *a, const struct init_template *t)
{
    const char *text = template_text(t->readme);
    return arena_strndup(a, text, strcspn(text, "\n"));
}

const char *template_join(struct arena *a, const char *const *parts, const char *script_location)
{
    static const char variable[] = "${script_location}";
    struct str out = STR_IN(a);
    for (; *parts; parts++) {
        const char *text = template_text(*parts);
        for (const char *at; (at = strstr(text, variable)) != NULL;
             text = at + sizeof(variable) - 1) {
            str_addn(&out, text, (size_t)(at - text));
            str_add(&out, script_location);
        }
        str_add(&out, text);
    }
    return out.ptr;
}
