/*
 * The life of a connection: when a session begins and ends, and what late packets do.
 */
#include "table.h"
#include "tests/ss-test.h"

/* Of the client's bytes that are expected as they stand. */
#define EXPECT(rig, text) assert_string_equal((rig)->said->str, text)

static void
test_ends_at_last_ack(void **state)
{
    Rig rig;
    Wire wire;

    (void)state;
    rig_open(&rig, NULL);
    wire_open(&wire, &rig, 1, 25);
    wire_handshake(&wire);
    wire_send(&wire, SS_SERVER, ACK, "220");
    wire_send(&wire, SS_CLIENT, ACK | FIN, "QUIT");
    wire_send(&wire, SS_SERVER, ACK | FIN, "221");
    EXPECT(&rig, "1+ 1:<220 1:>QUIT 1:<221");
    wire_send(&wire, SS_CLIENT, ACK, NULL);
    EXPECT(&rig, "1+ 1:<220 1:>QUIT 1:<221 1:fin");
    assert_int_equal(rig.connect_ns, 2 * SECOND);
    rig_close(&rig);
}

static void
test_quiet_time(void **state)
{
    Rig rig;
    Wire wire;

    (void)state;
    rig_open(&rig, NULL);
    wire_open(&wire, &rig, 1, 25);
    wire_handshake(&wire);
    wire_fins(&wire);
    EXPECT(&rig, "1+ 1:fin");
    assert_int_equal(wire_send(&wire, SS_SERVER, ACK, "late"), SS_FLOW_AFTER_END);
    rig.now_ns += 110 * SECOND;
    assert_int_equal(wire_send(&wire, SS_SERVER, ACK, "late"), SS_FLOW_AFTER_END);
    EXPECT(&rig, "1+ 1:fin");
    rig.now_ns += 20 * SECOND;
    wire_send(&wire, SS_SERVER, ACK, "new");
    EXPECT(&rig, "1+ 1:fin 2+ 2:<new");
    rig_close(&rig);
}

static void
test_reset(void **state)
{
    Rig rig;
    Wire wire;

    (void)state;
    rig_open(&rig, NULL);
    wire_open(&wire, &rig, 1, 25);
    wire_handshake(&wire);
    wire_send(&wire, SS_SERVER, ACK, "220");
    /* Out of any window: nobody believes it. */
    assert_int_equal(wire_raw(&wire, SS_CLIENT, RST, wire.seq[0] + (1u << 30), 0, SS_SLICE_NULL),
                     SS_FLOW_OUT_OF_WINDOW);
    wire_send(&wire, SS_CLIENT, ACK, "NOOP");
    wire_raw(&wire, SS_CLIENT, RST, wire.seq[0] - 4, 0, SS_SLICE_NULL);
    EXPECT(&rig, "1+ 1:<220 1:>NOOP");
    wire_send(&wire, SS_CLIENT, RST, NULL);
    EXPECT(&rig, "1+ 1:<220 1:>NOOP 1:reset");
    assert_int_equal(wire_send(&wire, SS_SERVER, ACK, "late"), SS_FLOW_AFTER_END);
    rig_close(&rig);
}

static void
test_lone_reset_starts_nothing(void **state)
{
    Rig rig;
    Wire wire;

    (void)state;
    rig_open(&rig, NULL);
    wire_open(&wire, &rig, 1, 25);
    assert_int_equal(wire_send(&wire, SS_SERVER, RST | ACK, NULL), SS_FLOW_STRAY);
    assert_int_equal(wire_send(&wire, SS_CLIENT, RST, "text"), SS_FLOW_STRAY);
    EXPECT(&rig, "");
    rig_close(&rig);
}

static void
test_refused(void **state)
{
    Rig rig;
    Wire wire;

    (void)state;
    rig_open(&rig, NULL);
    wire_open(&wire, &rig, 1, 25);
    wire_send(&wire, SS_CLIENT, SYN, NULL);
    /* One that refuses something else, and one that refuses nothing. */
    wire_raw(&wire, SS_SERVER, RST | ACK, 0, wire.seq[0] + 5000, SS_SLICE_NULL);
    wire_raw(&wire, SS_SERVER, RST, 0, 0, SS_SLICE_NULL);
    EXPECT(&rig, "1+");
    wire_raw(&wire, SS_SERVER, RST | ACK, 0, wire.seq[0], SS_SLICE_NULL);
    EXPECT(&rig, "1+ 1:reset");
    rig_close(&rig);
}

