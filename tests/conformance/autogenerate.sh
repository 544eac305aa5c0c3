#!/bin/sh
# The cases of tests/conformance/autogenerate, against a private server.
set -eu
. "$top_srcdir/tests/pg.sh"
"${PYTHON3:-/usr/bin/python3}" "$top_srcdir/tests/conformance/autogenerate_cases.py" "$@"
