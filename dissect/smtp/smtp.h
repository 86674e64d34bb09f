/*
 * The SMTP dissector: two parsers and a ledger, fed by the stream joint, giving events.
 */
#pragma once

#include <glib.h>

#include "base/limits.h"
#include "dissect/message/content.h"
#include "dissect/stream.h"

typedef struct {
    SsLimits limits;
    bool show_secrets;
} SsSmtpOptions;

/* `sink` and `plan` are borrowed for the factory's life; so must the sessions be gone before it is
 * freed. */
SsStreamFactory *ss_smtp_factory_new(const SsSmtpOptions *options, SsEventSink *sink,
                                     const SsContentPlan *plan);
/* Messages decided so far. */
uint64_t ss_smtp_factory_messages(const SsStreamFactory *factory);
void ss_smtp_factory_free(SsStreamFactory *factory);
