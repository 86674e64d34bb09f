# shellcheck shell=bash disable=SC2034,SC2154  # sourced by ../sites.bash
#
# Three mail systems that give each other mail all day: Postfix at a.example, Exim at b.example and OpenSMTPD at c.example.
# Each takes TLS where the other offers it, as Debian sets them up. In the site clean-day-tls the first two offer it; in
# clean-day, an inner network, nobody does.

site_clean_day_up() { three_systems_up '' none; }
site_clean_day_tls_up() { three_systems_up '*' may; }

# three_systems_up EXIM-OFFERS-TLS-TO POSTFIX-TLS-LEVEL
three_systems_up() {
    host_root[server]=$roots/exim host_root[third]=$roots/opensmtpd
    local exim=${host_root[server]} third=${host_root[third]}
    sed -i -e "s/^tls_advertise_hosts.*/tls_advertise_hosts = $1/" -e 's/^message_size_limit.*/message_size_limit = 10M/' \
        -e '/hosts_avoid_tls/d' "$exim/samples/recording/exim-server.conf"
    mkdir -p "$exim/run/exim4"
    chroot "$exim" chown Debian-exim:Debian-exim /run/exim4
    add_user "$exim" carol
    exim_up server exim-server.conf "$exim/samples/recording/exim-server.conf"

    opensmtpd_up third c.example erin frank
    postfix_at_a_example
    certificate client /etc/postfix
    at client postconf "smtpd_tls_security_level = $2" 'smtpd_tls_cert_file = /etc/postfix/cert.pem' \
        'smtpd_tls_key_file = /etc/postfix/key.pem' 'relayhost =' 'default_destination_concurrency_limit = 3' \
        "transport_maps = inline:{{b.example = smtp:[$server4]}, {c.example = smtp:[$third4]}}"
    at client postfix reload 2>/dev/null
    site_log_files=('client postfix /var/log/client-a.log' 'server exim /var/log/exim4/mainlog'
        'third opensmtpd /var/log/mail.log')
    wait_for_ports server 25 587
    wait_for_ports third 25
    wait_for_ports client 25
}

site_clean_day_down() { site_relay_down; }
site_clean_day_tls_down() { site_relay_down; }
