#!/bin/sh
# What would run on a database: shown, as a script for psql, and as it is run.
set -eu
. "$top_srcdir/tests/pg.sh"
cp -R "$top_srcdir/tests/live/plan" "$PG_TMP/work/plan"
chmod -R u+w "$PG_TMP/work/plan"
cd "$PG_TMP/work/plan"
export XDG_STATE_HOME="$PG_TMP/work/state"
retort() { "$RETORT" "$@" >out 2>errors || { status=$?; cat out errors; return $status; }; }
refused() { ! "$RETORT" "$@" >out 2>errors || fail "this was not refused: $*"; }
has() { grep -qF -- "$1" "$2" || fail "'$1' is not in $2: $(cat "$2")"; }
has_not() { ! grep -qF -- "$1" "$2" || fail "'$1' is in $2: $(cat "$2")"; }
use() { DATABASE_URL=$(pg_url "$1"); export DATABASE_URL; }
dump() { pg_dump -d "$1" | sed '/^.\(un\)\?restrict /d' >"$1.dump"; }
same() {
    dump "$1"
    dump "$2"
    cmp -s "$1.dump" "$2.dump" || fail "$1 and $2 differ: $(diff "$1.dump" "$2.dump")"
}

# The text: steps, transactions, locks, what is lost, timeouts.
pg_createdb one
use one
retort plan
has 'upgrade to heads in database one: 3 revisions, 15 statements' out
has 'one transaction for the whole run, but revision b2 commits in its middle' out
has '2 of 3: upgrade a1 -> b2, An index that is built outside of the transaction' out
has '-- SHARE UPDATE EXCLUSIVE on account; an index may stay INVALID when it is cut off; line 11' out
has 'LOSES values in all rows of account' out
has 'concurrently  lock_timeout none' out
[ "$(pg_sql one "SELECT count(*) FROM pg_class WHERE relname = 'account'")" = 0 ] ||
    fail "showing a plan ran it"
retort plan --json
has '"retort_plan": 1' out
has '"name": "one"' out

# The whole run as one transaction is a promise that this one cannot keep.
refused plan --scope run
has 'b2_index.py:11:9: this runs outside of any transaction' errors
refused --yes --confirm one upgrade heads --scope run

# psql and retort come to the same, up and down, with env.py's scope and with the other.
for scope in '' '--scope revision'; do
    for name in psql retort; do
        pg_sql postgres "DROP DATABASE IF EXISTS $name"
        pg_createdb $name
    done
    use psql
    rm -f up.sql down.sql
    retort plan $scope --script up.sql
    psql -Xq -v HOST=3 -d psql -f up.sql >psql.out
    use retort
    retort --yes --confirm retort upgrade heads $scope
    same psql retort
    use psql
    retort plan -2 $scope --script down.sql
    psql -Xq -v ON_ERROR_STOP=1 -d psql -f down.sql >psql.out
    use retort
    retort --confirm retort downgrade -2 $scope
    same psql retort
done

# A script that is late does nothing.
if psql -Xq -d psql -f down.sql >psql.out 2>errors; then
    fail "a script ran on another state than it was made for"
fi
has 'the version table is not as it was planned' errors
same psql retort
refused plan --script up.sql
has 'up.sql' errors

# Which way: by the target, or as said.
use retort
retort plan
has 'upgrade to heads in database retort: 2 revisions' out
retort plan base
has 'downgrade to base in database retort: 1 revision' out
retort plan +1
has 'upgrade to +1' out
retort plan a1
has 'nothing to do: the database is at a1 already' out
retort plan b2 --direction up
has 'upgrade to b2' out
refused plan b2 --direction both
has "argument --direction: 'up' or 'down', not 'both'" errors
retort --yes --confirm retort upgrade heads
retort plan a1
has 'downgrade to a1 in database retort: 2 revisions' out
has 'lost for good, once it is committed:' out
