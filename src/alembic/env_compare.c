/*
 * The functions of context.configure() that have a part in a comparison. Tables and columns of the
 * models are shown as the objects that they are; those of the database become objects of their own,
 * made once for each evaluation.
 */
#include "config.h"

#include "alembic/env_compare.h"

#include "alembic/env_functions.h"
#include "alembic/sa_schema.h"
#include "alembic/sa_type.h"
#include "base/arena.h"
#include "base/str.h"

static const char *const keywords[ENV_FUNCTION_COUNT] = {
    [ENV_INCLUDE_NAME] = "include_name",
    [ENV_INCLUDE_OBJECT] = "include_object",
    [ENV_COMPARE_TYPE] = "compare_type",
    [ENV_COMPARE_DEFAULT] = "compare_server_default",
    [ENV_PROCESS_DIRECTIVES] = "process_revision_directives",
    [ENV_RENDER_ITEM] = "render_item",
};

void env_keep_function(struct py_run *run, struct env_options *options, enum env_function function,
                       struct py_value value)
{
    struct env_functions *kept = py_alloc(run, sizeof(*kept));
    if (options->functions) {
        *kept = *options->functions;
    } else {
        for (size_t i = 0; i < ENV_FUNCTION_COUNT; i++)
            kept->at[i] = py_absent();
        kept->tables = py_alloc(run, sizeof(*kept->tables));
        *kept->tables = MAP_IN(py_arena(run));
    }
    kept->run = run;
    kept->at[function] = py_is_unset(value) ? py_absent() : value;
    options->functions = kept;
}

bool env_has_function(const struct env_options *options, enum env_function function)
{
    return options->functions && !py_is_absent(options->functions->at[function]);
}

/* ---- the objects that functions see ---- */

static const char *address(struct py_run *run, const void *of)
{
    return arena_printf(py_arena(run), "%p", of);
}

static void keep_table(struct py_run *run, struct map *tables, const void *table,
                       struct py_value object)
{
    struct py_value *slot = py_alloc(run, sizeof(*slot));
    *slot = object;
    map_put(tables, address(run, table), slot);
}

/* The Tables of the models, found once. */
static void find_models(struct py_run *run, struct map *tables)
{
    struct py_value given = env_run_of(run)->target_metadata, object;
    if (tables->len > 0 || py_is_unset(given) || py_is_unknown(given))
        return;
    struct py_tuple *targets = py_is_list(given) || py_is_tuple(given)
                                   ? py_items(run, given)
                                   : py_tuple_of(py_new_tuple(run, &given, 1));
    for (size_t i = 0; i < targets->len; i++) {
        struct sa_metadata *m = py_payload(targets->items[i], &sa_metadata_class);
        for (size_t k = 0; m && py_dict_next(py_dict_of(m->tables), &k, NULL, &object);)
            keep_table(run, tables, sa_table_of(run, object, "Table")->table, object);
    }
}

static struct py_value text_or_none(struct py_run *run, const char *text)
{
    return text ? py_new_str(run, text) : py_none();
}

/* Column() as reflection gives it. */
static struct py_value reflected_column(struct py_run *run, const struct column *c)
{
    struct py_dict *kw = py_dict_of(py_new_dict(run));
    const struct py_value args[] = {
        py_new_str(run, c->name.text),
        sa_type_object(run, c->type ? c->type : type_new(py_arena(run), TYPE_NULL))};
    py_dict_put_name(run, kw, "nullable", py_bool(column_is_nullable(c)));
    py_dict_put_name(run, kw, "primary_key", py_bool(c->primary_key));
    py_dict_put_name(run, kw, "comment", text_or_none(run, c->comment));
    return py_construct(run, &sa_column_class, args, 2, kw);
}

