#include "config.h"

/* Table: columns and constraints come together, and each gets to know its table. */

#include "alembic/host.h"
#include "alembic/live.h"
#include "alembic/model_class.h"
#include "alembic/sa_create.h"
#include "alembic/sa_schema.h"
#include "alembic/sa_type.h"
#include "base/arena.h"
#include "base/err.h"
#include "base/map.h"
#include "base/str.h"
#include "schema/settle.h"

struct sa_table *sa_table_of(struct py_run *run, struct py_value v, const char *what)
{
    return py_require_payload(run, v, &sa_table_class, what);
}

/* ------------------------------------------------------------------ which Table a struct is of */

/* By address. */
struct known_tables {
    struct map objects; /* to struct py_value */
};

static const char known_tables_key;

static struct map *known_tables(struct py_run *run)
{
    struct known_tables *known = py_state(run, &known_tables_key, sizeof(*known));
    if (!known->objects.arena)
        known->objects = MAP_IN(py_arena(run));
    return &known->objects;
}

static const char *address_of(struct py_run *run, const struct table *t)
{
    return arena_printf(py_arena(run), "%p", (const void *)t);
}

struct py_value sa_table_object(struct py_run *run, const struct table *t)
{
    const struct py_value *found = t ? map_get(known_tables(run), address_of(run, t)) : NULL;
    return found ? *found : py_absent();
}

static const char order_key;

unsigned sa_next_order(struct py_run *run)
{
    unsigned *last = py_state(run, &order_key, sizeof(*last));
    return ++*last;
}

static const struct table *table_in(const struct expr *e);

static const struct table *table_in_any(const struct expr_list *list)
{
    for (size_t i = 0; i < list->len; i++) {
        const struct table *t = table_in(list->at[i]);
        if (t)
            return t;
    }
    return NULL;
}

/* The table of the first column in what an index element can be made of. */
static const struct table *table_in(const struct expr *e)
{
    if (!e)
        return NULL;
    switch ((int)e->kind) {
    case EXPR_COLUMN:
        return e->as.column.column ? e->as.column.column->table : NULL;
    case EXPR_UNARY:
        return table_in(e->as.unary.operand);
    case EXPR_BINARY: {
        const struct table *t = table_in(e->as.binary.left);
        return t ? t : table_in(e->as.binary.right);
    }
    case EXPR_GROUPING:
    case EXPR_TYPE_COERCE:
        return table_in(e->as.inner);
    case EXPR_FUNCTION:
        return table_in_any(&e->as.function.args);
    case EXPR_CAST:
        return table_in(e->as.cast.operand);
    case EXPR_LABEL:
        return table_in(e->as.label.element);
    default:
        return NULL;
    }
}

struct py_value sa_table_in_expression(struct py_run *run, struct py_value v)
{
    if (py_is_str(v))
        return py_absent();
    return sa_table_object(run, table_in(sa_expr_of(run, v)));
}

/* ------------------------------------------------------------------ taking items */

/* An ENUM or DOMAIN with inherit_schema=True, also inside an ARRAY, goes where the table is. */
static const struct type *type_for_schema(struct py_run *run, const struct type *type,
                                          const char *schema)
{
    const struct type *named = type_named(type);
    if (!named || !named->inherit_schema || str_eq(named->schema, schema))
        return type;
    struct type *copy = arena_memdup(py_arena(run), type, sizeof(*type));
    if (type == named)
        copy->schema = schema;
    else if (type->variant)
        copy->variant = type_for_schema(run, type->variant, schema);
    else
        copy->item = type_for_schema(run, type->item, schema);
    return copy;
}

static const char *table_key(struct py_run *run, const char *schema, const char *name)
{
    return schema ? arena_printf(py_arena(run), "%s.%s", schema, name) : name;
}

/* A ForeignKey(Column) whose column had no table yet; false: it still has none. */
static bool refer_to_target(struct py_run *run, struct constraint *k)
{
    const struct column *target = k->referred_column;
    if (!target || !target->table)
        return false;
    k->referred_schema = target->table->schema;
    k->referred_table = target->table->name.text;
    k->referred_known = true;
    vec_push(py_arena(run), &k->referred_columns, target->name.text);
    return true;
}

