/*
 * What TCP tells of a session, handed to the SMTP side by the calls of the joint: the notes that
 * come of it, what of a conflict's readings is shown, and the session's event.
 */
#include "dissect/smtp/session.h"

#include "tests/ss-test.h"

typedef struct {
    SsEventSink base;
    SsStreamFactory *factory;
    SsConnection connection;
    SsStreamSink *sink;
    SsArena arena;
    GPtrArray *events; /* of SsEvent, in `arena` */
} Rig;

static void
keep_event(SsEventSink *self, const SsEvent *event)
{
    Rig *rig = (Rig *)self;

    g_ptr_array_add(rig->events, ss_event_copy(&rig->arena, event));
}

static void
rig_open(Rig *rig, bool show_secrets)
{
    SsSmtpOptions options = {.limits = SS_LIMITS_DEFAULT, .show_secrets = show_secrets};

    *rig = (Rig){.base = {SS_WANT_ALL_WRITTEN | SS_WANT(SS_EVENT_NOTE), keep_event}};
    rig->events = g_ptr_array_new();
    rig->connection = (SsConnection){
        .family = 4,
        .from_start = true,
        .on_server_port = true,
        .syn_ns = SS_TIME_NONE,
        .ready_ns = SS_TIME_NONE,
        .session = 1,
        .uid = 1,
        .first = {.frame = 1, .time_digits = 9},
        .last = {.frame = 1, .time_digits = 9},
    };
    rig->connection.half[SS_CLIENT].packets = 1;
    rig->connection.half[SS_SERVER].packets = 1;
    rig->factory = ss_smtp_factory_new(&options, &rig->base, NULL);
    rig->sink = rig->factory->open(rig->factory, &rig->connection);
}

static void
rig_close(Rig *rig)
{
    if (rig->sink) {
        rig->sink->ops->close(rig->sink, SS_CLOSE_CAPTURE, SS_CLIENT);
    }
    ss_smtp_factory_free(rig->factory);
    g_ptr_array_unref(rig->events);
    ss_arena_clear(&rig->arena);
}

static void
begin_frame(Rig *rig)
{
    rig->connection.last.frame++;
    rig->connection.last.time_ns += SS_NS_PER_S;
    rig->connection.frame = rig->connection.last.frame;
}

static void
say(Rig *rig, SsDirection direction, const char *text)
{
    SsSlice bytes = ss_slice_str(text);

    begin_frame(rig);
    rig->connection.half[direction].packets++;
    rig->connection.half[direction].bytes += bytes.len;
    rig->sink->ops->data(rig->sink, direction, bytes, &rig->connection.last);
}

/* The last event of that type, of notes of that kind; NULL where there is none. */
static const SsEvent *
last_of(const Rig *rig, SsEventType type, int kind)
{
    for (guint i = rig->events->len; i > 0; i--) {
        const SsEvent *event = g_ptr_array_index(rig->events, i - 1);
        if (event->type == type && (type != SS_EVENT_NOTE || event->note.kind == kind)) {
            return event;
        }
    }
    return NULL;
}

static const SsEventConflict *
tell_conflict(Rig *rig, SsDirection direction, uint64_t offset, const char *taken,
              const char *other)
{
    SsConflict conflict = {
        .offset = offset,
        .len = MAX(strlen(taken), strlen(other)),
        .taken = ss_slice_str(taken),
        .other = ss_slice_str(other),
        .taken_from = {.frame = 2, .time_digits = 9},
        .other_from = {.frame = 3, .time_digits = 9},
    };
    const SsEvent *event;

    rig->sink->ops->conflict(rig->sink, direction, &conflict);
    event = last_of(rig, SS_EVENT_NOTE, SS_NOTE_CONFLICT);
    assert_non_null(event);
    assert_non_null(event->note.conflict);
    return event->note.conflict;
}

/* As many bytes of the direction as there were before `text`, which was said last. */
static uint64_t
offset_of(const Rig *rig, SsDirection direction, const char *text)
{
    return rig->connection.half[direction].bytes - strlen(text);
}

