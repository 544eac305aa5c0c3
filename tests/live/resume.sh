#!/bin/sh
# Runs that are cut off in the middle: what they left is found, said, and put right by `resume`. The
# example project: a CREATE INDEX CONCURRENTLY that waits for a writer is killed half-way.
set -eu
. "$top_srcdir/tests/pg.sh"
export HOME="$PG_TMP/work" XDG_STATE_HOME="$PG_TMP/work/state" RETORT_OPERATOR=alice
cp -R "$top_srcdir/examples/model_app" "$PG_TMP/work/app"
chmod -R u+w "$PG_TMP/work/app"
cd "$PG_TMP/work/app"
index=ix_user_email_lower before=2b8d4fa06c31 of_index=3c9e50b17d42

retort() {
    "$RETORT" --url "$(pg_url "$db")" "$@"
}
has() { # file, text
    grep -qF -- "$2" "$1" || { cat "$1"; fail "$1 does not have: $2"; }
}
at() { # rows of the version table
    got=$(pg_sql "$db" "SELECT string_agg(version_num, ' ' ORDER BY 1) FROM alembic_version")
    [ "$got" = "$1" ] || fail "the version table has '$got', expected '$1'"
}
index_is() { # valid, invalid, or nothing
    got=$(pg_sql "$db" "SELECT CASE WHEN indisvalid THEN 'valid' ELSE 'invalid' END FROM pg_index
        WHERE indexrelid = to_regclass('$index')")
    [ "$got" = "$1" ] || fail "the index is '$got', expected '$1'"
}

# A database at the revision before the index, and a writer that the index has to wait for.
prepare() {
    db=$1
    pg_createdb "$db"
    retort upgrade $before --yes --confirm "$db"
    mkfifo "writer.$db"
    psql -Xq -d "$db" <"writer.$db" >/dev/null &
    writer=$!
    exec 9>"writer.$db"
    echo 'BEGIN; LOCK TABLE "user" IN ROW EXCLUSIVE MODE;' >&9
    pg_wait_for "$db" "SELECT count(*) > 0 FROM pg_locks
        WHERE relation = '\"user\"'::regclass AND mode = 'RowExclusiveLock'"
}
writer_ends() {
    echo 'COMMIT;' >&9
    exec 9>&-
    wait $writer
}

# Starts the upgrade and waits till the index is there but cannot become valid.
begin() {
    "$RETORT" --url "$(pg_url "$db")" upgrade "${1:-head}" --foreground --yes --confirm "$db" >out 2>&1 &
    run=$!
    pg_wait_for "$db" "SELECT count(*) > 0 FROM pg_index WHERE indexrelid = to_regclass('$index')
        AND NOT indisvalid"
}
session_ends() {
    pg_wait_for "$db" "SELECT count(*) = 0 FROM pg_stat_activity
        WHERE datname = '$db' AND application_name LIKE 'retort%'"
}
cut_off() { # how
    case $1 in
    process) kill -KILL $run ;;
    backend) pg_sql "$db" "SELECT pg_terminate_backend(pid) FROM pg_stat_activity
        WHERE datname = '$db' AND query LIKE 'CREATE INDEX%' AND pid <> pg_backend_pid()" >/dev/null ;;
    esac
    if wait $run 2>/dev/null; then cat out; fail "the run was not cut off"; fi
    session_ends
    writer_ends
    index_is invalid
    at $before
}

