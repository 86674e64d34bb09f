/*
 * Inside of capture/: the layers of one frame, each in its file. Each takes its header off the
 * front of the packet and cuts off what lies behind its end.
 */
#pragma once

#include "base/cursor.h"
#include "capture/packet.h"

typedef struct {
    SsCursor cursor;    /* captured bytes not read yet */
    size_t missing;     /* bytes of this layer that follow them on the wire and were not captured */
    uint8_t ip_version; /* 4 or 6 as the link layer tells; 0: the packet's first nibble decides */
} SsPacket;

/*
 * Whether `n` more bytes can be read. SS_PACKET_SEGMENT is yes, as in all functions below: so far
 * it is a segment.
 */
static inline SsPacketBucket
ss_packet_has(const SsPacket *packet, size_t n)
{
    if (n <= packet->cursor.left) {
        return SS_PACKET_SEGMENT;
    }
    return n - packet->cursor.left <= packet->missing ? SS_PACKET_TRUNCATED : SS_PACKET_MALFORMED;
}

/* Leaves the packet at its IP header and sets `ip_version`. */
SsPacketBucket ss_link_strip(SsPacket *packet, uint32_t link_type);

/* Sets family, addresses and TTL; leaves the packet at its TCP header, without padding. */
SsPacketBucket ss_ip_strip(SsPacket *packet, SsSegment *segment);

/* Sets ports, numbers, flags, payload and `cut`. */
SsPacketBucket ss_tcp_strip(SsPacket *packet, SsSegment *segment);
