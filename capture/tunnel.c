/*
 * What carries packets within packets: MPLS (RFC 3032, RFC 4023), GRE with what is put into it,
 * VXLAN and GENEVE, and the first two over UDP. IP within IP is ip.c's, PPP over Ethernet ppp.c's.
 *
 * A tunnel's header that makes no sense is no tunnel's: the packet is then what it was without it.
 */
#include "capture/layers.h"

enum {
    GRE_CHECKSUM = 0x8000, /* RFC 2784, and with the next three RFC 1701 */
    GRE_ROUTING = 0x4000,
    GRE_KEY = 0x2000, /* RFC 2890 */
    GRE_SEQUENCE = 0x1000,
    GRE_ACKNOWLEDGEMENT = 0x0080, /* of version 1: RFC 2637 section 4.1 */
    GRE_VERSION = 0x0007,
};

enum {
    GRE_PPP = 0x880b,
    GRE_ERSPAN = 0x88be,
    GRE_ERSPAN3 = 0x22eb,
};

/* --- MPLS --- */

/* An Ethernet type that a provider's customers send: to tell an Ethernet frame by. */
static bool
has_known_type(SsSlice frame)
{
    if (frame.len < 14) {
        return false;
    }
    switch (frame.data[12] << 8 | frame.data[13]) {
    case 0x0800:
    case 0x0806:
    case 0x8100:
    case 0x86dd:
    case 0x8847:
    case 0x8864:
    case 0x88a8:
        return true;
    default:
        return false;
    }
}

/*
 * Labels do not say what they carry. By its first nibble it is IPv4, IPv6, or a control word (RFC
 * 4385 section 3) before an Ethernet frame; but 0 is also how the addresses of most makers begin,
 * so that the frame itself is asked where its type stands.
 */
SsPacketBucket
ss_mpls_strip(SsPacket *packet)
{
    SsPacketBucket bucket = ss_packet_enter(packet);
    if (bucket != SS_PACKET_SEGMENT) {
        return bucket;
    }
    SsCursor *cursor = &packet->cursor;
    bool is_bottom = false;
    for (int n_labels = 0; !is_bottom; n_labels++) {
        if (n_labels == SS_MPLS_LABELS_MAX) {
            return SS_PACKET_ENCAP_LIMIT;
        }
        uint32_t label = ss_cursor_u32(cursor);
        if (cursor->is_short) {
            return SS_PACKET_TRUNCATED;
        }
        is_bottom = label & 0x100;
    }
    if (cursor->left == 0) {
        return SS_PACKET_TRUNCATED;
    }
    switch (cursor->at[0] >> 4) {
    case 4:
        return ss_packet_next_ip(packet, 4);
    case 6:
        return ss_packet_next_ip(packet, 6);
    case 0:
        if (has_known_type(ss_cursor_rest(cursor)) &&
            !has_known_type(ss_slice_from(ss_cursor_rest(cursor), 4))) {
            return ss_packet_next(packet, SS_LAYER_ETHERNET, 0);
        }
        ss_cursor_skip(cursor, 4);
        return ss_packet_next(packet, SS_LAYER_ETHERNET, 0);
    default:
        return SS_PACKET_NOT_IP;
    }
}

/* --- GRE --- */

/*
 * A mirrored frame (draft-foschiano-erspan). Type I has no header of its own and no sequence number
 * in GRE's; type II 8 bytes; type III 12 bytes, and 8 more by the last bit of them.
 */
static SsPacketBucket
strip_erspan(SsPacket *packet, uint16_t gre_flags, uint16_t type)
{
    SsCursor *cursor = &packet->cursor;
    if (type == GRE_ERSPAN) {
        ss_cursor_skip(cursor, gre_flags & GRE_SEQUENCE ? 8 : 0);
        return ss_packet_next(packet, SS_LAYER_ETHERNET, 0);
    }
    ss_cursor_skip(cursor, 10);
    uint16_t last = ss_cursor_u16(cursor);
    ss_cursor_skip(cursor, last & 1 ? 8 : 0);
    /* Frame type: 0 Ethernet, 2 IP. */
    switch (last >> 10 & 0x1f) {
    case 0:
        return ss_packet_next(packet, SS_LAYER_ETHERNET, 0);
    case 2:
        return ss_packet_next_ip(packet, 0);
    default:
        return cursor->is_short ? SS_PACKET_TRUNCATED : SS_PACKET_NOT_IP;
    }
}

/* RFC 2637 section 4.1: the key's place holds the payload's length and a call's number. */
static SsPacketBucket
strip_enhanced(SsPacket *packet, uint16_t flags, uint16_t type)
{
    SsCursor *cursor = &packet->cursor;
    size_t len = ss_cursor_u16(cursor);
    ss_cursor_skip(cursor, 2);
    ss_cursor_skip(cursor, flags & GRE_SEQUENCE ? 4 : 0);
    ss_cursor_skip(cursor, flags & GRE_ACKNOWLEDGEMENT ? 4 : 0);
    if (cursor->is_short) {
        return SS_PACKET_TRUNCATED;
    }
    if (type != GRE_PPP || !(flags & GRE_SEQUENCE)) {
        return SS_PACKET_NOT_TCP; /* an acknowledgement alone */
    }
    if (len > ss_packet_wire_len(packet)) {
        return SS_PACKET_TRUNCATED;
    }
    ss_packet_end_at(packet, len);
    return ss_packet_next(packet, SS_LAYER_PPP, 0);
}

