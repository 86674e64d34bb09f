#include "base/arena.h"

#include <glib.h>
#include <stdalign.h>

struct SsArenaBlock {
    SsArenaBlock *next;
    size_t used;
    size_t len;
    alignas(max_align_t) uint8_t bytes[];
};

/* A block with its head is no larger than what malloc keeps at hand for each thread (glibc: 1032
 * bytes), for small arenas come and go with every reply and every event. */
#define BLOCK_MIN (1024 - sizeof(SsArenaBlock))

void
ss_arena_clear(SsArena *arena)
{
    SsArenaBlock *block = arena->blocks;

    while (block) {
        SsArenaBlock *next = block->next;
        g_free(block);
        block = next;
    }
    arena->blocks = NULL;
    arena->size = 0;
}

SsArenaBlock *
ss_arena_block_new(void)
{
    SsArenaBlock *block = g_malloc(sizeof *block + BLOCK_MIN);

    block->len = BLOCK_MIN;
    return block;
}

void
ss_arena_begin(SsArena *arena, SsArenaBlock *block)
{
    block->next = NULL;
    block->used = 0;
    arena->blocks = block;
    arena->size = sizeof *block + block->len;
}

SsArenaBlock *
ss_arena_end(SsArena *arena)
{
    SsArenaBlock *block = arena->blocks;

    while (block->next) { /* the first is the last of the list */
        SsArenaBlock *next = block->next;
        g_free(block);
        block = next;
    }
    arena->blocks = NULL;
    arena->size = 0;
    return block;
}

static SsArenaBlock *
grow(SsArena *arena, size_t len)
{
    /* Each block is as large as all before it, so that a large event needs few; a huge request gets
     * its own. */
    size_t room = MAX(MAX(len, arena->size), BLOCK_MIN);
    SsArenaBlock *block = g_malloc(sizeof *block + room);

    block->next = arena->blocks;
    block->used = 0;
    block->len = room;
    arena->blocks = block;
    arena->size += sizeof *block + room;
    return block;
}

void *
ss_arena_alloc(SsArena *arena, size_t len)
{
    const size_t align = alignof(max_align_t);
    size_t need;
    SsArenaBlock *block = arena->blocks;
    void *ret;

    g_assert(len <= SIZE_MAX / 2);
    need = (len + align - 1) / align * align;
    if (!block || block->len - block->used < need) {
        block = grow(arena, need);
    }
    ret = block->bytes + block->used;
    block->used += need;
    memset(ret, 0, need);
    return ret;
}

SsSlice
ss_arena_dup(SsArena *arena, SsSlice slice)
{
    uint8_t *copy;

    if (ss_slice_is_null(slice)) {
        return slice;
    }
    copy = ss_arena_alloc(arena, slice.len ? slice.len : 1);
    if (slice.len) {
        memcpy(copy, slice.data, slice.len);
    }
    return ss_slice(copy, slice.len);
}
