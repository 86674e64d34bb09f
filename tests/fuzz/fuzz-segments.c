/*
 * Segments into the flow table, with SMTP behind it. Every packet and byte must be accounted for,
 * every event be valid, and nothing be kept at the end.
 *
 *     settings, then segments: which, flags, sequence and acknowledgement (two bytes each, low one
 *     first, signed, from where the connection stands), time, cut, length, bytes
 *     settings  1 any port, 2 small limits
 *     which     3 the connection, 4 from the server, 8 numbers not counted up, 16 to the port 80,
 *               32 far off in sequence, 64 far off in acknowledgement, 128 time goes back
 */
#include "capture/segment.h"
#include "dissect/flow.h"
#include "dissect/smtp/smtp.h"
#include "fuzz.h"

#define HEADER 9

enum {
    WHICH = 3,
    FROM_SERVER = 4,
    STAYS = 8,
    OTHER_PORT = 16,
    FAR_SEQ = 32,
    FAR_ACK = 64,
    BACKWARDS = 128,
};

enum {
    ANY_PORT = 1,
    SMALL_LIMITS = 2,
};

typedef struct {
    uint32_t seq[4][2];
    int64_t now_ns;
    uint64_t packets, bytes;
} Wire;

static void
wire_segment(Wire *wire, const uint8_t *header, SsSlice payload, SsSegment *ret_segment)
{
    uint8_t which = header[0] & WHICH;
    SsDirection from = header[0] & FROM_SERVER ? SS_SERVER : SS_CLIENT;
    SsAddress ends[2] = {{.bytes = {192, 0, 2, which}, .port = 40000},
                         {.bytes = {198, 51, 100, 25}, .port = 25}};
    int seq = (int16_t)(header[2] | header[3] << 8);
    int ack = (int16_t)(header[4] | header[5] << 8);
    int64_t step_ns = (int64_t)header[6] * header[6] * 100 * 1000000;

    ends[SS_SERVER].port = header[0] & OTHER_PORT ? 80 : 25;
    wire->now_ns += header[0] & BACKWARDS ? -step_ns : step_ns;
    *ret_segment = (SsSegment){
        .family = 4,
        .from = ends[from],
        .to = ends[ss_direction_other(from)],
        .seq = wire->seq[which][from] + (uint32_t)(header[0] & FAR_SEQ ? seq * 65536 : seq),
        .ack = wire->seq[which][!from] + (uint32_t)(header[0] & FAR_ACK ? ack * 65536 : ack),
        .flags = header[1] & 63,
        .window = 65535,
        .payload = payload,
        .cut = header[7],
        .origin = {.frame = ++wire->packets, .time_ns = wire->now_ns, .time_digits = 9},
    };
    wire->bytes += payload.len;
    if (!(header[0] & STAYS)) {
        wire->seq[which][from] = ret_segment->seq + (uint32_t)payload.len + header[7] +
                                 ((header[1] & SS_TCP_SYN) != 0) + ((header[1] & SS_TCP_FIN) != 0);
    }
}

static void
check_ledger(const SsFlowStats *stats, const Wire *wire, const SsFuzzSink *sink, bool any_port)
{
    uint64_t packets = 0, bytes = 0;

    for (int i = 0; i < SS_N_FLOW_BUCKETS; i++) {
        packets += stats->packets[i];
        bytes += stats->bytes[i];
    }
    if (packets != wire->packets || bytes != wire->bytes) {
        ss_fuzz_fail("the ledger has %" G_GUINT64_FORMAT " packets and %" G_GUINT64_FORMAT
                     " bytes of %" G_GUINT64_FORMAT " and %" G_GUINT64_FORMAT,
                     packets, bytes, wire->packets, wire->bytes);
    }
    if (!any_port && sink->n_sessions != stats->sessions) {
        ss_fuzz_fail("%" G_GUINT64_FORMAT " sessions told of %" G_GUINT64_FORMAT, sink->n_sessions,
                     stats->sessions);
    }
}

