/*
 * pydantic_settings.BaseSettings: fields from keyword arguments, the environment and .env files, in
 * this order of precedence (pydantic-settings, "Field value priority").
 */
#include "config.h"

#include "alembic/env_pydantic.h"

#include <string.h>
#include <strings.h>

#include "base/arena.h"
#include "base/str.h"
#include "config/dotenv.h"

/* The configuration of a settings class, from model_config or class Config. */
struct options {
    const char *prefix, *delimiter;
    struct py_value env_file; /* absent or None: none */
    bool case_sensitive, ignore_empty;
};

struct reading {
    struct py_type *cls;
    struct options options;
    struct map environ_;  /* name -> const char * */
    struct map dotenv;    /* the same, of all files */
    struct py_dict *values; /* by field name */
};

static void take_option(struct py_run *run, struct options *o, const char *name, struct py_value v)
{
    if (py_is_unknown(v) || py_is_absent(v))
        return;
    if (strcmp(name, "env_file") == 0)
        o->env_file = v;
    else if (strcmp(name, "env_prefix") == 0)
        o->prefix = py_as_string(run, v, name);
    else if (strcmp(name, "env_nested_delimiter") == 0)
        o->delimiter = py_as_string_or_null(run, v, name);
    else if (strcmp(name, "case_sensitive") == 0)
        o->case_sensitive = py_truth(run, v);
    else if (strcmp(name, "env_ignore_empty") == 0)
        o->ignore_empty = py_truth(run, v);
}

static const char *const option_names[] = {"env_file", "env_prefix", "env_nested_delimiter",
                                           "case_sensitive", "env_ignore_empty"};

/* Of the class and its bases, the most derived one wins. */
static struct options options_of(struct py_run *run, struct py_type *cls)
{
    struct options o = {.prefix = ""};
    for (size_t i = cls->mro_len; i-- > 0;) {
        if (cls->mro[i]->native)
            continue;
        struct py_dict *names = py_class_namespace(run, cls->mro[i]);
        struct py_value config = py_dict_get_name(names, "model_config");
        struct py_value inner = py_dict_get_name(names, "Config"), v;
        for (size_t k = 0; k < sizeof(option_names) / sizeof(option_names[0]); k++) {
            const char *name = option_names[k];
            if (py_is_dict(config))
                take_option(run, &o, name, py_dict_get_name(py_dict_of(config), name));
            if (py_is_class(inner) && py_find_attr(run, inner, name, &v))
                take_option(run, &o, name, v);
        }
    }
    return o;
}

/* ---- sources ---- */

static void read_file(struct py_run *run, struct reading *r, struct py_value file)
{
    size_t len;
    const char *text = env_read_file(run, py_str_text(run, file), &len);
    if (!text)
        return;
    struct map entries = dotenv_values(py_arena(run), text, len, &r->environ_, true, NULL);
    for (size_t i = 0; i < entries.len; i++) {
        const struct dotenv_entry *entry = entries.at[i].value;
        if (entry->value)
            map_put(&r->dotenv, entries.at[i].key, (void *)entry->value);
    }
}

static void read_files(struct py_run *run, struct reading *r)
{
    struct py_value files = r->options.env_file;
    if (py_is_unset(files))
        return;
    if (!py_is_list(files) && !py_is_tuple(files)) {
        read_file(run, r, files);
        return;
    }
    struct py_tuple *items = py_items(run, files);
    for (size_t i = 0; i < items->len; i++)
        read_file(run, r, items->items[i]);
}

static const char *look_up(const struct reading *r, const struct map *source, const char *name)
{
    if (r->options.case_sensitive)
        return map_get(source, name);
    for (size_t i = 0; i < source->len; i++) {
        if (strcasecmp(source->at[i].key, name) == 0)
            return source->at[i].value;
    }
    return NULL;
}

static const char *value_named(const struct reading *r, const char *name)
{
    const struct map *const sources[] = {&r->environ_, &r->dotenv};
    for (size_t i = 0; i < 2; i++) {
        const char *value = look_up(r, sources[i], name);
        if (value && (value[0] || !r->options.ignore_empty))
            return value;
    }
    return NULL;
}

