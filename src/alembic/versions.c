#include "config.h"

#include "alembic/versions.h"

#include "alembic/env_run.h"
#include "base/file.h"
#include "base/str.h"
#include "config/config.h"
#include "config/requirement.h"

/* Looked up once in a run. */
struct versions {
    bool known, sqlmodel_is_old, pydantic_is_1, sqlalchemy_is_1, sqlalchemy_is_2;
};

static const char state_key;

static const struct requirement_version v0_0_12 = {{0, 0, 12}}, v0_0_14 = {{0, 0, 14}},
                                        v2 = {{2, 0, 0}};

/* What the files of one folder say. A lock file says it for certain. */
static enum requirement_side side_in(struct py_run *run, const char *folder, const char *package,
                                     struct requirement_version limit)
{
    static const struct {
        const char *file;
        enum requirement_side (*side)(const char *text, const char *package,
                                      struct requirement_version limit);
    } files[] = {
        {"poetry.lock", requirement_lock_side},  {"uv.lock", requirement_lock_side},
        {"pdm.lock", requirement_lock_side},     {"requirements.txt", requirement_side},
        {"pyproject.toml", requirement_side},
    };
    enum requirement_side found = REQUIREMENT_OPEN;
    for (size_t i = 0; i < sizeof(files) / sizeof(files[0]) && found == REQUIREMENT_OPEN; i++) {
        size_t len;
        const char *text =
            env_read_file(run, path_join(py_arena(run), folder, files[i].file), &len);
        if (text)
            found = files[i].side(text, package, limit);
    }
    return found;
}

static enum requirement_side side_of(struct py_run *run, const char *package,
                                     struct requirement_version limit)
{
    const struct alembic_project *project = alembic_host(run)->project;
    if (!project)
        return REQUIREMENT_OPEN;
    const char *folder = project->config->here, *root = project->config->root;
    enum requirement_side side = side_in(run, folder, package, limit);
    while (side == REQUIREMENT_OPEN && !str_eq(folder, root) && path_is_below(folder, root)) {
        folder = path_dir(py_arena(run), folder);
        side = side_in(run, folder, package, limit);
    }
    return side;
}

static bool is_below(struct py_run *run, const char *package, struct requirement_version limit)
{
    return side_of(run, package, limit) == REQUIREMENT_BELOW;
}

static const struct versions *versions_of(struct py_run *run)
{
    struct versions *found = py_state(run, &state_key, sizeof(*found));
    if (!found->known) {
        found->known = true;
        found->sqlmodel_is_old = is_below(run, "sqlmodel", v0_0_14);
        found->pydantic_is_1 = found->sqlmodel_is_old || is_below(run, "pydantic", v2);
        found->sqlalchemy_is_1 =
            is_below(run, "sqlmodel", v0_0_12) || is_below(run, "sqlalchemy", v2);
        found->sqlalchemy_is_2 =
            !found->sqlalchemy_is_1 && side_of(run, "sqlalchemy", v2) == REQUIREMENT_NOT_BELOW;
    }
    return found;
}

bool sqlmodel_is_old(struct py_run *run)
{
    return versions_of(run)->sqlmodel_is_old;
}

bool sqlmodel_has_pydantic_1(struct py_run *run)
{
    return versions_of(run)->pydantic_is_1;
}

bool sqlalchemy_is_1(struct py_run *run)
{
    return versions_of(run)->sqlalchemy_is_1;
}

bool sqlalchemy_is_2(struct py_run *run)
{
    return versions_of(run)->sqlalchemy_is_2;
}
