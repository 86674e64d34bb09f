/*
 * One segment: its payload, as far as it is new; whether it ends the stream; and what it sets in
 * motion.
 */
#include "dissect/doubt.h"
#include "dissect/reassembly-parts.h"

/* A keep-alive comes when nothing has been sent for a while. */
#define KEEP_ALIVE_NS SS_NS_PER_S

/* --- payload --- */

static uint64_t
bytes_in_gaps(const SsReassembly *self, SsDirection direction, uint64_t from, uint64_t to)
{
    const SsOddHalf *odd = self->odd ? &self->odd[direction] : NULL;
    uint64_t n = 0;

    for (unsigned i = 0; odd && i < MIN(odd->n_gaps, SS_GAPS_KEPT); i++) {
        uint64_t start = MAX(from, odd->gaps[i].from), stop = MIN(to, odd->gaps[i].to);
        n += start < stop ? stop - start : 0;
    }
    return n;
}

/* A segment that stays unacknowledged is sent again and again. */
static void
see_stuck(SsReassembly *self, const SsPiece *piece, uint64_t first_frame)
{
    const SsHalf *half = &self->half[piece->direction];
    SsOddHalf *odd = ss_reassembly_odd(self, piece->direction);
    SsTcpHealth *health = ss_connection_health(self->connection);

    if (piece->offset != half->acked) {
        return;
    }
    if (odd->stuck_at != piece->offset) {
        odd->stuck_at = piece->offset;
        health->half[piece->direction].stuck_times = 1;
        health->half[piece->direction].stuck_len = 0;
        health->half[piece->direction].stuck_frames[0] =
            first_frame ? first_frame : piece->carrier.origin.frame;
    }
    health->half[piece->direction].stuck_times++;
    health->half[piece->direction].stuck_len =
        MAX(health->half[piece->direction].stuck_len, (uint32_t)(piece->bytes.len + piece->cut));
    health->half[piece->direction].stuck_frames[1] = piece->carrier.origin.frame;
}

static void
count_resent(SsReassembly *self, const SsPiece *piece)
{
    SsEndHealth *health = &ss_connection_health(self->connection)->half[piece->direction];

    health->retransmitted_packets++;
    health->resent_ns = piece->carrier.origin.time_ns;
}

/* The part of a segment that is before `next`. */
static void
take_known(SsReassembly *self, const SsPiece *piece, bool is_all, uint64_t doubts,
           SsReassemblyCount *count)
{
    uint64_t late =
        bytes_in_gaps(self, piece->direction, piece->offset, piece->offset + piece->bytes.len);

    self->half[piece->direction].has_probe = false; /* whichever of them is acknowledged */
    count->other_frame = ss_kept_frame(&self->half[piece->direction].kept, piece->offset);
    count->late += late;
    if (late) {
        ss_count_remark(count, SS_REMARK_LATE);
    }
    if (ss_reassembly_compare(self, piece, doubts, count)) {
        count->conflicting += piece->bytes.len - late;
        return;
    }
    count->repeated += piece->bytes.len - late;
    ss_connection_count_again(self->connection, piece->direction, piece->bytes.len - late);
    if (is_all && !late) {
        count_resent(self, piece);
        ss_count_remark(count, SS_REMARK_RETRANSMISSION);
        see_stuck(self, piece, count->other_frame);
    } else if (!late) {
        ss_count_remark(count, SS_REMARK_OVERLAP);
    }
}

/* Whether it only asks whether the other side is there: RFC 9293 section 3.8.4. */
static bool
is_keep_alive(const SsReassembly *self, SsDirection direction, const SsSegment *segment,
              int64_t offset)
{
    const SsHalf *half = &self->half[direction];
    const SsClaim *claim = self->odd ? &self->odd[direction].claim : NULL;
    size_t len = segment->payload.len + segment->cut;

    if (len > 1 || offset < 0 ||
        (segment->flags & (SS_TCP_SYN | SS_TCP_FIN | SS_TCP_RST | SS_TCP_ACK)) != SS_TCP_ACK) {
        return false;
    }
    if ((uint64_t)offset + 1 == half->next) {
        return half->acked >= half->next;
    }
    /* … or asks with a byte that was acknowledged long ago, and not captured. */
    return len == 1 && claim && claim->offset == (uint64_t)offset + 1 &&
           segment->origin.time_ns - claim->time_ns > KEEP_ALIVE_NS;
}

