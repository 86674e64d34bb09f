#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_smtp_early_talker;

static void
speak(SsTestHost *test, const char *verb, const char *text)
{
    SsEvent event = ss_test_note(test, SS_NOTE_EARLY, 512);

    event.note.verb = ss_test_slice(verb);
    event.note.text = ss_test_slice(text);
    event.note.first_ns = test->start_ns;
    event.note.evidence = 4;
    event.frame = 6;
    assert_true(ss_test_host_event(test, &event));
}

static void
test_command(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_early_talker);
    const SsTestFinding *finding;

    (void)state;
    speak(test, "EHLO", NULL);
    assert_true(ss_test_found(test, "smtp.early-talker"));
    finding = ss_test_finding(test, 0);
    assert_int_equal(finding->kind->severity, SS_SEVERITY_MEDIUM);
    assert_non_null(strstr(finding->summary, "sent EHLO 0.512 s before"));
    assert_int_equal(finding->frames->len, 2);
    assert_int_equal(g_array_index(finding->frames, uint64_t, 0), 4);
    assert_int_equal(g_array_index(finding->frames, uint64_t, 1), 6);
}

static void
test_no_command(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_early_talker);

    (void)state;
    speak(test, NULL, NULL);
    assert_non_null(strstr(ss_test_finding(test, 0)->summary, "what is no command"));
}

static void
test_no_banner(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_early_talker);

    (void)state;
    speak(test, "EHLO", "no-banner");
    assert_non_null(strstr(ss_test_finding(test, 0)->summary, "never came"));
    assert_int_equal(ss_test_finding(test, 0)->frames->len, 1);
}

static void
test_not_other_notes(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_smtp_early_talker);
    const SsNoteKind kinds[] = {SS_NOTE_CONNECTED, SS_NOTE_PIPELINED, SS_NOTE_ENCRYPTED};

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
        cmocka_unit_test(test_command),
        cmocka_unit_test(test_no_command),
        cmocka_unit_test(test_no_banner),
        cmocka_unit_test(test_not_other_notes),
    };

    return cmocka_run_group_tests_name("smtp-early-talker", tests, NULL, NULL);
}
