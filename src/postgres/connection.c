#include "config.h"

#include "postgres/connection.h"

#include <stdlib.h>
#include <string.h>

#include "base/arena.h"
#include "base/clock.h"
#include "base/log.h"
#include "base/map.h"
#include "base/mem.h"
#include "base/vec.h"
#include "config/url.h"
#include "postgres/connection_private.h"

enum { DEFAULT_CONNECT_TIMEOUT = 10 }; /* seconds */

/* -- parameters ---------------------------------------------------------------------------------
 */

/* Keywords and values for PQconnectStartParams(), in an arena; both end with NULL. */
struct conninfo {
    VEC(const char *) keywords;
    VEC(const char *) values;
};

static void conninfo_add(struct arena *a, struct conninfo *info, const char *keyword,
                         const char *value)
{
    vec_push(a, &info->keywords, keyword);
    vec_push(a, &info->values, value);
}

/* libpq's rule for a keyword given twice is that the last one counts. */
static void conninfo_make(struct arena *a, const struct database_url *url, struct conninfo *info)
{
    static const char *const defaults[][2] = {
        {"fallback_application_name", "retort"},
        /* A network that is gone is noticed in two minutes, not in the system's two hours. */
        {"keepalives_idle", "60"},
        {"keepalives_interval", "10"},
        {"keepalives_count", "6"},
    };
    struct map given;
    for (size_t i = 0; i < sizeof(defaults) / sizeof(defaults[0]); i++)
        conninfo_add(a, info, defaults[i][0], defaults[i][1]);
    url_conninfo(a, url, &given);
    for (size_t i = 0; i < given.len; i++)
        conninfo_add(a, info, given.at[i].key, given.at[i].value);
    /* Not the URL's business: everything retort reads and sends is UTF-8. */
    conninfo_add(a, info, "client_encoding", "UTF8");
    conninfo_add(a, info, NULL, NULL);
}

static int connect_timeout_of(const struct database_url *url)
{
    const char *text = map_get(&url->options, "connect_timeout");
    if (!text)
        return DEFAULT_CONNECT_TIMEOUT;
    long seconds = strtol(text, NULL, 10);
    return seconds <= 0 || seconds > 86400 ? 0
                                           : (int)seconds; /* 0: wait for ever, as libpq has it */
}

/* -- errors of connecting -----------------------------------------------------------------------
 */

/* What to do about it, by the server's SQLSTATE (PostgreSQL manual, appendix A). */
static const struct {
    const char *sqlstate, *hint;
} connect_hints[] = {
    {"28P01", "check the user and the password of the database URL"},
    {"28000", "check the user of the database URL and the server's pg_hba.conf"},
    {"3D000", "create the database, or correct its name in the database URL"},
    {"42501", "the role needs the privilege CONNECT on the database"},
    {"53300", "the server has no free connection; try again, or end idle sessions"},
    {"57P03", "the server is starting up, shutting down or recovering; try again"},
};

static const char *connect_hint(const char *sqlstate)
{
    for (size_t i = 0; i < sizeof(connect_hints) / sizeof(connect_hints[0]); i++) {
        if (!strcmp(connect_hints[i].sqlstate, sqlstate))
            return connect_hints[i].hint;
    }
    return NULL;
}

static bool is_sqlstate(const char *s)
{
    for (size_t i = 0; i < 5; i++) {
        if (!((s[i] >= '0' && s[i] <= '9') || (s[i] >= 'A' && s[i] <= 'Z')))
            return false;
    }
    return s[5] == ':' && s[6] == ' ';
}

/*
 * Appends one line of libpq's message without the severity and the SQLSTATE, which PQERRORS_VERBOSE
 * puts there ("FATAL:  3D000: database ..."); the SQLSTATE goes to sqlstate. The severity is
 * translated by the server, so it is found as the word before the SQLSTATE.
 */
static void add_message_line(struct str *out, const char *line, size_t len, char sqlstate[6])
{
    struct str text = STR_INIT;
    str_addn(&text, line, len);
    for (size_t i = 3; i + 7 < text.len; i++) {
        if (strncmp(text.ptr + i - 3, ":  ", 3) != 0 || !is_sqlstate(text.ptr + i))
            continue;
        memcpy(sqlstate, text.ptr + i, 5);
        sqlstate[5] = '\0';
        size_t word = i - 3;
        while (word > 0 && text.ptr[word - 1] != ' ')
            word--;
        str_addn(out, text.ptr, word);
        str_add(out, text.ptr + i + 7);
        str_clear(&text);
        return;
    }
    str_trim(&text);
    str_add(out, text.ptr);
    str_clear(&text);
}

/*
 * libpq's message as one line: a line each per host tried, indented lines explain the one before
 * and become the detail; LOCATION (a line of the server's source) is dropped.
 */
