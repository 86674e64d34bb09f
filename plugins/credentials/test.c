#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_credentials;

#define HEADER                                                                                     \
    "TIME                        CLIENT                SERVER                MECHANISM  USER     " \
    "                SECRET       OUTCOME  PROTECTION\n"

static void
test_columns(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_credentials);
    SsEvent event = ss_test_auth(test, 0, "PLAIN", "alice@a.example", SS_AUTH_SUCCESS);

    (void)state;
    assert_true(ss_test_host_event(test, &event));
    event = ss_test_auth(test, 1.5, "XOAUTH2", NULL, SS_AUTH_FAILURE);
    event.auth.security = SS_SECURITY_STARTTLS;
    event.auth.secret = SS_SLICE_NULL;
    event.auth.client.ip = ss_test_slice("2001:db8::1");
    assert_true(ss_test_host_event(test, &event));
    assert_string_equal(
        test->out->str,
        HEADER "2026-11-21T10:00:00.123000Z 192.0.2.10:40112      198.51.100.25:25      PLAIN      "
               "alice@a.example          ********     success  none\n"
               "2026-11-21T10:00:00.124500Z [2001:db8::1]:40112   198.51.100.25:25      XOAUTH2    "
               "-                        -            failure  starttls\n");
}

/* A value cannot forge a line or a column. */
static void
test_hostile(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_credentials);
    SsEvent event = ss_test_auth(test, 0, "PLAIN", "a b\n\033[2J\xff", SS_AUTH_ABORTED);

    (void)state;
    event.auth.secret = SS_SLICE("");
    assert_true(ss_test_host_event(test, &event));
    assert_non_null(strstr(test->out->str, "a\\x20b\\x0a\\x1b[2J\\xff  "));
    assert_non_null(strstr(test->out->str, "\"\" "));
    assert_null(strchr(test->out->str, '\033'));
}

static void
test_long_secrets(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_credentials);
    SsEvent event = ss_test_auth(test, 0, "XOAUTH2", "alice", SS_AUTH_SUCCESS);

    (void)state;
    test->host.show_secrets = true;
    event.auth.secret = SS_SLICE("ya29.a-token-that-is-longer-than-any-column");
    assert_true(ss_test_host_event(test, &event));
    event = ss_test_auth(test, 0, "PLAIN", "bob", SS_AUTH_FAILURE);
    event.auth.secret = SS_SLICE("short");
    assert_true(ss_test_host_event(test, &event));
    assert_non_null(
        strstr(test->out->str, "USER                     OUTCOME  PROTECTION SECRET\n"));
    assert_non_null(strstr(test->out->str,
                           "alice                    success  none       ya29.a-token-"
                           "that-is-longer-than-any-column\n"));
    assert_non_null(strstr(test->out->str, "bob                      failure  none       short\n"));
}

static void
test_no_login(void **state)
{
    SsTestHost *test = ss_test_host_new(&ss_plugin_credentials);

    (void)state;
    ss_test_host_open(test);
    assert_true(ss_plugin_credentials.close(test->self, &test->host));
    test->self = NULL;
    assert_string_equal(test->out->str, HEADER);
    ss_test_host_free(test);
}

static void
test_live_and_failure(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_credentials);
    SsEvent event = ss_test_auth(test, 0, "PLAIN", "alice", SS_AUTH_SUCCESS);

    (void)state;
    test->host.is_live = true;
    assert_true(ss_test_host_event(test, &event));
    assert_int_equal(test->flushes, 1);
    test->fails_writing = true;
    assert_false(ss_test_host_event(test, &event));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns),          cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_long_secrets),     cmocka_unit_test(test_no_login),
        cmocka_unit_test(test_live_and_failure),
    };

    return cmocka_run_group_tests_name("credentials", tests, NULL, NULL);
}
