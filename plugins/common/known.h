/*
 * What a detector remembers across sessions, by a key, with a bound: when it is full, what was
 * added first is forgotten. In order of keys, not of a hash, so that nobody can choose keys that
 * collide.
 */
#pragma once

#include <glib.h>

#include "base/slice.h"

typedef struct SsKnown SsKnown;

/* Entries of `size` bytes, `max` of them at most; `clear` frees what one owns, or is NULL. */
SsKnown *ss_known_new(size_t max, size_t size, void (*clear)(void *entry));

/* The entry of `key`, borrowed until the next ss_known_add(); NULL where there is none. */
void *ss_known_find(SsKnown *known, SsSlice key);

/* The same, made and zeroed where there is none. */
void *ss_known_add(SsKnown *known, SsSlice key);

/* How many were forgotten. */
uint64_t ss_known_n_forgotten(const SsKnown *known);
void ss_known_free(SsKnown *known);
