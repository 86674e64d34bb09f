/*
 * From the inside out: the IP packet of the segment, then for each tunnel a header before it and an
 * IP header before that, then the link's.
 */
#include "encap.h"

#include "draw.h"
#include "wire.h"

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
    TYPE_ETHERNET = 0x6558, /* RFC 1701: transparent Ethernet bridging */
    PORT_VXLAN = 4789,
    PORT_GENEVE = 6081,
    SHORTEST_FRAME = 60,
};

bool
encap_has_tags(EncapLink link)
{
    return link == LINK_ETHERNET;
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
    wire_put_u16(to, type);
    wire_put_u16(to, (uint16_t)draw_below(dice, 0x10000));
}

/* RFC 2516 section 4, and a PPP protocol number. */
static void
put_pppoe(GByteArray *to, uint8_t family, size_t len, GRand *dice)
{
    wire_put_u16(to, 0x8864);
    wire_put_u16(to, 0x1100);
    wire_put_u16(to, (uint16_t)draw_below(dice, 0x10000));
    wire_put_u16(to, (uint16_t)(len + 2));
    wire_put_u16(to, family == 4 ? 0x0021 : 0x0057);
}

/* RFC 3032 section 2.1: label, traffic class, bottom of stack, time to live. */
static void
put_mpls(GByteArray *to, GRand *dice)
{
    uint32_t n = 1 + draw_below(dice, 3);

    wire_put_u16(to, 0x8847);
    for (uint32_t i = 0; i < n; i++) {
        uint32_t label = 16 + draw_below(dice, (1 << 20) - 16); /* the first 16 mean something */
        wire_put_u32(to, label << 12 | draw_below(dice, 8) << 9 | (i == n - 1 ? 0x100 : 0) | 64);
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
        wire_put_u16(to, type_of(family));
    }
    wire_put(to, packet->data, packet->len);
}

static void
put_ethernet(GByteArray *to, EncapTag tag, uint8_t family, const GByteArray *packet, GRand *dice)
{
    static const uint8_t addresses[12] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1};

    wire_put(to, addresses, sizeof addresses);
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
            wire_put_zeros(to, SHORTEST_FRAME - to->len);
        }
        return to;
    case LINK_SLL: /* to us, Ethernet, an address of six bytes */
        wire_put_u32(to, 0x00000001);
        wire_put_u32(to, 0x00060200);
        wire_put_zeros(to, 6);
        wire_put_u16(to, type_of(family));
        break;
    case LINK_SLL2: /* interface 2 */
        wire_put_u16(to, type_of(family));
        wire_put_u16(to, 0);
        wire_put_u32(to, 2);
        wire_put_u32(to, 0x00010006);
        wire_put_zeros(to, 8);
        break;
    case LINK_NULL: /* in the byte order of a little machine that runs Linux */
        wire_put_u32(to, family == 4 ? 0x02000000 : 0x0a000000);
        break;
    case LINK_LOOP:
        wire_put_u32(to, family == 4 ? 2 : 24);
        break;
    case LINK_PPP:
        wire_put_u16(to, 0xff03);
        wire_put_u16(to, family == 4 ? 0x0021 : 0x0057);
        break;
    case LINK_C_HDLC:
        wire_put_u16(to, 0x0f00);
        wire_put_u16(to, type_of(family));
        break;
    case LINK_RAW:
    default:
        break;
    }
    wire_put(to, packet->data, packet->len);
    return to;
}

/* --- tunnels --- */

