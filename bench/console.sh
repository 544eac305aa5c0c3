#!/bin/sh
# The console on many revisions, up to 300 lanes wide, beside tig on a git repository of the same shape:
# when the first full frame is there, how much memory it takes, and how long a key takes.
#
#     bench/console.sh [COUNT [LANES]]
#
# FIRST_FRAME names bench/first_frame of the build (make check TESTS= builds it), TIG tig (none:
# retort alone), ROWS and COLUMNS the terminal (24, 80), RUNS how many starts of each (7). With
# RETORT_URL retort is connected to that database; else to none.
set -eu
count=${1:-10000}
lanes=${2:-300}
retort=$(realpath "${RETORT:-retort}")
tig=${TIG:-tig}
runs=${RUNS:-7}
rows=${ROWS:-24}
columns=${COLUMNS:-80}
here=$(realpath "$(dirname "$0")")
frame=${FIRST_FRAME:-$(dirname "$retort")/bench/first_frame}
frame=$(realpath "$frame")
python=${PYTHON3:-/usr/bin/python3}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
export HOME="$work" XDG_STATE_HOME="$work/state" XDG_CONFIG_HOME="$work/config"
[ -n "${RETORT_URL:-}" ] || export RETORT_URL="postgresql://nobody@/nothing?host=$work"

has_tig() {
    command -v "$tig" >/dev/null 2>&1 && command -v git >/dev/null 2>&1
}

"$python" "$here/make_revisions.py" "$work/project" "$count" "$lanes"
if has_tig; then
    git init -q -b main "$work/repository"
    "$python" "$here/make_revisions.py" --commits "$count" "$lanes" |
        git -C "$work/repository" fast-import --quiet
    git -C "$work/repository" reset -q --hard
    git -C "$work/repository" status --porcelain # and the index is fresh
else
    echo "no $tig here: retort is measured alone"
fi

# first NAME FOLDER COMMAND...: a line of $work/NAME for a start.
first() {
    name=$1 folder=$2
    shift 2
    (cd "$work/$folder" && "$frame" "$rows" "$columns" "$@") >>"$work/$name"
}

for run in 0 $(seq "$runs"); do
    has_tig && first tig repository "$tig"
    first retort project "$retort"
    [ "$run" != 0 ] || rm -f "$work/tig" "$work/retort" # fills the caches of files
done

# Least and median of a column of a file.
figures() {
    awk -v column="$2" '{ print $column }' "$work/$1" | sort -n |
        awk '{ at[NR] = $1 } END { print at[1], at[int((NR + 1) / 2)] }'
}

show() {
    echo "$(figures "$1" "$2") $(figures retort "$2")" | awk -v name="$1" -v what="$3" '
        function times(a, b) { return a / (b > 0.05 ? b : 0.05) }
        { printf "%-8s %-16s least %7.1f ms  median %7.1f ms   x%.1f  x%.1f\n", name, what, $1, $2,
                 times($1, $3), times($2, $4) }'
}

echo "$count revisions, $lanes lanes, $columns x $rows, $runs starts of each in turn:"
show retort 1 "first full frame"
show retort 2 "at rest"
if has_tig; then
    show tig 1 "first full frame"
    show tig 2 "at rest"
fi

"$python" "$here/console_keys.py" >"$work/keys"
cd "$work/project"
RETORT_FRAMES=$work/frames FRAME_KEYS=$work/keys "$frame" "$rows" "$columns" "$retort" >"$work/line"
awk '{ printf "peak memory with all keys below: %.1f MB\n", $3 / 1024 }' "$work/line"
echo "from key to frame, inside the program:"
cat "$work/frames"
