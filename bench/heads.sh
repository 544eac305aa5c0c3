#!/bin/sh
# How long `heads` and `history` take on 10 000 revisions, beside `cat` of the same files and beside
# real Alembic, measured one after the other on the same files.
#
#     bench/heads.sh [COUNT]      RETORT, ALEMBIC and PYTHON3 say which programs
set -eu
here=$(cd "$(dirname "$0")" && pwd)
retort=${RETORT:-retort}
alembic=${ALEMBIC:-alembic}
count=${1:-10000}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${PYTHON3:-/usr/bin/python3}" "$here/make_revisions.py" "$work/project" "$count"
cd "$work/project"

milliseconds() { # the best of three
    best=
    for run in 1 2 3; do
        start=$(date +%s%N)
        "$@" >"$work/out"
        took=$((($(date +%s%N) - start) / 1000000))
        if [ -z "$best" ] || [ "$took" -lt "$best" ]; then best=$took; fi
    done
    [ "$best" -gt 0 ] || best=1
    echo "$best"
}

cat_all() {
    cat migrations/versions/*.py
}

cat_ms=$(milliseconds cat_all)
echo "$count revisions; cat: $cat_ms ms"
for command in heads history; do
    ours=$(milliseconds "$retort" $command)
    cp "$work/out" "$work/ours"
    if command -v "$alembic" >/dev/null 2>&1; then
        theirs=$(milliseconds "$alembic" $command)
        cmp -s "$work/out" "$work/ours" || { echo "$command: the answers differ" && exit 1; }
        echo "$command: retort $ours ms, Alembic $theirs ms ($((theirs / ours)) times), $(
            echo "$ours $cat_ms" | awk '{ printf "%.1f", $1 / $2 }') times cat"
    else
        echo "$command: retort $ours ms; no Alembic here"
    fi
done
