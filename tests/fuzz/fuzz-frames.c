/*
 * Frames through all that is below the outputs: link, tunnels, fragments, TCP, reassembly, SMTP;
 * and through the packet inspector. fuzz-frames-input.c says how an input becomes frames,
 * fuzz-frames-check.c what must hold of a stream.
 */
#include <string.h>

#include "capture/describe.h"
#include "capture/packet.h"
#include "dissect/flow.h"
#include "dissect/smtp/smtp.h"
#include "fuzz-frames.h"
#include "fuzz.h"

/* Longer than anything is remembered. */
#define LONG_AFTER (3 * 3600 * SS_NS_PER_S)

typedef struct {
    SsFlowTable *table;
    SsPacketDecoder *decoder;
    uint64_t frame;
    int64_t now_ns;
    uint64_t decoded[SS_N_PACKET_BUCKETS], bytes;
} Rig;

/* --- the packet inspector --- */

static void
check_span(const SsFrame *frame, uint64_t offset, uint64_t len, const char *what)
{
    if (offset > frame->len || len > frame->len - offset) {
        ss_fuzz_fail("%s reaches beyond the packet", what);
    }
}

static void
describe(const SsFrame *frame)
{
    SsArena arena = {0};
    SsDescription whole, brief;
    const SsLayer *layers;

    ss_describe(frame, &arena, &whole);
    ss_describe(frame, NULL, &brief);
    if (!ss_slice_eq(whole.protocol, brief.protocol) || whole.family != brief.family ||
        whole.has_ports != brief.has_ports) {
        ss_fuzz_fail("described in two ways");
    }
    layers = whole.layers.items;
    for (size_t i = 0; i < whole.layers.n; i++) {
        const SsLayerField *fields = layers[i].fields.items;
        check_span(frame, layers[i].offset, layers[i].len, "a layer");
        for (size_t k = 0; k < layers[i].fields.n; k++) {
            check_span(frame, fields[k].offset, fields[k].len, "a field");
            if (ss_slice_is_null(fields[k].name)) {
                ss_fuzz_fail("a field without a name");
            }
        }
    }
    if (whole.payload_at > frame->bytes.len ||
        whole.payload_len > frame->bytes.len - whole.payload_at) {
        ss_fuzz_fail("a payload beyond the packet");
    }
    ss_arena_clear(&arena);
}

/* --- what capture/ gives --- */

/* Reads each byte, so that a sanitizer sees it. */
static void
touch(SsSlice bytes)
{
    g_free(g_memdup2(bytes.data, bytes.len));
}

static void
check_segment(const SsSegment *segment, uint64_t frame)
{
    touch(segment->payload);
    touch(segment->tcp);
    (void)ss_segment_checksum(segment);
    if (segment->alternate.len) {
        touch(segment->alternate);
        if (segment->alternate.len != segment->payload.len) {
            ss_fuzz_fail("another reading of another length");
        }
    }
    if (segment->family != 4 && segment->family != 6) {
        ss_fuzz_fail("no family");
    }
    for (size_t i = 0; i < segment->n_fragments; i++) {
        bool is_later = i == 0 || segment->fragments[i] > segment->fragments[i - 1];
        if (!is_later || segment->fragments[i] == 0 || segment->fragments[i] > frame) {
            ss_fuzz_fail("fragments out of order");
        }
    }
    if (segment->n_fragments && segment->fragments[segment->n_fragments - 1] != frame) {
        ss_fuzz_fail("not whole with its last fragment");
    }
}

static void
feed_segment(Rig *rig, const SsSegment *segment)
{
    const SsFlowVerdict *verdict;
    SsFlowBucket bucket;

    check_segment(segment, rig->frame);
    rig->bytes += segment->payload.len;
    bucket = ss_flow_table_feed(rig->table, segment);
    verdict = ss_flow_table_verdict(rig->table);
    if (bucket >= SS_N_FLOW_BUCKETS || verdict->bucket != bucket) {
        ss_fuzz_fail("a verdict on another packet");
    }
    if (verdict->remarks >> SS_N_REMARKS || verdict->other_frame > rig->frame) {
        ss_fuzz_fail("a verdict that says what is not");
    }
}

