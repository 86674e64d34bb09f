/*
 * Where a session's time went: dialogues with a clock, over a network whose round trips are known.
 */
#include "dissect/smtp/session.h"

#include "tests/ss-test.h"

#define MS INT64_C(1000000)

typedef struct {
    SsEventSink sink;
    SsConnection connection;
    SsTcpHealth health;
    SsStreamFactory *factory;
    SsStreamSink *stream;
    SsSessionTiming session;
    SsMessageTiming message;
    SsDelays delays[2];
    size_t n_messages;
    SsEventNote slow[4];
    size_t n_slow;
} Talk;

static void
take_event(SsEventSink *sink, const SsEvent *event)
{
    Talk *talk = (Talk *)sink;

    if (event->type == SS_EVENT_SESSION) {
        talk->session = event->session_end.timing;
    } else if (event->type == SS_EVENT_MESSAGE) {
        talk->message = event->message.timing;
        talk->delays[talk->n_messages++ % 2] = event->message.delays;
    } else if (event->note.kind == SS_NOTE_SLOW) {
        talk->slow[talk->n_slow++ % G_N_ELEMENTS(talk->slow)] = event->note;
    }
}

/* Connected at 20 ms; to the server and back it is 20 ms, to the client no time. */
static void
begin(Talk *talk)
{
    SsSmtpOptions options = {.limits = SS_LIMITS_DEFAULT};

    *talk = (Talk){
        .sink = {SS_WANT(SS_EVENT_SESSION) | SS_WANT(SS_EVENT_MESSAGE) | SS_WANT(SS_EVENT_NOTE),
                 take_event},
        .connection = {.family = 4,
                       .from_start = true,
                       .on_server_port = true,
                       .syn_ns = 0,
                       .ready_ns = 20 * MS,
                       .session = 1},
    };
    talk->connection.health = &talk->health;
    talk->connection.half[SS_CLIENT].round_trip_ns = 20 * MS;
    talk->connection.half[SS_SERVER].round_trip_ns = 0;
    talk->factory = ss_smtp_factory_new(&options, &talk->sink, NULL);
    talk->stream = talk->factory->open(talk->factory, &talk->connection);
}

static void
say(Talk *talk, int64_t at_ms, SsDirection direction, const char *text)
{
    SsConnection *connection = &talk->connection;
    size_t len = strlen(text);

    connection->frame = ++connection->last.frame;
    connection->last.time_ns = at_ms * MS;
    connection->half[direction].packets++;
    connection->half[direction].bytes += len;
    talk->stream->ops->data(talk->stream, direction, ss_slice(text, len), &connection->last);
}

static void
end(Talk *talk, int64_t at_ms)
{
    talk->connection.last.time_ns = at_ms * MS;
    talk->stream->ops->close(talk->stream, SS_CLOSE_FIN, SS_CLIENT);
    ss_smtp_factory_free(talk->factory);
    assert_int_equal(talk->session.network_ns + talk->session.server_ns + talk->session.client_ns +
                         talk->session.idle_ns,
                     at_ms * MS);
}

/* MAIL at 1400 ms, the 354 at 1700. */
static void
say_envelope(Talk *talk)
{
    say(talk, 50, SS_SERVER, "220 mx.b.example\r\n");
    say(talk, 1050, SS_CLIENT, "EHLO client.a.example\r\n");
    say(talk, 1350, SS_SERVER, "250 mx.b.example\r\n");
    say(talk, 1400, SS_CLIENT, "MAIL FROM:<ann@a.example>\r\n");
    say(talk, 1450, SS_SERVER, "250 ok\r\n");
    say(talk, 1450, SS_CLIENT, "RCPT TO:<bob@b.example>\r\n");
    say(talk, 1520, SS_SERVER, "250 ok\r\n");
    say(talk, 1520, SS_CLIENT, "RCPT TO:<eve@b.example>\r\n");
    say(talk, 1600, SS_SERVER, "250 ok\r\n");
    say(talk, 1600, SS_CLIENT, "DATA\r\n");
    say(talk, 1700, SS_SERVER, "354 go on\r\n");
}

