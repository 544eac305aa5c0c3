#!/bin/sh
# retort doctor in examples/model_app: all is well on a server; what is wrong is named, and no password
# is shown.
set -eu
. "$top_srcdir/tests/pg.sh"
export XDG_STATE_HOME="$PG_TMP/work/state"
pg_createdb model_app
cp -R "$top_srcdir/examples/model_app" "$PG_TMP/work/app"
chmod -R u+w "$PG_TMP/work/app"
cd "$PG_TMP/work/app"
sed -e "s|^DB_USER=.*|DB_USER=postgres|" -e "s|^DB_HOST=.*|DB_HOST=$PGHOST|" \
    -e "s|^DB_PASSWORD=.*|DB_PASSWORD='s3cret#pw'|" .env.example >.env

"$RETORT" doctor >out || fail "doctor: $(cat out)"
grep -q '^all is well' out || fail "not well: $(cat out)"
grep -q 'ok    url .*\*\*\*.*(env.py)' out || fail "no masked URL: $(cat out)"
grep -q 'ok    version table' out || fail "no version table: $(cat out)"
"$RETORT" doctor --json >json
/usr/bin/python3 -c 'import json; assert json.load(open("json"))["ok"] is True'

# what the pending plan needs, and who may not do it
grep -q 'ok    pending .*nothing is missing' out || fail "$(cat out)"
pg_sql model_app 'CREATE ROLE ordinary LOGIN; CREATE ROLE boss; GRANT ALL ON SCHEMA public TO ordinary;
    GRANT CREATE ON DATABASE model_app TO ordinary' >/dev/null
"$RETORT" -q upgrade 2b8d4fa06c31 --yes 2>/dev/null
pg_sql model_app 'ALTER TABLE "user" OWNER TO boss; GRANT SELECT ON "user" TO ordinary;
    GRANT ALL ON alembic_version TO ordinary' >/dev/null
status=0
"$RETORT" doctor --url "postgresql://ordinary@/model_app?host=$PGHOST" >out5 || status=$?
[ $status = 1 ] || fail "exit $status for missing privileges: $(cat out5)"
grep -q 'fix   privileges .*needs the owner of "user", "boss"' out5 || fail "$(cat out5)"
grep -q 'fix   privileges .*UPDATE on "user" is not granted' out5 || fail "$(cat out5)"
printf '\nclass Unseen(SQLModel, table=True):\n    id: int = Field(primary_key=True)\n' |
    cat - >db/unseen.py
sed -i '1i from sqlmodel import Field, SQLModel' db/unseen.py
"$RETORT" doctor >out6 || fail "doctor: $(cat out6)"
grep -q 'note  not imported .*Unseen .*(db/unseen.py:[0-9]*)' out6 || fail "$(cat out6)"
rm db/unseen.py
pg_sql model_app 'DROP SCHEMA public CASCADE; CREATE SCHEMA public' >/dev/null

