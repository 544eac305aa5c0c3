/* sqlalchemy.engine.URL, make_url() and what a URL is made of. */
#include "config.h"

#include "alembic/env_pydantic.h"
#include "alembic/engine.h"
#include "alembic/env_run.h"

#include <string.h>

#include "alembic/sa_expr.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "config/percent.h"
#include "config/url.h"

/* The parts as the program gave them; str, or None. Any may be unknown: then the text is too. */
enum { DRIVERNAME, USERNAME, PASSWORD, HOST, PORT, DATABASE, QUERY, PARTS };

struct url {
    struct py_value parts[PARTS];
};

static const struct py_arg create_args[] = {
    [DRIVERNAME] = PY_REQUIRED("drivername"), [USERNAME] = PY_OPTIONAL("username"),
    [PASSWORD] = PY_OPTIONAL("password"),     [HOST] = PY_OPTIONAL("host"),
    [PORT] = PY_OPTIONAL("port"),             [DATABASE] = PY_OPTIONAL("database"),
    [QUERY] = PY_OPTIONAL("query"),           PY_ARGS_END};

static struct py_value url_new(struct py_run *run, const struct py_value parts[PARTS])
{
    void *payload;
    struct py_value v = py_new(run, &env_url_class, &payload);
    memcpy(((struct url *)payload)->parts, parts, sizeof(((struct url *)payload)->parts));
    return v;
}

static const struct url *url_of(struct py_call *call)
{
    return py_payload(call->self, &env_url_class);
}

/* ---- text ---- */

static void add_query_value(struct py_run *run, struct str *out, const char *key,
                            struct py_value value)
{
    str_addc(out, strchr(out->ptr, '?') ? '&' : '?');
    percent_encode(out, key, "", true);
    str_addc(out, '=');
    percent_encode(out, py_str_text(run, value), "", true);
}

static void add_query(struct py_run *run, struct str *out, struct py_value query)
{
    struct py_value key, value;
    if (!py_is_dict(query))
        return;
    for (size_t i = 0; py_dict_next(py_dict_of(query), &i, &key, &value);) {
        const char *name = py_as_string(run, key, "query keys");
        if (!py_is_list(value) && !py_is_tuple(value)) {
            add_query_value(run, out, name, value);
            continue;
        }
        struct py_tuple *items = py_items(run, value);
        for (size_t k = 0; k < items->len; k++)
            add_query_value(run, out, name, items->items[k]);
    }
}

/* URL.render_as_string(). */
static const char *render(struct py_run *run, const struct url *url, bool hide)
{
    struct str out = STR_IN(py_arena(run));
    const struct py_value *p = url->parts;
    for (size_t i = 0; i < PARTS; i++)
        py_require_known_deep(run, p[i]);
    str_addf(&out, "%s://", py_as_string(run, p[DRIVERNAME], "drivername"));
    if (!py_is_none(p[USERNAME])) {
        percent_encode(&out, py_str_text(run, p[USERNAME]), " +", false);
        if (!py_is_none(p[PASSWORD])) {
            str_addc(&out, ':');
            if (hide)
                str_add(&out, "***");
            else
                percent_encode(&out, py_str_text(run, p[PASSWORD]), " +", false);
        }
        str_addc(&out, '@');
    }
    if (!py_is_none(p[HOST])) {
        const char *host = py_str_text(run, p[HOST]);
        str_addf(&out, strchr(host, ':') ? "[%s]" : "%s", host);
    }
    if (!py_is_none(p[PORT]))
        str_addf(&out, ":%s", py_str_text(run, p[PORT]));
    if (!py_is_none(p[DATABASE]))
        str_addf(&out, "/%s", py_str_text(run, p[DATABASE]));
    add_query(run, &out, p[QUERY]);
    return str_take(&out);
}

/* ---- making one ---- */

static struct py_value text_value(struct py_run *run, const char *text)
{
    return text ? py_new_str(run, text) : py_none();
}

/* The parts of a text; SQLAlchemy's ArgumentError when it is no URL. */
static struct py_value parse(struct py_run *run, const char *text)
{
    struct url_parts parts;
    struct err err = ERR_INIT;
    if (!url_split(py_arena(run), text, &parts, &err)) {
        const char *message = arena_strdup(py_arena(run), err.message);
        err_clear(&err);
        py_raise(run, &sa_argument_error_class, "%s", message);
    }
    struct py_value query = py_new_dict(run);
    for (size_t i = 0; i < parts.query.len; i++) {
        struct py_value old = py_dict_get_name(py_dict_of(query), parts.query.at[i].key);
        struct py_value value = py_new_str(run, parts.query.at[i].value);
        if (!py_is_absent(old)) {
            struct py_tuple *items = py_is_str(old) ? NULL : py_items(run, old);
            size_t count = items ? items->len : 1;
            struct py_value *all = py_alloc(run, (count + 1) * sizeof(*all));
            memcpy(all, items ? items->items : &old, count * sizeof(*all));
            all[count] = value;
            value = py_new_tuple(run, all, count + 1);
        }
        py_dict_put_name(run, py_dict_of(query), parts.query.at[i].key, value);
    }
    return url_new(run, (struct py_value[PARTS]){
                            [DRIVERNAME] = py_new_str(run, parts.name),
                            [USERNAME] = text_value(run, parts.user),
                            [PASSWORD] = text_value(run, parts.password),
                            [HOST] = text_value(run, parts.host),
                            [PORT] = parts.port ? py_new_int_text(run, parts.port) : py_none(),
                            [DATABASE] = text_value(run, parts.database),
                            [QUERY] = query,
                        });
}

