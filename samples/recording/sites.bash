# shellcheck shell=bash disable=SC2034,SC2154  # sourced by ../record; the addresses are set in network.bash
#
# Which mail system runs where: a site is a set of servers, one of which is up at a time. sites/NAME.bash has what brings
# one up; `postfix` is in servers.bash.

# The roots of a site besides the client's.
declare -A site_roots=(
    [postfix]='' [postfix-sasl]='' [exim]=exim [opensmtpd]=opensmtpd [sendmail]=sendmail [dovecot]=dovecot
    [aiosmtpd]=aiosmtpd [courier]=courier [relay]='exim opensmtpd' [clean-day]='exim opensmtpd' [clean-day-tls]='exim opensmtpd'
)
site=none

# Logs of the site that is up: host, kind of server and path from the root of the file system, a line each.
site_log_files=()
declare -A site_log_marks

for site_file in "$here"/recording/sites/*.bash; do
    # shellcheck source=/dev/null
    source "$site_file"
done

# site_is NAME: brings down the site that is up, and NAME up if it is not `none`.
site_is() {
    [[ $1 != "$site" ]] || return 0
    [[ $site == none ]] || "site_${site//-/_}_down"
    site=$1
    site_log_files=()
    host_root[client]=$root host_root[server]=$root host_root[third]=$root
    [[ $site == none ]] || "site_${site//-/_}_up"
}

site_postfix_up() { servers_up; }
site_postfix_down() { servers_down; }

# certificate HOST FOLDER: key.pem and cert.pem for the host there.
certificate() {
    local name=${host_name[$1]} folder=${host_root[$1]}$2
    install -d "$folder"
    at client openssl req -x509 -newkey rsa:2048 -nodes -days 36500 -subj "/CN=$name" \
        -addext "subjectAltName=DNS:$name" -keyout /out/key.pem -out /out/cert.pem 2>/dev/null
    install -m 644 "$root/out/cert.pem" "$folder/cert.pem"
    install -m 600 "$root/out/key.pem" "$folder/key.pem"
}

# add_user ROOT USER: if an earlier site of this run has not done so.
add_user() { chroot "$1" id "$2" >/dev/null 2>&1 || chroot "$1" useradd --create-home "$2"; }

# syslog_up HOST FILE: what the host's servers say to syslog goes into the file of its root.
syslog_up() {
    python3 "$here/recording/syslog-file" "${host_root[$1]}/dev/log" "${host_root[$1]}$2" &
    syslog_pids+=($!)
    wait_for "syslog of $1" test -S "${host_root[$1]}/dev/log"
}
syslog_pids=()

syslog_down() {
    ((!${#syslog_pids[@]})) || kill "${syslog_pids[@]}"
    syslog_pids=()
    rm -f "$roots"/*/dev/log
}

# kill_all HOST: ends what runs there.
kill_all() { ip netns pids "$1" | xargs --no-run-if-empty kill 2>/dev/null || true; }

# port_open HOST PORT
# shellcheck disable=SC2016  # for the inner shell
port_open() { at client bash -c '>"/dev/tcp/$0/$1"' "${host_ip4[$1]}" "$2"; }

# wait_for_ports HOST PORT...: and until what the trials say is in the logs.
wait_for_ports() {
    local port
    for port in "${@:2}"; do
        wait_for "port $port of $1" port_open "$1" "$port"
    done
    sleep 0.5
}

# log_file HOST: the path of its log.
log_file() {
    local entry host kind path
    for entry in "${site_log_files[@]}"; do
        read -r host kind path <<<"$entry"
        [[ $host != "$1" ]] || printf '%s\n' "${host_root[$host]}$path"
    done
}

site_logs_mark() {
    local entry host kind path
    for entry in "${site_log_files[@]}"; do
        read -r host kind path <<<"$entry"
        site_log_marks[$host]=$(stat -c %s "${host_root[$host]}$path" 2>/dev/null || echo 0)
    done
}

# log_says HOST COUNT PATTERN: since the mark.
log_says() {
    (($(tail -c "+$((site_log_marks[$1] + 1))" "$(log_file "$1")" | grep -cE "$3") >= $2))
}

# site_logs NAME: the lines since the mark, of all servers, into truth/NAME.log.
site_logs() {
    local entry host kind path
    for entry in "${site_log_files[@]}"; do
        read -r host kind path <<<"$entry"
        printf '## %s %s %s\n' "${host_name[$host]}" "${host_ip4[$host]}" "$kind"
        tail -c "+$((site_log_marks[$host] + 1))" "${host_root[$host]}$path"
    done >"$out/truth/$1.log"
    chmod 644 "$out/truth/$1.log"
}

# What the servers said last.
site_logs_tail() {
    local entry host kind path
    for entry in "${site_log_files[@]}"; do
        read -r host kind path <<<"$entry"
        printf '## %s %s\n' "${host_name[$host]}" "$kind"
        tail -n 12 "${host_root[$host]}$path"
    done
}