static void split_message(const char *text, struct str *message, struct str *detail,
                          char sqlstate[6])
{
    while (*text) {
        size_t len = strcspn(text, "\n");
        bool continues = *text == '\t' || *text == ' ';
        if (len > 0 && strncmp(text, "LOCATION:", 9) != 0) {
            struct str *to = continues ? detail : message;
            if (to->len > 0)
                str_add(to, continues ? " " : "; ");
            add_message_line(to, text, len, sqlstate);
        }
        text += len + (text[len] == '\n');
    }
}

static bool connect_err(struct connection *conn, const char *libpq_message, struct err *err)
{
    struct str message = STR_INIT, detail = STR_INIT;
    char sqlstate[6] = "";
    split_message(libpq_message, &message, &detail, sqlstate);
    err_set(err, ERR_CONNECT, "%s", message.len ? message.ptr : "no connection to the server");
    memcpy(err->sqlstate, sqlstate, sizeof(sqlstate));
    if (detail.len > 0)
        err->detail = mem_strdup(detail.ptr);
    const char *hint = sqlstate[0] ? connect_hint(sqlstate) : NULL;
    if (hint)
        err_hint(err, "%s", hint);
    else if (conn->pg && PQconnectionNeedsPassword(conn->pg))
        err_hint(err, "the server wants a password: give one in the database URL, PGPASSWORD or "
                      "~/.pgpass");
    else if (!conn->reached)
        err_hint(err, "is the server running, and are host and port of the database URL right?");
    str_clear(&message);
    str_clear(&detail);
    return false;
}

bool connection_lost_err(struct connection *conn, struct err *err)
{
    struct str message = STR_INIT, detail = STR_INIT;
    char sqlstate[6] = "";
    split_message(PQerrorMessage(conn->pg), &message, &detail, sqlstate);
    err_set(err, ERR_CONNECT, "connection to %s lost%s%s", conn->target, message.len ? ": " : "",
            message.ptr);
    memcpy(err->sqlstate, sqlstate, sizeof(sqlstate));
    if (detail.len > 0)
        err->detail = mem_strdup(detail.ptr);
    str_clear(&message);
    str_clear(&detail);
    return false;
}

/* -- connecting ---------------------------------------------------------------------------------
 */

/* libpq makes a notice of an error for which it knows no statement. */
static void keep_last_words(struct connection *conn, const char *severity, const char *sqlstate,
                            const char *message)
{
    bool ends = str_eq(severity, "FATAL") || str_eq(severity, "PANIC");
    if (!ends || !message || !sqlstate || strlen(sqlstate) != 5)
        return;
    mem_free(conn->last_words.message);
    conn->last_words.message = mem_strdup(message);
    memcpy(conn->last_words.sqlstate, sqlstate, sizeof(conn->last_words.sqlstate));
}

static void receive_notice(void *payload, const PGresult *result)
{
    struct connection *conn = payload;
    const char *severity = PQresultErrorField(result, PG_DIAG_SEVERITY_NONLOCALIZED);
    const char *sqlstate = PQresultErrorField(result, PG_DIAG_SQLSTATE);
    const char *message = PQresultErrorField(result, PG_DIAG_MESSAGE_PRIMARY);
    keep_last_words(conn, severity, sqlstate, message);
    if (!conn->on_notice)
        return;
    struct server_notice notice = {
        .severity = severity ? severity : "NOTICE",
        .sqlstate = sqlstate ? sqlstate : "",
        .message =
            message ? message : PQresultErrorMessage(result), /* libpq's own have no fields */
        .detail = PQresultErrorField(result, PG_DIAG_MESSAGE_DETAIL),
        .hint = PQresultErrorField(result, PG_DIAG_MESSAGE_HINT),
    };
    conn->on_notice(&notice, conn->notice_payload);
}

static char *target_text(const PGconn *pg)
{
    const char *host = PQhost(pg), *port = PQport(pg), *database = PQdb(pg);
    return mem_printf("database \"%s\" on %s:%s", database ? database : "", host ? host : "",
                      port ? port : "");
}

bool connection_start(const struct database_url *url, const struct log *log,
                      struct connection **out, struct err *err)
{
    struct conninfo info = {0};
    struct arena *a = arena_new();
    conninfo_make(a, url, &info);
    struct connection *conn = mem_zalloc(sizeof(*conn));
    conn->log = log;
    conn->interrupt = -1;
    conn->sql = STR_INIT;
    conn->polling = PGRES_POLLING_WRITING; /* before the first PQconnectPoll(), says the manual */
    conn->pg = PQconnectStartParams(info.keywords.at, info.values.at, 0);
    arena_free(a);
    *out = NULL;
    if (!conn->pg) {
        mem_free(conn);
        return err_set(err, ERR_CONNECT, "no memory for a connection");
    }
    if (PQstatus(conn->pg) == CONNECTION_BAD) {
        connect_err(conn, PQerrorMessage(conn->pg), err);
        connection_close(conn);
        return false;
    }
    /* So that a refusal while connecting carries its SQLSTATE, which no other call gives. */
    PQsetErrorVerbosity(conn->pg, PQERRORS_VERBOSE);
    PQsetNoticeReceiver(conn->pg, receive_notice, conn);
    conn->target = target_text(conn->pg);
    int seconds = connect_timeout_of(url);
    conn->deadline = seconds ? clock_monotonic() + (int64_t)seconds * 1000000 : 0;
    *out = conn;
    return true;
}

