#include "dissect/reassembly.h"

/* A hole that the receiver has acknowledged is a loss of the capture, unless the packet is merely
 * late in it. */
#define LATE_PACKETS 64
#define LATE_NS SS_NS_PER_S

/* With one direction captured no acknowledgement tells; so wait longer. */
#define ONE_WAY_FACTOR 4

/* The largest window TCP can have (RFC 7323 section 2.2), so the farthest plausible byte ahead. */
#define WINDOW_MAX (INT64_C(1) << 30)

/* Bytes that came early. They own their copy. */
typedef struct {
    uint64_t offset;
    uint64_t len;  /* captured bytes, `data` */
    uint64_t cut;  /* bytes behind them that were on the wire and not captured */
    uint64_t need; /* the other direction's offset that must have been delivered before */
    SsOrigin origin;
    uint64_t packet; /* of the connection, when it came */
    uint8_t data[];
} Chunk;

#define CHUNK_OVERHEAD (sizeof(Chunk) + 64) /* with the tree's node and the allocator's */

static gint
compare_offsets(gconstpointer a, gconstpointer b, gpointer user_data)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    (void)user_data;
    return x < y ? -1 : x > y;
}

void
ss_reassembly_init(SsReassembly *self, SsConnection *connection, SsStreamSink *sink,
                   uint64_t reorder_limit, uint64_t *memory)
{
    *self = (SsReassembly){
        .connection = connection,
        .sink = sink,
        .reorder_limit = reorder_limit,
        .memory = memory,
        .stalled_ns = SS_TIME_NONE,
    };
    self->half[SS_CLIENT].fin = UINT64_MAX;
    self->half[SS_SERVER].fin = UINT64_MAX;
}

uint64_t
ss_reassembly_clear(SsReassembly *self)
{
    uint64_t dropped = 0;

    for (int i = 0; i < 2; i++) {
        SsHalf *half = &self->half[i];
        GTreeNode *node = half->waiting ? g_tree_node_first(half->waiting) : NULL;
        for (; node; node = g_tree_node_next(node)) {
            dropped += ((const Chunk *)g_tree_node_value(node))->len;
        }
        g_clear_pointer(&half->waiting, g_tree_destroy);
        *self->memory -= half->waiting_bytes;
        half->waiting_bytes = 0;
    }
    return dropped;
}

int64_t
ss_half_offset(const SsHalf *half, uint32_t seq)
{
    return (int64_t)half->next + (int32_t)(seq - (uint32_t)(half->base_seq + half->next));
}

static const Chunk *
first_waiting(const SsHalf *half)
{
    GTreeNode *node = half->waiting ? g_tree_node_first(half->waiting) : NULL;

    return node ? g_tree_node_value(node) : NULL;
}

/* Whether a segment that acknowledges `need` of the other direction may be delivered now. */
static bool
is_caused(const SsReassembly *self, SsDirection direction, uint64_t need)
{
    SsDirection other = ss_direction_other(direction);
    const SsHalf *half = &self->half[other];

    return half->next >= need || self->connection->half[other].packets == 0 ||
           (half->fin != UINT64_MAX && half->next >= half->fin &&
            (need == half->fin + 1 || !half->is_fin_guessed));
}

static void
deliver(SsReassembly *self, SsDirection direction, SsSlice bytes, const SsOrigin *origin,
        SsReassemblyCount *count)
{
    self->half[direction].next += bytes.len;
    self->connection->half[direction].bytes += bytes.len;
    count->delivered += bytes.len;
    self->sink->ops->data(self->sink, direction, bytes, origin);
}

static void
tell_gap(SsReassembly *self, SsDirection direction, uint64_t n, const SsOrigin *origin)
{
    self->half[direction].next += n;
    self->connection->half[direction].missing_bytes += n;
    self->sink->ops->gap(self->sink, direction, n, SS_GAP_UNKNOWN, origin);
}

static void
deliver_segment(SsReassembly *self, SsDirection direction, SsSlice bytes, uint64_t cut,
                const SsOrigin *origin, SsReassemblyCount *count)
{
    if (bytes.len) {
        deliver(self, direction, bytes, origin, count);
    }
    if (cut) {
        tell_gap(self, direction, cut, origin);
    }
}

/* --- what waits --- */

