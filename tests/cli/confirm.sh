#!/bin/sh
# Confirmations at the command line, against a private server.
set -eu
. "$top_srcdir/tests/pg.sh"
pg_createdb shop_test
"${PYTHON3:-/usr/bin/python3}" "$top_srcdir/tests/cli/confirm_live.py" "$(pg_url shop_test)" shop_test
