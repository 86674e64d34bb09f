/*
 * Where every packet and every payload byte went. Each ends in exactly one bucket; the sums are
 * checked at the end.
 */
#pragma once

#include "capture/packet.h"
#include "dissect/flow.h"

typedef struct {
    uint64_t packets; /* read */
    uint64_t bytes;   /* of TCP payload captured */
    uint64_t filtered;
    uint64_t decoded[SS_N_PACKET_BUCKETS];
} SsLedger;

/* Non-empty buckets as lists of SsTally, in `arena`. */
void ss_ledger_fill(const SsLedger *ledger, const SsFlowStats *flows, SsArena *arena,
                    SsList *ret_packets, SsList *ret_bytes);

/* Whether both sums come out. */
bool ss_ledger_is_balanced(const SsLedger *ledger, const SsFlowStats *flows);
