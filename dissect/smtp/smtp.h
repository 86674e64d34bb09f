/*
 * The SMTP dissector: two parsers and a ledger, fed by the stream joint, giving events.
 */
#pragma once

#include <glib.h>

#include "base/limits.h"
#include "dissect/message/content.h"
#include "dissect/stream.h"

/* Caps of the dissector, as the `capture` event names them. */
typedef enum {
    SS_LIMIT_LINE,         /* a line longer than is kept */
    SS_LIMIT_HOLD,         /* more client bytes than are held for a reply */
    SS_LIMIT_LEDGER,       /* more commands without a reply than are kept */
    SS_LIMIT_TRANSACTIONS, /* more messages open at once than are kept */
    SS_N_LIMITS,
} SsSmtpLimit;

const char *ss_smtp_limit_name(int limit);

typedef struct {
    SsLimits limits;
    bool show_secrets;
    SsSlice fingerprint_key; /* borrowed for the factory's life; absent: no fingerprints */
} SsSmtpOptions;

/* `sink` and `plan` are borrowed for the factory's life; so must the sessions be gone before it is
 * freed. */
SsStreamFactory *ss_smtp_factory_new(const SsSmtpOptions *options, SsEventSink *sink,
                                     const SsContentPlan *plan);
/* How often each cap was met, SS_N_LIMITS of them. */
const uint64_t *ss_smtp_factory_limits(const SsStreamFactory *factory);

/* Messages decided so far. */
uint64_t ss_smtp_factory_messages(const SsStreamFactory *factory);
void ss_smtp_factory_free(SsStreamFactory *factory);
