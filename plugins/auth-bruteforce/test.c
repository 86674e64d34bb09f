#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_auth_bruteforce;

/* The head of the plugin's own. */
typedef struct {
    int kind;
    SsSlice client, username;
    uint64_t attempts, users, clients;
    int64_t duration_ns;
    bool is_success;
    SsList uids;
} Detail;

/* A login in a session of its own. */
static void
login(SsTestHost *test, double at_s, const char *client, const char *user, uint64_t code)
{
    SsEvent event = ss_test_auth(test, at_s * 1000, "PLAIN", user,
                                 code == 235 ? SS_AUTH_SUCCESS : SS_AUTH_FAILURE);

    test->session++;
    event.auth.client.ip = ss_test_slice(client);
    event.auth.reply.code = code;
    assert_true(ss_test_host_event(test, &event));
}

static void
test_guessing(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_auth_bruteforce);
    const SsTestFinding *finding;
    const Detail *detail;

    (void)state;
    for (int i = 0; i < 50; i++) {
        login(test, i * 1.2, "192.0.2.10", i % 2 ? "Alice" : "alice", 535);
        assert_true(ss_test_found(test, i < 9 ? "" : "auth.bruteforce"));
    }
    finding = ss_test_finding(test, 0);
    detail = finding->detail;
    assert_string_equal(finding->summary, "10 logins as Alice from 192.0.2.10 were refused in "
                                          "11 s: it tries passwords; block it, or mend the client");
    assert_int_equal(finding->kind->severity, SS_SEVERITY_HIGH);
    assert_int_equal(finding->frames->len, 10);
    assert_int_equal(detail->kind, 0);
    assert_int_equal(detail->attempts, 10);
    assert_int_equal(detail->users, 1);
    assert_int_equal(detail->uids.n, 9);
    assert_false(detail->is_success);
    login(test, 61, "192.0.2.10", "alice", 235);
    login(test, 62, "192.0.2.10", "alice", 235);
    assert_true(ss_test_found(test, "auth.bruteforce auth.bruteforce"));
    finding = ss_test_finding(test, 1);
    detail = finding->detail;
    assert_string_equal(finding->summary,
                        "192.0.2.10 logged in as alice behind 50 refused logins: take the account "
                        "for broken into, lock it and change its password");
    assert_int_equal(finding->frames->len, 11);
    assert_int_equal(detail->attempts, 50);
    assert_true(detail->is_success);
}

static void
test_spraying(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_auth_bruteforce);
    const Detail *detail;

    (void)state;
    for (int i = 0; i < 20; i++) {
        g_autofree char *user = g_strdup_printf("user%d", i);
        login(test, i, "192.0.2.10", user, 535);
    }
    assert_true(ss_test_found(test, "auth.bruteforce"));
    detail = ss_test_finding(test, 0)->detail;
    assert_int_equal(detail->kind, 1);
    assert_int_equal(detail->users, 10);
    assert_true(ss_slice_is_null(detail->username));
    assert_string_equal(ss_test_finding(test, 0)->summary,
                        "10 logins as 10 users from 192.0.2.10 were refused in 9 s: it tries a few "
                        "passwords on many accounts; block it");
}

static void
test_distributed(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_auth_bruteforce);
    const Detail *detail;

    (void)state;
    for (int i = 0; i < 15; i++) {
        g_autofree char *client = g_strdup_printf("192.0.2.%d", i / 2);
        login(test, i, client, "alice", 535);
    }
    assert_true(ss_test_found(test, "auth.bruteforce"));
    detail = ss_test_finding(test, 0)->detail;
    assert_int_equal(detail->kind, 2);
    assert_int_equal(detail->clients, 5);
    assert_true(ss_slice_is_null(detail->client));
    /* The user at home is none of the attackers. */
    login(test, 16, "203.0.113.1", "alice", 235);
    assert_true(ss_test_found(test, "auth.bruteforce"));
    login(test, 17, "192.0.2.7", "alice", 235);
    assert_true(ss_test_found(test, "auth.bruteforce auth.bruteforce"));
}

