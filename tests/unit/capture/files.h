/* Capture files made by tests, and what reading them gives. */
#pragma once

#include "capture/source.h"
#include "tests/unit/capture/bytes.h"

typedef struct {
    SsSourceStatus end; /* what came after the last packet */
    uint64_t n_packets;
    GArray *frames; /* of SsFrame, their bytes copied to `bytes` */
    GByteArray *bytes;
    GString *secrets;
    char *message; /* of the error */
    int code;      /* of the error; -1 is none */
    bool is_open;
} FileContents;

/* A new file of these bytes; unlink and free its name. */
char *file_make(const GByteArray *bytes);

/* Reads all of it. */
FileContents *file_read(const char *path);
FileContents *file_read_bytes(const GByteArray *bytes);
void file_contents_free(FileContents *contents);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(FileContents, file_contents_free)

/* The bytes of the i-th packet. */
SsSlice file_packet(const FileContents *contents, guint i);

typedef enum {
    PACKING_NONE,
    PACKING_GZIP,
    PACKING_ZSTD,
    PACKING_XZ,
    N_PACKINGS,
} Packing;

GByteArray *file_pack(const GByteArray *bytes, Packing packing);

/* Classic pcap. The i-th packet has i × 7 bytes of value i, at i s and i fractions. */
void put_pcap_header(GByteArray *to, uint32_t magic, bool is_little);
void put_pcap_record(GByteArray *to, unsigned i, bool is_little);
