/* Between sa_dml.c and sa_postgresql.c: statements that a method may change. */
#ifndef ALEMBIC_SA_DML_H
#define ALEMBIC_SA_DML_H

#include "alembic/sa_build.h"

/* A copy of the statement that a method is called on. */
struct sa_dml_draft {
    struct expr *e;
    struct dml *dml;
};

struct sa_dml_draft sa_dml_draft(struct py_run *run, struct py_call *call);

/* The copy as an object of the same class. */
struct py_value sa_dml_answer(struct py_run *run, struct py_call *call, struct sa_dml_draft d);

/* Whether the table has a column that Python calls key. */
bool sa_has_column(const struct expr *table, const char *key);

/* One entry of values() or set_. */
struct assignment sa_assignment(struct py_run *run, const struct expr *table, struct py_value key,
                                struct py_value value);

/* insert().values() */
struct py_value sa_insert_values(struct py_run *run, struct py_call *call);

/* Constructors, as functions of modules. */
struct py_value sa_new_insert(struct py_run *run, struct py_call *call);
struct py_value sa_new_pg_insert(struct py_run *run, struct py_call *call);
struct py_value sa_new_update(struct py_run *run, struct py_call *call);
struct py_value sa_new_delete(struct py_run *run, struct py_call *call);

#endif
