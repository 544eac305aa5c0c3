/*
 * alembic.ini (or pyproject.toml), .env and [retort]: what they say, and where each value came
 * from. Rules: spec/cli.md, section 2.
 *
 * Everything lives in the arena given to config_open(). Passwords are in here; nothing of this
 * may be printed but through config_url_masked().
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>

#include "base/map.h"
#include "base/vec.h"

struct arena;
struct err;

/* Where a value came from, for `retort doctor` and for messages. */
struct config_origin {
    const char *file; /* "alembic.ini", ".env", "environment", "--url", "default" */
    int line;         /* 0: not in a file */
};

VEC_DEFINE(config_paths, const char *);

struct config {
    const char *ini_path;     /* absolute; NULL: none found */
    const char *toml_path;    /* pyproject.toml that has [tool.alembic]; NULL: none */
    const char *section;      /* -n, default "alembic" */
    const char *here;         /* folder of the file that was found; project root for messages */
    const char *project_name; /* last part of `here`: what the console's header shows */
    const char *script_location;          /* absolute */
    struct config_paths version_locations; /* absolute, in order */
    struct config_paths prepend_sys_path;  /* absolute, in order */
    bool recursive_version_locations;
    bool sourceless, revision_environment;
    const char *file_template, *timezone;
    int truncate_slug_length;
    const char *output_encoding;
    const char *dotenv_path;  /* NULL: none */
    struct map dotenv;        /* name -> const char * */
    struct config_file *file; /* the parsed file, for config_get() */
};

/* What the command line gives. */
struct config_request {
    const char *const *config_files; /* -c, each; NULL-terminated; NULL: search */
    const char *alembic_config;      /* $ALEMBIC_CONFIG or NULL */
    const char *section;             /* -n or NULL */
    const char *cwd;                 /* absolute */
};

/*
 * Finds and reads the configuration. The file is searched in cwd and upwards unless given. False
 * with Alembic's words (spec/cli.md, section 2.4) where there is none, or it is wrong.
 */
bool config_open(struct arena *a, const struct config_request *request, struct config **out,
                 struct err *err);

/*
 * The value of a key in the main section or another one, interpolated; NULL with err untouched
 * when absent, NULL with err set when the interpolation is wrong. origin may be NULL.
 */
const char *config_get(struct arena *a, const struct config *config, const char *section,
                       const char *key, struct config_origin *origin, struct err *err);

#endif
