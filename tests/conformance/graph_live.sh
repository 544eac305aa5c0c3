#!/bin/sh
# The commands of tests/conformance/graph that use a database, against a private server.
set -eu
. "$top_srcdir/tests/pg.sh"
pg_createdb conformance
RETORT_TEST_URL=$(pg_url conformance) "${PYTHON3:-/usr/bin/python3}" \
    "$top_srcdir/tests/conformance/graph.py" "$@"
