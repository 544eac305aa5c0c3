#include "config.h"

/*
 * batch_alter_table(recreate="always", copy_from=Table(...)): the table as it is to be is put
 * together from copies of the old one's parts, then the rows move over. The copies begin as they
 * are in the old table; each change of the block alters them.
 */

#include "alembic/batch.h"

#include "alembic/host.h"
#include "alembic/sa_build.h"
#include "alembic/sa_schema.h"
#include "base/arena.h"
#include "base/str.h"
#include "base/utf8.h"
#include "schema/type.h"

/* As Alembic cuts the name of the new table, in characters. */
enum { TEMPORARY_NAME_MAX = 50 };

/* A column of the new table. The key stays what it was when the column is renamed. */
struct moved_column {
    const char *key;
    struct py_value object;  /* Column, of no table yet */
    struct py_value content; /* what is selected for it from the old table; absent: it is new */
};
VEC_DEFINE(moved_column_list, struct moved_column);

/* The column `first` stands somewhere before the column `second`. */
struct placement {
    const char *first, *second;
};
VEC_DEFINE(placement_list, struct placement);

struct recreation {
    struct py_run *run;
    struct arena *arena;
    const struct batch_copy *copy;
    struct sa_table *old;
    struct moved_column_list columns;
    struct name_list existing;         /* keys of the old table's columns that stay */
    struct placement_list placements;  /* of new columns */
    struct constraint_list named, unnamed;
    struct index_list indexes, new_indexes;
    bool loses_names;      /* a column was dropped or renamed */
    bool nondeterministic; /* made from uuid4(), now() and the like */
};

PY_NORETURN static void refuse(struct recreation *r, const char *what)
{
    py_refuse(r->run, PY_REFUSE_BATCH, "recreating a table in batch mode with %s is not supported",
              what);
}

static struct column *struct_of(struct recreation *r, const struct moved_column *m)
{
    return sa_column_of(r->run, m->object, "Column")->column;
}

static struct moved_column *find_column(struct recreation *r, const char *key)
{
    for (size_t i = 0; i < r->columns.len; i++)
        if (str_eq(r->columns.at[i].key, key))
            return &r->columns.at[i];
    return NULL;
}

static struct moved_column *require_column(struct recreation *r, const char *key)
{
    struct moved_column *m = find_column(r, key);
    if (!m)
        py_raise(r->run, &py_key_error_class, "'%s'", key);
    return m;
}

static size_t name_index(const struct name_list *list, const char *name)
{
    size_t i = 0;
    while (i < list->len && !str_eq(list->at[i], name))
        i++;
    return i;
}

static void remove_name(struct name_list *list, const char *name)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->len; i++)
        if (!str_eq(list->at[i], name))
            list->at[kept++] = list->at[i];
    list->len = kept;
}

static struct constraint *find_named(const struct constraint_list *list, const char *name)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->at[i]->name.text, name))
            return list->at[i];
    return NULL;
}

static void remove_constraint(struct constraint_list *list, const struct constraint *k)
{
    size_t kept = 0;
    for (size_t i = 0; i < list->len; i++)
        if (list->at[i] != k)
            list->at[kept++] = list->at[i];
    list->len = kept;
}

/* ------------------------------------------------------------------ the old table's parts */

/* A type that is created with its table would be created twice. */
static void require_plain_type(struct recreation *r, const struct type *type)
{
    const struct type *named = type_named(type);
    if (named && named->create_type && !named->has_metadata)
        refuse(r, "a named type that comes with the table");
    if (type && type_impl(type)->create_constraint)
        refuse(r, "a type that brings a CHECK");
}

static void require_plain_column(struct recreation *r, const struct sa_column *c)
{
    if (!str_eq(c->column->key, c->column->name.text))
        refuse(r, "a column whose key is not its name");
    if (c->sequence || c->column->sequence || c->column->system)
        refuse(r, "a Sequence or a system column");
    require_plain_type(r, c->column->type);
}

/* A copy of a Column. Its ForeignKeys are constraints of the table, which are copied by themselves;
 * unique= and index= have brought theirs already, or are lost (index=). */
static struct py_value copy_column(struct recreation *r, struct py_value column)
{
    require_plain_column(r, sa_column_of(r->run, column, "Column"));
    struct py_value object = sa_column_copy(r->run, column);
    struct column *c = sa_column_of(r->run, object, "Column")->column;
    c->foreign_keys = (struct constraint_list){0};
    c->unique = c->index = NO;
    return object;
}

