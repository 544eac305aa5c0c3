#!/bin/sh
# usage: make-manual.sh READER_TABLES PAGE : prints the page with its generated parts made anew. A
# part stands between the lines  .\" begin NAME  and  .\" end NAME .
set -eu
tables=$1 page=$2
skip=no
while IFS= read -r line; do
    case $line in
    '.\" begin '*)
        printf '%s\n' "$line"
        "$tables" "${line##* }"
        skip=yes
        ;;
    '.\" end '*) skip=no ;;
    esac
    [ $skip = yes ] || printf '%s\n' "$line"
done <"$page"
