/*
 * Spans: whatever the cutting of the bytes and whatever was held for a reply, each line is told
 * where it stands in its stream, and what of it is a secret.
 */
#include "dissect/smtp/smtp.h"
#include "dissect/tls/tls.h"

#include "tests/ss-test.h"

typedef struct {
    SsEventSink sink;
    SsConnection connection;
    SsStreamFactory *factory;
    SsStreamSink *stream;
    GString *sent[2];    /* the streams, a gap as `?` */
    GString *said;       /* lines and records, a line each */
    GByteArray *seen[2]; /* how often each byte is in a span */
    GByteArray *hidden;  /* of the client: those that are secret */
    uint64_t content;    /* bytes of it told so far */
    uint64_t lost;       /* of the client */
    uint64_t spans;
    bool is_over;
} Rig;

static void
say(Rig *rig, const SsEventSpan *span)
{
    static const char kinds[] = "crlctx"; /* content is not said: it comes as the bytes are cut */
    SsSlice text = span->text;

    g_string_append_printf(rig->said, "%c%c%" G_GUINT64_FORMAT "+%" G_GUINT64_FORMAT " %.*s\n",
                           span->direction == SS_CLIENT ? '>' : '<', kinds[span->kind],
                           span->offset, span->len, (int)text.len, (const char *)text.data);
}

static void
on_event(SsEventSink *sink, const SsEvent *event)
{
    Rig *rig = (Rig *)sink;
    const SsEventSpan *span = &event->span;
    GString *sent;
    GByteArray *seen;

    if (event->type != SS_EVENT_SPAN) {
        return;
    }
    sent = rig->sent[span->direction];
    seen = rig->seen[span->direction];
    rig->spans++;
    assert_false(rig->is_over);
    rig->is_over = span->kind == SS_SPAN_END;
    assert_int_equal(span->began, 1);
    assert_int_equal(span->len == 0, span->kind == SS_SPAN_END);
    assert_true(span->offset + span->len <= sent->len);
    for (uint64_t i = span->offset; i < span->offset + span->len; i++) {
        seen->data[i]++;
    }
    for (uint64_t i = span->secret; i < span->secret + span->secret_len; i++) {
        assert_true(i >= span->offset && i < span->offset + span->len);
        if (span->direction == SS_CLIENT) {
            rig->hidden->data[i] = 1;
        }
    }
    if (span->kind == SS_SPAN_CONTENT && !span->text.len) {
        assert_in_range(span->content, rig->content, rig->content + rig->lost);
        assert_int_equal(span->message, 1);
        rig->content += span->content_len;
        return;
    }
    if (span->kind == SS_SPAN_END) {
        return;
    }
    if (!span->secret_len && (span->kind == SS_SPAN_COMMAND || span->kind == SS_SPAN_REPLY)) {
        assert_memory_equal(sent->str + span->offset, span->text.data, span->text.len);
    }
    say(rig, span);
}

static void
open_rig(Rig *rig, bool has_wish, bool show_secrets)
{
    static const SsContentPlan plan = {.needs = 0};
    SsSmtpOptions options = {.limits = SS_LIMITS_DEFAULT, .show_secrets = show_secrets};

    *rig = (Rig){
        .sink = {has_wish ? SS_WANT(SS_EVENT_SPAN) : SS_WANT_ALL_WRITTEN, on_event},
        .connection = {.family = 4,
                       .first = {.frame = 1},
                       .from_start = true,
                       .on_server_port = true,
                       .session = 1,
                       .ready_ns = SS_TIME_NONE,
                       .syn_ns = SS_TIME_NONE},
        .said = g_string_new(NULL),
        .hidden = g_byte_array_new(),
    };
    for (int i = 0; i < 2; i++) {
        rig->connection.half[i].packets = 1;
        rig->sent[i] = g_string_new(NULL);
        rig->seen[i] = g_byte_array_new();
    }
    rig->factory = ss_smtp_factory_new(&options, &rig->sink, &plan);
    rig->stream = rig->factory->open(rig->factory, &rig->connection);
}

