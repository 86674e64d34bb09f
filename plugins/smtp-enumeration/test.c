#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_smtp_enumeration;

static void
probe(SsTestHost *test, const char *client, double at_s, const char *name)
{
    SsEvent event = ss_test_note(test, SS_NOTE_PROBE, at_s * 1000);

    event.note.verb = ss_test_slice("VRFY");
    event.note.text = ss_test_slice(name);
    event.note.client = (SsEndpoint){ss_test_slice(client), 40000};
    event.note.evidence = event.frame;
    assert_true(ss_test_host_event(test, &event));
}

static void
send_to(SsTestHost *test, unsigned first, unsigned n, const SsReplyText *reply)
{
    SsEvent event = ss_test_message(test, 2, SS_OUTCOME_REJECTED, SS_STAGE_RCPT);
    g_autofree SsRecipient *rcpt = g_new0(SsRecipient, n);
    g_autofree char *names = g_malloc0((size_t)n * 32);

    for (unsigned i = 0; i < n; i++) {
        g_snprintf(names + (size_t)i * 32, 32, "user%u@b.example", first + i);
        rcpt[i].address = ss_test_slice(names + (size_t)i * 32);
        rcpt[i].reply = *reply;
    }
    event.message.rcpt = (SsList){rcpt, n, n};
    assert_true(ss_test_host_event(test, &event));
}

static void
end_session(SsTestHost *test, const char *client, double at_s, uint64_t accepted)
{
    SsEvent event = ss_test_session(test, at_s * 1000, SS_STATE_COMPLETE);

    event.session_end.client.at.ip = ss_test_slice(client);
    event.session_end.messages.accepted = accepted;
    assert_true(ss_test_host_event(test, &event));
    test->session++;
}

static const SsReplyText unknown = {550, SS_SLICE_INIT("5.1.1"), SS_SLICE_INIT("User unknown"), 7};

static void
test_names(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_enumeration);
    const SsTestFinding *finding;

    (void)state;
    for (int i = 0; i < 2000; i++) {
        g_autofree char *name = g_strdup_printf("user%d", i);
        probe(test, "203.0.113.7", 0, name);
        assert_int_equal(test->findings->len, i >= 2); /* while the session goes on */
    }
    end_session(test, "203.0.113.7", 10, 0);
    assert_true(ss_test_found(test, "smtp.enumeration"));
    finding = ss_test_finding(test, 0);
    assert_int_equal(finding->kind->severity, SS_SEVERITY_MEDIUM);
    assert_true(g_str_has_prefix(finding->summary, "203.0.113.7 asked for 3 names with"));
    assert_int_equal(finding->frames->len, 3);
}

/* Over many sessions once, and again when the time is over. */
static void
test_across_sessions(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_enumeration);

    (void)state;
    for (int i = 0; i < 100; i++) {
        g_autofree char *name = g_strdup_printf("user%d", i);
        probe(test, "203.0.113.7", i, name);
        end_session(test, "203.0.113.7", i, 0);
        assert_int_equal(test->findings->len, i >= 2);
    }
    for (int i = 0; i < 3; i++) {
        g_autofree char *name = g_strdup_printf("user%d", i);
        probe(test, "203.0.113.7", 4000 + i, name);
        end_session(test, "203.0.113.7", 4000 + i, 0);
    }
    assert_true(ss_test_found(test, "smtp.enumeration smtp.enumeration"));
}

/* A session that fell silent ends when it has timed out, behind others: nothing is forgotten. */
static void
test_ended_before(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_enumeration);

    (void)state;
    for (int i = 0; i < 6; i++) {
        g_autofree char *name = g_strdup_printf("user%d", i);
        probe(test, "203.0.113.7", 1000 + i, name);
        if (i == 2) {
            send_to(test, 0, 1, &unknown);
            end_session(test, "203.0.113.7", 10, 0);
        }
    }
    assert_true(ss_test_found(test, "smtp.enumeration"));
}

static void
test_recipients(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_enumeration);

    (void)state;
    send_to(test, 0, 19, &unknown);
    end_session(test, "203.0.113.7", 10, 0);
    assert_true(ss_test_found(test, ""));
    send_to(test, 19, 1, &unknown);
    end_session(test, "203.0.113.7", 20, 0);
    assert_true(ss_test_found(test, "smtp.enumeration"));
    assert_true(g_str_has_prefix(ss_test_finding(test, 0)->summary,
                                 "203.0.113.7 tried 20 recipients that do not exist"));
}

