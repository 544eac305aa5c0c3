#!/bin/sh
# check on a database of many tables and the models that declare them, beside real Alembic, and
# beside pg_dump -s of the same database: what merely reading a schema costs.
#
#     bench/check.sh [COUNT]
#
# Needs the programs of a PostgreSQL server: it starts a private one.
count=${1:-1000}
maker=make_models.py
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../tests/pg.sh"
. "$here/measure.sh"
trap pg_cleanup EXIT
PG_AT_EXIT="rm -rf $work"

sed -i "s|^sqlalchemy.url = .*|sqlalchemy.url = $(pg_url bench)|" alembic.ini
pg_createdb bench
psql -XqAt -v ON_ERROR_STOP=1 -d bench -f schema.sql
pg_sql bench 'VACUUM ANALYZE'

measure "$retort" check
ours=$figures
row "retort check" "$ours" "$ours"
measure "$PG_BIN/pg_dump" -s bench
row "pg_dump -s" "$figures" "$ours"
has_alembic || exit 0
measure "$alembic" check
row "alembic check" "$figures" "$ours"