struct py_value env_url_make(struct py_run *run, struct py_value v)
{
    if (py_is_unknown(v) || py_payload(v, &env_url_class))
        return v;
    if (pydantic_is_dsn(v))
        v = py_to_str(run, v);
    if (!py_is_str(v)) {
        py_raise(run, &sa_argument_error_class,
                 "Expected string or URL object, got %s object", py_class_name(run, v));
    }
    return parse(run, py_str_of(v)->ptr);
}

static void url_is_hidden(struct py_run *run)
{
    env_find(run, false, "the password of the URL is hidden (***): use "
             "url.render_as_string(hide_password=False) instead of str(url)");
}

const char *env_url_text(struct py_run *run, struct py_value v)
{
    if (py_is_unknown(v)) {
        const struct py_unknown *unknown = (const struct py_unknown *)v.object;
        env_find(run, false, "the database URL is not known: %s %s", unknown->what,
                 unknown->reason);
        return NULL;
    }
    if (pydantic_is_dsn(v))
        v = py_to_str(run, v);
    const struct url *url = py_payload(v, &env_url_class);
    const char *text = url ? render(run, url, false)
                           : arena_strdup(py_arena(run), py_as_string(run, v, "url"));
    if (strstr(text, ":***@")) {
        url_is_hidden(run);
        return NULL;
    }
    return text;
}

static struct py_value create(struct py_run *run, struct py_call *call)
{
    struct py_value parts[PARTS];
    memcpy(parts, call->args, sizeof(parts));
    if (py_is_none(parts[QUERY]))
        parts[QUERY] = py_new_dict(run);
    if (py_is_str(parts[PORT]))
        parts[PORT] =
            py_call(run, py_class_value(py_class_for(run, &py_int_class)), &parts[PORT], 1, NULL);
    return url_new(run, parts);
}

static const struct py_arg make_args[] = {PY_REQUIRED("name_or_url"), PY_ARGS_END};

static struct py_value make_url(struct py_run *run, struct py_call *call)
{
    return env_url_make(run, call->args[0]);
}

/* ---- methods ---- */

static const struct py_arg render_args[] = {PY_DEFAULTED("hide_password"), PY_ARGS_END};

static struct py_value render_as_string(struct py_run *run, struct py_call *call)
{
    bool hide = py_is_absent(call->args[0]) || py_truth(run, call->args[0]);
    return py_new_str(run, render(run, url_of(call), hide));
}

/* str() and repr() hide the password, as since SQLAlchemy 2.0. */
static struct py_value url_str(struct py_run *run, struct py_call *call)
{
    return py_new_str(run, render(run, url_of(call), true));
}

static const struct py_arg set_args[] = {
    [DRIVERNAME] = PY_KEYWORD_ONLY("drivername"), [USERNAME] = PY_KEYWORD_ONLY("username"),
    [PASSWORD] = PY_KEYWORD_ONLY("password"),     [HOST] = PY_KEYWORD_ONLY("host"),
    [PORT] = PY_KEYWORD_ONLY("port"),             [DATABASE] = PY_KEYWORD_ONLY("database"),
    [QUERY] = PY_KEYWORD_ONLY("query"),           PY_ARGS_END};

static struct py_value set(struct py_run *run, struct py_call *call)
{
    struct py_value parts[PARTS];
    memcpy(parts, url_of(call)->parts, sizeof(parts));
    for (size_t i = 0; i < PARTS; i++) {
        if (!py_is_none(call->args[i]))
            parts[i] = call->args[i];
    }
    return url_new(run, parts);
}

static struct py_value part(struct py_run *run, struct py_call *call)
{
    (void)run;
    for (size_t i = 0; i < PARTS; i++) {
        if (strcmp(create_args[i].name, call->function->name) == 0)
            return url_of(call)->parts[i];
    }
    return py_none();
}

static struct py_value get_backend_name(struct py_run *run, struct py_call *call)
{
    const char *name = py_as_string(run, url_of(call)->parts[DRIVERNAME], "drivername");
    return py_new_strn(run, name, strcspn(name, "+"));
}

/* The dialect itself for its class: what is asked of it is its name. */
static struct py_value get_dialect(struct py_run *run, struct py_call *call)
{
    const char *name = py_as_string(run, url_of(call)->parts[DRIVERNAME], "drivername");
    size_t len = strcspn(name, "+");
    if (strncmp(name, "postgresql", len) != 0 || len != strlen("postgresql"))
        py_refuse(run, PY_REFUSE_CONSTRUCT, "the dialect of %s is not supported", name);
    return engine_dialect(run);
}

static const struct py_member url_members[] = {
    PY_CLASSMETHOD("create", create, create_args),
    PY_METHOD("render_as_string", render_as_string, render_args),
    PY_METHOD("set", set, set_args),
    PY_FUNCTION_N("get_backend_name", get_backend_name, 0, 0),
    PY_FUNCTION_N("get_dialect", get_dialect, 0, 0),
    PY_FUNCTION_N("__str__", url_str, 0, 0),
    PY_FUNCTION_N("__repr__", url_str, 0, 0),
    PY_PROPERTY("drivername", part),
    PY_PROPERTY("username", part),
    PY_PROPERTY("password", part),
    PY_PROPERTY("host", part),
    PY_PROPERTY("port", part),
    PY_PROPERTY("database", part),
    PY_PROPERTY("query", part),
    PY_MEMBERS_END,
};

const struct py_native_class env_url_class = {.name = "URL",
                                              .module = "sqlalchemy.engine.url",
                                              .members = url_members,
                                              .payload_size = sizeof(struct url)};

static const struct py_member module_members[] = {
    PY_CLASS("URL", &env_url_class),
    PY_FUNCTION("make_url", make_url, make_args),
    PY_MEMBERS_END,
};

const struct py_native_module env_engine_url_module = {"sqlalchemy.engine.url", module_members, 0,
                                                       NULL};
