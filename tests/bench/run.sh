#!/bin/bash
# Measures pillarbox beside Debian's Postfix and Dovecot, in one run on one machine, alternately, and prints one table.
#
#   tests/bench/run.sh [--quick] [--only rival|pillarbox]
#
# PILLARBOX_BIN   the server to measure   (default build/release/pillarbox)
# BENCH_TOOLS     folder of the load tools (default: built here, into build/bench)
# Postfix wants root. The work is done in a folder below /var/tmp, which is removed at the end.
set -u
here=$(cd "$(dirname "$0")" && pwd)
root=$(cd "$here/../.." && pwd)
. "$here/rival.sh"

quick=no only=both
while (($#)); do
    case $1 in
    --quick) quick=yes ;;
    --only) only=${2:-}; shift ;;
    *) sed -n '2,9s/^# \{0,1\}//p' "$0" >&2; exit 2 ;;
    esac
    shift
done
case $only in both) sides="rival ours" ;; rival) sides=rival ;; pillarbox) sides=ours ;; *) echo "run.sh: --only rival|pillarbox" >&2; exit 2 ;; esac

if [ $quick = yes ]; then
    rounds=1 one=200 many=1000 archive=1000 idle=500 wakes=4
else
    rounds=3 one=500 many=3000 archive=10000 idle=5000 wakes=20
fi
PILLARBOX_BIN=${PILLARBOX_BIN:-$root/build/release/pillarbox}
accounts=(user{0..19} archive probe)
declare -A figure=() # figure[side,key]

say() { printf 'bench: %s\n' "$*" >&2; }
fail() { say "$*"; exit 1; }

# build_tools: the four programs need no library, so no configured build tree either.
build_tools() {
    tools=${BENCH_TOOLS:-$root/build/bench}
    [ -n "${BENCH_TOOLS:-}" ] && return
    mkdir -p "$tools"
    local name
    for name in smtp_load imap_load e2e idle_sessions; do
        [ -x "$tools/$name" ] && [ -z "$(find "$here" -newer "$tools/$name" \( -name '*.h' -o -name "$name.cpp" \))" ] && continue
        say "compiling $name"
        "${CXX:-g++}" -std=c++20 -O2 "$here/$name.cpp" -o "$tools/$name" || fail "could not compile $name"
    done
}

