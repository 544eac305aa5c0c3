#!/bin/sh
# What the repository has, the release tarball has, and every test script is a test: a line lost in
# a merge of two *.mk files shows nowhere else.
set -eu
git -C "$top_srcdir" rev-parse --show-toplevel >/dev/null 2>&1 && [ -e "$top_srcdir/.git" ] || {
    echo "SKIP: not a git work tree"
    exit 77
}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
env -u MAKEFLAGS -u MFLAGS "${MAKE:-make}" -s -C "$top_builddir" --no-print-directory print-listed >"$work/listed"
status=0
for kind in dist test; do
    sed -n "s/^$kind //p" "$work/listed" | tr ' ' '\n' | sed "s|^$top_srcdir/||; s|^\./||" |
        sort -u >"$work/$kind"
done
git -C "$top_srcdir" ls-files >"$work/files"

# A folder in DISTFILES stands for all that it holds.
awk 'NR == FNR { has[$0] = 1; next }
    /^\.ci\// || /(^|\/)\.gitignore$/ { next }
    {
        for (path = $0; path != ""; path = path ~ /\// ? parent(path) : "")
            if (path in has) next
        print $0 ": not in the tarball: add it to EXTRA_DIST of the *.mk file of its folder"
        bad = 1
    }
    function parent(p) { sub(/\/[^\/]*$/, "", p); return p }
    END { exit bad }' "$work/dist" "$work/files" || status=1

# tests/pg.sh is sourced.
grep -E '^tests/[a-z]+/[^/]*\.sh$' "$work/files" | while read -r script; do
    grep -qx "$script" "$work/test" || echo "$script: not in TESTS"
done >"$work/lost"
# make would take either of x.sh and x.py for the test that leaves x.log.
sed -n 's/\.\(sh\|py\)$//p' "$work/files" | grep '^tests/' | sort | uniq -d | while read -r name; do
    ! grep -qx "$name\.\(sh\|py\)" "$work/test" || echo "$name: both .sh and .py: name one otherwise"
done >>"$work/lost"
if [ -s "$work/lost" ]; then
    cat "$work/lost"
    status=1
fi
exit $status
