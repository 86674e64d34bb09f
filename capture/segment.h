/*
 * What the capture layer hands to the dissectors: one TCP segment, with all that is needed of the
 * headers before it.
 */
#pragma once

#include "base/origin.h"
#include "base/slice.h"

#define SS_TCP_FIN 0x01
#define SS_TCP_SYN 0x02
#define SS_TCP_RST 0x04
#define SS_TCP_PSH 0x08
#define SS_TCP_ACK 0x10

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
    uint16_t window;
    uint8_t flags;
    uint8_t ttl;
    SsSlice payload; /* captured bytes, borrowed until the next packet is read */
    uint32_t
        cut; /* payload bytes behind them that were on the wire and not captured (snap length) */
    SsOrigin origin;
} SsSegment;
