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
    size_t header_len;
    size_t body_left;
    bool is_lost; /* the place of the next record is not known */
    bool has_changed_cipher;
    bool is_through;
    /* Only where records are watched: */
    uint64_t offset;    /* of the next byte */
    SsTlsRecord record; /* the one that has begun */
    uint8_t message_header[4];
    size_t message_header_len;
    size_t message_left; /* of a handshake message, which may go on in the next record */
} Half;

struct SsTls {
    Half half[2];
    SsTlsRecordFn on_record; /* NULL: nobody watches */
    void *user_data;
    int64_t begin_ns, end_ns;
};

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

/* --- for those who show records --- */

void
ss_tls_watch(SsTls *tls, SsTlsRecordFn on_record, void *user_data)
{
    tls->on_record = on_record;
    tls->user_data = user_data;
}

void
ss_tls_set_offset(SsTls *tls, SsDirection direction, uint64_t offset)
{
    tls->half[direction].offset = offset;
}

static void
begin_record(Half *half)
{
    half->record = (SsTlsRecord){
        .offset = half->offset - HEADER_LEN,
        .len = HEADER_LEN + half->body_left,
        .type = half->header[0],
        .version = {half->header[1], half->header[2]},
    };
}

/* The messages that begin in a piece of a record in the clear. */
static void
see_messages(Half *half, SsSlice bytes)
{
    while (bytes.len) {
        size_t n = MIN(half->message_left, bytes.len);
        half->message_left -= n;
        bytes = ss_slice_from(bytes, n);
        if (!bytes.len) {
            return;
        }
        if (half->message_header_len == 0 && half->record.n_messages < SS_TLS_MESSAGES_SHOWN) {
            half->record.messages[half->record.n_messages++] = bytes.data[0];
        }
        half->message_header[half->message_header_len++] = bytes.data[0];
        bytes = ss_slice_from(bytes, 1);
        if (half->message_header_len == sizeof half->message_header) {
            half->message_header_len = 0;
            half->message_left = (size_t)half->message_header[1] << 16 |
                                 (size_t)half->message_header[2] << 8 | half->message_header[3];
        }
    }
}

/* A piece of the record that has begun; tells it when that was its last. */
static void
watch(SsTls *tls, SsDirection direction, SsSlice piece, const SsOrigin *origin)
{
    Half *half = &tls->half[direction];

    if (half->record.type == RECORD_HANDSHAKE && !half->has_changed_cipher) {
        see_messages(half, piece);
    }
    if (half->body_left == 0 && half->record.len && !half->is_lost) {
        tls->on_record(tls->user_data, direction, &half->record, origin);
        half->record.len = 0;
    }
}

/* These bytes cannot be read: the header before them, or a hole, said nothing of where they end. */
static void
watch_rest(SsTls *tls, SsDirection direction, size_t len, const SsOrigin *origin)
{
    Half *half = &tls->half[direction];
    SsTlsRecord none = {.offset = half->record.len ? half->record.offset : half->offset};

    half->offset += len;
    half->record.len = 0;
    none.len = half->offset - none.offset;
    tls->on_record(tls->user_data, direction, &none, origin);
}

void
ss_tls_data(SsTls *tls, SsDirection direction, SsSlice bytes, const SsOrigin *origin)
{
    Half *half = &tls->half[direction];

    while (bytes.len && !half->is_lost && (tls->end_ns == SS_TIME_NONE || tls->on_record)) {
        size_t n = MIN(half->body_left, bytes.len);
        half->body_left -= n;
        half->offset += n;
        if (n && tls->on_record) {
            watch(tls, direction, ss_slice_sub(bytes, 0, n), origin);
        }
        bytes = ss_slice_from(bytes, n);
        while (bytes.len && half->body_left == 0 && half->header_len < HEADER_LEN) {
            half->header[half->header_len++] = bytes.data[0];
            half->offset++;
            bytes = ss_slice_from(bytes, 1);
        }
        if (half->header_len == HEADER_LEN) {
            half->header_len = 0;
            half->body_left = (size_t)half->header[3] << 8 | half->header[4];
            if (tls->on_record) {
                begin_record(half);
            }
            see_record(tls, half, half->header[0], origin);
            if (tls->on_record && half->body_left == 0) {
                watch(tls, direction, ss_slice("", 0), origin);
            }
        }
    }
    if (bytes.len && half->is_lost && tls->on_record) {
        watch_rest(tls, direction, bytes.len, origin);
    }
}

void
ss_tls_gap(SsTls *tls, SsDirection direction, uint64_t n)
{
    Half *half = &tls->half[direction];

    half->offset += n;
    half->record.len = 0; /* not whole, and so not told */
    half->message_left = half->message_header_len = 0;
    if (n <= half->body_left) {
        half->body_left -= (size_t)n;
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
