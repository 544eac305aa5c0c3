#!/bin/sh
# Runs from the command line that go wrong: what is said, the exit code, and what the database has.
set -eu
. "$top_srcdir/tests/pg.sh"
mkdir -p "$PG_TMP/work/p/versions"
cd "$PG_TMP/work/p"
cp "$top_srcdir/tests/live/turns/env.py" .
pg_createdb d
sed "s|postgresql+psycopg2:///none|$(pg_url d)|" "$top_srcdir/tests/live/turns/alembic.ini" \
    >alembic.ini
export HOME="$PG_TMP/work" XDG_STATE_HOME="$PG_TMP/work/state"
journal=$XDG_STATE_HOME/retort

revision() { # id, the one before it, statements of upgrade() as one line
    cat >"versions/$1.py" <<X
"""$1"""
from alembic import op

revision = "$1"
down_revision = $2


def upgrade():
    op.execute("CREATE TABLE t_$1 (x int)")
    $3


def downgrade():
    op.execute("DROP TABLE t_$1")
X
}

run() { # expected exit code, then arguments; output in out, errors in errors
    expected=$1
    shift
    status=0
    "$RETORT" "$@" >out 2>errors || status=$?
    [ "$status" = "$expected" ] || { cat out errors; fail "retort $*: exit $status"; }
}

says() { # a file, a text that must be in it
    grep -qF -- "$2" "$1" || { cat "$1"; fail "does not say: $2"; }
}

tables() {
    pg_sql d "SELECT coalesce(string_agg(relname, ' ' ORDER BY relname), '') FROM pg_class
              WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
}

on_server="SELECT count(*) = 1 FROM pg_stat_activity WHERE state = 'active'
           AND query = 'SELECT pg_sleep(600)'"

echo "a failing statement: its line, nothing changed"
revision a None pass
revision b '"a"' 'op.execute("INSERT INTO missing VALUES (1)")'
run 1 upgrade head --yes
says errors 'versions/b.py:10:5: relation "missing" does not exist'
says errors 'nothing is committed'
[ "$(tables)" = "" ] || fail "left: $(tables)"
run 0 current
[ ! -s out ] || fail "current is not empty"

echo "^C: the statement is cancelled on the server, all is rolled back"
run 0 upgrade a --yes
revision b '"a"' 'op.execute("SELECT pg_sleep(600)")'
"$RETORT" upgrade head --yes >out 2>errors &
pid=$!
pg_wait_for d "$on_server"
kill -INT $pid
! wait $pid || fail "a cancelled run exits with 0"
says errors 'cancel'
[ "$(pg_sql d "$on_server")" = f ] || fail "it still sleeps on the server"
[ "$(tables)" = "alembic_version t_a" ] || fail "left: $(tables)"

echo "a second migrator waits, says for whom, and can be stopped"
"$RETORT" upgrade head --yes >out 2>errors &
pid=$!
pg_wait_for d "$on_server"
"$RETORT" upgrade head --yes >out2 2>errors2 &
second=$!
tries=0
until grep -q 'another migrator is at work: pid [0-9]*, retort, user postgres' errors2; do
    tries=$((tries + 1))
    [ $tries -lt 200 ] || fail "it does not say for whom it waits"
    sleep 0.05
done
kill -TERM $second
! wait $second || fail "a stopped run exits with 0"

echo "kill -9: the server notices, rolls back, and the next run works"
kill -KILL $pid
wait $pid 2>/dev/null || true
pg_wait_for d "SELECT count(*) = 0 FROM pg_stat_activity WHERE application_name = 'retort'"
[ "$(tables)" = "alembic_version t_a" ] || fail "left: $(tables)"
tail -n 1 "$(ls -t "$journal"/*.jsonl | head -n 1)" >last
cat "$journal"/*.jsonl | grep -c '"kind":"send".*pg_sleep' >/dev/null || fail "not in the journal"
revision b '"a"' pass
run 0 upgrade head --yes
[ "$(tables)" = "alembic_version t_a t_b" ] || fail "left: $(tables)"
run 0 current
says out 'b (head)'

echo "no connection: reason and remedy"
run 1 --url "postgresql://postgres@/nope?host=$PGHOST" current
says errors 'database "nope" does not exist'
says errors 'hint:'
run 1 --url "postgresql://nobody_here@/d?host=$PGHOST" upgrade head --yes
says errors 'role "nobody_here" does not exist'
run 1 --url "postgresql://postgres:hunter2@/d?host=/nonexistent" upgrade head --yes
says errors 'is the server running'
! grep -q hunter2 out errors || fail "the password is shown"

echo "no privilege to create the version table"
pg_createdb e
pg_sql e "CREATE ROLE plain LOGIN"
run 1 --url "postgresql://plain@/e?host=$PGHOST" upgrade head --yes
says errors 'permission denied for schema public'

echo "no journal, no run"
rm -rf "$journal"
: >"$journal"
pg_createdb f
run 1 --url "$(pg_url f)" upgrade head --yes
says errors "$journal"
[ "$(pg_sql f "SELECT count(*) FROM pg_class WHERE relname = 't_a'")" = 0 ] || fail "it ran"
