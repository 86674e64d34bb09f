#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_smtp_8bit;

static void
note(SsTestHost *test, const char *text, const char *verb, uint64_t offered)
{
    SsEvent event = ss_test_note(test, SS_NOTE_EIGHT_BIT, 1);

    event.note.text = ss_test_slice(text);
    event.note.verb = ss_test_slice(verb);
    event.note.span = offered;
    event.note.message = 1;
    event.note.evidence = 7;
    assert_true(ss_test_host_event(test, &event));
}

static void
test_content(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_8bit);

    (void)state;
    note(test, "content", NULL, 0);
    assert_true(ss_test_found(test, "smtp.8bit"));
    assert_int_equal(ss_test_finding(test, 0)->kind->severity, SS_SEVERITY_LOW);
    assert_int_equal(ss_test_finding(test, 0)->message, 1);
    assert_int_equal(g_array_index(ss_test_finding(test, 0)->frames, uint64_t, 0), 7);
    assert_non_null(strstr(ss_test_finding(test, 0)->summary, "8BITMIME"));
}

static void
test_address(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_8bit);

    (void)state;
    note(test, "address", "RCPT", 1);
    note(test, "address", "MAIL", 0);
    assert_true(ss_test_found(test, "smtp.8bit smtp.8bit"));
    assert_non_null(strstr(ss_test_finding(test, 0)->summary, "did not ask for SMTPUTF8"));
    assert_non_null(strstr(ss_test_finding(test, 1)->summary, "does not offer SMTPUTF8"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_content),
        cmocka_unit_test(test_address),
    };

    return cmocka_run_group_tests_name("smtp-8bit", tests, NULL, NULL);
}