int
LLVMFuzzerTestOneInput(const uint8_t *data, size_t len)
{
    static const uint16_t ports[] = {25};
    uint8_t settings = len ? data[0] : 0;
    SsFlowOptions options = {.limits = SS_LIMITS_DEFAULT, .ports = ports};
    SsSmtpOptions smtp_options = {.limits = SS_LIMITS_DEFAULT};
    Wire wire = {.now_ns = INT64_C(1700000000) * SS_NS_PER_S};
    SsFuzzSink sink;
    SsStreamFactory *factory;
    SsFlowTable *table;

    options.n_ports = settings & ANY_PORT ? 0 : 1;
    if (settings & SMALL_LIMITS) {
        options.limits.flows = 2;
        options.limits.reorder = 300;
        smtp_options.limits.line = 20;
    }
    ss_fuzz_sink_init(&sink);
    factory = ss_smtp_factory_new(&smtp_options, &sink.base, NULL);
    table = ss_flow_table_new(&options, factory);
    for (size_t at = 1; at + HEADER <= len;) {
        SsSlice payload = ss_slice_sub(ss_slice(data, len), at + HEADER, data[at + 8]);
        g_autofree uint8_t *copy = g_memdup2(payload.data, payload.len);
        SsSegment segment;
        wire_segment(&wire, data + at, ss_slice(copy, payload.len), &segment);
        ss_flow_table_feed(table, &segment);
        at += HEADER + payload.len;
    }
    ss_flow_table_finish(table, wire.packets);
    check_ledger(ss_flow_table_stats(table), &wire, &sink, settings & ANY_PORT);
    ss_flow_table_free(table);
    ss_smtp_factory_free(factory);
    ss_fuzz_sink_clear(&sink);
    return 0;
}

static void
put_segment(GByteArray *to, SsDirection from, uint8_t flags, SsSlice bytes)
{
    uint8_t header[HEADER] = {from == SS_SERVER ? FROM_SERVER : 0, flags, [8] = (uint8_t)bytes.len};

    g_byte_array_append(to, header, sizeof header);
    if (bytes.len) {
        g_byte_array_append(to, bytes.data, (guint)bytes.len);
    }
}

/* A hole: the sequence number goes on without bytes, by a segment to another port. */
static void
put_hole(GByteArray *to, SsDirection from, size_t len)
{
    uint8_t header[HEADER] = {(uint8_t)(OTHER_PORT | (from == SS_SERVER ? FROM_SERVER : 0)),
                              SS_TCP_ACK, (uint8_t)len, (uint8_t)(len >> 8)};

    g_byte_array_append(to, header, sizeof header);
}

bool
ss_fuzz_seed(const char *path, GByteArray *ret_input)
{
    g_autoptr(SsDialogue) dialogue = ss_fuzz_dialogue(path);
    uint8_t settings;

    if (!dialogue) {
        return false;
    }
    settings = dialogue->any_port ? ANY_PORT : 0;
    g_byte_array_append(ret_input, &settings, 1);
    if (!dialogue->from_middle) {
        put_segment(ret_input, SS_CLIENT, SS_TCP_SYN, SS_SLICE_NULL);
        put_segment(ret_input, SS_SERVER, SS_TCP_SYN | SS_TCP_ACK, SS_SLICE_NULL);
        put_segment(ret_input, SS_CLIENT, SS_TCP_ACK, SS_SLICE_NULL);
    }
    for (guint i = 0; i < dialogue->chunks->len; i++) {
        const SsDialogueChunk *chunk = g_ptr_array_index(dialogue->chunks, i);
        SsSlice bytes = ss_slice(chunk->bytes->data, chunk->bytes->len);
        if (chunk->is_lost) {
            put_hole(ret_input, chunk->direction, MIN(bytes.len, 30000));
            continue;
        }
        for (size_t at = 0; at < bytes.len; at += 200) {
            put_segment(ret_input, chunk->direction, SS_TCP_ACK, ss_slice_sub(bytes, at, 200));
        }
    }
    put_segment(ret_input, SS_CLIENT, SS_TCP_FIN | SS_TCP_ACK, SS_SLICE_NULL);
    put_segment(ret_input, SS_SERVER, SS_TCP_FIN | SS_TCP_ACK, SS_SLICE_NULL);
    put_segment(ret_input, SS_CLIENT, SS_TCP_ACK, SS_SLICE_NULL);
    return true;
}