static void
assert_text(SsSlice text, const char *expected)
{
    g_autofree char *copy = g_strndup((const char *)text.data, text.len);

    if (!expected) {
        assert_true(ss_slice_is_null(text));
    } else {
        assert_false(ss_slice_is_null(text));
        assert_string_equal(copy, expected);
    }
}

static void
greet(Rig *rig)
{
    say(rig, SS_SERVER, "220 mx.b.example ESMTP\r\n");
    say(rig, SS_CLIENT, "EHLO client.a.example\r\n");
    say(rig, SS_SERVER, "250-mx.b.example\r\n250 AUTH PLAIN LOGIN\r\n");
}

static void
envelope(Rig *rig)
{
    say(rig, SS_CLIENT, "MAIL FROM:<ann@a.example>\r\n");
    say(rig, SS_SERVER, "250 ok\r\n");
    say(rig, SS_CLIENT, "RCPT TO:<bob@b.example>\r\n");
    say(rig, SS_SERVER, "250 ok\r\n");
}

/* --- a conflict --- */

static void
test_conflict(void **state)
{
    Rig rig;
    SsConflict conflict = {
        .offset = 0,
        .len = 3,
        .taken = SS_SLICE("220"),
        .other = SS_SLICE("554"),
        .taken_from = {.frame = 2, .time_ns = 5, .time_digits = 9},
        .other_from = {.frame = 7, .time_ns = 9, .time_digits = 9},
        .is_late = true,
        .taken_ttl = 64,
        .other_ttl = 51,
        .has_links = true,
        .taken_link = {2, 0, 0, 0, 0, 1},
        .other_link = {2, 0, 0, 0, 0, 0xfe},
        .doubts = SS_REMARKS(SS_REMARK_BAD_CHECKSUM) | SS_REMARKS(SS_REMARK_SIGNATURE),
    };
    const SsEvent *event;

    (void)state;
    rig_open(&rig, false);
    say(&rig, SS_SERVER, "220 mx.b.example ESMTP\r\n");
    rig.sink->ops->conflict(rig.sink, SS_SERVER, &conflict);
    event = last_of(&rig, SS_EVENT_NOTE, SS_NOTE_CONFLICT);
    assert_non_null(event);
    assert_int_equal(event->note.direction, SS_SERVER);
    assert_int_equal(event->note.offset, 0);
    assert_int_equal(event->note.span, 3);
    assert_int_equal(event->note.evidence, 7);
    assert_text(event->note.conflict->taken, "220");
    assert_text(event->note.conflict->other, "554");
    assert_int_equal(event->note.conflict->taken_frame, 2);
    assert_int_equal(event->note.conflict->other_frame, 7);
    assert_int_equal(event->note.conflict->taken_ttl, 64);
    assert_int_equal(event->note.conflict->other_ttl, 51);
    assert_true(event->note.conflict->is_late);
    assert_text(event->note.conflict->taken_link, "02:00:00:00:00:01");
    assert_text(event->note.conflict->other_link, "02:00:00:00:00:fe");
    assert_int_equal(event->note.conflict->doubts.n, 2);
    assert_text(((SsSlice *)event->note.conflict->doubts.items)[0], "bad-checksum");
    assert_text(((SsSlice *)event->note.conflict->doubts.items)[1], "signature");

    conflict.other_link[5] = 1; /* the same: nothing to tell */
    rig.sink->ops->conflict(rig.sink, SS_SERVER, &conflict);
    event = last_of(&rig, SS_EVENT_NOTE, SS_NOTE_CONFLICT);
    assert_text(event->note.conflict->taken_link, NULL);
    assert_text(event->note.conflict->other_link, NULL);
    rig_close(&rig);
}

