/*
 * Inside of capture/: what the readers of the file formats share. A format's functions are called
 * again after SS_SOURCE_IDLE, and take up where they were.
 */
#pragma once

#include "capture/reader.h"
#include "capture/source.h"

typedef struct SsFileSource SsFileSource;

/* One of a pcapng section's interfaces. */
typedef struct {
    int64_t offset_s; /* if_tsoffset */
    uint16_t link_type;
    uint8_t resolution;   /* if_tsresol as it stands in the file */
    uint32_t snap_length; /* 0 is none */
} SsInterface;

typedef struct {
    bool is_little;
    bool has_nanoseconds;
    uint16_t minor;
    uint32_t magic;
    uint32_t version;
    uint32_t link_type;
    uint32_t snap_length;
    size_t header_len;
    size_t max_len;
} SsPcap;

typedef struct {
    bool is_little;
    GArray *interfaces; /* of SsInterface, those of the section */
    int64_t time_ns;    /* of the last packet that had one */
} SsPcapng;

typedef struct {
    /* Reads the file's header: SS_SOURCE_FRAME when that is done, else as `next`. */
    SsSourceStatus (*begin)(SsFileSource *self, GError **error);
    SsSourceStatus (*next)(SsFileSource *self, SsFrame *ret_frame, GError **error);
} SsFileFormat;

struct SsFileSource {
    SsSource base;
    SsReader reader;
    const SsFileFormat *format; /* NULL: not known yet */
    bool has_begun;
    bool has_ended;
    uint64_t n_packets;     /* delivered */
    bool is_beside_packets; /* the record being read is none */
    SsSecretsFn on_secrets;
    void *user_data;
    SsPcap pcap;
    SsPcapng pcapng;
};

/* Of a file that begins with `magic`, 4 bytes; else NULL. */
const SsFileFormat *ss_pcap_format(SsSlice magic);
const SsFileFormat *ss_pcapng_format(SsSlice magic);

/*
 * The bytes do not go on as a whole record: makes of the reader's `status` the source's. Where
 * they end within the record, that is damage.
 */
SsSourceStatus ss_file_source_end(SsFileSource *self, SsReadStatus status, GError **error);

/* The record that begins here is corrupt; `how` is a clause. */
SsSourceStatus ss_file_source_corrupt(SsFileSource *self, const char *how, GError **error);
