/* starlette.config: settings from the environment and a file, as models and env.py read them. */
#include "config.h"

#include <string.h>
#include <strings.h>

#include "alembic/env_run.h"
#include "base/arena.h"
#include "base/str.h"

struct settings {
    struct map file;     /* name to const char * */
    struct py_value environ_; /* a mapping; absent: os.environ */
    const char *prefix;
};

static const struct py_native_class config_class;

/* The text without the bytes of set at both ends; changes the text. */
static char *strip(char *text, const char *set)
{
    text += strspn(text, set);
    size_t n = strlen(text);
    while (n > 0 && strchr(set, text[n - 1]))
        text[--n] = '\0';
    return text;
}

/* NAME=value lines; quotes around a value go (starlette/config.py, Config._read_file). */
static void read_file(struct py_run *run, struct settings *settings, const char *text)
{
    struct arena *a = py_arena(run);
    for (const char *p = text; *p;) {
        size_t len = strcspn(p, "\n");
        char *line = strip(arena_strndup(a, p, len), " \t\r");
        char *equal = strchr(line, '=');
        p += len + (p[len] == '\n');
        if (!equal || line[0] == '#')
            continue;
        *equal = '\0';
        char *value = strip(strip(equal + 1, " \t"), "\"'");
        map_put(&settings->file, strip(line, " \t"), value);
    }
}

enum { CONFIG_FILE, CONFIG_ENVIRON, CONFIG_PREFIX, CONFIG_ENCODING };
static const struct py_arg config_args[] = {
    [CONFIG_FILE] = PY_OPTIONAL("env_file"), [CONFIG_ENVIRON] = PY_DEFAULTED("environ"),
    [CONFIG_PREFIX] = PY_DEFAULTED("env_prefix"), [CONFIG_ENCODING] = PY_DEFAULTED("encoding"),
    PY_ARGS_END};

static struct py_value config_init(struct py_run *run, struct py_call *call)
{
    struct settings *s = py_require_payload(run, call->self, &config_class, "Config");
    size_t len;
    s->file = MAP_IN(py_arena(run));
    s->environ_ = call->args[CONFIG_ENVIRON];
    s->prefix = py_is_absent(call->args[CONFIG_PREFIX])
                    ? ""
                    : py_as_string(run, call->args[CONFIG_PREFIX], "env_prefix");
    if (py_is_none(call->args[CONFIG_FILE]))
        return py_none();
    py_require_known(run, call->args[CONFIG_FILE]);
    const char *text = env_read_file(run, py_str_text(run, call->args[CONFIG_FILE]), &len);
    if (text)
        read_file(run, s, text);
    return py_none();
}

static struct py_value cast_bool(struct py_run *run, const char *key, struct py_value value)
{
    static const struct {
        const char *text;
        bool value;
    } words[] = {{"true", true}, {"1", true}, {"false", false}, {"0", false}};
    const char *text = py_as_string(run, value, key);
    for (size_t i = 0; i < sizeof(words) / sizeof(words[0]); i++)
        if (strcasecmp(text, words[i].text) == 0)
            return py_bool(words[i].value);
    py_raise(run, &py_value_error_class, "Config '%s' has value '%s'. Not a valid bool.", key,
             text);
}

static struct py_value cast(struct py_run *run, const char *key, struct py_value value,
                            struct py_value type)
{
    if (py_is_unset(type) || py_is_none(value))
        return value;
    if (py_is_class(type) && py_type_of(type)->native == &py_bool_class && py_is_str(value))
        return cast_bool(run, key, value);
    return py_call(run, type, &value, 1, NULL);
}

static struct py_value look_up(struct py_run *run, const struct settings *s, const char *key)
{
    struct py_value name = py_new_str(run, key);
    if (!py_is_absent(s->environ_))
        return py_contains(run, s->environ_, name) ? py_getitem(run, s->environ_, name)
                                                   : py_absent();
    struct map environ_ = env_environ(run);
    const char *found = map_get(&environ_, key);
    if (!found)
        found = map_get(&s->file, key);
    return found ? py_new_str(run, found) : py_absent();
}

enum { GET_KEY, GET_CAST, GET_DEFAULT };
static const struct py_arg get_args[] = {[GET_KEY] = PY_REQUIRED("key"),
                                         [GET_CAST] = PY_OPTIONAL("cast"),
                                         [GET_DEFAULT] = PY_DEFAULTED("default"), PY_ARGS_END};

static struct py_value config_get(struct py_run *run, struct py_call *call)
{
    const struct settings *s = py_require_payload(run, call->self, &config_class, "Config");
    const char *key = arena_printf(py_arena(run), "%s%s", s->prefix,
                                   py_as_string(run, call->args[GET_KEY], "key"));
    struct py_value found = look_up(run, s, key);
    if (!py_is_absent(found))
        return cast(run, key, found, call->args[GET_CAST]);
    if (!py_is_absent(call->args[GET_DEFAULT]))
        return cast(run, key, call->args[GET_DEFAULT], call->args[GET_CAST]);
    py_raise(run, &py_key_error_class, "Config '%s' is missing, and has no default.", key);
}

static const struct py_member config_members[] = {
    PY_METHOD("__init__", config_init, config_args),
    PY_METHOD("__call__", config_get, get_args),
    PY_METHOD("get", config_get, get_args),
    PY_MEMBERS_END,
};
static const struct py_native_class config_class = {
    .name = "Config",
    .module = "starlette.config",
    .members = config_members,
    .payload_size = sizeof(struct settings),
};

static const struct py_member starlette_members[] = {PY_CLASS("Config", &config_class),
                                                     PY_MEMBERS_END};
const struct py_native_module env_starlette_module = {"starlette.config", starlette_members, 0,
                                                      NULL};
