/*
 * Records (RFC 8446 section 5.1): type, legacy version, length, then so many bytes. A side is
 * through its handshake when it has sent a record behind its ChangeCipherSpec (TLS 1.2), or
 * application data, as which TLS 1.3 disguises its Finished.
 */
#include "dissect/tls/tls.h"

#include <glib.h>

#define HEADER_LEN 5

enum {
    RECORD_CHANGE_CIPHER_SPEC = 20,
    RECORD_ALERT = 21,
    RECORD_HANDSHAKE = 22,
    RECORD_APPLICATION_DATA = 23,
};

typedef struct {
    uint8_t header[HEADER_LEN];
    uint8_t header_len;
    uint16_t body_left;
    bool is_lost; /* the place of the next record is not known */
    bool has_changed_cipher;
    bool is_through;
} Half;

struct SsTls {
    Half half[2];
    int64_t begin_ns, end_ns;
};

G_STATIC_ASSERT(sizeof(SsTls) <= SS_TLS_SIZE);

SsTls *
ss_tls_new(const SsOrigin *origin)
{
    SsTls *tls = g_new0(SsTls, 1);

    tls->begin_ns = origin->time_ns;
    tls->end_ns = SS_TIME_NONE;
    return tls;
}

static void
see_record(SsTls *tls, Half *half, uint8_t type, const SsOrigin *origin)
{
    if (type == RECORD_CHANGE_CIPHER_SPEC) {
        half->has_changed_cipher = true;
    } else if (type == RECORD_APPLICATION_DATA ||
               (type == RECORD_HANDSHAKE && half->has_changed_cipher)) {
        half->is_through = true;
    } else if (type != RECORD_HANDSHAKE && type != RECORD_ALERT) {
        half->is_lost = true; /* not TLS */
    }
    if (tls->half[SS_CLIENT].is_through && tls->half[SS_SERVER].is_through &&
        tls->end_ns == SS_TIME_NONE) {
        tls->end_ns = origin->time_ns;
    }
}

void
ss_tls_data(SsTls *tls, SsDirection direction, SsSlice bytes, const SsOrigin *origin)
{
    Half *half = &tls->half[direction];

    while (bytes.len && !half->is_lost && tls->end_ns == SS_TIME_NONE) {
        size_t n = MIN(half->body_left, bytes.len);
        half->body_left = (uint16_t)(half->body_left - n);
        bytes = ss_slice_from(bytes, n);
        while (bytes.len && half->body_left == 0 && half->header_len < HEADER_LEN) {
            half->header[half->header_len++] = bytes.data[0];
            bytes = ss_slice_from(bytes, 1);
        }
        if (half->header_len == HEADER_LEN) {
            half->header_len = 0;
            half->body_left = (uint16_t)(half->header[3] << 8 | half->header[4]);
            see_record(tls, half, half->header[0], origin);
        }
    }
}

void
ss_tls_gap(SsTls *tls, SsDirection direction, uint64_t n)
{
    Half *half = &tls->half[direction];

    if (n <= half->body_left) {
        half->body_left = (uint16_t)(half->body_left - n);
    } else {
        half->is_lost = true;
    }
}

int64_t
ss_tls_handshake_ns(const SsTls *tls)
{
    return tls->end_ns == SS_TIME_NONE ? SS_TIME_NONE : tls->end_ns - tls->begin_ns;
}

void
ss_tls_free(SsTls *tls)
{
    g_free(tls);
}
