/* What the reading of models shares. Internal to src/alembic. */
#ifndef ALEMBIC_MODELS_PRIVATE_H
#define ALEMBIC_MODELS_PRIVATE_H

#include "alembic/model_class.h"
#include "alembic/models.h"

/* A table that could not be followed, and the MetaData that it would be in (absent: not known). */
struct model_unknown {
    struct py_value metadata;
    struct unknown_table table;
};

/* Of one run. */
struct model_state {
    VEC(struct model_unknown) unknown;
};

struct model_state *model_state(struct py_run *run);

/* Says that a class is mapped to the table of a class above it. */
void model_share_table(struct py_run *run, struct py_type *cls);

/* The function that a declared_attr decorates. */
struct py_value model_declared_function(struct py_value declared);

/* Whether the class's body makes the name with def, under decorators that are given no constructs:
 * whatever came of it, it is no column. */
bool model_is_method(const struct py_type *cls, const char *name);

/* Makes table the class's: __table__, and what model_table_of() answers. */
void model_set_table(struct py_run *run, struct py_type *cls, struct py_value table);

#endif
