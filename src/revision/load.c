/* From version locations to headers (spec/cli.md, section 3.1). */
#include "config.h"

#include <errno.h>
#include <stdatomic.h>
#include <string.h>
#include <unistd.h>

#include "alembic/project.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/map.h"
#include "base/parallel.h"
#include "base/str.h"
#include "base/thread.h"
#include "config/config.h"
#include "revision/check.h"
#include "revision/graph.h"

struct loader {
    struct arena *arena;   /* of the graph */
    struct arena *scratch; /* gone when all is read */
    struct alembic_project *project;
    struct map seen; /* real paths */
    struct name_list *warnings;
    struct revision_headers headers;
    struct unread_files *unread; /* NULL: a file that cannot be read ends the loading */
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
        file_exists(arena_strndup(l->scratch, path, len - 1)))
        return true;
    err_set(l->err, ERR_IO, "a compiled revision without its source cannot be read");
    return err_at(l->err, path, 0, 0);
}

/* A file that cannot be read stands with its error, where that is wanted. */
static bool keep_unread(struct loader *l, const char *path)
{
    if (!l->unread)
        return false;
    struct unread_file file = {.path = arena_strdup(l->arena, path), .err = ERR_INIT};
    err_move(&file.err, l->err);
    vec_push(l->arena, l->unread, file);
    return true;
}

/* scanned: the header, when the path was one of a scan that told it; else NULL. */
static bool add_file(struct loader *l, const char *real, const struct revision_header *scanned)
{
    struct revision_header header = {0};
    if (map_put(&l->seen, real, l)) {
        const char *text = arena_printf(l->arena,
                                        "File %s loaded twice! ignoring. Please ensure "
                                        "version_locations is unique.",
                                        real);
        vec_push(l->arena, l->warnings, text);
        return true;
    }
    if (!is_revision_name(path_base(real)))
        return check_compiled(l, real) || keep_unread(l, real);
    if (scanned)
        header = *scanned;
    else if (!alembic_read_header(l->arena, l->project, arena_strdup(l->arena, real), &header,
                                  l->err))
        return keep_unread(l, real);
    if (!check_header(&header, l->err))
        return keep_unread(l, real);
    vec_push(l->arena, &l->headers, header);
    return true;
}

/* A link to a file is that file; a link to a folder is not entered, as in Python's os.walk(). */
static bool add_link(struct loader *l, const char *path)
{
    if (file_is_dir(path))
        return true;
    const char *real = path_real(l->scratch, path);
    if (!real && is_revision_name(path_base(path))) {
        err_set(l->err, ERR_IO, "%s: a link that leads nowhere", path);
        return keep_unread(l, path);
    }
    if (real && is_revision_name(path_base(real)) && !project_owns(l->project, real)) {
        err_set(l->err, ERR_IO, "%s: a link to %s, which is outside of the project", path, real);
        err_hint(l->err, "only files of the project are opened: put the file itself there, or name "
                 "its folder in version_locations");
        return keep_unread(l, path);
    }
    return !real || add_file(l, real, NULL);
}

/* The headers of a folder's files, scanned by several threads. */
struct scan {
    int folder;
    const char *dir;
    const struct file_entry_list *entries;
    struct arena *arenas[PARALLEL_MAX];
    struct revision_header *headers; /* one for each entry; its id is NULL where it is not told */
    atomic_size_t next;
};

static void scan_some(size_t worker, void *payload)
{
    enum { AT_ONCE = 16 };
    struct scan *scan = payload;
    struct header_scratch scratch;
    struct arena *a = scan->arenas[worker];
    header_scratch_init(&scratch);
    for (size_t from; (from = atomic_fetch_add(&scan->next, AT_ONCE)) < scan->entries->len;) {
        for (size_t i = from; i < from + AT_ONCE && i < scan->entries->len; i++) {
            const struct file_entry *e = &scan->entries->at[i];
            if (thread_is_cancelled())
                break;
            struct revision_header *header = &scan->headers[i];
            if (e->kind != FILE_REGULAR || !is_revision_name(e->name))
                continue;
            const char *path = path_join(a, scan->dir, e->name);
            if (!alembic_scan_header(a, &scratch, scan->folder, path, header))
                header->id = NULL;
        }
    }
    header_scratch_clear(&scratch);
}

