/*
 * The native half of live reading: operations and questions of a program become struct
 * live_question, answers become Python values. What a program sees is lib/_live*.py.
 */
#include "config.h"

#include "alembic/live.h"

#include <string.h>

#include "alembic/declarative.h"
#include "alembic/directives.h"
#include "alembic/engine.h"
#include "alembic/host.h"
#include "alembic/live_catalog.h"
#include "alembic/live_value.h"
#include "alembic/sa_expr.h"
#include "alembic/sa_schema.h"
#include "alembic/sa_type.h"
#include "alembic/sqlmodel.h"
#include "alembic/versions.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"

static const char library[] = "_live";

bool live_is_on(struct py_run *run)
{
    return alembic_host(run)->live != NULL;
}

bool live_decides(struct py_run *run)
{
    struct alembic_host *host = alembic_host(run);
    host->decided = host->decided || !host->live;
    return host->live != NULL;
}

struct py_value live_call(struct py_run *run, const char *function, const struct py_value *args,
                          size_t count, struct py_dict *kwargs)
{
    return py_call(run, py_getattr(run, py_import(run, library), function), args, count, kwargs);
}

/* ------------------------------------------------------------------ asking */

/* The exception that SQLAlchemy makes of an error of the server. */
static PY_NORETURN void raise_failure(struct py_run *run, const struct live_failure *failure)
{
    const char *const texts[] = {failure->sqlstate,   failure->message, failure->primary,
                                 failure->constraint, failure->table,   failure->column,
                                 failure->sql};
    enum { COUNT = sizeof(texts) / sizeof(texts[0]) };
    struct py_value args[COUNT];
    for (size_t i = 0; i < COUNT; i++)
        args[i] = texts[i] ? py_new_str(run, texts[i]) : py_none();
    py_raise_value(run, live_call(run, "failure", args, COUNT, NULL));
}

/* How the transaction of the migration stands, as far as the program has a hand in it. */
struct transaction {
    bool wrote;  /* since its beginning */
    bool failed; /* the server refused the last statement */
    bool closed; /* the program closed the connection */
    bool lost;   /* the program rolled back what it wrote */
};

static struct transaction *transaction_of(struct py_run *run)
{
    static const char key;
    return py_state(run, &key, sizeof(struct transaction));
}

/* Behind close() Alembic cannot go on. Behind rollback() it does, and loses all that comes, the row
 * of the version table too: the transaction that it would commit is not there any more. */
static void require_open(struct py_run *run)
{
    const struct transaction *t = transaction_of(run);
    if (t->closed)
        py_raise(run, &sa_resource_closed_error_class, "This Connection is closed");
    if (t->lost)
        py_refuse(run, PY_REFUSE_CONSTRUCT,
                  "the program has rolled back what it wrote, and goes on");
}

static void note_outcome(struct py_run *run, const struct live_question *question,
                         const struct live_answer *answer)
{
    struct transaction *t = transaction_of(run);
    t->failed = answer->failure.sqlstate != NULL;
    if (question->kind != LIVE_EXECUTE)
        return;
    enum op_kind kind = question->op->kind;
    t->wrote = kind != OP_AUTOCOMMIT_BEGIN && kind != OP_AUTOCOMMIT_END &&
               (t->wrote || !answer->only_read);
}

/* Asks; does not return where the evaluation ends or the server refused. */
static void ask(struct py_run *run, const struct live_question *question,
                struct live_answer *answer)
{
    const struct alembic_live *live = alembic_host(run)->live;
    struct err err = ERR_INIT;
    require_open(run);
    *answer = (struct live_answer){0};
    if (!live->ask(live->payload, question, answer, &err)) {
        if (err.code == ERR_RAISED) /* it cannot be rendered: SQLAlchemy raises */
            host_raise(run, &err);
        enum py_refusal refusal = err.code == ERR_PYTHON ? PY_REFUSE_TYPE : PY_REFUSE_LIVE;
        const char *reason = arena_strdup(py_arena(run), err.message);
        err_clear(&err);
        py_refuse(run, refusal, "%s", reason);
    }
    note_outcome(run, question, answer);
    if (answer->failure.sqlstate)
        raise_failure(run, &answer->failure);
}

