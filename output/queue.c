#include "output/queue.h"

#include "base/limits.h"
#include "dissect/message/content.h"

static const uint8_t ranks[SS_N_EVENT_TYPES] = {
    [SS_EVENT_PACKET] = 0,  [SS_EVENT_COMMAND] = 1, [SS_EVENT_REPLY] = 1,    [SS_EVENT_NOTE] = 1,
    [SS_EVENT_SPAN] = 1,    [SS_EVENT_AUTH] = 2,    [SS_EVENT_TLS] = 3,      [SS_EVENT_MESSAGE] = 4,
    [SS_EVENT_FINDING] = 5, [SS_EVENT_SESSION] = 6, [SS_EVENT_DELIVERY] = 7, [SS_EVENT_CAPTURE] = 8,
};

/* --- events and the blocks they lie in --- */

/* As many as are under way at most, but for bursts. */
#define POOL_MAX 4096

static SsArenaBlock *
take_block(SsBlockPool *pool)
{
    SsArenaBlock *block = NULL;

    g_mutex_lock(&pool->lock);
    if (pool->blocks->len) {
        block = g_ptr_array_steal_index_fast(pool->blocks, pool->blocks->len - 1);
    }
    g_mutex_unlock(&pool->lock);
    return block ? block : ss_arena_block_new();
}

/* Takes over `block`. */
static void
give_block(SsBlockPool *pool, SsArenaBlock *block)
{
    g_mutex_lock(&pool->lock);
    if (pool->blocks->len < POOL_MAX) {
        g_ptr_array_add(pool->blocks, g_steal_pointer(&block));
    }
    g_mutex_unlock(&pool->lock);
    g_free(block);
}

SsQueued *
ss_queued_new(const SsEvent *event, SsBlockPool *pool)
{
    SsArena arena = {0};
    SsQueued *queued;

    if (pool) {
        ss_arena_begin(&arena, take_block(pool));
    }
    queued = ss_arena_alloc(&arena, sizeof *queued);
    queued->pool = pool;
    queued->event = ss_event_copy(&arena, event);
    queued->arena = arena; /* which it lies in itself */
    return queued;
}

void
ss_queued_free(SsQueued *queued)
{
    SsBlockPool *pool;
    SsArena arena;

    if (!queued) {
        return;
    }
    pool = queued->pool;
    if (queued->event->type == SS_EVENT_MESSAGE && queued->event->message.content) {
        ss_content_free(queued->event->message.content);
    }
    arena = queued->arena;
    if (pool) {
        give_block(pool, ss_arena_end(&arena));
    } else {
        ss_arena_clear(&arena);
    }
}

static void
free_queued(void *queued)
{
    ss_queued_free(queued);
}

/* A burst is looked at again when there is twice of what could not go. */
static void
set_burst(SsQueue *queue, size_t n, size_t bytes)
{
    queue->n_burst = n;
    queue->burst_bytes = bytes;
    queue->n_burst_max = MAX(SS_BURST_EVENTS, 2 * n);
    queue->burst_bytes_max = MAX(SS_BURST_BYTES, 2 * bytes);
}

void
ss_queue_init(SsQueue *queue, void (*deliver)(void *, SsQueued *const *, size_t), void *to)
{
    *queue = (SsQueue){.deliver = deliver, .to = to};
    queue->waiting = g_ptr_array_new_with_free_func(free_queued);
    queue->pool.blocks = g_ptr_array_new_with_free_func(g_free);
    g_mutex_init(&queue->pool.lock);
    set_burst(queue, 0, 0);
}

void
ss_queue_clear(SsQueue *queue)
{
    g_clear_pointer(&queue->waiting, g_ptr_array_unref);
    g_clear_pointer(&queue->pool.blocks, g_ptr_array_unref);
    g_mutex_clear(&queue->pool.lock);
}

static int
compare(const void *a, const void *b)
{
    const SsQueued *one = *(SsQueued *const *)a;
    const SsQueued *other = *(SsQueued *const *)b;
    int rank_one = ranks[one->event->type];
    int rank_other = ranks[other->event->type];

    if (one->event->frame != other->event->frame) {
        return one->event->frame < other->event->frame ? -1 : 1;
    }
    if (rank_one != rank_other) {
        return rank_one - rank_other;
    }
    return one->number < other->number ? -1 : 1;
}

