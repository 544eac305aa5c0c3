#!/bin/sh
# Writes expected/NAME.txt: what real Alembic leaves in the database after the upgrade and after the
# downgrade of each revision. usage: top_srcdir=... make_expected.sh [NAME...]; PYTHONPATH chooses
# the Alembic.
set -eu
. "$top_srcdir/tests/pg.sh"
here=$top_srcdir/tests/live/revisions
mkdir -p "$here/expected"
pg_createdb base
psql -XqAt -v ON_ERROR_STOP=1 -d base -f "$here/base.sql"
for f in "$here"/[0-9]*.py; do
    n=$(basename "$f" .py)
    case "$#,$*" in 0,*) ;; *"$n"*) ;; *) continue ;; esac
    head -n 1 "$f" | grep -q '^# SQLAlchemy 1.4' && continue
    pg_sql postgres "DROP DATABASE IF EXISTS one" 2>/dev/null
    pg_sql postgres "CREATE DATABASE one TEMPLATE base"
    {
        for direction in upgrade downgrade; do
            echo "== $direction"
            if python3 "$here/make_expected.py" "$PGHOST" one "$f" $direction 2>"$PG_TMP/err"; then
                psql -XqAt -v ON_ERROR_STOP=1 -d one -f "$here/picture.sql"
            else
                tail -1 "$PG_TMP/err" >&2
                echo fails
                break
            fi
        done
    } >"$here/expected/$n.txt"
done
