/*
 * What outputs keep of sessions, counted for `--limit memory` where dissectors count what they
 * keep, so that both together are bounded.
 *
 * Delivery may be on another thread, and behind: what it keeps at a time is not the same in every
 * run, and which session is given up for want of memory must be. So what is counted is not what is
 * kept, but what the plugins say that they will keep of each event, when it comes.
 */
#pragma once

#include <glib.h>

#include "base/event.h"

typedef struct {
    GPtrArray *sinks; /* of SsInstance, borrowed: those that tell what a session costs */
    uint64_t *memory; /* the accountant's count, borrowed; NULL: nobody counts */
    bool has_detectors;
    size_t state; /* bytes a session costs from its first event on */
    size_t all;   /* told by the sinks, of all sessions that have not ended; states not */
} SsCharge;

void ss_charge_init(SsCharge *charge);
void ss_charge_clear(SsCharge *charge);

/* `instances` are open. `n_detectors` see the sessions too. */
void ss_charge_begin(SsCharge *charge, GPtrArray *instances, size_t n_detectors);

/* An event that will be delivered. What its session has been charged stands in `*event->slot`, and
 * is given back with the session's event. */
void ss_charge_event(SsCharge *charge, const SsEvent *event);
