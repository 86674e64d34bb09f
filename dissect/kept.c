/*
 * A block holds bytes that follow each other in the stream, from its front on, and from its back
 * the packets that brought them:
 *
 *     bytes …→      room      ←… piece 2, piece 1, piece 0
 *
 * so that comparing is one memcmp a block. A block that is wholly acknowledged stays in its
 * stream's list, and is in the pool's list too, from which the oldest is taken when there are too
 * many. Within a stream blocks are acknowledged in order, so the one taken is its stream's first.
 */
#include "dissect/kept.h"

#include <glib.h>

/* A command and its reply fit into a small one. */
static const uint32_t block_sizes[2] = {512, 4096};

typedef struct {
    uint64_t frame;
    uint16_t end; /* of its bytes in the block */
    uint8_t ttl;
    bool has_link;
    uint8_t link[6];
} Piece;

/* All blocks of a stream. */
typedef struct {
    SsKeptBlock *tail;
    SsKeptBlock *unacked; /* the first that is not wholly acknowledged, or NULL */
    uint32_t size;        /* bytes of the blocks */
} Chain;

struct SsKeptBlock {
    SsKeptBlock *next;          /* by offset */
    Chain chain;                /* of a stream's first block */
    SsKeptBlock *older, *newer; /* among the acknowledged */
    SsKept *owner;
    uint64_t start; /* offset of its first byte */
    uint16_t len;
    uint16_t n_pieces;
    uint8_t kind; /* index into block_sizes */
    bool is_acked;
};

G_STATIC_ASSERT(sizeof(SsKeptBlock) % _Alignof(Piece) == 0);

static uint8_t *
bytes_of(const SsKeptBlock *block)
{
    return (uint8_t *)(block + 1);
}

static Piece *
piece_at(const SsKeptBlock *block, size_t i)
{
    return (Piece *)(void *)((uint8_t *)block + block_sizes[block->kind]) - 1 - i;
}

static uint64_t
end_of(const SsKeptBlock *block)
{
    return block->start + block->len;
}

/* Bytes that another piece could have. */
static size_t
room_of(const SsKeptBlock *block)
{
    size_t used = sizeof *block + block->len + (block->n_pieces + 1u) * sizeof(Piece);

    return used < block_sizes[block->kind] ? block_sizes[block->kind] - used : 0;
}

/* --- the pool --- */

/* Blocks not in use that are kept for the next stream. */
#define FREE_MAX (256u << 10)

void
ss_kept_pool_init(SsKeptPool *pool, uint64_t *memory)
{
    *pool = (SsKeptPool){.memory = memory};
}

void
ss_kept_pool_clear(SsKeptPool *pool)
{
    for (int kind = 0; kind < 2; kind++) {
        while (pool->free[kind]) {
            SsKeptBlock *block = pool->free[kind];
            pool->free[kind] = block->next;
            g_free(block);
        }
    }
    pool->free_bytes = 0;
}

static SsKeptBlock *
take_block(SsKeptPool *pool, SsKept *owner, int kind, uint64_t start)
{
    SsKeptBlock *block = pool->free[kind];

    if (block) {
        pool->free[kind] = block->next;
        pool->free_bytes -= block_sizes[kind];
    } else {
        block = g_malloc(block_sizes[kind]);
    }
    *block = (SsKeptBlock){.owner = owner, .start = start, .kind = (uint8_t)kind};
    *pool->memory += block_sizes[kind];
    return block;
}

static void
unlink_acked(SsKeptPool *pool, SsKeptBlock *block)
{
    *(block->older ? &block->older->newer : &pool->oldest) = block->newer;
    *(block->newer ? &block->newer->older : &pool->newest) = block->older;
    pool->acked_bytes -= block_sizes[block->kind];
    block->is_acked = false;
}

/* Takes the first block off its stream. */
static void
drop_head(SsKept *kept, SsKeptPool *pool)
{
    SsKeptBlock *block = kept->head;
    uint32_t size = block_sizes[block->kind];

    if (block->is_acked) {
        unlink_acked(pool, block);
    }
    kept->head = block->next;
    if (kept->head) {
        Chain *chain = &kept->head->chain;
        *chain = block->chain;
        chain->unacked = chain->unacked == block ? block->next : chain->unacked;
        chain->size -= size;
    }
    *pool->memory -= size;
    if (pool->free_bytes + size > FREE_MAX) {
        g_free(block);
        return;
    }
    block->next = pool->free[block->kind];
    pool->free[block->kind] = block;
    pool->free_bytes += size;
}

void
ss_kept_clear(SsKept *kept, SsKeptPool *pool)
{
    while (kept->head) {
        drop_head(kept, pool);
    }
}

static void
link_acked(SsKeptPool *pool, SsKeptBlock *block)
{
    block->is_acked = true;
    block->newer = NULL;
    block->older = pool->newest;
    *(pool->newest ? &pool->newest->newer : &pool->oldest) = block;
    pool->newest = block;
    pool->acked_bytes += block_sizes[block->kind];
    while (pool->acked_bytes > SS_KEPT_ACKED_MAX) {
        drop_head(pool->oldest->owner, pool);
    }
}

/* --- one stream --- */

