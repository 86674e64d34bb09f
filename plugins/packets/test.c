#include "plugins/packets/packets.h"

#include <json-glib/json-glib.h>

#include "tests/ss-test.h"
#include "tests/unit/plugin-host.h"

extern const SsPlugin ss_plugin_packets;

#define BEGAN 1
#define HEAD 54 /* bytes of headers in made packets */

static bool is_blamed;

static void
blame(const SsHost *host)
{
    (void)host;
    is_blamed = true;
}

static SsTestHost *
make_host(const char *options)
{
    static const char *const keys[] = {"detail", "hex", "layer", "frames", "time", "format"};
    static const char *const values[] = {"0", "0", "", "", "absolute", "text"};
    SsTestHost *test = ss_test_host_new(&ss_plugin_packets);
    g_auto(GStrv) words = g_strsplit(options, ",", -1);

    for (size_t i = 0; i < G_N_ELEMENTS(keys); i++) {
        ss_test_host_option(test, keys[i], values[i]);
    }
    for (size_t i = 0; words[i]; i++) {
        char *value = strchr(words[i], '=');
        if (value) {
            *value = '\0';
            ss_test_host_option(test, words[i], value + 1);
        }
    }
    test->host.blame_options = blame;
    return test;
}

typedef struct {
    SsTestHost *test;
    uint64_t frame;
    SsDirection direction;
    uint64_t offset;
    const char *bucket;
    SsSlice payload;
    const char *remark;
    bool is_other_port, is_fragment, is_not_tcp, is_undecided;
} Made;

/* A packet with headers of zeros. */
static bool
put_packet(const Made *made)
{
    bool is_back = made->direction == SS_SERVER;
    SsEndpoint ends[2] = {{SS_SLICE("192.0.2.10"), 40112}, {SS_SLICE("198.51.100.25"), 25}};
    SsSlice remark = ss_slice_str(made->remark);
    g_autofree uint8_t *bytes = g_malloc0(HEAD + made->payload.len);
    SsEvent event = ss_test_event(made->test, SS_EVENT_PACKET, (double)made->frame);

    if (made->payload.len) {
        memcpy(bytes + HEAD, made->payload.data, made->payload.len);
    }
    event.frame = made->frame;
    event.uid = made->is_other_port ? 0 : 7;
    event.session = made->is_other_port ? 0 : 1;
    event.time_digits = 6;
    event.packet = (SsEventPacket){
        .len = HEAD + made->payload.len,
        .captured = HEAD + made->payload.len,
        .bucket = ss_slice_str(made->bucket ? made->bucket : "delivered"),
        .protocol = ss_slice_str(made->is_not_tcp ? "icmp" : "tcp"),
        .from = ends[is_back],
        .to = ends[!is_back],
        .is_tcp = !made->is_not_tcp,
        .flags = SS_SLICE("P."),
        .is_relative = true,
        .seq = made->offset + 1,
        .ack = 1,
        .has_ack = true,
        .payload = made->payload.len,
        .is_of_session = !made->is_other_port && !made->is_undecided,
        .began = made->is_other_port ? 0 : BEGAN,
        .direction = made->is_other_port ? -1 : (int)made->direction,
        .offset = made->offset,
        .remarks = {&remark, made->remark ? 1 : 0, made->remark ? 1 : 0},
        .bytes = ss_slice(bytes, HEAD + made->payload.len),
        .payload_at = HEAD,
        .is_fragment = made->is_fragment,
    };
    return ss_test_host_event(made->test, &event);
}

static bool
put(SsTestHost *test, uint64_t frame, SsDirection direction, uint64_t offset, const char *payload)
{
    Made made = {.test = test,
                 .frame = frame,
                 .direction = direction,
                 .offset = offset,
                 .payload = ss_slice_str(payload)};

    return put_packet(&made);
}

