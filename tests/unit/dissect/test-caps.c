/*
 * Every cap on what one session, or one run, may keep: met, and the number it bounds looked at. A
 * cap that no longer holds must not go unnoticed until somebody sends the traffic that needs it.
 */
#include "dissect/flow-table.h"
#include "dissect/smtp/session.h"

#include "table.h"
#include "tests/ss-test.h"

/* --- one session, without a flow table --- */

typedef struct {
    SsEventSink base;
    SsStreamFactory *factory;
    SsConnection connection;
    SsSmtp *smtp;
} Session;

static void
take_event(SsEventSink *self, const SsEvent *event)
{
    (void)self;
    (void)event;
}

static void
session_open(Session *session)
{
    SsSmtpOptions options = {.limits = SS_LIMITS_DEFAULT};

    *session = (Session){.base = {SS_WANT_ALL_WRITTEN, take_event}};
    session->connection = (SsConnection){
        .family = 4,
        .from_start = true,
        .on_server_port = true,
        .syn_ns = SS_TIME_NONE,
        .ready_ns = SS_TIME_NONE,
        .session = 1,
        .first = {.frame = 1, .time_digits = 9},
        .last = {.frame = 1, .time_digits = 9},
    };
    session->factory = ss_smtp_factory_new(&options, &session->base, NULL);
    session->smtp = (SsSmtp *)session->factory->open(session->factory, &session->connection);
}

static void
session_close(Session *session)
{
    session->smtp->base.ops->close(&session->smtp->base, SS_CLOSE_FIN, SS_CLIENT);
    ss_smtp_factory_free(session->factory);
}

/* One segment. */
static void
send_bytes(Session *session, SsDirection direction, const char *text)
{
    SsConnection *connection = &session->connection;

    connection->frame = ++connection->last.frame;
    connection->last.time_ns += SS_NS_PER_S / 1000;
    connection->half[direction].packets++;
    connection->half[direction].bytes += strlen(text);
    session->smtp->base.ops->data(&session->smtp->base, direction, ss_slice_str(text),
                                  &connection->last);
}

static void
client(Session *session, const char *text)
{
    send_bytes(session, SS_CLIENT, text);
}

static void
server(Session *session, const char *text)
{
    send_bytes(session, SS_SERVER, text);
}

static void
greet(Session *session)
{
    server(session, "220 server.example ESMTP\r\n");
    client(session, "EHLO client.example\r\n");
    server(session, "250 server.example\r\n");
}

static uint64_t
limit_met(const Session *session, SsSmtpLimit limit)
{
    return ss_smtp_factory_limits(session->factory)[limit];
}

static void
test_hold(void **state)
{
    enum {
        STEP = 1000,
    };
    g_autofree char *line = g_strnfill(STEP, 'x');
    const size_t n = SS_HOLD_MAX / STEP;
    Session session;

    (void)state;
    line[STEP - 2] = '\r';
    line[STEP - 1] = '\n';
    session_open(&session);
    greet(&session);
    client(&session, "MAIL FROM:<a@client.example>\r\n");
    server(&session, "250 Ok\r\n");
    client(&session, "RCPT TO:<b@server.example>\r\n");
    server(&session, "250 Ok\r\n");
    client(&session, "DATA\r\n");
    for (size_t i = 0; i < n; i++) { /* waits for the reply */
        client(&session, line);
        assert_int_equal(ss_hold_size(&session.smtp->client.hold), (i + 1) * STEP);
    }
    assert_int_equal(limit_met(&session, SS_LIMIT_HOLD), 0);
    for (size_t i = 0; i < 2 * n; i++) {
        client(&session, line);
        assert_true(ss_hold_size(&session.smtp->client.hold) <= SS_HOLD_MAX);
    }
    assert_int_equal(limit_met(&session, SS_LIMIT_HOLD), 1);
    session_close(&session);
}

static void
test_ledger(void **state)
{
    Session session;

    (void)state;
    session_open(&session);
    greet(&session);
    for (size_t i = 0; i < SS_LEDGER_MAX; i++) {
        client(&session, "NOOP\r\n");
    }
    assert_int_equal(session.smtp->n_pending, SS_LEDGER_MAX);
    assert_int_equal(limit_met(&session, SS_LIMIT_LEDGER), 0);
    for (size_t i = 0; i < 5; i++) {
        client(&session, "NOOP\r\n");
    }
    assert_int_equal(session.smtp->n_pending, SS_LEDGER_MAX);
    assert_int_equal(limit_met(&session, SS_LIMIT_LEDGER), 5);
    session_close(&session);
}

