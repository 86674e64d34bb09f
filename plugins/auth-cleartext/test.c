#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_auth_cleartext;

static bool
found(SsSecurity security, int secret_kind, const char *ids)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_auth_cleartext);
    SsEvent event = ss_test_auth(test, 0, "PLAIN", "alice", SS_AUTH_SUCCESS);

    event.auth.security = (int)security;
    event.auth.secret_kind = secret_kind;
    assert_true(ss_test_host_event(test, &event));
    return ss_test_found(test, ids);
}

static void
test_password(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_auth_cleartext);
    SsEvent event = ss_test_auth(test, 0, "LOGIN", "al\033ice", SS_AUTH_FAILURE);
    const SsTestFinding *finding;

    (void)state;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "auth.cleartext"));
    finding = ss_test_finding(test, 0);
    assert_int_equal(finding->kind->severity, SS_SEVERITY_HIGH);
    assert_string_equal(finding->summary,
                        "the password of al\\x1bice crossed in the clear from 192.0.2.10 to "
                        "198.51.100.25 port 25 (LOGIN; the server refused it): a wrong guess "
                        "or an old password; require TLS for logins");
    assert_int_equal(finding->frames->len, 1);
    assert_int_equal(g_array_index(finding->frames, uint64_t, 0), event.frame);
}

static void
test_evidence(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_auth_cleartext);
    SsEvent event = ss_test_auth(test, 0, "LOGIN", "alice", SS_AUTH_SUCCESS);
    uint64_t frames[] = {8, 10};
    const SsTestFinding *finding;

    (void)state;
    event.auth.evidence = (SsList){frames, 2, 2};
    assert_true(ss_test_host_event(test, &event));
    finding = ss_test_finding(test, 0);
    assert_int_equal(finding->frames->len, 2);
    assert_int_equal(g_array_index(finding->frames, uint64_t, 0), 8);
    assert_int_equal(g_array_index(finding->frames, uint64_t, 1), 10);
    assert_true(g_str_has_suffix(finding->summary, ": change it and require TLS for logins"));
    event.auth.outcome = SS_AUTH_ABORTED;
    assert_true(ss_test_host_event(test, &event));
    assert_true(g_str_has_suffix(ss_test_finding(test, 1)->summary, "): require TLS for logins"));
}

static void
test_token(void **state)
{
    (void)state;
    assert_true(found(SS_SECURITY_NONE, SS_SECRET_TOKEN, "auth.cleartext"));
}

static void
test_not_on_tls(void **state)
{
    (void)state;
    assert_true(found(SS_SECURITY_STARTTLS, SS_SECRET_PASSWORD, ""));
    assert_true(found(SS_SECURITY_SMTPS, SS_SECRET_TOKEN, ""));
}

static void
test_not_a_hash(void **state)
{
    (void)state;
    assert_true(found(SS_SECURITY_NONE, SS_SECRET_HASH, ""));
}

/* Given up before the secret was sent. */
static void
test_not_without_secret(void **state)
{
    (void)state;
    assert_true(found(SS_SECURITY_NONE, -1, ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_password),           cmocka_unit_test(test_token),
        cmocka_unit_test(test_not_on_tls),         cmocka_unit_test(test_not_a_hash),
        cmocka_unit_test(test_not_without_secret), cmocka_unit_test(test_evidence),
    };

    return cmocka_run_group_tests_name("auth-cleartext", tests, NULL, NULL);
}