void live_flush(struct py_run *run)
{
    struct alembic_host *host = alembic_host(run);
    if (!host->live)
        return;
    while (host->flushed < host->ops.len) {
        const struct op *op = host->ops.at[host->flushed++];
        const struct live_question question = {
            .kind = LIVE_EXECUTE, .origin = op->origin, .op = op};
        struct live_answer answer;
        ask(run, &question, &answer);
    }
}

void live_finish(struct py_run *run)
{
    live_flush(run);
    if (live_is_on(run))
        require_open(run);
}

const struct schema *live_ask_catalog(struct py_run *run, const char *call, const char *schema,
                                      const char *table)
{
    live_flush(run);
    const struct live_question question = {
        .kind = LIVE_CATALOG,
        .origin = host_origin(run),
        .call = call,
        .schema = schema,
        .table = table,
        .all_schemas = schema != NULL,
    };
    struct live_answer answer;
    ask(run, &question, &answer);
    return answer.catalog;
}

/* ------------------------------------------------------------------ what was answered, shown */

enum { SHOWN_MAX = 2000 };

static void tell(struct py_run *run, struct py_value value)
{
    const struct alembic_live *live = alembic_host(run)->live;
    if (!live->told)
        return;
    const char *text = py_repr_text(run, value);
    if (strlen(text) > SHOWN_MAX) {
        size_t end = SHOWN_MAX;
        while (end > 0 && ((unsigned char)text[end] & 0xc0) == 0x80)
            end--;
        text = arena_printf(py_arena(run), "%.*s...", (int)end, text);
    }
    live->told(live->payload, text);
}

static bool tell_has(struct py_run *run, bool found)
{
    tell(run, py_bool(found));
    return found;
}

static const char *call_text(struct py_run *run, const char *function, const char *schema,
                             const char *name)
{
    struct str text = STR_IN(py_arena(run));
    str_addf(&text, "%s(", function);
    if (name)
        str_add(&text, py_repr_text(run, py_new_str(run, name)));
    if (schema)
        str_addf(&text, "%sschema=%s", name ? ", " : "",
                 py_repr_text(run, py_new_str(run, schema)));
    str_addc(&text, ')');
    return text.ptr;
}

bool live_has_table(struct py_run *run, const char *schema, const char *name)
{
    struct py_value args[] = {live_connection(run), py_new_str(run, name),
                              schema ? py_new_str(run, schema) : py_none()};
    return py_truth(run, live_call(run, "has_table", args, 3, NULL));
}

bool live_has_type(struct py_run *run, const char *schema, const char *name)
{
    const struct schema *s =
        live_ask_catalog(run, call_text(run, "has_type", schema, name), schema, NULL);
    return tell_has(run, live_catalog_has_type(s, schema, name));
}

/* ------------------------------------------------------------------ _live_host: the catalog */

/* inspect(function, name, schema): the answer, or None for a table that is not there. */
static struct py_value host_inspect(struct py_run *run, struct py_call *call)
{
    const char *function = py_as_string(run, call->args[0], "function");
    const char *name = py_as_string_or_null(run, call->args[1], "table_name");
    const char *schema = py_as_string_or_null(run, call->args[2], "schema");
    const struct schema *s =
        live_ask_catalog(run, call_text(run, function, schema, name), schema, name);
    struct py_value shown = live_catalog_show(run, s, function, schema, name);
    if (py_is_absent(shown))
        shown = py_none();
    tell(run, shown);
    return shown;
}

