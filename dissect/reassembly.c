#include "dissect/reassembly.h"

#include "dissect/doubt.h"
#include "dissect/reassembly-parts.h"

void
ss_reassembly_pool_init(SsReassemblyPool *pool, SsOverlap policy, uint64_t reorder_limit,
                        uint64_t *n_reorder_limit, uint64_t *memory)
{
    *pool = (SsReassemblyPool){
        .policy = policy,
        .reorder_limit = reorder_limit,
        .n_reorder_limit = n_reorder_limit,
        .memory = memory,
    };
    ss_kept_pool_init(&pool->kept, memory);
}

void
ss_reassembly_pool_clear(SsReassemblyPool *pool)
{
    ss_kept_pool_clear(&pool->kept);
}

void
ss_reassembly_init(SsReassembly *self, SsConnection *connection, SsStreamSink *sink,
                   SsReassemblyPool *pool)
{
    *self = (SsReassembly){
        .connection = connection,
        .sink = sink,
        .pool = pool,
        .stalled_ns = SS_TIME_NONE,
    };
    for (int i = 0; i < 2; i++) {
        self->half[i].fin = UINT64_MAX;
        self->half[i].edge = UINT64_MAX;
    }
}

SsOddHalf *
ss_reassembly_odd(SsReassembly *self, SsDirection direction)
{
    if (!self->odd) {
        self->odd = g_new0(SsOddHalf, 2);
        *self->pool->memory += 2 * sizeof *self->odd;
        for (int i = 0; i < 2; i++) {
            g_queue_init(&self->odd[i].doubts);
            self->odd[i].stuck_at = UINT64_MAX;
            self->odd[i].doubt_due = UINT64_MAX;
        }
    }
    return &self->odd[direction];
}

uint64_t
ss_reassembly_clear(SsReassembly *self)
{
    uint64_t dropped = 0;

    for (int i = 0; i < 2; i++) {
        SsHalf *half = &self->half[i];
        if (half->waiting) {
            dropped += ss_waiting_clear(half->waiting);
            g_clear_pointer(&half->waiting, g_free);
        }
        if (self->odd) {
            dropped += ss_doubt_clear(self, (SsDirection)i);
        }
        ss_kept_clear(&half->kept, &self->pool->kept);
    }
    if (self->odd) {
        *self->pool->memory -= 2 * sizeof *self->odd;
        g_clear_pointer(&self->odd, g_free);
    }
    return dropped;
}

int64_t
ss_half_offset(const SsHalf *half, uint32_t seq)
{
    return (int64_t)half->next + (int32_t)(seq - (uint32_t)(half->base_seq + half->next));
}

uint64_t
ss_half_top(const SsHalf *half)
{
    return half->waiting ? MAX(half->next, ss_waiting_end(half->waiting)) : half->next;
}

void
ss_reassembly_rebase(SsReassembly *self, SsDirection direction, uint32_t initial_seq)
{
    self->half[direction].base_seq = initial_seq + 1;
}

/* --- giving on --- */

static void
tell_conflict(SsReassembly *self, SsDirection direction, const SsConflict *conflict,
              SsReassemblyCount *count)
{
    count->remarks |= SS_REMARKS(SS_REMARK_CONFLICT);
    count->other_frame = conflict->taken_from.frame;
    if (self->sink->ops->conflict) {
        self->sink->ops->conflict(self->sink, direction, conflict);
    }
}

static SsConflict
conflict_of(const SsCarrier *taken, const SsCarrier *other)
{
    SsConflict conflict = {
        .taken_from = taken->origin,
        .other_from = other->origin,
        .taken_ttl = taken->ttl,
        .other_ttl = other->ttl,
        .has_links = taken->has_link && other->has_link,
    };

    memcpy(conflict.taken_link, taken->link, sizeof taken->link);
    memcpy(conflict.other_link, other->link, sizeof other->link);
    return conflict;
}

