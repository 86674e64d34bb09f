/* Which messages are one delivery, and what is told of it. */
#include <glib.h>

#include "base/limits.h"
#include "output/trace.h"
#include "tests/ss-test.h"

/* One message in a session of its own; what is NULL or 0 is absent. */
typedef struct {
    double at_s, end_s; /* of MAIL; the session ends with it where `end_s` is 0 */
    const char *client, *client_name, *server, *server_name;
    const char *from, *rcpt, *also;
    uint64_t rcpt_code; /* of `rcpt`; `also` is always taken */
    uint64_t code;      /* of the content; 0: it never came to that */
    const char *message_id, *queue_id, *received_id, *declared_size, *envid;
    uint64_t size;
    uint64_t session; /* 0: the next */
} Message;

typedef struct {
    SsTracer *tracer;
    SsArena arena;
    GPtrArray *told; /* of SsEvent */
    uint64_t n_sessions;
} Test;

static SsRefusalWords
explain(const SsReplyText *reply, SsStage stage)
{
    (void)stage;
    return reply->code == 450 ? (SsRefusalWords){"greylisted", true}
                              : (SsRefusalWords){"refused", false};
}

static void
emit(void *to, const SsEvent *event)
{
    Test *test = to;

    g_ptr_array_add(test->told, ss_event_copy(&test->arena, event));
}

static void
begin(Test *test)
{
    *test = (Test){.told = g_ptr_array_new()};
    test->tracer = ss_tracer_new(explain, emit, test);
}

static void
end(Test *test)
{
    ss_tracer_free(test->tracer);
    g_ptr_array_unref(test->told);
    ss_arena_clear(&test->arena);
}

static int
outcome_of(uint64_t code)
{
    return code / 100 == 2   ? SS_OUTCOME_ACCEPTED
           : code / 100 == 4 ? SS_OUTCOME_DEFERRED
           : code / 100 == 5 ? SS_OUTCOME_REJECTED
                             : SS_OUTCOME_INCOMPLETE;
}

static int64_t
ns(double s)
{
    return (int64_t)(s * 1e9);
}

static uint64_t
give_message(Test *test, const Message *m)
{
    uint64_t rcpt_code = m->rcpt_code ? m->rcpt_code : 250;
    SsReplyText decided = {m->code ? m->code : rcpt_code, SS_SLICE_NULL, SS_SLICE("text"), 1};
    SsRecipient rcpt[2] = {{.address = ss_slice_str(m->rcpt)}, {.address = ss_slice_str(m->also)}};
    SsPair params[2];
    SsEvent event = {.type = SS_EVENT_MESSAGE, .time_ns = ns(m->at_s), .time_digits = 6};

    event.session = m->session ? m->session : ++test->n_sessions;
    event.uid = 0x1000 + event.session;
    rcpt[0].reply.code = rcpt_code;
    rcpt[1].reply.code = 250;
    event.message = (SsEventMessage){
        .index = 1,
        .time_ns = ns(m->at_s),
        .end_ns = ns(m->at_s + 0.5),
        .from = ss_slice_str(m->from ? m->from : "a@a.example"),
        .rcpt = {rcpt, m->also ? 2 : 1, m->also ? 2 : 1},
        .outcome = outcome_of(decided.code),
        .stage = m->code ? SS_STAGE_END : SS_STAGE_RCPT,
        .reply = &decided,
        .queue_id = ss_slice_str(m->queue_id),
        .size = m->size,
    };
    event.message.headers.message_id = ss_slice_str(m->message_id);
    event.message.headers.received_id = ss_slice_str(m->received_id);
    if (m->declared_size) {
        params[event.message.from_params.n++] =
            (SsPair){SS_SLICE("SIZE"), ss_slice_str(m->declared_size)};
    }
    if (m->envid) {
        params[event.message.from_params.n++] = (SsPair){SS_SLICE("ENVID"), ss_slice_str(m->envid)};
    }
    event.message.from_params.items = params;
    ss_tracer_message(test->tracer, &event);
    return event.session;
}

static void
give_session(Test *test, const Message *m, uint64_t session)
{
    SsEvent event = {.type = SS_EVENT_SESSION, .time_ns = ns(m->at_s), .session = session};

    event.session_end.client.at.ip = ss_slice_str(m->client ? m->client : "192.0.2.10");
    event.session_end.client.name = ss_slice_str(m->client_name);
    event.session_end.server.at.ip = ss_slice_str(m->server ? m->server : "198.51.100.25");
    event.session_end.server.name = ss_slice_str(m->server_name);
    event.session_end.server.at.port = 25;
    ss_tracer_session(test->tracer, &event);
}

