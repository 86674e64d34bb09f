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
    uint64_t damaged; /* inputs cut short or corrupt */
    uint64_t decoded[SS_N_PACKET_BUCKETS];
} SsLedger;

/* Non-empty buckets as lists of SsTally, in `arena`. */
void ss_ledger_fill(const SsLedger *ledger, const SsFlowStats *flows, SsArena *arena,
                    SsList *ret_packets, SsList *ret_bytes);

/* What is the capture's doing, as a list of SsTally in `arena`. */
SsList ss_ledger_artefacts(const uint64_t met[SS_N_MET], const uint64_t artefacts[SS_N_ARTEFACTS],
                           SsArena *arena);

/* Adds the damaged inputs to it, where there are any. */
void ss_ledger_add_damaged(const SsLedger *ledger, SsArena *arena, SsList *artefacts);

/* Whether both sums come out. */
bool ss_ledger_is_balanced(const SsLedger *ledger, const SsFlowStats *flows);