/* RFC 9293 section 3.8.5: the pointer says where the byte behind the urgent one is; 0 is taken for
 * the first byte itself. */
static void
see_urgent(SsReassembly *self, SsDirection direction, const SsSegment *segment, int64_t offset,
           SsReassemblyCount *count)
{
    SsOddHalf *odd;
    int64_t at = offset + (segment->urgent ? segment->urgent - 1 : 0);

    if (!(segment->flags & SS_TCP_URG) || at < 0) {
        return;
    }
    ss_count_remark(count, SS_REMARK_URGENT);
    odd = ss_reassembly_odd(self, direction);
    for (unsigned i = 0; i < MIN(odd->n_urgent, SS_URGENT_KEPT); i++) {
        if (odd->urgent[i] == (uint64_t)at) {
            return;
        }
    }
    odd->urgent[odd->n_urgent++ % SS_URGENT_KEPT] = (uint64_t)at;
}

static void
take_new(SsReassembly *self, const SsSegment *segment, const SsPiece *piece, uint64_t doubts,
         SsReassemblyCount *count)
{
    SsHalf *half = &self->half[piece->direction];
    uint64_t known = MAX(half->next, self->odd ? self->odd[piece->direction].doubt_end : 0);
    bool is_ahead = piece->offset > half->next, was_waiting = half->waiting != NULL;
    uint64_t had_taken = count->taken;

    doubts |= ss_doubt_of(self, piece->direction, segment, piece->offset);
    if (doubts) {
        ss_doubt_keep(self, piece, doubts, count);
        return;
    }
    see_urgent(self, piece->direction, segment, ss_half_offset(half, segment->seq), count);
    if (half->fin != UINT64_MAX && !half->is_fin_guessed &&
        piece->offset + piece->bytes.len > half->fin) {
        half->fin = UINT64_MAX; /* it was ahead of its time, or forged */
        ss_count_remark(count, SS_REMARK_AFTER_FIN);
    }
    if (piece->bytes.len > half->largest) {
        half->largest = (uint32_t)piece->bytes.len;
        half->largest_end = (uint32_t)(piece->offset + piece->bytes.len);
    }
    if (!half->has_probe) {
        half->has_probe = true;
        half->probe_end = (uint32_t)(piece->offset + piece->bytes.len + piece->cut);
        half->probe_ns = piece->carrier.origin.time_ns;
    }
    if (!ss_slice_is_null(segment->alternate)) {
        size_t from = segment->payload.len - piece->bytes.len;
        ss_reassembly_compare_alternate(self, piece, ss_slice_from(segment->alternate, from),
                                        count);
    }
    ss_reassembly_take(self, piece, self->pool->policy, count);
    if (is_ahead && (piece->offset > known || count->taken == had_taken)) {
        bool is_again = count->taken == had_taken;
        ss_count_remark(count, is_again ? SS_REMARK_RETRANSMISSION : SS_REMARK_OUT_OF_ORDER);
        if (is_again) {
            count_resent(self, piece);
        }
    } else if (was_waiting) {
        ss_count_remark(count, SS_REMARK_FILLS_GAP);
    }
}

/* Cuts the first `n` bytes off, captured or not. */
static void
cut_front(SsPiece *piece, uint64_t n)
{
    size_t captured = (size_t)MIN(n, piece->bytes.len);

    piece->bytes = ss_slice_from(piece->bytes, captured);
    piece->cut -= MIN(piece->cut, n - captured);
    piece->offset += n;
}

