# shellcheck shell=bash disable=SC2034,SC2154  # sourced by ../record, which sets work, mirror and rebuild
#
# The mail system's root: a minimal Debian with the mail software, unpacked by debootstrap. Its maintainer scripts run
# without a network and in a process namespace that ends with them, so that no daemon outlives the unpacking.

root_packages=(
    postfix libsasl2-modules libsasl2-modules-db sasl2-bin postgrey
    swaks msmtp openssl python3
    tcpdump ethtool
    perl-openssl-defaults                            # stands for a virtual package debootstrap cannot resolve
    libgnutls-dane0 libidn12 libnsl2 libpcre2-8-0    # what Exim's binary is linked with
)

# Sets `base` to the archive of the unpacked system and makes it if it is not there.
build_base() {
    local id tree
    id=$(printf '%s\n' "$mirror" "${root_packages[@]}" | sha256sum | cut -c1-12)
    base=$work/base-$id.tar.zst
    [[ $rebuild == no && -e $base ]] && return

    say "unpacking Debian with ${root_packages[*]}, and Exim, under $work; nothing of it is installed on the host"
    mkdir -p "$work/cache"
    rm -f "$work"/base-*
    scratch=$(mktemp -d "$work/tree.XXXXXX")
    tree=$scratch/root
    mkdir "$tree"
    debootstrap --foreign --variant=minbase --cache-dir="$work/cache" \
        --include="$(IFS=,; printf '%s' "${root_packages[*]}")" bookworm "$tree" "$mirror" >"$work/debootstrap.log" ||
        die "debootstrap failed, see $work/debootstrap.log"
    # shellcheck disable=SC2016  # $1 is for the inner shell
    unshare --mount --net --uts --ipc --pid --fork --kill-child sh -c '
        echo mx.b.example >/proc/sys/kernel/hostname
        ip link set lo up
        exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin LC_ALL=C DEBIAN_FRONTEND=noninteractive \
            chroot "$1" /debootstrap/debootstrap --second-stage' sh "$tree" >>"$work/debootstrap.log" ||
        die "debootstrap failed, see $work/debootstrap.log"
    unpack_exim "$tree"
    # What debootstrap copied from the host.
    rm -f "$tree/etc/hostname" "$tree/etc/resolv.conf"

    tar -C "$tree" --zstd -cf "$base.part" .
    mv "$base.part" "$base"
    rm -rf --one-file-system -- "$scratch"
}

# Debian's Exim and Postfix cannot both be installed, so the one binary needed of Exim is put there by hand.
unpack_exim() {
    local dir=$scratch/exim
    mkdir "$dir"
    (cd "$dir" && apt-get -o APT::Sandbox::User=root --quiet=2 download exim4-daemon-light)
    dpkg -x "$dir"/exim4-daemon-light_*.deb "$dir/files"
    install -m 4755 "$dir/files/usr/sbin/exim4" "$1/usr/sbin/exim4"
    chroot "$1" useradd --system --user-group --home-dir /var/spool/exim4 --shell /usr/sbin/nologin Debian-exim
}
