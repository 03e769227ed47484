#!/bin/bash
# Real clients send and read mail: swaks, curl, mbsync, fetchmail, Python's imaplib. One line a test.
#
#   tests/clients/run.sh [BINARY]
#   tests/clients/run.sh --against rival     the same tests against Debian's Postfix and Dovecot, to test the tests
#
# BINARY, else PILLARBOX_BIN, else build/release/pillarbox. A throw-away site on free loopback ports.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/site.sh"
. "$here/send_tests.sh"
. "$here/read_tests.sh"
against=pillarbox
if [ "${1:-}" = --against ]; then against=$2; shift 2; fi
PILLARBOX_BIN=${1:-${PILLARBOX_BIN:-$here/../../build/release/pillarbox}}
PYTHON=${PYTHON:-python3}
secret='s3cret of "the\ test' # what a quoted string must escape
[ "$against" = rival ] && secret=secret

missing=
for pair in swaks:swaks curl:curl mbsync:isync fetchmail:fetchmail openssl:openssl "$PYTHON:python3"; do
    command -v "${pair%%:*}" >/dev/null || missing+=" ${pair#*:}"
done
[ -z "$missing" ] || { echo "run.sh: install first:$missing" >&2; exit 2; }
"$PYTHON" -c 'import imaplib, ssl' || exit 2

work=$(mktemp -d /var/tmp/pillarbox-clients.XXXXXX)
chmod 755 "$work"
finish() {
    if [ "$against" = rival ]; then rival_stop; else site_stop; fi
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

case $against in
pillarbox)
    [ -x "$PILLARBOX_BIN" ] || { echo "run.sh: no server at $PILLARBOX_BIN" >&2; exit 2; }
    site_ports
    site_init "$work/site" "$secret" alice bob carol && site_serve "$work/site" || exit 1
    smtp=$SITE_SMTP submission=$SITE_SUBMISSION submissions=$SITE_SUBMISSIONS imap=$SITE_IMAP imaps=$SITE_IMAPS
    certificate=$work/site/tls/cert.pem
    ;;
rival)
    . "$here/../bench/rival.sh"
    rival_start "$work/rival" "$secret" alice bob carol || exit 1
    smtp=$RIVAL_SMTP submission=$RIVAL_SUBMISSION submissions=$RIVAL_SUBMISSIONS imap=$RIVAL_IMAP imaps=$RIVAL_IMAPS
    certificate=$work/rival/cert.pem
    ;;
*) echo "run.sh: --against rival" >&2; exit 2 ;;
esac

passed=0 failed=0
# check TITLE FUNCTION [ARGUMENT...]: one test; it runs in a shell of its own and passes with status 0.
check() {
    local title=$1
    shift
    if ("$@") >"$work/out" 2>&1; then
        passed=$((passed + 1))
        echo "ok   $title"
    else
        failed=$((failed + 1))
        echo "FAIL $title"
        tail -n 15 "$work/out" | cut -c1-200 | sed 's/^/     | /'
    fi
}

run_send_tests
run_read_tests

# The exercises count for themselves: a line a test, in the same form.
while IFS= read -r line; do
    case $line in
    "ok   "*) passed=$((passed + 1)) ;;
    "FAIL "*) failed=$((failed + 1)) ;;
    esac
    printf '%s\n' "$line"
done < <("$PYTHON" -W ignore::DeprecationWarning "$here/imap_exercises.py" --imap "$imap" --imaps "$imaps" --smtp "$smtp" --certificate "$certificate" \
    --secret "$secret" 2>&1 || echo "FAIL the exercises ran to their end")

if [ "$against" = pillarbox ]; then
    kill -0 "$SITE_PID" 2>/dev/null
    check "the server still runs after all tests" kill -0 "$SITE_PID"
    site_stop
    check "SIGTERM ends it with status 0" [ "$SITE_STATUS" = 0 ]
    ((failed == 0)) || { echo "--- the end of the server's log"; tail -n 20 "$work/site.log"; }
fi
echo "$passed passed, $failed failed"
((failed == 0))
