/*
 * A frame's layers in words, each field with the bytes it was read from: for people who look at
 * packets. It reads the frame by itself and decides nothing: what becomes of a frame is said by
 * capture/packet.h, whatever can be described here.
 */
#pragma once

#include "base/event.h"
#include "capture/segment.h"
#include "capture/source.h"

typedef struct {
    SsList layers;    /* of SsLayer; empty where no arena was given */
    SsSlice protocol; /* the innermost one that was recognised: `tcp`, `arp` …; static */
    uint8_t family;   /* of the innermost addresses: 4, 6; 0: none */
    SsAddress from, to;
    bool has_ports;     /* theirs are set */
    size_t payload_at;  /* where the bytes begin that no layer describes */
    size_t payload_len; /* of them captured, without what pads the frame */
    bool is_fragment;   /* … and are a part of a datagram */
} SsDescription;

/*
 * Walks the layers of `frame`; at most SS_LAYERS_MAX. With `arena` NULL it makes no layers and
 * allocates nothing: for the protocol and the addresses alone.
 */
void ss_describe(const SsFrame *frame, SsArena *arena, SsDescription *ret_description);

#define SS_LAYERS_MAX 32
