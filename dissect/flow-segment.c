/*
 * A segment of a connection that stands: whether it is one captured twice, whether its checksum
 * means anything, whether it resets, and what reassembly makes of it.
 */
#include "dissect/flow-table.h"

/* A pause worth telling, should the connection not outlive it. */
#define PAUSE_NS (10 * SS_NS_PER_S)

/* Two captures of one packet are no farther apart; and no farther than this where nothing else
 * tells it from one sent twice. */
#define DUPLICATE_NS SS_NS_PER_S
#define DUPLICATE_NEAR_NS (SS_NS_PER_S / 1000)

/* --- the same packet again --- */

static uint32_t
digest_of(const SsSegment *segment)
{
    uint64_t digest = ((uint64_t)segment->seq << 32 | segment->ack) * UINT64_C(0x9e3779b97f4a7c15);

    digest ^= digest >> 29;
    digest = (digest ^ ((uint64_t)segment->ip_id << 32 | (uint64_t)segment->checksum << 16 |
                        segment->window)) *
             UINT64_C(0xbf58476d1ce4e5b9);
    digest ^= digest >> 32;
    digest = (digest ^ ((segment->payload.len + segment->cut) << 8 | segment->flags)) *
             UINT64_C(0x94d049bb133111eb);
    return (uint32_t)(digest >> 32);
}

/* Whether all of its payload was given on, and is the same. */
static bool
is_payload_known(const SsHalf *half, const SsSegment *segment)
{
    SsKeptDifference difference = {.taken = NULL, .room = 0};
    int64_t offset = ss_half_offset(half, segment->seq);
    uint64_t end = (uint64_t)offset + segment->payload.len;

    if (segment->payload.len == 0) {
        return true;
    }
    return offset >= 0 && end <= half->next && ss_kept_frame(&half->kept, (uint64_t)offset) &&
           ss_kept_frame(&half->kept, end - 1) &&
           !ss_kept_differs(&half->kept, (uint64_t)offset, segment->payload, &difference);
}

/*
 * A packet captured on both sides of a switch, or by two ports, differs in VLAN, TTL and MAC
 * addresses at most. A retransmission has another IP identification; where there is none, it does
 * not come within a millisecond.
 */
static bool
is_duplicate(SsFlow *flow, SsDirection direction, const SsSegment *segment)
{
    uint32_t digest = digest_of(segment);
    uint32_t *seen = flow->seen[direction];
    unsigned n = MIN(flow->n_seen[direction], SS_SEEN_KEPT);
    int64_t since_ns = segment->origin.time_ns - flow->connection.last.time_ns;
    bool has_id = segment->ip_id != 0;
    bool is_told_apart = (has_id || segment->payload.len || (segment->flags & SS_TCP_SYN)) &&
                         since_ns >= 0 && since_ns <= (has_id ? DUPLICATE_NS : DUPLICATE_NEAR_NS);

    for (unsigned i = 0; i < n && is_told_apart; i++) {
        if (seen[i] == digest && is_payload_known(&flow->reassembly.half[direction], segment)) {
            return true;
        }
    }
    seen[flow->n_seen[direction] % SS_SEEN_KEPT] = digest;
    flow->n_seen[direction] = (uint8_t)(flow->n_seen[direction] + 1) % (4 * SS_SEEN_KEPT);
    if (flow->n_seen[direction] == 0) {
        flow->n_seen[direction] = SS_SEEN_KEPT;
    }
    return false;
}

/* --- checksums and sizes --- */

/* More than its receiver takes at once: it was captured before it was cut up, or after it was
 * joined, and its checksum is nobody's. */
static bool
is_offloaded(const SsFlow *flow, SsDirection direction, const SsSegment *segment)
{
    uint16_t mss = flow->connection.half[ss_direction_other(direction)].mss;

    return mss && segment->payload.len + segment->cut > mss;
}

/* Whether the checksums of an end are filled in behind the capture point: those of its first
 * packets are mostly wrong. Some cards do it for payload only. */
static bool
is_filled_in(const SsHalf *half, bool has_payload)
{
    unsigned n = half->n_checksums[has_payload], n_bad = half->n_bad_checksums[has_payload];
    bool are_others_good = has_payload && half->n_checksums[false] > 1 &&
                           half->n_bad_checksums[false] * 2 <= half->n_checksums[false];

    return n_bad * 2 > n && (n > 1 || !are_others_good);
}

