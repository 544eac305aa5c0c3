#!/bin/sh
# Nothing lost, nothing applied twice: a run is killed, cut off or starved at an event, each time at
# another one (sweep/sweep.py has what the points are), and then brought to its target.
#
#   RETORT_SWEEP=400                how many points, evenly chosen
#   RETORT_SWEEP=all                all of them: thousands
#   RETORT_SWEEP='40 up/*/cut'       of those with such names
set -eu
. "$top_srcdir/tests/pg.sh"
set -f # the points' names are patterns of sweep.py's
/usr/bin/python3 -c 'import os; os.pidfd_open' 2>/dev/null || {
    echo "SKIP: no pidfd_open() here"
    exit 77
}
pg_stop
pg_start autovacuum=off max_connections=40
export PG_BIN PG_TMP
/usr/bin/python3 "$top_srcdir/tests/live/sweep/sweep.py" \
    "$top_builddir/tests/live/sweep/fault_shim.so" "$top_srcdir/tests/live/sweep/project" \
    ${RETORT_SWEEP:-$((120 / ${RETORT_SHARE:-1}))}
