/*
 * Scripted sessions, compared with plugins/summary/golden/NAME.txt. SS_UPDATE_GOLDEN=1 writes the
 * files anew: look at the difference before it is committed.
 */
#include "base/plugin.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

#include <stdlib.h>

extern const SsPlugin ss_plugin_summary;

#define HOUR_MS 3600e3

static SsSlice
S(const char *text)
{
    return ss_slice_str(text);
}

static void
compare(SsTestHost *test, const char *name)
{
    g_autofree char *folder = g_path_get_dirname(__FILE__);
    g_autofree char *path = g_strdup_printf("%s/golden/%s.txt", folder, name);
    g_autofree char *golden = NULL;

    if (g_strcmp0(g_getenv("SS_UPDATE_GOLDEN"), "1") == 0) {
        assert_true(g_file_set_contents(path, test->out->str, (gssize)test->out->len, NULL));
    }
    if (!g_file_get_contents(path, &golden, NULL, NULL)) {
        fail_msg("cannot read %s", path);
    }
    assert_string_equal(test->out->str, golden);
}

/* Valid UTF-8, no control characters but LF, no line over the width. */
static void
check_page(SsTestHost *test)
{
    g_auto(GStrv) lines = g_strsplit(test->out->str, "\n", -1);

    assert_true(g_utf8_validate(test->out->str, (gssize)test->out->len, NULL));
    for (size_t i = 0; lines[i]; i++) {
        for (const char *at = lines[i]; *at; at = g_utf8_next_char(at)) {
            assert_false(g_unichar_iscntrl(g_utf8_get_char(at)));
        }
        if ((unsigned)g_utf8_strlen(lines[i], -1) > test->width) {
            fail_msg("too long: %s", lines[i]);
        }
        assert_false(g_str_has_suffix(lines[i], " "));
    }
}

static bool
has(const SsTestHost *test, const char *text)
{
    return strstr(test->out->str, text) != NULL;
}

static void
send_event(SsTestHost *test, SsEvent event)
{
    assert_true(ss_test_host_event(test, &event));
}

/* --- short forms --- */

static void
send_message(SsTestHost *test, double at_ms, const char *from, const char *to, uint64_t code,
             const char *enhanced, const char *text)
{
    SsRecipient rcpt = {.address = S(to)};
    SsEvent event = ss_test_message(test, at_ms,
                                    code / 100 == 2   ? SS_OUTCOME_ACCEPTED
                                    : code / 100 == 4 ? SS_OUTCOME_DEFERRED
                                                      : SS_OUTCOME_REJECTED,
                                    code / 100 == 2 ? SS_STAGE_END : SS_STAGE_RCPT);

    rcpt.reply = (SsReplyText){.code = code, .enhanced = S(enhanced), .text = S(text)};
    event.message.from = S(from);
    event.message.rcpt = (SsList){&rcpt, 1, 1};
    event.message.reply = &rcpt.reply;
    event.message.size = 1500;
    send_event(test, event);
}

static SsEvent
make_session(SsTestHost *test, double at_ms, const char *client, const char *server,
             SsSessionState state)
{
    SsEvent event = ss_test_session(test, at_ms, state);

    event.session_end.time_ns += (int64_t)(at_ms * 1e6);
    event.session_end.client.at.ip = S(client);
    event.session_end.server.at.ip = S(server);
    event.session_end.client.packets = event.session_end.server.packets = 10;
    test->session++;
    return event;
}

static SsEvent
make_capture(SsTestHost *test)
{
    static const SsTally packets[] = {{SS_SLICE_INIT("delivered"), 12},
                                      {SS_SLICE_INIT("no_payload"), 8},
                                      {SS_SLICE_INIT("not_ip"), 20000},
                                      {SS_SLICE_INIT("unheard_of"), 1}};
    static const SsTally bytes[] = {{SS_SLICE_INIT("delivered"), 4000},
                                    {SS_SLICE_INIT("retransmitted"), 1000}};
    static SsInput input[] = {{.name = SS_SLICE_INIT("mon.pcap")},
                              {.name = SS_SLICE_INIT("tue.pcap")}};
    SsEvent event = ss_test_event(test, SS_EVENT_CAPTURE, 0);

    input[0].first_ns = input[0].last_ns = test->start_ns;
    input[0].last_ns += 90 * INT64_C(1000000000);
    input[1].first_ns = SS_TIME_NONE;
    event.capture.inputs = (SsList){input, 2, 2};
    event.capture.packets = 20021;
    event.capture.dropped = SS_COUNT_NONE;
    event.capture.ledger.packets = (SsList){(void *)packets, 4, 4};
    event.capture.ledger.bytes = (SsList){(void *)bytes, 2, 2};
    return event;
}

