/*
 * What FOREIGN KEYs between tables mean for those that are created and dropped: an order, and what
 * no order resolves. The order of creation is the models' (schema/order.h); Alembic has none for
 * DROP TABLE.
 */
#include "config.h"

#include <string.h>

#include "autogenerate/compare_private.h"
#include "base/str.h"
#include "schema/order.h"

/* ------------------------------------------------------------------ the order of removal */

/* Tables that are removed, with how many of them refer to each. */
struct removal {
    struct comparison *c;
    struct map position; /* key to position + 1 */
    size_t *referring;
    bool *done;
    VEC(size_t) ready;
};

/* The position of the table that a constraint refers to, + 1; 0: not one that is removed. */
static size_t target_of(struct removal *r, const struct constraint *k)
{
    if (k->kind != CONSTRAINT_FOREIGN_KEY)
        return 0;
    const char *key = compare_key(r->c, k->referred_schema, k->referred_table);
    return (size_t)(uintptr_t)map_get(&r->position, key);
}

static void count_references(struct removal *r, size_t at, int change)
{
    const struct table *t = r->c->removed.at[at].database;
    for (size_t i = 0; i < t->constraints.len; i++) {
        size_t target = target_of(r, t->constraints.at[i]);
        if (target == 0 || target - 1 == at)
            continue;
        r->referring[target - 1] += (size_t)change;
        if (change < 0 && r->referring[target - 1] == 0 && !r->done[target - 1])
            vec_push(r->c->a, &r->ready, target - 1);
    }
}

/* A table on the path of a search, and its next constraint to follow. */
struct step {
    size_t table, next;
};

/* The next table that it refers to and that was not seen, + 1; 0: no more. */
static size_t follow(struct removal *r, struct step *step, const bool *seen)
{
    const struct table *t = r->c->removed.at[step->table].database;
    while (step->next < t->constraints.len) {
        size_t target = target_of(r, t->constraints.at[step->next++]);
        if (target > 0 && !seen[target - 1])
            return target;
    }
    return 0;
}

/*
 * The tables such that, of those that are not done, the first is always one to which only tables of
 * its own circle refer: a search along the references, and who is left last comes first.
 */
static size_t *circles_first(struct removal *r)
{
    struct arena *a = r->c->a;
    size_t count = r->c->removed.len, left = count;
    size_t *out = ARENA_ARRAY(a, count, size_t);
    bool *seen = ARENA_ARRAY(a, count, bool);
    VEC(struct step) path = {0};
    for (size_t start = 0; start < count; start++) {
        size_t next = seen[start] ? 0 : start + 1;
        while (next > 0 || path.len > 0) {
            if (next > 0) {
                seen[next - 1] = true;
                vec_push(a, &path, ((struct step){.table = next - 1}));
            } else {
                out[--left] = vec_last(&path).table;
                path.len--;
            }
            next = path.len > 0 ? follow(r, &vec_last(&path), seen) : 0;
        }
    }
    return out;
}

static void take_sorted(struct removal *r, struct pair *sorted)
{
    struct comparison *c = r->c;
    size_t next = 0, stuck = 0;
    const size_t *circles = circles_first(r);
    for (size_t n = 0; n < c->removed.len; n++) {
        while (next == r->ready.len) {
            if (!r->done[circles[stuck]])
                vec_push(c->a, &r->ready, circles[stuck]);
            stuck++;
        }
        size_t at = r->ready.at[next++];
        if (r->done[at]) {
            n--;
            continue;
        }
        r->done[at] = true;
        sorted[n] = c->removed.at[at];
        count_references(r, at, -1);
    }
}

/*
 * Those that refer come before those that they refer to; else by name. A circle has no such order:
 * its tables stand together in front of all that they refer to, so that dropping a constraint of
 * the circle is all that has to be added by hand.
 */
void compare_order_removed(struct comparison *c)
{
    size_t count = c->removed.len;
    struct removal r = {.c = c, .position = MAP_IN(c->a)};
    if (count == 0)
        return;
    struct pair *sorted = ARENA_ARRAY(c->a, count, struct pair);
    r.referring = ARENA_ARRAY(c->a, count, size_t);
    r.done = ARENA_ARRAY(c->a, count, bool);
    for (size_t i = 0; i < count; i++)
        map_put(&r.position, compare_key(c, c->removed.at[i].schema, c->removed.at[i].name),
                (void *)(uintptr_t)(i + 1));
    for (size_t i = 0; i < count; i++)
        count_references(&r, i, 1);
    for (size_t i = 0; i < count; i++)
        if (r.referring[i] == 0)
            vec_push(c->a, &r.ready, i);
    take_sorted(&r, sorted);
    memcpy(c->removed.at, sorted, count * sizeof(*sorted));
}

