#include "naive.h"

void
naive_init(Naive *naive, SsOverlap policy)
{
    memset(naive, 0, sizeof *naive);
    naive->policy = policy;
    for (int i = 0; i < 2; i++) {
        naive->half[i].pieces = g_array_new(FALSE, FALSE, sizeof(NaivePiece));
    }
    naive->due = g_hash_table_new(NULL, NULL);
    naive->told = g_hash_table_new(NULL, NULL);
}

void
naive_clear(Naive *naive)
{
    for (int i = 0; i < 2; i++) {
        g_array_unref(naive->half[i].pieces);
    }
    g_hash_table_unref(naive->due);
    g_hash_table_unref(naive->told);
}

/* --- conflicts, a byte each --- */

static gpointer
conflict_key(SsDirection direction, uint64_t offset, uint8_t taken, uint8_t other)
{
    return GSIZE_TO_POINTER((gsize)offset << 17 | (gsize)taken << 9 | (gsize)other << 1 |
                            (gsize)direction);
}

static void
expect_conflict(Naive *naive, SsDirection direction, uint64_t offset, uint8_t taken, uint8_t other)
{
    if (taken != other) {
        g_hash_table_add(naive->due, conflict_key(direction, offset, taken, other));
    }
}

const char *
naive_conflict(Naive *naive, SsDirection direction, const SsConflict *conflict)
{
    size_t shown = MIN(conflict->taken.len, conflict->other.len);
    size_t most = MIN(conflict->len, SS_CONFLICT_SHOWN);

    /* Where something is missing, not all that counts can be shown. */
    if (shown == 0 || shown > most || conflict->other.len > most ||
        (shown < most && naive->half[direction].missing == 0)) {
        return "a conflict without its two readings";
    }
    if (conflict->taken.data[0] == conflict->other.data[0] ||
        (shown == conflict->len &&
         conflict->taken.data[shown - 1] == conflict->other.data[shown - 1])) {
        return "a conflict that begins or ends with the same byte";
    }
    for (size_t i = 0; i < shown; i++) {
        uint8_t taken = conflict->taken.data[i], other = conflict->other.data[i];
        gpointer key = conflict_key(direction, conflict->offset + i, taken, other);
        if (taken != other && !g_hash_table_contains(naive->due, key)) {
            return "a conflict where there is none, or the other way round";
        }
        if (taken != other) {
            g_hash_table_add(naive->told, key);
        }
    }
    return NULL;
}

const char *
naive_untold(const Naive *naive)
{
    GHashTableIter iter;
    gpointer key;

    g_hash_table_iter_init(&iter, naive->due);
    while (g_hash_table_iter_next(&iter, &key, NULL)) {
        gsize bits = GPOINTER_TO_SIZE(key);
        gpointer turned = conflict_key((SsDirection)(bits & 1), bits >> 17, (uint8_t)(bits >> 1),
                                       (uint8_t)(bits >> 9));
        if (!g_hash_table_contains(naive->told, key) &&
            !g_hash_table_contains(naive->told, turned)) {
            return "a conflict that was not told";
        }
    }
    return NULL;
}

/* --- segments --- */

/* Takes [start, end) out of every piece that is marked in `loses`. */
static void
cut_out(GArray *pieces, const bool *loses, uint64_t start, uint64_t end)
{
    for (guint i = pieces->len; i-- > 0;) {
        NaivePiece piece = g_array_index(pieces, NaivePiece, i);
        NaivePiece before = {piece.start, start}, after = {end, piece.end};
        if (!loses[i] || piece.start >= end || piece.end <= start) {
            continue;
        }
        g_array_remove_index(pieces, i);
        if (before.start < before.end) {
            g_array_append_val(pieces, before);
        }
        if (after.start < after.end) {
            g_array_append_val(pieces, after);
        }
    }
}

/* Whose is the byte, of the first `n`; -1: nobody's. */
static int
owner_of(const GArray *pieces, guint n, uint64_t at)
{
    for (guint i = 0; i < n; i++) {
        const NaivePiece *piece = &g_array_index(pieces, NaivePiece, i);
        if (piece->start <= at && at < piece->end) {
            return (int)i;
        }
    }
    return -1;
}

/* Whether `bytes`, at `from`, are others than those of a piece. */
static bool
differs(const NaiveHalf *half, const NaivePiece *piece, uint64_t from, SsSlice bytes)
{
    for (uint64_t at = MAX(piece->start, from); at < MIN(piece->end, from + bytes.len); at++) {
        if (half->value[at] != bytes.data[at - from]) {
            return true;
        }
    }
    return false;
}

/* The parts that it wins of what waits, and that nobody had, become pieces. What only repeats a
 * piece leaves it as it is. */