for how in process backend; do
    prepare "cut_$how"
    begin
    cut_off $how

    # A new run would find the index in its way: it is refused, with what to do.
    status=0
    retort upgrade head --yes --confirm "$db" 2>said || status=$?
    [ $status = 1 ] || { cat said; fail "a new run: exit status $status"; }
    has said "broke off in the middle of a revision"
    has said "retort resume"
    index_is invalid

    # It is said what there is, and nothing is done yet.
    retort resume >said
    has said "INVALID"
    has said "$index"
    has said "next: \`retort resume 2"
    retort resume --json >json
    has json '"found": "half done"'
    index_is invalid
    status=0
    retort resume --continue </dev/null 2>said || status=$?
    [ $status = 3 ] || { cat said; fail "no confirmation: exit status $status"; }

    # Going on drops it, builds it, and runs the rest.
    retort resume --continue --yes --confirm "$db" >said 2>&1 || { cat said; fail "continue"; }
    has said "is continued"
    index_is valid
    at 92f4b617d3a8
    retort resume >said
    has said "no run on this database has broken off"
    retort runs >list
    has list "continued"
    retort runs --verify >verified || { cat verified; fail "the chain"; }
    [ "$(pg_sql "$db" "SELECT count(*) FROM retort.run WHERE closed = 'continued'")" = 1 ] ||
        fail "the database does not say that it was continued"
done

# The server went on with it after the process was killed: it is there, and not made again.
prepare completed
begin $of_index
kill -KILL $run
wait $run 2>/dev/null || true
retort resume >said
has said "at work"
writer_ends
session_ends
retort resume >said
has said "the catalog says that it was carried out"
retort resume --continue --yes --confirm completed >said 2>&1 || { cat said; fail "completed"; }
at $of_index
index_is valid

# Undone: the index is gone, and the next run makes it.
prepare undone
begin
cut_off process
retort resume --undo --yes --confirm undone >said 2>&1 || { cat said; fail "undo"; }
index_is ""
at $before
retort upgrade $of_index --yes --confirm undone
index_is valid
at $of_index

# Marked: done, after somebody built it by hand; not done, after somebody dropped it.
prepare marked
begin $of_index
cut_off process
pg_sql marked "REINDEX INDEX CONCURRENTLY $index"
retort resume --mark-done --yes >said 2>&1 || { cat said; fail "mark done"; }
at $of_index
index_is valid
prepare dropped
begin $of_index
cut_off process
pg_sql dropped "DROP INDEX CONCURRENTLY $index"
retort resume --mark-not-done --yes >said 2>&1 || { cat said; fail "mark not done"; }
at $before
[ "$(pg_sql dropped "SELECT closed FROM retort.run WHERE target = '$of_index'")" = \
    "marked not done" ] || fail "the database does not say that it is closed"
retort upgrade $of_index --yes --confirm dropped
index_is valid

# While it is running it has not broken off.
prepare running
begin $of_index
retort resume >said
has said "no run on this database has broken off"
retort runs >list
has list "upgrade to $of_index: running"
writer_ends
wait $run || { cat out; fail "the run"; }
at $of_index

# Killed between two steps: nothing is half done, and the next run says so and goes its way.
db=between
pg_createdb between
retort upgrade $before --yes --confirm between
journal=$(ls -t "$XDG_STATE_HOME"/retort/*.jsonl | head -1)
n=$(grep -n '"kind":"committed"' "$journal" | head -1 | cut -d: -f1)
head -n "$n" "$journal" >short
cp short "$journal"
retort resume >said
has said "nothing is half done"
retort upgrade $of_index --yes --confirm between 2>said
has said "broke off"
at $of_index

# An index that cannot be built fails and is left INVALID, though the run has ended: it is found too.
prepare failed
writer_ends
sed -i "s/'ix_user_email_lower', 'user', .*/&\n            unique=True,/" \
    migrations/versions/${of_index}_*.py
pg_sql failed "INSERT INTO \"user\" (id, username, email) VALUES (1, 'a', 'A@b.c'), (2, 'b', 'a@b.c')"
if retort upgrade $of_index --yes --confirm failed 2>said; then fail "a unique index"; fi
index_is invalid
status=0
retort upgrade $of_index --yes --confirm failed 2>said || status=$?
has said "broke off in the middle of a revision"
pg_sql failed "DELETE FROM \"user\" WHERE id = 2"
retort resume --continue --yes --confirm failed >said 2>&1 || { cat said; fail "after a failure"; }
index_is valid
at $of_index
