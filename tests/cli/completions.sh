#!/bin/sh
# The completion scripts parse, and offer every command, the options of each, and revisions. A shell
# that is not here is left out, and said.
set -eu
scripts=$top_builddir/completions
bin=$(mktemp -d)
trap 'rm -rf "$bin"' EXIT
ln -s "$RETORT" "$bin/retort"
PATH=$bin:$PATH
cd "$top_srcdir/examples/model_app"
commands=$(retort help | sed -n 's/^  \([a-z_]*\)  .*/\1/p' | sort)
[ "$(echo "$commands" | wc -l)" -gt 15 ]

offers() { # shell, command line so far, words that must be offered
    case $1 in
    bash) offered=$(bash "$bin/ask.bash" $2) ;;
    fish) offered=$(HOME=$bin fish -c "source $scripts/retort.fish; complete -C '$2'" | cut -f1) ;;
    esac
    for word in $3; do
        echo "$offered" | grep -qxF -- "$word" || {
            echo "$1: '$2' does not offer $word but: $offered"
            exit 1
        }
    done
}

check() {
    offers "$1" "retort ${2-}" "$commands"
    offers "$1" "retort upgr" upgrade
    offers "$1" "retort --ver" --version
    offers "$1" "retort upgrade --s" "--sql --scope"
    offers "$1" "retort upgrade 2b" 2b8d4fa06c31
    offers "$1" "retort show hea" "head heads"
    offers "$1" "retort init -t m" multidb
    offers "$1" "retort plan --direction d" down
    offers "$1" "retort -x a=b histo" history
}

if command -v bash >/dev/null; then
    bash -n "$scripts/retort"
    cat >"$bin/ask.bash" <<'ASK'
source "$top_builddir/completions/retort"
COMP_WORDS=("$@")
[ $# -gt 1 ] || COMP_WORDS+=("")
COMP_CWORD=$((${#COMP_WORDS[@]} - 1))
_retort
printf '%s\n' "${COMPREPLY[@]}"
ASK
    check bash
else
    echo "note: no bash"
fi
if command -v fish >/dev/null; then
    fish -n "$scripts/retort.fish"
    check fish
else
    echo "note: no fish"
fi
if command -v zsh >/dev/null; then
    zsh -n "$scripts/_retort"
    # What it hands to _arguments is a specification for each option, and the commands are described.
    cat >"$bin/ask.zsh" <<'ASK'
_arguments() { print -rl -- "$@"; state=arguments; }
_describe() { print -rl -- "${(@P)2}"; }
words=(upgrade)
source $top_builddir/completions/_retort
_retort_commands
ASK
    told=$(zsh -f "$bin/ask.zsh")
    for command in $commands; do
        echo "$told" | grep -q "^$command:" || { echo "zsh: no $command in: $told"; exit 1; }
    done
    echo "$told" | grep -q '^--sql\[' || { echo "zsh: no --sql for upgrade: $told"; exit 1; }
else
    echo "note: no zsh"
fi
