#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_smtp_syntax;

static void
note(SsTestHost *test, const char *word, const char *verb, uint64_t span)
{
    SsEvent event = ss_test_note(test, SS_NOTE_SYNTAX, 1);

    event.note.text = ss_test_slice(word);
    event.note.verb = ss_test_slice(verb);
    event.note.span = span;
    event.note.evidence = event.frame;
    assert_true(ss_test_host_event(test, &event));
}

static void
end_session(SsTestHost *test)
{
    SsEvent event = ss_test_session(test, 100, SS_STATE_COMPLETE);

    assert_true(ss_test_host_event(test, &event));
}

static void
test_counts_each_word(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_syntax);

    (void)state;
    for (int i = 0; i < 1000; i++) {
        note(test, "no-brackets", "RCPT", 0);
    }
    note(test, "long-line", NULL, 12);
    assert_true(ss_test_found(test, ""));
    end_session(test);
    assert_true(ss_test_found(test, "smtp.syntax smtp.syntax"));
    assert_int_equal(ss_test_finding(test, 0)->kind->severity, SS_SEVERITY_LOW);
    assert_int_equal(g_array_index(ss_test_finding(test, 1)->frames, uint64_t, 0), 1);
    assert_non_null(strstr(ss_test_finding(test, 0)->summary, "longer than 1000 bytes, 12 times"));
    assert_non_null(strstr(ss_test_finding(test, 1)->summary, "1,000 times, first in RCPT"));
}

static void
test_not_a_word(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_syntax);

    (void)state;
    note(test, "something-else", NULL, 0);
    end_session(test);
    assert_true(ss_test_found(test, ""));
}

static void
test_not_a_clean_session(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_syntax);

    (void)state;
    end_session(test);
    assert_true(ss_test_found(test, ""));
}

/* Each session for itself. */
static void
test_not_another_session(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_syntax);

    (void)state;
    note(test, "tab", "MAIL", 0);
    test->session = 2;
    end_session(test);
    assert_true(ss_test_found(test, ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_counts_each_word),
        cmocka_unit_test(test_not_a_word),
        cmocka_unit_test(test_not_a_clean_session),
        cmocka_unit_test(test_not_another_session),
    };

    return cmocka_run_group_tests_name("smtp-syntax", tests, NULL, NULL);
}
