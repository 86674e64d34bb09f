/*
 * Scripted sessions, compared with plugins/timeline/golden/NAME.txt. SS_UPDATE_GOLDEN=1 writes the
 * files anew: look at the difference before it is committed.
 */
#include "base/plugin.h"
#include "plugins/timeline/timeline.h"
#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

#include <stdlib.h>

extern const SsPlugin ss_plugin_timeline;

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

/* What every page must keep: valid UTF-8, no control characters but LF, no line over the width. */
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

static void
send_event(SsTestHost *test, SsEvent event)
{
    assert_true(ss_test_host_event(test, &event));
}

static void
send_connected(SsTestHost *test, double at_ms, double round_trip_ms)
{
    SsEvent event = ss_test_note(test, SS_NOTE_CONNECTED, at_ms);

    event.note.span = (uint64_t)(int64_t)(round_trip_ms * 1e6);
    event.note.client = (SsEndpoint){S("192.0.2.10"), 40112};
    event.note.server = (SsEndpoint){S("198.51.100.25"), 25};
    send_event(test, event);
}

static void
send_content(SsTestHost *test, double first_ms, double last_ms, uint64_t bytes)
{
    SsEvent event = ss_test_note(test, SS_NOTE_CONTENT, last_ms);

    event.note.span = bytes;
    event.note.first_ns = test->start_ns + (int64_t)(first_ms * 1e6);
    event.note.message = 1;
    send_event(test, event);
}

static void
send_closed(SsTestHost *test, double at_ms, SsDirection by, const char *reason)
{
    SsEvent event = ss_test_note(test, SS_NOTE_CLOSED, at_ms);

    event.note.direction = by;
    event.note.text = S(reason);
    send_event(test, event);
}

static void
send_finding(SsTestHost *test, double at_ms, const char *id, SsSeverity severity,
             const char *summary, uint64_t frame_a, uint64_t frame_b, uint64_t message)
{
    SsEvent event = ss_test_event(test, SS_EVENT_FINDING, at_ms);
    uint64_t frames[] = {frame_a, frame_b};
    size_t n = frame_b ? 2 : 1;

    event.finding.id = S(id);
    event.finding.severity = (int)severity;
    event.finding.summary = S(summary);
    event.finding.frames = (SsList){frames, n, n};
    event.finding.message = message;
    send_event(test, event);
}

static SsEvent
session_of(SsTestHost *test, double end_ms, SsSessionState state)
{
    SsEvent event = ss_test_session(test, end_ms, state);

    event.session_end.client.name = S("client.a.example");
    event.session_end.server.name = S("mx.b.example");
    event.session_end.server.software = S("Postfix");
    return event;
}

static void
send_capture(SsTestHost *test, uint64_t packets, uint64_t dropped)
{
    SsEvent event = ss_test_event(test, SS_EVENT_CAPTURE, 2000);
    SsInput input = {S("a.pcap"), 1000, SS_SLICE_NULL, test->start_ns, test->start_ns + 2000000000};

    event.capture.packets = packets;
    event.capture.dropped = dropped;
    event.capture.inputs = (SsList){&input, 1, 1};
    send_event(test, event);
}

#define EHLO_LINES "mx.b.example\nPIPELINING\nSIZE 10485760\nSTARTTLS\n8BITMIME"

static SsRecipient
recipient(const char *address, uint64_t code, const char *enhanced, const char *text)
{
    SsRecipient rcpt;

    memset(&rcpt, 0, sizeof rcpt);
    rcpt.address = S(address);
    rcpt.reply = (SsReplyText){code, S(enhanced), S(text), 0};
    return rcpt;
}

/* A message for two, one of whom is not there, and a server that thinks for long. */
static void
play_partly(SsTestHost *test)
{
    SsRecipient rcpt[] = {
        recipient("bob@b.example", 250, "2.1.5", "Ok"),
        recipient("eve@b.example", 550, "5.1.1",
                  "<eve@b.example>: Recipient address rejected: User unknown in local recipient "
                  "table"),
    };
    SsPart parts[2];
    SsReplyText final = {250, S("2.0.0"), S("Ok: queued as 4F5D2A01"), 0};
    SsEvent event;

    send_connected(test, 21, 20);
    ss_test_reply(test, 31, 220, NULL, "mx.b.example ESMTP Postfix", "banner", 10);
    ss_test_command(test, 42, "EHLO", "client.a.example");
    ss_test_reply(test, 63, 250, NULL, EHLO_LINES, "EHLO", 21);
    ss_test_command(test, 64, "MAIL", "FROM:<alice@a.example> SIZE=1834");
    test->frame--;
    ss_test_pipelined(test, 64, "RCPT", "TO:<bob@b.example>");
    test->frame--;
    ss_test_pipelined(test, 64, "RCPT", "TO:<eve@b.example>");
    ss_test_reply(test, 85, 250, "2.1.0", "2.1.0 Ok", "MAIL", 21);
    test->frame--;
    ss_test_reply(test, 85, 250, "2.1.5", "2.1.5 Ok", "RCPT", 21);
    test->frame--;
    ss_test_reply(test, 85, 550, "5.1.1",
                  "5.1.1 <eve@b.example>: Recipient address rejected: User unknown in local "
                  "recipient table",
                  "RCPT", 21);
    ss_test_command(test, 86, "DATA", NULL);
    ss_test_reply(test, 107, 354, NULL, "End data with <CR><LF>.<CR><LF>", "DATA", 21);
    send_content(test, 108, 112, 1834);
    ss_test_reply(test, 1842, 250, "2.0.0", "2.0.0 Ok: queued as 4F5D2A01", "data", 1730);

    memset(parts, 0, sizeof parts);
    parts[0].content_type = S("text/plain");
    parts[0].size = 120;
    parts[1].content_type = S("application/pdf");
    parts[1].filename = S("Bericht März.pdf");
    parts[1].size = 1024;
    event = ss_test_message(test, 64, SS_OUTCOME_ACCEPTED, SS_STAGE_END);
    event.message.from = S("alice@a.example");
    event.message.rcpt = (SsList){rcpt, 2, 2};
    event.message.reply = &final;
    event.message.queue_id = S("4F5D2A01");
    event.message.size = 1834;
    event.message.headers.subject = S("Quarterly report");
    event.message.headers.message_id = S("<m1@a.example>");
    event.message.parts = (SsList){parts, 2, 2};
    event.message.transfer_time_ns = 4000000;
    event.message.server_time_ns = 1730000000;
    send_event(test, event);
    send_finding(test, 1842, "smtp.rejected", SS_SEVERITY_INFO,
                 "eve@b.example was refused: no such mailbox; check the address", 8, 0, 1);
    send_finding(test, 1842, "smtp.slow", SS_SEVERITY_LOW,
                 "the server took 1.7 s to accept message 1", 11, 12, 1);

    ss_test_command(test, 1843, "QUIT", NULL);
    ss_test_reply(test, 1864, 221, "2.0.0", "2.0.0 Bye", "QUIT", 21);
    send_closed(test, 1865, SS_SERVER, "fin");
    send_finding(test, 1865, "tls.not-used", SS_SEVERITY_MEDIUM,
                 "the server offered STARTTLS and the client went on with mail in the clear: let "
                 "the client use TLS",
                 6, 8, 0);
    event = session_of(test, 1866, SS_STATE_COMPLETE);
    event.session_end.messages.accepted = 1;
    send_event(test, event);
}