static void
test_steps(void **state)
{
    Talk talk;

    (void)state;
    begin(&talk);
    say_envelope(&talk);
    say(&talk, 1800, SS_CLIENT, "Subject: one\r\n\r\n");
    say(&talk, 2000, SS_CLIENT, "Hello.\r\n.\r\n");
    say(&talk, 2900, SS_SERVER, "250 queued\r\n");
    say(&talk, 5900, SS_CLIENT, "QUIT\r\n");
    say(&talk, 5930, SS_SERVER, "221 bye\r\n");
    end(&talk, 6000);

    assert_int_equal(talk.session.connect_ns, 20 * MS);
    assert_int_equal(talk.session.banner_ns, 30 * MS);
    assert_int_equal(talk.session.hello_ns, 300 * MS);
    assert_int_equal(talk.session.envelope_ns, (50 + 70 + 80 + 100 + 100) * MS);
    assert_int_equal(talk.session.transfer_ns, 200 * MS);
    assert_int_equal(talk.session.answer_ns, 900 * MS);
    assert_int_equal(talk.session.idle_ns, (3000 + 70) * MS);
    /* the client thought for 1000 before EHLO, 50 before MAIL, 100 behind the 354 */
    assert_int_equal(talk.session.client_ns, 1150 * MS);
    /* connecting, eight round trips with the banner's, the content */
    assert_int_equal(talk.session.network_ns, (20 + 8 * 20 + 200) * MS);

    assert_int_equal(talk.message.mail_ns, 50 * MS);
    assert_int_equal(talk.message.rcpt_ns, 150 * MS);
    assert_int_equal(talk.message.data_ns, 100 * MS);
    assert_int_equal(talk.message.envelope_ns, 400 * MS);
    assert_int_equal(talk.message.transfer_ns, 200 * MS);
    assert_int_equal(talk.message.answer_ns, 900 * MS);
    assert_int_equal(talk.message.client_ns, 100 * MS);
    assert_int_equal(talk.message.network_ns, (5 * 20 + 200) * MS);
    assert_int_equal(talk.message.server_ns, (30 + 50 + 60 + 80 + 880) * MS);

    assert_int_equal(talk.delays[0].before_ns, 1400 * MS);
    assert_int_equal(talk.delays[0].total_ns, 2900 * MS);
    assert_int_equal(talk.n_slow, 0);
}

static void
test_sent_again(void **state)
{
    Talk talk;

    (void)state;
    begin(&talk);
    say(&talk, 50, SS_SERVER, "220 mx.b.example\r\n");
    say(&talk, 50, SS_CLIENT, "EHLO client.a.example\r\n");
    talk.health.half[SS_CLIENT].resent_ns = 3050 * MS;
    say(&talk, 3100, SS_SERVER, "250 mx.b.example\r\n");
    end(&talk, 3100);

    assert_int_equal(talk.session.server_ns, (10 + 30) * MS);
    assert_int_equal(talk.n_slow, 1);
    assert_int_equal(talk.slow[0].span, 3050 * MS);
    assert_int_equal(talk.slow[0].own_ns, 30 * MS);
}

/* The same, but the server had it already. */
static void
test_sent_again_in_vain(void **state)
{
    Talk talk;

    (void)state;
    begin(&talk);
    say(&talk, 50, SS_SERVER, "220 mx.b.example\r\n");
    say(&talk, 50, SS_CLIENT, "EHLO client.a.example\r\n");
    ss_connection_settle(&talk.connection, SS_CLIENT, 70 * MS);
    talk.health.half[SS_CLIENT].resent_ns = 3050 * MS;
    say(&talk, 3100, SS_SERVER, "250 mx.b.example\r\n");
    end(&talk, 3100);

    assert_int_equal(talk.slow[0].own_ns, 3030 * MS);
    assert_int_equal(talk.slow[0].acked_ns, 20 * MS);
    assert_int_equal(talk.slow[0].asked, 2);
    assert_int_equal(talk.slow[0].evidence, 3);
}

/* Content stops: since the server takes none, and since the client has none. */
static void
test_transfer(void **state)
{
    Talk talk;

    (void)state;
    begin(&talk);
    say_envelope(&talk);
    say(&talk, 1700, SS_CLIENT, "one\r\n");
    ss_connection_settle(&talk.connection, SS_CLIENT, 1720 * MS);
    say(&talk, 4000, SS_CLIENT, "two\r\n");
    talk.health.half[SS_SERVER].closed_ns = 900 * MS;
    say(&talk, 5000, SS_CLIENT, "three\r\n");
    say(&talk, 5100, SS_CLIENT, ".\r\n");
    say(&talk, 5120, SS_SERVER, "250 queued\r\n");
    end(&talk, 5120);

    assert_int_equal(talk.message.client_ns, 2280 * MS);
    assert_int_equal(talk.message.server_ns, (30 + 50 + 60 + 80 + 900) * MS);
    assert_int_equal(talk.message.transfer_ns, 3400 * MS);
}

