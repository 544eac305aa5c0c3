#!/bin/sh
# Previews write nothing: that of every revision of the suite, of a role that may only read and of a
# superuser; and revisions that mean harm get nowhere. Nothing is written when no transaction has got an
# id (pg_snapshot_xmax stands), the dump is the same and the server's log has no statement that writes.
set -eu
. "$top_srcdir/tests/pg.sh"
here=$top_srcdir/tests/live/revisions
pg_createdb one
psql -XqAt -v ON_ERROR_STOP=1 -d one -f "$here/base.sql"
pg_sql one "CREATE FUNCTION wipe() RETURNS int LANGUAGE sql AS 'DELETE FROM member; SELECT 1'"
pg_sql one "CREATE ROLE reader LOGIN; GRANT USAGE ON SCHEMA public, audit TO reader;
    GRANT SELECT ON ALL TABLES IN SCHEMA public, audit TO reader;
    GRANT SELECT ON ALL SEQUENCES IN SCHEMA public, audit TO reader"
pg_sql postgres "ALTER SYSTEM SET log_statement = 'all'"
pg_sql postgres "ALTER SYSTEM SET log_line_prefix = '%u '"
pg_sql postgres "ALTER SYSTEM SET autovacuum = off"
pg_sql postgres "SELECT pg_reload_conf()" >/dev/null
log=$PG_TMP/server.log

state() {
    pg_sql one "SELECT pg_snapshot_xmax(pg_current_snapshot())"
    "$PG_BIN/pg_dump" -d one | grep -v '^.\(un\)\?restrict '
    pg_sql one "SELECT setting FROM pg_file_settings WHERE name = 'archive_command'"
    pg_sql one "SELECT count(*) FROM pg_largeobject_metadata"
    pg_sql one "SELECT count(*) FROM pg_locks WHERE locktype = 'advisory'"
}

preview() { # USER DIRECTION FILE
    PGUSER=$1 RETORT_QUESTIONS=1 timeout 60 tests/live/live_preview "$PGHOST" one "$2" "$3" \
        >"$PG_TMP/out" 2>&1 || fail "$3, $2 as $1: $(tail -3 "$PG_TMP/out")"
}

state >"$PG_TMP/before"
lines=$(wc -l <"$log")
count=0
for f in "$here"/[0-9]*.py; do
    case $f in *"${ONLY:-}"*) ;; *) continue ;; esac
    preview reader upgrade "$f"
    preview postgres upgrade "$f"
    preview postgres downgrade "$f"
    count=$((count + 1))
done
tail -n +$((lines + 1)) "$log" >"$PG_TMP/sent"
grep -q 'READ ONLY' "$PG_TMP/sent" || fail "the log has no statements"
# COPY ... TO, LOCK and the rest of pg_dump come later: see state(). SET is of the connection itself.
grep -nE '^[a-z]+ LOG:  statement: *(INSERT|UPDATE|DELETE|MERGE|CREATE|ALTER|DROP|TRUNCATE|COPY|DO|CALL|GRANT|REVOKE|COMMENT|LOCK|COMMIT|VACUUM|REINDEX)' \
    "$PG_TMP/sent" && fail "a preview has sent a statement that writes"
sed -n 's/^[a-z]* LOG:  statement: //p' "$PG_TMP/sent" | awk '{ print toupper($1) }' | tr -d ';' |
    LC_ALL=C sort -u >"$PG_TMP/words"
printf '%s\n' BEGIN FETCH RESET ROLLBACK SAVEPOINT SELECT SET WITH >"$PG_TMP/fine"
LC_ALL=C comm -23 "$PG_TMP/words" "$PG_TMP/fine" >"$PG_TMP/others"
[ ! -s "$PG_TMP/others" ] || fail "a preview has sent: $(cat "$PG_TMP/others")"
state >"$PG_TMP/after"
diff "$PG_TMP/before" "$PG_TMP/after" || fail "previews of $count revisions have written"
echo "$count revisions, nothing is written"

