#include "config.h"

#include "schema/replay.h"

#include <string.h>

#include "base/arena.h"
#include "base/str.h"
#include "schema/default_name.h"

/* ------------------------------------------------------------------ copies */

#define COPY_LIST(a, list)                                                                         \
    do {                                                                                           \
        size_t len_ = (list)->len;                                                                 \
        (list)->at = len_ ? arena_memdup((a), (list)->at, len_ * sizeof(*(list)->at)) : NULL;      \
        (list)->cap = len_;                                                                        \
    } while (0)

struct schema *schema_copy(struct arena *a, const struct schema *s)
{
    struct schema *copy = arena_memdup(a, s, sizeof(*s));
    COPY_LIST(a, &copy->tables);
    COPY_LIST(a, &copy->enums);
    COPY_LIST(a, &copy->domains);
    COPY_LIST(a, &copy->sequences);
    COPY_LIST(a, &copy->unknown);
    return copy;
}

static struct table *copy_table(struct arena *a, const struct table *t)
{
    struct table *copy = arena_memdup(a, t, sizeof(*t));
    COPY_LIST(a, &copy->columns);
    COPY_LIST(a, &copy->constraints);
    COPY_LIST(a, &copy->indexes);
    return copy;
}

/* Takes element i out of a list. */
#define REMOVE(list, i)                                                                            \
    do {                                                                                           \
        memmove(&(list)->at[i], &(list)->at[(i) + 1],                                              \
                ((list)->len - (i) - 1) * sizeof(*(list)->at));                                    \
        (list)->len--;                                                                             \
    } while (0)

/* ------------------------------------------------------------------ finding */

/* The schema as a catalog names it: NULL for the one that the search path finds first. */
static const char *shown_schema(const struct schema *s, const char *schema)
{
    return schema && s->default_schema && str_eq(schema, s->default_schema) ? NULL : schema;
}

static bool same_schema(const char *a, const char *b)
{
    return a == b || (a && b && str_eq(a, b));
}

/* Where the table stands; the list's length: nowhere. */
static size_t table_position(const struct schema *s, const char *schema, const char *name)
{
    size_t i = 0;
    const char *shown = shown_schema(s, schema);
    while (i < s->tables.len && !(str_eq(s->tables.at[i]->name.text, name) &&
                                  same_schema(s->tables.at[i]->schema, shown)))
        i++;
    return i;
}

/* A copy of the table in its place, to be changed; NULL: there is none of that name. */
static struct table *changed_table(struct arena *a, struct schema *s, const char *schema,
                                   const char *name)
{
    size_t i = name ? table_position(s, schema, name) : s->tables.len;
    if (i == s->tables.len)
        return NULL;
    s->tables.at[i] = copy_table(a, s->tables.at[i]);
    return s->tables.at[i];
}

static bool has_name(const struct name_list *list, const char *name)
{
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->at[i], name))
            return true;
    return false;
}

static bool is_taken(const char *name, void *payload)
{
    const struct table *t = payload;
    for (size_t i = 0; i < t->constraints.len; i++)
        if (t->constraints.at[i]->name.text && str_eq(t->constraints.at[i]->name.text, name))
            return true;
    for (size_t i = 0; i < t->indexes.len; i++)
        if (t->indexes.at[i]->name.text && str_eq(t->indexes.at[i]->name.text, name))
            return true;
    return false;
}

/* ------------------------------------------------------------------ what the server adds */

static void add_type(struct arena *a, struct schema *s, const struct type *type)
{
    struct type_list *list = type->kind == TYPE_PG_DOMAIN ? &s->domains : &s->enums;
    const char *schema = shown_schema(s, type->schema);
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->at[i]->name.text, type->name.text) &&
            same_schema(list->at[i]->schema, schema))
            return;
    struct type *copy = arena_memdup(a, type, sizeof(*type));
    copy->schema = schema;
    vec_push(a, list, copy);
}

/* A constraint as it stands in the catalog: with a name, and nothing implied about it. */
static void add_constraint(struct arena *a, struct table *t, const struct constraint *k)
{
    struct constraint *copy = arena_memdup(a, k, sizeof(*k));
    if (k->skip)
        return;
    if (!copy->name.text)
        copy->name = (struct name){.text = default_constraint_name(a, t, k, is_taken, t)};
    vec_push(a, &t->constraints, copy);
    for (size_t i = 0; k->kind == CONSTRAINT_PRIMARY_KEY && i < t->columns.len; i++) {
        if (!has_name(&k->columns, t->columns.at[i]->name.text))
            continue;
        struct column *c = arena_memdup(a, t->columns.at[i], sizeof(*c));
        c->primary_key = true;
        c->nullable = NO;
        t->columns.at[i] = c;
    }
}

static const char *default_text(const struct expr *e)
{
    return e && e->kind == EXPR_TEXT ? e->as.text.text : NULL;
}

