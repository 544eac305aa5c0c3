#include "config.h"

#include "alembic/env_run.h"

#include <string.h>

#include "base/arena.h"

struct env_options env_options_default(struct arena *a)
{
    return (struct env_options){
        .version_table = "alembic_version",
        .version_table_pk = true,
        .transactional_ddl = true,
        .compare_type = true,
        .naming_convention = MAP_IN(a),
    };
}

/* ---- readers: one kind of value each ---- */

typedef void read_fn(struct py_run *run, struct env_options *options, size_t offset,
                     struct py_value value, const char *name);

static void *field(struct env_options *options, size_t offset)
{
    return (char *)options + offset;
}

static void read_bool(struct py_run *run, struct env_options *options, size_t offset,
                      struct py_value value, const char *name)
{
    (void)name;
    *(bool *)field(options, offset) = py_truth(run, value);
}

/* ---- functions that have a part in a comparison ---- */

/* A truth, or a function that is asked about each column. */
static void read_comparison(struct py_run *run, struct env_options *options, size_t offset,
                            enum env_function function, struct py_value value)
{
    bool asked = py_is_unknown(value) || py_callable(run, value);
    env_keep_function(run, options, function, asked ? value : py_none());
    *(bool *)field(options, offset) = asked || py_truth(run, value);
}

static void read_compare_type(struct py_run *run, struct env_options *options, size_t offset,
                              struct py_value value, const char *name)
{
    (void)name;
    read_comparison(run, options, offset, ENV_COMPARE_TYPE, value);
}

static void read_compare_default(struct py_run *run, struct env_options *options, size_t offset,
                                 struct py_value value, const char *name)
{
    (void)name;
    read_comparison(run, options, offset, ENV_COMPARE_DEFAULT, value);
}

static void read_include_name(struct py_run *run, struct env_options *options, size_t offset,
                              struct py_value value, const char *name)
{
    (void)offset;
    (void)name;
    env_keep_function(run, options, ENV_INCLUDE_NAME, value);
}

static void read_include_object(struct py_run *run, struct env_options *options, size_t offset,
                                struct py_value value, const char *name)
{
    (void)offset;
    (void)name;
    env_keep_function(run, options, ENV_INCLUDE_OBJECT, value);
}

static void read_directives(struct py_run *run, struct env_options *options, size_t offset,
                            struct py_value value, const char *name)
{
    (void)offset;
    (void)name;
    env_keep_function(run, options, ENV_PROCESS_DIRECTIVES, value);
}

static void read_render_item(struct py_run *run, struct env_options *options, size_t offset,
                             struct py_value value, const char *name)
{
    (void)offset;
    (void)name;
    env_keep_function(run, options, ENV_RENDER_ITEM, value);
}

static void read_plugins(struct py_run *run, struct env_options *options, size_t offset,
                         struct py_value value, const char *name)
{
    (void)offset;
    options->has_plugins = !py_is_none(value);
    options->plugins = (struct name_list){0};
    if (!options->has_plugins)
        return;
    struct py_tuple *items = py_items(run, value);
    for (size_t i = 0; i < items->len; i++)
        vec_push(py_arena(run), &options->plugins,
                 arena_strdup(py_arena(run), py_as_string(run, items->items[i], name)));
}

/* ---- */

static void read_text(struct py_run *run, struct env_options *options, size_t offset,
                      struct py_value value, const char *name)
{
    const char *text = py_as_string_or_null(run, value, name);
    *(const char **)field(options, offset) = arena_strdup(py_arena(run), text);
}

/* What is not None only; the default stays otherwise. */
static void read_set_text(struct py_run *run, struct env_options *options, size_t offset,
                          struct py_value value, const char *name)
{
    if (!py_is_none(value))
        read_text(run, options, offset, value, name);
}

static void read_url(struct py_run *run, struct env_options *options, size_t offset,
                     struct py_value value, const char *name)
{
    (void)offset;
    (void)name;
    if (!py_is_none(value))
        options->url = env_url_text(run, value);
}

