# shellcheck shell=bash disable=SC2154  # sourced by ../record, which sets root
#
# The mail system: Postfix on the server (25, 465, 587) with Cyrus SASL and postgrey, a second Postfix on the client
# that only sends, and what asks their logs. See canaries in ../README.md for the logins.

server_log=var/log/server.log
client_postfix=/etc/postfix-client

servers_up() {
    mkdir -p "$root/dev/net"
    mknod -m 600 "$root/dev/net/tun" c 10 200
    server_certificate
    server_config
    client_config
    enter server postgrey --inet=127.0.0.1:10023 --delay=5 --user=postgrey --group=postgrey \
        --greylist-text='Greylisted, try again later' >"$root/out/postgrey.log" 2>&1 &
    at server postfix start
    at client postfix -c "$client_postfix" start
    server_is_ready
    wait_for postgrey at server bash -c '>/dev/tcp/127.0.0.1/10023'
}

# Also waits until the log has the end of these trials, which are not part of a recording.
server_is_ready() {
    local port
    server_log_mark
    for port in 25 465 587; do
        wait_for "port $port" server_listens "$port"
    done
    wait_for 'the trials to end' server_is_done 3
}

# shellcheck disable=SC2016  # for the inner shell
server_listens() { at client bash -c '>"/dev/tcp/$0/$1"' "$server4" "$1"; }

servers_down() {
    at client postfix -c "$client_postfix" stop
    at server postfix stop
}

server_certificate() {
    at server openssl req -x509 -newkey rsa:2048 -nodes -days 36500 -subj /CN=mx.b.example \
        -addext subjectAltName=DNS:mx.b.example -keyout /etc/postfix/key.pem -out /etc/postfix/cert.pem 2>/dev/null
}

server_config() {
    cat >"$root/etc/postfix/main.cf" <<'MAIN'
compatibility_level = 3.6
myhostname = mx.b.example
mydomain = b.example
mydestination =
mynetworks = 127.0.0.0/8
maillog_file = /var/log/server.log
enable_long_queue_ids = yes
smtpd_client_port_logging = yes
smtp_dns_support_level = disabled
alternate_config_directories = /etc/postfix-client

virtual_mailbox_domains = b.example
virtual_mailbox_base = /var/mail/b.example
virtual_mailbox_maps = texthash:/etc/postfix/mailboxes
virtual_minimum_uid = 100
virtual_uid_maps = static:5000
virtual_gid_maps = static:5000

smtpd_delay_reject = no
smtpd_helo_required = yes
smtpd_sender_restrictions = check_sender_access texthash:/etc/postfix/senders
smtpd_relay_restrictions = permit_sasl_authenticated, reject_unauth_destination
smtpd_restriction_classes = greylisting
greylisting = check_policy_service inet:127.0.0.1:10023
smtpd_recipient_restrictions = check_recipient_access texthash:/etc/postfix/recipients

smtpd_tls_security_level = may
smtpd_tls_cert_file = /etc/postfix/cert.pem
smtpd_tls_key_file = /etc/postfix/key.pem
smtpd_tls_loglevel = 1
smtpd_sasl_local_domain = b.example
MAIN
    printf '%s@b.example %s/\n' bob bob carol carol dave dave greta greta bjørn bjoern >"$root/etc/postfix/mailboxes"
    printf 'mallory@a.example 554 5.7.1 No mail from this sender\n' >"$root/etc/postfix/senders"
    printf 'greta@b.example greylisting\n' >"$root/etc/postfix/recipients"
    install -d -o 5000 -g 5000 "$root/var/mail/b.example"

    at server postconf -F '*/*/chroot=n'
    at server postconf -M 'submission/inet=submission inet n - n - - smtpd'
    at server postconf -P 'submission/inet/smtpd_sasl_auth_enable=yes'
    at server postconf -M 'submissions/inet=submissions inet n - n - - smtpd'
    at server postconf -P 'submissions/inet/smtpd_tls_wrappermode=yes' 'submissions/inet/smtpd_sasl_auth_enable=yes'

    printf 'pwcheck_method: auxprop\nauxprop_plugin: sasldb\nmech_list: PLAIN LOGIN\n' \
        >"$root/etc/postfix/sasl/smtpd.conf"
    printf canary-secret-1 | at server saslpasswd2 -p -c -u b.example alice
    printf canary-secret-2 | at server saslpasswd2 -p -c -u b.example dora
    at server chown root:postfix /etc/sasldb2
    at server chmod 640 /etc/sasldb2
}

# Mail given to it by sendmail goes to the server over one connection at a time, which is kept for the next message.
client_config() {
    cp -r "$root/etc/postfix" "$root$client_postfix"
    cat >"$root$client_postfix/main.cf" <<MAIN
compatibility_level = 3.6
myhostname = client.a.example
mydomain = a.example
mydestination =
inet_interfaces = loopback-only
queue_directory = /var/spool/postfix-client
data_directory = /var/lib/postfix-client
maillog_file = /var/log/client.log
relayhost = [$server4]
smtp_dns_support_level = disabled
smtp_tls_security_level = none
smtp_destination_concurrency_limit = 1
smtp_connection_cache_destinations = $server4
smtp_connection_cache_time_limit = 4s
transport_maps = inline:{a.example=discard:}
queue_run_delay = 1d
MAIN
    at client install -d -o postfix /var/lib/postfix-client
    mkdir "$root/var/spool/postfix-client"
    at client postconf -c "$client_postfix" -MX smtp/inet submission/inet submissions/inet
}

server_log_mark() {
    server_log_start=0
    [[ ! -e $root/$server_log ]] || server_log_start=$(stat -c %s "$root/$server_log")
}

# The lines since the mark.
server_log_new() { tail -c "+$((server_log_start + 1))" "$root/$server_log"; }

server_log_count() { server_log_new | grep -c "$1" || true; }

server_accepted() { server_log_count 'smtpd\[[0-9]*\]: [0-9A-Za-z]*: client='; }

# server_has_accepted MESSAGES
server_has_accepted() { (($(server_accepted) >= $1)); }

# server_is_done SESSIONS: that many have ended, and every message accepted in them has been delivered.
server_is_done() {
    local ended delivered
    ended=$(server_log_count 'smtpd\[[0-9]*\]: disconnect from')
    delivered=$(server_log_count 'qmgr\[[0-9]*\]: [0-9A-Za-z]*: removed')
    ((ended >= $1 && delivered >= $(server_accepted)))
}