static void
give(Test *test, const Message *m)
{
    give_session(test, m, give_message(test, m));
}

static void
finish(Test *test)
{
    SsEvent capture = {.type = SS_EVENT_CAPTURE, .frame = 99, .time_digits = 6};

    ss_tracer_finish(test->tracer, &capture);
}

static const SsEventDelivery *
told(const Test *test, guint i)
{
    return &((const SsEvent *)g_ptr_array_index(test->told, i))->delivery;
}

/* How many deliveries these messages are told as; the first one's kind, if any. */
static guint
n_told(const Message *messages, size_t n, int *ret_kind)
{
    Test test;
    guint n_events;

    begin(&test);
    for (size_t i = 0; i < n; i++) {
        give(&test, &messages[i]);
    }
    finish(&test);
    n_events = test.told->len;
    *ret_kind = n_events ? told(&test, 0)->kind : -1;
    end(&test);
    return n_events;
}

static void
test_greylisted(void **state)
{
    const Message messages[] = {
        {.at_s = 10, .rcpt = "b@b.example", .rcpt_code = 450},
        {.at_s = 400, .rcpt = "B@B.example", .code = 250, .message_id = "<1@a>", .queue_id = "Q1"},
    };
    const SsDeliveryAttempt *attempts;
    const SsDeliveryRecipient *rcpt;
    const SsEvent *event;
    const SsEventDelivery *delivery;
    Test test;

    (void)state;
    begin(&test);
    give(&test, &messages[0]);
    give(&test, &messages[1]);
    assert_int_equal(test.told->len, 0);
    finish(&test);
    assert_int_equal(test.told->len, 1);
    event = g_ptr_array_index(test.told, 0);
    delivery = &event->delivery;
    assert_int_equal(event->session, 2);
    assert_int_equal(event->frame, 99);
    assert_int_equal(event->time_ns, ns(10));
    assert_int_equal(delivery->kind, SS_DELIVERY_GREYLISTING);
    assert_int_equal(delivery->outcome, SS_OUTCOME_ACCEPTED);
    assert_int_equal(delivery->end_ns, ns(400.5));
    assert_int_equal(delivery->total_delay_ns, ns(390.5));
    assert_int_equal(delivery->attempts.n, 2);
    attempts = delivery->attempts.items;
    assert_true(ss_slice_eq(attempts[0].reason, SS_SLICE("greylisted")));
    assert_int_equal(attempts[0].delay_ns, SS_TIME_NONE);
    assert_int_equal(attempts[1].delay_ns, ns(390));
    assert_int_equal(delivery->rcpt.n, 1);
    rcpt = delivery->rcpt.items;
    assert_int_equal(rcpt->outcome, SS_OUTCOME_ACCEPTED);
    assert_int_equal(rcpt->attempts, 2);
    assert_int_equal(delivery->hops.n, 1);
    assert_int_equal(delivery->uids.n, 2);
    assert_true(ss_slice_eq(((SsSlice *)delivery->uids.items)[0], SS_SLICE("0000000000001001")));
    end(&test);
}

/* Its session may end after that of the retry. */
static void
test_sessions_end_in_any_order(void **state)
{
    const Message first = {.at_s = 10, .rcpt = "b@b.example", .rcpt_code = 450};
    const Message second = {.at_s = 400, .rcpt = "b@b.example", .code = 250, .message_id = "<1@a>"};
    Test test;
    uint64_t session;

    (void)state;
    begin(&test);
    session = give_message(&test, &first);
    give(&test, &second);
    give_session(&test, &first, session);
    finish(&test);
    assert_int_equal(test.told->len, 1);
    assert_int_equal(told(&test, 0)->kind, SS_DELIVERY_GREYLISTING);
    end(&test);
}

