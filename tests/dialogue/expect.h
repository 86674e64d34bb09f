/*
 * Events as JSON: do they say what a dialogue expects, and do two runs say the same?
 */
#pragma once

#include <json-glib/json-glib.h>

#include "dialogue.h"

/* The events of newline-delimited JSON, of JsonNode; NULL with `error` where a line is none. */
GPtrArray *ss_expect_read(const char *json_lines, GError **error);

/* Those that the dialogue compares, in order. */
GPtrArray *ss_expect_select(const SsDialogue *dialogue, GPtrArray *events);

/*
 * Whether the events that the dialogue compares are the expected ones: as many, in their order,
 * each with every member that is named. Differences are appended to `ret_why`.
 */
bool ss_expect_events(const SsDialogue *dialogue, GPtrArray *events, GString *ret_why);

/*
 * A text that is the same for two runs that saw the same dialogue in different packets: without
 * frames, times, addresses and counts of packets, and by type, for the order between types depends
 * on what is in one frame.
 */
char *ss_expect_canonical(const SsDialogue *dialogue, GPtrArray *events);

/* The message event with this index, or NULL. Borrowed. */
JsonObject *ss_expect_message(GPtrArray *events, uint64_t index);
