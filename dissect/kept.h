/*
 * Bytes of a stream that were given on, kept to be compared with what comes again: those not yet
 * acknowledged, and of those acknowledged the latest of all streams, as long as their common room
 * lasts.
 *
 * The only copy of payload that arrives in order. It goes into blocks that are used again, so that
 * a stream's copying stays within a few lines of the processor's cache; a quiet stream holds none.
 */
#pragma once

#include <stdbool.h>

#include "base/origin.h"
#include "base/slice.h"

/* Bytes of one stream kept at once; what is sent and not acknowledged is rarely more. */
#define SS_KEPT_MAX (1u << 20)

/* Bytes kept of all streams behind their acknowledgement. */
#define SS_KEPT_ACKED_MAX (1u << 20)

/* What carried bytes, as far as a conflict tells it. */
typedef struct {
    SsOrigin origin;
    uint8_t ttl;
    bool has_link;
    uint8_t link[6];
} SsCarrier;

typedef struct SsKeptBlock SsKeptBlock;

/* Blocks for the streams of one flow table. */
typedef struct {
    SsKeptBlock *free[2];         /* small, large */
    SsKeptBlock *oldest, *newest; /* those wholly acknowledged, in that order */
    uint32_t acked_bytes;         /* of these */
    uint64_t free_bytes;
    uint64_t *memory; /* the accountant's count; blocks not in use are not in it */
} SsKeptPool;

/* Of one stream. */
typedef struct {
    SsKeptBlock *head; /* the first by offset, which has the rest; NULL where nothing is kept */
} SsKept;

/* Where bytes differ from those kept. */
typedef struct {
    uint64_t first, last; /* offsets of the first and last byte that differ */
    size_t n_taken;
    uint8_t
        *taken; /* room given by the caller: what is kept from `first` on, `room` bytes at most */
    size_t room;
    SsCarrier carrier; /* of the first; its time is not known */
} SsKeptDifference;

void ss_kept_pool_init(SsKeptPool *pool, uint64_t *memory);
void ss_kept_pool_clear(SsKeptPool *pool);

/* Appends a copy of `bytes`, at `offset`, which is not before the end of what is kept. */
void ss_kept_append(SsKept *kept, SsKeptPool *pool, uint64_t offset, SsSlice bytes,
                    const SsCarrier *carrier);

/* All before `offset` is acknowledged. */
void ss_kept_ack(SsKept *kept, SsKeptPool *pool, uint64_t offset);

/*
 * Compares `bytes`, at `offset`, with what is kept of that range; what is not kept differs in
 * nothing. True where some differ.
 */
bool ss_kept_differs(const SsKept *kept, uint64_t offset, SsSlice bytes, SsKeptDifference *ret);

/* The packet whose byte is kept at `offset`; 0 where none is. */
uint64_t ss_kept_frame(const SsKept *kept, uint64_t offset);

void ss_kept_clear(SsKept *kept, SsKeptPool *pool);
