/*
 * Parts of fuzz-frames.
 */
#pragma once

#include "dissect/stream.h"

/* The first byte of an input. */
enum {
    SS_FUZZ_ANY_PORT = 1,
    SS_FUZZ_SMALL_LIMITS = 2,
    SS_FUZZ_POLICY_SHIFT = 2, /* SsOverlap, three bits */
    SS_FUZZ_TINY_MEMORY = 32,
    SS_FUZZ_TWICE = 64, /* for what hangs on chance, or on what was never set */
};

/* --- fuzz-frames-input.c --- */

typedef struct {
    uint32_t link_type;
    SsSlice bytes;   /* on the wire */
    size_t captured; /* of them */
    int64_t time_ns;
} SsFuzzFrame;

/* Calls `feed` for each frame that `input` stands for. */
void ss_fuzz_frames(SsSlice input, void (*feed)(void *user_data, const SsFuzzFrame *frame),
                    void *user_data);

/* --- fuzz-frames-check.c --- */

/* Makes what `inner` makes, and looks at all that is said to it. `frame` is the number of the
 * packet that is being read. */
SsStreamFactory *ss_fuzz_checked_new(SsStreamFactory *inner, const uint64_t *frame);
void ss_fuzz_checked_free(SsStreamFactory *factory);
