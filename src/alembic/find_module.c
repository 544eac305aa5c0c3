#include "config.h"

#include "alembic/modules.h"
#include "alembic/project.h"
#include "alembic/revision.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/source.h"
#include "base/str.h"
#include "config/config.h"
#include "python/parse.h"

enum { MODULE_MAX = 16 << 20 };

/* __import__() takes any text; only names that stay below an import root are looked for. */
static bool is_dotted_name(const char *name)
{
    size_t len = strlen(name);
    return len > 0 && name[0] != '.' && name[len - 1] != '.' && !strchr(name, '/') &&
           !strstr(name, "..");
}

static bool open_module(struct arena *a, const struct alembic_project *project, const char *path,
                        struct py_found *found, uint64_t *fingerprint, struct err *err)
{
    char *text;
    size_t len;
    const char *real = path_real(a, path);
    if (!real || !project_owns(project, real)) {
        err_set(err, ERR_PYTHON, "%s is outside of the project and is not opened", path);
        return err_diagnose(err, py_refusal_code(PY_REFUSE_PROJECT_FILE));
    }
    if (!file_read(a, real, MODULE_MAX, &text, &len, err))
        return false;
    *fingerprint = revision_fingerprint(text, len);
    found->source = py_source_new(a, path, text, len, err);
    return found->source != NULL;
}

bool project_find_module(struct arena *a, const struct alembic_project *project,
                         const char *dotted, struct py_found *found, uint64_t *fingerprint,
                         struct err *err)
{
    *fingerprint = 0;
    if (!project || !is_dotted_name(dotted))
        return false;
    char *relative = arena_strdup(a, dotted);
    for (char *p = relative; *p; p++)
        if (*p == '.')
            *p = '/';
    const char *folder = NULL;
    for (size_t i = 0; i < project->import_roots.len; i++) {
        const char *base = path_join(a, project->import_roots.at[i], relative);
        const char *package = path_join(a, base, "__init__.py");
        const char *module = arena_printf(a, "%s.py", base);
        *found = (struct py_found){.is_package = file_exists(package)};
        if (found->is_package)
            return open_module(a, project, package, found, fingerprint, err);
        if (file_exists(module) && !file_is_dir(module))
            return open_module(a, project, module, found, fingerprint, err);
        if (!folder && file_is_dir(base))
            folder = base;
    }
    *found = (struct py_found){.is_package = folder != NULL};
    return folder != NULL;
}
