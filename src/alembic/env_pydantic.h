/* pydantic's models, which settings (env_settings.c) and SQLModel (sqlmodel_*.c) are made of.
 * Internal to src/alembic. */
#ifndef ALEMBIC_ENV_PYDANTIC_H
#define ALEMBIC_ENV_PYDANTIC_H

#include "alembic/env_run.h"

struct sqlmodel_parameters;

extern const struct py_native_class pydantic_model_class, pydantic_field_class,
    pydantic_secret_class, pydantic_dsn_class, pydantic_settings_class,
    pydantic_user_error_class;

/*
 * What a Field() or a marker in Annotated[] says of lengths. Of all that belong to one field
 * SQLModel looks at the first, and at nothing else: `given` says that there is one, whatever it
 * says.
 */
struct pydantic_limit {
    bool given;
    struct py_value max_length, max_digits, decimal_places; /* absent or None: not said */
};

/* Payload of what Field() gives. Absent: not given. */
struct pydantic_field {
    struct py_value fallback, factory;
    bool is_required;      /* the default that was given is `...` */
    struct py_value alias; /* str, a list of str, or AliasChoices as a list */
    struct pydantic_limit limit;
    const struct sqlmodel_parameters *sql; /* of sqlmodel's Field(); NULL: of pydantic's */
    /* Of a field of a class (pydantic_fields()): */
    struct py_value annotation; /* without Annotated[] around it; text: it cannot be evaluated */
    struct py_type *owner;      /* the class whose body declares it */
    struct py_value unknown;    /* of Annotated[]: could say anything of the field; absent: none */
};

/* Payload of what stands in Annotated[] beside the type, as far as it is pydantic's. */
struct pydantic_marker {
    struct pydantic_limit limit;
};

extern const struct py_native_class pydantic_marker_class;

/* The lengths among the keywords of pydantic's Field(). */
struct pydantic_limit pydantic_limit_of(const struct py_dict *kw);

/*
 * The fields of a model class: a dict of names to FieldInfo objects, in pydantic's order (bases
 * from the last to the first, spec/sqlmodel.md, section 2), collected when it is first asked for.
 * Raises what pydantic raises for fields without annotation.
 */
struct py_dict *pydantic_fields(struct py_run *run, struct py_type *cls);

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

/*
 * The value of a field of text, made what its annotation says; what cannot be made is an unknown.
 */
struct py_value pydantic_coerce(struct py_run *run, struct py_type *cls, const char *name,
                                struct py_value annotation, struct py_value value);

/* Whether v is a PostgresDsn. */
bool pydantic_is_dsn(struct py_value v);

/* Sets the fields of a new object: values (a dict by field name) where they are given, else the
 * defaults; validators run as pydantic runs them. */
void pydantic_fill(struct py_run *run, struct py_value object, struct py_dict *values);

/* ConfigDict() and its kin: the keywords as a dict. */
struct py_value pydantic_config_dict(struct py_run *run, struct py_call *call);

/*
 * A name of pydantic that is made of others: constr, PositiveInt, AfterValidator, ... absent: none.
 */
struct py_value pydantic_annotation_name(struct py_run *run, const char *name);

#endif
