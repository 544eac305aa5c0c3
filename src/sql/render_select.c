/* SELECT and compounds of it: names of columns, what stands in FROM, correlation. */
#include "config.h"

#include <string.h>

#include "schema/expr_build.h"
#include "schema/type.h"
#include "sql/expr_compile.h"
#include "schema/identifier.h"

/* ------------------------------------------------------------------ columns */

/* A name in a list of columns: text, or one that will be made up for an expression. */
struct column_key {
    const char *text;      /* NULL: made up */
    const struct expr *of; /* for which expression */
    const char *base;
};

/* What one column of the list is printed with. */
struct column_label {
    bool required;         /* print AS in any case */
    struct column_key key; /* text NULL and of NULL: no name */
    size_t extra;
};

struct seen_column {
    struct column_key key;
    const struct expr *column;
};

VEC_DEFINE(seen_list, struct seen_column);

/* The name that an expression has by itself. */
static struct column_key own_key(const struct expr *e)
{
    struct column_key key = {0};

    if (e->kind == EXPR_COLUMN) {
        if (e->as.column.name.text)
            key.text = e->as.column.name.text;
        else
            key = (struct column_key){NULL, e, "column"};
    } else if (e->kind == EXPR_LABEL) {
        if (e->as.label.name.text)
            key.text = e->as.label.name.text;
        else
            key = (struct column_key){NULL, e, "label"};
    }
    return key;
}

/* The name made up for an expression without one; what is cast lends its name. */
static struct column_key fallback_key(const struct expr *e)
{
    struct column_key key = own_key(e);
    const struct expr *inner = NULL;

    if (key.text || key.of)
        return key;
    if (e->kind == EXPR_CAST)
        inner = e->as.cast.operand;
    else if (e->kind == EXPR_TYPE_COERCE)
        inner = e->as.inner;
    else if (e->kind == EXPR_AS_BOOLEAN)
        inner = e->as.unary.operand;
    if (inner && inner->kind != EXPR_TEXT)
        return fallback_key(inner);
    return (struct column_key){NULL, e, "fallback"};
}

static const struct expr *find_seen(const struct seen_list *seen, struct column_key key)
{
    for (size_t i = 0; i < seen->len; i++) {
        const struct column_key *other = &seen->at[i].key;
        if (key.text ? other->text && strcmp(other->text, key.text) == 0
                     : other->of == key.of && other->base && strcmp(other->base, key.base) == 0)
            return seen->at[i].column;
    }
    return NULL;
}

/* The name of the column for something that is cast from one, else "anon". */
static const char *lent_base(struct compiler *c, const struct expr *e)
{
    const struct expr *inner = e;

    while (inner->kind == EXPR_CAST || inner->kind == EXPR_TYPE_COERCE)
        inner = inner->kind == EXPR_CAST ? inner->as.cast.operand : inner->as.inner;
    if (inner == e || inner->kind != EXPR_COLUMN || !inner->as.column.name.text)
        return "anon_";
    return arena_printf(c->a, "%s_", inner->as.column.name.text);
}

/* A label for the n-th repetition of a column: "id__1". */
static void dedupe(struct compiler *c, const struct expr *e, size_t *number,
                   struct column_label *label)
{
    struct column_key own = own_key(e);

    label->key = (struct column_key){NULL, e,
                                     own.text ? arena_printf(c->a, "%s_", own.text)
                                              : lent_base(c, e)};
    label->extra = (*number)++;
    label->required = own.text != NULL;
}

/*
 * Which label a column of a list gets. Names are told apart: another column of the same name is
 * id_1, the same column again id__1.
 */
static struct column_label label_column(struct compiler *c, const struct expr *e,
                                        struct seen_list *seen, size_t *repeats)
{
    struct column_label label = {.key = own_key(e)};
    struct seen_column entry = {label.key, e};

