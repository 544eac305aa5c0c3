#!/bin/sh
# What a call costs by itself: --version, and heads and current of the example at its head, beside
# Alembic; and beside psql -c 'SELECT 1', which is what a connection and its answer cost.
#
#     bench/start.sh
#
# The programs take turns, so that what else the machine does hits all of them. Needs the programs of
# a PostgreSQL server: it starts a private one. With Debian's Alembic: ALEMBIC='python3 -m alembic'.
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../tests/pg.sh"
pg_createdb model_app
cp -R "$here/../examples/model_app" "$PG_TMP/work/app"
chmod -R u+w "$PG_TMP/work/app"
cd "$PG_TMP/work/app"
printf 'DB_USER=postgres\nDB_HOST=%s\nDB_NAME=model_app\n' "$PGHOST" >.env
export XDG_STATE_HOME="$PG_TMP/work/state"
"${RETORT:-retort}" -q upgrade head --confirm model_app 2>/dev/null
"${PYTHON3:-/usr/bin/python3}" "$here/start_times.py"
