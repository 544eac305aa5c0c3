#!/bin/sh
# Every command with --json, against a private server: what is answered, and what errors look like.
set -eu
. "$top_srcdir/tests/pg.sh"
pg_createdb shop
"${PYTHON3:-/usr/bin/python3}" "$top_srcdir/tests/cli/json_answers.py" "$(pg_url shop)" "$PG_TMP/work"
