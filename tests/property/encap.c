/*
 * From the inside out: the IP packet of the segment, then for each tunnel a header before it and an
 * IP header before that, then the link's.
 */
#include "encap.h"

const char *const encap_link_names[N_LINKS] = {
    "Ethernet", "Linux cooked", "Linux cooked 2", "raw IP", "null", "loop", "PPP", "Cisco HDLC",
};
const uint32_t encap_link_types[N_LINKS] = {1, 113, 276, 101, 0, 108, 9, 104};
const char *const encap_tag_names[N_TAGS] = {
    "no tag", "VLAN", "QinQ", "PPPoE", "MPLS", "PPPoE in VLAN", "MPLS in VLAN",
};
const char *const encap_tunnel_names[N_TUNNELS] = {
    "IP", "GRE", "Ethernet in GRE", "VXLAN", "GENEVE", "Ethernet in GENEVE",
};

enum {
    PROTOCOL_IPV4 = 4,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
    PROTOCOL_IPV6 = 41,
    PROTOCOL_FRAGMENT = 44,
    PROTOCOL_GRE = 47,
    PROTOCOL_OPTIONS = 60,
    TYPE_ETHERNET = 0x6558, /* RFC 1701: transparent Ethernet bridging */
    PORT_VXLAN = 4789,
    PORT_GENEVE = 6081,
    MORE_FRAGMENTS = 1,
    SHORTEST_FRAME = 60,
};

/* The TCP header, and an option header of IPv6 before it, are in the first fragment. */
#define FIRST_FRAGMENT_MIN 32

bool
encap_has_tags(EncapLink link)
{
    return link == LINK_ETHERNET;
}

/* --- bytes --- */

static void
put_u8(GByteArray *to, uint8_t value)
{
    g_byte_array_append(to, &value, 1);
}

static void
put_u16(GByteArray *to, uint16_t value)
{
    put_u8(to, (uint8_t)(value >> 8));
    put_u8(to, (uint8_t)value);
}

static void
put_u32(GByteArray *to, uint32_t value)
{
    put_u16(to, (uint16_t)(value >> 16));
    put_u16(to, (uint16_t)value);
}

static void
put(GByteArray *to, const void *bytes, size_t len)
{
    if (len) {
        g_byte_array_append(to, bytes, (guint)len);
    }
}

static void
put_zeros(GByteArray *to, size_t n)
{
    while (n--) {
        put_u8(to, 0);
    }
}

static void
poke_u16(GByteArray *in, guint at, uint16_t value)
{
    in->data[at] = (uint8_t)(value >> 8);
    in->data[at + 1] = (uint8_t)value;
}

/* Ones' complement sum (RFC 1071), not yet complemented. */
static uint32_t
sum_of(const uint8_t *bytes, size_t len, uint32_t sum)
{
    for (size_t i = 0; i < len; i++) {
        sum += (uint32_t)(i % 2 ? bytes[i] : bytes[i] << 8);
    }
    while (sum >> 16) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum;
}

static bool
one_in(GRand *dice, int n)
{
    return g_rand_int_range(dice, 0, n) == 0;
}

static uint32_t
any(GRand *dice, uint32_t below)
{
    return (uint32_t)g_rand_int_range(dice, 0, (gint32)below);
}

/* --- IP --- */

typedef struct {
    uint8_t family;
    uint8_t from[16], to[16];
    uint8_t protocol;
    uint16_t id;
    bool has_options;
} IpHeader;

static void
put_ip4(GByteArray *to, const IpHeader *header, SsSlice payload)
{
    guint start = to->len;
    uint8_t words = header->has_options ? 6 : 5;

    put_u8(to, (uint8_t)(0x40 | words));
    put_u8(to, 0);
    put_u16(to, (uint16_t)(4 * words + payload.len));
    put_u16(to, header->id);
    put_u16(to, 0);
    put_u8(to, 64);
    put_u8(to, header->protocol);
    put_u16(to, 0);
    put(to, header->from, 4);
    put(to, header->to, 4);
    if (header->has_options) {
        put_u32(to, 0x01010100); /* three times nothing, and the end */
    }
    poke_u16(to, start + 10, (uint16_t)~sum_of(to->data + start, 4u * words, 0));
    put(to, payload.data, payload.len);
}

