# shellcheck shell=bash disable=SC2034,SC2154  # sourced by ../sites.bash
#
# The Postfix of servers.bash with every mechanism of Cyrus SASL that needs no more than a password, and with what it
# does for hosts that it trusts.

site_postfix_sasl_up() {
    servers_up
    sed -i 's/^mech_list:.*/mech_list: PLAIN LOGIN CRAM-MD5 DIGEST-MD5 SCRAM-SHA-1 SCRAM-SHA-256 NTLM ANONYMOUS/' \
        "$root/etc/postfix/sasl/smtpd.conf"
    at server postconf "smtpd_sasl_security_options =" "smtpd_authorized_xclient_hosts = $client4" \
        "smtpd_authorized_xforward_hosts = $client4" "message_size_limit = 20480" \
        "fast_flush_domains = b.example"
    at client postconf -c "$client_postfix" "smtp_send_xforward_command = yes"
    at server postfix stop
    at server postfix start
    server_is_ready
    site_log_files=('server postfix /var/log/server.log' 'client postfix /var/log/client.log')
}

site_postfix_sasl_down() { servers_down; }
