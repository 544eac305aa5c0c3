/* Foreign keys, by what they say, and CHECKs, by name (spec/autogenerate.md, sections 7 and 8). */
#include "config.h"

#include <stdlib.h>
#include <string.h>
#include <strings.h>

#include "autogenerate/compare_private.h"
#include "base/str.h"
#include "schema/naming.h"
#include "sql/render_expr.h"

VEC_DEFINE(found_constraints, const struct constraint *);

/* ------------------------------------------------------------------ foreign keys */

/* The columns referred to, by their names: a model may know them by another key. */
static const char *referred_column(struct comparison *c, const struct constraint *k, size_t i)
{
    const char *key = compare_key(c, compare_schema(c, k->referred_schema), k->referred_table);
    const struct table *t = map_get(&c->model_tables, key);
    for (size_t n = 0; t && n < t->columns.len; n++)
        if (str_eq(t->columns.at[n]->key, k->referred_columns.at[i]))
            return t->columns.at[n]->name.text;
    return k->referred_columns.at[i];
}

/* What happens on update and delete: "no action" is the same as nothing said. */
static const char *action_text(struct comparison *c, const char *action)
{
    char *text = arena_strdup(c->a, action ? action : "");
    for (char *p = text; *p; p++)
        if (*p >= 'A' && *p <= 'Z')
            *p = (char)(*p - 'A' + 'a');
    return strcmp(text, "no action") == 0 ? "" : text;
}

static const char *moment_text(const struct constraint *k)
{
    if (k->initially && strcasecmp(k->initially, "deferred") == 0)
        return "initially_deferrable";
    return k->deferrable == YES ? "deferrable" : "not deferrable";
}

/* All that Alembic compares of a foreign key, as one text. */
static const char *signature(struct comparison *c, const struct table *t,
                             const struct constraint *k)
{
    struct str out = STR_IN(c->a);
    str_addf(&out, "%s\1%s\1", t->schema ? t->schema : "", t->name.text);
    for (size_t i = 0; i < k->columns.len; i++)
        str_addf(&out, "%s\2", k->columns.at[i]);
    str_addf(&out, "\1%s\1%s\1", k->referred_schema ? k->referred_schema : "", k->referred_table);
    for (size_t i = 0; i < k->referred_columns.len; i++)
        str_addf(&out, "%s\2",
                 t->relation ? k->referred_columns.at[i] : referred_column(c, k, i));
    str_addf(&out, "\1%s\1%s\1%s", action_text(c, k->onupdate), action_text(c, k->ondelete),
             moment_text(k));
    return out.ptr;
}

/* A foreign key on its way into the order of its columns. */
struct placed {
    const struct table *table;
    const struct constraint *constraint;
    size_t position;
};

static size_t column_position(const struct table *t, const char *name)
{
    size_t i = 0;
    while (i < t->columns.len && !str_eq(t->columns.at[i]->name.text, name))
        i++;
    return i;
}

static int placed_order(const void *left, const void *right)
{
    const struct placed *a = left, *b = right;
    const struct constraint *k = a->constraint, *l = b->constraint;
    for (size_t i = 0; i < k->columns.len && i < l->columns.len; i++) {
        size_t p = column_position(a->table, k->columns.at[i]);
        size_t q = column_position(a->table, l->columns.at[i]);
        if (p != q)
            return p < q ? -1 : 1;
    }
    if (k->columns.len != l->columns.len)
        return k->columns.len < l->columns.len ? -1 : 1;
    return a->position < b->position ? -1 : a->position > b->position;
}

static void collect_foreign_keys(struct comparison *c, const struct pair *pair,
                                 const struct table *t, struct found_constraints *out,
                                 struct map *signatures)
{
    VEC(struct placed) placed = {0};
    for (size_t i = 0; i < t->constraints.len; i++) {
        const struct constraint *k = t->constraints.at[i];
        struct placed p = {t, k, i};
        if (k->kind == CONSTRAINT_FOREIGN_KEY &&
            (!t->relation || compare_name_included(c, COMPARE_FOREIGN_KEY, k->name.text, pair)))
            vec_push(c->a, &placed, p);
    }
    if (placed.len)
        qsort(placed.at, placed.len, sizeof(*placed.at), placed_order);
    for (size_t i = 0; i < placed.len; i++) {
        const char *key = signature(c, t, placed.at[i].constraint);
        if (map_has(signatures, key))
            continue; /* the same twice */
        map_put(signatures, key, (void *)(uintptr_t)placed.at[i].constraint);
        vec_push(c->a, out, placed.at[i].constraint);
    }
}