static void
put_ip6(GByteArray *to, const IpHeader *header, SsSlice payload)
{
    put_u32(to, 0x60000000);
    put_u16(to, (uint16_t)(payload.len + (header->has_options ? 8 : 0)));
    put_u8(to, header->has_options ? PROTOCOL_OPTIONS : header->protocol);
    put_u8(to, 64);
    put(to, header->from, 16);
    put(to, header->to, 16);
    if (header->has_options) {
        put_u8(to, header->protocol);
        put_u8(to, 0);
        put_u16(to, 0x0104); /* padding of four bytes: RFC 8200 section 4.2 */
        put_u32(to, 0);
    }
    put(to, payload.data, payload.len);
}

static GByteArray *
ip_packet(const IpHeader *header, const GByteArray *payload)
{
    GByteArray *packet = g_byte_array_new();
    SsSlice slice = ss_slice(payload->data, payload->len);

    if (header->family == 4) {
        put_ip4(packet, header, slice);
    } else {
        put_ip6(packet, header, slice);
    }
    return packet;
}

static uint16_t
transport_checksum(const IpHeader *header, const GByteArray *payload)
{
    size_t len = header->family == 4 ? 4 : 16;
    uint32_t sum = payload->len + header->protocol;

    sum = sum_of(header->from, len, sum);
    sum = sum_of(header->to, len, sum);
    return (uint16_t)~sum_of(payload->data, payload->len, sum);
}

static GByteArray *
tcp_packet(const SsSegment *segment, bool has_options, uint16_t id)
{
    g_autoptr(GByteArray) tcp = g_byte_array_new();
    IpHeader header = {
        .family = segment->family, .protocol = PROTOCOL_TCP, .id = id, .has_options = has_options};

    memcpy(header.from, segment->from.bytes, 16);
    memcpy(header.to, segment->to.bytes, 16);
    put_u16(tcp, segment->from.port);
    put_u16(tcp, segment->to.port);
    put_u32(tcp, segment->seq);
    put_u32(tcp, segment->ack);
    bool is_syn = (segment->flags & SS_TCP_SYN) != 0;
    put_u16(tcp, (uint16_t)((is_syn ? 0x6000 : 0x5000) | segment->flags));
    put_u16(tcp, segment->window);
    put_u32(tcp, 0);
    if (is_syn) { /* a window of 8 MiB, for nobody acknowledges every 64 KiB (RFC 7323) */
        put_u32(tcp, 0x03030701);
    }
    put(tcp, segment->payload.data, segment->payload.len);
    poke_u16(tcp, 16, transport_checksum(&header, tcp));
    return ip_packet(&header, tcp);
}

/* --- fragments --- */

/* RFC 791 section 3.2; one of `packet`'s, whose header is as long as the packet's own. */
static GByteArray *
fragment4(const GByteArray *packet, size_t header_len, size_t from, size_t to)
{
    GByteArray *fragment = g_byte_array_new();
    bool is_last = header_len + to == packet->len;

    put(fragment, packet->data, header_len);
    poke_u16(fragment, 2, (uint16_t)(header_len + to - from));
    poke_u16(fragment, 6, (uint16_t)((is_last ? 0 : MORE_FRAGMENTS << 13) | from / 8));
    poke_u16(fragment, 10, 0);
    poke_u16(fragment, 10, (uint16_t)~sum_of(fragment->data, header_len, 0));
    put(fragment, packet->data + header_len + from, to - from);
    return fragment;
}

