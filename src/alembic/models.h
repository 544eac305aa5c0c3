/*
 * The models of a project as a schema: what env.py passes as target_metadata, read without running
 * it (spec/sqlmodel.md).
 *
 * What cannot be followed does not end the reading: it leaves a finding, and the tables that it is
 * about are unknown (schema/schema.h). A comparison leaves those out, and as long as there is one
 * without a name it cannot tell which tables of a database are not in the models.
 */
#ifndef ALEMBIC_MODELS_H
#define ALEMBIC_MODELS_H

#include <stdbool.h>

#include "alembic/project.h"
#include "base/err.h"
#include "base/vec.h"
#include "schema/schema.h"

struct arena;

/* A class that would be a table, in a module beside those of the models that env.py does not
 * import: as things are, its table is missing from the metadata. */
struct unseen_model {
    const char *name; /* of the class */
    struct file_line place;
};

struct models {
    struct schema
        schema; /* tables as MetaData.sorted_tables has them, one MetaData after another */
    struct table_list declared; /* the same tables, in the order in which they were made */
    VEC(struct err) findings; /* what could not be followed, and warnings; each with its place */
    VEC(struct unseen_model) unseen;
    bool sqlalchemy_is_1;     /* the project has SQLAlchemy from before 2.0, say its files */
    struct env_script script; /* the evaluation of env.py that the models are from */
};

/*
 * Evaluates env.py for a comparison and reads its target_metadata, one MetaData or several
 * (spec/autogenerate.md, section 4, "metadata sort order"). False, with the place where there is
 * one: env.py could not be followed to context.configure(), or gives what Alembic refuses too: no
 * metadata, one table in two of them, models that raise. What alembic_project_follow() has
 * read for a comparison is handed out the first time; its arena is the project's.
 */
bool alembic_models_read(struct arena *a, struct alembic_project *project, struct models *out,
                         struct err *err);

/* Frees what is not in the arena. */
void models_clear(struct models *models);

#endif
