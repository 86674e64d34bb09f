/*
 * Reassembly: TCP segments of one connection to its two streams of bytes.
 *
 * Bytes in order go straight to the sink. What comes early is kept until the hole before it is
 * filled, or until the hole must be taken as a loss: the receiver has acknowledged it and a moment
 * has passed (then the capture lacks it), a cap is met, or the connection ends. Holes are told as
 * gaps.
 *
 * The two directions are kept in the order of cause and effect: a segment waits until the bytes
 * that it acknowledges have been delivered, so that a reply never overtakes its command, however
 * the packets were mixed up on their way into the capture.
 *
 * What comes again is compared with what was given on (kept.h) or waits (waiting.h). What a
 * receiver need not take (doubt.h) is kept aside until it has acknowledged it.
 *
 * Offsets are 64-bit and count from the first byte after the SYN, so the 32-bit sequence numbers
 * may wrap.
 */
#pragma once

#include <glib.h>

#include "base/limits.h"
#include "capture/segment.h"
#include "dissect/stream.h"
#include "dissect/waiting.h"

/* Holes told and urgent bytes met that are remembered of one direction. */
#define SS_GAPS_KEPT 8
#define SS_URGENT_KEPT 8

typedef struct {
    uint64_t from, to;
} SsRange;

/* An acknowledgement of bytes that were not captured: true where the capture lacks them. */
typedef struct {
    uint64_t offset;    /* of the bytes acknowledged; 0: none */
    uint64_t sent_at;   /* where its sender's own stream was … */
    uint32_t timestamp; /* … and its clock */
    bool has_timestamp;
    uint32_t n_against; /* later packets of its sender that acknowledge less */
    int64_t time_ns;
} SsClaim;

/* What only odd connections have, of one direction. */
typedef struct {
    SsClaim claim; /* of the other side, about this direction's bytes */
    GQueue doubts; /* of SsDoubt */
    uint64_t doubt_size;
    uint64_t doubt_end; /* where the last of them ends; 0: there are none */
    uint64_t doubt_due; /* nothing becomes of any before the stream, or what is acknowledged of it,
                           is here */
    SsRange gaps[SS_GAPS_KEPT]; /* told, the latest of them */
    unsigned n_gaps;
    uint64_t urgent[SS_URGENT_KEPT]; /* offsets */
    unsigned n_urgent;
    uint64_t sent_to;  /* where its last bare acknowledgement was, ahead of its bytes; 0: none */
    uint64_t stuck_at; /* offset of what was sent again last */
    int64_t closed_ns; /* since when its window is closed; SS_TIME_NONE */
} SsOddHalf;

typedef struct {
    uint64_t next;  /* offset of the next byte to deliver */
    uint64_t acked; /* highest offset that the other side has acknowledged, among those captured */
    uint64_t fin;   /* offset of the FIN, UINT64_MAX where none was seen */
    uint64_t edge;  /* the other side takes bytes before it; UINT64_MAX: not known */
    int64_t probe_ns;     /* when the bytes were sent whose way there and back is measured … */
    uint32_t probe_end;   /* … and where they end: the offset's lower half, as in the next */
    uint32_t largest_end; /* where the largest segment ended */
    SsKept kept;
    SsWaiting *waiting;                         /* NULL while nothing does */
    uint32_t base_seq;                          /* sequence number of offset 0 */
    uint32_t timestamp;                         /* of the last segment in order */
    uint32_t largest, largest_acked;            /* bytes of segments */
    uint16_t window;                            /* as its last packet had it */
    uint8_t n_checksums[2], n_bad_checksums[2]; /* of its first packets, without and with payload */
    uint8_t scale;
    uint8_t syn_options; /* SS_TCP_HAS_* of its SYN */
    bool is_known;       /* base_seq is set */
    bool has_syn_options;
    bool has_timestamp;
    bool is_fin_guessed; /* only its acknowledgement was seen */
    bool is_window_closed;
    bool has_probe;
} SsHalf;

/* Packets of one end whose checksums are looked at to know what they mean. */
#define SS_CHECKSUMS_JUDGED 8

/* What all connections of a table share. */
typedef struct {
    SsKeptPool kept;
    SsOverlap policy;
    uint64_t reorder_limit;    /* bytes, one direction */
    uint64_t *n_reorder_limit; /* times it was met; the caller's */
    uint64_t *memory;          /* the accountant's count, of all connections */
} SsReassemblyPool;

