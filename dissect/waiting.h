/*
 * Bytes of one direction that came early: kept, copied, until what is before them has come or is
 * given up. No two chunks overlap: where segments do, with different bytes, a policy chooses.
 *
 * A chunk is what is left of one segment. Where there are very many, those that touch are joined,
 * so that segments of one byte cost little more than their byte.
 */
#pragma once

#include <glib.h>

#include "dissect/kept.h"
#include "dissect/overlap.h"

typedef struct {
    uint64_t offset;
    uint64_t len;    /* captured bytes, at `bytes` */
    uint64_t cut;    /* bytes behind them that were on the wire and not captured */
    uint64_t need;   /* the other direction's offset that must have been delivered before */
    uint64_t packet; /* of the connection, when it came */
    SsCarrier carrier;
    uint8_t *bytes;
    uint32_t front,
        back; /* room before and behind the bytes, where they have a block of their own */
    uint8_t data[];
} SsEarly;

typedef struct {
    GTree *chunks; /* by offset */
    size_t n;
    uint64_t size; /* with their overhead */
    uint64_t *memory;
} SsWaiting;

/* Two readings of bytes that wait; borrowed until the call returns. */
typedef struct {
    uint64_t offset; /* of the first byte of the overlap */
    SsSlice old, new;
    SsCarrier old_carrier, new_carrier;
    bool takes_new;
} SsWaitingConflict;

typedef struct {
    SsOverlap policy;
    void (*on_conflict)(void *user_data, const SsWaitingConflict *conflict);
    void *user_data;
} SsWaitingRule;

/* What became of the bytes put: these add up to them. `ousted` are bytes that had been kept. */
typedef struct {
    uint64_t kept, repeated, conflicting, ousted;
} SsWaitingCount;

void ss_waiting_init(SsWaiting *self, uint64_t *memory);

/* Drops all; returns how many captured bytes that was. */
uint64_t ss_waiting_clear(SsWaiting *self);

/* Puts what `chunk` says (its `bytes` are borrowed, `cut` bytes follow them). */
void ss_waiting_put(SsWaiting *self, const SsEarly *chunk, const SsWaitingRule *rule,
                    SsWaitingCount *count);

/* The chunk with the lowest offset, or NULL. */
SsEarly *ss_waiting_first(const SsWaiting *self);

/* Takes the first one out; to be freed with ss_early_free(). */
SsEarly *ss_waiting_steal_first(SsWaiting *self);
void ss_early_free(SsEarly *chunk);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsEarly, ss_early_free)

/* Where the last one ends; 0 where there is none. */
uint64_t ss_waiting_end(const SsWaiting *self);

static inline uint64_t
ss_early_end(const SsEarly *chunk)
{
    return chunk->offset + chunk->len;
}
