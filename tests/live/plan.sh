#!/bin/sh
# What would run on a database: shown, as a script for psql, and as it is run.
set -eu
. "$top_srcdir/tests/pg.sh"
cp -R "$top_srcdir/tests/live/plan" "$PG_TMP/work/plan"
chmod -R u+w "$PG_TMP/work/plan"
cd "$PG_TMP/work/plan"
export XDG_STATE_HOME="$PG_TMP/work/state"
retort() { "$RETORT" "$@" >out 2>errors || { status=$?; cat out errors; return $status; }; }
refused() { ! "$RETORT" "$@" >out 2>errors || fail "this was not refused: $*"; }
has() { grep -qF -- "$1" "$2" || fail "'$1' is not in $2: $(cat "$2")"; }
has_not() { ! grep -qF -- "$1" "$2" || fail "'$1' is in $2: $(cat "$2")"; }
use() { DATABASE_URL=$(pg_url "$1"); export DATABASE_URL; }
dump() { pg_dump -N retort -d "$1" | sed '/^.\(un\)\?restrict /d' >"$1.dump"; }
same() {
    dump "$1"
    dump "$2"
    cmp -s "$1.dump" "$2.dump" || fail "$1 and $2 differ: $(diff "$1.dump" "$2.dump")"
}

# The text: steps, transactions, locks, what is lost, timeouts.
pg_createdb one
use one
retort plan
has 'upgrade to heads in database one: 3 revisions, 15 statements' out
has 'one transaction for the whole run, but revision b2 commits in its middle' out
has '2 of 3: upgrade a1 -> b2, An index that is built outside of the transaction' out
has '-- SHARE UPDATE EXCLUSIVE on account; an index may stay INVALID when it is cut off; line 11' out
has 'LOSES values in all rows of account' out
has 'concurrently  lock_timeout none' out
[ "$(pg_sql one "SELECT count(*) FROM pg_class WHERE relname = 'account'")" = 0 ] ||
    fail "showing a plan ran it"
retort plan --json
has '"retort_plan": 1' out
has '"name": "one"' out

# The whole run as one transaction is a promise that this one cannot keep.
refused plan --scope run
has 'b2_index.py:11:9: this runs outside of any transaction' errors
refused --yes --confirm one upgrade heads --scope run

# psql and retort come to the same, up and down, with env.py's scope and with the other.
for scope in '' '--scope revision'; do
    for name in psql retort; do
        pg_sql postgres "DROP DATABASE IF EXISTS $name"
        pg_createdb $name
    done
    use psql
    rm -f up.sql down.sql
    retort plan $scope --script up.sql
    psql -Xq -v HOST=3 -d psql -f up.sql >psql.out
    use retort
    retort --yes --confirm retort upgrade heads $scope
    same psql retort
    use psql
    retort plan -2 $scope --script down.sql
    psql -Xq -v ON_ERROR_STOP=1 -d psql -f down.sql >psql.out
    use retort
    retort --confirm retort downgrade -2 $scope
    same psql retort
done

# A script that is late does nothing.
if psql -Xq -d psql -f down.sql >psql.out 2>errors; then
    fail "a script ran on another state than it was made for"
fi
has 'the version table is not as it was planned' errors
same psql retort
refused plan --script up.sql
has 'up.sql' errors

# Which way: by the target, or as said.
use retort
retort plan
has 'upgrade to heads in database retort: 2 revisions' out
retort plan base
has 'downgrade to base in database retort: 1 revision' out
retort plan +1
has 'upgrade to +1' out
retort plan a1
has 'nothing to do: the database is at a1 already' out
retort plan b2 --direction up
has 'upgrade to b2' out
refused plan b2 --direction both
has "argument --direction: 'up' or 'down', not 'both'" errors
retort --yes --confirm retort upgrade heads
retort plan a1
has 'downgrade to a1 in database retort: 2 revisions' out
has 'lost for good, once it is committed:' out

# A plan that is kept, edited, shown, and run as it was shown.
cat >"$PG_TMP/work/editor" <<'EDITOR'
#!/bin/sh
sed -e "s/'sad'/'sad', 'calm'/" -e '/ADD VALUE/s/$/\nCREATE TABLE extra (a integer);/' \
    -e '/CREATE UNIQUE INDEX/s/ix_account_name/ix_name/' "$1" >"$1.new" && mv "$1.new" "$1"
EDITOR
chmod +x "$PG_TMP/work/editor"
for name in edited by_hand; do
    pg_createdb $name
    use $name
    retort --yes --confirm $name upgrade b2
done
use edited
refused plan --edit
has 'retort plan: error: --edit needs a file to keep the plan in' errors
retort plan -o kept.plan
[ "$(stat -c %a kept.plan)" = 600 ] || fail "everybody may read the plan"
refused plan -o kept.plan
has 'kept.plan' errors
EDITOR="$PG_TMP/work/editor" retort plan --plan kept.plan --edit
has 'ADDED' out
has 'EDITED' out
retort plan --plan kept.plan --diff
cat >expected.diff <<'DIFF'
--- upgrade b2 -> c3, as rendered
+++ upgrade b2 -> c3, edited
@@ -1,6 +1,7 @@
-CREATE TYPE mood AS ENUM ('sad');
+CREATE TYPE mood AS ENUM ('sad', 'calm');
 COMMIT;