static void
grow(GByteArray *array, size_t len)
{
    guint before = array->len;

    g_byte_array_set_size(array, (guint)len);
    if (len > before) {
        memset(array->data + before, 0, len - before);
    }
}

static void
give(Rig *rig, SsDirection direction, SsSlice bytes)
{
    g_autofree uint8_t *copy = g_memdup2(bytes.data, bytes.len);
    SsOrigin origin = {.frame = ++rig->connection.frame};

    g_string_append_len(rig->sent[direction], (const char *)bytes.data, (gssize)bytes.len);
    grow(rig->seen[direction], rig->sent[direction]->len);
    grow(rig->hidden, rig->sent[SS_CLIENT]->len);
    rig->connection.half[direction].bytes += bytes.len;
    rig->stream->ops->data(rig->stream, direction, ss_slice(copy, bytes.len), &origin);
}

static void
lose(Rig *rig, SsDirection direction, size_t n)
{
    SsOrigin origin = {.frame = ++rig->connection.frame};

    for (size_t i = 0; i < n; i++) {
        g_string_append_c(rig->sent[direction], '?');
    }
    grow(rig->seen[direction], rig->sent[direction]->len);
    grow(rig->hidden, rig->sent[SS_CLIENT]->len);
    rig->connection.half[direction].missing_bytes += n;
    rig->lost += direction == SS_CLIENT ? n : 0;
    rig->stream->ops->gap(rig->stream, direction, n, SS_GAP_CAPTURE, &origin);
}

/* `> text` and `< text`, cut after `step` bytes, or anywhere. */
static void
play(Rig *rig, const char *const *script, size_t step, GRand *dice)
{
    for (size_t i = 0; script[i]; i++) {
        SsDirection direction = script[i][0] == '>' ? SS_CLIENT : SS_SERVER;
        SsSlice left = ss_slice_str(script[i] + 1);
        while (left.len) {
            size_t n = dice ? (size_t)g_rand_int_range(dice, 1, 40) : step;
            give(rig, direction, ss_slice_sub(left, 0, n));
            left = ss_slice_from(left, n);
        }
    }
}

static void
close_stream(Rig *rig)
{
    rig->stream->ops->close(rig->stream, SS_CLOSE_FIN, SS_CLIENT);
    ss_smtp_factory_free(rig->factory);
}

static void
clear(Rig *rig)
{
    for (int i = 0; i < 2; i++) {
        g_string_free(rig->sent[i], TRUE);
        g_byte_array_unref(rig->seen[i]);
    }
    g_string_free(rig->said, TRUE);
    g_byte_array_unref(rig->hidden);
}

static bool
is_hidden(const Rig *rig, const char *text)
{
    const GString *sent = rig->sent[SS_CLIENT];
    const char *at = memmem(sent->str, sent->len, text, strlen(text));

    assert_non_null(at);
    for (size_t i = 0; i < strlen(text); i++) {
        if (!rig->hidden->data[(size_t)(at - sent->str) + i]) {
            return false;
        }
    }
    return true;
}

/* Much is sent before the replies it waits for. */
static const char *const dialogue[] = {
    "<220 b.example\r\n",
    ">EHLO a.example\r\nAUTH PLAIN AGFsaWNlAHNlY3JldA==\r\n",
    "<250-b.example\r\n250 AUTH PLAIN LOGIN\r\n",
    ">MAIL FROM:<a@a.example>\r\nRCPT TO:<b@b.example>\r\nDATA\r\nSubject: "
    "x\r\n\r\n..dot\r\n.\r\nQUIT\r\n",
    "<235 2.7.0 fine, AGFsaWNlAHNlY3JldA==\r\n250 ok\r\n250 ok\r\n",
    "<354 go\r\n",
    "<250 2.0.0 queued\r\n221 bye\r\n",
    NULL,
};
static const char wanted[] = "<r0+15 220 b.example\n"
                             ">c0+16 EHLO a.example\n"
                             ">c16+33 AUTH PLAIN ********\n"
                             "<r15+15 250-b.example\n"
                             "<r30+22 250 AUTH PLAIN LOGIN\n"
                             "<r52+38 235 2.7.0 fine, ********\n"
                             ">c49+25 MAIL FROM:<a@a.example>\n"
                             ">c74+23 RCPT TO:<b@b.example>\n"
                             ">c97+6 DATA\n"
                             "<r90+8 250 ok\n"
                             "<r98+8 250 ok\n"
                             "<r106+8 354 go\n"
                             ">c124+3 .\n"
                             ">c127+6 QUIT\n"
                             "<r114+18 250 2.0.0 queued\n"
                             "<r132+9 221 bye\n";

