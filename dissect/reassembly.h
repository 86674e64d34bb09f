/*
 * Reassembly: TCP segments of one connection to its two streams of bytes.
 *
 * Bytes in order go straight to the sink, not copied. What comes early is kept until the hole
 * before it is filled, or until the hole must be taken as a loss: the receiver has acknowledged it
 * and a moment has passed (then the capture lacks it), a cap is met, or the connection ends. Holes
 * are told as gaps.
 *
 * The two directions are kept in the order of cause and effect: a segment waits until the bytes
 * that it acknowledges have been delivered, so that a reply never overtakes its command, however
 * the packets were mixed up on their way into the capture.
 *
 * Offsets are 64-bit and count from the first byte after the SYN, so the 32-bit sequence numbers
 * may wrap.
 */
#pragma once

#include <glib.h>

#include "base/limits.h"
#include "capture/segment.h"
#include "dissect/stream.h"

typedef struct {
    bool is_known;       /* base_seq is set */
    uint32_t base_seq;   /* sequence number of offset 0 */
    uint64_t next;       /* offset of the next byte to deliver */
    uint64_t acked;      /* highest offset that the other side has acknowledged */
    uint64_t fin;        /* offset of the FIN, UINT64_MAX where none was seen */
    bool is_fin_guessed; /* only its acknowledgement was seen */
    GTree *waiting; /* chunks that came early, by offset, without overlaps; NULL while there are
                       none */
    uint64_t waiting_bytes; /* with their overhead */
} SsHalf;

typedef struct {
    SsHalf half[2];
    SsConnection *connection;
    SsStreamSink *sink;
    uint64_t reorder_limit; /* bytes, one direction */
    uint64_t *memory;       /* the accountant's count, of all connections */
    int64_t
        stalled_ns; /* since when bytes wait for what only the capture lacks; else SS_TIME_NONE */
    uint64_t stalled_packets;
    uint64_t n_packets;
} SsReassembly;

/* What became of the payload of one segment, in captured bytes. */
typedef struct {
    uint64_t delivered; /* to the sink, now or from what had waited */
    uint64_t repeated;  /* seen before */
    uint64_t refused;   /* outside any plausible window */
    uint64_t kept;      /* waiting now */
} SsReassemblyCount;

void ss_reassembly_init(SsReassembly *self, SsConnection *connection, SsStreamSink *sink,
                        uint64_t reorder_limit, uint64_t *memory);

/* Takes one segment of `direction`; adds to `count`. */
void ss_reassembly_feed(SsReassembly *self, SsDirection direction, const SsSegment *segment,
                        SsReassemblyCount *count);

/*
 * Packet time is `now_ns`: gives up holes that have waited long enough. True while time alone may
 * make it give up more.
 */
bool ss_reassembly_advance(SsReassembly *self, int64_t now_ns, SsReassemblyCount *count);

/* Whether something waits that time alone may make it give up. */
bool ss_reassembly_is_stalled(const SsReassembly *self);

/* The connection has ended: delivers all that waits, with its gaps. */
void ss_reassembly_flush(SsReassembly *self, SsReassemblyCount *count);

/* Both FINs have come and are acknowledged. */
bool ss_reassembly_is_closed(const SsReassembly *self);

/* The offset of a sequence number, near `half->next`; negative before the start of the stream. */
int64_t ss_half_offset(const SsHalf *half, uint32_t seq);

/* Drops what waits; returns how many captured bytes that was. */
uint64_t ss_reassembly_clear(SsReassembly *self);