static struct column *added_column(struct arena *a, struct schema *s, const struct table *t,
                                   const struct column *c)
{
    struct column *copy = arena_memdup(a, c, sizeof(*c));
    const struct type *type = type_named(c->type);
    copy->table = t;
    copy->default_text = default_text(c->computed ? c->computed->expression : c->server_default);
    if (type && type->name.text)
        add_type(a, s, type);
    return copy;
}

static void create_table(struct arena *a, struct schema *s, const struct op *op)
{
    const struct table *from = op->as.create_table.table;
    struct table *t = arena_memdup(a, from, sizeof(*from));
    const struct column *number = table_autoincrement_column(from);
    t->schema = shown_schema(s, from->schema);
    t->columns = (struct column_list){0};
    t->constraints = (struct constraint_list){0};
    COPY_LIST(a, &t->indexes);
    for (size_t i = 0; i < from->columns.len; i++) {
        const struct column *c = from->columns.at[i];
        struct column *copy = added_column(a, s, t, c);
        if (c == number && !c->server_default && !c->identity && column_can_autoincrement(c))
            copy->default_text = arena_printf(a, "nextval('%s_%s_seq'::regclass)", t->name.text,
                                              c->name.text);
        vec_push(a, &t->columns, copy);
    }
    for (size_t i = 0; i < from->constraints.len; i++)
        add_constraint(a, t, from->constraints.at[i]);
    if (table_position(s, t->schema, t->name.text) == s->tables.len)
        vec_push(a, &s->tables, t);
}

/* ------------------------------------------------------------------ changes of a table */

static void drop_table(struct schema *s, const struct op *op)
{
    size_t i = table_position(s, op->schema, op->table);
    if (i < s->tables.len)
        REMOVE(&s->tables, i);
}

static void add_column(struct arena *a, struct schema *s, struct table *t, const struct op *op)
{
    if (table_column(t, op->as.add_column.column->name.text))
        return;
    vec_push(a, &t->columns, added_column(a, s, t, op->as.add_column.column));
    for (size_t i = 0; i < op->as.add_column.constraints.len; i++)
        add_constraint(a, t, op->as.add_column.constraints.at[i]);
    for (size_t i = 0; i < op->as.add_column.indexes.len; i++)
        vec_push(a, &t->indexes, op->as.add_column.indexes.at[i]);
}

static bool index_has(const struct index *ix, const char *column)
{
    for (size_t i = 0; i < ix->elements.len; i++)
        if (ix->elements.at[i].column && str_eq(ix->elements.at[i].column, column))
            return true;
    return has_name(&ix->include, column);
}

/* What is about the column goes with it. */
static void drop_column(struct table *t, const char *name)
{
    for (size_t i = t->columns.len; i > 0; i--)
        if (str_eq(t->columns.at[i - 1]->name.text, name))
            REMOVE(&t->columns, i - 1);
    for (size_t i = t->constraints.len; i > 0; i--)
        if (has_name(&t->constraints.at[i - 1]->columns, name))
            REMOVE(&t->constraints, i - 1);
    for (size_t i = t->indexes.len; i > 0; i--)
        if (index_has(t->indexes.at[i - 1], name))
            REMOVE(&t->indexes, i - 1);
}

static void rename_in(struct arena *a, struct name_list *list, const char *from, const char *to)
{
    if (!has_name(list, from))
        return;
    COPY_LIST(a, list);
    for (size_t i = 0; i < list->len; i++)
        if (str_eq(list->at[i], from))
            list->at[i] = to;
}

static void rename_column(struct arena *a, struct table *t, const char *from, const char *to)
{
    for (size_t i = 0; i < t->constraints.len; i++) {
        struct constraint *k = arena_memdup(a, t->constraints.at[i], sizeof(*k));
        rename_in(a, &k->columns, from, to);
        t->constraints.at[i] = k;
    }
    for (size_t i = 0; i < t->indexes.len; i++) {
        struct index *ix = arena_memdup(a, t->indexes.at[i], sizeof(*ix));
        COPY_LIST(a, &ix->elements);
        rename_in(a, &ix->include, from, to);
        for (size_t j = 0; j < ix->elements.len; j++)
            if (ix->elements.at[j].column && str_eq(ix->elements.at[j].column, from))
                ix->elements.at[j].column = to;
        t->indexes.at[i] = ix;
    }
}

static void alter_column(struct arena *a, struct schema *s, struct table *t,
                         const struct alter_column *change)
{
    size_t i = 0;
    while (i < t->columns.len && !str_eq(t->columns.at[i]->name.text, change->column.text))
        i++;
    if (i == t->columns.len)
        return;
    struct column *c = arena_memdup(a, t->columns.at[i], sizeof(*c));
    t->columns.at[i] = c;
    if (change->type) {
        c->type = change->type;
        if (type_named(c->type) && type_named(c->type)->name.text)
            add_type(a, s, type_named(c->type));
    }
    if (change->nullable != UNSET)
        c->nullable = change->nullable;
    if (change->has_server_default) {
        c->server_default = change->server_default;
        c->default_text = default_text(change->server_default);
        c->identity = change->identity;
    }
    if (change->has_comment)
        c->comment = change->comment;
    if (!change->new_name.text)
        return;
    rename_column(a, t, change->column.text, change->new_name.text);
    c->name = change->new_name;
}