static void
check_dialogue(size_t step, GRand *dice)
{
    Rig rig;

    open_rig(&rig, true, false);
    play(&rig, dialogue, step, dice);
    close_stream(&rig);
    assert_string_equal(rig.said->str, wanted);
    assert_int_equal(rig.content, 20);
    assert_true(rig.is_over);
    for (int i = 0; i < 2; i++) {
        for (guint at = 0; at < rig.seen[i]->len; at++) {
            assert_in_range(rig.seen[i]->data[at], 1, 2); /* the end may be told twice */
        }
    }
    assert_true(is_hidden(&rig, "AGFsaWNlAHNlY3JldA=="));
    assert_false(is_hidden(&rig, "PLAIN"));
    clear(&rig);
}

static void
test_any_cut(void **state)
{
    g_autoptr(GRand) dice = g_rand_new_with_seed(7);

    (void)state;
    for (size_t step = 1; step < 200; step++) {
        check_dialogue(step, NULL);
    }
    for (int i = 0; i < 500; i++) {
        check_dialogue(0, dice);
    }
}

static void
test_nobody_wants(void **state)
{
    Rig rig;

    (void)state;
    open_rig(&rig, false, false);
    play(&rig, dialogue, 1000, NULL);
    close_stream(&rig);
    assert_int_equal(rig.spans, 0);
    clear(&rig);
}

static void
test_secrets(void **state)
{
    static const char *const login[] = {
        "<220 b.example\r\n",
        ">EHLO a\r\n",
        "<250 b\r\n",
        ">AUTH LOGIN\r\n",
        "<334 VXNl\r\n",
        ">YWxpY2U=\r\n",
        "<334 UGFz\r\n",
        ">c2VjcmV0\r\n",
        "<535 no c2VjcmV0\r\n",
        ">XAUTH hunter22\r\n",
        "<500 what\r\n",
        ">AUTH PLAIN AGEAYg",
        NULL,
    };

    (void)state;
    for (int shown = 0; shown < 2; shown++) {
        Rig rig;
        open_rig(&rig, true, shown);
        play(&rig, login, 1000, NULL);
        close_stream(&rig); /* inside of a line */
        assert_int_equal(is_hidden(&rig, "YWxpY2U="), !shown);
        assert_int_equal(is_hidden(&rig, "c2VjcmV0"), !shown);
        assert_int_equal(is_hidden(&rig, "hunter22"), !shown);
        assert_int_equal(is_hidden(&rig, "AGEAYg"), !shown);
        assert_int_equal(strstr(rig.said->str, "c2VjcmV0") != NULL, shown);
        assert_int_equal(strstr(rig.said->str, "AGEAYg") != NULL, shown);
        clear(&rig);
    }
}

/* Offsets go on behind what was lost. */
static void
test_gaps(void **state)
{
    static const char *const begin[] = {"<220 b\r\n", ">EHLO a\r\nMAI", NULL};
    static const char *const middle[] = {">\r\nRSET\r\nDA", "<5", NULL};
    static const char *const end[] = {"<\r\n250 ok\r\n", NULL};
    Rig rig;

    (void)state;
    open_rig(&rig, true, false);
    play(&rig, begin, 3, NULL);
    lose(&rig, SS_CLIENT, 20);
    lose(&rig, SS_SERVER, 10);
    play(&rig, middle, 2, NULL);
    lose(&rig, SS_SERVER, 4);
    play(&rig, end, 100, NULL);
    close_stream(&rig);
    assert_non_null(strstr(rig.said->str, ">c33+6 RSET\n"));
    assert_non_null(strstr(rig.said->str, "<r24+8 250 ok\n"));
    assert_non_null(strstr(rig.said->str, ">x39+2 ********\n"));
    clear(&rig);
}