/* In a MetaData with a schema, a ForeignKey("t.c") without one refers to that schema. */
static void place_foreign_key(struct py_run *run, struct sa_metadata *m, struct sa_table *t,
                              struct constraint *k)
{
    if (k->kind != CONSTRAINT_FOREIGN_KEY || k->referred_known)
        return;
    if (!k->referred_table && !refer_to_target(run, k))
        return;
    if (!k->referred_schema && m->schema)
        k->referred_schema = m->schema;
    const char *key = table_key(run, k->referred_schema, k->referred_table);
    k->referred_known = !py_is_absent(py_dict_get_name(py_dict_of(m->tables), key)) ||
                        str_eq(key, table_key(run, t->table->schema, t->table->name.text));
}

static void take_column(struct py_run *run, struct py_value table, struct py_value column)
{
    struct sa_table *t = sa_table_of(run, table, "table");
    struct sa_metadata *m = py_require_payload(run, t->metadata, &sa_metadata_class, "metadata");
    struct sa_column *c = sa_column_of(run, column, "Column");
    if (!py_is_absent(c->table)) {
        column = sa_column_copy(run, column);
        c = sa_column_of(run, column, "Column");
    }
    if (!c->column->name.text || !*c->column->name.text)
        py_raise(run, &sa_argument_error_class,
                 "Column must be constructed with a non-blank name or assign a non-blank .name "
                 "before adding to a Table.");
    c->table = table;
    c->column->table = t->table;
    c->column->order = sa_next_order(run);
    if (c->sequence)
        vec_push(py_arena(run), &m->sequences, c->sequence);
    if (c->column->type)
        c->column->type = type_for_schema(run, c->column->type, t->table->schema);
    c->node->type = c->column->type;
    c->node->as.column.name = c->column->name;
    c->node->as.column.key = c->column->key;
    c->node->as.column.table = t->node;
    expr_table_add_column(py_arena(run), t->node, c->node);
    sa_column_collection_add(run, t->from.columns, c->column->key, column);
    for (size_t i = 0; i < c->column->foreign_keys.len; i++)
        place_foreign_key(run, m, t, c->column->foreign_keys.at[i]);
    const struct type *named = type_named(c->column->type);
    if (named && !named->has_metadata)
        vec_push(py_arena(run), &m->types, named);
    vec_push(py_arena(run), &t->columns, c->column);
    py_list_append(run, t->column_objects, column);
}

static void take_constraint(struct py_run *run, struct py_value table, struct py_value item,
                            struct sa_constraint *p)
{
    struct sa_table *t = sa_table_of(run, table, "table");
    struct sa_metadata *m = py_require_payload(run, t->metadata, &sa_metadata_class, "metadata");
    struct constraint *k = p->constraint;
    if (!py_is_absent(p->table))
        k = sa_copy_constraint(run, k);
    else
        p->table = table;
    place_foreign_key(run, m, t, k);
    vec_push(py_arena(run), &t->items, k);
    (void)item;
}

static void take_index(struct py_run *run, struct py_value table, struct sa_index *p)
{
    struct sa_table *t = sa_table_of(run, table, "table");
    struct index *ix = p->index;
    if (!py_is_absent(p->table)) {
        ix = arena_memdup(py_arena(run), ix, sizeof(*ix));
    } else {
        p->table = table;
    }
    ix->schema = t->table->schema;
    ix->schema_quote = t->table->schema_quote;
    ix->table = t->table->name.text;
    ix->table_quote = t->table->name.quote;
    vec_push(py_arena(run), &t->index_items, ix);
}

static void take(struct py_run *run, struct py_value table, struct py_value item)
{
    void *p;
    py_require_known(run, item);
    if (py_payload(item, &sa_column_class))
        take_column(run, table, item);
    else if ((p = py_payload(item, &sa_constraint_class)))
        take_constraint(run, table, item, p);
    else if ((p = py_payload(item, &sa_index_class)))
        take_index(run, table, p);
    else
        py_raise(run, &sa_argument_error_class,
                 "'SchemaItem' object, such as a 'Column' or a 'Constraint' expected, got %s",
                 py_repr_text(run, item));
}

