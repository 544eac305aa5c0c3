#!/bin/sh
# Bad input at the command line: each is refused with its exit status and a message that says what
# is wrong and where. No database is needed.
set -eu
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
cd "$work"
status=0

# expect STATUS WHERE TEXT COMMAND...: WHERE is out or err; TEXT must occur there.
expect() {
    want=$1 where=$2 text=$3
    shift 3
    code=0
    timeout 20 "$RETORT" "$@" >out 2>err </dev/null || code=$?
    if [ "$code" != "$want" ]; then
        echo "FAIL: $*: exit status $code, not $want"
        sed 's/^/    /' out err
        status=1
    elif ! grep -qF -- "$text" "$where"; then
        echo "FAIL: $*: no \"$text\" on std$where"
        sed 's/^/    /' out err
        status=1
    fi
}

# A project of its own in the folder NAME; revisions are added with `revision`.
project() {
    cd "$work"
    mkdir -p "$1/migrations/versions"
    cd "$1"
    printf '[alembic]\nscript_location = %%(here)s/migrations\n' >alembic.ini
    cat >migrations/env.py <<'EOF'
from alembic import context
context.configure(dialect_name="postgresql", literal_binds=True)
with context.begin_transaction():
    context.run_migrations()
EOF
}

revision() { # ID DOWN: DOWN is Python
    cat >"migrations/versions/$1.py" <<EOF
"""revision $1"""
from alembic import op
revision = "$1"
down_revision = $2


def upgrade():
    op.execute("SELECT '$1'")


def downgrade():
    op.execute("SELECT 'not $1'")
EOF
}

# Configuration.
mkdir empty && cd empty
expect 255 out "FAILED: No 'script_location' key found in configuration." heads
expect 1 err "No 'script_location' key found in configuration." --raiseerr heads
expect 255 out "FAILED: No 'script_location' key" -c nowhere.ini history
printf '[alembic]\nscript_location = nowhere\n' >alembic.ini
expect 255 out "Please use the 'init' command to create a new scripts folder." heads

# Usage.
expect 2 err "invalid choice: 'upgarde'" upgarde head
expect 2 err "hint: did you mean 'upgrade'?" upgarde head
expect 2 err "retort upgrade: error: the following arguments are required: revision" upgrade
expect 2 err "hint: did you mean --sql?" upgrade head --sqk
expect 2 err "retort history: error: argument -r/--rev-range: expected one argument" history -r
expect 0 out "usage: retort history" history --help
expect 0 out "usage: retort history" help history

# Revision files.
project broken
revision aa01 None
printf 'revision = "aa02"\ndown_revision = "aa01"\ndef upgrade(:\n' >migrations/versions/aa02.py
expect 1 err "aa02.py:3:" heads
expect 1 err "def upgrade(:" heads
printf '\000\001\002\377' >migrations/versions/aa02.py
expect 1 err "aa02.py" history
rm migrations/versions/aa02.py
mkfifo migrations/versions/aa02.py
expect 1 err "aa02.py" heads
rm migrations/versions/aa02.py
ln -s nowhere migrations/versions/aa02.py
expect 1 err "aa02.py" heads
rm migrations/versions/aa02.py
mkdir migrations/versions/aa02.py
ln -s . migrations/versions/loop
ln -s aa01.py migrations/versions/again.py
printf 'not python at all (' >migrations/versions/.#aa03.py
expect 0 out "aa01 (head)" heads
expect 0 err "loaded twice! ignoring." heads

# The map of revisions.
project parent
revision aa01 None
revision aa02 '"gone"'
expect 1 err "revision aa02 has the down_revision 'gone', which is in no file" heads
expect 1 err "versions/aa02.py" history
project twice
revision aa01 None
sed 's/not aa01/again/' migrations/versions/aa01.py >migrations/versions/bb01.py
expect 0 err "Revision aa01 is present more than once" heads
project cycle
revision aa01 '"aa02"'
revision aa02 '"aa01"'
expect 255 out "FAILED: Cycle is detected in revisions (aa01, aa02)" history
expect 1 err "Cycle is detected in revisions (aa01, aa02)" heads
project self
revision aa01 '"aa01"'
expect 255 out "FAILED: Self-loop is detected in revisions (aa01)" history

# Each revision by itself: what is wrong with others, or with the map, keeps none from being shown.
project alone
revision aa01 None
revision aa02 '"gone"'
printf 'def upgrade(:\n' >migrations/versions/aa03.py
printf 'revision = "aa04"\ndown_revision = None\nx = {}["k"]\n' >migrations/versions/aa04.py
printf 'revision = "aa05"\ndown_revision = None\ndef upgrade(): pass\n' >migrations/versions/aa05.py
sed 's/not aa01/again/' migrations/versions/aa01.py >migrations/versions/bb01.py
expect 1 out "SELECT 'aa01';" render
expect 1 out "SELECT 'aa02';" render
expect 1 out "SELECT 'again';" render --direction both
expect 1 err "revision aa02 has the down_revision 'gone', which is in no file" render
expect 1 out '"revision":null,"file":"'"$work/alone/migrations/versions/aa03.py" render --json
expect 1 out '"status":"raises","statements":[],"reason":"KeyError: '"'k'"'"' render --json
expect 1 out "has no attribute 'downgrade'" render --direction down
expect 1 err "aa03.py:1:" render aa01

# Parameters of a statement are not in what is printed.
project parameters
cat >migrations/versions/aa01.py <<'EOF'
from alembic import op
import sqlalchemy as sa
revision = "aa01"
down_revision = None
def upgrade():
    op.get_bind().execute(sa.text("DELETE FROM t WHERE a = :a"), {"a": 1})
EOF
expect 0 out "DELETE FROM t WHERE a = NULL;" upgrade head --sql
expect 0 err "aa01.py:6: 1 statement is printed without the parameters given with it" \
    upgrade head --sql
expect 0 err "aa01.py:6: 1 statement is printed without" render

# Targets.
project heads
revision aa01 None
revision bb01 '"aa01"'
revision cc01 '"aa01"'
expect 255 out "FAILED: Multiple head revisions are present for given argument 'head'" \
    upgrade head --sql
expect 255 out "Can't locate revision identified by 'zzzz'" show zzzz
expect 255 out "FAILED: Range revision not allowed" upgrade aa01:bb01
expect 255 out "FAILED: downgrade with --sql requires <fromrev>:<torev>" downgrade base --sql
expect 255 out "FAILED: History range requires [start]:[end], [start]:, or :[end]" history -r aa01
expect 255 out "FAILED: Can't use --purge with --sql mode" stamp --purge --sql aa01
expect 1 err "a range has one colon" upgrade aa01:bb01:cc01 --sql
expect 2 err "argument --json: not allowed with argument --sql" upgrade bb01 --sql --json
expect 0 out '"retort": 1' heads --json
expect 255 out '{"retort":1,"error":{"message":"Can'"'"'t locate revision identified by '"'"'nope'"'"'"},"exit":255}' show nope --json
expect 2 out '"exit":2}' heads --json --nope

# Quiet, and output that is lost.
code=0
"$RETORT" -q history >out 2>err || code=$?
[ "$code" = 0 ] && [ ! -s out ] || { echo "FAIL: -q prints"; status=1; }
if [ -w /dev/full ]; then
    code=0
    "$RETORT" history >/dev/full 2>err || code=$?
    if [ "$code" != 1 ] || ! grep -q "standard output" err; then
        echo "FAIL: history >/dev/full: exit status $code"
        status=1
    fi
fi
exit $status
