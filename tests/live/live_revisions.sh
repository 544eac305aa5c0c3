#!/bin/sh
# Revisions that ask the database, there and back. Each is carried out by retort on one database and,
# where it is installed, by real Alembic on another: pg_dump of both is the same. What the preview
# showed before is what then ran, unless it could not be followed to its end. A third database has the
# whole way, retort upgrade and retort downgrade, which hold the run against the preview themselves.
#
# revisions/expected has what Alembic with SQLAlchemy 2.0 left (made by revisions/make_expected.sh), for
# those that need no env.py.
# The first line of a revision may say
#     # SQLAlchemy 1.4                 its words are of that version only
#     # SQLAlchemy 2.0: why            the other way round, so it is held against expected/ alone
#     # The preview cannot know ...    what it shows need not be what runs
#
# ONLY="33_ 40_" chooses revisions; RETORT_SHARE=3 takes every third.
set -eu
. "$top_srcdir/tests/pg.sh"
here=$top_srcdir/tests/live/revisions
project=$PG_TMP/work/project
pg_createdb base
psql -XqAt -v ON_ERROR_STOP=1 -d base -f "$here/base.sql"

names= at=0
mkdir -p "$project/versions" "$project/real"
for f in "$here"/[0-9]*.py; do
    n=$(basename "$f" .py)
    at=$((at + 1))
    [ -n "${ONLY:-}" ] || [ $((at % ${RETORT_SHARE:-1})) = 0 ] || continue
    if [ -n "${ONLY:-}" ]; then
        chosen=
        for only in $ONLY; do case $n in "$only"*) chosen=1 ;; esac; done
        [ -n "$chosen" ] || continue
    fi
    names="$names $n"
    { cat "$f" && printf '\n\nrevision = "%s"\ndown_revision = None\n' "$n"; } >"$project/versions/$n.py"
done
cp "$here/env.py" "$project/env.py"
printf '[alembic]\nscript_location = %s\n' "$project" >"$project/alembic.ini"

# The same for retort: one revision at a time, and an env.py that needs nobody to say what is wanted.
export HOME="$PG_TMP/work" XDG_STATE_HOME="$PG_TMP/work/state"
own=$PG_TMP/work/own
mkdir -p "$own/versions"
cp "$top_srcdir/tests/live/turns/env.py" "$own/env.py"
sed "s|postgresql+psycopg2:///none|$(pg_url own)|" "$top_srcdir/tests/live/turns/alembic.ini" >"$own/alembic.ini"

is_for() { # NAME, VERSION: whether the revision is for that SQLAlchemy only
    head -n 1 "$here/$1.py" | grep -q "^# SQLAlchemy $2"
}

real=
if /usr/bin/python3 -c 'import alembic, psycopg2' 2>/dev/null; then
    for n in $names; do is_for "$n" 2.0 || real="$real $n"; done
    # shellcheck disable=SC2086
    [ -z "$real" ] || /usr/bin/python3 "$here/real.py" "$project" "$PG_BIN/pg_dump" $real ||
        fail "real Alembic cannot be run"
fi

# The statements that write, without the questions between them and the seams of transactions.
statements() {
    awk '/^!/ { on = 1 } on { print } /;$/ { on = 0 }' "$1" | grep -vx '! \(COMMIT\|BEGIN\);' || true
}

compare_preview() { # DIRECTION: prints what differs, into the text that is compared
    grep -q '^ends: ' "$PG_TMP/shown" && return
    head -n 1 "$f" | grep -q 'The preview cannot' && return
    statements "$PG_TMP/shown" >"$PG_TMP/shown.sql"
    statements "$PG_TMP/log.$1" >"$PG_TMP/ran.sql"
    diff "$PG_TMP/shown.sql" "$PG_TMP/ran.sql" || echo "the preview differs"
}

carry_out() { # NAME DIRECTION WAY: false: it fails
    tests/live/live_preview "$PGHOST" one "$2" "$f" >"$PG_TMP/shown" || echo "the preview fails"
    if ! tests/live/live_apply "$PGHOST" one "$f" "$2" >"$PG_TMP/log.$2"; then
        grep '^ends with' "$PG_TMP/log.$2" >"$PG_TMP/$1.error" || true
        echo fails | tee "$PG_TMP/$1.$3"
        return 1
    fi
    psql -XqAt -v ON_ERROR_STOP=1 -d one -f "$here/picture.sql"
    compare_preview "$2"
    "$PG_BIN/pg_dump" -d one | grep -v '^.\(un\)\?restrict ' >"$PG_TMP/$1.$3"
}

there_and_back() { # NAME
    echo "== upgrade"
    carry_out "$1" upgrade up || return 0
    echo "== downgrade"
    carry_out "$1" downgrade down || return 0
}

turn() { # NAME WAY, and the command
    name=$1 way=$2
    shift 2
    if (cd "$own" && "$RETORT" "$@" --yes --confirm own) >"$PG_TMP/own.out" 2>&1; then
        "$PG_BIN/pg_dump" -d own -T alembic_version -N retort | grep -v '^.\(un\)\?restrict ' \
            >"$PG_TMP/$name.own.$way"
        return 0
    fi
    echo fails >"$PG_TMP/$name.own.$way"
    return 1
}

# retort upgrade and downgrade, and what they left held against what live_apply left. Where a recorded
# statement fails, which the preview cannot know, they ask, and nobody is here to answer.
by_command() { # NAME
    head -n 2 "$here/$1.py" | grep -q 'cannot know that what it records\|Shows retort' && return
    rm -f "$own/versions/"*
    cp "$project/versions/$1.py" "$own/versions/"
    pg_sql postgres "DROP DATABASE IF EXISTS own WITH (FORCE)" 2>/dev/null
    pg_sql postgres "CREATE DATABASE own TEMPLATE base"
    if turn "$1" up upgrade "$1"; then turn "$1" down downgrade base || true; fi
    for way in up down; do
        [ -f "$PG_TMP/$1.own.$way" ] || continue
        diff -u "$PG_TMP/$1.$way" "$PG_TMP/$1.own.$way" >"$PG_TMP/diff" && continue
        differs "$1" "retort upgrade and downgrade, $way"
        tail -5 "$PG_TMP/own.out"
    done
}

differs() { # NAME WHAT: the difference is in $PG_TMP/diff
    echo "FAIL: $1: $2"
    head -60 "$PG_TMP/diff"
    cat "$PG_TMP/$1.error" "$project/real/$1.error" 2>/dev/null || true
    failed="$failed $1"
}

failed=
count=0
for n in $names; do
    f=$here/$n.py
    count=$((count + 1))
    pg_sql postgres "DROP DATABASE IF EXISTS one" 2>/dev/null
    pg_sql postgres "CREATE DATABASE one TEMPLATE base"
    there_and_back "$n" >"$PG_TMP/$n.txt"
    if [ -f "$here/expected/$n.txt" ]; then
        diff -u "$here/expected/$n.txt" "$PG_TMP/$n.txt" >"$PG_TMP/diff" || differs "$n" "not as expected"
    fi
    by_command "$n"
    case " $real " in *" $n "*) ;; *) continue ;; esac
    for way in up down; do
        [ -f "$project/real/$n.$way" ] || continue
        diff -u "$project/real/$n.$way" "$PG_TMP/$n.$way" >"$PG_TMP/diff" ||
            differs "$n" "not as real Alembic, $way"
    done
done
echo "$count revisions ($(echo "$real" | wc -w) with real Alembic), $(echo "$failed" | wc -w) differ$failed"
[ -z "$failed" ]
