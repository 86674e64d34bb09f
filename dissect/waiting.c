#include "dissect/waiting.h"

/* With the tree's node and the allocator's own. */
#define OVERHEAD (sizeof(SsEarly) + 64)

/* Of the store itself: its own block, the tree, and the allocator's. */
#define STORE_SIZE (sizeof(SsWaiting) + 112)

/* More chunks than that, and those that touch are joined, to so many bytes. */
#define JOIN_FROM 256
#define JOIN_MAX 65536u

static gint
compare_offsets(gconstpointer a, gconstpointer b, gpointer user_data)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    (void)user_data;
    return x < y ? -1 : x > y;
}

void
ss_early_free(SsEarly *chunk)
{
    if (chunk && chunk->bytes != chunk->data) {
        g_free(chunk->bytes - chunk->front);
    }
    g_free(chunk);
}

static void
free_chunk(gpointer chunk)
{
    ss_early_free(chunk);
}

void
ss_waiting_init(SsWaiting *self, uint64_t *memory)
{
    *self = (SsWaiting){
        .chunks = g_tree_new_full(compare_offsets, NULL, NULL, free_chunk),
        .memory = memory,
    };
    *memory += STORE_SIZE;
}

/* --- sizes --- */

static uint64_t
size_of(const SsEarly *chunk)
{
    return OVERHEAD + chunk->front + chunk->len + chunk->back;
}

static void
charge(SsWaiting *self, const SsEarly *chunk)
{
    self->size += size_of(chunk);
    *self->memory += size_of(chunk);
}

static void
uncharge(SsWaiting *self, const SsEarly *chunk)
{
    self->size -= size_of(chunk);
    *self->memory -= size_of(chunk);
}

/* --- the tree --- */

uint64_t
ss_waiting_clear(SsWaiting *self)
{
    uint64_t dropped = 0;

    for (GTreeNode *node = g_tree_node_first(self->chunks); node; node = g_tree_node_next(node)) {
        dropped += ((const SsEarly *)g_tree_node_value(node))->len;
    }
    g_clear_pointer(&self->chunks, g_tree_destroy);
    *self->memory -= self->size + STORE_SIZE;
    self->size = self->n = 0;
    return dropped;
}

static SsEarly *
value_of(GTreeNode *node)
{
    return node ? g_tree_node_value(node) : NULL;
}

SsEarly *
ss_waiting_first(const SsWaiting *self)
{
    return value_of(g_tree_node_first(self->chunks));
}

uint64_t
ss_waiting_end(const SsWaiting *self)
{
    const SsEarly *last = value_of(g_tree_node_last(self->chunks));

    return last ? ss_early_end(last) + last->cut : 0;
}

static void
add(SsWaiting *self, SsEarly *chunk)
{
    g_tree_insert(self->chunks, &chunk->offset, chunk);
    self->n++;
    charge(self, chunk);
}

static SsEarly *
steal(SsWaiting *self, SsEarly *chunk)
{
    g_tree_steal(self->chunks, &chunk->offset);
    self->n--;
    uncharge(self, chunk);
    return chunk;
}

SsEarly *
ss_waiting_steal_first(SsWaiting *self)
{
    return steal(self, ss_waiting_first(self));
}

/* The last chunk that begins at or before `offset`, or NULL, and the one behind it, or NULL. */
static void
find_around(const SsWaiting *self, uint64_t offset, SsEarly **ret_before, SsEarly **ret_after)
{
    GTreeNode *after = g_tree_upper_bound(self->chunks, &offset);
    GTreeNode *before = after ? g_tree_node_previous(after) : g_tree_node_last(self->chunks);

    *ret_before = value_of(before);
    *ret_after = value_of(after);
}

/* --- one chunk --- */

static SsEarly *
chunk_new(const SsEarly *like, uint64_t offset, SsSlice bytes, uint64_t cut)
{
    SsEarly *chunk = g_malloc(sizeof *chunk + bytes.len);

    *chunk = (SsEarly){
        .offset = offset,
        .len = bytes.len,
        .cut = cut,
        .need = like->need,
        .packet = like->packet,
        .carrier = like->carrier,
    };
    chunk->bytes = chunk->data;
    memcpy(chunk->data, bytes.data, bytes.len);
    return chunk;
}

/* Makes room for `n` bytes before or behind, as much again as there is, so that growing by one byte
 * at a time stays cheap. */
static void
make_room(SsEarly *chunk, size_t n, bool is_before)
{
    size_t more = MAX(n, chunk->len);
    size_t front = chunk->front + (is_before ? more : 0);
    size_t back = chunk->back + (is_before ? 0 : more);
    uint8_t *block;

    if ((is_before ? chunk->front : chunk->back) >= n) {
        return;
    }
    block = g_malloc(front + chunk->len + back);
    memcpy(block + front, chunk->bytes, chunk->len);
    if (chunk->bytes != chunk->data) {
        g_free(chunk->bytes - chunk->front);
    }
    chunk->bytes = block + front;
    chunk->front = (uint32_t)front;
    chunk->back = (uint32_t)back;
}

/* What two packets brought is told of the later. */
static void
take_origin(SsEarly *chunk, const SsEarly *from)
{
    chunk->need = MAX(chunk->need, from->need);
    chunk->packet = MAX(chunk->packet, from->packet);
    if (from->carrier.origin.frame > chunk->carrier.origin.frame) {
        chunk->carrier = from->carrier;
    }
}