static void take_columns(struct recreation *r)
{
    struct py_list *objects = py_list_of(r->old->column_objects);
    for (size_t i = 0; i < objects->len; i++) {
        struct moved_column m = {.content = objects->items[i],
                                 .object = copy_column(r, objects->items[i])};
        m.key = struct_of(r, &m)->key;
        vec_push(r->arena, &r->columns, m);
        vec_push(r->arena, &r->existing, m.key);
    }
}

static void take_constraint(struct recreation *r, const struct constraint *given)
{
    if (given->kind == CONSTRAINT_EXCLUDE || given->bound_type || given->use_alter)
        refuse(r, "an EXCLUDE, a CHECK of a type or a use_alter in the table");
    const char *schema = r->old->table->schema;
    if (given->kind == CONSTRAINT_FOREIGN_KEY && schema && !str_eq(given->referred_schema, schema))
        refuse(r, "a FOREIGN KEY that leads out of the table's schema"); /* which Alembic changes */
    struct constraint *k = sa_copy_constraint(r->run, given);
    k->implicit = false; /* so its columns keep their order */
    if (k->name.text)
        vec_push(r->arena, &r->named, k);
    else
        vec_push(r->arena, &r->unnamed, k);
}

static void take_table(struct recreation *r)
{
    for (size_t i = 0; i < r->old->items.len; i++)
        if (r->old->items.at[i]->skip)
            refuse(r, "ddl_if() in the table");
    if (!py_is_absent(r->old->listeners))
        refuse(r, "listeners on the table");
    take_columns(r);
    for (size_t i = 0; i < r->old->table->constraints.len; i++)
        take_constraint(r, r->old->table->constraints.at[i]);
    for (size_t i = 0; i < r->old->table->indexes.len; i++)
        vec_push(r->arena, &r->indexes, r->old->table->indexes.at[i]);
}

/* ------------------------------------------------------------------ changes of columns */

static const char *first_of(struct recreation *r, const char *second)
{
    const char *found = NULL; /* the last one said counts, as in a dict */
    for (size_t i = 0; i < r->placements.len; i++)
        if (str_eq(r->placements.at[i].second, second))
            found = r->placements.at[i].first;
    if (!found)
        py_raise(r->run, &py_key_error_class, "'%s'", second);
    return found;
}

static const char *second_of(struct recreation *r, const char *first)
{
    const char *found = NULL;
    for (size_t i = 0; i < r->placements.len; i++)
        if (str_eq(r->placements.at[i].first, first))
            found = r->placements.at[i].second;
    if (!found)
        py_raise(r->run, &py_key_error_class, "'%s'", first);
    return found;
}

static void add_placement(struct recreation *r, const char *first, const char *second)
{
    struct placement p = {first, second};
    vec_push(r->arena, &r->placements, p);
}

/* Where a new column stands: what is only said on one side holds on the other too. */
static void place_column(struct recreation *r, const char *key, const char *before,
                         const char *after)
{
    const struct name_list *existing = &r->existing;
    bool reordered = py_truth(r->run, r->copy->partial_reordering);
    if (!reordered && after && !before) {
        size_t at = name_index(existing, after);
        if (at == existing->len)
            before = second_of(r, after);
        else if (at + 1 < existing->len)
            before = existing->at[at + 1];
    } else if (!reordered && before && !after) {
        size_t at = name_index(existing, before);
        if (at == existing->len)
            after = first_of(r, before);
        else if (at > 0)
            after = existing->at[at - 1];
    }
    if (before)
        add_placement(r, key, before);
    if (after)
        add_placement(r, after, key);
    if (!reordered && !before && !after && existing->len > 0)
        add_placement(r, existing->at[existing->len - 1], key);
}

