/* pydantic's SecretStr and PostgresDsn. */
#include "config.h"

#include <string.h>

#include "alembic/env_pydantic.h"
#include "alembic/sa_expr.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "config/percent.h"
#include "config/url.h"

/* Both hold one str. */
struct text {
    struct py_value value;
};

static const struct py_arg text_args[] = {PY_REQUIRED("value"), PY_ARGS_END};

/* ---- SecretStr ---- */

static struct py_value secret_init(struct py_run *run, struct py_call *call)
{
    struct text *secret = py_payload(call->self, &pydantic_secret_class);
    secret->value = py_to_str(run, call->args[0]);
    return py_none();
}

static struct py_value get_secret_value(struct py_run *run, struct py_call *call)
{
    (void)run;
    return ((struct text *)py_payload(call->self, &pydantic_secret_class))->value;
}

static struct py_value secret_str(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_new_str(run, "**********");
}

static const struct py_member secret_members[] = {
    PY_METHOD("__init__", secret_init, text_args),
    PY_FUNCTION_N("get_secret_value", get_secret_value, 0, 0),
    PY_FUNCTION_N("__str__", secret_str, 0, 0),
    PY_FUNCTION_N("__repr__", secret_str, 0, 0),
    PY_MEMBERS_END,
};

const struct py_native_class pydantic_secret_class = {.name = "SecretStr",
                                                      .module = "pydantic.types",
                                                      .members = secret_members,
                                                      .payload_size = sizeof(struct text)};

/* ---- PostgresDsn ---- */

static const char *dsn_text(struct py_call *call)
{
    return py_str_of(((struct text *)py_payload(call->self, &pydantic_dsn_class))->value)->ptr;
}

static struct url_parts dsn_parts(struct py_run *run, struct py_call *call)
{
    struct url_parts parts;
    struct err err = ERR_INIT;
    if (!url_split(py_arena(run), dsn_text(call), &parts, &err)) {
        err_clear(&err);
        py_raise(run, &py_value_error_class, "the DSN is not a valid URL");
    }
    return parts;
}

static struct py_value dsn_init(struct py_run *run, struct py_call *call)
{
    struct text *dsn = py_payload(call->self, &pydantic_dsn_class);
    dsn->value = py_to_str(run, call->args[0]);
    if (!strstr(py_str_of(dsn->value)->ptr, "://"))
        py_raise(run, &py_value_error_class, "the DSN is not a valid URL");
    return py_none();
}

static struct py_value dsn_str(struct py_run *run, struct py_call *call)
{
    return py_new_str(run, dsn_text(call));
}

static struct py_value text_or_none(struct py_run *run, const char *text)
{
    return text ? py_new_str(run, text) : py_none();
}

static struct py_value dsn_hosts(struct py_run *run, struct py_call *call)
{
    struct url_parts parts = dsn_parts(run, call);
    struct py_value list = py_new_list(run), host = py_new_dict(run);
    py_dict_put_name(run, py_dict_of(host), "username", text_or_none(run, parts.user));
    py_dict_put_name(run, py_dict_of(host), "password", text_or_none(run, parts.password));
    py_dict_put_name(run, py_dict_of(host), "host", text_or_none(run, parts.host));
    py_dict_put_name(run, py_dict_of(host), "port",
                     parts.port ? py_new_int_text(run, parts.port) : py_none());
    py_list_append(run, list, host);
    return list;
}

static struct py_value dsn_scheme(struct py_run *run, struct py_call *call)
{
    return py_new_str(run, dsn_parts(run, call).name);
}

static struct py_value dsn_path(struct py_run *run, struct py_call *call)
{
    const char *database = dsn_parts(run, call).database;
    return database ? py_new_strf(run, "/%s", database) : py_none();
}

bool pydantic_is_dsn(struct py_value v)
{
    return py_payload(v, &pydantic_dsn_class) != NULL;
}

