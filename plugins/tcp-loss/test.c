#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_tcp_loss;

static SsEvent
session_of(SsTestHost *test, uint64_t packets, uint64_t again)
{
    SsEvent event = ss_test_session(test, 1000, SS_STATE_COMPLETE);

    event.session_end.client.packets = packets;
    event.session_end.client.retransmitted_packets = again;
    event.session_end.server.packets = 1000;
    event.session_end.client.mss = event.session_end.server.mss = SS_COUNT_NONE;
    return event;
}

static void
test_shares(void **state)
{
    static const struct {
        uint64_t packets, again;
        const char *share, *least; /* options; NULL: as they are */
        bool is_found;
    } rows[] = {
        {100, 6, NULL, NULL, true},   {100, 5, NULL, NULL, false}, {20, 2, NULL, NULL, true},
        {19, 9, NULL, NULL, false},   {100, 0, "0", NULL, false},  {100, 1, "0", NULL, true},
        {100, 20, "20", NULL, false}, {10, 5, NULL, "10", true},   {0, 0, "0", "0", false},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_loss);
        SsEvent event = session_of(test, rows[i].packets, rows[i].again);

        if (rows[i].share) {
            ss_test_host_option(test, "share", rows[i].share);
        }
        if (rows[i].least) {
            ss_test_host_option(test, "min-packets", rows[i].least);
        }
        assert_true(ss_test_host_event(test, &event));
        assert_true(ss_test_found(test, rows[i].is_found ? "tcp.loss" : ""));
    }
}

static void
test_words(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_loss);
    SsEvent event = session_of(test, 1200, 90);

    (void)state;
    event.session_end.server.retransmitted_packets = 300;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "tcp.loss tcp.loss"));
    assert_string_equal(
        ss_test_finding(test, 0)->summary,
        "the client sent 90 of 1,200 packets again (7.5 %): they were lost, late or "
        "too long on the way to the server, or its acknowledgements lost or late; "
        "look for a full, slow or faulty link between them");
    assert_non_null(strstr(ss_test_finding(test, 1)->summary, "the server sent 300 of 1,000"));
}

/* Too long for the way they may be only where they are long. */
static void
test_full_size(void **state)
{
    static const struct {
        uint64_t bytes, stuck;
        bool is_said;
    } rows[] = {{8 * 1460, 0, true}, {8 * 999, 0, false}, {80, 1460, true}, {80, 999, false}};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_loss);
        SsEvent event = session_of(test, 30, 8);
        SsTcpTrouble trouble = {.end[SS_CLIENT].stuck_bytes = rows[i].stuck};

        event.session_end.client.retransmitted_bytes = rows[i].bytes;
        event.session_end.trouble = &trouble;
        assert_true(ss_test_host_event(test, &event));
        assert_true((strstr(ss_test_finding(test, 0)->summary, "at the path MTU") != NULL) ==
                    rows[i].is_said);
    }
}

static void
test_black_hole(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_loss);
    SsEvent event = session_of(test, 30, 8);
    SsTcpTrouble trouble = {.end[SS_CLIENT] = {
                                .largest_acked = 40,
                                .stuck_bytes = 1460,
                                .stuck_times = 8,
                            }};

    (void)state;
    event.session_end.trouble = &trouble;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "tcp.loss"));
    assert_non_null(strstr(ss_test_finding(test, 0)->summary, "large ones do not come through"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_shares),
        cmocka_unit_test(test_words),
        cmocka_unit_test(test_full_size),
        cmocka_unit_test(test_black_hole),
    };

    return cmocka_run_group_tests_name("tcp-loss", tests, NULL, NULL);
}
