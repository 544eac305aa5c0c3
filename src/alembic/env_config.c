/* context.config: alembic.config.Config, on a copy of alembic.ini that the program may change. */
#include "config.h"

#include "alembic/alembic_exc.h"
#include "alembic/env_pydantic.h"
#include "alembic/env_run.h"

#include <ctype.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "config/config.h"
#include "config/ini.h"

/* What a run knows of context.config, made on first use. */
struct config_state {
    struct py_value config, attributes;
    struct ini_file *ini;
    struct py_value unknown; /* dict "[section] key" to the unknown value it was set to */
};

static const char state_key;

static const struct config *config_of(struct py_run *run)
{
    const struct alembic_project *project = alembic_host(run)->project;
    if (!project)
        py_refuse(run, PY_REFUSE_CONTEXT, "context.config: there is no project");
    return project->config;
}

static struct config_state *state_of(struct py_run *run)
{
    struct config_state *state = py_state(run, &state_key, sizeof(*state));
    if (state->ini)
        return state;
    const struct env_run *env = env_run_of(run);
    const struct alembic_project *project = alembic_host(run)->project;
    config_of(run);
    if (env)
        state->ini = env->ini;
    else
        state->ini = ini_file_copy_to(py_arena(run), project->ini ? project->ini
                                                                  : project->config->ini);
    state->attributes = py_new_dict(run);
    state->unknown = py_new_dict(run);
    return state;
}

/* The place of a value in alembic.ini is in the message: it may be a password. */
PY_NORETURN static void raise_err(struct py_run *run, struct err *err)
{
    const char *message = arena_strdup(py_arena(run), err->message);
    err_clear(err);
    py_raise(run, &py_value_error_class, "%s", message);
}

static struct py_value text_or_none(struct py_run *run, const char *text)
{
    return text ? py_new_str(run, text) : py_none();
}

/* ---- sections and options ---- */

static const char *full_name(struct py_run *run, const char *section, const char *key)
{
    char *name = arena_printf(py_arena(run), "[%s] %s", section, key);
    for (char *p = name + strlen(section) + 3; *p; p++)
        *p = (char)tolower((unsigned char)*p);
    return name;
}

/* ConfigParser.get(section, key), or absent. */
static struct py_value section_value(struct py_run *run, const char *section, const char *key)
{
    struct config_state *state = state_of(run);
    struct err err = ERR_INIT;
    const char *value;
    const struct ini_option *option = ini_file_option(state->ini, section, key);
    struct py_value unknown = py_dict_get_name(py_dict_of(state->unknown),
                                               full_name(run, section, key));
    if (!py_is_absent(unknown) || !option)
        return unknown;
    if (!env_run_of(run) && strcmp(option->name, "sqlalchemy.url") == 0)
        py_refuse(run, PY_REFUSE_CONTEXT,
                  "a revision that reads the database URL is not supported");
    if (!ini_file_value(py_arena(run), state->ini, section, option, &value, &err))
        raise_err(run, &err);
    return py_new_str(run, value);
}

static struct py_value get_option(struct py_run *run, const char *section, struct py_value name,
                                  struct py_value fallback)
{
    struct config_state *state = state_of(run);
    const char *key = py_as_string(run, name, "name");
    if (!ini_file_section(state->ini, section)) {
        const char *file = state->ini->path;
        py_raise(run, &alembic_command_error_class,
                 "No config file '%s' found, or file has no '[%s]' section",
                 file ? file : "alembic.ini", section);
    }
    struct py_value value = section_value(run, section, key);
    return py_is_absent(value) ? fallback : value;
}

enum { MAIN_NAME, MAIN_DEFAULT };
static const struct py_arg main_option_args[] = {
    [MAIN_NAME] = PY_REQUIRED("name"), [MAIN_DEFAULT] = PY_OPTIONAL("default"), PY_ARGS_END};

static struct py_value get_main_option(struct py_run *run, struct py_call *call)
{
    return get_option(run, config_of(run)->section, call->args[MAIN_NAME],
                      call->args[MAIN_DEFAULT]);
}

enum { SECTION, SECTION_NAME, SECTION_DEFAULT };
static const struct py_arg section_option_args[] = {[SECTION] = PY_REQUIRED("section"),
                                                    [SECTION_NAME] = PY_REQUIRED("name"),
                                                    [SECTION_DEFAULT] = PY_OPTIONAL("default"),
                                                    PY_ARGS_END};

