# Sourced: starts a throw-away site of pillarbox on free loopback ports, and ends it.
# The binary is PILLARBOX_BIN.

PORTS_TAKEN=

# free_port: sets REPLY to a port of 127.0.0.1 where nothing listens, below the range of outgoing connections.
free_port() {
    while :; do
        REPLY=$((10000 + (RANDOM * 32768 + RANDOM) % 20000))
        [[ " $PORTS_TAKEN " == *" $REPLY "* ]] && continue
        (exec 3<>"/dev/tcp/127.0.0.1/$REPLY") 2>/dev/null && continue
        PORTS_TAKEN+=" $REPLY"
        return
    done
}

# wait_for_port PORT PID: until something listens there; fails after 10 s, or when the process has ended.
wait_for_port() {
    local tries=0
    until (exec 3<>"/dev/tcp/127.0.0.1/$1") 2>/dev/null; do
        kill -0 "$2" 2>/dev/null || return 1
        ((++tries < 200)) || return 1
        sleep 0.05
    done
}

# site_init DIR SECRET ACCOUNT...: makes the data folder of example.org and enrolls the accounts.
site_init() {
    local dir=$1 secret=$2 name
    shift 2
    "$PILLARBOX_BIN" init example.org -d "$dir" --hostname mail.example.org --yes >"$dir.init.log" 2>&1 ||
        { cat "$dir.init.log" >&2; echo "site: init failed" >&2; return 1; }
    for name in "$@"; do
        printf '%s\n' "$secret" | "$PILLARBOX_BIN" enroll "$name" --password-stdin -d "$dir" >"$dir.enroll.log" 2>&1 ||
            { cat "$dir.enroll.log" >&2; echo "site: enroll $name failed" >&2; return 1; }
    done
}

# site_ports: chooses SITE_SMTP, SITE_SUBMISSION, SITE_SUBMISSIONS, SITE_IMAP, SITE_IMAPS, SITE_WEB, and the settings
# SITE_SET that go with them.
site_ports() {
    free_port; SITE_SMTP=$REPLY
    free_port; SITE_SUBMISSION=$REPLY
    free_port; SITE_SUBMISSIONS=$REPLY
    free_port; SITE_IMAP=$REPLY
    free_port; SITE_IMAPS=$REPLY
    free_port; SITE_WEB=$REPLY
    SITE_SET=(--set "smtp.listen=127.0.0.1:$SITE_SMTP" --set "smtp.submission=127.0.0.1:$SITE_SUBMISSION"
        --set "smtp.submissions=127.0.0.1:$SITE_SUBMISSIONS" --set "imap.listen=127.0.0.1:$SITE_IMAP"
        --set "imap.listen_tls=127.0.0.1:$SITE_IMAPS" --set "web.listen=127.0.0.1:$SITE_WEB"
        --set auth.cleartext=loopback)
}

# site_serve DIR [OPTION...]: runs the server in the background, sets SITE_PID, waits until it answers. Log: DIR.log.
site_serve() {
    local dir=$1
    shift
    "$PILLARBOX_BIN" serve -d "$dir" "${SITE_SET[@]}" "$@" >>"$dir.log" 2>&1 &
    SITE_PID=$!
    wait_for_port "$SITE_IMAP" "$SITE_PID" && wait_for_port "$SITE_SMTP" "$SITE_PID" ||
        { tail -n 20 "$dir.log" >&2; echo "site: the server does not answer" >&2; return 1; }
}

# site_stop: SIGTERM, then waits; SITE_STATUS is the exit status.
site_stop() {
    SITE_STATUS=0
    [ -n "${SITE_PID:-}" ] || return 0
    kill "$SITE_PID" 2>/dev/null
    wait "$SITE_PID" 2>/dev/null || SITE_STATUS=$?
    SITE_PID=
}