/* --- tests --- */

static void
test_totals(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_summary);
    SsSlice extensions[] = {SS_SLICE_INIT("PIPELINING"), SS_SLICE_INIT("STARTTLS")};
    SsTally findings[] = {{SS_SLICE_INIT("smtp.rejected"), 12}, {SS_SLICE_INIT("tls.not-used"), 1}};
    SsEvent event;

    (void)state;
    ss_test_reply(test, 1, 220, NULL, "mx", "banner", 7200);
    ss_test_reply(test, 2, 250, NULL, "ok", "MAIL", 3);
    ss_test_reply(test, 3, 250, "2.0.0", "ok", "data", 1800);
    send_message(test, 10, "Alice@A.example", "bob@b.example", 250, NULL, "ok");
    send_message(test, 10, "alice@a.example", "eve@b.example", 550, "5.1.1", "<eve@b.example>: no");
    send_message(test, 10, "alice@a.example", "kim@b.example", 550, "5.1.1", "<kim@b.example>: no");
    send_message(test, 10, "", "kim@c.example", 451, "4.7.1", "Greylisted, see 0123456789");
    event = ss_test_event(test, SS_EVENT_FINDING, 20);
    event.finding.id = S("tls.not-used");
    event.finding.severity = SS_SEVERITY_MEDIUM;
    send_event(test, event);
    event.finding.id = S("smtp.rejected");
    event.finding.severity = SS_SEVERITY_INFO;
    send_event(test, event);
    send_event(test, ss_test_auth(test, 20, "PLAIN", "bob", SS_AUTH_FAILURE));
    event = make_session(test, 20, "192.0.2.1", "198.51.100.25", SS_STATE_COMPLETE);
    event.session_end.client.name = S("client.a.example");
    event.session_end.messages.accepted = 1;
    event.session_end.messages.rejected = 2;
    event.session_end.messages.deferred = 1;
    event.session_end.extensions = (SsList){extensions, 2, 2};
    event.session_end.findings = (SsList){findings, 2, 2};
    event.session_end.client.retransmitted_packets = 1;
    event.session_end.client.retransmitted_bytes = 1000;
    send_event(test, event);
    event = make_session(test, 3 * HOUR_MS, "192.0.2.2", "198.51.100.26", SS_STATE_RESET);
    event.session_end.extensions = (SsList){extensions, 1, 1};
    send_event(test, event);
    send_event(test, make_capture(test));
    check_page(test);
    compare(test, "totals");
}

static void
test_problems(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_summary);
    SsTally artefacts[] = {{SS_SLICE_INIT("checksum_offload_hosts"), 3},
                           {SS_SLICE_INIT("snap_length"), 412},
                           {SS_SLICE_INIT("damaged_files"), 1},
                           {SS_SLICE_INIT("fragment_open"), 2},
                           {SS_SLICE_INIT("duplicate"), 5},
                           {SS_SLICE_INIT("bad_checksum"), 1}};
    SsTally limits[] = {{SS_SLICE_INIT("flows"), 2}};
    SsEvent event;

    (void)state;
    event = ss_test_note(test, SS_NOTE_GAP, 1);
    event.note.span = 1460;
    event.note.text = S("network");
    send_event(test, event);
    event = ss_test_note(test, SS_NOTE_CONFLICT, 1);
    send_event(test, event);
    event = ss_test_note(test, SS_NOTE_RESET, 1);
    event.note.direction = SS_SERVER;
    send_event(test, event);
    send_event(test, make_session(test, 20, "192.0.2.1", "198.51.100.25", SS_STATE_RESET));
    event = make_capture(test);
    event.capture.dropped = 7;
    event.capture.packets++; /* and the ledger lacks it */
    event.capture.artefacts = (SsList){artefacts, G_N_ELEMENTS(artefacts), G_N_ELEMENTS(artefacts)};
    event.capture.limits = (SsList){limits, 1, 1};
    send_event(test, event);
    check_page(test);
    compare(test, "problems");
}