static void
test_kinds(void **state)
{
    static const struct {
        guint n_told;
        int kind;
        Message messages[3];
    } cases[] = {
        {1,
         SS_DELIVERY_RETRY,
         {{.at_s = 1, .rcpt = "b@b", .rcpt_code = 451}, {.at_s = 9, .rcpt = "b@b", .code = 250}}},
        {1,
         SS_DELIVERY_OTHER_SERVER,
         {{.at_s = 1, .rcpt = "b@b", .rcpt_code = 451},
          {.at_s = 2, .rcpt = "b@b", .code = 250, .server = "198.51.100.26"}}},
        {1,
         SS_DELIVERY_MIXED,
         {{.at_s = 1, .rcpt = "b@b", .rcpt_code = 450},
          {.at_s = 2, .rcpt = "b@b", .code = 250, .server = "198.51.100.26"}}},
        /* by ENVID, though the client is another */
        {1,
         SS_DELIVERY_DUPLICATE,
         {{.at_s = 1, .rcpt = "b@b", .rcpt_code = 451, .envid = "E1"},
          {.at_s = 2, .rcpt = "b@b", .code = 250, .envid = "E1", .client = "203.0.113.9"}}},
        /* by Message-ID: accepted twice */
        {1,
         SS_DELIVERY_DUPLICATE,
         {{.at_s = 1, .rcpt = "b@b", .code = 250, .message_id = "<1@a>"},
          {.at_s = 2, .rcpt = "b@b", .code = 250, .message_id = "<1@a>"}}},
        /* from a farm: another address of the network, or another with the same name */
        {1,
         SS_DELIVERY_GREYLISTING,
         {{.at_s = 1, .rcpt = "b@b", .rcpt_code = 450},
          {.at_s = 2, .rcpt = "b@b", .code = 250, .client = "192.0.2.77"}}},
        {1,
         SS_DELIVERY_GREYLISTING,
         {{.at_s = 1, .rcpt = "b@b", .rcpt_code = 450, .client_name = "Out.a.example"},
          {.at_s = 2,
           .rcpt = "b@b",
           .code = 250,
           .client = "203.0.113.9",
           .client_name = "out.a.example"}}},
        {1,
         SS_DELIVERY_GREYLISTING,
         {{.at_s = 1, .rcpt = "b@b", .rcpt_code = 450, .client = "2001:db8:0:1::5"},
          {.at_s = 2, .rcpt = "b@b", .code = 250, .client = "2001:db8:0:1:9::1"}}},
        /* passed on, the recipient another: by the queue id */
        {1,
         SS_DELIVERY_RELAY,
         {{.at_s = 1, .rcpt = "list@b", .code = 250, .queue_id = "Q1", .message_id = "<1@a>"},
          {.at_s = 2,
           .rcpt = "bob@c",
           .code = 250,
           .received_id = "Q1",
           .message_id = "<1@a>",
           .client = "198.51.100.25",
           .server = "203.0.113.1"}}},
        /* passed on and put off there before any content */
        {1,
         SS_DELIVERY_RELAY,
         {{.at_s = 1, .rcpt = "b@b", .code = 250, .message_id = "<1@a>"},
          {.at_s = 2,
           .rcpt = "b@b",
           .rcpt_code = 450,
           .client = "198.51.100.25",
           .server = "203.0.113.1"}}},
        {1,
         SS_DELIVERY_MIXED,
         {{.at_s = 1, .rcpt = "b@b", .rcpt_code = 450},
          {.at_s = 2, .rcpt = "b@b", .code = 250, .message_id = "<1@a>"},
          {.at_s = 3,
           .rcpt = "b@b",
           .code = 250,
           .message_id = "<1@a>",
           .client = "198.51.100.25",
           .server = "203.0.113.1"}}},
        /* one recipient of two put off */
        {1,
         SS_DELIVERY_GREYLISTING,
         {{.at_s = 1,
           .rcpt = "b@b",
           .rcpt_code = 450,
           .also = "c@b",
           .code = 250,
           .message_id = "<1@a>"},
          {.at_s = 2, .rcpt = "b@b", .code = 250, .message_id = "<1@a>"}}},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        size_t n = cases[i].messages[2].rcpt ? 3 : 2;
        int kind;
        assert_int_equal(n_told(cases[i].messages, n, &kind), cases[i].n_told);
        assert_int_equal(kind, cases[i].kind);
    }
}