/* The names under which a field is looked for: its aliases, or its own name with the prefix. */
static const char *value_of(struct py_run *run, const struct reading *r, const char *name,
                            struct py_value field)
{
    const struct pydantic_field *f = py_payload(field, &pydantic_field_class);
    if (!f || py_is_unset(f->alias))
        return value_named(r, arena_printf(py_arena(run), "%s%s", r->options.prefix, name));
    if (py_is_str(f->alias))
        return value_named(r, py_str_of(f->alias)->ptr);
    struct py_tuple *names = py_items(run, f->alias);
    for (size_t i = 0; i < names->len; i++) {
        const char *value = value_named(r, py_as_string(run, names->items[i], "alias"));
        if (value)
            return value;
    }
    return NULL;
}

/* DB__HOST=x with delimiter "__" is {"host": "x"} for the field `db`. Absent: there is no such. */
static struct py_value nested_value(struct py_run *run, const struct reading *r, const char *name)
{
    const struct map *const sources[] = {&r->dotenv, &r->environ_};
    struct py_value dict = py_absent();
    const char *prefix = arena_printf(py_arena(run), "%s%s%s", r->options.prefix, name,
                                      r->options.delimiter);
    size_t n = strlen(prefix);
    for (size_t s = 0; s < 2; s++) {
        for (size_t i = 0; i < sources[s]->len; i++) {
            const char *key = sources[s]->at[i].key;
            if (strncasecmp(key, prefix, n) != 0 || !key[n])
                continue;
            if (py_is_absent(dict))
                dict = py_new_dict(run);
            struct py_value lower =
                py_call_method(run, py_new_str(run, key + n), "lower", NULL, 0);
            py_dict_put(run, py_dict_of(dict), lower, py_new_str(run, sources[s]->at[i].value));
        }
    }
    return dict;
}

static void read_field(struct py_run *run, const char *name, struct py_value annotation,
                       struct py_value value, void *payload)
{
    struct reading *r = payload;
    if (!py_is_absent(py_dict_get_name(r->values, name)))
        return;
    const char *text = value_of(run, r, name, value);
    if (text) {
        py_dict_put_name(run, r->values, name, py_new_str(run, text));
        return;
    }
    bool is_model = py_is_class(annotation) && py_class_is(py_type_of(annotation),
                                                           &pydantic_model_class);
    struct py_value nested = is_model && r->options.delimiter ? nested_value(run, r, name)
                                                              : py_absent();
    if (!py_is_absent(nested))
        py_dict_put_name(run, r->values, name,
                         py_call(run, annotation, NULL, 0, py_dict_of(nested)));
}

static const struct py_arg init_args[] = {PY_KEYWORDS("values"), PY_ARGS_END};

static struct py_value settings_init(struct py_run *run, struct py_call *call)
{
    struct reading r = {.cls = py_class(run, call->self), .values = py_dict_of(call->args[0])};
    r.options = options_of(run, r.cls);
    r.environ_ = env_environ(run);
    r.dotenv = MAP_IN(py_arena(run));
    struct py_value file = py_dict_take_name(run, r.values, "_env_file");
    if (!py_is_absent(file))
        r.options.env_file = file;
    read_files(run, &r);
    pydantic_each_field(run, r.cls, read_field, &r);
    pydantic_fill(run, call->self, r.values);
    return py_none();
}

static const struct py_member settings_members[] = {
    PY_METHOD("__init__", settings_init, init_args),
    PY_MEMBERS_END,
};

const struct py_native_class pydantic_settings_class = {.name = "BaseSettings",
                                                        .module = "pydantic_settings",
                                                        .bases = PY_BASES(&pydantic_model_class),
                                                        .members = settings_members};

static struct py_value config_dict(struct py_run *run, struct py_call *call)
{
    return call->kwargs ? py_object(&call->kwargs->base) : py_new_dict(run);
}

static const struct py_member module_members[] = {
    PY_CLASS("BaseSettings", &pydantic_settings_class),
    PY_FUNCTION_ANY("SettingsConfigDict", config_dict),
    PY_MEMBERS_END,
};

const struct py_native_module env_settings_module = {"pydantic_settings", module_members, 0, NULL};
