/* The constructors of SQLAlchemy's types: one per `params` column of schema/types.def. */
#ifndef ALEMBIC_SA_TYPE_INIT_H
#define ALEMBIC_SA_TYPE_INIT_H

#include "alembic/sa_type.h"

/* The member tables of the classes, by the name of their parameters. */
#define SA_TYPE_PARAMS(ROW)                                                                        \
    ROW(NONE) ROW(STRING) ROW(LENGTH) ROW(NUMERIC) ROW(FLOAT) ROW(BOOLEAN) ROW(ZONED)              \
    ROW(PG_ZONED) ROW(INTERVAL) ROW(PG_INTERVAL) ROW(JSON) ROW(PG_JSON) ROW(UUID) ROW(ARRAY)       \
    ROW(ENUM) ROW(DOMAIN) ROW(BIT) ROW(HSTORE) ROW(DIM) ROW(PICKLE) ROW(FOREIGN)           \
    ROW(ANY)

#define SA_TYPE_MEMBERS(params) extern const struct py_member sa_type_members_##params[];
SA_TYPE_PARAMS(SA_TYPE_MEMBERS)
#undef SA_TYPE_MEMBERS

/* The payload of a type object, with a fresh type of its class's kind for __init__ to fill. */
struct type *sa_type_begin(struct py_run *run, struct py_value self);

/* The payload of a type object (its type may be NULL still). */
struct sa_type *sa_type_payload(struct py_run *run, struct py_value self);

/* The kind of the nearest native class; TYPE_COUNT: TypeEngine itself. */
enum type_kind sa_type_kind(struct py_run *run, struct py_value self);

/* enum.create(bind), enum.drop(bind). */
struct py_value sa_type_create(struct py_run *run, struct py_call *call);
struct py_value sa_type_drop(struct py_run *run, struct py_call *call);

#endif
