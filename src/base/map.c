#include "config.h"

#include "base/map.h"

#include <string.h>

#include "base/arena.h"
#include "base/mem.h"
#include "base/vec.h"

static uint32_t hash_key(const char *key) /* FNV-1a */
{
    uint32_t h = 2166136261u;
    for (; *key; key++)
        h = (h ^ (unsigned char)*key) * 16777619u;
    return h;
}

/* The slot that holds key, or the empty slot where it belongs. */
static uint32_t *find_slot(const struct map *m, const char *key, uint32_t hash)
{
    size_t mask = m->slot_count - 1;
    for (size_t i = hash & mask;; i = (i + 1) & mask) {
        uint32_t pos = m->slots[i];
        if (pos == 0)
            return &m->slots[i];
        const struct map_entry *e = &m->at[pos - 1];
        if (e->hash == hash && strcmp(e->key, key) == 0)
            return &m->slots[i];
    }
}

static void rebuild(struct map *m, size_t slot_count)
{
    if (slot_count != m->slot_count) {
        if (m->arena) {
            m->slots = ARENA_ARRAY(m->arena, slot_count, uint32_t);
        } else {
            m->slots = mem_resize(m->slots, slot_count, sizeof(*m->slots));
        }
        m->slot_count = slot_count;
    }
    memset(m->slots, 0, slot_count * sizeof(*m->slots));
    for (size_t i = 0; i < m->len; i++)
        *find_slot(m, m->at[i].key, m->at[i].hash) = (uint32_t)i + 1;
}

static struct map_entry *find_hashed(const struct map *m, const char *key, uint32_t hash)
{
    if (m->len == 0)
        return NULL;
    uint32_t pos = *find_slot(m, key, hash);
    return pos ? &m->at[pos - 1] : NULL;
}

static struct map_entry *find(const struct map *m, const char *key)
{
    return m->len ? find_hashed(m, key, hash_key(key)) : NULL;
}

void *map_get(const struct map *m, const char *key)
{
    struct map_entry *e = find(m, key);
    return e ? e->value : NULL;
}

bool map_has(const struct map *m, const char *key)
{
    return find(m, key) != NULL;
}

static bool has_slots(const struct map *m, size_t len)
{
    return len * 4 <= m->slot_count * 3;
}

void map_reserve(struct map *m, size_t count)
{
    size_t slots = m->slot_count ? m->slot_count : 8;
    while ((m->len + count) * 4 > slots * 3)
        slots *= 2;
    vec_reserve(m->arena, m, count);
    if (slots != m->slot_count)
        rebuild(m, slots);
}

void *map_put(struct map *m, const char *key, void *value)
{
    uint32_t hash = hash_key(key);
    struct map_entry *e = find_hashed(m, key, hash);
    if (e) {
        void *old = e->value;
        e->value = value;
        return old;
    }
    if (!has_slots(m, m->len + 1))
        rebuild(m, m->slot_count ? m->slot_count * 2 : 8);
    struct map_entry entry = {
        .key = m->arena ? arena_strdup(m->arena, key) : mem_strdup(key),
        .value = value,
        .hash = hash,
    };
    *find_slot(m, key, entry.hash) = (uint32_t)m->len + 1;
    vec_push(m->arena, m, entry);
    return NULL;
}

void *map_remove(struct map *m, const char *key)
{
    struct map_entry *e = find(m, key);
    if (!e)
        return NULL;
    void *value = e->value;
    if (!m->arena)
        mem_free((char *)e->key);
    vec_remove(m, (size_t)(e - m->at));
    rebuild(m, m->slot_count);
    return value;
}

void map_clear(struct map *m)
{
    if (m->arena) {
        *m = MAP_IN(m->arena);
        return;
    }
    for (size_t i = 0; i < m->len; i++)
        mem_free((char *)m->at[i].key);
    mem_free(m->at);
    mem_free(m->slots);
    *m = MAP_IN(NULL);
}