/* Names off the wire neither act on a terminal nor break the page. */
static void
test_hostile_names(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_summary);
    g_autofree char *text = g_strnfill(5000, 'x');
    g_autofree char *address = g_strdup_printf("a@%s", text);
    SsEvent event;

    (void)state;
    send_message(test, 1, "a@\033[31mred\n.example", address, 550, NULL, "\033]0;title\a no\nno");
    event = make_session(test, 20, "192.0.2.1", "198.51.100.25", SS_STATE_COMPLETE);
    event.session_end.client.name = S("\x1b[2J\xff");
    event.session_end.server.name = S(text);
    send_event(test, event);
    send_event(test, make_capture(test));
    check_page(test);
    assert_true(has(test, "\\x1b[31mred"));
}

/* A table that is full gives up what is rare, keeps what is not, and says so. */
static void
test_many_names(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_summary);

    (void)state;
    ss_test_host_option(test, "top", "2");
    for (int i = 0; i < 6000; i++) {
        g_autofree char *from = g_strdup_printf("a@%d.example", i);
        send_message(test, 1, from, "b@b.example", 250, NULL, "ok");
        send_message(test, 1, "a@often.example", "b@b.example", 250, NULL, "ok");
        if (i > 5990) {
            send_message(test, 1, "a@late.example", "b@b.example", 250, NULL, "ok");
        }
    }
    send_event(test, make_session(test, 20, "192.0.2.1", "198.51.100.25", SS_STATE_COMPLETE));
    send_event(test, make_capture(test));
    check_page(test);
    assert_true(has(test, "\n  often.example                                        6,000"));
    assert_true(has(test, "\n  late.example                                             9"));
    assert_true(has(test, "rare when the table was full"));
}

/* More hours than there are rows: days. The counts are all there. */
static void
test_long_captures(void **state)
{
    static const struct {
        int step_h;
        const char *title;
    } cases[] = {{1, "by hour (UTC)"}, {7, "by day (UTC)"}, {24 * 7, "by time (UTC)"}};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_summary);
        g_auto(GStrv) lines = NULL;
        unsigned sum = 0, rows = 0;

        for (int session = 0; session < 300; session++) {
            /* backwards, as parts of a capture may be given */
            send_event(test, make_session(test, (300 - session) * HOUR_MS * cases[i].step_h,
                                          "192.0.2.1", "198.51.100.25", SS_STATE_COMPLETE));
            send_event(test, make_session(test, session * HOUR_MS * cases[i].step_h + 60e3,
                                          "192.0.2.1", "198.51.100.25", SS_STATE_COMPLETE));
        }
        for (int more = 0; more < 100 && i > 0; more++) {
            send_event(test, make_session(test, (more * 3 + 1) * HOUR_MS * (i > 1 ? 24 : 1),
                                          "192.0.2.1", "198.51.100.25", SS_STATE_COMPLETE));
        }
        send_event(test, make_capture(test));
        assert_true(has(test, cases[i].title));
        lines = g_strsplit(test->out->str, "\n", -1);
        for (size_t line = 0; lines[line]; line++) {
            if (g_str_has_prefix(lines[line], "  20")) {
                rows++;
                sum += (unsigned)strtoul(lines[line] + 18, NULL, 10);
            }
        }
        assert_int_equal(sum, i > 0 ? 700 : 600);
        assert_true(rows <= 336);
        check_page(test);
    }
}

static void
test_nothing(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_summary);
    SsEvent event = ss_test_event(test, SS_EVENT_CAPTURE, 0);

    (void)state;
    event.capture.dropped = SS_COUNT_NONE;
    send_event(test, event);
    check_page(test);
    assert_true(has(test, "sessions         0"));
    test->fails_writing = true;
    assert_false(ss_test_host_event(test, &event));
}

/* Fragments that were read with the packet that completes them are no fault; datagrams that never
 * became whole are. */
