/*
 * Captures made by hand: frames in every file format.
 */
#pragma once

#include <glib.h>
#include <stdbool.h>
#include <stdint.h>

typedef enum {
    FILE_NONE, /* no file: the frames as they are */
    FILE_PCAP_US_BIG,
    FILE_PCAP_US_LITTLE,
    FILE_PCAP_NS_BIG,
    FILE_PCAP_NS_LITTLE,
    FILE_PCAPNG_BIG,
    FILE_PCAPNG_LITTLE,
    N_FILES,
} FileFormat;

extern const char *const file_names[N_FILES];

/* Whether frames of several link types can be in it. */
bool file_takes_any_link(FileFormat format);

typedef struct {
    GBytes *bytes;
    uint32_t link_type;
    int64_t time_ns;
} FileFrame;

/* `frames` is of FileFrame. */
GByteArray *file_write(FileFormat format, const GArray *frames);
