# For the scripts beside it: makes a project of $count revisions (or what else $maker makes) in
# $work/project, goes there, and gives them measure and row. RETORT, ALEMBIC, PYTHON3 and RUNS say
# which programs, and how often.
set -eu
retort=${RETORT:-retort}
alembic=${ALEMBIC:-alembic}
runs=${RUNS:-3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
"${PYTHON3:-/usr/bin/python3}" "$(dirname "$0")/${maker:-make_revisions.py}" "$work/project" "$count"
cd "$work/project"

# Runs a command and leaves "seconds cpu-seconds megabytes" of the quickest run in $figures and
# what it printed in $work/out. A first run, uncounted, fills caches: of files, and Python's own.
measure() {
    "$@" >"$work/out" 2>"$work/errors" || { cat "$work/errors" && exit 1; }
    figures=$(for run in $(seq "$runs"); do
        /usr/bin/time -o "$work/time" -f '%e %U %S %M' "$@" >"$work/out" 2>"$work/errors"
        tail -n 1 "$work/time"
    done | sort -n | awk 'NR == 1 { printf "%.2f %.2f %.1f", $1, $2 + $3, $4 / 1024 }')
}

has_alembic() {
    command -v "$alembic" >/dev/null 2>&1
}

# One line of the table: a name, its figures, and how many times ours they are.
row() {
    echo "$2 $3" | awk -v name="$1" '
        function ratio(a, b) { return a / (b > 0.005 ? b : 0.005) }
        BEGIN { format = "%-28s %7.2f s %7.2f s cpu %8.1f MB   x%.1f  x%.1f cpu  x%.1f memory\n" }
        { printf format, name, $1, $2, $3, ratio($1, $4), ratio($2, $5), ratio($3, $6) }'
}
