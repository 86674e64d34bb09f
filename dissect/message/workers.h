/*
 * Threads that run content chains beside the reader.
 *
 * Chunks are copied into batches, and all chunks of one item go to the same worker, so an item's
 * chain runs in order and alone. The batches are a fixed number of a fixed size: where the workers
 * are behind, the reader waits for a free one.
 *
 * All functions but the waiting are called by one thread, the reader's.
 */
#pragma once

#include "base/plugin.h"

typedef struct SsWorkers SsWorkers;

/* `run` takes one chunk of `item`, on its worker; the chunk's bytes are borrowed until it returns.
 */
SsWorkers *ss_workers_new(unsigned n, void (*run)(void *item, const SsChunk *chunk));

/* The worker for the next item. */
unsigned ss_workers_assign(SsWorkers *workers);

/* Copies the chunk; it runs when its batch is full or flushed. */
void ss_workers_put(SsWorkers *workers, unsigned worker, void *item, const SsChunk *chunk);

/* What was put so far is on its way when this returns. */
void ss_workers_flush(SsWorkers *workers);

/* From any thread: waits until the worker has set `*is_done`, which a flushed chunk's run does. */
void ss_workers_wait(SsWorkers *workers, unsigned worker, const int *is_done);

/* Runs what is left, and ends the threads. NULL is fine. */
void ss_workers_free(SsWorkers *workers);