bool
ss_reassembly_compare(SsReassembly *self, const SsPiece *piece, uint64_t doubts,
                      SsReassemblyCount *count)
{
    const SsHalf *half = &self->half[piece->direction];
    uint8_t taken[SS_CONFLICT_SHOWN];
    SsKeptDifference difference = {.taken = taken, .room = sizeof taken};
    SsConflict conflict;

    if (!ss_kept_differs(&half->kept, piece->offset, piece->bytes, &difference)) {
        return false;
    }
    conflict = conflict_of(&difference.carrier, &piece->carrier);
    conflict.offset = difference.first;
    conflict.len = difference.last - difference.first + 1;
    conflict.taken = ss_slice(taken, (size_t)MIN(difference.n_taken, conflict.len));
    conflict.other = ss_slice_sub(piece->bytes, (size_t)(difference.first - piece->offset),
                                  (size_t)MIN(conflict.len, SS_CONFLICT_SHOWN));
    conflict.is_late = half->acked > difference.first;
    conflict.doubts = doubts;
    tell_conflict(self, piece->direction, &conflict, count);
    return true;
}

void
ss_reassembly_compare_alternate(SsReassembly *self, const SsPiece *piece, SsSlice alternate,
                                SsReassemblyCount *count)
{
    SsConflict conflict = conflict_of(&piece->carrier, &piece->carrier);
    size_t n = MIN(piece->bytes.len, alternate.len), first = 0, last;

    while (first < n && piece->bytes.data[first] == alternate.data[first]) {
        first++;
    }
    if (first == n) {
        return;
    }
    for (last = n - 1; piece->bytes.data[last] == alternate.data[last]; last--) {
    }
    conflict.offset = piece->offset + first;
    conflict.len = last - first + 1;
    conflict.taken = ss_slice_sub(piece->bytes, first, MIN(conflict.len, SS_CONFLICT_SHOWN));
    conflict.other = ss_slice_sub(alternate, first, MIN(conflict.len, SS_CONFLICT_SHOWN));
    tell_conflict(self, piece->direction, &conflict, count);
}

static void
give(SsReassembly *self, SsDirection direction, SsSlice bytes, const SsCarrier *carrier,
     SsReassemblyCount *count)
{
    SsHalf *half = &self->half[direction];
    bool is_one_way = self->connection->half[ss_direction_other(direction)].packets == 0;

    if (bytes.len == 0) {
        return;
    }
    ss_kept_append(&half->kept, &self->pool->kept, half->next, bytes, carrier);
    half->next += bytes.len;
    if (is_one_way || half->acked >= half->next) {
        ss_kept_ack(&half->kept, &self->pool->kept, half->next);
    }
    self->connection->half[direction].bytes += bytes.len;
    count->delivered += bytes.len;
    self->sink->ops->data(self->sink, direction, bytes, &carrier->origin);
}

/* The first urgent byte among the next `n`; UINT64_MAX where there is none. */
static uint64_t
next_urgent(const SsReassembly *self, SsDirection direction, uint64_t n)
{
    uint64_t from = self->half[direction].next, first = UINT64_MAX;

    for (unsigned i = 0; self->odd && i < MIN(self->odd[direction].n_urgent, SS_URGENT_KEPT); i++) {
        uint64_t at = self->odd[direction].urgent[i];
        if (at >= from && at - from < n) {
            first = MIN(first, at);
        }
    }
    return first;
}

/* An urgent byte is no byte of the stream to a receiver that did not ask for it there (RFC 6093
 * section 2.2); the reading with it is told. */
static void
skip_urgent(SsReassembly *self, SsDirection direction, SsSlice byte, const SsCarrier *carrier,
            SsReassemblyCount *count)
{
    SsHalf *half = &self->half[direction];
    SsConflict conflict = conflict_of(carrier, carrier);

    conflict.offset = half->next;
    conflict.len = 1;
    conflict.taken = ss_slice(byte.data, 0);
    conflict.other = byte;
    conflict.doubts = SS_REMARKS(SS_REMARK_URGENT);
    half->next++;
    count->urgent++;
    tell_conflict(self, direction, &conflict, count);
}

