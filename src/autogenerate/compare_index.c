/* Indexes and UNIQUE constraints, by name (spec/autogenerate.md, section 6). */
#include "config.h"

#include <stdlib.h>
#include <string.h>

#include "autogenerate/compare_index.h"
#include "base/str.h"
#include "schema/naming.h"
#include "sql/render_expr.h"

/* An index or a UNIQUE constraint of one side. */
struct thing {
    const char *name; /* as the database has it; NULL: a constraint of the models without one */
    const struct table *table;
    const struct index *index;
    const struct constraint *unique; /* one of the two */
};
VEC_DEFINE(things, struct thing);

static int thing_order(const void *left, const void *right)
{
    const struct thing *a = left, *b = right;
    return strcmp(a->name, b->name);
}

static int name_order(const void *left, const void *right)
{
    return strcmp(*(const char *const *)left, *(const char *const *)right);
}

struct name_list index_sorted(struct comparison *c, const struct name_list *names)
{
    struct name_list out = {0};
    for (size_t i = 0; i < names->len; i++)
        vec_push(c->a, &out, names->at[i]);
    if (out.len)
        qsort(out.at, out.len, sizeof(*out.at), name_order);
    return out;
}

/* ------------------------------------------------------------------ both sides */

static const char *final_name(struct comparison *c, struct name name)
{
    const char *fitted = name.text && !c->failed ? naming_fit(c->a, name, c->err) : NULL;
    if (name.text && !fitted)
        compare_fail(c);
    return fitted;
}

static void add_thing(struct comparison *c, struct things *out, struct thing thing)
{
    if (!c->failed)
        vec_push(c->a, out, thing);
}

/* Those of the models that have a name, and the constraints that have none. */
static void model_things(struct comparison *c, const struct table *t, struct things *named,
                         struct things *unnamed)
{
    for (size_t i = 0; i < t->indexes.len; i++) {
        const struct index *ix = t->indexes.at[i];
        struct thing thing = {final_name(c, ix->name), t, ix, NULL};
        add_thing(c, named, thing);
    }
    for (size_t i = 0; i < t->constraints.len && unnamed; i++) {
        const struct constraint *k = t->constraints.at[i];
        struct thing thing = {final_name(c, k->name), t, NULL, k};
        if (k->kind == CONSTRAINT_UNIQUE)
            add_thing(c, thing.name ? named : unnamed, thing);
    }
    if (named->len)
        qsort(named->at, named->len, sizeof(*named->at), thing_order);
}

static void database_things(struct comparison *c, const struct pair *pair, bool with_unique,
                            struct things *out)
{
    const struct table *t = pair->database;
    for (size_t i = 0; i < t->indexes.len; i++) {
        const struct index *ix = t->indexes.at[i];
        struct thing thing = {ix->name.text, t, ix, NULL};
        if (compare_name_included(c, COMPARE_INDEX, ix->name.text, pair))
            add_thing(c, out, thing);
    }
    for (size_t i = 0; i < t->constraints.len && with_unique; i++) {
        const struct constraint *k = t->constraints.at[i];
        struct thing thing = {k->name.text, t, NULL, k};
        if (k->kind == CONSTRAINT_UNIQUE &&
            compare_name_included(c, COMPARE_UNIQUE, k->name.text, pair))
            add_thing(c, out, thing);
    }
    if (out->len)
        qsort(out->at, out->len, sizeof(*out->at), thing_order);
}

static const struct thing *find_thing(const struct things *in, const char *name)
{
    struct thing key = {.name = name};
    return in->len ? bsearch(&key, in->at, in->len, sizeof(*in->at), thing_order) : NULL;
}

static bool same_columns(struct comparison *c, const struct thing *a, const struct thing *b)
{
    if (!a->unique || !b->unique || a->unique->columns.len != b->unique->columns.len)
        return false;
    struct name_list left = index_sorted(c, &a->unique->columns);
    struct name_list right = index_sorted(c, &b->unique->columns);
    return strcmp(compare_tuple(c, &left), compare_tuple(c, &right)) == 0;
}

static bool has_same_columns(struct comparison *c, const struct things *in,
                             const struct thing *thing)
{
    for (size_t i = 0; i < in->len; i++)
        if (same_columns(c, &in->at[i], thing))
            return true;
    return false;
}

/* ------------------------------------------------------------------ in words */

