/*
 * What the capture layer hands to the dissectors: one TCP segment, with all that is needed of the
 * headers before it.
 */
#pragma once

#include <stdbool.h>
#include <stddef.h>

#include "base/origin.h"
#include "base/slice.h"

#define SS_TCP_FIN 0x01
#define SS_TCP_SYN 0x02
#define SS_TCP_RST 0x04
#define SS_TCP_PSH 0x08
#define SS_TCP_ACK 0x10
#define SS_TCP_URG 0x20

/* Options of the TCP header that were there (IANA "TCP Option Kind Numbers"). */
#define SS_TCP_HAS_MSS 0x01
#define SS_TCP_HAS_SCALE 0x02      /* RFC 7323 section 2 */
#define SS_TCP_HAS_TIMESTAMPS 0x04 /* RFC 7323 section 3 */
#define SS_TCP_HAS_SIGNATURE 0x08  /* MD5 (RFC 2385) or AO (RFC 5925) */
#define SS_TCP_HAS_FAST_OPEN 0x10  /* RFC 7413 */
#define SS_TCP_HAS_ODD_OPTION \
    0x20 /* one that lies about its length; those behind it are not read */

/* What is odd about the layers below. */
#define SS_FRAME_NO_LENGTH 0x01       /* the IP header gives no length: taken before offloading */
#define SS_FRAME_BAD_IP_CHECKSUM 0x02 /* of the IPv4 header */
#define SS_FRAME_FRAGMENTED 0x04      /* put together from fragments … */
#define SS_FRAME_TINY_FRAGMENT 0x08   /* … the first of which split the TCP header */
#define SS_FRAME_REROUTED 0x10        /* source routing: the checksum is of other addresses */

typedef struct {
    uint8_t bytes[16]; /* network order; IPv4 takes the first four, the rest is zero */
    uint16_t port;     /* host order */
} SsAddress;

typedef struct {
    uint8_t family; /* 4 or 6 */
    SsAddress from;
    SsAddress to;
    uint32_t seq;
    uint32_t ack;
    uint16_t window; /* as it stands in the header */
    uint16_t urgent; /* likewise; means something with SS_TCP_URG only */
    uint8_t flags;   /* SS_TCP_* */
    uint8_t ttl;
    uint8_t options; /* SS_TCP_HAS_* */
    uint8_t window_scale;
    uint16_t mss;
    uint16_t ip_id; /* of IPv4, else 0 */
    uint32_t timestamp, timestamp_echo;
    uint8_t oddities;     /* SS_FRAME_* */
    bool has_link;        /* `link_from` is set */
    uint8_t link_from[6]; /* the outermost source MAC address */
    SsSlice payload;      /* captured bytes, borrowed until the next packet is read */
    uint32_t
        cut; /* payload bytes behind them that were on the wire and not captured (snap length) */
    SsSlice tcp;       /* header and payload as captured, for the checksum; borrowed likewise */
    uint16_t checksum; /* as it stands in the TCP header */
    /* Of a datagram whose fragments overlap with different bytes: the payload's other reading, as
     * long as `payload`; absent else. Borrowed likewise. */
    SsSlice alternate;
    const uint64_t *fragments; /* the packets it was put together from, the last one included; NULL
                                  where it was whole */
    size_t n_fragments;
    SsOrigin origin;
} SsSegment;

typedef enum {
    SS_CHECKSUM_UNKNOWN, /* not all of the segment was captured */
    SS_CHECKSUM_GOOD,
    SS_CHECKSUM_BAD,
} SsChecksum;

/*
 * Computes the TCP checksum (RFC 9293 section 3.1) and compares it. Network cards fill it in behind
 * the capture point, so a bad one says little by itself.
 */
SsChecksum ss_segment_checksum(const SsSegment *segment);
