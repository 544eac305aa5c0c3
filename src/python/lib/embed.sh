#!/bin/sh
# Modules that are written in Python, as a C table. Arguments: their folder, the header that declares
# the table, the table's name.
set -eu
cat <<HEAD
/* Made by embed.sh from Python files. */
#include "config.h"

#include "$2"

#include <stddef.h>

const struct py_embedded $3[] = {
HEAD
for f in "$1"/*.py; do
    name=${f##*/}
    printf '    {"%s",\n' "${name%.py}"
    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/     "/' -e 's/$/\\n"/' "$f"
    printf '    },\n'
done
printf '    {NULL, NULL},\n};\n'
