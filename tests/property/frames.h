/*
 * From a conversation's packets to the frames of a capture.
 */
#pragma once

#include "draw.h"
#include "file.h"
#include "tests/dialogue/drive.h"

#define FRAMES_START_NS (INT64_C(1700000000) * SS_NS_PER_S)
#define FRAMES_STEP_NS (SS_NS_PER_S / 10000) /* from packet to packet */
#define FRAMES_CLIENT_PORT 40000             /* of the first client, as tests/dialogue has it */

typedef struct {
    const Features *features;
    GRand *dice;
    FileFormat format;
    bool mixes_stacks; /* another wrapping for each packet */
    EncapStack stack;
} FramesPlan;

/* Of FileFrame, which it owns. */
GArray *frames_new(void);
void frames_add(GArray *frames, GBytes *bytes, uint32_t link_type, int64_t time_ns);

/* Another client has another port. */
void frames_name_client(SsSegment *segment, guint client);

/*
 * Appends the frames of a conversation; their times say in which order they were captured. Returns
 * how many segments they are, those captured a second time not counted.
 */
guint frames_make(const FramesPlan *plan, const SsDriveCapture *capture, int64_t start_ns,
                  guint client, GArray *frames);
