/*
 * A map from strings to pointers that keeps insertion order.
 *
 * In an arena (STR keys are copied there) or on the heap (arena NULL; map_clear() frees it, never
 * the values). Iterate with  for (size_t i = 0; i < m.len; i++) m.at[i].key / m.at[i].value;
 * a removed entry is closed up, so positions are dense and in order of first insertion.
 */
#ifndef BASE_MAP_H
#define BASE_MAP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct arena;

struct map_entry {
    const char *key; /* owned by the map */
    void *value;     /* borrowed */
    uint32_t hash;
};

struct map {
    struct map_entry *at; /* in order of insertion */
    size_t len, cap;
    uint32_t *slots;      /* open addressing: 0 is empty, else position + 1 */
    size_t slot_count;    /* a power of two, or 0 */
    struct arena *arena;
};

#define MAP_IN(a)                                                                                  \
    (struct map)                                                                                   \
    {                                                                                              \
        .arena = (a)                                                                               \
    }

/* The value under key, or NULL. A NULL value can be told from none by map_has(). */
void *map_get(const struct map *m, const char *key);
bool map_has(const struct map *m, const char *key);

/* Puts value under key; an existing key keeps its place. Returns the value it replaced, or NULL. */
void *map_put(struct map *m, const char *key, void *value);

/* Room for count more entries, so that putting them moves nothing. */
void map_reserve(struct map *m, size_t count);

/* Removes key; returns its value, or NULL. Takes time linear in the map's size. */
void *map_remove(struct map *m, const char *key);

/* Frees a heap map. */
void map_clear(struct map *m);

#endif