/* A half-open scan is no connection. */
static void
test_reset_ends_no_handshake(void **state)
{
    Rig rig;
    Wire wire;

    (void)state;
    rig_open(&rig, NULL);
    wire_open(&wire, &rig, 1, 25);
    wire_send(&wire, SS_CLIENT, SYN, NULL);
    wire_send(&wire, SS_SERVER, SYN | ACK, NULL);
    wire_send(&wire, SS_CLIENT, RST, NULL);
    EXPECT(&rig, "1+ 1:reset");
    assert_true(rig.connect_ns == SS_TIME_NONE);
    rig_close(&rig);
}

static void
test_syn_again(void **state)
{
    Rig rig;
    Wire wire;
    uint32_t seq;

    (void)state;
    rig_open(&rig, NULL);
    wire_open(&wire, &rig, 1, 25);
    seq = wire.seq[SS_CLIENT];
    wire_handshake(&wire);
    wire_send(&wire, SS_SERVER, ACK, "220");
    /* The same one again, or a nonsense of SYN and RST, starts nothing. */
    wire_raw(&wire, SS_CLIENT, SYN, seq, 0, SS_SLICE_NULL);
    wire_raw(&wire, SS_CLIENT, SYN | RST, seq + (1u << 29), 0, SS_SLICE_NULL);
    wire_send(&wire, SS_CLIENT, ACK, "QUIT");
    EXPECT(&rig, "1+ 1:<220 1:>QUIT");
    wire.seq[SS_CLIENT] = 77777;
    wire_handshake(&wire);
    EXPECT(&rig, "1+ 1:<220 1:>QUIT 2+ 1:reused"); /* when it is answered */
    rig_close(&rig);
}

static void
test_port_reuse(void **state)
{
    Rig rig;
    Wire wire;
    uint32_t seq;

    (void)state;
    rig_open(&rig, NULL);
    wire_open(&wire, &rig, 1, 25);
    seq = wire.seq[SS_CLIENT];
    wire_handshake(&wire);
    wire_fins(&wire);
    wire_raw(&wire, SS_CLIENT, SYN, seq, 0, SS_SLICE_NULL);
    EXPECT(&rig, "1+ 1:fin");
    wire.seq[SS_CLIENT] += 100000;
    wire.seq[SS_SERVER] += 100000;
    wire_handshake(&wire);
    wire_send(&wire, SS_CLIENT, RST, NULL);
    wire.seq[SS_CLIENT] += 100000;
    wire.seq[SS_SERVER] += 100000;
    wire_handshake(&wire);
    wire_send(&wire, SS_SERVER, ACK, "220");
    EXPECT(&rig, "1+ 1:fin 2+ 2:reset 3+ 3:<220");
    rig_close(&rig);
}

static void
test_timeouts(void **state)
{
    Rig rig;
    Wire starting, idle, busy;

    (void)state;
    rig_open(&rig, NULL);
    wire_open(&starting, &rig, 1, 25);
    wire_open(&idle, &rig, 2, 25);
    wire_open(&busy, &rig, 3, 25);
    wire_send(&starting, SS_CLIENT, SYN, NULL);
    wire_handshake(&idle);
    wire_handshake(&busy);
    EXPECT(&rig, "1+ 2+ 3+");
    ss_flow_table_advance(rig.table, rig.now_ns + 50 * SECOND, rig.frame);
    EXPECT(&rig, "1+ 2+ 3+");
    ss_flow_table_advance(rig.table, rig.now_ns + 61 * SECOND, rig.frame);
    EXPECT(&rig, "1+ 2+ 3+ 1:timeout");
    rig.now_ns += 1800 * SECOND;
    wire_send(&busy, SS_SERVER, ACK, "220");
    ss_flow_table_advance(rig.table, rig.now_ns + 1850 * SECOND, rig.frame);
    EXPECT(&rig, "1+ 2+ 3+ 1:timeout 3:<220 2:timeout");
    rig_close(&rig);
}

/* The latest time and the longest timeouts: sums of them are none that UBSan minds. */
static void
test_far_future(void **state)
{
    SsLimits limits = SS_LIMITS_DEFAULT;
    Rig rig;
    Wire wire;

    (void)state;
    limits.idle_ns = limits.handshake_ns = INT64_MAX;
    rig_open(&rig, &limits);
    rig.now_ns = SS_TIME_MAX - 5 * SECOND;
    wire_open(&wire, &rig, 1, 25);
    wire_handshake(&wire);
    ss_flow_table_advance(rig.table, SS_TIME_MAX, rig.frame);
    EXPECT(&rig, "1+");
    rig_close(&rig);
}