-CREATE UNIQUE INDEX CONCURRENTLY ix_account_name ON account (name);
+CREATE UNIQUE INDEX CONCURRENTLY ix_name ON account (name);
 BEGIN;
 ALTER TYPE mood ADD VALUE 'happy';
+CREATE TABLE extra (a integer);
 UPDATE alembic_version SET version_num='c3' WHERE alembic_version.version_num = 'b2';
DIFF
cmp -s out expected.diff || fail "the diff is $(cat out)"
retort plan --plan kept.plan --script edited.sql
use by_hand
psql -Xq -d by_hand -f edited.sql >psql.out
use edited
refused upgrade --plan kept.plan heads
refused downgrade --confirm edited --plan kept.plan
has 'kept.plan holds a plan to upgrade: use retort upgrade --plan' out
refused upgrade --plan kept.plan
has 'to upgrade to heads (1 revision, 6 statements, edited)' errors
cp -R migrations kept_migrations
retort --yes upgrade --plan kept.plan
same by_hand edited
[ "$(pg_sql edited "SELECT count(*) FROM pg_class WHERE relname IN ('extra', 'ix_name')")" = 2 ] ||
    fail "what was edited did not run"

# A plan is for one state of one database, and of the files.
refused --yes upgrade --plan kept.plan
has 'the database is at c3, but the plan begins at b2' errors
use one
refused --yes upgrade --plan kept.plan
has 'the plan was made for database edited, and this is one' errors
pg_sql postgres 'DROP DATABASE edited'
pg_createdb edited
use edited
refused --yes upgrade --plan kept.plan
has 'database edited is not the one that the plan was made for, but a new one' errors
stale() { # what is said
    refused --yes --confirm edited upgrade --plan now.plan
    has "$1" errors
    [ "$(pg_sql edited "SELECT to_regclass('alembic_version') IS NULL")" = t ] || fail "it ran"
    rm -rf migrations
    cp -R kept_migrations migrations
}
retort plan -o now.plan
echo '# more' >>migrations/versions/b2_index.py
stale 'b2_index.py'
cat >migrations/versions/d4_new.py <<'REVISION'
revision = "d4"
down_revision = "c3"


def upgrade():
    pass
REVISION
stale 'revision d4 is on the way now, which the plan does not have'
mkdir shared
echo 'WORD = "x"' >shared/words.py
sed -i '1a from shared.words import WORD' migrations/versions/b2_index.py
rm now.plan
retort plan -o now.plan
rm -rf kept_migrations
cp -R migrations kept_migrations
echo 'OTHER = 1' >>shared/words.py
stale 'shared/words.py: a file that the plan is made from has changed since the plan was made'
echo 'WORD = "x"' >shared/words.py
echo '# a comment' >>migrations/env.py
stale 'env.py: a file that the plan is made from has changed since the plan was made'
sed -i 's/context.run_migrations()/context.execute("SELECT 1"); &/' migrations/env.py
stale 'of revision a1 is another one now'
sed 's/account/accounts/' now.plan >changed.plan
refused --yes upgrade --plan changed.plan
has 'the plan was changed or is damaged: its digest is another one' errors
head -c 3000 now.plan >cut.plan
refused --yes upgrade --plan cut.plan
has 'cut.plan' errors
has 'this is no plan' errors
retort --yes --confirm edited upgrade --plan now.plan

# What cannot be right is not taken; the text is kept.
retort plan -2 -o down.plan
cat >"$PG_TMP/work/editor" <<'EDITOR'
#!/bin/sh
sed -i -e "s/^DROP TYPE mood/DROP TYPE 'mood/" "$1"
EDITOR
cp down.plan before.plan
EDITOR="$PG_TMP/work/editor" refused plan --plan down.plan --edit
has 'this is no SQL: unterminated quoted string' out
has 'hint: the text is kept in' errors
kept=$(sed -n 's/^hint: the text is kept in //p' errors)
has "DROP TYPE 'mood" "$kept"
rm -r "${kept%/*}"
cmp -s down.plan before.plan || fail "a plan was changed by an edit that was refused"
printf '#!/bin/sh\nsed -i -e "s/^DROP TYPE mood/FROBNICATE TYPE mood/" "$1"\n' >"$PG_TMP/work/editor"
EDITOR="$PG_TMP/work/editor" refused plan --plan down.plan --edit
has 'syntax error at or near "FROBNICATE" (character 1 of: FROBNICATE TYPE mood)' errors
has 'needs --yes' errors
EDITOR="$PG_TMP/work/editor" retort plan --plan down.plan --edit --yes
has 'its grammar is not known here' out