static void
test_fragments(void **state)
{
    static const char *const names[] = {NULL, "fragment_open", "fragment_timeout",
                                        "fragment_evicted"};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(names); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_summary);
        SsTally packets[] = {{SS_SLICE_INIT("fragment"), 8}, {SS_SLICE_INIT("delivered"), 4}};
        SsTally met = {ss_slice_str(names[i]), 3};
        SsEvent event = make_capture(test);

        event.capture.packets = 12;
        event.capture.ledger.packets = (SsList){packets, 2, 2};
        event.capture.artefacts = (SsList){&met, names[i] != NULL, names[i] != NULL};
        send_event(test, event);
        check_page(test);
        assert_true(has(test, "  fragments, read with their last one"));
        assert_true((strstr(test->out->str, "!!") != NULL) == (names[i] != NULL));
        assert_true(names[i] == NULL || has(test, "!! 3 IP datagrams "));
    }
}

/* There is no option that would read them. */
static void
test_unread(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_summary);
    SsEvent event;

    (void)state;
    event = make_session(test, 20, "192.0.2.1", "198.51.100.25", SS_STATE_ENCRYPTED);
    event.session_end.security = SS_SECURITY_STARTTLS;
    event.session_end.decrypted = 0;
    send_event(test, event);
    send_event(test, make_capture(test));
    assert_true(has(test, "sessions whose messages could not be read\n"));
}

static void
test_colour(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_summary);
    SsEvent event = make_capture(test);

    (void)state;
    test->color = true;
    event.capture.dropped = 7;
    send_event(test, event);
    assert_true(has(test, "\033[1;31m!! \033[0m"));
}

static void
test_deliveries(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_summary);
    SsEvent event = ss_test_event(test, SS_EVENT_DELIVERY, 0);
    SsEvent capture = {.type = SS_EVENT_CAPTURE};

    (void)state;
    event.delivery.kind = SS_DELIVERY_GREYLISTING;
    event.delivery.outcome = SS_OUTCOME_ACCEPTED;
    event.delivery.total_delay_ns = 300 * INT64_C(1000000000);
    assert_true(ss_test_host_event(test, &event));
    event.delivery.total_delay_ns = 360 * INT64_C(1000000000);
    assert_true(ss_test_host_event(test, &event));
    event.delivery.outcome = SS_OUTCOME_DEFERRED;
    assert_true(ss_test_host_event(test, &event));
    event.delivery.kind = SS_DELIVERY_RELAY;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_host_event(test, &capture));
    assert_true(has(test, "  deliveries       4  over several connections: 3 greylisted, 1 passed "
                          "on\n"));
    assert_true(has(test, "  2  were greylisted and accepted after 5 min 30 s on average"));
    check_page(test);
}

/* Sorted by bytes, and no table of addresses. */
static void
test_sort_and_addresses(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_summary);
    SsEvent event = ss_test_message(test, 0, SS_OUTCOME_ACCEPTED, SS_STAGE_END);
    SsEvent session = ss_test_session(test, 10, SS_STATE_COMPLETE);
    SsEvent capture = {.type = SS_EVENT_CAPTURE};

    (void)state;
    ss_test_host_option(test, "sort", "size");
    ss_test_host_option(test, "addresses", "0");
    event.message.from = S("a@small.example");
    event.message.size = 10;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_host_event(test, &event));
    event.message.from = S("a@large.example");
    event.message.size = 1000;
    assert_true(ss_test_host_event(test, &event));
    assert_true(ss_test_host_event(test, &session));
    assert_true(ss_test_host_event(test, &capture));
    assert_true(has(test, "large.example"));
    assert_true(strstr(test->out->str, "large.example") < strstr(test->out->str, "small.example"));
    assert_false(has(test, "a@small.example"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_totals),
        cmocka_unit_test(test_deliveries),
        cmocka_unit_test(test_sort_and_addresses),
        cmocka_unit_test(test_problems),
        cmocka_unit_test(test_hostile_names),
        cmocka_unit_test(test_many_names),
        cmocka_unit_test(test_long_captures),
        cmocka_unit_test(test_nothing),
        cmocka_unit_test(test_fragments),
        cmocka_unit_test(test_unread),
        cmocka_unit_test(test_colour),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
