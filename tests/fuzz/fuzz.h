/*
 * What a fuzzer's target gives: libFuzzer's entry, and the seeds it can be begun with.
 */
#pragma once

#include <stdbool.h>

#include "tests/dialogue/dialogue.h"

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t len);

/* A file of the tests in the form that the target reads; false where it is none of its kind. */
bool ss_fuzz_seed(const char *path, GByteArray *ret_input);

/* The dialogue in a file, for `ss_fuzz_seed`; NULL where there is none, or one too long. */
SsDialogue *ss_fuzz_dialogue(const char *path);

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
