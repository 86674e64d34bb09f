#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_tcp_reset;

static SsEvent
reset_of(SsTestHost *test, SsDirection by)
{
    SsEvent event = ss_test_note(test, SS_NOTE_RESET, 0);

    event.note.direction = by;
    event.note.in_dialogue = true;
    return event;
}

static void
test_reset(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_reset);
    SsEvent event = reset_of(test, SS_SERVER);

    (void)state;
    event.note.verb = SS_SLICE("RCPT");
    event.note.in_message = true;
    event.note.message = 3;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "tcp.reset"));
    assert_int_equal(ss_test_finding(test, 0)->message, 3);
    assert_string_equal(ss_test_finding(test, 0)->summary,
                        "the server reset the connection while RCPT waited for its reply: look at "
                        "the server's log at that time, and for a firewall that forges resets");
}

static void
test_places(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_reset);
    SsEvent event = reset_of(test, SS_CLIENT);

    (void)state;
    assert_true(ss_test_host_event(test, &event));
    test->session = 2;
    event = reset_of(test, SS_CLIENT);
    event.note.in_content = true;
    assert_true(ss_test_host_event(test, &event));
    assert_non_null(strstr(ss_test_finding(test, 0)->summary, "the client reset the connection "
                                                              "without QUIT"));
    assert_non_null(strstr(ss_test_finding(test, 1)->summary, "middle of a message's content"));
}

/* Refused connections, and stacks that say goodbye by a reset once QUIT is answered. */
static void
test_not_outside_a_dialogue(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_reset);
    SsEvent event = reset_of(test, SS_SERVER);

    (void)state;
    event.note.in_dialogue = false;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, ""));
}

/* TLS hides whether QUIT was answered, unless there are keys. */
static void
test_not_where_it_is_hidden(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_reset);
    SsEvent event = ss_test_note(test, SS_NOTE_ENCRYPTED, 0);

    (void)state;
    assert_true(ss_test_host_event(test, &event));
    event = reset_of(test, SS_SERVER);
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, ""));
    event = ss_test_event(test, SS_EVENT_TLS, 0);
    event.tls.decrypted = true;
    assert_true(ss_test_host_event(test, &event));
    event = reset_of(test, SS_SERVER);
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "tcp.reset"));
}

static void
test_not_twice(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_reset);
    SsEvent event = reset_of(test, SS_SERVER);

    (void)state;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "tcp.reset"));
}

static void
test_not_a_close(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_reset);
    SsEvent event = reset_of(test, SS_SERVER);

    (void)state;
    event.note.kind = SS_NOTE_CLOSED;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reset),
        cmocka_unit_test(test_places),
        cmocka_unit_test(test_not_outside_a_dialogue),
        cmocka_unit_test(test_not_where_it_is_hidden),
        cmocka_unit_test(test_not_twice),
        cmocka_unit_test(test_not_a_close),
    };

    return cmocka_run_group_tests_name("tcp-reset", tests, NULL, NULL);
}
