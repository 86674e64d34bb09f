/*
 * IP fragments put together (RFC 791 section 3.2, RFC 8200 section 4.5).
 *
 * In any order, overlapping, repeated, interleaved or never complete; what is kept is bounded by
 * SS_FRAGMENTS_KEPT_MAX, and a fragment costs the same however many there are.
 */
#pragma once

#include "capture/packet.h"

typedef struct {
    uint8_t family; /* 4 or 6 */
    uint8_t protocol;
    uint8_t ttl;
    uint8_t oddities; /* SS_FRAME_* of the headers before */
    bool more;        /* there are fragments behind this one */
    uint32_t id;
    uint8_t from[16];
    uint8_t to[16];
    size_t offset;     /* bytes */
    size_t header_len; /* what the datagram's length counts besides its fragments' bytes */
    SsSlice bytes;
    size_t missing; /* that follow them and were not captured */
    uint64_t frame;
    int64_t now_ns; /* packet time */
} SsFragment;

/* What stood behind the headers of a datagram; borrowed until ss_defrag_begin(). */
typedef struct {
    SsSlice bytes;
    size_t missing;           /* that follow them and were not captured; or, behind a hole of
                                 such bytes, cannot be read on to */
    const uint8_t *alternate; /* as long as `bytes`: the other reading of fragments that overlap
                                 with different bytes. NULL where they do not */
    const uint64_t *frames;   /* in order of capture; those that brought nothing left out */
    size_t n_frames;
    size_t first_len; /* bytes of the first fragment: shorter than a header, it was split */
    uint8_t protocol, ttl, oddities;
} SsDatagram;

typedef struct SsDefrag SsDefrag;

/* Charges what it keeps to `memory` and counts in `met` (SS_N_MET), both the caller's. */
SsDefrag *ss_defrag_new(uint64_t *memory, uint64_t *met);

/*
 * A new frame comes: what was borrowed goes, and datagrams that took too long are given up. Says
 * whether anything is still kept; else it need not be called until there is another fragment.
 */
bool ss_defrag_begin(SsDefrag *defrag, int64_t now_ns);

/*
 * Takes a fragment. SS_PACKET_SEGMENT: a datagram is whole with it and `ret_datagram` is set.
 * SS_PACKET_FRAGMENT: not yet, or it is a copy of one that a whole datagram had.
 * SS_PACKET_BAD_FRAGMENT: no datagram can have it, or its datagram was thrown away.
 */
SsPacketBucket ss_defrag_add(SsDefrag *defrag, const SsFragment *fragment,
                             SsDatagram *ret_datagram);

/* All that is not whole is given up. */
void ss_defrag_finish(SsDefrag *defrag);
void ss_defrag_free(SsDefrag *defrag);
