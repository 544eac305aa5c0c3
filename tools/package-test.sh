#!/bin/sh
# usage: package-test.sh PACKAGE.deb [CHROOT]
#
# Installs the package on a clean Debian 12 (made by mmdebstrap, or the given folder, which is then
# kept), with its dependencies only; tries the program, the manual pages and the demo there; removes
# it, and looks that nothing of it is left. Root; needs the network.
set -eu
[ $# -ge 1 ] || {
    sed -n '2s/^# //p' "$0" >&2
    exit 2
}
package=$(readlink -f "$1")
root=${2-}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
if [ -z "$root" ]; then
    root=$work/root
    mmdebstrap --quiet --variant=minbase --include=ca-certificates bookworm "$root" \
        $(ls /etc/apt/sources.list /etc/apt/sources.list.d/debian.sources 2>/dev/null)
fi

inside() {
    chroot "$root" env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C.UTF-8 HOME=/root TERM=dumb \
        DEBIAN_FRONTEND=noninteractive "$@"
}

fail() {
    echo "package-test.sh: $*" >&2
    exit 1
}

# All files but what apt and dpkg keep for themselves, caches and logs.
files() {
    (cd "$root" && find . -xdev \( -path ./proc -o -path ./sys -o -path ./dev -o -path ./tmp \
        -o -path ./var/lib/apt -o -path ./var/lib/dpkg -o -path ./var/cache -o -path ./var/log \) \
        -prune -o -print | sort)
}

# Manual pages and documentation are what minimal images leave out.
rm -f "$root"/etc/dpkg/dpkg.cfg.d/docker* "$root"/etc/dpkg/dpkg.cfg.d/*nodoc*
inside apt-get -qq update
inside apt-get -qq -y --no-install-recommends install mandoc >/dev/null
# What the package depends on goes in first, so that it alone makes the difference.
cp "$package" "$root/tmp/retort.deb"
inside apt-get -qq -y --no-install-recommends install \
    $(inside apt-get -s --no-install-recommends install /tmp/retort.deb |
        sed -n 's/^Inst \([^ ]*\).*/\1/p' | grep -vx retort) >/dev/null
files >"$work/before"
inside apt-get -qq -y --no-install-recommends install /tmp/retort.deb >/dev/null
files >"$work/installed"
comm -13 "$work/before" "$work/installed" | sed 's|^\.|  |'

inside retort --version
for page in $(cd "$root/usr/share/man" && find . -name 'retort*' | sort); do
    inside mandoc -T lint -W error "/usr/share/man/$page" || fail "$page is not clean"
    [ "$(inside mandoc -T utf8 "/usr/share/man/$page" | wc -l)" -gt 20 ] || fail "$page is empty"
done
inside retort help >/dev/null

# Without a server at hand the demo says what is missing; with one it works.
inside retort demo </dev/null >"$work/out" 2>&1 && fail "a demo without a server"
grep -q postgresql "$work/out" || fail "the demo does not say what is missing: $(cat "$work/out")"
inside apt-get -qq -y --no-install-recommends install postgresql >/dev/null 2>&1
inside retort demo </dev/null >"$work/out" 2>&1 || fail "the demo: $(cat "$work/out")"
grep -q '(head)' "$work/out" || fail "the demo does not get to the head: $(cat "$work/out")"
inside apt-get -qq -y purge postgresql postgresql-15 postgresql-client-15 postgresql-common \
    postgresql-client-common >/dev/null 2>&1 || true

inside apt-get -qq -y purge retort >/dev/null
left=$(files | grep -i retort || true)
[ -z "$left" ] || fail "left behind: $left"
files >"$work/after"
comm -23 "$work/before" "$work/after" >"$work/lost"
[ ! -s "$work/lost" ] || fail "removed what was there before: $(cat "$work/lost")"
rm -f "$root/tmp/retort.deb"
echo "installed, tried and removed: nothing is left"
