/*
 * Every packet as an event, for outputs that show packets.
 */
#pragma once

#include "capture/packet.h"
#include "dissect/flow.h"
#include "dissect/message/content.h"

typedef struct {
    SsEventSink *sink;
    const SsContentPlan *plan; /* whether layers are needed */
} SsInspect;

/*
 * Emits the event of `frame`, which ended in `bucket`; of a segment, `verdict` is what the flow
 * table says of it. To be called when nothing of the frame is still to be read, where the sink
 * wants SS_EVENT_PACKET.
 */
void ss_inspect_frame(const SsInspect *self, const SsFrame *frame, SsPacketBucket bucket,
                      const SsSegment *segment, const SsFlowVerdict *verdict);
