#!/bin/sh
# Plans with revisions that ask the database: what is shown, kept in a file and compared again; what
# runs is what was shown. What real Alembic leaves in the database stands in live_plan/expected.txt.
set -eu
. "$top_srcdir/tests/pg.sh"
cp -R "$top_srcdir/tests/live/live_plan" "$PG_TMP/work/plan"
chmod -R u+w "$PG_TMP/work/plan"
cd "$PG_TMP/work/plan"
export XDG_STATE_HOME="$PG_TMP/work/state"
retort() { "$RETORT" "$@" >out 2>errors || { status=$?; cat out errors; return $status; }; }
refused() { ! "$RETORT" "$@" >out 2>errors || fail "this was not refused: $*"; }
has() { grep -qF -- "$1" "$2" || fail "'$1' is not in $2: $(cat "$2")"; }
has_not() { ! grep -qF -- "$1" "$2" || fail "'$1' is in $2: $(cat "$2")"; }
pg_createdb one
psql -XqAt -v ON_ERROR_STOP=1 -d one -f "$top_srcdir/tests/live/revisions/base.sql"
DATABASE_URL=$(pg_url one)
export DATABASE_URL
picture() {
    pg_sql one "SELECT id, nick FROM member ORDER BY id"
    pg_sql one "SELECT id, slug, settings FROM team ORDER BY id"
    pg_sql one "SELECT count(*) FROM pg_indexes WHERE indexname = 'ix_member_nick'"
    pg_sql one "SELECT version_num FROM alembic_version"
}

# The second revision sees the column that the first one is going to add; its rows are those of now.
retort plan
has 'upgrade to heads in database one: 4 revisions, 11 statements' out
has '  LIVE: it asks the database, and is evaluated again when it runs' out
has "asked: get_columns('member') → [{'name': 'id'" out
has '1. CREATE INDEX ix_member_nick ON member (nick);' out
has "asked: SELECT id, full_name FROM member ORDER BY id → [(1, 'Ada Lovelace'), (2, \"Grace O'Hopper\")" out
has "-- line 13; answered by the state before 'member' is changed" out
has "3. UPDATE member SET nick = 'grace' WHERE id = 2;" out
has 'ends here: what comes depends on the result of this statement, c3_open.py:12' out
[ "$(grep -c LIVE out)" = 2 ] || fail "what asks nothing is no live step: $(cat out)"
[ "$(pg_sql one "SELECT to_regclass('alembic_version') IS NULL")" = t ] || fail "a plan has written"

# One revision alone, on the database as it is: the column of the first one is not there.
retort render --live b2
has "-- upgrade b2: live" out
has "-- asked: SELECT id, full_name FROM member ORDER BY id →" out
has_not 'CREATE INDEX' out
has_not 'outdated' out
refused render --live c3
has '-- ends here: what comes depends on the result of this statement, c3_open.py:12' out
retort render --live b2 --direction down --json
has '"questions":[{"call":"get_indexes' out

# As JSON, and there and back.
retort plan --json
python3 - out <<'PY'
import json
import sys

plan = json.load(open(sys.argv[1]))
first, second, third, fourth = plan['steps']
assert [s['status'] for s in plan['steps']] == ['ok', 'live', 'live', 'ok']
assert 'live' not in first and 'asked' not in first and 'live' not in fourth
assert second['live'] and 'open' not in second
assert [a.get('call') or a['sql'] for a in second['asked']] == [
    "get_columns('member')", 'SELECT id, full_name FROM member ORDER BY id']
assert [a['outdated'] for a in second['asked']] == [False, True]
assert [a['line'] for a in second['asked']] == [11, 13]
assert [s.get('asked_before', 0) for s in second['statements']] == [1, 2, 2, 2, 0]
assert third['live'] and third['open']['line'] == 12
PY
cp out shown.json
retort plan
cp out shown.txt
retort plan -o plan.json
retort plan --plan plan.json
cmp out shown.txt || fail "a plan in a file is shown otherwise: $(diff out shown.txt)"
retort plan --plan plan.json --json
cmp out shown.json || fail "a plan in a file is another one as JSON"

# A script for psql cannot ask.
refused plan --script up.sql

# Another answer makes another plan; the same one is as good as before.
pg_sql one "UPDATE member SET full_name = 'Augusta Ada' WHERE id = 1"
refused --yes upgrade --plan plan.json
has 'statement 2 of revision b2 is another one now' errors
has "the database answers SELECT id, full_name FROM member ORDER BY id with [(1, 'Augusta Ada')" errors
pg_sql one "UPDATE member SET full_name = 'Ada Lovelace' WHERE id = 1"
retort --yes upgrade --plan plan.json
picture >ran.txt
diff expected.txt ran.txt || fail "real Alembic leaves something else"

# Down again: what it asks is answered by the index that is there.
retort plan --direction down -- -3
has "asked: get_indexes('member') →" out
has 'DROP INDEX ix_member_nick' out
retort --confirm one downgrade a1
[ "$(pg_sql one "SELECT count(*) FROM pg_indexes WHERE indexname = 'ix_member_nick'")" = 0 ] ||
    fail "the index is still there"
retort --confirm one downgrade base

# What raises with the data of now, and may not when its turn comes; and what raises for certain.
cat >migrations/versions/e5_check.py <<'PY'
"""Refuses members without a nick."""
import sqlalchemy as sa
from alembic import op

revision = "e5"
down_revision = "d4"


def upgrade():
    bind = op.get_bind()
    if bind.execute(sa.text("SELECT count(*) FROM member WHERE id > 2")).scalar():
        raise ValueError("too many members")


def downgrade():
    pass
PY
retort plan
has 'ends here: as of now it raises ValueError: too many members, e5_check.py:12' out
retort --yes upgrade d4
refused plan
has 'CANNOT RUN: ValueError: too many members' out
has 'asked: SELECT count(*) FROM member WHERE id > 2 → [(1,)]' out
pg_sql one "DELETE FROM member WHERE id > 2"
retort --yes upgrade heads
