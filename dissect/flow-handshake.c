/*
 * What the flags of a segment say of its connection: who is the client, how long the handshake
 * took, whether a reset is to be believed and whether a SYN begins anew.
 */
#include "dissect/flow-table.h"

bool
ss_segment_is_from_client(const SsFlowTable *table, const SsSegment *segment)
{
    bool to_server, from_server;

    if (segment->flags & SS_TCP_SYN) {
        return !(segment->flags & SS_TCP_ACK);
    }
    to_server = ss_flow_table_is_server_port(table, segment->to.port);
    from_server = ss_flow_table_is_server_port(table, segment->from.port);
    if (to_server != from_server) {
        return to_server;
    }
    return segment->from.port >= segment->to.port; /* servers sit on low ports */
}

bool
ss_segment_leaves_roles_open(const SsFlowTable *table, const SsSegment *segment)
{
    return !(segment->flags & SS_TCP_SYN) &&
           ss_flow_table_is_server_port(table, segment->to.port) ==
               ss_flow_table_is_server_port(table, segment->from.port);
}

void
ss_flow_swap_roles(SsFlowTable *table, SsFlow *flow)
{
    SsConnection *connection = &flow->connection;
    SsConnectionEnd end = connection->half[SS_CLIENT];
    SsHalf half = flow->reassembly.half[SS_CLIENT];
    uint32_t seen[SS_SEEN_KEPT];
    uint8_t n_seen = flow->n_seen[SS_CLIENT];

    if (flow->reassembly.half[0].next || flow->reassembly.half[1].next || flow->reassembly.odd ||
        connection->uid) {
        return; /* too late */
    }
    connection->half[SS_CLIENT] = connection->half[SS_SERVER];
    connection->half[SS_SERVER] = end;
    flow->reassembly.half[SS_CLIENT] = flow->reassembly.half[SS_SERVER];
    flow->reassembly.half[SS_SERVER] = half;
    memcpy(seen, flow->seen[SS_CLIENT], sizeof seen);
    memcpy(flow->seen[SS_CLIENT], flow->seen[SS_SERVER], sizeof seen);
    memcpy(flow->seen[SS_SERVER], seen, sizeof seen);
    flow->n_seen[SS_CLIENT] = flow->n_seen[SS_SERVER];
    flow->n_seen[SS_SERVER] = n_seen;
    if (connection->health) {
        SsTcpHealth *health = connection->health;
        SsEndHealth swapped = health->half[SS_CLIENT];
        health->half[SS_CLIENT] = health->half[SS_SERVER];
        health->half[SS_SERVER] = swapped;
    }
    flow->client_end ^= 1;
    connection->on_server_port =
        ss_flow_table_is_server_port(table, connection->half[SS_SERVER].port);
}

/* --- SYN --- */

static void
note_syn(SsConnection *connection, SsDirection direction, uint32_t seq)
{
    if (!connection->half[direction].has_syn) {
        connection->half[direction].has_syn = true;
        connection->half[direction].initial_seq = seq;
    }
}

/* A further answer to the SYN, with another number: kept until the client has chosen. */
static void
keep_syn_ack(SsFlow *flow, uint32_t seq)
{
    SsOddFlow *odd = ss_flow_odd(flow);

    if (odd->n_syn_acks < SS_SYN_ACKS_MAX) {
        odd->syn_acks[odd->n_syn_acks++] = seq;
    } else {
        odd->syn_acks[SS_SYN_ACKS_MAX - 1] = seq;
    }
}

/* The client's first words acknowledge one of several SYN-ACKs. */
static void
choose_syn_ack(SsFlow *flow, const SsSegment *segment)
{
    SsReassembly *reassembly = &flow->reassembly;
    SsHalf *server = &reassembly->half[SS_SERVER];
    const SsOddFlow *odd = flow->odd;

    if (!odd || !(segment->flags & SS_TCP_ACK) || server->next || server->waiting ||
        segment->ack == server->base_seq) {
        return;
    }
    for (unsigned i = 0; i < MIN(odd->n_syn_acks, SS_SYN_ACKS_MAX); i++) {
        if (odd->syn_acks[i] + 1 == segment->ack) {
            ss_reassembly_rebase(reassembly, SS_SERVER, odd->syn_acks[i]);
            flow->connection.half[SS_SERVER].initial_seq = odd->syn_acks[i];
            return;
        }
    }
}