/* The columns that Alembic names: the first one inside each element, each once. */
static const char *column_tuple(struct comparison *c, const struct thing *thing)
{
    struct name_list names = {0};
    if (thing->unique)
        return compare_tuple(c, &thing->unique->columns);
    for (size_t i = 0; i < thing->index->elements.len; i++) {
        const struct expr *column = expr_first_column(thing->index->elements.at[i].expression);
        bool known = !column;
        for (size_t k = 0; k < names.len && !known; k++)
            known = strcmp(names.at[k], column->as.column.name.text) == 0;
        if (!known)
            vec_push(c->a, &names, column->as.column.name.text);
    }
    return compare_tuple(c, &names);
}

/* "UNIQUE INDEX (a, lower(b)) WHERE x > 1" */
static const char *thing_text(struct comparison *c, const struct thing *thing)
{
    struct str out = STR_IN(c->a);
    const struct index *ix = thing->index;
    if (!ix)
        return compare_constraint_text(c, thing->table, thing->unique);
    str_addf(&out, "%sINDEX ", ix->unique ? "UNIQUE " : "");
    if (ix->using_)
        str_addf(&out, "USING %s ", ix->using_);
    for (size_t i = 0; i < ix->elements.len; i++)
        str_addf(&out, "%s%s", i > 0 ? ", " : "(",
                 compare_sql(c, ix->elements.at[i].expression, SQL_EXPR_DDL));
    str_addc(&out, ')');
    if (ix->where_text)
        str_addf(&out, " WHERE %s", ix->where_text);
    else if (ix->where)
        str_addf(&out, " WHERE %s", compare_sql(c, ix->where, SQL_EXPR_DDL));
    return out.ptr;
}

/* ------------------------------------------------------------------ findings */

static struct compare_object object_of(const struct thing *thing)
{
    return (struct compare_object){
        .table = thing->table, .index = thing->index, .constraint = thing->unique};
}

static enum compare_kind kind_of(const struct thing *thing)
{
    return thing->index ? COMPARE_INDEX : COMPARE_UNIQUE;
}

/* As the program named it: what is longer than the database takes is not cut. */
static const char *given_name(const struct thing *thing)
{
    return thing->index ? thing->index->name.text : thing->unique->name.text;
}

static struct op *create_op(struct comparison *c, const struct thing *thing)
{
    return thing->index ? op_create_index(c, thing->table, thing->index)
                        : op_create_constraint(c, thing->table, thing->unique);
}

static struct op *drop_op(struct comparison *c, const struct thing *thing)
{
    return thing->index ? op_drop_index(c, thing->table, thing->index)
                        : op_drop_constraint(c, thing->table, thing->unique);
}

static void thing_added(struct comparison *c, const struct pair *pair, const struct thing *thing)
{
    struct compare_object object = object_of(thing);
    struct thing named = *thing;
    struct difference item;
    if (!compare_included(c, kind_of(thing), given_name(thing), &object, false, NULL))
        return;
    if (thing->unique)
        named.unique = compare_named_constraint(c, thing->table, thing->unique);
    compare_item(c, &item, thing->index ? DIFFERENCE_ADDED_INDEX : DIFFERENCE_ADDED_CONSTRAINT,
                 pair, thing->unique ? named.unique->name.text : thing->name);
    item.model = thing_text(c, thing);
    item.place = thing->table->place;
    if (thing->unique || thing->index->unique)
        item.warning = "it fails when rows have the same values";
    vec_push(c->a, &item.upgrade, create_op(c, &named));
    vec_push(c->a, &item.downgrade, drop_op(c, &named));
    compare_log(c, "constraints", "Detected added %s %s on '%s'",
                thing->index ? "index" : "unique constraint", compare_repr(c, given_name(thing)),
                column_tuple(c, thing));
    compare_add(c, &item);
}

static void thing_removed(struct comparison *c, const struct pair *pair, const struct thing *thing)
{
    struct compare_object object = object_of(thing);
    struct difference item;
    if (!compare_included(c, kind_of(thing), thing->name, &object, true, NULL))
        return;
    compare_item(c, &item, thing->index ? DIFFERENCE_REMOVED_INDEX : DIFFERENCE_REMOVED_CONSTRAINT,
                 pair, thing->name);
    item.database = thing_text(c, thing);
    item.place = pair->model->place;
    if (thing->index ? thing->index->is_inherited : thing->unique->is_inherited)
        item.warning = "it is part of the parent table's and cannot be dropped alone";
    vec_push(c->a, &item.upgrade, drop_op(c, thing));
    vec_push(c->a, &item.downgrade, create_op(c, thing));
    compare_log(c, "constraints", "Detected removed %s %s on %s",
                thing->index ? "index" : "unique constraint", compare_repr(c, thing->name),
                compare_repr(c, pair->name));
    compare_add(c, &item);
}

