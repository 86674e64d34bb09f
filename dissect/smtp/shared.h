/*
 * Short lists of texts that sessions keep to their ends: names, and what a server offers. A server
 * says the same to all its clients, so equal lists are kept once, for as long as a session has
 * them.
 */
#pragma once

#include <glib.h>

#include "base/arena.h"
#include "base/event.h"

typedef struct SsShared SsShared;

/* The lists in use, by what they say; keyed, so that nobody can choose texts that collide. */
typedef struct {
    GHashTable *lists;
    uint64_t key[2];
} SsSharedTable;

void ss_shared_table_init(SsSharedTable *table);

/* Its lists must have been dropped before. */
void ss_shared_table_clear(SsSharedTable *table);

/*
 * Puts into `*own`, in place of what it held, a list of copies of `texts`; absent ones stay absent,
 * and NULL for `n` 0. `total` is what the list says of how many there were. `memory` is charged for
 * lists that are new, or NULL.
 */
void ss_shared_set(SsSharedTable *table, SsShared **own, const SsSlice *texts, size_t n,
                   uint64_t total, uint64_t *memory);
void ss_shared_drop(SsSharedTable *table, SsShared **own, uint64_t *memory);

/* Borrowed from the list; absent where it has no such text. */
SsSlice ss_shared_text(const SsShared *shared, size_t index);

/* All of them, the slices in `arena`, what they say borrowed. */
SsList ss_shared_list(const SsShared *shared, SsArena *arena);