/* False where it does not count. */
static bool
see_syn(SsFlow *flow, SsDirection direction, const SsSegment *segment, uint64_t *remarks)
{
    SsConnection *connection = &flow->connection;
    SsHalf *half = &flow->reassembly.half[direction];
    bool is_bare = !(segment->flags & SS_TCP_ACK);

    if (half->is_known && half->base_seq != segment->seq + 1) {
        *remarks |= SS_REMARKS(SS_REMARK_SYN_CONFLICT);
        if (half->next == 0 && !is_bare) {
            keep_syn_ack(flow, segment->seq);
        }
        return false;
    }
    if (connection->half[direction].packets > 1 && half->is_known) {
        *remarks |= SS_REMARKS(flow->state == SS_FLOW_STARTING ? SS_REMARK_RETRANSMISSION
                                                               : SS_REMARK_SYN_AGAIN);
        ss_connection_health(connection)->half[direction].retransmitted_packets++;
    }
    connection->from_start = true;
    if (direction == SS_SERVER) {
        flow->has_syn_ack = true;
    } else if (connection->syn_ns == SS_TIME_NONE) {
        connection->syn_ns = segment->origin.time_ns;
    }
    if (segment->options & SS_TCP_HAS_MSS) {
        if (!connection->half[direction].mss) {
            connection->half[direction].mss = segment->mss;
        }
    }
    note_syn(connection, direction, segment->seq);
    if (!is_bare) {
        note_syn(connection, ss_direction_other(direction), segment->ack - 1);
    }
    flow->n_bare_syns |= (uint8_t)(is_bare << direction);
    if (is_bare && flow->n_bare_syns == 3) {
        *remarks |= SS_REMARKS(SS_REMARK_SPLIT_HANDSHAKE);
        flow->is_role_sure = false;
    }
    return true;
}

bool
ss_flow_see_handshake(SsFlow *flow, SsDirection direction, const SsSegment *segment,
                      uint64_t *remarks)
{
    SsConnection *connection = &flow->connection;

    if (segment->flags & SS_TCP_SYN) {
        return see_syn(flow, direction, segment, remarks);
    }
    if (direction == SS_CLIENT) {
        choose_syn_ack(flow, segment);
    }
    if (flow->state != SS_FLOW_STARTING) {
        return true;
    }
    if ((direction == SS_CLIENT || flow->n_bare_syns == 3) && flow->has_syn_ack) {
        connection->ready_ns = segment->origin.time_ns;
    }
    return true;
}

/* --- RST --- */

/* Hops a sender's packets may differ by. */
#define TTL_SLACK 2

/* How far ahead a reset may be that its receiver might believe. */
#define RESET_WINDOW (INT64_C(1) << 26)

/* Whether its number is the very next. */
static bool
is_exact(const SsFlow *flow, SsDirection direction, int64_t offset)
{
    const SsHalf *half = &flow->reassembly.half[direction];

    return offset == (int64_t)half->next || (half->acked && offset == (int64_t)half->acked) ||
           (half->fin != UINT64_MAX && offset == (int64_t)half->fin + 1);
}

static bool
looks_alike(const SsFlow *flow, SsDirection direction, const SsSegment *segment)
{
    const SsConnectionEnd *end = &flow->connection.half[direction];
    const SsHalf *half = &flow->reassembly.half[direction];
    bool is_signed = (segment->options & SS_TCP_HAS_SIGNATURE) != 0;
    int ttl = (int)end->ttl - (int)segment->ttl;

    return ttl >= -TTL_SLACK && ttl <= TTL_SLACK &&
           (!half->has_syn_options ||
            is_signed == ((half->syn_options & SS_TCP_HAS_SIGNATURE) != 0));
}

SsResetJudgement
ss_flow_judge_reset(const SsFlow *flow, SsDirection direction, const SsSegment *segment,
                    uint64_t doubts)
{
    const SsHalf *half = &flow->reassembly.half[direction];
    const SsHalf *other = &flow->reassembly.half[ss_direction_other(direction)];
    int64_t offset;

    if (!half->is_known) { /* it says by its acknowledgement what it refuses */
        bool is_answer =
            !other->is_known ||
            ((segment->flags & SS_TCP_ACK) && ss_half_offset(other, segment->ack) >= 0 &&
             ss_half_offset(other, segment->ack) <= (int64_t)other->next);
        return !is_answer ? SS_RESET_STRAY : doubts ? SS_RESET_DOUBTED : SS_RESET_BELIEVED;
    }
    offset = ss_half_offset(half, segment->seq);
    if (!is_exact(flow, direction, offset)) {
        /* Its receiver asks whether it is meant (RFC 5961 section 3.2); the capture may lack the
         * bytes before it. */
        bool is_in_window =
            offset > (int64_t)half->next && offset < (int64_t)half->next + RESET_WINDOW;
        return is_in_window ? SS_RESET_DOUBTED : SS_RESET_STRAY;
    }
    return doubts || !looks_alike(flow, direction, segment) ? SS_RESET_DOUBTED : SS_RESET_BELIEVED;
}

/* --- a new start --- */

bool
ss_flow_is_new_start(const SsFlow *flow, SsDirection direction, const SsSegment *segment)
{
    const SsHalf *half = &flow->reassembly.half[direction];

    if ((segment->flags & (SS_TCP_SYN | SS_TCP_ACK | SS_TCP_RST)) != SS_TCP_SYN) {
        return false;
    }
    if (half->is_known && half->base_seq == segment->seq + 1) {
        return false; /* seen again, or late in the capture */
    }
    if (flow->connection.half[direction].has_syn) {
        return flow->connection.half[direction].initial_seq != segment->seq;
    }
    /* Joined in the middle, or the other end was the client: bytes or an end already seen tell. */
    return flow->state != SS_FLOW_STARTING || flow->connection.half[direction].packets > 0;
}
