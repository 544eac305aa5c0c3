#!/bin/sh
# The whole script of many revisions, `upgrade head --sql`, beside real Alembic: time and memory.
#
#     bench/sql.sh [COUNT]
count=${1:-10000}
. "$(dirname "$0")/measure.sh"

# Alembic prints tabs as spaces and breaks lines elsewhere; the words must be the same.
words() {
    tr -s ' \t\n' '\n' <"$work/out"
}

measure "$retort" upgrade head --sql
ours=$figures
words >"$work/ours"
row "retort upgrade head --sql" "$ours" "$ours"
has_alembic || exit 0
measure "$alembic" upgrade head --sql
words | cmp -s - "$work/ours" || { echo "the scripts differ" && exit 1; }
row "alembic upgrade head --sql" "$figures" "$ours"
