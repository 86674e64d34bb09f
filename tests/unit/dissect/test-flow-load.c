/*
 * The flow table under garbage and under load: the ledger stays even, memory bounded, and time
 * linear; of the latter the figures are printed, not judged.
 *
 * `SS_FLOW_OPS` is the number of random segments (200000), `SS_FLOW_SEED` the seed, and
 * `SS_FLOW_SCALE` (1) makes the loads larger.
 */
#include "dissect/flow-table.h"

#include "table.h"
#include "tests/ss-test.h"

static guint64
number_of_environment(const char *name, guint64 fallback)
{
    const char *value = g_getenv(name);

    return value ? g_ascii_strtoull(value, NULL, 10) : fallback;
}

/* What the flows of a table cost that keep no bytes. */
static uint64_t
size_of_flows(const SsFlowTable *table)
{
    uint64_t size = 0;

    for (int state = 0; state < SS_N_FLOW_STATES; state++) {
        for (const SsFlow *flow = table->lists[state].head; flow; flow = flow->next) {
            size += SS_FLOW_SIZE + (flow->odd ? sizeof *flow->odd : 0);
        }
    }
    return size;
}

static void
feed_garbage(Rig *rig, Wire *wire, GRand *dice)
{
    static const uint8_t text[64];
    SsDirection from = (SsDirection)g_rand_int_range(dice, 0, 2);
    uint8_t flags = (uint8_t)g_rand_int_range(dice, 0, 64);
    size_t len = g_rand_boolean(dice) ? 0 : (size_t)g_rand_int_range(dice, 1, 64);
    uint32_t seq = wire->seq[from] + (uint32_t)g_rand_int_range(dice, -100, 200);
    uint32_t ack = wire->seq[!from] + (uint32_t)g_rand_int_range(dice, -100, 200);

    if (g_rand_int_range(dice, 0, 50) == 0) {
        seq = g_rand_int(dice);
    }
    if (g_rand_int_range(dice, 0, 50) == 0) {
        ack = g_rand_int(dice);
    }
    if (g_rand_int_range(dice, 0, 3)) {
        flags = ACK; /* or nothing would last */
    }
    rig->now_ns += g_rand_int_range(dice, -SECOND / 2, SECOND);
    if (g_rand_int_range(dice, 0, 1000) == 0) {
        rig->now_ns += 200 * SECOND;
    }
    rig->ignores = g_rand_int_range(dice, 0, 500) == 0;
    wire_raw(wire, from, flags, seq, ack, ss_slice(text, len));
    wire->seq[from] += (uint32_t)len;
}

static void
test_garbage(void **state)
{
    guint64 budget = number_of_environment("SS_FLOW_OPS", 200000);
    guint32 seed = (guint32)number_of_environment("SS_FLOW_SEED", 1);

    (void)state;
    print_message("first seed %u\n", seed);
    for (guint64 done = 0; done < budget; done += 1000, seed++) {
        g_autoptr(GRand) dice = g_rand_new_with_seed(seed);
        SsLimits limits = SS_LIMITS_DEFAULT;
        Rig rig;
        Wire wires[8];

        limits.reorder = (uint64_t)g_rand_int_range(dice, 0, 5000);
        limits.flows = (uint64_t)g_rand_int_range(dice, 1, 10);
        limits.memory = (uint64_t)g_rand_int_range(dice, 1000, 100000);
        rig_open(&rig, &limits);
        g_string_free(rig.said, TRUE);
        rig.said = NULL;
        for (uint32_t i = 0; i < G_N_ELEMENTS(wires); i++) {
            wire_open(&wires[i], &rig, i, 25);
        }
        for (int i = 0; i < 1000; i++) {
            feed_garbage(&rig, &wires[g_rand_int_range(dice, 0, G_N_ELEMENTS(wires))], dice);
        }
        ss_flow_table_finish(rig.table, rig.frame);
        if (ss_flow_table_stats(rig.table)->memory != size_of_flows(rig.table)) {
            fail_msg("seed %u: bytes are still counted", seed);
        }
        rig_close(&rig);
    }
    print_message("last seed %u\n", seed - 1);
}

/* One hole has been given up, and the next waits for its receiver: nobody need look at it again. */
static void
test_stalls_end(void **state)
{
    Rig rig;
    Wire wire;

    (void)state;
    rig_open(&rig, NULL);
    wire_open(&wire, &rig, 1, 25);
    wire_handshake(&wire);
    wire_raw(&wire, SS_CLIENT, ACK, wire.seq[SS_CLIENT] + 10, wire.seq[SS_SERVER],
             SS_SLICE("xxxxx"));
    wire_raw(&wire, SS_SERVER, ACK, wire.seq[SS_SERVER], wire.seq[SS_CLIENT] + 15, SS_SLICE_NULL);
    wire_raw(&wire, SS_CLIENT, ACK, wire.seq[SS_CLIENT] + 30, wire.seq[SS_SERVER],
             SS_SLICE("xxxxx"));
    assert_int_equal(rig.table->stalled->len, 1);
    ss_flow_table_advance(rig.table, rig.now_ns + 5 * SECOND, rig.frame);
    assert_int_equal(rig.table->stalled->len, 0);
    rig_close(&rig);
}

