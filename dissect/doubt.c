#include "dissect/doubt.h"

/* Kept aside of one direction. */
#define DOUBTS_MAX 1024
#define REPEATS_MAX 8

typedef struct {
    uint64_t offset, cut, need;
    uint64_t doubts;
    SsCarrier carrier;
    size_t len;
    uint8_t data[];
} SsDoubt;

static SsPiece
piece_of(const SsDoubt *doubt, SsDirection direction)
{
    return (SsPiece){
        .direction = direction,
        .offset = doubt->offset,
        .bytes = ss_slice(doubt->data, doubt->len),
        .cut = doubt->cut,
        .need = doubt->need,
        .carrier = doubt->carrier,
    };
}

/* --- whether there is a doubt --- */

/* Whether the other side's acknowledgements are captured: of one that was only heard to answer
 * the SYN they may not be. */
static bool
can_tell(const SsReassembly *self, SsDirection direction)
{
    return self->connection->half[ss_direction_other(direction)].packets > 1;
}

static bool
has_agreed(const SsReassembly *self, uint8_t option)
{
    return self->half[0].has_syn_options && self->half[1].has_syn_options &&
           (self->half[0].syn_options & self->half[1].syn_options & option);
}

static uint64_t
doubt_of_options(const SsReassembly *self, SsDirection direction, const SsSegment *segment)
{
    const SsHalf *half = &self->half[direction];
    bool is_signed = (segment->options & SS_TCP_HAS_SIGNATURE) != 0;
    uint64_t doubts = 0;

    if (has_agreed(self, SS_TCP_HAS_TIMESTAMPS)) {
        bool has_timestamp = (segment->options & SS_TCP_HAS_TIMESTAMPS) != 0;
        /* RFC 7323 sections 3.2 and 5.3 */
        if (!has_timestamp ||
            (half->has_timestamp && (int32_t)(segment->timestamp - half->timestamp) < 0)) {
            doubts |= SS_REMARKS(SS_REMARK_OLD_TIMESTAMP);
        }
    }
    if (half->has_syn_options && is_signed != ((half->syn_options & SS_TCP_HAS_SIGNATURE) != 0)) {
        doubts |= SS_REMARKS(SS_REMARK_SIGNATURE);
    }
    return doubts;
}

uint64_t
ss_doubt_of(const SsReassembly *self, SsDirection direction, const SsSegment *segment,
            uint64_t offset)
{
    const SsHalf *half = &self->half[direction];
    uint64_t doubts = 0;

    if (segment->flags & SS_TCP_SYN) {
        doubts |= SS_REMARKS(SS_REMARK_SYN_DATA); /* RFC 7413 section 4.2 */
    }
    if (!can_tell(self, direction)) {
        return doubts; /* nobody would tell whether it was taken */
    }
    if (!(segment->flags & (SS_TCP_ACK | SS_TCP_SYN))) { /* RFC 9293 section 3.10.7.4: dropped */
        doubts |= SS_REMARKS(SS_REMARK_NOT_TAKEN);
    }
    if (offset >=
        half->edge) { /* RFC 9293 section 3.10.7.4; one byte is a probe: section 3.8.6.1 */
        bool is_probe = offset == half->edge && half->next >= half->edge &&
                        segment->payload.len + segment->cut == 1;
        doubts |= SS_REMARKS(is_probe ? SS_REMARK_WINDOW_PROBE : SS_REMARK_OUT_OF_WINDOW);
    }
    if (half->fin != UINT64_MAX && !half->is_fin_guessed && offset >= half->fin &&
        half->next >= half->fin) {
        doubts |= SS_REMARKS(SS_REMARK_AFTER_FIN);
    }
    if (!(segment->flags & SS_TCP_SYN)) {
        doubts |= doubt_of_options(self, direction, segment);
    }
    return doubts;
}

/* --- what is kept aside --- */