static void thing_changed(struct comparison *c, const struct pair *pair, const struct thing *old,
                          const struct thing *new, const char *reason)
{
    struct compare_object object = object_of(new), other = object_of(old);
    struct difference item;
    if (!compare_included(c, kind_of(new), given_name(new), &object, false, &other))
        return;
    compare_item(c, &item, new->index ? DIFFERENCE_CHANGED_INDEX : DIFFERENCE_CHANGED_CONSTRAINT,
                 pair, old->name);
    item.database = thing_text(c, old);
    item.model = thing_text(c, new);
    item.place = new->table->place;
    vec_push(c->a, &item.upgrade, drop_op(c, old));
    vec_push(c->a, &item.upgrade, create_op(c, new));
    vec_push(c->a, &item.downgrade, drop_op(c, new));
    vec_push(c->a, &item.downgrade, create_op(c, old));
    compare_log(c, "constraints", "Detected changed %s %s on %s: %s",
                new->index ? "index" : "unique constraint", compare_repr(c, old->name),
                compare_repr(c, pair->name), reason);
    compare_add(c, &item);
}

static void compare_same_name(struct comparison *c, const struct pair *pair,
                              const struct thing *old, const struct thing *new)
{
    const char *skipped = NULL, *reason;
    if ((old->index == NULL) != (new->index == NULL)) {
        thing_removed(c, pair, old);
        thing_added(c, pair, new);
        return;
    }
    reason = new->index ? index_changes(c, old->index, new->index, new->table->name.text, &skipped)
                        : unique_changes(c, old->unique, new->unique);
    if (reason)
        thing_changed(c, pair, old, new, reason);
    else if (skipped)
        compare_log(c, "constraints", "Cannot compare index %s, assuming equal and skipping. %s",
                    compare_repr(c, old->name), skipped);
}

/* One that goes and one that comes with the same definition: only the name changes. */
static void mark_renamed(struct comparison *c, size_t from)
{
    for (size_t i = from; i < c->out->items.len; i++) {
        struct difference *removed = &c->out->items.at[i];
        for (size_t k = from; k < c->out->items.len && removed->database && !removed->model; k++) {
            struct difference *added = &c->out->items.at[k];
            if (!added->database && str_eq(added->model, removed->database))
                added->cosmetic = removed->cosmetic = true;
        }
    }
}

/* A constraint that was added before in this list already does. */
static bool is_repeated(struct comparison *c, const struct things *in, size_t at)
{
    for (size_t i = 0; i < at; i++)
        if (same_columns(c, &in->at[i], &in->at[at]))
            return true;
    return false;
}

void compare_indexes(struct comparison *c, const struct pair *pair)
{
    struct things named = {0}, unnamed = {0}, found = {0};
    size_t from = c->out->items.len;
    model_things(c, pair->model, &named, &unnamed);
    database_things(c, pair, true, &found);
    for (size_t i = 0; i < found.len && !c->failed; i++)
        if (!find_thing(&named, found.at[i].name) && !has_same_columns(c, &unnamed, &found.at[i]))
            thing_removed(c, pair, &found.at[i]);
    for (size_t i = 0; i < named.len && !c->failed; i++) {
        const struct thing *old = find_thing(&found, named.at[i].name);
        if (old)
            compare_same_name(c, pair, old, &named.at[i]);
    }
    for (size_t i = 0; i < named.len && !c->failed; i++)
        if (!find_thing(&found, named.at[i].name))
            thing_added(c, pair, &named.at[i]);
    for (size_t i = 0; i < unnamed.len && !c->failed; i++)
        if (!has_same_columns(c, &found, &unnamed.at[i]) && !is_repeated(c, &unnamed, i))
            thing_added(c, pair, &unnamed.at[i]);
    mark_renamed(c, from);
}

struct index_list compare_table_indexes(struct comparison *c, const struct pair *pair)
{
    struct index_list out = {0};
    struct things things = {0};
    if (!compare_has(c, PLUGIN_CONSTRAINTS))
        return out;
    if (pair->model)
        model_things(c, pair->model, &things, NULL);
    else
        database_things(c, pair, false, &things);
    for (size_t i = 0; i < things.len; i++) {
        const struct thing *thing = &things.at[i];
        struct compare_object object = object_of(thing);
        if (!compare_included(c, COMPARE_INDEX, given_name(thing), &object, !pair->model, NULL))
            continue;
        if (pair->model)
            compare_log(c, "constraints", "Detected added index %s on '%s'",
                        compare_repr(c, given_name(thing)), column_tuple(c, thing));
        else
            compare_log(c, "constraints", "Detected removed index %s on %s",
                        compare_repr(c, thing->name), compare_repr(c, pair->name));
        vec_push(c->a, &out, (struct index *)thing->index);
    }
    return out;
}