    if (e->kind == EXPR_TEXT || e->kind == EXPR_STAR)
        return (struct column_label){0};
    if (!label.key.text && !label.key.of) { /* no name of its own */
        label.key = entry.key = fallback_key(e);
        if (find_seen(seen, label.key))
            dedupe(c, e, repeats, &label);
        else
            vec_push(c->a, seen, entry);
        return label;
    }
    const struct expr *other = find_seen(seen, label.key);
    if (!other) {
        vec_push(c->a, seen, entry);
    } else if (other == e) {
        dedupe(c, e, repeats, &label);
        label.required = true;
    } else {
        struct column_key made = {NULL, e, label.key.text ? label.key.text : ""};
        label.required = true;
        if (find_seen(seen, made)) {
            dedupe(c, e, repeats, &label);
            label.required = true;
        } else {
            label.key = entry.key = made;
            vec_push(c->a, seen, entry);
        }
    }
    return label;
}

static const char *label_text(struct compiler *c, const struct expr *e,
                              const struct column_label *label)
{
    if (label->key.text)
        return compile_cut(c, label->key.text);
    if (strcmp(label->key.base, "column") == 0 || strcmp(label->key.base, "label") == 0 ||
        strcmp(label->key.base, "fallback") == 0)
        return compile_fallback_label(c, label->key.of);
    return compile_anon(c, e, label->key.base, label->extra);
}

/* Whether a column without a required label is printed with one. */
static bool wants_label(const struct expr *e, bool as_from)
{
    const struct expr *inner;

    switch (e->kind) {
    case EXPR_COLUMN:
        return as_from && !e->as.column.is_literal && e->as.column.table != NULL &&
               !e->as.column.is_whole;
    case EXPR_TEXT:
    case EXPR_STAR:
        return false;
    case EXPR_UNARY:
    case EXPR_AS_BOOLEAN:
        inner = e->as.unary.operand;
        while (inner->kind == EXPR_GROUPING)
            inner = inner->as.inner;
        return as_from || (inner->kind != EXPR_COLUMN && inner->kind != EXPR_LABEL);
    default:
        return true;
    }
}

static bool compile_column(struct compiler *c, struct str *out, const struct expr *e,
                           const struct column_label *label, bool as_from, struct around in)
{
    in.flags = (in.flags | IN_COLUMNS) & ~(unsigned)IN_LABEL;
    if (e->kind == EXPR_LABEL)
        return compile_expr(c, out, e, in);
    if (!label->required && !wants_label(e, as_from))
        return compile_expr(c, out, e, in);
    const char *name = label_text(c, e, label);
    in.flags |= IN_LABEL;
    if (!compile_expr(c, out, e, in))
        return false;
    str_addf(out, " AS %s", sql_name(c->a, name_of(name)));
    return true;
}

static bool compile_columns(struct compiler *c, struct str *out, const struct expr_list *columns,
                            bool as_from, struct around in)
{
    struct seen_list seen = {0};
    size_t repeats = 1;
    VEC(struct column_label) labels = {0};

    for (size_t i = 0; i < columns->len; i++) {
        if (columns->at[i]->kind == EXPR_TUPLE && c->stack && !c->stack->outer && !as_from)
            return compile_raise(c, "sqlalchemy.exc.CompileError",
                                 "Most backends don't support SELECTing from a tuple() object.  If "
                                 "this is an ORM query, consider using the Bundle object.");
        struct column_label label = label_column(c, columns->at[i], &seen, &repeats);
        vec_push(c->a, &labels, label);
    }
    for (size_t i = 0; i < columns->len; i++) {
        if (i > 0)
            str_add(out, ", ");
        if (!compile_column(c, out, columns->at[i], &labels.at[i], as_from, in))
            return false;
    }
    return true;
}

bool compile_returning(struct compiler *c, struct str *out, const struct expr_list *columns,
                       struct around in)
{
    str_add(out, "RETURNING ");
    return compile_columns(c, out, columns, false, in);
}

/* ------------------------------------------------------------------ references by name */

static const struct expr *order_label(const struct expr *e)
{
    while (e->kind == EXPR_UNARY && e->as.unary.op == EXPR_OP_NONE)
        e = e->as.unary.operand;
    return e->kind == EXPR_LABEL ? e : NULL;
}

