# shellcheck shell=bash disable=SC2034,SC2154  # sourced by ../sites.bash
#
# OpenSMTPD as the server of b.example, or as that of c.example behind the relay.

# opensmtpd_up HOST DOMAIN USER...: every user has a mailbox, at the domain.
opensmtpd_up() {
    local top=${host_root[$1]} user name=${host_name[$1]}
    certificate "$1" /etc/smtpd
    for user in "${@:3}"; do
        add_user "$top" "$user"
    done
    # The users' passwords of logins, which are not those of the system.
    for user in alice:canary-secret-1 dora:canary-secret-2; do
        printf '%s %s\n' "${user%:*}" "$(openssl passwd -6 "${user#*:}")"
    done >"$top/etc/smtpd/logins"
    cat >"$top/etc/smtpd.conf" <<CONF
pki $name cert "/etc/smtpd/cert.pem"
pki $name key "/etc/smtpd/key.pem"
table logins file:/etc/smtpd/logins
table unwanted { "mallory@a.example" }
smtp max-message-size 20K
filter "unwanted" phase mail-from match mail-from <unwanted> reject "554 5.7.1 No mail from this sender"
listen on ${host_ip4[$1]} port 25 hostname $name filter "unwanted"
listen on ${host_ip4[$1]} port 587 tls-require pki $name hostname $name auth <logins>
action "mailbox" maildir "/home/%{user.username}/Maildir"
action "to-a" relay host smtp://$client4
action "to-b" relay host smtp://$server4
match from any for domain "$2" action "mailbox"
match from local for domain "a.example" action "to-a"
match from local for domain "b.example" action "to-b"
CONF
    syslog_up "$1" /var/log/mail.log
    enter "$1" smtpd -F >"$root/out/smtpd-$1.log" 2>&1 &
}

site_opensmtpd_up() {
    host_root[server]=$roots/opensmtpd
    opensmtpd_up server b.example bob carol dave
    site_log_files=('server opensmtpd /var/log/mail.log')
    wait_for_ports server 25 587
}

site_opensmtpd_down() {
    kill_all server
    syslog_down
}

# Three systems: Postfix at a.example gives its mail to Exim at mx.b.example, which passes that for c.example on to
# OpenSMTPD there, and reports about it back.
site_relay_up() {
    host_root[server]=$roots/exim host_root[third]=$roots/opensmtpd
    mkdir -p "${host_root[server]}/run/exim4"
    chroot "${host_root[server]}" chown Debian-exim:Debian-exim /run/exim4
    exim_up server exim-server.conf
    opensmtpd_up third c.example erin frank
    postfix_at_a_example
    site_log_files=('client postfix /var/log/client-a.log' 'server exim /var/log/exim4/mainlog'
        'third opensmtpd /var/log/mail.log')
    wait_for_ports server 25
    wait_for_ports third 25
    wait_for_ports client 25
}

postfix_at_a_example() {
    cat >"$root/etc/postfix/main.cf" <<MAIN
compatibility_level = 3.6
myhostname = client.a.example
mydomain = a.example
mydestination =
mynetworks = 127.0.0.0/8
maillog_file = /var/log/client-a.log
enable_long_queue_ids = yes
smtpd_client_port_logging = yes
smtp_dns_support_level = disabled
smtp_tls_security_level = may
relayhost = [$server4]
virtual_mailbox_domains = a.example
virtual_mailbox_base = /var/mail/a.example
virtual_mailbox_maps = inline:{alice@a.example=alice/}
virtual_minimum_uid = 100
virtual_uid_maps = static:5000
virtual_gid_maps = static:5000
MAIN
    install -d -o 5000 -g 5000 "$root/var/mail/a.example"
    at client postconf -F '*/*/chroot=n'
    at client postfix start 2>/dev/null
}

site_relay_down() {
    at client postfix stop
    exim_down server
    kill_all third
    syslog_down
}
