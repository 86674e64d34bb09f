#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_smtp_pipelining;

static void
test_pipelined(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_pipelining);
    SsEvent event = ss_test_note(test, SS_NOTE_PIPELINED, 3);
    const SsTestFinding *finding;

    (void)state;
    event.note.verb = ss_test_slice("RCPT");
    event.note.evidence = 8;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "smtp.pipelining"));
    finding = ss_test_finding(test, 0);
    assert_int_equal(finding->kind->severity, SS_SEVERITY_LOW);
    assert_non_null(strstr(finding->summary, "sent RCPT before"));
    assert_int_equal(g_array_index(finding->frames, uint64_t, 0), 8);
}

static void
test_not_other_notes(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_pipelining);
    const SsNoteKind kinds[] = {SS_NOTE_EARLY, SS_NOTE_SEQUENCE, SS_NOTE_USE};

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
        cmocka_unit_test(test_pipelined),
        cmocka_unit_test(test_not_other_notes),
    };

    return cmocka_run_group_tests_name("smtp-pipelining", tests, NULL, NULL);
}
