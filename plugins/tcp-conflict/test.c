#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_tcp_conflict;

static SsEvent
conflict_note(SsTestHost *test, const SsEventConflict *conflict)
{
    SsEvent event = ss_test_note(test, SS_NOTE_CONFLICT, 0);

    event.note.direction = SS_CLIENT;
    event.note.offset = 4711;
    event.note.span = 3;
    event.note.conflict = conflict;
    return event;
}

static void
test_injected(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_conflict);
    SsEventConflict conflict = {
        .taken = SS_SLICE("100"),
        .other = SS_SLICE("9\r9"),
        .taken_frame = 12,
        .other_frame = 14,
        .taken_ttl = 64,
        .other_ttl = 51,
        .taken_link = SS_SLICE("02:00:00:00:00:01"),
        .other_link = SS_SLICE("02:00:00:00:00:fe"),
    };
    SsEvent event = conflict_note(test, &conflict);
    const SsTestFinding *finding;

    (void)state;
    event.note.in_content = true;
    event.note.message = 2;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_found(test, "tcp.conflict"));
    finding = ss_test_finding(test, 0);
    assert_int_equal(finding->kind->severity, SS_SEVERITY_HIGH);
    assert_int_equal(finding->message, 2);
    assert_int_equal(finding->frames->len, 2);
    assert_int_equal(g_array_index(finding->frames, uint64_t, 0), 12);
    assert_int_equal(g_array_index(finding->frames, uint64_t, 1), 14);
    assert_string_equal(
        finding->summary,
        "two versions of 3 bytes that the client sent in the content of message 2: \"100\" of "
        "frame 12 counts, \"9\\x0d9\" of frame 14 does not; their TTLs differ (64 and 51) and they "
        "came from different MAC addresses (02:00:00:00:00:01 and 02:00:00:00:00:fe), so somebody "
        "between may have injected bytes: find out which host sent the second packet");
}

static void
test_reasons(void **state)
{
    static const struct {
        const char *doubt;
        bool is_late;
        const char *said;
    } rows[] = {
        {NULL, false, "frame 14 does not; somebody between may have injected bytes, or"},
        {NULL, true, "does not, for the server had acknowledged the first already; somebody"},
        {"bad-checksum", true, "does not, for its checksum is wrong; somebody"},
        {"unheard-of", false, "frame 14 does not; somebody"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_conflict);
        SsSlice doubt = ss_test_slice(rows[i].doubt);
        SsEventConflict conflict = {
            .taken_frame = 12,
            .other_frame = 14,
            .taken_ttl = 64,
            .other_ttl = 64,
            .is_late = rows[i].is_late,
            .doubts = {&doubt, rows[i].doubt != NULL, rows[i].doubt != NULL},
        };
        SsEvent event = conflict_note(test, &conflict);

        assert_true(ss_test_host_event(test, &event));
        if (!strstr(ss_test_finding(test, 0)->summary, rows[i].said)) {
            fail_msg("%s", ss_test_finding(test, 0)->summary);
        }
    }
}

/* What is not shown is not said either. */
static void
test_hidden(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_conflict);
    SsEventConflict conflict = {.taken_frame = 12, .other_frame = 14};
    SsEvent event = conflict_note(test, &conflict);

    (void)state;
    assert_true(ss_test_host_event(test, &event));
    assert_non_null(strstr(ss_test_finding(test, 0)->summary,
                           "sent: that of frame 12 counts, that of frame 14 does not; "));
    assert_null(strchr(ss_test_finding(test, 0)->summary, '"'));
}

static void
test_not_other_notes(void **state)
{
    static const SsNoteKind kinds[] = {SS_NOTE_GAP, SS_NOTE_TCP, SS_NOTE_RESET};
    SsEventConflict conflict = {.taken_frame = 12, .other_frame = 14};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_tcp_conflict);
        SsEvent event = conflict_note(test, &conflict);
        event.note.kind = (int)kinds[i];
        event.note.text = SS_SLICE("keep-alive");
        assert_true(ss_test_host_event(test, &event));
        assert_true(ss_test_found(test, ""));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_injected),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_hidden),
        cmocka_unit_test(test_not_other_notes),
    };

    return cmocka_run_group_tests_name("tcp-conflict", tests, NULL, NULL);
}
