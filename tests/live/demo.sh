#!/bin/sh
# `retort demo` without a terminal: up, back one, up again on a server of its own; afterwards, and
# after a signal, server and folder are gone.
set -eu
. "$top_srcdir/tests/pg.sh"
out=$PG_TMP/work/out err=$PG_TMP/work/err

"$RETORT" demo </dev/null >"$out" 2>"$err" || fail "demo: exit $?: $(cat "$err")"
[ "$(tail -n 1 "$out")" = '92f4b617d3a8 (head)' ] || fail "it does not end at head: $(tail -n 3 "$out")"
for command in 'current' 'upgrade head' 'history' 'downgrade -1'; do
    grep -q "^\$ retort $command" "$out" || fail "it did not run: $command"
done
[ "$(grep -c 'Running upgrade 81e3a506c297 -> 92f4b617d3a8' "$err")" = 2 ] ||
    fail "the last revision was not applied twice: $(cat "$err")"
[ "$(grep -c 'Running downgrade 92f4b617d3a8 -> 81e3a506c297' "$err")" = 1 ] ||
    fail "the last revision was not rolled back: $(cat "$err")"

gone() { # the folder that the demo named, and whatever runs in it
    dir=$(sed -n 's/.*example project in \(.*\);$/\1/p' "$err")
    [ -n "$dir" ] || fail "the demo does not say where it is: $(cat "$err")"
    [ ! -e "$dir" ] || fail "$dir is left"
    ! pgrep -f -- "$dir" >/dev/null || fail "a process of $dir is left"
}
gone

# A signal in the middle: wait for the first words, then end it.
for signal in TERM HUP INT; do
    : >"$err" # of the one before: its words are not this one's
    (
        trap - INT
        exec "$RETORT" demo </dev/null >"$out" 2>"$err"
    ) &
    pid=$!
    tries=0
    until grep -q 'example project in' "$err" 2>/dev/null; do
        tries=$((tries + 1))
        [ $tries -lt 3000 ] && kill -0 $pid || break
        sleep 0.05
    done
    kill -s $signal $pid 2>/dev/null || true
    wait $pid || true
    gone
done
