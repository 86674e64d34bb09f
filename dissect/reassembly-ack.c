/*
 * What a segment says of the other direction: how far its sender has it, and how much more it
 * takes.
 */
#include "dissect/reassembly-parts.h"

/* So many packets that acknowledge less refute what one said. */
#define REFUTE_PACKETS 8

/* --- acknowledgements --- */

static void
measure_round_trip(SsReassembly *self, SsDirection direction, int64_t now_ns)
{
    SsHalf *half = &self->half[direction];
    SsConnectionEnd *end = &self->connection->half[direction];
    int64_t took_ns = now_ns - half->probe_ns;

    half->has_probe = false;
    if (took_ns >= 0 && (end->round_trip_ns == SS_TIME_NONE || took_ns < end->round_trip_ns)) {
        end->round_trip_ns = took_ns;
    }
}

/* Whether `offset` is at or behind one of which the lower half is kept, and which is not far. */
static bool
is_reached(uint64_t offset, uint32_t end)
{
    return (int32_t)((uint32_t)offset - end) >= 0;
}

void
ss_reassembly_advance_ack(SsReassembly *self, SsDirection direction, uint64_t offset,
                          int64_t now_ns)
{
    SsHalf *half = &self->half[direction];
    SsTcpHealth *health = self->connection->health;

    if (offset <= half->acked) {
        return;
    }
    half->acked = offset;
    if (direction == SS_CLIENT && offset >= ss_half_top(half)) {
        self->connection->settled_ns = now_ns;
    }
    ss_kept_ack(&half->kept, &self->pool->kept, offset);
    if (half->has_probe && is_reached(offset, half->probe_end)) {
        measure_round_trip(self, direction, now_ns);
    }
    if (is_reached(offset, half->largest_end)) {
        half->largest_acked = MAX(half->largest_acked, half->largest);
    }
    if (health) {
        health->idle_ns = 0; /* the connection has outlived its pause */
        if (self->odd && self->odd[direction].stuck_at < offset) {
            self->odd[direction].stuck_at = UINT64_MAX;
            health->half[direction].stuck_len = health->half[direction].stuck_times = 0;
        }
    }
}

/* Where a direction ends for its acknowledgements: a FIN takes a number too. */
static uint64_t
top_with_fin(const SsHalf *half)
{
    uint64_t top = ss_half_top(half);

    return half->fin != UINT64_MAX && !half->is_fin_guessed && top >= half->fin ? half->fin + 1
                                                                                : top;
}

void
ss_reassembly_settle_claim(SsReassembly *self, SsDirection direction, int64_t now_ns)
{
    SsClaim *claim = self->odd ? &self->odd[direction].claim : NULL;

    if (claim && claim->offset && claim->offset <= top_with_fin(&self->half[direction])) {
        uint64_t offset = claim->offset;
        claim->offset = 0;
        ss_reassembly_advance_ack(self, direction, offset, now_ns);
    }
}

/* `segment` acknowledges less than a claim: was that sent before, its sender would not. */
static void
weigh_claim(SsReassembly *self, SsDirection direction, const SsSegment *segment)
{
    SsClaim *claim = &self->odd[direction].claim;
    int64_t sent_at = ss_half_offset(&self->half[ss_direction_other(direction)], segment->seq);
    bool is_newer = (segment->options & SS_TCP_HAS_TIMESTAMPS) && claim->has_timestamp &&
                    (int32_t)(segment->timestamp - claim->timestamp) > 0;

    if (is_newer || sent_at > (int64_t)claim->sent_at || ++claim->n_against >= REFUTE_PACKETS) {
        claim->offset = 0;
    }
}

/* Bytes are acknowledged that were not captured. */
static void
take_claim(SsReassembly *self, SsDirection direction, const SsSegment *segment, uint64_t offset)
{
    SsClaim *claim = &ss_reassembly_odd(self, direction)->claim;
    int64_t sent_at = ss_half_offset(&self->half[ss_direction_other(direction)], segment->seq);

    if (claim->offset > offset) {
        weigh_claim(self, direction, segment);
    }
    if (claim->offset >= offset) {
        return;
    }
    *claim = (SsClaim){
        .offset = offset,
        .sent_at = (uint64_t)MAX(sent_at, 0),
        .timestamp = segment->timestamp,
        .has_timestamp = (segment->options & SS_TCP_HAS_TIMESTAMPS) != 0,
        .time_ns = segment->origin.time_ns,
    };
}

