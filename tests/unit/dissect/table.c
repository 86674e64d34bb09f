#include "table.h"

#include "tests/ss-test.h"

typedef struct {
    SsStreamSink base;
    Rig *rig;
    SsConnection *connection;
} Sink;

static void
say(const Sink *sink, const char *format, ...)
{
    va_list args;

    if (!sink->rig->said) {
        return;
    }
    if (sink->rig->said->len) {
        g_string_append_c(sink->rig->said, ' ');
    }
    g_string_append_printf(sink->rig->said, "%" G_GUINT64_FORMAT, sink->connection->session);
    va_start(args, format);
    g_string_append_vprintf(sink->rig->said, format, args);
    va_end(args);
}

static void
on_data(SsStreamSink *self, SsDirection direction, SsSlice bytes, const SsOrigin *origin)
{
    Sink *sink = (Sink *)self;

    (void)origin;
    sink->rig->delivered += bytes.len;
    sink->connection->is_ignored = sink->rig->ignores;
    say(sink, ":%c%.*s", direction == SS_CLIENT ? '>' : '<', (int)bytes.len,
        (const char *)bytes.data);
}

static void
on_gap(SsStreamSink *self, SsDirection direction, uint64_t n, SsGapCause cause,
       const SsOrigin *origin)
{
    (void)cause;
    Sink *sink = (Sink *)self;

    (void)origin;
    sink->rig->missing += n;
    say(sink, ":%c[%" G_GUINT64_FORMAT "]", direction == SS_CLIENT ? '>' : '<', n);
}

static void
on_close(SsStreamSink *self, SsCloseReason reason, SsDirection by)
{
    static const char *const words[] = {"fin", "reset", "timeout", "capture", "reused", "evicted"};
    Sink *sink = (Sink *)self;

    (void)by;
    if (sink->connection->on_server_port) {
        sink->rig->last_uid = ss_connection_identify(sink->connection);
    }
    sink->rig->connect_ns = ss_connection_connect_ns(sink->connection);
    sink->rig->n_open--;
    say(sink, ":%s", words[reason]);
    g_free(sink);
}

static const SsStreamSinkOps ops = {.data = on_data, .gap = on_gap, .close = on_close};

static SsStreamSink *
open_sink(SsStreamFactory *factory, SsConnection *connection)
{
    Sink *sink = g_new0(Sink, 1);

    sink->base.ops = &ops;
    sink->rig = (Rig *)factory;
    sink->connection = connection;
    sink->rig->n_open++;
    say(sink, "+");
    return &sink->base;
}

void
rig_open(Rig *rig, const SsLimits *limits)
{
    static const uint16_t ports[] = {25, 587};
    SsFlowOptions options = {.limits = SS_LIMITS_DEFAULT, .ports = ports, .n_ports = 2};

    if (limits) {
        options.limits = *limits;
    }
    *rig = (Rig){.base.open = open_sink, .now_ns = 1000 * SECOND, .said = g_string_new(NULL)};
    rig->table = ss_flow_table_new(&options, &rig->base);
}

/* Every packet and every byte is in exactly one bucket. */
void
rig_check_ledger(const Rig *rig)
{
    const SsFlowStats *stats = ss_flow_table_stats(rig->table);
    uint64_t packets = 0, bytes = 0;

    for (int i = 0; i < SS_N_FLOW_BUCKETS; i++) {
        packets += stats->packets[i];
        bytes += stats->bytes[i];
    }
    assert_int_equal(packets, rig->packets);
    assert_int_equal(bytes, rig->bytes);
    assert_int_equal(stats->bytes[SS_FLOW_DELIVERED], rig->delivered);
}

void
rig_close(Rig *rig)
{
    ss_flow_table_finish(rig->table, rig->frame);
    rig_check_ledger(rig);
    assert_int_equal(rig->n_open, 0);
    ss_flow_table_free(rig->table);
    if (rig->said) {
        g_string_free(rig->said, TRUE);
    }
}

void
wire_open(Wire *wire, Rig *rig, uint32_t client, uint16_t port)
{
    *wire = (Wire){.rig = rig, .family = 4, .seq = {1000 + client * 7, 2000 + client * 13}};
    for (int i = 0; i < 4; i++) {
        wire->address[SS_CLIENT].bytes[i] = (uint8_t)(client >> (24 - 8 * i));
        wire->address[SS_SERVER].bytes[i] = (uint8_t)(198 - i);
    }
    wire->address[SS_CLIENT].port = 40000;
    wire->address[SS_SERVER].port = port;
}

SsFlowBucket
wire_raw(Wire *wire, SsDirection from, uint8_t flags, uint32_t seq, uint32_t ack, SsSlice payload)
{
    Rig *rig = wire->rig;
    g_autofree uint8_t *copy = g_memdup2(payload.data, payload.len);
    SsSegment segment = {
        .family = wire->family,
        .from = wire->address[from],
        .to = wire->address[ss_direction_other(from)],
        .seq = seq,
        .ack = ack,
        .flags = flags,
        .window = 65535,
        .payload = ss_slice(copy, payload.len),
        .origin = {.frame = ++rig->frame, .time_ns = rig->now_ns, .time_digits = 9},
    };

    rig->packets++;
    rig->bytes += payload.len;
    return ss_flow_table_feed(rig->table, &segment);
}

SsFlowBucket
wire_send(Wire *wire, SsDirection from, uint8_t flags, const char *text)
{
    uint32_t seq = wire->seq[from];
    uint32_t ack = flags & ACK ? wire->seq[ss_direction_other(from)] : 0;

    wire->rig->now_ns += SECOND;
    wire->seq[from] += (uint32_t)(text ? strlen(text) : 0);
    wire->seq[from] += (flags & SYN) != 0;
    wire->seq[from] += (flags & FIN) != 0;
    return wire_raw(wire, from, flags, seq, ack, ss_slice_str(text));
}

void
wire_handshake(Wire *wire)
{
    wire_send(wire, SS_CLIENT, SYN, NULL);
    wire_send(wire, SS_SERVER, SYN | ACK, NULL);
    wire_send(wire, SS_CLIENT, ACK, NULL);
}

void
wire_fins(Wire *wire)
{
    wire_send(wire, SS_CLIENT, FIN | ACK, NULL);
    wire_send(wire, SS_SERVER, FIN | ACK, NULL);
    wire_send(wire, SS_CLIENT, ACK, NULL);
}
