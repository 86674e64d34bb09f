#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_auth_weak;

static bool
found(const char *mechanism, SsSecurity security, int secret_kind, const char *ids)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_auth_weak);
    SsEvent event = ss_test_auth(test, 0, mechanism, "tim", SS_AUTH_SUCCESS);

    event.auth.security = (int)security;
    event.auth.secret_kind = secret_kind;
    assert_true(ss_test_host_event(test, &event));
    return ss_test_found(test, ids);
}

static void
test_weak(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_auth_weak);
    SsEvent event = ss_test_auth(test, 0, "CRAM-MD5", "t\033im", SS_AUTH_FAILURE);
    uint64_t frames[] = {8, 10};

    (void)state;
    event.auth.secret_kind = SS_SECRET_HASH;
    event.auth.evidence = (SsList){frames, 2, 2};
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "auth.weak"));
    assert_string_equal(ss_test_finding(test, 0)->summary,
                        "the CRAM-MD5 response of t\\x1bim crossed in the clear from 192.0.2.10 to "
                        "198.51.100.25 port 25 (the server refused it): whoever recorded it can "
                        "try passwords on it; require TLS for logins");
    assert_int_equal(ss_test_finding(test, 0)->kind->severity, SS_SEVERITY_MEDIUM);
    assert_int_equal(ss_test_finding(test, 0)->frames->len, 2);
    assert_true(found("DIGEST-MD5", SS_SECURITY_NONE, SS_SECRET_HASH, "auth.weak"));
    assert_true(found("NTLM", SS_SECURITY_NONE, SS_SECRET_HASH, "auth.weak"));
}

static void
test_not_on_tls(void **state)
{
    (void)state;
    assert_true(found("CRAM-MD5", SS_SECURITY_STARTTLS, SS_SECRET_HASH, ""));
    assert_true(found("NTLM", SS_SECURITY_SMTPS, SS_SECRET_HASH, ""));
}

static void
test_not_strong(void **state)
{
    (void)state;
    assert_true(found("SCRAM-SHA-256", SS_SECURITY_NONE, SS_SECRET_HASH, ""));
    assert_true(found("GSSAPI", SS_SECURITY_NONE, -1, ""));
}

static void
test_not_shown(void **state)
{
    (void)state;
    assert_true(found("PLAIN", SS_SECURITY_NONE, SS_SECRET_PASSWORD, "")); /* auth.cleartext's */
    assert_true(found("CRAM-MD5", SS_SECURITY_NONE, -1, ""));              /* given up before */
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_weak),
        cmocka_unit_test(test_not_on_tls),
        cmocka_unit_test(test_not_strong),
        cmocka_unit_test(test_not_shown),
    };

    return cmocka_run_group_tests_name("auth-weak", tests, NULL, NULL);
}