static void drop_constraint(struct table *t, const char *name)
{
    for (size_t i = t->constraints.len; name && i > 0; i--)
        if (t->constraints.at[i - 1]->name.text &&
            str_eq(t->constraints.at[i - 1]->name.text, name))
            REMOVE(&t->constraints, i - 1);
}

static void set_comment(struct arena *a, struct table *t, const char *column, const char *comment)
{
    for (size_t i = 0; i < t->columns.len; i++) {
        if (!str_eq(t->columns.at[i]->name.text, column))
            continue;
        t->columns.at[i] = arena_memdup(a, t->columns.at[i], sizeof(struct column));
        t->columns.at[i]->comment = comment;
    }
}

/* Operations on one table that exists. */
static void change_table(struct arena *a, struct schema *s, struct table *t, const struct op *op)
{
    switch (op->kind) {
    case OP_RENAME_TABLE:
        t->name = op->as.rename_table.to;
        break;
    case OP_TABLE_COMMENT:
        t->comment = op->as.table_comment.comment;
        break;
    case OP_COLUMN_COMMENT:
        set_comment(a, t, op->as.column_comment.column.text, op->as.column_comment.comment);
        break;
    case OP_ADD_COLUMN:
        add_column(a, s, t, op);
        break;
    case OP_DROP_COLUMN:
        drop_column(t, op->as.drop_column.column.text);
        break;
    case OP_ALTER_COLUMN:
        alter_column(a, s, t, op->as.alter_column);
        break;
    case OP_CREATE_CONSTRAINT:
        add_constraint(a, t, op->as.create_constraint);
        break;
    case OP_DROP_CONSTRAINT:
        drop_constraint(t, op->as.drop_constraint.name.text);
        break;
    case OP_CREATE_INDEX:
        vec_push(a, &t->indexes, op->as.create_index);
        break;
    default:
        break;
    }
}

/* ------------------------------------------------------------------ without a table */

/* An index is dropped by its name alone. */
static void drop_index(struct arena *a, struct schema *s, const char *name)
{
    for (size_t i = 0; name && i < s->tables.len; i++)
        for (size_t j = 0; j < s->tables.at[i]->indexes.len; j++) {
            const struct index *ix = s->tables.at[i]->indexes.at[j];
            if (!ix->name.text || !str_eq(ix->name.text, name))
                continue;
            s->tables.at[i] = copy_table(a, s->tables.at[i]);
            REMOVE(&s->tables.at[i]->indexes, j);
            return;
        }
}

static void drop_type(struct schema *s, const struct type *type)
{
    struct type_list *list = type->kind == TYPE_PG_DOMAIN ? &s->domains : &s->enums;
    const char *schema = shown_schema(s, type->schema);
    for (size_t i = list->len; i > 0; i--)
        if (str_eq(list->at[i - 1]->name.text, type->name.text) &&
            same_schema(list->at[i - 1]->schema, schema))
            REMOVE(list, i - 1);
}

void schema_replay(struct arena *a, struct schema *s, const struct op *op)
{
    switch (op->kind) {
    case OP_CREATE_TABLE:
        create_table(a, s, op);
        return;
    case OP_DROP_TABLE:
        drop_table(s, op);
        return;
    case OP_DROP_INDEX:
        drop_index(a, s, op->as.drop_index->name.text);
        return;
    case OP_CREATE_TYPE:
        add_type(a, s, op->as.create_type);
        return;
    case OP_DROP_TYPE:
        drop_type(s, op->as.drop_type);
        return;
    default:
        break;
    }
    const char *table = op->table;
    if (op->kind == OP_CREATE_INDEX && !table)
        table = op->as.create_index->table;
    struct table *t = changed_table(a, s, op->schema, table);
    if (t)
        change_table(a, s, t, op);
}

/* ------------------------------------------------------------------ what is not known */

void schema_forget(struct arena *a, struct schema *s, const char *schema, const char *table,
                   const char *reason)
{
    vec_push(a, &s->unknown,
             ((struct unknown_table){shown_schema(s, schema), table, reason, {NULL, 0}}));
}

const char *schema_is_unknown(const struct schema *s, const char *schema, const char *table)
{
    const char *shown = shown_schema(s, schema);
    for (size_t i = 0; i < s->unknown.len; i++) {
        const struct unknown_table *u = &s->unknown.at[i];
        bool same = same_schema(u->schema, shown);
        if (u->table ? !table || (same && str_eq(u->table, table)) : !u->schema || same)
            return u->reason;
    }
    return NULL;
}
