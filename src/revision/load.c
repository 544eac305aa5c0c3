/* From version locations to headers (spec/cli.md, section 3.1). */
#include "config.h"

#include <string.h>

#include "alembic/project.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/map.h"
#include "base/str.h"
#include "config/config.h"
#include "revision/check.h"
#include "revision/graph.h"

struct loader {
    struct arena *arena;
    struct alembic_project *project;
    struct map seen; /* real paths */
    struct name_list *warnings;
    VEC(struct revision_header) headers;
    struct err *err;
};

/* Alembic's pattern for names: not a package's __init__, not an editor's lock file. */
static bool is_revision_name(const char *name)
{
    return str_ends_with(name, ".py") && !str_starts_with(name, "__init__") &&
           !str_starts_with(name, ".#");
}

/* With `sourceless` Alembic reads compiled files too; where there is nothing else, say so. */
static bool check_compiled(struct loader *l, const char *path)
{
    const char *name = path_base(path);
    size_t len = strlen(path);
    if (!l->project->config->sourceless || str_starts_with(name, "__init__") ||
        !(str_ends_with(name, ".pyc") || str_ends_with(name, ".pyo")) ||
        file_exists(arena_strndup(l->arena, path, len - 1)))
        return true;
    err_set(l->err, ERR_IO, "a compiled revision without its source cannot be read");
    return err_at(l->err, path, 0, 0);
}

static bool add_file(struct loader *l, const char *real)
{
    struct revision_header header = {0};
    if (map_has(&l->seen, real)) {
        const char *text = arena_printf(l->arena,
                                        "File %s loaded twice! ignoring. Please ensure "
                                        "version_locations is unique.",
                                        real);
        vec_push(l->arena, l->warnings, text);
        return true;
    }
    map_put(&l->seen, real, l);
    if (!is_revision_name(path_base(real)))
        return check_compiled(l, real);
    if (!alembic_read_header(l->arena, l->project, real, &header, l->err) ||
        !check_header(&header, l->err))
        return false;
    vec_push(l->arena, &l->headers, header);
    return true;
}

/* A link to a file is that file; a link to a folder is not entered, as in Python's os.walk(). */
static bool add_link(struct loader *l, const char *path)
{
    if (file_is_dir(path))
        return true;
    const char *real = path_real(l->arena, path);
    if (!real && is_revision_name(path_base(path)))
        return err_set(l->err, ERR_IO, "%s: a link that leads nowhere", path);
    return !real || add_file(l, real);
}

/* Links to folders are not entered: that is why one to a folder above is no endless loop. */
static bool add_folder(struct loader *l, const char *dir, bool recursive)
{
    struct file_entry_list entries = {0};
    if (!file_entries(l->arena, dir, &entries, l->err))
        return false;
    for (size_t i = 0; i < entries.len; i++) {
        const char *path = path_join(l->arena, dir, entries.at[i].name);
        enum file_kind kind = entries.at[i].kind;
        if (kind != FILE_FOLDER && !(kind == FILE_LINK ? add_link(l, path) : add_file(l, path)))
            return false;
    }
    for (size_t i = 0; recursive && i < entries.len; i++) {
        const char *name = entries.at[i].name;
        if (entries.at[i].kind == FILE_FOLDER && !str_ends_with(name, "__pycache__") &&
            !add_folder(l, path_join(l->arena, dir, name), true))
            return false;
    }
    return true;
}

bool graph_load(struct arena *a, struct alembic_project *project, struct graph **out,
                struct name_list *warnings, struct err *err)
{
    struct name_list own = {0};
    const struct config_paths *locations = &project->config->version_locations;
    struct loader l = {.arena = a, .project = project, .seen = MAP_IN(a), .err = err};
    l.warnings = warnings ? warnings : &own;
    for (size_t i = 0; i < locations->len; i++) {
        const char *real = path_real(a, locations->at[i]);
        if (real && file_is_dir(real) &&
            !add_folder(&l, real, project->config->recursive_version_locations))
            return false;
    }
    return graph_build(a, l.headers.at, l.headers.len, out, l.warnings, err);
}
