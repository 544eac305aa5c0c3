/*
 * The environment of a process, as it was handed down by main(): NAME=value, ended by NULL. Nothing
 * here looks at the real one.
 */
#ifndef BASE_ENVIRON_H
#define BASE_ENVIRON_H

struct arena;

/* The value of a variable, which may be ""; NULL: it is not set. environ_ may be NULL. */
const char *environ_get(const char *const *environ_, const char *name);

/* The same, with NULL for "" too: what is set to nothing says nothing. */
const char *environ_given(const char *const *environ_, const char *name);

/* A program of $PATH, with its folder; NULL: none. Folders that are not absolute do not count. */
const char *environ_program(struct arena *a, const char *const *environ_, const char *name);

#endif
