#!/bin/sh
# Real Alembic (Debian's) runs all of examples/model_app: up, one back, up again, down to the
# irreversible revision, which refuses; and the pgvector branch where the server has the extension.
set -eu
. "$top_srcdir/tests/pg.sh"
/usr/bin/python3 -c 'import alembic, sqlmodel, psycopg2, dotenv' 2>/dev/null || {
    echo "SKIP: python3-alembic, python3-sqlmodel, python3-psycopg2 or python3-dotenv is missing"
    exit 77
}
alembic() {
    PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -m alembic "$@" 2>"$PG_TMP/work/stderr"
}
pg_createdb model_app
cp -R "$top_srcdir/examples/model_app" "$PG_TMP/work/app"
chmod -R u+w "$PG_TMP/work/app"
cd "$PG_TMP/work/app"
sed -e "s|^DB_USER=.*|DB_USER=postgres|" -e "s|^DB_HOST=.*|DB_HOST=$PGHOST|" .env.example >.env

at() {
    got=$(pg_sql model_app "SELECT string_agg(version_num, ' ' ORDER BY 1) FROM alembic_version")
    [ "$got" = "$1" ] || fail "the version table has '$got', expected '$1'"
}

alembic upgrade head || fail "upgrade head: $(cat "$PG_TMP/work/stderr")"
at 92f4b617d3a8
[ "$(pg_sql model_app "SELECT indisvalid FROM pg_index
    WHERE indexrelid = 'ix_user_email_lower'::regclass")" = t ] || fail "the index is not valid"
alembic downgrade -1
at 81e3a506c297
alembic upgrade head
at 92f4b617d3a8
if alembic downgrade 70d294f5b186; then
    fail "the downgrade of 81e3a506c297 is irreversible, yet it ran"
fi
grep -q 'NotImplementedError: the nicknames are gone' "$PG_TMP/work/stderr" ||
    fail "not the error expected: $(tail -1 "$PG_TMP/work/stderr")"
at 92f4b617d3a8

if [ "$(pg_sql model_app "SELECT count(*) FROM pg_available_extensions
    WHERE name = 'vector'")" = 0 ]; then
    # Its SQL can be printed all the same; only the server cannot take it.
    alembic -c pgvector.ini upgrade 1a7c3e9f5b20:pgvector@head --sql |
        grep -q 'ALTER TABLE document ADD COLUMN embedding VECTOR(768);' ||
        fail "the pgvector revision prints something else"
    echo "note: no vector extension on this server: the pgvector branch was only printed"
else
    alembic -c pgvector.ini upgrade pgvector@head
    alembic -c pgvector.ini downgrade pgvector@base
fi
