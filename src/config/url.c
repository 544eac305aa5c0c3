#include "config.h"

#include "config/url.h"

#include <ctype.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/err.h"
#include "base/str.h"
#include "base/vec.h"
#include "config/dotenv.h"
#include "config/percent.h"

/* libpq's keywords (PostgreSQL manual, "Parameter Key Words"), without those of this struct. */
static const char *const libpq_keywords[] = {
    "hostaddr", "passfile", "require_auth", "channel_binding", "connect_timeout",
    "client_encoding", "options", "application_name", "fallback_application_name", "keepalives",
    "keepalives_idle", "keepalives_interval", "keepalives_count", "tcp_user_timeout",
    "replication", "gssencmode", "sslmode", "requiressl", "sslnegotiation", "sslcompression",
    "sslcert", "sslkey", "sslpassword", "sslcertmode", "sslrootcert", "sslcrl", "sslcrldir",
    "sslsni", "requirepeer", "ssl_min_protocol_version", "ssl_max_protocol_version",
    "min_protocol_version", "max_protocol_version", "krbsrvname", "gsslib", "gssdelegation",
    "service", "target_session_attrs", "load_balance_hosts",
};

struct key_row {
    const char *driver, *key, *keyword;
};

static const struct key_row key_rows[] = {
#define KEY(driver, key, keyword) {driver, key, keyword},
#include "url_keys.def"
#undef KEY
};

/* Drivers that hand every key to libpq, which then says what it does not know. */
static const char *const libpq_drivers[] = {"psycopg2", "psycopg", "psycopg_async", "psycopg2cffi"};

#define COUNT(array) (sizeof(array) / sizeof((array)[0]))

static bool is_listed(const char *s, const char *const *list, size_t count)
{
    for (size_t i = 0; i < count; i++) {
        if (strcmp(s, list[i]) == 0)
            return true;
    }
    return false;
}

/* ---- the parts of the text ---- */

static const char *slice(struct arena *a, const char *start, const char *end)
{
    return arena_strndup(a, start, (size_t)(end - start));
}

/*
 * The '@' that ends a password starting at s. SQLAlchemy takes the first one and leaves a raw '@'
 * of the password to the host, where it cannot be: what was meant is the last one before the path.
 */
static const char *password_end(const char *s)
{
    const char *at = strchr(s, '@');
    const char *end = at ? at + strcspn(at, "/?") : s;
    for (const char *p = at; p && p < end; p++)
        at = *p == '@' ? p : at;
    return at;
}

/* "user[:password]@": a ':' takes all up to an '@' as password, '/' and '?' too. */
static const char *split_user(struct arena *a, const char *s, struct url_parts *out)
{
    const char *end = s + strcspn(s, ":/");
    const char *at = *end == ':' ? password_end(end) : NULL;
    if (at) {
        out->user = percent_decode(a, s, (size_t)(end - s), false);
        out->password = percent_decode(a, end + 1, (size_t)(at - end - 1), false);
        return at + 1;
    }
    while (end > s && end[-1] != '@')
        end--;
    if (end == s)
        return s;
    out->user = percent_decode(a, s, (size_t)(end - 1 - s), false);
    return end;
}

static const char *split_host(struct arena *a, const char *s, struct url_parts *out)
{
    const char *end = s + strcspn(s, "/?");
    const char *bracket = end;
    while (bracket > s && *bracket != ']')
        bracket--;
    if (*s == '[' && bracket > s + 1) {
        out->host = slice(a, s + 1, bracket);
        s = bracket + 1;
    } else {
        end = s + strcspn(s, "/:?");
        if (end > s)
            out->host = slice(a, s, end);
        s = end;
    }
    if (*s == ':') {
        end = s + strcspn(s, "/?");
        out->port = slice(a, s + 1, end);
        s = end;
    }
    return s;
}

static void split_query(struct arena *a, const char *s, struct url_parts *out)
{
    while (*s) {
        const char *end = s + strcspn(s, "&");
        const char *equal = memchr(s, '=', (size_t)(end - s));
        if (equal && equal + 1 < end) {
            struct url_pair pair = {percent_decode(a, s, (size_t)(equal - s), true),
                                percent_decode(a, equal + 1, (size_t)(end - equal - 1), true)};
            vec_push(a, &out->query, pair);
        }
        s = *end ? end + 1 : end;
    }
}

