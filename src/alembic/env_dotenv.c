/* The module dotenv (python-dotenv): files of the project into os.environ. */
#include "config.h"

#include "alembic/env_run.h"

#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/file.h"
#include "base/str.h"
#include "config/config.h"
#include "config/dotenv.h"

enum { FILE_MAX = 4 << 20 };

static const struct config *config_of(struct py_run *run)
{
    const struct alembic_project *project = alembic_host(run)->project;
    return project ? project->config : NULL;
}

const char *env_read_file(struct py_run *run, const char *path, size_t *len)
{
    struct arena *a = py_arena(run);
    const struct config *config = config_of(run);
    struct err err = ERR_INIT;
    char *text;
    if (!config)
        return NULL;
    path = path_absolute(a, path_join(a, config->base, path));
    const char *real = path_real(a, path);
    if (!real)
        return NULL;
    if (!project_owns(alembic_host(run)->project, real)) {
        env_find(run, false, "%s is outside the project and is not read", path);
        return NULL;
    }
    if (file_read(a, real, FILE_MAX, &text, len, &err))
        return text;
    env_find(run, false, "%s", err.message);
    err_clear(&err);
    return NULL;
}

/* ---- os.environ ---- */

static struct py_value os_environ(struct py_run *run)
{
    return py_getattr(run, py_import(run, "os"), "environ");
}

struct map env_environ(struct py_run *run)
{
    struct map out = MAP_IN(py_arena(run));
    struct py_value environ_ = os_environ(run);
    struct py_tuple *names = py_items(run, environ_);
    for (size_t i = 0; i < names->len; i++) {
        struct py_value value = py_getitem(run, environ_, names->items[i]);
        if (py_is_str(names->items[i]) && py_is_str(value))
            map_put(&out, py_str_of(names->items[i])->ptr,
                    arena_strdup(py_arena(run), py_str_of(value)->ptr));
    }
    return out;
}

/* ---- find_dotenv() ---- */

enum { FIND_NAME, FIND_RAISE, FIND_CWD };
static const struct py_arg find_args[] = {
    [FIND_NAME] = PY_DEFAULTED("filename"),
    [FIND_RAISE] = PY_DEFAULTED("raise_error_if_not_found"),
    [FIND_CWD] = PY_DEFAULTED("usecwd"),
    PY_ARGS_END};

/* From the folder of the file that calls, or the working folder, upwards. "" when there is none. */
static const char *find(struct py_run *run, const char *name, bool usecwd)
{
    struct arena *a = py_arena(run);
    const struct config *config = config_of(run);
    struct py_place place = py_where(run);
    if (!config)
        return "";
    const char *dir = usecwd || !place.file ? config->base : path_dir(a, place.file);
    const char *path = dotenv_find(a, name, path_absolute(a, path_join(a, config->base, dir)),
                                   config->root);
    return path ? path : "";
}

static struct py_value find_dotenv(struct py_run *run, struct py_call *call)
{
    const char *name = ".env";
    if (!py_is_absent(call->args[FIND_NAME]))
        name = py_as_string(run, call->args[FIND_NAME], "filename");
    const char *path = find(run, name, py_truth(run, call->args[FIND_CWD]));
    if (!path[0] && py_truth(run, call->args[FIND_RAISE]))
        py_raise(run, &py_os_error_class, "File not found");
    return py_new_str(run, path);
}

/* ---- load_dotenv(), dotenv_values() ---- */

enum { PATH, STREAM, VERBOSE, OVERRIDE, INTERPOLATE, ENCODING };
static const struct py_arg load_args[] = {
    [PATH] = PY_OPTIONAL("dotenv_path"),      [STREAM] = PY_OPTIONAL("stream"),
    [VERBOSE] = PY_DEFAULTED("verbose"),      [OVERRIDE] = PY_DEFAULTED("override"),
    [INTERPOLATE] = PY_DEFAULTED("interpolate"), [ENCODING] = PY_DEFAULTED("encoding"),
    PY_ARGS_END};

