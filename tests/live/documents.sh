#!/bin/sh
# Every command that the documentation and the manual pages show is run, in a copy of the example
# project with a database of its own: lines "$ ..." in blocks marked sh of doc/*.md, and .Dl lines of
# man/*. "# exit N" at the end of a line says how it ends, if not well.
set -eu
. "$top_srcdir/tests/pg.sh"
PATH=$(dirname "$RETORT"):$PATH
HOME=$PG_TMP/work
export PATH HOME

commands() { # of a document, a line each
    case $1 in
    *.md) awk '/^```/ { inside = ($0 == "```sh"); next } inside && sub(/^\$ /, "")' "$1" ;;
    *) sed -n 's/^\.Dl \$ //p' "$1" ;;
    esac
}

# A project and a database, as they are before anything was done.
fresh() {
    cd "$PG_TMP/work"
    rm -rf app
    cp -R "$top_srcdir/examples/model_app" app
    chmod -R u+w app
    cd app
    sed -e 's|^DB_USER=.*|DB_USER=postgres|' -e "s|^DB_HOST=.*|DB_HOST=$PGHOST|" .env.example >.env
    pg_sql postgres 'DROP DATABASE IF EXISTS model_app' >/dev/null 2>&1
    pg_createdb model_app
}

total=0
for document in "$top_srcdir"/doc/*.md "$top_srcdir"/man/*.[157]; do
    commands "$document" >"$PG_TMP/work/commands"
    [ -s "$PG_TMP/work/commands" ] || continue
    fresh
    while IFS= read -r line; do
        expected=0 status=0
        case $line in *'# exit '*) expected=${line##*'# exit '} ;; esac
        sh -c "$line" </dev/null >"$PG_TMP/work/out" 2>&1 || status=$?
        [ "$status" = "$expected" ] ||
            fail "${document##*/}: $line: exit $status, not $expected: $(cat "$PG_TMP/work/out")"
        total=$((total + 1))
    done <"$PG_TMP/work/commands"
done
[ $total -ge 30 ] || fail "only $total commands are found in the documentation"
echo "$total commands of the documentation do what they say"
