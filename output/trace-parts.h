/*
 * The tracer's inside.
 *
 *     trace.c         what is remembered, and for how long
 *     trace-index.c   attempts by what they may be known again by
 *     trace-join.c    which attempts belong together
 *     trace-event.c   a delivery's event
 */
#pragma once

#include <glib.h>

#include "base/limits.h"
#include "output/trace.h"

/* Attempts that one key leads to; of more the oldest are not found by it. So many messages with one
 * envelope are compared at most, whoever sends them. */
#define SS_TRACE_FOUND_MAX 8

/* Recipients of an attempt that it is found by. */
#define SS_TRACE_RECIPIENTS_MAX 16

typedef struct SsTrace SsTrace;
typedef struct SsAttempt SsAttempt;
typedef struct SsTraceLink SsTraceLink;

typedef struct {
    SsSlice address;
    int outcome;
    SsReplyText reply;
    bool is_greylisted;
} SsAttemptRecipient;

struct SsAttempt {
    SsArena arena; /* the attempt and its texts lie in it */
    SsTrace *trace;
    SsTraceLink *links;
    SsDeliveryAttempt about;
    SsReplyText reply;
    int64_t end_ns;
    SsSlice from, message_id, envid, declared_size, queue_id, received_by, received_id;
    uint64_t size, received;
    bool is_whole; /* all of its content was seen */
    SsAttemptRecipient *rcpt;
    size_t n_rcpt;
};

/* A delivery. */
struct SsTrace {
    GList link;          /* in SsTracer.traces */
    GPtrArray *attempts; /* of SsAttempt, owned, by time */
    uint64_t n_attempts; /* also those that are not kept */
    int64_t last_ns;
    SsSlice message_id, envid; /* of an attempt */
};

typedef struct {
    GTree *buckets; /* by key */
} SsTraceIndex;

struct SsTracer {
    SsExplainRefusal explain;
    void (*emit)(void *to, const SsEvent *event);
    void *to;
    GHashTable *pending; /* session's number to GPtrArray of SsAttempt */
    GQueue traces;       /* those that were added to last stand last */
    SsTraceIndex index;
    size_t size; /* bytes of attempts, pending ones too */
    uint64_t n_forgotten;
};

/* --- trace-index.c --- */

typedef enum {
    SS_KEY_MESSAGE_ID, /* with a recipient, as the next two */
    SS_KEY_ENVID,
    SS_KEY_FROM,
    SS_KEY_QUEUE_ID,
} SsTraceKeyKind;

void ss_trace_index_init(SsTraceIndex *index);
void ss_trace_index_clear(SsTraceIndex *index);
/* The key of two texts; letters without case. Different ones may have the same key. */
uint64_t ss_trace_key(SsTraceKeyKind kind, SsSlice a, SsSlice b);
void ss_trace_index_add(SsTraceIndex *index, uint64_t key, SsAttempt *attempt);
/* Attempts under `key` go to `ret`, SS_TRACE_FOUND_MAX at most, the newest first. */
size_t ss_trace_index_find(const SsTraceIndex *index, uint64_t key, SsAttempt **ret);
/* Removes all of its links. */
void ss_trace_index_remove(SsTraceIndex *index, SsAttempt *attempt);

/* --- trace-join.c --- */

/* The delivery that `attempt` belongs to: one that is there, several made one, or a new one. */
SsTrace *ss_trace_join(SsTracer *tracer, SsAttempt *attempt);
/* Whether they are the same client, as far as can be told. */
bool ss_trace_is_same_client(const SsAttempt *a, const SsAttempt *b);
/* Whether the server of `before` accepted it there and is the client of `after`. */
bool ss_trace_is_next_hop(const SsAttempt *before, const SsAttempt *after);

/* --- trace.c --- */

void ss_trace_add(SsTracer *tracer, SsTrace *trace, SsAttempt *attempt);
/* Moves the attempts of `from`, which is freed. False, and nothing done, where they would be too
 * many to keep: so no attempt is forgotten while others are looked at. */
bool ss_trace_merge(SsTracer *tracer, SsTrace *to, SsTrace *from);
SsTrace *ss_trace_new(SsTracer *tracer);

/* --- trace-event.c --- */

/* Tells the delivery if it took more than one connection; the event gets the frame of `cause`. */
void ss_trace_tell(const SsTracer *tracer, const SsTrace *trace, const SsEvent *cause);
