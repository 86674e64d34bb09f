#include "tests/ss-test.h"

#include "base/limits.h"
#include "output/queue.h"
#include "tests/unit/output/fake-content.h"

static void
take(void *to, SsQueued *const *events, size_t n)
{
    GString *seen = to;

    for (size_t i = 0; i < n; i++) {
        const SsEvent *event = events[i]->event;
        g_string_append_printf(seen, "%s%" G_GUINT64_FORMAT "/%" G_GUINT64_FORMAT " ",
                               ss_event_type_name(event->type), event->frame, event->session);
    }
    g_string_append(seen, "| ");
}

static void
put(SsQueue *queue, SsEventType type, uint64_t frame, uint64_t session)
{
    SsEvent event = {.type = type, .frame = frame, .session = session};

    ss_queue_put(queue, &event);
}

static void
test_order(void **state)
{
    g_autoptr(GString) seen = g_string_new(NULL);
    SsQueue queue;

    (void)state;
    ss_queue_init(&queue, take, seen);
    put(&queue, SS_EVENT_SESSION, 1, 1);
    put(&queue, SS_EVENT_MESSAGE, 1, 1);
    put(&queue, SS_EVENT_TLS, 1, 1);
    put(&queue, SS_EVENT_AUTH, 1, 2);
    put(&queue, SS_EVENT_NOTE, 1, 1);
    put(&queue, SS_EVENT_REPLY, 1, 2);
    put(&queue, SS_EVENT_COMMAND, 1, 1);
    put(&queue, SS_EVENT_MESSAGE, 1, 2);
    assert_string_equal(seen->str, "");
    put(&queue, SS_EVENT_REPLY, 3, 3);
    assert_string_equal(seen->str,
                        "note1/1 reply1/2 command1/1 auth1/2 tls1/1 message1/1 message1/2 "
                        "session1/1 | ");
    g_string_truncate(seen, 0);
    ss_queue_advance(&queue, 3); /* more of frame 3 may come */
    assert_string_equal(seen->str, "");
    ss_queue_advance(&queue, 4);
    assert_string_equal(seen->str, "reply3/3 | ");
    g_string_truncate(seen, 0);
    put(&queue, SS_EVENT_CAPTURE, 4, 0);
    put(&queue, SS_EVENT_SESSION, 4, 3);
    ss_queue_flush(&queue);
    assert_string_equal(seen->str, "session4/3 capture4/0 | ");
    ss_queue_clear(&queue);
}

/* The texts of an event are its own as soon as it is put. */
static void
check_texts(void *to, SsQueued *const *events, size_t n)
{
    assert_int_equal(n, 1);
    assert_true(ss_slice_eq(events[0]->event->command.argument, SS_SLICE("a@example.org")));
    *(bool *)to = true;
}

static void
test_copies(void **state)
{
    bool is_seen = false;
    char text[] = "a@example.org";
    SsEvent event = {.type = SS_EVENT_COMMAND, .frame = 1};
    SsQueue queue;

    (void)state;
    event.command.argument = ss_slice_str(text);
    ss_queue_init(&queue, check_texts, &is_seen);
    ss_queue_put(&queue, &event);
    memset(text, 'x', sizeof text);
    ss_queue_flush(&queue);
    assert_true(is_seen);
    ss_queue_clear(&queue);
}

static void
check_no_slot(void *to, SsQueued *const *events, size_t n)
{
    (void)to;
    assert_int_equal(n, 1);
    assert_null(events[0]->event->slot);
}

/* The connection may be gone when its events are delivered. */
static void
test_slot_stays_behind(void **state)
{
    void *slot = NULL;
    SsEvent event = {.type = SS_EVENT_COMMAND, .frame = 1, .slot = &slot};
    SsQueue queue;

    (void)state;
    ss_queue_init(&queue, check_no_slot, NULL);
    ss_queue_put(&queue, &event);
    ss_queue_flush(&queue);
    ss_queue_clear(&queue);
}

