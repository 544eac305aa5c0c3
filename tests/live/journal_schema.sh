#!/bin/sh
# The journal in the database: made by retort's own revisions, written with each step's transaction,
# hidden from comparisons, and left alone where it may not or should not be.
set -eu
. "$top_srcdir/tests/pg.sh"
cp -r "$top_srcdir/tests/live/turns" "$PG_TMP/work/project"
cd "$PG_TMP/work/project"
chmod -R u+w .
export HOME="$PG_TMP/work" XDG_STATE_HOME="$PG_TMP/work/state" RETORT_OPERATOR=alice
export PYTHONDONTWRITEBYTECODE=1
pg_createdb shop
sed "s|postgresql+psycopg2:///none|$(pg_url shop)|" alembic.ini >shop.ini
retort() {
    "$RETORT" -c shop.ini "$@"
}
up() { # target, then more arguments
    retort upgrade "$@" --yes --confirm shop 2>said || { cat said; fail "upgrade $*"; }
}
has() { # file, text
    grep -qF -- "$2" "$1" || { cat "$1"; fail "$1 does not have: $2"; }
}
is() { # SQL, what it gives
    [ "$(pg_sql shop "$1")" = "$2" ] || fail "$1: $(pg_sql shop "$1"), not $2"
}

# It is made with the first run, and has what the run did.
up a1
[ ! -s said ] || { cat said; fail "a run that says something"; }
is "SELECT version_num FROM retort.journal_version" 0001
is "SELECT operator, verb, target, closed IS NULL FROM retort.run" "alice|upgrade|a1|t"
is "SELECT step, revision, from_revision, to_revision, committed = statements FROM retort.step" \
    "0|a1||a1|t"
is "SELECT count(*) = (SELECT statements FROM retort.step) FROM retort.statement" t
is "SELECT count(*) FROM retort.statement WHERE tag IS NULL OR microseconds < 0" 0
is "SELECT tag, sql LIKE 'CREATE TABLE account%' FROM retort.statement WHERE statement = 1" \
    "CREATE TABLE|t"

# The hash of a step's row is one of the local journal.
hash=$(pg_sql shop "SELECT journal_hash FROM retort.step")
n=$(pg_sql shop "SELECT journal_record FROM retort.step")
sed -n "${n}p" "$XDG_STATE_HOME"/retort/*.jsonl >record
has record "\"hash\":\"$hash\""

# A statement outside of transactions is there too, and the next run finds the schema.
up b2
is "SELECT count(*) FROM retort.run" 2
is "SELECT count(*) > 0 FROM retort.statement WHERE NOT in_transaction AND tag IS NOT NULL" t
is "SELECT count(*) FROM retort.step WHERE committed <> statements" 0

# What is rolled back has no row.
pg_sql shop "CREATE TABLE in_the_way ()"
cat >versions/z9_fails.py <<'P'
from alembic import op
revision, down_revision = "z9", "f6"
def upgrade():
    op.execute("CREATE TABLE fresh ()")
    op.execute("CREATE TABLE in_the_way ()")
def downgrade():
    pass
P
up f6
if retort upgrade z9 --yes 2>said; then fail "it does not fail"; fi
is "SELECT count(*) FROM retort.step WHERE revision = 'z9'" 0
rm versions/z9_fails.py
pg_sql shop "DROP TABLE in_the_way"

# Not in a dump of the project, nor in what retort compares.
"$PG_BIN/pg_dump" -d shop --exclude-schema=retort >dump
if grep -q retort dump; then grep retort dump; fail "the journal is outside of its schema"; fi

# A role without the right to make it: said, and the run is done.
pg_sql postgres "CREATE ROLE modest LOGIN"
pg_sql postgres "CREATE DATABASE modest_shop"
pg_sql modest_shop "GRANT CREATE ON SCHEMA public TO modest"
url="postgresql://modest@/modest_shop?host=$PGHOST"
"$RETORT" -c shop.ini --url "$url" upgrade a1 --yes --confirm modest_shop 2>said ||
    { cat said; fail "no run without the schema"; }
has said "local files only: the role may not create schema retort"
[ "$(grep -c 'local files only' said)" = 1 ] || fail "said more than once"
[ "$(pg_sql modest_shop "SELECT version_num FROM alembic_version")" = a1 ] || fail "not run"
[ "$(pg_sql modest_shop "SELECT to_regnamespace('retort') IS NULL")" = t ] || fail "made"
# An owner may make it for the role.
pg_sql modest_shop "CREATE SCHEMA retort AUTHORIZATION modest"
"$RETORT" -c shop.ini --url "$url" upgrade b2 --yes --confirm modest_shop 2>said
[ ! -s said ] || { cat said; fail "it says something"; }
[ "$(pg_sql modest_shop "SELECT count(*) FROM retort.run")" = 1 ] || fail "not journalled"
# Rights that are lost in the middle: the step is not.
pg_sql modest_shop "REVOKE INSERT ON retort.statement FROM modest"
cat >>versions/c3_left.py <<'P'
P
"$RETORT" -c shop.ini --url "$url" upgrade c3 --yes --confirm modest_shop 2>said
has said "local files only: the role may not write into schema retort"

# A revision that changes the role: its own work counts, the journal's rows give way.
pg_createdb roles
cat >versions/y8_role.py <<'P'
from alembic import op
revision, down_revision = "y8", None
def upgrade():
    op.execute("CREATE TABLE before ()")
    op.execute("GRANT ALL ON alembic_version TO modest")
    op.execute("SET ROLE modest")
def downgrade():
    pass
P
"$RETORT" -c shop.ini --url "$(pg_url roles)" upgrade y8 --yes --confirm roles 2>said ||
    { cat said; fail "a role that changes"; }
has said "local files only: permission denied"
[ "$(pg_sql roles "SELECT version_num FROM alembic_version")" = y8 ] || fail "y8 is not there"
[ "$(pg_sql roles "SELECT count(*) FROM retort.run")" = 0 ] || fail "a row of what?"
rm versions/y8_role.py

# Somebody else's schema of that name, a schema on the search_path, none wanted.
other() { # database, SQL, what is said
    pg_createdb "$1"
    [ -z "$2" ] || pg_sql "$1" "$2"
    "$RETORT" -c shop.ini --url "$(pg_url "$1")" upgrade a1 --yes --confirm "$1" 2>said
    if [ -n "$3" ]; then has said "$3"; elif [ -s said ]; then cat said; fail "said in $1"; fi
    [ "$(pg_sql "$1" "SELECT to_regclass('retort.step') IS NULL")" = t ] || fail "used in $1"
}
other theirs "CREATE SCHEMA retort; CREATE TABLE retort.vessel ()" "not the journal's"
other path "ALTER DATABASE path SET search_path = retort, public" "on the search_path"
printf '\n[retort]\njournal_schema =\n' >>shop.ini
other none "" ""
sed -i 's/^journal_schema =.*/journal_schema = the journal/' shop.ini
pg_createdb named
"$RETORT" -c shop.ini --url "$(pg_url named)" upgrade a1 --yes --confirm named
[ "$(pg_sql named 'SELECT count(*) FROM "the journal".run')" = 1 ] || fail "another name"

