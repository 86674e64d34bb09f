/*
 * A leaf part on its way: its bytes decoded, counted and hashed as they come, never held.
 */
#pragma once

#include "base/event.h"
#include "dissect/digest.h"
#include "dissect/message/decode.h"

typedef struct {
    SsDecode decode;
    SsDigest *digest; /* NULL where nobody needs the hash; kept for the next leaf */
    bool is_kept;     /* false: past the cap, its bytes are dropped */
    size_t index;     /* in the list of parts */
    uint64_t size;    /* decoded */
    uint64_t missing; /* encoded bytes in holes */
} SsLeaf;

/* A zeroed SsLeaf may be opened, and opened again after it was closed. */
void ss_leaf_open(SsLeaf *leaf, SsEncoding encoding, bool hash);
void ss_leaf_feed(SsLeaf *leaf, SsSlice bytes);
/* Encoded bytes that are missing here; decoding starts anew behind them. */
void ss_leaf_gap(SsLeaf *leaf, uint64_t n);
/* Fills in `size` and `sha256`, the latter in `arena`. */
void ss_leaf_close(SsLeaf *leaf, SsArena *arena, SsPart *part);
void ss_leaf_clear(SsLeaf *leaf);