static void
test_options(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_enumeration);

    (void)state;
    ss_test_host_option(test, "recipients", "2");
    ss_test_host_option(test, "window", "5");
    send_to(test, 0, 1, &unknown);
    end_session(test, "203.0.113.7", 10, 0);
    send_to(test, 1, 1, &unknown);
    end_session(test, "203.0.113.7", 16, 0);
    assert_true(ss_test_found(test, ""));
    send_to(test, 2, 1, &unknown);
    end_session(test, "203.0.113.7", 17, 0);
    assert_true(ss_test_found(test, "smtp.enumeration"));
}

static void
test_not_the_same_name(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_enumeration);

    (void)state;
    for (int i = 0; i < 50; i++) {
        probe(test, "203.0.113.7", 1, i % 2 ? "bob" : "BOB");
        send_to(test, 1, 1, &unknown);
    }
    end_session(test, "203.0.113.7", 10, 0);
    assert_true(ss_test_found(test, ""));
}

static void
test_not_from_many_clients(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_enumeration);

    (void)state;
    for (int i = 0; i < 10; i++) {
        g_autofree char *name = g_strdup_printf("user%d", i);
        g_autofree char *client = g_strdup_printf("203.0.113.%d", i);
        probe(test, client, i, name);
        end_session(test, client, i, 0);
    }
    assert_true(ss_test_found(test, ""));
}

static void
test_not_policy(void **state)
{
    static const SsReplyText replies[] = {
        {450, SS_SLICE_INIT("4.7.1"), SS_SLICE_INIT("Greylisted"), 7},
        {450, SS_SLICE_INIT("4.1.1"), SS_SLICE_INIT("User unknown"), 7},
        {554, SS_SLICE_INIT("5.7.1"), SS_SLICE_INIT("Relay access denied"), 7},
        {550, SS_SLICE_INIT("5.7.1"), SS_SLICE_INIT("blocked using zen.example"), 7},
        {550, {NULL, 0}, SS_SLICE_INIT("listed by spamhaus"), 7},
        {550, {NULL, 0}, SS_SLICE_INIT("relay not permitted"), 7},
        {552, SS_SLICE_INIT("5.2.2"), SS_SLICE_INIT("over quota"), 7},
        {503, SS_SLICE_INIT("5.5.1"), SS_SLICE_INIT("need MAIL"), 7},
    };
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_enumeration);

    (void)state;
    for (unsigned i = 0; i < G_N_ELEMENTS(replies); i++) {
        send_to(test, i * 30, 30, &replies[i]);
    }
    end_session(test, "203.0.113.7", 10, 0);
    assert_true(ss_test_found(test, ""));
}

/* Of those that say no more than 550, too. */
static void
test_plain_550(void **state)
{
    static const SsReplyText plain = {550, {NULL, 0}, SS_SLICE_INIT("mailbox unavailable"), 7};
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_enumeration);

    (void)state;
    send_to(test, 0, 20, &plain);
    end_session(test, "203.0.113.7", 10, 0);
    assert_true(ss_test_found(test, "smtp.enumeration"));
}

/* A sender of much mail meets mailboxes that are gone. */
static void
test_not_a_list(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_enumeration);

    (void)state;
    send_to(test, 0, 30, &unknown);
    end_session(test, "203.0.113.7", 10, 40);
    assert_true(ss_test_found(test, ""));
}

/* What is remembered has a bound, and meeting it is told. */
static void
test_bound(void **state)
{
    SsTestHost *test = ss_test_host_new(&ss_plugin_smtp_enumeration);

    (void)state;
    ss_test_host_option(test, "clients", "1");
    for (int i = 0; i < 4; i++) {
        g_autofree char *name = g_strdup_printf("user%d", i);
        probe(test, i % 2 ? "203.0.113.7" : "203.0.113.8", i, name);
        end_session(test, i % 2 ? "203.0.113.7" : "203.0.113.8", i, 0);
    }
    assert_true(ss_test_found(test, ""));
    test->plugin->close(test->self, &test->host);
    test->self = NULL;
    assert_true(g_str_has_prefix(test->told->str, "3 clients were forgotten"));
    ss_test_host_free(test);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_across_sessions),
        cmocka_unit_test(test_ended_before),
        cmocka_unit_test(test_recipients),
        cmocka_unit_test(test_options),
        cmocka_unit_test(test_not_the_same_name),
        cmocka_unit_test(test_not_from_many_clients),
        cmocka_unit_test(test_not_policy),
        cmocka_unit_test(test_plain_550),
        cmocka_unit_test(test_not_a_list),
        cmocka_unit_test(test_bound),
    };

    return cmocka_run_group_tests_name("smtp-enumeration", tests, NULL, NULL);
}
