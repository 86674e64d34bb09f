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
    close_session(test, SS_STATE_CLOSED, "EHLO", false, false);
    assert_string_equal(ss_test_finding(test, 0)->summary,
                        "the client closed the connection before EHLO was answered");
}

/* One finding for one cause. */
static void
test_not_a_reset(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_disconnect);

    (void)state;
    close_session(test, SS_STATE_RESET, "EHLO", true, true);
    assert_true(ss_test_found(test, ""));
}

/* Closes a session with a message that ended then, with `outcome`. */
static void
close_message(SsTestHost *test, const char *reason, const char *verb, SsOutcome outcome,
              uint64_t missing)
{
    SsReplyText reply = {550, SS_SLICE("5.1.1"), SS_SLICE("no"), 7};
    SsEvent event = ss_test_note(test, SS_NOTE_CLOSED, 0);

    event.note.direction = SS_SERVER;
    event.note.verb = ss_test_slice(verb);
    event.note.in_message = true;
    event.note.text = ss_test_slice(reason);
    assert_true(ss_test_host_event(test, &event));
    event = ss_test_message(test, 0, outcome, SS_STAGE_RCPT);
    event.message.reply = outcome == SS_OUTCOME_INCOMPLETE ? NULL : &reply;
    assert_true(ss_test_host_event(test, &event));
    event = ss_test_session(test, 1, strcmp(reason, "fin") ? SS_STATE_TIMEOUT : SS_STATE_CLOSED);
    event.session_end.server.missing_bytes = missing;
    assert_true(ss_test_host_event(test, &event));
}

static void
test_not_behind_a_refusal(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_disconnect);

    (void)state;
    close_message(test, "fin", NULL, SS_OUTCOME_REJECTED, 0);
    test->session = 2;
    close_message(test, "fin", "RCPT", SS_OUTCOME_DEFERRED, 0);
    assert_true(ss_test_found(test, ""));
    test->session = 3;
    close_message(test, "fin", "RSET", SS_OUTCOME_REJECTED, 0);
    assert_true(ss_test_found(test, "smtp.disconnect"));
}

static void
test_not_where_bytes_are_missing(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_disconnect);

    (void)state;
    close_message(test, "fin", "RCPT", SS_OUTCOME_INCOMPLETE, 40);
    test->session = 2;
    close_message(test, "timeout", "RCPT", SS_OUTCOME_INCOMPLETE, 40);
    assert_true(ss_test_found(test, ""));
}

static void
test_replaced(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_disconnect);

    (void)state;
    close_message(test, "evicted", NULL, SS_OUTCOME_INCOMPLETE, 0);
    test->session = 2;
    close_message(test, "reused", NULL, SS_OUTCOME_INCOMPLETE, 0);
    assert_true(ss_test_found(test, "smtp.disconnect"));
    assert_string_equal(ss_test_finding(test, 0)->summary,
                        "a new connection on the same ports replaced this one between a message's "
                        "envelope and its content: it was not sent");
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
        cmocka_unit_test(test_not_a_reset),
        cmocka_unit_test(test_not_behind_a_refusal),
        cmocka_unit_test(test_not_where_bytes_are_missing),
        cmocka_unit_test(test_replaced),
        cmocka_unit_test(test_silence),
        cmocka_unit_test(test_not_between_commands),
        cmocka_unit_test(test_not_at_the_captures_end),
        cmocka_unit_test(test_not_behind_quit),
    };

    return cmocka_run_group_tests_name("smtp-disconnect", tests, NULL, NULL);
}
