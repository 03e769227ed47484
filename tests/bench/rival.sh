# Sourced: runs Debian's Postfix and Dovecot privately, on loopback and high ports, with folders of their own.
# The set-up is the plain common one: Postfix's virtual delivery to maildir, Dovecot reading it.

. "$(dirname "${BASH_SOURCE[0]}")/../clients/site.sh" # free_port, wait_for_port

# self_signed DIR: writes DIR/cert.pem and DIR/key.pem for mail.example.org.
self_signed() {
    openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:prime256v1 -nodes -days 30 -subj /CN=mail.example.org \
        -addext subjectAltName=DNS:mail.example.org,DNS:localhost,IP:127.0.0.1 \
        -keyout "$1/key.pem" -out "$1/cert.pem" 2>/dev/null
}

# rival_start DIR SECRET ACCOUNT...: sets RIVAL_SMTP, RIVAL_SUBMISSION, RIVAL_SUBMISSIONS, RIVAL_IMAP, RIVAL_IMAPS (ports)
# and RIVAL_PIDS (top processes, by comma). RIVAL_IDLE=hibernate lets Dovecot move idling sessions into one process.
rival_start() {
    RIVAL_DIR=$1
    local secret=$2
    shift 2
    for name in postconf postfix dovecot openssl; do
        command -v "$name" >/dev/null || { echo "rival: $name is missing (packages postfix, dovecot-imapd, openssl)" >&2; return 1; }
    done
    free_port; RIVAL_SMTP=$REPLY
    free_port; RIVAL_SUBMISSION=$REPLY
    free_port; RIVAL_SUBMISSIONS=$REPLY
    free_port; RIVAL_IMAP=$REPLY
    free_port; RIVAL_IMAPS=$REPLY
    mkdir -p "$RIVAL_DIR"/{postfix,queue,data,mail,dovecot}
    chmod 755 "$RIVAL_DIR"
    chown 5000:5000 "$RIVAL_DIR/mail"
    chown postfix "$RIVAL_DIR/data"
    self_signed "$RIVAL_DIR"
    rival_dovecot "$secret"
    rival_postfix "$@"
    wait_for_port "$RIVAL_IMAP" "$RIVAL_DOVECOT_PID" && wait_for_port "$RIVAL_SMTP" "$RIVAL_DOVECOT_PID" ||
        { echo "rival: does not answer; see $RIVAL_DIR" >&2; return 1; }
    RIVAL_PIDS="$RIVAL_DOVECOT_PID,$(tr -d ' ' <"$RIVAL_DIR/queue/pid/master.pid")"
}

rival_postfix() {
    local c=$RIVAL_DIR/postfix name
    cp /etc/postfix/master.cf "$c/master.cf"
    for name in "$@"; do echo "$name@example.org $name/Maildir/"; done >"$c/mailboxes"
    cat >"$c/main.cf" <<END
compatibility_level = 3.6
queue_directory = $RIVAL_DIR/queue
data_directory = $RIVAL_DIR/data
maillog_file = $RIVAL_DIR/postfix.log
maillog_file_prefixes = $RIVAL_DIR
myhostname = mail.example.org
inet_interfaces = 127.0.0.1
inet_protocols = ipv4
mydestination =
mynetworks = 192.0.2.1/32
smtpd_client_event_limit_exceptions = 127.0.0.0/8
biff = no
alias_maps =
alias_database =
virtual_mailbox_domains = example.org
virtual_mailbox_base = $RIVAL_DIR/mail
virtual_mailbox_maps = texthash:$c/mailboxes
virtual_uid_maps = static:5000
virtual_gid_maps = static:5000
virtual_mailbox_limit = 0
smtpd_tls_cert_file = $RIVAL_DIR/cert.pem
smtpd_tls_key_file = $RIVAL_DIR/key.pem
smtpd_tls_security_level = may
smtpd_sasl_type = dovecot
smtpd_sasl_path = $RIVAL_DIR/dovecot/sasl
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
END
    postconf -c "$c" -F '*/*/chroot=n'
    postconf -c "$c" -MX smtp/inet
    postconf -c "$c" -M "$RIVAL_SMTP/inet=$RIVAL_SMTP inet n - n - - smtpd"
    postconf -c "$c" -M "$RIVAL_SUBMISSION/inet=$RIVAL_SUBMISSION inet n - n - - smtpd -o smtpd_tls_security_level=encrypt -o smtpd_sasl_auth_enable=yes"
    postconf -c "$c" -M "$RIVAL_SUBMISSIONS/inet=$RIVAL_SUBMISSIONS inet n - n - - smtpd -o smtpd_tls_wrappermode=yes -o smtpd_sasl_auth_enable=yes"
    postfix -c "$c" start >"$RIVAL_DIR/postfix-start.log" 2>&1 || { cat "$RIVAL_DIR/postfix-start.log" >&2; return 1; }
}