static void
test_transactions(void **state)
{
    Session session;

    (void)state;
    session_open(&session);
    greet(&session);
    for (size_t i = 0; i < SS_TRANSACTIONS_MAX; i++) {
        client(&session, "MAIL FROM:<a@client.example>\r\n");
    }
    assert_int_equal(session.smtp->n_open, SS_TRANSACTIONS_MAX);
    assert_int_equal(limit_met(&session, SS_LIMIT_TRANSACTIONS), 0);
    for (size_t i = 0; i < 5; i++) {
        client(&session, "MAIL FROM:<a@client.example>\r\n");
    }
    assert_int_equal(session.smtp->n_open, SS_TRANSACTIONS_MAX);
    assert_int_equal(limit_met(&session, SS_LIMIT_TRANSACTIONS), 5);
    session_close(&session);
}

/* A reply that never ends, of lines of `len` bytes. */
static void
check_endless_reply(size_t len, size_t ret_kept[2])
{
    enum {
        N = 1000,
    };
    g_autofree char *text = g_strnfill(len, 'x');
    g_autofree char *line = g_strdup_printf("250-%s\r\n", text);
    const SsServerParser *parser;
    Session session;
    size_t bytes = 0;

    session_open(&session);
    server(&session, "220 server.example ESMTP\r\n");
    client(&session, "EHLO client.example\r\n");
    for (size_t i = 0; i < N; i++) {
        server(&session, line);
    }
    parser = &session.smtp->server;
    assert_int_equal(parser->begun->reply.lines.total, N);
    for (size_t i = 0; i < parser->begun->reply.lines.n; i++) {
        bytes += ((const SsSlice *)parser->begun->reply.lines.items)[i].len;
    }
    ret_kept[0] = parser->begun->reply.lines.n;
    ret_kept[1] = bytes;
    session_close(&session);
}

static void
test_reply(void **state)
{
    size_t kept[2];

    (void)state;
    check_endless_reply(10, kept);
    assert_int_equal(kept[0], SS_REPLY_LINES_MAX);
    check_endless_reply(1000, kept);
    assert_int_equal(kept[0], SS_REPLY_BYTES_MAX / 1000);
    assert_int_equal(kept[1], SS_REPLY_BYTES_MAX / 1000 * 1000);
}

/* --- all sessions together --- */

static void
test_uids(void **state)
{
    SsLimits limits = SS_LIMITS_DEFAULT;
    Rig rig;

    (void)state;
    limits.flows = 10; /* the others are over at once, and were given their names */
    rig_open(&rig, &limits);
    g_string_free(rig.said, TRUE);
    rig.said = NULL;
    for (uint32_t i = 0; i < SS_UIDS_MAX + 100; i++) {
        Wire wire;
        wire_open(&wire, &rig, i, 25);
        wire_raw(&wire, SS_CLIENT, SYN, i, 0, SS_SLICE_NULL);
    }
    assert_int_equal(rig.table->uids.n, SS_UIDS_MAX);
    assert_int_equal(rig.table->uids.room, SS_UIDS_MAX);
    rig_close(&rig);
}

/* What SMTP keeps of sessions counts too, and the quietest make room. */
static void
test_memory(void **state)
{
    enum {
        N = 200,
        LEN = 60000, /* of a line that does not end */
    };
    static const uint16_t ports[] = {25};
    g_autofree char *line = g_strnfill(LEN, 'x');
    Session session;
    Rig rig = {.now_ns = 1000 * SECOND};
    SsFlowOptions options = {.limits = SS_LIMITS_DEFAULT, .ports = ports, .n_ports = 1};
    const SsFlowStats *stats;

    (void)state;
    options.limits.memory = 20 * LEN;
    session_open(&session);
    rig.table = ss_flow_table_new(&options, session.factory);
    stats = ss_flow_table_stats(rig.table);
    for (uint32_t i = 0; i < N; i++) {
        Wire wire;
        wire_open(&wire, &rig, i, 25);
        wire_handshake(&wire);
        wire_send(&wire, SS_SERVER, ACK, "220 server.example ESMTP\r\n");
        wire_send(&wire, SS_CLIENT, ACK, line);
        assert_true(stats->memory < options.limits.memory + 3 * LEN);
    }
    assert_true(stats->evicted_for_memory >= N - 21);
    assert_true(stats->evicted_for_memory < N);
    ss_flow_table_finish(rig.table, rig.frame);
    ss_flow_table_free(rig.table);
    session_close(&session);
}

