# Sourced by run.sh: sending by SMTP and submission, and what must be refused.

# message ID FROM TO: a message with what tends to get lost on the way: dots at line starts, trailing blanks, an empty
# last line, 8-bit text, a long line. CRLF line ends.
message() {
    {
        printf 'From: Sender <%s>\nTo: <%s>\nSubject: %s\n' "$2" "$3" "$1"
        printf 'Date: Mon, 02 Nov 2026 10:00:00 +0000\nMessage-ID: <%s@sender.example>\nMIME-Version: 1.0\n' "$1"
        printf 'Content-Type: text/plain; charset=utf-8\nContent-Transfer-Encoding: 8bit\n\n'
        printf '.\n..\n...three dots\n. a dot and a blank\nblanks at the end   \n\nGr\303\274\303\237e, \342\202\254 \346\227\245\346\234\254\n'
        printf 'From the start of a line\n%0900d\n\n' 7
    } | sed 's/$/\r/'
}

# below_trace FILE: the octets from the first field that was sent on, without the trace fields put in front.
below_trace() { sed -n '/^From: Sender </,$p' "$1"; }

# same SENT GOT: the octets of SENT are those of GOT below its trace fields.
same() {
    below_trace "$2" >"$2.below"
    [ -s "$2.below" ] || { echo "nothing that was sent is in $2"; head -c 1000 "$2"; return 1; }
    cmp "$1" "$2.below" || { diff <(cat -A "$1") <(cat -A "$2.below") | head -n 10; return 1; }
}

# curl_user NAME: the account with its password, for curl.
curl_user() { printf '%s:%s' "$1" "$secret"; }

# Makes curl go to loopback for the name in the certificate; run_send_tests adds which certificate to trust.
curl_tls=(--connect-to "mail.example.org::127.0.0.1:")

# read_back ACCOUNT ID FILE: waits until a message with this subject is in the INBOX and reads it with curl.
read_back() {
    local account=$1 id=$2 file=$3 tries=0 uid
    until uid=$(curl -sS --max-time 20 -u "$(curl_user "$account")" "imap://127.0.0.1:$imap/INBOX" -X "UID SEARCH SUBJECT $id" |
        tr -d '\r' | sed -n 's/^\* SEARCH \([0-9][0-9]*\)$/\1/p') && [ -n "$uid" ]; do
        ((++tries < 50)) || { echo "no message $id (or more than one) in the INBOX of $account"; return 1; }
        sleep 0.1
    done
    curl -sS --max-time 20 -u "$(curl_user "$account")" "imap://127.0.0.1:$imap/INBOX;UID=$uid" -o "$file"
}

# sent_by ID FROM COMMAND...: makes the message, runs the command with its file as the last word, reads it back.
sent_by() {
    local id=$1 from=$2
    shift 2
    message "$id" "$from" bob@example.org >"$work/$id.eml"
    "$@" "$work/$id.eml" || { echo "the client ended with $?"; return 1; }
    read_back bob "$id" "$work/$id.got" && same "$work/$id.eml" "$work/$id.got"
}

# swaks ends the data with a CRLF of its own.
swaks_file() {
    head -c -2 "${!#}" >"${!#}.swaks"
    swaks --timeout 20 --to bob@example.org "${@:1:$#-1}" --data "@${!#}.swaks"
}
curl_file() { curl -sS --max-time 20 --mail-rcpt bob@example.org "${@:1:$#-1}" --upload-file "${!#}"; }

# swaks_refused CODE PATTERN OPTION...: swaks ends with this status (or these, by |), and the server's words match.
swaks_refused() {
    local code=$1 pattern=$2 rc=0
    shift 2
    swaks --timeout 20 --from stranger@sender.example --body none "$@" >"$work/refused" 2>&1 || rc=$?
    cat "$work/refused"
    [[ "|$code|" == *"|$rc|"* ]] || { echo "swaks ended with $rc, not $code"; return 1; }
    grep -Eq "^<\*\* +$pattern|^<~\* +$pattern" "$work/refused" || { echo "no refusal like $pattern"; return 1; }
}

curl_wrong_password() {
    local rc=0
    curl -sS --max-time 20 -u alice:wrong "$@" || rc=$?
    [ $rc = 67 ] || { echo "curl ended with $rc, not 67 (login denied)"; return 1; }
}