/* Of commands sent together each waits from the reply before. */
static void
test_pipelined(void **state)
{
    Talk talk;

    (void)state;
    begin(&talk);
    say(&talk, 50, SS_SERVER, "220 mx.b.example\r\n");
    say(&talk, 50, SS_CLIENT, "MAIL FROM:<ann@a.example>\r\nRCPT TO:<bob@b.example>\r\n");
    say(&talk, 1500, SS_SERVER, "250 ok\r\n");
    say(&talk, 2000, SS_SERVER, "550 no\r\n");
    say(&talk, 2000, SS_CLIENT, "RSET\r\n");
    say(&talk, 2020, SS_SERVER, "250 ok\r\n");
    say(&talk, 2020, SS_CLIENT, "MAIL FROM:<ann@a.example>\r\n");
    say(&talk, 2040, SS_SERVER, "550 no\r\n");
    end(&talk, 2040);

    assert_int_equal(talk.n_slow, 1);
    assert_int_equal(talk.slow[0].span, 1450 * MS);
    assert_int_equal(talk.session.envelope_ns, (1450 + 500 + 20) * MS);
    assert_int_equal(talk.delays[0].before_ns, 50 * MS);
    assert_int_equal(talk.delays[1].before_ns, 0);
    assert_int_equal(talk.delays[1].transfer_ns, SS_TIME_NONE);
}

/* A reply that never comes; one that cannot be known. */
static void
test_unanswered(void **state)
{
    Talk talk;

    (void)state;
    begin(&talk);
    say(&talk, 50, SS_SERVER, "220 mx.b.example\r\n");
    say(&talk, 50, SS_CLIENT, "EHLO client.a.example\r\n");
    end(&talk, 9050);
    assert_int_equal(talk.n_slow, 1);
    assert_true(ss_slice_eq(talk.slow[0].text, SS_SLICE("unanswered")));
    assert_int_equal(talk.slow[0].span, 9000 * MS);
    assert_int_equal(talk.session.hello_ns, 9000 * MS);

    begin(&talk);
    say(&talk, 50, SS_SERVER, "220 mx.b.example\r\n");
    say(&talk, 50, SS_CLIENT, "EHLO client.a.example\r\n");
    talk.connection.half[SS_SERVER].missing_bytes = 20;
    talk.connection.last.time_ns = 9050 * MS;
    talk.stream->ops->close(talk.stream, SS_CLOSE_FIN, SS_CLIENT);
    ss_smtp_factory_free(talk.factory);
    assert_int_equal(talk.n_slow, 0);
}

typedef struct {
    const char *said; /* behind the content; NULL: the end of the client's stream */
    int64_t after_ms;
    bool is_left;
} Leave;

/* A client that no longer waits for the answer to its content, in each way it can show that. */
static void
test_left(void **state)
{
    static const Leave rows[] = {
        {"QUIT\r\n", 20000, true},  {"RSET\r\n", 20000, true}, {NULL, 20000, true},
        {"NOOP\r\n", 20000, false}, {"QUIT\r\n", 0, false},    {"QUIT\r\n", 1000, false},
        {NULL, 0, false},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        Talk talk;

        begin(&talk);
        say_envelope(&talk);
        say(&talk, 2000, SS_CLIENT, "Hello.\r\n.\r\n");
        if (rows[i].said) {
            say(&talk, 2000 + rows[i].after_ms, SS_CLIENT, rows[i].said);
        } else {
            talk.connection.last.time_ns = (2000 + rows[i].after_ms) * MS;
            talk.stream->ops->finished(talk.stream, SS_SERVER, &talk.connection.last);
            talk.stream->ops->finished(talk.stream, SS_CLIENT, &talk.connection.last);
        }
        say(&talk, 47000, SS_SERVER, "250 queued\r\n");
        end(&talk, 47000);
        assert_int_equal(talk.slow[0].span, 45000 * MS);
        assert_int_equal(talk.slow[0].left_ns, rows[i].is_left ? rows[i].after_ms * MS : 0);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_steps),     cmocka_unit_test(test_sent_again),
        cmocka_unit_test(test_transfer),  cmocka_unit_test(test_sent_again_in_vain),
        cmocka_unit_test(test_pipelined), cmocka_unit_test(test_unanswered),
        cmocka_unit_test(test_left),
    };

    return cmocka_run_group_tests_name("timing", tests, NULL, NULL);
}
