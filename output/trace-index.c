/*
 * A tree, so that no choice of addresses makes it slow, and a short list under each key.
 */
#include "output/trace-parts.h"

struct SsTraceLink {
    SsTraceLink *next_of_attempt;
    uint64_t key;
};

typedef struct {
    uint64_t key;
    size_t n;
    SsAttempt *found[SS_TRACE_FOUND_MAX]; /* the newest first */
} Bucket;

static int
compare_keys(const void *a, const void *b, void *data)
{
    uint64_t x = *(const uint64_t *)a, y = *(const uint64_t *)b;

    (void)data;
    return x < y ? -1 : x > y;
}

void
ss_trace_index_init(SsTraceIndex *index)
{
    index->buckets = g_tree_new_full(compare_keys, NULL, NULL, g_free);
}

void
ss_trace_index_clear(SsTraceIndex *index)
{
    g_clear_pointer(&index->buckets, g_tree_unref);
}

/* FNV-1a. */
static uint64_t
hash(uint64_t h, SsSlice text)
{
    for (size_t i = 0; i < text.len; i++) {
        h = (h ^ ss_ascii_lower(text.data[i])) * UINT64_C(1099511628211);
    }
    return (h ^ text.len) * UINT64_C(1099511628211);
}

uint64_t
ss_trace_key(SsTraceKeyKind kind, SsSlice a, SsSlice b)
{
    return hash(hash(UINT64_C(14695981039346656037) + kind, a), b);
}

void
ss_trace_index_add(SsTraceIndex *index, uint64_t key, SsAttempt *attempt)
{
    Bucket *bucket = g_tree_lookup(index->buckets, &key);
    SsTraceLink *link;

    if (!bucket) {
        bucket = g_new0(Bucket, 1);
        bucket->key = key;
        g_tree_insert(index->buckets, &bucket->key, bucket);
    }
    if (bucket->n && bucket->found[0] == attempt) {
        return; /* the same recipient twice */
    }
    bucket->n = MIN(bucket->n + 1, SS_TRACE_FOUND_MAX);
    memmove(bucket->found + 1, bucket->found, (bucket->n - 1) * sizeof(SsAttempt *));
    bucket->found[0] = attempt;
    link = ss_arena_alloc(&attempt->arena, sizeof *link);
    *link = (SsTraceLink){attempt->links, key};
    attempt->links = link;
}

size_t
ss_trace_index_find(const SsTraceIndex *index, uint64_t key, SsAttempt **ret)
{
    const Bucket *bucket = g_tree_lookup(index->buckets, &key);

    if (!bucket) {
        return 0;
    }
    memcpy(ret, bucket->found, bucket->n * sizeof(SsAttempt *));
    return bucket->n;
}

void
ss_trace_index_remove(SsTraceIndex *index, SsAttempt *attempt)
{
    for (const SsTraceLink *link = attempt->links; link; link = link->next_of_attempt) {
        Bucket *bucket = g_tree_lookup(index->buckets, &link->key);
        size_t n = 0;

        for (size_t i = 0; bucket && i < bucket->n; i++) {
            if (bucket->found[i] != attempt) {
                bucket->found[n++] = bucket->found[i];
            }
        }
        if (bucket && n == 0) {
            g_tree_remove(index->buckets, &link->key);
        } else if (bucket) {
            bucket->n = n;
        }
    }
    attempt->links = NULL;
}
