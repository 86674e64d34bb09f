#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_tls_opportunity;

static void
end_session(SsTestHost *test, SsSecurity security)
{
    SsEvent event = ss_test_session(test, 100, SS_STATE_COMPLETE);

    event.session_end.security = (int)security;
    assert_true(ss_test_host_event(test, &event));
}

static void
use(SsTestHost *test, double at_ms, const char *verb, uint64_t hello, const char *offer)
{
    SsEvent event = ss_test_note(test, SS_NOTE_USE, at_ms);

    event.note.verb = ss_test_slice(verb);
    event.note.span = hello;
    event.note.text = ss_test_slice(offer);
    event.note.evidence = event.frame;
    assert_true(ss_test_host_event(test, &event));
}

static void
test_not_used(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_opportunity);
    const SsTestFinding *finding;

    (void)state;
    use(test, 3, "MAIL", 7, "STARTTLS");
    use(test, 4, "MAIL", 7, "STARTTLS");
    end_session(test, SS_SECURITY_NONE);
    assert_true(ss_test_found(test, "tls.not-used"));
    finding = ss_test_finding(test, 0);
    assert_int_equal(finding->kind->severity, SS_SEVERITY_MEDIUM);
    assert_int_equal(finding->frames->len, 2);
    assert_int_equal(g_array_index(finding->frames, uint64_t, 0), 7);
    assert_int_equal(g_array_index(finding->frames, uint64_t, 1), 1);
}

static void
test_not_offered(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_opportunity);

    (void)state;
    use(test, 3, "AUTH", 1, NULL);
    end_session(test, SS_SECURITY_NONE);
    assert_true(ss_test_found(test, "tls.not-offered"));
    assert_int_equal(ss_test_finding(test, 0)->kind->severity, SS_SEVERITY_LOW);
    assert_non_null(strstr(ss_test_finding(test, 0)->summary, "a login went on"));
}

static void
test_not_on_tls(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_opportunity);

    (void)state;
    use(test, 3, "MAIL", 1, NULL);
    end_session(test, SS_SECURITY_SMTPS);
    assert_true(ss_test_found(test, ""));
}

/* "530 Must issue STARTTLS first", and the client does. */
static void
test_not_where_it_was_tried(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_opportunity);

    (void)state;
    use(test, 3, "MAIL", 1, "STARTTLS");
    use(test, 4, "STARTTLS", 1, "STARTTLS");
    end_session(test, SS_SECURITY_NONE);
    assert_true(ss_test_found(test, ""));
}

static void
test_not_without_ehlo_reply(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_opportunity);

    (void)state;
    use(test, 3, "MAIL", 0, NULL);
    end_session(test, SS_SECURITY_NONE);
    test->session = 2;
    use(test, 5, "MAIL", 0, NULL);
    end_session(test, SS_SECURITY_NONE);
    assert_true(ss_test_found(test, ""));
}

static void
test_not_without_mail(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_opportunity);

    (void)state;
    end_session(test, SS_SECURITY_NONE);
    assert_true(ss_test_found(test, ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_not_used),
        cmocka_unit_test(test_not_offered),
        cmocka_unit_test(test_not_on_tls),
        cmocka_unit_test(test_not_where_it_was_tried),
        cmocka_unit_test(test_not_without_ehlo_reply),
        cmocka_unit_test(test_not_without_mail),
    };

    return cmocka_run_group_tests_name("tls-opportunity", tests, NULL, NULL);
}
