#!/bin/sh
# The journal of runs: listed, told in full, exported, and what was changed in it is found.
set -eu
. "$top_srcdir/tests/pg.sh"
cp -r "$top_srcdir/tests/live/turns" "$PG_TMP/work/project"
cd "$PG_TMP/work/project"
chmod -R u+w .
export HOME="$PG_TMP/work" XDG_STATE_HOME="$PG_TMP/work/state" RETORT_OPERATOR=alice
pg_createdb runs_test
sed "s|postgresql+psycopg2:///none|$(pg_url runs_test)|" alembic.ini >runs.ini
retort() {
    "$RETORT" -c runs.ini "$@"
}
has() { # file, text
    grep -qF -- "$2" "$1" || { cat "$1"; fail "$1 does not have: $2"; }
}

retort runs >list
has list "no runs"
retort upgrade b2 --yes --confirm runs_test
retort runs >list
has list "alice  runs_test on this machine  upgrade to b2: done, 2 revisions"
id=$(cut -d' ' -f1 list)
journal=$XDG_STATE_HOME/retort/$id.jsonl
[ "$(stat -c %a "$journal")" = 600 ] || fail "mode of the journal"
[ "$(stat -c %a "$XDG_STATE_HOME/retort")" = 700 ] || fail "mode of its folder"

# In full: the SQL, its answer, and what is committed.
retort runs "$id" >full
has full "1 of 2: upgrade base -> a1"
has full "everything is committed"
has full "committed, CREATE TABLE"
has full "INSERT INTO alembic_version"
retort runs "$(echo "$id" | tail -c 5)" >by_end
cmp full by_end
retort runs "$id" --json >json
has json '"state": "done"'
has json '"operator": "alice"'

retort runs --verify >verified
has verified "$id: "
has verified "the chain is whole"

# The export is the journal, byte for byte, in a file that was not there before.
retort runs "$id" --export copy.jsonl
cmp copy.jsonl "$journal"
[ "$(stat -c %a copy.jsonl)" = 600 ] || fail "mode of the export"
if retort runs "$id" --export copy.jsonl 2>said; then fail "an export over a file"; fi

# A record that a crash cut off is not a changed one.
cp "$journal" "$journal.keep"
head -c -30 "$journal.keep" >"$journal"
retort runs --verify >verified || fail "a cut off record is no change"
has verified "the last record is cut off"
retort runs >list
has list "unfinished, 2 revisions"

# A changed one is named, with its line.
sed '7s/"n":7/"n":7 /' "$journal.keep" >"$journal"
if retort runs --verify >verified; then fail "a change is not found"; fi
has verified "$id: CHANGED at line 7 of $journal"
if retort runs "$id" --verify --json >verified; then fail "a change is not found"; fi
has verified '"changed": 1'
mv "$journal.keep" "$journal"

# What does not exist, and a folder that cannot be written.
if retort runs 1999 2>said; then fail "a run that is not there"; fi
has said "no run is called '1999'"
XDG_STATE_HOME=/proc/nothing
if retort upgrade heads --yes --confirm runs_test 2>said; then fail "a run without a journal"; fi
has said "/proc/nothing"
[ "$(pg_sql runs_test 'SELECT version_num FROM alembic_version')" = b2 ] || fail "it ran"

# A full disk, and a folder that may not be written; only when told does it run without a journal.
if [ "$(id -u)" = 0 ]; then
    disk=$PG_TMP/work/disk
    mkdir "$disk"
    if mount -t tmpfs -o size=64k none "$disk" 2>/dev/null; then
        PG_AT_EXIT="umount $disk"
        XDG_STATE_HOME=$disk
        mkdir "$disk/retort"
        head -c 65536 /dev/zero >"$disk/full" 2>/dev/null || true
        if retort upgrade heads --yes --confirm runs_test 2>said; then fail "a full disk"; fi
        has said "No space left"
        has said "--no-journal"
        umount "$disk"
        PG_AT_EXIT=
    fi
    mkdir "$PG_TMP/work/closed"
    chmod 755 "$PG_TMP" "$PG_TMP/work" "$PG_TMP/work/closed"
    if setpriv --reuid=nobody --regid="$(id -g nobody)" --clear-groups -- \
        env XDG_STATE_HOME="$PG_TMP/work/closed" "$RETORT" -c runs.ini upgrade heads --yes \
        --confirm runs_test 2>said; then
        fail "a folder that may not be written"
    fi
    has said "Permission denied"
fi
XDG_STATE_HOME=/proc/nothing
retort upgrade heads --yes --confirm runs_test --no-journal 2>said || { cat said; fail "told"; }
has said "not journalled"
[ "$(pg_sql runs_test 'SELECT version_num FROM alembic_version')" = f6 ] || fail "it did not run"
