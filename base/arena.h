/*
 * A bump allocator: what is taken from it lives until the arena goes, and is freed as a whole. It
 * makes the copy of an event one or two allocations instead of dozens.
 */
#pragma once

#include "base/slice.h"

typedef struct SsArenaBlock SsArenaBlock;

typedef struct {
    SsArenaBlock *blocks;
    size_t size; /* bytes held in all, for the accountant */
} SsArena;

/* A zeroed SsArena is ready to use. */
void ss_arena_clear(SsArena *arena);

/* A block of the least size, for arenas to begin with that come and go: by itself it is freed with
 * g_free(). */
SsArenaBlock *ss_arena_block_new(void);

/* Gives a zeroed arena a block of ss_arena_block_new() to begin with. */
void ss_arena_begin(SsArena *arena, SsArenaBlock *block);

/* Clears an arena that was given a block, and gives the block back to the caller. */
SsArenaBlock *ss_arena_end(SsArena *arena);

/* Zeroed memory, aligned for any type, owned by the arena. Never NULL. */
void *ss_arena_alloc(SsArena *arena, size_t len);

/* A copy of the bytes, owned by the arena; absent stays absent. */
SsSlice ss_arena_dup(SsArena *arena, SsSlice slice);