/* ------------------------------------------------------------------ what removal fails on */

struct referrers {
    VEC(const struct table *) tables;
};

void compare_note_references(struct comparison *c)
{
    for (size_t i = 0; i < c->database->tables.len; i++) {
        const struct table *t = c->database->tables.at[i];
        for (size_t k = 0; k < t->constraints.len; k++) {
            const struct constraint *f = t->constraints.at[k];
            if (f->kind != CONSTRAINT_FOREIGN_KEY)
                continue;
            const char *key = compare_key(c, f->referred_schema, f->referred_table);
            struct referrers *referrers = map_get(&c->referring, key);
            if (!referrers) {
                referrers = ARENA_NEW(c->a, struct referrers);
                map_put(&c->referring, key, referrers);
            }
            vec_push(c->a, &referrers->tables, t);
        }
    }
}

const char *compare_still_referring(struct comparison *c, const struct pair *pair)
{
    const struct referrers *referrers =
        map_get(&c->referring, compare_key(c, pair->schema, pair->name));
    for (size_t i = 0; referrers && i < referrers->tables.len; i++) {
        const struct table *t = referrers->tables.at[i];
        if (t != pair->database && !map_has(&c->done, compare_key(c, t->schema, t->name.text)))
            return table_key(c->a, t);
    }
    return NULL;
}

/* ------------------------------------------------------------------ what creation fails on */

/* Whether a table of the models is created by none of the operations so far, but by a later one. */
static bool comes_later(const struct comparison *c, const char *key)
{
    return map_has(&c->model_tables, key) && !map_has(&c->database_tables, key) &&
           !map_has(&c->done, key);
}

static bool is_in_circle(const struct comparison *c, const struct table *t)
{
    for (size_t i = 0; i < c->models->cycles.len; i++)
        for (size_t k = 0; k < c->models->cycles.at[i].len; k++)
            if (c->models->cycles.at[i].at[k] == t)
                return true;
    return false;
}

/* What to do about a FOREIGN KEY to a table that is not there yet; is_circular: it is part of why
 * no order of the tables will do. */
static const char *too_early(struct comparison *c, const char *target, bool is_circular)
{
    if (is_circular)
        return arena_printf(c->a,
                            "it refers to %s, which is not there yet: give that foreign key a name "
                            "and use_alter=True, and add it with op.create_foreign_key behind both "
                            "tables",
                            target);
    return arena_printf(c->a, "it refers to %s, which is not there yet: create that table first",
                        target);
}

static const char *without_key(struct comparison *c, const char *target)
{
    return arena_printf(c->a,
                        "its foreign key to %s has use_alter=True and is not made with the table: "
                        "add it with op.create_foreign_key, or by the next revision --autogenerate",
                        target);
}

const char *compare_lost_keys(struct comparison *c, const struct pair *pair)
{
    const char *own = compare_key(c, pair->schema, pair->name), *early = NULL, *omitted = NULL;
    bool own_circle = is_in_circle(c, pair->model), circular = false;
    for (size_t i = 0; i < pair->model->constraints.len && !circular; i++) {
        const struct constraint *k = pair->model->constraints.at[i];
        if (k->kind != CONSTRAINT_FOREIGN_KEY)
            continue;
        const char *schema = compare_schema(c, k->referred_schema);
        const char *key = compare_key(c, schema, k->referred_table);
        const char *target =
            schema ? arena_printf(c->a, "%s.%s", schema, k->referred_table) : k->referred_table;
        if (k->use_alter) {
            omitted = omitted ? omitted : target;
        } else if (!str_eq(key, own) && comes_later(c, key)) {
            circular = own_circle && is_in_circle(c, map_get(&c->model_tables, key));
            early = circular || !early ? target : early;
        }
    }
    return early ? too_early(c, early, circular) : omitted ? without_key(c, omitted) : NULL;
}

/* ------------------------------------------------------------------ circles */

void compare_warn_of_cycles(struct comparison *c)
{
    for (size_t i = 0; i < c->models->cycles.len; i++) {
        const struct table_list *cycle = &c->models->cycles.at[i];
        struct str names = STR_IN(c->a);
        for (size_t k = 0; k < cycle->len; k++)
            str_addf(&names, "%s%s", k > 0 ? ", " : "", table_key(c->a, cycle->at[k]));
        compare_warn(c,
                     "SAWarning: Cannot correctly sort tables; there are unresolvable cycles "
                     "between tables \"%s\", which is usually caused by mutually dependent foreign "
                     "key constraints.  Foreign key constraints involving these tables will not be "
                     "considered; this warning may raise an error in a future release.",
                     names.ptr);
    }
}
