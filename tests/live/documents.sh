#!/bin/sh
# What the documentation and the manual pages show is run, in a copy of the example project with a
# database of its own, per document from above to below:
#
#     "$ ..." in fences marked sh of *.md, and .Dl lines of man/*   a command; "# exit N" at its end
#                                                                   says how it ends, if not well
#     fences marked ini, and .Bd blocks that begin with [retort]    settings: doctor has to know them
#
# Any other example says before it why it is not run, or which test runs it; these are shown and
# counted, and an example that says neither is an error:
#
#     <!-- not run: why -->        .\" not run: why        .\" run by: tests/...
set -eu
. "$top_srcdir/tests/pg.sh"
PATH=$(dirname "$RETORT"):$PATH
HOME=$PG_TMP/work
export PATH HOME
examples=$PG_TMP/work/examples

# The examples of a document, a line each: what it is, a tab, the text; the lines of settings are
# joined by \001.
cat >"$PG_TMP/work/markdown.awk" <<'AWK'
function out(kind, text) { print kind "\t" text }
/^<!-- (not run|run by): .* -->$/ { reason = $0; sub(/^<!-- /, "", reason); sub(/ -->$/, "", reason); next }
/^```/ && !fence { fence = $0; lines = ""; next }
/^```$/ {
    if (reason != "") out("excused", reason)
    else if (fence == "```ini") out("settings", lines)
    else if (fence != "```sh") out("nothing", lines)
    fence = reason = ""; next
}
fence == "```sh" && reason == "" { if (sub(/^\$ /, "")) out("command", $0); else out("nothing", $0); next }
fence { lines = lines $0 "\001"; next }
/^    [^ ]/ && (before == "" || indented) {
    if (!indented) out(reason != "" ? "excused" : "nothing", reason != "" ? reason : $0)
    indented = 1; reason = ""; before = $0; next
}
{ if ($0 != "") indented = 0; before = $0 }
AWK
cat >"$PG_TMP/work/mdoc.awk" <<'AWK'
function out(kind, text) { gsub(/\\e/, "\\", text); gsub(/\\-/, "-", text); gsub(/\\&/, "", text); print kind "\t" text }
/^\.\\" (not run|run by): / { reason = $0; sub(/^\.\\" /, "", reason); next }
/^\.Bd -literal/ { block = 1; lines = ""; next }
block && /^\.Ed/ {
    if (reason != "") out("excused", reason)
    else out(lines ~ /^\[retort\]/ ? "settings" : "nothing", lines)
    block = 0; reason = ""; next
}
block { lines = lines $0 "\001"; next }
/^\.Dl / {
    sub(/^\.Dl /, "")
    if (reason != "") out("excused", reason)
    else if (sub(/^\$ /, "")) out("command", $0)
    else out("nothing", $0)
    reason = ""
}
AWK

examples() { # of a document
    case $1 in
    *.md) awk -f "$PG_TMP/work/markdown.awk" "$1" ;;
    *) awk -f "$PG_TMP/work/mdoc.awk" "$1" ;;
    esac
}

# A project and a database, as they are before anything was done.
fresh() {
    cd "$PG_TMP/work"
    rm -rf app
    cp -R "$top_srcdir/examples/model_app" app
    chmod -R u+w app
    cd app
    sed -e 's|^DB_USER=.*|DB_USER=postgres|' -e "s|^DB_HOST=.*|DB_HOST=$PGHOST|" .env.example >.env
    pg_sql postgres 'DROP DATABASE IF EXISTS model_app' >/dev/null 2>&1
    pg_createdb model_app
}

run_command() { # document, command
    expected=0 status=0
    case $2 in *'# exit '*) expected=${2##*'# exit '} expected=${expected%%[!0-9]*} ;; esac
    sh -c "$2" </dev/null >"$PG_TMP/work/out" 2>&1 || status=$?
    [ "$status" = "$expected" ] ||
        fail "$1: $2: exit $status, not $expected: $(cat "$PG_TMP/work/out")"
    commands=$((commands + 1))
}

# Settings are looked at in a project that has no others. Where they protect the database, or point
# to a Python that is not here, that is no matter of their names.
check_settings() { # document, lines
    cp alembic.ini "$PG_TMP/work/alembic.ini"
    printf '\n%s' "$2" | tr '\001' '\n' >>alembic.ini
    retort doctor --json >"$PG_TMP/work/out" 2>/dev/null || true
    ! grep -q 'no setting of \[retort\]' "$PG_TMP/work/out" || fail "$1: a setting that is not there: $2"
    printf '%s' "$2" | tr '\001' '\n' | sed -n 's/^\([a-z_]*\) *=.*/\1/p' | while read -r key; do
        grep -q "\"name\": \"$key\"" "$PG_TMP/work/out" || fail "$1: doctor does not show $key"
    done
    cp "$PG_TMP/work/alembic.ini" alembic.ini
    settings=$((settings + 1))
}

commands=0 settings=0 excused=0
for document in "$top_srcdir"/README.md "$top_srcdir"/HACKING.md "$top_srcdir"/doc/*.md \
    "$top_srcdir"/examples/*/README.md "$top_srcdir"/man/*.[1-8]; do
    name=${document##*/}
    examples "$document" >"$examples"
    [ -s "$examples" ] || continue
    fresh
    tab=$(printf '\t')
    while IFS=$tab read -r kind text; do
        case $kind in
        command) run_command "$name" "$text" ;;
        settings) check_settings "$name" "$text" ;;
        excused)
            case $text in
            'run by: '*) grep -q "$name" "$top_srcdir/${text#run by: }" ||
                fail "$name: ${text#run by: } does not run the example" ;;
            esac
            echo "$name: $text"
            excused=$((excused + 1))
            ;;
        *) fail "$name: an example that is not run, and does not say why: $text" ;;
        esac
    done <"$examples"
done
[ $commands -ge 90 ] || fail "only $commands commands are found in the documentation"
echo "$commands commands of the documentation do what they say, $settings blocks of settings are known;" \
    "$excused examples are not run here"