/* What the chain found out about the content goes into the message's event; waits for its end. */
static void
complete(SsEvent *event)
{
    SsEventMessage *message = &event->message;
    const SsContentResult *result;

    if (event->type != SS_EVENT_MESSAGE || !message->content) {
        return;
    }
    result = ss_content_result(message->content);
    message->size = result->size;
    message->missing_bytes = result->missing;
    message->sha256 = message->fetched.n ? SS_SLICE_NULL : result->sha256;
    message->headers = result->headers;
    message->parts = result->parts;
}

void
ss_queue_deliver(const SsQueue *queue, GPtrArray *bundle)
{
    SsQueued **events = (SsQueued **)bundle->pdata;
    size_t begin = 0;

    if (bundle->len > 1) {
        qsort(events, bundle->len, sizeof *events, compare);
    }
    for (size_t i = 0; i < bundle->len; i++) {
        complete(events[i]->event);
        if (i + 1 == bundle->len || events[i + 1]->event->frame != events[i]->event->frame) {
            queue->deliver(queue->to, events + begin, i + 1 - begin);
            begin = i + 1;
        }
    }
    g_ptr_array_unref(bundle);
}

static void
hand_on(SsQueue *queue, GPtrArray *bundle)
{
    if (queue->hand_on) {
        queue->hand_on(queue->to, bundle);
    } else {
        ss_queue_deliver(queue, bundle);
    }
}

void
ss_queue_flush(SsQueue *queue)
{
    GPtrArray *bundle = queue->waiting;

    if (bundle->len == 0) {
        return;
    }
    queue->waiting = g_ptr_array_new_with_free_func(free_queued);
    set_burst(queue, 0, 0);
    hand_on(queue, bundle);
}

void
ss_queue_advance(SsQueue *queue, uint64_t frame)
{
    if (frame <= queue->frame) {
        return;
    }
    queue->frame = frame;
    set_burst(queue, 0, 0);
    if (queue->waiting->len > queue->bundle) {
        ss_queue_flush(queue);
    }
}

/* --- bursts --- */

/* The sessions whose events have all come. */
static GHashTable *
list_ended(const SsQueue *queue)
{
    GHashTable *ended = g_hash_table_new(g_int64_hash, g_int64_equal);

    for (guint i = 0; i < queue->waiting->len; i++) {
        const SsQueued *queued = g_ptr_array_index(queue->waiting, i);
        if (queued->event->type == SS_EVENT_SESSION && queued->event->frame == queue->frame) {
            g_hash_table_add(ended, &queued->event->uid);
        }
    }
    return ended;
}

/* Frames before this one go whole. Its last event stays: so that a part is never all there is to
 * come of a frame, and its findings find their end. */
static void
hand_on_part(SsQueue *queue)
{
    g_autoptr(GHashTable) ended = list_ended(queue);
    g_autoptr(GPtrArray) all = queue->waiting;
    GPtrArray *part = g_ptr_array_new_with_free_func(free_queued);
    bool is_early = g_hash_table_size(ended) == 0;
    size_t bytes = 0;

    g_ptr_array_set_free_func(all, NULL);
    queue->waiting = g_ptr_array_new_with_free_func(free_queued);
    for (guint i = 0; i < all->len; i++) {
        SsQueued *queued = g_ptr_array_index(all, i);
        const SsEvent *event = queued->event;
        bool is_of_frame = event->frame == queue->frame;

        if (is_of_frame && (i + 1 == all->len || (ranks[event->type] > ranks[SS_EVENT_NOTE] &&
                                                  !g_hash_table_contains(ended, &event->uid)))) {
            g_ptr_array_add(queue->waiting, queued);
            bytes += queued->arena.size;
            continue;
        }
        queued->is_early = is_of_frame && is_early;
        g_ptr_array_add(part, queued);
    }
    set_burst(queue, queue->waiting->len, bytes);
    if (part->len) {
        hand_on(queue, part);
    } else {
        g_ptr_array_unref(part);
    }
}

void
ss_queue_put(SsQueue *queue, const SsEvent *event)
{
    SsQueued *queued;

    ss_queue_advance(queue, event->frame);
    queued = ss_queued_new(event, &queue->pool);
    queued->number = queue->n_put++;
    queued->event->slot = NULL; /* the connection may be gone before its events are delivered */
    g_ptr_array_add(queue->waiting, queued);
    queue->n_burst++;
    queue->burst_bytes += queued->arena.size;
    if (queue->n_burst > queue->n_burst_max || queue->burst_bytes > queue->burst_bytes_max) {
        hand_on_part(queue);
    }
}