static void
test_partly(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);

    (void)state;
    play_partly(test);
    send_capture(test, 23, SS_COUNT_NONE);
    check_page(test);
    compare(test, "partly");
}

static void
test_verbose(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);

    (void)state;
    test->host.verbosity = 1;
    play_partly(test);
    compare(test, "verbose");
}

/* The other formats of the same session, offline and live. */
static void
test_formats(void **state)
{
    static const struct {
        const char *format, *golden;
        bool is_live;
    } rows[] = {
        {"transcript", "transcript", false},
        {"transcript", "transcript-live", true},
        {"csv", "rows-csv", false},
        {"jsonl", "rows-jsonl", true},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);

        ss_test_host_option(test, "format", rows[i].format);
        test->host.is_live = rows[i].is_live;
        play_partly(test);
        send_event(test, session_of(test, 1864, SS_STATE_COMPLETE));
        send_capture(test, 23, SS_COUNT_NONE);
        compare(test, rows[i].golden);
    }
}

/* Cells that a spreadsheet would run, and bytes that would end one. */
static void
test_csv_cells(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
    SsEvent event;

    (void)state;
    ss_test_host_option(test, "format", "csv");
    event = ss_test_auth(test, 10, "PLAIN", " =1+1,\"x\"", SS_AUTH_FAILURE);
    event.auth.mechanism = S("@SUM(A1)\r\n");
    send_event(test, event);
    assert_non_null(strstr(test->out->str, ",\"'@SUM(A1)\\x0d\","));
    assert_non_null(strstr(test->out->str, ",\"'=1+1,\"\"x\"\"\","));
}

/* What sends a message again, and when there is none. */
static void
test_resend(void **state)
{
    static const struct {
        const char *from, *to, *helo, *said;
        uint64_t missing;
    } rows[] = {
        {"ann@a.example", "bob@b.example", "a.example",
         "  resend    swaks --server=198.51.100.25 --port=25 --helo=a.example --to=bob@b.example "
         "--from=ann@a.example --data=@",
         0},
        {"", "o'hare@b.example", "-x",
         "swaks --server=198.51.100.25 --port=25 '--to=o'\\''hare@b.example' '--from=<>' --data=@",
         0},
        {"a$(x)@a.example", "bob@b.example", "a", "'--from=a$(x)@a.example' --data", 0},
        {"-x@a.example", "bob@b.example", "a", "  resend    message 1 has addresses that", 0},
        {"ann@a.example", "a,b@b.example", "a", "  resend    message 1 has addresses that", 0},
        {"ann@a.example", "a\033b@b.example", "a", "  resend    message 1 has addresses that", 0},
        {"ann@a.example", "bob@b.example", "a", "  resend    message 1 is not whole: no", 7},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
        SsRecipient rcpt = recipient(rows[i].to, 250, NULL, "ok");
        SsEvent event;

        ss_test_host_option(test, "swaks", "yes");
        event = ss_test_message(test, 64, SS_OUTCOME_ACCEPTED, SS_STAGE_END);
        event.message.from = S(rows[i].from);
        event.message.rcpt = (SsList){&rcpt, 1, 1};
        event.message.size = 9;
        event.message.missing_bytes = rows[i].missing;
        send_event(test, event);
        event = session_of(test, 100, SS_STATE_COMPLETE);
        event.session_end.client.name = S(rows[i].helo);
        send_event(test, event);
        if (!strstr(test->out->str, rows[i].said)) {
            fail_msg("row %zu:\n%s", i, test->out->str);
        }
    }
}

/* Of what went well nothing, of what did not the verdict. */
static void
test_quiet(void **state)
{
    static const bool is_live[] = {false, true};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(is_live); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
        SsTimeline *self;
        SsEvent event;

        test->host.verbosity = -1;
        test->host.is_live = is_live[i];
        play_partly(test);
        self = test->self;
        assert_int_equal(self->kept, 0);
        test->session = 2;
        send_connected(test, 21, 20);
        ss_plugin_timeline.tick(test->self, &test->host, test->start_ns + INT64_C(60000000000));
        send_closed(test, 30, SS_CLIENT, "fin");
        event = session_of(test, 1000, SS_STATE_COMPLETE);
        event.session_end.messages.accepted = 1;
        send_event(test, event);
        test->session = 3;
        event = session_of(test, 1000, SS_STATE_COMPLETE);
        event.session_end.messages.rejected = 1;
        send_finding(test, 40, "auth.cleartext", SS_SEVERITY_HIGH, "told in the head", 4, 0, 0);
        send_finding(test, 41, "smtp.smuggling", SS_SEVERITY_HIGH, "a hidden message", 5, 6, 0);
        send_finding(test, 42, "tls.not-used", SS_SEVERITY_MEDIUM, "not told with -q", 7, 0, 0);
        send_event(test, event);
        send_capture(test, 23, SS_COUNT_NONE);
        check_page(test);
        compare(test, "quiet");
    }
}

/* The end that no packet brings comes behind the waits that were told. */
static void
test_live_end(void **state)
{
    static const struct {
        const char *reason;
        const char *line;
    } rows[] = {{"capture", "\n#1    10.250  !! the capture ends here"},
                {"timeout", "\n#1    10.250  !! silence"},
                {"fin", "\n#1    10.298  -- closed"}};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);

        test->host.is_live = true;
        send_connected(test, 21, 20);
        ss_test_command(test, 252, "NOOP", NULL);
        ss_plugin_timeline.tick(test->self, &test->host, test->start_ns + INT64_C(10251000000));
        send_closed(test, g_str_equal(rows[i].reason, "fin") ? 10299 : 6746, SS_CLIENT,
                    rows[i].reason);
        if (!strstr(test->out->str, rows[i].line)) {
            fail_msg("no %s in:\n%s", rows[i].line, test->out->str);
        }
    }
}

