/*
 * The growing array.
 *
 *     VEC(struct op *) ops = {0};          or as a struct member
 *     vec_push(arena, &ops, op);           arena NULL: on the heap, freed with vec_clear()
 *     for (size_t i = 0; i < ops.len; i++) use(ops.at[i]);
 *
 * A vector that grows in an arena leaves its smaller blocks there till the arena is freed.
 * Two VEC(T) are two types; name one that crosses a function border:  VEC_DEFINE(op_list, struct op
 * *).
 */
#ifndef BASE_VEC_H
#define BASE_VEC_H

#include <stddef.h>
#include <string.h>

#include "base/arena.h"
#include "base/mem.h"

#define VEC(type)                                                                                  \
    struct {                                                                                       \
        type *at;                                                                                  \
        size_t len, cap;                                                                           \
    }

#define VEC_DEFINE(name, type)                                                                     \
    struct name {                                                                                  \
        type *at;                                                                                  \
        size_t len, cap;                                                                           \
    }

/* Room for one more element; used by vec_push(). */
static inline void *vec_grown_(struct arena *a, void *at, size_t len, size_t *cap, size_t size)
{
    if (len < *cap)
        return at;
    size_t old = *cap;
    *cap = old ? old * 2 : 4;
    return a ? arena_grow(a, at, len, *cap, size) : mem_resize(at, *cap, size);
}

static inline void *vec_reserved_(struct arena *a, void *at, size_t len, size_t wanted, size_t *cap,
                                  size_t size)
{
    if (wanted <= *cap)
        return at;
    *cap = wanted;
    return a ? arena_grow(a, at, len, *cap, size) : mem_resize(at, *cap, size);
}

#define vec_push(arena, v, value)                                                                  \
    ((v)->at = vec_grown_((arena), (v)->at, (v)->len, &(v)->cap, sizeof(*(v)->at)),                \
     (v)->at[(v)->len] = (value), (void)(v)->len++)

/* Room for count more elements, so that pushing them moves nothing. */
#define vec_reserve(arena, v, count)                                                               \
    ((v)->at = vec_reserved_((arena), (v)->at, (v)->len, (v)->len + (count), &(v)->cap,            \
                             sizeof(*(v)->at)))

/* Puts value before position i (i <= len). */
#define vec_insert(arena, v, i, value)                                                             \
    ((v)->at = vec_grown_((arena), (v)->at, (v)->len, &(v)->cap, sizeof(*(v)->at)),                \
     memmove((v)->at + (i) + 1, (v)->at + (i), ((v)->len - (i)) * sizeof(*(v)->at)),               \
     (v)->at[i] = (value), (void)(v)->len++)

/* Removes the element at i; order is kept. */
#define vec_remove(v, i)                                                                           \
    (memmove((v)->at + (i), (v)->at + (i) + 1, ((v)->len - (i)-1) * sizeof(*(v)->at)),             \
     (void)(v)->len--)

/* The last element; the vector must not be empty. */
#define vec_last(v) ((v)->at[(v)->len - 1])

/* Frees a vector that grew on the heap. */
#define vec_clear(v) (mem_free((v)->at), (v)->at = NULL, (v)->len = (v)->cap = 0)

#endif
