/*
 * From a frame to a TCP segment: link layer, IP, TCP, each in its file. Every frame ends in exactly
 * one bucket of the ledger; what is no TCP segment ends here.
 */
#pragma once

#include "capture/segment.h"
#include "capture/source.h"

/* What became of a frame. The names are those of the `capture` event's ledger. */
typedef enum {
    SS_PACKET_SEGMENT, /* a TCP segment: what becomes of it is the dissectors' to say */
    SS_PACKET_NOT_IP,
    SS_PACKET_NOT_TCP,
    SS_PACKET_FRAGMENT,     /* of an IP datagram */
    SS_PACKET_TRUNCATED,    /* cut within its headers, or shorter on the wire than they say */
    SS_PACKET_MALFORMED,    /* its headers contradict themselves */
    SS_PACKET_UNKNOWN_LINK, /* a link type that is not read */
    SS_PACKET_UNSUPPORTED_ENCAP,
    SS_N_PACKET_BUCKETS,
} SsPacketBucket;

const char *ss_packet_bucket_name(SsPacketBucket bucket);

/*
 * Decodes one frame. On SS_PACKET_SEGMENT `ret_segment` is set, its payload borrowed from the
 * frame; its length is that of the IP header, so that padding of short Ethernet frames is no
 * payload.
 */
SsPacketBucket ss_packet_decode(const SsFrame *frame, SsSegment *ret_segment);
