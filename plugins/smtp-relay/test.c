#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_smtp_relay;

static void
take(SsTestHost *test, const char *client, const char *domain)
{
    SsEvent event = ss_test_note(test, SS_NOTE_TAKEN, 3);

    event.note.text = ss_test_slice(domain);
    event.note.client = (SsEndpoint){ss_test_slice(client), 40000};
    event.note.server = (SsEndpoint){SS_SLICE("198.51.100.25"), 25};
    event.note.message = 2;
    event.note.evidence = 20;
    assert_true(ss_test_host_event(test, &event));
    event = ss_test_session(test, 100, SS_STATE_COMPLETE);
    assert_true(ss_test_host_event(test, &event));
    test->session++;
}

static void
refuse(SsTestHost *test, const char *client, const char *address, const char *text)
{
    SsRecipient rcpt = {.address = ss_test_slice(address)};
    SsEvent event = ss_test_message(test, 2, SS_OUTCOME_REJECTED, SS_STAGE_RCPT);

    rcpt.reply = (SsReplyText){554, ss_test_slice("5.7.1"), ss_test_slice(text), 30};
    event.message.rcpt = (SsList){&rcpt, 1, 1};
    assert_true(ss_test_host_event(test, &event));
    event = ss_test_session(test, 100, SS_STATE_COMPLETE);
    event.session_end.client.at.ip = ss_test_slice(client);
    assert_true(ss_test_host_event(test, &event));
    test->session++;
}

static void
test_refused_first(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_relay);
    const SsTestFinding *finding;

    (void)state;
    refuse(test, "203.0.113.9", "bob@C.example", "Relay access denied");
    refuse(test, "203.0.113.9", "bob@c.example", "Relay access denied");
    take(test, "203.0.113.7", "c.example");
    assert_true(ss_test_found(test, "smtp.relay"));
    finding = ss_test_finding(test, 0);
    assert_int_equal(finding->kind->severity, SS_SEVERITY_HIGH);
    assert_non_null(strstr(finding->summary, "took mail for c.example from 203.0.113.7"));
    assert_int_equal(finding->message, 2);
    assert_int_equal(g_array_index(finding->frames, uint64_t, 0), 20);
    assert_int_equal(g_array_index(finding->frames, uint64_t, 1), 30);
    take(test, "203.0.113.8", "c.example");
    assert_true(ss_test_found(test, "smtp.relay"));
}

static void
test_taken_first(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_relay);

    (void)state;
    take(test, "203.0.113.7", "c.example");
    assert_true(ss_test_found(test, ""));
    refuse(test, "203.0.113.9", "bob@c.example", "Unable to relay");
    refuse(test, "203.0.113.9", "bob@c.example", "Unable to relay");
    assert_true(ss_test_found(test, "smtp.relay"));
    assert_int_equal(ss_test_finding(test, 0)->message, 0);
}

/* A server takes mail from its own network that it refuses others. */
static void
test_not_from_inside(void **state)
{
    static const char *const inside[] = {"10.1.2.3", "172.16.9.9", "192.168.1.1", "127.0.0.1",
                                         "::1",      "fd00::1",    "fe80::1",     "100.64.0.1"};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(inside); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_relay);
        take(test, inside[i], "c.example");
        refuse(test, "203.0.113.9", "bob@c.example", "Relaying denied");
        assert_true(ss_test_found(test, ""));
        take(test, "203.0.113.7", "c.example"); /* but from outside */
        assert_true(ss_test_found(test, "smtp.relay"));
    }
}

static void
test_inside_both(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_relay);

    (void)state;
    take(test, "10.0.0.7", "c.example");
    refuse(test, "10.0.0.9", "bob@c.example", "Relaying denied");
    assert_true(ss_test_found(test, "smtp.relay"));
}

static void
test_not_other_refusals(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_relay);

    (void)state;
    take(test, "203.0.113.7", "c.example");
    refuse(test, "203.0.113.9", "bob@c.example", "listed by zen.spamhaus.example");
    refuse(test, "203.0.113.9", "bob@c.example", "no such user");
    refuse(test, "203.0.113.9", "postmaster", "Relaying denied");
    refuse(test, "203.0.113.9", "bob@", "Relaying denied");
    assert_true(ss_test_found(test, ""));
}

static void
test_not_other_domains(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_relay);

    (void)state;
    take(test, "203.0.113.7", "b.example");
    refuse(test, "203.0.113.9", "bob@c.example", "Relaying denied");
    assert_true(ss_test_found(test, ""));
}

/* Refused before something that the capture shows, and then not. */
static void
test_not_same_session(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_relay);

    (void)state;
    take(test, "203.0.113.7", "c.example");
    test->session--;
    refuse(test, "203.0.113.7", "bob@c.example", "Relaying denied");
    assert_true(ss_test_found(test, ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_refused_first),      cmocka_unit_test(test_taken_first),
        cmocka_unit_test(test_not_from_inside),    cmocka_unit_test(test_inside_both),
        cmocka_unit_test(test_not_other_refusals), cmocka_unit_test(test_not_other_domains),
        cmocka_unit_test(test_not_same_session),
    };

    return cmocka_run_group_tests_name("smtp-relay", tests, NULL, NULL);
}
