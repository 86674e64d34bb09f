/*
 * Holes: bytes that others wait for. One is given up when only the capture can lack it, which its
 * acknowledgement shows, and a moment has passed in which it might have come late; or for a limit;
 * or at the end.
 */
#include "dissect/doubt.h"
#include "dissect/reassembly-parts.h"

/* A hole that the receiver has acknowledged is a loss of the capture, unless the packet is merely
 * late in it. */
#define LATE_PACKETS 64
#define LATE_NS SS_NS_PER_S

/* With one direction captured no acknowledgement tells; so wait longer. */
#define ONE_WAY_FACTOR 4

/*
 * The end of the hole at the head of `direction`, or 0 where there is none: up to the first byte
 * kept, or up to what the other side's waiting segment has acknowledged. `ret_shows` is what shows
 * it.
 */
static uint64_t
hole_end(const SsReassembly *self, SsDirection direction, const SsEarly **ret_shows)
{
    const SsHalf *half = &self->half[direction];
    const SsEarly *mine = ss_half_first_waiting(half);
    const SsEarly *theirs = ss_half_first_waiting(&self->half[ss_direction_other(direction)]);

    if (mine && mine->offset > half->next) {
        *ret_shows = mine;
        return mine->offset;
    }
    if (!mine && theirs && theirs->need > half->next) {
        *ret_shows = theirs;
        return half->is_fin_guessed ? theirs->need : MIN(theirs->need, half->fin);
    }
    return 0;
}

static SsGapCause
cause_of(const SsReassembly *self, SsDirection direction, uint64_t end, bool is_limit)
{
    if (!self->connection->half[ss_direction_other(direction)].packets) {
        return SS_GAP_UNKNOWN;
    }
    if (ss_reassembly_acknowledged(self, direction) >= end) {
        return SS_GAP_CAPTURE;
    }
    return is_limit ? SS_GAP_LIMIT : SS_GAP_NETWORK;
}

/* A FIN takes a number like a byte: where one was acknowledged and nothing follows, it was that. */
static void
take_as_lost(SsReassembly *self, SsDirection direction, uint64_t end, bool is_limit,
             const SsOrigin *origin)
{
    SsHalf *half = &self->half[direction];

    if (end == half->next + 1 && half->fin == UINT64_MAX && !half->waiting) {
        half->fin = half->next;
        half->is_fin_guessed = true;
    } else {
        ss_half_forget_guess(half);
        ss_reassembly_tell_gap(self, direction, end - half->next,
                               cause_of(self, direction, end, is_limit), origin);
        ss_reassembly_settle_claim(self, direction, origin->time_ns);
    }
}

/* Takes one hole as lost, one of direction `before` first, and delivers what waited for it. */
static void
give_up_hole(SsReassembly *self, SsDirection before, bool is_limit, SsReassemblyCount *count)
{
    for (int i = 0; i < 2; i++) {
        SsDirection direction = i ? ss_direction_other(before) : before;
        const SsEarly *shows;
        uint64_t end = hole_end(self, direction, &shows);

        if (end > self->half[direction].next && ss_doubt_spare(self, direction, count)) {
            ss_reassembly_drain(self, count);
            return;
        }
        if (end > self->half[direction].next) {
            SsOrigin origin = shows->carrier.origin;
            take_as_lost(self, direction, end, is_limit, &origin);
            ss_reassembly_drain(self, count);
            return;
        }
    }
    /* No hole, and yet both wait: acknowledgements that contradict each other. The older packet
     * goes first. */
    const SsEarly *client = ss_half_first_waiting(&self->half[SS_CLIENT]);
    const SsEarly *server = ss_half_first_waiting(&self->half[SS_SERVER]);
    bool is_client =
        !server || (client && client->carrier.origin.frame <= server->carrier.origin.frame);
    SsEarly *oldest = (SsEarly *)(is_client ? client : server);
    if (oldest) {
        oldest->need = 0;
        ss_reassembly_drain(self, count);
    }
}

/*
 * Whether only the capture lacks what is waited for: the receiver has acknowledged it. If not, the
 * receiver waits for it too, and it will be sent again.
 */
static bool
is_missed(const SsReassembly *self)
{
    for (int i = 0; i < 2; i++) {
        const SsEarly *shows;
        SsDirection direction = (SsDirection)i;
        uint64_t end = hole_end(self, direction, &shows);

        if (end && ss_reassembly_acknowledged(self, direction) < end &&
            self->connection->half[ss_direction_other(direction)].packets) {
            return false;
        }
    }
    return true;
}

