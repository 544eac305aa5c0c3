#!/bin/sh
# tests/conformance/revision_files_cases.py, on a private server.
set -eu
. "$top_srcdir/tests/pg.sh"
"${PYTHON3:-/usr/bin/python3}" "$top_srcdir/tests/conformance/revision_files_cases.py" "$@"