static const struct constraint *with_name(const struct found_constraints *in, const char *name)
{
    for (size_t i = 0; name && i < in->len; i++)
        if (str_eq(in->at[i]->name.text, name))
            return in->at[i];
    return NULL;
}

static void log_foreign_key(struct comparison *c, const char *what, const struct table *t,
                            const struct constraint *k)
{
    struct str from = STR_IN(c->a), to = STR_IN(c->a);
    for (size_t i = 0; i < k->columns.len; i++)
        str_addf(&from, "%s%s", i > 0 ? ", " : "", k->columns.at[i]);
    for (size_t i = 0; i < k->referred_columns.len; i++)
        str_addf(&to, "%s%s", i > 0 ? ", " : "",
                 t->relation ? k->referred_columns.at[i] : referred_column(c, k, i));
    compare_log(c, "constraints", "Detected %s foreign key (%s)(%s) on table %s%s%s", what,
                from.ptr, to.ptr, t->schema ? t->schema : "", t->schema ? "." : "", t->name.text);
}

/*
 * Whether the columns are there already: one that is new is NULL in each row, and refers to none.
 */
static bool holds_values(const struct pair *pair, const struct constraint *k)
{
    for (size_t i = 0; i < k->columns.len; i++)
        if (!table_column(pair->database, k->columns.at[i]))
            return false;
    return true;
}

/* One that goes (of the database) or comes (of the models). */
static void foreign_key_found(struct comparison *c, const struct pair *pair, const struct table *t,
                              const struct constraint *k, const struct constraint *other)
{
    bool removed = t == pair->database;
    const struct constraint *named = removed ? k : compare_named_constraint(c, t, k);
    struct compare_object object = {.table = t, .constraint = k};
    struct compare_object compare_to = {
        .table = other ? removed ? pair->model : pair->database : NULL, .constraint = other};
    struct difference item;
    if (!compare_included(c, COMPARE_FOREIGN_KEY, k->name.text, &object, removed, &compare_to))
        return;
    compare_item(c, &item, removed ? DIFFERENCE_REMOVED_CONSTRAINT : DIFFERENCE_ADDED_CONSTRAINT,
                 pair, named->name.text);
    *(removed ? &item.database : &item.model) = compare_constraint_text(c, t, k);
    item.place = pair->model->place;
    if (removed && k->is_inherited)
        item.warning = "it is part of the parent table's and cannot be dropped alone";
    else if (!removed && holds_values(pair, k))
        item.warning = arena_printf(c->a, "it fails when a row refers to what %s does not have",
                                    k->referred_table);
    struct op *create = op_create_constraint(c, t, named), *drop = op_drop_constraint(c, t, named);
    vec_push(c->a, &item.upgrade, removed ? drop : create);
    vec_push(c->a, &item.downgrade, removed ? create : drop);
    log_foreign_key(c, removed ? "removed" : "added", t, k);
    compare_add(c, &item);
}

void compare_foreign_keys(struct comparison *c, const struct pair *pair)
{
    struct map old = MAP_IN(c->a), new = MAP_IN(c->a);
    struct found_constraints database = {0}, model = {0};
    collect_foreign_keys(c, pair, pair->database, &database, &old);
    collect_foreign_keys(c, pair, pair->model, &model, &new);
    for (size_t i = 0; i < old.len && !c->failed; i++) {
        const struct constraint *k = old.at[i].value;
        if (!map_has(&new, old.at[i].key))
            foreign_key_found(c, pair, pair->database, k, with_name(&model, k->name.text));
    }
    for (size_t i = 0; i < new.len && !c->failed; i++) {
        const struct constraint *k = new.at[i].value;
        if (!map_has(&old, new.at[i].key))
            foreign_key_found(c, pair, pair->model, k, with_name(&database, k->name.text));
    }
}

