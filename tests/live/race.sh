#!/bin/sh
# Sixteen migrators started at once on one database, retort and real Alembic mixed: every revision
# is applied exactly once, and no retort fails without saying who had the lock or what changed.
# RACE_ROUNDS says how often; each round has a database of its own.
set -eu
if ! /usr/bin/python3 -c 'import alembic, psycopg2' 2>/dev/null; then
    echo "SKIP: no Alembic with psycopg2 for /usr/bin/python3 here"
    exit 77
fi
. "$top_srcdir/tests/pg.sh"
rounds=${RACE_ROUNDS:-2}
mkdir -p "$PG_TMP/work/p/versions"
cd "$PG_TMP/work/p"
export HOME="$PG_TMP/work" XDG_STATE_HOME="$PG_TMP/work/state" PYTHONDONTWRITEBYTECODE=1

# Ten revisions; each leaves a row, and takes long enough for another to get in between.
before=None
for id in r01 r02 r03 r04 r05 r06 r07 r08 r09 r10; do
    cat >"versions/$id.py" <<X
"""$id"""
from alembic import op

revision = "$id"
down_revision = $before


def upgrade():
    op.execute("CREATE TABLE t_$id (x int)")
    op.execute("SELECT pg_sleep(0.02)")
    op.execute("INSERT INTO applied VALUES ('$id', current_setting('application_name'))")


def downgrade():
    op.execute("DROP TABLE t_$id")
X
    before="\"$id\""
done

start_alembics() {
    for i in 2 4 6 8 10 12 14 16; do
        { /usr/bin/python3 -m alembic upgrade head >out.$i 2>&1 || : >failed.$i; } &
        pids="$pids $!"
    done
}

start_retorts() {
    for i in 1 3 5 7 9 11 13 15; do
        { "$RETORT" upgrade head --yes >out.$i 2>&1 || : >failed.$i; } &
        pids="$pids $!"
    done
}

by_retort=0
by_alembic=0
round=0
while [ $round -lt "$rounds" ]; do
    round=$((round + 1))
    database=race_$round
    pg_createdb $database
    pg_sql $database "CREATE TABLE applied (id text, by text)"
    sed "s|postgresql+psycopg2:///none|$(pg_url $database)|" \
        "$top_srcdir/tests/live/turns/alembic.ini" >alembic.ini
    per_migration=False
    [ $(((round / 2) % 2)) = 0 ] || per_migration=True
    sed "s|(connection=|(transaction_per_migration=$per_migration, connection=|" \
        "$top_srcdir/tests/live/turns/env.py" >env.py
    grep -q transaction_per_migration env.py || fail "env.py is another than expected"
    rm -f out.* failed.*
    pids=
    # Alembic needs its time to start: in every second round it has connected before retort begins.
    start_alembics
    [ $((round % 2)) = 1 ] || pg_wait_for postgres "SELECT count(*) > 0 FROM pg_stat_activity
        WHERE datname = '$database'"
    start_retorts
    for pid in $pids; do # the server is a child of this shell too
        wait "$pid"
    done
    for i in 1 3 5 7 9 11 13 15; do
        [ -e failed.$i ] || continue
        grep -qE 'another migrator is at work|changed the version table' out.$i ||
            { cat out.$i; fail "round $round: retort $i failed without saying why"; }
    done
    # Whoever came first, or nobody whose transaction met another's, has done it; the rest is ours.
    "$RETORT" upgrade head --yes >out.last 2>&1 || { cat out.last; fail "round $round: the last"; }
    [ "$(pg_sql $database "SELECT version_num FROM alembic_version")" = r10 ] ||
        fail "round $round: not at the head"
    twice=$(pg_sql $database "SELECT id FROM applied GROUP BY id HAVING count(*) <> 1")
    [ -z "$twice" ] || fail "round $round: applied twice: $twice"
    [ "$(pg_sql $database "SELECT count(*) FROM applied")" = 10 ] || fail "round $round: not all"
    retort=$(pg_sql $database "SELECT count(*) FROM applied WHERE by LIKE 'retort%'")
    echo "round $round (transaction_per_migration $per_migration): retort applied $retort of 10;" \
        "$(ls | grep -c '^failed\..*[13579]$' || true) retorts and" \
        "$(ls | grep -c '^failed\..*[02468]$' || true) Alembics gave up"
    [ "$retort" = 0 ] || by_retort=$((by_retort + 1))
    [ "$retort" = 10 ] || by_alembic=$((by_alembic + 1))
done
echo "$rounds rounds: retort applied revisions in $by_retort, Alembic in $by_alembic of them"
