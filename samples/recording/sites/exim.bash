# shellcheck shell=bash disable=SC2034,SC2154  # sourced by ../sites.bash
#
# Exim, and the hosts of a site that has it: `exim`, where it is the server, and `relay`, where it passes mail on.

# exim_up HOST CONFIGURATION [FILE]: with the configuration of this folder, or with one that has been changed.
exim_up() {
    local top=${host_root[$1]} file=${3:-$here/recording/$2}
    certificate "$1" /etc/exim4
    install -m 644 "$file" "$top/etc/exim4/exim4.conf"
    chroot "$top" install -d -o Debian-exim -g Debian-exim /var/spool/exim4 /var/spool/exim4/db /var/log/exim4 \
        /var/mail/b.example
    chroot "$top" chown Debian-exim:Debian-exim /etc/exim4/key.pem
    : >"$top/var/log/exim4/mainlog"
    chroot "$top" chown -R Debian-exim:Debian-exim /var/log/exim4
    enter "$1" exim4 -bdf -q1h &
}

exim_down() {
    local pid
    pid=$(<"${host_root[$1]}/run/exim4/exim.pid") && kill "$pid"
}

site_exim_up() {
    host_root[server]=$roots/exim
    mkdir -p "${host_root[server]}/run/exim4"
    chroot "${host_root[server]}" chown Debian-exim:Debian-exim /run/exim4
    exim_up server exim-server.conf
    site_log_files=('server exim /var/log/exim4/mainlog')
    wait_for_ports server 25 587
}

site_exim_down() { exim_down server; }
