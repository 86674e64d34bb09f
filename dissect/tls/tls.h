/*
 * The TLS joint: takes both directions of a session once TLS has begun. It walks the records and
 * tells when the handshake is over; it has no keys, so it gives nothing on.
 */
#pragma once

#include "base/origin.h"
#include "base/slice.h"

#define SS_TLS_MESSAGES_SHOWN 6

typedef struct SsTls SsTls;

/* What one costs, at most. */
#define SS_TLS_SIZE 64

/* A record that is complete. Of a handshake in the clear, the messages that begin in it. */
typedef struct {
    uint64_t offset, len; /* in the stream of its direction; with its header */
    uint8_t type;         /* 0: no record, but bytes where one should be */
    uint8_t version[2];
    uint8_t messages[SS_TLS_MESSAGES_SHOWN]; /* handshake types (RFC 8446 appendix B.3) */
    uint8_t n_messages;                      /* 0: encrypted */
} SsTlsRecord;

/* `record` is borrowed until the call returns. */
typedef void (*SsTlsRecordFn)(void *user_data, SsDirection direction, const SsTlsRecord *record,
                              const SsOrigin *origin);

SsTls *ss_tls_new(const SsOrigin *origin);

/* Tells every record from now on, also behind the handshake. */
void ss_tls_watch(SsTls *tls, SsTlsRecordFn on_record, void *user_data);

/* The next bytes of `direction` stand at `offset` of their stream: to be told before each
 * ss_tls_data() where records are watched. */
void ss_tls_set_offset(SsTls *tls, SsDirection direction, uint64_t offset);

void ss_tls_data(SsTls *tls, SsDirection direction, SsSlice bytes, const SsOrigin *origin);
void ss_tls_gap(SsTls *tls, SsDirection direction, uint64_t n);
/* From the first byte to the end of the handshake, SS_TIME_NONE where that was not seen. */
int64_t ss_tls_handshake_ns(const SsTls *tls);

/* An alert that ends a handshake (RFC 8446 section 6.2). */
typedef struct {
    uint64_t frame; /* 0: there was none */
    SsDirection by;
    uint8_t description;
    bool is_sealed; /* encrypted: `description` is not known */
} SsTlsAlertSeen;

SsTlsAlertSeen ss_tls_alert(const SsTls *tls);
/* Its name in RFC 8446 section 6, `alert` where it has none there. */
const char *ss_tls_alert_name(uint8_t description);
/* Whether a side's records can no more be told apart. */
bool ss_tls_is_lost(const SsTls *tls);
void ss_tls_free(SsTls *tls);

/* Whether a stream that begins with `first` begins with a TLS handshake record (RFC 8446
 * section 5.1). */
static inline bool
ss_tls_is_handshake(uint8_t first)
{
    return first == 0x16;
}