rival_dovecot() {
    local secret=$1
    cat >"$RIVAL_DIR/dovecot.conf" <<END
base_dir = $RIVAL_DIR/dovecot
state_dir = $RIVAL_DIR/dovecot
log_path = $RIVAL_DIR/dovecot.log
protocols = imap
listen = 127.0.0.1
default_login_user = nobody
default_internal_user = nobody
default_internal_group = nogroup
first_valid_uid = 0
ssl = yes
ssl_cert = <$RIVAL_DIR/cert.pem
ssl_key = <$RIVAL_DIR/key.pem
disable_plaintext_auth = no
auth_mechanisms = plain login
auth_username_format = %n
auth_failure_delay = 0
mail_max_userip_connections = 0
mail_location = maildir:~/Maildir
passdb {
  driver = static
  args = password=$secret
}
userdb {
  driver = static
  args = uid=5000 gid=5000 home=$RIVAL_DIR/mail/%n
}
namespace inbox {
  inbox = yes
}
service imap-login {
  chroot =
  service_count = 0
  process_min_avail = 2
  client_limit = 9000
  inet_listener imap {
    address = 127.0.0.1
    port = $RIVAL_IMAP
  }
  inet_listener imaps {
    address = 127.0.0.1
    port = $RIVAL_IMAPS
    ssl = yes
  }
}
service anvil {
  chroot =
  client_limit = 20000
}
service auth {
  client_limit = 20000
  unix_listener sasl {
    mode = 0666
  }
}
service stats {
  client_limit = 20000
}
service imap {
  process_limit = 8000
END
    if [ "${RIVAL_IDLE:-}" = hibernate ]; then
        cat >>"$RIVAL_DIR/dovecot.conf" <<END
  unix_listener imap-master {
    mode = 0666
  }
}
service imap-hibernate {
  chroot =
  client_limit = 20000
  unix_listener imap-hibernate {
    mode = 0666
  }
}
imap_hibernate_timeout = 2s
END
    else
        echo "}" >>"$RIVAL_DIR/dovecot.conf"
    fi
    dovecot -F -c "$RIVAL_DIR/dovecot.conf" >"$RIVAL_DIR/dovecot-start.log" 2>&1 &
    RIVAL_DOVECOT_PID=$!
}

# rival_rest: lets Postfix retire the processes that an earlier load left behind.
rival_rest() { postfix -c "$RIVAL_DIR/postfix" reload >/dev/null 2>&1; sleep 1; }

# rival_stop: ends both; the folder is the caller's.
rival_stop() {
    [ -n "${RIVAL_DIR:-}" ] || return 0
    postfix -c "$RIVAL_DIR/postfix" stop >/dev/null 2>&1 || true
    kill "$RIVAL_DOVECOT_PID" 2>/dev/null && wait "$RIVAL_DOVECOT_PID" 2>/dev/null
    return 0
}