/* in_catalog(name, schema): whether that is a table (views are asked for otherwise). */
static struct py_value host_in_catalog(struct py_run *run, struct py_call *call)
{
    const char *name = py_as_string(run, call->args[0], "table_name");
    const char *schema = py_as_string_or_null(run, call->args[1], "schema");
    const struct schema *s =
        live_ask_catalog(run, call_text(run, "has_table", schema, name), schema, name);
    return py_bool(tell_has(run, live_catalog_table(s, schema, name) != NULL));
}

static struct py_value host_has_type(struct py_run *run, struct py_call *call)
{
    return py_bool(live_has_type(run, py_as_string_or_null(run, call->args[1], "schema"),
                                 py_as_string(run, call->args[0], "type_name")));
}

static struct py_value host_default_schema(struct py_run *run, struct py_call *call)
{
    (void)call;
    const struct alembic_live *live = alembic_host(run)->live;
    return live->default_schema ? py_new_str(run, live->default_schema) : py_none();
}

static struct py_value host_server_version(struct py_run *run, struct py_call *call)
{
    (void)call;
    int version = alembic_host(run)->live->server_version;
    struct py_value parts[] = {py_int(version / 10000), py_int(version % 10000)};
    return py_new_tuple(run, parts, 2);
}

/* ------------------------------------------------------------------ _live_host: statements */

/* What one statement gave, for lib/_live.py. */
struct outcome {
    struct py_value names, rows; /* absent: it gives no rows */
    int64_t affected;
    bool has_affected, recorded;
};

static void take_names(struct py_run *run, const struct live_answer *answer, struct outcome *out)
{
    out->names = py_new_list(run);
    for (size_t i = 0; i < answer->column_count; i++)
        py_list_append(run, out->names, py_new_str(run, answer->columns[i].name));
}

static void take_rows(struct py_run *run, const struct live_answer *answer, struct outcome *out)
{
    const struct alembic_live *live = alembic_host(run)->live;
    size_t width = answer->column_count;
    struct py_value *cells = py_alloc(run, (width + 1) * sizeof(*cells));
    bool *said = py_alloc(run, width + 1);
    out->rows = py_new_list(run);
    for (size_t row = 0; row < answer->row_count; row++) {
        py_step(run);
        for (size_t i = 0; i < width; i++) {
            bool is_text;
            const struct live_column *c = &answer->columns[i];
            cells[i] = live_value_of_text(run, c->type, answer->values[row * width + i], &is_text);
            if (is_text && !said[i] && live->as_text)
                live->as_text(live->payload, c->name, c->type);
            said[i] = said[i] || is_text;
        }
        py_list_append(run, out->rows, py_new_tuple(run, cells, width));
    }
}

/* Carries out what directive_run() made of a statement, and keeps its result. */
static void take_outcome(struct py_run *run, size_t before, struct outcome *out)
{
    struct alembic_host *host = alembic_host(run);
    for (size_t i = before; i < host->ops.len; i++) {
        const struct live_question question = {.kind = LIVE_EXECUTE,
                                               .origin = host->ops.at[i]->origin,
                                               .op = host->ops.at[i],
                                               .wants_result = true};
        struct live_answer answer;
        host->flushed = i + 1;
        ask(run, &question, &answer);
        out->recorded = out->recorded || answer.recorded;
        out->has_affected = answer.has_affected;
        out->affected = answer.affected;
        out->names = out->rows = py_absent();
        if (answer.column_count == 0)
            continue;
        take_names(run, &answer, out);
        take_rows(run, &answer, out);
    }
}

/* What a statement of the expression language gives; NULL: it is text, or gives nothing. */
static const struct expr_list *columns_of(struct py_run *run, struct py_value statement)
{
    const struct expr *e = sa_expr_of(run, statement);
    while (e && e->kind == EXPR_PARAMETERS)
        e = e->as.parameters.inner;
    if (e && e->kind == EXPR_SELECT)
        return &e->as.select->columns;
    if (e && (e->kind == EXPR_INSERT || e->kind == EXPR_UPDATE || e->kind == EXPR_DELETE))
        return &e->as.dml->returning;
    return NULL;
}