void connection_close(struct connection *conn)
{
    if (!conn)
        return;
    PQclear(conn->last);
    PQclear(conn->error);
    PQclear(conn->limit.result);
    PQfinish(conn->pg);
    str_clear(&conn->sql);
    vec_clear(&conn->pipeline.sql);
    mem_free(conn->last_words.message);
    mem_free(conn->target);
    mem_free(conn);
}

static enum progress connected(struct connection *conn, struct err *err)
{
    conn->connected = true;
    PQsetErrorVerbosity(conn->pg, PQERRORS_DEFAULT);
    mem_free(conn->target);
    conn->target = target_text(conn->pg); /* of several hosts, the one that answered */
    if (PQsetnonblocking(conn->pg, 1) == 0)
        return PROGRESS_DONE;
    connection_lost_err(conn, err);
    return PROGRESS_FAILED;
}

enum progress connection_poll(struct connection *conn, struct err *err)
{
    if (conn->connected)
        return PROGRESS_DONE;
    conn->polling = PQconnectPoll(conn->pg);
    ConnStatusType status = PQstatus(conn->pg);
    if (status == CONNECTION_AWAITING_RESPONSE || status == CONNECTION_AUTH_OK)
        conn->reached = true;
    if (conn->polling == PGRES_POLLING_OK)
        return connected(conn, err);
    if (conn->polling == PGRES_POLLING_FAILED) {
        connect_err(conn, PQerrorMessage(conn->pg), err);
        return PROGRESS_FAILED;
    }
    if (conn->deadline && clock_monotonic() >= conn->deadline) {
        err_set(err, ERR_CONNECT, "no answer from %s", conn->target);
        err_hint(err, "is the server reachable from here? connect_timeout of the database URL sets "
                      "how long to wait");
        return PROGRESS_FAILED;
    }
    return PROGRESS_WAITING;
}

int connection_fd(const struct connection *conn)
{
    return PQsocket(conn->pg);
}

unsigned connection_wants(const struct connection *conn)
{
    if (!conn->connected) {
        return conn->polling == PGRES_POLLING_WRITING ? CONNECTION_WANTS_WRITE
                                                      : CONNECTION_WANTS_READ;
    }
    return CONNECTION_WANTS_READ | (conn->unsent ? CONNECTION_WANTS_WRITE : 0U);
}

int connection_timeout(const struct connection *conn)
{
    if (conn->connected || !conn->deadline)
        return -1;
    int64_t left = conn->deadline - clock_monotonic();
    return left <= 0 ? 0 : (int)(left / 1000) + 1;
}

/* -- state --------------------------------------------------------------------------------------
 */

void connection_set_log(struct connection *conn, const struct log *log)
{
    conn->log = log;
}

void connection_on_notice(struct connection *conn, server_notice_fn fn, void *payload)
{
    conn->on_notice = fn;
    conn->notice_payload = payload;
}

enum transaction_status connection_transaction(const struct connection *conn)
{
    switch (PQtransactionStatus(conn->pg)) {
    case PQTRANS_IDLE:
        return TRANSACTION_NONE;
    case PQTRANS_ACTIVE:
        return TRANSACTION_ACTIVE;
    case PQTRANS_INTRANS:
        return TRANSACTION_OPEN;
    case PQTRANS_INERROR:
        return TRANSACTION_FAILED;
    case PQTRANS_UNKNOWN:
        break;
    }
    return TRANSACTION_UNKNOWN;
}

bool connection_is_lost(const struct connection *conn)
{
    return conn->connected && PQstatus(conn->pg) == CONNECTION_BAD;
}

int connection_pid(const struct connection *conn)
{
    return PQbackendPID(conn->pg);
}

int connection_library_version(void)
{
    return PQlibVersion();
}

int connection_server_version(const struct connection *conn)
{
    return PQserverVersion(conn->pg);
}

const char *connection_parameter(const struct connection *conn, const char *name)
{
    return PQparameterStatus(conn->pg, name);
}

bool connection_cancel(struct connection *conn, struct err *err)
{
    PGcancel *cancel = PQgetCancel(conn->pg);
    if (!cancel)
        return err_set(err, ERR_CONNECT, "there is no connection to cancel on");
    char message[256] = "";
    bool sent = PQcancel(cancel, message, sizeof(message)) == 1;
    PQfreeCancel(cancel);
    if (sent)
        return true;
    message[strcspn(message, "\n")] = '\0';
    return err_set(err, ERR_CONNECT, "%s", message);
}
