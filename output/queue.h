/*
 * The order of events, and their keeping until they are delivered.
 *
 * An event is copied into an arena of its own as it comes. The events of one frame are gathered
 * until nothing of that frame can come any more, then handed on in this order: the packet itself,
 * commands, replies, notes and spans as they came, auth, tls, message, finding, session, capture. A
 * message's event owns its content and is handed on with the content's results in it.
 *
 * Where one frame brings more than SS_BURST_EVENTS or SS_BURST_BYTES (the capture's end closes
 * every session that is open), it is delivered in parts. As long as no session has ended in it
 * these are its commands, replies and notes, which come first anyway: the order stays. Then they
 * are also all that belongs to the sessions that have ended, so that the order is kept for each
 * session, and no longer for all together. Parts are cut by count and size of what was put, so at
 * the same places every time.
 *
 * What is handed on refers to nothing that the putting side has: its events have no `slot`. So
 * delivery can be on another thread.
 */
#pragma once

#include <glib.h>

#include "base/event.h"

/*
 * Blocks for events to lie in. Where delivery is on another thread thousands of events are under
 * way, each for a moment: taken from the heap that the sessions lie in, and given back later, they
 * would leave it full of holes.
 */
typedef struct {
    GMutex lock;
    GPtrArray *blocks; /* of SsArenaBlock, not in use */
} SsBlockPool;

/* An event with all that belongs to it. */
typedef struct {
    SsArena arena;
    SsBlockPool *pool; /* that its first block goes back to; NULL: to nobody */
    SsEvent *event;
    uint64_t number; /* in order of coming */
    bool is_early;   /* in a part of its frame behind which auth, tls, message may still come */
} SsQueued;

/* A deep copy; takes over the content of a message's event. `pool` is borrowed or NULL. */
SsQueued *ss_queued_new(const SsEvent *event, SsBlockPool *pool);
void ss_queued_free(SsQueued *queued);

typedef struct {
    /* Called for a frame's events, or a part of them, at least one; borrowed until it returns. */
    void (*deliver)(void *to, SsQueued *const *events, size_t n);
    void *to;
    uint64_t frame; /* the latest that an event has come of */
    uint64_t n_put;
    size_t n_burst, burst_bytes;         /* waiting now, of the latest frame */
    size_t n_burst_max, burst_bytes_max; /* with more a part of them is handed on */
    size_t bundle; /* events that may gather over frames before they are handed on; 0: none */
    /* Where another thread delivers: takes the events over, in any order. Else NULL. */
    void (*hand_on)(void *to, GPtrArray *events);
    GPtrArray *waiting; /* of SsQueued */
    SsBlockPool pool;
} SsQueue;

void ss_queue_init(SsQueue *queue, void (*deliver)(void *, SsQueued *const *, size_t), void *to);
/* Drops what is left; nothing may be on its way elsewhere. */
void ss_queue_clear(SsQueue *queue);

void ss_queue_put(SsQueue *queue, const SsEvent *event);

/* No event of a frame before `frame` can come any more. */
void ss_queue_advance(SsQueue *queue, uint64_t frame);

/* Hands on all that is left. */
void ss_queue_flush(SsQueue *queue);

/* Puts events in order and calls `deliver` for each frame's, or for the part of a frame that they
 * are; takes them over. */
void ss_queue_deliver(const SsQueue *queue, GPtrArray *events);
