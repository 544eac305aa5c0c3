#!/bin/sh
# What tools/make-manual.sh makes from the program's tables is what the manual pages have. When it is
# not: tools/make-manual.sh BUILD/tools/TABLES man/PAGE >new && mv new man/PAGE
set -eu
check() { # program, page
    "${SHELL:-sh}" "$top_srcdir/tools/make-manual.sh" "$top_builddir/tools/$1" "$top_srcdir/man/$2" |
        diff -u "$top_srcdir/man/$2" -
}
check reader_tables retort-python.7
check key_tables retort-keys.7
check key_tables retort-console.conf.5
check setting_tables retort.conf.5
for page in "$top_srcdir"/man/*.1; do
    check command_tables "${page##*/}"
done
