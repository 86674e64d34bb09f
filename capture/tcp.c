/*
 * The TCP header (RFC 9293 section 3.1). Its options are passed over: reassembly needs none of
 * them, and one that lies about its length harms nobody.
 */
#include "capture/layers.h"

#define HEADER_LEN 20
#define FLAGS_KNOWN 0x3f /* those of segment.h; congestion bits are nobody's concern here */

SsPacketBucket
ss_tcp_strip(SsPacket *packet, SsSegment *segment)
{
    SsPacketBucket bucket = ss_packet_has(packet, HEADER_LEN);
    if (bucket != SS_PACKET_SEGMENT) {
        return bucket;
    }
    SsCursor *cursor = &packet->cursor;
    segment->from.port = ss_cursor_u16(cursor);
    segment->to.port = ss_cursor_u16(cursor);
    segment->seq = ss_cursor_u32(cursor);
    segment->ack = ss_cursor_u32(cursor);
    size_t header_len = (size_t)(ss_cursor_u8(cursor) >> 4) * 4;
    segment->flags = ss_cursor_u8(cursor) & FLAGS_KNOWN;
    segment->window = ss_cursor_u16(cursor);
    ss_cursor_skip(cursor, 4); /* checksum, urgent pointer */

    if (header_len < HEADER_LEN) {
        return SS_PACKET_MALFORMED;
    }
    bucket = ss_packet_has(packet, header_len - HEADER_LEN);
    if (bucket != SS_PACKET_SEGMENT) {
        return bucket;
    }
    ss_cursor_skip(cursor, header_len - HEADER_LEN);
    segment->payload = ss_cursor_rest(cursor);
    segment->cut = (uint32_t)packet->missing;
    return SS_PACKET_SEGMENT;
}
