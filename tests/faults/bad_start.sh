#!/bin/bash
# What must keep the server from starting does so, says why, and harms nothing: wrong settings, a port in use, a data
# folder of somebody else, of a newer release, damaged or in use.
#
#   tests/faults/bad_start.sh [BINARY]        BINARY, else PILLARBOX_BIN, else build/release/pillarbox
set -u
here=$(cd "$(dirname "$0")" && pwd)
. "$here/../clients/site.sh"
. "$here/checks.sh"
source_binary=${1:-${PILLARBOX_BIN:-$here/../../build/release/pillarbox}}
[ -x "$source_binary" ] || { echo "bad_start.sh: no server at $source_binary" >&2; exit 2; }

work=$(mktemp -d /var/tmp/pillarbox-start.XXXXXX)
chmod 755 "$work"
holder=
finish() {
    site_stop
    [ -z "$holder" ] || kill "$holder" 2>/dev/null
    rm -rf "$work"
}
trap finish EXIT
trap 'exit 1' INT TERM

# A copy that another user may run too.
PILLARBOX_BIN=$work/pillarbox
cp "$source_binary" "$PILLARBOX_BIN"
chmod 755 "$PILLARBOX_BIN"
site=$work/site
site_ports
site_init "$site" secret alice || exit 1

# refused TITLE STATUS WORDS COMMAND...: the command ends by itself within 10 s with STATUS, and what it says has every
# word (extended regular expressions, divided by blanks) and is short.
refused() {
    local title=$1 status=$2 words=$3 rc=0 word
    shift 3
    timeout -k 2 10 "$@" >"$work/said" 2>&1 || rc=$?
    [ $rc = "$status" ] || { echo "(ended with $rc, not $status)" >>"$work/said"; not_ok "$title" "$work/said"; return; }
    for word in $words; do
        grep -Eqi -- "$word" "$work/said" || { echo "(nothing like '$word' in it)" >>"$work/said"; not_ok "$title" "$work/said"; return; }
    done
    (($(wc -l <"$work/said") <= 10)) || { not_ok "$title: more than ten lines" "$work/said"; return; }
    ok "$title"
}

serve=("$PILLARBOX_BIN" serve -d "$site")

# ini TITLE WORDS LINE...: a configuration of these lines is refused with status 2.
ini() {
    local title=$1 words=$2
    shift 2
    printf '%s\n' "$@" >"$work/wrong.ini"
    refused "$title" 2 "$words" "${serve[@]}" -c "$work/wrong.ini"
}

wrong_settings() {
    ini "an unknown key: file, line and key are named" "wrong\.ini:3 lissten" "[smtp]" "listen = 127.0.0.1:$SITE_SMTP" "lissten = off"
    ini "an unknown section is named with the line of its key" "wrong\.ini:3 smpt" "; a comment" "[smpt]" "listen = off"
    ini "a value that is none of the choices" "wrong\.ini:2 cleartext perhaps" "[auth]" "cleartext = perhaps"
    ini "a number out of range" "wrong\.ini:3 max_recipients" "[smtp]" "" "max_recipients = 99"
    ini "a listen value without a port" "wrong\.ini:2 listen" "[imap]" "listen = 127.0.0.1"
    ini "a line that is neither section, key nor comment" "wrong\.ini:2" "[smtp]" "listen"
    refused "an unknown key of --set" 2 "nonsense" "${serve[@]}" --set smtp.nonsense=1
    refused "--set without a section" 2 "listen" "${serve[@]}" --set listen=off
    refused "a configuration file that is not there" 2 "missing\.ini" "${serve[@]}" -c "$work/missing.ini"
    refused "an unknown command" 2 "" "$PILLARBOX_BIN" sevre -d "$site"
    refused "an unknown option" 2 "" "${serve[@]}" --frobnicate
    refused "a data folder that is not there" 1 "$work/nowhere" "$PILLARBOX_BIN" serve -d "$work/nowhere" "${SITE_SET[@]}"
    refused "init over an existing site" 1 "$site" "$PILLARBOX_BIN" init example.org -d "$site" --hostname mail.example.org --yes
}