/* The column that constraints and indexes of the table know by this name: its key. */
static struct column *column_by_key(const struct sa_table *t, const char *key)
{
    for (size_t i = 0; i < t->columns.len; i++)
        if (str_eq(t->columns.at[i]->key, key))
            return t->columns.at[i];
    return NULL;
}

static void resolve_names(const struct sa_table *t, struct name_list *names)
{
    for (size_t i = 0; i < names->len; i++) {
        const struct column *c = column_by_key(t, names->at[i]);
        if (c)
            names->at[i] = c->name.text;
    }
}

/* The elements of an index that are names become columns. */
static void resolve_index(struct py_run *run, const struct sa_table *t, struct index *ix)
{
    for (size_t i = 0; i < ix->elements.len; i++) {
        struct index_element *e = &ix->elements.at[i];
        const struct expr *node = e->expression;
        if (node->kind != EXPR_COLUMN)
            continue;
        const struct column *c = node->as.column.column;
        if (!c)
            c = column_by_key(t, node->as.column.name.text);
        if (!c)
            continue;
        if (!node->as.column.column)
            e->expression = expr_column(py_arena(run), c->name, c->type, NULL, c);
        e->column = c->name.text;
    }
    resolve_names(t, &ix->include);
}

/* Names in constraints and indexes are keys of columns: once for each item. */
static void resolve_items(struct py_run *run, struct sa_table *t)
{
    for (; t->resolved_items < t->items.len; t->resolved_items++)
        resolve_names(t, &t->items.at[t->resolved_items]->columns);
    for (; t->resolved_indexes < t->index_items.len; t->resolved_indexes++)
        resolve_index(run, t, t->index_items.at[t->resolved_indexes]);
}

/* A ForeignKey(Column) needs the column's table by now. */
static void require_targets(struct py_run *run, const struct sa_table *t)
{
    for (size_t i = 0; i < t->columns.len; i++)
        for (size_t k = 0; k < t->columns.at[i]->foreign_keys.len; k++)
            if (!t->columns.at[i]->foreign_keys.at[k]->referred_table)
                py_refuse(run, PY_REFUSE_INCOMPLETE, "a ForeignKey to a Column that has no table");
}

void sa_table_settle(struct py_run *run, struct sa_table *t)
{
    resolve_items(run, t);
    require_targets(run, t);
    struct arena *a = py_arena(run);
    struct table *table = t->table;
    table->columns = (struct column_list){0};
    table->constraints = (struct constraint_list){0};
    table->indexes = (struct index_list){0};
    for (size_t i = 0; i < t->columns.len; i++)
        vec_push(a, &table->columns, t->columns.at[i]);
    for (size_t i = 0; i < t->items.len; i++)
        vec_push(a, &table->constraints, t->items.at[i]);
    for (size_t i = 0; i < t->index_items.len; i++)
        vec_push(a, &table->indexes, t->index_items.at[i]);
    struct err err = ERR_INIT;
    if (!table_settle(a, table, &t->naming, &err))
        host_raise(run, &err);
}

void sa_table_append(struct py_run *run, struct py_value table, struct py_value item)
{
    take(run, table, item);
    sa_table_settle(run, sa_table_of(run, table, "table"));
}

/* ------------------------------------------------------------------ making a Table */

static void read_table_options(struct py_run *run, struct table *t, struct py_dict *kw)
{
    static const char *const allowed[] = {"ignore_search_path", "tablespace", "partition_by",
                                          "with_oids", "on_commit", "inherits", "using", NULL};
    sa_check_dialect_options(run, kw, allowed, "sqlalchemy.sql.schema.Table");
    sa_keep_dialect_options(run, kw, &t->given);
    struct py_value inherits = sa_dialect_option(kw, "inherits");
    if (py_is_list(inherits) || py_is_tuple(inherits))
        sa_add_names(run, inherits, &t->inherits);
    else if (!py_is_unset(inherits))
        vec_push(py_arena(run), &t->inherits, sa_text_or_null(run, inherits, "inherits"));
    const struct {
        const char *name;
        const char **to;
    } texts[] = {
        {"partition_by", &t->partition_by},
        {"using", &t->using_},
        {"on_commit", &t->on_commit},
        {"tablespace", &t->tablespace},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++) {
        struct py_value v = sa_dialect_option(kw, texts[i].name);
        if (py_truth(run, v))
            *texts[i].to = sa_text_or_null(run, v, texts[i].name);
    }
    struct py_value oids = sa_dialect_option(kw, "with_oids");
    if (oids.kind == PY_BOOL)
        t->with_oids = oids.boolean ? YES : NO;
}

