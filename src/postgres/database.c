#include "config.h"

#include "postgres/database.h"

#include "postgres/query.h"
#include "postgres/server.h"
#include "postgres/version.h"

static bool find_table(struct connection *conn, const struct version_table *table, bool *exists,
                       struct err *err)
{
    const char *params[VERSION_FIND_PARAMS];
    struct result *result;
    version_find_params(table, params);
    if (!connection_query(conn, version_find_sql, params, VERSION_FIND_PARAMS, &result, err))
        return false;
    *exists = result_bool(result, 0, 1);
    result_free(result);
    return true;
}

static bool read_rows(struct arena *a, struct connection *conn, const struct version_table *table,
                      struct name_list *rows, struct err *err)
{
    struct result *result;
    if (!connection_query(conn, version_read_sql(a, table), NULL, 0, &result, err))
        return false;
    version_rows(a, result, rows);
    result_free(result);
    return true;
}

bool database_read_versions(struct arena *a, const struct database_url *url,
                            const struct version_table *table, const struct log *log,
                            int interrupt, struct name_list *rows, bool *exists,
                            struct server_info *info, struct err *err)
{
    struct connection *conn;
    *rows = (struct name_list){0};
    *exists = false;
    if (!connection_open_until(url, log, interrupt, &conn, err))
        return false;
    bool ok = server_info_query(a, conn, info, err) && find_table(conn, table, exists, err) &&
              (!*exists || read_rows(a, conn, table, rows, err));
    connection_close(conn);
    return ok;
}