/* Another attack behind a pause is told anew. */
static void
test_again(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_auth_bruteforce);

    (void)state;
    for (int i = 0; i < 40; i++) {
        login(test, i + (i >= 20 ? 400 : 0), "192.0.2.10", "alice", 535);
    }
    assert_true(ss_test_found(test, "auth.bruteforce auth.bruteforce"));
    assert_int_equal(((const Detail *)ss_test_finding(test, 1)->detail)->attempts, 10);
}

static void
test_options(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_auth_bruteforce);
    SsTestHost *wrong = ss_test_host_new(&ss_plugin_auth_bruteforce);
    char err[128];

    (void)state;
    ss_test_host_option(test, "attempts", "3");
    ss_test_host_option(test, "window", "10");
    for (int i = 0; i < 5; i++) {
        login(test, i * 6, "192.0.2.10", "alice", 535);
        assert_true(ss_test_found(test, ""));
    }
    login(test, 25, "192.0.2.10", "alice", 535);
    assert_true(ss_test_found(test, "auth.bruteforce"));
    ss_test_host_option(wrong, "attempts", "101");
    assert_null(ss_plugin_auth_bruteforce.open(&wrong->host, err, sizeof err));
    assert_string_equal(err, "attempts=101: give a number from 2 to 100");
    assert_true(wrong->is_blamed);
    ss_test_host_free(wrong);
}

static void
test_not_slow(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_auth_bruteforce);

    (void)state;
    for (int i = 0; i < 100; i++) {
        login(test, i * 34.0, "192.0.2.10", "alice", 535);
    }
    assert_true(ss_test_found(test, ""));
}

static void
test_not_guesses(void **state)
{
    static const uint64_t codes[] = {500, 502, 503, 504, 530, 538, 454, 421, 432};
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_auth_bruteforce);

    (void)state;
    for (int i = 0; i < 200; i++) {
        login(test, i * 0.1, "192.0.2.10", "alice", codes[i % (int)G_N_ELEMENTS(codes)]);
    }
    assert_true(ss_test_found(test, ""));
}

static void
test_not_success(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_auth_bruteforce);

    (void)state;
    for (int i = 0; i < 200; i++) { /* a few typos among many logins */
        login(test, i, "192.0.2.10", i % 2 ? "alice" : "bob", i % 40 ? 235 : 535);
    }
    for (int i = 0; i < 9; i++) {
        login(test, 600 + i, "192.0.2.20", "carol", 535);
    }
    login(test, 610, "192.0.2.20", "carol", 235);
    assert_true(ss_test_found(test, ""));
    for (int i = 0; i < 10; i++) {
        login(test, 1000 + i, "192.0.2.20", "carol", 535);
    }
    login(test, 1400, "192.0.2.20", "carol", 235); /* long behind it */
    assert_true(ss_test_found(test, "auth.bruteforce"));
}

/* More clients than are remembered: the tables do not grow, and a new one is seen all the same. */
static void
test_many(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_auth_bruteforce);

    (void)state;
    for (int i = 0; i < 20000; i++) {
        g_autofree char *client = g_strdup_printf("10.0.%d.%d", i / 256, i % 256);
        g_autofree char *user = g_strdup_printf("user%d", i);
        login(test, i * 0.001, client, user, 535);
    }
    assert_true(ss_test_found(test, ""));
    for (int i = 0; i < 10; i++) {
        login(test, 21 + i, "192.0.2.10", NULL, 535);
    }
    assert_true(ss_test_found(test, "auth.bruteforce"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_guessing),    cmocka_unit_test(test_spraying),
        cmocka_unit_test(test_distributed), cmocka_unit_test(test_again),
        cmocka_unit_test(test_options),     cmocka_unit_test(test_not_slow),
        cmocka_unit_test(test_not_guesses), cmocka_unit_test(test_not_success),
        cmocka_unit_test(test_many),
    };

    return cmocka_run_group_tests_name("auth-bruteforce", tests, NULL, NULL);
}