/* A bare acknowledgement is ahead of its sender's bytes: these were sent, and did not come here. */
static void
see_ahead(SsReassembly *self, SsDirection direction, const SsSegment *segment, int64_t offset)
{
    const SsHalf *half = &self->half[direction];

    if ((segment->flags & (SS_TCP_SYN | SS_TCP_FIN | SS_TCP_RST)) || half->fin != UINT64_MAX ||
        offset <= (int64_t)ss_half_top(half) || offset - (int64_t)half->next > SS_WINDOW_MAX ||
        (uint64_t)offset > half->edge) {
        return;
    }
    ss_reassembly_odd(self, direction)->sent_to = (uint64_t)offset;
}

static void
take_payload(SsReassembly *self, SsDirection direction, const SsSegment *segment, uint64_t need,
             uint64_t doubts, SsReassemblyCount *count)
{
    SsHalf *half = &self->half[direction];
    uint32_t seq = segment->seq + ((segment->flags & SS_TCP_SYN) ? 1 : 0);
    int64_t offset = ss_half_offset(half, seq);
    SsPiece piece = {
        .direction = direction,
        .offset = (uint64_t)MAX(offset, 0),
        .bytes = segment->payload,
        .cut = segment->cut,
        .need = need,
        .carrier = {.origin = segment->origin, .ttl = segment->ttl, .has_link = segment->has_link},
    };

    memcpy(piece.carrier.link, segment->link_from, sizeof piece.carrier.link);
    if (is_keep_alive(self, direction, segment, offset)) {
        bool is_closed = self->half[ss_direction_other(direction)].is_window_closed;
        ss_count_remark(count, is_closed ? SS_REMARK_WINDOW_PROBE : SS_REMARK_KEEP_ALIVE);
        count->keep_alive += piece.bytes.len;
        return;
    }
    if (piece.bytes.len == 0 && piece.cut == 0) {
        see_ahead(self, direction, segment, offset);
        return;
    }
    if (offset - (int64_t)half->next > SS_WINDOW_MAX) {
        ss_count_remark(count, SS_REMARK_OUT_OF_WINDOW);
        count->refused += piece.bytes.len;
        return;
    }
    if (offset < 0) { /* before the start of the stream, or of its capture: never seen */
        uint64_t before = MIN((uint64_t)-offset, piece.bytes.len + piece.cut);
        ss_count_remark(count, SS_REMARK_BEFORE_START);
        count->before_start += MIN(before, piece.bytes.len);
        cut_front(&piece, before);
        piece.offset = 0;
    }
    if (piece.offset < half->next && piece.bytes.len) {
        uint64_t n = half->next - piece.offset;
        SsPiece known = piece;
        known.bytes = ss_slice_sub(piece.bytes, 0, (size_t)MIN(n, piece.bytes.len));
        take_known(self, &known, n >= piece.bytes.len + piece.cut, doubts, count);
    }
    if (piece.offset < half->next) {
        cut_front(&piece, MIN(half->next - piece.offset, piece.bytes.len + piece.cut));
    }
    if (piece.bytes.len || piece.cut) {
        take_new(self, segment, &piece, doubts, count);
    }
}

/* --- the end of a stream --- */

static void
take_fin(SsReassembly *self, SsDirection direction, const SsSegment *segment,
         SsReassemblyCount *count)
{
    SsHalf *half = &self->half[direction];
    int64_t fin = ss_half_offset(half, segment->seq) + (int64_t)segment->payload.len +
                  (int64_t)segment->cut + ((segment->flags & SS_TCP_SYN) ? 1 : 0);
    bool has_fin = half->fin != UINT64_MAX && !half->is_fin_guessed;

    if (has_fin && (uint64_t)fin == half->fin) {
        if (segment->payload.len + segment->cut == 0) {
            ss_count_remark(count, SS_REMARK_RETRANSMISSION);
        }
        return;
    }
    if (has_fin || fin < (int64_t)half->next) {
        ss_count_remark(count, SS_REMARK_FIN_MOVED);
    }
    if (has_fin && (half->acked > half->fin || half->next >= half->fin)) {
        return; /* the stream has ended there */
    }
    if (fin >= (int64_t)half->next && fin - (int64_t)half->next < SS_WINDOW_MAX) {
        half->fin = (uint64_t)fin;
        half->is_fin_guessed = false;
        if (!has_fin && self->sink->ops->finished) {
            self->sink->ops->finished(self->sink, direction, &segment->origin);
        }
    }
}

