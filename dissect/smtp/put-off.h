/*
 * Which envelopes were put off, so that of the messages that nobody asks for those are told that
 * may be a further attempt: a set without false negatives (a Bloom filter of one hash). Full, it
 * only costs what building all messages costs.
 */
#pragma once

#include "base/event.h"

#define SS_PUT_OFF_BITS 65536

typedef struct {
    bool has_any;
    uint64_t bits[SS_PUT_OFF_BITS / 64];
} SsPutOff;

/* Takes the sender and recipients of a message that was decided, where it or one of them was put
 * off. */
void ss_put_off_add(SsPutOff *self, const SsEventMessage *message);

/* Whether one of its recipients may have been put off before, from the same sender. */
bool ss_put_off_may_be_again(const SsPutOff *self, const SsEventMessage *message);