/* What a packet starts after a long silence does not depend on what else was in the capture. */
static void
test_after_silence(void **state)
{
    (void)state;
    for (int is_busy = 0; is_busy < 2; is_busy++) {
        Rig rig;
        Wire wire, other;

        rig_open(&rig, NULL);
        wire_open(&wire, &rig, 1, 25);
        wire_open(&other, &rig, 2, 80);
        wire_handshake(&wire);
        for (int minute = 0; minute < 120; minute++) {
            rig.now_ns += 59 * SECOND;
            if (is_busy) {
                wire_send(&other, SS_CLIENT, ACK, "GET");
            } else {
                rig.now_ns += SECOND;
            }
        }
        wire_send(&wire, SS_SERVER, ACK, "220");
        EXPECT(&rig, "1+ 1:timeout 2+ 2:<220");
        rig_close(&rig);
    }
}

static void
test_time_backwards(void **state)
{
    Rig rig;
    Wire wire;

    (void)state;
    rig_open(&rig, NULL);
    wire_open(&wire, &rig, 1, 25);
    wire_handshake(&wire);
    rig.now_ns -= 900 * SECOND;
    wire_send(&wire, SS_SERVER, ACK, "220");
    rig.now_ns = -5 * SECOND;
    wire_send(&wire, SS_CLIENT, ACK, "NOOP");
    rig.now_ns = 10000 * SECOND;
    wire_send(&wire, SS_SERVER, ACK, "late");
    EXPECT(&rig, "1+ 1:<220 1:>NOOP 1:timeout 2+ 2:<late");
    rig_close(&rig);
    /* What came before the clock went back was as late as it was. */
    rig_open(&rig, NULL);
    wire_open(&wire, &rig, 1, 25);
    rig.now_ns = 10000 * SECOND;
    wire_handshake(&wire);
    rig.now_ns = 5000 * SECOND;
    wire_send(&wire, SS_SERVER, ACK, "220");
    rig.now_ns = 13000 * SECOND;
    wire_send(&wire, SS_CLIENT, ACK, "NOOP");
    EXPECT(&rig, "1+ 1:<220 1:>NOOP");
    rig_close(&rig);
}

static void
test_from_the_middle(void **state)
{
    Rig rig;
    Wire wire, other;

    (void)state;
    rig_open(&rig, NULL);
    wire_open(&wire, &rig, 1, 25);
    wire_send(&wire, SS_SERVER, ACK, "250");
    wire_send(&wire, SS_CLIENT, ACK, "NOOP");
    wire_fins(&wire);
    EXPECT(&rig, "1+ 1:<250 1:>NOOP 1:fin");
    /* A SYN-ACK that comes before its SYN is no beginning in the middle. */
    wire_open(&other, &rig, 2, 587);
    wire_raw(&other, SS_SERVER, SYN | ACK, 5000, other.seq[SS_CLIENT] + 1, SS_SLICE_NULL);
    wire_send(&other, SS_CLIENT, SYN, NULL);
    other.seq[SS_SERVER] = 5001;
    wire_send(&other, SS_CLIENT, ACK, NULL);
    wire_send(&other, SS_SERVER, ACK, "220");
    EXPECT(&rig, "1+ 1:<250 1:>NOOP 1:fin 2+ 2:<220");
    rig_close(&rig);
}

/* The SYN comes late into the capture. */
static void
test_syn_overtaken(void **state)
{
    Rig rig;
    Wire wire;

    (void)state;
    rig_open(&rig, NULL);
    wire_open(&wire, &rig, 1, 25);
    wire.seq[SS_CLIENT]++;
    wire_send(&wire, SS_CLIENT, ACK, "NOOP");
    wire_raw(&wire, SS_CLIENT, SYN, wire.seq[SS_CLIENT] - 5, 0, SS_SLICE_NULL);
    wire_send(&wire, SS_SERVER, ACK, "250");
    EXPECT(&rig, "1+ 1:>NOOP 1:<250");
    rig_close(&rig);
}

