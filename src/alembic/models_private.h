/* What the reading of models shares. Internal to src/alembic. */
#ifndef ALEMBIC_MODELS_PRIVATE_H
#define ALEMBIC_MODELS_PRIVATE_H

#include "alembic/model_class.h"
#include "alembic/models.h"
#include "python/ast.h"

/* A table that could not be followed, and the MetaData that it would be in (absent: not known). */
struct model_unknown {
    struct py_value metadata;
    struct unknown_table table;
};

/* A statement of the project that was passed over. */
struct model_note {
    const char *reason;
    struct file_line place;
};

/* Of one run. */
struct model_state {
    VEC(struct model_unknown) unknown;
    VEC(struct model_note) notes;
};

/* py_config.recover while env.py is read: goes on in modules of the project. What the statement
 * could have declared is unknown. payload: struct env_run. */
bool model_recover(struct py_run *run, const struct py_refused *refused, void *payload);

/* The place, its file relative to the project. */
struct file_line model_in_project(struct py_run *run, struct py_place place);

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

/* The value that a statement gives to the name, by = or an annotated =; NULL: it does not. */
const struct py_node *model_assigned(const struct py_node *statement, const char *name);
/* Whether a node (may be NULL) is a constant of that kind. */
bool model_is_constant(const struct py_node *node, enum py_constant_kind kind);

/*
 * Reads the models as alembic_models_read() does, in the project's arena. False, and nothing to
 * clear: something failed, or leniency towards models had a part in it, so that it does not tell
 * which database env.py would use.
 */
bool models_read_whole(struct alembic_project *project, struct models *out);

/* Fills out->unseen, when out->schema is there. */
void models_find_unseen(struct py_run *run, const struct alembic_project *project,
                        struct models *out);

#endif
