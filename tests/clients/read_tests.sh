# Sourced by run.sh: reading over IMAP by curl, mbsync and fetchmail. The messages are those of the sending tests.

curl_lists_mailboxes() {
    curl -sS --max-time 20 -u "$(curl_user bob)" "imap://127.0.0.1:$imap/" | tee "$work/list"
    grep -q '^\* LIST .*INBOX' "$work/list"
}

# curl_reads URL-PREFIX [OPTION...]: message 1 of bob's INBOX is the first one sent.
curl_reads() {
    local url=$1
    shift
    curl -sS --max-time 20 -u "$(curl_user bob)" "$@" "$url/INBOX;MAILINDEX=1" -o "$work/first.got" &&
        same "$work/swaks25.eml" "$work/first.got"
}

curl_uploads() {
    message upload sender@sender.example carol@example.org >"$work/upload.eml"
    curl -sS --max-time 20 -u "$(curl_user carol)" "imap://127.0.0.1:$imap/INBOX" -T "$work/upload.eml" &&
        read_back carol upload "$work/upload.got" && cmp "$work/upload.eml" "$work/upload.got"
}

# in_maildir DIR ID FILE: the one message of a maildir with this subject.
in_maildir() {
    local found
    found=$(grep -rlx "Subject: $2" "$1"/cur "$1"/new)
    [ "$(wc -l <<<"$found")" = 1 ] && [ -n "$found" ] || { echo "$2 is not there once: $found"; return 1; }
    cp "$found" "$3"
}

# mbsync and fetchmail keep lines with a lone LF; mbsync adds a field of its own.
lf() { tr -d '\r' <"$1" | sed '/^X-TUID: /d' >"$1.lf"; }

# The certificate names mail.example.org, so mbsync must ask for that name and yet reach loopback: by a tunnel.
make_tunnel() {
    cat >"$work/tunnel" <<'END'
#!/bin/bash
exec 3<>"/dev/tcp/127.0.0.1/$1"
cat <&3 &
cat >&3
kill $! 2>/dev/null
END
    chmod 755 "$work/tunnel"
}

# mbsync_run NAME ACCOUNT PORT LINE...: syncs all mailboxes of the account with the maildir folder NAME.
mbsync_run() {
    local name=$1 account=$2 port=$3 escaped
    shift 3
    escaped=$(sed 's/[\\"]/\\&/g' <<<"$secret")
    mkdir -p "$work/$name"
    {
        printf 'IMAPAccount site\nUser %s\nPass "%s"\n' "$account" "$escaped"
        case $* in
        *"SSLType None"*) printf 'Host 127.0.0.1\nPort %s\n' "$port" ;;
        *) printf 'Host mail.example.org\nTunnel "%s %s"\n' "$work/tunnel" "$port" ;;
        esac
        printf '%s\n' "$@" ''
        printf 'IMAPStore far\nAccount site\n\nMaildirStore near\nPath %s/\nInbox %s/INBOX\nSubFolders Verbatim\n\n' "$work/$name" "$work/$name"
        printf 'Channel all\nFar :far:\nNear :near:\nPatterns *\nCreate Both\nExpunge Both\nSyncState *\n'
    } >"$work/$name.rc"
    chmod 600 "$work/$name.rc"
    timeout 60 mbsync -c "$work/$name.rc" -a
}

mbsync_reads() {
    local name=$1 id
    mbsync_run "$name" bob "${@:2}" || return 1
    for id in swaks25 curl25 plain587 curl465; do
        in_maildir "$work/$name/INBOX" $id "$work/$name.$id" || return 1
        lf "$work/$id.eml"
        lf "$work/$name.$id"
        same "$work/$id.eml.lf" "$work/$name.$id.lf" || return 1
    done
}