/* Joins `piece` to the end or the start of `chunk`, which it touches. */
static void
join(SsWaiting *self, SsEarly *chunk, const SsEarly *piece, bool is_before)
{
    uncharge(self, chunk);
    make_room(chunk, piece->len, is_before);
    if (is_before) {
        chunk->bytes -= piece->len;
        chunk->front -= (uint32_t)piece->len;
        chunk->offset -= piece->len; /* nothing is between: the tree's order stays */
        memcpy(chunk->bytes, piece->bytes, piece->len);
    } else {
        memcpy(chunk->bytes + chunk->len, piece->bytes, piece->len);
        chunk->back -= (uint32_t)piece->len;
        chunk->cut = piece->cut;
    }
    chunk->len += piece->len;
    take_origin(chunk, piece);
    charge(self, chunk);
}

static bool
can_join(const SsEarly *left, const SsEarly *right)
{
    return left && right && left->cut == 0 && ss_early_end(left) == right->offset &&
           left->len + right->len <= JOIN_MAX;
}

/* --- putting --- */

/* Joins a new piece to its neighbours, and these to each other, the smaller to the larger. */
static bool
try_join(SsWaiting *self, const SsEarly *piece, SsEarly *before, SsEarly *after)
{
    if (can_join(before, piece)) {
        join(self, before, piece, false);
        if (can_join(before, after)) {
            bool is_left_larger = before->len >= after->len;
            SsEarly *larger = is_left_larger ? before : after;
            g_autoptr(SsEarly) smaller = steal(self, is_left_larger ? after : before);
            join(self, larger, smaller, !is_left_larger);
        }
        return true;
    }
    if (can_join(piece, after)) {
        join(self, after, piece, true);
        return true;
    }
    return false;
}

/*
 * Puts bytes that nothing kept has. What the snap length took from one packet may come in another,
 * so they fill the cut of the chunk before them.
 */
static void
put_piece(SsWaiting *self, const SsEarly *like, uint64_t offset, SsSlice bytes, uint64_t cut)
{
    SsEarly *before, *after;
    uint64_t end = offset + bytes.len;

    if (bytes.len == 0) {
        return; /* only bytes that were not captured: they show as a gap by themselves */
    }
    find_around(self, offset, &before, &after);
    if (before && ss_early_end(before) + before->cut > offset) {
        uint64_t cut_end = ss_early_end(before) + before->cut;
        before->cut = offset - ss_early_end(before);
        cut = cut_end > end ? MAX(cut, cut_end - end) : cut;
    }
    if (after) {
        cut = MIN(cut, after->offset - end);
    }
    if (self->n > JOIN_FROM) {
        SsEarly piece = *like;
        piece.offset = offset;
        piece.len = bytes.len;
        piece.cut = cut;
        piece.bytes = (uint8_t *)bytes.data; /* read only */
        if (try_join(self, &piece, before, after)) {
            return;
        }
    }
    add(self, chunk_new(like, offset, bytes, cut));
}

/* Takes the bytes from `from` to `to` away from `chunk`, whose others stay. */
static void
oust(SsWaiting *self, SsEarly *chunk, uint64_t from, uint64_t to)
{
    g_autoptr(SsEarly) whole = steal(self, chunk);
    uint64_t end = ss_early_end(whole);
    SsSlice bytes = ss_slice(whole->bytes, whole->len);

    if (whole->offset < from) {
        add(self, chunk_new(whole, whole->offset,
                            ss_slice_sub(bytes, 0, (size_t)(from - whole->offset)), 0));
    }
    if (to < end) {
        add(self,
            chunk_new(whole, to, ss_slice_from(bytes, (size_t)(to - whole->offset)), whole->cut));
    }
}

/* Of an overlap with different bytes: whether the new ones count. */
static bool
decide(const SsEarly *old, const SsEarly *new, uint64_t from, uint64_t to,
       const SsWaitingRule *rule)
{
    SsWaitingConflict conflict = {
        .offset = from,
        .old = ss_slice(old->bytes + (from - old->offset), (size_t)(to - from)),
        .new = ss_slice(new->bytes + (from - new->offset), (size_t)(to - from)),
        .old_carrier = old->carrier,
        .new_carrier = new->carrier,
        .takes_new = ss_overlap_takes_new(rule->policy, old->offset, ss_early_end(old), new->offset,
                                          ss_early_end(new)),
    };

    rule->on_conflict(rule->user_data, &conflict);
    return conflict.takes_new;
}

void
ss_waiting_put(SsWaiting *self, const SsEarly *new, const SsWaitingRule *rule,
               SsWaitingCount *count)
{
    uint64_t run = new->offset; /* from here on bytes are the new one's */
    uint64_t at = new->offset, end = ss_early_end(new);
    SsSlice bytes = ss_slice(new->bytes, (size_t) new->len);

    while (at < end) {
        SsEarly *before, *after, *old;
        uint64_t from, to;

        find_around(self, at, &before, &after);
        old = before && ss_early_end(before) > at ? before : after;
        if (!old || old->offset >= end) {
            break;
        }
        from = MAX(old->offset, at);
        to = MIN(ss_early_end(old), end);
        if (memcmp(old->bytes + (from - old->offset), bytes.data + (from - new->offset),
                   (size_t)(to - from)) == 0) {
            count->repeated += to - from;
            if (to - from == old->len) { /* the repetition may have come first */
                old->need = MIN(old->need, new->need);
            }
        } else if (decide(old, new, from, to, rule)) {
            count->ousted += to - from;
            oust(self, old, from, to);
            at = to;
            continue;
        } else {
            count->conflicting += to - from;
        }
        count->kept += from - run;
        put_piece(self, new, run,
                  ss_slice_sub(bytes, (size_t)(run - new->offset), (size_t)(from - run)), 0);
        run = at = to;
    }
    count->kept += end - run;
    put_piece(self, new, run, ss_slice_from(bytes, (size_t)(run - new->offset)), new->cut);
}
