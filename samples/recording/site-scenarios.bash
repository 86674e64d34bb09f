# shellcheck shell=bash disable=SC2154  # sourced by ../record
#
# Recordings with other servers than those of scenarios.bash, by site. The servers' logs are kept with the truth.

declare -A site_of=(
    [exim-deliveries]=exim [exim-greylisting]=exim [exim-auth-587]=exim
    [relay-two-hops]=relay [bounce]=relay
    [sasl-587]=postfix-sasl [postfix-parameters]=postfix-sasl [postfix-commands]=postfix-sasl
    [opensmtpd-deliveries]=opensmtpd [starttls-fails]=opensmtpd
    [dovecot-lmtp]=dovecot [dovecot-auth-587]=dovecot
    [sendmail-deliveries]=sendmail [sendmail-auth-587]=sendmail
    [aiosmtpd]=aiosmtpd
)
# Recorded only when asked for by name, and no samples.
other_names=(clean-day clean-day-tls)
site_of[clean-day]=clean-day site_of[clean-day-tls]=clean-day-tls
all_names+=(
    exim-deliveries exim-greylisting exim-auth-587 relay-two-hops bounce sasl-587 postfix-parameters postfix-commands
    opensmtpd-deliveries starttls-fails dovecot-lmtp dovecot-auth-587 sendmail-deliveries sendmail-auth-587 aiosmtpd
)

# record_start NAME FILTER...: marks the logs, captures on the client.
record_start() {
    site_logs_mark
    capture_start "$1.pcap" eth0 "${@:2}"
}

# exim_send FROM MESSAGE TO...: hands the client's Exim a message, which it sends at once.
exim_send() {
    at client install -d -o Debian-exim -g Debian-exim /var/spool/exim4
    at client install -D -m 644 /samples/recording/exim.conf /etc/exim4/exim4.conf
    as_alice exim4 -odi -oi -f "$1" "${@:3}" <"$root$messages/$2"
}

# curl_send PORT MESSAGE FROM TO CURL-ARGUMENT...
curl_send() {
    local scheme=smtp
    at client curl --silent --show-error "$scheme://$server4:$1/client.a.example" --mail-from "$3" --mail-rcpt "$4" \
        --upload-file "$messages/$2" --crlf "${@:5}" >>"$root/out/curl.log" 2>&1
}

# Larger than the servers take.
long_message() { { cat "$root$messages/list.eml"; sed '1,/^$/d' "$root$messages/list.eml"; } >"$root$messages/long.eml"; }

# A recipient that refuses the content for itself alone (PRDR), a sender and a recipient that are refused, content that
# is refused and content that is put off, and a message that is declared too large.
record_exim_deliveries() {
    long_message
    record_start "$1" tcp port 25
    exim_send alice@a.example plain.eml bob@b.example carol@b.example dave@b.example
    refused send "$server4" plain.eml mallory@a.example bob@b.example
    refused send "$server4" plain.eml alice@a.example nobody@b.example
    refused send "$server4" plain.eml alice@a.example erin@elsewhere.example
    refused send "$server4" plain.eml alice@a.example bob@b.example --add-header 'X-Refuse: yes'
    refused send "$server4" plain.eml alice@a.example bob@b.example,carol@b.example --add-header 'X-Defer: yes'
    refused curl_send 25 long.eml alice@a.example bob@b.example
    curl_send 25 list.eml alice@a.example bob@b.example
    capture_stop 0
}

# Exim keeps what is put off in its queue, and tries again.
record_exim_greylisting() {
    record_start "$1" tcp port 25
    exim_send alice@a.example dots.eml greta@b.example
    sleep 5
    at client exim4 -qff
    capture_stop 0
}

# Every mechanism that Exim has, by clients of three makes; a wrong password for each.
record_exim_auth_587() {
    local mechanism
    record_start "$1" tcp port 587
    send "$server4:587" plain.eml alice@a.example bob@b.example \
        --auth PLAIN --auth-user alice --auth-password canary-secret-1
    send "$server4:587" plain.eml alice@a.example bob@b.example \
        --auth LOGIN --auth-user alice --auth-password canary-secret-1
    send "$server4:587" plain.eml alice@a.example bob@b.example \
        --auth CRAM-MD5 --auth-user alice --auth-password canary-secret-1
    send "$server4:587" plain.eml alice@a.example bob@b.example \
        --auth NTLM --auth-user dora --auth-password canary-secret-2
    msmtp_send 587 plain.eml bob@b.example --auth=cram-md5 --user=dora '--passwordeval=echo canary-secret-2'
    curl_send 587 plain.eml alice@a.example bob@b.example --user dora:canary-secret-2 --login-options AUTH=NTLM
    for mechanism in PLAIN LOGIN CRAM-MD5 NTLM; do
        refused send "$server4:587" plain.eml alice@a.example bob@b.example \
            --auth "$mechanism" --auth-user alice --auth-password canary-wrong-3
    done
    capture_stop 0
}

