/*
 * Heap memory that never answers NULL.
 *
 * Everything in retort that lives on the heap comes from here. When memory runs out the program
 * says so on standard error and aborts: no caller can do anything better, and what a run had done
 * is in its journal. The allocator can be replaced, so that tests can fail the n-th allocation.
 */
#ifndef BASE_MEM_H
#define BASE_MEM_H

#include <stddef.h>

/* What mem_set_allocator() replaces; realloc with size 0 frees. */
typedef void *(*mem_realloc_fn)(void *ptr, size_t size, void *payload);

/* Replaces the allocator of the whole program; NULL puts the C library's back. For tests. */
void mem_set_allocator(mem_realloc_fn fn, void *payload);

/* Uninitialised and zeroed memory, owned by the caller, freed with mem_free(). Never NULL. */
void *mem_alloc(size_t size);
void *mem_zalloc(size_t size);

/* Resizes to count elements of size bytes each; aborts when the product overflows. */
void *mem_resize(void *ptr, size_t count, size_t size);

/* Copies of a string, of its first len bytes, and of a formatted text; freed with mem_free(). */
char *mem_strdup(const char *s);
char *mem_strndup(const char *s, size_t len);
char *mem_printf(const char *fmt, ...) __attribute__((format(printf, 1, 2)));

/* Frees what the functions above returned; NULL is fine. */
void mem_free(void *ptr);

#endif