static bool is_number(const char *s)
{
    return *s && strspn(s, "0123456789") == strlen(s);
}

bool url_split(struct arena *a, const char *text, struct url_parts *out, struct err *err)
{
    const char *s = text;
    *out = (struct url_parts){0};
    while (isalnum((unsigned char)*s) || *s == '_' || *s == '+')
        s++;
    if (s == text || !str_starts_with(s, "://"))
        return err_set(err, ERR_CONFIG, "Could not parse SQLAlchemy URL from given URL string");
    out->name = slice(a, text, s);
    s = split_host(a, split_user(a, s + 3, out), out);
    if (*s == '/') {
        const char *end = s + strcspn(s, "?");
        out->database = slice(a, s + 1, end);
        s = end;
    }
    if (*s == '?')
        split_query(a, s + 1, out);
    else if (*s)
        return err_set(err, ERR_CONFIG, "Could not parse SQLAlchemy URL from given URL string");
    if (!out->port)
        return true;
    if (!is_number(out->port))
        return err_set(err, ERR_CONFIG, "the port of the database URL is not a number");
    while (out->port[0] == '0' && out->port[1])
        out->port++;
    return true;
}

/* ---- for libpq ---- */

static bool check_dialect(struct arena *a, const struct url_parts *parts, const char **driver,
                          struct err *err)
{
    const char *plus = strchr(parts->name, '+');
    size_t len = plus ? (size_t)(plus - parts->name) : strlen(parts->name);
    const char *dialect = arena_strndup(a, parts->name, len);
    *driver = plus && plus[1] ? arena_strdup(a, plus + 1) : NULL;
    if (strcmp(dialect, "postgresql") == 0)
        return true;
    err_set(err, ERR_CONFIG, "Can't load plugin: sqlalchemy.dialects:%s%s%s", dialect,
            *driver ? "." : "", *driver ? *driver : "");
    if (strcmp(dialect, "postgres") == 0)
        return err_hint(err, "write postgresql:// instead of postgres://");
    return err_hint(err, "retort works with PostgreSQL: a URL that starts with postgresql://");
}

static const struct key_row *row_of(const char *driver, const char *key)
{
    for (size_t i = 0; i < COUNT(key_rows); i++) {
        if ((!key_rows[i].driver[0] || strcmp(key_rows[i].driver, driver) == 0) &&
            strcmp(key_rows[i].key, key) == 0)
            return &key_rows[i];
    }
    return NULL;
}

static void add_part(struct arena *a, const char **list, const char *part, size_t count)
{
    *list = count ? arena_printf(a, "%s,%s", *list, part) : part;
}

/* The ':' between a host and its port in host=..., or NULL. */
static const char *host_port(const char *host, bool alone)
{
    const char *colon = strchr(host, ':');
    if (!colon || host[0] == '/' || (alone && strchr(host, ',')))
        return NULL;
    return colon[1 + strspn(colon + 1, "0123456789")] ? NULL : colon;
}

/* The default port for each of several hosts: one comma less than there are hosts. */
static const char *default_ports(struct arena *a, const char *hosts)
{
    struct str ports = STR_IN(a);
    for (const char *p = hosts; (p = strchr(p, ',')); p++)
        str_addc(&ports, ',');
    return ports.ptr;
}

static size_t count_key(const struct url_parts *parts, const char *key)
{
    size_t n = 0;
    for (size_t i = 0; i < parts->query.len; i++)
        n += strcmp(parts->query.at[i].key, key) == 0;
    return n;
}

/* "host=h1:p1&host=h2:p2", "host=h1,h2&port=p1,p2", "host=/folder": the hosts of the query. */
static bool take_hosts(struct arena *a, const struct url_parts *parts, struct database_url *out,
                       struct err *err)
{
    size_t hosts = count_key(parts, "host"), ports = 0, with_port = 0;
    const char *host = NULL, *port = NULL, *single_ports = NULL;
    bool alone = hosts == 1;
    bool may_split = !alone || count_key(parts, "port") == 0;
    hosts = 0;
    for (size_t i = 0; i < parts->query.len; i++) {
        const struct url_pair *pair = &parts->query.at[i];
        if (strcmp(pair->key, "port") == 0)
            add_part(a, &port, pair->value, ports++);
        if (strcmp(pair->key, "host") != 0)
            continue;
        const char *colon = may_split ? host_port(pair->value, alone) : NULL;
        add_part(a, &host, colon ? slice(a, pair->value, colon) : pair->value, hosts);
        add_part(a, &single_ports, colon ? colon + 1 : "", hosts++);
        with_port += colon != NULL;
    }
    if (with_port > 0 && ports > 0) {
        return err_set(
            err, ERR_CONFIG,
            "Can't mix 'multihost' formats together; use \"host=h1,h2,h3&port=p1,p2,p3\" "
            "or \"host=h1:p1&host=h2:p2&host=h3:p3\" separately");
    }
    if (host)
        out->host = host;
    if (with_port > 0)
        out->port = single_ports;
    else if (port)
        out->port = port;
    else if (host && strchr(host, ','))
        out->port = default_ports(a, host);
    return true;
}

