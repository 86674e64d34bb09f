/*
 * What a session keeps while nothing is said: little, whatever was said before; and texts that many
 * sessions have in common once.
 */
#include <malloc.h>

#include "dissect/smtp/session.h"

#include "tests/ss-test.h"

#if defined(__SANITIZE_ADDRESS__)
#define HAS_MALLINFO 0
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define HAS_MALLINFO 0
#endif
#endif
#ifndef HAS_MALLINFO
#define HAS_MALLINFO 1
#endif

enum {
    N = 2000,
    MOST = 416,        /* bytes a session, with the allocator's own */
    MOST_OF_MAIL = 64, /* of one that has sent a mail beside */
};

typedef struct {
    SsConnection connection;
    SsStreamSink *stream;
} Session;

static void
take_event(SsEventSink *self, const SsEvent *event)
{
    (void)self;
    (void)event;
}

static void
say(Session *session, SsDirection direction, const char *text)
{
    SsConnection *connection = &session->connection;
    size_t len = strlen(text);

    connection->frame = ++connection->last.frame;
    connection->half[direction].packets++;
    connection->half[direction].bytes += len;
    /* In two pieces, so that lines are kept for a while. */
    session->stream->ops->data(session->stream, direction, ss_slice(text, len / 2),
                               &connection->last);
    session->stream->ops->data(session->stream, direction, ss_slice(text + len / 2, len - len / 2),
                               &connection->last);
}

static void
open_session(Session *session, SsStreamFactory *factory, uint64_t *memory)
{
    session->connection = (SsConnection){
        .family = 4,
        .from_start = true,
        .on_server_port = true,
        .syn_ns = SS_TIME_NONE,
        .ready_ns = SS_TIME_NONE,
        .session = 1,
        .memory = memory,
    };
    session->stream = factory->open(factory, &session->connection);
}

static void
greet(Session *session, int number)
{
    g_autofree char *hello = g_strdup_printf("EHLO host-%d.a.example\r\n", number);

    say(session, SS_SERVER, "220 mx.b.example ESMTP Postfix\r\n");
    say(session, SS_CLIENT, hello);
    say(session, SS_SERVER,
        "250-mx.b.example Hello\r\n250-PIPELINING\r\n250-SIZE 52428800\r\n250-STARTTLS\r\n"
        "250-AUTH PLAIN LOGIN\r\n250-8BITMIME\r\n250 SMTPUTF8\r\n");
}

static void
send_mail(Session *session)
{
    static const char *const lines[] = {
        "AUTH PLAIN AGFubgBwYXNzd29yZA==\r\n",
        "235 2.7.0 ok\r\n",
        "MAIL FROM:<ann@a.example>\r\n",
        "250 2.1.0 ok\r\n",
        "RCPT TO:<bob@b.example>\r\n",
        "250 2.1.5 ok\r\n",
        "DATA\r\n",
        "354 go on\r\n",
        "Subject: one\r\n\r\nHello.\r\n.\r\n",
        "250 2.0.0 queued as 4WXYZ12345\r\n",
    };

    for (size_t i = 0; i < G_N_ELEMENTS(lines); i++) {
        say(session, i % 2 ? SS_SERVER : SS_CLIENT, lines[i]);
    }
}

static size_t
used_bytes(void)
{
#if HAS_MALLINFO
    return mallinfo2().uordblks;
#else
    return 0;
#endif
}

static void
check_quiet(bool has_mail)
{
    g_autofree Session *sessions = g_new0(Session, N);
    SsSmtpOptions options = {.limits = SS_LIMITS_DEFAULT};
    SsEventSink sink = {SS_WANT_ALL_WRITTEN | SS_WANT(SS_EVENT_NOTE), take_event};
    SsStreamFactory *factory = ss_smtp_factory_new(&options, &sink, NULL);
    uint64_t memory = 0;
    size_t before = used_bytes(), used;

    for (int i = 0; i < N; i++) {
        open_session(&sessions[i], factory, &memory);
        greet(&sessions[i], i);
        if (has_mail) {
            send_mail(&sessions[i]);
        }
        assert_true(sessions[i].connection.has_mail == has_mail);
    }
    used = used_bytes() - before;
    if (HAS_MALLINFO) {
        assert_in_range(used, 1, (size_t)(MOST + (has_mail ? MOST_OF_MAIL : 0)) * N);
        /* What the accountant says is what it costs, but for the rounding of blocks. */
        assert_in_range(memory, used * 8 / 10, used * 12 / 10);
    }
    for (int i = 0; i < N; i++) {
        sessions[i].stream->ops->close(sessions[i].stream, SS_CLOSE_CAPTURE, SS_CLIENT);
    }
    assert_int_equal(memory, 0);
    ss_smtp_factory_free(factory);
}

static void
test_quiet(void **state)
{
    (void)state;
    check_quiet(false);
}

static void
test_quiet_after_mail(void **state)
{
    (void)state;
    check_quiet(true);
}

static void
test_shared(void **state)
{
    SsSlice texts[] = {SS_SLICE("one"), SS_SLICE_NULL, SS_SLICE("")};
    SsSlice others[] = {SS_SLICE("on"), SS_SLICE("e")};
    SsShared *a = NULL, *b = NULL, *c = NULL;
    SsArena arena = {0};
    uint64_t memory = 0, once;
    SsSharedTable table;
    const SsSlice *items;
    SsList list;

    (void)state;
    ss_shared_table_init(&table);
    ss_shared_set(&table, &a, texts, 3, 5, &memory);
    once = memory;
    ss_shared_set(&table, &b, texts, 3, 5, &memory);
    assert_ptr_equal(a, b);
    assert_int_equal(memory, once);
    ss_shared_set(&table, &c, others, 2, 2, &memory);
    assert_ptr_not_equal(a, c);
    ss_shared_drop(&table, &a, &memory);
    assert_null(a);

    list = ss_shared_list(b, &arena);
    items = list.items;
    assert_int_equal(list.n, 3);
    assert_int_equal(list.total, 5);
    assert_true(ss_slice_eq(items[0], SS_SLICE("one")));
    assert_true(ss_slice_is_null(items[1]));
    assert_false(ss_slice_is_null(items[2]));
    assert_int_equal(items[2].len, 0);
    assert_true(ss_slice_eq(ss_shared_text(c, 1), SS_SLICE("e")));
    assert_true(ss_slice_is_null(ss_shared_text(c, 2)));
    assert_true(ss_slice_is_null(ss_shared_text(NULL, 0)));

    ss_shared_set(&table, &b, NULL, 0, 0, &memory);
    assert_null(b);
    ss_shared_drop(&table, &c, &memory);
    assert_int_equal(memory, 0);
    assert_int_equal(g_hash_table_size(table.lists), 0);
    ss_shared_table_clear(&table);
    ss_arena_clear(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_quiet),
        cmocka_unit_test(test_quiet_after_mail),
        cmocka_unit_test(test_shared),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
