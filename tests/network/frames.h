/*
 * From the packets of a script to frames: Ethernet, VLAN, IPv4 or IPv6, fragments, TCP with
 * options, checksums that are right unless the script wants them wrong.
 */
#pragma once

#include "tests/network/script.h"

/* One way to run a script. */
typedef struct {
    const char *label;
    uint8_t family;
    uint32_t initial_seq[2];
    bool is_cut; /* every payload byte in a packet of its own */
} SsFrameWay;

typedef struct {
    GByteArray *bytes; /* as captured */
    uint32_t len;      /* on the wire */
    int64_t time_ns;
} SsWireFrame;

/* Of SsWireFrame, in the order of capture. */
GPtrArray *ss_frames_of(const SsScript *script, const SsFrameWay *way);

/* Writes a pcap file, Ethernet and nanoseconds. */
bool ss_frames_write_pcap(const GPtrArray *frames, const char *path, GError **error);