static struct py_value reflected_table(struct py_run *run, const struct table *t)
{
    struct py_dict *kw = py_dict_of(py_new_dict(run));
    struct py_value *args = py_alloc(run, (t->columns.len + 2) * sizeof(*args));
    args[0] = py_new_str(run, t->name.text);
    args[1] = py_construct(run, &sa_metadata_class, NULL, 0, NULL);
    for (size_t i = 0; i < t->columns.len; i++)
        args[i + 2] = reflected_column(run, t->columns.at[i]);
    py_dict_put_name(run, kw, "schema", text_or_none(run, t->schema));
    py_dict_put_name(run, kw, "comment", text_or_none(run, t->comment));
    return py_construct(run, &sa_table_class, args, t->columns.len + 2, kw);
}

static struct py_value table_object(struct py_run *run, struct map *tables, const struct table *t)
{
    if (!t)
        return py_none();
    find_models(run, tables);
    struct py_value *known = map_get(tables, address(run, t));
    if (known)
        return *known;
    struct py_value made = reflected_table(run, t);
    keep_table(run, tables, t, made);
    return made;
}

static struct py_value column_object(struct py_run *run, struct map *tables, const struct table *t,
                                     const struct column *c)
{
    struct sa_table *table = sa_table_of(run, table_object(run, tables, t), "Table");
    struct py_tuple *columns = py_items(run, table->column_objects);
    for (size_t i = 0; i < columns->len; i++) {
        struct sa_column *found = py_payload(columns->items[i], &sa_column_class);
        if (found && str_eq(found->column->name.text, c->name.text))
            return columns->items[i];
    }
    return py_none();
}

static struct py_value index_object(struct py_run *run, struct py_value table,
                                    const struct index *ix)
{
    void *slot;
    struct py_value object = py_new(run, &sa_index_class, &slot);
    struct sa_index *payload = slot;
    payload->index = (struct index *)ix;
    payload->table = table;
    return object;
}

static struct py_value object_of(struct py_run *run, struct map *tables,
                                 const struct env_object *object)
{
    if (object->column)
        return column_object(run, tables, object->table, object->column);
    if (object->index)
        return index_object(run, table_object(run, tables, object->table), object->index);
    if (object->constraint)
        return sa_constraint_object(run, object->constraint,
                                    table_object(run, tables, object->table));
    return table_object(run, tables, object->table);
}

/* ---- calling ---- */

bool env_functions_protect(const struct env_options *options,
                           void (*body)(struct py_run *run, void *payload), void *payload,
                           struct err *err)
{
    struct py_run *run = options->functions->run;
    struct env_run *env = env_run_of(run);
    struct env_script own = {.err = ERR_INIT}, *script = env->script;
    struct py_outcome outcome;
    env->script = &own;
    bool ok = py_run_protect(run, body, payload, &outcome);
    env->script = script;
    return ok || py_outcome_err(run, &outcome, err);
}

/* One call: fills args, and looks at what came back. */
struct call {
    const struct env_options *options;
    enum env_function function;
    const char *type, *name, *schema, *table;
    const struct env_object *object, *other;
    bool reflected;
    const struct env_columns *columns;
    bool is_empty;              /* of the directive */
    struct py_value directives; /* the list, afterwards */
    bool truth;                 /* what came back */
    enum env_verdict verdict;
};

static bool protect(struct call *call, void (*body)(struct py_run *run, void *payload),
                    struct err *err)
{
    return env_functions_protect(call->options, body, call, err);
}

static struct py_value function_of(const struct call *call)
{
    return call->options->functions->at[call->function];
}

static struct map *tables_of(const struct call *call)
{
    return call->options->functions->tables;
}

