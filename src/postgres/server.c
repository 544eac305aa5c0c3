#include "config.h"

#include "postgres/server.h"

#include <stdlib.h>

#include "base/arena.h"
#include "base/str.h"
#include "postgres/connection_private.h"
#include "postgres/query.h"

const char server_info_sql[] =
    "SELECT pg_catalog.current_setting('server_version'), pg_catalog.current_database(),\n"
    "       current_user, pg_catalog.pg_backend_pid(), pg_catalog.pg_is_in_recovery(),\n"
    "       pg_catalog.current_setting('transaction_read_only') = 'on',\n"
    "       pg_catalog.current_setting('is_superuser') = 'on',\n"
    "       pg_catalog.has_function_privilege('pg_catalog.pg_control_system()', 'execute'),\n"
    "       (SELECT oid FROM pg_catalog.pg_database WHERE datname = current_database()),\n"
    "       (SELECT round(1000000 * extract(epoch FROM a.backend_start))::bigint\n"
    "        FROM pg_catalog.pg_stat_get_activity(pg_catalog.pg_backend_pid()) a)";

const char server_identity_sql[] = "SELECT system_identifier FROM pg_catalog.pg_control_system()";

static const char *copy(struct arena *a, const char *text)
{
    return arena_strdup(a, text ? text : "");
}

void server_info_read(struct arena *a, const struct connection *conn, const struct result *result,
                      struct server_info *info)
{
    *info = (struct server_info){
        .version = connection_server_version(conn),
        .version_text = copy(a, result_get(result, 0, 0)),
        .database = copy(a, result_get(result, 0, 1)),
        .user = copy(a, result_get(result, 0, 2)),
        .host = copy(a, PQhost(conn->pg)),
        .port = copy(a, PQport(conn->pg)),
        .identity = "",
        .backend_pid = atoi(copy(a, result_get(result, 0, 3))),
        .in_recovery = result_bool(result, 0, 4),
        .read_only = result_bool(result, 0, 5),
        .is_superuser = result_bool(result, 0, 6),
        .may_read_identity = result_bool(result, 0, 7),
        .database_oid = (uint32_t)strtoul(copy(a, result_get(result, 0, 8)), NULL, 10),
        .backend_start = copy(a, result_get(result, 0, 9)),
        .plain_strings = str_eq(connection_parameter(conn, "standard_conforming_strings"), "on"),
    };
    info->is_pooled = info->backend_pid != connection_pid(conn);
}

void server_identity_read(struct arena *a, const struct result *result, struct server_info *info)
{
    info->identity = result_rows(result) > 0 ? copy(a, result_get(result, 0, 0)) : "";
}

bool server_check(const struct server_info *info, struct err *err)
{
    if (info->version >= SERVER_VERSION_MIN)
        return true;
    err_set(err, ERR_DATABASE, "the server is PostgreSQL %s, which is too old", info->version_text);
    return err_hint(err, "retort works with PostgreSQL %d and newer", SERVER_VERSION_MIN / 10000);
}

bool server_check_run(const struct server_info *info, struct err *err)
{
    if (info->in_recovery) {
        err_set(err, ERR_DATABASE, "the server is a standby: it can only be read");
        return err_hint(err, "connect to the primary; with several hosts in the database URL, "
                             "target_session_attrs=read-write finds it");
    }
    if (info->read_only) {
        err_set(err, ERR_DATABASE, "sessions of user \"%s\" in database \"%s\" are read-only",
                info->user, info->database);
        return err_hint(err, "default_transaction_read_only is on for the server, the database or "
                             "the role");
    }
    if (!info->plain_strings) {
        err_set(err, ERR_DATABASE,
                "standard_conforming_strings is off: backslashes in literals "
                "would store other data than what is shown");
        return err_hint(err, "ALTER ROLE ... SET standard_conforming_strings = on");
    }
    return true;
}

bool server_info_query(struct arena *a, struct connection *conn, struct server_info *info,
                       struct err *err)
{
    struct result *result;
    if (!connection_query(conn, server_info_sql, NULL, 0, &result, err))
        return false;
    server_info_read(a, conn, result, info);
    result_free(result);
    if (info->may_read_identity) {
        if (!connection_query(conn, server_identity_sql, NULL, 0, &result, err))
            return false;
        server_identity_read(a, result, info);
        result_free(result);
    }
    return server_check(info, err);
}