static void
test_conflict_in_command_and_content(void **state)
{
    static const char rcpt[] = "RCPT TO:<bob@b.example>\r\n";
    const SsEventConflict *conflict;
    const SsEvent *event;
    Rig rig;

    (void)state;
    rig_open(&rig, false);
    greet(&rig);
    envelope(&rig);
    conflict = tell_conflict(&rig, SS_CLIENT, offset_of(&rig, SS_CLIENT, rcpt) + 9, "bob", "eve");
    assert_text(conflict->taken, "bob");
    assert_text(conflict->other, "eve");
    say(&rig, SS_CLIENT, "DATA\r\n");
    say(&rig, SS_SERVER, "354 go\r\n");
    say(&rig, SS_CLIENT, "Subject: x\r\n\r\nAuthor: pay 100\r\n");
    conflict = tell_conflict(&rig, SS_CLIENT, offset_of(&rig, SS_CLIENT, "100\r\n"), "1", "9");
    assert_text(conflict->other, "9");
    event = last_of(&rig, SS_EVENT_NOTE, SS_NOTE_CONFLICT);
    assert_true(event->note.in_content);
    assert_int_equal(event->note.message, 1);
    /* Bytes that wait behind others. */
    conflict = tell_conflict(&rig, SS_CLIENT, rig.connection.half[0].bytes + 1000,
                             "SGVsbG8gd29ybGQh", "QUJDREVGR0hJSktM");
    assert_text(conflict->taken, "SGVsbG8gd29ybGQh");
    rig_close(&rig);
}

/* --- secrets --- */

#define SECRET "AGFubgBDYW5hcnktN0txMg=="

static void
assert_hidden(const SsEventConflict *conflict)
{
    assert_text(conflict->taken, NULL);
    assert_text(conflict->other, NULL);
}

/* While it is sent, while its reply is waited for, and when it is long over. */
static void
test_secret_of_plain(void **state)
{
    static const char *const lines[] = {"AUTH PLAIN " SECRET "\r\n", "AUTH PLAIN\r\n"};
    uint64_t offset;
    Rig rig;

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        rig_open(&rig, false);
        greet(&rig);
        offset = rig.connection.half[SS_CLIENT].bytes;
        say(&rig, SS_CLIENT, "AUTH PL");
        assert_hidden(tell_conflict(&rig, SS_CLIENT, offset, "AUTH PL", "NOOP ab"));
        say(&rig, SS_CLIENT, lines[i] + 7);
        assert_hidden(tell_conflict(&rig, SS_CLIENT, offset + 11, "AGFu", "AGFv"));
        if (i == 1) {
            say(&rig, SS_SERVER, "334 \r\n");
            say(&rig, SS_CLIENT, SECRET "\r\n");
            offset = offset_of(&rig, SS_CLIENT, SECRET "\r\n");
            assert_hidden(tell_conflict(&rig, SS_CLIENT, offset, "AGFu", "AGFv"));
        }
        say(&rig, SS_SERVER, "235 ok\r\n");
        assert_hidden(tell_conflict(&rig, SS_CLIENT, offset + 4, "bgBD", "bgBE"));
        envelope(&rig);
        say(&rig, SS_CLIENT, "DATA\r\n");
        say(&rig, SS_SERVER, "354 go\r\n");
        say(&rig, SS_CLIENT, "text\r\n");
        assert_hidden(tell_conflict(&rig, SS_CLIENT, offset + 4, "bgBD", "bgBE"));
        offset = offset_of(&rig, SS_CLIENT, "text\r\n");
        assert_text(tell_conflict(&rig, SS_CLIENT, offset, "text", "hext")->taken, "text");
        rig_close(&rig);
    }
}

