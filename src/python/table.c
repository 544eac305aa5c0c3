/*
 * The hash table of dicts and sets: entries in order of insertion, and slots that point at them.
 * Removing leaves a hole in the entries, closed when the table grows.
 *
 * Comparing keys can run the program's own __eq__, which can change the very table that is being
 * searched: the search then begins anew. What collides costs steps, so that keys that were chosen
 * to collide come to the limit and not to a standstill.
 */
#include "config.h"

#include <string.h>

#include "python/interp.h"

static bool same_key(struct py_run *run, const struct py_entry *e, struct py_value key)
{
    struct py_value k = e->key;
    if (k.kind == PY_OBJECT && key.kind == PY_OBJECT && k.object == key.object)
        return true;
    if (k.kind == PY_INT && key.kind == PY_INT)
        return k.integer == key.integer;
    if (py_is_str(k) && py_is_str(key)) {
        const struct py_str *a = py_str_of(k), *b = py_str_of(key);
        py_work(run, a->len == b->len ? a->len : 0);
        return a->len == b->len && memcmp(a->ptr, b->ptr, a->len) == 0;
    }
    if (py_is_layout(k, PY_LAYOUT_CLASS) && py_is_layout(key, PY_LAYOUT_CLASS) &&
        k.object->cls == key.object->cls)
        return false;
    return py_is(k, key) || py_equal(run, k, key);
}

/*
 * The slot where the search for a hash begins. Integers hash to themselves: their upper bits count.
 */
static size_t first_slot(const struct py_table *t, uint64_t hash)
{
    hash *= 0x9e3779b97f4a7c15u;
    return (hash ^ hash >> 32) & (t->slot_count - 1);
}

struct py_entry *py_table_find(struct py_run *run, const struct py_table *t, struct py_value key,
                               uint64_t hash)
{
    enum { FREE_PROBES = 16 };
    size_t probes = 0;
again:
    if (t->len == 0)
        return NULL;
    size_t mask = t->slot_count - 1;
    for (size_t i = first_slot(t, hash);; i = (i + 1) & mask) {
        uint32_t pos = t->slots[i];
        if (pos == 0)
            return NULL;
        if (++probes > FREE_PROBES)
            py_step(run);
        struct py_entry *e = &t->entries[pos - 1];
        if (e->hash != hash || e->key.kind == PY_ABSENT)
            continue;
        const struct py_entry *entries = t->entries;
        uint32_t version = t->version;
        bool same = same_key(run, e, key);
        if (t->version != version || t->entries != entries)
            goto again;
        if (same)
            return e;
    }
}

struct py_entry *py_table_find_name(const struct py_table *t, const struct py_name *name)
{
    if (t->len == 0)
        return NULL;
    uint64_t hash = name->hash ? name->hash : 1;
    size_t mask = t->slot_count - 1;
    for (size_t i = first_slot(t, hash);; i = (i + 1) & mask) {
        uint32_t pos = t->slots[i];
        if (pos == 0)
            return NULL;
        struct py_entry *e = &t->entries[pos - 1];
        if (e->hash != hash || !py_is_str(e->key))
            continue;
        const struct py_str *s = py_str_of(e->key);
        if (s->ptr == name->text ||
            (s->len == name->len && memcmp(s->ptr, name->text, s->len) == 0))
            return e;
    }
}

static void index_entries(struct py_table *t)
{
    memset(t->slots, 0, t->slot_count * sizeof(*t->slots));
    size_t mask = t->slot_count - 1;
    for (size_t n = 0; n < t->used; n++) {
        size_t i = first_slot(t, t->entries[n].hash);
        while (t->slots[i] != 0)
            i = (i + 1) & mask;
        t->slots[i] = (uint32_t)n + 1;
    }
}

/* Room for cap entries; holes are closed. */
static void grow(struct py_run *run, struct py_table *t, size_t cap)
{
    size_t kept = 0;
    py_check_items(run, t->len);
    struct py_entry *entries = t->entries;
    if (cap > t->cap) {
        entries = py_alloc(run, cap * sizeof(*entries));
        t->cap = cap;
    }
    for (size_t i = 0; i < t->used; i++) {
        if (t->entries[i].key.kind != PY_ABSENT)
            entries[kept++] = t->entries[i];
    }
    t->entries = entries;
    t->used = kept;
    size_t slots = 8;
    while (slots < t->cap * 2)
        slots *= 2;
    if (slots > t->slot_count) {
        t->slots = py_alloc(run, slots * sizeof(*t->slots));
        t->slot_count = slots;
    }
    index_entries(t);
}

void py_table_reserve(struct py_run *run, struct py_table *t, size_t count)
{
    if (t->len + count > t->cap)
        grow(run, t, t->len + count);
}

struct py_entry *py_table_put(struct py_run *run, struct py_table *t, struct py_value key,
                              uint64_t hash)
{
    struct py_entry *e = py_table_find(run, t, key, hash);
    if (e)
        return e;
    if (t->used == t->cap)
        grow(run, t, t->len * 2 < 4 ? 4 : t->len * 2);
    size_t mask = t->slot_count - 1;
    size_t i = first_slot(t, hash);
    while (t->slots[i] != 0)
        i = (i + 1) & mask;
    t->slots[i] = (uint32_t)t->used + 1;
    e = &t->entries[t->used++];
    *e = (struct py_entry){.key = key, .hash = hash};
    t->len++;
    t->version++;
    return e;
}

void py_table_remove_entry(struct py_run *run, struct py_table *t, struct py_entry *e)
{
    (void)run;
    e->key = py_absent();
    e->value = py_absent();
    t->len--;
    t->version++;
    if (t->len == 0) {
        t->used = 0;
        if (t->slots)
            memset(t->slots, 0, t->slot_count * sizeof(*t->slots));
        return;
    }
    /* A queue's or stack's end is given back at once. */
    bool last = e == &t->entries[t->used - 1];
    if (!last)
        return;
    size_t mask = t->slot_count - 1;
    size_t i = first_slot(t, e->hash);
    while (t->slots[i] != t->used)
        i = (i + 1) & mask;
    if (t->slots[(i + 1) & mask] == 0) {
        t->slots[i] = 0;
        t->used--;
    }
}

bool py_table_remove(struct py_run *run, struct py_table *t, struct py_value key, uint64_t hash)
{
    struct py_entry *e = py_table_find(run, t, key, hash);
    if (!e)
        return false;
    py_table_remove_entry(run, t, e);
    return true;
}

void py_table_clear(struct py_table *t)
{
    uint32_t version = t->version;
    *t = (struct py_table){.version = version + 1};
}

void py_table_copy(struct py_run *run, struct py_table *to, const struct py_table *from)
{
    *to = (struct py_table){0};
    if (from->len == 0)
        return;
    to->cap = from->len;
    to->entries = py_alloc(run, to->cap * sizeof(*to->entries));
    for (size_t i = 0; i < from->used; i++) {
        if (from->entries[i].key.kind != PY_ABSENT)
            to->entries[to->used++] = from->entries[i];
    }
    to->len = to->used;
    size_t slots = 16;
    while (slots < to->cap * 2)
        slots *= 2;
    to->slot_count = slots;
    to->slots = py_alloc(run, slots * sizeof(*to->slots));
    index_entries(to);
}
