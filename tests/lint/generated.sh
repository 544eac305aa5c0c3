#!/bin/sh
# What tools/make-manual.sh makes from the reader's tables is what the manual page has. When it is
# not: tools/make-manual.sh BUILD/tools/reader_tables man/retort-python.7 >new && mv new man/retort-python.7
set -eu
page=$top_srcdir/man/retort-python.7
"${SHELL:-sh}" "$top_srcdir/tools/make-manual.sh" "$top_builddir/tools/reader_tables" "$page" |
    diff -u "$page" -