# each need by itself, in a project whose revision has one statement of each kind
mkdir -p "$PG_TMP/work/needs/migrations/versions"
(
    cd "$PG_TMP/work/needs"
    printf '[alembic]\nscript_location = %%(here)s/migrations\n' >alembic.ini
    cat >migrations/env.py <<'P'
from alembic import context
context.configure(dialect_name="postgresql", literal_binds=True)
with context.begin_transaction():
    context.run_migrations()
P
    cat >migrations/versions/aa01.py <<'P'
revision = "aa01"
down_revision = None
from alembic import op
def upgrade():
    op.execute("CREATE TABLE mine (id int PRIMARY KEY)")
    op.execute("CREATE TABLE other (b int REFERENCES boss.base (id), m public.mood, x int REFERENCES mine)")
    op.execute("CREATE TABLE shut.t (id int)")
    op.execute("CREATE SCHEMA new")
    op.execute("ALTER TYPE public.mood RENAME TO moods")
    op.execute("TRUNCATE public.rows")
    op.execute("COMMENT ON COLUMN public.rows.id IS 'x'")
    op.execute("SET LOCAL ROLE chief; RESET ROLE")
    op.execute("CREATE EXTENSION nowhere_to_be_found")
def downgrade(): pass
P
    pg_createdb needs
    pg_sql needs 'CREATE ROLE chief; CREATE ROLE clerk LOGIN; CREATE SCHEMA boss; CREATE SCHEMA shut;
        CREATE TABLE boss.base (id int PRIMARY KEY); CREATE TYPE public.mood AS ENUM (); CREATE TABLE rows (id int);
        REVOKE USAGE ON TYPE mood FROM PUBLIC; GRANT CREATE, USAGE ON SCHEMA public TO clerk;
        GRANT USAGE ON SCHEMA boss TO clerk; REVOKE CREATE ON DATABASE needs FROM PUBLIC' >/dev/null
    status=0
    "$RETORT" doctor --url "postgresql://clerk@/needs?host=$PGHOST" >out || status=$?
    [ $status = 1 ] || fail "exit $status for what the role lacks: $(cat out)"
    for lack in 'a foreign key needs REFERENCES on "boss"."base"' 'USAGE on type "public"."mood"' \
        'may create nothing in schema "shut"' 'may create no schemas' \
        'needs the owner of type "public"."mood", "postgres"' 'TRUNCATE on "public"."rows"' \
        'needs the owner of "public"."rows"' 'may not become "chief"' \
        'the server does not have nowhere_to_be_found'; do
        grep -qF "aa01: " out && grep -qF "$lack" out || fail "doctor does not miss $lack: $(cat out)"
    done
    [ "$(grep -c 'fix   privileges' out)" = 8 ] || fail "more is missed than is missing: $(cat out)"
    [ "$(grep -A1 'fix   ' out | grep -c -- '-> ')" = "$(grep -c 'fix   ' out)" ] ||
        fail "a finding does not say what to do: $(cat out)"
    # every one of them is what the server refuses; granted, nothing is missed but the extension
    pg_sql needs 'GRANT REFERENCES ON boss.base TO clerk; GRANT CREATE ON SCHEMA shut TO clerk;
        ALTER TYPE mood OWNER TO clerk; ALTER TABLE rows OWNER TO clerk; GRANT chief TO clerk;
        GRANT CREATE ON DATABASE needs TO clerk' >/dev/null
    "$RETORT" doctor --url "postgresql://clerk@/needs?host=$PGHOST" >out || true
    ! grep 'fix   privileges' out || fail "what is granted is missed"
    sed -i '/nowhere_to_be_found/d' migrations/versions/aa01.py
    "$RETORT" --url "postgresql://clerk@/needs?host=$PGHOST" upgrade head --confirm needs >out 2>&1 ||
        fail "nothing was missed, and the server refuses: $(cat out)"
)

# a revision that no file has
pg_sql model_app "CREATE TABLE alembic_version (version_num varchar(32));
    INSERT INTO alembic_version VALUES ('ffff0000')" >/dev/null
status=0
"$RETORT" doctor >out2 || status=$?
[ $status = 1 ] || fail "exit $status for an unknown revision"
grep -q "Can't locate revision identified by 'ffff0000'" out2 || fail "$(cat out2)"

# journals that were changed, and a place for them that cannot be used
pg_createdb journalled
rm -rf "$XDG_STATE_HOME"
"$RETORT" --url "$(pg_url journalled)" -q stamp head --yes 2>/dev/null
"$RETORT" doctor --url "$(pg_url journalled)" >out7 || fail "doctor: $(cat out7)"
grep -q "ok    journal .*$XDG_STATE_HOME/retort, 1 run" out7 || fail "$(cat out7)"
sed -i '1s/stamp/STAMP/' "$XDG_STATE_HOME"/retort/*.jsonl
"$RETORT" doctor --url "$(pg_url journalled)" >out7 || fail "doctor: $(cat out7)"
grep -q 'note  journal .*1 of 1 were changed' out7 || fail "$(cat out7)"
rm -r "$XDG_STATE_HOME"
: >"$XDG_STATE_HOME"
"$RETORT" doctor --url "$(pg_url journalled)" >out7 && fail "no place for journals is well: $(cat out7)"
grep -q 'fix   journal ' out7 || fail "$(cat out7)"
rm "$XDG_STATE_HOME"

# a setting that nobody reads
printf '\n[retort]\nlock_timout = 2s\nwatch = false\n' >>alembic.ini
status=0
"$RETORT" doctor >out4 || status=$?
[ $status = 1 ] || fail "exit $status for a misspelt setting"
grep -q 'fix   lock_timout .*(alembic.ini:[0-9]*)' out4 || fail "$(cat out4)"
grep -q 'did you mean lock_timeout?' out4 || fail "$(cat out4)"
grep -q 'ok    watch  *false  (alembic.ini:' out4 || fail "$(cat out4)"

# no server
status=0
"$RETORT" doctor --url "postgresql://u:s3cret#pw@/x?host=$PG_TMP/nowhere" >out3 2>&1 || status=$?
[ $status = 1 ] || fail "exit $status without a server"

! grep -l 's3cret' out out2 out3 json || fail "a password is shown"