static void add_column(struct recreation *r, const struct batch_change *change)
{
    const struct op *op = change->op;
    struct column *given = op->as.add_column.column;
    if (given->primary_key || given->unique == YES || given->index == YES)
        refuse(r, "a new column that has primary_key=, unique= or index=");
    if (op->as.add_column.inline_references)
        refuse(r, "inline_references=");
    if (find_column(r, given->name.text))
        refuse(r, "a new column of a name that the table has");
    struct sa_table *of = py_payload(sa_table_object(r->run, given->table), &sa_table_class);
    struct py_value object = copy_column(r, py_list_of(of->column_objects)->items[0]);
    place_column(r, given->key, change->before, change->after);
    struct moved_column m = {.key = given->key, .object = object, .content = py_absent()};
    vec_push(r->arena, &r->columns, m);
    for (size_t i = 0; i < op->as.add_column.constraints.len; i++) {
        struct constraint *k = op->as.add_column.constraints.at[i];
        if (!k->name.text)
            py_raise(r->run, &py_value_error_class, "Constraint must have a name");
        if (find_named(&r->named, k->name.text))
            refuse(r, "two constraints of one name");
        take_constraint(r, k);
    }
}

static void drop_column(struct recreation *r, const struct batch_change *change)
{
    const char *key = change->op->as.drop_column.column.text;
    size_t at = (size_t)(require_column(r, key) - r->columns.at);
    if (name_index(&r->existing, key) == r->existing.len)
        refuse(r, "a column that the same block adds and drops");
    for (; at + 1 < r->columns.len; at++)
        r->columns.at[at] = r->columns.at[at + 1];
    r->columns.len--;
    remove_name(&r->existing, key);
    for (size_t i = 0; i < r->named.len; i++)
        if (r->named.at[i]->kind == CONSTRAINT_PRIMARY_KEY)
            remove_name(&r->named.at[i]->columns, key);
    for (size_t i = 0; i < r->unnamed.len; i++)
        if (r->unnamed.at[i]->kind == CONSTRAINT_PRIMARY_KEY)
            remove_name(&r->unnamed.at[i]->columns, key);
    r->loses_names = true;
}

static void alter_type(struct recreation *r, struct moved_column *m, const struct type *type)
{
    struct column *c = struct_of(r, m);
    require_plain_type(r, type);
    if (py_is_absent(m->content))
        refuse(r, "a new column whose type is altered");
    if (!expr_same_affinity(c->type, type)) {
        struct expr *cast = expr_new(r->arena, EXPR_CAST, type);
        cast->as.cast.operand = sa_expr_of(r->run, m->content);
        m->content = sa_object(r->run, cast);
    }
    c->type = type;
}

static void alter_column(struct recreation *r, const struct batch_change *change)
{
    const struct alter_column *ac = change->op->as.alter_column;
    struct moved_column *m = require_column(r, ac->column.text);
    struct column *c = struct_of(r, m);
    if (ac->drop_check || ac->add_check || (ac->existing_type && type_named(ac->existing_type)))
        refuse(r, "a named type, or one that brings a CHECK");
    if (ac->has_server_default && (ac->identity || ac->computed || c->identity || c->computed))
        refuse(r, "an altered Identity or Computed");
    if (ac->new_name.text && !str_eq(ac->new_name.text, ac->column.text)) {
        c->name = ac->new_name;
        r->loses_names = true;
    }
    if (ac->type)
        alter_type(r, m, ac->type);
    if (ac->nullable != UNSET)
        c->nullable = ac->nullable;
    if (ac->has_server_default) {
        c->server_default = ac->server_default;
        c->has_fetched_value = false;
    }
    if (ac->autoincrement != UNSET)
        c->autoincrement = ac->autoincrement == YES ? AUTOINCREMENT_YES : AUTOINCREMENT_NO;
    if (ac->has_comment)
        c->comment = ac->comment;
}

/* ------------------------------------------------------------------ constraints and indexes */

static void add_constraint(struct recreation *r, const struct batch_change *change)
{
    const struct constraint *k = change->op->as.create_constraint;
    if (!k->name.text)
        py_raise(r->run, &py_value_error_class, "Constraint must have a name");
    if (find_named(&r->named, k->name.text))
        refuse(r, "two constraints of one name");
    if (k->kind == CONSTRAINT_CHECK && k->condition->kind != EXPR_TEXT)
        refuse(r, "a new CHECK that is no text");
    for (size_t i = 0; i < k->columns.len; i++) {
        struct moved_column *m = find_column(r, k->columns.at[i]);
        if (!m || !str_eq(struct_of(r, m)->name.text, m->key))
            refuse(r, "a new constraint on a column that is renamed or not there");
    }
    if (k->kind == CONSTRAINT_PRIMARY_KEY) {
        for (size_t i = r->unnamed.len; i > 0; i--)
            if (r->unnamed.at[i - 1]->kind == CONSTRAINT_PRIMARY_KEY)
                remove_constraint(&r->unnamed, r->unnamed.at[i - 1]);
        for (size_t i = 0; i < r->named.len; i++)
            if (r->named.at[i]->kind == CONSTRAINT_PRIMARY_KEY)
                refuse(r, "two PRIMARY KEYs");
    }
    take_constraint(r, k);
}

