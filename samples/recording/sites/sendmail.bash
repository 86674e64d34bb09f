# shellcheck shell=bash disable=SC2034,SC2154  # sourced by ../sites.bash

site_sendmail_up() {
    local top=$roots/sendmail user
    host_root[server]=$top
    for user in bob carol dave; do
        chroot "$top" useradd "$user"
    done
    # Debian's local mailer, of a package that is not there: what comes is accepted, and not kept.
    printf '#!/bin/sh\nexec cat >/dev/null\n' >"$top/usr/sbin/sensible-mda"
    chmod 755 "$top/usr/sbin/sensible-mda"
    : >"$top/var/lib/sendmail/sendmail.st"
    install -d "$top/var/lib/sendmail/host_status"
    cat >"$top/etc/mail/sendmail.mc" <<'MC'
define(`_USE_ETC_MAIL_')dnl
include(`/usr/share/sendmail/cf/m4/cf.m4')dnl
OSTYPE(`debian')dnl
DOMAIN(`debian-mta')dnl
define(`confDOMAIN_NAME', `mx.b.example')dnl
define(`confDONT_PROBE_INTERFACES', `True')dnl
define(`confMAX_MESSAGE_SIZE', `20480')dnl
define(`confPRIVACY_FLAGS', `')dnl
define(`confTO_IDENT', `0')dnl
define(`confLOG_LEVEL', `14')dnl
define(`confAUTH_MECHANISMS', `PLAIN LOGIN CRAM-MD5 DIGEST-MD5')dnl
TRUST_AUTH_MECH(`PLAIN LOGIN CRAM-MD5 DIGEST-MD5')dnl
define(`confAUTH_OPTIONS', `')dnl
FEATURE(`no_default_msa')dnl
DAEMON_OPTIONS(`Family=inet, Name=MTA, Port=25, Addr=198.51.100.25')dnl
DAEMON_OPTIONS(`Family=inet, Name=MSA, Port=587, Addr=198.51.100.25, M=Ea')dnl
FEATURE(`nocanonify')dnl
FEATURE(`accept_unresolvable_domains')dnl
FEATURE(`access_db', `hash -T<TMPF> /etc/mail/access')dnl
MAILER_DEFINITIONS
MAILER(`local')dnl
MAILER(`smtp')dnl
LOCAL_CONFIG
Cwb.example
MC
    printf 'From:mallory@a.example\tERROR:5.7.1:"554 No mail from this sender"\n' >"$top/etc/mail/access"
    at server sh -c 'cd /etc/mail && m4 sendmail.mc >sendmail.cf && makemap hash access <access && newaliases' \
        >"$root/out/sendmail.log" 2>&1
    install -d "$top/etc/sasl2" "$top/usr/lib/sasl2"
    printf 'pwcheck_method: auxprop\nauxprop_plugin: sasldb\n' | tee "$top/etc/mail/sasl/Sendmail.conf.2" \
        "$top/etc/sasl2/Sendmail.conf" >"$top/usr/lib/sasl2/Sendmail.conf"
    printf canary-secret-1 | at server saslpasswd2 -p -c -u mx.b.example alice
    printf canary-secret-2 | at server saslpasswd2 -p -c -u mx.b.example dora
    syslog_up server /var/log/mail.log
    enter server sendmail -bD -q1h >>"$root/out/sendmail.log" 2>&1 &
    site_log_files=('server sendmail /var/log/mail.log')
    wait_for_ports server 25 587
}

site_sendmail_down() {
    kill_all server
    syslog_down
}
