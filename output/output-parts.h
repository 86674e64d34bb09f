/*
 * Inside the output side: what its parts share. Nothing else includes this.
 */
#pragma once

#include "output/charge.h"
#include "output/delivery.h"
#include "output/handoff.h"
#include "output/host.h"
#include "output/output.h"
#include "output/queue.h"

struct SsOutput {
    SsEventSink sink; /* first, so that `emit` finds us */
    SsContentTap tap;
    SsContentPlan plan;
    SsOutputOptions options;
    SsRegistry registry;
    GPtrArray *sinks;     /* of SsInstance, in the order of the command line */
    GPtrArray *detectors; /* those set by the command line, then at `open` all */
    GHashTable *disabled; /* names of detectors turned off */
    GPtrArray *taps;      /* of SsInstance, borrowed: those that take content */
    const char *stdout_taken_by;
    uint64_t notes; /* kinds somebody wants, SS_NOTES() */
    SsQueue queue;
    SsHandoff *handoff; /* to the output thread; NULL where the reader delivers */
    SsDelivery delivery;
    SsCharge charge;
    int n_cut; /* messages longer than the limit; atomic */
};

/* --- output.c --- */

/* The workers and the output thread; what is put from now on goes through them. */
void ss_output_start_threads(SsOutput *output);

/* A detector has found something: SsInstance's `on_finding`, to an output. */
void ss_output_take_finding(void *to, const SsEvent *finding);
