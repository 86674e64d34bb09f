/*
 * From the queue to the plugins: detectors see an event before any sink does, and what they find
 * goes to the sinks behind the events that revealed it and before the session's own.
 *
 * What plugins keep for a session, and what has been found in it, lies in a table from the first
 * that is worth keeping until the session's event has been delivered. A state that is all zero
 * behind an event is given up again: what nobody notes anything about costs nothing.
 */
#pragma once

#include <glib.h>

#include "output/host.h"
#include "output/queue.h"
#include "output/select/gate.h"
#include "output/trace.h"

typedef struct {
    GPtrArray *sinks;     /* of SsInstance, borrowed, open */
    GPtrArray *detectors; /* likewise; empty where nobody takes findings */
    size_t n_states;      /* instances with a state a session have an index below this */
    bool is_live;
    bool has_taps;       /* some instance takes content */
    bool only_counts;    /* no sink takes findings: a session's event counts them, that is all */
    bool is_muted;       /* sinks get nothing: the input will be read again for them */
    GPtrArray *judges;   /* of SsJudge, borrowed: they see what the sinks do */
    SsGate *gate;        /* what of it the sinks get, borrowed; NULL: all */
    GPtrArray *findings; /* of SsQueued: made for this frame, not yet delivered */
    SsTracer *tracer;    /* NULL where nobody takes deliveries */
    GHashTable *kept;    /* what is kept of sessions, by number; 0: of none */
} SsDelivery;

void ss_delivery_init(SsDelivery *delivery);
void ss_delivery_clear(SsDelivery *delivery);

/* From now on deliveries are told. */
void ss_delivery_trace(SsDelivery *delivery, SsExplainRefusal explain);

/* The events of one frame, or of a part of it, in order. */
void ss_delivery_frame(SsDelivery *delivery, SsQueued *const *events, size_t n);

/* For the gate: an event to the sinks, or what one leaves that is kept from them. */
void ss_delivery_show(void *delivery, const SsEvent *event, bool is_held);
void ss_delivery_drop(void *delivery, const SsEvent *event);

/* Forgets all sessions, so that all can be read again. */
void ss_delivery_forget(SsDelivery *delivery);

/* A finding made by a detector while it sees an event. */
void ss_delivery_finding(SsDelivery *delivery, const SsEvent *finding);