/* What a server says again of it, and what comes behind a login that failed. */
static void
test_secret_said_again(void **state)
{
    static const char echo[] = "535-no such user " SECRET "\r\n";
    uint64_t offset;
    Rig rig;

    (void)state;
    rig_open(&rig, false);
    greet(&rig);
    say(&rig, SS_CLIENT, "AUTH PLAIN " SECRET "\r\n");
    offset = rig.connection.half[SS_SERVER].bytes;
    assert_hidden(tell_conflict(&rig, SS_SERVER, offset, echo, "235 ok\r\n"));
    say(&rig, SS_SERVER, echo);
    assert_hidden(tell_conflict(&rig, SS_SERVER, offset, echo, "235 ok\r\n"));
    say(&rig, SS_SERVER, "535 bye\r\n");
    assert_hidden(tell_conflict(&rig, SS_SERVER, offset, echo, "235 ok\r\n"));
    say(&rig, SS_CLIENT, "hunter2\r\n");
    assert_hidden(
        tell_conflict(&rig, SS_CLIENT, offset_of(&rig, SS_CLIENT, "hunter2\r\n"), "h", "j"));
    say(&rig, SS_SERVER, "500 what\r\n");
    say(&rig, SS_CLIENT, "NOOP\r\n");
    say(&rig, SS_SERVER, "250 ok\r\n");
    assert_hidden(tell_conflict(&rig, SS_SERVER, offset, echo, "235 ok\r\n"));
    offset = offset_of(&rig, SS_SERVER, "250 ok\r\n");
    assert_text(tell_conflict(&rig, SS_SERVER, offset, "250", "550")->other, "550");
    rig_close(&rig);
}

/* One direction only, all in one piece: the login is over before the call is. */
static void
test_secret_one_way(void **state)
{
    static const char all[] = "EHLO client.a.example\r\nAUTH LOGIN\r\nYW5uYQ==\r\n"
                              "c2VjcmV0MQ==\r\nMAIL FROM:<ann@a.example>\r\n";
    Rig rig;

    (void)state;
    rig_open(&rig, false);
    rig.connection.half[SS_SERVER].packets = 0;
    say(&rig, SS_CLIENT, all);
    assert_hidden(tell_conflict(&rig, SS_CLIENT, (uint64_t)(strstr(all, "c2V") - all), "c2VjcmV0",
                                "d2VjcmV0"));
    rig_close(&rig);
}

/* A reading that never counted, in a place where what counted is harmless. */
static void
test_secret_not_taken(void **state)
{
    uint64_t offset;
    Rig rig;

    (void)state;
    rig_open(&rig, false);
    greet(&rig);
    say(&rig, SS_CLIENT, "NOOP abc\r\n");
    offset = offset_of(&rig, SS_CLIENT, "NOOP abc\r\n");
    assert_hidden(tell_conflict(&rig, SS_CLIENT, offset, "NOOP abc\r\n", "AUTH PLAIN x\r\n"));
    assert_hidden(tell_conflict(&rig, SS_CLIENT, offset, "NOOP abc\r\n", "pass x\r\n"));
    assert_hidden(tell_conflict(&rig, SS_CLIENT, offset, "NOOP abc\r\n", "AGFubgBD"));
    /* Bytes that nobody has read yet. */
    assert_hidden(tell_conflict(&rig, SS_CLIENT, offset + 10, "x", "y"));
    assert_text(tell_conflict(&rig, SS_CLIENT, offset, "NOOP abc\r\n", "STARTTLS\r\n")->other,
                "STARTTLS\r\n");
    say(&rig, SS_CLIENT, "RSE"); /* a line that has no end yet may be anything */
    offset = offset_of(&rig, SS_CLIENT, "RSE");
    assert_hidden(tell_conflict(&rig, SS_CLIENT, offset, "RS", "XY"));
    say(&rig, SS_CLIENT, "T\r\n");
    assert_text(tell_conflict(&rig, SS_CLIENT, offset, "RS", "XY")->other, "XY");
    rig_close(&rig);
}

