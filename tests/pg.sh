# A private PostgreSQL server for a shell test. Sourced, not run:
#
#     . "$top_srcdir/tests/pg.sh"
#
# starts a server in a temporary folder (Unix socket only, no fsync, superuser postgres, trust),
# exports PGHOST PGPORT PGUSER PGDATABASE, and stops and removes it when the script ends, however it
# ends. Without server binaries the test is skipped: exit 77, with the reason.
#
#     $PG_TMP                 the temporary folder; the test may put its files in $PG_TMP/work
#     $PG_BIN                 where initdb and pg_dump of this server are
#     pg_url NAME             a database URL that SQLAlchemy and retort both read
#     pg_createdb NAME        makes an empty database
#     pg_sql DB SQL           runs SQL, prints rows unaligned and without headers
#     pg_wait_for DB SQL      polls until SQL gives t; fails the test after 30 seconds
#     fail MESSAGE            ends the test as failed
#
# A script that wants a trap of its own on EXIT sets PG_AT_EXIT to a command instead.

fail() {
    echo "FAIL: $*" >&2
    exit 1
}

pg_find_binaries() {
    for pg_initdb in "$(command -v initdb || true)" $(ls -d /usr/lib/postgresql/*/bin/initdb \
        /usr/local/pgsql/bin/initdb 2>/dev/null | sort -t/ -k5,5nr); do
        [ -n "$pg_initdb" ] || continue
        pg_initdb=$(readlink -f "$pg_initdb")
        PG_BIN=${pg_initdb%/*}
        [ -x "$PG_BIN/initdb" ] && [ -x "$PG_BIN/postgres" ] && return 0
    done
    return 1
}

# Runs a command as the user that the server belongs to: PostgreSQL refuses root. The server dies
# with this shell, also when the shell is killed.
pg_as_server() {
    if [ "$(id -u)" = 0 ]; then
        pg_group=$(id -g "$PG_OS_USER")
        setpriv --reuid="$PG_OS_USER" --regid="$pg_group" --clear-groups --pdeathsig=QUIT -- "$@"
    else
        "$@"
    fi
}

pg_stop() {
    if [ -n "${PG_PID:-}" ]; then
        kill -QUIT "$PG_PID" 2>/dev/null || true
        wait "$PG_PID" 2>/dev/null || true
        PG_PID=
    fi
}

pg_start() { # further settings of postgresql.conf as arguments: name=value ...
    set -- -D "$PG_TMP/data" -k "$PG_TMP" -h '' -p 5432 -F \
        $(for pg_setting in "$@"; do printf -- '-c %s ' "$pg_setting"; done)
    if [ "$(id -u)" = 0 ]; then
        setpriv --reuid="$PG_OS_USER" --regid="$(id -g "$PG_OS_USER")" --clear-groups \
            --pdeathsig=QUIT -- "$PG_BIN/postgres" "$@" >>"$PG_TMP/server.log" 2>&1 &
    else
        "$PG_BIN/postgres" "$@" >>"$PG_TMP/server.log" 2>&1 &
    fi
    PG_PID=$!
    pg_tries=0
    until "$PG_BIN/pg_isready" -q; do
        pg_tries=$((pg_tries + 1))
        if [ $pg_tries -gt 600 ] || ! kill -0 "$PG_PID" 2>/dev/null; then
            cat "$PG_TMP/server.log" >&2
            fail "the private PostgreSQL server does not start"
        fi
        sleep 0.05
    done
}

pg_cleanup() {
    pg_status=$?
    trap - EXIT INT TERM HUP
    ${PG_AT_EXIT:-:} || true
    pg_stop
    rm -rf "$PG_TMP"
    exit $pg_status
}

pg_url() {
    echo "postgresql+psycopg2://postgres@/$1?host=$PGHOST"
}

pg_sql() {
    psql -XqAt -v ON_ERROR_STOP=1 -d "$1" -c "$2"
}

pg_createdb() {
    pg_sql postgres "CREATE DATABASE \"$1\""
}

pg_wait_for() {
    pg_tries=0
    until [ "$(pg_sql "$1" "$2" 2>/dev/null)" = t ]; do
        pg_tries=$((pg_tries + 1))
        [ $pg_tries -le 600 ] || fail "waited in vain for: $2"
        sleep 0.05
    done
}

for pg_name in $(env | sed -n 's/^\(PG[A-Z]*\)=.*/\1/p'); do
    unset "$pg_name"
done
if ! pg_find_binaries; then
    echo "SKIP: no PostgreSQL server binaries (initdb, postgres) here"
    exit 77
fi
command -v psql >/dev/null || PATH=$PATH:$PG_BIN
if [ "$(id -u)" = 0 ]; then
    PG_OS_USER=postgres
    id "$PG_OS_USER" >/dev/null 2>&1 || PG_OS_USER=nobody
fi

PG_TMP=$(mktemp -d /tmp/rtpg.XXXXXX) # short: a socket's path has at most 107 bytes
trap pg_cleanup EXIT
trap 'exit 130' INT
trap 'exit 143' TERM
trap 'exit 129' HUP
mkdir "$PG_TMP/data" "$PG_TMP/work"
if [ "$(id -u)" = 0 ]; then
    chown "$PG_OS_USER" "$PG_TMP" "$PG_TMP/data"
fi
export PGHOST="$PG_TMP" PGPORT=5432 PGUSER=postgres PGDATABASE=postgres
(cd / && pg_as_server "$PG_BIN/initdb" -D "$PG_TMP/data" -U postgres -A trust -E UTF8 --locale=C \
    --no-sync >"$PG_TMP/initdb.log" 2>&1) || {
    cat "$PG_TMP/initdb.log" >&2
    fail "initdb does not work here"
}
pg_start