static void read_prefixes(struct py_run *run, struct table *t, struct py_value prefixes)
{
    if (py_is_unset(prefixes))
        return;
    struct py_tuple *items = py_items(run, prefixes);
    for (size_t i = 0; i < items->len; i++)
        vec_push(py_arena(run), &t->prefixes,
                 arena_strdup(py_arena(run), py_str_text(run, items->items[i])));
}

void sa_table_fill(struct py_run *run, struct py_value self, const struct sa_table_options *options,
                   const struct py_value *items, size_t count)
{
    struct arena *a = py_arena(run);
    struct sa_table *t = sa_table_of(run, self, "Table");
    t->metadata = py_is_absent(options->metadata)
                      ? sa_metadata_new(run, NULL, &alembic_host(run)->naming)
                      : options->metadata;
    struct sa_metadata *m = py_require_payload(run, t->metadata, &sa_metadata_class, "metadata");
    t->naming = m->naming;
    struct table *table = PY_NEW(run, struct table);
    table->place = model_place(run);
    table->name = options->name;
    table->schema = options->schema;
    table->schema_quote = options->schema_quote;
    table->comment = options->comment;
    table->if_not_exists = options->if_not_exists;
    if (!py_is_unset(options->info))
        table->info = sa_plain_text(run, options->info);
    read_prefixes(run, table, options->prefixes);
    read_table_options(run, table, options->kw);
    t->table = table;
    t->node = expr_table(a, table);
    t->from.element.expr = t->node;
    t->from.columns = sa_column_collection_new(run);
    sa_from_register(run, self);
    t->column_objects = py_new_list(run);
    t->info = options->info;
    map_put(known_tables(run), address_of(run, table), arena_memdup(a, &self, sizeof(self)));
    py_dict_put_name(run, py_dict_of(m->tables), table_key(run, table->schema, table->name.text),
                     self);
    for (size_t i = 0; i < count; i++)
        take(run, self, items[i]);
    for (size_t i = 0; i < t->columns.len; i++)
        for (size_t k = 0; k < t->columns.at[i]->foreign_keys.len; k++)
            place_foreign_key(run, m, t, t->columns.at[i]->foreign_keys.at[k]);
    sa_table_settle(run, t);
}

enum { TABLE_NAME, TABLE_METADATA, TABLE_ITEMS, TABLE_SCHEMA, TABLE_QUOTE, TABLE_QUOTE_SCHEMA,
       TABLE_AUTOLOAD, TABLE_AUTOLOAD_WITH, TABLE_KEEP, TABLE_EXTEND, TABLE_COMMENT,
       TABLE_PREFIXES, TABLE_INFO, TABLE_LISTENERS, TABLE_RETURNING, TABLE_MUST_EXIST, TABLE_KW };
static const struct py_arg table_args[] = {
    PY_REQUIRED("name"), PY_REQUIRED("metadata"), PY_REST("args"), PY_KEYWORD_DEFAULTED("schema"),
    PY_KEYWORD_ONLY("quote"), PY_KEYWORD_ONLY("quote_schema"), PY_KEYWORD_ONLY("autoload"),
    PY_KEYWORD_ONLY("autoload_with"), PY_KEYWORD_ONLY("keep_existing"),
    PY_KEYWORD_ONLY("extend_existing"), PY_KEYWORD_ONLY("comment"), PY_KEYWORD_ONLY("prefixes"),
    PY_KEYWORD_ONLY("info"), PY_KEYWORD_ONLY("listeners"), PY_KEYWORD_ONLY("implicit_returning"),
    PY_KEYWORD_ONLY("must_exist"), PY_KEYWORDS("kw"), PY_ARGS_END};