/* Where the time went, of sessions whose last line is not their end. */
static void
test_time(void **state)
{
    static const struct {
        int security;
        int8_t decrypted;
        int64_t closed_ms;
        const char *said;
    } rows[] = {
        {SS_SECURITY_NONE, -1, 0,
         "    time      6.70 s      ####################  nothing new, at the end\n"},
        {SS_SECURITY_STARTTLS, 0, 0, "    time      6.70 s      ####################  encrypted\n"},
        {SS_SECURITY_NONE, -1, 4900,
         "nothing new, at the end\n              the server took no bytes for 4.90 s\n"},
        {SS_SECURITY_NONE, -1, 999,
         "    time      6.70 s      ####################  nothing new, at the end\n"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
        SsTcpTrouble trouble = {.end[SS_SERVER].window_closed_ns = rows[i].closed_ms * 1000000};
        SsEvent event;

        test->width = 100;
        ss_test_command(test, 0, "NOOP", NULL);
        event = session_of(test, 6700, SS_STATE_OPEN);
        event.session_end.security = rows[i].security;
        event.session_end.decrypted = rows[i].decrypted;
        event.session_end.trouble = &trouble;
        send_event(test, event);
        if (!strstr(test->out->str, rows[i].said)) {
            fail_msg("row %zu:\n%s", i, test->out->str);
        }
    }
}

/* The server takes a message when its client has given up: it stands in the first line. */
static void
test_late(void **state)
{
    static const struct {
        uint64_t n_messages, index;
        int outcome;
        const char *line, *said;
    } rows[] = {
        {1, 1, SS_OUTCOME_ACCEPTED,
         "#1  ACCEPTED TOO LATE: client gave up, expect a duplicate (45.0 s)  ",
         "accepted, but TOO LATE: after 45.0 s"},
        {2, 1, SS_OUTCOME_ACCEPTED, "#1  ACCEPTED TOO LATE, 1 of 2 messages: client gave up",
         "accepted, but TOO LATE: after 45.0 s"},
        {1, 2, SS_OUTCOME_ACCEPTED, "#1  accepted: ", "message 1   accepted\n"}, /* another one */
        {1, 1, SS_OUTCOME_DEFERRED, "#1  DEFERRED", "DEFERRED after its content"},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
        SsEvent event = ss_test_note(test, SS_NOTE_SLOW, 45000);

        event.note.verb = S("data");
        event.note.span = UINT64_C(45000000000);
        event.note.left_ns = INT64_C(20000000000);
        event.note.message = rows[i].index;
        send_event(test, event);
        for (uint64_t n = 1; n <= rows[i].n_messages; n++) {
            event = ss_test_message(test, 45000, (SsOutcome)rows[i].outcome, SS_STAGE_END);
            event.message.index = n;
            event.message.from = S("ann@a.example");
            send_event(test, event);
        }
        event = session_of(test, 45000, SS_STATE_COMPLETE);
        event.session_end.messages.accepted =
            rows[i].outcome == SS_OUTCOME_ACCEPTED ? rows[i].n_messages : 0;
        event.session_end.messages.deferred =
            rows[i].outcome == SS_OUTCOME_DEFERRED ? rows[i].n_messages : 0;
        send_event(test, event);
        check_page(test);
        if (!g_str_has_prefix(test->out->str, rows[i].line) ||
            !strstr(test->out->str, rows[i].said)) {
            fail_msg("row %zu:\n%s", i, test->out->str);
        }
    }
}

/* An alert says why there is no TLS, better than who closed. */
static void
test_alert(void **state)
{
    static const struct {
        const char *why;
        SsDirection by;
        const char *line, *said;
    } rows[] = {
        {"protocol_version", SS_SERVER, "#1  NO MAIL, TLS NOT ESTABLISHED: no common TLS version",
         "tls       the server ended the "
         "handshake with the alert "
         "protocol_version\n"},
        {"certificate_expired", SS_CLIENT,
         "#1  NO MAIL, TLS NOT ESTABLISHED: the server's certificate has expir",
         "tls       the client ended the handshake with the alert certificate_expired\n"},
        {"sealed-alert", SS_CLIENT, "#1  NO MAIL, TLS NOT ESTABLISHED: why is encrypted",
         "tls       the client ended the handshake with an alert\n"},
        {"closed", SS_CLIENT, "#1  encrypted: ", "unseen"}, /* no alert */
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
        SsEvent event;

        send_connected(test, 20, 20);
        event = ss_test_note(test, SS_NOTE_TLS_REFUSED, 30);
        event.note.text = ss_test_slice(rows[i].why);
        event.note.direction = rows[i].by;
        send_event(test, event);
        send_closed(test, 40, SS_CLIENT, "fin");
        event = session_of(test, 40, SS_STATE_ENCRYPTED);
        event.session_end.security = SS_SECURITY_STARTTLS;
        send_event(test, event);
        check_page(test);
        if (!g_str_has_prefix(test->out->str, rows[i].line) ||
            !strstr(test->out->str, rows[i].said)) {
            fail_msg("row %zu:\n%s", i, test->out->str);
        }
    }
}

/* Whose time it was, and what did not come. */
static void
test_whose(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
    SsEvent event;

    (void)state;
    send_connected(test, 20, 20);
    ss_test_reply(test, 1000, 220, NULL, "mx.b.example", "banner", 980);
    ss_test_command(test, 1010, "MAIL", "FROM:<ann@a.example>");
    event = ss_test_note(test, SS_NOTE_SLOW, 61010);
    event.note.verb = S("MAIL");
    event.note.text = S("unanswered");
    event.note.span = UINT64_C(60000000000);
    event.note.acked_ns = 20000000;
    send_event(test, event);
    send_closed(test, 61010, SS_CLIENT, "fin");
    event = ss_test_message(test, 1010, SS_OUTCOME_INCOMPLETE, SS_STAGE_MAIL);
    event.message.from = S("ann@a.example");
    send_event(test, event);
    event = session_of(test, 61010, SS_STATE_CLOSED);
    event.session_end.messages.incomplete = 1;
    event.session_end.timing.server_ns = INT64_C(60900000000);
    event.session_end.timing.network_ns = 100000000;
    event.session_end.timing.client_ns = 10000000;
    event.session_end.timing.idle_ns = 0;
    send_event(test, event);
    check_page(test);
    assert_non_null(strstr(test->out->str, "#1  INCOMPLETE: no reply to MAIL for 1 min 00 s  "));
    assert_non_null(strstr(test->out->str, "  waiting in vain for the server\n"
                                           "              whose: server 1 min 00 s, network 100 "
                                           "ms, client 10 ms\n"));
    assert_non_null(
        strstr(test->out->str, "!! no reply to MAIL for 1 min 00 s, though the server had it\n"));
}

/* Why no mail came where TLS did not come about. */
static void
test_no_tls(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
    SsEvent event;

    (void)state;
    send_connected(test, 20, 20);
    ss_test_command(test, 30, "STARTTLS", NULL);
    ss_test_reply(test, 40, 454, "4.7.0", "4.7.0 TLS not available", "STARTTLS", 10);
    send_event(test, session_of(test, 50, SS_STATE_CLOSED));
    assert_non_null(
        strstr(test->out->str, "#1  NO MAIL, STARTTLS REFUSED: 454 4.7.0 TLS not available "));

    test->session = 2;
    send_connected(test, 20, 20);
    send_event(test, ss_test_note(test, SS_NOTE_ENCRYPTED, 40));
    send_closed(test, 50, SS_SERVER, "fin");
    event = session_of(test, 50, SS_STATE_ENCRYPTED);
    event.session_end.security = SS_SECURITY_STARTTLS;
    event.session_end.decrypted = 0;
    event.session_end.client.packets = event.session_end.server.packets = 5;
    send_event(test, event);
    assert_non_null(strstr(
        test->out->str, "#2  NO MAIL, TLS NOT ESTABLISHED: the server broke its handshake off "));

    test->session = 3; /* the same, and the handshake's end was seen */
    send_connected(test, 20, 20);
    send_event(test, ss_test_note(test, SS_NOTE_ENCRYPTED, 40));
    send_closed(test, 50, SS_SERVER, "fin");
    event.session = 3;
    event.session_end.timing.tls_ns = 10000000;
    send_event(test, event);
    assert_non_null(strstr(test->out->str, "#3  encrypted"));
    check_page(test);
}

/* What is sent again and again stands before the reply that ended it. */
static void
test_stuck(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
    SsTcpTrouble trouble = {.end[SS_CLIENT] = {.stuck_bytes = 1452, .stuck_times = 6}};
    SsEvent event;

    (void)state;
    send_connected(test, 20, 20);
    ss_test_command(test, 30, "DATA", NULL);
    ss_test_reply(test, 40, 354, NULL, "go on", "DATA", 10);
    ss_test_reply(test, 300000, 421, NULL, "timeout", NULL, -1);
    send_closed(test, 300001, SS_SERVER, "fin");
    event = session_of(test, 300001, SS_STATE_CLOSED);
    event.session_end.trouble = &trouble;
    send_event(test, event);
    check_page(test);
    assert_non_null(strstr(test->out->str,
                           "          !! a segment of 1,452 bytes of the client, sent 6 times, was "
                           "never\n                 acknowledged\n 300.000  <- 421 timeout\n"));
    assert_non_null(strstr(test->out->str, "  the content\n"));
}

/* Why a reset need not be believed, where the session's end shows it. */
static void
test_doubted_reset(void **state)
{
    static const struct {
        uint64_t ttl, resets;
        bool is_said;
    } rows[] = {{200, 1, true}, {64, 1, false}, {0, 0, false}, {200, 2, false}};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
        SsTcpTrouble trouble = {
            .end[SS_SERVER] = {.resets = rows[i].resets, .reset_ttl = rows[i].ttl}};
        SsEvent event = ss_test_note(test, SS_NOTE_TCP, 70);

        test->width = 140;
        event.note.direction = SS_SERVER;
        event.note.text = S("reset-doubted");
        event.note.evidence = 9;
        send_event(test, event);
        event = session_of(test, 80, SS_STATE_COMPLETE);
        event.session_end.server.ttl = 64;
        event.session_end.trouble = &trouble;
        send_event(test, event);
        assert_non_null(strstr(test->out->str, "need not believe (packet 9)"));
        if ((strstr(test->out->str, "(packet 9): its TTL is 200, the server's is 64\n") != NULL) !=
            rows[i].is_said) {
            fail_msg("row %zu:\n%s", i, test->out->str);
        }
    }
}