typedef struct {
    SsHalf half[2];
    SsConnection *connection;
    SsStreamSink *sink;
    SsReassemblyPool *pool;
    SsOddHalf *odd; /* two of them, or NULL */
    int64_t
        stalled_ns; /* since when bytes wait for what only the capture lacks; else SS_TIME_NONE */
    uint64_t stalled_packets;
    uint64_t n_packets;
} SsReassembly;

/* Why bytes are kept aside: under which name they are lost if they are. */
typedef enum {
    SS_ASIDE_NOT_TAKEN,
    SS_ASIDE_PROBE,
    SS_ASIDE_AFTER_FIN,
    SS_ASIDE_OUT_OF_WINDOW,
    SS_N_ASIDES,
} SsAside;

/* What became of payload, in captured bytes; and what was found out on the way. */
typedef struct {
    uint64_t delivered;   /* to the sink, now or from what had waited */
    uint64_t repeated;    /* seen before */
    uint64_t conflicting; /* seen before, and different */
    uint64_t late;        /* had been told as a gap */
    uint64_t keep_alive;
    uint64_t refused; /* outside any plausible window */
    uint64_t before_start;
    uint64_t after_fin;
    uint64_t not_taken; /* doubtful, and never acknowledged */
    uint64_t urgent;
    uint64_t adopted[SS_N_ASIDES]; /* packets that had been kept aside, and count now */
    /* of the segment fed: */
    uint64_t taken;       /* its bytes delivered or waiting */
    uint64_t doubted;     /* its bytes kept aside */
    uint64_t other_frame; /* what it repeats or contradicts */
    uint64_t remarks;     /* SS_REMARKS */
} SsReassemblyCount;

/* Of doubts, in SS_REMARKS. */
SsAside ss_aside_of(uint64_t doubts);

void ss_reassembly_pool_init(SsReassemblyPool *pool, SsOverlap policy, uint64_t reorder_limit,
                             uint64_t *n_reorder_limit, uint64_t *memory);
void ss_reassembly_pool_clear(SsReassemblyPool *pool);

void ss_reassembly_init(SsReassembly *self, SsConnection *connection, SsStreamSink *sink,
                        SsReassemblyPool *pool);

/* Takes one segment of `direction`; adds to `count`. `doubts` are SS_REMARKS for which its receiver
 * need not take it. */
void ss_reassembly_feed(SsReassembly *self, SsDirection direction, const SsSegment *segment,
                        uint64_t doubts, SsReassemblyCount *count);

/*
 * Packet time is `now_ns`: gives up holes that have waited long enough. True while time alone may
 * make it give up more.
 */
bool ss_reassembly_advance(SsReassembly *self, int64_t now_ns, SsReassemblyCount *count);

/* Whether something waits that time alone may make it give up. */
static inline bool
ss_reassembly_is_stalled(const SsReassembly *self)
{
    return self->stalled_ns != SS_TIME_NONE;
}

/* The connection has ended: delivers all that waits, with its gaps. */
void ss_reassembly_flush(SsReassembly *self, SsReassemblyCount *count);

/* Both FINs have come and are acknowledged. */
bool ss_reassembly_is_closed(const SsReassembly *self);

/* The offset of a sequence number, near `half->next`; negative before the start of the stream. */
static inline int64_t
ss_half_offset(const SsHalf *half, uint32_t seq)
{
    return (int64_t)half->next + (int32_t)(seq - (uint32_t)(half->base_seq + half->next));
}

/* Where what was captured of a direction ends. */
static inline uint64_t
ss_half_top(const SsHalf *half)
{
    return half->waiting ? MAX(half->next, ss_waiting_end(half->waiting)) : half->next;
}

/* Whether windows can be told: both ends have said how theirs are scaled. */
static inline bool
ss_reassembly_knows_scale(const SsReassembly *self)
{
    return self->half[0].has_syn_options && self->half[1].has_syn_options;
}

/* The window a segment of `direction` announces, in bytes, as far as its scale is known. */
static inline uint64_t
ss_reassembly_window(const SsReassembly *self, SsDirection direction, const SsSegment *segment)
{
    bool is_scaled = !(segment->flags & SS_TCP_SYN) && ss_reassembly_knows_scale(self) &&
                     (self->half[0].syn_options & self->half[1].syn_options & SS_TCP_HAS_SCALE);

    /* RFC 7323 section 2.3: no more than 14 */
    return (uint64_t)segment->window << (is_scaled ? MIN(self->half[direction].scale, 14) : 0);
}

/* Another of several SYNs of this direction counts: nothing was delivered yet. */
void ss_reassembly_rebase(SsReassembly *self, SsDirection direction, uint32_t initial_seq);

/* Drops what waits; returns how many captured bytes that was. */
uint64_t ss_reassembly_clear(SsReassembly *self);