/* The items of Table(autoload_with=...): those of the database, and those given in their place. */
static struct py_tuple *read_items(struct py_run *run, struct py_value *args,
                                   struct sa_table_options *options)
{
    struct py_value keywords = py_new_dict(run);
    struct py_value wanted = py_dict_take_name(run, options->kw, "include_columns");
    struct py_value resolve = py_dict_take_name(run, options->kw, "resolve_fks");
    struct py_value library = py_import(run, "_live_inspect");
    if (!py_is_unset(wanted))
        py_dict_put_name(run, py_dict_of(keywords), "include", wanted);
    if (!py_is_absent(resolve))
        py_dict_put_name(run, py_dict_of(keywords), "resolve", resolve);
    struct py_value schema = options->schema ? py_new_str(run, options->schema) : py_none();
    struct py_value name = py_new_str(run, options->name.text);
    struct py_value all[] = {args[TABLE_METADATA], name, schema, args[TABLE_AUTOLOAD_WITH],
                             args[TABLE_ITEMS], keywords};
    struct py_value asked[] = {name, schema, args[TABLE_AUTOLOAD_WITH]};
    struct py_value items = py_call(run, py_getattr(run, library, "items_for_table"), all, 6, NULL);
    if (!options->comment)
        options->comment = sa_text_or_null(
            run, py_call(run, py_getattr(run, library, "comment_of"), asked, 3, NULL), "comment");
    return py_items(run, items);
}

static struct py_value table_init(struct py_run *run, struct py_call *call)
{
    struct py_value *args = call->args;
    struct sa_metadata *m =
        py_require_payload(run, args[TABLE_METADATA], &sa_metadata_class, "metadata");
    bool autoload = !py_is_none(args[TABLE_AUTOLOAD_WITH]) || py_truth(run, args[TABLE_AUTOLOAD]);
    if (autoload && py_is_none(args[TABLE_AUTOLOAD_WITH]) && !py_is_unset(m->bind))
        args[TABLE_AUTOLOAD_WITH] = m->bind;
    if (autoload && (!live_decides(run) || py_is_none(args[TABLE_AUTOLOAD_WITH])))
        py_refuse(run, PY_REFUSE_DATABASE,
                  "a Table that is read from the database needs a database");
    struct sa_table_options options = {
        .name = sa_name(run, args[TABLE_NAME], "name"),
        .metadata = args[TABLE_METADATA],
        .comment = sa_text_or_null(run, args[TABLE_COMMENT], "comment"),
        .prefixes = args[TABLE_PREFIXES],
        .info = args[TABLE_INFO],
        .kw = py_dict_of(args[TABLE_KW]),
    };
    options.schema = py_is_absent(args[TABLE_SCHEMA])
                         ? m->schema
                         : sa_text_or_null(run, args[TABLE_SCHEMA], "schema");
    if (!py_is_none(args[TABLE_QUOTE]))
        options.name.quote = sa_tristate(run, args[TABLE_QUOTE]);
    options.schema_quote = sa_tristate(run, args[TABLE_QUOTE_SCHEMA]);
    const char *key = table_key(run, options.schema, options.name.text);
    struct py_tuple *items = py_tuple_of(args[TABLE_ITEMS]);
    if (!py_is_absent(py_dict_get_name(py_dict_of(m->tables), key))) {
        if (items->len == 0 || py_truth(run, args[TABLE_KEEP]) || py_truth(run, args[TABLE_EXTEND]))
            py_refuse(run, PY_REFUSE_CONSTRUCT,
                      "a second Table object for the table '%s' is not supported", key);
        py_raise(run, &sa_invalid_request_error_class,
                 "Table '%s' is already defined for this MetaData instance.  Specify "
                 "'extend_existing=True' to redefine options and columns on an existing Table "
                 "object.",
                 key);
    }
    if (autoload)
        items = read_items(run, args, &options);
    sa_table_fill(run, call->self, &options, items->items, items->len);
    return py_none();
}

/* Columns are referred to by their key too. */
static void resolve_referred(struct py_run *run, const struct sa_metadata *m, struct constraint *k)
{
    if (k->kind != CONSTRAINT_FOREIGN_KEY || !k->referred_table)
        return;
    struct py_value found = py_dict_get_name(
        py_dict_of(m->tables), table_key(run, k->referred_schema, k->referred_table));
    const struct sa_table *referred = py_payload(found, &sa_table_class);
    if (referred)
        resolve_names(referred, &k->referred_columns);
}

