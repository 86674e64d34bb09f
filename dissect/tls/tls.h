/*
 * The TLS joint: takes both directions of a session once TLS has begun. It walks the records and
 * tells when the handshake is over; it has no keys, so it gives nothing on.
 */
#pragma once

#include "base/origin.h"
#include "base/slice.h"

typedef struct SsTls SsTls;

/* What one costs, at most. */
#define SS_TLS_SIZE 48

SsTls *ss_tls_new(const SsOrigin *origin);
void ss_tls_data(SsTls *tls, SsDirection direction, SsSlice bytes, const SsOrigin *origin);
void ss_tls_gap(SsTls *tls, SsDirection direction, uint64_t n);
/* From the first byte to the end of the handshake, SS_TIME_NONE where that was not seen. */
int64_t ss_tls_handshake_ns(const SsTls *tls);
void ss_tls_free(SsTls *tls);

/* Whether a stream that begins with `first` begins with a TLS handshake record (RFC 8446
 * section 5.1). */
static inline bool
ss_tls_is_handshake(uint8_t first)
{
    return first == 0x16;
}