static void
check_content(void *to, SsQueued *const *events, size_t n)
{
    const SsEventMessage *message = &events[0]->event->message;

    (void)to;
    assert_int_equal(n, 1);
    assert_int_equal(message->size, 4);
    assert_int_equal(message->missing_bytes, 9);
    assert_true(ss_slice_eq(message->sha256, SS_SLICE("abcd")));
    assert_true(ss_slice_eq(message->headers.subject, SS_SLICE("hello")));
    assert_int_equal(fake_n_alive, 1);
}

static void
test_content(void **state)
{
    SsContentPlan plan = {0};
    SsEvent event = {.type = SS_EVENT_MESSAGE, .frame = 1};
    SsQueue queue;

    (void)state;
    fake_result.sha256 = SS_SLICE("abcd");
    fake_result.headers.subject = SS_SLICE("hello");
    event.message.content = ss_content_new(&plan, 1, 1);
    ss_content_data(event.message.content, SS_SLICE("text"));
    ss_content_gap(event.message.content, 9);
    ss_content_end(event.message.content, false);
    ss_queue_init(&queue, check_content, NULL);
    ss_queue_put(&queue, &event);
    ss_queue_flush(&queue);
    assert_int_equal(fake_n_alive, 0);

    event.message.content = ss_content_new(&plan, 1, 1);
    ss_queue_put(&queue, &event);
    ss_queue_clear(&queue); /* dropped with the queue */
    assert_int_equal(fake_n_alive, 0);
}

/* --- bursts --- */

typedef struct {
    GArray *types; /* of int, in order of delivery */
    GArray *sessions;
    size_t most; /* events of one delivery */
    unsigned n_parts, n_early;
} Burst;

static void
take_burst(void *to, SsQueued *const *events, size_t n)
{
    Burst *burst = to;

    burst->most = MAX(burst->most, n);
    burst->n_parts++;
    burst->n_early += events[0]->is_early;
    for (size_t i = 0; i < n; i++) {
        int type = (int)events[i]->event->type;
        assert_int_equal(events[i]->is_early, events[0]->is_early);
        g_array_append_val(burst->types, type);
        g_array_append_val(burst->sessions, events[i]->event->session);
    }
}

static void
begin_burst(Burst *burst, SsQueue *queue)
{
    *burst = (Burst){g_array_new(FALSE, FALSE, sizeof(int)),
                     g_array_new(FALSE, FALSE, sizeof(uint64_t)), 0, 0, 0};
    ss_queue_init(queue, take_burst, burst);
}

static void
end_burst(Burst *burst, SsQueue *queue)
{
    ss_queue_clear(queue);
    g_array_unref(burst->types);
    g_array_unref(burst->sessions);
}

static void
put_of(SsQueue *queue, SsEventType type, uint64_t frame, uint64_t session)
{
    SsEvent event = {.type = type, .frame = frame, .session = session, .uid = session};

    ss_queue_put(queue, &event);
}

/* Commands and replies of one packet go out early; the order is as if they had not. */
static void
test_burst_of_one_session(void **state)
{
    const size_t n = 10 * SS_BURST_EVENTS;
    const size_t n_messages = (n + 99) / 100;
    SsQueue queue;
    Burst burst;

    (void)state;
    begin_burst(&burst, &queue);
    put_of(&queue, SS_EVENT_MESSAGE, 1, 1); /* a frame before, gathered with it */
    queue.bundle = 256;
    for (size_t i = 0; i < n; i++) {
        put_of(&queue, i % 100 == 0 ? SS_EVENT_MESSAGE : SS_EVENT_REPLY, 2, 1);
    }
    assert_true(burst.n_early > 5);
    assert_true(queue.waiting->len < 2 * SS_BURST_EVENTS);
    ss_queue_flush(&queue);
    assert_int_equal(burst.types->len, n + 1);
    assert_int_equal(g_array_index(burst.types, int, 0), SS_EVENT_MESSAGE);
    for (guint i = 1; i <= n; i++) {
        assert_int_equal(g_array_index(burst.types, int, i),
                         i <= n - n_messages ? SS_EVENT_REPLY : SS_EVENT_MESSAGE);
    }
    end_burst(&burst, &queue);
}

