/*
 * Who was refused: the content of a message, or recipients of it.
 */
#pragma once

#include "base/event.h"

/* The reply that a recipient's fate hangs on: to the content where it had one of its own. */
static inline const SsReplyText *
ss_recipient_reply(const SsRecipient *rcpt)
{
    return rcpt->final ? rcpt->final : &rcpt->reply;
}

static inline bool
ss_reply_is_refusal(const SsReplyText *reply)
{
    return reply && (reply->code / 100 == 4 || reply->code / 100 == 5);
}

/* Recipients that were refused. */
static inline uint64_t
ss_message_n_refused(const SsEventMessage *message)
{
    const SsRecipient *rcpt = message->rcpt.items;
    uint64_t n = 0;

    for (size_t i = 0; i < message->rcpt.n; i++) {
        n += ss_reply_is_refusal(ss_recipient_reply(&rcpt[i]));
    }
    return n;
}

/* Whether MAIL, DATA or the content was refused, not (only) recipients. */
static inline bool
ss_message_is_refused_whole(const SsEventMessage *message)
{
    const SsRecipient *rcpt = message->rcpt.items;

    for (size_t i = 0; i < message->rcpt.n; i++) {
        if (rcpt[i].final) { /* LMTP: the content has a reply for each */
            return false;
        }
    }
    return ss_reply_is_refusal(message->reply) &&
           (message->stage != SS_STAGE_RCPT || ss_message_n_refused(message) == 0);
}
