#!/bin/sh
# What a call costs by itself, ten of them: --version, and heads of a project of three revisions.
#
#     bench/start.sh
count=3
. "$(dirname "$0")/measure.sh"

ten() {
    measure sh -c 'for n in $(seq 10); do "$@"; done' ten "$@"
}

for command in --version heads; do
    ten "$retort" $command
    ours=$figures
    row "retort $command" "$ours" "$ours"
    has_alembic || continue
    ten "$alembic" $command
    row "alembic $command" "$figures" "$ours"
done
