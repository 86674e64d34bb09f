#include "tests/unit/output/fake-content.h"

#include <glib.h>

SsContentResult fake_result;
int fake_n_alive;

struct SsContent {
    const SsContentPlan *plan;
    SsChunk chunk;
    SsContentResult result;
    void **states;
};

static void
tap(SsContent *content, SsChunkKind kind)
{
    content->chunk.kind = kind;
    if (content->plan->tap) {
        content->plan->tap->chunk(content->plan->tap, content->states, &content->chunk);
    }
}

SsContent *
ss_content_new(const SsContentPlan *plan, uint64_t uid, uint64_t session)
{
    SsContent *content = g_new0(SsContent, 1);

    content->plan = plan;
    content->chunk.uid = uid;
    content->chunk.session = session;
    content->result = fake_result;
    content->states = g_new0(void *, plan->tap ? plan->tap->n_states : 1);
    fake_n_alive++;
    return content;
}

void
ss_content_data(SsContent *content, SsSlice bytes)
{
    content->chunk.bytes = bytes;
    tap(content, SS_CHUNK_DATA);
    content->chunk.offset += bytes.len;
    content->result.size += bytes.len;
}

void
ss_content_gap(SsContent *content, uint64_t n)
{
    content->chunk.gap = n;
    tap(content, SS_CHUNK_GAP);
    content->result.missing += n;
}

void
ss_content_end(SsContent *content, bool whole)
{
    content->chunk.whole = whole;
    tap(content, SS_CHUNK_END);
}

const SsContentResult *
ss_content_result(SsContent *content)
{
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
    g_free(content->states);
    g_free(content);
    fake_n_alive--;
}

void
ss_content_run(void *content, const SsChunk *chunk)
{
    (void)content, (void)chunk; /* a fake runs where it is fed */
}