static void
test_one_direction(void **state)
{
    Rig rig;
    Wire wire;

    (void)state;
    rig_open(&rig, NULL);
    wire_open(&wire, &rig, 1, 25);
    wire_send(&wire, SS_CLIENT, SYN, NULL);
    for (int i = 0; i < 3; i++) {
        wire.seq[SS_SERVER] += 10;
        wire_send(&wire, SS_CLIENT, ACK, "NOOP");
    }
    wire_send(&wire, SS_CLIENT, ACK | FIN, NULL);
    EXPECT(&rig, "1+ 1:>NOOP 1:>NOOP 1:>NOOP");
    ss_flow_table_finish(rig.table, rig.frame);
    EXPECT(&rig, "1+ 1:>NOOP 1:>NOOP 1:>NOOP 1:capture");
    rig_close(&rig);
}

/* A hole that time alone gives up may be all that kept a session open. */
static void
test_hole_before_the_end(void **state)
{
    Rig rig;
    Wire wire;

    (void)state;
    rig_open(&rig, NULL);
    wire_open(&wire, &rig, 1, 25);
    wire_handshake(&wire);
    wire.seq[SS_CLIENT] += 4;
    wire_send(&wire, SS_CLIENT, ACK, "QUIT");
    wire_fins(&wire);
    EXPECT(&rig, "1+");
    ss_flow_table_advance(rig.table, rig.now_ns + 5 * SECOND, rig.frame);
    EXPECT(&rig, "1+ 1:>[4] 1:>QUIT 1:fin");
    rig_close(&rig);
}

static void
test_flows_limit(void **state)
{
    SsLimits limits = SS_LIMITS_DEFAULT;
    Rig rig;
    Wire wires[4];

    (void)state;
    limits.flows = 3;
    rig_open(&rig, &limits);
    for (uint32_t i = 0; i < 3; i++) {
        wire_open(&wires[i], &rig, i + 1, 25);
        wire_handshake(&wires[i]);
    }
    wire_send(&wires[0], SS_SERVER, ACK, "220");
    wire_open(&wires[3], &rig, 4, 25);
    wire_handshake(&wires[3]);
    EXPECT(&rig, "1+ 2+ 3+ 1:<220 4+ 2:evicted");
    assert_int_equal(ss_flow_table_stats(rig.table)->evicted_for_flows, 1);
    assert_int_equal(ss_flow_table_stats(rig.table)->evicted_for_memory, 0);
    ss_flow_table_finish(rig.table, rig.frame);
    EXPECT(&rig, "1+ 2+ 3+ 1:<220 4+ 2:evicted 1:capture 3:capture 4:capture");
    rig_close(&rig);
}

/* Attempts that nobody answers do not push out sessions. */
static void
test_flood(void **state)
{
    SsLimits limits = SS_LIMITS_DEFAULT;
    Rig rig;
    Wire wires[10];

    (void)state;
    limits.flows = 20;
    rig_open(&rig, &limits);
    for (uint32_t i = 0; i < G_N_ELEMENTS(wires); i++) {
        wire_open(&wires[i], &rig, i, 25);
        wire_handshake(&wires[i]);
    }
    for (uint32_t i = 100; i < 300; i++) {
        Wire wire;
        wire_open(&wire, &rig, i, 25);
        wire_raw(&wire, SS_CLIENT, SYN, i, 0, SS_SLICE_NULL);
    }
    ss_flow_table_advance(rig.table, rig.now_ns, rig.frame);
    g_string_truncate(rig.said, 0);
    for (size_t i = 0; i < G_N_ELEMENTS(wires); i++) {
        wire_send(&wires[i], SS_SERVER, ACK, "220");
    }
    EXPECT(&rig, "1:<220 2:<220 3:<220 4:<220 5:<220 6:<220 7:<220 8:<220 9:<220 10:<220");
    rig_close(&rig);
}

static void
test_memory_limit(void **state)
{
    g_autofree char *text = g_strnfill(1000, 'x');
    SsLimits limits = SS_LIMITS_DEFAULT;
    Rig rig;

    (void)state;
    limits.memory = 100000;
    rig_open(&rig, &limits);
    g_string_free(rig.said, TRUE);
    rig.said = NULL;
    for (uint32_t i = 0; i < 1000; i++) {
        Wire wire;
        wire_open(&wire, &rig, i, 25);
        wire_handshake(&wire);
        wire.seq[SS_CLIENT] += 10;
        wire_send(&wire, SS_CLIENT, ACK, text);
        assert_true(ss_flow_table_stats(rig.table)->memory < limits.memory + 3000);
    }
    assert_true(ss_flow_table_stats(rig.table)->evicted_for_memory > 900);
    rig_close(&rig);
}

