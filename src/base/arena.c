#include "config.h"

#include "base/arena.h"

#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

#include "base/mem.h"

enum {
    ALIGNMENT = _Alignof(max_align_t),
    FIRST_BLOCK = 4096,
    LARGEST_BLOCK = 1 << 20,
    ZEROED_AHEAD = 1024, /* one large memset for many small objects */
};

struct block {
    struct block *next; /* the block before this one, or NULL */
    size_t size;        /* usable bytes behind the header */
    size_t used;
    size_t zeroed;      /* bytes from the start that are zero or used */
    max_align_t data[];
};

/* What arena_save() keeps: the blocks till then, and behind this struct a copy of their bytes. */
struct saved {
    struct block *blocks;
    size_t used;
    char image[];
};

struct arena {
    struct block *blocks; /* newest first; allocation happens in the first */
    size_t next_size;
    size_t used;
    struct saved *saved;  /* NULL: nothing */
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

static void free_saved(struct arena *a)
{
    if (a->saved)
        free_blocks(a->saved->blocks);
    mem_free(a->saved);
    a->saved = NULL;
}

void arena_free(struct arena *a)
{
    if (!a)
        return;
    free_blocks(a->blocks);
    free_saved(a);
    mem_free(a);
}

/* Empties the blocks that are not saved; of these the newest, mostly the largest, is kept. */
static void empty_blocks(struct arena *a)
{
    if (!a->blocks)
        return;
    free_blocks(a->blocks->next);
    a->blocks->next = NULL;
#ifdef DEBUG_ARENA
    free_blocks(a->blocks);
    a->blocks = NULL;
#else
    a->blocks->used = a->blocks->zeroed = 0;
#endif
}

void arena_reset(struct arena *a)
{
    free_saved(a);
    empty_blocks(a);
    a->used = 0;
}

void arena_save(struct arena *a)
{
    size_t size = 0;
    free_saved(a);
    for (const struct block *b = a->blocks; b; b = b->next)
        size += b->used;
    struct saved *saved = mem_alloc(sizeof(*saved) + size);
    *saved = (struct saved){.blocks = a->blocks, .used = a->used};
    char *to = saved->image;
    for (const struct block *b = a->blocks; b; to += b->used, b = b->next)
        memcpy(to, b->data, b->used);
    a->saved = saved;
    a->blocks = NULL; /* what comes now goes into blocks of its own */
}

void arena_restore(struct arena *a)
{
    const char *from = a->saved->image;
    for (struct block *b = a->saved->blocks; b; from += b->used, b = b->next)
        memcpy(b->data, from, b->used);
    empty_blocks(a);
    a->used = a->saved->used;
}

void arena_adopt(struct arena *a, struct arena *other)
{
    struct block **last = &other->blocks;
    while (*last)
        last = &(*last)->next;
    struct block **after = a->blocks ? &a->blocks->next : &a->blocks;
    *last = *after;
    *after = other->blocks;
    a->used += other->used;
    mem_free(other);
}

static struct block *add_block(struct arena *a, size_t size)
{
    struct block *b = mem_alloc(sizeof(*b) + size);
    b->size = size;
    b->used = b->zeroed = 0;
    b->next = a->blocks;
    a->blocks = b;
    return b;
}

#ifdef DEBUG_ARENA

void *arena_alloc(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        return mem_alloc(size); /* aborts with the size asked for */
    struct block *b = add_block(a, size ? size : 1);
    a->used += size;
    b->used = b->zeroed = b->size;
    return memset(b->data, 0, b->size);
}

#else

/*
 * Asks for the pages of a block at once: a page fault for each takes longer than clearing it. Only
 * for blocks behind which more are to be expected. Where the kernel cannot, nothing is lost.
 */
static void populate(struct block *b)
{
#ifdef MADV_POPULATE_WRITE
    uintptr_t page = (uintptr_t)sysconf(_SC_PAGESIZE);
    uintptr_t start = ((uintptr_t)b + page - 1) / page * page;
    uintptr_t end = ((uintptr_t)b + sizeof(*b) + b->size) / page * page;
    madvise((void *)start, end - start, MADV_POPULATE_WRITE);
#else
    (void)b;
#endif
}

/* A block with room for need bytes. A large object gets one of its own, behind the current one. */
static struct block *block_for(struct arena *a, size_t need)
{
    struct block *current = a->blocks;
    if (current && current->size - current->used >= need)
        return current;
    if (need <= a->next_size / 4) {
        struct block *b = add_block(a, a->next_size);
        if (a->next_size < LARGEST_BLOCK)
            a->next_size *= 2;
        else
            populate(b);
        return b;
    }
    struct block *own = add_block(a, need);
    if (current) {
        a->blocks = current;
        own->next = current->next;
        current->next = own;
    }
    return own;
}

static void *alloc_slow(struct arena *a, size_t need)
{
    struct block *b = block_for(a, need);
    size_t end = b->used + need;
    if (end > b->zeroed) {
        size_t ahead = b->size - end < ZEROED_AHEAD ? b->size : end + ZEROED_AHEAD;
        memset((char *)b->data + b->zeroed, 0, ahead - b->zeroed);
        b->zeroed = ahead;
    }
    void *ptr = (char *)b->data + b->used;
    b->used = end;
    return ptr;
}

void *arena_alloc(struct arena *a, size_t size)
{
    if (size > SIZE_MAX / 2)
        return mem_alloc(size); /* aborts with the size asked for */
    size_t need = size ? (size + ALIGNMENT - 1) / ALIGNMENT * ALIGNMENT : ALIGNMENT;
    struct block *b = a->blocks;
    a->used += need;
    if (!b || b->zeroed - b->used < need)
        return alloc_slow(a, need);
    void *ptr = (char *)b->data + b->used;
    b->used += need;
    return ptr;
}

#endif

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
