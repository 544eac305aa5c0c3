#!/bin/sh
# New revision files: hooks, what can go wrong with the disk, editors, JSON. No database.
set -eu
dir=$(mktemp -d)
trap 'chmod -R u+w "$dir"; rm -rf "$dir"' EXIT
fail() { echo "FAIL: $*" >&2; exit 1; }
has() { grep -qF -- "$1" "$2" || fail "'$1' is not in $2: $(cat "$2")"; }
mkdir -p "$dir/migrations/versions"
cd "$dir"
printf 'def nothing():\n    pass\n' >migrations/env.py
cat >migrations/script.py.mako <<'END'
"""${message}"""
revision = ${repr(up_revision)}
down_revision = ${repr(down_revision)}


def upgrade():
    ${upgrades if upgrades else "pass"}


def downgrade():
    ${downgrades if downgrades else "pass"}
END
cat >hook.sh <<'END'
#!/bin/sh
echo "hook: $*"
echo "# seen by the hook" >>"$2"
exit 3
END
chmod +x hook.sh
cat >alembic.ini <<'END'
[alembic]
script_location = %(here)s/migrations
[post_write_hooks]
hooks = mark
mark.type = exec
mark.executable = %(here)s/hook.sh
mark.options = --name REVISION_SCRIPT_FILENAME "two words"
END
run() { status=0; "$RETORT" "$@" >out 2>errors || status=$?; }
is() { [ "$status" = "$1" ] || fail "exit status $status, not $1: $(cat out errors)"; }
nothing_left() {
    [ "$(ls migrations/versions)" = "$1" ] || fail "left: $(ls migrations/versions)"
}

# Hooks are named, and run only when asked for; their exit status does not matter.
run revision -m first --rev-id a1
is 0
has 'post-write hooks that were not run: mark' errors
if grep -q hook out; then fail "a hook ran"; fi
run revision -m second --rev-id b2 --run-hooks
is 0
has "Running post write hook 'mark' ..." out
has "hook: --name $dir/migrations/versions/b2_second.py two words" out
has '# seen by the hook' migrations/versions/b2_second.py
sed -i 's/^mark.type.*/mark.type = nope/' alembic.ini
run revision -m third --rev-id c3 --run-hooks
is 255
has "FAILED: No formatter with name 'nope' registered" out
sed -i '/post_write_hooks/,$d' alembic.ini
rm migrations/versions/c3_third.py

# JSON.
run revision -m json --rev-id c3 --json
is 0
has '"revision": "c3"' out
has "\"path\": \"$dir/migrations/versions/c3_json.py\"" out
rm migrations/versions/c3_json.py
all=$(ls migrations/versions)

# No room: what cannot be written whole is not there at all.
(
    trap '' XFSZ
    ulimit -f 0
    "$RETORT" revision -m full --rev-id d4 2>&1
) | cat >out || true
has 'FAILED' out
has 'File too large' out
nothing_left "$all"

# A folder that cannot be written to, or made.
if [ "$(id -u)" != 0 ]; then
    chmod a-w migrations/versions
    run revision -m closed --rev-id d4
    is 1
    has 'Permission denied' errors
    chmod u+w migrations/versions
    nothing_left "$all"
fi
printf 'file_template = %%%%(rev)s/%%%%(slug)s\n' >>alembic.ini
: >migrations/versions/e5
run revision -m below --rev-id e5
is 1
has 'e5' errors
sed -i '/file_template/d' alembic.ini
rm migrations/versions/e5
nothing_left "$all"

# A template that cannot be followed: the place, and no file.
printf '%%if nothing:\n' >>migrations/script.py.mako
run revision -m broken --rev-id d4
is 1
has "script.py.mako:" errors
nothing_left "$all"

# Editors.
EDITOR="$dir/hook.sh"
export EDITOR
run edit b2
is 255
has "hook: $dir/migrations/versions/b2_second.py" out
has "FAILED: Error executing editor (Command '['$dir/hook.sh', '$dir/migrations/versions/b2_second.py']' returned non-zero exit status 3.)" out
EDITOR=/bin/true
run edit a1
is 0
run edit base
is 255
has "FAILED: No revision files indicated by symbol 'base'" out