/* The CHECK of a Column object with that name, taken away. */
static bool drop_column_check(struct recreation *r, const char *name)
{
    for (size_t i = 0; i < r->columns.len; i++) {
        struct constraint_list *checks = &struct_of(r, &r->columns.at[i])->checks;
        const struct constraint *k = find_named(checks, name);
        if (k && !py_is_absent(r->columns.at[i].content)) {
            remove_constraint(checks, k);
            return true;
        }
    }
    return false;
}

/* A column stays NOT NULL when it is no longer part of the key. */
static void unmark_key(struct recreation *r, const struct constraint *k)
{
    for (size_t i = 0; i < k->columns.len; i++) {
        struct column *c = struct_of(r, require_column(r, k->columns.at[i]));
        if (c->nullable == UNSET)
            c->nullable = NO;
        c->primary_key = false;
    }
}

static void drop_constraint(struct recreation *r, const struct batch_change *change)
{
    const char *name = change->op->as.drop_constraint.name.text;
    if (change->op->as.drop_constraint.if_exists)
        refuse(r, "drop_constraint(if_exists=True)");
    if (drop_column_check(r, name))
        return;
    struct constraint *k = find_named(&r->named, name);
    if (!k)
        py_raise(r->run, &py_value_error_class, "No such constraint: '%s'", name);
    remove_constraint(&r->named, k);
    if (k->kind == CONSTRAINT_PRIMARY_KEY)
        unmark_key(r, k);
}

static void add_index(struct recreation *r, const struct batch_change *change)
{
    struct index *ix = change->op->as.create_index;
    if (ix->if_not_exists || ix->where || ix->include.len > 0)
        refuse(r, "a new index that has if_not_exists=, postgresql_where= or postgresql_include=");
    for (size_t i = 0; i < ix->elements.len; i++)
        if (!ix->elements.at[i].by_name)
            refuse(r, "a new index on an expression");
    for (size_t i = 0; i < r->new_indexes.len; i++)
        if (str_eq(r->new_indexes.at[i]->name.text, ix->name.text))
            refuse(r, "two indexes of one name");
    vec_push(r->arena, &r->new_indexes, ix);
}

static void drop_index(struct recreation *r, const struct batch_change *change)
{
    const char *name = change->op->as.drop_index->name.text;
    size_t at = 0;
    while (at < r->indexes.len && !str_eq(r->indexes.at[at]->name.text, name))
        at++;
    if (change->op->as.drop_index->if_exists)
        refuse(r, "drop_index(if_exists=True)");
    if (at == r->indexes.len)
        py_raise(r->run, &py_value_error_class, "No such index: '%s'", name);
    for (; at + 1 < r->indexes.len; at++)
        r->indexes.at[at] = r->indexes.at[at + 1];
    r->indexes.len--;
}

/* Alembic leaves it to table_kwargs= and to the Column what the comments of the new table are. */
static void ignore_comment(struct recreation *r, const struct batch_change *change)
{
    (void)r;
    (void)change;
}

static void apply_changes(struct recreation *r)
{
    static void (*const appliers[OP_COUNT])(struct recreation *, const struct batch_change *) = {
        [OP_ADD_COLUMN] = add_column,
        [OP_DROP_COLUMN] = drop_column,
        [OP_ALTER_COLUMN] = alter_column,
        [OP_CREATE_CONSTRAINT] = add_constraint,
        [OP_DROP_CONSTRAINT] = drop_constraint,
        [OP_CREATE_INDEX] = add_index,
        [OP_DROP_INDEX] = drop_index,
        [OP_TABLE_COMMENT] = ignore_comment,
    };
    for (size_t i = 0; i < r->copy->changes->len; i++) {
        const struct batch_change *change = &r->copy->changes->at[i];
        if (!appliers[change->op->kind])
            refuse(r, op_directive(change->op->kind));
        appliers[change->op->kind](r, change);
        r->nondeterministic = r->nondeterministic || change->op->nondeterministic;
    }
}

