#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_tls_stripped;

static void
use(SsTestHost *test, const char *verb, uint64_t hello, const char *offer)
{
    SsEvent event = ss_test_note(test, SS_NOTE_USE, 3);

    event.note.verb = ss_test_slice(verb);
    event.note.span = hello;
    event.note.text = ss_test_slice(offer);
    assert_true(ss_test_host_event(test, &event));
}

static void
end_session(SsTestHost *test, const char *offer, SsSecurity security, uint64_t port)
{
    SsEvent event = ss_test_session(test, 100, SS_STATE_COMPLETE);
    SsSlice offers[] = {SS_SLICE("SIZE"), ss_test_slice(offer)};

    event.session_end.extensions = (SsList){offers, offer ? 2 : 1, offer ? 2 : 1};
    event.session_end.security = (int)security;
    event.session_end.server.at.port = port;
    assert_true(ss_test_host_event(test, &event));
    test->session++;
}

static void
test_written_over(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_stripped);
    SsEvent event = ss_test_note(test, SS_NOTE_MASKED, 3);

    (void)state;
    event.note.direction = SS_SERVER;
    event.note.text = ss_test_slice("XXXXXXXA");
    event.note.evidence = 5;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "tls.stripped"));
    assert_int_equal(ss_test_finding(test, 0)->kind->severity, SS_SEVERITY_HIGH);
    assert_true(
        g_str_has_prefix(ss_test_finding(test, 0)->summary, "`XXXXXXXA` stands where the server"));
    event.note.direction = SS_CLIENT;
    assert_true(ss_test_host_event(test, &event));
    assert_non_null(strstr(ss_test_finding(test, 1)->summary, "where the client said STARTTLS"));
}

static void
test_offered_first(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_stripped);

    (void)state;
    end_session(test, "starttls", SS_SECURITY_NONE, 25);
    use(test, "MAIL", 77, NULL);
    end_session(test, NULL, SS_SECURITY_NONE, 25);
    assert_true(ss_test_found(test, "tls.stripped"));
    assert_int_equal(g_array_index(ss_test_finding(test, 0)->frames, uint64_t, 0), 77);
    assert_non_null(strstr(ss_test_finding(test, 0)->summary, "198.51.100.25:25 did not offer"));
}

/* As many as there may be: one finding, which counts them. */
static void
test_offered_last(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_stripped);

    (void)state;
    for (int i = 0; i < 1000; i++) {
        end_session(test, NULL, SS_SECURITY_NONE, 25);
    }
    assert_true(ss_test_found(test, ""));
    end_session(test, NULL, SS_SECURITY_STARTTLS, 25);
    end_session(test, "STARTTLS", SS_SECURITY_NONE, 25);
    assert_true(ss_test_found(test, "tls.stripped"));
    assert_true(g_str_has_prefix(ss_test_finding(test, 0)->summary, "1,000 earlier sessions with"));
}

static void
test_not_another_server(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_stripped);

    (void)state;
    end_session(test, "STARTTLS", SS_SECURITY_NONE, 587);
    end_session(test, NULL, SS_SECURITY_NONE, 25);
    assert_true(ss_test_found(test, ""));
}

/* The second EHLO, inside TLS or behind a login, has no such offer. */
static void
test_not_second_hello(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_stripped);

    (void)state;
    end_session(test, "STARTTLS", SS_SECURITY_NONE, 25);
    use(test, "STARTTLS", 5, "STARTTLS");
    use(test, "MAIL", 9, NULL);
    end_session(test, NULL, SS_SECURITY_NONE, 25);
    assert_true(ss_test_found(test, ""));
}

static void
test_not_smtps_nor_helo(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_stripped);
    SsEvent event;

    (void)state;
    end_session(test, "STARTTLS", SS_SECURITY_NONE, 25);
    end_session(test, NULL, SS_SECURITY_SMTPS, 25);
    event = ss_test_session(test, 100, SS_STATE_COMPLETE); /* no reply to EHLO */
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, ""));
}

static void
test_not_where_bytes_are_missing(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_stripped);
    SsSlice offers[] = {SS_SLICE("SIZE")};
    SsEvent event;

    (void)state;
    end_session(test, "STARTTLS", SS_SECURITY_NONE, 25);
    event = ss_test_session(test, 100, SS_STATE_COMPLETE);
    event.session_end.extensions = (SsList){offers, 1, 1};
    event.session_end.server.missing_bytes = 15;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, ""));
}

/* What is remembered has a bound, and meeting it is told. */
static void
test_bound(void **state)
{
    SsTestHost *test = ss_test_host_new(&ss_plugin_tls_stripped);

    (void)state;
    ss_test_host_option(test, "servers", "2");
    for (uint64_t port = 1; port <= 3; port++) {
        end_session(test, "STARTTLS", SS_SECURITY_NONE, port);
    }
    end_session(test, NULL, SS_SECURITY_NONE, 3);
    assert_true(ss_test_found(test, "tls.stripped"));
    end_session(test, NULL, SS_SECURITY_NONE, 1); /* forgotten */
    assert_true(ss_test_found(test, "tls.stripped"));
    test->plugin->close(test->self, &test->host);
    test->self = NULL;
    assert_true(g_str_has_prefix(test->told->str, "2 servers were forgotten"));
    ss_test_host_free(test);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_written_over),
        cmocka_unit_test(test_offered_first),
        cmocka_unit_test(test_offered_last),
        cmocka_unit_test(test_not_another_server),
        cmocka_unit_test(test_not_second_hello),
        cmocka_unit_test(test_not_smtps_nor_helo),
        cmocka_unit_test(test_not_where_bytes_are_missing),
        cmocka_unit_test(test_bound),
    };

    return cmocka_run_group_tests_name("tls-stripped", tests, NULL, NULL);
}