/* Behind a hole nobody knows what a line was. */
static void
test_secret_behind_gap(void **state)
{
    Rig rig;

    (void)state;
    rig_open(&rig, false);
    greet(&rig);
    begin_frame(&rig);
    rig.connection.half[SS_CLIENT].missing_bytes += 12;
    rig.sink->ops->gap(rig.sink, SS_CLIENT, 12, SS_GAP_CAPTURE, &rig.connection.last);
    say(&rig, SS_CLIENT, "hunter2\r\n");
    assert_hidden(
        tell_conflict(&rig, SS_CLIENT, offset_of(&rig, SS_CLIENT, "hunter2\r\n") + 12, "h", "j"));
    say(&rig, SS_CLIENT, "NOOP\r\n");
    assert_hidden(tell_conflict(&rig, SS_CLIENT,
                                offset_of(&rig, SS_CLIENT, "hunter2\r\nNOOP\r\n") + 12, "h", "j"));
    assert_text(
        tell_conflict(&rig, SS_CLIENT, offset_of(&rig, SS_CLIENT, "NOOP\r\n") + 12, "NOOP", "RSET")
            ->other,
        "RSET");
    rig_close(&rig);
}

static void
test_secret_shown(void **state)
{
    uint64_t offset;
    Rig rig;

    (void)state;
    rig_open(&rig, true);
    greet(&rig);
    say(&rig, SS_CLIENT, "AUTH PLAIN " SECRET "\r\n");
    offset = offset_of(&rig, SS_CLIENT, SECRET "\r\n");
    assert_text(tell_conflict(&rig, SS_CLIENT, offset, "AGFu", "AGFv")->taken, "AGFu");
    rig_close(&rig);
}

static void
test_ciphertext(void **state)
{
    uint64_t offset;
    Rig rig;

    (void)state;
    rig_open(&rig, true);
    greet(&rig);
    say(&rig, SS_CLIENT, "STARTTLS\r\n");
    say(&rig, SS_SERVER, "220 go\r\n");
    offset = rig.connection.half[SS_CLIENT].bytes;
    say(&rig, SS_CLIENT, "\x16\x03\x01\x02");
    assert_hidden(tell_conflict(&rig, SS_CLIENT, offset, "\x16", "\x17"));
    rig_close(&rig);
}

/* --- remarks, resets, the session --- */

static void
test_remark(void **state)
{
    SsOrigin origin = {.frame = 12, .time_ns = 3, .time_digits = 9};
    const SsEvent *event;
    Rig rig;

    (void)state;
    rig_open(&rig, false);
    greet(&rig);
    rig.sink->ops->remark(rig.sink, SS_SERVER, SS_REMARK_ZERO_WINDOW, &origin);
    event = last_of(&rig, SS_EVENT_NOTE, SS_NOTE_TCP);
    assert_non_null(event);
    assert_text(event->note.text, "zero-window");
    assert_int_equal(event->note.direction, SS_SERVER);
    assert_int_equal(event->note.evidence, 12);
    rig_close(&rig);
}

/* Nothing is a session on a port that proves nothing, until SMTP is seen. */
static void
test_no_session(void **state)
{
    SsOrigin origin = {.frame = 12, .time_digits = 9};
    SsConflict conflict = {.len = 1, .taken = SS_SLICE("a"), .other = SS_SLICE("b")};
    Rig rig;

    (void)state;
    rig_open(&rig, false);
    rig.connection.on_server_port = false;
    rig.connection.session = rig.connection.uid = 0;
    rig.sink->ops->remark(rig.sink, SS_SERVER, SS_REMARK_OVERLAP, &origin);
    rig.sink->ops->conflict(rig.sink, SS_SERVER, &conflict);
    say(&rig, SS_SERVER, "SSH-2.0-x\r\n");
    rig.sink->ops->remark(rig.sink, SS_SERVER, SS_REMARK_OVERLAP, &origin);
    rig.sink->ops->conflict(rig.sink, SS_SERVER, &conflict);
    assert_int_equal(rig.events->len, 0);
    assert_int_equal(rig.connection.session, 0);
    rig_close(&rig);
}

