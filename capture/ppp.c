/* PPP (RFC 1661), and PPP over Ethernet (RFC 2516). */
#include "capture/layers.h"

enum {
    PPP_IPV4 = 0x0021,
    PPP_VAN_JACOBSON = 0x002d, /* compressed headers, RFC 1144 */
    PPP_VAN_JACOBSON_FULL = 0x002f,
    PPP_MULTILINK = 0x003d,  /* fragments: RFC 1990 */
    PPP_ENCRYPTED = 0x0053,  /* RFC 1968 */
    PPP_ENCRYPTED1 = 0x0055, /* of one link of several */
    PPP_IPV6 = 0x0057,
    PPP_COMPRESSED1 = 0x00fb, /* RFC 1962 */
    PPP_COMPRESSED = 0x00fd,
    PPP_MPLS = 0x0281,
    PPP_MPLS_MULTICAST = 0x0283,
};

SsPacketBucket
ss_ppp_strip(SsPacket *packet)
{
    SsCursor *cursor = &packet->cursor;
    /* The address and control bytes of HDLC may be there; no protocol's number begins so. */
    if (cursor->left && cursor->at[0] == 0xff) {
        ss_cursor_skip(cursor, 2);
    }
    /* Section 2: the first byte of an even protocol number begins a number of two bytes. */
    uint16_t protocol = ss_cursor_u8(cursor);
    if ((protocol & 1) == 0) {
        protocol = (uint16_t)(protocol << 8 | ss_cursor_u8(cursor));
    }
    if (cursor->is_short) {
        return SS_PACKET_TRUNCATED;
    }
    switch (protocol) {
    case PPP_IPV4:
        return ss_packet_next_ip(packet, 4);
    case PPP_IPV6:
        return ss_packet_next_ip(packet, 6);
    case PPP_MPLS:
    case PPP_MPLS_MULTICAST:
        return ss_packet_next(packet, SS_LAYER_MPLS, 0);
    case PPP_VAN_JACOBSON:
    case PPP_VAN_JACOBSON_FULL:
    case PPP_MULTILINK:
    case PPP_ENCRYPTED:
    case PPP_ENCRYPTED1:
    case PPP_COMPRESSED:
    case PPP_COMPRESSED1:
        return SS_PACKET_UNSUPPORTED_ENCAP;
    default:
        return SS_PACKET_NOT_IP;
    }
}

/* Version and type 1, code 1, session 2, length 2. */
SsPacketBucket
ss_ppp_strip_ethernet(SsPacket *packet)
{
    SsPacketBucket bucket = ss_packet_enter(packet);
    if (bucket != SS_PACKET_SEGMENT) {
        return bucket;
    }
    SsCursor *cursor = &packet->cursor;
    uint16_t start = ss_cursor_u16(cursor);
    ss_cursor_skip(cursor, 2);
    size_t len = ss_cursor_u16(cursor);
    if (cursor->is_short) {
        return SS_PACKET_TRUNCATED;
    }
    if (start != 0x1100) {
        return SS_PACKET_NOT_IP; /* no session data */
    }
    if (len > ss_packet_wire_len(packet)) {
        return SS_PACKET_TRUNCATED;
    }
    ss_packet_end_at(packet, len);
    return ss_packet_next(packet, SS_LAYER_PPP, 0);
}
