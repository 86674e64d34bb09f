/*
 * Connections that are too large to be written down: T06, T09, T30 and T38 of
 * docs/hostile-input.md. Segments are made up as they are fed, with bytes that tell their offset,
 * straight into a flow table with a sink that looks at each byte.
 */
#include <string.h>

#include "dissect/flow.h"
#include "tests/ss-test.h"

#define PATTERN 65521 /* prime, so that a slip of any power of two shows */
#define SLACK (1 << 20)
#define WINDOW 65535

static uint8_t pattern[3 * PATTERN];

typedef struct {
    SsStreamFactory base;
    SsFlowTable *table;
    uint64_t frame;
    int64_t now_ns;
    uint32_t initial_seq[2];
    uint64_t position[2]; /* delivered or missing */
    uint64_t missing;
    uint64_t gaps[SS_GAP_UNKNOWN + 1];
    uint64_t conflicts, n_open;
    uint64_t most_memory;
} Rig;

typedef struct {
    SsStreamSink base;
    Rig *rig;
} Sink;

static const uint8_t *
bytes_at(uint64_t offset)
{
    return pattern + offset % PATTERN;
}

static void
on_data(SsStreamSink *self, SsDirection direction, SsSlice bytes, const SsOrigin *origin)
{
    Rig *rig = ((Sink *)self)->rig;

    (void)origin;
    for (size_t at = 0; at < bytes.len; at += PATTERN) {
        size_t len = bytes.len - at < PATTERN ? bytes.len - at : PATTERN;
        assert_memory_equal(bytes.data + at, bytes_at(rig->position[direction] + at), len);
    }
    rig->position[direction] += bytes.len;
}

static void
on_gap(SsStreamSink *self, SsDirection direction, uint64_t n, SsGapCause cause,
       const SsOrigin *origin)
{
    Rig *rig = ((Sink *)self)->rig;

    (void)origin;
    rig->position[direction] += n;
    rig->missing += n;
    rig->gaps[cause]++;
}

static void
on_conflict(SsStreamSink *self, SsDirection direction, const SsConflict *conflict)
{
    (void)direction, (void)conflict;
    ((Sink *)self)->rig->conflicts++;
}

static void
on_close(SsStreamSink *self, SsCloseReason reason, SsDirection by)
{
    (void)reason, (void)by;
    ((Sink *)self)->rig->n_open--;
    g_free(self);
}

static const SsStreamSinkOps ops = {
    .data = on_data, .gap = on_gap, .conflict = on_conflict, .close = on_close};

static SsStreamSink *
open_sink(SsStreamFactory *factory, SsConnection *connection)
{
    Sink *sink = g_new0(Sink, 1);

    (void)connection;
    sink->base.ops = &ops;
    sink->rig = (Rig *)factory;
    sink->rig->n_open++;
    return &sink->base;
}

static void
feed(Rig *rig, SsDirection from, uint8_t flags, uint64_t offset, uint64_t ack, size_t len,
     uint16_t window)
{
    SsDirection other = ss_direction_other(from);
    SsSegment segment = {
        .family = 4,
        .from = {.bytes = {192, 0, 2, (uint8_t)(1 + from)}, .port = from == SS_CLIENT ? 40000 : 25},
        .to = {.bytes = {192, 0, 2, (uint8_t)(1 + other)}, .port = other == SS_CLIENT ? 40000 : 25},
        .seq = rig->initial_seq[from] + !(flags & SS_TCP_SYN) + (uint32_t)offset,
        .flags = flags,
        .window = window,
        .ttl = 64,
        .ip_id = (uint16_t)rig->frame,
        .origin = {.frame = ++rig->frame, .time_ns = rig->now_ns += 100000, .time_digits = 9},
        .payload = ss_slice(bytes_at(offset), len),
    };

    if (flags & SS_TCP_SYN) { /* windows are scaled by 2^14, so that none is met by chance */
        segment.options = SS_TCP_HAS_SCALE;
        segment.window_scale = 14;
    }
    if (flags & SS_TCP_ACK) {
        segment.ack = rig->initial_seq[other] + 1 + (uint32_t)ack;
    }
    ss_flow_table_feed(rig->table, &segment);
    rig->most_memory = MAX(rig->most_memory, ss_flow_table_stats(rig->table)->memory);
}