/* RFC 8200 section 4.5. */
static GByteArray *
fragment6(const GByteArray *packet, size_t from, size_t to, uint32_t id)
{
    GByteArray *fragment = g_byte_array_new();
    bool is_last = 40 + to == packet->len;

    put(fragment, packet->data, 40);
    poke_u16(fragment, 4, (uint16_t)(8 + to - from));
    put_u8(fragment, packet->data[6]);
    fragment->data[6] = PROTOCOL_FRAGMENT;
    put_u8(fragment, 0);
    put_u16(fragment, (uint16_t)(from | (is_last ? 0 : MORE_FRAGMENTS)));
    put_u32(fragment, id);
    put(fragment, packet->data + 40 + from, to - from);
    return fragment;
}

/* Of GByteArray; the packet itself where it is too short. */
static void
split(GPtrArray *packets, uint8_t family, size_t n, uint16_t id, GRand *dice)
{
    g_autoptr(GByteArray) packet = g_ptr_array_steal_index(packets, 0);
    size_t header_len = family == 4 ? 4u * (packet->data[0] & 15) : 40;
    size_t len = packet->len - header_len;

    for (size_t from = 0; from < len; n--) {
        size_t least = from ? 8 : FIRST_FRAGMENT_MIN;
        size_t to = len;
        if (n > 1 && len - from > least) {
            to = from + least + 8 * any(dice, (uint32_t)((len - from - least + 7) / 8));
        }
        if (from == 0 && to == len) {
            g_ptr_array_add(packets, g_steal_pointer(&packet));
            return;
        }
        g_ptr_array_add(packets, family == 4 ? fragment4(packet, header_len, from, to)
                                             : fragment6(packet, from, to, 0x10000u | id));
        from = to;
    }
}

/* --- links --- */

static uint16_t
type_of(uint8_t family)
{
    return family == 4 ? 0x0800 : 0x86dd;
}

static void
put_vlan(GByteArray *to, uint16_t type, GRand *dice)
{
    put_u16(to, type);
    put_u16(to, (uint16_t)any(dice, 0x10000));
}

/* RFC 2516 section 4, and a PPP protocol number. */
static void
put_pppoe(GByteArray *to, uint8_t family, size_t len, GRand *dice)
{
    put_u16(to, 0x8864);
    put_u16(to, 0x1100);
    put_u16(to, (uint16_t)any(dice, 0x10000));
    put_u16(to, (uint16_t)(len + 2));
    put_u16(to, family == 4 ? 0x0021 : 0x0057);
}

/* RFC 3032 section 2.1: label, traffic class, bottom of stack, time to live. */
static void
put_mpls(GByteArray *to, GRand *dice)
{
    uint32_t n = 1 + any(dice, 3);

    put_u16(to, 0x8847);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t label = 16 + any(dice, (1 << 20) - 16); /* the first 16 mean something */
        put_u32(to, label << 12 | any(dice, 8) << 9 | (i == n - 1 ? 0x100 : 0) | 64);
    }
}

/* What follows the addresses of an Ethernet frame: tags, type, packet. */
static void
put_type(GByteArray *to, EncapTag tag, uint8_t family, const GByteArray *packet, GRand *dice)
{
    if (tag == TAG_QINQ) {
        put_vlan(to, 0x88a8, dice);
    }
    if (tag == TAG_VLAN || tag == TAG_QINQ || tag == TAG_VLAN_PPPOE || tag == TAG_VLAN_MPLS) {
        put_vlan(to, 0x8100, dice);
    }
    if (tag == TAG_PPPOE || tag == TAG_VLAN_PPPOE) {
        put_pppoe(to, family, packet->len, dice);
    } else if (tag == TAG_MPLS || tag == TAG_VLAN_MPLS) {
        put_mpls(to, dice);
    } else {
        put_u16(to, type_of(family));
    }
    put(to, packet->data, packet->len);
}

static void
put_ethernet(GByteArray *to, EncapTag tag, uint8_t family, const GByteArray *packet, GRand *dice)
{
    static const uint8_t addresses[12] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1};

    put(to, addresses, sizeof addresses);
    put_type(to, tag, family, packet, dice);
}

