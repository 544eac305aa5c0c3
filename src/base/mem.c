#include "config.h"

#include "base/mem.h"

#include <stdarg.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

static void *libc_realloc(void *ptr, size_t size, void *payload)
{
    (void)payload;
    if (size == 0) {
        free(ptr);
        return NULL;
    }
    return realloc(ptr, size);
}

static mem_realloc_fn allocator = libc_realloc;
static void *allocator_payload;

void mem_set_allocator(mem_realloc_fn fn, void *payload)
{
    allocator = fn ? fn : libc_realloc;
    allocator_payload = fn ? payload : NULL;
}

static void *checked(void *ptr, size_t size)
{
    if (!ptr && size > 0) {
        fprintf(stderr, "retort: out of memory (%zu bytes asked for)\n", size);
        abort();
    }
    return ptr;
}

void *mem_alloc(size_t size)
{
    if (size == 0)
        size = 1;
    return checked(allocator(NULL, size, allocator_payload), size);
}

void *mem_zalloc(size_t size)
{
    void *ptr = mem_alloc(size);
    memset(ptr, 0, size);
    return ptr;
}

void *mem_resize(void *ptr, size_t count, size_t size)
{
    if (size > 0 && count > SIZE_MAX / size)
        checked(NULL, SIZE_MAX);
    size_t bytes = count * size;
    if (bytes == 0)
        bytes = 1;
    return checked(allocator(ptr, bytes, allocator_payload), bytes);
}

char *mem_strndup(const char *s, size_t len)
{
    char *copy = mem_alloc(len + 1);
    memcpy(copy, s, len);
    copy[len] = '\0';
    return copy;
}

char *mem_strdup(const char *s)
{
    return mem_strndup(s, strlen(s));
}

char *mem_printf(const char *fmt, ...)
{
    va_list ap, again;
    va_start(ap, fmt);
    va_copy(again, ap);
    int len = vsnprintf(NULL, 0, fmt, ap);
    char *text = mem_alloc((size_t)len + 1);
    vsnprintf(text, (size_t)len + 1, fmt, again);
    va_end(again);
    va_end(ap);
    return text;
}

void mem_free(void *ptr)
{
    if (ptr)
        allocator(ptr, 0, allocator_payload);
}