static void
send_bytes(Rig *rig, uint64_t offset, size_t len)
{
    feed(rig, SS_CLIENT, SS_TCP_ACK | SS_TCP_PSH, offset, 0, len, WINDOW);
}

static void
acknowledge(Rig *rig, uint64_t offset, uint16_t window)
{
    feed(rig, SS_SERVER, SS_TCP_ACK, 0, offset, 0, window);
}

static void
rig_open(Rig *rig)
{
    SsFlowOptions options = {.limits = SS_LIMITS_DEFAULT};

    for (size_t i = 0; i < sizeof pattern; i++) {
        pattern[i] = (uint8_t)(i % PATTERN * 2654435761U >> 13);
    }
    *rig = (Rig){.base.open = open_sink,
                 .now_ns = 1000 * SS_NS_PER_S,
                 .initial_seq = {0xfffffff0, 0xffffffff}};
    rig->table = ss_flow_table_new(&options, &rig->base);
    feed(rig, SS_CLIENT, SS_TCP_SYN, 0, 0, 0, WINDOW);
    feed(rig, SS_SERVER, SS_TCP_SYN | SS_TCP_ACK, 0, 0, 0, WINDOW);
    feed(rig, SS_CLIENT, SS_TCP_ACK, 0, 0, 0, WINDOW);
}

/* The window of a SYN-ACK is not scaled: now the server takes 1 GiB. */
static void
open_window(Rig *rig)
{
    acknowledge(rig, 0, WINDOW);
}

static void
rig_close(Rig *rig, uint64_t sent)
{
    const SsFlowStats *stats = ss_flow_table_stats(rig->table);
    uint64_t packets = 0, bytes = 0;

    ss_flow_table_finish(rig->table, rig->frame);
    for (int i = 0; i < SS_N_FLOW_BUCKETS; i++) {
        packets += stats->packets[i];
        bytes += stats->bytes[i];
    }
    assert_int_equal(packets, rig->frame);
    assert_int_equal(bytes, sent);
    assert_int_equal(rig->n_open, 0);
    ss_flow_table_free(rig->table);
}

#define GIB (UINT64_C(1) << 30)
#define BLOCK 60000

/* Two packets change places now and then, and one is not captured, just behind 4 GiB. */
static void
t06_five_gib(void **state)
{
    uint64_t lost = 4 * GIB / BLOCK + 1, n = 5 * GIB / BLOCK;
    Rig rig;

    (void)state;
    rig_open(&rig);
    open_window(&rig);
    for (uint64_t i = 0; i < n; i += 2) {
        bool is_swapped = i % 1000 == 0;
        for (uint64_t k = 0; k < 2; k++) {
            uint64_t block = i + (is_swapped ? 1 - k : k);
            if (block != lost) {
                send_bytes(&rig, block * BLOCK, BLOCK);
            }
        }
        acknowledge(&rig, (i + 2) * BLOCK, WINDOW);
    }
    assert_int_equal(rig.position[SS_CLIENT], n * BLOCK);
    assert_int_equal(rig.missing, BLOCK);
    assert_int_equal(rig.gaps[SS_GAP_CAPTURE], 1);
    assert_in_range(rig.most_memory, 0, (8 << 20) + SLACK);
    rig_close(&rig, (n - 1) * BLOCK);
}