static void call_include_name(struct py_run *run, void *payload)
{
    struct call *call = payload;
    struct py_value parents = py_new_dict(run);
    struct py_dict *names = py_dict_of(parents);
    bool is_table = str_eq(call->type, "table");
    const char *table = is_table ? call->name : call->table;
    if (table) {
        const char *qualified = call->schema
                                    ? arena_printf(py_arena(run), "%s.%s", call->schema, table)
                                    : table;
        if (!is_table)
            py_dict_put_name(run, names, "table_name", py_new_str(run, table));
        py_dict_put_name(run, names, "schema_name", text_or_none(run, call->schema));
        py_dict_put_name(run, names, "schema_qualified_table_name", py_new_str(run, qualified));
    }
    const struct py_value args[] = {text_or_none(run, call->name), py_new_str(run, call->type),
                                    parents};
    call->truth = py_truth(run, py_call(run, function_of(call), args, 3, NULL));
}

bool env_include_name(const struct env_options *options, const char *type, const char *name,
                      const char *schema, const char *table, bool *include, struct err *err)
{
    struct call call = {.options = options, .function = ENV_INCLUDE_NAME, .type = type,
                        .name = name, .schema = schema, .table = table, .truth = true};
    bool ok =
        !env_has_function(options, ENV_INCLUDE_NAME) || protect(&call, call_include_name, err);
    *include = call.truth;
    return ok;
}

static void call_include_object(struct py_run *run, void *payload)
{
    struct call *call = payload;
    struct map *tables = tables_of(call);
    const struct py_value args[] = {
        object_of(run, tables, call->object),
        text_or_none(run, call->name),
        py_new_str(run, call->type),
        py_bool(call->reflected),
        object_of(run, tables, call->other),
    };
    call->truth = py_truth(run, py_call(run, function_of(call), args, 5, NULL));
}

bool env_include_object(const struct env_options *options, const char *type, const char *name,
                        const struct env_object *object, bool reflected,
                        const struct env_object *other, bool *include, struct err *err)
{
    struct call call = {.options = options, .function = ENV_INCLUDE_OBJECT, .type = type,
                        .name = name, .object = object, .other = other, .reflected = reflected,
                        .truth = true};
    bool ok = !env_has_function(options, ENV_INCLUDE_OBJECT) ||
              protect(&call, call_include_object, err);
    *include = call.truth;
    return ok;
}

/* True is a difference, False none; None leaves it to Alembic, and so does any other value that is
 * not true. */
static void take_verdict(struct py_run *run, struct call *call, struct py_value answer)
{
    py_require_known(run, answer);
    if (py_truth(run, answer))
        call->verdict = ENV_DIFFERENT;
    else if (answer.kind == PY_BOOL)
        call->verdict = ENV_SAME;
}

static void call_compare_type(struct py_run *run, void *payload)
{
    struct call *call = payload;
    const struct env_columns *c = call->columns;
    struct map *tables = tables_of(call);
    const struct py_value args[] = {
        env_migration_context(run),
        column_object(run, tables, c->database_table, c->database),
        column_object(run, tables, c->model_table, c->model),
        sa_type_object(run, c->database->type),
        sa_type_object(run, c->model->type),
    };
    take_verdict(run, call, py_call(run, function_of(call), args, 5, NULL));
}

bool env_compare_type(const struct env_options *options, const struct env_columns *columns,
                      enum env_verdict *out, struct err *err)
{
    struct call call = {.options = options, .function = ENV_COMPARE_TYPE, .columns = columns};
    bool ok =
        !env_has_function(options, ENV_COMPARE_TYPE) || protect(&call, call_compare_type, err);
    *out = call.verdict;
    return ok;
}

static void call_compare_default(struct py_run *run, void *payload)
{
    struct call *call = payload;
    const struct env_columns *c = call->columns;
    struct map *tables = tables_of(call);
    struct py_value column = column_object(run, tables, c->model_table, c->model), given;
    if (!py_find_attr(run, column, "server_default", &given))
        given = py_new_unknown(run, PY_REFUSE_ATTRIBUTE, "server_default", "it cannot be shown");
    const struct py_value args[] = {
        env_migration_context(run),
        column_object(run, tables, c->database_table, c->database),
        column,
        text_or_none(run, c->database_default),
        given,
        text_or_none(run, c->model_default),
    };
    take_verdict(run, call, py_call(run, function_of(call), args, 6, NULL));
}

