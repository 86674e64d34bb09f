# shellcheck shell=bash disable=SC2034,SC2154  # sourced by ../sites.bash
#
# Dovecot: LMTP, and submission, which passes mail on to the third host, where Postfix's smtp-sink takes all.

site_dovecot_up() {
    local top=$roots/dovecot
    host_root[server]=$top
    chroot "$top" useradd --uid 5000 --user-group mailbox
    install -d -o 5000 -g 5000 "$top/srv/mail"
    cat >"$top/etc/dovecot/users" <<'USERS'
alice:{PLAIN}canary-secret-1::::::
dora:{PLAIN}canary-secret-2::::::
bob:{PLAIN}canary-secret-5::::::
carol:{PLAIN}canary-secret-6::::::
dave:{PLAIN}canary-secret-7::::::userdb_quota_rule=*:bytes=400
USERS
    # The key of the tokens, that smtp-client makes them with.
    install -d "$top/etc/dovecot/keys/default/HS256"
    printf 'canary-token-key' | base64 >"$top/etc/dovecot/keys/default/HS256/default"
    cat >"$top/etc/dovecot/oauth2.conf" <<'CONF'
introspection_mode = local
local_validation_key_dict = fs:posix:prefix=/etc/dovecot/keys/
username_attribute = sub
CONF
    cat >"$top/etc/dovecot/dovecot.conf" <<CONF
protocols = lmtp submission
hostname = mx.b.example
listen = $server4
ssl = no
disable_plaintext_auth = no
auth_mechanisms = plain login cram-md5 digest-md5 scram-sha-1 scram-sha-256 anonymous oauthbearer xoauth2
auth_anonymous_username = anonymous
auth_failure_delay = 0
auth_verbose = yes
log_path = /var/log/dovecot.log
log_timestamp = "%Y-%m-%d %H:%M:%S "
login_log_format_elements = user=<%u> method=%m rip=%r rport=%{rport} lip=%l lport=%{lport} %c
mail_location = maildir:/srv/mail/%n
mail_plugins = quota
plugin {
  quota = maildir:User quota
}
passdb {
  driver = oauth2
  mechanisms = oauthbearer xoauth2
  args = /etc/dovecot/oauth2.conf
}
passdb {
  driver = passwd-file
  mechanisms = plain login cram-md5 digest-md5 scram-sha-1 scram-sha-256 anonymous
  args = username_format=%n /etc/dovecot/users
}
userdb {
  driver = passwd-file
  args = username_format=%n /etc/dovecot/users
  override_fields = uid=5000 gid=5000 home=/srv/mail/%n
}
service lmtp {
  inet_listener lmtp {
    address = $server4
    port = 24
  }
}
submission_relay_host = $third4
submission_max_mail_size = 20480
CONF
    : >"$top/var/log/dovecot.log"
    install -d -m 777 "$root/out/relayed"
    enter third smtp-sink -u nobody -h mail.c.example -d "/out/relayed/%H%M%S." "$third4:25" 100 &
    sink_pid=$!
    enter server dovecot -F >"$root/out/dovecot.log" 2>&1 &
    site_log_files=('server dovecot /var/log/dovecot.log')
    wait_for_ports server 24 587
    wait_for_ports third 25
}

site_dovecot_down() {
    kill "$sink_pid"
    at server doveadm stop
}