/* ------------------------------------------------------------------ CHECKs */

/* A CHECK of one side; name NULL: the models give it none. */
struct check {
    const char *name;
    const struct constraint *constraint;
    bool bound;   /* it comes with a type: Alembic does not look at it */
    bool matched; /* an unnamed or bound one that the database has */
};
VEC_DEFINE(checks, struct check);

static int check_order(const void *left, const void *right)
{
    const struct check *a = left, *b = right;
    return strcmp(a->name ? a->name : "", b->name ? b->name : "");
}

static void add_check(struct comparison *c, const struct table *t, const struct constraint *k,
                      struct checks *out)
{
    struct check check = {.constraint = k, .bound = k->bound_type != NULL};
    if (k->kind != CONSTRAINT_CHECK)
        return;
    check.name = t->relation ? k->name.text
                             : k->name.text ? naming_fit(c->a, k->name, c->err) : NULL;
    if (k->name.text && !check.name)
        compare_fail(c);
    else
        vec_push(c->a, out, check);
}

static void collect_checks(struct comparison *c, const struct pair *pair, const struct table *t,
                           struct checks *out)
{
    for (size_t i = 0; i < t->constraints.len && !c->failed; i++)
        if (!t->relation ||
            compare_name_included(c, COMPARE_CHECK, t->constraints.at[i]->name.text, pair))
            add_check(c, t, t->constraints.at[i], out);
    for (size_t i = 0; i < t->columns.len && !t->relation && !c->failed; i++)
        for (size_t k = 0; k < t->columns.at[i]->checks.len; k++)
            add_check(c, t, t->columns.at[i]->checks.at[k], out);
    if (out->len)
        qsort(out->at, out->len, sizeof(*out->at), check_order);
}

/* What stands inside of CHECK (...), as SQL. */
static const char *check_text(struct comparison *c, const struct table *t,
                              const struct constraint *k)
{
    if (k->condition)
        return compare_sql(c, k->condition, SQL_EXPR_DDL);
    const char *text = compare_constraint_text(c, t, k);
    size_t open = strlen("CHECK ("), len = strlen(text);
    return len > open ? arena_strndup(c->a, text + open, len - open - 1) : text;
}

static enum compare_answer same_check(struct comparison *c, const struct pair *pair,
                                      const struct check *database, const struct check *model)
{
    struct compare_question question = {
        .database = check_text(c, pair->database, database->constraint),
        .model = check_text(c, pair->model, model->constraint),
        .type = "boolean",
        .table = pair->database,
    };
    if (c->failed || strcmp(question.database, question.model) == 0)
        return COMPARE_SAME;
    return compare_ask(c, &question, NULL);
}

static struct check *check_named(const struct checks *in, const char *name, bool bound)
{
    for (size_t i = 0; i < in->len; i++)
        if (str_eq(in->at[i].name, name) && in->at[i].bound == bound)
            return &in->at[i];
    return NULL;
}

/* Whether the models have this one, without a name or as part of a type. Nothing is dropped as long
 * as the server has not said that it is another one. */
static bool is_declared(struct comparison *c, const struct pair *pair, const struct check *database,
                        struct checks *models)
{
    struct check *bound = check_named(models, database->name, true);
    if (bound) {
        bound->matched = true;
        return true;
    }
    for (size_t i = 0; i < models->len && !c->failed; i++) {
        struct check *model = &models->at[i];
        if ((model->name && !model->bound) || model->matched)
            continue;
        enum compare_answer answer = same_check(c, pair, database, model);
        if (answer == COMPARE_SAME || answer == COMPARE_PENDING) {
            model->matched = true;
            return true;
        }
    }
    return false;
}

static struct compare_object check_object(const struct table *t, const struct check *check)
{
    return (struct compare_object){.table = t, .constraint = check->constraint};
}