static bool is_named(const struct expr *e, const char *name)
{
    if (e->kind == EXPR_LABEL)
        return e->as.label.name.text && strcmp(e->as.label.name.text, name) == 0;
    return e->kind == EXPR_COLUMN && e->as.column.name.text &&
           strcmp(e->as.column.name.text, name) == 0;
}

bool compile_reference(struct compiler *c, struct str *out, const struct expr *e, struct around in)
{
    const struct enclosing *here = c->stack;
    const char *name = e->as.reference.text;
    struct expr_list columns = {0};

    if (!name) {
        const struct expr *label = order_label(e->as.reference.element);
        if (here && label && label->as.label.name.text) {
            expr_selected(c->a, here->statement, &columns);
            for (size_t i = 0; i < columns.len; i++)
                if (columns.at[i]->kind == EXPR_LABEL &&
                    is_named(columns.at[i], label->as.label.name.text) &&
                    columns.at[i]->as.label.element == label->as.label.element)
                    in.as_label = label;
        } else if (here && label) {
            expr_selected(c->a, here->statement, &columns);
            if (compile_has(&columns, label))
                in.as_label = label;
        }
        return compile_expr(c, out, e->as.reference.element, in);
    }
    if (!here) {
        str_add(out, name);
        return true;
    }
    if (here->statement->kind == EXPR_SELECT || here->statement->kind == EXPR_COMPOUND) {
        if (!(in.flags & IN_COLUMNS)) {
            expr_selected(c->a, here->statement, &columns);
            /* A column of a table is known in a query's list as table_column only. */
            for (size_t i = 0; i < columns.len; i++) {
                bool bound = here->statement->kind == EXPR_SELECT &&
                             columns.at[i]->kind == EXPR_COLUMN && columns.at[i]->as.column.table;
                if (bound ? str_eq(name, arena_printf(c->a, "%s_%s",
                                                      compile_alias_name(
                                                          c, columns.at[i]->as.column.table),
                                                      compile_column_name(c, columns.at[i])))
                          : is_named(columns.at[i], name)) {
                    in.as_label = columns.at[i];
                    return compile_expr(c, out, columns.at[i], in);
                }
            }
        }
        for (size_t i = here->froms.len; i-- > 0;) {
            const struct expr_list *of = expr_columns(here->froms.at[i]);
            for (size_t j = 0; j < of->len; j++)
                if (is_named(of->at[j], name))
                    return compile_expr(c, out, of->at[j], in);
        }
    }
    return compile_raise(c, "sqlalchemy.exc.CompileError",
                         "Can't resolve label reference for ORDER BY / GROUP BY / DISTINCT etc. "
                         "Textual SQL expression '%s' should be explicitly declared as text('%s')",
                         name, name);
}

/* ------------------------------------------------------------------ FROM */

/* Joins take the place of what they join. */
static struct expr_list without_joined(struct compiler *c, const struct expr_list *all)
{
    struct expr_list hidden = {0}, froms = {0};

    for (size_t i = 0; i < all->len; i++) {
        if (all->at[i]->kind == EXPR_JOIN) {
            compile_from_objects(c->a, all->at[i]->as.join.left, &hidden);
            compile_from_objects(c->a, all->at[i]->as.join.right, &hidden);
        }
    }
    for (size_t i = 0; i < all->len; i++)
        if (!compile_has(&hidden, all->at[i]))
            vec_push(c->a, &froms, all->at[i]);
    return froms;
}

static void add_once(struct compiler *c, struct expr_list *list, const struct expr_list *more)
{
    for (size_t i = 0; i < more->len; i++)
        if (!compile_has(list, more->at[i]))
            vec_push(c->a, list, more->at[i]);
}

static void add_from_objects(struct compiler *c, struct expr_list *list,
                             const struct expr_list *expressions)
{
    struct expr_list found = {0};

    for (size_t i = 0; i < expressions->len; i++)
        compile_from_objects(c->a, expressions->at[i], &found);
    add_once(c, list, &found);
}

