/*
 * SQLAlchemy database URLs and libpq connection parameters (spec/env-py.md, section 2;
 * PostgreSQL manual, "Database Connection Control Functions").
 */
#ifndef CONFIG_URL_H
#define CONFIG_URL_H

#include <stdbool.h>

#include "base/map.h"
#include "config/config.h"

struct arena;
struct err;

/* One database to connect to. All fields in the arena; NULL: libpq's default. */
struct database_url {
    const char *driver;   /* "psycopg2", "asyncpg", ...; NULL: none given */
    /*
     * For libpq: decoded; several hosts and ports are joined by commas; a socket folder is a host.
     */
    const char *user, *password, *host, *port, *database;
    struct map options;   /* libpq keywords from the query part: sslmode, options, ... */
    const char *masked;   /* as SQLAlchemy prints it, the password as ***; NULL: not from a URL */
    struct config_origin origin;
};

struct url_pair {
    const char *key, *value;
};
VEC_DEFINE(url_pairs, struct url_pair);

/* What SQLAlchemy's make_url() finds. Decoded where SQLAlchemy decodes; NULL: not there. */
struct url_parts {
    const char *name; /* dialect[+driver] */
    const char *user, *password, *host, *port, *database;
    struct url_pairs query; /* in order, blank values left out */
};

/* Divides a URL of any dialect into its parts. False, with SQLAlchemy's words, when it is none. */
bool url_split(struct arena *a, const char *text, struct url_parts *out, struct err *err);

/*
 * Parses dialect[+driver]://user:password@host:port/database?query. Drivers' own keys are mapped
 * to libpq's or dropped. False for another dialect and for what cannot be read; messages never show
 * the text, which may hold a password.
 */
bool url_parse(struct arena *a, const char *text, struct database_url *out, struct err *err);

/*
 * libpq's keywords (PostgreSQL manual, "Parameter Key Words") and their values, password included:
 * what goes to PQconnectdbParams(). *keywords becomes a map keyword -> const char * in the arena.
 */
void url_conninfo(struct arena *a, const struct database_url *url, struct map *keywords);

/* Whether this is the URL that `alembic init` writes ("driver://user:pass@..."): no URL yet. */
bool url_is_placeholder(const char *text);

/*
 * The database to use; first found wins (DESIGN.md, "Configuration"): url_option (--url),
 * retort_url ($RETORT_URL), env_url (what env.py resolved to), DB_USER DB_PASSWORD DB_HOST DB_PORT
 * DB_NAME (environ, with .env below it), sqlalchemy.url, libpq's defaults.
 */
bool url_resolve(struct arena *a, const struct config *config, const char *url_option,
                 const char *retort_url, const char *env_url, const struct map *environ_,
                 struct database_url *out, struct err *err);

/* The URL with its password replaced by ***, as Alembic 1.19 prints it. */
const char *url_masked(struct arena *a, const struct database_url *url);

/* "database@host" for headers and confirmations; a socket folder is shown as "local". */
const char *url_label(struct arena *a, const struct database_url *url);

#endif
