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

static void
note_syn(SsConnection *connection, SsDirection direction, uint32_t seq)
{
    if (!connection->half[direction].has_syn) {
        connection->half[direction].has_syn = true;
        connection->half[direction].initial_seq = seq;
    }
}

void
ss_flow_see_handshake(SsFlow *flow, SsDirection direction, const SsSegment *segment)
{
    SsConnection *connection = &flow->connection;
    int64_t now = segment->origin.time_ns;

    if (segment->flags & SS_TCP_RST) {
        return;
    }
    if (segment->flags & SS_TCP_SYN) {
        int64_t *seen_ns = direction == SS_CLIENT ? &flow->syn_ns : &flow->syn_ack_ns;
        connection->from_start = true;
        *seen_ns = *seen_ns == SS_TIME_NONE ? now : *seen_ns;
        note_syn(connection, direction, segment->seq);
        if (segment->flags & SS_TCP_ACK) {
            note_syn(connection, ss_direction_other(direction), segment->ack - 1);
        }
        return;
    }
    if (flow->state != SS_FLOW_STARTING) {
        return;
    }
    if (direction == SS_CLIENT && flow->syn_ack_ns != SS_TIME_NONE) {
        connection->ready_ns = now;
        if (flow->syn_ns != SS_TIME_NONE && now >= flow->syn_ns) {
            /* Wherever the capture was made: half of it before the SYN-ACK, half behind. */
            connection->connect_ns = now - flow->syn_ns;
            connection->round_trip_ns = connection->connect_ns;
        }
    }
}

bool
ss_flow_is_believable_reset(const SsFlow *flow, SsDirection direction, const SsSegment *segment)
{
    const SsHalf *half = &flow->reassembly.half[direction];
    const SsHalf *other = &flow->reassembly.half[ss_direction_other(direction)];
    int64_t offset;

    if (!half->is_known) { /* it says by its acknowledgement what it refuses */
        return !other->is_known ||
               ((segment->flags & SS_TCP_ACK) && ss_half_offset(other, segment->ack) >= 0 &&
                ss_half_offset(other, segment->ack) <= (int64_t)other->next);
    }
    offset = ss_half_offset(half, segment->seq);
    return offset >= (int64_t)half->next - 1 && offset <= (int64_t)half->next + (INT64_C(1) << 26);
}

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
