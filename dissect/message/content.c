/*
 * The chain: what of it exists is decided once, by the plan; after that each call goes down it, at
 * once or on the content's worker. Everything a chain touches hangs on its SsContent, so that one
 * worker can run one message while another runs the next.
 */
#include "dissect/message/content.h"

#include <glib.h>

#include "dissect/digest.h"
#include "dissect/message/mime-scan.h"
#include "dissect/message/workers.h"

struct SsContent {
    const SsContentPlan *plan;
    uint64_t uid, session;
    SsDigest *digest; /* these three NULL where nobody needs them */
    SsMimeScan *scan;
    void **states;
    unsigned worker;
    bool is_closed; /* its end was fed */
    int is_done;    /* atomic: its end has gone down the chain */
    SsContentResult result;
    SsArena arena;
};

SsContent *
ss_content_new(const SsContentPlan *plan, uint64_t uid, uint64_t session)
{
    SsContent *content = g_new0(SsContent, 1);

    content->plan = plan;
    content->uid = uid;
    content->session = session;
    content->worker = plan->workers ? ss_workers_assign(plan->workers) : 0;
    if (plan->needs & SS_NEED_HASHES) {
        content->digest = ss_digest_new();
    }
    if (plan->needs & SS_NEED_MIME) {
        content->scan = ss_mime_scan_new(&content->arena, (plan->needs & SS_NEED_HASHES) != 0);
    }
    if ((plan->needs & SS_NEED_CONTENT) && plan->tap) {
        content->states = g_new0(void *, plan->tap->n_states + 1);
    }
    return content;
}

static void
tap(SsContent *content, SsChunk *chunk)
{
    if (content->states) {
        chunk->uid = content->uid;
        chunk->session = content->session;
        chunk->offset = content->result.size;
        content->plan->tap->chunk(content->plan->tap, content->states, chunk);
    }
}

/* --- down the chain --- */

static void
take_data(SsContent *content, SsChunk *chunk)
{
    if (content->digest) {
        ss_digest_update(content->digest, chunk->bytes);
    }
    if (content->scan) {
        ss_mime_scan_data(content->scan, chunk->bytes);
    }
    tap(content, chunk);
    content->result.size += chunk->bytes.len;
}

static void
take_gap(SsContent *content, SsChunk *chunk)
{
    uint64_t missing = content->result.missing;

    if (content->scan) {
        ss_mime_scan_gap(content->scan, chunk->gap);
    }
    tap(content, chunk);
    content->result.missing = missing > UINT64_MAX - chunk->gap ? UINT64_MAX : missing + chunk->gap;
}

static void
take_end(SsContent *content, SsChunk *chunk)
{
    SsContentResult *result = &content->result;
    char hex[SS_SHA256_HEX + 1];

    if (content->digest && result->missing == 0) {
        ss_digest_finish(content->digest, hex);
        result->sha256 = ss_arena_dup(&content->arena, ss_slice(hex, SS_SHA256_HEX));
    }
    if (content->scan) {
        ss_mime_scan_end(content->scan, &result->headers, &result->parts, &result->odd);
    }
    tap(content, chunk);
    /* The result may wait long in the queue; what made it need not. */
    g_clear_pointer(&content->digest, ss_digest_free);
    g_clear_pointer(&content->scan, ss_mime_scan_free);
    g_atomic_int_set(&content->is_done, 1);
}

void
ss_content_run(void *to, const SsChunk *chunk)
{
    SsContent *content = to;
    SsChunk mine = *chunk;

    switch (chunk->kind) {
    case SS_CHUNK_DATA:
        take_data(content, &mine);
        break;
    case SS_CHUNK_GAP:
        take_gap(content, &mine);
        break;
    case SS_CHUNK_END:
        take_end(content, &mine);
        break;
    }
}

/* --- feeding it --- */

static void
feed(SsContent *content, const SsChunk *chunk)
{
    g_assert(!content->is_closed);
    if (content->plan->workers) {
        ss_workers_put(content->plan->workers, content->worker, content, chunk);
    } else {
        ss_content_run(content, chunk);
    }
}

void
ss_content_data(SsContent *content, SsSlice bytes)
{
    SsChunk chunk = {.kind = SS_CHUNK_DATA, .bytes = bytes};

    if (bytes.len) {
        feed(content, &chunk);
    }
}

void
ss_content_gap(SsContent *content, uint64_t n)
{
    SsChunk chunk = {.kind = SS_CHUNK_GAP, .gap = n};

    if (n) {
        feed(content, &chunk);
    }
}

void
ss_content_end(SsContent *content, bool whole)
{
    SsChunk chunk = {.kind = SS_CHUNK_END, .whole = whole};

    feed(content, &chunk);
    content->is_closed = true;
}

const SsContentResult *
ss_content_result(SsContent *content)
{
    g_assert(content->is_closed);
    if (!g_atomic_int_get(&content->is_done)) {
        ss_workers_wait(content->plan->workers, content->worker, &content->is_done);
    }
    return &content->result;
}

void **
ss_content_states(SsContent *content)
{
    return content->states;
}

void
ss_content_free(SsContent *content)
{
    if (!content) {
        return;
    }
    if (content->plan->workers && !g_atomic_int_get(&content->is_done)) {
        /* Given up: by the reader, for nobody else frees one whose end is not done. */
        if (!content->is_closed) {
            ss_content_end(content, false);
        }
        ss_workers_flush(content->plan->workers);
        (void)ss_content_result(content);
    }
    ss_digest_free(content->digest);
    ss_mime_scan_free(content->scan);
    g_free(content->states);
    ss_arena_clear(&content->arena);
    g_free(content);
}
