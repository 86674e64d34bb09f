#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_tcp_gap;

static void
test_gap_in_content(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_gap);
    SsEvent event = ss_test_note(test, SS_NOTE_GAP, 0);
    const SsTestFinding *finding;

    (void)state;
    event.note.direction = SS_CLIENT;
    event.note.span = 1460;
    event.note.offset = 4711;
    event.note.in_content = true;
    event.note.in_message = true;
    event.note.message = 2;
    event.note.text = SS_SLICE("capture");
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "tcp.gap"));
    finding = ss_test_finding(test, 0);
    assert_int_equal(finding->kind->severity, SS_SEVERITY_LOW);
    assert_int_equal(finding->message, 2);
    assert_string_equal(
        finding->summary,
        "the capture lacks 1,460 bytes that the client sent in the content of "
        "message 2: the server acknowledged them, so packets were lost while capturing, not on "
        "the way");
}

static void
test_each_is_told(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_gap);
    SsEvent event = ss_test_note(test, SS_NOTE_GAP, 0);

    (void)state;
    event.note.direction = SS_SERVER;
    event.note.span = 1;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "tcp.gap tcp.gap"));
    assert_int_equal(ss_test_finding(test, 0)->message, 0);
    assert_non_null(strstr(ss_test_finding(test, 0)->summary, "1 byte that the server sent:"));
}

static void
test_causes(void **state)
{
    static const struct {
        const char *text;
        const char *said;
    } rows[] = {
        {"capture", "the client acknowledged them, so packets were lost while capturing"},
        {"snap-length", "cut off by the snap length: capture whole packets (-s 0)"},
        {"network", "the client never acknowledged them, so they were lost on their way"},
        {"limit", "--limit reorder=BYTES"},
        {"unknown", "no acknowledgement of the client was captured that would tell"},
        {NULL, "no acknowledgement of the client was captured that would tell"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_gap);
        SsEvent event = ss_test_note(test, SS_NOTE_GAP, 0);

        event.note.direction = SS_SERVER;
        event.note.span = 20;
        event.note.text = ss_test_slice(rows[i].text);
        assert_true(ss_test_host_event(test, &event));
        if (!strstr(ss_test_finding(test, 0)->summary, rows[i].said)) {
            fail_msg("%s", ss_test_finding(test, 0)->summary);
        }
    }
}

static void
test_not_other_notes(void **state)
{
    static const SsNoteKind kinds[] = {SS_NOTE_RESYNC, SS_NOTE_LIMIT, SS_NOTE_CONTENT};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_gap);
        SsEvent event = ss_test_note(test, kinds[i], 0);
        event.note.span = 100;
        assert_true(ss_test_host_event(test, &event));
        assert_true(ss_test_found(test, ""));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_gap_in_content),
        cmocka_unit_test(test_each_is_told),
        cmocka_unit_test(test_causes),
        cmocka_unit_test(test_not_other_notes),
    };

    return cmocka_run_group_tests_name("tcp-gap", tests, NULL, NULL);
}