# Both ways: a flag set and a message put into a new local folder reach the server; a flag set there comes back.
mbsync_writes() {
    mbsync_run both carol "$imap" "SSLType None" "AuthMechs LOGIN" || return 1
    mkdir -p "$work/both/Drafts"/{cur,new,tmp}
    message pushed sender@sender.example carol@example.org | tr -d '\r' >"$work/both/Drafts/cur/1000.1.x:2,FS"
    mbsync -c "$work/both.rc" -a || return 1
    curl -sS --max-time 20 -u "$(curl_user carol)" "imap://127.0.0.1:$imap/Drafts" -X "FETCH 1 (FLAGS)" | tee "$work/pushed"
    grep -q 'Flagged' "$work/pushed" && grep -q 'Seen' "$work/pushed" || { echo "the flags did not reach the server"; return 1; }
    curl -sS --max-time 20 -u "$(curl_user carol)" "imap://127.0.0.1:$imap/Drafts;MAILINDEX=1" -o "$work/pushed.got" || return 1
    lf "$work/pushed.got"
    message pushed sender@sender.example carol@example.org | tr -d '\r' >"$work/pushed.eml"
    same "$work/pushed.eml" "$work/pushed.got.lf" || return 1
    curl -sS --max-time 20 -u "$(curl_user carol)" "imap://127.0.0.1:$imap/Drafts" -X "STORE 1 +FLAGS (\\Answered)" || return 1
    mbsync -c "$work/both.rc" -a || return 1
    ls "$work/both/Drafts/cur" | grep ':2,.*R' || { ls "$work/both/Drafts/cur"; echo "the flag did not come back"; return 1; }
}

# fetchmail_reads NAME PORT OPTION...: every message of the INBOX goes through fetchmail into a file of its own.
fetchmail_reads() {
    local name=$1 port=$2 id file found escaped
    shift 2
    escaped=$(sed 's|\\|\\\\|g; s|"|\\042|g' <<<"$secret") # fetchmail ends a string at any quote
    mkdir -p "$work/$name"
    cat >"$work/$name/mda" <<'END'
#!/bin/sh
cat >"$(mktemp "$1/m.XXXXXX")"
END
    chmod 755 "$work/$name" "$work/$name/mda"
    printf 'set invisible\npoll mail.example.org via 127.0.0.1 protocol imap port %s auth password\n    user "bob" password "%s" %s\n    keep fetchall no rewrite mda "%s/mda %s"\n' \
        "$port" "$escaped" "$*" "$work/$name" "$work/$name" >"$work/$name/rc"
    chmod 600 "$work/$name/rc"
    HOME=$work/$name FETCHMAILHOME=$work/$name timeout 60 fetchmail -f "$work/$name/rc" --nosyslog || return 1
    for id in swaks25 curl25 plain587; do
        found=
        for file in "$work/$name"/m.*; do
            if tr -d '\r' <"$file" | grep -qx "Subject: $id"; then found=$file; fi
        done
        [ -n "$found" ] || { echo "fetchmail brought no $id"; return 1; }
        lf "$found"
        lf "$work/$id.eml"
        same "$work/$id.eml.lf" "$found.lf" || return 1
    done
}

run_read_tests() {
    make_tunnel
    check "curl reads a message over IMAP" curl_reads "imap://127.0.0.1:$imap"
    check "curl reads with STARTTLS and checks the certificate" curl_reads "imap://mail.example.org:$imap" --ssl-reqd "${curl_tls[@]}"
    check "curl reads with TLS from the start and checks the certificate" curl_reads "imaps://mail.example.org:$imaps" "${curl_tls[@]}"
    check "curl lists the mailboxes" curl_lists_mailboxes
    check "curl appends a message, the octets come back" curl_uploads
    check "a wrong password is refused (curl, IMAP)" curl_wrong_password "imap://127.0.0.1:$imap/INBOX"
    check "mbsync reads a mailbox" mbsync_reads mbsync "$imap" "SSLType None" "AuthMechs LOGIN"
    check "mbsync reads with STARTTLS" mbsync_reads mbsync-starttls "$imap" "SSLType STARTTLS" "CertificateFile $certificate"
    check "mbsync reads with TLS from the start" mbsync_reads mbsync-tls "$imaps" "SSLType IMAPS" "CertificateFile $certificate"
    check "mbsync syncs flags and folders both ways" mbsync_writes
    check "fetchmail reads a mailbox" fetchmail_reads fetchmail "$imap" "sslproto ''"
    check "fetchmail reads with TLS from the start" fetchmail_reads fetchmail-tls "$imaps" "ssl sslcertfile $certificate sslcommonname mail.example.org"
}
