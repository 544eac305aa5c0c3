#!/bin/sh
# upgrade of an empty database through COUNT revisions, a table and an index each, beside real
# Alembic and beside psql with the same SQL, one after the other, RUNS times; then the same from far
# away: with DELAY milliseconds put in between, for each round trip.
#
#     bench/upgrade.sh [COUNT [DELAY]]
#
# Needs the programs of a PostgreSQL server: it starts a private one. retort writes its journal, in
# the folder of temporary files and in the database.
count=${1:-1000}
delay=${2:-20}
maker=make_tables.py
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../tests/pg.sh"
. "$here/measure.sh"
far=
leave() {
    [ -z "$far" ] || kill "$far"
    rm -rf "$work"
}
trap pg_cleanup EXIT
PG_AT_EXIT=leave
near=$PGHOST
export XDG_STATE_HOME="$work/state"

# Runs a command on a new database and adds its figures to those of NAME: upgrade NAME COMMAND ...
number=0
upgrade() {
    name=$1
    shift
    number=$((number + 1))
    PGHOST=$near pg_createdb "bench$number"
    sed -i "s|^sqlalchemy.url = .*|sqlalchemy.url = $(pg_url bench$number)|" alembic.ini
    PGDATABASE=bench$number /usr/bin/time -o "$work/time" -f '%e %U %S %M' "$@" \
        >"$work/out" 2>"$work/errors" || { cat "$work/errors" && exit 1; }
    tail -n 1 "$work/time" >>"$work/$name.times"
    tables=$(PGHOST=$near pg_sql "bench$number" \
        "SELECT count(*) FROM pg_tables WHERE tablename LIKE 'thing%'")
    [ "$tables" = "$count" ] || fail "$name made $tables tables"
    PGHOST=$near pg_sql postgres "DROP DATABASE bench$number"
}

# The quickest run, after one that is not counted where there were several.
figures_of() {
    sort -n "$work/$1.times" | awk 'NR == 1 { printf "%.2f %.2f %.1f", $1, $2 + $3, $4 / 1024 }'
    rm "$work/$1.times"
}

table_of() {
    ours=$(figures_of retort)
    row "retort upgrade$1" "$ours" "$ours"
    row "psql -q -f$1" "$(figures_of psql)" "$ours"
    [ ! -e "$work/alembic.times" ] || row "alembic upgrade$1" "$(figures_of alembic)" "$ours"
}

"$retort" upgrade head --sql >"$work/head.sql"
for run in $(seq "$runs"); do
    upgrade retort "$retort" upgrade head --yes
    upgrade psql psql -X -q -v ON_ERROR_STOP=1 -f "$work/head.sql"
    ! has_alembic || upgrade alembic "$alembic" upgrade head
done
table_of ""

mkdir "$work/far"
"${PYTHON3:-/usr/bin/python3}" "$here/delay.py" "$work/far/.s.PGSQL.$PGPORT" \
    "$near/.s.PGSQL.$PGPORT" "$delay" &
far=$!
until [ -S "$work/far/.s.PGSQL.$PGPORT" ]; do sleep 0.05; done
export PGHOST="$work/far"
upgrade retort "$retort" upgrade head --yes
upgrade psql psql -X -q -v ON_ERROR_STOP=1 -f "$work/head.sql"
! has_alembic || upgrade alembic "$alembic" upgrade head
table_of ", $delay ms"