/* ------------------------------------------------------------------ order of columns */

/* The pairs that the new order has to keep: those of partial_reordering=, else the old order. */
static void add_given_pairs(struct recreation *r, struct placement_list *pairs)
{
    if (!py_truth(r->run, r->copy->partial_reordering)) {
        for (size_t i = 1; i < r->existing.len; i++) {
            struct placement p = {r->columns.at[i - 1].key, r->existing.at[i]};
            vec_push(r->arena, pairs, p);
        }
        return;
    }
    struct py_tuple *groups = py_items(r->run, r->copy->partial_reordering);
    for (size_t i = 0; i < groups->len; i++) {
        struct py_tuple *names = py_items(r->run, groups->items[i]);
        for (size_t k = 1; k < names->len; k++) {
            struct placement p = {py_as_string(r->run, names->items[k - 1], "column"),
                                  py_as_string(r->run, names->items[k], "column")};
            vec_push(r->arena, pairs, p);
        }
    }
}

/* Whether another column among the first `count` has to come before it. */
static bool has_to_wait(const struct placement_list *pairs, const struct moved_column *columns,
                        size_t count, const char *key)
{
    for (size_t i = 0; i < pairs->len; i++) {
        if (!str_eq(pairs->at[i].second, key) || str_eq(pairs->at[i].first, key))
            continue;
        for (size_t k = 0; k < count; k++)
            if (str_eq(columns[k].key, pairs->at[i].first))
                return true;
    }
    return false;
}

/* Round by round, in each of them all that nothing holds up, in the order they had. */
static void order_columns(struct recreation *r)
{
    if (!py_truth(r->run, r->copy->partial_reordering) && r->placements.len == 0)
        return;
    struct placement_list pairs = {0};
    add_given_pairs(r, &pairs);
    for (size_t i = 0; i < r->placements.len; i++)
        vec_push(r->arena, &pairs, r->placements.at[i]);

    struct moved_column_list ordered = {0}, rest = r->columns;
    while (rest.len > 0) {
        struct moved_column_list waiting = {0};
        for (size_t i = 0; i < rest.len; i++) {
            bool waits = has_to_wait(&pairs, rest.at, rest.len, rest.at[i].key);
            vec_push(r->arena, waits ? &waiting : &ordered, rest.at[i]);
        }
        if (waiting.len == rest.len)
            refuse(r, "columns that are each to stand before the other");
        rest = waiting;
    }
    r->columns = ordered;
}

/* ------------------------------------------------------------------ the new table */

/* Whether the new table has all columns of the constraint, under the names that it knows. */
static bool still_holds(struct recreation *r, const struct constraint *k)
{
    bool by_name = k->kind == CONSTRAINT_CHECK && k->condition->kind != EXPR_TEXT;
    bool to_itself = k->kind == CONSTRAINT_FOREIGN_KEY &&
                     str_eq(k->referred_table, r->old->table->name.text) &&
                     str_eq(k->referred_schema, r->old->table->schema);
    if (r->loses_names && (by_name || to_itself || k->include.len > 0))
        refuse(r, "a dropped or renamed column, and a constraint that may be about it");
    for (size_t i = 0; i < k->columns.len; i++)
        if (!find_column(r, k->columns.at[i]))
            return false;
    return true;
}

static void add_constraints(struct recreation *r, const struct constraint_list *from,
                            struct py_value items)
{
    for (size_t i = 0; i < from->len; i++)
        if (still_holds(r, from->at[i]))
            py_list_append(r->run, items,
                           sa_constraint_object(r->run, from->at[i], r->copy->table));
}

/* What the new table is given in the call that makes it. */
static struct py_value table_items(struct recreation *r)
{
    struct py_value items = py_new_list(r->run);
    for (size_t i = 0; i < r->columns.len; i++)
        py_list_append(r->run, items, r->columns.at[i].object);
    if (!py_is_unset(r->copy->table_args)) {
        struct py_tuple *given = py_items(r->run, r->copy->table_args);
        for (size_t i = 0; i < given->len; i++) {
            struct sa_constraint *p = py_payload(given->items[i], &sa_constraint_class);
            if (!p || p->constraint->kind == CONSTRAINT_PRIMARY_KEY)
                refuse(r, "table_args= of anything but constraints that are no PRIMARY KEY");
            py_list_append(r->run, items, given->items[i]);
        }
    }
    add_constraints(r, &r->named, items);
    add_constraints(r, &r->unnamed, items);
    return items;
}

