/*
 * Plays a dialogue: straight into a stream sink, or as the packets of a synthetic capture.
 */
#pragma once

#include "capture/segment.h"
#include "dialogue.h"
#include "dissect/flow.h"

/* Called before anything of a frame happens. */
typedef struct {
    void (*begin)(void *user_data, uint64_t frame);
    void *user_data;
} SsDriveClock;

/* Where a stream is cut beside the ends of its chunks. */
typedef struct {
    bool every_byte;
    guint chunk;   /* index of the one chunk that is cut … */
    size_t offset; /* … into two, here; 0: nothing is cut */
} SsDriveCut;

/*
 * Frames and times are the same whatever the cut. `connection`, zeroed, is filled in; it must live
 * until the events have been delivered, for state of the outputs hangs on it.
 */
void ss_drive_stream(const SsDialogue *dialogue, SsStreamFactory *factory,
                     const SsDriveClock *clock, SsDriveCut cut, SsConnection *connection);

typedef struct {
    uint8_t family;
    uint32_t initial_seq[2];
    size_t mss;
    GRand *dice; /* NULL: in order, once, no byte twice */
} SsDrivePlan;

/* One packet, its payload borrowed from the dialogue's streams. */
typedef struct {
    SsDirection direction;
    uint8_t flags;
    uint64_t offset; /* of its first byte in its direction */
    uint64_t ack;    /* offset in the other direction */
    SsSlice payload;
    int64_t wait_ns; /* before it */
    guint epoch;     /* packets change places within one only */
    bool is_fixed;   /* keeps its place */
} SsDrivePacket;

typedef struct {
    GArray *packets; /* of SsDrivePacket, in the order of capture */
    GByteArray *stream[2];
    SsDrivePlan plan;
    uint16_t port;
} SsDriveCapture;

SsDriveCapture *ss_drive_capture_new(const SsDialogue *dialogue, const SsDrivePlan *plan);
void ss_drive_capture_free(SsDriveCapture *capture);
G_DEFINE_AUTOPTR_CLEANUP_FUNC(SsDriveCapture, ss_drive_capture_free)

/* The packet at `i`; `frame` is i + 1. */
void ss_drive_segment(const SsDriveCapture *capture, guint i, int64_t time_ns,
                      SsSegment *ret_segment);

/* Feeds all packets, and ends as the dialogue does. */
void ss_drive_table(const SsDialogue *dialogue, const SsDriveCapture *capture, SsFlowTable *table,
                    const SsDriveClock *clock);

/* Writes a pcap file, Ethernet and nanoseconds. */
bool ss_drive_write_pcap(const SsDriveCapture *capture, const char *path, GError **error);

/* When the packet at `i` was captured. */
int64_t ss_drive_time(const SsDriveCapture *capture, guint i);
