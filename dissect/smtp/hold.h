/*
 * Bytes of one direction that wait to be read, with the packets they came in and the holes between
 * them. First in, first out; taking from the front costs nothing, so that going on and stopping
 * again is linear.
 */
#pragma once

#include <glib.h>

#include "base/origin.h"
#include "base/slice.h"

/* A zeroed SsHold is ready to use. */
typedef struct {
    struct SsHoldStore *store; /* NULL while empty */
} SsHold;

typedef struct {
    SsSlice bytes; /* borrowed until the hold is changed; empty for a gap */
    uint64_t gap;
    SsOrigin origin;
} SsHeld;

bool ss_hold_is_empty(const SsHold *hold);
size_t ss_hold_size(const SsHold *hold);
void ss_hold_push(SsHold *hold, SsSlice bytes, const SsOrigin *origin);
void ss_hold_push_gap(SsHold *hold, uint64_t n, const SsOrigin *origin);

/* The piece in front; false where there is none. */
bool ss_hold_peek(const SsHold *hold, SsHeld *ret_held);

/* Takes `n` bytes of the piece in front, or the gap. */
void ss_hold_take(SsHold *hold, size_t n);

/* The bytes in front up to a gap, as one; where there are more than `enough`, at least so many. */
SsSlice ss_hold_front(const SsHold *hold, size_t enough);

/* Whether there is a gap before so many bytes. */
bool ss_hold_has_gap(const SsHold *hold, size_t within);

/* How many pieces there are, and what one costs beside its bytes. */
size_t ss_hold_pieces(const SsHold *hold);
#define SS_HOLD_PIECE_SIZE 48
void ss_hold_clear(SsHold *hold);