/* A column node of a table by its name. */
static const struct expr *column_named(const struct expr *table, const char *name)
{
    const struct expr_list *columns = expr_columns(table);

    for (size_t i = 0; i < columns->len; i++)
        if (is_named(columns->at[i], name))
            return columns->at[i];
    return NULL;
}

/* The foreign key of `from` that points at `to`, as a condition; NULL when there is none. */
static const struct expr *foreign_key_condition(struct compiler *c, const struct expr *from,
                                                const struct expr *to)
{
    if (from->kind != EXPR_TABLE || to->kind != EXPR_TABLE || !from->as.table.table)
        return NULL;
    const struct constraint_list *constraints = &from->as.table.table->constraints;
    for (size_t i = 0; i < constraints->len; i++) {
        const struct constraint *fk = constraints->at[i];
        struct expr_list parts = {0};
        if (fk->kind != CONSTRAINT_FOREIGN_KEY ||
            !str_eq(fk->referred_table, to->as.table.name.text) ||
            !str_eq(fk->referred_schema, to->as.table.schema))
            continue;
        for (size_t j = 0; j < fk->columns.len && j < fk->referred_columns.len; j++) {
            struct operation equal = {.op = EXPR_OP_EQ,
                                      .negation = EXPR_OP_NE,
                                      .type = expr_type(TYPE_BOOLEAN)};
            const struct expr *there = column_named(to, fk->referred_columns.at[j]);
            const struct expr *here = column_named(from, fk->columns.at[j]);
            if (here && there)
                vec_push(c->a, &parts, expr_operation(c->a, there, here, &equal));
        }
        if (parts.len == fk->columns.len)
            return expr_conjunction(c->a, EXPR_OP_AND, &parts);
    }
    return NULL;
}

const struct expr *compile_join_condition(struct compiler *c, const struct expr *left,
                                          const struct expr *right)
{
    struct expr_list lefts = {0};

    compile_from_objects(c->a, left, &lefts);
    for (size_t i = lefts.len; i-- > 0;) {
        const struct expr *on = foreign_key_condition(c, right, lefts.at[i]);
        if (!on)
            on = foreign_key_condition(c, lefts.at[i], right);
        if (on)
            return on;
    }
    return NULL;
}

/* Whether every column of the condition comes from one of two sides. */
static bool covers(struct compiler *c, const struct expr *left, const struct expr *right,
                   const struct expr *on)
{
    struct expr_list needed = {0}, sides = {0};

    compile_from_objects(c->a, on, &needed);
    compile_from_objects(c->a, left, &sides);
    compile_from_objects(c->a, right, &sides);
    for (size_t i = 0; i < needed.len; i++)
        if (!compile_has(&sides, needed.at[i]))
            return false;
    return true;
}

/* The positions of those that `right` can be joined to. */
static void find_left_sides(struct compiler *c, const struct expr_list *candidates,
                            const struct select_join *join, struct expr_list *found)
{
    for (size_t i = 0; i < candidates->len; i++) {
        const struct expr *left = candidates->at[i];
        bool fits = left != join->right;
        if (fits && join->on && candidates->len > 1)
            fits = covers(c, left, join->right, join->on);
        else if (fits && !join->on)
            fits = compile_join_condition(c, left, join->right) != NULL;
        if (fits)
            vec_push(c->a, found, left);
    }
    if (found->len > 1)
        *found = without_joined(c, found);
    if (found->len == 0 && join->on)
        *found = *candidates;
}

static const struct expr *new_join(struct compiler *c, const struct expr *left,
                                   const struct select_join *join)
{
    struct expr *e = expr_new(c->a, EXPR_JOIN, NULL);

    e->as.join.left = left;
    e->as.join.right = join->right;
    e->as.join.on = join->on;
    e->as.join.outer = join->outer;
    e->as.join.full = join->full;
    return e;
}

