/*
 * What the server is: read once after connecting, and checked before a run.
 */
#ifndef POSTGRES_SERVER_H
#define POSTGRES_SERVER_H

#include <stdbool.h>

#include "base/err.h"
#include "postgres/database.h"

struct arena;
struct connection;
struct result;

/* The oldest server: ALTER TYPE ... ADD VALUE in a transaction, pg_stat_progress_create_index. */
enum { SERVER_VERSION_MIN = 120000 };

/* One row; server_info_read() takes it in. Everything but identity is then there. */
extern const char server_info_sql[];
void server_info_read(struct arena *a, const struct connection *conn, const struct result *result,
                      struct server_info *info);

/* One value; to be asked only when info->may_read_identity. */
extern const char server_identity_sql[];
void server_identity_read(struct arena *a, const struct result *result, struct server_info *info);

/* Whether retort can work with it at all; else ERR_DATABASE with a hint. */
bool server_check(const struct server_info *info, struct err *err);

/*
 * Whether a run can work on it: not a standby, not read-only, ordinary string literals. Where a
 * pooler is in between, which is known by the process id that it makes up, pooler.h finds out more.
 */
bool server_check_run(const struct server_info *info, struct err *err);

/* Blocking: all of the above. */
bool server_info_query(struct arena *a, struct connection *conn, struct server_info *info,
                       struct err *err);

#endif
