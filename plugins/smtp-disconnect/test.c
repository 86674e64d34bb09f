#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_smtp_disconnect;

static void
close_session(SsTestHost *test, SsSessionState state, const char *verb, bool in_message,
              bool in_content)
{
    SsEvent event = ss_test_note(test, SS_NOTE_CLOSED, 0);
    static const char *const reasons[] = {"fin", "fin", "reset", "timeout", "capture"};

    event.note.direction = SS_CLIENT;
    event.note.verb = ss_test_slice(verb);
    event.note.in_message = in_message;
    event.note.in_content = in_content;
    event.note.message = in_message ? 1 : 0;
    event.note.text = ss_test_slice(reasons[state]);
    assert_true(ss_test_host_event(test, &event));
    event = ss_test_session(test, 1, state);
    assert_true(ss_test_host_event(test, &event));
}

static void
test_in_content(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_disconnect);

    (void)state;
    close_session(test, SS_STATE_CLOSED, NULL, true, true);
    assert_true(ss_test_found(test, "smtp.disconnect"));
    assert_int_equal(ss_test_finding(test, 0)->message, 1);
    assert_string_equal(ss_test_finding(test, 0)->summary,
                        "the client closed the connection in the middle of a message's content: "
                        "it did not arrive whole, and the client should send it again");
}

static void
test_in_command(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_disconnect);

    (void)state;
    close_session(test, SS_STATE_RESET, "EHLO", false, false);
    assert_string_equal(ss_test_finding(test, 0)->summary,
                        "the client reset the connection before EHLO was answered");
}

static void
test_silence(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_disconnect);

    (void)state;
    close_session(test, SS_STATE_TIMEOUT, "DATA", true, false);
    assert_true(g_str_has_prefix(ss_test_finding(test, 0)->summary,
                                 "both sides fell silent before DATA was answered"));
}

static void
test_not_between_commands(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_disconnect);

    (void)state;
    close_session(test, SS_STATE_CLOSED, NULL, false, false);
    assert_true(ss_test_found(test, ""));
}

static void
test_not_at_the_captures_end(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_disconnect);

    (void)state;
    close_session(test, SS_STATE_OPEN, "DATA", true, true);
    assert_true(ss_test_found(test, ""));
}

static void
test_not_behind_quit(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_disconnect);

    (void)state;
    close_session(test, SS_STATE_CLOSED, "QUIT", false, false);
    test->session = 2;
    close_session(test, SS_STATE_COMPLETE, NULL, true, false);
    assert_true(ss_test_found(test, ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_in_content),
        cmocka_unit_test(test_in_command),
        cmocka_unit_test(test_silence),
        cmocka_unit_test(test_not_between_commands),
        cmocka_unit_test(test_not_at_the_captures_end),
        cmocka_unit_test(test_not_behind_quit),
    };

    return cmocka_run_group_tests_name("smtp-disconnect", tests, NULL, NULL);
}
