#!/bin/sh
# Runs of revisions that ask the database, on the command line: one that changes its mind between
# preview and run, a backend that is killed in the middle, a run that breaks off half-way.
set -eu
. "$top_srcdir/tests/pg.sh"
export HOME="$PG_TMP/work" XDG_STATE_HOME="$PG_TMP/work/state"
mkdir -p "$PG_TMP/work/p/versions"
cd "$PG_TMP/work/p"
cp "$top_srcdir/tests/live/turns/env.py" env.py
has() { grep -qF -- "$1" out || fail "'$1' is not in: $(cat out)"; }
refused() { ! "$RETORT" "$@" >out 2>&1 || fail "this was not refused: $*"; }
member="CREATE TABLE member (id int PRIMARY KEY, name text, slug text);
    INSERT INTO member VALUES (1, 'Ada'), (2, 'Grace'); CREATE TABLE gate (x int)"
prepare() { # NAME: a database, and no revisions
    db=$1
    pg_createdb "$db"
    pg_sql "$db" "$member"
    sed "s|postgresql+psycopg2:///none|$(pg_url "$db")|" "$top_srcdir/tests/live/turns/alembic.ini" \
        >alembic.ini
    rm -f versions/*
}
revision() { # ID BEFORE, body of upgrade() on stdin
    {
        printf 'import sqlalchemy as sa\nfrom alembic import op\n\n'
        printf 'revision = "%s"\ndown_revision = %s\n\n\ndef upgrade():\n' "$1" "$2"
        sed 's/^/    /'
        printf '\n\ndef downgrade():\n    pass\n'
    } >"versions/$1.py"
}
slugs() {
    pg_sql "$db" "SELECT string_agg(coalesce(slug, '-'), ',' ORDER BY id) FROM member"
}
versions() {
    pg_sql "$db" "SELECT coalesce(string_agg(version_num, ','), '') FROM alembic_version"
}

# The first revision waits at the gate; before it is opened, another session inserts a row.
prepare changed
revision a1 None <<'PY'
op.execute('LOCK TABLE gate IN ACCESS EXCLUSIVE MODE')
PY
revision b2 '"a1"' <<'PY'
bind = op.get_bind()
for row in bind.execute(sa.text('SELECT id, name FROM member ORDER BY id')).fetchall():
    op.execute(f"UPDATE member SET slug = '{row.name.lower()}' WHERE id = {row.id}")
PY
mkfifo gate
psql -Xq -d "$db" <gate >/dev/null &
keeper=$!
exec 9>gate
echo 'BEGIN; LOCK TABLE gate IN ACCESS EXCLUSIVE MODE;' >&9
pg_wait_for "$db" "SELECT count(*) > 0 FROM pg_locks WHERE relation = 'gate'::regclass AND granted"
"$RETORT" upgrade head --yes >out 2>&1 &
run=$!
pg_wait_for "$db" "SELECT count(*) > 0 FROM pg_locks WHERE relation = 'gate'::regclass AND NOT granted"
pg_sql "$db" "INSERT INTO member VALUES (0, 'Emmy')"
echo 'COMMIT;' >&9
exec 9>&-
wait $keeper
status=0
wait $run || status=$?
[ $status != 0 ] || fail "what was not previewed has run: $(cat out)"
has 'revision b2 wants another statement than was previewed'
has "previewed: UPDATE member SET slug = 'ada' WHERE id = 1"
has "now: UPDATE member SET slug = 'emmy' WHERE id = 0"
has 'asked: SELECT id, name FROM member ORDER BY id'
has "the answer was: [(1, 'Ada'), (2, 'Grace')]"
has "it is now: [(0, 'Emmy'), (1, 'Ada'), (2, 'Grace')]"
[ "$(slugs)" = '-,-,-' ] || fail "something of it stayed: $(slugs)"
[ "$(pg_sql "$db" "SELECT to_regclass('alembic_version') IS NULL")" = t ] || fail "something stayed"
"$RETORT" upgrade head --yes >out 2>&1 || fail "$(cat out)"
[ "$(slugs)" = 'emmy,ada,grace' ] || fail "$(slugs)"
[ "$(versions)" = b2 ] || fail "$(versions)"

# The backend is killed while a statement of the revision is on it: nothing of it stays.
prepare killed
revision a1 None <<'PY'
for name in op.get_bind().execute(sa.text('SELECT name FROM member ORDER BY id')).scalars().all():
    op.execute(f"UPDATE member SET slug = lower(name) WHERE name = '{name}'")
    op.execute('DO $$ BEGIN PERFORM pg_sleep(x) FROM gate; END $$')
PY
pg_sql "$db" 'INSERT INTO gate VALUES (60)'
"$RETORT" upgrade head --yes >out 2>&1 &
run=$!
sleeping="FROM pg_stat_activity WHERE datname = '$db' AND wait_event = 'PgSleep'"
pg_wait_for "$db" "SELECT count(*) > 0 $sleeping"
kill -KILL "$(pg_sql "$db" "SELECT pid $sleeping")"
status=0
wait $run || status=$?
[ $status != 0 ] || fail "it ended well: $(cat out)"
has 'nothing is committed'
until pg_sql "$db" 'DELETE FROM gate' 2>/dev/null; do
    sleep 0.1
done
[ "$(slugs)" = '-,-' ] || fail "something of it stayed: $(slugs)"
"$RETORT" upgrade head --yes >out 2>&1 || fail "$(cat out)"
[ "$(slugs)" = 'ada,grace' ] || fail "$(slugs)"

# It breaks off behind an autocommit block: it cannot go on in the middle, but be taken back.
prepare half
revision a1 None <<'PY'
bind = op.get_bind()
names = bind.execute(sa.text('SELECT name FROM member ORDER BY id')).scalars().all()
with op.get_context().autocommit_block():
    op.execute('CREATE INDEX CONCURRENTLY member_slug ON member (slug)')
op.execute(f"UPDATE member SET slug = '{names[0]}' WHERE id = 1")
op.execute('INSERT INTO gate VALUES (1)')
PY
pg_sql "$db" 'ALTER TABLE gate ADD CHECK (x <> 1)'
refused upgrade head --yes
has 'violates check constraint'
[ "$(pg_sql "$db" "SELECT to_regclass('member_slug') IS NOT NULL")" = t ] || fail "no index"
refused resume --continue
has 'asks the database'
"$RETORT" resume --undo --yes --confirm "$db" >out 2>&1 || fail "$(cat out)"
[ "$(pg_sql "$db" "SELECT to_regclass('member_slug') IS NULL")" = t ] || fail "the index stayed"
pg_sql "$db" 'ALTER TABLE gate DROP CONSTRAINT gate_x_check'
"$RETORT" upgrade head --yes >out 2>&1 || fail "$(cat out)"
[ "$(slugs)" = 'Ada,-' ] || fail "$(slugs)"
[ "$(versions)" = a1 ] || fail "$(versions)"
"$RETORT" runs >out 2>&1 || fail "$(cat out)"
echo "live runs are as they should be"