static void check_removed(struct comparison *c, const struct pair *pair, const struct check *check)
{
    struct compare_object object = check_object(pair->database, check);
    struct difference item;
    if (!compare_included(c, COMPARE_CHECK, check->name, &object, true, NULL))
        return;
    compare_item(c, &item, DIFFERENCE_REMOVED_CONSTRAINT, pair, check->name);
    item.database = compare_constraint_text(c, pair->database, check->constraint);
    item.place = pair->model->place;
    if (check->constraint->is_inherited)
        item.warning = "it is part of the parent table's and cannot be dropped alone";
    vec_push(c->a, &item.upgrade, op_drop_constraint(c, pair->database, check->constraint));
    vec_push(c->a, &item.downgrade, op_create_constraint(c, pair->database, check->constraint));
    compare_log(c, "check_constraints", "Detected removed check constraint %s on table %s",
                compare_repr(c, check->name), compare_repr(c, pair->name));
    compare_add(c, &item);
}

static void check_added(struct comparison *c, const struct pair *pair, const struct check *check)
{
    struct compare_object object = check_object(pair->model, check);
    struct difference item;
    if (!compare_included(c, COMPARE_CHECK, check->constraint->name.text, &object, false, NULL))
        return;
    compare_item(c, &item, DIFFERENCE_ADDED_CONSTRAINT, pair, check->name);
    item.model = compare_constraint_text(c, pair->model, check->constraint);
    item.place = pair->model->place;
    item.warning = "it fails when a row does not satisfy it";
    vec_push(c->a, &item.upgrade, op_create_constraint(c, pair->model, check->constraint));
    vec_push(c->a, &item.downgrade, op_drop_constraint(c, pair->model, check->constraint));
    compare_log(c, "check_constraints", "Detected added check constraint %s on table %s",
                compare_repr(c, check->constraint->name.text), compare_repr(c, pair->name));
    compare_add(c, &item);
}

/* The text of a CHECK that is on both sides, or one without a name that the database lacks. */
static void check_differs(struct comparison *c, const struct pair *pair,
                          const struct check *database, const struct check *model)
{
    const struct constraint *named = compare_named_constraint(c, pair->model, model->constraint);
    struct difference item;
    compare_item(c, &item, DIFFERENCE_CHECK_TEXT, pair, named->name.text);
    item.model = compare_constraint_text(c, pair->model, model->constraint);
    item.place = pair->model->place;
    item.warning = "it fails when a row does not satisfy it";
    if (database) {
        item.database = compare_constraint_text(c, pair->database, database->constraint);
        vec_push(c->a, &item.upgrade, op_drop_constraint(c, pair->database, database->constraint));
    }
    vec_push(c->a, &item.upgrade, op_create_constraint(c, pair->model, named));
    vec_push(c->a, &item.downgrade, op_drop_constraint(c, pair->model, named));
    if (database)
        vec_push(c->a, &item.downgrade,
                 op_create_constraint(c, pair->database, database->constraint));
    compare_add(c, &item);
}

/* What Alembic does not look at: the text of CHECKs, and those without a name. */
static void compare_check_texts(struct comparison *c, const struct pair *pair,
                                const struct checks *found, const struct checks *wanted)
{
    for (size_t i = 0; i < wanted->len && !c->failed; i++) {
        const struct check *model = &wanted->at[i];
        const struct check *database = model->name ? check_named(found, model->name, false) : NULL;
        if (model->matched)
            continue;
        if (database) {
            if (same_check(c, pair, database, model) == COMPARE_OTHER)
                check_differs(c, pair, database, model);
        } else if (!model->name) {
            check_differs(c, pair, NULL, model);
        }
    }
}

void compare_checks(struct comparison *c, const struct pair *pair)
{
    struct checks found = {0}, wanted = {0};
    collect_checks(c, pair, pair->database, &found);
    collect_checks(c, pair, pair->model, &wanted);
    for (size_t i = 0; i < found.len && !c->failed; i++)
        if (!check_named(&wanted, found.at[i].name, false) &&
            !is_declared(c, pair, &found.at[i], &wanted))
            check_removed(c, pair, &found.at[i]);
    for (size_t i = 0; i < wanted.len && !c->failed; i++)
        if (wanted.at[i].name && !wanted.at[i].bound &&
            !check_named(&found, wanted.at[i].name, false))
            check_added(c, pair, &wanted.at[i]);
    compare_check_texts(c, pair, &found, &wanted);
}
