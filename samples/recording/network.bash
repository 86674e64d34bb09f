# shellcheck shell=bash disable=SC2034,SC2154  # sourced by ../record, which sets roots, root, out and here
#
# The hosts: network namespaces on one switch, and tcpdump on the client's end of its cable or on the switch.

client4=192.0.2.10
server4=198.51.100.25
third4=203.0.113.25
client6=2001:db8:a::10
server6=2001:db8:b::25
vlan_client4=192.0.2.42
vlan_server4=198.51.100.42

hosts=(client server third)
declare -A host_name=([client]=client.a.example [server]=mx.b.example [third]=mail.c.example [switch]=switch)
declare -A host_ip4=([client]=$client4 [server]=$server4 [third]=$third4)
declare -A host_ip6=([client]=$client6 [server]=$server6)
declare -A host_mac=([client]=02:00:00:00:00:0a [server]=02:00:00:00:00:19 [third]=02:00:00:00:00:1c)
declare -A vlan_mac=([client]=02:00:00:00:2a:0a [server]=02:00:00:00:2a:19)
declare -A host_root    # the root that a host's commands run in

# Becomes a command that runs on a host: in its network, with its name, in its mail system's root.
enter() {
    local side=$1
    shift
    # shellcheck disable=SC2016  # for the inner shell
    exec ip netns exec "$side" unshare --uts sh -c '
        printf "%s\n" "$1" >/proc/sys/kernel/hostname
        shift
        exec env -i PATH=/usr/sbin:/usr/bin:/sbin:/bin HOME=/root LC_ALL=C.UTF-8 chroot "$@"' \
        sh "${host_name[$side]}" "${host_root[$side]}" "$@"
}

at() { (enter "$@"); }

# Checksums and segmentation are left to the software, so that a capture shows what a wire would carry. Every root
# lends its network to the client's ethtool.
plain_wire() { ip netns exec "$1" chroot "$root" ethtool -K "$2" tx off rx off tso off gso off gro off >/dev/null; }

network_up() {
    local side peer
    ip netns add switch
    ip -n switch link add br0 type bridge mcast_snooping 0
    ip netns exec switch sysctl -q net.ipv6.conf.br0.disable_ipv6=1
    ip -n switch link set br0 up
    for side in "${hosts[@]}"; do
        ip netns add "$side"
        ip netns exec "$side" sysctl -q net.ipv6.conf.all.accept_dad=0 net.ipv6.conf.default.accept_dad=0 \
            net.ipv6.conf.default.router_solicitations=0
        ip -n "$side" link set lo up
        ip link add eth0 netns "$side" address "${host_mac[$side]}" type veth peer name "$side" netns switch
        ip netns exec switch sysctl -q "net.ipv6.conf.$side.disable_ipv6=1"
        ip -n switch link set "$side" master br0 up
        plain_wire "$side" eth0
        ip -n "$side" link set eth0 up
        ip -n "$side" address add "${host_ip4[$side]}/32" dev eth0
        [[ -z ${host_ip6[$side]-} ]] || ip -n "$side" address add "${host_ip6[$side]}/128" dev eth0
    done
    for side in "${hosts[@]}"; do
        for peer in "${hosts[@]}"; do
            [[ $side != "$peer" ]] || continue
            ip -n "$side" route add "${host_ip4[$peer]}" dev eth0 src "${host_ip4[$side]}"
            [[ -z ${host_ip6[$side]-} || -z ${host_ip6[$peer]-} ]] ||
                ip -n "$side" route add "${host_ip6[$peer]}" dev eth0 src "${host_ip6[$side]}"
        done
    done
}

# names_for ROOT: makes the hosts known there by name, and nothing else.
names_for() {
    cat >"$1/etc/hosts" <<HOSTS
127.0.0.1       localhost
::1             localhost
$client4        client.a.example
$client6        client.a.example
$vlan_client4   client.a.example
$server4        mx.b.example
$server6        mx.b.example
$vlan_server4   mx.b.example
$third4         mail.c.example
HOSTS
    printf 'hosts: files\npasswd: files\ngroup: files\nservices: files\nprotocols: files\n' >"$1/etc/nsswitch.conf"
}

network_down() {
    local side
    for side in "${hosts[@]}" switch; do
        ip netns pids "$side" 2>/dev/null | xargs --no-run-if-empty kill 2>/dev/null || true
        ip netns delete "$side" 2>/dev/null || true
    done
}

# A second link between the hosts, whose frames carry the tag of VLAN 42. The tags are put on and taken off by
# vlan-trunk, because not every kernel has VLAN devices.
vlan_up() {
    ip link add trunk0 netns client type veth peer name trunk0 netns server
    local side
    for side in client server; do
        ip netns exec "$side" sysctl -q net.ipv6.conf.trunk0.disable_ipv6=1
        plain_wire "$side" trunk0
        ip -n "$side" link set trunk0 up
        enter "$side" /samples/recording/vlan-trunk mail0 trunk0 42 &
        wait_for "the VLAN device of the $side" ip -n "$side" link show mail0
        ip netns exec "$side" sysctl -q net.ipv6.conf.mail0.disable_ipv6=1
        ip -n "$side" link set mail0 address "${vlan_mac[$side]}" up
    done
    ip -n client address add "$vlan_client4/32" dev mail0
    ip -n server address add "$vlan_server4/32" dev mail0
    ip -n client route add "$vlan_server4" dev mail0 src "$vlan_client4"
    ip -n server route add "$vlan_client4" dev mail0 src "$vlan_server4"
}

# wait_for WHAT COMMAND...: until the command succeeds, 20 seconds at most.
wait_for() {
    local what=$1 i
    shift
    for ((i = 0; i < 200; i++)); do
        "$@" >/dev/null 2>&1 && return
        sleep 0.1
    done
    die "waited in vain for $what"
}

# capture_start FILE INTERFACE [TCPDUMP-ARGUMENT...]: on the client, or on the switch, where capture_host says so.
capture_start() {
    capture_file=$1
    shift
    server_log_mark
    enter "${capture_host:-client}" tcpdump -i "$1" -s 0 -B 32768 --immediate-mode -U -n -Z root -w "/out/$capture_file" \
        "${@:2}" \
        2>"$root/out/tcpdump.err" &
    capture_pid=$!
    wait_for tcpdump grep -q 'listening on' "$root/out/tcpdump.err"
}

# capture_stop SESSIONS: when the server has seen the end of that many, and their last packets had time to pass.
capture_stop() {
    ((!$1)) || wait_for "$1 sessions to end" server_is_done "$1"
    sleep 1
    kill -INT "$capture_pid"
    wait "$capture_pid" || true
    grep -q '^0 packets dropped by kernel' "$root/out/tcpdump.err" || die "tcpdump lost packets of $capture_file"
    install -m 644 "$root/out/$capture_file" "$out/$capture_file"
}