bool env_compare_default(const struct env_options *options, const struct env_columns *columns,
                         enum env_verdict *out, struct err *err)
{
    struct call call = {.options = options, .function = ENV_COMPARE_DEFAULT, .columns = columns};
    bool ok = !env_has_function(options, ENV_COMPARE_DEFAULT) ||
              protect(&call, call_compare_default, err);
    *out = call.verdict;
    return ok;
}

static void read_name(struct py_run *run, void *payload)
{
    struct call *call = payload;
    struct py_value name;
    call->name = py_find_attr(run, function_of(call), "__name__", &name) && py_is_str(name)
                     ? py_str_of(name)->ptr
                     : NULL;
}

const char *env_function_name(const struct env_options *options, enum env_function function)
{
    struct call call = {.options = options, .function = function};
    struct err ignored = ERR_INIT;
    if (env_has_function(options, function))
        protect(&call, read_name, &ignored);
    err_clear(&ignored);
    return call.name ? call.name : keywords[function];
}

/* ---- process_revision_directives ---- */

/* MigrationScript and UpgradeOps, as far as such functions look at them. */
static const struct py_native_class upgrade_ops_class, migration_script_class;

static struct py_value is_empty(struct py_run *run, struct py_call *call)
{
    (void)run;
    const bool **empty = py_payload(call->self, &upgrade_ops_class);
    return py_bool(**empty);
}

static const struct py_member ops_members[] = {
    PY_FUNCTION_N("is_empty", is_empty, 0, 0),
    PY_MEMBERS_END,
};
static const struct py_native_class upgrade_ops_class = {
    .name = "UpgradeOps",
    .module = "alembic.operations.ops",
    .members = ops_members,
    .payload_size = sizeof(const bool *),
};

static struct py_value script_ops(struct py_run *run, struct py_call *call)
{
    const bool **empty = py_payload(call->self, &migration_script_class);
    void *slot;
    struct py_value ops = py_new(run, &upgrade_ops_class, &slot);
    *(const bool **)slot = *empty;
    return ops;
}

static const struct py_member script_members[] = {
    PY_PROPERTY("upgrade_ops", script_ops),
    PY_PROPERTY("downgrade_ops", script_ops),
    PY_MEMBERS_END,
};
static const struct py_native_class migration_script_class = {
    .name = "MigrationScript",
    .module = "alembic.operations.ops",
    .members = script_members,
    .payload_size = sizeof(const bool *),
};

static void call_directives(struct py_run *run, void *payload)
{
    struct call *call = payload;
    void *slot;
    struct py_value script = py_new(run, &migration_script_class, &slot);
    struct py_value directives = py_new_list(run);
    *(const bool **)slot = &call->is_empty;
    py_list_append(run, directives, script);
    const struct py_value args[] = {
        env_migration_context(run),
        py_new_unknown(run, PY_REFUSE_CONTEXT, "revision", "it is not given to such a function"),
        directives,
    };
    py_call(run, function_of(call), args, 3, NULL);
    struct py_tuple *left = py_items(run, directives);
    if (left->len > 1 || (left->len == 1 && !py_is(left->items[0], script)))
        py_refuse(run, PY_REFUSE_CONTEXT, "%s makes other directives",
                  keywords[ENV_PROCESS_DIRECTIVES]);
    call->truth = left->len == 1;
}

bool env_process_directives(const struct env_options *options, bool empty, bool *keep,
                            struct err *err)
{
    struct call call = {.options = options, .function = ENV_PROCESS_DIRECTIVES, .is_empty = empty,
                        .truth = true};
    bool ok = !env_has_function(options, ENV_PROCESS_DIRECTIVES) ||
              protect(&call, call_directives, err);
    *keep = call.truth;
    return ok;
}
