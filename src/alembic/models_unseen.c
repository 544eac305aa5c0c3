/*
 * Classes that would be tables if env.py imported their modules: found in the text of the files
 * beside those that declare tables, without evaluating them.
 */
#include "config.h"

#include "alembic/env_run.h"
#include "alembic/models_private.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/map.h"
#include "base/source.h"
#include "base/str.h"
#include "config/config.h"
#include "python/ast.h"
#include "python/binding.h"
#include "python/parse.h"

enum { FILES_MAX = 20000, FILE_BYTES_MAX = 4 << 20, DEPTH_MAX = 32 };

struct search {
    struct arena *arena;
    struct py_run *run;
    const struct alembic_project *project;
    struct models *out;
    struct map imported;   /* real paths of the run's modules */
    struct map folders;    /* searched already */
    const char *root;      /* the project's, real */
    size_t files;
    const struct source *source; /* of the file at hand */
};

/* ------------------------------------------------------------------ one file */

bool model_is_constant(const struct py_node *node, enum py_constant_kind kind)
{
    return node && node->kind == PY_NODE_CONSTANT && node->as.constant.kind == kind;
}

const struct py_node *model_assigned(const struct py_node *statement, const char *name)
{
    const struct py_node *target = NULL, *value = NULL;
    if (statement->kind == PY_NODE_ASSIGN && statement->as.assign.targets.count == 1) {
        target = statement->as.assign.targets.at[0];
        value = statement->as.assign.value;
    } else if (statement->kind == PY_NODE_ANN_ASSIGN) {
        target = statement->as.ann_assign.target;
        value = statement->as.ann_assign.value;
    }
    if (!target || target->kind != PY_NODE_NAME || !str_eq(target->as.name.name->text, name))
        return NULL;
    return value;
}

/* Whether the class would be a table, as far as its text says; *name is its table's where known. */
static bool is_model(const struct py_class *cls, const char **name)
{
    bool model = false;
    for (uint32_t i = 0; i < cls->keywords.count; i++)
        if (cls->keywords.at[i].name && str_eq(cls->keywords.at[i].name->text, "table"))
            model = model_is_constant(cls->keywords.at[i].value, PY_CONST_TRUE);
    for (uint32_t i = 0; i < cls->body.count; i++) {
        const struct py_node *table = model_assigned(cls->body.at[i], "__tablename__");
        if (model_is_constant(model_assigned(cls->body.at[i], "__abstract__"), PY_CONST_TRUE))
            return false;
        if (!table || cls->bases.count == 0)
            continue;
        model = model || !model_is_constant(table, PY_CONST_NONE);
        if (model_is_constant(table, PY_CONST_STR))
            *name = table->as.constant.text;
    }
    return model;
}

static bool has_table(const struct models *models, const char *name)
{
    for (size_t i = 0; name && i < models->schema.tables.len; i++)
        if (str_eq(models->schema.tables.at[i]->name.text, name))
            return true;
    return false;
}

static void look_at(const struct py_name *name, const struct py_node *node, void *payload)
{
    struct search *s = payload;
    const char *table = NULL;
    if (node->kind != PY_NODE_CLASS_DEF || !is_model(node->as.class_def, &table) ||
        has_table(s->out, table))
        return;
    const struct place place = source_place(s->source, node->span.start);
    struct unseen_model unseen = {
        .name = arena_strdup(s->arena, name->text),
        .place = model_in_project(s->run,
                                  (struct py_place){.file = s->source->path, .line = place.line}),
    };
    vec_push(s->arena, &s->out->unseen, unseen);
}

static void search_file(struct search *s, const char *path)
{
    struct err err = ERR_INIT;
    char *text;
    size_t len;
    const char *real = path_real(s->arena, path);
    if (!real || map_has(&s->imported, real) || ++s->files > FILES_MAX)
        return;
    if (file_read(s->arena, path, FILE_BYTES_MAX, &text, &len, &err) &&
        (strstr(text, "__tablename__") || strstr(text, "table"))) {
        const struct source *source = py_source_new(s->arena, path, text, len, &err);
        const struct py_module_ast *ast =
            source ? py_parse(s->arena, source, NULL, NULL, &err) : NULL;
        s->source = source;
        if (ast)
            py_each_binding(&ast->body, look_at, s);
    }
    err_clear(&err); /* what is not Python holds no models */
}

/* ------------------------------------------------------------------ folders */

static bool is_skipped(const struct search *s, const char *name, const char *path)
{
    static const char *const names[] = {"tests", "test", "node_modules", "__pycache__", "venv",
                                        "site-packages", NULL};
    for (size_t i = 0; names[i]; i++)
        if (str_eq(name, names[i]))
            return true;
    return name[0] == '.' || str_eq(path, s->project->config->script_location);
}

static bool is_python_file(const char *name)
{
    size_t len = strlen(name);
    return len > 3 && str_eq(name + len - 3, ".py") && !str_starts_with(name, "test_") &&
           !str_eq(name, "conftest.py");
}

static void search_folder(struct search *s, const char *dir, bool whole, int depth)
{
    struct file_entry_list entries = {0};
    struct err err = ERR_INIT;
    if (map_has(&s->folders, dir) || depth > DEPTH_MAX)
        return;
    map_put(&s->folders, dir, s);
    if (!file_entries(s->arena, dir, &entries, &err))
        err_clear(&err);
    for (size_t i = 0; i < entries.len; i++) {
        const char *name = entries.at[i].name;
        const char *path = path_join(s->arena, dir, name);
        if (entries.at[i].kind == FILE_FOLDER && whole && !is_skipped(s, name, path))
            search_folder(s, path, true, depth + 1);
        else if (is_python_file(name) && entries.at[i].kind == FILE_REGULAR)
            search_file(s, path);
    }
}

/* The outermost package that a folder is in; the folder itself where it is none. */
static const char *package_of(const struct search *s, const char *dir, bool *is_package)
{
    size_t root = strlen(s->root);
    const char *top = dir;
    *is_package = file_exists(path_join(s->arena, dir, "__init__.py"));
    while (strlen(dir) > root && file_exists(path_join(s->arena, dir, "__init__.py"))) {
        top = dir;
        dir = path_dir(s->arena, dir);
    }
    return top;
}

/* The folders of modules that declare tables. */
static void search_beside(struct search *s, const char *path)
{
    bool is_package;
    const char *real = path_real(s->arena, path);
    if (!real || !str_starts_with(real, s->root))
        return;
    const char *folder = package_of(s, path_dir(s->arena, real), &is_package);
    search_folder(s, folder, is_package, 0);
}

void models_find_unseen(struct py_run *run, const struct alembic_project *project,
                        struct models *out)
{
    struct search s = {.arena = py_arena(run), .run = run, .project = project, .out = out};
    const struct source *source;
    s.imported = MAP_IN(s.arena);
    s.folders = MAP_IN(s.arena);
    s.root = project->config->root ? path_real(s.arena, project->config->root) : NULL;
    if (!s.root)
        return;
    for (size_t i = 0; py_next_source(run, &i, &source);) {
        const char *real = path_real(s.arena, source->path);
        if (real)
            map_put(&s.imported, real, &s);
    }
    for (size_t i = 0; i < out->schema.tables.len; i++) {
        const char *file = out->schema.tables.at[i]->place.file;
        if (file)
            search_beside(&s, path_join(s.arena, project->config->root, file));
    }
}