static bool
put_span(SsTestHost *test, SsSpanKind kind, SsDirection direction, uint64_t offset, uint64_t len,
         const char *text, uint64_t secret, uint64_t secret_len)
{
    SsEvent event = ss_test_event(test, SS_EVENT_SPAN, 1);

    event.session = 1;
    event.uid = 7;
    event.span = (SsEventSpan){
        .kind = (int)kind,
        .direction = (int)direction,
        .began = BEGAN,
        .offset = offset,
        .len = len,
        .secret = secret,
        .secret_len = secret_len,
        .text = ss_slice_str(text),
    };
    return ss_test_host_event(test, &event);
}

static bool
has(const SsTestHost *test, const char *text)
{
    if (!strstr(test->out->str, text)) {
        print_message("no \"%s\" in:\n%s\n", text, test->out->str);
        return false;
    }
    return true;
}

static bool
close_it(SsTestHost *test)
{
    bool ok = ss_plugin_packets.close(test->self, &test->host);

    test->self = NULL;
    return ok;
}

/* A line that three packets carry, one of them twice; what is behind it waits. */
static void
test_line_over_packets(void **state)
{
    g_autoptr(SsTestHost) test = make_host("");
    Made again = {.test = test,
                  .frame = 14,
                  .direction = SS_CLIENT,
                  .offset = 8,
                  .bucket = "retransmitted",
                  .remark = "retransmission of 12",
                  .payload = SS_SLICE("ent.a.ex")};

    (void)state;
    put(test, 11, SS_CLIENT, 0, "EHLO cli");
    put(test, 12, SS_CLIENT, 8, "ent.a.ex");
    put(test, 13, SS_SERVER, 0, "");
    assert_string_equal(test->out->str, "");
    put(test, 13, SS_CLIENT, 16, "ample\r\n");
    put_span(test, SS_SPAN_COMMAND, SS_CLIENT, 0, 23, "EHLO client.a.example", 0, 0);
    put_packet(&again);
    assert_true(has(test, "    8  EHLO cli… (rest in 13)\n"));
    assert_true(has(test, "    8  …ent.a.ex… (began in 11, rest in 13)\n"));
    assert_true(has(test, "    7  …ample (began in 11)\n"));
    assert_true(has(test, "  [retransmission of 12] …ent.a.… (began in 11, rest in 13)\n"));
    assert_true(has(test, "\n    11 10:00:00.134000 192.0.2.10:40112 → 198.51.100.25:25 P.       1"
                          "      1     8  EHLO"));
    assert_true(has(test, "192.0.2.10:40112 ← 198.51.100.25:25"));
}

/* What comes is bounded, whatever is waited for. */
static void
test_window(void **state)
{
    g_autoptr(SsTestHost) test = make_host("");
    SsPackets *self;

    (void)state;
    put(test, 1, SS_CLIENT, 0, "N");
    self = test->self;
    for (uint64_t i = 2; i <= 2000; i++) {
        put(test, i, SS_CLIENT, i - 1, "O");
        assert_true(self->held.length <= 512);
    }
    assert_true(has(test, "  not read\n"));
    for (uint64_t i = 0; i < 40000; i++) {
        put_span(test, SS_SPAN_COMMAND, SS_CLIENT, 2000 + 6 * i, 6, "NOOP", 0, 0);
    }
    assert_int_equal(self->held.length, 0);
    assert_int_equal(self->streams.spans.length, 16384);
    assert_int_equal(self->streams.flows ? g_hash_table_size(self->streams.flows) : 0, 1);
    for (uint64_t i = 0; i < 20000; i++) {
        (void)ss_streams_flow(&self->streams, 10 + i);
    }
    assert_int_equal(g_hash_table_size(self->streams.flows), 16384);
}

static void
test_session_end(void **state)
{
    g_autoptr(SsTestHost) test = make_host("");

    (void)state;
    put(test, 2, SS_CLIENT, 0, "QUI");
    assert_string_equal(test->out->str, "");
    put_span(test, SS_SPAN_END, SS_CLIENT, 0, 0, NULL, 0, 0);
    assert_true(has(test, "    3  not read\n"));
}