/* Whether it has been missed long enough, and so has the hole that is first: one that was shown
 * late may be filled late. */
static bool
is_overdue(const SsReassembly *self, int64_t now_ns)
{
    bool is_one_way =
        !self->connection->half[SS_CLIENT].packets || !self->connection->half[SS_SERVER].packets;
    unsigned factor = is_one_way ? ONE_WAY_FACTOR : 1;
    uint64_t packets = self->stalled_packets;
    int64_t since_ns = self->stalled_ns;

    if (since_ns == SS_TIME_NONE || !is_missed(self)) {
        return false;
    }
    for (int i = 0; i < 2; i++) {
        const SsEarly *shows;
        if (hole_end(self, (SsDirection)i, &shows)) {
            packets = MIN(packets, self->n_packets - shows->packet);
            since_ns = MAX(since_ns, shows->carrier.origin.time_ns);
            break;
        }
    }
    return packets > LATE_PACKETS * factor || now_ns - since_ns > LATE_NS * factor;
}

void
ss_reassembly_see_stall(SsReassembly *self, const SsOrigin *origin, bool has_moved)
{
    if (!ss_reassembly_is_waiting(self) || !is_missed(self)) {
        self->stalled_ns = SS_TIME_NONE;
        self->stalled_packets = 0;
        return;
    }
    if (self->stalled_ns == SS_TIME_NONE || has_moved) {
        self->stalled_ns = origin->time_ns;
        self->stalled_packets = 0;
    }
    self->stalled_packets++;
}

bool
ss_reassembly_advance(SsReassembly *self, int64_t now_ns, SsReassemblyCount *count)
{
    while (ss_reassembly_is_waiting(self) && is_overdue(self, now_ns)) {
        give_up_hole(self, SS_CLIENT, false, count);
    }
    for (int i = 0; i < 2; i++) {
        const SsHalf *half = &self->half[i];
        while (half->waiting && half->waiting->size > self->pool->reorder_limit) {
            ++*self->pool->n_reorder_limit;
            give_up_hole(self, (SsDirection)i, true, count);
        }
    }
    if (!ss_reassembly_is_waiting(self) || !is_missed(self)) {
        self->stalled_ns = SS_TIME_NONE;
        self->stalled_packets = 0;
    }
    return ss_reassembly_is_stalled(self);
}

/* Behind all that was captured of a direction: what its end, or the other side, says was sent. */
static void
finish_half(SsReassembly *self, SsDirection direction)
{
    SsHalf *half = &self->half[direction];
    uint64_t acked = ss_reassembly_acknowledged(self, direction);
    uint64_t end = acked;

    if (self->connection->half[direction].packets == 0) {
        self->connection->half[direction].missing_bytes = end; /* it was not captured */
        return;
    }
    if (half->fin != UINT64_MAX) {
        end = half->fin;
    } else if (end == half->next + 1) {
        end = half->next; /* a FIN that was not captured takes one number too */
    }
    if (end > half->next) {
        ss_reassembly_tell_gap(self, direction, end - half->next,
                               cause_of(self, direction, end, false), &self->connection->last);
    }
    if (self->odd && self->odd[direction].sent_to > half->next && half->fin == UINT64_MAX) {
        ss_reassembly_tell_gap(self, direction, self->odd[direction].sent_to - half->next,
                               SS_GAP_NETWORK, &self->connection->last);
    }
}

void
ss_reassembly_flush(SsReassembly *self, SsReassemblyCount *count)
{
    ss_reassembly_drain(self, count);
    while (ss_reassembly_is_waiting(self)) {
        give_up_hole(self, SS_CLIENT, false, count);
    }
    for (int i = 0; i < 2; i++) {
        ss_doubt_finish(self, (SsDirection)i, count);
    }
    ss_reassembly_drain(self, count);
    while (ss_reassembly_is_waiting(self)) {
        give_up_hole(self, SS_CLIENT, false, count);
    }
    for (int i = 0; i < 2; i++) {
        finish_half(self, (SsDirection)i);
    }
}

bool
ss_reassembly_is_closed(const SsReassembly *self)
{
    for (int i = 0; i < 2; i++) {
        const SsHalf *half = &self->half[i];
        if (half->fin == UINT64_MAX || half->next < half->fin ||
            ss_reassembly_acknowledged(self, (SsDirection)i) <= half->fin) {
            return false;
        }
    }
    return true;
}
