/*
 * Which versions of the libraries a project has: what its models mean changed with SQLModel 0.0.14
 * and with pydantic 2 (spec/sqlmodel.md, [old]), what its revisions may name with SQLAlchemy 2.
 *
 * The files of the project say so where they leave no doubt: a pin, a bound, or a lock file. Those
 * nearest to alembic.ini count, up to the project's root, where workspaces keep their lock file.
 */
#ifndef ALEMBIC_VERSIONS_H
#define ALEMBIC_VERSIONS_H

#include <stdbool.h>

struct py_run;

/* SQLModel from before 0.0.14. */
bool sqlmodel_is_old(struct py_run *run);

/* pydantic 1, which SQLModel from before 0.0.14 needs, and later ones can use. */
bool sqlmodel_has_pydantic_1(struct py_run *run);

/* SQLAlchemy 1, which SQLModel from before 0.0.12 needs. */
bool sqlalchemy_is_1(struct py_run *run);

/* SQLAlchemy 2 or later, for certain. */
bool sqlalchemy_is_2(struct py_run *run);

#endif
