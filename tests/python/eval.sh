#!/bin/sh
# Every program in tests/python/eval prints what CPython printed for it (NAME.out, golden.py), and
# every one in tests/python/refused what its NAME.out says.
dir=$top_srcdir/tests/python
status=0
count=0
tmp=$(mktemp -d)
trap 'rm -rf "$tmp"' EXIT
cd "$dir" || exit 1
for program in eval/*.py refused/*.py; do
    case ${program##*/} in
    mod_*) continue ;;
    esac
    [ $# -gt 0 ] && [ "$1" != "${program##*/}" ] && continue
    timeout 20 "$top_builddir/tests/unit/python_eval" "$program" >"$tmp/out" 2>"$tmp/err"
    if [ $? -ne 0 ] || ! cmp -s "$tmp/out" "${program%.py}.out"; then
        echo "FAIL ${program##*/}"
        diff "${program%.py}.out" "$tmp/out" | head -n 8
        head -n 5 "$tmp/err"
        status=1
    fi
    count=$((count + 1))
done
echo "$count programs"
exit $status
