/*
 * Ethernet, and what an Ethernet type says comes next. The same rule (a type, or a length and an
 * LLC header, behind any number of tags) serves all layers that carry such a type.
 */
#include "capture/layers.h"

enum {
    ETHER_TYPES = 0x0600, /* below it is a length: IEEE 802.3 section 3.2.6 */
    ETHER_IPV4 = 0x0800,
    ETHER_BRIDGED = 0x6558, /* a whole Ethernet frame: RFC 1701 */
    ETHER_VLAN = 0x8100,
    ETHER_IPV6 = 0x86dd,
    ETHER_MPLS = 0x8847,
    ETHER_MPLS_MULTICAST = 0x8848,
    ETHER_PPP = 0x880b,
    ETHER_PPPOE = 0x8864,
    ETHER_QINQ = 0x88a8,
    ETHER_PBB = 0x88e7,
    ETHER_MACSEC = 0x88e5,
    ETHER_VNTAG = 0x8926,
    ETHER_ETAG = 0x893f,
    ETHER_QINQ_OLD = 0x9100,
};

/* Destination 6, source 6, type 2. */
SsPacketBucket
ss_ether_strip(SsPacket *packet)
{
    SsCursor *cursor = &packet->cursor;
    ss_cursor_skip(cursor, 6);
    ss_packet_came_from(packet, ss_cursor_take(cursor, 6));
    return ss_packet_next(packet, SS_LAYER_TYPE, ss_cursor_u16(cursor));
}

/* Either the service access point of IP, or SNAP with an Ethernet type (RFC 1042). */
SsPacketBucket
ss_ether_strip_llc(SsPacket *packet)
{
    SsCursor *cursor = &packet->cursor;
    uint16_t access_points = ss_cursor_u16(cursor);
    uint8_t control = ss_cursor_u8(cursor);
    if (cursor->is_short) {
        return SS_PACKET_TRUNCATED;
    }
    if (access_points == 0x0606 && control == 0x03) {
        return ss_packet_next_ip(packet, 4);
    }
    if (access_points != 0xaaaa || control != 0x03) {
        return SS_PACKET_NOT_IP;
    }
    uint32_t organisation = ss_cursor_u24(cursor);
    uint16_t type = ss_cursor_u16(cursor);
    if (cursor->is_short) {
        return SS_PACKET_TRUNCATED;
    }
    /* The other is of RFC 1390, for bridges. */
    bool has_type = organisation == 0 || organisation == 0x0000f8;
    return has_type && type >= ETHER_TYPES ? ss_packet_next(packet, SS_LAYER_TYPE, type)
                                           : SS_PACKET_NOT_IP;
}

/* Bytes of a tag behind its type; 0 where it is no tag. IEEE 802.1Q, 802.1BR, and VN-Link. */
static size_t
tag_len(uint16_t type)
{
    switch (type) {
    case ETHER_VLAN:
    case ETHER_QINQ:
    case ETHER_QINQ_OLD:
        return 2;
    case ETHER_VNTAG:
        return 4;
    case ETHER_ETAG:
        return 6;
    default:
        return 0;
    }
}

SsPacketBucket
ss_ether_strip_type(SsPacket *packet)
{
    SsCursor *cursor = &packet->cursor;
    uint16_t type = packet->type;
    for (size_t len = tag_len(type); len; len = tag_len(type)) {
        if (++packet->n_tags > SS_VLAN_TAGS_MAX) {
            return SS_PACKET_ENCAP_LIMIT;
        }
        ss_cursor_skip(cursor, len);
        type = ss_cursor_u16(cursor);
    }
    if (cursor->is_short) {
        return SS_PACKET_TRUNCATED;
    }
    if (type < ETHER_TYPES) {
        return ss_ether_strip_llc(packet);
    }

    switch (type) {
    case ETHER_IPV4:
        return ss_packet_next_ip(packet, 4);
    case ETHER_IPV6:
        return ss_packet_next_ip(packet, 6);
    case ETHER_MPLS:
    case ETHER_MPLS_MULTICAST:
        return ss_packet_next(packet, SS_LAYER_MPLS, 0);
    case ETHER_PPPOE:
        return ss_ppp_strip_ethernet(packet);
    case ETHER_PPP:
        return ss_packet_next(packet, SS_LAYER_PPP, 0);
    case ETHER_BRIDGED:
        return ss_packet_next(packet, SS_LAYER_ETHERNET, 0);
    case ETHER_PBB:
    case ETHER_MACSEC:
        return SS_PACKET_UNSUPPORTED_ENCAP;
    default:
        return SS_PACKET_NOT_IP;
    }
}
