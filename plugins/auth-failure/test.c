#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_auth_failure;

static SsEvent
refused(SsTestHost *test, uint64_t code, const char *enhanced, const char *text)
{
    SsEvent event = ss_test_auth(test, 0, "PLAIN", "alice", SS_AUTH_FAILURE);

    event.auth.reply =
        (SsReplyText){code, ss_test_slice(enhanced), ss_test_slice(text), event.frame};
    return event;
}

static void
test_refused(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_auth_failure);
    SsEvent event = refused(test, 535, "5.7.8", "no\033[2J");
    uint64_t frames[] = {8, 10};

    (void)state;
    event.auth.evidence = (SsList){frames, 2, 2};
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "auth.failure"));
    assert_int_equal(ss_test_finding(test, 0)->kind->severity, SS_SEVERITY_LOW);
    assert_string_equal(ss_test_finding(test, 0)->summary,
                        "the login of alice at 198.51.100.25:25 was refused: wrong user name or "
                        "password; check what the client is set to (535 5.7.8 no\\x1b[2J)");
    assert_int_equal(ss_test_finding(test, 0)->frames->len, 2);
}

static void
test_reasons(void **state)
{
    static const struct {
        uint64_t code;
        const char *enhanced, *text, *reason;
    } rows[] = {
        {534, "5.7.9", "Authentication mechanism is too weak", "too weak"},
        {534, "5.7.9", "Application-specific password required.", "made for this client"},
        {454, "4.7.0", "Temporary authentication failure", "could not check it just now"},
        {454, "4.7.0", "Too many login attempts", "no more attempts"},
        {538, "5.7.11", "Encryption required", "encryption needed"},
        {535, "5.7.139", "Authentication unsuccessful, SmtpClientAuthentication is disabled",
         "switched off"},
        {535, "5.7.3", "Authentication unsuccessful", "wrong user name or password"},
        {432, "4.7.12", "A password transition is needed", "must be changed"},
        {503, "5.5.1", "Error: authentication not enabled", "takes no logins here"},
        {504, "5.5.4", "no such mechanism", "does not know this mechanism"},
        {550, "5.7.8", "no", "wrong user name or password"},
        {435, NULL, "later", "try again later"},
        {599, NULL, "", "see the server's text"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_auth_failure);
        SsEvent event = refused(test, rows[i].code, rows[i].enhanced, rows[i].text);
        assert_true(ss_test_host_event(test, &event));
        if (!strstr(ss_test_finding(test, 0)->summary, rows[i].reason)) {
            fail_msg("%s", ss_test_finding(test, 0)->summary);
        }
    }
}

static void
test_not(void **state)
{
    static const SsAuthOutcome outcomes[] = {SS_AUTH_SUCCESS, SS_AUTH_ABORTED, SS_AUTH_UNKNOWN};
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_auth_failure);

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(outcomes); i++) {
        SsEvent event = ss_test_auth(test, 0, "PLAIN", "alice", outcomes[i]);
        assert_true(ss_test_host_event(test, &event));
        assert_true(ss_test_found(test, ""));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_not),
    };

    return cmocka_run_group_tests_name("auth-failure", tests, NULL, NULL);
}
