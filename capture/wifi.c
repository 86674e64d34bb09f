/*
 * IEEE 802.11 data frames, and the four headers that capture software puts before them. Frames that
 * are encrypted, fragments of the link layer, several packets in one frame (A-MSDU) and mesh
 * forwarding are not read.
 */
#include "capture/layers.h"

enum {
    FRAME_TYPE = 0x0c, /* of the first byte of frame control: IEEE 802.11 section 9.2.4.1 */
    FRAME_TYPE_DATA = 0x08,
    FRAME_NO_DATA = 0x40,
    FRAME_QOS = 0x80,
};

enum {
    FLAG_TO_DS = 0x01, /* of the second */
    FLAG_FROM_DS = 0x02,
    FLAG_MORE_FRAGMENTS = 0x04,
    FLAG_PROTECTED = 0x40,
    FLAG_ORDER = 0x80,
};

enum {
    QOS_AGGREGATE = 0x80, /* of the first byte of QoS control */
    QOS_MESH = 0x01,      /* of its second */
};

enum {
    RADIOTAP_TIME = 0x01, /* of the bits that tell which fields are there */
    RADIOTAP_FLAGS = 0x02,
    RADIOTAP_MORE = 0x80,   /* of the last byte: another word of bits follows */
    RADIOTAP_PADDED = 0x20, /* of the field FLAGS: filled up between header and body */
};

#define PRISM_LEN 144
#define AVS_MAGIC 0x80211000
#define AVS_MAGIC_MASK 0xfffff000

/* Destination 6, source 6, length 2: a frame of one packet is read, one of several is not. */
static SsPacketBucket
strip_aggregate(SsPacket *packet)
{
    SsCursor *cursor = &packet->cursor;
    ss_cursor_skip(cursor, 12);
    size_t len = ss_cursor_u16(cursor);
    if (cursor->is_short) {
        return SS_PACKET_TRUNCATED;
    }
    size_t wire_len = ss_packet_wire_len(packet);
    if (len > wire_len) {
        return SS_PACKET_TRUNCATED;
    }
    if (wire_len - len > 3 + 4) { /* what fills it up, and the frame's checksum */
        return SS_PACKET_UNSUPPORTED_ENCAP;
    }
    ss_packet_end_at(packet, len);
    return ss_ether_strip_llc(packet);
}

/*
 * Frame control 2, duration 2, receiver 6, transmitter 6, a third address 6, sequence 2; then what
 * the flags tell: a fourth address 6, QoS control 2, HT control 4.
 */
static SsPacketBucket
strip_frame(SsPacket *packet, bool is_padded)
{
    SsCursor *cursor = &packet->cursor;
    const uint8_t *start = cursor->at;
    uint8_t kind = ss_cursor_u8(cursor), flags = ss_cursor_u8(cursor);
    uint8_t qos = 0, qos_high = 0;

    ss_cursor_skip(cursor, 8);
    const uint8_t *transmitter = ss_cursor_take(cursor, 6);
    ss_cursor_skip(cursor, 6);
    uint8_t fragment = ss_cursor_u8(cursor) & 0x0f;
    ss_cursor_skip(cursor, 1);
    if (cursor->is_short) {
        return SS_PACKET_TRUNCATED;
    }
    if ((kind & FRAME_TYPE) != FRAME_TYPE_DATA || kind & FRAME_NO_DATA) {
        return SS_PACKET_NOT_IP;
    }
    if (flags & FLAG_PROTECTED || flags & FLAG_MORE_FRAGMENTS || fragment != 0) {
        return SS_PACKET_UNSUPPORTED_ENCAP;
    }
    ss_cursor_skip(cursor, flags & FLAG_TO_DS && flags & FLAG_FROM_DS ? 6 : 0);
    if (kind & FRAME_QOS) {
        qos = ss_cursor_u8(cursor);
        qos_high = ss_cursor_u8(cursor);
        ss_cursor_skip(cursor, flags & FLAG_ORDER ? 4 : 0);
    }
    if (cursor->is_short) {
        return SS_PACKET_TRUNCATED;
    }
    if (flags & FLAG_TO_DS && flags & FLAG_FROM_DS && qos_high & QOS_MESH) {
        return SS_PACKET_UNSUPPORTED_ENCAP;
    }
    if (is_padded) {
        ss_cursor_skip(cursor, (size_t)(start - cursor->at) & 3);
    }
    ss_packet_came_from(packet, transmitter);
    return qos & QOS_AGGREGATE ? strip_aggregate(packet) : ss_ether_strip_llc(packet);
}

SsPacketBucket
ss_wifi_strip(SsPacket *packet)
{
    return strip_frame(packet, false);
}

/*
 * Version 1, padding 1, length 2, then words of bits that tell which fields are there, low byte
 * first (https://www.radiotap.org). Of the fields only FLAGS matters, the second at most.
 */
SsPacketBucket
ss_wifi_strip_radiotap(SsPacket *packet)
{
    SsCursor *cursor = &packet->cursor;
    SsCursor header = *cursor;
    header.is_little = true;
    ss_cursor_skip(&header, 2);
    size_t len = ss_cursor_u16(&header);
    if (header.is_short) {
        return SS_PACKET_TRUNCATED;
    }
    if (len < 8) {
        return SS_PACKET_MALFORMED;
    }
    ss_cursor_skip(cursor, len);
    if (cursor->is_short) {
        return SS_PACKET_TRUNCATED;
    }
    header.left = len - 4;
    uint32_t present = ss_cursor_u32(&header);
    for (uint32_t word = present; word >> 24 & RADIOTAP_MORE && !header.is_short;) {
        word = ss_cursor_u32(&header);
    }
    uint8_t flags = 0;
    if (present & RADIOTAP_FLAGS) {
        if (present & RADIOTAP_TIME) { /* aligned to 8 from the header's start */
            ss_cursor_skip(&header, (header.left - len) & 7);
            ss_cursor_skip(&header, 8);
        }
        flags = ss_cursor_u8(&header);
    }
    if (header.is_short) {
        return SS_PACKET_MALFORMED;
    }
    return strip_frame(packet, flags & RADIOTAP_PADDED);
}

/* A word that says what it is, then the header's length 4. */
SsPacketBucket
ss_wifi_strip_avs(SsPacket *packet)
{
    SsCursor *cursor = &packet->cursor;
    ss_cursor_skip(cursor, 4);
    size_t len = ss_cursor_u32(cursor);
    if (!cursor->is_short && len < 8) {
        return SS_PACKET_MALFORMED;
    }
    ss_cursor_skip(cursor, len - 8);
    return cursor->is_short ? SS_PACKET_TRUNCATED : strip_frame(packet, false);
}

/* Of one length always; files of this type may hold the other kind as well. */
SsPacketBucket
ss_wifi_strip_prism(SsPacket *packet)
{
    SsCursor look = packet->cursor;
    uint32_t magic = ss_cursor_u32(&look);
    if ((magic & AVS_MAGIC_MASK) == AVS_MAGIC) {
        return ss_wifi_strip_avs(packet);
    }
    ss_cursor_skip(&packet->cursor, PRISM_LEN);
    return packet->cursor.is_short ? SS_PACKET_TRUNCATED : strip_frame(packet, false);
}