/* One key of the query part; the fields of the URL itself can be given there too. */
static void take_option(struct arena *a, struct database_url *out, const struct url_pair *pair)
{
    const char *driver = out->driver ? out->driver : "psycopg2";
    const struct key_row *row = row_of(driver, pair->key);
    const char *keyword = row ? row->keyword : pair->key;
    if (!keyword || strcmp(keyword, "port") == 0 || strcmp(pair->key, "host") == 0)
        return;
    if (strcmp(keyword, "host") == 0)
        out->host = pair->value;
    else if (strcmp(keyword, "user") == 0)
        out->user = pair->value;
    else if (strcmp(keyword, "password") == 0)
        out->password = pair->value;
    else if (strcmp(keyword, "dbname") == 0)
        out->database = pair->value;
    else if (is_listed(keyword, libpq_keywords, COUNT(libpq_keywords)) ||
             is_listed(driver, libpq_drivers, COUNT(libpq_drivers)))
        map_put(&out->options, keyword, arena_strdup(a, pair->value));
}

/* ---- masked ---- */

static int compare_keys(const void *left, const void *right)
{
    const struct url_pair *l = left, *r = right;
    int order = strcmp(l->key, r->key);
    return order ? order : (l > r) - (l < r);
}

static bool is_secret(const char *key)
{
    return strcmp(key, "password") == 0 || strcmp(key, "sslpassword") == 0;
}

/* As URL.render_as_string(): quoted anew, the query sorted by key. */
static const char *mask(struct arena *a, const struct url_parts *parts)
{
    struct str out = STR_IN(a);
    str_addf(&out, "%s://", parts->name);
    if (parts->user) {
        percent_encode(&out, parts->user, " +", false);
        str_add(&out, parts->password ? ":***@" : "@");
    }
    if (parts->host)
        str_addf(&out, strchr(parts->host, ':') ? "[%s]" : "%s", parts->host);
    if (parts->port)
        str_addf(&out, ":%s", parts->port);
    if (parts->database)
        str_addf(&out, "/%s", parts->database);
    struct url_pair *query = ARENA_ARRAY(a, parts->query.len + 1, struct url_pair);
    if (parts->query.len)
        memcpy(query, parts->query.at, parts->query.len * sizeof(*query));
    qsort(query, parts->query.len, sizeof(*query), compare_keys);
    for (size_t i = 0; i < parts->query.len; i++) {
        str_addc(&out, i ? '&' : '?');
        percent_encode(&out, query[i].key, "", true);
        str_addc(&out, '=');
        if (is_secret(query[i].key))
            str_add(&out, "***");
        else
            percent_encode(&out, query[i].value, "", true);
    }
    return out.ptr;
}

/* ---- public ---- */

bool url_parse(struct arena *a, const char *text, struct database_url *out, struct err *err)
{
    struct url_parts parts;
    *out = (struct database_url){.options = MAP_IN(a)};
    if (!url_split(a, text, &parts, err) || !check_dialect(a, &parts, &out->driver, err))
        return false;
    out->user = parts.user;
    out->password = parts.password;
    out->host = parts.host;
    out->port = parts.port;
    out->database = parts.database && parts.database[0] ? parts.database : NULL;
    out->masked = mask(a, &parts);
    if (!take_hosts(a, &parts, out, err))
        return false;
    for (size_t i = 0; i < parts.query.len; i++)
        take_option(a, out, &parts.query.at[i]);
    return true;
}