static void
test_live(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
    unsigned n;

    (void)state;
    test->host.is_live = true;
    send_connected(test, 21, 20);
    n = test->flushes;
    assert_int_equal(n, 1);
    for (int s = 1; s <= 70; s++) { /* a greeting that does not come */
        ss_plugin_timeline.tick(test->self, &test->host, test->start_ns + (int64_t)s * 1000000000);
    }
    assert_int_equal(test->flushes - n, 5); /* after 5, 10, 20, 40, 60 s */
    test->start_ns += INT64_C(70000000000);
    ss_test_reply(test, 31, 220, NULL, "mx.b.example ESMTP Postfix", "banner", 70010);
    ss_test_command(test, 42, "DATA", NULL);
    ss_plugin_timeline.tick(test->self, &test->host, test->start_ns + INT64_C(12042000000));
    test->session = 2;
    play_partly(test);
    test->session = 1;
    ss_test_reply(test, 12500, 503, "5.5.1", "5.5.1 Error: need RCPT command", "DATA", 12458);
    send_closed(test, 13000, SS_CLIENT, "fin");
    test->start_ns -= INT64_C(70000000000);
    send_event(test, session_of(test, 83001, SS_STATE_CLOSED));
    send_capture(test, 40, 3);
    check_page(test);
    compare(test, "live");
}

/* TLS without keys, a login on TLS with keys, and a password in the clear. */
static void
test_protection(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
    SsEvent event;

    (void)state;
    send_connected(test, 21, 20);
    ss_test_reply(test, 31, 220, NULL, "mx.b.example ESMTP Postfix", "banner", 10);
    ss_test_command(test, 42, "EHLO", "client.a.example");
    ss_test_reply(test, 63, 250, NULL, EHLO_LINES, "EHLO", 21);
    ss_test_command(test, 64, "STARTTLS", NULL);
    ss_test_reply(test, 85, 220, "2.0.0", "2.0.0 Ready to start TLS", "STARTTLS", 21);
    send_event(test, ss_test_note(test, SS_NOTE_ENCRYPTED, 86));
    event = ss_test_event(test, SS_EVENT_TLS, 130);
    event.tls.version = S("TLSv1.3");
    event.tls.cipher = S("TLS_AES_256_GCM_SHA384");
    event.tls.sni = S("mx.b.example");
    event.tls.key_source = -1;
    send_event(test, event);
    send_closed(test, 2310, SS_CLIENT, "fin");
    event = session_of(test, 2311, SS_STATE_ENCRYPTED);
    event.session_end.security = SS_SECURITY_STARTTLS;
    event.session_end.decrypted = 0;
    event.session_end.client.bytes = 41833;
    event.session_end.server.bytes = 4120;
    send_event(test, event);

    test->session = 2;
    send_connected(test, 21, 20);
    send_event(test, ss_test_note(test, SS_NOTE_ENCRYPTED, 22));
    event = ss_test_event(test, SS_EVENT_TLS, 60);
    event.tls.version = S("TLSv1.2");
    event.tls.cipher = S("TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256");
    event.tls.decrypted = true;
    send_event(test, event);
    ss_test_reply(test, 91, 220, NULL, "mx.b.example ESMTP Postfix", "banner", 10);
    ss_test_command(test, 95, "AUTH", "PLAIN ********");
    ss_test_reply(test, 121, 535, "5.7.8", "5.7.8 Error: authentication failed", "AUTH", 26);
    event = ss_test_auth(test, 121, "PLAIN", "alice", SS_AUTH_FAILURE);
    event.auth.security = SS_SECURITY_SMTPS;
    event.auth.reply = (SsReplyText){535, S("5.7.8"), S("Error: authentication failed"), 0};
    send_event(test, event);
    ss_test_command(test, 130, "QUIT", NULL);
    ss_test_reply(test, 150, 221, "2.0.0", "2.0.0 Bye", "QUIT", 20);
    event = session_of(test, 151, SS_STATE_COMPLETE);
    event.session_end.security = SS_SECURITY_SMTPS;
    event.session_end.decrypted = 1;
    send_event(test, event);

    test->session = 3;
    send_connected(test, 21, 20);
    ss_test_reply(test, 31, 220, NULL, "mx.b.example ESMTP Postfix", "banner", 10);
    ss_test_command(test, 95, "AUTH", "LOGIN");
    ss_test_reply(test, 121, 334, NULL, "VXNlcm5hbWU6", "AUTH", 26);
    ss_test_command(test, 122, "AUTH", "********");
    ss_test_reply(test, 141, 334, NULL, "UGFzc3dvcmQ6", "AUTH", 19);
    ss_test_command(test, 142, "AUTH", "********");
    ss_test_reply(test, 161, 235, "2.7.0", "2.7.0 Authentication successful", "AUTH", 26);
    event = ss_test_auth(test, 161, "LOGIN", "alice@a.example", SS_AUTH_SUCCESS);
    send_event(test, event);
    send_finding(test, 161, "auth.cleartext", SS_SEVERITY_HIGH,
                 "the password of alice@a.example crossed in the clear from 192.0.2.10 to "
                 "198.51.100.25 port 25 (LOGIN; the server accepted it): change it and require "
                 "TLS for logins",
                 30, 0, 0);
    ss_test_command(test, 5200, "QUIT", NULL);
    ss_test_reply(test, 5250, 221, "2.0.0", "2.0.0 Bye", "QUIT", 50);
    send_event(test, session_of(test, 5251, SS_STATE_COMPLETE));
    send_capture(test, 1234, SS_COUNT_NONE);
    check_page(test);
    compare(test, "protection");
}

