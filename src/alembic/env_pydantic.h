/* What env_settings.c needs of env_pydantic.c. Internal to src/alembic. */
#ifndef ALEMBIC_ENV_PYDANTIC_H
#define ALEMBIC_ENV_PYDANTIC_H

#include "alembic/env_run.h"

extern const struct py_native_class pydantic_model_class, pydantic_field_class,
    pydantic_secret_class, pydantic_dsn_class, pydantic_settings_class;

/* Payload of what Field() gives. Absent: not given. */
struct pydantic_field {
    struct py_value fallback, factory;
    struct py_value alias; /* str, a list of str, or AliasChoices as a list */
};

/* One decorated function of a class. */
struct pydantic_validator {
    struct py_value function; /* as it stands in the class */
    struct py_value names;    /* tuple of field names; absent: of the whole model */
    bool before; /* the conversion to what the annotation says */
    bool always; /* pydantic 1: defaults are validated too */
    bool takes_values; /* pydantic 1: the fields so far come as a dict */
};

/* Calls with each field of a class, those of its bases first. */
typedef void pydantic_field_fn(struct py_run *run, const char *name, struct py_value annotation,
                               struct py_value value, void *payload);
void pydantic_each_field(struct py_run *run, struct py_type *cls, pydantic_field_fn *fn,
                         void *payload);

/* The value of a field of text, made what its annotation says; what cannot be made is an unknown. */
struct py_value pydantic_coerce(struct py_run *run, struct py_type *cls, const char *name,
                                struct py_value annotation, struct py_value value);

/* Whether v is a PostgresDsn. */
bool pydantic_is_dsn(struct py_value v);

/* Sets the fields of a new object: values (a dict by field name) where they are given, else the
 * defaults; validators run as pydantic runs them. */
void pydantic_fill(struct py_run *run, struct py_value object, struct py_dict *values);

#endif
