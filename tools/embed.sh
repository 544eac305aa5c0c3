#!/bin/sh
# usage: embed.sh NAME FOLDER FILE... : prints C source with the files as a table of
# struct embedded_file { path, text } named NAME, ended by a row of NULLs.
set -eu
name=$1 folder=$2
shift 2
echo "/* Made by tools/embed.sh; do not edit. */"
echo "#include \"config.h\""
echo
echo "#include <stddef.h>"
echo
echo "#include \"base/embedded.h\""
echo
echo "const struct embedded_file $name[] = {"
for file in "$@"; do
    echo "    {\"$file\","
    awk '{ gsub(/\\/, "&&"); gsub(/"/, "\\\""); gsub(/\t/, "\\t"); print "     \"" $0 "\\n\"" }
         END { if (NR == 0) print "     \"\"" }' "$folder/$file"
    echo "    },"
done
echo "    {NULL, NULL},"
echo "};"
