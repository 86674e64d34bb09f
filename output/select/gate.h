/*
 * Between the detectors and the sinks, where `-Y` is given: what of the events the sinks get.
 *
 * Where the input is read twice the second reading knows what is kept, and the rest is passed over.
 * Live nothing can be read again: what is not certain yet waits, event by event, until a judge says
 * yes or no, at the session's end at the latest. What waits has a bound; beyond it the session that
 * has waited longest is let through as if it matched, and counted. Live, so, events of a session
 * come later than those of others that followed them, but in order among themselves; only a message
 * that is still uncertain comes behind what the session said meanwhile.
 */
#pragma once

#include "output/queue.h"
#include "output/select/judge.h"

typedef struct {
    /* An event that is kept. Of one that has waited `is_held` is set: its content goes with it. */
    void (*show)(void *to, const SsEvent *event, bool is_held);
    /* One that has waited and is not kept. */
    void (*drop)(void *to, const SsEvent *event);
    void *to;
} SsGateTarget;

typedef struct SsGate SsGate;

/* By what the first reading has found; borrowed. */
SsGate *ss_gate_new(const SsSelection *selection, const SsGateTarget *target);

/* As the judge, which is borrowed and has seen each event before the gate, becomes certain; at most
 * `max` bytes wait. */
SsGate *ss_gate_new_live(const SsJudge *judge, size_t max, const SsGateTarget *target);

/* An event of a session. Of a message that must wait the content is taken over. */
void ss_gate_event(SsGate *gate, SsEvent *event);

/* Whether one of a delivery's messages is kept, or live, is of a session that is. */
bool ss_gate_has_delivery(const SsGate *gate, const SsEvent *event);

/* The session's event was the last but for packets. */
void ss_gate_end(SsGate *gate, uint64_t session);

/* Sessions that were let through for want of room. */
uint64_t ss_gate_forced(const SsGate *gate);

/* What waits is dropped. */
void ss_gate_free(SsGate *gate);
