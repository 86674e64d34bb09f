/*
 * IPv4 (RFC 791) and IPv6 with its extension headers (RFC 8200).
 *
 * The IP header's length is the truth: bytes behind it are the link layer's padding, and bytes of
 * it that were not captured are told as missing. A datagram that claims to be longer than its frame
 * was on the wire is one that no host would take. A length of 0 is that of a frame captured
 * before the network card cut it up (segmentation offload), or of a jumbogram (RFC 2675): the
 * frame's own length holds.
 */
#include "base/limits.h"
#include "capture/layers.h"

enum {
    PROTOCOL_HOP_BY_HOP = 0,
    PROTOCOL_IPV4 = 4,
    PROTOCOL_TCP = 6,
    PROTOCOL_IPV6 = 41,
    PROTOCOL_ROUTING = 43,
    PROTOCOL_FRAGMENT = 44,
    PROTOCOL_GRE = 47,
    PROTOCOL_AUTHENTICATION = 51,
    PROTOCOL_DESTINATION = 60,
    PROTOCOL_MPLS = 137,
};

#define FRAGMENT_OFFSET4 0x1fff
#define FRAGMENT_MORE4 0x2000
#define FRAGMENT_OFFSET6 0xfff8
#define FRAGMENT_MORE6 0x0001

/* What a datagram carries, as far as it is no TCP segment. */
static SsPacketBucket
bucket_of_protocol(uint8_t protocol)
{
    switch (protocol) {
    case PROTOCOL_TCP:
        return SS_PACKET_SEGMENT;
    case PROTOCOL_IPV4:
    case PROTOCOL_IPV6:
    case PROTOCOL_GRE:
    case PROTOCOL_MPLS:
        return SS_PACKET_UNSUPPORTED_ENCAP;
    default:
        return SS_PACKET_NOT_TCP;
    }
}

/* Makes the packet end `n` bytes on, which is not past its end on the wire. */
static void
cut_at(SsPacket *packet, size_t n)
{
    SsCursor *cursor = &packet->cursor;
    if (n < cursor->left) {
        cursor->left = n;
    }
    packet->missing = n - cursor->left;
}

static SsPacketBucket
strip_v4(SsPacket *packet, SsSegment *segment)
{
    SsCursor *cursor = &packet->cursor;
    size_t wire_len = cursor->left + packet->missing;

    size_t header_len = (size_t)(ss_cursor_u8(cursor) & 0x0f) * 4;
    ss_cursor_skip(cursor, 1);
    size_t total_len = ss_cursor_u16(cursor);
    ss_cursor_skip(cursor, 2);
    uint16_t fragment = ss_cursor_u16(cursor);
    segment->ttl = ss_cursor_u8(cursor);
    uint8_t protocol = ss_cursor_u8(cursor);
    ss_cursor_skip(cursor, 2);
    SsSlice from = ss_cursor_slice(cursor, 4);
    SsSlice to = ss_cursor_slice(cursor, 4);
    if (cursor->is_short) {
        return SS_PACKET_TRUNCATED;
    }
    if (total_len == 0) {
        total_len = wire_len;
    }
    if (header_len < 20 || total_len < header_len) {
        return SS_PACKET_MALFORMED;
    }
    if (total_len > wire_len) {
        return SS_PACKET_TRUNCATED;
    }
    segment->family = 4;
    memcpy(segment->from.bytes, from.data, 4);
    memcpy(segment->to.bytes, to.data, 4);

    cut_at(packet, total_len - 20);
    SsPacketBucket bucket = ss_packet_has(packet, header_len - 20);
    if (bucket != SS_PACKET_SEGMENT) {
        return bucket;
    }
    ss_cursor_skip(cursor, header_len - 20);

    bucket = bucket_of_protocol(protocol);
    bool is_fragment = (fragment & (FRAGMENT_OFFSET4 | FRAGMENT_MORE4)) != 0;
    return bucket == SS_PACKET_SEGMENT && is_fragment ? SS_PACKET_FRAGMENT : bucket;
}