static void
test_tick(void **state)
{
    g_autoptr(SsTestHost) test = make_host("");
    int64_t time_ns;

    (void)state;
    put(test, 1, SS_CLIENT, 0, "QUI");
    time_ns = test->start_ns + 1000000;
    assert_true(ss_plugin_packets.tick(test->self, &test->host, time_ns + 900000000));
    assert_string_equal(test->out->str, "");
    assert_true(ss_plugin_packets.tick(test->self, &test->host, time_ns + 1000000000));
    assert_true(has(test, "not read"));
}

/* --- secrets --- */

#define MASKED "** ** ** **"

static bool
shows_hex(const SsTestHost *test, const char *bytes)
{
    g_autoptr(GString) hex = g_string_new(NULL);
    g_autofree char *out = g_strdup(test->out->str);
    char *to = out;

    for (; *bytes; bytes++) {
        g_string_append_printf(hex, "%02x", (unsigned char)*bytes);
    }
    for (const char *at = test->out->str; *at; at++) { /* without what stands between */
        if (!strchr(" []", *at)) {
            *to++ = *at;
        }
    }
    *to = '\0';
    return strstr(out, hex->str) != NULL;
}

static void
test_secrets(void **state)
{
    g_autoptr(SsTestHost) test = make_host("hex=1");
    Made again = {.test = test,
                  .frame = 4,
                  .direction = SS_CLIENT,
                  .offset = 13,
                  .bucket = "retransmitted",
                  .payload = SS_SLICE("cret\r\n")};

    (void)state;
    put(test, 2, SS_CLIENT, 0, "AUTH PLAIN secret\r\n");
    put_span(test, SS_SPAN_COMMAND, SS_CLIENT, 0, 19, "AUTH PLAIN ********", 11, 8);
    assert_true(has(test, "AUTH PLAIN ********\n"));
    assert_true(shows_hex(test, "AUTH"));
    assert_true(has(test, "*"));
    assert_false(shows_hex(test, "s"
                                 "e"));
    g_string_truncate(test->out, 0);
    put_packet(&again);
    assert_true(has(test, MASKED));
    assert_false(shows_hex(test, "cr"));
    assert_null(strstr(test->out->str, "cret"));
}

static void
test_secrets_shown(void **state)
{
    g_autoptr(SsTestHost) test = make_host("hex=1");

    (void)state;
    test->host.show_secrets = true;
    put(test, 2, SS_CLIENT, 0, "c2VjcmV0\r\n");
    close_it(test);
    assert_true(shows_hex(test, "c2"));
}

/* Bytes whose meaning never came may have been a secret. */
static void
test_unread(void **state)
{
    g_autoptr(SsTestHost) test = make_host("hex=1");

    (void)state;
    put(test, 2, SS_CLIENT, 0, "hunter2 and so on");
    put(test, 3, SS_SERVER, 0, "hello and so on");
    close_it(test);
    assert_false(shows_hex(test, "hu"));
    assert_null(strstr(test->out->str, "hunter2"));
    assert_true(shows_hex(test, "he"));
}

/* Other readings of bytes: of the client all of them, of the server what looks like a login. */
static void
test_other_reading(void **state)
{
    g_autoptr(SsTestHost) test = make_host("hex=1");
    Made made = {.test = test,
                 .frame = 3,
                 .direction = SS_CLIENT,
                 .bucket = "conflicting",
                 .remark = "conflict with 2",
                 .payload = SS_SLICE("xyz AUTH PLAIN c2VjcmV0\r\n")};

    (void)state;
    put(test, 2, SS_CLIENT, 0, "NOOP NOOP NOOP NOOP NOOP\r\n");
    put_span(test, SS_SPAN_COMMAND, SS_CLIENT, 0, 26, "NOOP NOOP NOOP NOOP NOOP", 0, 0);
    assert_true(shows_hex(test, "NO"));
    put_packet(&made);
    assert_false(shows_hex(test, "c2"));
    assert_false(shows_hex(test, "xy"));
    made.direction = SS_SERVER;
    made.frame = 4;
    put_packet(&made);
    assert_false(shows_hex(test, "c2"));
    assert_true(shows_hex(test, "xy"));
    /* What it repeats is not known any more. */
    made = (Made){.test = test,
                  .frame = 5,
                  .direction = SS_CLIENT,
                  .bucket = "retransmitted",
                  .remark = "retransmission",
                  .payload = SS_SLICE("hunter2 hunter2 hunter2.\r\n")};
    put_packet(&made);
    assert_false(shows_hex(test, "hu"));
    made.remark = "retransmission of 2";
    made.frame = 6;
    put_packet(&made);
    assert_true(shows_hex(test, "hu"));
}