/* Where a folder cannot be opened or a header not be told, reading the file itself will say why. */
static struct revision_header *scan_folder(struct loader *l, const char *dir,
                                           const struct file_entry_list *entries)
{
    enum { LEAST = 200 }; /* files that are worth a thread */
    struct scan scan = {.folder = file_open_folder(dir), .dir = dir, .entries = entries};
    scan.headers = ARENA_ARRAY(l->scratch, entries->len, struct revision_header);
    if (scan.folder < 0)
        return scan.headers;
    size_t threads = parallel_threads(entries->len, LEAST);
    for (size_t i = 0; i < threads; i++)
        scan.arenas[i] = arena_new();
    parallel_run(threads, scan_some, &scan);
    for (size_t i = 0; i < threads; i++)
        arena_adopt(l->arena, scan.arenas[i]);
    close(scan.folder);
    return scan.headers;
}

/* Links to folders are not entered: that is why one to a folder above is no endless loop. */
static bool add_folder(struct loader *l, const char *dir, bool recursive)
{
    struct file_entry_list entries = {0};
    if (!file_entries(l->scratch, dir, &entries, l->err))
        return false;
    const struct revision_header *headers = scan_folder(l, dir, &entries);
    if (thread_is_cancelled()) /* and headers were not told, or not all */
        return err_set(l->err, ERR_CANCELLED, "cancelled");
    vec_reserve(l->arena, &l->headers, entries.len);
    map_reserve(&l->seen, entries.len);
    for (size_t i = 0; i < entries.len; i++) {
        const struct revision_header *header = &headers[i];
        enum file_kind kind = entries.at[i].kind;
        const char *path =
            header->id ? header->path : path_join(l->scratch, dir, entries.at[i].name);
        bool added = kind == FILE_FOLDER ? true
                     : kind == FILE_LINK ? add_link(l, path)
                                         : add_file(l, path, header->id ? header : NULL);
        if (!added)
            return false;
    }
    for (size_t i = 0; recursive && i < entries.len; i++) {
        const char *name = entries.at[i].name;
        if (entries.at[i].kind == FILE_FOLDER && !str_ends_with(name, "__pycache__") &&
            !add_folder(l, path_join(l->scratch, dir, name), true))
            return false;
    }
    return true;
}

static bool add_locations(struct loader *l)
{
    const struct config_paths *locations = &l->project->config->version_locations;
    for (size_t i = 0; i < locations->len; i++) {
        const char *path = locations->at[i], *real = path_real(l->scratch, path);
        if (!real && !file_is_missing(path))
            return err_set(l->err, ERR_IO, "%s: %s", path, strerror(errno));
        if (real && file_is_dir(real) &&
            !add_folder(l, real, l->project->config->recursive_version_locations))
            return false;
    }
    return true;
}

bool graph_scan(struct arena *a, struct alembic_project *project, struct revision_headers *headers,
                struct unread_files *unread, struct name_list *warnings, struct err *err)
{
    struct arena *scratch = arena_new();
    struct loader l = {.arena = a, .scratch = scratch, .project = project, .err = err};
    l.seen = MAP_IN(scratch);
    l.warnings = warnings;
    l.unread = unread;
    bool ok = add_locations(&l);
    arena_free(scratch);
    *headers = l.headers;
    return ok;
}

void unread_files_clear(struct unread_files *files)
{
    for (size_t i = 0; i < files->len; i++)
        err_clear(&files->at[i].err);
}

bool graph_load(struct arena *a, struct alembic_project *project, struct graph **out,
                struct name_list *warnings, struct err *err)
{
    struct name_list own = {0};
    struct arena *scratch = arena_new();
    struct loader l = {.arena = a, .scratch = scratch, .project = project, .err = err};
    l.seen = MAP_IN(scratch);
    l.warnings = warnings ? warnings : &own;
    bool ok = add_locations(&l);
    arena_free(scratch);
    return ok && graph_build(a, l.headers.at, l.headers.len, out, l.warnings, err);
}