/* One .join() of a select: into what FROM has so far, or as a new thing in it. */
static bool place_join(struct compiler *c, const struct select *select, struct expr_list *from,
                       const struct select_join *join)
{
    struct expr_list candidates = {0}, lefts = {0};
    const struct expr *left = join->left;

    if (!left) {
        if (from->len > 0) {
            candidates = *from;
        } else {
            add_from_objects(c, &candidates, &select->columns);
            add_from_objects(c, &candidates, &select->where);
        }
        find_left_sides(c, &candidates, join, &lefts);
        if (lefts.len > 1)
            return compile_raise(
                c, "sqlalchemy.exc.InvalidRequestError",
                "Can't determine which FROM clause to join from, there are multiple FROMS which "
                "can join to this entity. Please use the .select_from() method to establish an "
                "explicit left side, as well as providing an explicit ON clause if not present "
                "already to help resolve the ambiguity.");
        if (lefts.len == 0)
            return compile_raise(
                c, "sqlalchemy.exc.InvalidRequestError",
                "Don't know how to join to '%s'. Please use the .select_from() method to "
                "establish an explicit left side, as well as providing an explicit ON clause if "
                "not present already to help resolve the ambiguity.",
                compile_alias_name(c, join->right));
        left = lefts.at[0];
    }
    for (size_t i = 0; i < from->len; i++) {
        struct expr_list inside = {0};
        compile_from_objects(c->a, from->at[i], &inside);
        if (compile_has(&inside, left)) {
            struct expr_list copy = {0};
            for (size_t j = 0; j < from->len; j++)
                vec_push(c->a, &copy, j == i ? new_join(c, from->at[i], join) : from->at[j]);
            *from = copy;
            return true;
        }
    }
    vec_push(c->a, from, new_join(c, left, join));
    return true;
}

static bool select_froms(struct compiler *c, const struct select *select, struct expr_list *out)
{
    struct expr_list from = {0}, all = {0};

    for (size_t i = 0; i < select->from.len; i++)
        vec_push(c->a, &from, select->from.at[i]);
    for (size_t i = 0; i < select->joins.len; i++)
        if (!place_join(c, select, &from, &select->joins.at[i]))
            return false;
    add_once(c, &all, &from);
    add_from_objects(c, &all, &select->columns);
    add_from_objects(c, &all, &select->where);
    *out = without_joined(c, &all);
    return true;
}

/* ------------------------------------------------------------------ correlation */

static struct expr_list common(struct compiler *c, const struct expr_list *a,
                               const struct expr_list *b)
{
    struct expr_list both = {0};

    for (size_t i = 0; i < a->len; i++)
        if (compile_has(b, a->at[i]))
            vec_push(c->a, &both, a->at[i]);
    return both;
}

static struct expr_list except(struct compiler *c, const struct expr_list *a,
                               const struct expr_list *b)
{
    struct expr_list rest = {0};

    for (size_t i = 0; i < a->len; i++)
        if (!compile_has(b, a->at[i]))
            vec_push(c->a, &rest, a->at[i]);
    return rest;
}

/* What of the froms this query prints: the rest belongs to a query around it. */
static bool correlate(struct compiler *c, const struct select *select, bool as_from,
                      struct expr_list *froms)
{
    static const struct enclosing outermost;
    const struct enclosing *outer = c->stack ? c->stack : &outermost;
    struct expr_list explicit_ = outer->correlate_froms, implicit = outer->asfrom_froms, away;

    if (as_from) {
        explicit_ = except(c, &outer->correlate_froms, &outer->asfrom_froms);
        implicit = (struct expr_list){0};
    }
    if (select->correlate.len > 0) {
        away = common(c, froms, &explicit_);
        away = common(c, &away, &select->correlate);
        *froms = except(c, froms, &away);
    }
    if (select->has_correlate_except) {
        away = common(c, froms, &explicit_);
        away = except(c, &away, &select->correlate_except);
        *froms = except(c, froms, &away);
    }
    if (select->has_correlate || select->has_correlate_except || froms->len < 2)
        return true;
    away = common(c, froms, &implicit);
    *froms = except(c, froms, &away);
    if (froms->len == 0)
        return compile_raise(c, "sqlalchemy.exc.InvalidRequestError",
                             "Select statement returned no FROM clauses due to auto-correlation; "
                             "specify correlate(<tables>) to control correlation manually.");
    return true;
}

