# Sourced after common.sh: runs tests, says in one line how each went, and counts. A failing one's output is shown.
passed=0
failed=0
results=$root/build/results
mkdir -p "$results"

# outcome NAME PASSED FAILED SECONDS OUTPUT: adds the counts; shows the output's end if anything failed.
outcome() {
    passed=$((passed + $2))
    failed=$((failed + $3))
    if (($3 > 0)); then
        printf -- '---- %s: the end of %s\n' "$1" "$5" >&2
        tail -n "${SHOW_LINES:-60}" "$5" >&2
        printf -- '---- %s: %d passed, %d FAILED, %d s\n' "$1" "$2" "$3" "$4" >&2
    else
        say "$1: $2 passed, $4 s"
    fi
}

# test_program NAME COMMAND...: a doctest program. One that ends without a summary, or fails after it, counts as failed.
test_program() {
    local name=$1 output=$results/${1//[ \/]/_}.log began=$SECONDS good=0 bad=0 rc=0
    shift
    timeout -k 10 "${TEST_SECONDS:-600}" "$@" --no-colors=true >"$output" 2>&1 </dev/null || rc=$?
    read -r good bad < <(sed -n 's/^\[doctest\] test cases: *[0-9]* *| *\([0-9]*\) passed | *\([0-9]*\) failed.*/\1 \2/p' "$output") || true
    if ((rc != 0 && ${bad:-0} == 0)); then
        bad=1
        printf '(ended with exit code %d)\n' $rc >>"$output"
    fi
    outcome "$name" "${good:-0}" "${bad:-0}" $((SECONDS - began)) "$output"
}

# test_script NAME COMMAND...: a script that ends with the line `N passed, N failed`.
test_script() {
    local name=$1 output=$results/${1//[ \/]/_}.log began=$SECONDS good=0 bad=0 rc=0
    shift
    timeout -k 10 "${TEST_SECONDS:-900}" "$@" >"$output" 2>&1 </dev/null || rc=$?
    read -r good bad < <(tail -n 1 "$output" | sed -n 's/^\([0-9]*\) passed, \([0-9]*\) failed.*$/\1 \2/p') || true
    if [[ -z ${good:-} ]] || ((rc != 0 && bad == 0)); then
        bad=1
        printf '(ended with exit code %d)\n' $rc >>"$output"
    fi
    outcome "$name" "${good:-0}" "${bad:-0}" $((SECONDS - began)) "$output"
}

# check NAME COMMAND...: one check, passed when the command succeeds.
check() {
    local name=$1 output=$results/${1//[ \/]/_}.log began=$SECONDS rc=0
    shift
    set +e # see step()
    (set -e; "$@") >"$output" 2>&1 </dev/null
    rc=$?
    set -e
    outcome "$name" $((rc == 0)) $((rc != 0)) $((SECONDS - began)) "$output"
}

# closing_line: prints the counts, the last line of the run, and ends it: with 1 if anything failed or nothing ran.
closing_line() {
    printf '%d passed, %d failed\n' "$passed" "$failed"
    ((failed == 0 && passed > 0)) || exit 1
    exit 0
}
