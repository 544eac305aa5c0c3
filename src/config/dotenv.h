/*
 * .env files as python-dotenv reads them: `export`, three kinds of quoting with their escapes,
 * values over several lines, comments, ${NAME} and ${NAME:-default}; of duplicates the last wins.
 */
#ifndef CONFIG_DOTENV_H
#define CONFIG_DOTENV_H

#include <stdbool.h>
#include <stddef.h>

#include "base/map.h"

struct arena;

struct dotenv_entry {
    const char *value; /* NULL: a name without '=' */
    int line;
};

/*
 * Reads text into a map name -> struct dotenv_entry * with raw values, in order of first
 * appearance. What cannot be parsed is left out, as python-dotenv does with a warning; *bad_line
 * (may be NULL) gets the first such line, 0: none.
 */
struct map dotenv_parse(struct arena *a, const char *text, size_t len, int *bad_line);

/*
 * Reads text and expands the variables in order, each from environ_ (name -> const char *, may be
 * NULL) and from the entries before it. override says who wins, as load_dotenv(override=): the
 * entries (true), or environ_ (false). A map name -> struct dotenv_entry *. Where values
 * expand to megabytes, they and what follows are left out, as lines that cannot be parsed.
 */
struct map dotenv_values(struct arena *a, const char *text, size_t len, const struct map *environ_,
                         bool override, int *bad_line);

/*
 * The path of the first regular file called name in dir or above it, but not above root; NULL:
 * none. (python-dotenv goes up to the file system's root; retort opens nothing outside the
 * project.)
 */
const char *dotenv_find(struct arena *a, const char *name, const char *dir, const char *root);

#endif