static void
put_piece(SsKeptBlock *block, SsSlice bytes, const SsCarrier *carrier)
{
    Piece *piece = piece_at(block, block->n_pieces++);

    memcpy(bytes_of(block) + block->len, bytes.data, bytes.len);
    block->len = (uint16_t)(block->len + bytes.len);
    piece->frame = carrier->origin.frame;
    piece->end = block->len;
    piece->ttl = carrier->ttl;
    piece->has_link = carrier->has_link;
    memcpy(piece->link, carrier->link, sizeof piece->link);
}

/* Room at the end for bytes at `offset`: the last block, or a new one for about `len` bytes. */
static SsKeptBlock *
block_for(SsKept *kept, SsKeptPool *pool, uint64_t offset, size_t len)
{
    SsKeptBlock *tail = kept->head ? kept->head->chain.tail : NULL;
    SsKeptBlock *block;
    Chain *chain;
    int kind;

    if (tail && end_of(tail) == offset && room_of(tail)) {
        if (tail->is_acked) {
            unlink_acked(pool, tail);
            kept->head->chain.unacked = tail;
        }
        return tail;
    }
    /* Many small pieces are better off in few large blocks. */
    kind = len + sizeof(SsKeptBlock) + sizeof(Piece) > block_sizes[0] ||
           (tail && !tail->is_acked && kept->head->chain.size >= block_sizes[0] * 2);
    block = take_block(pool, kept, kind, offset);
    *(tail ? &tail->next : &kept->head) = block;
    chain = &kept->head->chain;
    chain->tail = block;
    chain->size += block_sizes[kind];
    chain->unacked = chain->unacked ? chain->unacked : block;
    return block;
}

void
ss_kept_append(SsKept *kept, SsKeptPool *pool, uint64_t offset, SsSlice bytes,
               const SsCarrier *carrier)
{
    while (bytes.len) {
        SsKeptBlock *block = block_for(kept, pool, offset, bytes.len);
        size_t n = MIN(room_of(block), bytes.len);

        put_piece(block, ss_slice_sub(bytes, 0, n), carrier);
        bytes = ss_slice_from(bytes, n);
        offset += n;
    }
    while (kept->head && kept->head->chain.size > SS_KEPT_MAX) {
        drop_head(kept, pool);
    }
}

void
ss_kept_ack(SsKept *kept, SsKeptPool *pool, uint64_t offset)
{
    SsKeptBlock *block = kept->head ? kept->head->chain.unacked : NULL;

    while (block && end_of(block) <= offset) {
        SsKeptBlock *next = block->next;
        kept->head->chain.unacked = next;
        link_acked(pool, block); /* which may drop blocks, of this stream too, it among them */
        block = next;
    }
}

static const SsKeptBlock *
find_block(const SsKept *kept, uint64_t offset)
{
    const SsKeptBlock *block = kept->head;

    if (!block || end_of(block->chain.tail) <= offset) {
        return NULL;
    }
    while (end_of(block) <= offset) {
        block = block->next;
    }
    return block;
}

static const Piece *
find_piece(const SsKeptBlock *block, uint64_t offset)
{
    size_t i = 0;

    while (block->start + piece_at(block, i)->end <= offset) {
        i++;
    }
    return piece_at(block, i);
}

uint64_t
ss_kept_frame(const SsKept *kept, uint64_t offset)
{
    const SsKeptBlock *block = find_block(kept, offset);

    return block && block->start <= offset ? find_piece(block, offset)->frame : 0;
}

static void
copy_taken(const SsKeptBlock *block, SsKeptDifference *difference)
{
    uint64_t at = difference->first;

    difference->n_taken = 0;
    for (; block && block->start <= at && difference->n_taken < difference->room;
         block = block->next) {
        size_t from = (size_t)(at - block->start);
        size_t n = MIN(block->len - from, difference->room - difference->n_taken);
        memcpy(difference->taken + difference->n_taken, bytes_of(block) + from, n);
        difference->n_taken += n;
        at += n;
    }
}

static void
see_difference(const SsKeptBlock *block, const uint8_t *mine, const uint8_t *theirs, uint64_t from,
               size_t n, bool *any, SsKeptDifference *ret)
{
    size_t first = 0, last = n - 1;

    while (mine[first] == theirs[first]) {
        first++;
    }
    while (mine[last] == theirs[last]) {
        last--;
    }
    if (!*any) {
        const Piece *piece = find_piece(block, from + first);
        *any = true;
        ret->first = from + first;
        ret->carrier = (SsCarrier){
            .origin = {.frame = piece->frame, .time_ns = SS_TIME_NONE},
            .ttl = piece->ttl,
            .has_link = piece->has_link,
        };
        memcpy(ret->carrier.link, piece->link, sizeof piece->link);
        copy_taken(block, ret);
    }
    ret->last = from + last;
}

bool
ss_kept_differs(const SsKept *kept, uint64_t offset, SsSlice bytes, SsKeptDifference *ret)
{
    const SsKeptBlock *block = find_block(kept, offset);
    uint64_t end = offset + bytes.len;
    bool any = false;

    for (; block && block->start < end; block = block->next) {
        uint64_t from = MAX(offset, block->start);
        uint64_t to = MIN(end, end_of(block));
        const uint8_t *mine = bytes_of(block) + (from - block->start);
        const uint8_t *theirs = bytes.data + (from - offset);
        size_t n = (size_t)(to - from);

        if (memcmp(mine, theirs, n) != 0) {
            see_difference(block, mine, theirs, from, n, &any, ret);
        }
    }
    return any;
}