uint64_t
ss_reassembly_peek_ack(const SsReassembly *self, SsDirection direction, const SsSegment *segment)
{
    const SsHalf *half = &self->half[ss_direction_other(direction)];
    int64_t offset = ss_half_offset(half, segment->ack);

    if (!half->is_known || !(segment->flags & SS_TCP_ACK) || offset <= 0 ||
        offset - (int64_t)half->next >= SS_WINDOW_MAX) {
        return 0;
    }
    return (uint64_t)offset;
}

uint64_t
ss_reassembly_take_ack(SsReassembly *self, SsDirection direction, const SsSegment *segment,
                       SsReassemblyCount *count)
{
    SsDirection about = ss_direction_other(direction);
    SsHalf *half = &self->half[about];
    int64_t offset;

    if (!(segment->flags & SS_TCP_ACK) || (segment->flags & SS_TCP_RST)) {
        return 0;
    }
    if (!half->is_known) {
        half->is_known = true;
        half->base_seq = segment->ack;
    }
    offset = ss_half_offset(half, segment->ack);
    if (offset <= 0 || offset - (int64_t)half->next >= SS_WINDOW_MAX) {
        return 0;
    }
    if ((uint64_t)offset <= top_with_fin(half) || self->connection->half[about].packets == 0) {
        if (self->odd && self->odd[about].claim.offset > (uint64_t)offset) {
            weigh_claim(self, about, segment);
        }
        ss_reassembly_advance_ack(self, about, (uint64_t)offset, segment->origin.time_ns);
    } else {
        if (!self->odd || (uint64_t)offset > self->odd[about].doubt_end) {
            ss_count_remark(count, SS_REMARK_ACK_UNSEEN);
        }
        take_claim(self, about, segment, (uint64_t)offset);
    }
    return (uint64_t)offset;
}

/* --- windows --- */

static void
see_zero_window(SsReassembly *self, SsDirection direction, const SsSegment *segment,
                SsReassemblyCount *count)
{
    SsHalf *own = &self->half[direction];
    bool is_closed = segment->window == 0;

    if (is_closed) {
        ss_count_remark(count, SS_REMARK_ZERO_WINDOW);
    }
    if (is_closed == own->is_window_closed) {
        return;
    }
    own->is_window_closed = is_closed;
    if (is_closed) {
        ss_connection_health(self->connection)->half[direction].zero_windows++;
        ss_reassembly_odd(self, direction)->closed_ns = segment->origin.time_ns;
    } else {
        SsTcpHealth *health = ss_connection_health(self->connection);
        int64_t closed_ns = segment->origin.time_ns - self->odd[direction].closed_ns;
        health->half[direction].closed_ns += MAX(closed_ns, 0);
    }
}

void
ss_reassembly_see_window(SsReassembly *self, SsDirection direction, const SsSegment *segment,
                         SsReassemblyCount *count)
{
    SsHalf *half = &self->half[ss_direction_other(direction)];
    bool is_syn = (segment->flags & SS_TCP_SYN) != 0;
    int64_t offset = 0;
    uint64_t edge;

    self->half[direction].window = segment->window;
    if (segment->flags & SS_TCP_RST) {
        return;
    }
    if (!is_syn) {
        see_zero_window(self, direction, segment, count);
    }
    if (!is_syn && !ss_reassembly_knows_scale(self)) {
        half->edge = UINT64_MAX; /* no telling how much that is */
        return;
    }
    if (segment->flags & SS_TCP_ACK) {
        offset = ss_half_offset(half, segment->ack);
    }
    if (offset < 0) {
        return;
    }
    edge = (uint64_t)offset + ss_reassembly_window(self, direction, segment);
    if (half->edge == UINT64_MAX || edge > half->edge) {
        half->edge = edge;
    }
}
