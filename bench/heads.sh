#!/bin/sh
# heads and history on many revisions, beside cat of the same files and real Alembic.
#
#     bench/heads.sh [COUNT]
count=${1:-10000}
. "$(dirname "$0")/measure.sh"

for command in heads history; do
    measure "$retort" $command
    ours=$figures
    cp "$work/out" "$work/ours"
    row "retort $command" "$ours" "$ours"
    measure sh -c 'exec cat migrations/versions/*.py'
    row "cat" "$figures" "$ours"
    has_alembic || continue
    measure "$alembic" $command
    cmp -s "$work/out" "$work/ours" || { echo "$command: the answers differ" && exit 1; }
    row "alembic $command" "$figures" "$ours"
done
