/*
 * Arenas: memory that is freed all at once.
 *
 * retort's memory rule: a thing lives in an arena of its lifetime (project, revision, run, frame)
 * and is never freed alone. A function whose first argument is an arena leaves its result there.
 * A value that must outlive its arena is copied by a function named *_copy_to(arena, ...).
 *
 * Built with --enable-debug-arena every allocation is a malloc of its own, so that ASan sees each
 * object's borders.
 */
#ifndef BASE_ARENA_H
#define BASE_ARENA_H

#include <stdarg.h>
#include <stddef.h>

struct arena;

/* An empty arena; owned by the caller, freed with arena_free(). */
struct arena *arena_new(void);

/* Frees the arena and all that was allocated from it; NULL is fine. */
void arena_free(struct arena *a);

/* Forgets everything in the arena, keeping some memory for the next use (a frame's arena). */
void arena_reset(struct arena *a);

/*
 * Remembers all that is in the arena, byte by byte, and brings exactly that back, whatever was
 * written and allocated in between: work that begins with the same preparations again and again
 * does them once. Pointers within the arena stay valid. Resetting and freeing forget it.
 */
void arena_save(struct arena *a);
void arena_restore(struct arena *a); /* after arena_save() */

/* Takes over all that is in other, which is gone then; other has nothing saved. */
void arena_adopt(struct arena *a, struct arena *other);

/* Zeroed memory, aligned for any type. Never NULL; size 0 gives a valid pointer. */
void *arena_alloc(struct arena *a, size_t size);

/* Zeroed memory for count elements; aborts when the product overflows. */
void *arena_array(struct arena *a, size_t count, size_t size);

/* Moves old_count elements into a new block for new_count; the old block stays till the end. */
void *arena_grow(struct arena *a, const void *old, size_t old_count, size_t new_count, size_t size);

/* Copies of bytes, strings and formatted text. arena_strdup(a, NULL) is NULL. */
void *arena_memdup(struct arena *a, const void *data, size_t size);
char *arena_strdup(struct arena *a, const char *s);
char *arena_strndup(struct arena *a, const char *s, size_t len);
char *arena_printf(struct arena *a, const char *fmt, ...) __attribute__((format(printf, 2, 3)));
char *arena_vprintf(struct arena *a, const char *fmt, va_list ap)
    __attribute__((format(printf, 2, 0)));

/* Bytes handed out since the arena was made or reset; what memory limits are held against. */
size_t arena_used(const struct arena *a);

#define ARENA_NEW(a, type) ((type *)arena_alloc((a), sizeof(type)))
#define ARENA_ARRAY(a, count, type) ((type *)arena_array((a), (count), sizeof(type)))

#endif