static bool
is_extension(uint8_t protocol)
{
    return protocol == PROTOCOL_HOP_BY_HOP || protocol == PROTOCOL_ROUTING ||
           protocol == PROTOCOL_FRAGMENT || protocol == PROTOCOL_AUTHENTICATION ||
           protocol == PROTOCOL_DESTINATION;
}

/* Takes one extension header off and sets `protocol` to what follows it. */
static SsPacketBucket
strip_extension(SsPacket *packet, uint8_t *protocol)
{
    SsPacketBucket bucket = ss_packet_has(packet, 8);
    if (bucket != SS_PACKET_SEGMENT) {
        return bucket;
    }
    SsCursor *cursor = &packet->cursor;
    uint8_t kind = *protocol;
    *protocol = ss_cursor_u8(cursor);
    size_t len_field = ss_cursor_u8(cursor);

    if (kind == PROTOCOL_FRAGMENT) {
        uint16_t fragment = ss_cursor_u16(cursor);
        ss_cursor_skip(cursor, 4);
        /* Neither offset nor more to come: an atomic fragment is a whole datagram (RFC 6946). */
        bool is_whole = (fragment & (FRAGMENT_OFFSET6 | FRAGMENT_MORE6)) == 0;
        bool may_be_tcp = *protocol == PROTOCOL_TCP || is_extension(*protocol);
        return !is_whole && may_be_tcp ? SS_PACKET_FRAGMENT : SS_PACKET_SEGMENT;
    }

    /* In units of 8 bytes less one; the authentication header's in 4 less two (RFC 4302). */
    size_t len = kind == PROTOCOL_AUTHENTICATION ? (len_field + 2) * 4 : (len_field + 1) * 8;
    bucket = ss_packet_has(packet, len - 2);
    if (bucket == SS_PACKET_SEGMENT) {
        ss_cursor_skip(cursor, len - 2);
    }
    return bucket;
}

static SsPacketBucket
strip_v6(SsPacket *packet, SsSegment *segment)
{
    SsCursor *cursor = &packet->cursor;
    ss_cursor_skip(cursor, 4);
    size_t payload_len = ss_cursor_u16(cursor);
    uint8_t protocol = ss_cursor_u8(cursor);
    segment->ttl = ss_cursor_u8(cursor);
    SsSlice from = ss_cursor_slice(cursor, 16);
    SsSlice to = ss_cursor_slice(cursor, 16);
    if (cursor->is_short) {
        return SS_PACKET_TRUNCATED;
    }
    size_t wire_len = cursor->left + packet->missing;
    if (payload_len == 0 && (protocol == PROTOCOL_TCP || protocol == PROTOCOL_HOP_BY_HOP)) {
        payload_len = wire_len;
    }
    if (payload_len > wire_len) {
        return SS_PACKET_TRUNCATED;
    }
    cut_at(packet, payload_len);
    segment->family = 6;
    memcpy(segment->from.bytes, from.data, 16);
    memcpy(segment->to.bytes, to.data, 16);

    for (int n_headers = 0; is_extension(protocol); n_headers++) {
        if (n_headers == SS_IP6_HEADERS_MAX) {
            return SS_PACKET_MALFORMED;
        }
        SsPacketBucket bucket = strip_extension(packet, &protocol);
        if (bucket != SS_PACKET_SEGMENT) {
            return bucket;
        }
    }
    return bucket_of_protocol(protocol);
}

SsPacketBucket
ss_ip_strip(SsPacket *packet, SsSegment *segment)
{
    if (packet->cursor.left == 0) {
        return SS_PACKET_TRUNCATED;
    }
    uint8_t version = packet->cursor.at[0] >> 4;
    if (packet->ip_version != 0 && version != packet->ip_version) {
        return SS_PACKET_MALFORMED;
    }
    switch (version) {
    case 4:
        return strip_v4(packet, segment);
    case 6:
        return strip_v6(packet, segment);
    default:
        return SS_PACKET_NOT_IP;
    }
}
