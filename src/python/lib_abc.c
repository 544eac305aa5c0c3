/* abc, __future__, warnings, builtins as modules: little ones. */
#include "config.h"

#include <string.h>

#include "python/interp.h"

const struct py_native_class py_abc_meta_class = {
    .name = "ABCMeta",
    .module = "abc",
    .bases = PY_BASES(&py_type_class),
    .flags = PY_CLASS_COMPLETE,
    .layout = PY_LAYOUT_CLASS,
};

static const struct py_native_class abc_class = {
    .name = "ABC",
    .module = "abc",
    .flags = PY_CLASS_COMPLETE,
    .metaclass = &py_abc_meta_class,
};

static struct py_value abstractmethod(struct py_run *run, struct py_call *call)
{
    struct py_value f = call->args[0];
    if (py_is_python_function(f))
        py_set_own_attr(run, f, "__isabstractmethod__", py_bool(true));
    return f;
}

static const struct py_member abc_members[] = {
    PY_CLASS("ABC", &abc_class),
    PY_CLASS("ABCMeta", &py_abc_meta_class),
    PY_FUNCTION_N("abstractmethod", abstractmethod, 1, 1),
    PY_CLASS("abstractproperty", &py_property_class),
    PY_MEMBERS_END,
};

const struct py_native_module py_abc_module = {"abc", abc_members, 0, NULL};

static const struct py_member future_members[] = {
    PY_INTEGER("annotations", 0x1000000),    PY_INTEGER("division", 0x20000),
    PY_INTEGER("absolute_import", 0x40000),  PY_INTEGER("print_function", 0x100000),
    PY_INTEGER("unicode_literals", 0x200000), PY_INTEGER("generator_stop", 0x800000),
    PY_INTEGER("with_statement", 0x80000),   PY_INTEGER("nested_scopes", 0x10),
    PY_MEMBERS_END,
};

const struct py_native_module py_future_module = {"__future__", future_members, 0, NULL};

static struct py_value nothing(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_none();
}

static struct py_value catch_exit(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_bool(false);
}

static const struct py_member catch_members[] = {
    PY_FUNCTION_ANY("__init__", nothing),
    PY_FUNCTION_N("__enter__", nothing, 0, 0),
    PY_FUNCTION_N("__exit__", catch_exit, 3, 3),
    PY_MEMBERS_END,
};

static const struct py_native_class catch_warnings_class = {
    .name = "catch_warnings",
    .module = "warnings",
    .members = catch_members,
    .flags = PY_CLASS_COMPLETE,
};

static const struct py_member warnings_members[] = {
    PY_FUNCTION_ANY("warn", nothing),
    PY_FUNCTION_ANY("filterwarnings", nothing),
    PY_FUNCTION_ANY("simplefilter", nothing),
    PY_FUNCTION_ANY("resetwarnings", nothing),
    PY_CLASS("catch_warnings", &catch_warnings_class),
    PY_MEMBERS_END,
};

const struct py_native_module py_warnings_module = {"warnings", warnings_members, 0, NULL};
