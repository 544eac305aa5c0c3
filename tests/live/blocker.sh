#!/bin/sh
# Another session reads a table that a run wants to change: the run says so within a second, those
# who come after it to read never wait longer than lock_timeout, and it succeeds once the other has
# left.
set -eu
. "$top_srcdir/tests/pg.sh"
mkdir -p "$PG_TMP/work/p/versions"
cd "$PG_TMP/work/p"
cp "$top_srcdir/tests/live/turns/env.py" .
export HOME="$PG_TMP/work" XDG_STATE_HOME="$PG_TMP/work/state"
pg_createdb d
pg_sql d "CREATE TABLE t (x int)"
sed "s|postgresql+psycopg2:///none|$(pg_url d)|" "$top_srcdir/tests/live/turns/alembic.ini" \
    >alembic.ini
cat >>alembic.ini <<'X'

[retort]
lock_timeout = 1s
lock_retries = 50
retry_pause = 200ms
retry_pause_max = 400ms
X
cat >versions/a1.py <<'X'
"""a1"""
from alembic import op

revision = "a1"
down_revision = None


def upgrade():
    op.execute("ALTER TABLE t ADD y int")


def downgrade():
    op.execute("ALTER TABLE t DROP y")
X

PGAPPNAME=blocker psql -Xq -d d -c "BEGIN; LOCK TABLE t IN ACCESS SHARE MODE; SELECT pg_sleep(6)" \
    >/dev/null &
blocker=$!
pg_wait_for d "SELECT count(*) = 1 FROM pg_locks WHERE relation = 't'::regclass AND granted"
"$RETORT" upgrade head --yes >out 2>&1 &
run=$!
pg_wait_for d "SELECT count(*) = 1 FROM pg_locks WHERE relation = 't'::regclass AND NOT granted"
tries=0
until grep -q 'waits for ACCESS EXCLUSIVE on t, blocked by pid [0-9]*, blocker, user postgres' out; do
    tries=$((tries + 1)) # each of them takes at least 50 ms
    [ $tries -le 20 ] || { cat out; fail "it does not say within a second who blocks it"; }
    sleep 0.05
done

# Readers, one after the other, till the run has ended; the server's own times.
while kill -0 $run 2>/dev/null; do
    psql -Xq -d d -c '\timing on' -c 'SELECT count(*) FROM t' | sed -n 's/^Time: \([0-9]*\).*/\1/p' \
        >>readers
done
wait $run || { cat out; fail "the run did not succeed"; }
wait $blocker
[ "$(pg_sql d "SELECT version_num FROM alembic_version")" = a1 ] || fail "not done"
grep -q 'lock_timeout: again in .* (2 of 50)' out || { cat out; fail "no second try is told"; }
slowest=$(sort -n readers | tail -1)
echo "$(wc -l <readers) readers, the slowest waited $slowest ms; lock_timeout is 1000 ms"
[ "$slowest" -le 1300 ] || fail "a reader waited longer than lock_timeout"
[ "$slowest" -ge 300 ] || fail "no reader came behind the run: nothing was tested"
