/*
 * alembic.ini, pyproject.toml and .env: what they say, and where each value came from. Rules:
 * spec/cli.md, section 2.
 *
 * Everything lives in the arena given to config_open(). Passwords are in here; nothing of this
 * may be printed but through url_masked().
 */
#ifndef CONFIG_CONFIG_H
#define CONFIG_CONFIG_H

#include <stdbool.h>

#include "base/map.h"
#include "base/vec.h"

struct arena;
struct err;
struct ini_file;
struct toml_value;

/* Where a value came from, for `retort doctor` and for messages. */
struct config_origin {
    const char *file; /* "alembic.ini", ".env", "environment", "--url", "default" */
    int line;         /* 0: not in a file */
};

VEC_DEFINE(config_paths, const char *);

/* One post-write hook (spec/cli.md, section 5.6): its name and its keys without the prefix. */
struct config_hook {
    const char *name;
    struct map options; /* "type", "entrypoint", "options", "cwd", ... to const char * */
};
VEC_DEFINE(config_hooks, struct config_hook);

struct config {
    const char *ini_path;     /* absolute; NULL: none found */
    const char *toml_path;    /* pyproject.toml that has [tool.alembic]; NULL: none */
    const char *section;      /* -n, default "alembic" */
    const char *here;         /* folder of the file that was found; project root for messages */
    const char *base; /* what relative paths are relative to: cwd, or where the search ended */
    const char *root;         /* the project: the repository around `here`, else `here`; no file
                                 outside of it is opened for env.py or revisions */
    const char *project_name; /* last part of `here`: what the console's header shows */
    const char *script_location_text;      /* as written, interpolated; for messages */
    const char *script_location;           /* absolute */
    struct config_paths version_locations; /* absolute, in order */
    struct config_paths prepend_sys_path;  /* absolute, in order */
    bool recursive_version_locations;
    bool sourceless, revision_environment;
    const char *file_template; /* default "%(rev)s_%(slug)s" */
    const char *timezone;      /* NULL: local time, naive */
    int truncate_slug_length;  /* default 40 */
    const char *output_encoding; /* default "utf-8" */
    const char *dotenv_path;   /* the .env beside the file or above it in the project; NULL: none */
    const char *dotenv_text;   /* what is in it; "" if there is none */
    struct ini_file *ini;      /* the parsed file; never NULL: an absent file is an empty one */
    const struct toml_value *toml; /* the table [tool] of pyproject.toml; NULL: none */
    const struct map *given; /* settings of [retort] that a session has changed (key -> const char
                                *), which come before the files; NULL: none. Borrowed */
};

/* What the command line gives. */
struct config_request {
    const char *const *config_files; /* -c, each; NULL-terminated; NULL: search */
    const char *alembic_config;      /* $ALEMBIC_CONFIG or NULL */
    const char *section;             /* -n or NULL */
    const char *cwd;                 /* absolute */
};

/*
 * Finds and reads the configuration. Without -c and ALEMBIC_CONFIG the files are searched in cwd
 * and upwards. False with Alembic's words (spec/cli.md, section 2.4) where there is none
 * (ERR_COMMAND), or with the place where it is wrong (ERR_CONFIG).
 */
bool config_open(struct arena *a, const struct config_request *request, struct config **out,
                 struct err *err);

/*
 * The files that a new project's configuration goes to, absolute: those that -c and ALEMBIC_CONFIG
 * name, else alembic.ini and pyproject.toml in cwd itself, not above it. False for two of one kind.
 */
bool config_new_files(struct arena *a, const struct config_request *request, const char **ini,
                      const char **toml, struct err *err);

/*
 * The value of a key of an INI section (NULL: the main one), interpolated; NULL with err untouched
 * when absent, NULL with err set when the interpolation is wrong. origin may be NULL.
 */
const char *config_get(struct arena *a, const struct config *config, const char *section,
                       const char *key, struct config_origin *origin, struct err *err);

/*
 * The value of a key that Alembic also takes from pyproject.toml (marked T in spec/cli.md, section
 * 2.2): the main INI section first, then [tool.alembic]. Numbers and booleans come as Python's
 * str(). NULL as config_get().
 */
const char *config_option(struct arena *a, const struct config *config, const char *key,
                          struct config_origin *origin, struct err *err);

/*
 * A setting of retort's own: [retort] of alembic.ini, then [tool.retort] of pyproject.toml. NULL as
 * config_get().
 */
const char *config_setting(struct arena *a, const struct config *config, const char *key,
                           struct config_origin *origin, struct err *err);

/* A key that stands in [retort] or [tool.retort], whether or not it means anything. */
struct config_written {
    const char *key;
    struct config_origin origin;
};

VEC_DEFINE(config_written_list, struct config_written);

void config_settings_written(struct arena *a, const struct config *config,
                             struct config_written_list *out);

/*
 * The values of .env: a map name -> struct dotenv_entry * (dotenv.h), expanded with environ_ (name
 * -> const char *, may be NULL), which wins as with load_dotenv().
 */
struct map config_dotenv_values(struct arena *a, const struct config *config,
                                const struct map *environ_);

/* The post-write hooks, in order: INI section [post_write_hooks] if there is one, else the TOML. */
bool config_hooks_get(struct arena *a, const struct config *config, struct config_hooks *out,
                      struct err *err);

#endif