/* Of two readings of which neither was read yet, any may be told by the spans. */
static void
test_contradicted(void **state)
{
    g_autoptr(SsTestHost) test = make_host("hex=1");
    Made made = {.test = test,
                 .frame = 3,
                 .direction = SS_CLIENT,
                 .offset = 6,
                 .remark = "conflict with 2",
                 .payload = SS_SLICE("NOOP 1\r\n")};

    (void)state;
    put(test, 2, SS_CLIENT, 6, "hunter\r\n");
    put_packet(&made);
    put(test, 4, SS_CLIENT, 0, "QUIT\r\n");
    put_span(test, SS_SPAN_COMMAND, SS_CLIENT, 0, 6, "QUIT", 0, 0);
    put_span(test, SS_SPAN_COMMAND, SS_CLIENT, 6, 8, "NOOP 1", 0, 0);
    assert_true(has(test, "NOOP 1\n"));
    assert_true(shows_hex(test, "QUIT"));
    assert_false(shows_hex(test, "hu"));
}

/* Other ports, and parts of datagrams: any protocol's login, cut anywhere. */
static void
test_unread_ports(void **state)
{
    g_autoptr(SsTestHost) test = make_host("hex=1");
    Made made = {.test = test,
                 .frame = 4,
                 .bucket = "other_port",
                 .is_other_port = true,
                 .payload = SS_SLICE("SsLcmV0 xyz")};

    (void)state;
    put_packet(&made);
    assert_false(shows_hex(test, "Ss"));
    assert_false(shows_hex(test, "xy"));
    made.frame = 5;
    made.is_fragment = true;
    put_packet(&made);
    assert_false(shows_hex(test, "Ss"));
}

/* Followed, but never shown to be a session: it may be anything, and either end its client. */
static void
test_undecided(void **state)
{
    g_autoptr(SsTestHost) test = make_host("hex=1");
    Made made = {
        .test = test, .frame = 2, .is_undecided = true, .payload = SS_SLICE("hunter2 xyz")};

    (void)state;
    put_packet(&made);
    made.frame = 3;
    made.direction = SS_SERVER;
    put_packet(&made);
    assert_string_equal(test->out->str, "");
    close_it(test);
    assert_true(has(test, MASKED));
    assert_false(shows_hex(test, "xyz"));
    assert_false(shows_hex(test, "hu"));
}

/* What is not TCP may quote it, or carry it. */
static void
test_not_tcp(void **state)
{
    static const uint8_t ip4[] = "\x45\0\0\x40\0\1\0\0\x40\6\0\0\300\0\2\1\300\0\2\2";
    static const uint8_t ip6[] = "\x60\0\0\0\0\x40\6\x40"
                                 "0123456789abcdef0123456789abcdef";
    const SsSlice headers[] = {ss_slice(ip4, 20), ss_slice(ip6, 40)};
    g_autoptr(SsTestHost) test = make_host("hex=1");
    Made made = {.test = test, .frame = 4, .is_other_port = true, .is_not_tcp = true};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
        g_autoptr(GString) quote = g_string_new("quoted:");
        g_string_append_len(quote, (const char *)headers[i].data, (gssize)headers[i].len);
        g_string_append(quote, "01234567890123456789hunter2, x\r\n");
        made.payload = ss_slice(quote->str, quote->len);
        put_packet(&made);
        assert_true(shows_hex(test, "quoted:"));
        assert_true(shows_hex(test, "9"));
        assert_false(shows_hex(test, "hu"));
        assert_false(shows_hex(test, ", x"));
    }
    made.payload = SS_SLICE("a1 LOGIN alice hunter2\r\nxyz\r\nc2VjcmV0\r\n");
    put_packet(&made);
    assert_true(shows_hex(test, "a1 LOGIN"));
    assert_false(shows_hex(test, "al"));
    assert_false(shows_hex(test, "hu"));
    assert_false(shows_hex(test, "c2"));
    assert_true(shows_hex(test, "xy"));
}