static void
keep(SsReassembly *self, SsDirection direction, uint64_t offset, SsSlice bytes, uint64_t cut,
     uint64_t need, const SsOrigin *origin)
{
    SsHalf *half = &self->half[direction];
    Chunk *chunk = g_malloc(sizeof *chunk + bytes.len);

    *chunk = (Chunk){offset, bytes.len, cut, need, *origin, self->n_packets};
    if (bytes.len) {
        memcpy(chunk->data, bytes.data, bytes.len);
    }
    if (!half->waiting) {
        half->waiting = g_tree_new_full(compare_offsets, NULL, NULL, g_free);
    }
    g_tree_insert(half->waiting, &chunk->offset, chunk);
    half->waiting_bytes += bytes.len + CHUNK_OVERHEAD;
    *self->memory += bytes.len + CHUNK_OVERHEAD;
}

/* Takes a chunk out of what waits; the caller frees it. */
static Chunk *
steal_chunk(SsReassembly *self, SsDirection direction, const Chunk *chunk)
{
    SsHalf *half = &self->half[direction];
    uint64_t size = chunk->len + CHUNK_OVERHEAD;
    Chunk *mine = (Chunk *)chunk;

    g_tree_steal(half->waiting, &chunk->offset);
    half->waiting_bytes -= size;
    *self->memory -= size;
    return mine;
}

/*
 * Keeps the parts of `bytes`, which are from `offset` on, that nothing kept has yet: of two
 * readings the first stays. What the snap length took from one packet may come in another, so bytes
 * fill the cut of the chunk before them.
 */
static void
keep_uncovered(SsReassembly *self, SsDirection direction, uint64_t offset, SsSlice bytes,
               uint64_t cut, uint64_t need, const SsOrigin *origin, SsReassemblyCount *count)
{
    SsHalf *half = &self->half[direction];
    uint64_t end = offset + bytes.len + cut;

    /* Only bytes that were not captured: they show as a gap by themselves. */
    while (bytes.len) {
        /* The chunk at or before `offset`, then the next one after it. */
        GTreeNode *after = half->waiting ? g_tree_upper_bound(half->waiting, &offset) : NULL;
        GTreeNode *before = after ? g_tree_node_previous(after)
                                  : (half->waiting ? g_tree_node_last(half->waiting) : NULL);
        Chunk *last = before ? g_tree_node_value(before) : NULL;
        uint64_t covered = last ? last->offset + last->len : 0;
        uint64_t cut_end = last ? covered + last->cut : 0;
        uint64_t stop = after ? MIN(end, ((const Chunk *)g_tree_node_value(after))->offset) : end;
        SsSlice piece;

        if (covered > offset) {
            size_t known = (size_t)MIN(covered - offset, bytes.len);
            if (known == last->len) { /* the repetition may have come first */
                last->need = MIN(last->need, need);
            }
            count->repeated += known;
            self->connection->half[direction].retransmitted_bytes += known;
            bytes = ss_slice_from(bytes, known);
            offset += known;
            continue;
        }
        piece = ss_slice_sub(bytes, 0, (size_t)(stop - offset));
        if (cut_end > offset) {
            last->cut = offset - covered;
            stop = MAX(stop, cut_end);
        }
        keep(self, direction, offset, piece, stop - offset - piece.len, need, origin);
        count->kept += piece.len;
        bytes = ss_slice_from(bytes, piece.len);
        offset = stop;
    }
}

/* Delivers what waits in `direction` and may go now. */
static bool
drain(SsReassembly *self, SsDirection direction, SsReassemblyCount *count)
{
    SsHalf *half = &self->half[direction];
    const Chunk *chunk;
    bool any = false;

    while ((chunk = first_waiting(half)) && chunk->offset <= half->next &&
           is_caused(self, direction, chunk->need)) {
        /* Nothing kept overlaps, and what was delivered since was trimmed on its way: so it fits.
         */
        uint64_t done = MIN(half->next - chunk->offset, chunk->len + chunk->cut);
        size_t known = (size_t)MIN(done, chunk->len);
        g_autofree Chunk *mine = NULL;

        count->repeated += known;
        self->connection->half[direction].retransmitted_bytes += known;
        mine = steal_chunk(self, direction, chunk);
        deliver_segment(self, direction, ss_slice(mine->data + known, mine->len - known),
                        mine->cut - (done - known), &mine->origin, count);
        any = true;
    }
    return any;
}

static void
drain_both(SsReassembly *self, SsReassemblyCount *count)
{
    bool any;

    do {
        any = drain(self, SS_CLIENT, count);
        any = drain(self, SS_SERVER, count) || any;
    } while (any);
}

static bool
is_waiting(const SsReassembly *self)
{
    return first_waiting(&self->half[SS_CLIENT]) || first_waiting(&self->half[SS_SERVER]);
}