# hold_port PORT: a process of ours listens there.
hold_port() {
    python3 -c 'import socket, sys, time
s = socket.socket(); s.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
s.bind(("127.0.0.1", int(sys.argv[1]))); s.listen(); time.sleep(60)' "$1" &
    holder=$!
    wait_for_port "$1" "$holder"
}

ports_in_use() {
    local name port
    for name in smtp imap web; do
        case $name in smtp) port=$SITE_SMTP ;; imap) port=$SITE_IMAP ;; web) port=$SITE_WEB ;; esac
        hold_port "$port"
        refused "the port of $name.listen is in use: the address is named" 1 "127\.0\.0\.1:$port" "${serve[@]}" "${SITE_SET[@]}"
        kill "$holder" && wait "$holder" 2>/dev/null
        holder=
    done
    refused "an address that is not of this machine" 1 "192\.0\.2\.1:$SITE_SMTP" "${serve[@]}" "${SITE_SET[@]}" --set "smtp.listen=192.0.2.1:$SITE_SMTP"
}

other_user() {
    if [ "$(id -u)" != 0 ]; then
        echo "     (not root: the tests with another user are left out)"
        return
    fi
    local as=(setpriv --reuid 54321 --regid 54321 --clear-groups)
    refused "the data folder of another user" 1 "$site" "${as[@]}" "${serve[@]}" "${SITE_SET[@]}"
    cp -a "$site" "$work/open"
    chmod -R a+rwX "$work/open"
    refused "another user's folder that is open to all" 1 "$work/open" "${as[@]}" "$PILLARBOX_BIN" serve -d "$work/open" "${SITE_SET[@]}"
}

# newer FILE: as a later release would leave it.
set_version() { python3 -c 'import sqlite3, sys; sqlite3.connect(sys.argv[1]).execute("PRAGMA user_version = 9999")' "$1"; }

wrong_store() {
    local name file
    for name in site.db mail.db; do
        rm -rf "$work/newer"
        cp -a "$site" "$work/newer"
        file=$(find "$work/newer" -name $name | head -n 1)
        [ -n "$file" ] || { not_ok "there is a $name"; continue; }
        set_version "$file"
        refused "a $name of a newer release" 1 "$name newer|later" "$PILLARBOX_BIN" serve -d "$work/newer" "${SITE_SET[@]}"
        python3 -c 'import sqlite3, sys; assert sqlite3.connect(sys.argv[1]).execute("PRAGMA user_version").fetchone() == (9999,)' "$file" \
            2>/dev/null && ok "  it is left as it was" || not_ok "  it is left as it was"

        rm -rf "$work/newer"
        cp -a "$site" "$work/newer"
        file=$(find "$work/newer" -name $name | head -n 1)
        rm -f "$file-wal" "$file-shm"
        printf 'This is not a database, but long enough to look at.%.0s' {1..400} >"$file"
        refused "a $name that is no database" 1 "$name" "$PILLARBOX_BIN" serve -d "$work/newer" "${SITE_SET[@]}"
    done
}

second_server() {
    site_serve "$site" || { not_ok "the untouched site starts" "$site.log"; return; }
    ok "after all that the site starts"
    local first=$SITE_PID
    local first_smtp=$SITE_SMTP
    site_ports
    refused "a second server on the same data" 1 "$site" "${serve[@]}" "${SITE_SET[@]}"
    check "  the first still runs" kill -0 "$first"
    check "  and answers" bash -c "exec 3<>/dev/tcp/127.0.0.1/$first_smtp; read -t 5 -r line <&3; [[ \$line == 220* ]]"
    site_stop
    check "SIGTERM ends it with status 0" [ "$SITE_STATUS" = 0 ]
    site_serve "$site" && ok "it starts again after that" || not_ok "it starts again after that" "$site.log"
    kill -9 "$SITE_PID"
    wait "$SITE_PID" 2>/dev/null
    site_serve "$site" && ok "it starts again after kill -9" || not_ok "it starts again after kill -9" "$site.log"
    site_stop
}

wrong_settings
ports_in_use
other_user
wrong_store
second_server
finish_checks