# ---------------------------------------------------------------- revisions that mean harm

hostile() { # NAME, body of upgrade() on stdin
    name=$1
    {
        printf 'import sqlalchemy as sa\nfrom alembic import op\n\n\ndef upgrade():\n'
        printf '    bind = op.get_bind()\n'
        sed 's/^/    /'
    } >"$PG_TMP/work/$name.py"
    preview postgres upgrade "$PG_TMP/work/$name.py"
    ! grep -q "PWNED" "$PG_TMP/out" || fail "$name: it goes on: $(cat "$PG_TMP/out")"
}
expect() { # TEXT
    grep -qF -- "$1" "$PG_TMP/out" || fail "$name: no '$1' in: $(cat "$PG_TMP/out")"
}

hostile writing_function <<'PY'
bind.execute(sa.text('SELECT wipe()')).scalar()
print('PWNED')
PY
expect 'cannot execute DELETE in a read-only transaction'

hostile writing_function_later <<'PY'
bind.execute(sa.text("SELECT set_config('default_transaction_read_only', 'off', false)"))
bind.execute(sa.text("SET TRANSACTION READ WRITE"))
bind.execute(sa.text('COMMIT'))
bind.execute(sa.text('BEGIN READ WRITE'))
bind.execute(sa.text('SELECT wipe()')).scalar()
print('PWNED')
PY
expect 'cannot execute DELETE in a read-only transaction'

hostile hidden_in_one_text <<'PY'
bind.execute(sa.text("SELECT 1; COMMIT; SELECT wipe(); CREATE TABLE harm ()")).fetchall()
print('PWNED')
PY
expect 'depends on the result of this statement'

hostile ends_the_cursor <<'PY'
bind.execute(sa.text("SELECT 1\n;\nCOMMIT; SELECT wipe() --")).scalar()
print('PWNED')
PY
expect 'depends on the result of this statement'

hostile writes_by_with <<'PY'
bind.execute(sa.text('WITH gone AS (DELETE FROM member RETURNING id) SELECT count(*) FROM gone')).scalar()
print('PWNED')
PY
expect 'depends on the result of this statement'

hostile selects_into <<'PY'
bind.execute(sa.text('SELECT * INTO harm FROM member')).fetchall()
print('PWNED')
PY
expect 'depends on the result of this statement'

hostile explains <<'PY'
bind.execute(sa.text('EXPLAIN ANALYZE DELETE FROM member')).fetchall()
print('PWNED')
PY
expect 'depends on the result of this statement'

hostile sequences <<'PY'
bind.execute(sa.text("SELECT nextval('team_id_seq')")).scalar()
print('PWNED')
PY
expect 'depends on the result of this statement'

hostile server_programs <<'PY'
op.execute("COPY member TO PROGRAM 'touch /tmp/retort_harm'")
bind.execute(sa.text("COPY member TO '/tmp/retort_harm'"))
op.execute("ALTER SYSTEM SET archive_command = 'touch /tmp/retort_harm'")
PY
expect 'status'
[ ! -e /tmp/retort_harm ] || fail "a program ran on the server"

for call in "pg_read_file('/etc/passwd')" "pg_ls_dir('/')" "lo_import('/etc/passwd')" "lo_export(1, '/tmp/x')" \
    "pg_terminate_backend(pg_backend_pid())" "pg_reload_conf()" "pg_sleep(3600)" "pg_switch_wal()" \
    "pg_advisory_lock(1)" "pg_catalog.pg_advisory_lock(1)" "pg_create_physical_replication_slot('x')" \
    "pg_logical_emit_message(false, 'a', 'b')" "dblink_exec('dbname=one', 'DROP TABLE team')"; do
    printf 'bind.execute(sa.text("SELECT %s")).scalar()\nprint("PWNED")\n' "$call" | hostile calls
    expect 'depends on the result of this statement'
    printf 'bind.execute(sa.text("SELECT 1 WHERE EXISTS (SELECT %s)")).scalar()\nprint("PWNED")\n' "$call" |
        hostile calls_inside
    expect 'depends on the result of this statement'
