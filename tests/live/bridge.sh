#!/bin/sh
# Revisions that only Python can carry out: by the project's own Alembic, in the middle of a run, and
# held against what Alembic does alone.
set -eu
. "$top_srcdir/tests/pg.sh"
python=/usr/bin/python3
"$python" -c 'import alembic, psycopg2' 2>/dev/null || {
    echo "SKIP: $python has no alembic and psycopg2"
    exit 77
}
cp -R "$top_srcdir/tests/live/bridge" "$PG_TMP/work/project"
chmod -R u+w "$PG_TMP/work/project"
cd "$PG_TMP/work/project"
export XDG_STATE_HOME="$PG_TMP/work/state"
versions=migrations/versions
secret=s3c%40ret
retort() { "$RETORT" "$@" >out 2>errors </dev/null || { status=$?; cat out errors; return $status; }; }
refused() { ! "$RETORT" "$@" >out 2>errors </dev/null || fail "this was not refused: $*"; }
alembic() { "$python" -c 'import sys; from alembic.config import main; main(prog="alembic")' "$@"; }
has() { grep -qF -- "$1" "$2" || fail "'$1' is not in $2: $(cat "$2")"; }
has_not() { ! grep -qF -- "$1" "$2" || fail "'$1' is in $2: $(cat "$2")"; }
app_url() { echo "postgresql+psycopg2://postgres:$secret@/$1?host=$PGHOST"; }
use() { db=$1 APP_URL=$(app_url "$1"); export APP_URL; }
dump() { pg_dump -N retort -d "$1" | sed '/^.\(un\)\?restrict /d' >"$1.dump"; }
same() {
    dump "$1"
    dump "$2"
    cmp -s "$1.dump" "$2.dump" || fail "$1 and $2 differ: $(diff "$1.dump" "$2.dump")"
}
at() { # rows of the version table
    got=$(pg_sql "$db" "SELECT string_agg(version_num, ' ' ORDER BY 1) FROM alembic_version")
    [ "$got" = "$1" ] || fail "the version table of $db has '$got', expected '$1'"
}
add() { # name, the last line of upgrade(): a revision behind ee04
    cat >"$versions/$1.py" <<X
"""$1"""
import subprocess, sys, time
from alembic import op
import sqlalchemy as sa
revision, down_revision = "$1", "ee04"
def upgrade():
    subprocess.check_call(["true"])
    $2
def downgrade():
    subprocess.check_call(["true"])
X
}

# Nothing of it without a word of the operator's; then the plan says what it cannot say.
pg_createdb real
pg_createdb ours
use ours
refused plan head
has 'CANNOT RUN' out
refused upgrade head --yes --confirm ours
has 'module subprocess is not available' errors
retort plan head --bridge
has 'alembic upgrade bb02' out
has 'BY ALEMBIC' out
has 'what it locks, changes and loses is not known before' out
refused plan head --bridge --scope run
has 'in transactions of its own, but the whole run is to be one transaction' errors
refused plan head --bridge --script x.sql
retort plan head --bridge --json
has '"bridge": true' out
[ "$(pg_sql ours "SELECT to_regclass('account') IS NULL")" = t ] || fail "a plan ran something"

# Both ways, revision by revision, and branches one by one: as Alembic alone.
for target in bb02 heads; do
    use real
    alembic upgrade $target >alembic.out 2>&1
    use ours
    retort upgrade $target --bridge --yes --confirm ours
    same real ours
done
at ee04
for target in dd03 bb02 aa01; do
    use real
    alembic downgrade $target >alembic.out 2>&1
    use ours
    retort downgrade $target --bridge --yes --confirm ours
    same real ours
done
use ours
retort plan bb02 --bridge -o bb02.plan
refused upgrade --plan bb02.plan --yes # the plan alone allows nothing
has 'revision bb02 is for the bridge, which is not allowed' errors
printf 'bridge = bb02, cc02\n' >>alembic.ini
retort upgrade --plan bb02.plan --yes
has 'alembic: naming it nick' errors
has 'account.nick: added column, VARCHAR(20)' errors
has 'account.ix_nick: added index' errors
at bb02
refused upgrade head --yes # dd03 is not on the list
has 'module subprocess is not available' errors
sed -i 's/^bridge = .*/bridge = true/' alembic.ini
retort upgrade head --yes
at ee04