static void read_connection(struct py_run *run, struct env_options *options, size_t offset,
                            struct py_value value, const char *name)
{
    (void)offset;
    (void)name;
    if (!py_is_none(value))
        options->url = env_engine_url(run, value);
}

static void read_dialect_opts(struct py_run *run, struct env_options *options, size_t offset,
                              struct py_value value, const char *name)
{
    (void)offset;
    if (!py_is_dict(value))
        return;
    struct py_value style = py_dict_get_name(py_dict_of(value), "paramstyle");
    if (!py_is_absent(style))
        options->paramstyle = arena_strdup(py_arena(run), py_as_string(run, style, name));
}

static void read_naming(struct py_run *run, struct env_options *options, struct py_value metadata)
{
    struct py_value convention, key, template;
    if (!py_find_attr(run, metadata, "naming_convention", &convention) || !py_is_dict(convention))
        return;
    for (size_t i = 0; py_dict_next(py_dict_of(convention), &i, &key, &template);) {
        if (py_is_str(key) && py_is_str(template))
            map_put(&options->naming_convention, py_str_of(key)->ptr,
                    arena_strdup(py_arena(run), py_str_of(template)->ptr));
        else if (py_is_str(key))
            env_find(run, true, "naming_convention[\"%s\"] is a function", py_str_of(key)->ptr);
    }
}

static void read_metadata(struct py_run *run, struct env_options *options, size_t offset,
                          struct py_value value, const char *name)
{
    (void)offset;
    struct env_run *env = env_run_of(run);
    if (env)
        env->target_metadata = py_is_none(value) ? py_absent() : value;
    if (py_is_none(value))
        return;
    options->target_metadata = name;
    options->naming_convention = MAP_IN(py_arena(run));
    if (py_is_unknown(value)) {
        env_find(run, false, "target_metadata is not known: names that its naming_convention would "
                             "give are not made");
    } else if (py_is_list(value) || py_is_tuple(value)) {
        struct py_tuple *items = py_items(run, value);
        if (items->len > 0)
            read_naming(run, options, items->items[0]);
    } else {
        read_naming(run, options, value);
    }
}

static void read_callbacks(struct py_run *run, struct env_options *options, size_t offset,
                           struct py_value value, const char *name)
{
    (void)offset;
    env_read_callbacks(run, options, value, name);
}

/* ---- the keywords ---- */

static const struct option_row {
    const char *name;
    read_fn *read; /* NULL: it has no effect on what retort does */
    size_t offset;
    bool blocks;   /* when its value is not known */
} rows[] = {
#define OPTION(name, read, field, blocks) {name, read, offsetof(struct env_options, field), blocks},
#include "alembic/env_options.def"
#undef OPTION
};

static const struct option_row *find_row(const char *name)
{
    for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
        if (strcmp(rows[i].name, name) == 0)
            return &rows[i];
    }
    return NULL;
}

/* Whether a value that is not known is kept: it is refused only when it is needed. */
static bool takes_unknown(const struct option_row *row)
{
    static read_fn *const readers[] = {
        read_metadata,  read_url,          read_connection,     read_render_item, read_callbacks,
        read_compare_type, read_compare_default, read_include_name, read_include_object,
        read_directives};
    for (size_t i = 0; i < sizeof(readers) / sizeof(readers[0]); i++)
        if (row->read == readers[i])
            return true;
    return false;
}

void env_read_options(struct py_run *run, struct py_dict *kw, struct env_options *options)
{
    struct py_value key, value;
    for (size_t i = 0; kw && py_dict_next(kw, &i, &key, &value);) {
        const struct option_row *row = find_row(py_str_of(key)->ptr);
        if (!row || !row->read)
            continue;
        if (py_is_unknown(value) && !takes_unknown(row)) {
            env_find(run, row->blocks, "%s is not known: %s", row->name,
                     ((struct py_unknown *)value.object)->reason);
            continue;
        }
        if (py_is_marked(run, value))
            env_find(run, row->blocks || row->read == read_url, "%s differs from run to run",
                     row->name);
        row->read(run, options, row->offset, value, row->name);
    }
}