static void
deliver(SsReassembly *self, SsDirection direction, SsSlice bytes, const SsCarrier *carrier,
        SsReassemblyCount *count)
{
    uint64_t urgent;

    while ((urgent = next_urgent(self, direction, bytes.len)) != UINT64_MAX) {
        size_t before = (size_t)(urgent - self->half[direction].next);
        give(self, direction, ss_slice_sub(bytes, 0, before), carrier, count);
        skip_urgent(self, direction, ss_slice_sub(bytes, before, 1), carrier, count);
        bytes = ss_slice_from(bytes, before + 1);
    }
    give(self, direction, bytes, carrier, count);
}

void
ss_reassembly_tell_gap(SsReassembly *self, SsDirection direction, uint64_t n, SsGapCause cause,
                       const SsOrigin *origin)
{
    SsHalf *half = &self->half[direction];
    SsOddHalf *odd = ss_reassembly_odd(self, direction);

    odd->gaps[odd->n_gaps++ % SS_GAPS_KEPT] = (SsRange){half->next, half->next + n};
    half->next += n;
    self->connection->half[direction].missing_bytes += n;
    self->sink->ops->gap(self->sink, direction, n, cause, origin);
}

static void
deliver_piece(SsReassembly *self, const SsPiece *piece, SsReassemblyCount *count)
{
    deliver(self, piece->direction, piece->bytes, &piece->carrier, count);
    if (piece->cut) {
        ss_reassembly_tell_gap(self, piece->direction, piece->cut, SS_GAP_SNAP_LENGTH,
                               &piece->carrier.origin);
    }
}

/* --- what waits --- */

typedef struct {
    SsReassembly *self;
    SsDirection direction;
    SsReassemblyCount *count;
} Told;

static void
on_waiting_conflict(void *user_data, const SsWaitingConflict *overlap)
{
    Told *told = user_data;
    const SsSlice *taken = overlap->takes_new ? &overlap->new : &overlap->old;
    const SsSlice *other = overlap->takes_new ? &overlap->old : &overlap->new;
    SsConflict conflict = overlap->takes_new
                              ? conflict_of(&overlap->new_carrier, &overlap->old_carrier)
                              : conflict_of(&overlap->old_carrier, &overlap->new_carrier);
    size_t first = 0, last = taken->len - 1;

    while (taken->data[first] == other->data[first]) {
        first++;
    }
    while (taken->data[last] == other->data[last]) {
        last--;
    }
    conflict.offset = overlap->offset + first;
    conflict.len = last - first + 1;
    conflict.taken = ss_slice_sub(*taken, first, MIN(conflict.len, SS_CONFLICT_SHOWN));
    conflict.other = ss_slice_sub(*other, first, MIN(conflict.len, SS_CONFLICT_SHOWN));
    tell_conflict(told->self, told->direction, &conflict, told->count);
    told->count->other_frame = overlap->old_carrier.origin.frame;
}

static void
wait(SsReassembly *self, const SsPiece *piece, SsOverlap policy, SsReassemblyCount *count)
{
    SsHalf *half = &self->half[piece->direction];
    Told told = {self, piece->direction, count};
    SsWaitingRule rule = {policy, on_waiting_conflict, &told};
    SsWaitingCount waiting = {0};
    SsEarly chunk = {
        .offset = piece->offset,
        .len = piece->bytes.len,
        .cut = piece->cut,
        .need = piece->need,
        .packet = self->n_packets,
        .carrier = piece->carrier,
        .bytes = (uint8_t *)piece->bytes.data, /* read only */
    };

    if (!half->waiting) {
        half->waiting = g_new(SsWaiting, 1);
        ss_waiting_init(half->waiting, self->pool->memory);
    }
    ss_waiting_put(half->waiting, &chunk, &rule, &waiting);
    count->taken += waiting.kept;
    count->repeated += waiting.repeated;
    count->conflicting += waiting.conflicting + waiting.ousted;
    self->connection->half[piece->direction].retransmitted_bytes +=
        waiting.repeated + waiting.conflicting;
}

