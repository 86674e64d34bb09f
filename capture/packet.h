/*
 * From a frame to a TCP segment: link layer, tunnels, IP, fragments, TCP, each in its file. Every
 * frame ends in exactly one bucket of the ledger; what is no TCP segment ends here.
 */
#pragma once

#include <glib.h>

#include "capture/segment.h"
#include "capture/source.h"

/* What became of a frame. The names are those of the `capture` event's ledger. */
typedef enum {
    SS_PACKET_SEGMENT, /* a TCP segment: what becomes of it is the dissectors' to say */
    SS_PACKET_NOT_IP,
    SS_PACKET_NOT_TCP,
    SS_PACKET_FRAGMENT,       /* of an IP datagram that was not whole with it */
    SS_PACKET_BAD_FRAGMENT,   /* one that no datagram can have, or of one that was thrown away */
    SS_PACKET_TRUNCATED,      /* cut within its headers, or shorter on the wire than they say */
    SS_PACKET_MALFORMED,      /* its headers contradict themselves */
    SS_PACKET_BAD_IP_HEADER,  /* … the IP header's length */
    SS_PACKET_BAD_TCP_HEADER, /* … the TCP header's */
    SS_PACKET_HEADER_LIMIT,   /* more IPv6 extension headers than are read */
    SS_PACKET_ENCAP_LIMIT,    /* more tags or tunnels within each other than are read */
    SS_PACKET_UNKNOWN_LINK,   /* a link type that is not read */
    SS_PACKET_UNSUPPORTED_ENCAP,
    SS_N_PACKET_BUCKETS,
} SsPacketBucket;

const char *ss_packet_bucket_name(SsPacketBucket bucket);

/* What the capture layer met, in packets unless said else; names as in the `capture` event. */
typedef enum {
    SS_MET_SNAP_LENGTH,       /* payload cut by the snap length */
    SS_MET_NO_LENGTH,         /* IP length 0: taken before segmentation offload */
    SS_MET_FRAGMENTED,        /* datagrams put together */
    SS_MET_FRAGMENT_OVERLAP,  /* datagrams whose fragments overlap with different bytes */
    SS_MET_FRAGMENT_TINY,     /* datagrams whose first fragment splits the TCP header */
    SS_MET_FRAGMENT_OVERSIZE, /* fragments that reach beyond 65,535 bytes */
    SS_MET_FRAGMENT_TIMEOUT,  /* datagrams never completed in time … */
    SS_MET_FRAGMENT_EVICTED,  /* … given up for room … */
    SS_MET_FRAGMENT_OPEN,     /* … or not complete at the capture's end */
    SS_MET_ODD_OPTION,        /* a TCP option that lies about its length */
    SS_MET_TIME_JUMP,         /* the capture's clock went backwards */
    SS_N_MET,
} SsMet;

const char *ss_met_name(SsMet met);

typedef struct SsPacketDecoder SsPacketDecoder;

/* With what it keeps from packet to packet: fragments. `memory` is the accountant's count. */
SsPacketDecoder *ss_packet_decoder_new(uint64_t *memory);

/*
 * Decodes one frame. On SS_PACKET_SEGMENT `ret_segment` is set, its payload borrowed from the
 * frame, or from the decoder until its next call where it was put together from fragments; its
 * length is that of the IP header, so that padding of short Ethernet frames is no payload. In all
 * other buckets what is in `ret_segment` means nothing.
 *
 * Within tunnels, addresses, TTL and id are those of the innermost IP header; the oddities are of
 * all headers on the way. Where datagrams put together lie in each other, the fragments told are
 * those of the innermost.
 */
SsPacketBucket ss_packet_decode(SsPacketDecoder *decoder, const SsFrame *frame,
                                SsSegment *ret_segment);

/* The capture has ended: what is not complete is given up. */
void ss_packet_decoder_finish(SsPacketDecoder *decoder);

/* SS_N_MET counts. */
const uint64_t *ss_packet_decoder_met(const SsPacketDecoder *decoder);
void ss_packet_decoder_free(SsPacketDecoder *decoder);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsPacketDecoder, ss_packet_decoder_free)
