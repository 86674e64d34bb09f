# shellcheck shell=bash disable=SC2034,SC2154  # sourced by ../sites.bash

site_aiosmtpd_up() {
    host_root[server]=$roots/aiosmtpd
    enter server /samples/recording/aiosmtpd-server "$server4" /var/log/mail.log &
    aiosmtpd_pid=$!
    site_log_files=('server aiosmtpd /var/log/mail.log')
    wait_for_ports server 25 587
}

site_aiosmtpd_down() { kill "$aiosmtpd_pid"; }