/* What lib/_live.py makes of a column's values: "float", "str", the type object of an Enum or a
 * TypeDecorator, or None for nothing. */
static struct py_value processing(struct py_run *run, const struct type *type)
{
    const struct sa_type *host = sa_type_host(type);
    if (!type)
        return py_none();
    if ((host && host->members) || type_shape(type->kind) == SHAPE_DECORATOR)
        return sa_type_object(run, type);
    if (type_family(type) == FAMILY_NUMERIC && !type->asdecimal)
        return py_new_str(run, "float");
    return type->text_uuid ? py_new_str(run, "str") : py_none();
}

/* The columns that a row has: a table stands for all of its own. */
static void add_processing(struct py_run *run, struct py_value list,
                           const struct expr_list *columns)
{
    for (size_t i = 0; i < columns->len; i++) {
        const struct expr *e = columns->at[i];
        if (e->kind == EXPR_TABLE)
            add_processing(run, list, &e->as.table.columns);
        else
            py_list_append(run, list, processing(run, e->type));
    }
}

static struct py_value column_types(struct py_run *run, struct py_value statement)
{
    const struct expr_list *columns = columns_of(run, statement);
    struct py_value list = py_new_list(run);
    if (columns)
        add_processing(run, list, columns);
    return columns ? list : py_none();
}

/* INSERT ... RETURNING the key, which SQLAlchemy adds by itself. */
static bool has_implicit_key(struct py_run *run, struct py_value statement)
{
    const struct expr *e = sa_expr_of(run, statement);
    return e && e->kind == EXPR_INSERT && e->as.dml->returning.len == 0;
}

static const struct py_arg execute_args[] = {PY_REQUIRED("statement"), PY_REQUIRED("parameters"),
                                             PY_ARGS_END};

/*
 * execute(statement, parameters): (names, rows, types, affected, recorded, implicit). names None:
 * no rows; affected None: not known; implicit: the rows are keys that the program did not ask for.
 */
static struct py_value host_execute(struct py_run *run, struct py_call *call)
{
    struct alembic_host *host = alembic_host(run);
    struct outcome out = {.rows = py_absent()};
    live_flush(run);
    size_t before = host->ops.len;
    struct py_value types = column_types(run, call->args[0]);
    sa_execute_with(run, call->args[0], call->args[1], directive_add);
    take_outcome(run, before, &out);
    bool has_rows = !py_is_absent(out.rows);
    struct py_value parts[] = {
        has_rows ? out.names : py_none(),
        has_rows ? out.rows : py_none(),
        types,
        out.has_affected ? py_int(out.affected) : py_none(),
        py_bool(out.recorded),
        py_bool(has_implicit_key(run, call->args[0])),
    };
    if (!out.recorded)
        tell(run, has_rows ? out.rows : parts[3]);
    return py_new_tuple(run, parts, sizeof(parts) / sizeof(parts[0]));
}

static struct py_value host_flush(struct py_run *run, struct py_call *call)
{
    (void)call;
    live_flush(run);
    return py_none();
}

/* commit() of the connection: what was done stays, and the rest goes into another transaction, as
 * in an autocommit block without statements. */
static struct py_value host_commit(struct py_run *run, struct py_call *call)
{
    (void)call;
    live_flush(run);
    require_open(run);
    host_add_op(run, OP_AUTOCOMMIT_BEGIN);
    host_add_op(run, OP_AUTOCOMMIT_END);
    live_flush(run);
    return py_none();
}

/* rollback(): of what only read there is nothing to roll back. */
static struct py_value host_roll_back(struct py_run *run, struct py_call *call)
{
    (void)call;
    live_flush(run);
    struct transaction *t = transaction_of(run);
    t->lost = t->wrote || t->failed;
    return py_none();
}

