#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_tcp_path_mtu;

static SsEvent
session_of(SsTestHost *test, const SsTcpTrouble *trouble)
{
    SsEvent event = ss_test_session(test, 60000, SS_STATE_RESET);

    event.session_end.client.packets = event.session_end.server.packets = 20;
    event.session_end.client.mss = event.session_end.server.mss = SS_COUNT_NONE;
    event.session_end.trouble = trouble;
    return event;
}

static void
test_lost_after_data(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_path_mtu);
    SsTcpTrouble trouble = {
        .end[SS_CLIENT] = {
            .largest_acked = 310, .stuck_bytes = 1460, .stuck_times = 6, .stuck_frames = {12, 31}}};
    SsEvent event = ss_test_note(test, SS_NOTE_CLOSED, 60000);
    const SsTestFinding *finding;

    (void)state;
    event.note.in_content = true;
    event.note.message = 2;
    assert_true(ss_test_host_event(test, &event));
    event = session_of(test, &trouble);
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "tcp.path-mtu"));
    finding = ss_test_finding(test, 0);
    assert_int_equal(finding->kind->severity, SS_SEVERITY_MEDIUM);
    assert_int_equal(finding->message, 2);
    assert_int_equal(g_array_index(finding->frames, uint64_t, 0), 12);
    assert_int_equal(g_array_index(finding->frames, uint64_t, 1), 31);
    assert_string_equal(
        finding->summary,
        "a segment of 1,460 bytes from the client, content of message 2, was sent 6 times and "
        "never acknowledged, while the server acknowledged those of 310 and less: a path-MTU black "
        "hole; lower the MTU of the sender's interface, clamp the MSS where the path narrows (VPN, "
        "tunnel, PPPoE), or let ICMP \"fragmentation needed\" and \"packet too big\" through");
}

/* Each row differs from a black hole in one thing. */
static void
test_rows(void **state)
{
    static const struct {
        uint64_t acked, stuck, times, mss, others; /* packets of the other side */
        bool is_found;
    } rows[] = {
        {310, 1460, 3, SS_COUNT_NONE, 9, true},
        {310, 1460, 2, SS_COUNT_NONE, 9, false},  /* lost by chance */
        {1460, 1460, 9, SS_COUNT_NONE, 9, false}, /* such do come through */
        {0, 1460, 9, SS_COUNT_NONE, 9, false},    /* nothing does */
        {310, 999, 9, SS_COUNT_NONE, 9, false},   /* not of full size … */
        {310, 999, 9, 1460, 9, false},
        {310, 524, 9, 536, 9, true},             /* … which may be less */
        {310, 524, 9, 20, 9, false},             /* nonsense of a sender's */
        {310, 1460, 9, SS_COUNT_NONE, 0, false}, /* acknowledgements were not captured */
        {310, 0, 0, SS_COUNT_NONE, 9, false},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_path_mtu);
        SsTcpTrouble trouble = {.end[SS_SERVER] = {.largest_acked = rows[i].acked,
                                                   .stuck_bytes = rows[i].stuck,
                                                   .stuck_times = rows[i].times}};
        SsEvent event = session_of(test, &trouble);

        event.session_end.client.mss = rows[i].mss;
        event.session_end.client.packets = rows[i].others;
        assert_true(ss_test_host_event(test, &event));
        if (!ss_test_found(test, rows[i].is_found ? "tcp.path-mtu" : "")) {
            fail_msg("row %zu", i);
        }
    }
}

static void
test_no_trouble(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_path_mtu);
    SsEvent event = session_of(test, NULL);

    (void)state;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lost_after_data),
        cmocka_unit_test(test_rows),
        cmocka_unit_test(test_no_trouble),
    };

    return cmocka_run_group_tests_name("tcp-path-mtu", tests, NULL, NULL);
}