/* --- a segment --- */

static void
begin_half(SsHalf *half, const SsSegment *segment, SsReassemblyCount *count)
{
    half->is_known = true;
    if (segment->flags & SS_TCP_SYN) {
        half->base_seq = segment->seq + 1;
    } else {
        half->base_seq = segment->seq; /* the capture began in the middle */
        ss_count_remark(count, SS_REMARK_MIDSTREAM);
    }
}

static void
see_options(SsHalf *half, const SsSegment *segment)
{
    if ((segment->flags & SS_TCP_SYN) && !half->has_syn_options) {
        half->has_syn_options = true;
        half->syn_options = segment->options;
        half->scale = segment->window_scale;
    }
    if ((segment->options & SS_TCP_HAS_TIMESTAMPS) &&
        (!half->has_timestamp || (int32_t)(segment->timestamp - half->timestamp) > 0) &&
        ss_half_offset(half, segment->seq) <= (int64_t)half->next) {
        half->has_timestamp = true;
        half->timestamp = segment->timestamp;
    }
}

static bool
repeats_ack(const SsReassembly *self, SsDirection direction, const SsSegment *segment,
            uint16_t window)
{
    const SsHalf *half = &self->half[ss_direction_other(direction)];

    return segment->payload.len + segment->cut == 0 && segment->window == window &&
           (segment->flags & (SS_TCP_SYN | SS_TCP_FIN | SS_TCP_RST | SS_TCP_ACK)) == SS_TCP_ACK &&
           ss_half_top(half) > half->acked &&
           ss_half_offset(half, segment->ack) == (int64_t)half->acked;
}

/* Whether anything is there that a segment may have set in motion. */
static bool
is_at_rest(const SsReassembly *self)
{
    return !ss_reassembly_is_waiting(self) && !self->odd;
}

static void
settle(SsReassembly *self, SsReassemblyCount *count, int64_t now_ns)
{
    for (int i = 0; self->odd && i < 2; i++) {
        ss_reassembly_settle_claim(self, (SsDirection)i, now_ns);
        if (self->odd[i].doubts.head) {
            ss_doubt_settle(self, (SsDirection)i, count);
            ss_reassembly_settle_claim(self, (SsDirection)i, now_ns);
        }
    }
}

void
ss_reassembly_feed(SsReassembly *self, SsDirection direction, const SsSegment *segment,
                   uint64_t doubts, SsReassemblyCount *count)
{
    SsHalf *half = &self->half[direction];
    bool was_at_rest = is_at_rest(self);
    uint64_t had_delivered = self->half[0].next + self->half[1].next;
    uint64_t need = 0;

    self->n_packets++;
    count->remarks |= doubts;
    if (!half->is_known) {
        begin_half(half, segment, count);
    }
    if (!doubts) {
        if (repeats_ack(self, direction, segment, half->window)) {
            ss_count_remark(count, SS_REMARK_DUPLICATE_ACK);
        }
        need = ss_reassembly_take_ack(self, direction, segment, count);
        ss_reassembly_see_window(self, direction, segment, count);
    } else {
        need = ss_reassembly_peek_ack(self, direction, segment);
    }
    take_payload(self, direction, segment, need, doubts, count);
    if (!doubts) {
        if (segment->flags & SS_TCP_FIN) {
            take_fin(self, direction, segment, count);
        }
        if (!(count->remarks & SS_REMARKS(SS_REMARK_NOT_TAKEN))) {
            see_options(half, segment);
        }
    }
    if (was_at_rest && is_at_rest(self)) {
        return; /* the common case: all in order */
    }
    settle(self, count, segment->origin.time_ns);
    ss_reassembly_drain(self, count);
    settle(self, count, segment->origin.time_ns);
    ss_reassembly_see_stall(self, &segment->origin,
                            self->half[0].next + self->half[1].next != had_delivered);
    ss_reassembly_advance(self, segment->origin.time_ns, count);
}