# Shown as Alembic renders it, only where the call asks for that; doctor likewise.
refused render bb02
has_not "rendered by Alembic" out
retort render bb02 --bridge
has "-- rendered by Alembic: it ran Python" out
has "ALTER TABLE account ADD COLUMN nick VARCHAR(20) DEFAULT 'it''s; one';" out
has 'CREATE INDEX CONCURRENTLY ix_nick ON account (nick);' out
has_not alembic_version out
retort render dd03 --direction down --bridge --json
has '"statements":["ALTER TABLE other DROP CONSTRAINT positive"],"rendered_by":"alembic"' out
"$RETORT" doctor >out 2>&1 || true
has '/usr/bin/python3, found as [retort] python' out
has_not 'Alembic 1' out
"$RETORT" doctor --bridge >out 2>&1 || true
has ', Alembic 1' out

# One that fails after a commit of its own: told, with what it has left.
add ff05 'with op.get_context().autocommit_block(): op.execute("CREATE TABLE half (x int)")
    print(op.get_bind().engine.url.render_as_string(hide_password=False))
    raise ValueError("no more")'
refused upgrade head --yes
has 'ff05.py:10: Alembic: ValueError: no more' errors
has 'half: added table' errors
has 'the version table is as before, but the catalog has changed' errors
at ee04
grep -rqF 's3c' out errors "$XDG_STATE_HOME" && fail "the password is told"
pg_sql ours 'DROP TABLE half'
add ff05 'input("go on?")'
refused upgrade head --yes
has 'it asks for input, which nobody can give it here' errors
has 'no table, column, constraint or index has changed' errors
at ee04

# env.py goes elsewhere than retort: the other database stays as it is.
add ff05 'op.create_table("late", sa.Column("id", sa.Integer))'
export RETORT_URL="$(app_url ours)"
use real
refused upgrade head --yes
has 'env.py connects elsewhere than retort does: to database real, not ours' errors
[ "$(pg_sql real "SELECT to_regclass('late') IS NULL")" = t ] || fail "real was changed"
db=ours at ee04
unset APP_URL # now it follows sqlalchemy.url, which the bridge sets
retort upgrade head --yes
db=ours at ff05
unset RETORT_URL
use ours
retort downgrade -1 --yes --confirm ours
pg_sql ours 'DROP TABLE late'
at ee04

# Interrupted: the statement is cancelled on the server, and rolled back with all before it.
add ff05 'op.execute("CREATE TABLE late (x int)"); op.execute("SELECT pg_sleep(60)")'
"$RETORT" upgrade head --yes >out 2>errors &
run=$!
pg_wait_for ours "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"
kill -INT $run
wait $run && fail "an interrupted run ended well"
has 'Alembic was cancelled' errors
at ee04
[ "$(pg_sql ours "SELECT to_regclass('late') IS NULL")" = t ] || fail "it was not rolled back"
pg_wait_for ours "SELECT count(*) = 0 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"

# Killed: Alembic does not go on alone, and the next one says what is known.
"$RETORT" upgrade head --yes >out 2>errors &
run=$!
pg_wait_for ours "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"
kill -KILL $run
wait $run || true
pg_sql ours "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'" >killed
pg_wait_for ours "SELECT count(*) = 0 FROM pg_stat_activity WHERE query LIKE 'SELECT pg_sleep%'"
retort resume
has 'alembic upgrade ff05 was called and has no answer: the version table says that it was not carried out' out
add ff05 'op.execute("CREATE TABLE late (x int)")'
retort upgrade head --yes
at ff05

# A worker of its own carries it out as well.
retort downgrade -1 --yes --confirm ours
pg_sql ours 'DROP TABLE late'
if command -v script >/dev/null; then
    script -qec "$RETORT upgrade head --yes" terminal.out </dev/null >/dev/null
    at ff05
fi

# No Python at all.
sed -i 's,^python = .*,python = /nowhere/python,' alembic.ini
refused downgrade -1 --yes --confirm ours
at ff05
has 'there is no program /nowhere/python' errors
