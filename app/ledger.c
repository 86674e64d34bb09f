#include "app/ledger.h"

static void
add(SsArena *arena, SsList *list, const char *name, uint64_t n)
{
    SsTally tally = {ss_slice_str(name), n};

    if (n) {
        ss_list_append(arena, list, &tally, sizeof tally, SIZE_MAX);
    }
}

void
ss_ledger_fill(const SsLedger *ledger, const SsFlowStats *flows, SsArena *arena,
               SsList *ret_packets, SsList *ret_bytes)
{
    *ret_packets = *ret_bytes = (SsList){NULL, 0, 0};
    for (int i = 0; i < SS_N_FLOW_BUCKETS; i++) {
        const char *name = ss_flow_bucket_name((SsFlowBucket)i);
        add(arena, ret_packets, name, flows->packets[i]);
        add(arena, ret_bytes, name, flows->bytes[i]);
    }
    for (int i = SS_PACKET_SEGMENT + 1; i < SS_N_PACKET_BUCKETS; i++) {
        add(arena, ret_packets, ss_packet_bucket_name((SsPacketBucket)i), ledger->decoded[i]);
    }
    add(arena, ret_packets, "filtered", ledger->filtered);
}

SsList
ss_ledger_artefacts(const uint64_t met[SS_N_MET], const uint64_t artefacts[SS_N_ARTEFACTS],
                    SsArena *arena)
{
    SsList list = {NULL, 0, 0};

    for (int i = 0; i < SS_N_MET; i++) {
        add(arena, &list, ss_met_name((SsMet)i), met[i]);
    }
    for (int i = 0; i < SS_N_ARTEFACTS; i++) {
        add(arena, &list, ss_artefact_name(i), artefacts[i]);
    }
    return list;
}

void
ss_ledger_add_damaged(const SsLedger *ledger, SsArena *arena, SsList *artefacts)
{
    add(arena, artefacts, "damaged_files", ledger->damaged);
}

bool
ss_ledger_is_balanced(const SsLedger *ledger, const SsFlowStats *flows)
{
    uint64_t packets = ledger->filtered, bytes = 0;

    for (int i = 0; i < SS_N_FLOW_BUCKETS; i++) {
        packets += flows->packets[i];
        bytes += flows->bytes[i];
    }
    for (int i = SS_PACKET_SEGMENT + 1; i < SS_N_PACKET_BUCKETS; i++) {
        packets += ledger->decoded[i];
    }
    return packets == ledger->packets && bytes == ledger->bytes;
}
