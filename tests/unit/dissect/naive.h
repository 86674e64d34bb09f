/*
 * A naive model of what reassembly must give: for each direction an array of bytes, what is known
 * of each, and a plain list of the pieces that wait. Slow, and obvious.
 */
#pragma once

#include <glib.h>

#include "dissect/overlap.h"
#include "dissect/stream.h"

#define NAIVE_MAX 4096

typedef enum {
    NAIVE_EMPTY,
    NAIVE_HELD, /* captured; waits, or was delivered where it is before `place` */
    NAIVE_LATE, /* captured when it had been told as missing */
} NaiveState;

/* A segment, or what is left of it. */
typedef struct {
    uint64_t start, end;
} NaivePiece;

typedef struct {
    uint8_t state[NAIVE_MAX]; /* NaiveState */
    bool was_cut[NAIVE_MAX];  /* by the snap length: it may be told as missing though it came too */
    uint8_t value[NAIVE_MAX]; /* the reading that counts, of those that are held */
    GArray *pieces;           /* of NaivePiece, in any order: what waits */
    uint64_t len;             /* of the whole stream */
    uint64_t place;           /* what was delivered or told as missing, by the real thing */
    uint64_t acked;           /* by the other side, of what it has */
    uint64_t delivered, missing;
} NaiveHalf;

typedef struct {
    NaiveHalf half[2];
    SsOverlap policy;
    GHashTable *due;  /* conflicts that are to be told: see naive_conflict() … */
    GHashTable *told; /* … and that were */
} Naive;

void naive_init(Naive *naive, SsOverlap policy);
void naive_clear(Naive *naive);

/* A segment was captured: `bytes` at `offset`, which may be before the start, and `cut` bytes that
 * the snap length took. What waits is settled by the policy. */
void naive_feed(Naive *naive, SsDirection direction, int64_t offset, SsSlice bytes, uint32_t cut);

/* How far the stream goes without a hole. */
uint64_t naive_next(const Naive *naive, SsDirection direction);

/* The real thing has delivered, or given up: NULL, or what is wrong with that. */
const char *naive_data(Naive *naive, SsDirection direction, SsSlice bytes);
const char *naive_gap(Naive *naive, SsDirection direction, uint64_t n);
const char *naive_conflict(Naive *naive, SsDirection direction, const SsConflict *conflict);

/* Everything has come: NULL, or what was not told. */
const char *naive_untold(const Naive *naive);