static struct py_value get_section_option(struct py_run *run, struct py_call *call)
{
    return get_option(run, py_as_string(run, call->args[SECTION], "section"),
                      call->args[SECTION_NAME], call->args[SECTION_DEFAULT]);
}

static void set_option(struct py_run *run, const char *section, struct py_value name,
                       struct py_value value)
{
    struct config_state *state = state_of(run);
    const char *key = py_as_string(run, name, "name");
    if (py_is_unknown(value)) {
        py_dict_put_name(run, py_dict_of(state->unknown), full_name(run, section, key), value);
        return;
    }
    py_dict_take_name(run, py_dict_of(state->unknown), full_name(run, section, key));
    if (pydantic_is_dsn(value)) /* with pydantic 1 it is a str */
        value = py_to_str(run, value);
    const char *text = py_as_string(run, value, "option values");
    if (!ini_value_is_valid(text)) {
        py_raise(run, &py_value_error_class,
                 "invalid interpolation syntax in the value of '%s': write %%%% for %%", key);
    }
    ini_file_set(state->ini, section, key, text);
}

enum { SET_NAME, SET_VALUE };
static const struct py_arg set_main_args[] = {
    [SET_NAME] = PY_REQUIRED("name"), [SET_VALUE] = PY_REQUIRED("value"), PY_ARGS_END};

static struct py_value set_main_option(struct py_run *run, struct py_call *call)
{
    set_option(run, config_of(run)->section, call->args[SET_NAME], call->args[SET_VALUE]);
    return py_none();
}

enum { SET_SECTION, SET_SECTION_NAME, SET_SECTION_VALUE };
static const struct py_arg set_section_args[] = {[SET_SECTION] = PY_REQUIRED("section"),
                                                 [SET_SECTION_NAME] = PY_REQUIRED("name"),
                                                 [SET_SECTION_VALUE] = PY_REQUIRED("value"),
                                                 PY_ARGS_END};

static struct py_value set_section_option(struct py_run *run, struct py_call *call)
{
    set_option(run, py_as_string(run, call->args[SET_SECTION], "section"),
               call->args[SET_SECTION_NAME], call->args[SET_SECTION_VALUE]);
    return py_none();
}

static const struct py_arg name_args[] = {PY_REQUIRED("name"), PY_ARGS_END};

static struct py_value remove_main_option(struct py_run *run, struct py_call *call)
{
    ini_file_remove(state_of(run)->ini, config_of(run)->section,
                    py_as_string(run, call->args[0], "name"));
    return py_none();
}

/* What the program has set to unknown values, in place of what the file says. */
static void add_unknown(struct py_run *run, const char *section, struct py_dict *dict)
{
    const char *prefix = arena_printf(py_arena(run), "[%s] ", section);
    struct py_value key, value;
    for (size_t i = 0; py_dict_next(py_dict_of(state_of(run)->unknown), &i, &key, &value);) {
        const char *name = py_str_of(key)->ptr;
        if (str_starts_with(name, prefix))
            py_dict_put_name(run, dict, name + strlen(prefix), value);
    }
}

static const struct py_arg get_section_args[] = {PY_REQUIRED("name"), PY_OPTIONAL("default"),
                                                 PY_ARGS_END};

static struct py_value get_section(struct py_run *run, struct py_call *call)
{
    struct config_state *state = state_of(run);
    const char *section = py_as_string(run, call->args[0], "name");
    struct err err = ERR_INIT;
    struct map items;
    if (!ini_file_section(state->ini, section))
        return call->args[1];
    if (!ini_file_items(py_arena(run), state->ini, section, &items, &err))
        raise_err(run, &err);
    struct py_value dict = py_new_dict(run);
    for (size_t i = 0; i < items.len; i++)
        py_dict_put_name(run, py_dict_of(dict), items.at[i].key,
                         py_new_str(run, items.at[i].value));
    add_unknown(run, section, py_dict_of(dict));
    return dict;
}

/* get_alembic_option(): also from pyproject.toml. */
static struct py_value get_alembic_option(struct py_run *run, struct py_call *call)
{
    const struct config *config = config_of(run);
    const char *key = py_as_string(run, call->args[MAIN_NAME], "name");
    struct py_value value = section_value(run, config->section, key);
    if (!py_is_absent(value))
        return value;
    struct err err = ERR_INIT;
    const char *text = config_option(py_arena(run), config, key, NULL, &err);
    if (err.code)
        raise_err(run, &err);
    return text ? py_new_str(run, text) : call->args[MAIN_DEFAULT];
}