# An edit that is saved into its revision: Alembic runs what the operator saw.
cat >"$PG_TMP/work/editor" <<'EDITOR'
#!/bin/sh
sed -i -e "s/'sad'/'sad', 'it''s 50%'/" -e 's/^ALTER TYPE.*/&\nSELECT '"'a :b \\\\ ü'"', 1::int;/' "$1"
EDITOR
pg_createdb saved
use saved
cp migrations/versions/c3_commit.py c3.before
retort plan -o saved.plan
EDITOR="$PG_TMP/work/editor" retort plan --plan saved.plan --edit
refused plan --plan saved.plan --save b2
has 'revision b2 is not edited in this plan' out
refused plan --plan saved.plan --save x9
has "the plan has no revision 'x9'" out
retort plan --plan saved.plan --save c3
cat >expected.py <<'PYTHON'
"""The old way out of the transaction"""
from alembic import op

revision = "c3"
down_revision = "b2"


def upgrade():
    op.execute("CREATE TYPE mood AS ENUM ('sad', 'it''s 50%')")
    op.execute('COMMIT')
    op.execute('CREATE UNIQUE INDEX CONCURRENTLY ix_account_name ON account (name)')
    op.execute("ALTER TYPE mood ADD VALUE 'happy'")
    op.execute("SELECT 'a \\:b \\ ü', 1::int")


def downgrade():
    op.execute("DROP INDEX ix_account_name")
    op.execute("DROP TYPE mood")
PYTHON
cmp -s migrations/versions/c3_commit.py expected.py ||
    fail "the file is $(diff expected.py migrations/versions/c3_commit.py)"
retort plan --plan saved.plan --diff
[ ! -s out ] || fail "what was saved is still an edit: $(cat out)"
retort --yes --confirm saved upgrade --plan saved.plan
cat >"$PG_TMP/work/editor" <<'EDITOR'
#!/bin/sh
sed -i -e 's/^DROP FUNCTION.*/&\nCREATE TABLE kept (a integer);/' \
    -e 's/^DROP INDEX CONCURRENTLY.*/&\nVACUUM account;/' "$1"
EDITOR
retort plan -2 -o down_saved.plan
EDITOR="$PG_TMP/work/editor" retort plan --plan down_saved.plan --edit
cp migrations/versions/b2_index.py b2.before
refused plan --plan down_saved.plan --save b2 --yes
has 'whose revision b2 is applied in saved' errors
has 'needs --confirm saved' errors
cmp -s b2.before migrations/versions/b2_index.py || fail "the file was changed without a yes"
chmod 640 migrations/versions/b2_index.py
retort plan --plan down_saved.plan --save b2 --confirm saved
has 'downgrade() of' out
[ "$(stat -c %a migrations/versions/b2_index.py)" = 640 ] || fail "the permissions changed"
sed -n '/^def downgrade/,$p' migrations/versions/b2_index.py >got.py
cat >expected.py <<'PYTHON'
def downgrade():
    op.execute('DROP FUNCTION twice(integer)')
    op.execute('CREATE TABLE kept (a integer)')
    with op.get_context().autocommit_block():
        op.execute('DROP INDEX CONCURRENTLY ix_account_mail')
        op.execute('VACUUM account')
    op.execute('ALTER TABLE account DROP COLUMN mail')
PYTHON
cmp -s got.py expected.py || fail "the file is $(diff expected.py got.py)"
sed '/^def downgrade/,$d' b2.before >before.head
sed '/^def downgrade/,$d' migrations/versions/b2_index.py | cmp - before.head
find migrations/versions -name '*.py.??????' | grep . && fail "half a file was left"
retort --confirm saved downgrade --plan down_saved.plan

# A file that has changed since is left alone, and so is what env.py executes.
retort plan -o late.plan
printf '#!/bin/sh\nsed -i "s/^CREATE TYPE/CREATE  TYPE/" "$1"\n' >"$PG_TMP/work/editor"
EDITOR="$PG_TMP/work/editor" retort plan --plan late.plan --edit
echo '# late' >>migrations/versions/c3_commit.py
refused plan --plan late.plan --save c3
has 'has changed since it was planned' errors
tail -1 migrations/versions/c3_commit.py | grep -q '^# late$' || fail "what came in between is lost"

if ! /usr/bin/python3 -c 'import alembic, psycopg2' 2>/dev/null; then
    echo "note: no python3-alembic here: what was saved was not run by it"
    exit 0
fi
pg_createdb alembic
pg_createdb again
use alembic
for to in head -2; do
    case $to in -*) way=downgrade ;; *) way=upgrade ;; esac
    PYTHONDONTWRITEBYTECODE=1 /usr/bin/python3 -m alembic $way $to 2>alembic.log ||
        fail "alembic $way $to: $(cat alembic.log)"
    DATABASE_URL=$(pg_url again) retort --yes --confirm again $way $to
    same alembic again
done
same alembic saved