/* A wrong checksum means something only where the others of this end are right. */
static uint64_t
doubts_of_checksum(SsFlowTable *table, SsFlow *flow, SsDirection direction,
                   const SsSegment *segment)
{
    SsHalf *half = &flow->reassembly.half[direction];
    SsChecksum checksum = ss_segment_checksum(segment);
    bool has_payload = segment->payload.len != 0;
    bool is_bad =
        checksum == SS_CHECKSUM_BAD || (segment->oddities & SS_FRAME_BAD_IP_CHECKSUM) != 0;

    if (checksum == SS_CHECKSUM_UNKNOWN && !is_bad) {
        return 0;
    }
    if (half->n_checksums[has_payload] < SS_CHECKSUMS_JUDGED) {
        half->n_checksums[has_payload]++;
        half->n_bad_checksums[has_payload] = (uint8_t)(half->n_bad_checksums[has_payload] + is_bad);
    }
    if (!is_bad || is_filled_in(half, has_payload)) {
        return 0;
    }
    table->stats.artefacts[SS_ARTEFACT_BAD_CHECKSUM]++;
    return SS_REMARKS(SS_REMARK_BAD_CHECKSUM);
}

/* --- resets --- */

static SsFlowBucket
take_reset(SsFlowTable *table, SsFlow *flow, SsDirection direction, const SsSegment *segment,
           uint64_t doubts, uint64_t *remarks)
{
    SsConnection *connection = &flow->connection;
    SsTcpHealth *health = ss_connection_health(connection);
    SsResetJudgement judgement = ss_flow_judge_reset(flow, direction, segment, doubts);

    health->half[direction].resets++;
    health->half[direction].reset_ttl = segment->ttl;
    table->stats.bytes[SS_FLOW_DISCARDED] += segment->payload.len;
    if (judgement == SS_RESET_BELIEVED) {
        ss_connection_remark(connection, flow->reassembly.sink, direction, *remarks,
                             &segment->origin);
        table->verdict.remarks = *remarks;
        *remarks = 0;
        ss_flow_end(table, flow, SS_CLOSE_RESET, direction, segment->origin.frame);
        return SS_FLOW_NO_PAYLOAD;
    }
    *remarks |= SS_REMARKS(SS_REMARK_RESET_DOUBTED) | doubts;
    if (judgement == SS_RESET_DOUBTED) {
        flow->reset_by = (uint8_t)direction;
        ss_flow_touch(table, flow, SS_FLOW_DOUBTED);
        return SS_FLOW_NO_PAYLOAD;
    }
    ss_flow_touch(table, flow, (SsFlowState)flow->state);
    return SS_FLOW_OUT_OF_WINDOW;
}

/* --- the verdict --- */

void
ss_flow_judge(SsFlowTable *table, const SsFlow *flow, SsDirection direction,
              const SsSegment *segment)
{
    const SsReassembly *reassembly = &flow->reassembly;
    const SsHalf *half = &reassembly->half[direction];
    const SsHalf *other = &reassembly->half[ss_direction_other(direction)];
    SsFlowVerdict *verdict = &table->verdict;

    verdict->connection = &flow->connection;
    verdict->flow = flow->number;
    verdict->direction = direction;
    verdict->is_relative = half->is_known || (segment->flags & SS_TCP_SYN);
    verdict->seq = half->is_known ? segment->seq - half->base_seq + 1
                                  : ((segment->flags & SS_TCP_SYN) ? 0 : segment->seq);
    verdict->ack = (segment->flags & SS_TCP_ACK) && other->is_known
                       ? segment->ack - other->base_seq + 1
                       : segment->ack;
    verdict->window = ss_reassembly_window(reassembly, direction, segment);
    if (half->is_known) {
        int64_t offset =
            ss_half_offset(half, segment->seq + ((segment->flags & SS_TCP_SYN) ? 1 : 0));
        verdict->offset = (uint64_t)MAX(offset, 0);
    }
}

