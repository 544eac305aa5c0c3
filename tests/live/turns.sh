#!/bin/sh
# retort and real Alembic in turns on one database: after each move both say the same current
# revisions, and the database is the same as one that Alembic alone has moved.
set -eu
if ! /usr/bin/python3 -c 'import alembic, psycopg2' 2>/dev/null; then
    echo "SKIP: no Alembic with psycopg2 for /usr/bin/python3 here"
    exit 77
fi
. "$top_srcdir/tests/pg.sh"
cp -r "$top_srcdir/tests/live/turns" "$PG_TMP/work/project"
cd "$PG_TMP/work/project"
chmod -R u+w .
export HOME="$PG_TMP/work" XDG_STATE_HOME="$PG_TMP/work/state" PYTHONDONTWRITEBYTECODE=1
pg_createdb turns
pg_createdb alone
sed "s|postgresql+psycopg2:///none|$(pg_url turns)|" alembic.ini >turns.ini
sed "s|postgresql+psycopg2:///none|$(pg_url alone)|" alembic.ini >alone.ini

alembic() { # ini, then arguments
    ini=$1
    shift
    /usr/bin/python3 -m alembic -c "$ini" "$@" 2>>alembic.log
}

# retort's journal is beside the project's schema, and the only thing that may differ.
dump() {
    "$PG_BIN/pg_dump" -d "$1" --no-owner --exclude-schema=retort | grep -vE '^--|^\\|^$'
}

move_by() { # tool, then arguments: on "turns"; by Alembic on "alone" too
    tool=$1
    shift
    case $tool in
    retort) "$RETORT" -c turns.ini "$@" --yes --confirm turns || fail "retort $*" ;;
    alembic) alembic turns.ini "$@" || { cat alembic.log; fail "alembic $*"; } ;;
    esac
    alembic alone.ini "$@" || { cat alembic.log; fail "alembic $* (alone)"; }
    alembic turns.ini current | sort >by_alembic
    "$RETORT" -c turns.ini current | sort >by_retort
    diff -u by_alembic by_retort || fail "after $tool $*: current differs"
    dump turns >dump_turns
    dump alone >dump_alone
    diff -u dump_alone dump_turns || fail "after $tool $*: the databases differ"
}

# What one goes on from is what the other left: each kind of move by each of them.
move_by retort upgrade a1
move_by alembic upgrade b2
move_by retort upgrade heads
move_by alembic downgrade e5
move_by retort downgrade c3
move_by alembic upgrade d4
move_by retort upgrade e5
move_by retort downgrade b2
move_by retort stamp c3 d4
move_by alembic stamp b2
move_by retort stamp --purge e5
move_by alembic stamp b2
move_by retort downgrade base
move_by alembic upgrade heads
move_by retort downgrade -1
move_by alembic downgrade a1
move_by retort upgrade +1