static void
settle(Naive *naive, SsDirection direction, uint64_t start, uint64_t from, SsSlice bytes)
{
    NaiveHalf *half = &naive->half[direction];
    guint n = half->pieces->len;
    uint64_t end = from + bytes.len;
    g_autofree bool *loses = g_new0(bool, n + 1);
    g_autoptr(GArray) won = g_array_new(FALSE, FALSE, sizeof(NaivePiece));

    for (guint i = 0; i < n; i++) {
        const NaivePiece *piece = &g_array_index(half->pieces, NaivePiece, i);
        loses[i] = differs(half, piece, from, bytes) &&
                   ss_overlap_takes_new(naive->policy, piece->start, piece->end, start, end);
    }
    for (uint64_t at = from; at < end; at++) {
        int owner = owner_of(half->pieces, n, at);
        uint8_t byte = bytes.data[at - from];
        NaivePiece *last = won->len ? &g_array_index(won, NaivePiece, won->len - 1) : NULL;
        if (owner >= 0 && !loses[owner]) {
            expect_conflict(naive, direction, at, half->value[at], byte);
            continue;
        }
        if (owner >= 0) {
            expect_conflict(naive, direction, at, byte, half->value[at]);
        }
        half->state[at] = NAIVE_HELD;
        half->value[at] = byte;
        if (last && last->end == at) {
            last->end++;
        } else {
            NaivePiece piece = {at, at + 1};
            g_array_append_val(won, piece);
        }
    }
    cut_out(half->pieces, loses, from, end);
    g_array_append_vals(half->pieces, won->data, won->len);
}

/* RFC 9293 section 3.8.4: a byte that the receiver has acknowledged long ago, of any value. */
static bool
is_keep_alive(const NaiveHalf *half, int64_t offset, size_t len)
{
    return len <= 1 && offset + 1 == (int64_t)half->place && half->acked >= half->place;
}

void
naive_feed(Naive *naive, SsDirection direction, int64_t offset, SsSlice bytes, uint32_t cut)
{
    NaiveHalf *half = &naive->half[direction];
    uint64_t start, at;

    if (is_keep_alive(half, offset, bytes.len) && !cut) {
        return;
    }
    if (offset < 0) {
        bytes = ss_slice_from(bytes, MIN((size_t)-offset, bytes.len));
        offset = 0;
    }
    if ((uint64_t)offset + bytes.len + cut > half->len) {
        return; /* far behind the end */
    }
    start = at = (uint64_t)offset;
    for (; bytes.len && at < half->place; at++, bytes = ss_slice_from(bytes, 1)) {
        if (half->state[at] == NAIVE_HELD) {
            expect_conflict(naive, direction, at, half->value[at], bytes.data[0]);
        } else {
            half->state[at] = NAIVE_LATE;
        }
    }
    if (bytes.len) {
        settle(naive, direction, start, at, bytes);
        at += bytes.len;
    }
    memset(half->was_cut + at, true, cut);
}

uint64_t
naive_next(const Naive *naive, SsDirection direction)
{
    const NaiveHalf *half = &naive->half[direction];
    uint64_t next = half->place;

    while (next < half->len && half->state[next] == NAIVE_HELD) {
        next++;
    }
    return next;
}

/* --- what the real thing gave --- */

/* What was given on waits no longer. */
static void
forget_before_place(NaiveHalf *half)
{
    for (guint i = half->pieces->len; i-- > 0;) {
        NaivePiece *piece = &g_array_index(half->pieces, NaivePiece, i);
        piece->start = MAX(piece->start, half->place);
        if (piece->start >= piece->end) {
            g_array_remove_index_fast(half->pieces, i);
        }
    }
}

const char *
naive_data(Naive *naive, SsDirection direction, SsSlice bytes)
{
    NaiveHalf *half = &naive->half[direction];

    if (bytes.len == 0) {
        return "no bytes were delivered";
    }
    if (bytes.len > half->len - half->place) {
        return "bytes were delivered behind the end";
    }
    for (size_t i = 0; i < bytes.len; i++) {
        if (half->state[half->place + i] != NAIVE_HELD) {
            return "bytes were delivered that never came";
        }
        if (half->value[half->place + i] != bytes.data[i]) {
            return "other bytes were delivered";
        }
    }
    half->place += bytes.len;
    half->delivered += bytes.len;
    forget_before_place(half);
    return NULL;
}

const char *
naive_gap(Naive *naive, SsDirection direction, uint64_t n)
{
    NaiveHalf *half = &naive->half[direction];

    if (n == 0) {
        return "a gap of nothing";
    }
    if (n > half->len - half->place) {
        return "a gap behind the end";
    }
    for (uint64_t i = 0; i < n; i++) {
        uint64_t at = half->place + i;
        if (half->state[at] == NAIVE_HELD && !half->was_cut[at]) {
            return "bytes were told as missing that had come";
        }
        if (half->state[at] == NAIVE_HELD) {
            half->state[at] = NAIVE_LATE;
        }
    }
    half->place += n;
    half->missing += n;
    forget_before_place(half);
    return NULL;
}
