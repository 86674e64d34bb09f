/* The loop over the layers, and what is kept and counted from packet to packet. */
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
    SsDefrag *defrag;
    SsDatagram datagram; /* of the packet read last */
    bool has_fragments;  /* `defrag` keeps something */
    int64_t time_ns;     /* of the packet before; SS_TIME_NONE where none had one yet */
    uint64_t met[SS_N_MET];
};

static SsPacketBucket (*const STRIP[SS_N_LAYERS])(SsPacket *packet) = {
    [SS_LAYER_ETHERNET] = ss_ether_strip, [SS_LAYER_TYPE] = ss_ether_strip_type,
    [SS_LAYER_PPP] = ss_ppp_strip,        [SS_LAYER_MPLS] = ss_mpls_strip,
    [SS_LAYER_IP] = ss_ip_strip,          [SS_LAYER_PROTOCOL] = ss_ip_strip_protocol,
    [SS_LAYER_GRE] = ss_gre_strip,        [SS_LAYER_UDP] = ss_udp_strip,
    [SS_LAYER_TCP] = ss_tcp_strip,
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

const char *
ss_packet_bucket_name(SsPacketBucket bucket)
{
    return (unsigned)bucket < SS_N_PACKET_BUCKETS ? BUCKET_NAMES[bucket] : "unknown";
}

SsPacketDecoder *
ss_packet_decoder_new(uint64_t *memory)
{
    SsPacketDecoder *decoder = g_new0(SsPacketDecoder, 1);

    decoder->defrag = ss_defrag_new(memory, decoder->met);
    decoder->time_ns = SS_TIME_NONE;
    return decoder;
}

void
ss_packet_decoder_finish(SsPacketDecoder *decoder)
{
    ss_defrag_finish(decoder->defrag);
}

const uint64_t *
ss_packet_decoder_met(const SsPacketDecoder *decoder)
{
    return decoder->met;
}

void
ss_packet_decoder_free(SsPacketDecoder *decoder)
{
    if (decoder) {
        ss_defrag_free(decoder->defrag);
        g_free(decoder);
    }
}

/* The packets' clock; it stands still where one has no time. */
static void
see_time(SsPacketDecoder *decoder, int64_t time_ns)
{
    if (time_ns == SS_TIME_NONE) {
        return;
    }
    if (decoder->time_ns != SS_TIME_NONE && decoder->time_ns - time_ns > SS_TIME_JUMP_NS) {
        decoder->met[SS_MET_TIME_JUMP]++;
    }
    decoder->time_ns = time_ns;
}

/* What fragments have to do with a segment that lies in the datagram they were put together to. */
static void
finish_datagram(SsPacketDecoder *decoder, SsSegment *segment)
{
    const SsDatagram *datagram = &decoder->datagram;
    size_t at = (size_t)(segment->payload.data - datagram->bytes.data);

    if (datagram->first_len < at) {
        segment->oddities |= SS_FRAME_TINY_FRAGMENT;
        decoder->met[SS_MET_FRAGMENT_TINY]++;
    }
    if (datagram->alternate) {
        SsSlice alternate = ss_slice(datagram->alternate + at, segment->payload.len);
        if (!ss_slice_eq(alternate, segment->payload)) {
            segment->alternate = alternate;
        }
    }
}

static void
count_segment(SsPacketDecoder *decoder, const SsSegment *segment)
{
    decoder->met[SS_MET_SNAP_LENGTH] += segment->cut != 0;
    decoder->met[SS_MET_NO_LENGTH] += (segment->oddities & SS_FRAME_NO_LENGTH) != 0;
    decoder->met[SS_MET_ODD_OPTION] += (segment->options & SS_TCP_HAS_ODD_OPTION) != 0;
}

/* In steps that compilers make plain stores of: a string instruction, which they make of more,
 * takes as long as all the rest that is done for a packet. */
static inline void
clear(void *memory, size_t len)
{
    enum {
        STEP = 32
    };
    uint8_t *at = memory;
    for (; len >= STEP; len -= STEP) {
        memset(at, 0, STEP);
        at += STEP;
    }
    memset(at, 0, len);
}

/* Every layer takes at least a byte off, or is counted by what bounds it: so the loop ends. */
SsPacketBucket
ss_packet_decode(SsPacketDecoder *decoder, const SsFrame *frame, SsSegment *ret_segment)
{
    SsPacket packet = {
        .cursor = ss_cursor(frame->bytes),
        .missing = frame->len > frame->bytes.len ? frame->len - frame->bytes.len : 0,
        .defrag = decoder->defrag,
        .datagram = &decoder->datagram,
        .segment = ret_segment,
    };
    clear(ret_segment, sizeof *ret_segment);
    ret_segment->origin = frame->origin;
    see_time(decoder, frame->origin.time_ns);
    packet.now_ns = decoder->time_ns != SS_TIME_NONE ? decoder->time_ns : 0;
    if (decoder->has_fragments) {
        decoder->has_fragments = ss_defrag_begin(decoder->defrag, packet.now_ns);
    }

    SsPacketBucket bucket = ss_link_strip(&packet, frame->link_type);
    for (bool is_last = false; bucket == SS_PACKET_SEGMENT && !is_last;) {
        is_last = packet.next == SS_LAYER_TCP;
        bucket = STRIP[packet.next](&packet);
    }
    decoder->has_fragments |= packet.has_fragments;
    if (bucket == SS_PACKET_SEGMENT) {
        if (packet.has_datagram) {
            finish_datagram(decoder, ret_segment);
        }
        count_segment(decoder, ret_segment);
    }
    return bucket;
}