const SsEarly *
ss_half_first_waiting(const SsHalf *half)
{
    return half->waiting ? ss_waiting_first(half->waiting) : NULL;
}

uint64_t
ss_reassembly_acknowledged(const SsReassembly *self, SsDirection direction)
{
    uint64_t claimed = self->odd ? self->odd[direction].claim.offset : 0;

    return MAX(self->half[direction].acked, claimed);
}

/* What is believed to be there of a direction: an acknowledgement of more is refuted. */
static uint64_t
known_end(const SsReassembly *self, SsDirection direction)
{
    uint64_t doubted = self->odd ? self->odd[direction].doubt_end : 0;

    return MAX(ss_reassembly_acknowledged(self, direction), doubted);
}

/* Whether a segment that acknowledges `need` of the other direction may be delivered now. */
static bool
is_caused(const SsReassembly *self, SsDirection direction, uint64_t need)
{
    SsDirection other = ss_direction_other(direction);
    const SsHalf *half = &self->half[other];

    return half->next >= need || self->connection->half[other].packets == 0 ||
           half->next >= MIN(need, known_end(self, other)) ||
           (half->fin != UINT64_MAX && half->next >= half->fin &&
            (need == half->fin + 1 || !half->is_fin_guessed));
}

void
ss_half_forget_guess(SsHalf *half)
{
    if (half->is_fin_guessed) {
        half->is_fin_guessed = false;
        half->fin = UINT64_MAX;
    }
}

void
ss_reassembly_take(SsReassembly *self, const SsPiece *piece, SsOverlap policy,
                   SsReassemblyCount *count)
{
    SsHalf *half = &self->half[piece->direction];

    ss_half_forget_guess(half);
    if (piece->offset == half->next && !ss_half_first_waiting(half) &&
        is_caused(self, piece->direction, piece->need)) {
        count->taken += piece->bytes.len;
        deliver_piece(self, piece, count);
    } else {
        wait(self, piece, policy, count);
    }
}

/* Delivers what waits in `direction` and may go now. */
static bool
drain(SsReassembly *self, SsDirection direction, SsReassemblyCount *count)
{
    SsHalf *half = &self->half[direction];
    const SsEarly *first;
    bool any = false;

    while ((first = ss_half_first_waiting(half)) && first->offset <= half->next &&
           is_caused(self, direction, first->need)) {
        /* Nothing kept overlaps, and what was delivered since was trimmed on its way: so it fits.
         */
        g_autoptr(SsEarly) chunk = ss_waiting_steal_first(half->waiting);
        uint64_t done = MIN(half->next - chunk->offset, chunk->len + chunk->cut);
        size_t known = (size_t)MIN(done, chunk->len);
        SsPiece piece = {
            .direction = direction,
            .offset = half->next,
            .bytes = ss_slice(chunk->bytes + known, chunk->len - known),
            .cut = chunk->cut - (done - known),
            .carrier = chunk->carrier,
        };

        count->repeated += known;
        self->connection->half[direction].retransmitted_bytes += known;
        deliver_piece(self, &piece, count);
        any = true;
    }
    if (half->waiting && half->waiting->n == 0) {
        ss_waiting_clear(half->waiting);
        g_clear_pointer(&half->waiting, g_free);
    }
    return any;
}

void
ss_reassembly_drain(SsReassembly *self, SsReassemblyCount *count)
{
    bool any;

    do {
        any = drain(self, SS_CLIENT, count);
        any = drain(self, SS_SERVER, count) || any;
    } while (any);
}
