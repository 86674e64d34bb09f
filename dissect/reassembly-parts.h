/*
 * Inside of reassembly: what its parts share. Nothing else includes this.
 *
 *     reassembly-segment.c   a segment: its payload, its FIN
 *     reassembly-ack.c       its acknowledgement, its window
 *       → doubt.c            bytes its receiver need not take
 *       → reassembly.c       bytes that are taken: given on in order, or kept waiting
 *     reassembly-hole.c      what is waited for and will not come
 */
#pragma once

#include "dissect/reassembly.h"

/* A segment's payload on its way, or what was kept of one. */
typedef struct {
    SsDirection direction;
    uint64_t offset;
    SsSlice bytes;
    uint64_t cut;
    uint64_t need; /* the other direction's offset that must have been delivered before */
    SsCarrier carrier;
} SsPiece;

/* The largest window TCP can have (RFC 7323 section 2.2), so the farthest plausible byte ahead. */
#define SS_WINDOW_MAX (INT64_C(1) << 30)

static inline void
ss_count_remark(SsReassemblyCount *count, SsRemark kind)
{
    count->remarks |= SS_REMARKS(kind);
}

/* --- reassembly.c --- */

/* What only odd connections have, made at first use. */
SsOddHalf *ss_reassembly_odd(SsReassembly *self, SsDirection direction);

/* Takes bytes that nothing speaks against: gives them on, or lets them wait. */
void ss_reassembly_take(SsReassembly *self, const SsPiece *piece, SsOverlap policy,
                        SsReassemblyCount *count);

/* Compares with what was given on; tells the conflict. True where they differ. */
bool ss_reassembly_compare(SsReassembly *self, const SsPiece *piece, uint64_t doubts,
                           SsReassemblyCount *count);

/* Two readings of one segment, which its fragments give. */
void ss_reassembly_compare_alternate(SsReassembly *self, const SsPiece *piece, SsSlice alternate,
                                     SsReassemblyCount *count);

void ss_reassembly_tell_gap(SsReassembly *self, SsDirection direction, uint64_t n, SsGapCause cause,
                            const SsOrigin *origin);

/* The first chunk that waits, or NULL. */
const SsEarly *ss_half_first_waiting(const SsHalf *half);

/* What the other side says it has of this direction, as far as it is believed. */
uint64_t ss_reassembly_acknowledged(const SsReassembly *self, SsDirection direction);

/* What was taken for a FIN was a byte. */
void ss_half_forget_guess(SsHalf *half);

/* Delivers all that waits and may go now. */
void ss_reassembly_drain(SsReassembly *self, SsReassemblyCount *count);

/* --- reassembly-hole.c --- */

bool ss_reassembly_is_waiting(const SsReassembly *self);

/* A segment has come: since when, and for how many packets, something has been missed. */
void ss_reassembly_see_stall(SsReassembly *self, const SsOrigin *origin, bool has_moved);

/* --- reassembly-ack.c --- */

/* The other side has all before `offset`. */
void ss_reassembly_advance_ack(SsReassembly *self, SsDirection direction, uint64_t offset,
                               int64_t now_ns);

/* What it said it has was captured since: so it was true. */
void ss_reassembly_settle_claim(SsReassembly *self, SsDirection direction, int64_t now_ns);

/* Takes the acknowledgement of a segment of `direction`; returns the other direction's offset that
 * its sender had seen. */
uint64_t ss_reassembly_take_ack(SsReassembly *self, SsDirection direction, const SsSegment *segment,
                                SsReassemblyCount *count);

/* The same of a doubtful segment, which proves nothing: it is only looked at. */
uint64_t ss_reassembly_peek_ack(const SsReassembly *self, SsDirection direction,
                                const SsSegment *segment);

/* What a segment of `direction` lets the other side send. */
void ss_reassembly_see_window(SsReassembly *self, SsDirection direction, const SsSegment *segment,
                              SsReassemblyCount *count);