/* Refused at MAIL, at once in the banner, greylisted, and a connection that nobody answered. */
static void
test_refused(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
    SsRecipient rcpt =
        recipient("bob@b.example", 451, "4.7.1", "Greylisted, please come back in 5 minutes");
    SsReplyText reply = {550, S("5.7.1"),
                         S("Service unavailable; client host [192.0.2.10] blocked using "
                           "zen.spamhaus.example; see https://lists.example/query/192.0.2.10"),
                         0};
    SsEvent event;

    (void)state;
    send_connected(test, 21, 20);
    ss_test_reply(test, 31, 220, NULL, "mx.b.example ESMTP Postfix", "banner", 10);
    ss_test_command(test, 42, "EHLO", "client.a.example");
    ss_test_reply(test, 63, 250, NULL, "mx.b.example\nPIPELINING", "EHLO", 21);
    ss_test_command(test, 64, "MAIL", "FROM:<alice@a.example>");
    ss_test_reply(test, 85, 550, "5.7.1",
                  "5.7.1 Service unavailable; client host [192.0.2.10] blocked using "
                  "zen.spamhaus.example;\n5.7.1 see https://lists.example/query/192.0.2.10",
                  "MAIL", 21);
    ss_test_command(test, 90, "QUIT", NULL);
    event = ss_test_message(test, 64, SS_OUTCOME_REJECTED, SS_STAGE_MAIL);
    event.message.from = S("alice@a.example");
    event.message.reply = &reply;
    send_event(test, event);
    event = session_of(test, 95, SS_STATE_COMPLETE);
    event.session_end.messages.rejected = 1;
    send_event(test, event);

    test->session = 2;
    send_connected(test, 21, 20);
    ss_test_reply(test, 31, 554, NULL, "mx.b.example no SMTP service here", "banner", 10);
    send_closed(test, 40, SS_SERVER, "fin");
    event = session_of(test, 41, SS_STATE_CLOSED);
    event.session_end.client.name = SS_SLICE_NULL;
    event.session_end.client.bytes = 0;
    event.session_end.client.packets = 3;
    send_event(test, event);

    test->session = 3;
    send_connected(test, 21, 20);
    ss_test_reply(test, 31, 220, NULL, "mx.b.example ESMTP Postfix", "banner", 10);
    ss_test_command(test, 42, "HELO", "client.a.example");
    ss_test_reply(test, 63, 250, NULL, "mx.b.example", "HELO", 21);
    ss_test_command(test, 64, "MAIL", "FROM:<>");
    ss_test_reply(test, 85, 250, "2.1.0", "2.1.0 Ok", "MAIL", 21);
    ss_test_command(test, 86, "RCPT", "TO:<bob@b.example>");
    ss_test_reply(test, 5400, 451, "4.7.1", "4.7.1 Greylisted, please come back in 5 minutes",
                  "RCPT", 5314);
    event = ss_test_message(test, 64, SS_OUTCOME_DEFERRED, SS_STAGE_RCPT);
    event.message.from = S("");
    event.message.rcpt = (SsList){&rcpt, 1, 1};
    event.message.reply = &rcpt.reply;
    send_event(test, event);
    event = session_of(test, 6000, SS_STATE_OPEN);
    event.session_end.messages.deferred = 1;
    send_event(test, event);

    test->session = 4;
    event = ss_test_session(test, 63000, SS_STATE_TIMEOUT);
    event.session_end.client.bytes = event.session_end.server.bytes = 0;
    event.session_end.client.packets = 7;
    send_event(test, event);
    send_capture(test, 1234, SS_COUNT_NONE);
    check_page(test);
    compare(test, "refused");
}

/* A capture with holes, that began late, and a reset inside the content. */
static void
test_gap(void **state)
{
    static const char first[] = "the capture lacks 31 bytes that the server sent: the client "
                                "acknowledged them, so packets were lost while capturing, not on "
                                "the way";
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
    SsRecipient rcpt = recipient("bob@b.example", 0, NULL, NULL);
    SsEvent event;

    (void)state;
    ss_test_command(test, 0, "RCPT", "TO:<bob@b.example>");
    event = ss_test_note(test, SS_NOTE_GAP, 10);
    event.note.direction = SS_SERVER;
    event.note.span = 31;
    send_event(test, event);
    ss_test_command(test, 20, "DATA", NULL);
    ss_test_reply(test, 40, 354, NULL, "go ahead", "DATA", 20);
    event = ss_test_note(test, SS_NOTE_GAP, 2050);
    event.note.direction = SS_CLIENT;
    event.note.span = 14600;
    event.note.in_content = true;
    event.note.message = 1;
    send_event(test, event);
    event = ss_test_note(test, SS_NOTE_RESET, 4060);
    event.note.direction = SS_SERVER;
    event.note.in_content = true;
    send_event(test, event);
    send_closed(test, 4060, SS_SERVER, "reset");
    event = ss_test_message(test, 0, SS_OUTCOME_INCOMPLETE, SS_STAGE_DATA);
    event.message.rcpt = (SsList){&rcpt, 1, 1};
    event.message.transfer = SS_TRANSFER_DATA;
    event.message.size = 1834000;
    event.message.missing_bytes = 14600;
    send_event(test, event);
    for (unsigned i = 0; i < 2; i++) {
        send_finding(test, 4060, "tcp.gap", SS_SEVERITY_LOW, i ? "the second" : first, 2 + 3 * i, 0,
                     i);
    }
    event = ss_test_session(test, 4060, SS_STATE_RESET);
    event.session_end.from_start = false;
    event.session_end.messages.incomplete = 1;
    send_event(test, event);
    send_capture(test, 1234, SS_COUNT_NONE);
    check_page(test);
    compare(test, "gap");
}

/* Nothing off the wire acts on the reader. */
static void
test_hostile(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
    g_autofree char *longest = g_strnfill(70000, 'x');
    SsEvent event;

    (void)state;
    ss_test_command(test, 0, "EHLO", "\033]0;owned\007\r\033[2J\x9b\xc2\x9b");
    ss_test_reply(test, 5, 250, NULL,
                  "a\xe2\x80\xae"
                  "b\n%n%s\n\xff\xfe\xed\xa0\x80\n2026-11-21 INFO",
                  "EHLO", 5);
    ss_test_command(test, 10, "NOOP", longest);
    ss_test_command(test, 11, longest, NULL);
    ss_test_command(test, 12, "", NULL);
    ss_test_command(test, 13, "NOOP", "                    ");
    ss_test_reply(test, 15, 999, "9.9.9", "", NULL, -1);
    ss_test_reply(test, 16, 0, NULL, "\n\n", NULL, -1);
    event = ss_test_message(test, 0, SS_OUTCOME_UNKNOWN, SS_STAGE_END);
    event.message.from = S("\n#9  accepted: forged");
    event.message.headers.subject = S(longest);
    event.message.size = 3;
    send_event(test, event);
    send_finding(test, 15, "x\033y", (SsSeverity)77, longest, 1, 2, 0);
    event = ss_test_session(test, 20, SS_STATE_OPEN);
    event.session_end.client.at.ip = S("2001:db8::1");
    event.session_end.client.name = S("\033[31mred");
    event.session_end.server.name =
        S("日本語.example 日本語.example 日本語.example 日本語.example");
    event.session_end.messages.unknown = 1;
    send_event(test, event);
    check_page(test);
    assert_null(strstr(test->out->str, "\n#9"));
}

