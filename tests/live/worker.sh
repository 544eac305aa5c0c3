#!/bin/sh
# Workers and their clients, against a private server.
set -eu
. "$top_srcdir/tests/pg.sh"
export PG_TMP
"${PYTHON3:-/usr/bin/python3}" "$top_srcdir/tests/live/worker_cases.py" "$@"
