/*
 * What a refusal means, in words that say what to do: enhanced status codes (RFC 3463 and the
 * registry of RFC 5248), reply codes (RFC 5321 section 4.2.3) where there is no enhanced one, and
 * the phrases servers use where a code alone says too little. Compiled into the plugins that
 * explain refusals.
 */
#pragma once

#include "base/slice.h"

typedef struct {
    const char *meaning; /* a clause: "no such mailbox"; never NULL */
    const char *advice;  /* what to do about it, or NULL where nothing can be said */
    bool is_greylisting;
} SsAdvice;

/* `enhanced` may be absent; `text` is the reply's, raw. All texts are constants. */
SsAdvice ss_enhanced_explain(uint64_t code, SsSlice enhanced, SsSlice text);

/* Whether `text` contains `word` (lower case ASCII), without case. */
bool ss_enhanced_mentions(SsSlice text, const char *word);