SsAside
ss_aside_of(uint64_t doubts)
{
    if (doubts & SS_REMARKS(SS_REMARK_WINDOW_PROBE)) {
        return SS_ASIDE_PROBE;
    }
    if (doubts & SS_REMARKS(SS_REMARK_AFTER_FIN)) {
        return SS_ASIDE_AFTER_FIN;
    }
    return doubts & SS_REMARKS(SS_REMARK_OUT_OF_WINDOW) ? SS_ASIDE_OUT_OF_WINDOW
                                                        : SS_ASIDE_NOT_TAKEN;
}

static void
count_lost(uint64_t doubts, uint64_t n, SsReassemblyCount *count)
{
    uint64_t *const lost[SS_N_ASIDES] = {
        [SS_ASIDE_NOT_TAKEN] = &count->not_taken,
        [SS_ASIDE_PROBE] = &count->keep_alive,
        [SS_ASIDE_AFTER_FIN] = &count->after_fin,
        [SS_ASIDE_OUT_OF_WINDOW] = &count->refused,
    };

    *lost[ss_aside_of(doubts)] += n;
}

static SsDoubt *
take_out(SsReassembly *self, SsDirection direction, GList *link)
{
    SsOddHalf *odd = &self->odd[direction];
    SsDoubt *doubt = link->data;

    odd->doubt_size -= sizeof *doubt + doubt->len;
    *self->pool->memory -= sizeof *doubt + doubt->len;
    g_queue_delete_link(&odd->doubts, link);
    odd->doubt_end = odd->doubts.head ? odd->doubt_end : 0;
    return doubt;
}

/* Whether it is one of the last that were kept: what is sent again and again is kept once. */
static bool
is_kept(const SsOddHalf *odd, const SsPiece *piece)
{
    unsigned n = 0;

    for (const GList *link = odd->doubts.tail; link && n < REPEATS_MAX; link = link->prev, n++) {
        const SsDoubt *doubt = link->data;
        if (doubt->offset == piece->offset &&
            ss_slice_eq(ss_slice(doubt->data, doubt->len), piece->bytes)) {
            return true;
        }
    }
    return false;
}

void
ss_doubt_keep(SsReassembly *self, const SsPiece *piece, uint64_t doubts, SsReassemblyCount *count)
{
    SsOddHalf *odd = ss_reassembly_odd(self, piece->direction);
    size_t len = piece->bytes.len;
    SsDoubt *doubt;

    count->remarks |= doubts | SS_REMARKS(SS_REMARK_NOT_TAKEN);
    if (len == 0) {
        return;
    }
    count->doubted += len;
    if (is_kept(odd, piece)) {
        count_lost(doubts, len, count);
        return;
    }
    doubt = g_malloc(sizeof *doubt + len);
    *doubt = (SsDoubt){
        .offset = piece->offset,
        .cut = piece->cut,
        .need = piece->need,
        .doubts = doubts,
        .carrier = piece->carrier,
        .len = len,
    };
    memcpy(doubt->data, piece->bytes.data, len);
    g_queue_push_tail(&odd->doubts, doubt);
    odd->doubt_size += sizeof *doubt + len;
    odd->doubt_end = MAX(odd->doubt_end, piece->offset + len);
    odd->doubt_due = MIN(odd->doubt_due, piece->offset + len);
    *self->pool->memory += sizeof *doubt + len;
    while (odd->doubts.length > DOUBTS_MAX || odd->doubt_size > self->pool->reorder_limit) {
        g_autofree SsDoubt *oldest = take_out(self, piece->direction, odd->doubts.head);
        count_lost(oldest->doubts, oldest->len, count);
    }
}

/* Other bytes, or the same, have come in its place. */
static void
compare(SsReassembly *self, const SsDoubt *doubt, const SsPiece *piece, SsReassemblyCount *count)
{
    if (doubt->doubts & SS_REMARKS(SS_REMARK_WINDOW_PROBE)) {
        count->keep_alive += piece->bytes.len; /* what a probe carries means nothing */
    } else if (ss_reassembly_compare(self, piece, doubt->doubts, count)) {
        count->conflicting += piece->bytes.len;
    } else {
        count->repeated += piece->bytes.len;
    }
}

