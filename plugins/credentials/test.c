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

/* By fingerprints, and not by masks, it can be told where the same secret was used. */
static void
test_fingerprint(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_credentials);
    SsEvent event = ss_test_auth(test, 0, "PLAIN", "alice", SS_AUTH_SUCCESS);

    (void)state;
    event.auth.fingerprint = SS_SLICE("0123456789abcdef");
    assert_true(ss_test_host_event(test, &event));
    assert_non_null(
        strstr(test->out->str, "alice                    0123456789abcdef success  none\n"));
    assert_null(strstr(test->out->str, "********"));
}

static void
test_secrets_shown(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_credentials);

    (void)state;
    test->host.show_secrets = true;
    ss_test_host_open(test);
    assert_true(g_str_has_prefix(test->out->str, "# secrets are shown"));
}

static void
test_json(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_credentials);
    SsEvent event = ss_test_auth(test, 0, "PLAIN", "alice", SS_AUTH_SUCCESS);

    (void)state;
    test->host.show_secrets = true;
    ss_test_host_option(test, "format", "json");
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_host_event(test, &event));
    assert_string_equal(test->out->str, "{}\n{}\n");
}

/* --- hashcat --- */

static SsEvent
hash_login(SsTestHost *test, const char *mechanism, const char *user, const char *realm,
           SsSlice challenge, const char *secret)
{
    SsEvent event = ss_test_auth(test, 0, mechanism, user, SS_AUTH_FAILURE);

    event.auth.realm = ss_test_slice(realm);
    event.auth.challenge = challenge;
    event.auth.secret = ss_test_slice(secret);
    event.auth.secret_kind = SS_SECRET_HASH;
    return event;
}

#define NTLM_HEAD "NTLMSSP\0\2\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"

/* The examples that hashcat publishes for these modes; their passwords are all `hashcat`. */
static void
test_hashcat(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_credentials);
    SsEvent events[] = {
        hash_login(test, "CRAM-MD5", "user", NULL, SS_SLICE("<no-reply@hashcat.net>"),
                   "44eafd22fe76670f6b2879081a7f5f71"),
        hash_login(test, "NTLM", "u4-netntlm", "kNS",
                   SS_SLICE(NTLM_HEAD "\xcb\x80\x86\x04\x9e\xc4\x73\x6c"
                                      "rest"),
                   "338d08f8e26de93300000000000000000000000000000000:"
                   "9526fb8c23a90751cdd619b6cea564742e1e4bf33006ba41"),
        hash_login(test, "NTLM", "admin", "N46iSNekpT",
                   SS_SLICE(NTLM_HEAD "\x08\xca\x45\xb7\xd7\xea\x58\xee"),
                   ":88dcbe4446168966a153a0064958dac65c7830315c7830310000000000000b45c67103d07d7b95"
                   "acd12ffa11230e0000000052920b85f78d013c31cdb3b92f5d765c783030"),
    };

    (void)state;
    test->host.show_secrets = true;
    ss_test_host_option(test, "format", "hashcat");
    for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
        assert_true(ss_test_host_event(test, &events[i]));
    }
    assert_string_equal(
        test->out->str,
        "$cram_md5$PG5vLXJlcGx5QGhhc2hjYXQubmV0Pg==$"
        "dXNlciA0NGVhZmQyMmZlNzY2NzBmNmIyODc5MDgxYTdmNWY3MQ==\n"
        "u4-netntlm::kNS:338d08f8e26de93300000000000000000000000000000000:"
        "9526fb8c23a90751cdd619b6cea564742e1e4bf33006ba41:cb8086049ec4736c\n"
        "admin::N46iSNekpT:08ca45b7d7ea58ee:88dcbe4446168966a153a0064958dac6:"
        "5c7830315c7830310000000000000b45c67103d07d7b95acd12ffa11230e0000000052920b85f78d013c31cdb3"
        "b92f5d765c783030\n");
}

static void
test_hashcat_not(void **state)
{
    SsTestHost *test = ss_test_host_new(&ss_plugin_credentials);
    const SsSlice challenge = SS_SLICE(NTLM_HEAD "12345678");
    g_autofree char *nt1 = g_strnfill(48, 'a'), *nt2 = g_strnfill(60, 'b');
    g_autofree char *too_long = g_strnfill(1 + 32 + 1024 + 2, 'c'), *user = g_strnfill(61, 'u');
    g_autofree char *v1 = g_strconcat(":", nt1, NULL), *v2 = g_strconcat(":", nt2, NULL);
    SsEvent events[] = {
        hash_login(test, "SCRAM-SHA-256", "ann", NULL, SS_SLICE("r=a,s=b,i=1"), "dHzb="),
        hash_login(test, "DIGEST-MD5", "ann", "r", SS_SLICE("nonce=1"), "d388"),
        hash_login(test, "CRAM-MD5", "ann", NULL, SS_SLICE_NULL, "44eafd22"),
        hash_login(test, "CRAM-MD5", "ann", NULL, SS_SLICE("<1>"), "44eafd22"),
        hash_login(test, "NTLM", "ann", "d", SS_SLICE("NTLMSSP"), v1),
        hash_login(test, "NTLM", "ann", "d", challenge, ":"),
        hash_login(test, "NTLM", "ann", "d", challenge, too_long),
        hash_login(test, "NTLM", user, "d", challenge, v2),
        hash_login(test, "NTLM", "a\nn", "d", challenge, v2),
        hash_login(test, "NTLM", "ann", "d:e", challenge, v2),
        hash_login(test, "NTLM", "\xc3\xbc", "d", challenge, v2),
        ss_test_auth(test, 0, "PLAIN", "ann", SS_AUTH_SUCCESS),
    };

    (void)state;
    too_long[0] = ':';
    test->host.show_secrets = true;
    ss_test_host_option(test, "format", "hashcat");
    for (size_t i = 0; i < G_N_ELEMENTS(events); i++) {
        assert_true(ss_test_host_event(test, &events[i]));
    }
    assert_string_equal(test->out->str, "");
    assert_true(ss_plugin_credentials.close(test->self, &test->host));
    test->self = NULL;
    assert_string_equal(
        test->told->str,
        "10 logins have no line for hashcat: 2 of a mechanism that no mode takes "
        "(SCRAM, DIGEST-MD5); 2 whose challenge was not captured; 3 too long or too "
        "short for its mode; 3 with a name that its mode cannot take\n");
    ss_test_host_free(test);
}

/* A hash is as good as a password to whoever has time. */
static void
test_hashcat_unasked(void **state)
{
    SsTestHost *test = ss_test_host_new(&ss_plugin_credentials);
    char err[128] = "";

    (void)state;
    ss_test_host_option(test, "format", "hashcat");
    assert_null(ss_plugin_credentials.open(&test->host, err, sizeof err));
    assert_string_equal(err, "format=hashcat writes secrets: give --show-secrets");
    assert_true(test->is_blamed);
    ss_test_host_free(test);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_columns),          cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_long_secrets),     cmocka_unit_test(test_no_login),
        cmocka_unit_test(test_live_and_failure), cmocka_unit_test(test_fingerprint),
        cmocka_unit_test(test_secrets_shown),    cmocka_unit_test(test_json),
        cmocka_unit_test(test_hashcat),          cmocka_unit_test(test_hashcat_not),
        cmocka_unit_test(test_hashcat_unasked),
    };

    return cmocka_run_group_tests_name("credentials", tests, NULL, NULL);
}