# A lone LF does not end a message, and a dot between lone LFs does not either (SMTP smuggling): refused, or kept as text.
smuggling() {
    "$PYTHON" - "$smtp" <<'END'
import socket, sys
s = socket.create_connection(("127.0.0.1", int(sys.argv[1])), timeout=15)
f = s.makefile("rb")
def reply():
    while (line := f.readline())[3:4] == b"-": pass
    return line
reply()
for command in (b"EHLO x.example", b"MAIL FROM:<a@sender.example>", b"RCPT TO:<carol@example.org>", b"DATA"):
    s.sendall(command + b"\r\n"); answer = reply()
assert answer.startswith(b"354"), answer
s.sendall(b"Subject: first\r\n\r\nbody\n.\nMAIL FROM:<b@sender.example>\nRCPT TO:<carol@example.org>\nDATA\nSubject: second\n\n")
s.settimeout(1)
try:
    early = f.readline()
except TimeoutError:
    early = b""
assert not early.startswith(b"250"), early  # a refusal may come early, an acceptance must not
print("early answer:", early)
END
}

run_send_tests() {
    local from=sender@sender.example own=alice@example.org
    curl_tls+=(--cacert "$certificate")
    local login=(--auth-user alice --auth-password "$secret" --from $own) server=127.0.0.1
    local curl_login=(-u "$(curl_user alice)" --mail-from $own --ssl-reqd "${curl_tls[@]}")

    check "swaks sends to port 25, the octets come back" sent_by swaks25 $from swaks_file --server "$server:$smtp" --from $from
    check "swaks sends to port 25 with STARTTLS" sent_by swaks25tls $from swaks_file --server "$server:$smtp" --from $from --tls
    check "swaks sends with pipelining" sent_by swakspipe $from swaks_file --server "$server:$smtp" --from $from --pipeline
    check "curl sends to port 25" sent_by curl25 $from curl_file "smtp://$server:$smtp/sender.example" --mail-from $from
    check "curl sends an empty return path" sent_by curlnull $from curl_file "smtp://$server:$smtp/sender.example" --mail-from ""
    check "swaks submits with STARTTLS and AUTH PLAIN" sent_by plain587 $own swaks_file --server "$server:$submission" --tls --auth PLAIN "${login[@]}"
    check "swaks submits with STARTTLS and AUTH LOGIN" sent_by login587 $own swaks_file --server "$server:$submission" --tls --auth LOGIN "${login[@]}"
    check "swaks submits with TLS from the start, AUTH PLAIN" sent_by plain465 $own swaks_file --server "$server:$submissions" --tls-on-connect --auth PLAIN "${login[@]}"
    check "swaks submits with TLS from the start, AUTH LOGIN" sent_by login465 $own swaks_file --server "$server:$submissions" --tls-on-connect --auth LOGIN "${login[@]}"
    check "curl submits with STARTTLS and checks the certificate" sent_by curl587 $own curl_file "smtp://mail.example.org:$submission/client.example" "${curl_login[@]}"
    check "curl submits with TLS from the start and checks the certificate" sent_by curl465 $own curl_file "smtps://mail.example.org:$submissions/client.example" "${curl_login[@]}"

    check "an unknown user is refused at RCPT, 550 5.1.1" swaks_refused 24 "550 5\.1\.1" --server "$server:$smtp" --to nobody@example.org
    check "mail for another domain is refused at RCPT, 5yz 5.7.1" swaks_refused 24 "5[0-9][0-9] 5\.7\.1" --server "$server:$smtp" --to someone@elsewhere.example
    check "submission without log-in is refused" swaks_refused "23|24" "5[0-9][0-9] 5\.7\.[01]|530 5\.7\.0" --server "$server:$submission" --tls --to someone@elsewhere.example
    check "a wrong password is refused, 535 5.7.8 (swaks, 587)" swaks_refused 28 "535 5\.7\.8" --server "$server:$submission" --tls --auth PLAIN --auth-user alice --auth-password wrong --to bob@example.org
    check "an unknown name is refused likewise" swaks_refused 28 "535 5\.7\.8" --server "$server:$submission" --tls --auth PLAIN --auth-user nobody --auth-password wrong --to bob@example.org
    check "a wrong password is refused (curl, 465)" curl_wrong_password "smtps://mail.example.org:$submissions/client.example" "${curl_tls[@]}" --mail-from $own --mail-rcpt bob@example.org --upload-file "$work/curl465.eml"
    [ "$against" = rival ] || check "a lone LF before and after the dot does not end a message" smuggling
}
