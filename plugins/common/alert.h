/*
 * What a TLS alert in a handshake means, in words that say what to do (RFC 8446 section 6.2).
 * Compiled into the plugins that explain handshakes.
 */
#pragma once

#include "base/event.h"

/*
 * `reason` is the alert as SS_NOTE_TLS_REFUSED names it, `by` who sent it. NULL where there are no
 * words for it. `ret_advice` is always set, to a constant. Owned by the caller.
 */
char *ss_alert_meaning(SsSlice reason, SsDirection by, const char **ret_advice);
