/*
 * IPv4 (RFC 791) and IPv6 with its extension headers (RFC 8200).
 *
 * The IP header's length is the truth: bytes behind it are the link layer's padding, and bytes of
 * it that were not captured are told as missing. A datagram that claims to be longer than its frame
 * was on the wire is one that no host would take. A length of 0 is that of a frame captured
 * before the network card cut it up (segmentation offload), or of a jumbogram (RFC 2675): the
 * frame's own length holds.
 *
 * Fragments of what may hold TCP are put together (defrag.c), and reading goes on in the datagram.
 */
#include "capture/checksum.h"
#include "capture/layers.h"

enum {
    PROTOCOL_HOP_BY_HOP = 0,
    PROTOCOL_IPV4 = 4,
    PROTOCOL_TCP = 6,
    PROTOCOL_UDP = 17,
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

#define HEADER4_LEN 20

/* Options of the IPv4 header (RFC 791 section 3.1). */
enum {
    OPTION4_END = 0,
    OPTION4_NOTHING = 1,
    OPTION4_LOOSE_ROUTE = 131,
    OPTION4_STRICT_ROUTE = 137,
};

/* Whether anything behind this protocol's header may be a TCP segment. */
static bool
may_hold_tcp(uint8_t protocol)
{
    switch (protocol) {
    case PROTOCOL_TCP:
    case PROTOCOL_UDP:
    case PROTOCOL_IPV4:
    case PROTOCOL_IPV6:
    case PROTOCOL_GRE:
    case PROTOCOL_AUTHENTICATION:
    case PROTOCOL_MPLS:
        return true;
    default:
        return false;
    }
}

/* Adds what the packet holds to its datagram; if that is whole, the packet is it from here on. */
static SsPacketBucket
take_fragment(SsPacket *packet, SsFragment *fragment)
{
    SsSegment *segment = packet->segment;
    fragment->family = segment->family;
    fragment->ttl = segment->ttl;
    fragment->oddities = segment->oddities;
    memcpy(fragment->from, segment->from.bytes, sizeof fragment->from);
    memcpy(fragment->to, segment->to.bytes, sizeof fragment->to);
    fragment->bytes = ss_cursor_rest(&packet->cursor);
    fragment->missing = packet->missing;
    fragment->frame = segment->origin.frame;
    fragment->now_ns = packet->now_ns;
    packet->has_fragments = true;

    SsDatagram *datagram = packet->datagram;
    SsPacketBucket bucket = ss_defrag_add(packet->defrag, fragment, datagram);
    if (bucket != SS_PACKET_SEGMENT) {
        return bucket;
    }
    packet->cursor = ss_cursor(datagram->bytes);
    packet->missing = datagram->missing;
    packet->has_datagram = true;
    packet->type = datagram->protocol;
    segment->ttl = datagram->ttl;
    segment->oddities = datagram->oddities | SS_FRAME_FRAGMENTED;
    segment->fragments = datagram->frames;
    segment->n_fragments = datagram->n_frames;
    return SS_PACKET_SEGMENT;
}

/* Source routing: the checksum of TCP is then of another destination (RFC 1122 section 3.2.1.8). */
static bool
is_rerouted4(SsSlice options)
{
    SsCursor cursor = ss_cursor(options);
    while (cursor.left) {
        uint8_t kind = ss_cursor_u8(&cursor);
        if (kind == OPTION4_LOOSE_ROUTE || kind == OPTION4_STRICT_ROUTE) {
            return true;
        }
        if (kind == OPTION4_END) {
            break;
        }
        if (kind != OPTION4_NOTHING) {
            uint8_t len = ss_cursor_u8(&cursor);
            if (len < 2) {
                break;
            }
            ss_cursor_skip(&cursor, len - 2u);
        }
    }
    return false;
}

static SsPacketBucket
strip_v4(SsPacket *packet)
{
    SsCursor *cursor = &packet->cursor;
    SsSegment *segment = packet->segment;
    size_t wire_len = ss_packet_wire_len(packet);
    const uint8_t *start = ss_cursor_take(cursor, HEADER4_LEN);
    if (!start) {
        return SS_PACKET_TRUNCATED;
    }

    SsCursor header = ss_cursor(ss_slice(start, HEADER4_LEN));
    size_t header_len = (size_t)(ss_cursor_u8(&header) & 0x0f) * 4;
    ss_cursor_skip(&header, 1);
    size_t total_len = ss_cursor_u16(&header);
    segment->ip_id = ss_cursor_u16(&header);
    uint16_t fragment = ss_cursor_u16(&header);
    segment->ttl = ss_cursor_u8(&header);
    packet->type = ss_cursor_u8(&header);
    ss_cursor_skip(&header, 2);
    const uint8_t *from = ss_cursor_take(&header, 4);
    const uint8_t *to = ss_cursor_take(&header, 4);
    if (total_len == 0) {
        total_len = wire_len;
        segment->oddities |= SS_FRAME_NO_LENGTH;
    }
    if (header_len < HEADER4_LEN || total_len < header_len) {
        return SS_PACKET_BAD_IP_HEADER;
    }
    if (total_len > wire_len) {
        return SS_PACKET_TRUNCATED;
    }
    if (segment->family == 6) { /* of a tunnel */
        memset(segment->from.bytes, 0, sizeof segment->from.bytes);
        memset(segment->to.bytes, 0, sizeof segment->to.bytes);
    }
    segment->family = 4;
    memcpy(segment->from.bytes, from, 4);
    memcpy(segment->to.bytes, to, 4);

    ss_packet_end_at(packet, total_len - HEADER4_LEN);
    const uint8_t *options = ss_cursor_take(cursor, header_len - HEADER4_LEN);
    if (!options) {
        return SS_PACKET_TRUNCATED;
    }
    uint64_t sum = ss_checksum_add_words(0, start, HEADER4_LEN);
    if (header_len > HEADER4_LEN) {
        sum = ss_checksum_add(sum, options, header_len - HEADER4_LEN);
    }
    if (ss_checksum_fold(sum) != 0xffff) {
        segment->oddities |= SS_FRAME_BAD_IP_CHECKSUM;
    }
    if (header_len > HEADER4_LEN && is_rerouted4(ss_slice(options, header_len - HEADER4_LEN))) {
        segment->oddities |= SS_FRAME_REROUTED;
    }

    packet->n_ip6_headers = 0;
    packet->next = SS_LAYER_PROTOCOL;
    if ((fragment & (FRAGMENT_OFFSET4 | FRAGMENT_MORE4)) == 0) {
        return SS_PACKET_SEGMENT;
    }
    if (!may_hold_tcp((uint8_t)packet->type)) {
        return SS_PACKET_NOT_TCP;
    }
    SsFragment part = {.id = segment->ip_id,
                       .protocol = (uint8_t)packet->type,
                       .offset = (size_t)(fragment & FRAGMENT_OFFSET4) * 8,
                       .more = fragment & FRAGMENT_MORE4,
                       .header_len = header_len};
    return take_fragment(packet, &part);
}

static SsPacketBucket
strip_v6(SsPacket *packet)
{
    SsCursor *cursor = &packet->cursor;
    SsSegment *segment = packet->segment;
    ss_cursor_skip(cursor, 4);
    size_t payload_len = ss_cursor_u16(cursor);
    uint8_t protocol = ss_cursor_u8(cursor);
    segment->ttl = ss_cursor_u8(cursor);
    const uint8_t *from = ss_cursor_take(cursor, 16);
    const uint8_t *to = ss_cursor_take(cursor, 16);
    if (cursor->is_short) {
        return SS_PACKET_TRUNCATED;
    }
    size_t wire_len = ss_packet_wire_len(packet);
    if (payload_len == 0 && (protocol == PROTOCOL_TCP || protocol == PROTOCOL_HOP_BY_HOP)) {
        payload_len = wire_len;
        segment->oddities |= SS_FRAME_NO_LENGTH;
    }
    if (payload_len > wire_len) {
        return SS_PACKET_TRUNCATED;
    }
    ss_packet_end_at(packet, payload_len);
    segment->family = 6;
    segment->ip_id = 0;
    memcpy(segment->from.bytes, from, 16);
    memcpy(segment->to.bytes, to, 16);
    packet->n_ip6_headers = 0;
    return ss_packet_next(packet, SS_LAYER_PROTOCOL, protocol);
}

SsPacketBucket
ss_ip_strip(SsPacket *packet)
{
    if (packet->cursor.left == 0) {
        return SS_PACKET_TRUNCATED;
    }
    packet->segment->oddities &= (uint8_t)~SS_FRAME_REROUTED; /* that was of a tunnel */
    uint8_t version = packet->cursor.at[0] >> 4;
    if (packet->ip_version != 0 && version != packet->ip_version) {
        return SS_PACKET_MALFORMED;
    }
    switch (version) {
    case 4:
        return strip_v4(packet);
    case 6:
        return strip_v6(packet);
    default:
        return SS_PACKET_NOT_IP;
    }
}

/* --- what the header carries --- */

/* IPv4 knows but one of them. */
static bool
is_extension(uint8_t family, uint16_t protocol)
{
    if (protocol == PROTOCOL_AUTHENTICATION) {
        return true;
    }
    return family == 6 && (protocol == PROTOCOL_HOP_BY_HOP || protocol == PROTOCOL_ROUTING ||
                           protocol == PROTOCOL_FRAGMENT || protocol == PROTOCOL_DESTINATION);
}

/* Next header 1, reserved 1, offset and more 2, id 4. */
static SsPacketBucket
strip_fragment6(SsPacket *packet)
{
    SsCursor *cursor = &packet->cursor;
    uint8_t protocol = ss_cursor_u8(cursor);
    ss_cursor_skip(cursor, 1);
    uint16_t field = ss_cursor_u16(cursor);
    uint32_t id = ss_cursor_u32(cursor);

    /* Neither offset nor more to come: an atomic fragment is a whole datagram (RFC 6946). */
    if ((field & (FRAGMENT_OFFSET6 | FRAGMENT_MORE6)) == 0) {
        packet->type = protocol;
        return SS_PACKET_SEGMENT;
    }
    SsFragment part = {.id = id,
                       .protocol = protocol,
                       .offset = field & FRAGMENT_OFFSET6,
                       .more = field & FRAGMENT_MORE6};
    return take_fragment(packet, &part);
}

/* Takes one extension header off and sets `type` to what follows it. */
static SsPacketBucket
strip_extension(SsPacket *packet)
{
    SsPacketBucket bucket = ss_packet_has(packet, 8);
    if (bucket != SS_PACKET_SEGMENT) {
        return bucket;
    }
    if (packet->type == PROTOCOL_FRAGMENT) {
        return strip_fragment6(packet);
    }
    SsCursor *cursor = &packet->cursor;
    uint16_t kind = packet->type;
    packet->type = ss_cursor_u8(cursor);
    size_t len_field = ss_cursor_u8(cursor);
    if (kind == PROTOCOL_ROUTING && cursor->at[1] != 0) { /* segments left */
        packet->segment->oddities |= SS_FRAME_REROUTED;
    }

    /* In units of 8 bytes less one; the authentication header's in 4 less two (RFC 4302). */
    size_t len = kind == PROTOCOL_AUTHENTICATION ? (len_field + 2) * 4 : (len_field + 1) * 8;
    bucket = ss_packet_has(packet, len - 2);
    if (bucket == SS_PACKET_SEGMENT) {
        ss_cursor_skip(cursor, len - 2);
    }
    return bucket;
}

/* IP within IP (RFC 2003, RFC 2473, RFC 4213). */
static SsPacketBucket
next_inner_ip(SsPacket *packet, uint8_t version)
{
    SsPacketBucket bucket = ss_packet_enter(packet);
    return bucket == SS_PACKET_SEGMENT ? ss_packet_next_ip(packet, version) : bucket;
}

SsPacketBucket
ss_ip_strip_protocol(SsPacket *packet)
{
    while (is_extension(packet->segment->family, packet->type)) {
        if (++packet->n_ip6_headers > SS_IP6_HEADERS_MAX) {
            return SS_PACKET_HEADER_LIMIT;
        }
        SsPacketBucket bucket = strip_extension(packet);
        if (bucket != SS_PACKET_SEGMENT) {
            return bucket;
        }
    }
    switch (packet->type) {
    case PROTOCOL_TCP:
        return ss_packet_next(packet, SS_LAYER_TCP, 0);
    case PROTOCOL_UDP:
        return ss_packet_next(packet, SS_LAYER_UDP, 0);
    case PROTOCOL_IPV4:
        return next_inner_ip(packet, 4);
    case PROTOCOL_IPV6:
        return next_inner_ip(packet, 6);
    case PROTOCOL_GRE:
        return ss_packet_next(packet, SS_LAYER_GRE, 0);
    case PROTOCOL_MPLS:
        return ss_packet_next(packet, SS_LAYER_MPLS, 0);
    default:
        return SS_PACKET_NOT_TCP;
    }
}