static void
test_other_ports(void **state)
{
    Rig rig;
    Wire wire;

    (void)state;
    rig_open(&rig, NULL);
    wire_open(&wire, &rig, 1, 80);
    assert_int_equal(wire_send(&wire, SS_CLIENT, SYN, NULL), SS_FLOW_OTHER_PORT);
    /* A client may use a server's port number. */
    wire.address[SS_CLIENT].port = 25;
    assert_int_equal(wire_send(&wire, SS_CLIENT, SYN, NULL), SS_FLOW_OTHER_PORT);
    EXPECT(&rig, "");
    rig_close(&rig);
}

static void
test_ignored(void **state)
{
    Rig rig;
    Wire wire;

    (void)state;
    rig_open(&rig, NULL);
    rig.ignores = true;
    wire_open(&wire, &rig, 1, 25);
    wire_handshake(&wire);
    wire_send(&wire, SS_CLIENT, ACK, "GET /");
    EXPECT(&rig, "1+ 1:>GET / 1:evicted");
    assert_int_equal(wire_send(&wire, SS_CLIENT, ACK, "more"), SS_FLOW_OTHER_PORT);
    wire.seq[SS_CLIENT] += 5;
    wire_send(&wire, SS_CLIENT, ACK, "more");
    rig_close(&rig);
}

static uint64_t
uid_of_session(Rig *rig, Wire *wire)
{
    wire_handshake(wire);
    wire_fins(wire);
    return rig->last_uid;
}

static void
test_uid(void **state)
{
    Rig rig, elsewhere;
    Wire wire;
    uint64_t uid;

    (void)state;
    rig_open(&rig, NULL);
    wire_open(&wire, &rig, 1, 25);
    uid = uid_of_session(&rig, &wire);
    assert_int_not_equal(uid, 0);
    /* Seen elsewhere, at another time. */
    rig_open(&elsewhere, NULL);
    elsewhere.now_ns += 12345;
    elsewhere.frame = 400;
    wire_open(&wire, &elsewhere, 1, 25);
    assert_int_equal(uid_of_session(&elsewhere, &wire), uid);
    /* The same numbers once more: an own name. */
    elsewhere.now_ns += 300 * SECOND;
    wire_open(&wire, &elsewhere, 1, 25);
    assert_int_not_equal(uid_of_session(&elsewhere, &wire), uid);
    /* Other numbers, or another client. */
    elsewhere.now_ns += 300 * SECOND;
    wire_open(&wire, &elsewhere, 1, 25);
    wire.seq[SS_SERVER]++;
    assert_int_not_equal(uid_of_session(&elsewhere, &wire), uid);
    wire_open(&wire, &elsewhere, 2, 25);
    assert_int_not_equal(uid_of_session(&elsewhere, &wire), uid);
    rig_close(&elsewhere);
    rig_close(&rig);
}

static void
test_families_apart(void **state)
{
    Rig rig;
    Wire four, six;

    (void)state;
    rig_open(&rig, NULL);
    wire_open(&four, &rig, 1, 25);
    six = four;
    six.family = 6;
    wire_handshake(&four);
    wire_handshake(&six);
    EXPECT(&rig, "1+ 2+");
    rig_close(&rig);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_ends_at_last_ack),
        cmocka_unit_test(test_quiet_time),
        cmocka_unit_test(test_reset),
        cmocka_unit_test(test_lone_reset_starts_nothing),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_reset_ends_no_handshake),
        cmocka_unit_test(test_syn_again),
        cmocka_unit_test(test_port_reuse),
        cmocka_unit_test(test_timeouts),
        cmocka_unit_test(test_far_future),
        cmocka_unit_test(test_after_silence),
        cmocka_unit_test(test_time_backwards),
        cmocka_unit_test(test_from_the_middle),
        cmocka_unit_test(test_syn_overtaken),
        cmocka_unit_test(test_one_direction),
        cmocka_unit_test(test_hole_before_the_end),
        cmocka_unit_test(test_flows_limit),
        cmocka_unit_test(test_flood),
        cmocka_unit_test(test_memory_limit),
        cmocka_unit_test(test_other_ports),
        cmocka_unit_test(test_ignored),
        cmocka_unit_test(test_uid),
        cmocka_unit_test(test_families_apart),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