static void
test_not_together(void **state)
{
    static const Message cases[][3] = {
        /* a second message with the envelope of one that was accepted, or refused for good */
        {{.at_s = 1, .rcpt = "b@b", .code = 250, .message_id = "<1@a>"},
         {.at_s = 2, .rcpt = "b@b", .code = 250, .message_id = "<2@a>"}},
        {{.at_s = 1, .rcpt = "b@b", .code = 250, .message_id = "<1@a>"},
         {.at_s = 2, .rcpt = "b@b", .rcpt_code = 450}},
        {{.at_s = 1, .rcpt = "b@b", .rcpt_code = 550},
         {.at_s = 2, .rcpt = "b@b", .code = 250, .message_id = "<2@a>"}},
        /* another recipient, sender or client */
        {{.at_s = 1, .rcpt = "b@b", .code = 250, .message_id = "<1@a>"},
         {.at_s = 2, .rcpt = "c@b", .code = 250, .message_id = "<1@a>"}},
        {{.at_s = 1, .rcpt = "b@b", .rcpt_code = 450},
         {.at_s = 2, .rcpt = "b@b", .from = "x@x", .code = 250}},
        {{.at_s = 1, .rcpt = "b@b", .rcpt_code = 450},
         {.at_s = 2, .rcpt = "b@b", .code = 250, .client = "203.0.113.9"}},
        {{.at_s = 1, .rcpt = "b@b", .rcpt_code = 450, .client = "2001:db8::5"},
         {.at_s = 2, .rcpt = "b@b", .code = 250, .client = "2001:db8::6"}},
        /* another size, another ENVID */
        {{.at_s = 1, .rcpt = "b@b", .rcpt_code = 450, .declared_size = "100"},
         {.at_s = 2, .rcpt = "b@b", .code = 250, .declared_size = "200"}},
        {{.at_s = 1, .rcpt = "b@b", .rcpt_code = 450, .envid = "E1"},
         {.at_s = 2, .rcpt = "b@b", .code = 250, .envid = "E2"}},
        /* a queue id of another server */
        {{.at_s = 1, .rcpt = "list@b", .code = 250, .queue_id = "Q1"},
         {.at_s = 2, .rcpt = "bob@c", .code = 250, .received_id = "Q1", .client = "203.0.113.9"}},
        /* one session */
        {{.at_s = 1, .rcpt = "b@b", .rcpt_code = 450, .session = 7},
         {.at_s = 2, .rcpt = "b@b", .code = 250, .session = 7}},
        /* which of two the relay tries to pass on cannot be told */
        {{.at_s = 1, .rcpt = "b@b", .code = 250, .message_id = "<1@a>"},
         {.at_s = 2, .rcpt = "b@b", .code = 250, .message_id = "<2@a>"},
         {.at_s = 3,
          .rcpt = "b@b",
          .rcpt_code = 450,
          .client = "198.51.100.25",
          .server = "203.0.113.1"}},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        int kind;
        assert_int_equal(n_told(cases[i], cases[i][2].rcpt ? 3 : 2, &kind), 0);
    }
}

/* Two messages with one envelope, put off in turn, told apart by their sizes. */
static void
test_two_at_once(void **state)
{
    static const Message messages[] = {
        {.at_s = 1, .rcpt = "b@b", .rcpt_code = 450, .declared_size = "100"},
        {.at_s = 2, .rcpt = "b@b", .rcpt_code = 450, .declared_size = "200"},
        {.at_s = 3, .rcpt = "b@b", .code = 250, .declared_size = "100", .message_id = "<1@a>"},
        {.at_s = 4, .rcpt = "b@b", .code = 250, .declared_size = "200", .message_id = "<2@a>"},
    };
    int kind;

    (void)state;
    assert_int_equal(n_told(messages, 4, &kind), 2);
    assert_int_equal(kind, SS_DELIVERY_GREYLISTING);
}

/* Two deliveries become one when a third attempt shows that they are. */
static void
test_merged(void **state)
{
    static const Message messages[] = {
        {.at_s = 1,
         .rcpt = "b@b",
         .rcpt_code = 451,
         .also = "c@b",
         .code = 250,
         .message_id = "<1@a>"},
        {.at_s = 2, .rcpt = "b@b", .code = 250, .envid = "E1", .client = "203.0.113.1"},
        {.at_s = 3, .rcpt = "b@b", .code = 250, .envid = "E1", .message_id = "<1@a>"},
    };
    Test test;

    (void)state;
    begin(&test);
    for (size_t i = 0; i < G_N_ELEMENTS(messages); i++) {
        give(&test, &messages[i]);
    }
    finish(&test);
    assert_int_equal(test.told->len, 1);
    assert_int_equal(told(&test, 0)->attempts.n, 3);
    assert_int_equal(told(&test, 0)->rcpt.n, 2);
    end(&test);
}

