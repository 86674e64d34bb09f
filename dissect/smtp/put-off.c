#include "dissect/smtp/put-off.h"

/* FNV-1a, of letters without case. */
static uint64_t
hash_text(uint64_t hash, SsSlice text)
{
    for (size_t i = 0; i < text.len; i++) {
        hash = (hash ^ ss_ascii_lower(text.data[i])) * UINT64_C(0x100000001b3);
    }
    return hash;
}

static size_t
place_of(SsSlice from, SsSlice address)
{
    uint64_t hash = hash_text(UINT64_C(0xcbf29ce484222325), from);

    hash = hash_text(hash_text(hash, SS_SLICE("\n")), address);
    return (size_t)((hash ^ hash >> 32) % SS_PUT_OFF_BITS);
}

void
ss_put_off_add(SsPutOff *self, const SsEventMessage *message)
{
    const SsRecipient *recipients = message->rcpt.items;
    bool is_put_off = message->outcome == SS_OUTCOME_DEFERRED;

    for (size_t i = 0; i < message->rcpt.n; i++) {
        const SsReplyText *final = recipients[i].final;
        if (is_put_off || recipients[i].reply.code / 100 == 4 ||
            (final && final->code / 100 == 4)) {
            size_t place = place_of(message->from, recipients[i].address);
            self->bits[place / 64] |= UINT64_C(1) << place % 64;
            self->has_any = true;
        }
    }
}

bool
ss_put_off_may_be_again(const SsPutOff *self, const SsEventMessage *message)
{
    const SsRecipient *recipients = message->rcpt.items;

    for (size_t i = 0; self->has_any && i < message->rcpt.n; i++) {
        size_t place = place_of(message->from, recipients[i].address);
        if (self->bits[place / 64] >> place % 64 & 1) {
            return true;
        }
    }
    return false;
}
