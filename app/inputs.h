/*
 * What is read, one source after another: opened and checked all at once, before any output is
 * made.
 */
#pragma once

#include "app/options.h"
#include "base/event.h"
#include "capture/source.h"

typedef struct {
    SsSource *source;
    SsInput about; /* for the `capture` event */
    char *sha256;
} SsAppInput;

typedef struct {
    GArray *items;       /* of SsAppInput */
    uint64_t total;      /* bytes of all, SS_COUNT_NONE where not known */
    uint64_t done;       /* bytes of those that are read to their end */
    SsSourceStats stats; /* live, once closed or asked for */
    bool has_stats;
} SsAppInputs;

bool ss_app_inputs_open(SsAppInputs *inputs, const SsAppOptions *options, SsSecretsFn on_secrets,
                        void *user_data, GError **error);
void ss_app_inputs_clear(SsAppInputs *inputs);