static void
feed(void *user_data, const SsFuzzFrame *made)
{
    Rig *rig = user_data;
    SsSlice bytes = ss_slice_sub(made->bytes, 0, made->captured);
    /* In memory of its own, so that a sanitizer sees who reads on, or keeps it. */
    g_autofree uint8_t *copy = g_memdup2(bytes.data, bytes.len);
    SsFrame frame = {
        .origin = {.frame = ++rig->frame, .time_ns = made->time_ns, .time_digits = 9},
        .link_type = made->link_type,
        .len = (uint32_t)made->bytes.len,
        .snap_length = (uint32_t)(bytes.len < made->bytes.len ? bytes.len : 0),
        .bytes = ss_slice(copy, bytes.len),
    };
    SsSegment segment;
    SsPacketBucket bucket;

    describe(&frame);
    bucket = ss_packet_decode(rig->decoder, &frame, &segment);
    if (bucket >= SS_N_PACKET_BUCKETS) {
        ss_fuzz_fail("no bucket");
    }
    rig->decoded[bucket]++;
    rig->now_ns = MAX(rig->now_ns, made->time_ns);
    if (bucket == SS_PACKET_SEGMENT) {
        feed_segment(rig, &segment);
    } else {
        ss_flow_table_advance(rig->table, made->time_ns, rig->frame);
    }
}

/* --- at the end --- */

static void
check_ledger(const Rig *rig)
{
    const SsFlowStats *stats = ss_flow_table_stats(rig->table);
    uint64_t packets = 0, bytes = 0, decoded = 0;

    for (int i = 0; i < SS_N_FLOW_BUCKETS; i++) {
        packets += stats->packets[i];
        bytes += stats->bytes[i];
    }
    for (int i = 0; i < SS_N_PACKET_BUCKETS; i++) {
        decoded += rig->decoded[i];
    }
    if (decoded != rig->frame || packets != rig->decoded[SS_PACKET_SEGMENT] ||
        bytes != rig->bytes) {
        ss_fuzz_fail("the ledger has %" G_GUINT64_FORMAT " packets and %" G_GUINT64_FORMAT
                     " bytes of %" G_GUINT64_FORMAT " and %" G_GUINT64_FORMAT,
                     packets, bytes, rig->decoded[SS_PACKET_SEGMENT], rig->bytes);
    }
}

static void
finish(Rig *rig)
{
    ss_packet_decoder_finish(rig->decoder);
    ss_flow_table_finish(rig->table, rig->frame);
    check_ledger(rig);
    /* What is still known of those that have ended goes with time. */
    ss_flow_table_advance(rig->table, rig->now_ns + LONG_AFTER, rig->frame);
    if (*ss_flow_table_memory(rig->table) != 0) {
        ss_fuzz_fail("%" G_GUINT64_FORMAT " bytes are still accounted for",
                     *ss_flow_table_memory(rig->table));
    }
}

static void
play(SsSlice input, uint8_t settings, SsFuzzSink *sink)
{
    static const uint16_t ports[] = {25};
    SsFlowOptions options = {.limits = SS_LIMITS_DEFAULT, .ports = ports};
    SsSmtpOptions smtp_options = {.limits = SS_LIMITS_DEFAULT};
    SsStreamFactory *smtp, *checked;
    Rig rig = {0};

    options.n_ports = settings & SS_FUZZ_ANY_PORT ? 0 : 1;
    options.overlap = (SsOverlap)((settings >> SS_FUZZ_POLICY_SHIFT & 7) % SS_N_OVERLAPS);
    if (settings & SS_FUZZ_SMALL_LIMITS) {
        options.limits.flows = 2;
        options.limits.reorder = 300;
        smtp_options.limits.line = 20;
    }
    if (settings & SS_FUZZ_TINY_MEMORY) {
        options.limits.memory = 6000;
    }
    smtp = ss_smtp_factory_new(&smtp_options, &sink->base, NULL);
    checked = ss_fuzz_checked_new(smtp, &rig.frame);
    rig.table = ss_flow_table_new(&options, checked);
    rig.decoder = ss_packet_decoder_new(ss_flow_table_memory(rig.table));
    ss_fuzz_frames(input, feed, &rig);
    finish(&rig);
    if (!(settings & SS_FUZZ_ANY_PORT) &&
        sink->n_sessions != ss_flow_table_stats(rig.table)->sessions) {
        ss_fuzz_fail("%" G_GUINT64_FORMAT " sessions told of %" G_GUINT64_FORMAT, sink->n_sessions,
                     ss_flow_table_stats(rig.table)->sessions);
    }
    ss_packet_decoder_free(rig.decoder);
    ss_flow_table_free(rig.table);
    ss_fuzz_checked_free(checked);
    ss_smtp_factory_free(smtp);
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    SsSlice input = ss_slice_from(ss_slice(data, len), 1);
    uint8_t settings = len ? data[0] : 0;
    SsFuzzSink sink, again;

    ss_fuzz_sink_init(&sink);
    play(input, settings, &sink);
    if (settings & SS_FUZZ_TWICE) {
        ss_fuzz_sink_init(&again);
        play(input, settings, &again);
        if (strcmp(sink.text->str, again.text->str) != 0) {
            ss_fuzz_fail("other events the second time");
        }
        ss_fuzz_sink_clear(&again);
    }
    ss_fuzz_sink_clear(&sink);
    return 0;
}
