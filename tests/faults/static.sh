#!/bin/bash
# The release binary needs nothing of the host: static, small, quick to start, and at home in an empty root folder.
#
#   tests/faults/static.sh [BINARY]           BINARY, else PILLARBOX_BIN, else build/release/pillarbox
#
# The runs in an empty root folder want root.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../clients/site.sh"
. "$here/checks.sh"
PILLARBOX_BIN=${1:-${PILLARBOX_BIN:-$here/../../build/release/pillarbox}}
[ -x "$PILLARBOX_BIN" ] || { echo "static.sh: no server at $PILLARBOX_BIN" >&2; exit 2; }
for name in file ldd strace python3; do
    command -v $name >/dev/null || { echo "static.sh: install $name first" >&2; exit 2; }
done

work=$(mktemp -d /var/tmp/pillarbox-static.XXXXXX)
chmod 755 "$work"
tracer=
finish() {
    [ -z "$tracer" ] || stop_traced
    site_stop
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

max_octets=$((16 * 1024 * 1024)) max_start_ms=100 max_rest_mib=24

# --- the file itself

is_static() { file -b "$PILLARBOX_BIN" | tee /dev/stderr | grep -Eq 'static-pie linked|statically linked'; }
is_stripped() { file -b "$PILLARBOX_BIN" | grep -Eq '[^t] stripped'; }
ldd_says_static() { ldd "$PILLARBOX_BIN" 2>&1 | tee /dev/stderr | grep -Eq 'statically linked|not a dynamic executable'; }
size=$(stat -L -c %s "$PILLARBOX_BIN")

check "file says static" is_static
check "it is stripped" is_stripped
check "ldd says static" ldd_says_static
check "it has $size octets, at most $max_octets" [ "$size" -le $max_octets ]

# --- start

# The best of five: the machine may be busy with other things, the server is not to blame for that.
measure_start() {
    python3 - "$SITE_SMTP" "$PILLARBOX_BIN" serve -d "$work/site" "${SITE_SET[@]}" <<'END'
import socket, subprocess, sys, time
port, command = int(sys.argv[1]), sys.argv[2:]
best = rest = None
for _ in range(5):
    start = time.monotonic()
    process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
    try:
        while True:
            if process.poll() is not None or time.monotonic() > start + 10:
                sys.exit("it did not start")
            try:
                with socket.create_connection(("127.0.0.1", port), timeout=5) as connection:
                    greeting = connection.recv(4)
                break
            except ConnectionRefusedError:
                time.sleep(0.001)
        took = (time.monotonic() - start) * 1000
        assert greeting == b"220 ", greeting
        best = min(best or took, took)
        time.sleep(0.3)
        status = open(f"/proc/{process.pid}/status").read()
        rest = int(status.split("VmRSS:")[1].split()[0]) / 1024
    finally:
        process.terminate()
        process.wait(15)
print(f"{best:.1f} {rest:.1f}")
END
}

site_ports
site_init "$work/site" secret alice || exit 1
if took=$(measure_start); then
    check "start to greeting takes ${took% *} ms, at most $max_start_ms" python3 -c "exit(${took% *} > $max_start_ms)"
    check "it uses ${took#* } MiB at rest, at most $max_rest_mib" python3 -c "exit(${took#* } > $max_rest_mib)"
else
    not_ok "it starts"
fi

# --- in an empty root folder, traced

stop_traced() {
    local server
    server=$(cat "/proc/$tracer/task/$tracer/children" 2>/dev/null)
    [ -z "$server" ] || kill $server 2>/dev/null
    wait "$tracer" 2>/dev/null
    traced_status=$?
    tracer=
}

# in_root COMMAND...: in the folder that holds the binary and the data folder and nothing else.
chroot=$(PATH=$PATH:/usr/sbin:/sbin command -v chroot)
in_root() { env -i "$chroot" "$work/root" /pillarbox "$@"; }

make_root() {
    mkdir -p "$work/root"
    cp "$PILLARBOX_BIN" "$work/root/pillarbox"
    in_root init example.org -d /data --hostname mail.example.org --yes && printf 'secret\n' | in_root enroll alice --password-stdin -d /data
}

# Mail goes in by SMTP with STARTTLS and comes out by IMAP with TLS: that walks through most libraries.
use_it() {
    python3 - "$SITE_SMTP" "$SITE_IMAPS" <<'END'
import imaplib, smtplib, ssl, sys, time
context = ssl._create_unverified_context()
with smtplib.SMTP("127.0.0.1", int(sys.argv[1]), timeout=20) as client:
    client.starttls(context=context)
    client.sendmail("ann@sender.example", ["alice@example.org"], "From: ann@sender.example\r\nSubject: from outside\r\n\r\nHello.\r\n")
client = imaplib.IMAP4_SSL("127.0.0.1", int(sys.argv[2]), ssl_context=context, timeout=20)
client.login("alice", "secret")
for _ in range(100):
    if client.select()[1] != [b"0"]:
        break
    time.sleep(0.05)
assert b"Subject: from outside" in client.fetch("1", "(BODY[])")[1][0][1]
assert client.search(None, "TEXT", "hello")[1] == [b"1"]
client.logout()
END
}

# What the server itself opened: strace also sees chroot(8) starting, up to the second execve.
opened() { sed -n '/execve("\/pillarbox"/,$p' "$work/trace"; }
no_library() { ! opened | grep -E '"[^"]*\.so[."0-9]'; }
nothing_executed() { [ "$(opened | grep -c 'execve(')" = 1 ]; }

if [ "$(id -u)" != 0 ]; then
    echo "     (not root: the run in an empty root folder is left out)"
else
    check "init and enroll work in an empty root folder" make_root
    check "  which holds nothing but the binary and its data" [ "$(cd "$work/root" && echo *)" = "data pillarbox" ]
    env -i "$(command -v strace)" -f -e trace=open,openat,execve -o "$work/trace" "$chroot" "$work/root" /pillarbox serve -d /data "${SITE_SET[@]}" \
        >"$work/root.log" 2>&1 &
    tracer=$!
    if wait_for_port "$SITE_IMAPS" $tracer && wait_for_port "$SITE_SMTP" $tracer; then ok "it serves there"; else not_ok "it serves there" "$work/root.log"; fi
    check "  mail in by SMTP with TLS, out by IMAP with TLS" use_it
    stop_traced
    check "  SIGTERM ends it with status 0" [ "$traced_status" = 0 ]
    check "it opened no shared library" no_library
    check "it started no program" nothing_executed
fi
finish_checks