/* ------------------------------------------------------------------ the statement */

static bool compile_limits(struct compiler *c, struct str *out, const struct select *select,
                           struct around in)
{
    if (select->fetch) {
        if (select->offset) {
            str_add(out, "\n OFFSET (");
            if (!compile_expr(c, out, select->offset, in))
                return false;
            str_add(out, ") ROWS");
        }
        str_add(out, "\n FETCH FIRST (");
        if (!compile_expr(c, out, select->fetch, in))
            return false;
        str_addf(out, ")%s ROWS %s", select->fetch_percent ? " PERCENT" : "",
                 select->fetch_with_ties ? "WITH TIES" : "ONLY");
        return true;
    }
    if (select->limit) {
        str_add(out, " \n LIMIT ");
        if (!compile_expr(c, out, select->limit, in))
            return false;
    }
    if (select->offset) {
        str_add(out, select->limit ? " OFFSET " : "\n LIMIT ALL OFFSET ");
        if (!compile_expr(c, out, select->offset, in))
            return false;
    }
    return true;
}

static bool compile_for_update(struct compiler *c, struct str *out, const struct for_update *lock,
                               struct around in)
{
    struct expr_list tables = {0};

    str_add(out, lock->read ? (lock->key_share ? " FOR KEY SHARE" : " FOR SHARE")
                            : (lock->key_share ? " FOR NO KEY UPDATE" : " FOR UPDATE"));
    add_from_objects(c, &tables, &lock->of);
    for (size_t i = 0; i < tables.len; i++) {
        const struct expr *t = tables.at[i];
        (void)in;
        str_addf(out, "%s%s", i ? ", " : " OF ",
                 sql_name(c->a, (struct name){compile_alias_name(c, t), false,
                                              expr_from_name(t).quote}));
    }
    if (lock->nowait)
        str_add(out, " NOWAIT");
    if (lock->skip_locked)
        str_add(out, " SKIP LOCKED");
    return true;
}

static bool compile_sort(struct compiler *c, struct str *out, const struct select *select,
                         struct around in, bool having)
{
    if (select->group_by.len > 0) {
        str_add(out, " GROUP BY ");
        if (!compile_list(c, out, &select->group_by, ", ", in))
            return false;
    }
    if (having && !compile_criteria(c, out, " \nHAVING ", &select->having, in))
        return false;
    if (select->order_by.len > 0) {
        str_add(out, " ORDER BY ");
        if (!compile_list(c, out, &select->order_by, ", ", in))
            return false;
    }
    return compile_limits(c, out, select, in);
}

/* CTEs that were only added, not used, are rendered all the same. */
static bool touch_ctes(struct compiler *c, const struct expr_list *ctes, struct around in)
{
    struct str dropped = STR_IN(c->a);

    for (size_t i = 0; i < ctes->len; i++)
        if (!compile_from(c, &dropped, ctes->at[i], in))
            return false;
    return true;
}

static bool select_body(struct compiler *c, struct str *out, const struct expr *e,
                        const struct expr_list *froms, struct around in, bool as_from)
{
    const struct select *select = e->as.select;
    struct expr_list columns = {0};

    str_add(out, "SELECT ");
    if (!touch_ctes(c, &select->ctes, in))
        return false;
    for (size_t i = 0; i < select->prefixes.len; i++) {
        if (!compile_expr(c, out, select->prefixes.at[i], in))
            return false;
        str_addc(out, ' ');
    }
    if (select->distinct_on.len > 0) {
        str_add(out, "DISTINCT ON (");
        if (!compile_list(c, out, &select->distinct_on, ", ", in))
            return false;
        str_add(out, ") ");
    } else if (select->distinct) {
        str_add(out, "DISTINCT ");
    }
    expr_selected(c->a, e, &columns);
    if (!compile_columns(c, out, &columns, as_from, in))
        return false;
    if (columns.len == 0)
        str_trim(out);
    for (size_t i = 0; i < froms->len; i++) {
        str_add(out, i ? ", " : " \nFROM ");
        if (!compile_from(c, out, froms->at[i], in))
            return false;
    }
    if (!compile_criteria(c, out, " \nWHERE ", &select->where, in) ||
        !compile_sort(c, out, select, in, true))
        return false;
    return !select->for_update || compile_for_update(c, out, select->for_update, in);
}