static void
test_long_session(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);

    (void)state;
    for (int i = 0; i < 20000; i++) {
        g_autofree char *number = g_strdup_printf("%d", i);
        ss_test_command(test, i, "NOOP", number);
    }
    send_event(test, session_of(test, 20000, SS_STATE_OPEN));
    assert_true(test->out->len < (size_t)512 << 10);
    assert_non_null(strstr(test->out->str, "-> NOOP 0\n"));
    assert_non_null(strstr(test->out->str, "-> NOOP 19999\n"));
    assert_non_null(strstr(test->out->str, " lines left out …\n"));
}

static void
test_color_only_adds(void **state)
{
    g_autoptr(SsTestHost) plain = ss_test_host_new(&ss_plugin_timeline);
    g_autoptr(SsTestHost) color = ss_test_host_new(&ss_plugin_timeline);
    g_autoptr(GRegex) codes = g_regex_new("\033\\[[0-9;]*m", 0, 0, NULL);
    g_autofree char *stripped = NULL;

    (void)state;
    color->color = true;
    play_partly(plain);
    play_partly(color);
    assert_string_not_equal(plain->out->str, color->out->str);
    stripped = g_regex_replace_literal(codes, color->out->str, -1, 0, "", 0, NULL);
    assert_string_equal(plain->out->str, stripped);
}

static void
test_widths(void **state)
{
    (void)state;
    for (unsigned width = 60; width < 240; width += 7) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
        test->width = width;
        play_partly(test);
        check_page(test);
    }
}

static void
test_write_failure(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
    SsEvent event = session_of(test, 20, SS_STATE_OPEN);

    (void)state;
    test->fails_writing = true;
    assert_false(ss_test_host_event(test, &event));
}

/* --- deliveries --- */

static void
send_delivery(SsTestHost *test, SsDeliveryKind kind, SsOutcome outcome, size_t n_attempts)
{
    SsReplyText put_off = {450, SS_SLICE("4.2.0"), SS_SLICE("Greylisted"), 0};
    SsDeliveryAttempt attempts[30] = {{.session = 0}};
    SsDeliveryRecipient rcpt[] = {
        {.address = SS_SLICE("bob@b.example"), .outcome = SS_OUTCOME_ACCEPTED},
        {.address = SS_SLICE("eve\x1b@b.example"), .outcome = (int)outcome},
    };
    SsSlice uids[] = {SS_SLICE("0000000000000001"), SS_SLICE("0000000000000002")};
    SsEvent event = ss_test_event(test, SS_EVENT_DELIVERY, 0);

    for (size_t i = 0; i < n_attempts; i++) {
        attempts[i] = (SsDeliveryAttempt){
            .session = i + 1,
            .time_ns = event.time_ns + (int64_t)i * 8095000000,
            .client = {SS_SLICE("192.0.2.10"), 40000, SS_SLICE("client.a.example")},
            .server = {SS_SLICE("2001:db8:0:1::25"), 25, SS_SLICE_NULL},
            .outcome = (int)(i + 1 < n_attempts ? SS_OUTCOME_DEFERRED : outcome),
            .reply = i + 1 < n_attempts ? &put_off : NULL,
            .reason = i + 1 < n_attempts ? SS_SLICE("greylisted") : SS_SLICE_NULL,
        };
    }
    event.delivery = (SsEventDelivery){
        .kind = (int)kind,
        .outcome = (int)outcome,
        .message_id = SS_SLICE("<1@a.example>"),
        .from = SS_SLICE(""),
        .rcpt = {rcpt, 2, 2},
        .attempts = {attempts, n_attempts, n_attempts},
        .total_delay_ns = (int64_t)n_attempts * 8095000000,
        .uids = {uids, 2, 2},
    };
    send_event(test, event);
}

static void
test_deliveries(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);

    (void)state;
    send_delivery(test, SS_DELIVERY_GREYLISTING, SS_OUTCOME_ACCEPTED, 2);
    send_delivery(test, SS_DELIVERY_RETRY, SS_OUTCOME_DEFERRED, 30);
    send_delivery(test, SS_DELIVERY_OTHER_SERVER, SS_OUTCOME_REJECTED, 3);
    send_delivery(test, SS_DELIVERY_RELAY, SS_OUTCOME_ACCEPTED, 2);
    send_delivery(test, SS_DELIVERY_MIXED, SS_OUTCOME_INCOMPLETE, 11);
    send_delivery(test, SS_DELIVERY_DUPLICATE, SS_OUTCOME_ACCEPTED, 2);
    check_page(test);
    compare(test, "deliveries");
}

/* A delivery's row says the same as its block. */
static void
test_delivery_row(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);

    (void)state;
    ss_test_host_option(test, "format", "jsonl");
    send_delivery(test, SS_DELIVERY_DUPLICATE, SS_OUTCOME_ACCEPTED, 2);
    assert_non_null(strstr(test->out->str, "\"message\":\"delivery over 2 attempts: accepted MORE "
                                           "THAN ONCE, sent 2 times\""));
    assert_non_null(strstr(test->out->str, "bob@b.example eve\\\\x1b@b.example"));
}

/* That a message was put off before stands nowhere above where it was accepted. */
static void
test_retry_is_told(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
    SsEvent event = ss_test_message(test, 64, SS_OUTCOME_ACCEPTED, SS_STAGE_END);

    (void)state;
    event.message.from = S("alice@a.example");
    send_event(test, event);
    send_finding(test, 64, "smtp.deferred", SS_SEVERITY_INFO, "bob was accepted at the retry", 8, 0,
                 1);
    event = session_of(test, 70, SS_STATE_COMPLETE);
    event.session_end.messages.accepted = 1;
    send_event(test, event);
    assert_non_null(strstr(test->out->str, "smtp.deferred  bob was accepted at the retry"));
    assert_null(strstr(test->out->str, "told above"));
}

static void
test_deliveries_quiet(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);

    (void)state;
    test->host.verbosity = -1;
    send_delivery(test, SS_DELIVERY_GREYLISTING, SS_OUTCOME_ACCEPTED, 2);
    assert_string_equal(test->out->str, "");
    send_delivery(test, SS_DELIVERY_GREYLISTING, SS_OUTCOME_DEFERRED, 2);
    assert_true(g_str_has_prefix(test->out->str, "delivery    DEFERRED at the 2nd attempt"));
}

static SsEvent
silent_session(SsTestHost *test, SsSessionState state)
{
    SsEvent event = ss_test_session(test, 63000, state);

    event.session_end.client.bytes = event.session_end.server.bytes = 0;
    event.session_end.client.packets = 3;
    event.session_end.server.packets = 3;
    return event;
}

/* Sessions in which nobody's words were captured, and why. */
static void
test_silence(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
    SsEvent event = silent_session(test, SS_STATE_TIMEOUT);

    (void)state;
    event.session_end.client.packets = 1;
    event.session_end.server.packets = 0;
    send_event(test, event);
    test->session = 2;
    send_closed(test, 1, SS_SERVER, "reset");
    send_event(test, silent_session(test, SS_STATE_RESET));
    test->session = 3;
    send_connected(test, 21, 20);
    send_closed(test, 9000, SS_CLIENT, "timeout");
    send_event(test, silent_session(test, SS_STATE_TIMEOUT));
    test->session = 4;
    send_connected(test, 21, 20);
    event = silent_session(test, SS_STATE_CLOSED);
    event.session_end.client.missing_bytes = 400;
    event.session_end.server.missing_bytes = 600;
    send_event(test, event);
    test->session = 5;
    send_connected(test, 21, 20);
    send_closed(test, 9000, SS_CLIENT, "reset");
    send_event(test, silent_session(test, SS_STATE_RESET));
    send_capture(test, 40, SS_COUNT_NONE);
    check_page(test);
    compare(test, "silence");
}