/* Parts that BURL names are kept up to their cap, and not in pieces beyond it. */
static void
test_fetched(void **state)
{
    g_autofree char *url = g_strnfill(1000, 'u');
    g_autofree char *line = g_strdup_printf("BURL imap://%s\r\n", url);
    const SsTransaction *transaction;
    Session session;
    size_t size;

    (void)state;
    session_open(&session);
    greet(&session);
    client(&session, "MAIL FROM:<a@client.example>\r\n");
    server(&session, "250 Ok\r\n");
    transaction = session.smtp->transactions.head;
    for (size_t i = 0; i < SS_FETCHED_MAX; i++) {
        client(&session, line);
    }
    size = transaction->arena.size;
    for (size_t i = 0; i < 100 * SS_FETCHED_MAX; i++) {
        client(&session, line);
    }
    assert_int_equal(transaction->event.fetched.n, SS_FETCHED_MAX);
    assert_int_equal(transaction->event.fetched.total, 101 * SS_FETCHED_MAX);
    assert_int_equal(transaction->arena.size, size);
    session_close(&session);
}

/* What XFORWARD says anew takes the place of what it said before. */
static void
test_forwarded(void **state)
{
    g_autofree char *value = g_strnfill(1000, 'v');
    g_autofree char *line = g_strdup_printf("XFORWARD NAME=%s\r\n", value);
    Session session;

    (void)state;
    session_open(&session);
    greet(&session);
    for (size_t i = 0; i < 1000; i++) {
        client(&session, line);
        server(&session, "250 Ok\r\n");
        assert_true(ss_forwarded_size(session.smtp->extra->forwarded) <= 32000);
    }
    assert_int_equal(session.smtp->extra->forwarded->message.list.n, 1);
    session_close(&session);
}

/* Recipients of a MAIL that is out of sequence go to the message before it, up to its cap. */
static void
test_nested(void **state)
{
    const SsTransaction *transaction;
    Session session;
    size_t size = 0;

    (void)state;
    session_open(&session);
    greet(&session);
    client(&session, "MAIL FROM:<a@client.example>\r\n");
    server(&session, "250 Ok\r\n");
    transaction = session.smtp->transactions.head;
    for (size_t i = 0; i < 4 * SS_RECIPIENTS_MAX; i++) {
        size = i == SS_RECIPIENTS_MAX ? transaction->arena.size : size;
        client(&session, "MAIL FROM:<b@client.example>\r\nRCPT TO:<c@server.example>\r\n");
        server(&session, "503 nested\r\n250 Ok\r\n");
    }
    assert_int_equal(transaction->event.rcpt.n, SS_RECIPIENTS_MAX);
    assert_int_equal(transaction->event.rcpt.total, 4 * SS_RECIPIENTS_MAX);
    assert_int_equal(transaction->arena.size, size);
    session_close(&session);
}

/* What a look-alike hides counts while its content still comes. */
static void
test_hidden(void **state)
{
    g_autofree char *name = g_strnfill(400, 'r');
    g_autofree char *line = g_strdup_printf("RCPT TO:<%s@server.example>\r\n", name);
    uint64_t memory = 0, before;
    Session session;

    (void)state;
    session_open(&session);
    session.base.wants |= SS_WANT(SS_EVENT_NOTE);
    session.connection.memory = &memory;
    session.smtp->charged = 0;
    greet(&session);
    client(&session, "MAIL FROM:<a@client.example>\r\n");
    server(&session, "250 Ok\r\n");
    client(&session, "DATA\r\n");
    server(&session, "354 go\r\n");
    before = memory;
    client(&session, "x\n.\nMAIL FROM:<c@client.example>\r\n");
    for (size_t i = 0; i < 100; i++) {
        client(&session, line);
    }
    assert_true(memory >= before + SS_HIDDEN_RECIPIENTS_MAX * strlen(name));
    assert_true(memory <= before + 10 * SS_HIDDEN_RECIPIENTS_MAX * strlen(name));
    session_close(&session);
    assert_int_equal(memory, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_nested),       cmocka_unit_test(test_hidden),
        cmocka_unit_test(test_fetched),      cmocka_unit_test(test_forwarded),
        cmocka_unit_test(test_hold),         cmocka_unit_test(test_ledger),
        cmocka_unit_test(test_transactions), cmocka_unit_test(test_reply),
        cmocka_unit_test(test_uids),         cmocka_unit_test(test_memory),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