static bool compile_simple(struct compiler *c, struct str *out, const struct expr *e,
                           struct around in, bool as_from, bool lateral)
{
    const struct select *select = e->as.select;
    struct enclosing here = {.outer = c->stack, .statement = e};
    struct expr_list froms = {0};
    bool done;

    if (!select_froms(c, select, &here.froms))
        return false;
    froms = here.froms;
    if (!correlate(c, select, as_from && !lateral, &froms))
        return false;
    for (size_t i = 0; i < froms.len; i++) {
        struct expr_list objects = {0};
        compile_from_objects(c->a, froms.at[i], &objects);
        add_once(c, &here.asfrom_froms, &objects);
    }
    add_once(c, &here.correlate_froms, &here.asfrom_froms);
    if (c->stack)
        add_once(c, &here.correlate_froms, &c->stack->correlate_froms);

    c->stack = &here;
    done = select_body(c, out, e, &froms, in, as_from);
    for (size_t i = 0; done && i < select->suffixes.len; i++) {
        str_addc(out, ' ');
        done = compile_expr(c, out, select->suffixes.at[i], in);
    }
    c->stack = here.outer;
    return done;
}

static bool compile_compound(struct compiler *c, struct str *out, const struct expr *e,
                             struct around in, bool as_from)
{
    const struct select *select = e->as.select;
    struct enclosing here = {.outer = c->stack, .statement = e};
    struct expr_list first = {0};
    bool done = true;

    if (c->stack) {
        here.correlate_froms = c->stack->correlate_froms;
        here.asfrom_froms = c->stack->asfrom_froms;
    }
    expr_selected(c->a, select->members.at[0], &first);
    c->stack = &here;
    for (size_t i = 0; done && i < select->members.len; i++) {
        const struct expr *member = select->members.at[i];
        bool grouped = member->kind == EXPR_GROUPING;
        struct expr_list columns = {0};
        if (i > 0)
            str_addf(out, " %s ", select->keyword);
        expr_selected(c->a, member, &columns);
        if (columns.len != first.len) {
            done = compile_raise(c, "sqlalchemy.exc.CompileError",
                                 "All selectables passed to CompoundSelect must have identical "
                                 "numbers of columns; select #1 has %zu columns, select #%zu has "
                                 "%zu",
                                 first.len, i + 1, columns.len);
            break;
        }
        if (grouped) {
            str_addc(out, '(');
            member = member->as.inner;
        }
        done = compile_select(c, out, member, in, as_from, false);
        if (grouped)
            str_addc(out, ')');
    }
    in.flags |= NO_TABLE;
    done = done && compile_sort(c, out, select, in, false);
    c->stack = here.outer;
    return done;
}

bool compile_select(struct compiler *c, struct str *out, const struct expr *e, struct around in,
                    bool as_from, bool lateral)
{
    struct str text = STR_IN(c->a);
    bool outermost = c->stack == NULL;

    while (e->kind == EXPR_GROUPING)
        e = e->as.inner;
    in.flags &= ~(unsigned)(IN_COLUMNS | IN_LABEL);
    in.as_label = NULL;
    if (e->kind == EXPR_TEXT_SELECT) {
        struct expr *plain = arena_memdup(c->a, e, sizeof(*e));
        plain->kind = EXPR_TEXT;
        if (!compile_expr(c, &text, plain, in))
            return false;
    } else if (e->kind == EXPR_COMPOUND) {
        if (!compile_compound(c, &text, e, in, as_from))
            return false;
    } else if (!compile_simple(c, &text, e, in, as_from, lateral)) {
        return false;
    }
    if (outermost)
        compile_with(c, &text);
    str_addn(out, text.ptr, text.len);
    return true;
}