/* A hole among bytes that wait for a reply. */
static void
test_held_gap(void **state)
{
    static const char *const begin[] = {
        "<220 b\r\n", ">EHLO a\r\n",
        "<250 b\r\n", ">MAIL FROM:<a@b>\r\n",
        "<250 k\r\n", ">RCPT TO:<b@b>\r\n",
        "<250 k\r\n", ">DATA\r\n",
        ">text\r\n",  NULL,
    };
    static const char *const end[] = {">more\r\n.\r\nQUIT\r\n", "<354 go\r\n", NULL};
    Rig rig;

    (void)state;
    open_rig(&rig, true, false);
    play(&rig, begin, 100, NULL);
    lose(&rig, SS_CLIENT, 7);
    play(&rig, end, 100, NULL);
    close_stream(&rig);
    assert_non_null(strstr(rig.said->str, "\n>c68+6 QUIT\n"));
    assert_int_equal(rig.content, 12);
    clear(&rig);
}

/* --- TLS --- */

#define HELLO "\x16\x03\x01\x00\x06\x01\x00\x00\x02xx"

static void
test_records(void **state)
{
    const SsSlice client = SS_SLICE(HELLO "\x16\x03\x03\x00\x0a\x10\x00\x00\x00\x14\x00\x00\x02yy"
                                          "\x14\x03\x03\x00\x01\x01"
                                          "\x16\x03\x03\x00\x04zzzz"
                                          "\x17\x03\x03\x00\x03"
                                          "abc"
                                          "\x15\x03\x03\x00\x02\x01\x00");
    const char *records = ">t0+11 TLSv1.0 handshake: client hello\n"
                          ">t11+15 TLSv1.2 handshake: client key exchange, finished\n"
                          ">t26+6 TLSv1.2 change cipher spec\n"
                          ">t32+9 TLSv1.2 handshake, encrypted, 4 bytes\n"
                          ">t41+8 TLSv1.2 application data, 3 bytes\n"
                          ">t49+7 TLSv1.2 alert\n";

    (void)state;
    for (size_t step = 1; step <= client.len; step++) {
        Rig rig;
        open_rig(&rig, true, false);
        for (SsSlice left = client; left.len; left = ss_slice_from(left, step)) {
            give(&rig, SS_CLIENT, ss_slice_sub(left, 0, step));
        }
        close_stream(&rig);
        assert_string_equal(rig.said->str, records);
        clear(&rig);
    }
}

/* What goes on in the clear is no record, and may be a login. */
static void
test_no_records(void **state)
{
    Rig rig;

    (void)state;
    open_rig(&rig, true, false);
    give(&rig, SS_CLIENT, SS_SLICE(HELLO "AUTH PLAIN c2VjcmV0\r\n"));
    give(&rig, SS_CLIENT, SS_SLICE("NOOP\r\n"));
    close_stream(&rig);
    assert_string_equal(rig.said->str, ">t0+11 TLSv1.0 handshake: client hello\n"
                                       ">t11+21 not TLS, 21 bytes\n"
                                       ">t32+6 not TLS, 6 bytes\n");
    assert_true(is_hidden(&rig, "c2VjcmV0"));
    clear(&rig);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_any_cut),    cmocka_unit_test(test_nobody_wants),
        cmocka_unit_test(test_secrets),    cmocka_unit_test(test_gaps),
        cmocka_unit_test(test_held_gap),   cmocka_unit_test(test_records),
        cmocka_unit_test(test_no_records),
    };

    return cmocka_run_group_tests_name("spans", tests, NULL, NULL);
}