/* --- options --- */

static void
test_frames(void **state)
{
    g_autoptr(SsTestHost) test = make_host("frames=2+5-6,time=relative");
    g_autoptr(SsTestHost) bad = make_host("frames=5-2");
    char err[128] = "";

    (void)state;
    for (uint64_t i = 1; i < 9; i++) {
        put(test, i, SS_SERVER, 0, "");
    }
    assert_true(has(test, "\n     2        0.001000 "));
    assert_true(has(test, "\n     5        0.004000 "));
    assert_true(has(test, "\n     6        0.005000 "));
    assert_null(strstr(test->out->str, "0.000000"));
    assert_null(strstr(test->out->str, "0.006000"));
    is_blamed = false;
    assert_null(ss_plugin_packets.open(&bad->host, err, sizeof err));
    assert_true(is_blamed);
    assert_string_equal(err, "frames=5-2: give numbers and ranges, as in 7+10-20");
}

/* What is asked for and not there is told; what can have no effect is refused. */
static void
test_unmet(void **state)
{
    static const struct {
        const char *options, *told;
    } rows[] = {
        {"frames=2+9999+10000", "frames=9999: there are 2 packets\n"},
        {"frames=2-9999", ""},
        {"hex=1,layer=nosuch",
         "layer=nosuch: no packet shown has a layer of that name (detail=1 shows their layers)\n"},
        {"hex=1,layer=Payload", ""},
        {"hex=1,layer=SMTP", ""},
    };
    static const char *const bad[] = {"layer=tcp", "layer=tcp,detail=1",
                                      "layer=tcp,hex=1,format=json"};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        g_autoptr(SsTestHost) test = make_host(rows[i].options);
        put(test, 1, SS_SERVER, 0, "");
        put(test, 2, SS_SERVER, 0, "220 mx\r\n");
        put_span(test, SS_SPAN_REPLY, SS_SERVER, 0, 8, "220 mx", 0, 0);
        close_it(test);
        assert_string_equal(test->told->str, rows[i].told);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(bad); i++) {
        g_autoptr(SsTestHost) test = make_host(bad[i]);
        char err[128] = "";
        is_blamed = false;
        assert_null(ss_plugin_packets.open(&test->host, err, sizeof err));
        assert_true(is_blamed);
        assert_non_null(strstr(err, "layer=tcp marks bytes of a dump"));
    }
}

/* Bytes that were doubtful when they came, and were taken later, or came again in another packet.
 */
static void
test_not_taken(void **state)
{
    (void)state;
    for (int is_replaced = 0; is_replaced < 2; is_replaced++) {
        g_autoptr(SsTestHost) test = make_host("");
        Made made = {.test = test,
                     .frame = 2,
                     .direction = SS_CLIENT,
                     .bucket = "not_taken",
                     .remark = "not-taken",
                     .payload = SS_SLICE("NOOP\r\n")};
        put_packet(&made);
        assert_string_equal(test->out->str, "");
        if (is_replaced) {
            put(test, 3, SS_CLIENT, 0, "QUIT\r\n");
        }
        put_span(test, SS_SPAN_COMMAND, SS_CLIENT, 0, 6, is_replaced ? "QUIT" : "NOOP", 0, 0);
        assert_true(has(test, is_replaced ? "[not-taken]\n" : "[not-taken] NOOP\n"));
        assert_true(!is_replaced || has(test, "  QUIT\n"));
    }
}