/* A window that stays closed, and a probe of it each time; then it opens. */
static void
t09_probes(void **state)
{
    const uint64_t n = 10000;
    Rig rig;

    (void)state;
    rig_open(&rig);
    send_bytes(&rig, 0, WINDOW); /* all that the SYN-ACK's window allows */
    acknowledge(&rig, WINDOW, 0);
    for (uint64_t i = 0; i < n; i++) {
        send_bytes(&rig, WINDOW, 1);
        acknowledge(&rig, WINDOW, 0);
    }
    assert_int_equal(rig.position[SS_CLIENT], WINDOW);
    acknowledge(&rig, WINDOW, WINDOW);
    send_bytes(&rig, WINDOW, 1000);
    acknowledge(&rig, WINDOW + 1000, WINDOW);
    assert_int_equal(rig.position[SS_CLIENT], WINDOW + 1000);
    assert_int_equal(rig.missing + rig.conflicts, 0);
    assert_int_equal(ss_flow_table_stats(rig.table)->bytes[SS_FLOW_KEEP_ALIVE], n);
    rig_close(&rig, WINDOW + 1000 + n);
}

static void
t30_backwards(void **state)
{
    const uint64_t n = 1000000;
    Rig rig;

    (void)state;
    rig_open(&rig);
    open_window(&rig);
    for (uint64_t i = n; i > 0; i--) {
        send_bytes(&rig, i - 1, 1);
    }
    assert_int_equal(rig.position[SS_CLIENT], n);
    assert_int_equal(rig.missing + rig.conflicts, 0);
    assert_in_range(rig.most_memory, n, (4 << 20) + SLACK);
    rig_close(&rig, n);
}

/* Every second one first, so that nothing can be joined until the others come. */
static void
t30_every_second(void **state)
{
    const uint64_t n = 40000;
    Rig rig;

    (void)state;
    rig_open(&rig);
    open_window(&rig);
    for (uint64_t i = n - 1; i > 0; i -= 2) {
        send_bytes(&rig, i, 1);
        if (i == 1) {
            break;
        }
    }
    assert_in_range(rig.most_memory, n / 2, (4 << 20) + SLACK);
    for (uint64_t i = 0; i < n; i += 2) {
        send_bytes(&rig, i, 1);
    }
    assert_int_equal(rig.position[SS_CLIENT], n);
    assert_int_equal(rig.missing + rig.conflicts, 0);
    rig_close(&rig, n);
}

#define QUEUE 65535

static void
t38_full_segments(void **state)
{
    Rig rig;

    (void)state;
    rig_open(&rig);
    open_window(&rig);
    for (uint64_t i = 1; i <= QUEUE; i++) {
        send_bytes(&rig, i * 1460, 1460);
    }
    assert_int_equal(rig.position[SS_CLIENT], (QUEUE + 1) * UINT64_C(1460));
    assert_int_equal(rig.missing, 1460);
    assert_int_equal(rig.gaps[SS_GAP_LIMIT], 1);
    assert_in_range(rig.most_memory, 1 << 20, (4 << 20) + SLACK);
    rig_close(&rig, QUEUE * UINT64_C(1460));
}

/* So small that the cap is not met: when the hole is filled all is there. */
static void
t38_bytes(void **state)
{
    Rig rig;

    (void)state;
    rig_open(&rig);
    open_window(&rig);
    for (uint64_t i = 1; i <= QUEUE; i++) {
        send_bytes(&rig, i, 1);
    }
    assert_int_equal(rig.position[SS_CLIENT], 0);
    send_bytes(&rig, 0, 1);
    assert_int_equal(rig.position[SS_CLIENT], QUEUE + 1);
    assert_int_equal(rig.missing, 0);
    rig_close(&rig, QUEUE + 1);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(t06_five_gib),      cmocka_unit_test(t09_probes),
        cmocka_unit_test(t30_backwards),     cmocka_unit_test(t30_every_second),
        cmocka_unit_test(t38_full_segments), cmocka_unit_test(t38_bytes),
    };

    return cmocka_run_group_tests_name("network-large", tests, NULL, NULL);
}