/* A part is never the last of its frame. */
static void
test_burst_has_an_end(void **state)
{
    SsQueue queue;
    Burst burst;

    (void)state;
    begin_burst(&burst, &queue);
    for (size_t i = 0; i < SS_BURST_EVENTS + 1; i++) {
        put_of(&queue, SS_EVENT_NOTE, 1, 1);
    }
    assert_int_equal(burst.types->len, SS_BURST_EVENTS);
    assert_int_equal(burst.n_early, 1);
    ss_queue_advance(&queue, 2);
    assert_int_equal(burst.types->len, SS_BURST_EVENTS + 1);
    assert_int_equal(burst.n_early, 1);
    end_burst(&burst, &queue);
}

/* Large events count by their size. */
static void
test_burst_of_bytes(void **state)
{
    g_autofree char *text = g_strnfill(SS_BURST_BYTES / 4, 'x');
    SsEvent event = {.type = SS_EVENT_COMMAND, .frame = 1, .session = 1, .uid = 1};
    SsQueue queue;
    Burst burst;

    (void)state;
    event.command.argument = ss_slice_str(text);
    begin_burst(&burst, &queue);
    for (int i = 0; i < 20; i++) {
        ss_queue_put(&queue, &event);
        assert_true(queue.waiting->len < 8);
    }
    end_burst(&burst, &queue);
}

/* The capture's end closes many sessions: few are kept, and each has its event last. */
static void
test_burst_of_sessions(void **state)
{
    static const SsEventType of_each[] = {SS_EVENT_MESSAGE, SS_EVENT_NOTE, SS_EVENT_AUTH,
                                          SS_EVENT_SESSION};
    static const SsEventType wanted[] = {SS_EVENT_NOTE, SS_EVENT_AUTH, SS_EVENT_MESSAGE,
                                         SS_EVENT_SESSION};
    const uint64_t n = 5000;
    g_autofree uint8_t *seen = g_malloc0(n + 1);
    uint64_t last = 0;
    SsQueue queue;
    Burst burst;

    (void)state;
    begin_burst(&burst, &queue);
    for (uint64_t session = 1; session <= n; session++) {
        for (size_t i = 0; i < G_N_ELEMENTS(of_each); i++) {
            put_of(&queue, of_each[i], 7, session);
            assert_true(queue.waiting->len <= SS_BURST_EVENTS + 1);
        }
    }
    put_of(&queue, SS_EVENT_CAPTURE, 7, 0);
    ss_queue_flush(&queue);
    assert_true(burst.most <= SS_BURST_EVENTS + 1);
    assert_int_equal(burst.n_early, 0);
    assert_int_equal(burst.types->len, 4 * n + 1);
    for (guint i = 0; i < 4 * n; i++) {
        uint64_t session = g_array_index(burst.sessions, uint64_t, i);
        int type = g_array_index(burst.types, int, i);
        assert_int_equal(type, wanted[seen[session]++]);
        if (type == SS_EVENT_SESSION) {
            assert_int_equal(session, ++last);
        }
    }
    assert_int_equal(last, n);
    assert_int_equal(g_array_index(burst.types, int, 4 * n), SS_EVENT_CAPTURE);
    end_burst(&burst, &queue);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_order),
        cmocka_unit_test(test_copies),
        cmocka_unit_test(test_slot_stays_behind),
        cmocka_unit_test(test_content),
        cmocka_unit_test(test_burst_of_one_session),
        cmocka_unit_test(test_burst_has_an_end),
        cmocka_unit_test(test_burst_of_bytes),
        cmocka_unit_test(test_burst_of_sessions),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