/* ---- the rest ---- */

static struct py_value config_file_name(struct py_run *run, struct py_call *call)
{
    (void)call;
    return text_or_none(run, config_of(run)->ini_path);
}

static struct py_value toml_file_name(struct py_run *run, struct py_call *call)
{
    (void)call;
    return text_or_none(run, config_of(run)->toml_path);
}

static struct py_value config_ini_section(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_new_str(run, config_of(run)->section);
}

static struct py_value attributes(struct py_run *run, struct py_call *call)
{
    (void)call;
    return state_of(run)->attributes;
}

static struct py_value print_stdout(struct py_run *run, struct py_call *call)
{
    struct py_value text = call->args[0];
    if (call->count > 1) {
        text = py_operate(run, "%", py_to_str(run, text),
                          py_new_tuple(run, call->args + 1, call->count - 1));
    }
    struct env_step *step = env_add_step(run, ENV_PRINT);
    if (step)
        step->text = arena_printf(py_arena(run), "%s\n", py_str_text(run, text));
    return py_none();
}

/* config.cmd_opts: an argparse namespace. What no option of the command set is not there. */
static const struct py_native_class namespace_class = {
    .name = "Namespace", .module = "argparse", .flags = PY_CLASS_COMPLETE};

static const struct py_native_class command_class = {.name = "function",
                                                     .flags = PY_CLASS_COMPLETE};

static struct py_value cmd_opts(struct py_run *run, struct py_call *call)
{
    (void)call;
    const struct env_run *env = env_run_of(run);
    const struct alembic_project *project = alembic_host(run)->project;
    struct py_value options = py_new(run, &namespace_class, NULL);
    struct py_value list = py_none();
    for (size_t i = 0; project && i < project->x_arguments.len; i++) {
        if (i == 0)
            list = py_new_list(run);
        py_list_append(run, list, py_new_str(run, project->x_arguments.at[i]));
    }
    py_set_own_attr(run, options, "x", list);
    py_set_own_attr(run, options, "name", config_ini_section(run, call));
    py_set_own_attr(run, options, "quiet", py_bool(false));
    py_set_own_attr(run, options, "raiseerr", py_bool(false));
    if (!env || !env->command.name)
        return options;
    struct py_value command = py_new(run, &command_class, NULL);
    py_set_own_attr(run, command, "__name__", py_new_str(run, env->command.name));
    py_set_own_attr(run, options, "cmd", py_new_tuple(run, &command, 1));
    py_set_own_attr(run, options, "sql", py_bool(env->command.offline));
    py_set_own_attr(run, options, "tag", text_or_none(run, env->command.tag));
    if (strcmp(env->command.name, "revision") == 0)
        py_set_own_attr(run, options, "autogenerate", py_bool(env->command.autogenerate));
    if (env->command.destination)
        py_set_own_attr(run, options, "revision", py_new_str(run, env->command.destination));
    return options;
}

static const struct py_member config_members[] = {
    PY_PROPERTY("config_file_name", config_file_name),
    PY_PROPERTY("toml_file_name", toml_file_name),
    PY_PROPERTY("config_ini_section", config_ini_section),
    PY_PROPERTY("attributes", attributes),
    PY_PROPERTY("cmd_opts", cmd_opts),
    PY_METHOD("get_main_option", get_main_option, main_option_args),
    PY_METHOD("set_main_option", set_main_option, set_main_args),
    PY_METHOD("remove_main_option", remove_main_option, name_args),
    PY_METHOD("get_section", get_section, get_section_args),
    PY_METHOD("get_section_option", get_section_option, section_option_args),
    PY_METHOD("set_section_option", set_section_option, set_section_args),
    PY_METHOD("get_alembic_option", get_alembic_option, main_option_args),
    PY_FUNCTION_N("print_stdout", print_stdout, 1, -1),
    PY_MEMBERS_END,
};

static const struct py_native_class config_class = {
    .name = "Config", .module = "alembic.config", .members = config_members};

struct py_value env_config(struct py_run *run)
{
    struct config_state *state = state_of(run);
    if (py_is_absent(state->config))
        state->config = py_new(run, &config_class, NULL);
    return state->config;
}
