/*
 * INI files as Python's configparser reads them (spec/cli.md, section 2.1): case-insensitive keys,
 * '=' or ':', comments on lines of their own only, continuation lines by indent, [DEFAULT],
 * %(name)s interpolation when a value is read.
 */
#ifndef CONFIG_INI_H
#define CONFIG_INI_H

#include <stdbool.h>
#include <stddef.h>

#include "base/map.h"

struct arena;
struct err;

struct ini_option {
    const char *name;  /* lower case */
    const char *value; /* raw, lines joined by '\n' */
    int line;          /* of its key; 0: set by ini_file_set() */
};

struct ini_section {
    const char *name;
    int line;
    struct map options; /* name -> struct ini_option * */
};

/* All in one arena. */
struct ini_file {
    struct arena *arena;
    const char *path;            /* as shown to people; NULL: no file */
    struct ini_section defaults; /* [DEFAULT], with `here` */
    struct map sections;         /* name -> struct ini_section *, without [DEFAULT] */
};

/*
 * An empty file with the default `here` (NULL: none), as configparser.ConfigParser({"here": ...}).
 */
struct ini_file *ini_file_new(struct arena *a, const char *path, const char *here);

/*
 * Reads text (len bytes) into an empty file. False with ERR_CONFIG and the line for what
 * configparser refuses: a duplicate section or key, a line that is neither, text before the first
 * section.
 */
bool ini_file_read(struct ini_file *file, const char *text, size_t len, struct err *err);

/* A copy that can be changed with ini_file_set() without changing the original. */
struct ini_file *ini_file_copy_to(struct arena *a, const struct ini_file *file);

/* The section, or NULL. [DEFAULT] is not a section, as for ConfigParser.has_section(). */
const struct ini_section *ini_file_section(const struct ini_file *file, const char *section);

/* The option of a section or, below it, of [DEFAULT], raw; NULL when absent. key in any case. */
const struct ini_option *ini_file_option(const struct ini_file *file, const char *section,
                                         const char *key);

/*
 * The interpolated value of an option: ConfigParser.get(). False with ERR_CONFIG, without showing
 * any part of the value, when '%' is not followed by '%' or '(name)s', when the name is not known,
 * or deeper than 10.
 */
bool ini_file_value(struct arena *a, const struct ini_file *file, const char *section,
                    const struct ini_option *option, const char **out, struct err *err);

/*
 * All options of a section, [DEFAULT]'s first, interpolated: ConfigParser.items(). out becomes a
 * map name -> const char * in the arena. The section must exist.
 */
bool ini_file_items(struct arena *a, const struct ini_file *file, const char *section,
                    struct map *out, struct err *err);

/* Whether ConfigParser.set() takes the value: every '%' is part of '%%' or '%(name)s'. */
bool ini_value_is_valid(const char *value);

/* Sets an option; makes the section when it is missing. */
void ini_file_set(struct ini_file *file, const char *section, const char *key, const char *value);

/* Removes an option of the section itself; false when it has none. */
bool ini_file_remove(struct ini_file *file, const char *section, const char *key);

#endif