work=$(mktemp -d /var/tmp/pillarbox-bench.XXXXXX)
chmod 755 "$work"
inotify=/proc/sys/fs/inotify/max_user_instances
inotify_was=
finish() {
    rival_stop
    site_stop
    [ -z "$inotify_was" ] || echo "$inotify_was" >$inotify
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

start() {
    if [[ $sides == *rival* ]]; then
        [ "$(id -u)" = 0 ] || fail "Postfix wants root; --only pillarbox does not"
        if ! command -v postfix >/dev/null || ! command -v dovecot >/dev/null; then
            "$root/installer/deps.sh" bench || fail "Postfix and Dovecot are missing"
        fi
        # Each idling Dovecot process takes one; above the usual 128 it neither hibernates nor hears of new mail.
        local had
        had=$(cat $inotify)
        if ((had < 8192)) && echo 8192 2>/dev/null >$inotify; then inotify_was=$had; fi
        RIVAL_IDLE=hibernate rival_start "$work/rival" secret "${accounts[@]}" || fail "Postfix and Dovecot did not start"
    fi
    if [[ $sides == *ours* ]]; then
        [ -x "$PILLARBOX_BIN" ] || fail "no server at $PILLARBOX_BIN (PILLARBOX_BIN)"
        site_ports
        site_init "$work/site" secret "${accounts[@]}" && site_serve "$work/site" || fail "pillarbox did not start"
    fi
}

# measure SIDE PREFIX TOOL [OPTION...]: runs a tool against a side; its key=value lines become figure[SIDE,PREFIX.KEY],
# one value a round.
measure() {
    local side=$1 prefix=$2 tool=$3 smtp imap pids key value
    shift 3
    if [ "$side" = rival ]; then
        smtp=$RIVAL_SMTP imap=$RIVAL_IMAP pids=$RIVAL_PIDS
    else
        smtp=$SITE_SMTP imap=$SITE_IMAP pids=$SITE_PID
    fi
    local ports=(--imap-port "$imap" --server-pid "$pids")
    [ "$tool" = imap_load ] || ports+=(--port "$smtp")
    [ "$tool" = smtp_load ] && ports=(--port "$smtp" --server-pid "$pids")
    timeout 150 "$tools/$tool" "${ports[@]}" "$@" >"$work/out" || { tail -n 5 "$work"/*.log >&2; fail "$tool failed against $side ($prefix)"; }
    while IFS='=' read -r key value; do figure[$side,$prefix.$key]+=" $value"; done <"$work/out"
    settle "$side"
}

# settle SIDE: waits until what was accepted has been delivered, so that it is not charged to the next measurement.
settle() {
    local tries=0
    if [ "$1" = rival ]; then
        while [ -n "$(find "$work/rival/queue"/{incoming,active} -type f -print -quit)" ] && ((++tries < 300)); do sleep 0.1; done
    fi
    sleep 0.3
}

# median SIDE KEY: of the rounds; empty when it was not measured.
median() { tr ' ' '\n' <<<"${figure[$1,$2]:-}" | sed '/^$/d' | sort -g | awk '{v[NR] = $1} END {if (NR) print v[int((NR + 1) / 2)]}'; }

# row TITLE KEY DIGITS [TARGET]: TARGET is "LIMITx" (ratio, >= for rates) or an absolute limit; the sign says which way.
row() {
    awk -v title="$1" -v rival="$(median rival "$2")" -v ours="$(median ours "$2")" -v digits="$3" -v target="${4:-}" '
        function show(v) { return v == "" ? "-" : sprintf("%." digits "f", v) }
        BEGIN {
            ratio = rival != "" && ours != "" && rival + 0 > 0 ? ours / rival : ""
            verdict = ""
            split(target, part, " ")
            measured = part[3] == "x" ? ratio : ours
            if (target != "" && measured != "")
                verdict = (part[1] == ">=" ? measured >= part[2] + 0 : measured <= part[2] + 0) ? "met" : "MISSED"
            printf "| %-46s | %15s | %9s | %7s | %-10s | %-6s |\n", title, show(rival), show(ours),
                ratio == "" ? "-" : sprintf("%.2f x", ratio), target, verdict
        }'
}

table() {
    echo "pillarbox beside Postfix $(postconf -d -h mail_version 2>/dev/null) + Dovecot $(dovecot --version 2>/dev/null | cut -d' ' -f1) (maildir), $(nproc) cores, $(findmnt -no FSTYPE -T "$work")"
    printf '| %-46s | %15s | %9s | %7s | %-10s | %-6s |\n' work 'Postfix+Dovecot' pillarbox ratio target '' ---- ---- ---- ---- ---- '' | sed '2s/[- ]/-/g'
    row "accept, 10 KB, 1 connection (messages/s)" a1.accepted_per_s 0
    row "accept, 10 KB, 50 connections (messages/s)" a50.accepted_per_s 0 ">= 5 x"
    row "  latency p50 (ms)" a50.latency_p50_ms 2
    row "  latency p99 (ms)" a50.latency_p99_ms 2
    row "  server CPU (ms a message)" a50.server_cpu_ms_per_message 3 "<= 0.10"
    row "SMTP to IMAP, 10 KB, 1 connection (messages/s)" e1.visible_per_s 0
    row "SMTP to IMAP, 10 KB, 50 connections" e50.visible_per_s 0 ">= 10 x"
    row "  server CPU (ms a message)" e50.server_cpu_ms_per_message 3 "<= 0.15"
    row "SELECT $archive messages, first (ms)" fetch.select_ms 1
    row "FETCH 1:* (UID FLAGS), first (ms)" fetch.flags_first_ms 1
    row "  warm" fetch.flags_warm_ms 1 "<= 0.7 x"
    row "FETCH 1:* ENVELOPE, first (ms)" fetch.envelope_first_ms 1 "<= 0.2 x"
    row "  warm" fetch.envelope_warm_ms 1 "<= 0.5 x"
    row "FETCH 1:* header fields, first (ms)" fetch.header_first_ms 1 "<= 0.05 x"
    row "  warm" fetch.header_warm_ms 1
    row "STORE 1:* +FLAGS (ms)" fetch.store_ms 1 "<= 0.2 x"
    row "IDLE: new mail seen after 250, p50 (ms)" rest.wake_p50_ms 2
    row "  p99" rest.wake_p99_ms 2 "<= 10"
    row "$idle idle sessions: processes" idle.server_processes 0
    row "  memory, shared pages once (MiB)" idle.server_pss_mib 0
    row "  memory, sum of RSS (MiB)" idle.server_rss_mib 0 "<= 44"
    row "  opening one: server CPU (ms)" idle.open_cpu_ms_per_session 2
    row "  new mail seen after 250, p50 (ms)" idle.wake_p50_ms 2
    awk -v load="$busy" 'BEGIN { if (load > 0.7) print "The machine was busy before the run (load " load "): compare the ratios with care, the milliseconds not at all." }'
    echo "Median of $rounds round(s), both sides in turn; the client shares the cores. Dovecot: imap-login in high-performance mode,"
    echo "idle sessions hibernated (imap_hibernate_timeout 2 s). First: the first time after delivery. Later goals: accept 6 x, SMTP to IMAP 15 x."
}

build_tools
busy=$(cut -d' ' -f1 /proc/loadavg)
start
# The first messages find cold caches, no processes and growing log files: not what is measured here.
for side in $sides; do measure "$side" warm smtp_load --connections 20 --messages $many --users 20; done
for ((round = 1; round <= rounds; ++round)); do
    say "round $round of $rounds: accept, SMTP to IMAP"
    for side in $sides; do measure "$side" a1 smtp_load --connections 1 --messages $one --users 20; done
    for side in $sides; do measure "$side" a50 smtp_load --connections 50 --messages $many --users 20; done
    for side in $sides; do measure "$side" e1 e2e --connections 1 --messages $one --users 20; done
    for side in $sides; do measure "$side" e50 e2e --connections 50 --messages $many --users 20; done
done
say "$archive messages in one mailbox: FETCH, STORE"
for side in $sides; do
    measure "$side" fill e2e --connections 50 --messages $archive --to archive@example.org --login archive --interval-ms 100
    measure "$side" fetch imap_load
done
if [[ $sides == *rival* ]]; then rival_rest; fi
say "IDLE: 1 and $idle sessions"
for side in $sides; do
    measure "$side" rest idle_sessions --sessions 1 --users 20 --wakes $wakes --settle-s 1
    measure "$side" idle idle_sessions --sessions $idle --users 20 --wakes $((wakes / 4 + 1)) --settle-s 4
done
table