void url_conninfo(struct arena *a, const struct database_url *url, struct map *keywords)
{
    const struct url_pair fields[] = {{"host", url->host}, {"port", url->port}, {"user", url->user},
                                  {"password", url->password}, {"dbname", url->database}};
    *keywords = MAP_IN(a);
    for (size_t i = 0; i < COUNT(fields); i++) {
        if (fields[i].value)
            map_put(keywords, fields[i].key, (void *)fields[i].value);
    }
    for (size_t i = 0; i < url->options.len; i++)
        map_put(keywords, url->options.at[i].key, url->options.at[i].value);
}

const char *url_masked(struct arena *a, const struct database_url *url)
{
    if (url->masked)
        return url->masked;
    struct url_parts parts = {.name = "postgresql", .user = url->user, .password = url->password,
                          .host = url->host, .port = url->port, .database = url->database};
    return mask(a, &parts);
}

const char *url_label(struct arena *a, const struct database_url *url)
{
    const char *host = url->host ? url->host : "local";
    const char *database = url->database ? url->database : url->user ? url->user : "default";
    return arena_printf(a, "%s@%s", database, host[0] == '/' || !host[0] ? "local" : host);
}

/* ---- which one ---- */

struct candidate {
    struct arena *arena;
    const struct config *config;
    const struct map *environ_;
};

/* The value of one variable: of the environment, else of .env. */
static const char *variable(const struct candidate *c, const struct map *dotenv, const char *name,
                            struct config_origin *origin)
{
    const char *value = c->environ_ ? map_get(c->environ_, name) : NULL;
    if (value && value[0]) {
        *origin = (struct config_origin){.file = "environment"};
        return value;
    }
    const struct dotenv_entry *entry = map_get(dotenv, name);
    if (!entry || !entry->value || !entry->value[0])
        return NULL;
    *origin = (struct config_origin){.file = c->config->dotenv_path, .line = entry->line};
    return entry->value;
}

/* DB_USER DB_PASSWORD DB_HOST DB_PORT DB_NAME; false when none of them names a database. */
static bool from_variables(const struct candidate *c, struct database_url *out)
{
    struct config_origin at[5] = {{0}};
    struct map dotenv = config_dotenv_values(c->arena, c->config, c->environ_);
    struct database_url url = {
        .user = variable(c, &dotenv, "DB_USER", &at[0]),
        .password = variable(c, &dotenv, "DB_PASSWORD", &at[1]),
        .host = variable(c, &dotenv, "DB_HOST", &at[2]),
        .port = variable(c, &dotenv, "DB_PORT", &at[3]),
        .database = variable(c, &dotenv, "DB_NAME", &at[4]),
        .options = MAP_IN(c->arena),
    };
    if (!url.database && !url.host && !url.user)
        return false;
    url.origin = url.database ? at[4] : url.host ? at[2] : at[0];
    *out = url;
    return true;
}

static bool from_text(struct arena *a, const char *text, struct config_origin origin,
                      struct database_url *out, struct err *err)
{
    if (!url_parse(a, text, out, err)) {
        err_at(err, origin.file, origin.line, 0);
        return false;
    }
    out->origin = origin;
    return true;
}

bool url_is_placeholder(const char *text)
{
    return str_starts_with(text, "driver://");
}

bool url_resolve(struct arena *a, const struct config *config, const char *url_option,
                 const char *retort_url, const char *env_url, const struct map *environ_,
                 struct database_url *out, struct err *err)
{
    struct candidate c = {.arena = a, .config = config, .environ_ = environ_};
    struct config_origin origin = {.file = "default"};
    if (url_option)
        return from_text(a, url_option, (struct config_origin){.file = "--url"}, out, err);
    if (retort_url && retort_url[0])
        return from_text(a, retort_url, (struct config_origin){.file = "RETORT_URL"}, out, err);
    if (env_url && !url_is_placeholder(env_url))
        return from_text(a, env_url, (struct config_origin){.file = "env.py"}, out, err);
    if (from_variables(&c, out))
        return true;
    struct err bad = ERR_INIT;
    const char *text = config_get(a, config, NULL, "sqlalchemy.url", &origin, &bad);
    if (bad.code) {
        err_move(err, &bad);
        return false;
    }
    if (text && text[0] && !url_is_placeholder(text))
        return from_text(a, text, origin, out, err);
    *out = (struct database_url){.options = MAP_IN(a), .origin = {.file = "default"}};
    return true;
}