/* One direction only, and a QUIT whose close was not captured. */
static void
test_one_way(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
    SsRecipient rcpt = recipient("bob@b.example", 0, NULL, NULL);
    SsEvent event;

    (void)state;
    ss_test_reply(test, 31, 220, NULL, "mx.b.example ESMTP Postfix", NULL, -1);
    ss_test_reply(test, 64, 354, NULL, "End data with <CR><LF>.<CR><LF>", NULL, -1);
    ss_test_reply(test, 70, 250, "2.0.0", "2.0.0 Ok: queued as 4F5D2A01", NULL, -1);
    ss_test_reply(test, 80, 221, "2.0.0", "2.0.0 Bye", NULL, -1);
    send_closed(test, 80, SS_CLIENT, "capture");
    event = session_of(test, 80, SS_STATE_OPEN);
    event.session_end.client.bytes = 0;
    event.session_end.client.missing_bytes = 431;
    event.session_end.server.packets = 9;
    send_event(test, event);

    test->session = 2;
    ss_test_command(test, 42, "DATA", NULL);
    send_content(test, 108, 112, 1834);
    send_closed(test, 112, SS_CLIENT, "capture");
    event = ss_test_message(test, 42, SS_OUTCOME_UNKNOWN, SS_STAGE_END);
    event.message.from = S("alice@a.example");
    event.message.rcpt = (SsList){&rcpt, 1, 1};
    event.message.transfer = SS_TRANSFER_DATA;
    event.message.size = 1834;
    send_event(test, event);
    event = session_of(test, 112, SS_STATE_OPEN);
    event.session_end.client.packets = 9;
    event.session_end.server.bytes = 0;
    event.session_end.server.missing_bytes = 300;
    event.session_end.messages.unknown = 1;
    send_event(test, event);
    check_page(test);
    compare(test, "one-way");
}

/* Three messages that came to no end, each in its way. */
static void
test_unfinished_messages(void **state)
{
    static const struct {
        SsStage stage;
        const char *verb, *end;
    } cases[] = {
        {SS_STAGE_RCPT, "RSET", NULL},    {SS_STAGE_RCPT, "QUIT", "fin"},
        {SS_STAGE_RCPT, NULL, "capture"}, {SS_STAGE_RCPT, NULL, "timeout"},
        {SS_STAGE_RCPT, NULL, "fin"},     {SS_STAGE_RCPT, NULL, "reused"},
        {SS_STAGE_END, NULL, "fin"},      {SS_STAGE_DATA, NULL, "capture"},
    };
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        SsEvent event;
        test->session = i + 1;
        ss_test_command(test, 1, "MAIL", "FROM:<alice@a.example>");
        if (cases[i].verb) {
            ss_test_command(test, 2, cases[i].verb, NULL);
        }
        if (cases[i].end) {
            send_closed(test, 3, SS_CLIENT, cases[i].end);
        }
        event = ss_test_message(test, 1, SS_OUTCOME_INCOMPLETE, cases[i].stage);
        event.message.from = S("alice@a.example");
        event.message.transfer = cases[i].stage >= SS_STAGE_DATA ? SS_TRANSFER_DATA : -1;
        event.message.size = cases[i].stage == SS_STAGE_DATA ? 447498 : 0;
        send_event(test, event);
        event = session_of(test, 4, SS_STATE_TIMEOUT);
        event.session_end.messages.incomplete = 1;
        send_event(test, event);
    }
    check_page(test);
    compare(test, "unfinished");
}

/* What comes again and again is told once, with its true number. */
static void
test_again(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
    SsTally tallies[] = {{SS_SLICE("auth.cleartext"), 15}, {SS_SLICE("smtp.slow"), 12}};
    SsEvent event;

    (void)state;
    ss_test_command(test, 0, "EHLO", "client.a.example");
    ss_test_command(test, 1, "AUTH", "LOGIN");
    ss_test_command(test, 2, "AUTH", "********"); /* its 334 was lost */
    ss_test_reply(test, 3, 0, NULL, "what is this", NULL, -1);
    for (int i = 0; i < 15; i++) {
        event = ss_test_auth(test, 3 + i, "LOGIN", i % 2 ? "hong_xu" : "al", SS_AUTH_FAILURE);
        event.auth.reply = (SsReplyText){535, S("5.7.8"), S("no"), 0};
        send_event(test, event);
        if (i < 10) {
            send_finding(test, 3 + i, "auth.cleartext", SS_SEVERITY_HIGH,
                         i % 2 ? "the password of hong_xu crossed in the clear"
                               : "the password of al crossed in the clear",
                         (uint64_t)i + 10, 0, 0);
            send_finding(test, 3 + i, "smtp.slow", SS_SEVERITY_LOW,
                         i < 8 ? "the banner took 9 s" : "EHLO took 9 s", (uint64_t)i + 40, 0, 0);
        }
    }
    for (int i = 0; i < 42; i++) {
        ss_test_command(test, 30 + i, "BDAT", "129");
        ss_test_reply(test, 30 + i, 250, "2.0.0", "2.0.0 Ok: 129 bytes", "BDAT", 1);
    }
    ss_test_command(test, 90, "BDAT", "7 LAST");
    ss_test_reply(test, 91, 250, "2.0.0", "2.0.0 Ok", "data", 1);
    event = session_of(test, 100, SS_STATE_COMPLETE);
    event.session_end.findings = (SsList){tallies, 2, 2};
    send_event(test, event);
    send_capture(test, 200, SS_COUNT_NONE);
    check_page(test);
    compare(test, "again");
}

/* The verdict stands on one line, whatever is in it. */
static void
test_one_line(void **state)
{
    static const char addresses[][80] = {"a@b.example",
                                         "a-very-long-name-of-a-robot.with+tags=and-more@mail."
                                         "subdomain.of.a.long.example"};
    g_autofree char *hello = g_strnfill(4000, 'h');

    (void)state;
    for (unsigned i = 0; i < 64; i++) {
        g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
        SsRecipient rcpt[2] = {
            recipient(addresses[i >> 1 & 1], 250, NULL, NULL),
            recipient(
                addresses[0], 550, "5.2.1",
                "this is a very long text of a server that refuses a recipient for a reason")};
        g_auto(GStrv) lines = NULL;
        SsEvent event;

        test->width = i & 32 ? 61 : 80;
        ss_test_command(test, 0, "EHLO", hello);
        if (i & 16) {
            send_finding(test, 1, "auth.cleartext", SS_SEVERITY_HIGH, "seen", 1, 0, 0);
        }
        event = ss_test_message(test, 0, SS_OUTCOME_ACCEPTED, SS_STAGE_END);
        event.message.from = S(addresses[i & 1]);
        event.message.rcpt = (SsList){rcpt, i & 4 ? 2 : 1, i & 8 ? 1000 : i & 4 ? 2 : 1};
        send_event(test, event);
        event = session_of(test, 20, SS_STATE_COMPLETE);
        event.session_end.client.name = ss_slice(hello, 1024);
        event.session_end.messages.accepted = 1;
        send_event(test, event);
        check_page(test);
        lines = g_strsplit(test->out->str, "\n", 4);
        assert_true(g_str_has_prefix(lines[0], "#1  "));
        assert_true(g_str_has_prefix(lines[1], "    192.0.2.10"));
        assert_non_null(strstr(test->out->str, "… (4,000 bytes) → "));
        if (test->width == 80) {
            assert_true(g_str_has_prefix(lines[1], "    192.0.2.10:40112 → 198"));
            assert_non_null(strstr(lines[2], " → mx.b.example (Postfix)"));
        }
        if (i == 0) {
            assert_true(g_str_has_suffix(lines[0], "in the clear"));
        }
    }
}

