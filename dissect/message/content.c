/*
 * The chain: what of it exists is decided once, by the plan; after that each call goes down it.
 * Everything a chain touches hangs on its SsContent, so that one worker can run one message while
 * another runs the next.
 */
#include "dissect/message/content.h"

#include <glib.h>

#include "dissect/digest.h"
#include "dissect/message/mime-scan.h"

struct SsContent {
    const SsContentPlan *plan;
    uint64_t uid, session;
    SsDigest *digest; /* these three NULL where nobody needs them */
    SsMimeScan *scan;
    void **states;
    bool has_ended;
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

void
ss_content_data(SsContent *content, SsSlice bytes)
{
    SsChunk chunk = {.kind = SS_CHUNK_DATA, .bytes = bytes};

    g_assert(!content->has_ended);
    if (bytes.len == 0) {
        return;
    }
    if (content->digest) {
        ss_digest_update(content->digest, bytes);
    }
    if (content->scan) {
        ss_mime_scan_data(content->scan, bytes);
    }
    tap(content, &chunk);
    content->result.size += bytes.len;
}

void
ss_content_gap(SsContent *content, uint64_t n)
{
    SsChunk chunk = {.kind = SS_CHUNK_GAP, .gap = n};
    uint64_t missing = content->result.missing;

    g_assert(!content->has_ended);
    if (n == 0) {
        return;
    }
    if (content->scan) {
        ss_mime_scan_gap(content->scan, n);
    }
    tap(content, &chunk);
    content->result.missing = missing > UINT64_MAX - n ? UINT64_MAX : missing + n;
}

void
ss_content_end(SsContent *content, bool whole)
{
    SsChunk chunk = {.kind = SS_CHUNK_END, .whole = whole};
    SsContentResult *result = &content->result;
    char hex[SS_SHA256_HEX + 1];

    g_assert(!content->has_ended);
    if (content->digest && result->missing == 0) {
        ss_digest_finish(content->digest, hex);
        result->sha256 = ss_arena_dup(&content->arena, ss_slice(hex, SS_SHA256_HEX));
    }
    if (content->scan) {
        ss_mime_scan_end(content->scan, &result->headers, &result->parts, &result->odd);
    }
    tap(content, &chunk);
    /* The result may wait long in the queue; what made it need not. */
    g_clear_pointer(&content->digest, ss_digest_free);
    g_clear_pointer(&content->scan, ss_mime_scan_free);
    content->has_ended = true;
}

const SsContentResult *
ss_content_result(SsContent *content)
{
    g_assert(content->has_ended);
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
    ss_digest_free(content->digest);
    ss_mime_scan_free(content->scan);
    g_free(content->states);
    ss_arena_clear(&content->arena);
    g_free(content);
}
