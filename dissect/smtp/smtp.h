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
    bool any_port; /* recognise SMTP before a session counts as one (`--ports all`) */
    /* Server ports with TLS from the first byte. */
    const uint16_t *tls_ports;
    size_t n_tls_ports;
} SsSmtpOptions;

/* `sink` and `plan` are borrowed for the factory's life; so must the sessions be gone before it is
 * freed. */
SsStreamFactory *ss_smtp_factory_new(const SsSmtpOptions *options, SsEventSink *sink,
                                     const SsContentPlan *plan);
void ss_smtp_factory_free(SsStreamFactory *factory);
