/* The process's arguments, kept from those who look at the list of processes. */
#ifndef CLI_ARGV_H
#define CLI_ARGV_H

struct arena;

/*
 * A copy of argv in the arena. In argv itself the password of every URL (scheme://user:password@)
 * becomes x's of the same length: what ps and /proc show is that memory.
 */
const char *const *argv_take(struct arena *a, char **argv);

#endif
