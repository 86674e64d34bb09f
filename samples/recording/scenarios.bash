# shellcheck shell=bash disable=SC2034,SC2154  # sourced by ../record; the addresses are set in network.bash
#
# One function a recording, record_NAME. Each is told its name, leaves its files in `out`, and has its entry in
# plans.json, which says what it sends and which answers are due.

all_names=(
    plain-delivery recipients-refused sender-refused large-attachment pipelined bdat bdat-exim
    auth-plain-587 auth-login-587 starttls smtps-465 ipv6 greylisted smtp-source-session lmtp vlan any-sll2
)

messages=/samples/messages

# send SERVER MESSAGE FROM TO SWAKS-ARGUMENT...: a delivery by swaks. It ends the last line itself, and a message
# that has it ended already would get an empty line more.
send() {
    at client swaks --server "$1" --ehlo client.a.example --from "$3" --to "$4" \
        --data "$(<"$root$messages/$2")" "${@:5}" >>"$root/out/swaks.log" 2>&1
}

# msmtp_send PORT MESSAGE TO MSMTP-ARGUMENT...
msmtp_send() {
    at client msmtp --host="$server4" --port="$1" --domain=client.a.example --from=alice@a.example \
        --set-from-header=off --set-date-header=off --set-msgid-header=off --tls=off "${@:4}" -- "$3" \
        <"$root$messages/$2" >>"$root/out/msmtp.log" 2>&1
}

as_alice() { at client setpriv --reuid=alice --regid=alice --clear-groups "$@"; }

# Hands the second Postfix a message for SMTP: FROM MESSAGE TO...
submit() {
    as_alice sendmail -C "$client_postfix" -i -f "$1" "${@:3}" <"$root$messages/$2"
}

client_queue_holds() {
    (($(at client postqueue -c "$client_postfix" -j | wc -l) == $1))
}

openssl_session() { at client /samples/recording/openssl-session "$@" >>"$root/out/openssl.log" 2>&1; }
python_client() { at client /samples/recording/smtp-client "$@" >>"$root/out/python.log" 2>&1; }

refused() { ! "$@" || die "what should be refused was accepted: $*"; }

record_plain_delivery() {
    capture_start "$1.pcap" eth0 tcp port 25
    send "$server4" plain.eml alice@a.example bob@b.example
    capture_stop 1
    gzip -9nc "$out/$1.pcap" >"$out/$1.pcap.gz"
    zstd -q -19 -c "$out/$1.pcap" >"$out/$1.pcap.zst"
    xz -9c "$out/$1.pcap" >"$out/$1.pcap.xz"
}

record_recipients_refused() {
    capture_start "$1.pcap" eth0 tcp port 25
    send "$server4" plain.eml alice@a.example bob@b.example,nobody@b.example,carol@b.example
    capture_stop 1
}

record_sender_refused() {
    capture_start "$1.pcap" eth0 tcp port 25
    refused send "$server4" plain.eml mallory@a.example bob@b.example
    capture_stop 1
}

record_large_attachment() {
    python3 "$here/recording/large-message" >"$root$messages/large.eml"
    capture_start "$1.pcap" eth0 tcp port 25
    msmtp_send 25 large.eml bob@b.example
    capture_stop 1
}

# The second message takes the connection of the first, which Postfix keeps for some seconds.
record_pipelined() {
    capture_start "$1.pcap" eth0 tcp port 25
    submit alice@a.example plain.eml bob@b.example carol@b.example
    wait_for 'the first message to leave' server_has_accepted 1
    wait_for 'the first message to leave' client_queue_holds 0
    submit alice@a.example dots.eml bob@b.example nobody@b.example dave@b.example
    capture_stop 1
}

record_bdat() {
    capture_start "$1.pcap" eth0 tcp port 25
    python_client bdat "$server4" $messages
    capture_stop 1
}

record_bdat_exim() {
    at client install -d -o Debian-exim -g Debian-exim /var/spool/exim4
    at client install -D -m 644 /samples/recording/exim.conf /etc/exim4/exim4.conf
    capture_start "$1.pcap" eth0 tcp port 25
    as_alice exim4 -odi -oi -f alice@a.example bob@b.example carol@b.example \
        <"$root$messages/list.eml"
    capture_stop 1
}