const struct table *sa_table_ready(struct py_run *run, struct py_value table)
{
    struct sa_table *t = sa_table_of(run, table, "table");
    struct sa_metadata *m = py_require_payload(run, t->metadata, &sa_metadata_class, "metadata");
    struct py_list *columns = py_list_of(t->column_objects);
    sa_table_settle(run, t); /* ddl_if() may have been called since */
    for (size_t i = 0; i < columns->len; i++) {
        struct sa_column *c = sa_column_of(run, columns->items[i], "Column");
        if (!c->column->type)
            sa_column_resolve_type(run, c, t->metadata);
    }
    for (size_t i = 0; i < t->table->constraints.len; i++) {
        struct constraint *k = t->table->constraints.at[i];
        place_foreign_key(run, m, t, k);
        resolve_referred(run, m, k);
        if (k->kind == CONSTRAINT_FOREIGN_KEY && !k->referred_known && !m->hidden)
            py_raise(run, &sa_no_referenced_table_error_class,
                     "Foreign key associated with column '%s.%s' could not find table '%s' with "
                     "which to generate a foreign key to target column '%s'",
                     t->table->name.text, k->columns.at[0],
                     table_key(run, k->referred_schema, k->referred_table),
                     k->referred_columns.at[0]);
    }
    return t->table;
}

/* ------------------------------------------------------------------ attributes */

static struct py_value get_name(struct py_run *run, struct py_call *call)
{
    return py_new_str(run, sa_table_of(run, call->self, "Table")->table->name.text);
}

static struct py_value get_schema(struct py_run *run, struct py_call *call)
{
    const struct table *t = sa_table_of(run, call->self, "Table")->table;
    return t->schema ? py_new_str(run, t->schema) : py_none();
}

static struct py_value get_key(struct py_run *run, struct py_call *call)
{
    const struct table *t = sa_table_of(run, call->self, "Table")->table;
    return py_new_str(run, table_key(run, t->schema, t->name.text));
}

static struct py_value get_comment(struct py_run *run, struct py_call *call)
{
    const struct table *t = sa_table_of(run, call->self, "Table")->table;
    return t->comment ? py_new_str(run, t->comment) : py_none();
}

static struct py_value get_metadata(struct py_run *run, struct py_call *call)
{
    return sa_table_of(run, call->self, "Table")->metadata;
}

static struct py_value get_info(struct py_run *run, struct py_call *call)
{
    struct sa_table *t = sa_table_of(run, call->self, "Table");
    if (py_is_unset(t->info))
        t->info = py_new_dict(run);
    return t->info;
}

static const struct py_arg append_args[] = {PY_REQUIRED("item"), PY_KEYWORDS("kw"), PY_ARGS_END};

static struct py_value table_append(struct py_run *run, struct py_call *call)
{
    sa_table_append(run, call->self, call->args[0]);
    return py_none();
}

static const struct py_arg bind_args[] = {PY_REQUIRED("bind"), PY_DEFAULTED("checkfirst"),
                                          PY_ARGS_END};

static const struct py_member table_members[] = {
    PY_METHOD("__init__", table_init, table_args),
    PY_PROPERTY("name", get_name),
    PY_PROPERTY("schema", get_schema),
    PY_PROPERTY("fullname", get_key),
    PY_PROPERTY("key", get_key),
    PY_PROPERTY("comment", get_comment),
    PY_PROPERTY("metadata", get_metadata),
    PY_PROPERTY("info", get_info),
    PY_METHOD("append_column", table_append, append_args),
    PY_METHOD("append_constraint", table_append, append_args),
    PY_METHOD("create", sa_table_create, bind_args),
    PY_METHOD("drop", sa_table_drop, bind_args),
    PY_MEMBERS_END,
};
const struct py_native_class sa_table_class = {
    .name = "Table",
    .module = "sqlalchemy.sql.schema",
    .bases = PY_BASES(&sa_table_clause_class, &sa_schema_item_class),
    .members = table_members,
    .payload_size = sizeof(struct sa_table),
    .flags = PY_CLASS_NEEDS_INIT,
};
