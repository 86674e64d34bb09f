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

typedef enum {
    SS_READING_ONLY,
    SS_READING_FIRST,  /* of two: to find what is kept */
    SS_READING_SECOND, /* to write it */
} SsReading;

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
    uint64_t queued;            /* event types that somebody takes in this reading … */
    uint64_t queued_notes;      /* … and kinds of notes */
    SsContentPlan unshown_plan; /* for messages that no sink gets */
    SsContentTap unshown_tap;
    GPtrArray *judges;      /* of SsJudge: -Y's first where there is one, then those of --expect */
    SsSelection *selection; /* of -Y, or NULL */
    GArray *is_all;         /* of bool, beside `judges`: every message must match */
    SsGate *gate;
    SsReading reading;
    int n_cut; /* messages longer than the limit; atomic */
};

/* --- output.c --- */

/* The workers and the output thread; what is put from now on goes through them. */
void ss_output_start_threads(SsOutput *output);

/* All that was put is delivered, and this thread is alone again. */
void ss_output_stop_threads(SsOutput *output);

/* The sinks' wishes for contents, without those of sinks that get nothing. */
void ss_output_take_unshown(SsContentTap *tap, void **states, const SsChunk *chunk);

/* --- output-setup.c --- */

uint64_t ss_instances_want(GPtrArray *instances);
uint32_t ss_instances_need(GPtrArray *instances);
uint64_t ss_instances_notes(GPtrArray *instances);

/* --- output-select.c --- */

/* What all judges ask for together. */
typedef struct {
    uint64_t wants, notes;
    uint32_t needs;
    bool needs_findings, needs_finding_events;
} SsJudgesAsk;

SsJudgesAsk ss_output_judges_ask(const SsOutput *output);

/* Who takes part in a reading, and what is built for them; plugins are open. */
void ss_output_begin_reading(SsOutput *output, SsReading reading);
void ss_output_clear_selection(SsOutput *output);

/* --- output.c --- */

/* A detector has found something: SsInstance's `on_finding`, to an output. */
void ss_output_take_finding(void *to, const SsEvent *finding);
