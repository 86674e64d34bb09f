# shellcheck shell=bash disable=SC2034,SC2154  # sourced by ../record, which sets work, mirror and rebuild
#
# The roots: a minimal Debian for each mail server, since their packages exclude each other, made of one minimal system
# unpacked by debootstrap. Maintainer scripts run without a network and in a process namespace that ends with them,
# so that no daemon outlives the unpacking.

# `postfix` is the root of the client too, and has all clients.
declare -A root_packages=(
    [postfix]='postfix libsasl2-modules libsasl2-modules-db sasl2-bin postgrey
        swaks libauthen-sasl-perl libauthen-ntlm-perl libio-socket-ssl-perl
        msmtp curl openssl python3 tcpdump ethtool
        libgnutls-dane0 libidn12 libnsl2 libpcre2-8-0'    # what Exim's binary is linked with
    [exim]='exim4-daemon-heavy openssl sasl2-bin libsasl2-modules'
    [opensmtpd]='opensmtpd openssl'
    [sendmail]='sendmail-bin sendmail-cf m4 sasl2-bin libsasl2-modules openssl'
    [dovecot]='dovecot-core dovecot-lmtpd dovecot-submissiond dovecot-imapd openssl'
    [courier]='courier-mta openssl'
    [aiosmtpd]='python3-aiosmtpd openssl'
)

# Sets `archive` to where the root of that name is kept; NAME is `minimal` or a key of root_packages.
root_archive() {
    local id
    id=$(printf '%s\n' "$mirror" "${root_packages[$1]-}" | sha256sum | cut -c1-12)
    archive=$work/$1-$id.tar.zst
}

# without_network TREE COMMAND...: runs it in the tree, in namespaces of its own.
without_network() {
    # shellcheck disable=SC2016  # for the inner shell
    unshare --mount --net --uts --ipc --pid --fork --kill-child sh -c '
        echo mx.b.example >/proc/sys/kernel/hostname
        ip link set lo up
        exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive chroot "$@"' sh "$@"
}

# make_root NAME: makes the archive of a root if it is not there.
make_root() {
    local log=$work/$1.log tree
    root_archive "$1"
    [[ $rebuild == no && -e $archive ]] && return
    [[ $1 == minimal ]] || make_root minimal
    root_archive "$1"

    say "unpacking Debian with ${root_packages[$1]-nothing else} under $work; nothing of it is installed on the host"
    mkdir -p "$work/cache"
    rm -f "$work/$1"-*
    scratch=$(mktemp -d "$work/tree.XXXXXX")
    tree=$scratch/root
    mkdir "$tree"
    if [[ $1 == minimal ]]; then
        unpack_minimal "$tree" >"$log" 2>&1 || die "debootstrap failed, see $log"
    else
        install_packages "$1" "$tree" >"$log" 2>&1 || die "the packages could not be installed, see $log"
        [[ $1 != postfix ]] || unpack_exim "$tree"
    fi
    # What debootstrap copied from the host.
    rm -f "$tree/etc/hostname" "$tree/etc/resolv.conf"

    root_archive "$1"
    tar -C "$tree" --zstd -cf "$archive.part" .
    mv "$archive.part" "$archive"
    rm -rf --one-file-system -- "$scratch"
    scratch=
}

unpack_minimal() {
    debootstrap --foreign --variant=minbase --cache-dir="$work/cache" bookworm "$1" "$mirror" &&
        without_network "$1" /debootstrap/debootstrap --second-stage
}

# install_packages NAME TREE
install_packages() {
    local packages
    read -r -d '' -a packages <<<"${root_packages[$1]}" || true
    root_archive minimal
    tar -C "$2" -xf "$archive"
    cp /etc/resolv.conf "$2/etc/resolv.conf"
    printf '#!/bin/sh\nexit 101\n' >"$2/usr/sbin/policy-rc.d"    # no daemon is started
    chmod 755 "$2/usr/sbin/policy-rc.d"
    printf 'deb %s bookworm main\n' "$mirror" >"$2/etc/apt/sources.list"
    local apt=(apt-get --yes --no-install-recommends -o APT::Sandbox::User=root)
    chroot "$2" apt-get update &&
        chroot "$2" "${apt[@]}" --download-only install "${packages[@]}" &&
        without_network "$2" sh -c 'mount -t proc proc /proc && exec "$@"' sh \
            "${apt[@]}" --no-download install "${packages[@]}" &&
        chroot "$2" apt-get clean &&
        rm -rf "$2"/var/lib/apt/lists/*
}

# Debian's Exim and Postfix cannot both be installed, so the one binary that the client needs is put there by hand.
unpack_exim() {
    local dir=$scratch/exim
    mkdir "$dir"
    (cd "$dir" && apt-get -o APT::Sandbox::User=root --quiet=2 download exim4-daemon-light)
    dpkg -x "$dir"/exim4-daemon-light_*.deb "$dir/files"
    install -m 4755 "$dir/files/usr/sbin/exim4" "$1/usr/sbin/exim4"
    chroot "$1" useradd --system --user-group --home-dir /var/spool/exim4 --shell /usr/sbin/nologin Debian-exim
}
