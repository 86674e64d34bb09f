#include "dissect/message/leaf.h"

void
ss_leaf_open(SsLeaf *leaf, SsEncoding encoding, bool hash)
{
    ss_decode_start(&leaf->decode, encoding);
    leaf->is_kept = true;
    leaf->size = 0;
    leaf->missing = 0;
    if (!hash) {
        return;
    }
    if (leaf->digest) {
        ss_digest_start(leaf->digest);
    } else {
        leaf->digest = ss_digest_new();
    }
}

static void
put(void *to, SsSlice bytes)
{
    SsLeaf *leaf = to;

    leaf->size += bytes.len;
    /* The hash of a part with a hole is never told. */
    if (leaf->digest && leaf->missing == 0) {
        ss_digest_update(leaf->digest, bytes);
    }
}

void
ss_leaf_feed(SsLeaf *leaf, SsSlice bytes)
{
    if (leaf->is_kept) {
        ss_decode_feed(&leaf->decode, bytes, put, leaf);
    }
}

void
ss_leaf_gap(SsLeaf *leaf, uint64_t n)
{
    leaf->missing = leaf->missing > UINT64_MAX - n ? UINT64_MAX : leaf->missing + n;
    ss_decode_resume(&leaf->decode);
}

void
ss_leaf_close(SsLeaf *leaf, SsArena *arena, SsPart *part)
{
    char hex[SS_SHA256_HEX + 1];

    part->size = leaf->size;
    if (leaf->digest) {
        ss_digest_finish(leaf->digest, hex);
        if (leaf->missing == 0) {
            part->sha256 = ss_arena_dup(arena, ss_slice(hex, SS_SHA256_HEX));
        }
    }
}

void
ss_leaf_clear(SsLeaf *leaf)
{
    ss_digest_free(leaf->digest);
    leaf->digest = NULL;
}