static struct py_value host_close(struct py_run *run, struct py_call *call)
{
    (void)call;
    live_flush(run);
    transaction_of(run)->closed = true;
    return py_none();
}

static struct py_value host_is_closed(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_bool(transaction_of(run)->closed);
}

static struct py_value host_has_written(struct py_run *run, struct py_call *call)
{
    (void)call;
    live_flush(run);
    return py_bool(transaction_of(run)->wrote);
}

static struct py_value host_has_sqlalchemy_1(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_bool(sqlalchemy_is_1(run));
}

static struct py_value host_has_sqlalchemy_2(struct py_run *run, struct py_call *call)
{
    (void)call;
    return py_bool(sqlalchemy_is_2(run));
}

static struct py_value host_dialect(struct py_run *run, struct py_call *call)
{
    (void)call;
    return engine_dialect(run);
}

/* unsupported(reason): what this program cannot do, whatever the answer. */
static struct py_value host_unsupported(struct py_run *run, struct py_call *call)
{
    py_refuse(run, PY_REFUSE_CONSTRUCT, "%s", py_as_string(run, call->args[0], "reason"));
}

/* unknown(what, why): a value that is made by a statement which did not run. */
static struct py_value host_unknown(struct py_run *run, struct py_call *call)
{
    return py_new_unknown(run, PY_REFUSE_LIVE, py_as_string(run, call->args[0], "what"),
                          py_as_string(run, call->args[1], "why"));
}

/* refuse(reason): what depends on an answer that is not known. */
static struct py_value host_refuse(struct py_run *run, struct py_call *call)
{
    py_refuse(run, PY_REFUSE_LIVE, "%s", py_as_string(run, call->args[0], "reason"));
}

/* ------------------------------------------------------------------ _live_host: mapped classes */

/* The class below cls that is mapped to the table; NULL: none. */
static struct py_type *class_of_table(struct py_run *run, struct py_type *cls,
                                      const struct table *table)
{
    struct py_value own = py_dict_get_name(py_class_namespace(run, cls), "__table__");
    const struct sa_table *t = py_payload(own, &sa_table_class);
    if (t && t->table == table)
        return cls;
    for (size_t i = 0; i < cls->subclasses.len; i++) {
        struct py_type *found = class_of_table(run, cls->subclasses.at[i], table);
        if (found)
            return found;
    }
    return NULL;
}

static struct py_value entity_of(struct py_run *run, const struct expr *e)
{
    static const struct py_native_class *const roots[] = {&declarative_root_class, &sqlmodel_class,
                                                          &py_object_class};
    for (size_t i = 0; i < sizeof(roots) / sizeof(roots[0]); i++) {
        struct py_type *found =
            class_of_table(run, py_class_for(run, roots[i]), e->as.table.table);
        if (found)
            return py_class_value(found);
    }
    return py_none();
}

/* entities_of(statement): for each thing that is selected its mapped class, or None; None where
 * there is no class among them. A table that is no class's stands for its columns. */
static struct py_value host_entities_of(struct py_run *run, struct py_call *call)
{
    const struct expr_list *columns = columns_of(run, call->args[0]);
    struct py_value list = py_new_list(run);
    bool any = false;
    for (size_t i = 0; columns && i < columns->len; i++) {
        const struct expr *e = columns->at[i];
        struct py_value entity = e->kind == EXPR_TABLE ? entity_of(run, e) : py_none();
        size_t width = e->kind == EXPR_TABLE && py_is_none(entity) ? e->as.table.columns.len : 1;
        any = any || !py_is_none(entity);
        for (size_t j = 0; j < width; j++)
            py_list_append(run, list, entity);
    }
    return any ? list : py_none();
}

