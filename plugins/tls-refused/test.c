#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_tls_refused;

static SsEvent
refusal(SsTestHost *test, SsDirection by, const char *why)
{
    SsEvent event = ss_test_note(test, SS_NOTE_TLS_REFUSED, 3);

    event.note.direction = by;
    event.note.text = ss_test_slice(why);
    event.note.evidence = 9;
    return event;
}

static void
test_reply(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_refused);
    SsReplyText reply = {454, ss_test_slice("4.7.0"), ss_test_slice("not available"), 9};
    SsEvent event = refusal(test, SS_SERVER, NULL);
    const SsTestFinding *finding;

    (void)state;
    event.note.reply = &reply;
    event.note.span = 8;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "tls.refused"));
    finding = ss_test_finding(test, 0);
    assert_int_equal(finding->kind->severity, SS_SEVERITY_MEDIUM);
    assert_non_null(strstr(finding->summary, "refused STARTTLS (454 4.7.0 not available)"));
    assert_int_equal(finding->frames->len, 2);
}

static void
test_alerts(void **state)
{
    static const struct {
        const char *why, *says;
    } rows[] = {
        {"unknown_ca",
         "the client sent the alert unknown_ca, the issuer of the server's certificate"},
        {"certificate_expired", "certificate has expired"},
        {"protocol_version",
         "the client sent the alert protocol_version, no common TLS version; compare"},
        {"sealed-alert", "the client ended it with an alert, why is encrypted"},
        {"alert", "the client sent the alert alert; see its log"},
        {"closed", "the client closed the connection in the TLS handshake"},
        {"reset", "a reset from the client"},
        {"in-clear", "answered in the clear"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_refused);
        SsEvent event = refusal(test, SS_CLIENT, rows[i].why);
        assert_true(ss_test_host_event(test, &event));
        assert_true(ss_test_found(test, "tls.refused"));
        assert_non_null(strstr(ss_test_finding(test, 0)->summary, rows[i].says));
        assert_int_equal(ss_test_finding(test, 0)->frames->len, 1);
    }
}

static void
go_on(SsTestHost *test, SsDirection whose, bool is_early)
{
    SsEvent event = ss_test_note(test, SS_NOTE_INJECTION, 3);

    event.note.direction = whose;
    event.note.span = is_early;
    event.note.evidence = 7;
    assert_true(ss_test_host_event(test, &event));
}

static void
end_session(SsTestHost *test)
{
    SsEvent event = ss_test_session(test, 100, SS_STATE_COMPLETE);

    assert_true(ss_test_host_event(test, &event));
}

static void
test_not_begun(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_refused);

    (void)state;
    go_on(test, SS_CLIENT, false);
    end_session(test);
    assert_true(ss_test_found(test, "tls.not-begun"));
    assert_int_equal(g_array_index(ss_test_finding(test, 0)->frames, uint64_t, 0), 7);
}

static void
test_not_where_tls_began(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_refused);
    SsEvent event;

    (void)state;
    go_on(test, SS_CLIENT, false);
    event = ss_test_note(test, SS_NOTE_ENCRYPTED, 5);
    assert_true(ss_test_host_event(test, &event));
    end_session(test);
    assert_true(ss_test_found(test, ""));
}

static void
test_not_for_injections(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_refused);

    (void)state;
    go_on(test, SS_CLIENT, true);
    go_on(test, SS_SERVER, false);
    end_session(test);
    assert_true(ss_test_found(test, ""));
}

static void
test_not_in_plain_sessions(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_refused);

    (void)state;
    end_session(test);
    assert_true(ss_test_found(test, ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reply),
        cmocka_unit_test(test_alerts),
        cmocka_unit_test(test_not_begun),
        cmocka_unit_test(test_not_where_tls_began),
        cmocka_unit_test(test_not_for_injections),
        cmocka_unit_test(test_not_in_plain_sessions),
    };

    return cmocka_run_group_tests_name("tls-refused", tests, NULL, NULL);
}