/* --- load --- */

static void
many_syns(Rig *rig, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        Wire wire;
        wire_open(&wire, rig, i, 25);
        wire_raw(&wire, SS_CLIENT, SYN, i, 0, SS_SLICE_NULL);
    }
}

static void
reverse_bytes(Rig *rig, uint32_t n)
{
    Wire wire;

    wire_open(&wire, rig, 1, 25);
    wire_handshake(&wire);
    for (uint32_t i = n; i-- > 0;) {
        wire_raw(&wire, SS_CLIENT, ACK, wire.seq[SS_CLIENT] + i, wire.seq[SS_SERVER],
                 SS_SLICE("x"));
    }
}

/* Each with a hole that the receiver has, so that time would give it up. */
static void
many_holes(Rig *rig, uint32_t n)
{
    for (uint32_t i = 0; i < n; i++) {
        Wire wire;
        wire_open(&wire, rig, i, 25);
        wire_handshake(&wire);
        rig->now_ns -= 3 * SECOND - 1000;
        wire_raw(&wire, SS_CLIENT, ACK, wire.seq[SS_CLIENT] + 10, wire.seq[SS_SERVER],
                 SS_SLICE("xxxxx"));
        wire_raw(&wire, SS_SERVER, ACK, wire.seq[SS_SERVER], wire.seq[SS_CLIENT] + 15,
                 SS_SLICE_NULL);
    }
}

/* Holes that the receiver has too, so that they wait; and then time goes on in small steps. */
static void
slow_holes(Rig *rig, uint32_t n)
{
    Wire other;

    for (uint32_t i = 1; i <= n; i++) {
        Wire wire;
        wire_open(&wire, rig, i, 25);
        wire_handshake(&wire);
        rig->now_ns -= 3 * SECOND - 1000;
        wire_raw(&wire, SS_CLIENT, ACK, wire.seq[SS_CLIENT] + 10, wire.seq[SS_SERVER],
                 SS_SLICE("xxxxx"));
    }
    wire_open(&other, rig, 0, 80);
    for (uint32_t i = 0; i < n; i++) {
        rig->now_ns += SECOND / 3;
        wire_raw(&other, SS_CLIENT, ACK, i, 0, SS_SLICE_NULL);
    }
}

/* Two beginnings in turn, so that names recur. */
static void
same_names(Rig *rig, uint32_t n)
{
    Wire wire;

    wire_open(&wire, rig, 1, 25);
    for (uint32_t i = 0; i < n; i++) {
        wire_raw(&wire, SS_CLIENT, SYN, 100 + i % 2, 0, SS_SLICE_NULL);
    }
}

static double
time_load(void (*load)(Rig *, uint32_t), uint32_t n)
{
    SsLimits limits = SS_LIMITS_DEFAULT;
    int64_t start = g_get_monotonic_time();
    Rig rig;

    limits.memory = 64 << 20;
    rig_open(&rig, &limits);
    g_string_free(rig.said, TRUE);
    rig.said = NULL;
    load(&rig, n);
    assert_true(ss_flow_table_stats(rig.table)->memory <= limits.memory + 65536);
    rig_close(&rig);
    return (double)(g_get_monotonic_time() - start) / 1e6;
}

static void
test_loads(void **state)
{
    static const struct {
        const char *name;
        void (*load)(Rig *, uint32_t);
        uint32_t n;
    } loads[] = {
        {"SYNs of as many clients", many_syns, 200000},
        {"bytes in reverse", reverse_bytes, 200000},
        {"sessions with a hole", many_holes, 30000},
        {"sessions with a hole that stays", slow_holes, 20000},
        {"names that recur", same_names, 100000},
    };
    uint32_t scale = (uint32_t)number_of_environment("SS_FLOW_SCALE", 1);

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(loads); i++) {
        uint32_t n = loads[i].n * scale;
        double once = time_load(loads[i].load, n / 2);
        double twice = time_load(loads[i].load, n);
        print_message("%u %s: %.3f s, %.2f times that of half\n", n, loads[i].name, twice,
                      twice / once);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_garbage),
        cmocka_unit_test(test_stalls_end),
        cmocka_unit_test(test_loads),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