SsFlowBucket
ss_flow_bucket_of_aside(SsAside aside)
{
    static const SsFlowBucket buckets[SS_N_ASIDES] = {
        [SS_ASIDE_NOT_TAKEN] = SS_FLOW_NOT_TAKEN,
        [SS_ASIDE_PROBE] = SS_FLOW_KEEP_ALIVE,
        [SS_ASIDE_AFTER_FIN] = SS_FLOW_AFTER_FIN,
        [SS_ASIDE_OUT_OF_WINDOW] = SS_FLOW_OUT_OF_WINDOW,
    };

    return buckets[aside];
}

static SsFlowBucket
bucket_of(const SsReassemblyCount *count, const SsSegment *segment)
{
    uint64_t remarks = count->remarks;

    if (!segment->payload.len) {
        return SS_FLOW_NO_PAYLOAD;
    }
    if (count->taken) {
        return SS_FLOW_DELIVERED;
    }
    if (count->doubted) {
        return ss_flow_bucket_of_aside(ss_aside_of(remarks));
    }
    if (remarks & SS_REMARKS(SS_REMARK_KEEP_ALIVE)) {
        return SS_FLOW_KEEP_ALIVE;
    }
    if (remarks & SS_REMARKS(SS_REMARK_CONFLICT)) {
        return SS_FLOW_CONFLICTING;
    }
    if (remarks & SS_REMARKS(SS_REMARK_LATE)) {
        return SS_FLOW_LATE;
    }
    if (remarks & SS_REMARKS(SS_REMARK_OUT_OF_WINDOW)) {
        return SS_FLOW_OUT_OF_WINDOW;
    }
    if ((remarks & SS_REMARKS(SS_REMARK_BEFORE_START)) &&
        !(remarks & SS_REMARKS(SS_REMARK_RETRANSMISSION))) {
        return SS_FLOW_BEFORE_START;
    }
    return SS_FLOW_RETRANSMITTED;
}

/* --- a segment --- */

static void
see_pause(SsFlow *flow, const SsSegment *segment)
{
    int64_t pause_ns = segment->origin.time_ns - flow->connection.last.time_ns;
    const SsHalf *half = flow->reassembly.half;

    /* Nobody was waiting for an acknowledgement meanwhile. */
    if (pause_ns >= PAUSE_NS && half[0].acked >= half[0].next && half[1].acked >= half[1].next) {
        ss_connection_health(&flow->connection)->idle_ns = pause_ns;
    }
}

/* Who is the client, where the handshake did not tell: by the first words. */
static void
see_roles(SsFlowTable *table, SsFlow *flow, SsDirection *direction, const SsSegment *segment)
{
    int who;

    if (flow->is_role_sure || !segment->payload.len) {
        return;
    }
    flow->is_role_sure = true;
    who =
        table->factory->who_says ? table->factory->who_says(table->factory, segment->payload) : -1;
    if (who >= 0 && who != (int)*direction) {
        ss_flow_swap_roles(table, flow);
        *direction = ss_direction_other(*direction);
    }
}

static void
see_state(SsFlowTable *table, SsFlow *flow, const SsSegment *segment)
{
    const SsConnection *connection = &flow->connection;
    SsFlowState state = (SsFlowState)flow->state;

    if (state == SS_FLOW_MAIL) {
        state = SS_FLOW_OPEN;
    }
    if (state == SS_FLOW_STARTING &&
        (segment->payload.len || segment->cut || !(segment->flags & SS_TCP_SYN))) {
        bool by_handshake = connection->ready_ns != SS_TIME_NONE;
        if (by_handshake || segment->payload.len || segment->cut || !connection->from_start) {
            state = SS_FLOW_OPEN;
            if (by_handshake && flow->reassembly.sink->ops->connected) {
                flow->reassembly.sink->ops->connected(flow->reassembly.sink, &segment->origin);
            }
        }
    }
    ss_flow_touch(table, flow, state);
}

/* Where both streams are: it grows when a connection goes on. */
static uint64_t
progress_of(const SsFlow *flow)
{
    const SsHalf *half = flow->reassembly.half;

    return half[0].next + half[0].acked + half[1].next + half[1].acked;
}

