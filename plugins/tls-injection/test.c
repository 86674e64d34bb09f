#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_tls_injection;

static void
say(SsTestHost *test, SsDirection whose, const char *verb, const char *text, bool is_early)
{
    SsReplyText reply = {250, SS_SLICE_NULL, ss_test_slice(text), 9};
    SsEvent event = ss_test_note(test, SS_NOTE_INJECTION, 3);

    event.note.direction = whose;
    event.note.verb = ss_test_slice(verb);
    event.note.text = ss_test_slice(text);
    event.note.span = is_early;
    event.note.evidence = 9;
    event.note.reply = whose == SS_SERVER ? &reply : NULL;
    assert_true(ss_test_host_event(test, &event));
}

static void
encrypt(SsTestHost *test)
{
    SsEvent event = ss_test_note(test, SS_NOTE_ENCRYPTED, 5);

    assert_true(ss_test_host_event(test, &event));
}

static void
test_command(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_injection);
    const SsTestFinding *finding;

    (void)state;
    say(test, SS_CLIENT, "MAIL", "FROM:<eve@a.example>", true);
    encrypt(test);
    assert_true(ss_test_found(test, "tls.injection"));
    finding = ss_test_finding(test, 0);
    assert_int_equal(finding->kind->severity, SS_SEVERITY_HIGH);
    assert_true(g_str_has_prefix(finding->summary, "`MAIL FROM:<eve@a.example>` was sent"));
    assert_int_equal(g_array_index(finding->frames, uint64_t, 0), 9);
}

static void
test_reply(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_injection);

    (void)state;
    say(test, SS_SERVER, NULL, "injected", false);
    assert_true(ss_test_found(test, "tls.injection"));
    assert_true(g_str_has_prefix(ss_test_finding(test, 0)->summary, "`250 injected` was sent"));
}

static void
test_behind_the_220(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_injection);

    (void)state;
    say(test, SS_CLIENT, "RSET", "", false);
    assert_true(ss_test_found(test, ""));
    encrypt(test);
    encrypt(test);
    assert_true(ss_test_found(test, "tls.injection"));
    assert_true(g_str_has_prefix(ss_test_finding(test, 0)->summary, "`RSET` was sent"));
}

static void
test_long(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_injection);
    g_autofree char *text = g_strnfill(4096, 'x');

    (void)state;
    say(test, SS_CLIENT, "MAIL", text, false);
    encrypt(test);
    assert_true(ss_test_found(test, "tls.injection"));
}

/* Recorded where TLS had been taken off. */
static void
test_not_without_tls(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_injection);
    SsEvent event;

    (void)state;
    say(test, SS_CLIENT, "EHLO", "a.example", false);
    event = ss_test_session(test, 100, SS_STATE_COMPLETE);
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, ""));
}

static void
test_not_tls_alone(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_injection);

    (void)state;
    encrypt(test);
    assert_true(ss_test_found(test, ""));
}

static void
test_not_in_another_session(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tls_injection);

    (void)state;
    say(test, SS_CLIENT, "EHLO", "a.example", false);
    test->session = 2;
    encrypt(test);
    assert_true(ss_test_found(test, ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_command),
        cmocka_unit_test(test_reply),
        cmocka_unit_test(test_behind_the_220),
        cmocka_unit_test(test_long),
        cmocka_unit_test(test_not_without_tls),
        cmocka_unit_test(test_not_tls_alone),
        cmocka_unit_test(test_not_in_another_session),
    };

    return cmocka_run_group_tests_name("tls-injection", tests, NULL, NULL);
}
