/* sqlalchemy.exc: the exceptions, as classes that Python programs can catch. */
#include "config.h"

#include "alembic/sa_expr.h"

#define SA_EXCEPTION(id, name_, base)                                                              \
    const struct py_native_class sa_##id##_class = {.name = (name_),                               \
                                                    .module = "sqlalchemy.exc",                    \
                                                    .bases = PY_BASES(&base),                      \
                                                    .flags = PY_CLASS_COMPLETE};
#include "alembic/sa_exc.def"
#undef SA_EXCEPTION

static const struct py_member members[] = {
#define SA_EXCEPTION(id, name_, base) PY_CLASS(name_, &sa_##id##_class),
#include "alembic/sa_exc.def"
#undef SA_EXCEPTION
    PY_MEMBERS_END,
};

const struct py_native_module sa_exc_module = {.name = "sqlalchemy.exc", .members = members};
