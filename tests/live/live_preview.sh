#!/bin/sh
# Previews write nothing, and end where they cannot be followed: a function that writes, rows without
# end, a query that takes for ever, results of statements that did not run.
set -eu
. "$top_srcdir/tests/pg.sh"
base=$top_srcdir/tests/live/revisions/base.sql
pg_createdb one
psql -XqAt -v ON_ERROR_STOP=1 -d one -f "$base"
pg_sql one "CREATE FUNCTION wipe() RETURNS int LANGUAGE sql AS 'DELETE FROM member; SELECT 1'"

case_of() { # NAME, body of upgrade() on stdin: shows the preview in $PG_TMP/out
    {
        printf 'import sqlalchemy as sa\nfrom alembic import op\n\n\ndef upgrade():\n'
        printf '    bind = op.get_bind()\n'
        sed 's/^/    /'
    } >"$PG_TMP/work/$1.py"
    RETORT_QUESTIONS=1 tests/live/live_preview "$PGHOST" one upgrade "$PG_TMP/work/$1.py" \
        >"$PG_TMP/out" 2>&1 || fail "$1: $(cat "$PG_TMP/out")"
}
expect() { # TEXT
    grep -qF -- "$1" "$PG_TMP/out" || fail "no '$1' in: $(cat "$PG_TMP/out")"
}

case_of writes <<'PY'
try:
    bind.execute(sa.text('SELECT wipe()'))
except Exception:
    op.execute('DROP TABLE team')
PY
expect 'cannot execute DELETE in a read-only transaction'
expect 'status live'
! grep -q 'DROP TABLE' "$PG_TMP/out" || fail "a program goes on behind a query that writes"

case_of sequences <<'PY'
bind.execute(sa.text("SELECT nextval('team_id_seq')"))
PY
expect "! SELECT nextval('team_id_seq')"
expect 'status ok'

case_of writable <<'PY'
bind.execute(sa.text("SELECT set_config('transaction_read_only', 'off', true)"))
bind.execute(sa.text('SELECT wipe()'))
PY
expect 'read-only transaction'

case_of closes <<'PY'
bind.execute(sa.text('SELECT 1; COMMIT; DELETE FROM member'))
bind.execute(sa.text('COMMIT'))
bind.execute(sa.text('SELECT wipe()'))
PY
expect 'cannot execute DELETE in a read-only transaction'

case_of many_rows <<'PY'
for row in bind.execute(sa.text('SELECT * FROM generate_series(1, 1000000)')):
    pass
PY
expect 'more than 1000 rows'

case_of for_ever <<'PY'
bind.execute(sa.text("SET statement_timeout = 0"))
bind.execute(sa.text('SELECT count(*) FROM generate_series(1, 100000000000)'))
PY
expect 'the query takes too long for a preview'

case_of returning <<'PY'
new = bind.execute(sa.text("INSERT INTO team (name) VALUES ('x') RETURNING id")).scalar()
op.execute(f'UPDATE member SET team_id = {new}')
PY
expect 'depends on the result of this statement'

case_of text_ddl <<'PY'
op.execute('ALTER TABLE member ADD COLUMN b int')
print([c['name'] for c in sa.inspect(bind).get_columns('team')])
print([c['name'] for c in sa.inspect(bind).get_columns('member')])
PY
expect "get_columns('member') depends on what the statement of line 7 does, which is text"

case_of unknown_type <<'PY'
op.execute(sa.text('UPDATE team SET slug = :s').bindparams(
    s=bind.execute(sa.text("SELECT '(1,2)'::point AS p")).scalar()))
PY
expect "UPDATE team SET slug = '(1,2)'"
expect "the column 'p' has a type (OID 600) that is given as text"

case_of aborted <<'PY'
try:
    bind.execute(sa.text('SELECT * FROM nowhere'))
except sa.exc.ProgrammingError:
    pass
bind.execute(sa.text('SELECT 1'))
PY
expect 'current transaction is aborted'

case_of overlay <<'PY'
op.create_table('shelf', sa.Column('id', sa.Integer, primary_key=True), sa.Column('n', sa.String(9)))
op.create_index('ix_shelf_n', 'shelf', ['n'])
op.add_column('team', sa.Column('shelf_id', sa.Integer, sa.ForeignKey('shelf.id')))
op.alter_column('member', 'full_name', new_column_name='named')
op.drop_table('legacy_setting')
nested = bind.begin_nested()
op.drop_column('team', 'slug')
nested.rollback()
i = sa.inspect(bind)
op.execute('-- ' + repr([sorted(i.get_table_names()), [c['name'] for c in i.get_columns('team')],
    [x['name'] for x in i.get_indexes('shelf')], [f['name'] for f in i.get_foreign_keys('team')],
    [c['name'] for c in i.get_columns('member')][:3], i.get_pk_constraint('shelf')['name'],
    i.get_indexes('member')[1]['column_names']]))
PY
expect "-- [['member', 'shelf', 'team'], ['id', 'name', 'slug', 'settings', 'shelf_id'], ['ix_shelf_n'], ['team_shelf_id_fkey'], ['id', 'team_id', 'named'], 'shelf_pkey', ['named']]"

[ "$(pg_sql one 'SELECT count(*) FROM member')" = 3 ] || fail "a preview has written"
[ "$(pg_sql one 'SELECT count(*) FROM team')" = 3 ] || fail "a preview has written"
