#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_tcp_window_closed;

#define SECOND INT64_C(1000000000)

static void
send_remark(SsTestHost *test, SsDirection direction, const char *text, uint64_t frame)
{
    SsEvent event = ss_test_note(test, SS_NOTE_TCP, 0);

    event.note.direction = direction;
    event.note.text = ss_test_slice(text);
    event.note.evidence = frame;
    assert_true(ss_test_host_event(test, &event));
}

static void
test_server(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_window_closed);
    SsTcpTrouble trouble = {.end[SS_SERVER].window_closed_ns = 12 * SECOND};
    SsEvent event = ss_test_session(test, 60000, SS_STATE_COMPLETE);
    const SsTestFinding *finding;

    (void)state;
    send_remark(test, SS_SERVER, "overlap", 7);
    send_remark(test, SS_CLIENT, "zero-window", 8);
    send_remark(test, SS_SERVER, "zero-window", 9);
    send_remark(test, SS_SERVER, "zero-window", 11);
    event.session_end.trouble = &trouble;
    event.session_end.server.zero_windows = 3;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "tcp.window-closed"));
    finding = ss_test_finding(test, 0);
    assert_int_equal(finding->kind->severity, SS_SEVERITY_LOW);
    assert_int_equal(finding->frames->len, 1);
    assert_int_equal(g_array_index(finding->frames, uint64_t, 0), 9);
    assert_string_equal(finding->summary,
                        "the server took no more bytes for 12 s in all, 3 times (its window was "
                        "closed): it is slower than what it is sent; look at load, disk and "
                        "content filters on the server");
}

static void
test_thresholds(void **state)
{
    static const struct {
        int64_t closed_ns;
        const char *seconds;
        bool is_found;
    } rows[] = {
        {5 * SECOND, NULL, true}, {5 * SECOND - 1, NULL, false}, {0, NULL, false},
        {0, "0", false},          {SECOND, "1", true},           {-SECOND, NULL, false},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_window_closed);
        SsTcpTrouble trouble = {.end[SS_CLIENT].window_closed_ns = rows[i].closed_ns};
        SsEvent event = ss_test_session(test, 60000, SS_STATE_COMPLETE);

        if (rows[i].seconds) {
            ss_test_host_option(test, "seconds", rows[i].seconds);
        }
        event.session_end.trouble = &trouble;
        assert_true(ss_test_host_event(test, &event));
        assert_true(ss_test_found(test, rows[i].is_found ? "tcp.window-closed" : ""));
    }
}

static void
test_no_trouble(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_window_closed);
    SsEvent event = ss_test_session(test, 60000, SS_STATE_COMPLETE);

    (void)state;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_server),
        cmocka_unit_test(test_thresholds),
        cmocka_unit_test(test_no_trouble),
    };

    return cmocka_run_group_tests_name("tcp-window-closed", tests, NULL, NULL);
}
