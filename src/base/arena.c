#include "config.h"

#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/mem.h"

enum { ALIGNMENT = _Alignof(max_align_t), FIRST_BLOCK = 4096, LARGEST_BLOCK = 1 << 20 };

struct block {
    struct block *next; /* the block before this one, or NULL */
    size_t size;        /* usable bytes behind the header */
    size_t used;
    max_align_t data[];
};

struct arena {
    struct block *blocks; /* newest first; allocation happens in the first */
    size_t next_size;
    size_t used;
};

struct arena *arena_new(void)
{
    struct arena *a = mem_zalloc(sizeof(*a));
    a->next_size = FIRST_BLOCK;
    return a;
}

static void free_blocks(struct block *b)
{
    while (b) {
        struct block *next = b->next;
        mem_free(b);
        b = next;
    }
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    free_blocks(a->blocks);
    mem_free(a);
}

void arena_reset(struct arena *a)
{
    a->used = 0;
    if (!a->blocks)
        return;
    free_blocks(a->blocks->next);
    a->blocks->next = NULL;
#ifdef DEBUG_ARENA
    free_blocks(a->blocks);
    a->blocks = NULL;
#else
    a->blocks->used = 0;
#endif
}

static struct block *add_block(struct arena *a, size_t size)
{
    struct block *b = mem_alloc(sizeof(*b) + size);
    b->size = size;
    b->used = 0;
    b->next = a->blocks;
    a->blocks = b;
    return b;
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        return mem_alloc(size); /* aborts with the size asked for */
    size_t need = size ? (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
    a->used += need;
#ifdef DEBUG_ARENA
    struct block *b = add_block(a, size ? size : 1);
    b->used = b->size;
    memset(b->data, 0, b->size);
    return b->data;
#else
    struct block *b = a->blocks;
    if (!b || b->size - b->used < need) {
        size_t block = a->next_size;
        if (need > block / 4) {
            /* A large object gets a block of its own, behind the current one. */
            struct block *current = a->blocks;
            b = add_block(a, need);
            if (current) {
                a->blocks = current;
                b->next = current->next;
                current->next = b;
            }
        } else {
            b = add_block(a, block);
            if (a->next_size < LARGEST_BLOCK)
                a->next_size *= 2;
        }
    }
    void *ptr = (char *)b->data + b->used;
    b->used += need;
    memset(ptr, 0, need);
    return ptr;
#endif
}

void *arena_array(struct arena *a, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / 2 / size)
        return mem_resize(NULL, count, size); /* aborts */
    return arena_alloc(a, count * size);
}

void *arena_grow(struct arena *a, const void *old, size_t old_count, size_t new_count, size_t size)
{
    void *ptr = arena_array(a, new_count, size);
    if (old_count > 0)
        memcpy(ptr, old, old_count * size);
    return ptr;
}

void *arena_memdup(struct arena *a, const void *data, size_t size)
{
    void *copy = arena_alloc(a, size);
    if (size > 0)
        memcpy(copy, data, size);
    return copy;
}

char *arena_strndup(struct arena *a, const char *s, size_t len)
{
    char *copy = arena_alloc(a, len + 1);
    if (len > 0)
        memcpy(copy, s, len);
    return copy;
}

char *arena_strdup(struct arena *a, const char *s)
{
    return s ? arena_strndup(a, s, strlen(s)) : NULL;
}

char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
{
    char brief[256]; /* most texts are short: formatted once */
    va_list again;
    va_copy(again, ap);
    size_t size = (size_t)vsnprintf(brief, sizeof(brief), fmt, ap) + 1;
    char *text = arena_alloc(a, size);
    if (size <= sizeof(brief))
        memcpy(text, brief, size);
    else
        vsnprintf(text, size, fmt, again);
    va_end(again);
    return text;
}

char *arena_printf(struct arena *a, const char *fmt, ...)
{
    va_list ap;
    va_start(ap, fmt);
    char *text = arena_vprintf(a, fmt, ap);
    va_end(ap);
    return text;
}

size_t arena_used(const struct arena *a)
{
    return a->used;
}