/* The receiver has it, and nothing else came. */
static void
adopt(SsReassembly *self, const SsDoubt *doubt, SsPiece piece, SsReassemblyCount *count)
{
    SsHalf *half = &self->half[piece.direction];
    uint64_t taken = count->taken; /* of the segment fed now, which is another */

    if (doubt->doubts & SS_REMARKS(SS_REMARK_AFTER_FIN)) {
        half->fin = UINT64_MAX; /* so that was none */
    }
    if (piece.offset < half->next) {
        SsPiece known = piece;
        size_t n = (size_t)(half->next - piece.offset);
        known.bytes = ss_slice_sub(piece.bytes, 0, n);
        compare(self, doubt, &known, count);
        piece.bytes = ss_slice_from(piece.bytes, n);
        piece.offset = half->next;
    }
    count->adopted[ss_aside_of(doubt->doubts)]++;
    ss_reassembly_take(self, &piece, SS_OVERLAP_FIRST, count);
    count->taken = taken;
}

static bool
is_acknowledged(const SsReassembly *self, SsDirection direction, const SsDoubt *doubt)
{
    const SsHalf *half = &self->half[direction];
    uint64_t acked = ss_reassembly_acknowledged(self, direction);

    if ((doubt->doubts & SS_REMARKS(SS_REMARK_AFTER_FIN)) && acked <= half->fin + 1) {
        return false; /* that may be the FIN's */
    }
    return acked >= doubt->offset + doubt->len;
}

/* A wrong checksum alone is no reason to drop bytes of which there is no other reading. */
static bool
is_only_checksum(const SsDoubt *doubt)
{
    return doubt->doubts == SS_REMARKS(SS_REMARK_BAD_CHECKSUM);
}

/* Takes one out that is settled; where there is none, notes when the first of them can be. */
static bool
settle_one(SsReassembly *self, SsDirection direction, bool is_end, SsReassemblyCount *count)
{
    SsOddHalf *odd = &self->odd[direction];
    bool is_one_way = !can_tell(self, direction);
    uint64_t due = UINT64_MAX;

    for (GList *link = odd->doubts.head; link; link = link->next) {
        const SsDoubt *doubt = link->data;
        bool is_over = self->half[direction].next >= doubt->offset + doubt->len;

        bool is_spared = is_end && (is_one_way || is_only_checksum(doubt));

        if (is_over || is_spared || is_acknowledged(self, direction, doubt)) {
            g_autofree SsDoubt *mine = take_out(self, direction, link);
            SsPiece piece = piece_of(mine, direction);
            if (is_over) {
                compare(self, mine, &piece, count);
            } else {
                adopt(self, mine, piece, count);
            }
            return true;
        }
        due = MIN(due, doubt->offset + doubt->len);
    }
    odd->doubt_due = due;
    return false;
}

void
ss_doubt_settle(SsReassembly *self, SsDirection direction, SsReassemblyCount *count)
{
    const SsOddHalf *odd = &self->odd[direction];

    while (MAX(self->half[direction].next, ss_reassembly_acknowledged(self, direction)) >=
               odd->doubt_due &&
           settle_one(self, direction, false, count)) {
    }
}

bool
ss_doubt_spare(SsReassembly *self, SsDirection direction, SsReassemblyCount *count)
{
    return self->odd && settle_one(self, direction, true, count);
}

void
ss_doubt_finish(SsReassembly *self, SsDirection direction, SsReassemblyCount *count)
{
    while (self->odd && settle_one(self, direction, true, count)) {
    }
    while (self->odd && self->odd[direction].doubts.head) {
        g_autofree SsDoubt *doubt = take_out(self, direction, self->odd[direction].doubts.head);
        count_lost(doubt->doubts, doubt->len, count);
    }
}

uint64_t
ss_doubt_clear(SsReassembly *self, SsDirection direction)
{
    uint64_t dropped = 0;

    while (self->odd[direction].doubts.head) {
        g_autofree SsDoubt *doubt = take_out(self, direction, self->odd[direction].doubts.head);
        dropped += doubt->len;
    }
    return dropped;
}