static void
test_delta(void **state)
{
    g_autoptr(SsTestHost) test = make_host("time=delta");

    (void)state;
    put(test, 1, SS_SERVER, 0, "");
    put(test, 4, SS_SERVER, 0, "");
    assert_true(has(test, "\n     1        0.000000 "));
    assert_true(has(test, "\n     4        0.003000 "));
}

static void
test_marks(void **state)
{
    g_autoptr(SsTestHost) test = make_host("hex=1");

    (void)state;
    put(test, 2, SS_SERVER, 0, "220 0123456789\r\n");
    put_span(test, SS_SPAN_REPLY, SS_SERVER, 0, 16, "220 0123456789", 0, 0);
    assert_true(has(test, "\n       0030  00 00 00 00 00 00[32 32  30 20 30 31 32 33 34 35   "
                          "......220 012345\n"));
    assert_true(has(test, "\n       0040  36 37 38 39 0d 0a]                                 "
                          "6789..\n"));
}

/* --- what others wrote --- */

static void
test_hostile(void **state)
{
    g_autoptr(SsTestHost) test = make_host("");
    g_autoptr(SsTestHost) json = make_host("format=json,hex=1,detail=1");
    g_autoptr(JsonParser) parser = json_parser_new();
    const char *evil = "250 \033[2J\" \\ \n\xff";
    JsonObject *object;

    (void)state;
    put(test, 2, SS_SERVER, 0, evil);
    put_span(test, SS_SPAN_REPLY, SS_SERVER, 0, 14, evil, 0, 0);
    assert_true(has(test, "250 \\x1b[2J\" \\ \\xff\n"));
    assert_null(strchr(test->out->str, '\033'));

    put(json, 2, SS_SERVER, 0, evil);
    put_span(json, SS_SPAN_REPLY, SS_SERVER, 0, 14, evil, 0, 0);
    assert_true(g_utf8_validate(json->out->str, -1, NULL));
    assert_true(json_parser_load_from_data(parser, json->out->str, -1, NULL));
    object = json_node_get_object(json_parser_get_root(parser));
    assert_int_equal(json_object_get_int_member(object, "frame"), 2);
    assert_string_equal(json_object_get_string_member(object, "uid"), "0000000000000007");
    assert_string_equal(json_object_get_string_member(object, "time"),
                        "2026-11-21T10:00:00.125000Z");
    assert_int_equal(strlen(json_object_get_string_member(object, "hex")), 2 * (HEAD + 14));
    object = json_array_get_object_element(json_object_get_array_member(object, "meaning"), 0);
    assert_string_equal(json_object_get_string_member(object, "kind"), "reply");
    assert_string_equal(json_object_get_string_member(object, "text"),
                        "250 \\x1b[2J\" \\ \\x0a\\xff");
    assert_int_equal(json_object_get_int_member(object, "last_frame"), 2);
}

static void
test_colour(void **state)
{
    g_autoptr(SsTestHost) test = make_host("");

    (void)state;
    test->color = true;
    put(test, 2, SS_SERVER, 0, "550 no\r\n");
    put_span(test, SS_SPAN_REPLY, SS_SERVER, 0, 8, "550 no", 0, 0);
    assert_true(has(test, "\033[1;31m550 no\033[0m\n"));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_line_over_packets),
        cmocka_unit_test(test_window),
        cmocka_unit_test(test_session_end),
        cmocka_unit_test(test_tick),
        cmocka_unit_test(test_secrets),
        cmocka_unit_test(test_secrets_shown),
        cmocka_unit_test(test_unread),
        cmocka_unit_test(test_other_reading),
        cmocka_unit_test(test_contradicted),
        cmocka_unit_test(test_unread_ports),
        cmocka_unit_test(test_undecided),
        cmocka_unit_test(test_not_tcp),
        cmocka_unit_test(test_frames),
        cmocka_unit_test(test_unmet),
        cmocka_unit_test(test_not_taken),
        cmocka_unit_test(test_delta),
        cmocka_unit_test(test_marks),
        cmocka_unit_test(test_hostile),
        cmocka_unit_test(test_colour),
    };

    return cmocka_run_group_tests_name("packets", tests, NULL, NULL);
}
