#!/bin/sh
# No source file over the hard limit; one over the soft limit is asked about, not refused.
set -eu
cd "${top_srcdir:-.}"
hard=1500 soft=1000 status=0
for f in $(find src ui tests/unit fuzz bench -name '*.[ch]' | sort); do
    head -n 1 "$f" | grep -q '^/\* Made by ' && continue
    n=$(wc -l <"$f")
    if [ "$n" -gt $hard ]; then
        echo "$f: $n lines, the limit is $hard"
        status=1
    elif [ "$n" -gt $soft ]; then
        echo "note: $f: $n lines; is it two files?"
    fi
done
exit $status
