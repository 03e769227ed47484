#!/bin/bash
# kill -9 under load, again and again: what was acknowledged is there exactly once and unchanged.
#
#   tests/faults/kill9.sh [--short] [BINARY]
#
# --short: 3 rounds instead of 20. BINARY, else PILLARBOX_BIN, else build/release/pillarbox.
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../clients/site.sh"
rounds=20
if [ "${1:-}" = --short ]; then rounds=3; shift; fi
PILLARBOX_BIN=${1:-${PILLARBOX_BIN:-$here/../../build/release/pillarbox}}
[ -x "$PILLARBOX_BIN" ] || { echo "kill9.sh: no server at $PILLARBOX_BIN" >&2; exit 2; }

work=$(mktemp -d /var/tmp/pillarbox-kill9.XXXXXX)
trap 'rm -rf "$work"' EXIT
site_ports
site_init "$work/site" secret-of-the-test alice bob carol dave || exit 1
python3 "$here/kill9.py" --rounds $rounds --smtp "$SITE_SMTP" --imap "$SITE_IMAP" --log "$work/log" -- \
    "$PILLARBOX_BIN" serve -d "$work/site" "${SITE_SET[@]}"
status=$?
[ $status = 0 ] || { echo "--- the end of the server's log" >&2; tail -n 20 "$work/log" >&2; }
exit $status
