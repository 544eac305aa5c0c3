#!/bin/sh
# `retort shell` through a terminal and through a pipe, against a private server.
set -eu
. "$top_srcdir/tests/pg.sh"
pg_createdb shop_test
for part in shell_terminal shell_pipe shell_cancel; do
    "${PYTHON3:-/usr/bin/python3}" "$top_srcdir/tests/cli/$part.py" "$(pg_url shop_test)" shop_test ||
        fail "$part"
done
