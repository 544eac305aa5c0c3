#!/bin/sh
# A file may include only from its own folder or from those its row names (HACKING.md, "Layers").
# Each library is used in one folder only.
set -eu
cd "${top_srcdir:-.}"
status=0

layer() { # folder, then the folders it may include from
    folder=$1
    shift
    allowed="$folder $*"
    for f in $(find "$folder" -name '*.[ch]' -o -name '*.def' | sort); do
        for inc in $(sed -n 's/^ *# *include "\([^"]*\)".*/\1/p' "$f"); do
            case $inc in
            config.h) continue ;;
            ui/*) dir=ui ;;
            */*) dir=src/${inc%%/*} ;;
            *) continue ;; # a sibling, or a table (.def) of its own
            esac
            case " $allowed " in
            *" $dir "*) ;;
            *)
                echo "$f: includes \"$inc\", but $folder may include only from: $allowed"
                status=1
                ;;
            esac
        done
    done
}

library() { # header, then the folders that may use it
    header=$1
    shift
    for f in $(grep -rlE "^ *# *include <$header>" src ui 2>/dev/null || true); do
        dir=${f%/*}
        case " $* " in
        *" $dir "*) ;;
        *)
            echo "$f: uses <$header>, which belongs to: $*"
            status=1
            ;;
        esac
    done
}

base=src/base
layer src/base
layer src/config $base
layer src/python $base
layer src/schema $base
layer src/alembic $base src/config src/python src/schema
layer src/sql $base src/schema
layer src/autogenerate $base src/schema src/sql
layer src/revision $base src/config src/alembic
layer src/postgres $base src/config src/schema
engine="$base src/config src/python src/schema src/alembic src/sql src/autogenerate
src/revision src/postgres"
layer src/run $engine
layer src/cli $engine src/run
layer ui $engine src/run

library 'libpq-fe.h' src/postgres
library 'pg_query.h' src/sql
library 'ini.h' src/config
library '(n?curses|ncursesw/[a-z]*|panel).h' ui
library '(histedit|editline/readline).h' src/cli
library 'jansson.h' src/cli src/run src/sql

# Nothing below the front ends prints or exits. What a script made, in a build in the tree, is
# data.
bad=$(grep -nE '(^|[^_a-z])(printf|puts|putchar|exit|getenv)\(' \
    $(find src/base src/config src/python src/schema src/alembic src/sql src/autogenerate \
    src/revision src/postgres src/run -name '*.c' ! -name mem.c -exec grep -L '^/\* Made by ' {} +) /dev/null || true)
if [ -n "$bad" ]; then
    echo "prints, exits or reads the environment below the front ends:"
    echo "$bad"
    status=1
fi
exit $status
