#!/bin/sh
# The manual pages are clean, and the first names every command and option that the program has.
set -eu
page=$top_srcdir/man/retort.1
command -v mandoc >/dev/null || {
    echo "SKIP: mandoc is missing"
    exit 77
}
mandoc -T lint -W warning "$page" "$top_srcdir/man/retort-python.7" "$top_srcdir/man/retort.conf.5" \
    "$top_srcdir/man/retort-keys.7"
text=$(mandoc -T ascii "$page" | col -b)
status=0
for word in $("$RETORT" help | sed -n 's/^  \([a-z_]*\)  .*/\1/p'); do
    case $text in
    *" $word"*) ;;
    *) echo "man/retort.1 does not have the command $word"; status=1 ;;
    esac
done
for option in $("$RETORT" help | grep -o -- '--[a-z-]*' | sort -u); do
    case $text in
    *"$option"*) ;;
    *) echo "man/retort.1 does not have the option $option"; status=1 ;;
    esac
done
exit $status
