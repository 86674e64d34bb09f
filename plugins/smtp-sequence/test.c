#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_smtp_sequence;

static void
answer(SsTestHost *test, const char *verb, const char *reason)
{
    SsReplyText reply = {503, ss_test_slice("5.5.1"), ss_test_slice("not\x1b now"), 9};
    SsEvent event = ss_test_note(test, SS_NOTE_SEQUENCE, 3);

    event.note.verb = ss_test_slice(verb);
    event.note.text = ss_test_slice(reason);
    event.note.span = 8;
    event.note.evidence = 9;
    event.note.reply = &reply;
    assert_true(ss_test_host_event(test, &event));
}

static void
test_reason(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_sequence);
    const SsTestFinding *finding;

    (void)state;
    answer(test, "DATA", "no-rcpt");
    assert_true(ss_test_found(test, "smtp.sequence"));
    finding = ss_test_finding(test, 0);
    assert_int_equal(finding->kind->severity, SS_SEVERITY_LOW);
    assert_string_equal(finding->summary,
                        "DATA came without a RCPT before it (503 5.5.1 not\\x1b now): "
                        "check what the client sends");
    assert_int_equal(g_array_index(finding->frames, uint64_t, 0), 8);
    assert_int_equal(g_array_index(finding->frames, uint64_t, 1), 9);
}

static void
test_no_reason(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_sequence);

    (void)state;
    answer(test, "VRFY", NULL);
    assert_non_null(strstr(ss_test_finding(test, 0)->summary, "out of order for the server"));
}

/* Every word that the dissector says is explained. */
static void
test_all_reasons(void **state)
{
    static const char *const reasons[] = {"no-hello",     "no-mail", "mail-refused", "no-rcpt",
                                          "rcpt-refused", "nested",  "in-mail",      "again"};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(reasons); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_sequence);
        answer(test, "MAIL", reasons[i]);
        assert_non_null(strstr(ss_test_finding(test, 0)->summary, "MAIL came "));
    }
}

static void
test_not_other_notes(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_sequence);
    const SsNoteKind kinds[] = {SS_NOTE_EARLY, SS_NOTE_PIPELINED, SS_NOTE_TLS_REFUSED};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        SsEvent event = ss_test_note(test, kinds[i], 1);
        assert_true(ss_test_host_event(test, &event));
    }
    assert_true(ss_test_found(test, ""));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_reason),
        cmocka_unit_test(test_no_reason),
        cmocka_unit_test(test_all_reasons),
        cmocka_unit_test(test_not_other_notes),
    };

    return cmocka_run_group_tests_name("smtp-sequence", tests, NULL, NULL);
}
