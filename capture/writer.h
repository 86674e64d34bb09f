/*
 * Writes captures: classic pcap (draft-ietf-opsawg-pcap) and pcapng (draft-ietf-opsawg-pcapng).
 * Numbers are little-endian whatever the machine, so that the same packets give the same bytes.
 */
#pragma once

#include <glib.h>

#include "capture/source.h"

/* Takes all of `bytes`, borrowed until it returns; false where it could not. */
typedef bool (*SsCaptureWriteFn)(void *user_data, const void *bytes, size_t len);

/* What packets have in common; of pcapng an interface. */
typedef struct {
    uint32_t link_type;  /* LINKTYPE_*; of pcapng at most 65535 */
    uint8_t time_digits; /* 6 or 9 */
} SsCaptureKind;

typedef struct {
    bool is_pcapng;
    const char *application;    /* who writes it; pcapng only */
    const SsCaptureKind *kinds; /* of pcap all of one link type; copied */
    size_t n_kinds;             /* none is Ethernet, µs */
    uint32_t snap_length;       /* bytes; no packet is longer */
    SsCaptureWriteFn write;
    void *user_data;
} SsCaptureWriterOptions;

/* The last second, since 1970, that pcap can tell. */
#define SS_PCAP_SECONDS_MAX UINT32_MAX

typedef struct SsCaptureWriter SsCaptureWriter;

SsCaptureWriter *ss_capture_writer_new(const SsCaptureWriterOptions *options);

/* The file's header; before all else. This and all that follow are false where `write` is. */
bool ss_capture_writer_begin(SsCaptureWriter *writer);

/* TLS secrets, SSLKEYLOGFILE text, before the packets that need them. pcap has no place for them:
 * nothing is written there. */
bool ss_capture_writer_secrets(SsCaptureWriter *writer, SsSlice key_log);

/*
 * A packet of the kind of that number, with its time to the kind's digits, its captured bytes and
 * its length on the wire. `comment` is UTF-8 of at most 65,535 bytes, or absent; pcap has none.
 */
bool ss_capture_writer_packet(SsCaptureWriter *writer, size_t kind, const SsFrame *frame,
                              SsSlice comment);

void ss_capture_writer_free(SsCaptureWriter *writer);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsCaptureWriter, ss_capture_writer_free)
