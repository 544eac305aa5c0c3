#!/bin/sh
# The manual is clean, whole, and about this program: each command has its page, each option stands
# there, none that the program lacks does, and what a page refers to is installed with it.
set -eu
command -v mandoc >/dev/null || {
    echo "SKIP: mandoc is missing"
    exit 77
}
status=0
wrong() {
    echo "$*"
    status=1
}
make_says() { env -u MAKEFLAGS -u MFLAGS "${MAKE:-make}" -s -C "$top_builddir" --no-print-directory "$1"; }
tables=$top_builddir/tools/command_tables
pages=$(make_says print-manual | tr ' ' '\n' | sed 's|.*/||')
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# Other manuals need not be on this machine; those of retort are looked at below.
(cd "$top_srcdir/man" && mandoc -T lint -W style $pages) >"$work/lint" 2>&1 || true
grep -v -e 'referenced manual not found' -e 'outdated mandoc.db' "$work/lint" && status=1

for page in "$top_srcdir"/man/*.[1-8]; do
    case " $(echo $pages) " in *" ${page##*/} "*) ;; *) wrong "${page##*/} is not installed" ;; esac
done

# .Xr NAME SECTION
for page in $pages; do
    sed -n 's/^\.Xr \(retort[^ ]*\) \([1-8]\).*/\1.\2/p' "$top_srcdir/man/$page" | sort -u |
        while read -r name; do
            [ -f "$top_srcdir/man/$name" ] || echo "$page refers to $name, which is not there"
            [ "$name" != "$page" ] || echo "$page refers to itself"
        done
done >"$work/lost"
[ ! -s "$work/lost" ] || wrong "$(cat "$work/lost")"

# What retort(1) leads to: all other pages.
for page in $pages; do
    [ "$page" = retort.1 ] || grep -q "^\.Xr ${page%.*} ${page##*.}" "$top_srcdir/man/retort.1" ||
        wrong "retort(1) does not name $page"
done

"$tables" pages >"$work/pages"
while read -r command page; do
    file=$top_srcdir/man/$page.1
    if [ ! -f "$file" ]; then
        wrong "$command: there is no page $page(1)"
    elif [ "$page" != retort ]; then
        grep -q "^\.\\\\\" begin synopsis:$command\$" "$file" ||
            wrong "$page(1) has no generated synopsis of $command"
        [ -z "$("$tables" "options:$command")" ] ||
            grep -q "^\.\\\\\" begin options:$command\$" "$file" ||
            wrong "$page(1) does not list the options of $command"
        grep -q "^\.Nm retort-$command\( ,\)\{0,1\}\$" "$file" || wrong "$page(1) is not named for $command"
    fi
done <"$work/pages"

# Flags that stand in the text: of some command.
{
    "$tables" general
    while read -r command page; do "$tables" "options:$command"; done <"$work/pages"
} | grep -o 'Fl [^ ]*' | sort -u >"$work/known"
for page in $pages; do
    sed -n '/^\.\\"/d; /^\..*Fl /p' "$top_srcdir/man/$page" |
        sed 's/.*Fl \(.*\)/\1/; s/ \(Ar\|Cm\|Ns\|Li\|No\|Ic\|Op\|Oc\|Pa\) .*//' | tr ', |' '\n' |
        grep -E '^(\\-[a-z]|[a-z]$)' | sort -u | while read -r flag; do
        grep -qxF -- "Fl $flag" "$work/known" || echo "$page: there is no option $flag"
    done
done >"$work/unknown"
[ ! -s "$work/unknown" ] || wrong "$(cat "$work/unknown")"
exit $status