# record_hops NAME: captures all that passes the switch.
record_hops() {
    site_logs_mark
    capture_host=switch capture_start "$1.pcap" br0 tcp port 25
}

# give FROM MESSAGE SENDMAIL-ARGUMENT...: hands the Postfix of a.example a message.
give() { as_alice sendmail -i -f "$1" "${@:3}" <"$root$messages/$2"; }

# Postfix to Exim to OpenSMTPD, with a Received field more at each hop.
record_relay_two_hops() {
    record_hops "$1"
    give alice@a.example plain.eml erin@c.example
    wait_for 'the first message at its end' log_says third 1 'delivery evpid=.* result=Ok'
    give alice@a.example dots.eml erin@c.example frank@c.example
    wait_for 'the second message at its end' log_says third 3 'delivery evpid=.* result=Ok'
    sleep 5
    capture_stop 0
}

# The last hop refuses the recipient, so the relay reports it to the sender.
record_bounce() {
    record_hops "$1"
    give alice@a.example plain.eml -N failure,delay -V env-0815 -R hdrs nemo@c.example
    wait_for 'the report' log_says client 1 'virtual.*to=<alice@a.example>.*status=sent'
    sleep 5
    capture_stop 0
}

wrong_or_right() {
    local command=$1 port=$2 mechanism=$3
    case $command in
        msmtp)
            msmtp_send "$port" plain.eml bob@b.example "--auth=$mechanism" --user=alice@b.example \
                '--passwordeval=echo canary-secret-1'
            refused msmtp_send "$port" plain.eml bob@b.example "--auth=$mechanism" --user=dora@b.example \
                '--passwordeval=echo canary-wrong-4' ;;
    esac
}

# Every mechanism of Cyrus SASL that takes a password, by msmtp, swaks and curl; a wrong password for each.
record_sasl_587() {
    local mechanism
    record_start "$1" tcp port 587
    for mechanism in cram-md5 digest-md5 scram-sha-1 scram-sha-256 ntlm; do
        wrong_or_right msmtp 587 "$mechanism"
    done
    send "$server4:587" plain.eml alice@a.example bob@b.example \
        --auth DIGEST-MD5 --auth-user alice@b.example --auth-password canary-secret-1
    curl_send 587 plain.eml alice@a.example bob@b.example --user dora@b.example:canary-secret-2 \
        --login-options AUTH=CRAM-MD5
    python_client talk "$server4" 587 /samples/recording/talks/anonymous
    capture_stop 0
}

# What MAIL and RCPT can say to Postfix, XCLIENT by swaks and XFORWARD by Postfix.
record_postfix_parameters() {
    record_start "$1" tcp port 25
    submit alice@a.example plain.eml -N success,delay -V 'env=1+2' -R hdrs bob@b.example carol@b.example
    wait_for 'the message to leave' client_queue_holds 0
    sleep 5
    send "$server4" plain.eml alice@a.example bob@b.example \
        --xclient 'ADDR=203.0.113.9 NAME=spike.c.example HELO=spike.c.example PROTO=ESMTP'
    python_client talk "$server4" 25 /samples/recording/talks/parameters
    capture_stop 0
}

# Commands that are no part of a delivery.
record_postfix_commands() {
    record_start "$1" tcp port 25
    python_client talk "$server4" 25 /samples/recording/talks/commands
    capture_stop 0
}

record_opensmtpd_deliveries() {
    long_message
    record_start "$1" tcp port 25
    send "$server4" plain.eml alice@a.example bob@b.example,carol@b.example
    refused send "$server4" plain.eml mallory@a.example bob@b.example
    send "$server4" plain.eml alice@a.example bob@b.example,nemo@b.example
    refused send "$server4" plain.eml alice@a.example erin@elsewhere.example
    refused curl_send 25 long.eml alice@a.example bob@b.example
    exim_send alice@a.example list.eml carol@b.example dave@b.example
    capture_stop 0
}

# Debian's OpenSMTPD cannot use its key with Debian's OpenSSL: it answers STARTTLS with 220, and the handshake with an
# alert. The client gives up.
record_starttls_fails() {
    record_start "$1" tcp port 587
    refused python_client tls "$server4" 587 /dev/null $messages/dots.eml
    capture_stop 0
}