static GByteArray *
link_frame(const EncapStack *stack, uint8_t family, const GByteArray *packet, GRand *dice)
{
    GByteArray *to = g_byte_array_new();

    switch (stack->link) {
    case LINK_ETHERNET:
        put_ethernet(to, stack->tag, family, packet, dice);
        if (stack->is_padded && to->len < SHORTEST_FRAME) {
            put_zeros(to, SHORTEST_FRAME - to->len);
        }
        return to;
    case LINK_SLL: /* to us, Ethernet, an address of six bytes */
        put_u32(to, 0x00000001);
        put_u32(to, 0x00060200);
        put_zeros(to, 6);
        put_u16(to, type_of(family));
        break;
    case LINK_SLL2: /* interface 2 */
        put_u16(to, type_of(family));
        put_u16(to, 0);
        put_u32(to, 2);
        put_u32(to, 0x00010006);
        put_zeros(to, 8);
        break;
    case LINK_NULL: /* in the byte order of a little machine that runs Linux */
        put_u32(to, family == 4 ? 0x02000000 : 0x0a000000);
        break;
    case LINK_LOOP:
        put_u32(to, family == 4 ? 2 : 24);
        break;
    case LINK_PPP:
        put_u16(to, 0xff03);
        put_u16(to, family == 4 ? 0x0021 : 0x0057);
        break;
    case LINK_C_HDLC:
        put_u16(to, 0x0f00);
        put_u16(to, type_of(family));
        break;
    case LINK_RAW:
    default:
        break;
    }
    put(to, packet->data, packet->len);
    return to;
}

/* --- tunnels --- */

/* RFC 2784, and RFC 2890's key and sequence number. */
static GByteArray *
in_gre(uint16_t type, const GByteArray *inner, GRand *dice)
{
    GByteArray *to = g_byte_array_new();
    bool has_checksum = one_in(dice, 4), has_key = one_in(dice, 3), has_sequence = one_in(dice, 4);

    put_u16(to, (uint16_t)(has_checksum << 15 | has_key << 13 | has_sequence << 12));
    put_u16(to, type);
    if (has_checksum) {
        put_u32(to, 0);
    }
    if (has_key) {
        put_u32(to, any(dice, 1 << 30));
    }
    if (has_sequence) {
        put_u32(to, any(dice, 1 << 30));
    }
    put(to, inner->data, inner->len);
    if (has_checksum) {
        poke_u16(to, 4, (uint16_t)~sum_of(to->data, to->len, 0));
    }
    return to;
}

/* RFC 8926 section 3.4. */
static void
put_geneve(GByteArray *to, uint16_t type, GRand *dice)
{
    uint32_t words = one_in(dice, 3) ? 1 + any(dice, 4) : 0;

    put_u8(to, (uint8_t)words);
    put_u8(to, 0);
    put_u16(to, type);
    put_u32(to, any(dice, 1 << 24) << 8);
    if (words) { /* one option that fills them, of a class for experiments */
        put_u16(to, 0xff00);
        put_u8(to, 1);
        put_u8(to, (uint8_t)(words - 1));
        put_zeros(to, 4 * (words - 1));
    }
}

static GByteArray *
in_udp(uint16_t port, EncapTunnel kind, uint16_t type, const GByteArray *inner, GRand *dice)
{
    GByteArray *to = g_byte_array_new();

    put_u16(to, (uint16_t)(49152 + any(dice, 16384)));
    put_u16(to, port);
    put_u32(to, 0);
    if (kind == TUNNEL_VXLAN) { /* RFC 7348 section 5 */
        put_u32(to, 0x08000000);
        put_u32(to, any(dice, 1 << 24) << 8);
    } else {
        put_geneve(to, type, dice);
    }
    put(to, inner->data, inner->len);
    poke_u16(to, 4, (uint16_t)to->len);
    return to;
}

