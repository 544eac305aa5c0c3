/* sqlalchemy.ext.mutable: tracking changes in a value does not show in its column's type. */
#include "config.h"

#include "alembic/sa_expr.h"
#include "alembic/sa_type.h"

/* MutableDict.as_mutable(JSONB): an object of the type. */
static struct py_value as_mutable(struct py_run *run, struct py_call *call)
{
    struct py_value type = call->args[0];
    sa_type_of(run, type); /* raises for anything else */
    return py_is_class(type) ? py_call(run, type, NULL, 0, NULL) : type;
}

static struct py_value nothing(struct py_run *run, struct py_call *call)
{
    (void)run;
    (void)call;
    return py_none();
}

static const struct py_member mutable_members[] = {
    PY_CLASSMETHOD_ANY("as_mutable", as_mutable),
    PY_CLASSMETHOD_ANY("associate_with", nothing),
    PY_CLASSMETHOD_ANY("__init_subclass__", nothing),
    PY_MEMBERS_END,
};

static const struct py_native_class mutable_class = {
    .name = "Mutable",
    .module = "sqlalchemy.ext.mutable",
    .members = mutable_members,
    .flags = PY_CLASS_INERT,
};

#define TRACKED(id, name_)                                                                         \
    static const struct py_native_class id##_class = {                                             \
        .name = (name_),                                                                           \
        .module = "sqlalchemy.ext.mutable",                                                        \
        .bases = PY_BASES(&mutable_class),                                                         \
        .flags = PY_CLASS_INERT,                                                                   \
    }
TRACKED(dict, "MutableDict");
TRACKED(list, "MutableList");
TRACKED(set, "MutableSet");
TRACKED(composite, "MutableComposite");
#undef TRACKED

static const struct py_member members[] = {
    PY_CLASS("Mutable", &mutable_class),
    PY_CLASS("MutableDict", &dict_class),
    PY_CLASS("MutableList", &list_class),
    PY_CLASS("MutableSet", &set_class),
    PY_CLASS("MutableComposite", &composite_class),
    PY_MEMBERS_END,
};

const struct py_native_module sa_mutable_module = {.name = "sqlalchemy.ext.mutable",
                                                   .members = members};
