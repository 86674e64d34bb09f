/*
 * One run: frames through the decoder, the flow table, SMTP, the detectors and the outputs, as
 * app/pipeline.c has them.
 */
#pragma once

#include <json-glib/json-glib.h>

#include "capture/packet.h"
#include "tests/network/frames.h"

typedef struct {
    GPtrArray *events; /* JsonNode, all of them */
    SsFlowStats stats;
    uint64_t decoded[SS_N_PACKET_BUCKETS];
    uint64_t met[SS_N_MET];
    uint64_t packets, bytes; /* fed */
    uint64_t memory;         /* kept when all was over */
} SsRunResult;

/* `eml`: a folder for the messages' files, or NULL. NULL with `error` where the run failed. */
SsRunResult *ss_run(const SsScript *script, const GPtrArray *frames, const char *eml,
                    GError **error);
void ss_run_result_free(SsRunResult *result);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsRunResult, ss_run_result_free)