/* Options that table_kwargs= does not give are those of the old table. */
static void inherit_options(struct table *t, const struct table *old)
{
    const struct {
        const char **to, *from;
    } texts[] = {
        {&t->partition_by, old->partition_by},
        {&t->using_, old->using_},
        {&t->on_commit, old->on_commit},
        {&t->tablespace, old->tablespace},
    };
    for (size_t i = 0; i < sizeof(texts) / sizeof(texts[0]); i++)
        if (!*texts[i].to)
            *texts[i].to = texts[i].from;
    if (t->inherits.len == 0)
        t->inherits = old->inherits;
    if (t->with_oids == UNSET)
        t->with_oids = old->with_oids;
}

static const char *temporary_name(struct recreation *r)
{
    const char *name =
        arena_printf(r->arena, "_alembic_tmp_%s", r->old->table->name.text);
    size_t len = strlen(name);
    if (utf8_count(name, len) <= TEMPORARY_NAME_MAX)
        return name;
    return arena_strndup(r->arena, name, utf8_offset(name, len, TEMPORARY_NAME_MAX));
}

static struct py_value make_table(struct recreation *r)
{
    struct py_run *run = r->run;
    struct py_value kwargs = py_new_dict(run), key, value;
    struct py_dict *kw = py_dict_of(kwargs);
    if (!py_is_unset(r->copy->table_kwargs) && !py_is_dict(r->copy->table_kwargs))
        refuse(r, "table_kwargs= that is no dict");
    if (!py_is_unset(r->copy->table_kwargs))
        for (size_t i = 0; py_dict_next(py_dict_of(r->copy->table_kwargs), &i, &key, &value);) {
            const char *name = py_as_string(run, key, "table_kwargs");
            if (!str_eq(name, "comment") && !str_eq(name, "prefixes") && !str_eq(name, "info") &&
                !str_starts_with(name, "postgresql_"))
                refuse(r, "table_kwargs= of anything but comment, prefixes, info, postgresql_*");
            py_dict_put(run, kw, key, value);
        }
    struct sa_table_options options = {
        .name = name_of(temporary_name(r)),
        .schema = r->old->table->schema,
        .schema_quote = r->old->table->schema_quote,
        .metadata = sa_metadata_new(run, NULL, NULL),
        .comment = sa_text_or_null(run, py_dict_take_name(run, kw, "comment"), "comment"),
        .prefixes = py_dict_take_name(run, kw, "prefixes"),
        .info = py_dict_take_name(run, kw, "info"),
        .kw = kw,
    };
    struct py_tuple *items = py_items(run, table_items(r));
    struct sa_table *t;
    struct py_value object = py_new(run, &sa_table_class, (void **)&t);
    sa_table_fill(run, object, &options, items->items, items->len);
    inherit_options(t->table, r->old->table);
    return object;
}

/* ------------------------------------------------------------------ operations */

static struct op *add_op(struct recreation *r, enum op_kind kind, const struct table *t)
{
    struct op *op = host_add_op(r->run, kind);
    op->schema = t->schema;
    op->schema_quote = t->schema_quote;
    op->table = t->name.text;
    op->table_quote = t->name.quote;
    return op;
}

/*
 * A name can be used once: PostgreSQL keeps those of UNIQUE and PRIMARY KEY for the whole schema.
 */
static void drop_old_constraints(struct recreation *r)
{
    const struct table *old = r->old->table;
    for (size_t i = 0; i < old->constraints.len; i++) {
        const struct constraint *k = old->constraints.at[i];
        if (k->name.text && find_named(&r->named, k->name.text))
            add_op(r, OP_DROP_CONSTRAINT, old)->as.drop_constraint.name = k->name;
    }
}

