/* What env.py says about the comparison, and its functions as hooks of it. */
#include "config.h"

#include "alembic/env_compare.h"
#include "run/pending_private.h"

/* The words that functions of env.py are given. */
static const char *const kinds[] = {
    [COMPARE_SCHEMA] = "schema",
    [COMPARE_TABLE] = "table",
    [COMPARE_COLUMN] = "column",
    [COMPARE_INDEX] = "index",
    [COMPARE_UNIQUE] = "unique_constraint",
    [COMPARE_FOREIGN_KEY] = "foreign_key_constraint",
    [COMPARE_CHECK] = "check_constraint",
};

static bool include_name(void *payload, enum compare_kind kind, const char *name,
                         const char *schema, const char *table, bool *include, struct err *err)
{
    return env_include_name(payload, kinds[kind], name, schema, table, include, err);
}

static struct env_object env_object_of(const struct compare_object *object)
{
    return (struct env_object){object->table, object->column, object->index, object->constraint};
}

static bool include_object(void *payload, enum compare_kind kind, const char *name,
                           const struct compare_object *object, bool reflected,
                           const struct compare_object *other, bool *include, struct err *err)
{
    const struct env_object own = env_object_of(object), compare_to = env_object_of(other);
    return env_include_object(payload, kinds[kind], name, &own, reflected, &compare_to, include,
                              err);
}

static struct env_columns env_columns_of(const struct compare_columns *c)
{
    return (struct env_columns){c->database_table, c->model_table,      c->database,
                                c->model,          c->database_default, c->model_default};
}

static enum compare_verdict verdict_of(enum env_verdict verdict)
{
    return verdict == ENV_NO_VERDICT ? VERDICT_NONE
                                     : verdict == ENV_SAME ? VERDICT_SAME : VERDICT_DIFFERENT;
}

static bool compare_type(void *payload, const struct compare_columns *columns,
                         enum compare_verdict *out, struct err *err)
{
    const struct env_columns own = env_columns_of(columns);
    enum env_verdict verdict = ENV_NO_VERDICT;
    bool ok = env_compare_type(payload, &own, &verdict, err);
    *out = verdict_of(verdict);
    return ok;
}

static bool compare_default(void *payload, const struct compare_columns *columns,
                            enum compare_verdict *out, struct err *err)
{
    const struct env_columns own = env_columns_of(columns);
    enum env_verdict verdict = ENV_NO_VERDICT;
    bool ok = env_compare_default(payload, &own, &verdict, err);
    *out = verdict_of(verdict);
    return ok;
}

bool pending_options(struct arena *a, const struct env_options *env, struct compare_options *out,
                     struct err *err)
{
    struct compare_hooks *hooks = &out->hooks;
    *out = (struct compare_options){
        .compare_type = env->compare_type,
        .compare_server_default = env->compare_server_default,
        .include_schemas = env->include_schemas,
        .version_table = env->version_table,
        .version_table_schema = env->version_table_schema,
    };
    hooks->payload = (void *)env;
    if (env_has_function(env, ENV_INCLUDE_NAME))
        hooks->include_name = include_name;
    if (env_has_function(env, ENV_INCLUDE_OBJECT))
        hooks->include_object = include_object;
    if (env_has_function(env, ENV_COMPARE_TYPE))
        hooks->compare_type = compare_type;
    if (env_has_function(env, ENV_COMPARE_DEFAULT)) {
        hooks->compare_default = compare_default;
        hooks->compare_default_name = env_function_name(env, ENV_COMPARE_DEFAULT);
    }
    return !env->has_plugins || compare_read_plugins(a, &env->plugins, out, err);
}