static void
test_hops(void **state)
{
    static const Message messages[] = {
        {.at_s = 1,
         .rcpt = "b@b",
         .code = 250,
         .message_id = "<1@a>",
         .size = 1000,
         .queue_id = "Q1",
         .client_name = "pc",
         .server_name = "relay"},
        {.at_s = 3,
         .rcpt = "b@b",
         .code = 250,
         .message_id = "<1@a>",
         .size = 1200,
         .client = "198.51.100.25",
         .client_name = "relay",
         .server = "203.0.113.1",
         .server_name = "mx"},
    };
    const SsDeliveryHop *hops;
    Test test;

    (void)state;
    begin(&test);
    give(&test, &messages[0]);
    give(&test, &messages[1]);
    finish(&test);
    assert_int_equal(told(&test, 0)->hops.n, 2);
    hops = told(&test, 0)->hops.items;
    assert_int_equal(hops[0].added_bytes, SS_COUNT_NONE);
    assert_int_equal(hops[0].delay_ns, ns(0.5));
    assert_int_equal(hops[1].added_bytes, 200);
    assert_int_equal(hops[1].delay_ns, ns(2));
    assert_true(ss_slice_eq(hops[1].by, SS_SLICE("mx")));
    end(&test);
}

static void
test_many_attempts(void **state)
{
    Message message = {.rcpt = "b@b", .rcpt_code = 450};
    const SsDeliveryAttempt *attempts;
    Test test;

    (void)state;
    begin(&test);
    for (int i = 0; i < 250; i++) {
        message.at_s = i;
        give(&test, &message);
    }
    finish(&test);
    assert_int_equal(test.told->len, 1);
    assert_int_equal(told(&test, 0)->attempts.n, SS_ATTEMPTS_MAX);
    assert_int_equal(told(&test, 0)->attempts.total, 250);
    attempts = told(&test, 0)->attempts.items;
    assert_int_equal(attempts[0].time_ns, 0);
    assert_int_equal(attempts[SS_ATTEMPTS_MAX - 1].time_ns, ns(249));
    end(&test);
}

/* A sender gives up after days: told then, and what comes later is another message. */
static void
test_old(void **state)
{
    const double days = 86400;
    Message message = {.at_s = 1, .rcpt = "b@b", .rcpt_code = 450};
    Test test;

    (void)state;
    begin(&test);
    give(&test, &message);
    message.at_s = days;
    give(&test, &message);
    message.at_s = 8 * days;
    give(&test, &message);
    assert_int_equal(test.told->len, 1);
    assert_int_equal(told(&test, 0)->attempts.n, 2);
    finish(&test);
    assert_int_equal(test.told->len, 1);
    assert_int_equal(ss_tracer_n_forgotten(test.tracer), 0);
    end(&test);
}

/* However many messages there are, and in one session or in many, only so much is kept. */
static void
test_bounded(void **state)
{
    Message message = {.at_s = 1, .rcpt = "b@b", .rcpt_code = 450};
    char from[32];
    Test test;

    (void)state;
    begin(&test);
    message.from = from;
    for (int i = 0; i < 40000; i++) {
        g_snprintf(from, sizeof from, "a%d@a.example", i / 2);
        give(&test, &message);
    }
    assert_true(test.told->len > 1000);
    assert_true(ss_tracer_n_forgotten(test.tracer) > 1000);
    message.session = 50000;
    for (int i = 0; i < 40000; i++) {
        give_message(&test, &message);
    }
    give_session(&test, &message, 50000);
    finish(&test);
    assert_int_equal(test.told->len, 20000);
    end(&test);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_greylisted),  cmocka_unit_test(test_sessions_end_in_any_order),
        cmocka_unit_test(test_kinds),       cmocka_unit_test(test_not_together),
        cmocka_unit_test(test_two_at_once), cmocka_unit_test(test_merged),
        cmocka_unit_test(test_hops),        cmocka_unit_test(test_many_attempts),
        cmocka_unit_test(test_old),         cmocka_unit_test(test_bounded),
    };

    return cmocka_run_group_tests_name("trace", tests, NULL, NULL);
}
