#!/bin/sh
# A new project of each template, made and brought to the models by retort and then taken over by real
# Alembic, and the other way round: what one made, the other reads, checks, takes down and up again.
# What Alembic's multidb lacks for retort, an argument that names one database, is put in.
# $ALEMBIC runs another Alembic than Debian's, which has no pyproject templates.
set -eu
. "$top_srcdir/tests/pg.sh"
/usr/bin/python3 -c 'import alembic, psycopg2' 2>/dev/null || {
    echo "SKIP: python3-alembic or python3-psycopg2 is missing"
    exit 77
}
export HOME="$PG_TMP/work" XDG_STATE_HOME="$PG_TMP/work/state" PYTHONDONTWRITEBYTECODE=1
log=$PG_TMP/work/log

real() {
    # shellcheck disable=SC2086 -- a command with its arguments
    ${ALEMBIC:-/usr/bin/python3 -m alembic} "$@" >"$log" 2>&1 ||
        fail "$template: alembic $*: $(cat "$log")"
}

ours_in() { # a database, the command
    one=
    [ "$template" = multidb ] && one="-x database=$1"
    shift
    "$RETORT" $one "$@" >"$log" 2>&1 || fail "$template: retort $one $*: $(cat "$log")"
}

ours() { # in every database
    for each in $databases; do
        ours_in "$each" "$@"
    done
}

new_project() { # by whom
    rm -rf p && mkdir p && cd p
    $1 init -t "$template" migrations
    cat >models.py <<'M'
import sqlalchemy as sa

engine1, engine2 = sa.MetaData(), sa.MetaData()
for metadata in engine1, engine2:
    sa.Table("person", metadata, sa.Column("id", sa.Integer, primary_key=True),
             sa.Column("name", sa.String(40), nullable=False, index=True))
sa.Table("visit", engine1, sa.Column("id", sa.Integer, primary_key=True),
         sa.Column("person_id", sa.ForeignKey("person.id")))
M
    sed -e 's/^target_metadata = None$/import models; target_metadata = models.engine1/' \
        -e 's/^target_metadata = {}$/import models; target_metadata = dict(engine1=models.engine1, engine2=models.engine2)/' \
        -e 's/^db_names = /&context.get_x_argument(as_dictionary=True).get("database") or /' \
        migrations/env.py >new && mv new migrations/env.py
    driver=psycopg2
    case $template in *async) driver=asyncpg ;; esac
    for each in engine2 engine1; do
        [ $each = engine1 ] && suffix= || suffix=2
        pg_sql postgres "DROP DATABASE IF EXISTS $each" 2>/dev/null
        pg_createdb $each
        sed "s|driver://user:pass@localhost/dbname$suffix\$|postgresql+$driver://postgres@/$each?host=$PGHOST|" \
            alembic.ini >new && mv new alembic.ini
    done
}

dump() {
    for each in $databases; do
        "$PG_BIN/pg_dump" -N retort -d "$each" | grep -v '^\\'
    done
}

at_head() {
    for each in $databases; do
        [ "$(pg_sql "$each" "SELECT count(*) FROM alembic_version")" = 1 ] ||
            fail "$template: $each is not at the head"
    done
}

is_empty() {
    for each in $databases; do
        [ "$(pg_sql "$each" "SELECT count(*) FROM pg_class WHERE relname IN ('person', 'visit')")" = 0 ] ||
            fail "$template: tables were left in $each"
    done
}

finds_nothing() { # Alembic before 1.9 has no check
    real revision --autogenerate --rev-id nothing -m nothing
    grep -q '^    op\.' migrations/versions/nothing_* && fail "$template: $(cat migrations/versions/nothing_*)"
    rm -r migrations/versions/nothing_* migrations/versions/__pycache__ 2>/dev/null || true
}

: "${templates:=generic async multidb}"
real --version
case $(cat "$log") in
alembic\ 1.[0-9].* | alembic\ 1.1[0-5].*) ;;
*) templates="$templates pyproject pyproject_async" ;;
esac
cd "$PG_TMP/work"
for template in $templates; do
    case $template in
    *async)
        ${PYTHON_OF_ALEMBIC:-/usr/bin/python3} -c 'import asyncpg' 2>/dev/null || {
            echo "note: no asyncpg: $template was not run by real Alembic"
            continue
        }
        ;;
    esac
    databases=engine1
    [ "$template" = multidb ] && databases="engine1 engine2"

    echo "$template: by retort, then by Alembic"
    new_project "ours_in engine1"
    for each in $databases; do
        ours_in $each upgrade head --yes
        ours_in $each revision --autogenerate -m "tables of $each"
        ours_in $each upgrade head --yes
    done
    ours upgrade head --yes
    at_head
    ours check
    if [ "$template" = multidb ]; then
        for command in "upgrade head" check "revision --autogenerate"; do
            "$RETORT" $command >"$log" 2>&1 && fail "multidb: retort $command without -x database=..."
            grep -q 'env.py runs the migrations 2 times' "$log" || fail "multidb: $command: $(cat "$log")"
        done
    fi
    ours upgrade head --sql
    dump >made
    real current
    real history
    finds_nothing
    real upgrade head --sql
    real downgrade base
    is_empty
    real upgrade head
    at_head
    dump | cmp - made || fail "$template: Alembic makes another database of retort's revisions"
    cd ..

    echo "$template: by Alembic, then by retort"
    new_project real
    real revision --autogenerate -m "the first tables"
    real upgrade head
    dump >made
    ours check
    ours current
    ours history
    for each in $databases; do
        ours_in $each downgrade base --confirm $each
    done
    is_empty
    ours upgrade head --yes
    at_head
    dump | cmp - made || fail "$template: retort makes another database of Alembic's revisions"
    finds_nothing
    cd ..
done