/* The mapped class of that name below cls; NULL: none. */
static struct py_type *class_named(struct py_run *run, struct py_type *cls, const char *name)
{
    if (str_eq(cls->name, name) &&
        !py_is_absent(py_dict_get_name(py_class_namespace(run, cls), "__table__")))
        return cls;
    for (size_t i = 0; i < cls->subclasses.len; i++) {
        struct py_type *found = class_named(run, cls->subclasses.at[i], name);
        if (found)
            return found;
    }
    return NULL;
}

/* mapped_class(name) */
static struct py_value host_mapped_class(struct py_run *run, struct py_call *call)
{
    const char *name = py_as_string(run, call->args[0], "name");
    struct py_type *found = class_named(run, py_class_for(run, &declarative_root_class), name);
    if (!found)
        found = class_named(run, py_class_for(run, &py_object_class), name);
    if (!found)
        py_raise(run, &sa_invalid_request_error_class,
                 "expression '%s' failed to locate a name ('%s')", name, name);
    return py_class_value(found);
}

/* gives_one(statement): whether its rows have one thing each. */
static struct py_value host_gives_one(struct py_run *run, struct py_call *call)
{
    const struct expr_list *columns = columns_of(run, call->args[0]);
    return py_bool(columns && columns->len == 1);
}

/* ------------------------------------------------------------------ the connection */

/* What Connection of lib/_live.py derives from, so that native code knows it. */
static const struct py_member bind_members[] = {PY_MEMBERS_END};
static const struct py_native_class bind_class = {
    .name = "Connection",
    .module = "sqlalchemy.engine.base",
    .members = bind_members,
    .flags = PY_CLASS_COMPLETE,
};

static const char connection_key;

struct py_value live_connection(struct py_run *run)
{
    struct py_value *connection = py_state(run, &connection_key, sizeof(*connection));
    if (py_is_absent(*connection))
        *connection = live_call(run, "Connection", NULL, 0, NULL);
    return *connection;
}

bool live_is_connection(struct py_run *run, struct py_value v)
{
    return live_is_on(run) && py_isinstance(run, v, &bind_class);
}

static const struct py_member host_members[] = {
    PY_CLASS("Bind", &bind_class),
    PY_CLASS("MapperProperty", &mapper_property_class),
    PY_FUNCTION_N("mapped_class", host_mapped_class, 1, 1),
    PY_METHOD("execute", host_execute, execute_args),
    PY_FUNCTION_N("inspect", host_inspect, 3, 3),
    PY_FUNCTION_N("in_catalog", host_in_catalog, 2, 2),
    PY_FUNCTION_N("has_type", host_has_type, 2, 2),
    PY_FUNCTION_N("default_schema", host_default_schema, 0, 0),
    PY_FUNCTION_N("server_version", host_server_version, 0, 0),
    PY_FUNCTION_N("flush", host_flush, 0, 0),
    PY_FUNCTION_N("commit", host_commit, 0, 0),
    PY_FUNCTION_N("roll_back", host_roll_back, 0, 0),
    PY_FUNCTION_N("close", host_close, 0, 0),
    PY_FUNCTION_N("is_closed", host_is_closed, 0, 0),
    PY_FUNCTION_N("has_written", host_has_written, 0, 0),
    PY_FUNCTION_N("has_sqlalchemy_1", host_has_sqlalchemy_1, 0, 0),
    PY_FUNCTION_N("has_sqlalchemy_2", host_has_sqlalchemy_2, 0, 0),
    PY_FUNCTION_N("dialect", host_dialect, 0, 0),
    PY_FUNCTION_N("refuse", host_refuse, 1, 1),
    PY_FUNCTION_N("unknown", host_unknown, 2, 2),
    PY_FUNCTION_N("unsupported", host_unsupported, 1, 1),
    PY_FUNCTION_N("entities_of", host_entities_of, 1, 1),
    PY_FUNCTION_N("gives_one", host_gives_one, 1, 1),
    PY_MEMBERS_END,
};
const struct py_native_module live_module = {.name = "_live_host",
                                             .members = host_members,
                                             .flags = PY_MODULE_COMPLETE};
