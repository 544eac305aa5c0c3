/* Lists of paths in configuration values, and paths that name a package's folder. */
#ifndef CONFIG_PATHS_H
#define CONFIG_PATHS_H

#include <stdbool.h>

#include "config/config.h"

/*
 * Splits version_locations or prepend_sys_path (spec/cli.md, section 2.3). separator is the value
 * of path_separator (or of its old name), NULL: none given, then blanks and commas divide, and
 * colons too with colons. False with Alembic's words when separator is no such value; name is the
 * key.
 */
bool paths_split(struct arena *a, const char *text, const char *separator, const char *name,
                 bool colons, struct config_paths *out, struct err *err);

/*
 * The absolute path that text means: below base; or for "package:folder" (spec/cli.md, section 2.2)
 * the folder of the package, looked for in roots, then in base. False when there is no such
 * package.
 */
bool paths_resolve(struct arena *a, const char *base, const struct config_paths *roots,
                   const char *text, const char **out, struct err *err);

/* The folder at or above dir that holds a repository (.git); dir itself when there is none. */
const char *paths_project_root(struct arena *a, const char *dir);

#endif
