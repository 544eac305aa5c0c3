#!/bin/sh
# retort doctor in examples/model_app: all is well on a server; what is wrong is named, and no password
# is shown.
set -eu
. "$top_srcdir/tests/pg.sh"
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

# a revision that no file has
pg_sql model_app "CREATE TABLE alembic_version (version_num varchar(32));
    INSERT INTO alembic_version VALUES ('ffff0000')" >/dev/null
status=0
"$RETORT" doctor >out2 || status=$?
[ $status = 1 ] || fail "exit $status for an unknown revision"
grep -q "Can't locate revision identified by 'ffff0000'" out2 || fail "$(cat out2)"

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
