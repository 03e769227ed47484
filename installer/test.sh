#!/bin/bash
# Sets up, builds and runs all tests: the lints, the test programs, and, with the release binary, the mail clients of
# tests/clients and the faults of tests/faults in their short form. Ends with one line, `N passed, N failed`.
# With words as arguments only the tests that have one in their name: installer/test.sh imap lint
set -euo pipefail
. "$(dirname "${BASH_SOURCE[0]}")/common.sh"
. "$root/installer/tally.sh"

words=("$@")
chosen() { # NAME
    local word
    ((${#words[@]})) || return 0
    for word in "${words[@]}"; do [[ $1 == *"$word"* ]] && return 0; done
    return 1
}

"$root/installer/deps.sh" build test
chosen lint && test_script lint "$root/tests/lint/lint.py"
build() { # PRESET TARGET: a build that fails is one failed test, and the run ends with its count
    "$root/installer/build.sh" "$@" >/dev/null || { failed=$((failed + 1)); closing_line; }
}
build dev all
for program in "$root"/build/dev/test_*; do
    name=${program##*/test_}
    [[ -x $program && -d $root/tests/$name ]] || continue # a leftover of a renamed module
    if chosen "$name"; then test_program "$name" "$program"; fi
done

export PILLARBOX_BIN=$root/build/release/pillarbox
scripts=()
for script in "$root"/tests/clients/run.sh "$root"/tests/faults/*.sh; do
    if [[ -x $script ]] && chosen "${script#"$root"/tests/}"; then scripts+=("$script"); fi
done
if ((${#scripts[@]})); then
    build release
    for script in "${scripts[@]}"; do
        short=()
        if grep -q -e '^# .*--short' "$script"; then short=(--short); fi
        test_script "${script#"$root"/tests/}" "$script" "${short[@]}"
    done
fi
closing_line
