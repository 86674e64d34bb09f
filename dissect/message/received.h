/*
 * The trace field that a server puts on top of each message (RFC 5321 section 4.4):
 *
 *     Received: from CLIENT (…) by SERVER (…) with ESMTP id QUEUE-ID for <…>; DATE
 */
#pragma once

#include "base/event.h"

/* Fills in `received_by` and `received_id`, in `arena`; absent where the field does not say. */
void ss_received_read(SsArena *arena, SsSlice value, SsHeaders *ret);
