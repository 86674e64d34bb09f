#include "capture/packet.h"

#include "capture/layers.h"

static const char *const BUCKET_NAMES[SS_N_PACKET_BUCKETS] = {
    [SS_PACKET_SEGMENT] = "segment",
    [SS_PACKET_NOT_IP] = "not_ip",
    [SS_PACKET_NOT_TCP] = "not_tcp",
    [SS_PACKET_FRAGMENT] = "fragment",
    [SS_PACKET_BAD_FRAGMENT] = "bad_fragment",
    [SS_PACKET_TRUNCATED] = "truncated",
    [SS_PACKET_MALFORMED] = "malformed",
    [SS_PACKET_BAD_IP_HEADER] = "bad_ip_header",
    [SS_PACKET_BAD_TCP_HEADER] = "bad_tcp_header",
    [SS_PACKET_HEADER_LIMIT] = "header_limit",
    [SS_PACKET_ENCAP_LIMIT] = "encap_limit",
    [SS_PACKET_UNKNOWN_LINK] = "unknown_link",
    [SS_PACKET_UNSUPPORTED_ENCAP] = "unsupported_encap",
};

struct SsPacketDecoder {
    uint64_t *memory;
    uint64_t met[SS_N_MET];
};

const char *
ss_met_name(SsMet met)
{
    static const char *const names[SS_N_MET] = {
        [SS_MET_SNAP_LENGTH] = "snap_length",
        [SS_MET_NO_LENGTH] = "no_length",
        [SS_MET_FRAGMENTED] = "fragmented",
        [SS_MET_FRAGMENT_OVERLAP] = "fragment_overlap",
        [SS_MET_FRAGMENT_TINY] = "fragment_tiny",
        [SS_MET_FRAGMENT_OVERSIZE] = "fragment_oversize",
        [SS_MET_FRAGMENT_TIMEOUT] = "fragment_timeout",
        [SS_MET_FRAGMENT_EVICTED] = "fragment_evicted",
        [SS_MET_FRAGMENT_OPEN] = "fragment_open",
        [SS_MET_ODD_OPTION] = "odd_option",
        [SS_MET_TIME_JUMP] = "time_jump",
    };

    return names[met];
}

SsPacketDecoder *
ss_packet_decoder_new(uint64_t *memory)
{
    SsPacketDecoder *decoder = g_new0(SsPacketDecoder, 1);

    decoder->memory = memory;
    return decoder;
}

void
ss_packet_decoder_finish(SsPacketDecoder *decoder)
{
    (void)decoder;
}

const uint64_t *
ss_packet_decoder_met(const SsPacketDecoder *decoder)
{
    return decoder->met;
}

void
ss_packet_decoder_free(SsPacketDecoder *decoder)
{
    g_free(decoder);
}

SsChecksum
ss_segment_checksum(const SsSegment *segment)
{
    (void)segment;
    return SS_CHECKSUM_UNKNOWN;
}

const char *
ss_packet_bucket_name(SsPacketBucket bucket)
{
    return (unsigned)bucket < SS_N_PACKET_BUCKETS ? BUCKET_NAMES[bucket] : "unknown";
}

SsPacketBucket
ss_packet_decode(SsPacketDecoder *decoder, const SsFrame *frame, SsSegment *ret_segment)
{
    (void)decoder;
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