# Real Alembic, on a database that retort has journalled in: it finds nothing there. Where env.py has it
# look into all schemas, the journal is not made there, unless include_name leaves it out.
/usr/bin/python3 -c 'import alembic, psycopg2' 2>/dev/null || exit 0
mkdir peer peer/versions
cat >peer/alembic.ini <<'P'
[alembic]
script_location = %(here)s
P
cat >peer/env.py <<'P'
import sqlalchemy as sa
from alembic import context
metadata = sa.MetaData()
sa.Table("shelf", metadata, sa.Column("id", sa.Integer, primary_key=True))
options = {}
# more
with sa.create_engine(context.config.get_main_option("sqlalchemy.url")).connect() as connection:
    context.configure(connection=connection, target_metadata=metadata, **options)
    with context.begin_transaction():
        context.run_migrations()
P
cat >peer/script.py.mako <<'P'
revision, down_revision = ${repr(up_revision)}, ${repr(down_revision)}
def upgrade():
    ${upgrades if upgrades else "pass"}
P
cat >peer/versions/p1.py <<'P'
import sqlalchemy as sa
from alembic import op
revision, down_revision = "p1", None
def upgrade():
    op.create_table("shelf", sa.Column("id", sa.Integer(), nullable=False),
                    sa.PrimaryKeyConstraint("id"))
def downgrade():
    op.drop_table("shelf")
P
peer() { # database, what env.py says more, whether there is a journal, what is said
    pg_createdb "$1"
    cp -r peer "$1"
    echo "sqlalchemy.url = $(pg_url "$1")" >>"$1/alembic.ini"
    sed -i "s|^# more|$2|" "$1/env.py"
    "$RETORT" -c "$1/alembic.ini" upgrade head --yes 2>said || { cat said; fail "$1"; }
    if [ -n "$4" ]; then has said "$4"; fi
    [ "$(pg_sql "$1" "SELECT to_regclass('retort.step') IS NOT NULL")" = "$3" ] ||
        fail "$1: the journal is $3"
    "$RETORT" -c "$1/alembic.ini" check >checked 2>&1 || { cat checked; fail "$1: check"; }
    /usr/bin/python3 -m alembic -c "$1/alembic.ini" revision --autogenerate --rev-id found \
        >checked 2>&1 || { cat checked; fail "$1: alembic"; }
    grep -q pass "$1/versions/found_.py" ||
        { cat "$1/versions/found_.py"; fail "$1: Alembic finds something"; }
}
peer peer_default "" t ""
peer peer_schemas "options = {'include_schemas': True}" f "env.py sets include_schemas"
peer peer_without "options = {'include_schemas': True, 'include_name':\
 lambda name, kind, parents: kind != 'schema' or name != 'retort'}" t ""