static void move_rows(struct recreation *r, struct py_value table)
{
    struct py_run *run = r->run;
    struct py_value names = py_new_list(run), contents = py_new_list(run);
    for (size_t i = 0; i < r->columns.len; i++) {
        if (py_is_absent(r->columns.at[i].content))
            continue;
        py_list_append(run, names, py_new_str(run, r->columns.at[i].key));
        py_list_append(run, contents, r->columns.at[i].content);
    }
    if (py_list_of(names)->len == 0)
        refuse(r, "none of the old columns");
    struct py_tuple *selected = py_items(run, contents);
    struct py_call select = {
        .args = arena_memdup(r->arena, selected->items, selected->len * sizeof(*selected->items)),
        .count = selected->len,
    };
    struct py_value args[] = {names, sa_new_select(run, &select)};
    struct py_value insert = py_call_method(run, table, "insert", NULL, 0);
    insert = py_call_method(run, insert, "inline", NULL, 0);
    insert = py_call_method(run, insert, "from_select", args, 2);
    const struct expr *statement = sa_executable(run, insert);
    struct op *op = host_add_op(run, OP_EXECUTE);
    op->as.execute = statement;
    op->nondeterministic = r->nondeterministic || py_is_marked(run, insert);
}

/* An index of the old table, or of the block, on the new one under the old one's name. */
static void create_index(struct recreation *r, const struct index *from, const struct table *t)
{
    struct index *ix = arena_memdup(r->arena, from, sizeof(*from));
    const struct table *old = r->old->table;
    ix->elements.at = NULL;
    ix->elements.len = ix->elements.cap = 0;
    for (size_t i = 0; i < from->elements.len; i++) {
        struct index_element e = from->elements.at[i];
        bool plain = e.expression->kind == EXPR_COLUMN;
        const struct moved_column *m = plain ? find_column(r, e.column) : NULL;
        if (plain && !m)
            refuse(r, "an index on a column that is not there");
        if (m) {
            const struct column *c = table_column(t, struct_of(r, m)->name.text);
            e.expression = expr_column(r->arena, c->name, c->type, NULL, c);
            e.column = c->name.text;
        }
        vec_push(r->arena, &ix->elements, e);
    }
    ix->schema = old->schema;
    ix->schema_quote = old->schema_quote;
    ix->table = old->name.text;
    ix->table_quote = old->name.quote;
    add_op(r, OP_CREATE_INDEX, old)->as.create_index = ix;
}

/* Those that index=True brought are lost on the way, as with Alembic. */
static bool is_of_column(const struct recreation *r, const struct index *ix)
{
    for (size_t i = 0; i < r->old->index_items.len; i++)
        if (r->old->index_items.at[i] == ix)
            return false;
    return true;
}

static void create_indexes(struct recreation *r, const struct table *t)
{
    for (size_t i = 0; i < r->indexes.len; i++) {
        const struct index *ix = r->indexes.at[i];
        if (is_of_column(r, ix))
            continue;
        for (size_t k = 0; r->loses_names && k < ix->elements.len; k++)
            if (ix->elements.at[k].expression->kind != EXPR_COLUMN)
                refuse(r, "a dropped or renamed column, and an index on an expression");
        if (r->loses_names && (ix->where || ix->include.len > 0 || ix->given.len > 0))
            refuse(r, "a dropped or renamed column, and an index with options");
        create_index(r, ix, t);
    }
    for (size_t i = 0; i < r->new_indexes.len; i++)
        create_index(r, r->new_indexes.at[i], t);
}

void batch_recreate(struct py_run *run, const struct batch_copy *copy)
{
    struct recreation r = {
        .run = run,
        .arena = py_arena(run),
        .copy = copy,
        .old = sa_table_of(run, copy->table, "copy_from"),
        .nondeterministic = py_is_marked(run, copy->table),
    };
    take_table(&r);
    apply_changes(&r);
    order_columns(&r);
    struct py_value object = make_table(&r);
    struct table *t = sa_table_of(run, object, "table")->table;
    drop_old_constraints(&r);
    struct op *op = add_op(&r, OP_CREATE_TABLE, t);
    op->as.create_table.table = t;
    op->as.create_table.scope = CREATE_WITH_TYPES;
    op->nondeterministic = r.nondeterministic;
    move_rows(&r, object);
    add_op(&r, OP_DROP_TABLE, r.old->table);
    add_op(&r, OP_RENAME_TABLE, t)->as.rename_table.to = r.old->table->name;
    create_indexes(&r, t);
}