/* dotenv_values() has no `override`: it behaves as with True. */
enum { VALUES_PATH, VALUES_STREAM, VALUES_VERBOSE, VALUES_INTERPOLATE, VALUES_ENCODING };
static const struct py_arg values_args[] = {
    [VALUES_PATH] = PY_OPTIONAL("dotenv_path"),
    [VALUES_STREAM] = PY_OPTIONAL("stream"),
    [VALUES_VERBOSE] = PY_DEFAULTED("verbose"),
    [VALUES_INTERPOLATE] = PY_DEFAULTED("interpolate"),
    [VALUES_ENCODING] = PY_DEFAULTED("encoding"),
    PY_ARGS_END};

/* The entries of a file, name -> struct dotenv_entry *. */
static struct map read_values(struct py_run *run, struct py_value path, struct py_value stream,
                              struct py_value interpolate, bool override)
{
    const char *name = NULL, *text = NULL;
    size_t len = 0;
    int bad = 0;
    if (!py_is_unset(stream)) {
        text = py_as_string(run, py_call_method(run, stream, "read", NULL, 0), "stream");
        len = strlen(text);
    } else {
        name = py_is_unset(path) ? find(run, ".env", false) : py_str_text(run, path);
        text = name[0] ? env_read_file(run, name, &len) : NULL;
    }
    if (!text)
        return MAP_IN(py_arena(run));
    struct map environ_ = env_environ(run);
    struct map out;
    if (!py_is_absent(interpolate) && !py_truth(run, interpolate))
        out = dotenv_parse(py_arena(run), text, len, &bad);
    else
        out = dotenv_values(py_arena(run), text, len, &environ_, override, &bad);
    if (bad)
        env_find(run, false, "%s:%d is not understood by python-dotenv", name ? name : "stream",
                 bad);
    return out;
}

static struct py_value load_dotenv(struct py_run *run, struct py_call *call)
{
    bool override = py_truth(run, call->args[OVERRIDE]);
    struct py_value environ_ = os_environ(run);
    struct map values = read_values(run, call->args[PATH], call->args[STREAM],
                                    call->args[INTERPOLATE], override);
    for (size_t i = 0; i < values.len; i++) {
        const struct dotenv_entry *entry = values.at[i].value;
        struct py_value key = py_new_str(run, values.at[i].key);
        if (entry->value && (override || !py_contains(run, environ_, key)))
            py_setitem(run, environ_, key, py_new_str(run, entry->value));
    }
    return py_bool(values.len > 0);
}

static struct py_value values(struct py_run *run, struct py_call *call)
{
    struct map entries = read_values(run, call->args[VALUES_PATH], call->args[VALUES_STREAM],
                                     call->args[VALUES_INTERPOLATE], true);
    struct py_value dict = py_new_dict(run);
    for (size_t i = 0; i < entries.len; i++) {
        const struct dotenv_entry *entry = entries.at[i].value;
        py_dict_put_name(run, py_dict_of(dict), entries.at[i].key,
                         entry->value ? py_new_str(run, entry->value) : py_none());
    }
    return dict;
}

static const struct py_member members[] = {
    PY_FUNCTION("find_dotenv", find_dotenv, find_args),
    PY_FUNCTION("load_dotenv", load_dotenv, load_args),
    PY_FUNCTION("dotenv_values", values, values_args),
    PY_MEMBERS_END,
};

const struct py_native_module env_dotenv_module = {"dotenv", members, 0, NULL};

/* ---- logging.config ---- */

static const struct py_arg file_config_args[] = {
    PY_REQUIRED("fname"), PY_OPTIONAL("defaults"), PY_DEFAULTED("disable_existing_loggers"),
    PY_OPTIONAL("encoding"), PY_ARGS_END};

static struct py_value file_config(struct py_run *run, struct py_call *call)
{
    struct env_run *env = env_run_of(run);
    if (!env)
        return py_none();
    env->script->configures_logging = true;
    env->script->keeps_loggers = !py_is_absent(call->args[2]) && !py_is_unknown(call->args[2]) &&
                                 !py_truth(run, call->args[2]);
    return py_none();
}

static struct py_value dict_config(struct py_run *run, struct py_call *call)
{
    struct env_run *env = env_run_of(run);
    (void)call;
    if (env)
        env->script->configures_logging = true;
    return py_none();
}

static const struct py_member logging_config_members[] = {
    PY_FUNCTION("fileConfig", file_config, file_config_args),
    PY_FUNCTION_ANY("dictConfig", dict_config),
    PY_MEMBERS_END,
};

const struct py_native_module env_logging_config_module = {"logging.config", logging_config_members,
                                                           0, NULL};
