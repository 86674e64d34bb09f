/*
 * Which caps were met and how often: what the `capture` event says of them, and the line at the
 * end.
 */
#pragma once

#include "dissect/flow.h"

/* `smtp` is what ss_smtp_factory_limits() gives. Those that were met, as a list of SsTally in
 * `arena`. */
SsList ss_caps_list(const SsFlowStats *flows, const uint64_t *smtp, SsArena *arena);

/* `limits met: …` for a person, or NULL where none was; free with g_free(). */
char *ss_caps_describe(const SsFlowStats *flows, const uint64_t *smtp);
