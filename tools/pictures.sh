#!/bin/sh
# Makes the README's pictures from real screens: `retort demo` in tmux, keys, capture, SVG.
#
# usage: pictures.sh RETORT OUTPUT_FOLDER
set -eu
retort=$1 out=$2
here=$(cd "$(dirname "$0")" && pwd)
columns=112 rows=32
session=retort-pictures-$$

screen() {
    tmux capture-pane -p -t "$session"
}

# Waits until the screen shows a text; a screen that never does is an error.
shows() {
    tries=0
    until screen | grep -qF -- "$1"; do
        tries=$((tries + 1))
        if [ $tries -gt 200 ]; then
            screen >&2
            echo "pictures.sh: the screen never shows: $1" >&2
            exit 1
        fi
        sleep 0.1
    done
}

press() {
    for key in "$@"; do
        tmux send-keys -t "$session" "$key"
    done
}

# Presses the key again till the screen shows the text: a menu stays while the database is being read.
insist() {
    until screen | grep -qF -- "$2"; do
        press "$1"
        sleep 1
    done
}

picture() {
    tmux capture-pane -pe -t "$session" | python3 "$here/screen_svg.py" $columns $rows >"$out/$1"
}

trap 'tmux kill-session -t "$session" 2>/dev/null || true' EXIT
tmux new-session -d -s "$session" -x $columns -y $rows \
    "LC_ALL=C.UTF-8 TERM=tmux-256color '$retort' demo"
shows 'at base (9 behind)'

# The first four revisions are applied; then one of the two that follow is stepped through.
for step in 1 2 3 4; do
    press r
    shows 'upgrade by one'
    insist n 'Nothing is executed yet'
    press y
    shows 'How far?'
    press e
    shows 'everything committed'
    press 1
    shows '[graph]'
done
press H k
shows '[graph] 6fc183e4a075'
picture console.svg

press d
shows ' included'
press j j
shows '[diff]'
picture diff.svg
press 1
shows '[graph]'

press r
shows 'upgrade to 6fc183e4a075'
insist u 'Nothing is executed yet'
press y
shows 'How far?'
press t
shows 's step'
press s
shows 'paused 1/'
picture run.svg
press Escape
press Q
