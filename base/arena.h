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

/* Zeroed memory, aligned for any type, owned by the arena. Never NULL. */
void *ss_arena_alloc(SsArena *arena, size_t len);

/* A copy of the bytes, owned by the arena; absent stays absent. */
SsSlice ss_arena_dup(SsArena *arena, SsSlice slice);
