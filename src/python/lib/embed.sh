#!/bin/sh
# The standard library slices that are written in Python, as a C table. Argument: their folder.
set -eu
cat <<'HEAD'
/* Made by embed.sh from the Python files in src/python/lib. */
#include "config.h"

#include "python/embedded.h"

#include <stddef.h>

const struct py_embedded py_embedded_modules[] = {
HEAD
for f in "$1"/*.py; do
    name=${f##*/}
    printf '    {"%s",\n' "${name%.py}"
    sed -e 's/\\/\\\\/g' -e 's/"/\\"/g' -e 's/^/     "/' -e 's/$/\\n"/' "$f"
    printf '    },\n'
done
printf '    {NULL, NULL},\n};\n'