static void
test_reset_and_session(void **state)
{
    SsTcpHealth health = {.idle_ns = 90 * SS_NS_PER_S};
    const SsTcpTrouble *trouble;
    const SsEvent *event;
    const SsTally *tally;
    Rig rig;

    (void)state;
    rig_open(&rig, false);
    greet(&rig);
    health.remarks[SS_REMARK_RETRANSMISSION] = 3;
    health.remarks[SS_REMARK_NOT_TAKEN] = 1;
    health.half[SS_SERVER].reset_ttl = 48;
    health.half[SS_SERVER].resets = 2;
    health.half[SS_SERVER].closed_ns = 7;
    health.half[SS_CLIENT].largest_acked = 500;
    health.half[SS_CLIENT].stuck_len = 1460;
    health.half[SS_CLIENT].stuck_times = 5;
    health.half[SS_CLIENT].stuck_frames[0] = 11;
    health.half[SS_CLIENT].stuck_frames[1] = 19;
    rig.connection.half[SS_SERVER].ttl = 57;
    rig.connection.health = &health;
    rig.sink->ops->close(g_steal_pointer(&rig.sink), SS_CLOSE_RESET, SS_SERVER);

    event = last_of(&rig, SS_EVENT_NOTE, SS_NOTE_RESET);
    assert_non_null(event);
    assert_int_equal(event->note.direction, SS_SERVER);
    assert_int_equal(event->note.span, 90 * SS_NS_PER_S);
    assert_int_equal(event->note.ttl[0], 48);
    assert_int_equal(event->note.ttl[1], 57);

    event = last_of(&rig, SS_EVENT_SESSION, 0);
    assert_int_equal(event->session_end.remarks.n, 2);
    tally = event->session_end.remarks.items;
    assert_text(tally[0].key, "retransmission");
    assert_int_equal(tally[0].n, 3);
    assert_text(tally[1].key, "not-taken");
    assert_int_equal(tally[1].n, 1);
    trouble = event->session_end.trouble;
    assert_non_null(trouble);
    assert_int_equal(trouble->idle_ns, 90 * SS_NS_PER_S);
    assert_int_equal(trouble->end[SS_SERVER].window_closed_ns, 7);
    assert_int_equal(trouble->end[SS_SERVER].resets, 2);
    assert_int_equal(trouble->end[SS_SERVER].reset_ttl, 48);
    assert_int_equal(trouble->end[SS_CLIENT].largest_acked, 500);
    assert_int_equal(trouble->end[SS_CLIENT].stuck_bytes, 1460);
    assert_int_equal(trouble->end[SS_CLIENT].stuck_times, 5);
    assert_int_equal(trouble->end[SS_CLIENT].stuck_frames[0], 11);
    assert_int_equal(trouble->end[SS_CLIENT].stuck_frames[1], 19);
    rig_close(&rig);
}

static void
test_healthy(void **state)
{
    const SsEvent *event;
    Rig rig;

    (void)state;
    rig_open(&rig, false);
    greet(&rig);
    rig.sink->ops->close(g_steal_pointer(&rig.sink), SS_CLOSE_RESET, SS_SERVER);
    event = last_of(&rig, SS_EVENT_NOTE, SS_NOTE_RESET);
    assert_int_equal(event->note.span, 0);
    assert_int_equal(event->note.ttl[0], 0);
    event = last_of(&rig, SS_EVENT_SESSION, 0);
    assert_int_equal(event->session_end.remarks.n, 0);
    assert_null(event->session_end.trouble);
    rig_close(&rig);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_conflict),
        cmocka_unit_test(test_conflict_in_command_and_content),
        cmocka_unit_test(test_secret_of_plain),
        cmocka_unit_test(test_secret_said_again),
        cmocka_unit_test(test_secret_one_way),
        cmocka_unit_test(test_secret_not_taken),
        cmocka_unit_test(test_secret_behind_gap),
        cmocka_unit_test(test_secret_shown),
        cmocka_unit_test(test_ciphertext),
        cmocka_unit_test(test_remark),
        cmocka_unit_test(test_no_session),
        cmocka_unit_test(test_reset_and_session),
        cmocka_unit_test(test_healthy),
    };

    return cmocka_run_group_tests_name("tcp-notes", tests, NULL, NULL);
}
