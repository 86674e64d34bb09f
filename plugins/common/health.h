/*
 * How good a capture is, in words with a remedy: what the `capture` event counts, said once.
 */
#pragma once

#include <glib.h>

#include "base/event.h"

/* One thing to know about a capture. */
typedef struct {
    bool is_bad; /* what is told of the traffic may be wrong or incomplete; else good to know */
    char *text;  /* a clause and its remedy: "the snap length cut 412 packets: capture with -s 0" */
} SsHealthLine;

/*
 * What is wrong with a capture and what is merely odd, the worst first; an array of SsHealthLine,
 * owned by the caller. Of the event its artefacts, drops and ledger are read.
 */
GPtrArray *ss_health_of(const SsEventCapture *capture);

/* Appends what the limits cost, or nothing, to such an array. */
void ss_health_add_limits(GPtrArray *lines, const SsEventCapture *capture);

/* What a bucket of the ledger means: "in order, read". Owned by the caller. */
char *ss_health_bucket(SsSlice name);

/* The count of a name in a list of SsTally; 0 where it is not in it. */
uint64_t ss_tally_of(const SsList *tallies, const char *name);
