/*
 * One message over many connections: the tracer sees each message and each session that ends, and
 * makes an SsEventDelivery of those that belong together.
 *
 * A message waits until its session has ended, for only then it is known between whom it was. Then
 * it is compared with those before it (trace-join.c) and is an attempt of their delivery, or begins
 * one. A delivery is told before the capture's event, in order of first attempts; earlier where it
 * is so old that its sender has given up, or where too many are remembered and its turn to be
 * forgotten has come. One within a single connection is not told: its message's event says it all.
 */
#pragma once

#include "base/event.h"

/* What a refusal means. */
typedef struct {
    const char *meaning; /* a constant clause */
    bool is_greylisting;
} SsRefusalWords;

typedef SsRefusalWords (*SsExplainRefusal)(const SsReplyText *reply, SsStage stage);

typedef struct SsTracer SsTracer;

/* `emit` gets each delivery's event, borrowed until it returns. `explain` may be NULL. */
SsTracer *ss_tracer_new(SsExplainRefusal explain, void (*emit)(void *to, const SsEvent *event),
                        void *to);
void ss_tracer_free(SsTracer *tracer);

void ss_tracer_message(SsTracer *tracer, const SsEvent *event);
void ss_tracer_session(SsTracer *tracer, const SsEvent *event);

/* Tells all that are left; they get the frame of `capture`. */
void ss_tracer_finish(SsTracer *tracer, const SsEvent *capture);

/* Messages that were forgotten before the end for want of room: what belonged to them later is not
 * known as theirs. */
uint64_t ss_tracer_n_forgotten(const SsTracer *tracer);
