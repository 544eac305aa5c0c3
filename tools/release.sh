#!/bin/sh
# usage: release.sh [--twice] OUTPUT_FOLDER
#
# Makes the release tarball of the last commit, in OUTPUT_FOLDER, with its checksum. Nothing that is
# not committed is in it. With --twice all is done a second time elsewhere, the program is built from
# both tarballs, in folders of different names and at different times, and what comes out must be
# the same, byte for byte.
set -eu
twice=no
[ "${1-}" = --twice ] && twice=yes && shift
[ $# = 1 ] || {
    sed -n '2s/^# //p' "$0" >&2
    exit 2
}
mkdir -p "$1"
out=$(cd "$1" && pwd)
top=$(cd "$(dirname "$0")/.." && pwd)
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
SOURCE_DATE_EPOCH=$(git -C "$top" log -1 --format=%ct)
LC_ALL=C
export SOURCE_DATE_EPOCH LC_ALL
unset MAKEFLAGS MFLAGS MAKELEVEL

# tarball NAME : makes $work/NAME/retort-*.tar.gz from what is committed.
tarball() {
    mkdir -p "$work/$1/tree" "$work/$1/build"
    git -C "$top" archive HEAD | tar -xf - -C "$work/$1/tree"
    (cd "$work/$1/tree" && mkdir -p build-aux m4 && autoreconf -fi) >"$work/$1/log" 2>&1 &&
        (cd "$work/$1/build" && ../tree/configure -q && make -s dist) >>"$work/$1/log" 2>&1 || {
        tail -n 20 "$work/$1/log" >&2
        exit 1
    }
}

# program NAME : unpacks that tarball and builds the program, as a user would.
program() {
    mkdir -p "$work/$1/unpacked-$1"
    (cd "$work/$1/unpacked-$1" && tar -xzf ../build/retort-*.tar.gz --strip-components=1 &&
        ./configure -q && make -s -j"$(nproc)" retort) >"$work/$1/log" 2>&1 || {
        tail -n 20 "$work/$1/log" >&2
        exit 1
    }
}

same() { # FILE : of both
    cmp "$work/one/$1" "$work/second/$2" || {
        echo "release.sh: $1 is not the same twice" >&2
        exit 1
    }
}

tarball one
if [ $twice = yes ]; then
    (umask 027 && tarball second)
    name=$(cd "$work/one/build" && echo retort-*.tar.gz)
    same "build/$name" "build/$name"
    program one
    program second
    same unpacked-one/retort unpacked-second/retort
    echo "twice the same: $name and the program"
fi
cp "$work"/one/build/retort-*.tar.gz "$out/"
(cd "$out" && sha256sum retort-*.tar.gz)
