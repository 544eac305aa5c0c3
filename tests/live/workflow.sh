#!/bin/sh
# The work on a project, from a changed class to a revision and back: examples/model_app.
set -eu
. "$top_srcdir/tests/pg.sh"
pg_createdb model_app
cp -R "$top_srcdir/examples/model_app" "$PG_TMP/work/app"
chmod -R u+w "$PG_TMP/work/app"
cd "$PG_TMP/work/app"
sed -e "s|^DB_USER=.*|DB_USER=postgres|" -e "s|^DB_HOST=.*|DB_HOST=$PGHOST|" .env.example >.env
# The embedding belongs to the branch that needs pgvector, which most servers lack.
sed -i -e '/embedding/d' -e '/db\.vector/d' db/db.py
export XDG_STATE_HOME="$PG_TMP/work/state"
retort() { "$RETORT" "$@" >out 2>errors || { status=$?; cat out errors; return $status; }; }
has() { grep -qF -- "$1" "$2" || fail "'$1' is not in $2: $(cat "$2")"; }
has_not() { ! grep -qF -- "$1" "$2" || fail "'$1' is in $2: $(cat "$2")"; }

retort --confirm model_app upgrade head
retort check
has 'No new upgrade operations detected.' out

# A field more. What is pending, and the revision that brings it.
sed -i 's/^    description: Optional\[str\].*/&\n    full_name: Optional[str] = None/' db/db.py
status=0
"$RETORT" check >out 2>errors || status=$?
[ "$status" = 255 ] || fail "check ends with $status"
has "FAILED: New upgrade operations detected: [('add_column', None, 'scope', Column('full_name', AutoString(), table=<scope>))]" out
has "INFO  [alembic.autogenerate.compare.tables] Detected added column 'scope.full_name'" errors
retort diff
has 'scope.full_name: added column' out
has 'db/db.py:' out
has 'ALTER TABLE scope ADD COLUMN full_name VARCHAR;' out
retort diff --json
has '"kind": "added_column"' out
retort revision --autogenerate -m 'Scope full name' --rev-id 0123456789ab
file=migrations/versions/0123456789ab_scope_full_name.py
has "op.add_column('scope', sa.Column('full_name', sqlmodel.sql.sqltypes.AutoString(), nullable=True))" $file
has "op.drop_column('scope', 'full_name')" $file
retort show head
has 'Rev: 0123456789ab (head)' out
has 'Scope full name' out
retort upgrade head --sql
has 'ALTER TABLE scope ADD COLUMN full_name VARCHAR;' out

# A file that is there stays as it is.
cp $file before
if "$RETORT" revision -m 'Scope full name' --rev-id 0123456789ab --head base >out 2>errors; then
    fail "a revision was written over another one"
fi
cmp -s before $file || fail "the file that was there has changed"
[ -z "$(find migrations -name '*.py.??????')" ] || fail "half a file was left: $(find migrations)"

# Up, where it is, back, and up again.
retort --yes upgrade head
retort current
has '0123456789ab (head)' out
retort check
retort --confirm model_app downgrade -1
retort current
has '92f4b617d3a8' out
[ "$(pg_sql model_app "SELECT count(*) FROM information_schema.columns
    WHERE table_name = 'scope' AND column_name = 'full_name'")" = 0 ] || fail "the column is there"
if "$RETORT" revision --autogenerate -m x >out 2>errors; then
    fail "autogenerate on a database that is behind"
fi
has 'FAILED: Target database is not up to date.' out
retort --yes upgrade head

# A required field without a default is told before it fails on the rows that are there.
pg_sql model_app "INSERT INTO scope (name) VALUES ('x')" >/dev/null
sed -i '/^class Scope/,/^class Document/s/^    full_name: .*/&\n    code: str/' db/db.py
retort diff
has 'warning:' out
retort revision --autogenerate -m 'Scope code' --rev-id 1123456789ab
has 'retort: warning: scope.code: NOT NULL without a default' errors
if "$RETORT" --yes upgrade head >out 2>errors; then
    fail "the column was added to a table with rows"
fi
has 'contains null values' errors
rm migrations/versions/1123456789ab_scope_code.py
sed -i '/^    code: str/d' db/db.py

# A model that env.py does not import.
cat >db/audit.py <<'END'
from typing import Optional

from sqlmodel import Field, SQLModel


class Audit(SQLModel, table=True):
    id: Optional[int] = Field(default=None, primary_key=True)
END
retort check
has 'retort: warning: env.py does not import the model Audit' errors
has 'db/audit.py:' errors
has_not audit out
