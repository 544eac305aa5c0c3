#!/bin/sh
# Revisions that ask the database: retort leaves in it what real Alembic left, after the upgrade and
# after the downgrade. The expected text was made by revisions/make_expected.sh. What the preview
# showed before is what then ran, unless it could not be followed to its end.
set -eu
. "$top_srcdir/tests/pg.sh"
here=$top_srcdir/tests/live/revisions
pg_createdb base
psql -XqAt -v ON_ERROR_STOP=1 -d base -f "$here/base.sql"
# The statements that write, without the questions between them.
statements() {
    awk '/^!/ { on = 1 } on { print } /;$/ { on = 0 }' "$1"
}

compare_preview() { # prints what differs, into the text that is compared with what is expected
    grep -q '^ends: ' "$PG_TMP/shown" && return
    grep -q '^# The preview cannot know' "$f" && return
    statements "$PG_TMP/shown" >"$PG_TMP/shown.sql"
    statements "$PG_TMP/log.$1" >"$PG_TMP/ran.sql"
    diff "$PG_TMP/shown.sql" "$PG_TMP/ran.sql" || echo "the preview differs"
}

failed=0
count=0
for f in "$here"/[0-9]*.py; do
    n=$(basename "$f" .py)
    case "${ONLY:-$n}" in *"$n"*) ;; *) continue ;; esac
    count=$((count + 1))
    pg_sql postgres "DROP DATABASE IF EXISTS one" 2>/dev/null
    pg_sql postgres "CREATE DATABASE one TEMPLATE base"
    {
        for direction in upgrade downgrade; do
            echo "== $direction"
            tests/live/live_preview "$PGHOST" one $direction "$f" >"$PG_TMP/shown" ||
                echo "the preview fails"
            if tests/live/live_apply "$PGHOST" one "$f" $direction >"$PG_TMP/log.$direction"; then
                psql -XqAt -v ON_ERROR_STOP=1 -d one -f "$here/picture.sql"
                compare_preview $direction
            else
                tail -1 "$PG_TMP/log.$direction" >&2
                echo fails
                break
            fi
        done
    } >"$PG_TMP/$n.txt"
    if ! diff -u "$here/expected/$n.txt" "$PG_TMP/$n.txt" >"$PG_TMP/diff"; then
        echo "FAIL: $n"
        head -60 "$PG_TMP/diff"
        failed=$((failed + 1))
    fi
done
echo "$count revisions, $failed differ"
[ $failed = 0 ]