/* Some rows of a text are enough. */
static void
test_long_lines(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
    g_autofree char *longest = g_strnfill(3900, 'x');
    g_auto(GStrv) lines = NULL;

    (void)state;
    ss_test_command(test, 0, "NOOP", longest);
    send_event(test, session_of(test, 1, SS_STATE_OPEN));
    check_page(test);
    assert_non_null(strstr(test->out->str, " bytes more)\n"));
    lines = g_strsplit(strstr(test->out->str, "-> NOOP"), "\n", -1);
    assert_true(g_strv_length(lines) <= 5 + 1);
}

/* A login's refusal is not why a message was refused; two reasons are two. */
static void
test_reasons(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
    SsReplyText replies[] = {{550, S("5.2.1"), S("content rejected"), 0},
                             {552, S("5.3.4"), S("too big"), 0}};
    SsEvent event = ss_test_auth(test, 1, "PLAIN", "alice", SS_AUTH_FAILURE);

    (void)state;
    event.auth.reply = (SsReplyText){535, S("5.7.8"), S("no"), 0};
    send_event(test, event);
    for (unsigned i = 0; i < 2; i++) {
        event = ss_test_message(test, 2, SS_OUTCOME_REJECTED, SS_STAGE_END);
        event.message.index = i + 1;
        event.message.reply = &replies[i];
        send_event(test, event);
    }
    event = session_of(test, 3, SS_STATE_COMPLETE);
    event.session_end.messages.rejected = 2;
    send_event(test, event);
    assert_true(g_str_has_prefix(test->out->str, "#1  REFUSED: 2 messages; for 2 reasons, the "
                                                 "first: \"c… (550 5.2.1)"));
    assert_non_null(strstr(test->out->str, "= refused: see the server's text"));
}

static void
test_unfinished(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);

    (void)state;
    test->host.is_live = true;
    send_connected(test, 0, 20); /* freed without its session event */
    test->session = 2;
    send_connected(test, 0, 20);
}

static void
send_gap(SsTestHost *test, double at_ms, const char *cause)
{
    SsEvent event = ss_test_note(test, SS_NOTE_GAP, at_ms);

    event.note.span = 31;
    event.note.text = S(cause);
    send_event(test, event);
}

static void
send_remark(SsTestHost *test, double at_ms, const char *remark)
{
    SsEvent event = ss_test_note(test, SS_NOTE_TCP, at_ms);

    event.note.direction = SS_SERVER;
    event.note.text = S(remark);
    event.note.evidence = 17;
    send_event(test, event);
}

/* What TCP did below: gaps and whose doing they are, two readings, odd packets, a forged reset. */
static void
test_tcp(void **state)
{
    g_autoptr(SsTestHost) test = ss_test_host_new(&ss_plugin_timeline);
    SsSlice doubts[] = {SS_SLICE_INIT("bad-checksum"), SS_SLICE_INIT("out-of-window")};
    SsTally artefacts[] = {{SS_SLICE_INIT("snap_length"), 412},
                           {SS_SLICE_INIT("checksum_offload_hosts"), 3}};
    SsEventConflict about = {
        .taken = S("bob@b.example>"),
        .other = S("eve\x1b[2J@b.example>"),
        .taken_frame = 8,
        .other_frame = 12,
        .taken_ttl = 57,
        .other_ttl = 243,
        .taken_link = S("02:00:00:00:00:01"),
        .other_link = S("02:00:00:00:00:02"),
        .is_late = true,
        .doubts = {doubts, 2, 2},
    };
    SsEvent event;

    (void)state;
    send_gap(test, 10, "capture");
    send_gap(test, 20, "snap-length");
    send_gap(test, 30, "network");
    send_gap(test, 40, "limit");
    send_gap(test, 50, "unknown");
    event = ss_test_note(test, SS_NOTE_GAP, 55); /* of the server, while content goes on */
    event.note.direction = SS_SERVER;
    event.note.in_content = true;
    event.note.span = 12;
    event.note.text = S("snap-length");
    send_event(test, event);
    event = ss_test_note(test, SS_NOTE_CONFLICT, 60);
    event.note.conflict = &about;
    send_event(test, event);
    about = (SsEventConflict){.taken = S("a"), .other = S("b"), .taken_frame = 1, .other_frame = 2};
    event.note.direction = SS_SERVER;
    event.note.conflict = &about;
    send_event(test, event);
    about = (SsEventConflict){.taken_frame = 7, .other_frame = 8}; /* could show a secret */
    event.note.direction = SS_CLIENT;
    send_event(test, event);
    send_remark(test, 70, "retransmission"); /* no line */
    send_remark(test, 70, "zero-window");
    send_remark(test, 70, "reset-doubted");
    event = ss_test_note(test, SS_NOTE_RESET, 80);
    event.note.direction = SS_SERVER;
    event.note.ttl[0] = 243;
    event.note.ttl[1] = 57;
    send_event(test, event);
    send_closed(test, 80, SS_SERVER, "reset");
    event = ss_test_session(test, 80, SS_STATE_RESET);
    send_event(test, event);

    test->session++;
    send_gap(test, 90, "network");
    event = ss_test_session(test, 100, SS_STATE_NOT_SMTP);
    event.session_end.protocol = S("HTTP");
    send_event(test, event);
    event = ss_test_event(test, SS_EVENT_CAPTURE, 0);
    event.capture.packets = 100;
    event.capture.dropped = SS_COUNT_NONE;
    event.capture.artefacts = (SsList){artefacts, 2, 2};
    send_event(test, event);
    check_page(test);
    compare(test, "tcp");
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_partly),
        cmocka_unit_test(test_verbose),
        cmocka_unit_test(test_live),
        cmocka_unit_test(test_quiet),
        cmocka_unit_test(test_formats),
        cmocka_unit_test(test_csv_cells),
        cmocka_unit_test(test_resend),
        cmocka_unit_test(test_live_end),
        cmocka_unit_test(test_time),
        cmocka_unit_test(test_late),
        cmocka_unit_test(test_alert),
        cmocka_unit_test(test_delivery_row),
        cmocka_unit_test(test_retry_is_told),
        cmocka_unit_test(test_whose),
        cmocka_unit_test(test_no_tls),
        cmocka_unit_test(test_stuck),
        cmocka_unit_test(test_doubted_reset),
        cmocka_unit_test(test_protection),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_gap),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_long_session),
        cmocka_unit_test(test_color_only_adds),
        cmocka_unit_test(test_widths),
        cmocka_unit_test(test_write_failure),
        cmocka_unit_test(test_unfinished),
        cmocka_unit_test(test_silence),
        cmocka_unit_test(test_one_way),
        cmocka_unit_test(test_unfinished_messages),
        cmocka_unit_test(test_again),
        cmocka_unit_test(test_one_line),
        cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_reasons),
        cmocka_unit_test(test_tcp),
        cmocka_unit_test(test_deliveries),
        cmocka_unit_test(test_deliveries_quiet),
    };

    return cmocka_run_group_tests_name("timeline", tests, NULL, NULL);
}
