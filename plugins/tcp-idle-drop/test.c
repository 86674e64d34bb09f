#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_tcp_idle_drop;

#define SECOND INT64_C(1000000000)

static SsEvent
session_of(SsTestHost *test, const SsTcpTrouble *trouble, SsSessionState state)
{
    SsEvent event = ss_test_session(test, 700000, state);

    event.session_end.client.packets = event.session_end.server.packets = 20;
    event.session_end.client.mss = event.session_end.server.mss = SS_COUNT_NONE;
    event.session_end.trouble = trouble;
    return event;
}

static SsEvent
reset_of(SsTestHost *test, SsDirection by)
{
    SsEvent event = ss_test_note(test, SS_NOTE_RESET, 700000);

    event.note.direction = by;
    event.note.in_dialogue = true;
    event.note.evidence = 40;
    return event;
}

static void
test_unanswered(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_idle_drop);
    SsTcpTrouble trouble = {
        .idle_ns = 600 * SECOND,
        .end[SS_CLIENT] = {
            .largest_acked = 40, .stuck_bytes = 28, .stuck_times = 6, .stuck_frames = {31, 39}}};
    SsEvent event = session_of(test, &trouble, SS_STATE_TIMEOUT);
    const SsTestFinding *finding;

    (void)state;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "tcp.idle-drop"));
    finding = ss_test_finding(test, 0);
    assert_int_equal(finding->kind->severity, SS_SEVERITY_LOW);
    assert_int_equal(finding->frames->len, 2);
    assert_int_equal(g_array_index(finding->frames, uint64_t, 0), 31);
    assert_int_equal(g_array_index(finding->frames, uint64_t, 1), 39);
    assert_string_equal(finding->summary,
                        "nothing was sent for 10 min, and then what the client sent was never "
                        "acknowledged, though sent 6 times: the connection was dropped while idle, "
                        "most likely by a firewall, NAT or load balancer on the way; raise its "
                        "idle timeout, or have the client close idle connections sooner");
}

static void
test_reset(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_idle_drop);
    SsTcpTrouble trouble = {.idle_ns = 60 * SECOND};
    SsEvent event = reset_of(test, SS_SERVER);

    (void)state;
    event.note.verb = SS_SLICE("MAIL");
    assert_true(ss_test_host_event(test, &event));
    event = session_of(test, &trouble, SS_STATE_RESET);
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "tcp.idle-drop"));
    assert_non_null(strstr(ss_test_finding(test, 0)->summary,
                           "nothing was sent for 60 s, and then a reset in the server's name"));
    assert_int_equal(g_array_index(ss_test_finding(test, 0)->frames, uint64_t, 0), 40);
}

/* Resets that tell nothing of the pause. */
static void
test_not_resets(void **state)
{
    SsTcpTrouble trouble = {.idle_ns = 600 * SECOND};

    (void)state;
    for (int i = 0; i < 5; i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_idle_drop);
        SsEvent event = ss_test_note(test, SS_NOTE_ENCRYPTED, 0);
        bool is_found = i == 4; /* the same without any of these */

        if (i == 0) {
            assert_true(ss_test_host_event(test, &event));
        }
        event = reset_of(test, i == 1 ? SS_CLIENT : SS_SERVER);
        event.note.verb = i == 1 ? SS_SLICE("content") : SS_SLICE_NULL;
        event.note.in_content = i == 2;
        event.note.in_dialogue = i != 3;
        assert_true(ss_test_host_event(test, &event));
        event = session_of(test, &trouble, SS_STATE_RESET);
        assert_true(ss_test_host_event(test, &event));
        if (!ss_test_found(test, is_found ? "tcp.idle-drop" : "")) {
            fail_msg("row %d", i);
        }
    }
}

static void
test_not_stuck(void **state)
{
    static const struct {
        int64_t idle_ns;
        uint64_t times, stuck, others;
        SsSessionState state;
        bool is_found;
    } rows[] = {
        {60 * SECOND, 3, 28, 9, SS_STATE_TIMEOUT, true},
        {60 * SECOND - 1, 3, 28, 9, SS_STATE_TIMEOUT, false},
        {60 * SECOND, 2, 28, 9, SS_STATE_TIMEOUT, false},
        {60 * SECOND, 3, 1460, 9, SS_STATE_TIMEOUT, false}, /* a path-MTU black hole */
        {60 * SECOND, 3, 28, 0, SS_STATE_TIMEOUT, false},   /* one direction only */
        {60 * SECOND, 3, 28, 9, SS_STATE_COMPLETE, false},  /* QUIT was answered */
        {0, 3, 28, 9, SS_STATE_TIMEOUT, false},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_idle_drop);
        SsTcpTrouble trouble = {.idle_ns = rows[i].idle_ns,
                                .end[SS_SERVER] = {.largest_acked = 40,
                                                   .stuck_bytes = rows[i].stuck,
                                                   .stuck_times = rows[i].times}};
        SsEvent event = session_of(test, &trouble, rows[i].state);

        event.session_end.client.packets = rows[i].others;
        assert_true(ss_test_host_event(test, &event));
        if (!ss_test_found(test, rows[i].is_found ? "tcp.idle-drop" : "")) {
            fail_msg("row %zu", i);
        }
    }
}

static void
test_no_trouble(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_idle_drop);
    SsEvent event = reset_of(test, SS_SERVER);

    (void)state;
    assert_true(ss_test_host_event(test, &event));
    event = session_of(test, NULL, SS_STATE_RESET);
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_unanswered), cmocka_unit_test(test_reset),
        cmocka_unit_test(test_not_resets), cmocka_unit_test(test_not_stuck),
        cmocka_unit_test(test_no_trouble),
    };

    return cmocka_run_group_tests_name("tcp-idle-drop", tests, NULL, NULL);
}
