#!/bin/sh
# The answers of --json are as retort-json(5) describes them.
set -eu
. "$top_srcdir/tests/pg.sh"
HOME=$PG_TMP/work
export HOME
cd "$PG_TMP/work"
cp -R "$top_srcdir/examples/model_app" app
chmod -R u+w app
cd app
sed -e 's|^DB_USER=.*|DB_USER=postgres|' -e "s|^DB_HOST=.*|DB_HOST=$PGHOST|" .env.example >.env
pg_createdb model_app
"${PYTHON3:-/usr/bin/python3}" "$top_srcdir/tests/live/answers/compare.py" "$top_srcdir/man/retort-json.5" \
    "$top_srcdir" "$RETORT"