static SsFlowBucket
reassemble(SsFlowTable *table, SsFlow *flow, SsDirection direction, const SsSegment *segment,
           uint64_t doubts, uint64_t *remarks)
{
    SsReassemblyCount count = {0};
    uint64_t before = progress_of(flow);

    ss_reassembly_feed(&flow->reassembly, direction, segment, doubts, &count);
    ss_flow_table_count(table, &count);
    table->verdict.other_frame = count.other_frame;
    *remarks |= count.remarks;
    if (flow->state == SS_FLOW_DOUBTED &&
        (progress_of(flow) != before || (direction == flow->reset_by && !doubts))) {
        *remarks |= SS_REMARKS(SS_REMARK_AFTER_RESET);
        ss_flow_touch(table, flow, SS_FLOW_OPEN);
    }
    return bucket_of(&count, segment);
}

static void
see_sizes(SsFlowTable *table, SsFlow *flow, const SsSegment *segment, bool is_offloaded,
          uint64_t *remarks)
{
    const SsConnection *connection = &flow->connection;

    if (segment->cut) {
        *remarks |= SS_REMARKS(SS_REMARK_CUT);
    }
    if (is_offloaded) {
        table->stats.artefacts[SS_ARTEFACT_OFFLOADED]++;
        *remarks |= SS_REMARKS(SS_REMARK_OFFLOADED);
    }
    if (segment->payload.len && !ss_reassembly_knows_scale(&flow->reassembly) &&
        connection->half[0].packets && connection->half[1].packets &&
        !(connection->health && connection->health->remarks[SS_REMARK_WINDOW_UNKNOWN])) {
        *remarks |= SS_REMARKS(SS_REMARK_WINDOW_UNKNOWN);
    }
}

static void
see_end(SsFlowTable *table, SsFlow *flow, SsDirection direction, const SsSegment *segment)
{
    if (flow->connection.is_ignored) {
        ss_flow_ignore(table, flow);
    } else if (ss_reassembly_is_closed(&flow->reassembly)) {
        ss_flow_end(table, flow, SS_CLOSE_FIN, direction, segment->origin.frame);
    } else if (ss_reassembly_is_stalled(&flow->reassembly)) {
        ss_flow_stall(table, flow);
    }
}

static void
tell_remarks(SsFlowTable *table, SsFlow *flow, SsDirection direction, const SsSegment *segment,
             uint64_t remarks)
{
    table->verdict.remarks = remarks;
    if (remarks && flow->reassembly.sink) {
        ss_connection_remark(&flow->connection, flow->reassembly.sink, direction, remarks,
                             &segment->origin);
    }
}

SsFlowBucket
ss_flow_take_segment(SsFlowTable *table, SsFlow *flow, SsDirection direction,
                     const SsSegment *segment)
{
    SsConnection *connection = &flow->connection;
    uint64_t remarks = 0, doubts = 0;
    bool is_large;
    SsFlowBucket bucket;

    see_roles(table, flow, &direction, segment);
    connection->frame = segment->origin.frame;
    if (is_duplicate(flow, direction, segment)) {
        table->stats.artefacts[SS_ARTEFACT_DUPLICATE]++;
        ss_flow_judge(table, flow, direction, segment);
        tell_remarks(table, flow, direction, segment, SS_REMARKS(SS_REMARK_DUPLICATE));
        return SS_FLOW_DUPLICATE;
    }
    is_large = is_offloaded(flow, direction, segment);
    if (!is_large) {
        doubts = doubts_of_checksum(table, flow, direction, segment);
    }
    see_pause(flow, segment);
    connection->last = segment->origin;
    if (connection->half[direction].packets++ == 0) {
        connection->half[direction].ttl = segment->ttl;
    }
    if (segment->flags & SS_TCP_RST) {
        ss_flow_judge(table, flow, direction, segment);
        bucket = take_reset(table, flow, direction, segment, doubts, &remarks);
        tell_remarks(table, flow, direction, segment, remarks);
        return bucket;
    }
    if (!doubts && !ss_flow_see_handshake(flow, direction, segment, &remarks)) {
        ss_flow_judge(table, flow, direction, segment);
        tell_remarks(table, flow, direction, segment, remarks);
        return SS_FLOW_STRAY;
    }
    see_state(table, flow, segment);
    bucket = reassemble(table, flow, direction, segment, doubts, &remarks);
    ss_flow_judge(table, flow, direction, segment);
    see_sizes(table, flow, segment, is_large, &remarks);
    tell_remarks(table, flow, direction, segment, remarks);
    see_end(table, flow, direction, segment);
    return bucket;
}
