/*
 * What is kept: sessions, and of their messages those that match. Made in the first reading, asked
 * in the second, then on any thread.
 */
#pragma once

#include <glib.h>

#include "base/event.h"

/* From one index to another. */
typedef struct {
    uint64_t first, last;
} SsRange;

typedef struct SsSelection SsSelection;

/* Sets of sessions, a bit each. */
bool ss_session_set_has(const GByteArray *set, uint64_t session);
void ss_session_set_put(GByteArray *set, uint64_t session);

/* `is_read_again`: there will be a second reading, which asks for more than sessions. */
SsSelection *ss_selection_new(bool is_read_again);

/* The session of `event` is kept, with the messages in `messages` (of SsRange, in order), or with
 * all where that is NULL. */
void ss_selection_add(SsSelection *selection, const SsEvent *event, const GArray *messages);

/* Nothing is added any more. */
void ss_selection_finish(SsSelection *selection);

bool ss_selection_has(const SsSelection *selection, uint64_t session);
bool ss_selection_has_message(const SsSelection *selection, uint64_t session, uint64_t index);

/* A connection that has no number yet, by the first packet of it. */
bool ss_selection_has_began(const SsSelection *selection, uint64_t frame);
void ss_selection_free(SsSelection *selection);
