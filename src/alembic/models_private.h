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

/* Makes table the class's: __table__, and what model_table_of() answers. */
void model_set_table(struct py_run *run, struct py_type *cls, struct py_value table);

#endif