/*
 * The end of the hole at the head of `direction`, or 0 where there is none: up to the first byte
 * kept, or up to what the other side's waiting segment has acknowledged. `ret_shows` is what shows
 * it.
 */
static uint64_t
hole_end(const SsReassembly *self, SsDirection direction, const Chunk **ret_shows)
{
    const SsHalf *half = &self->half[direction];
    const Chunk *mine = first_waiting(half);
    const Chunk *theirs = first_waiting(&self->half[ss_direction_other(direction)]);

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

/* It was a byte. */
static void
forget_guess(SsHalf *half)
{
    if (half->is_fin_guessed) {
        half->is_fin_guessed = false;
        half->fin = UINT64_MAX;
    }
}

/* A FIN takes a number like a byte: where one was acknowledged and nothing follows, it was that. */
static void
take_as_lost(SsReassembly *self, SsDirection direction, uint64_t end, const SsOrigin *origin)
{
    SsHalf *half = &self->half[direction];

    if (end == half->next + 1 && half->fin == UINT64_MAX && !first_waiting(half)) {
        half->fin = half->next;
        half->is_fin_guessed = true;
    } else {
        forget_guess(half);
        tell_gap(self, direction, end - half->next, origin);
    }
}

/* Takes one hole as lost and delivers what waited for it. */
static void
give_up_hole(SsReassembly *self, SsReassemblyCount *count)
{
    for (int i = 0; i < 2; i++) {
        SsDirection direction = (SsDirection)i;
        const Chunk *shows;
        uint64_t end = hole_end(self, direction, &shows);

        if (end > self->half[direction].next) {
            SsOrigin origin = shows->origin;
            take_as_lost(self, direction, end, &origin);
            drain_both(self, count);
            return;
        }
    }
    /* No hole, and yet both wait: acknowledgements that contradict each other. The older packet
     * goes first. */
    const Chunk *client = first_waiting(&self->half[SS_CLIENT]);
    const Chunk *server = first_waiting(&self->half[SS_SERVER]);
    Chunk *oldest =
        (Chunk *)(!server || (client && client->origin.frame <= server->origin.frame) ? client
                                                                                      : server);
    if (oldest) {
        oldest->need = 0;
        drain_both(self, count);
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
        const Chunk *shows;
        SsDirection direction = (SsDirection)i;
        uint64_t end = hole_end(self, direction, &shows);

        if (end && self->half[direction].acked < end &&
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
        const Chunk *shows;
        if (hole_end(self, (SsDirection)i, &shows)) {
            packets = MIN(packets, self->n_packets - shows->packet);
            since_ns = MAX(since_ns, shows->origin.time_ns);
            break;
        }
    }
    return packets > LATE_PACKETS * factor || now_ns - since_ns > LATE_NS * factor;
}

/* Since when, and for how many packets, something has been missed. */
static void
see_stall(SsReassembly *self, const SsOrigin *origin, bool has_moved)
{
    if (!is_waiting(self) || !is_missed(self)) {
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
    while (is_waiting(self) && is_overdue(self, now_ns)) {
        give_up_hole(self, count);
    }
    for (int i = 0; i < 2; i++) {
        while (self->half[i].waiting_bytes > self->reorder_limit) {
            give_up_hole(self, count);
        }
    }
    if (!is_waiting(self)) {
        self->stalled_ns = SS_TIME_NONE;
        self->stalled_packets = 0;
    }
    return ss_reassembly_is_stalled(self);
}

bool
ss_reassembly_is_stalled(const SsReassembly *self)
{
    return self->stalled_ns != SS_TIME_NONE;
}

/* --- segments --- */

static void
take_ack(SsReassembly *self, SsDirection direction, const SsSegment *segment, uint64_t *ret_need)
{
    SsHalf *other = &self->half[ss_direction_other(direction)];
    int64_t offset;

    *ret_need = 0;
    if (!(segment->flags & SS_TCP_ACK) || (segment->flags & SS_TCP_RST)) {
        return;
    }
    if (!other->is_known) {
        other->is_known = true;
        other->base_seq = segment->ack;
    }
    offset = ss_half_offset(other, segment->ack);
    if (offset > 0 && offset - (int64_t)other->next < WINDOW_MAX) {
        other->acked = MAX(other->acked, (uint64_t)offset);
        *ret_need = (uint64_t)offset;
    }
}

static void
take_payload(SsReassembly *self, SsDirection direction, const SsSegment *segment, uint64_t need,
             SsReassemblyCount *count)
{
    SsHalf *half = &self->half[direction];
    uint32_t seq = segment->seq + ((segment->flags & SS_TCP_SYN) ? 1 : 0);
    int64_t offset = ss_half_offset(half, seq);
    SsSlice bytes = segment->payload;
    uint64_t cut = segment->cut;
    uint64_t known;

    if (offset - (int64_t)half->next > WINDOW_MAX) {
        count->refused += bytes.len;
        return;
    }
    if (offset < 0) { /* before the start of the stream, or of its capture: never seen */
        uint64_t before = MIN((uint64_t)-offset, bytes.len + cut);
        size_t refused = (size_t)MIN(before, bytes.len);
        count->refused += refused;
        bytes = ss_slice_from(bytes, refused);
        cut -= before - refused;
        offset += (int64_t)before;
        if (bytes.len == 0 && cut == 0) {
            return;
        }
    }
    known = offset < (int64_t)half->next ? (uint64_t)((int64_t)half->next - offset) : 0;
    if (known) {
        size_t repeated = (size_t)MIN(known, bytes.len);
        count->repeated += repeated;
        self->connection->half[direction].retransmitted_bytes += repeated;
        bytes = ss_slice_from(bytes, repeated);
        cut -= MIN(cut, known - repeated);
        offset = (int64_t)half->next;
        if (bytes.len == 0 && cut == 0) {
            return;
        }
    }
    forget_guess(half);
    if ((uint64_t)offset == half->next && !first_waiting(half) &&
        is_caused(self, direction, need)) {
        deliver_segment(self, direction, bytes, cut, &segment->origin, count);
    } else {
        keep_uncovered(self, direction, (uint64_t)offset, bytes, cut, need, &segment->origin,
                       count);
    }
}

void
ss_reassembly_feed(SsReassembly *self, SsDirection direction, const SsSegment *segment,
                   SsReassemblyCount *count)
{
    SsHalf *half = &self->half[direction];
    bool had_waiting = is_waiting(self);
    uint64_t had_delivered = self->half[0].next + self->half[1].next;
    uint64_t need;

    self->n_packets++;
    if ((segment->flags & SS_TCP_SYN) && !half->is_known) {
        half->is_known = true;
        half->base_seq = segment->seq + 1;
    } else if (!half->is_known) {
        half->is_known = true; /* the capture began in the middle */
        half->base_seq = segment->seq;
    }
    take_ack(self, direction, segment, &need);
    if (segment->payload.len || segment->cut) {
        take_payload(self, direction, segment, need, count);
    }
    if ((segment->flags & SS_TCP_FIN) && (half->fin == UINT64_MAX || half->is_fin_guessed)) {
        int64_t fin = ss_half_offset(half, segment->seq) + (int64_t)segment->payload.len +
                      (int64_t)segment->cut + ((segment->flags & SS_TCP_SYN) ? 1 : 0);
        if (fin >= (int64_t)half->next && fin - (int64_t)half->next < WINDOW_MAX) {
            half->fin = (uint64_t)fin;
            half->is_fin_guessed = false;
        }
    }
    if (!had_waiting && !is_waiting(self)) {
        return; /* the common case: all in order */
    }
    drain_both(self, count);
    see_stall(self, &segment->origin, self->half[0].next + self->half[1].next != had_delivered);
    ss_reassembly_advance(self, segment->origin.time_ns, count);
}

void
ss_reassembly_flush(SsReassembly *self, SsReassemblyCount *count)
{
    drain_both(self, count);
    while (is_waiting(self)) {
        give_up_hole(self, count);
    }
    for (int i = 0; i < 2; i++) {
        SsDirection direction = (SsDirection)i;
        SsHalf *half = &self->half[i];
        uint64_t end = half->acked;

        if (self->connection->half[i].packets == 0) {
            self->connection->half[i].missing_bytes = end; /* a direction that was not captured */
            continue;
        }
        if (half->fin != UINT64_MAX) {
            end = half->fin;
        } else if (end == half->next + 1) {
            end = half->next; /* a FIN that was not captured takes one number too */
        }
        if (end > half->next) {
            tell_gap(self, direction, end - half->next, &self->connection->last);
        }
    }
}

bool
ss_reassembly_is_closed(const SsReassembly *self)
{
    for (int i = 0; i < 2; i++) {
        const SsHalf *half = &self->half[i];
        if (half->fin == UINT64_MAX || half->next < half->fin || half->acked <= half->fin) {
            return false;
        }
    }
    return true;
}
