/*
 * A message's content on its way: fed by the SMTP dissector as the bytes come, hashed and taken
 * apart without ever being held. The consumers that somebody needs exist, the others do not.
 *
 * Calls come in order: any number of `data` and `gap`, then one `end`; after `end`, the result. The
 * result belongs to the SsContent and lives until it is freed.
 */
#pragma once

#include "base/event.h"
#include "base/plugin.h"

/* A consumer of raw content beside our own: the host's fan-out to sinks. */
typedef struct SsContentTap SsContentTap;
struct SsContentTap {
    /* `states` is this message's own room, given back with every call; called on the message's
     * worker. */
    void (*chunk)(SsContentTap *self, void **states, const SsChunk *chunk);
    size_t n_states;
};

typedef struct SsWorkers SsWorkers;

typedef struct SsContentPlan SsContentPlan;
struct SsContentPlan {
    uint32_t needs;     /* SS_NEED_* of all outputs together */
    SsContentTap *tap;  /* or NULL */
    SsWorkers *workers; /* where the chains run, NULL: at once, where they are fed */
    /* Where outputs take some messages only: the plan for this one. Else NULL. */
    const SsContentPlan *(*choose)(const SsContentPlan *self, uint64_t session, uint64_t message);
};

/* For ss_workers_new(). */
void ss_content_run(void *content, const SsChunk *chunk);

/* What in a message's form has more readings than the one that is told. */
#define SS_ODD_DOUBLE_FIELD \
    (1u << 0)                       /* a field that may stand once stood twice; the first counts */
#define SS_ODD_HEADER_CUT (1u << 1) /* a header block went past its cap */
#define SS_ODD_NO_BLANK_LINE (1u << 2) /* a header was ended by a line that is no field */
#define SS_ODD_NO_BOUNDARY (1u << 3)   /* a multipart without one, or one too long */
#define SS_ODD_NOT_CLOSED (1u << 4)    /* a multipart without its closing delimiter */
#define SS_ODD_DEPTH (1u << 5)         /* nested past the cap */
#define SS_ODD_ENCODING (1u << 6)      /* an encoding nobody knows, or of a multipart */
#define SS_ODD_VALUE_CUT (1u << 7)     /* a field longer than what is decoded of it */
#define SS_ODD_NO_FOLD (1u << 8) /* a field went on in a line that does not begin with a blank */

typedef struct {
    uint64_t size;    /* bytes seen */
    uint64_t missing; /* bytes in gaps */
    SsSlice sha256;   /* hex, of the bytes seen, also where the transfer was cut off; absent where
                         there were gaps, or nobody needs it */
    SsHeaders headers;
    SsList parts; /* of SsPart */
    uint32_t odd; /* SS_ODD_* */
} SsContentResult;

/* `plan` is borrowed for the content's life. */
SsContent *ss_content_new(const SsContentPlan *plan, uint64_t uid, uint64_t session);
void ss_content_data(SsContent *content, SsSlice bytes);
void ss_content_gap(SsContent *content, uint64_t n);
/* `whole`: the content arrived to its end, as the protocol tells it. */
void ss_content_end(SsContent *content, bool whole);
/* Waits until the chain has reached its end, which must have been flushed to its worker. From any
 * thread. Borrowed. */
const SsContentResult *ss_content_result(SsContent *content);
/* The tap's states of this message, `n_states` of them; after the result. */
void **ss_content_states(SsContent *content);
void ss_content_free(SsContent *content);