# Three recipients, of which one has no room left and one is not there.
record_dovecot_lmtp() {
    record_start "$1" tcp port 24
    at client swaks --protocol LMTP --server "$server4:24" --ehlo client.a.example --from alice@a.example \
        --to bob@b.example,nobody@b.example,dave@b.example,carol@b.example \
        --data "$(<"$root$messages/list.eml")" >>"$root/out/swaks.log" 2>&1 || true
    capture_stop 0
}

# Every mechanism of Dovecot, by msmtp, curl and a Python client; a wrong password or token for each.
record_dovecot_auth_587() {
    local mechanism
    record_start "$1" tcp port 587
    for mechanism in plain login cram-md5 digest-md5 scram-sha-1 scram-sha-256; do
        wrong_or_right msmtp 587 "$mechanism"
    done
    python_client oauth "$server4" 587
    capture_stop 0
}

record_sendmail_deliveries() {
    long_message
    record_start "$1" tcp port 25
    send "$server4" plain.eml alice@a.example bob@b.example,carol@b.example
    refused send "$server4" plain.eml mallory@a.example bob@b.example
    send "$server4" plain.eml alice@a.example bob@b.example,nemo@b.example
    refused send "$server4" plain.eml alice@a.example erin@elsewhere.example
    refused curl_send 25 long.eml alice@a.example bob@b.example
    exim_send alice@a.example list.eml carol@b.example dave@b.example
    python_client talk "$server4" 25 /samples/recording/talks/sendmail
    capture_stop 0
}

record_sendmail_auth_587() {
    local mechanism
    record_start "$1" tcp port 587
    for mechanism in PLAIN LOGIN CRAM-MD5 DIGEST-MD5; do
        send "$server4:587" plain.eml alice@a.example bob@b.example \
            --auth "$mechanism" --auth-user alice@mx.b.example --auth-password canary-secret-1
        refused send "$server4:587" plain.eml alice@a.example bob@b.example \
            --auth "$mechanism" --auth-user dora@mx.b.example --auth-password canary-wrong-4
    done
    capture_stop 0
}

record_aiosmtpd() {
    local mechanism
    record_start "$1" tcp port 25 or tcp port 587
    send "$server4" plain.eml alice@a.example bob@b.example,nobody@b.example
    python_client utf8 "$server4" $messages/utf8.eml
    for mechanism in PLAIN LOGIN; do
        send "$server4:587" dots.eml alice@a.example bob@b.example \
            --auth "$mechanism" --auth-user alice --auth-password canary-secret-1
        refused send "$server4:587" plain.eml alice@a.example bob@b.example \
            --auth "$mechanism" --auth-user dora --auth-password canary-wrong-4
    done
    capture_stop 0
}

# Mail of every kind between three systems: clean_messages (300) of it. No sample: tests/e2e/clean-day looks for findings.
record_clean_day() {
    local i kinds=(plain dots list utf8 plain bounce plain large) kind from people login=()
    [[ $1 != clean-day-tls ]] || login=(--port 587 --tls --auth PLAIN --auth-user alice --auth-password canary-secret-1)
    python3 "$here/recording/large-message" >"$root$messages/large.eml"
    cp "$root$messages/large.eml" "${host_root[server]}$messages/large.eml"
    cp "$root$messages/large.eml" "${host_root[third]}$messages/large.eml"
    site_logs_mark
    capture_host=switch capture_start "$1.pcap" br0 tcp port 25 or tcp port 587
    for ((i = 0; i < ${clean_messages:-300}; i++)); do
        kind=${kinds[i % ${#kinds[@]}]}
        case $((i % 4)) in
            0)
                people=(bob@b.example)
                ((i % 3)) || people=(bob@b.example carol@b.example dave@b.example erin@c.example)
                from=alice@a.example
                [[ $kind != bounce ]] || from=
                at client setpriv --reuid=alice --regid=alice --clear-groups \
                    sendmail -i -f "$from" -N failure,delay "${people[@]}" <"$root$messages/$kind.eml" ;;
            1)
                people=(alice@a.example)
                ((i % 3)) || people=(erin@c.example frank@c.example)
                at server setpriv --reuid=carol --regid=carol --clear-groups \
                    exim4 -odb -oi -f carol@b.example "${people[@]}" <"$root$messages/$kind.eml" ;;
            2)
                people=(alice@a.example)
                ((i % 3)) || people=(bob@b.example dave@b.example)
                at third sendmail -i -f erin@c.example "${people[@]}" <"$root$messages/$kind.eml" ;;
            3)
                [[ $kind != large ]] || kind=list    # too long for a command line
                send "$server4" "$kind.eml" alice@a.example bob@b.example,dave@b.example "${login[@]}" ;;
        esac
        ((i % 25)) || sleep 2
    done
    sleep 15
    capture_stop 0
}

record_clean_day_tls() { record_clean_day "$1"; }