/* Credentials as they are, with what would end them encoded. */
static void add_credential(struct py_run *run, struct str *out, struct py_value v)
{
    percent_encode(out, py_str_text(run, v), "!$&'()*+,;=%", false);
}

enum { SCHEME, USERNAME, USER, PASSWORD, HOST, PORT, PATH, QUERY, FRAGMENT };
static const struct py_arg build_args[] = {
    [SCHEME] = PY_KEYWORD_REQUIRED("scheme"), [USERNAME] = PY_KEYWORD_ONLY("username"),
    [USER] = PY_KEYWORD_ONLY("user"),         [PASSWORD] = PY_KEYWORD_ONLY("password"),
    [HOST] = PY_KEYWORD_ONLY("host"),         [PORT] = PY_KEYWORD_ONLY("port"),
    [PATH] = PY_KEYWORD_ONLY("path"),         [QUERY] = PY_KEYWORD_ONLY("query"),
    [FRAGMENT] = PY_KEYWORD_ONLY("fragment"), PY_ARGS_END};

/* PostgresDsn.build(): pydantic 1 has user= and a path with its '/', pydantic 2 neither. */
static struct py_value dsn_build(struct py_run *run, struct py_call *call)
{
    struct str out = STR_IN(py_arena(run));
    const struct py_value *args = call->args;
    struct py_value user = py_is_none(args[USERNAME]) ? args[USER] : args[USERNAME];
    for (size_t i = SCHEME; i <= FRAGMENT; i++) {
        if (py_is_unknown(args[i]))
            return args[i];
    }
    str_addf(&out, "%s://", py_str_text(run, args[SCHEME]));
    if (!py_is_none(user))
        add_credential(run, &out, user);
    if (!py_is_none(args[PASSWORD])) {
        str_addc(&out, ':');
        add_credential(run, &out, args[PASSWORD]);
    }
    if (!py_is_none(user) || !py_is_none(args[PASSWORD]))
        str_addc(&out, '@');
    if (!py_is_none(args[HOST]))
        str_add(&out, py_str_text(run, args[HOST]));
    if (!py_is_none(args[PORT]))
        str_addf(&out, ":%s", py_str_text(run, args[PORT]));
    const char *path = py_is_none(args[PATH]) ? "" : py_str_text(run, args[PATH]);
    if (path[0])
        str_addf(&out, "%s%s",
                 path[0] == '/' && py_is_none(args[USER]) ? "/"
                 : path[0] == '/'                         ? ""
                                                          : "/",
                 path);
    if (!py_is_none(args[QUERY]))
        str_addf(&out, "?%s", py_str_text(run, args[QUERY]));
    struct py_value text = py_new_str(run, out.ptr);
    return py_construct(run, &pydantic_dsn_class, &text, 1, NULL);
}

static struct py_value dsn_eq(struct py_run *run, struct py_call *call)
{
    return py_bool(strcmp(dsn_text(call), py_str_text(run, call->args[0])) == 0);
}

static const struct py_member dsn_members[] = {
    PY_METHOD("__init__", dsn_init, text_args),
    PY_FUNCTION_N("__str__", dsn_str, 0, 0),
    PY_FUNCTION_N("__eq__", dsn_eq, 1, 1),
    PY_FUNCTION_N("unicode_string", dsn_str, 0, 0),
    PY_FUNCTION_N("encoded_string", dsn_str, 0, 0),
    PY_FUNCTION_N("hosts", dsn_hosts, 0, 0),
    PY_CLASSMETHOD("build", dsn_build, build_args),
    PY_PROPERTY("scheme", dsn_scheme),
    PY_PROPERTY("path", dsn_path),
    PY_MEMBERS_END,
};

const struct py_native_class pydantic_dsn_class = {.name = "PostgresDsn",
                                                   .module = "pydantic.networks",
                                                   .members = dsn_members,
                                                   .payload_size = sizeof(struct text)};
