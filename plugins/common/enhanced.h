/*
 * What a refusal means, in words that say what to do: enhanced status codes (RFC 3463 and the
 * registry of RFC 5248), reply codes (RFC 5321 section 4.2.3) where there is no enhanced one, and
 * the phrases servers use where a code alone says too little. Compiled into the plugins that
 * explain refusals.
 */
#pragma once

#include "base/event.h"

typedef struct {
    const char *meaning; /* a clause: "no such mailbox"; never NULL */
    const char *advice;  /* what to do about it, or NULL where nothing can be said */
    bool is_greylisting;
    bool is_text_better; /* the server's own text says more than `meaning` */
    uint64_t wait_s;     /* the server asks to come back after so long; 0: it does not say */
} SsAdvice;

/*
 * What `reply` refused: MAIL, RCPT, DATA or the content; a login's codes are about a mailbox, as
 * RCPT's are. All texts are constants.
 */
SsAdvice ss_enhanced_explain(const SsReplyText *reply, SsStage stage);

/* Whether a word of `text` begins with `word` (lower case ASCII), without case; see
 * ss_phrases_mention(). */
/* Whether a recipient was refused because there is no such mailbox, and not by policy or for now.
 */
bool ss_enhanced_is_no_mailbox(const SsReplyText *reply);

/* Whether it was refused because the server does not relay for this client. */
bool ss_enhanced_is_no_relay(const SsReplyText *reply);

/* Whether `text` contains `word` (lower case ASCII), without case. */
bool ss_enhanced_mentions(SsSlice text, const char *word);
