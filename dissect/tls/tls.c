/*
 * Records (RFC 8446 section 5.1): type, legacy version, length, then so many bytes. A side is
 * through its handshake when it has sent a record behind its ChangeCipherSpec (TLS 1.2), or
 * application data, as which TLS 1.3 disguises its Finished.
 */
#include "dissect/tls/tls.h"

#include <glib.h>

#define HEADER_LEN 5
#define ALERT_LEN 2
#define ALERT_FATAL 2
#define SEALED_ALERT_LEN 19

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
    bool is_through : 1;
    bool has_begun : 1;  /* a handshake record in the clear */
    uint8_t alert_level; /* of an alert of which the rest is to come */
} Half;

/* Of those who show records. */
typedef struct {
    SsTlsRecordFn on_record;
    void *user_data;
    struct Place {
        uint64_t offset;    /* of the next byte */
        SsTlsRecord record; /* the one that has begun; no length: none */
        uint8_t message_header[4];
        size_t message_header_len;
        size_t message_left; /* of a handshake message, which may go on in the next record */
    } place[2];
} Watch;

struct SsTls {
    Half half[2];
    int64_t begin_ns, end_ns;
    Watch *watch;         /* NULL: nobody watches */
    uint64_t alert_frame; /* of the first fatal one; 0: there was none */
    uint8_t alert;        /* its description (RFC 8446 section 6) */
    uint8_t alert_by;     /* SsDirection */
    bool is_alert_sealed;
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

/* The first fatal one counts. */
static void
see_alert(SsTls *tls, const Half *half, uint8_t level, uint8_t description, const SsOrigin *origin)
{
    if (level == ALERT_FATAL && !tls->alert_frame) {
        tls->alert_frame = origin->frame;
        tls->alert = description;
        tls->alert_by = half == &tls->half[SS_SERVER] ? SS_SERVER : SS_CLIENT;
    }
}

/*
 * TLS 1.3 disguises an alert as application data: two bytes, the type and a tag of 16. The first
 * record of a side that is disguised should hold its Finished, which is longer.
 */
static bool
is_sealed_alert(const Half *half, uint8_t type)
{
    return type == RECORD_APPLICATION_DATA && half->has_begun && !half->is_through &&
           half->body_left == SEALED_ALERT_LEN;
}

/* A piece of an alert in the clear, which is two bytes long. */
static void
see_alert_bytes(SsTls *tls, Half *half, SsSlice piece, const SsOrigin *origin)
{
    if (half->header[0] != RECORD_ALERT || half->header[3] || half->header[4] != ALERT_LEN) {
        return;
    }
    for (size_t i = 0; i < piece.len; i++) {
        if (half->body_left + (piece.len - i) == ALERT_LEN) {
            half->alert_level = piece.data[i];
        } else {
            see_alert(tls, half, half->alert_level, piece.data[i], origin);
        }
    }
}

static void
see_record(SsTls *tls, Half *half, uint8_t type, const SsOrigin *origin)
{
    if (type == RECORD_CHANGE_CIPHER_SPEC) {
        half->has_changed_cipher = true;
    } else if (is_sealed_alert(half, type)) {
        see_alert(tls, half, ALERT_FATAL, 0, origin);
        tls->is_alert_sealed = true;
    } else if (type == RECORD_APPLICATION_DATA ||
               (type == RECORD_HANDSHAKE && half->has_changed_cipher)) {
        half->is_through = true;
    } else if (type != RECORD_HANDSHAKE && type != RECORD_ALERT) {
        half->is_lost = true; /* not TLS */
    }
    half->has_begun |= type == RECORD_HANDSHAKE;
    if (tls->half[SS_CLIENT].is_through && tls->half[SS_SERVER].is_through &&
        tls->end_ns == SS_TIME_NONE) {
        tls->end_ns = origin->time_ns;
    }
}

/* --- for those who show records --- */

void
ss_tls_watch(SsTls *tls, SsTlsRecordFn on_record, void *user_data)
{
    g_free(tls->watch);
    tls->watch = g_new0(Watch, 1);
    tls->watch->on_record = on_record;
    tls->watch->user_data = user_data;
}

void
ss_tls_set_offset(SsTls *tls, SsDirection direction, uint64_t offset)
{
    if (tls->watch) {
        tls->watch->place[direction].offset = offset;
    }
}

static void
begin_record(SsTls *tls, SsDirection direction)
{
    const Half *half = &tls->half[direction];
    struct Place *place;

    if (tls->watch) {
        place = &tls->watch->place[direction];
        place->record = (SsTlsRecord){
            .offset = place->offset - HEADER_LEN,
            .len = HEADER_LEN + (uint64_t)half->body_left,
            .type = half->header[0],
            .version = {half->header[1], half->header[2]},
        };
    }
}

/* The messages that begin in a piece of a record in the clear. */
static void
see_messages(struct Place *place, SsSlice bytes)
{
    while (bytes.len) {
        size_t n = MIN(place->message_left, bytes.len);
        place->message_left -= n;
        bytes = ss_slice_from(bytes, n);
        if (!bytes.len) {
            return;
        }
        if (place->message_header_len == 0 && place->record.n_messages < SS_TLS_MESSAGES_SHOWN) {
            place->record.messages[place->record.n_messages++] = bytes.data[0];
        }
        place->message_header[place->message_header_len++] = bytes.data[0];
        bytes = ss_slice_from(bytes, 1);
        if (place->message_header_len == sizeof place->message_header) {
            place->message_header_len = 0;
            place->message_left = (size_t)place->message_header[1] << 16 |
                                  (size_t)place->message_header[2] << 8 | place->message_header[3];
        }
    }
}

/* A piece of the record that has begun has been read; tells it when that was its last. */
static void
watch_body(SsTls *tls, SsDirection direction, SsSlice piece, const SsOrigin *origin)
{
    const Half *half = &tls->half[direction];
    struct Place *place;

    if (!tls->watch) {
        return;
    }
    place = &tls->watch->place[direction];
    place->offset += piece.len;
    if (place->record.type == RECORD_HANDSHAKE && !half->has_changed_cipher) {
        see_messages(place, piece);
    }
    if (half->body_left == 0 && place->record.len && !half->is_lost) {
        tls->watch->on_record(tls->watch->user_data, direction, &place->record, origin);
        place->record.len = 0;
    }
}

/* These bytes cannot be read: the header before them, or a hole, said nothing of where they end. */
static void
watch_rest(SsTls *tls, SsDirection direction, size_t len, const SsOrigin *origin)
{
    struct Place *place;
    SsTlsRecord none = {0};

    if (!len || !tls->half[direction].is_lost || !tls->watch) {
        return;
    }
    place = &tls->watch->place[direction];
    none.offset = place->record.len ? place->record.offset : place->offset;
    place->offset += len;
    place->record.len = 0;
    none.len = place->offset - none.offset;
    tls->watch->on_record(tls->watch->user_data, direction, &none, origin);
}

void
ss_tls_data(SsTls *tls, SsDirection direction, SsSlice bytes, const SsOrigin *origin)
{
    Half *half = &tls->half[direction];

    while (bytes.len && !half->is_lost && (tls->end_ns == SS_TIME_NONE || tls->watch)) {
        size_t n = MIN(half->body_left, bytes.len);
        half->body_left = (uint16_t)(half->body_left - n);
        if (n) {
            see_alert_bytes(tls, half, ss_slice_sub(bytes, 0, n), origin);
            watch_body(tls, direction, ss_slice_sub(bytes, 0, n), origin);
        }
        bytes = ss_slice_from(bytes, n);
        while (bytes.len && half->body_left == 0 && half->header_len < HEADER_LEN) {
            half->header[half->header_len++] = bytes.data[0];
            if (tls->watch) {
                tls->watch->place[direction].offset++;
            }
            bytes = ss_slice_from(bytes, 1);
        }
        if (half->header_len == HEADER_LEN) {
            half->header_len = 0;
            half->body_left = (uint16_t)(half->header[3] << 8 | half->header[4]);
            begin_record(tls, direction);
            see_record(tls, half, half->header[0], origin);
            if (half->body_left == 0) {
                watch_body(tls, direction, ss_slice("", 0), origin);
            }
        }
    }
    watch_rest(tls, direction, bytes.len, origin);
}

void
ss_tls_gap(SsTls *tls, SsDirection direction, uint64_t n)
{
    Half *half = &tls->half[direction];

    if (tls->watch) { /* not whole, and so not told */
        tls->watch->place[direction].record.len = 0;
        tls->watch->place[direction].message_left = 0;
        tls->watch->place[direction].message_header_len = 0;
    }
    if (n <= half->body_left) {
        half->body_left = (uint16_t)(half->body_left - n);
    } else {
        half->is_lost = true;
    }
}

SsTlsAlertSeen
ss_tls_alert(const SsTls *tls)
{
    SsTlsAlertSeen seen = {
        .frame = tls->alert_frame,
        .by = tls->alert_by,
        .description = tls->alert,
        .is_sealed = tls->is_alert_sealed,
    };

    return seen;
}

const char *
ss_tls_alert_name(uint8_t description)
{
    static const char *const names[] = {
        [0] = "close_notify",
        [10] = "unexpected_message",
        [20] = "bad_record_mac",
        [21] = "decryption_failed",
        [22] = "record_overflow",
        [30] = "decompression_failure",
        [40] = "handshake_failure",
        [41] = "no_certificate",
        [42] = "bad_certificate",
        [43] = "unsupported_certificate",
        [44] = "certificate_revoked",
        [45] = "certificate_expired",
        [46] = "certificate_unknown",
        [47] = "illegal_parameter",
        [48] = "unknown_ca",
        [49] = "access_denied",
        [50] = "decode_error",
        [51] = "decrypt_error",
        [60] = "export_restriction",
        [70] = "protocol_version",
        [71] = "insufficient_security",
        [80] = "internal_error",
        [86] = "inappropriate_fallback",
        [90] = "user_canceled",
        [100] = "no_renegotiation",
        [109] = "missing_extension",
        [110] = "unsupported_extension",
        [111] = "certificate_unobtainable",
        [112] = "unrecognized_name",
        [113] = "bad_certificate_status_response",
        [114] = "bad_certificate_hash_value",
        [115] = "unknown_psk_identity",
        [116] = "certificate_required",
        [120] = "no_application_protocol",
    };

    return description < G_N_ELEMENTS(names) && names[description] ? names[description] : "alert";
}

bool
ss_tls_is_lost(const SsTls *tls)
{
    return tls->half[SS_CLIENT].is_lost || tls->half[SS_SERVER].is_lost;
}

int64_t
ss_tls_handshake_ns(const SsTls *tls)
{
    return tls->end_ns == SS_TIME_NONE ? SS_TIME_NONE : tls->end_ns - tls->begin_ns;
}

void
ss_tls_free(SsTls *tls)
{
    if (tls) {
        g_free(tls->watch);
    }
    g_free(tls);
}
