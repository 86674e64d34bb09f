/*
 * The whole way wired together: sources, decoding, flows, SMTP, outputs.
 */
#pragma once

#include <signal.h>

#include "app/excerpt.h"
#include "app/inputs.h"
#include "app/reread.h"
#include "output/output.h"

typedef struct {
    const SsAppOptions *options;
    SsAppInputs *inputs;
    SsFilter *filter; /* for the frames of files, or NULL; live the capture filters */
    SsOutput *output;
    SsExcerpt *excerpt;            /* of -w, or NULL */
    volatile sig_atomic_t *stop;   /* set by SIGINT and SIGTERM */
    volatile sig_atomic_t *report; /* set by SIGUSR1 */
    SsReread *reread;              /* where all is read twice, or NULL */
    GBytes *fingerprint_key;       /* of --fingerprint-secrets, or NULL */
} SsPipelineSetup;

typedef struct {
    bool is_damaged; /* an input was cut short or corrupt: told */
    bool is_failed;  /* reading failed: told */
    uint64_t packets;
    uint64_t damaged; /* inputs */
} SsPipelineResult;

/* Reads everything, and leaves all events delivered but for the outputs' close. */
SsPipelineResult ss_pipeline_run(const SsPipelineSetup *setup);

/* Reads the same packets again that `first` was the reading of, for outputs that got nothing then;
 * what was told is not told again. */
SsPipelineResult ss_pipeline_run_again(const SsPipelineSetup *setup, const SsPipelineResult *first);