record_auth_plain_587() {
    capture_start "$1.pcap" eth0 tcp port 587
    send "$server4:587" plain.eml alice@a.example bob@b.example \
        --auth PLAIN --auth-user alice --auth-password canary-secret-1
    refused msmtp_send 587 plain.eml bob@b.example --auth=plain --user=alice '--passwordeval=echo canary-wrong-3'
    capture_stop 2
}

record_auth_login_587() {
    capture_start "$1.pcap" eth0 tcp port 587
    msmtp_send 587 plain.eml bob@b.example --auth=login --user=dora '--passwordeval=echo canary-secret-2'
    refused send "$server4:587" plain.eml alice@a.example bob@b.example \
        --auth LOGIN --auth-user dora --auth-password canary-wrong-4
    capture_stop 2
}

record_starttls() {
    capture_start "$1.pcap" eth0 tcp port 25 or tcp port 587
    openssl_session "$server4:25" "/out/$1.keylog" $messages/plain.eml \
        -starttls smtp -name client.a.example -servername mx.b.example -tls1_3
    python_client tls "$server4" 587 "/out/$1.keylog" $messages/dots.eml
    capture_stop 2
    install -m 644 "$root/out/$1.keylog" "$out/$1.keylog"
    editcap --inject-secrets "tls,$out/$1.keylog" "$out/$1.pcap" "$out/$1-dsb.pcapng"
}

record_smtps_465() {
    capture_start "$1.pcap" eth0 tcp port 465
    openssl_session "$server4:465" "/out/$1.keylog" $messages/plain.eml -servername mx.b.example -tls1_2
    python_client tls "$server4" 465 "/out/$1.keylog" $messages/dots.eml
    capture_stop 2
    install -m 644 "$root/out/$1.keylog" "$out/$1.keylog"
}

record_ipv6() {
    capture_start "$1.pcap" eth0 ip6 and tcp port 25
    send "[$server6]" bounce.eml '<>' bob@b.example
    python_client utf8 "$server6" $messages/utf8.eml
    capture_stop 2
}

record_greylisted() {
    capture_start "$1.pcap" eth0 tcp port 25
    submit alice@a.example plain.eml greta@b.example
    wait_for 'the deferral' server_is_done 1
    wait_for 'the message in the queue' client_queue_holds 1
    sleep 6
    at client postqueue -c "$client_postfix" -f
    capture_stop 2
}

# Four clients at the same time, each sending five messages over its connection.
record_smtp_source_session() {
    local sink clients=() i
    mkdir -m 777 "$root/out/$1"
    at server postfix stop 2>/dev/null
    enter server smtp-sink -u nobody -h mx.b.example -d "/out/$1/%H%M%S." "$server4:25" 100 &
    sink=$!
    wait_for smtp-sink server_listens 25
    capture_start "$1.pcap" eth0 tcp port 25
    for i in 1 2 3 4; do
        enter client smtp-source -M "client$i.a.example" -f "source$i@a.example" -t bob@b.example \
            -S "smtp-source $i" -l 600 -m 5 -s 1 -d "$server4:25" &
        clients+=($!)
    done
    wait "${clients[@]}"
    capture_stop 0
    kill "$sink"
    wait "$sink" || true
    at server postfix start
    server_is_ready
}

record_lmtp() {
    local sink
    mkdir -m 777 "$root/out/$1"
    enter server smtp-sink -L -u nobody -h mx.b.example -d "/out/$1/%H%M%S." "$server4:24" 100 &
    sink=$!
    wait_for smtp-sink server_listens 24
    capture_start "$1.pcap" eth0 tcp port 24
    python_client lmtp "$server4" 24 $messages/plain.eml
    capture_stop 0
    kill "$sink"
    wait "$sink" || true
}

record_vlan() {
    vlan_up
    capture_start "$1.pcap" trunk0
    send "$vlan_server4" plain.eml alice@a.example bob@b.example
    capture_stop 1
}

record_any_sll2() {
    capture_start "$1.pcap" any -y LINUX_SLL2 tcp port 25
    send "$server4" plain.eml alice@a.example bob@b.example
    capture_stop 1
}