static GByteArray *
tunnel_payload(EncapTunnel kind, EncapTag tag, uint8_t family, const GByteArray *packet,
               IpHeader *header, GRand *dice)
{
    g_autoptr(GByteArray) ethernet = g_byte_array_new();
    bool is_udp = kind != TUNNEL_IP && kind != TUNNEL_GRE && kind != TUNNEL_GRE_ETHERNET;

    put_ethernet(ethernet, tag, family, packet, dice);
    header->protocol = is_udp ? PROTOCOL_UDP : PROTOCOL_GRE;
    switch (kind) {
    case TUNNEL_GRE:
        return in_gre(type_of(family), packet, dice);
    case TUNNEL_GRE_ETHERNET:
        return in_gre(TYPE_ETHERNET, ethernet, dice);
    case TUNNEL_VXLAN:
        return in_udp(PORT_VXLAN, kind, 0, ethernet, dice);
    case TUNNEL_GENEVE:
        return in_udp(PORT_GENEVE, kind, type_of(family), packet, dice);
    case TUNNEL_GENEVE_ETHERNET:
        return in_udp(PORT_GENEVE, kind, TYPE_ETHERNET, ethernet, dice);
    case TUNNEL_IP:
    default:
        header->protocol = family == 4 ? PROTOCOL_IPV4 : PROTOCOL_IPV6;
        return g_byte_array_append(g_byte_array_new(), packet->data, packet->len);
    }
}

/* `level` gives the ends of each tunnel addresses of their own. */
static GByteArray *
wrap(const EncapStack *stack, size_t level, uint8_t family, const GByteArray *packet, uint16_t id,
     bool is_back, GRand *dice)
{
    IpHeader header = {.family = stack->tunnel[level].family, .id = id};
    uint8_t ends[2] = {(uint8_t)(1 + 2 * level), (uint8_t)(2 + 2 * level)};
    g_autoptr(GByteArray) payload = tunnel_payload(
        stack->tunnel[level].kind, stack->tunnel[level].tag, family, packet, &header, dice);
    static const uint8_t prefix4[4] = {203, 0, 113, 0};
    static const uint8_t prefix6[16] = {0x20, 0x01, 0x0d, 0xb8, 0, 0xff};
    const uint8_t *prefix = header.family == 4 ? prefix4 : prefix6;
    size_t len = header.family == 4 ? sizeof prefix4 : sizeof prefix6;

    memcpy(header.from, prefix, len);
    memcpy(header.to, prefix, len);
    header.from[len - 1] = ends[is_back];
    header.to[len - 1] = ends[!is_back];
    if (header.protocol == PROTOCOL_UDP && (header.family == 6 || one_in(dice, 2))) {
        uint16_t checksum = transport_checksum(&header, payload);
        poke_u16(payload, 6, checksum ? checksum : 0xffff);
    }
    return ip_packet(&header, payload);
}

/* --- all of it --- */

GPtrArray *
encap_segment(const SsSegment *segment, const EncapStack *stack, uint16_t id, GRand *dice)
{
    g_autoptr(GPtrArray) packets =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    GPtrArray *frames = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);
    uint8_t family = segment->family;
    bool is_back = segment->from.port < segment->to.port;

    g_ptr_array_add(packets, tcp_packet(segment, stack->has_ip_options, id));
    if (stack->n_fragments > 1 && stack->fragmented == 0) {
        split(packets, family, stack->n_fragments, id, dice);
    }
    for (size_t i = 0; i < stack->n_tunnels; i++) {
        size_t level = stack->n_tunnels - 1 - i;
        for (guint k = 0; k < packets->len; k++) {
            GByteArray *inner = g_ptr_array_index(packets, k);
            /* Each outer packet has an id of its own. */
            uint16_t outer_id = (uint16_t)(id * 7 + k);
            packets->pdata[k] = wrap(stack, level, family, inner, outer_id, is_back, dice);
            g_byte_array_unref(inner);
        }
        family = stack->tunnel[level].family;
        if (stack->n_fragments > 1 && stack->fragmented == i + 1) {
            split(packets, family, stack->n_fragments, id, dice);
        }
    }
    for (guint k = 0; k < packets->len; k++) {
        GByteArray *frame = link_frame(stack, family, g_ptr_array_index(packets, k), dice);
        g_ptr_array_add(frames, g_byte_array_free_to_bytes(frame));
    }
    return frames;
}
