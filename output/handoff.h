/*
 * From the reader's thread to the output thread: bundles of events, a bounded number of them under
 * way, delivered in the order they were put.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>

typedef struct SsHandoff SsHandoff;

/* Both are called on the output thread; `deliver` takes the events over. */
typedef struct {
    void (*deliver)(void *to, GPtrArray *events);
    void (*tick)(void *to, gint64 now_ns);
    void *to;
} SsHandoffTarget;

SsHandoff *ss_handoff_new(const SsHandoffTarget *target);

/* Takes `events` over; waits while too much is under way. */
void ss_handoff_put(SsHandoff *handoff, GPtrArray *events);
void ss_handoff_tick(SsHandoff *handoff, gint64 now_ns);

/* Waits until all is delivered, and ends the thread. NULL is fine. */
void ss_handoff_free(SsHandoff *handoff);
