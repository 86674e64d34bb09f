/* The TCP header (RFC 9293 section 3.1) and its options. */
#include "capture/layers.h"

#define HEADER_LEN 20
#define FLAGS_KNOWN 0x3f /* those of segment.h; congestion bits are nobody's concern here */

/* RFC 7323 section 2.3: a larger shift counts as this. */
#define SCALE_MAX 14

/* The commonest options: two fillers and timestamps (RFC 7323 appendix A). */
#define TIMESTAMPS_ALONE 0x0101080a
#define TIMESTAMPS_ALONE_LEN 12

enum {
    OPTION_END = 0,
    OPTION_NOTHING = 1,
    OPTION_MSS = 2,
    OPTION_SCALE = 3,
    OPTION_TIMESTAMPS = 8,
    OPTION_MD5 = 19,
    OPTION_AO = 29,
    OPTION_FAST_OPEN = 34,
    OPTION_EXPERIMENT = 254, /* RFC 6994: a number of 2 bytes says which */
};

#define EXPERIMENT_FAST_OPEN 0xf989

/* Sets what an option says; `value` is what follows its length. False if it is not as long as its
 * kind must be: receivers pass over such a one. */
static bool
take_option(SsSegment *segment, uint8_t kind, SsSlice value)
{
    SsCursor cursor = ss_cursor(value);
    switch (kind) {
    case OPTION_MSS:
        if (value.len != 2) {
            return false;
        }
        segment->mss = ss_cursor_u16(&cursor);
        segment->options |= SS_TCP_HAS_MSS;
        return true;
    case OPTION_SCALE:
        if (value.len != 1) {
            return false;
        }
        segment->window_scale = ss_cursor_u8(&cursor);
        if (segment->window_scale > SCALE_MAX) {
            segment->window_scale = SCALE_MAX;
        }
        segment->options |= SS_TCP_HAS_SCALE;
        return true;
    case OPTION_TIMESTAMPS:
        if (value.len != 8) {
            return false;
        }
        segment->timestamp = ss_cursor_u32(&cursor);
        segment->timestamp_echo = ss_cursor_u32(&cursor);
        segment->options |= SS_TCP_HAS_TIMESTAMPS;
        return true;
    case OPTION_MD5:
        segment->options |= SS_TCP_HAS_SIGNATURE;
        return value.len == 16;
    case OPTION_AO:
        segment->options |= SS_TCP_HAS_SIGNATURE;
        return value.len >= 2;
    case OPTION_FAST_OPEN:
        segment->options |= SS_TCP_HAS_FAST_OPEN;
        return true;
    case OPTION_EXPERIMENT:
        if (ss_cursor_u16(&cursor) == EXPERIMENT_FAST_OPEN) {
            segment->options |= SS_TCP_HAS_FAST_OPEN;
        }
        return true;
    default:
        return true;
    }
}

static void
read_options(SsSegment *segment, SsSlice options)
{
    SsCursor cursor = ss_cursor(options);
    while (cursor.left) {
        uint8_t kind = ss_cursor_u8(&cursor);
        if (kind == OPTION_END) {
            return;
        }
        if (kind == OPTION_NOTHING) {
            continue;
        }
        uint8_t len = ss_cursor_u8(&cursor);
        if (len < 2 || len - 2u > cursor.left) {
            segment->options |= SS_TCP_HAS_ODD_OPTION;
            return;
        }
        if (!take_option(segment, kind, ss_cursor_slice(&cursor, len - 2u))) {
            segment->options |= SS_TCP_HAS_ODD_OPTION;
        }
    }
}

SsPacketBucket
ss_tcp_strip(SsPacket *packet)
{
    SsSegment *segment = packet->segment;
    SsCursor *cursor = &packet->cursor;
    const uint8_t *start = cursor->at;
    size_t captured = cursor->left;
    SsPacketBucket bucket = ss_packet_has(packet, HEADER_LEN);
    if (bucket != SS_PACKET_SEGMENT) {
        return bucket == SS_PACKET_MALFORMED ? SS_PACKET_BAD_TCP_HEADER : bucket;
    }
    SsCursor header = ss_cursor(ss_slice(ss_cursor_take(cursor, HEADER_LEN), HEADER_LEN));
    segment->from.port = ss_cursor_u16(&header);
    segment->to.port = ss_cursor_u16(&header);
    segment->seq = ss_cursor_u32(&header);
    segment->ack = ss_cursor_u32(&header);
    size_t header_len = (size_t)(ss_cursor_u8(&header) >> 4) * 4;
    segment->flags = ss_cursor_u8(&header) & FLAGS_KNOWN;
    segment->window = ss_cursor_u16(&header);
    segment->checksum = ss_cursor_u16(&header);
    segment->urgent = ss_cursor_u16(&header);
    if (header_len < HEADER_LEN) {
        return SS_PACKET_BAD_TCP_HEADER;
    }
    bucket = ss_packet_has(packet, header_len - HEADER_LEN);
    if (bucket != SS_PACKET_SEGMENT) {
        return bucket == SS_PACKET_MALFORMED ? SS_PACKET_BAD_TCP_HEADER : bucket;
    }

    SsCursor options = *cursor;
    options.left = header_len - HEADER_LEN;
    ss_cursor_skip(cursor, options.left);
    if (options.left == TIMESTAMPS_ALONE_LEN && ss_cursor_u32(&options) == TIMESTAMPS_ALONE) {
        segment->timestamp = ss_cursor_u32(&options);
        segment->timestamp_echo = ss_cursor_u32(&options);
        segment->options = SS_TCP_HAS_TIMESTAMPS;
    } else if (header_len > HEADER_LEN) {
        read_options(segment, ss_slice(start + HEADER_LEN, header_len - HEADER_LEN));
    }
    segment->payload = ss_cursor_rest(cursor);
    segment->cut = (uint32_t)packet->missing;
    segment->tcp = ss_slice(start, captured);
    return SS_PACKET_SEGMENT;
}