/* RFC 2784, and RFC 2890's key and sequence number. */
static GByteArray *
in_gre(uint16_t type, const GByteArray *inner, GRand *dice)
{
    GByteArray *to = g_byte_array_new();
    bool has_checksum = draw_one_in(dice, 4), has_key = draw_one_in(dice, 3),
         has_sequence = draw_one_in(dice, 4);

    wire_put_u16(to, (uint16_t)(has_checksum << 15 | has_key << 13 | has_sequence << 12));
    wire_put_u16(to, type);
    if (has_checksum) {
        wire_put_u32(to, 0);
    }
    if (has_key) {
        wire_put_u32(to, draw_below(dice, 1 << 30));
    }
    if (has_sequence) {
        wire_put_u32(to, draw_below(dice, 1 << 30));
    }
    wire_put(to, inner->data, inner->len);
    if (has_checksum) {
        wire_poke_u16(to, 4, (uint16_t)~wire_sum(to->data, to->len, 0));
    }
    return to;
}

/* RFC 8926 section 3.4. */
static void
put_geneve(GByteArray *to, uint16_t type, GRand *dice)
{
    uint32_t words = draw_one_in(dice, 3) ? 1 + draw_below(dice, 4) : 0;

    wire_put_u8(to, (uint8_t)words);
    wire_put_u8(to, 0);
    wire_put_u16(to, type);
    wire_put_u32(to, draw_below(dice, 1 << 24) << 8);
    if (words) { /* one option that fills them, of a class for experiments */
        wire_put_u16(to, 0xff00);
        wire_put_u8(to, 1);
        wire_put_u8(to, (uint8_t)(words - 1));
        wire_put_zeros(to, 4 * (words - 1));
    }
}

static GByteArray *
in_udp(uint16_t port, EncapTunnel kind, uint16_t type, const GByteArray *inner, GRand *dice)
{
    GByteArray *to = g_byte_array_new();

    wire_put_u16(to, (uint16_t)(49152 + draw_below(dice, 16384)));
    wire_put_u16(to, port);
    wire_put_u32(to, 0);
    if (kind == TUNNEL_VXLAN) { /* RFC 7348 section 5 */
        wire_put_u32(to, 0x08000000);
        wire_put_u32(to, draw_below(dice, 1 << 24) << 8);
    } else {
        put_geneve(to, type, dice);
    }
    wire_put(to, inner->data, inner->len);
    wire_poke_u16(to, 4, (uint16_t)to->len);
    return to;
}

static GByteArray *
tunnel_payload(EncapTunnel kind, EncapTag tag, uint8_t family, const GByteArray *packet,
               WireIp *header, GRand *dice)
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
    WireIp header = {.family = stack->tunnel[level].family, .id = id};
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
    if (header.protocol == PROTOCOL_UDP && (header.family == 6 || draw_one_in(dice, 2))) {
        uint16_t checksum = wire_checksum(&header, payload);
        wire_poke_u16(payload, 6, checksum ? checksum : 0xffff);
    }
    return wire_ip(&header, payload);
}

/* --- all of it --- */

GPtrArray *
encap_packet(GByteArray *packet, uint8_t family, bool is_back, const EncapStack *stack, uint16_t id,
             GRand *dice)
{
    g_autoptr(GPtrArray) packets =
        g_ptr_array_new_with_free_func((GDestroyNotify)g_byte_array_unref);
    GPtrArray *frames = g_ptr_array_new_with_free_func((GDestroyNotify)g_bytes_unref);

    g_ptr_array_add(packets, packet);
    if (stack->n_fragments > 1 && stack->fragmented == 0) {
        wire_split(packets, family, stack->n_fragments, id, dice);
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
            wire_split(packets, family, stack->n_fragments, id, dice);
        }
    }
    for (guint k = 0; k < packets->len; k++) {
        GByteArray *frame = link_frame(stack, family, g_ptr_array_index(packets, k), dice);
        g_ptr_array_add(frames, g_byte_array_free_to_bytes(frame));
    }
    return frames;
}

GPtrArray *
encap_segment(const SsSegment *segment, const EncapStack *stack, uint16_t id, GRand *dice)
{
    GByteArray *packet = wire_tcp(segment, stack->has_ip_options, id);

    return encap_packet(packet, segment->family, segment->from.port < segment->to.port, stack, id,
                        dice);
}
