#include "dissect/message/workers.h"

#include <glib.h>
#include <stdalign.h>

#define BATCH_BYTES (256 << 10)
#define BATCHES 8 /* of one worker: what the reader may be ahead */

/* In a batch each chunk stands behind its head. */
typedef struct {
    void *item;
    SsChunk chunk; /* its bytes follow */
} Work;

typedef struct {
    size_t used;
    bool is_last;
    alignas(max_align_t) uint8_t bytes[BATCH_BYTES];
} Batch;

typedef struct {
    GThread *thread;
    GAsyncQueue *full, *empty; /* of Batch */
    Batch *current;            /* the reader's; NULL while it has none */
    GMutex lock;
    GCond has_done; /* a batch has been run */
    void (*run)(void *item, const SsChunk *chunk);
} Worker;

struct SsWorkers {
    unsigned n, next;
    Worker workers[];
};

static size_t
room_of(size_t len)
{
    const size_t align = alignof(max_align_t);

    return (sizeof(Work) + len + align - 1) / align * align;
}

static void
run_batch(const Worker *worker, Batch *batch)
{
    for (size_t at = 0; at < batch->used;) {
        Work *work = (void *)(batch->bytes + at);
        at += room_of(work->chunk.bytes.len);
        work->chunk.bytes.data = (const uint8_t *)(work + 1);
        worker->run(work->item, &work->chunk);
    }
}

static gpointer
work(gpointer data)
{
    Worker *worker = data;
    bool is_last = false;

    while (!is_last) {
        Batch *batch = g_async_queue_pop(worker->full);
        run_batch(worker, batch);
        is_last = batch->is_last;
        batch->used = 0;
        g_async_queue_push(worker->empty, batch);
        g_mutex_lock(&worker->lock);
        g_cond_broadcast(&worker->has_done);
        g_mutex_unlock(&worker->lock);
    }
    return NULL;
}

static void
start(Worker *worker, void (*run)(void *, const SsChunk *))
{
    worker->run = run;
    worker->full = g_async_queue_new();
    worker->empty = g_async_queue_new_full(g_free);
    for (int i = 0; i < BATCHES; i++) {
        Batch *batch = g_malloc(sizeof *batch);
        batch->used = 0;
        batch->is_last = false;
        g_async_queue_push(worker->empty, batch);
    }
    g_mutex_init(&worker->lock);
    g_cond_init(&worker->has_done);
    worker->thread = g_thread_new("content", work, worker);
}

SsWorkers *
ss_workers_new(unsigned n, void (*run)(void *item, const SsChunk *chunk))
{
    SsWorkers *workers = g_malloc0(sizeof *workers + n * sizeof(Worker));

    workers->n = n;
    for (unsigned i = 0; i < n; i++) {
        start(&workers->workers[i], run);
    }
    return workers;
}

unsigned
ss_workers_assign(SsWorkers *workers)
{
    return workers->next++ % workers->n;
}

static Batch *
current_batch(Worker *worker)
{
    if (!worker->current) {
        worker->current = g_async_queue_pop(worker->empty);
    }
    return worker->current;
}

static void
send(Worker *worker)
{
    g_async_queue_push(worker->full, g_steal_pointer(&worker->current));
}

static void
put_piece(Worker *worker, void *item, const SsChunk *chunk, SsSlice bytes)
{
    Batch *batch = current_batch(worker);
    Work *at;

    if (BATCH_BYTES - batch->used < room_of(bytes.len)) {
        send(worker);
        batch = current_batch(worker);
    }
    at = (void *)(batch->bytes + batch->used);
    at->item = item;
    at->chunk = *chunk;
    at->chunk.bytes = bytes;
    if (bytes.len) {
        memcpy(at + 1, bytes.data, bytes.len);
    }
    batch->used += room_of(bytes.len);
}

void
ss_workers_put(SsWorkers *workers, unsigned worker, void *item, const SsChunk *chunk)
{
    const size_t max = BATCH_BYTES / 2; /* so that a piece always fits an empty batch */
    SsSlice bytes = chunk->bytes;

    do {
        SsSlice piece = ss_slice_sub(bytes, 0, max);
        put_piece(&workers->workers[worker], item, chunk, piece);
        bytes = ss_slice_from(bytes, piece.len);
    } while (bytes.len);
}

void
ss_workers_flush(SsWorkers *workers)
{
    for (unsigned i = 0; i < workers->n; i++) {
        Worker *worker = &workers->workers[i];
        if (worker->current && worker->current->used) {
            send(worker);
        }
    }
}

void
ss_workers_wait(SsWorkers *workers, unsigned worker, const int *is_done)
{
    Worker *its = &workers->workers[worker];

    g_mutex_lock(&its->lock);
    while (!g_atomic_int_get(is_done)) {
        g_cond_wait(&its->has_done, &its->lock);
    }
    g_mutex_unlock(&its->lock);
}

static void
stop(Worker *worker)
{
    current_batch(worker)->is_last = true;
    send(worker);
    g_thread_join(worker->thread);
    g_async_queue_unref(worker->full);
    g_async_queue_unref(worker->empty);
    g_mutex_clear(&worker->lock);
    g_cond_clear(&worker->has_done);
}

void
ss_workers_free(SsWorkers *workers)
{
    if (!workers) {
        return;
    }
    for (unsigned i = 0; i < workers->n; i++) {
        stop(&workers->workers[i]);
    }
    g_free(workers);
}
