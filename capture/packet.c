#include "capture/packet.h"

#include "capture/layers.h"

static const char *const BUCKET_NAMES[SS_N_PACKET_BUCKETS] = {
    [SS_PACKET_SEGMENT] = "segment",           [SS_PACKET_NOT_IP] = "not_ip",
    [SS_PACKET_NOT_TCP] = "not_tcp",           [SS_PACKET_FRAGMENT] = "fragment",
    [SS_PACKET_TRUNCATED] = "truncated",       [SS_PACKET_MALFORMED] = "malformed",
    [SS_PACKET_UNKNOWN_LINK] = "unknown_link", [SS_PACKET_UNSUPPORTED_ENCAP] = "unsupported_encap",
};

const char *
ss_packet_bucket_name(SsPacketBucket bucket)
{
    return (unsigned)bucket < SS_N_PACKET_BUCKETS ? BUCKET_NAMES[bucket] : "unknown";
}

SsPacketBucket
ss_packet_decode(const SsFrame *frame, SsSegment *ret_segment)
{
    SsPacket packet = {
        .cursor = ss_cursor(frame->bytes),
        .missing = frame->len > frame->bytes.len ? frame->len - frame->bytes.len : 0,
    };
    SsSegment segment = {.origin = frame->origin};

    SsPacketBucket bucket = ss_link_strip(&packet, frame->link_type);
    if (bucket == SS_PACKET_SEGMENT) {
        bucket = ss_ip_strip(&packet, &segment);
    }
    if (bucket == SS_PACKET_SEGMENT) {
        bucket = ss_tcp_strip(&packet, &segment);
    }
    if (bucket == SS_PACKET_SEGMENT) {
        *ret_segment = segment;
    }
    return bucket;
}
