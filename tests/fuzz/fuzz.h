/*
 * What a fuzzer's target gives: libFuzzer's entry, and the seeds it can be begun with.
 */
#pragma once

#include "tests/dialogue/dialogue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* A dialogue in the form that the target reads. */
void ss_fuzz_seed(const SsDialogue *dialogue, GByteArray *ret_input);

/* An oracle says no. */
_Noreturn void ss_fuzz_fail(const char *format, ...) G_GNUC_PRINTF(1, 2);

/* Events as lines of JSON, each of them valid, none after the session's own. */
typedef struct {
    SsEventSink base;
    GString *text;
    GHashTable *ended; /* uids */
    uint64_t n_sessions, n_messages;
} SsFuzzSink;

void ss_fuzz_sink_init(SsFuzzSink *sink);
void ss_fuzz_sink_clear(SsFuzzSink *sink);
