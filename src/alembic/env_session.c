/*
 * Sessions of SQLAlchemy's ORM, as far as reading goes: they can be made, held in a with statement
 * and ended. What one would ask or run needs a connection, and the one that stands for it offline
 * cannot be used by a session: real Alembic raises at the same place.
 */
#include "config.h"

#include "alembic/engine.h"
#include "alembic/env_run.h"
#include "alembic/host.h"
#include "alembic/live.h"

struct session {
    struct py_value bind;
};

/* ------------------------------------------------------------------ Session */

enum { SESSION_BIND, SESSION_KW };
static const struct py_arg session_args[] = {
    [SESSION_BIND] = PY_OPTIONAL("bind"), [SESSION_KW] = PY_KEYWORDS("kw"), PY_ARGS_END};

static struct session *session_of(struct py_run *run, struct py_call *call)
{
    return py_require_payload(run, call->self, &env_session_class, "self");
}

/* With a database at hand Session(connection) is that of lib/_live_session.py. */
static struct py_value session_new(struct py_run *run, struct py_call *call)
{
    if (!live_is_on(run))
        return py_new_of(run, py_type_of(call->args[0]), NULL);
    struct py_value cls = py_getattr(run, py_import(run, "_live_session"), "Session");
    return py_call(run, cls, call->args + 1, call->count - 1, call->kwargs);
}

static struct py_value session_init(struct py_run *run, struct py_call *call)
{
    session_of(run, call)->bind = call->args[SESSION_BIND];
    return py_none();
}

static struct py_value session_bind(struct py_run *run, struct py_call *call)
{
    return session_of(run, call)->bind;
}

static struct py_value session_itself(struct py_run *run, struct py_call *call)
{
    (void)run;
    return call->self;
}

/* Nothing was begun, so there is nothing to end. */
static struct py_value session_end(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_none();
}

static struct py_value session_run(struct py_run *run, struct py_call *call)
{
    struct py_value bind = py_require_known(run, session_of(run, call)->bind);
    if (!py_isinstance(run, bind, &engine_connection_class))
        py_refuse(run, PY_REFUSE_CONSTRUCT, "a session on its own connection is not supported");
    alembic_host(run)->asked = true;
    py_raise(run, &py_attribute_error_class, "'MockConnection' object has no attribute 'close'");
}

static const struct py_member session_members[] = {
    {.name = "__new__", .kind = PY_MEMBER_STATIC, .fn = session_new, .max = -1, .keywords = true},
    PY_METHOD("__init__", session_init, session_args),
    PY_FUNCTION_N("__enter__", session_itself, 0, 0),
    PY_FUNCTION_ANY("__exit__", session_end),
    PY_PROPERTY("bind", session_bind),
    PY_FUNCTION_ANY("begin", session_itself),
    PY_FUNCTION_ANY("begin_nested", session_itself),
    PY_FUNCTION_ANY("commit", session_end),
    PY_FUNCTION_ANY("rollback", session_end),
    PY_FUNCTION_ANY("flush", session_end),
    PY_FUNCTION_ANY("close", session_end),
    PY_FUNCTION_ANY("expire_all", session_end),
    PY_FUNCTION_ANY("expunge_all", session_end),
    PY_FUNCTION_ANY("execute", session_run),
    PY_FUNCTION_ANY("exec", session_run),
    PY_FUNCTION_ANY("scalar", session_run),
    PY_FUNCTION_ANY("scalars", session_run),
    PY_FUNCTION_ANY("connection", session_run),
    PY_FUNCTION_ANY("query", session_run),
    PY_FUNCTION_ANY("get", session_run),
    PY_FUNCTION_ANY("get_one", session_run),
    PY_FUNCTION_ANY("add", session_run),
    PY_FUNCTION_ANY("add_all", session_run),
    PY_FUNCTION_ANY("delete", session_run),
    PY_FUNCTION_ANY("merge", session_run),
    PY_FUNCTION_ANY("refresh", session_run),
    PY_FUNCTION_ANY("bulk_insert_mappings", session_run),
    PY_FUNCTION_ANY("bulk_save_objects", session_run),
    PY_FUNCTION_ANY("bulk_update_mappings", session_run),
    PY_MEMBERS_END,
};
const struct py_native_class env_session_class = {.name = "Session",
                                                  .module = "sqlalchemy.orm.session",
                                                  .members = session_members,
                                                  .payload_size = sizeof(struct session)};

/* ------------------------------------------------------------------ sessionmaker */

enum { MAKER_BIND, MAKER_CLASS, MAKER_KW };
static const struct py_arg maker_args[] = {[MAKER_BIND] = PY_OPTIONAL("bind"),
                                           [MAKER_CLASS] = PY_KEYWORD_ONLY("class_"),
                                           [MAKER_KW] = PY_KEYWORDS("kw"), PY_ARGS_END};

struct maker {
    struct py_value bind, cls;
};

static struct maker *maker_of(struct py_run *run, struct py_call *call)
{
    return py_require_payload(run, call->self, &env_sessionmaker_class, "self");
}

static struct py_value maker_init(struct py_run *run, struct py_call *call)
{
    struct maker *maker = maker_of(run, call);
    maker->bind = call->args[MAKER_BIND];
    maker->cls = call->args[MAKER_CLASS];
    if (py_is_none(maker->cls))
        maker->cls = py_class_value(py_class_for(run, &env_session_class));
    return py_none();
}

static struct py_value maker_configure(struct py_run *run, struct py_call *call)
{
    struct py_value bind = py_dict_get_name(py_dict_of(call->args[0]), "bind");
    if (!py_is_absent(bind))
        maker_of(run, call)->bind = bind;
    return py_none();
}

static struct py_value maker_call(struct py_run *run, struct py_call *call)
{
    struct py_value bind = py_dict_get_name(py_dict_of(call->args[0]), "bind");
    if (py_is_absent(bind))
        bind = maker_of(run, call)->bind;
    return py_call(run, maker_of(run, call)->cls, &bind, 1, NULL);
}

static struct py_value maker_begin(struct py_run *run, struct py_call *call)
{
    struct maker *maker = maker_of(run, call);
    return py_call(run, maker->cls, &maker->bind, 1, NULL);
}

static const struct py_arg keywords_args[] = {PY_KEYWORDS("kw"), PY_ARGS_END};

static const struct py_member maker_members[] = {
    PY_METHOD("__init__", maker_init, maker_args),
    PY_METHOD("__call__", maker_call, keywords_args),
    PY_METHOD("configure", maker_configure, keywords_args),
    PY_FUNCTION_N("begin", maker_begin, 0, 0),
    PY_CLASSMETHOD_ANY("__class_getitem__", session_itself),
    PY_MEMBERS_END,
};
const struct py_native_class env_sessionmaker_class = {.name = "sessionmaker",
                                                       .module = "sqlalchemy.orm.session",
                                                       .members = maker_members,
                                                       .payload_size = sizeof(struct maker)};
