/*
 * asyncio: run(), event loops, gather(). Coroutines run to their end when they are awaited; there
 * is nothing to switch between.
 */
#include "config.h"

#include "python/interp.h"

static struct py_value await_first(struct py_run *run, struct py_call *call)
{
    return py_await(run, call->args[0]);
}

static struct py_value same(struct py_run *run, struct py_call *call)
{
    (void)run;
    return call->args[0];
}

static struct py_value nothing(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_none();
}

static struct py_value gather(struct py_run *run, struct py_call *call)
{
    struct py_value list = py_new_list(run);
    for (size_t i = 0; i < call->count; i++)
        py_list_append(run, list, py_await(run, call->args[i]));
    return list;
}

/* ------------------------------------------------------------------ event loops */

static struct py_value is_running(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_bool(false);
}

static const struct py_member loop_members[] = {
    PY_FUNCTION_N("run_until_complete", await_first, 1, 1),
    PY_FUNCTION_N("create_task", same, 1, 1),
    PY_FUNCTION_N("is_running", is_running, 0, 0),
    PY_FUNCTION_N("close", nothing, 0, 0),
    PY_MEMBERS_END,
};

static const struct py_native_class loop_class = {
    .name = "AbstractEventLoop", .module = "asyncio.events", .members = loop_members};

static struct py_value new_loop(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_new(run, &loop_class, NULL);
}

static struct py_value get_running_loop(struct py_run *run, struct py_call *call)
{
    (void)call;
    py_raise(run, &py_runtime_error_class, "no running event loop");
}

static const struct py_arg run_args[] = {PY_REQUIRED("main"), PY_KEYWORD_ONLY("debug"),
                                         PY_KEYWORD_ONLY("loop_factory"), PY_ARGS_END};

static const struct py_member members[] = {
    PY_FUNCTION("run", await_first, run_args),
    PY_FUNCTION_ANY("gather", gather),
    PY_FUNCTION_ANY("create_task", same),
    PY_FUNCTION_ANY("ensure_future", same),
    PY_FUNCTION_N("sleep", nothing, 1, 2),
    PY_FUNCTION_N("get_event_loop", new_loop, 0, 0),
    PY_FUNCTION_N("new_event_loop", new_loop, 0, 0),
    PY_FUNCTION_N("get_running_loop", get_running_loop, 0, 0),
    PY_FUNCTION_N("set_event_loop", nothing, 1, 1),
    PY_FUNCTION_N("set_event_loop_policy", nothing, 1, 1),
    PY_CLASS("AbstractEventLoop", &loop_class),
    PY_MEMBERS_END,
};

const struct py_native_module py_asyncio_module = {"asyncio", members, 0, NULL};
