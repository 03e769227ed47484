# Sourced: counts checks and prints one line each. Ends with `finish_checks`.

passed=0 failed=0

# ok TITLE / not_ok TITLE [FILE]: one result; FILE is shown.
ok() { passed=$((passed + 1)); echo "ok   $1"; }
not_ok() {
    failed=$((failed + 1))
    echo "FAIL $1"
    if [ -n "${2:-}" ] && [ -r "$2" ]; then tail -n 12 "$2" | cut -c1-200 | sed 's/^/     | /'; fi
}

# check TITLE COMMAND...: passes with status 0.
check() {
    local title=$1
    shift
    if "$@" >"$work/check.out" 2>&1; then ok "$title"; else not_ok "$title" "$work/check.out"; fi
}

finish_checks() {
    echo "$passed passed, $failed failed"
    ((failed == 0))
}
