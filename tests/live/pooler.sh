#!/bin/sh
# A connection pooler in between: one that gives each transaction to another server session is
# refused before anything is done, one that keeps a session for each client is not.
set -eu
PATH=$PATH:/usr/sbin
if ! command -v pgbouncer >/dev/null; then
    echo "SKIP: no pgbouncer here"
    exit 77
fi
. "$top_srcdir/tests/pg.sh"
mkdir -p "$PG_TMP/work/p/versions"
cd "$PG_TMP/work/p"
cp "$top_srcdir/tests/live/turns/env.py" .
export HOME="$PG_TMP/work" XDG_STATE_HOME="$PG_TMP/work/state"
pg_createdb d

# The pooler belongs to the server's user and ends with this shell.
start_pooler() { # mode, further lines of its file
    mkdir -p "$PG_TMP/pool"
    cat >"$PG_TMP/pool/pgbouncer.ini" <<X
[databases]
d = host=$PGHOST port=5432 user=postgres dbname=d
[pgbouncer]
pool_mode = $1
unix_socket_dir = $PG_TMP/pool
pidfile = $PG_TMP/pool/pid
listen_port = 6432
listen_addr =
auth_type = any
ignore_startup_parameters = extra_float_digits
$2
X
    [ "$(id -u)" != 0 ] || chown -R "$PG_OS_USER" "$PG_TMP/pool"
    pg_as_server pgbouncer "$PG_TMP/pool/pgbouncer.ini" >"$PG_TMP/pool/log" 2>&1 &
    pooler=$!
    tries=0
    until PGHOST="$PG_TMP/pool" PGPORT=6432 psql -XqAt -d d -c 'SELECT 1' >/dev/null 2>&1; do
        tries=$((tries + 1))
        [ $tries -le 200 ] || { cat "$PG_TMP/pool/log"; fail "pgbouncer does not start"; }
        sleep 0.05
    done
}

# What was started may be the shell around it: the pooler's own file has its number.
stop_pooler() {
    [ -z "${relay:-}" ] || kill "$relay"
    relay=
    [ -n "${pooler:-}" ] || return 0
    number=$(cat "$PG_TMP/pool/pid" 2>/dev/null || echo "$pooler")
    kill "$number" 2>/dev/null || true
    wait "$pooler" 2>/dev/null || true
    tries=0
    while kill -0 "$number" 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -le 200 ] || fail "pgbouncer does not end"
        sleep 0.05
    done
    pooler=
}
PG_AT_EXIT=stop_pooler

sed "s|postgresql+psycopg2:///none|postgresql+psycopg2://postgres@/d?host=$PG_TMP/pool\&port=6432|" \
    "$top_srcdir/tests/live/turns/alembic.ini" >alembic.ini
cat >versions/a1.py <<X
"""a1"""
from alembic import op

revision = "a1"
down_revision = None


def upgrade():
    op.execute("CREATE TABLE t (x int)")
    with op.get_context().autocommit_block():
        op.execute("CREATE INDEX CONCURRENTLY i ON t (x)")


def downgrade():
    op.execute("DROP TABLE t")
X

refused() { # what is to be said
    status=0
    "$RETORT" upgrade head --yes >out 2>&1 || status=$?
    [ $status != 0 ] || { cat out; fail "$mode: not refused"; }
    grep -q "$1" out || { cat out; fail "$mode: not said: $1"; }
    [ "$(pg_sql d "SELECT to_regclass('alembic_version') IS NULL")" = t ] ||
        fail "$mode: something was done"
}

# What others do meanwhile must not decide it: sessions are taken and given back while it is found
# out, or all of them rest in the pool. Two that are given out by turns to two clients, who take
# turns too, look as if they were kept (what was refused for that once in a while is refused now).
mode=transaction
for setting in "" "server_round_robin = 1" "default_pool_size = 2
server_round_robin = 1"; do
    start_pooler transaction "$setting"
    others=
    for i in 1 2 3; do
        PGHOST="$PG_TMP/pool" PGPORT=6432 psql -XqAt -d d -c 'SELECT pg_sleep(0.2)' >/dev/null &
        others="$others $!"
    done
    refused 'the connection pooler does not keep a server session'
    wait $others
    for i in 1 2 3; do
        refused 'the connection pooler does not keep a server session'
    done
    stop_pooler
done
start_pooler transaction "default_pool_size = 1"
refused 'whether the connection pooler keeps a server session cannot be found out\|does not keep'
stop_pooler

mode=statement
start_pooler statement ""
refused 'connection pooler'
stop_pooler

# Nothing refutes this one, but the proof does not come.
start_relay() { # pass | drop
    mkdir -p "$PG_TMP/pool"
    rm -f "$PG_TMP/pool/.s.PGSQL.6432"
    setpriv --pdeathsig=TERM "${PYTHON3:-/usr/bin/python3}" "$top_srcdir/tests/live/pooler_relay.py" \
        "$PG_TMP/pool/.s.PGSQL.6432" "$PGHOST/.s.PGSQL.5432" "$1" &
    relay=$!
    tries=0
    until [ -S "$PG_TMP/pool/.s.PGSQL.6432" ]; do
        tries=$((tries + 1))
        [ $tries -le 200 ] || fail "the relay does not start"
        sleep 0.05
    done
}
mode=relay
start_relay drop
refused 'cannot be found out: no notification in time'
stop_pooler

done_by() { # what of the pool
    "$RETORT" upgrade head --yes >out 2>&1 || { cat out; fail "$1: refused"; }
    [ "$(pg_sql d "SELECT version_num FROM alembic_version")" = a1 ] || fail "$1: not done"
    [ "$(pg_sql d "SELECT indisvalid FROM pg_index WHERE indexrelid = 'i'::regclass")" = t ] ||
        fail "$1: no index"
    pg_sql d "DROP TABLE t, alembic_version"
    stop_pooler
}
start_relay pass
done_by relay
start_pooler session ""
done_by session
