/*
 * Which flow a segment is of, by addresses, ports and family. The hash table is safe from who
 * chooses addresses (siphash.h), but slow to ask for every packet: so some flows are remembered
 * before it, by a cheap mix.
 */
#include "dissect/flow-table.h"

#include "dissect/siphash.h"

guint
ss_flow_hash(gconstpointer flow)
{
    return ((const SsFlow *)flow)->hash;
}

/* The lower end, 0, or the higher one. */
static const SsConnectionEnd *
end_of(const SsFlow *flow, int end)
{
    return &flow->connection.half[end ^ flow->client_end];
}

static bool
is_same_end(const SsConnectionEnd *a, const SsConnectionEnd *b)
{
    return memcmp(a->address, b->address, sizeof a->address) == 0 && a->port == b->port;
}

gboolean
ss_flow_equal(gconstpointer a, gconstpointer b)
{
    const SsFlow *x = a, *y = b;

    return x->connection.family == y->connection.family &&
           is_same_end(end_of(x, 0), end_of(y, 0)) && is_same_end(end_of(x, 1), end_of(y, 1));
}

static guint
hash_of(const SsFlowTable *table, const SsFlow *probe)
{
    uint8_t packed[2 * 16 + 2 * 2 + 1];
    size_t address_len = probe->connection.family == 4 ? 4 : 16, len = 0;

    for (int i = 0; i < 2; i++) {
        const SsConnectionEnd *end = end_of(probe, i);
        memcpy(packed + len, end->address, address_len);
        len += address_len;
        memcpy(packed + len, &end->port, sizeof end->port);
        len += sizeof end->port;
    }
    packed[len++] = probe->connection.family;
    return (guint)ss_siphash(table->key, ss_slice(packed, len));
}

static uint64_t
mix_of_end(const uint8_t address[16], uint16_t port)
{
    uint64_t words[2];

    memcpy(words, address, sizeof words);
    return (words[0] ^ words[1] << 24 ^ words[1] >> 40) +
           (uint64_t)port * UINT64_C(0x9e3779b97f4a7c15);
}

/* Where a flow is remembered before the hash table; the same for both directions. Who chooses
 * addresses that meet there makes the hash table be asked, no more. */
static SsFlow **
recent_of(SsFlowTable *table, uint64_t mix_of_ends)
{
    return &table->recent[(mix_of_ends * (table->key[0] | 1)) >> (64 - SS_RECENT_BITS)];
}

void
ss_flow_forget_recent(SsFlowTable *table, const SsFlow *flow)
{
    const SsConnectionEnd *half = flow->connection.half;
    SsFlow **recent = recent_of(table, mix_of_end(half[0].address, half[0].port) +
                                           mix_of_end(half[1].address, half[1].port));

    if (*recent == flow) {
        *recent = NULL;
    }
}

static bool
is_end(const SsConnectionEnd *end, const SsAddress *address)
{
    return memcmp(end->address, address->bytes, sizeof end->address) == 0 &&
           end->port == address->port;
}

/* Whether a segment is of a flow's addresses and ports, and from which end. */
static bool
is_between(const SsFlow *flow, const SsSegment *segment, uint8_t *ret_from)
{
    for (uint8_t end = 0; end < 2; end++) {
        if (is_end(end_of(flow, end), &segment->from) &&
            is_end(end_of(flow, end ^ 1), &segment->to)) {
            *ret_from = end;
            return flow->connection.family == segment->family;
        }
    }
    return false;
}

/* Fills in the probe's ends and hash; returns which end the segment is from. */
static uint8_t
make_probe(const SsFlowTable *table, const SsSegment *segment, SsFlow *probe)
{
    const SsAddress *ends[2] = {&segment->from, &segment->to};
    int order = memcmp(segment->from.bytes, segment->to.bytes, sizeof segment->from.bytes);
    uint8_t from = order < 0 || (order == 0 && segment->from.port <= segment->to.port) ? 0 : 1;

    probe->client_end = 0;
    probe->connection.family = segment->family;
    for (int i = 0; i < 2; i++) {
        SsConnectionEnd *end = &probe->connection.half[i ^ from];
        memcpy(end->address, ends[i]->bytes, sizeof end->address);
        end->port = ends[i]->port;
    }
    probe->hash = hash_of(table, probe);
    return from;
}

SsFlow *
ss_flow_look_up(SsFlowTable *table, const SsSegment *segment, uint8_t *ret_from, guint *ret_hash)
{
    SsFlow **recent = recent_of(table, mix_of_end(segment->from.bytes, segment->from.port) +
                                           mix_of_end(segment->to.bytes, segment->to.port));
    SsFlow probe, *flow;

    if (*recent && is_between(*recent, segment, ret_from)) {
        *ret_hash = (*recent)->hash;
        return *recent;
    }
    *ret_from = make_probe(table, segment, &probe);
    *ret_hash = probe.hash;
    flow = g_hash_table_lookup(table->flows, &probe);
    *recent = flow ? flow : *recent;
    return flow;
}