SsPacketBucket
ss_gre_strip(SsPacket *packet)
{
    SsPacketBucket bucket = ss_packet_enter(packet);
    if (bucket != SS_PACKET_SEGMENT) {
        return bucket;
    }
    SsCursor *cursor = &packet->cursor;
    uint16_t flags = ss_cursor_u16(cursor);
    uint16_t type = ss_cursor_u16(cursor);
    if (cursor->is_short) {
        return SS_PACKET_TRUNCATED;
    }
    if ((flags & GRE_VERSION) == 1) {
        return strip_enhanced(packet, flags, type);
    }
    if ((flags & GRE_VERSION) != 0 || flags & GRE_ROUTING) {
        return SS_PACKET_UNSUPPORTED_ENCAP;
    }
    ss_cursor_skip(cursor, flags & GRE_CHECKSUM ? 4 : 0);
    ss_cursor_skip(cursor, flags & GRE_KEY ? 4 : 0);
    ss_cursor_skip(cursor, flags & GRE_SEQUENCE ? 4 : 0);
    if (type == GRE_ERSPAN || type == GRE_ERSPAN3) {
        return strip_erspan(packet, flags, type);
    }
    return ss_packet_next(packet, SS_LAYER_TYPE, type);
}

/* --- what UDP carries --- */

/* RFC 7348 section 5: flags 1, reserved 3, network 3, reserved 1. */
static SsPacketBucket
strip_vxlan(SsPacket *packet)
{
    SsPacketBucket bucket = ss_packet_enter(packet);
    if (bucket != SS_PACKET_SEGMENT) {
        return bucket;
    }
    SsCursor *cursor = &packet->cursor;
    uint8_t flags = ss_cursor_u8(cursor);
    ss_cursor_skip(cursor, 7);
    if (!cursor->is_short && !(flags & 0x08)) {
        return SS_PACKET_NOT_TCP;
    }
    return ss_packet_next(packet, SS_LAYER_ETHERNET, 0);
}

/* RFC 8926 section 3.4: version 2 bits, length of options in words 6, flags 8, type 16, network 24,
 * reserved 8. */
static SsPacketBucket
strip_geneve(SsPacket *packet)
{
    SsPacketBucket bucket = ss_packet_enter(packet);
    if (bucket != SS_PACKET_SEGMENT) {
        return bucket;
    }
    SsCursor *cursor = &packet->cursor;
    uint8_t start = ss_cursor_u8(cursor);
    ss_cursor_skip(cursor, 1);
    uint16_t type = ss_cursor_u16(cursor);
    ss_cursor_skip(cursor, 4);
    ss_cursor_skip(cursor, (size_t)(start & 0x3f) * 4);
    if (!cursor->is_short && start >> 6 != 0) {
        return SS_PACKET_NOT_TCP;
    }
    return ss_packet_next(packet, SS_LAYER_TYPE, type);
}

typedef struct {
    uint16_t port; /* destination */
    SsPacketBucket (*strip)(SsPacket *packet);
} UdpTunnel;

static const UdpTunnel UDP_TUNNELS[] = {
    {4754, ss_gre_strip},  /* RFC 8086 */
    {4789, strip_vxlan},   /* RFC 7348 */
    {6081, strip_geneve},  /* RFC 8926 */
    {6635, ss_mpls_strip}, /* RFC 7510 */
    {8472, strip_vxlan},   /* Linux's own choice before there was a number */
};

static const UdpTunnel *
find_udp_tunnel(uint16_t port)
{
    for (size_t i = 0; i < sizeof UDP_TUNNELS / sizeof UDP_TUNNELS[0]; i++) {
        if (UDP_TUNNELS[i].port == port) {
            return &UDP_TUNNELS[i];
        }
    }
    return NULL;
}

/* RFC 768. A tunnel is told by the port it is sent to; all other UDP is not TCP. */
SsPacketBucket
ss_udp_strip(SsPacket *packet)
{
    SsCursor *cursor = &packet->cursor;
    size_t wire_len = ss_packet_wire_len(packet);
    ss_cursor_skip(cursor, 2);
    uint16_t port = ss_cursor_u16(cursor);
    size_t len = ss_cursor_u16(cursor);
    ss_cursor_skip(cursor, 2);
    if (cursor->is_short) {
        return SS_PACKET_TRUNCATED;
    }
    const UdpTunnel *tunnel = find_udp_tunnel(port);
    if (!tunnel) {
        return SS_PACKET_NOT_TCP;
    }
    if (len != 0) { /* 0: of a jumbogram, or taken before offloading */
        if (len < 8) {
            return SS_PACKET_MALFORMED;
        }
        if (len > wire_len) {
            return SS_PACKET_TRUNCATED;
        }
        ss_packet_end_at(packet, len - 8);
    }
    return tunnel->strip(packet);
}
