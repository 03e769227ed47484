# Shared by the installer's scripts (sourced, not run): messages, steps with their time, the places of things.

export LC_ALL=C DEBIAN_FRONTEND=noninteractive
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cache=${XDG_CACHE_HOME:-${HOME:-/var/tmp}/.cache}/pillarbox
log=${PILLARBOX_LOG:-$root/build/installer.log}

{ : <&0; } 2>/dev/null || exec </dev/null # started with standard input closed

# Progress goes to standard error, so that a script's last line on standard output can be its answer.
say() { printf '%s\n' "pillarbox: $*" >&2; }

# die MESSAGE...: says what is wrong and what to do about it, one line an argument; ends the script.
die() {
    printf 'pillarbox: %s\n' "$1" >&2
    shift
    local line
    for line in "$@"; do printf '  %s\n' "$line" >&2; done
    exit 1
}

# step TITLE COMMAND...: runs the command with its output in the log; on failure shows the log's end.
step() {
    local title=$1 began=$SECONDS from rc=0
    shift
    mkdir -p "$(dirname "$log")"
    printf '\n== %s: %s\n' "$title" "$*" >>"$log"
    from=$(wc -l <"$log")
    say "$title ..."
    set +e # not `|| rc=$?`, which would switch -e off inside the command too
    (set -e; "$@") >>"$log" 2>&1 </dev/null
    rc=$?
    set -e
    if ((rc != 0)); then
        tail -n +$((from + 1)) "$log" | tail -n 40 >&2
        die "$title: failed (exit code $rc)" "the whole output is in $log"
    fi
    say "$title: done, $((SECONDS - began)) s"
}