done

hostile many_rows <<'PY'
bind.execute(sa.text('SELECT n FROM generate_series(1, 5000000) n')).fetchall()
print('PWNED')
PY
expect 'more than 1000 rows'

hostile wide_rows <<'PY'
bind.execute(sa.text("SELECT repeat('x', 1000000) FROM generate_series(1, 900)")).fetchall()
print('PWNED')
PY
expect 'the query gives more than 64 MB'

hostile slow_query <<'PY'
bind.execute(sa.text('SELECT count(*) FROM generate_series(1, 100000000000)')).scalar()
print('PWNED')
PY
expect 'the query takes too long for a preview'

hostile endless <<'PY'
while True:
    pass
PY
expect 'more than'

hostile endless_questions <<'PY'
while True:
    bind.execute(sa.text('SELECT 1')).scalar()
PY
expect 'more than'

hostile gigabytes <<'PY'
text = 'x' * 10000000000
PY
expect 'ends: '

hostile doubled <<'PY'
text = 'x'
while True:
    text = text + text
PY
expect 'ends: '

hostile deep <<'PY'
def f():
    return f()
f()
PY
expect 'ends: '

i=0
while IFS= read -r line; do
    i=$((i + 1))
    name=python_$i
    printf '%s\nprint("PWNED")\n' "$line" | hostile "$name"
    expect 'ends: '
done <<'PY'
open('/tmp/retort_harm', 'w').write('x')
import subprocess; subprocess.run(['touch', '/tmp/retort_harm'])
import os; os.system('touch /tmp/retort_harm')
import os; os.popen('touch /tmp/retort_harm').read()
import os; os.remove('/tmp/retort_harm')
import socket; socket.create_connection(('127.0.0.1', 5432))
import urllib.request; urllib.request.urlopen('http://127.0.0.1/')
import ctypes; ctypes.CDLL(None).system(b'touch /tmp/retort_harm')
import shutil; shutil.rmtree('/tmp/retort_harm')
import pathlib; pathlib.Path('/tmp/retort_harm').write_text('x')
import threading; threading.Thread(target=print).start()
exec("import os")
eval("1")
__import__('os').system('touch /tmp/retort_harm')
().__class__.__base__.__subclasses__()[0]()
sa.create_engine('postgresql:///one').connect().execute(sa.text('DROP TABLE team'))
bind.engine.connect().execute(sa.text('DROP TABLE team'))
bind.connection.commit()
PY
[ ! -e /tmp/retort_harm ] || fail "a file was made"

# The connection is gone in the middle of an evaluation: said, and the next preview begins anew.
cat >"$PG_TMP/work/lost.py" <<'PY'
import sqlalchemy as sa
from alembic import op


def upgrade():
    bind = op.get_bind()
    for i in range(20):
        bind.execute(sa.text('SELECT count(*) FROM generate_series(1, 3000000)')).scalar()
PY
PGUSER=postgres tests/live/live_preview "$PGHOST" one upgrade "$PG_TMP/work/lost.py" >"$PG_TMP/out" 2>&1 &
pid=$!
pg_wait_for one "SELECT count(*) > 0 FROM pg_stat_activity WHERE query LIKE '%3000000%' AND pid <> pg_backend_pid()"
pg_sql one "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE query LIKE '%3000000%'
    AND pid <> pg_backend_pid()" >/dev/null
! wait $pid || fail "a lost connection is not told"
grep -qiE 'terminat|connection' "$PG_TMP/out" || fail "a lost connection: $(cat "$PG_TMP/out")"

state >"$PG_TMP/after"
diff "$PG_TMP/before" "$PG_TMP/after" || fail "a hostile revision has written"
