#!/bin/sh
# Real Alembic's command and retort's, side by side, over the command lines of commands.txt: each in
# its own copy of the project and its own database. $PYTHON3 with another Alembic than Debian's works too.
set -eu
. "$top_srcdir/tests/pg.sh"
PYTHON3=${PYTHON3:-/usr/bin/python3}
"$PYTHON3" -c 'import alembic, sqlmodel, psycopg2, dotenv' 2>/dev/null || {
    echo "SKIP: python3-alembic, python3-sqlmodel, python3-psycopg2 or python3-dotenv is missing"
    exit 77
}
pg_createdb theirs
pg_createdb ours
export HOME="$PG_TMP/work" XDG_STATE_HOME="$PG_TMP/work/state" PYTHONDONTWRITEBYTECODE=1
PYTHONPATH="$top_srcdir/tests/conformance${PYTHONPATH:+:$PYTHONPATH}" \
    "$PYTHON3" "$top_srcdir/tests/conformance/command_lines.py" "$PG_TMP/work" "$@"
