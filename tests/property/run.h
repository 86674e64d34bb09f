/*
 * The whole way of a capture, from frames or a file to events.
 */
#pragma once

#include "capture/packet.h"
#include "dissect/flow.h"
#include "file.h"
#include "tests/dialogue/dialogue.h"

typedef struct {
    uint16_t port; /* a server's, beside the usual ones */
    bool any_port;
    bool has_timeouts; /* two hours pass at the end */
    FileFormat format;
} RunOptions;

/* The events of `frames`, of FileFrame, as lines of JSON. `ret_segments` is how many were decoded.
 */
char *run_frames(const GArray *frames, const RunOptions *options, guint *ret_segments,
                 GError **error);

/* What was said in the session with this client's port: the same for every capture of it; empty
 * where there is none. NULL with `error` where there are two. `ret_n_events` is how many events are
 * the session's. */
char *run_canonical(const SsDialogue *dialogue, const char *json_lines, uint16_t client_port,
                    guint *ret_n_events, GError **error);

/* How many events there are, those of the capture itself aside. */
guint run_count(const char *json_lines);
