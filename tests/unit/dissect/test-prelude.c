/*
 * What is not SMTP, by tables: protocols by their first bytes, headers of load balancers, words
 * that open tunnels, and who of two would say what.
 */
#include "dissect/proxy-header.h"
#include "dissect/recognise.h"
#include "dissect/smtp/session.h"
#include "dissect/tunnel.h"

#include "tests/ss-test.h"

#define BYTES(lit) SS_SLICE_INIT(lit)

static void
assert_slice(SsSlice slice, const char *expected)
{
    assert_true(ss_slice_eq(slice, ss_slice_str(expected)));
}

/* --- names --- */

static void
test_names(void **state)
{
    static const struct {
        SsDirection direction;
        SsSlice first;
        const char *name; /* "" where none is known */
    } rows[] = {
        {SS_CLIENT, BYTES("\x16\x03\x01\x02\x00\x01\x00"), "tls"},
        {SS_SERVER, BYTES("\x16\x03\x03\x00\x7a\x02\x00"), "tls"},
        {SS_SERVER, BYTES("\x16\x03\x03\x00\x7a\x01\x00"), ""},
        {SS_CLIENT, BYTES("\x16\x03\x01\x02"), ""},
        {SS_SERVER, BYTES("\x15\x03\x03\x00\x02\x02\x28"), "tls"},
        {SS_SERVER, BYTES("SSH-2.0-x"), "ssh"},
        {SS_CLIENT, BYTES("SSH-2.0-x"), "ssh"},
        {SS_CLIENT, BYTES("GET / HTTP/1.1"), "http"},
        {SS_SERVER, BYTES("GET / HTTP/1.1"), ""},
        {SS_SERVER, BYTES("HTTP/1.0 400"), "http"},
        {SS_CLIENT, BYTES("OPTIONS sip:a"), "sip"},
        {SS_CLIENT, BYTES("OPTIONS rtsp:"), "rtsp"},
        {SS_CLIENT, BYTES("OPTIONS * HTTP"), "http"},
        {SS_SERVER, BYTES("+OK"), "pop3"},
        {SS_SERVER, BYTES("* OK IMAP"), "imap"},
        {SS_CLIENT, BYTES("\x04\x01\x00\x19\x7f\x00\x00\x01\x00"), "socks"},
        {SS_CLIENT, BYTES("\x05\x01\x00"), "socks"},
        {SS_CLIENT, BYTES("\x05\x01\x00\x05\x01\x00\x01"), "socks"},
        {SS_CLIENT, BYTES("\x05\x01\x40"), ""},
        {SS_CLIENT, BYTES("\x05\x00"), ""},
        {SS_CLIENT, BYTES("\x03\x00\x00\x13\x0e\xe0\x00"), "rdp"},
        {SS_SERVER, BYTES("RFB 003.008\n"), "vnc"},
        {SS_CLIENT, BYTES("\x00\x00\x00\x45\xffSMBr"), "smb"},
        {SS_SERVER, BYTES("\xff\xfd\x18"), "telnet"},
        {SS_SERVER,
         BYTES("\x4a\x00\x00\x00\x0a"
               "8.0.36"),
         "mysql"},
        {SS_CLIENT, BYTES("\x00\x00\x00\x08\x04\xd2\x16\x2f"), "postgresql"},
        {SS_CLIENT, BYTES("\x30\x0c\x02\x01\x01\x60\x07"), "ldap"},
        {SS_CLIENT, BYTES("\x10\x0c\x00\x04MQTT\x04"), "mqtt"},
        {SS_CLIENT,
         BYTES("\x13"
               "BitTorrent protocol"),
         "bittorrent"},
        {SS_SERVER, BYTES("220 mx"), ""},
        {SS_CLIENT, BYTES("EHLO a"), ""},
        {SS_CLIENT, BYTES(""), ""},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        assert_slice(ss_recognise(rows[i].direction, rows[i].first), rows[i].name);
    }
}

static void
test_who_says(void **state)
{
    static const struct {
        SsSlice bytes;
        int who;
    } rows[] = {
        {BYTES("220 mx.b.example ESMTP\r\n"), SS_SERVER},
        {BYTES("554-no\r\n554 service\r\n"), SS_SERVER},
        {BYTES("250\r\n"), SS_SERVER},
        {BYTES("2500 apples\r\n"), -1},
        {BYTES("150 apples\r\n"), -1},
        {BYTES("EHLO client.a.example\r\n"), SS_CLIENT},
        {BYTES("LHLO client.a.example\r\n"), SS_CLIENT},
        {BYTES("MAIL FROM:<a@b.example>\r\nRCPT TO:<c@d.example>\r\n"), SS_CLIENT},
        {BYTES("QUIT\r\n"), SS_CLIENT},
        {BYTES("quit smoking\r\n"), -1},
        {BYTES("PROXY TCP4 192.0.2.9 198.51.100.25 50000 25\r\n"), SS_CLIENT},
        {BYTES("\x16\x03\x01\x02\x00\x01\x00"), SS_CLIENT},
        {BYTES("\x16\x03\x03\x00\x7a\x02\x00"), SS_SERVER},
        {BYTES("\x17\x03\x03\x00\x7a\x01\x00"), -1},
        {BYTES("SSH-2.0-x"), -1},
        {BYTES("GET / HTTP/1.1\r\n"), SS_CLIENT},
        {BYTES("Dear Bob,\r\n"), -1},
        {BYTES("\r\n"), -1},
        {BYTES(""), -1},
    };
    SsSmtpOptions options = {.limits = SS_LIMITS_DEFAULT};
    SsEventSink sink = {0};
    SsStreamFactory *factory = ss_smtp_factory_new(&options, &sink, NULL);

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        assert_int_equal(factory->who_says(factory, rows[i].bytes), rows[i].who);
    }
    ss_smtp_factory_free(factory);
}

/* --- headers of load balancers --- */

#define SIGNATURE "\r\n\r\n\0\r\nQUIT\n"

static const struct {
    SsSlice bytes;
    SsReading reading;
    const char *protocol, *ip;
    uint16_t port;
    size_t size;
} headers[] = {
    {BYTES("PROXY TCP4 192.0.2.9 198.51.100.25 50000 25\r\n"), SS_READ_WHOLE, "tcp4", "192.0.2.9",
     50000, 45},
    {BYTES("PROXY TCP6 2001:DB8::9 ::1 1 65535\r\nEHLO"), SS_READ_WHOLE, "tcp6", "2001:db8::9", 1,
     36},
    {BYTES("PROXY UNKNOWN\r\n"), SS_READ_WHOLE, "unknown", "", 0, 15},
    {BYTES("PROXY UNKNOWN what ever\r\n"), SS_READ_WHOLE, "unknown", "", 0, 25},
    {BYTES("PROXY TCP4 192.0.2.9 198.51.100.25 50000 25\n"), SS_READ_NOT, NULL, NULL, 0, 0},
    {BYTES("PROXY TCP4 192.0.2.9 198.51.100.25 50000 65536\r\n"), SS_READ_NOT, NULL, NULL, 0, 0},
    {BYTES("PROXY TCP4 192.0.2.9 198.51.100.25 50000\r\n"), SS_READ_NOT, NULL, NULL, 0, 0},
    {BYTES("PROXY TCP4 192.0.2.9 198.51.100.25 50000 25 x\r\n"), SS_READ_NOT, NULL, NULL, 0, 0},
    {BYTES("PROXY TCP4 2001:db8::9 198.51.100.25 50000 25\r\n"), SS_READ_NOT, NULL, NULL, 0, 0},
    {BYTES("PROXY TCP5 192.0.2.9 198.51.100.25 50000 25\r\n"), SS_READ_NOT, NULL, NULL, 0, 0},
    {BYTES("PROXY  TCP4 192.0.2.9 198.51.100.25 50000 25\r\n"), SS_READ_NOT, NULL, NULL, 0, 0},
    {BYTES("PROXYX"), SS_READ_NOT, NULL, NULL, 0, 0},
    {BYTES(SIGNATURE "\x21\x11\0\x0c\xc0\0\2\x09\xc6\x33\x64\x19\xc3\x50\0\x19"), SS_READ_WHOLE,
     "tcp4", "192.0.2.9", 50000, 28},
    {BYTES(SIGNATURE "\x21\x11\0\x20\xc0\0\2\x09\xc6\x33\x64\x19\xc3\x50\0\x19"), SS_READ_WHOLE,
     "tcp4", "192.0.2.9", 50000, 48},
    {BYTES(SIGNATURE "\x20\0\0\0"), SS_READ_WHOLE, "local", "", 0, 16},
    {BYTES(SIGNATURE "\x21\0\0\5"), SS_READ_WHOLE, "unknown", "", 0, 21},
    {BYTES(SIGNATURE "\x21\x31\0\xd8"), SS_READ_WHOLE, "unix", "", 0, 232},
    {BYTES(SIGNATURE "\x21\x11\0\x0b\xc0\0\2\x09\xc6\x33\x64\x19\xc3\x50\0"), SS_READ_NOT, NULL,
     NULL, 0, 0},
    {BYTES(SIGNATURE "\x31\x11\0\x0c"), SS_READ_NOT, NULL, NULL, 0, 0},
    {BYTES(SIGNATURE "\x22\x11\0\x0c"), SS_READ_NOT, NULL, NULL, 0, 0},
    {BYTES("\r\n\r\n\r"), SS_READ_NOT, NULL, NULL, 0, 0},
    {BYTES("EHLO a\r\n"), SS_READ_NOT, NULL, NULL, 0, 0},
};

static void
test_headers(void **state)
{
    g_autofree char *endless = g_strdup_printf("PROXY UNKNOWN %0200d\r\n", 0);
    SsProxyHeader header;

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(headers); i++) {
        assert_int_equal(ss_proxy_header_read(headers[i].bytes, &header), headers[i].reading);
        if (headers[i].reading != SS_READ_WHOLE) {
            continue;
        }
        assert_string_equal(header.protocol, headers[i].protocol);
        assert_string_equal(header.ip, headers[i].ip);
        assert_int_equal(header.port, headers[i].port);
        assert_int_equal(header.size, headers[i].size);
        /* Of less of it nothing is said that more would not confirm. */
        for (size_t n = 0; n < headers[i].bytes.len; n++) {
            SsProxyHeader part;
            SsReading reading = ss_proxy_header_read(ss_slice_sub(headers[i].bytes, 0, n), &part);
            assert_true(reading == SS_READ_MORE ||
                        (reading == SS_READ_WHOLE && part.size == header.size));
        }
    }
    assert_int_equal(ss_proxy_header_read(ss_slice_str(endless), &header), SS_READ_NOT);
}

/* --- tunnels --- */

static SsTunnelStep
say(SsTunnel *tunnel, SsSlice said, size_t *ret_taken)
{
    SsTunnelStep step = SS_TUNNEL_MORE;

    /* A byte more each time, as they come. */
    for (size_t n = 1; n <= said.len && step == SS_TUNNEL_MORE; n++) {
        step = ss_tunnel_step(tunnel, ss_slice_sub(said, 0, n), ret_taken);
    }
    return step;
}

static void
test_tunnel_refusals(void **state)
{
    static const struct {
        SsTunnelKind kind;
        SsSlice said[2]; /* by client and server in turn */
        SsTunnelStep last;
    } rows[] = {
        {SS_TUNNEL_HTTP_CONNECT,
         {BYTES("CONNECT a:25 HTTP/1.1\r\n\r\n"), BYTES("HTTP/1.1 407 login\r\n\r\n")},
         SS_TUNNEL_FAILED},
        {SS_TUNNEL_HTTP_CONNECT,
         {BYTES("CONNECT a:25 HTTP/1.1\n\n"), BYTES("HTTP/1.0 200 ok\n\n")},
         SS_TUNNEL_OPEN},
        {SS_TUNNEL_HTTP_CONNECT,
         {BYTES("CONNECT a:25 HTTP/1.1\r\n\r\n"), BYTES("220 mx.b.example\r\n")},
         SS_TUNNEL_FAILED},
        {SS_TUNNEL_HTTP_CONNECT,
         {BYTES("CONNECT a:25 HTTP/1.1\r\n\r\n"), BYTES("HTTP/1.1\r\n\r\n")},
         SS_TUNNEL_FAILED},
        {SS_TUNNEL_HTTP_CONNECT, {BYTES("CONNECT a:25\r\n\r\n"), BYTES("")}, SS_TUNNEL_FAILED},
        {SS_TUNNEL_HTTP_CONNECT, {BYTES("CONNECT  HTTP/1.1\r\n\r\n"), BYTES("")}, SS_TUNNEL_FAILED},
        {SS_TUNNEL_SOCKS4,
         {BYTES("\4\1\0\x19\x7f\0\0\1\0"), BYTES("\0\x5b\0\0\0\0\0\0")},
         SS_TUNNEL_FAILED},
        {SS_TUNNEL_SOCKS4, {BYTES("\4\2\0\x19\x7f\0\0\1\0"), BYTES("")}, SS_TUNNEL_FAILED},
        {SS_TUNNEL_SOCKS5, {BYTES("\5\1\0"), BYTES("\5\xff")}, SS_TUNNEL_FAILED},
        {SS_TUNNEL_SOCKS5, {BYTES("\5\1\0"), BYTES("\4\0")}, SS_TUNNEL_FAILED},
        {SS_TUNNEL_SOCKS5, {BYTES("\5\0"), BYTES("")}, SS_TUNNEL_FAILED},
        {SS_TUNNEL_SOCKS5, {BYTES("\5\1x"), BYTES("")}, SS_TUNNEL_FAILED},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        SsTunnel tunnel;
        size_t taken;
        SsTunnelStep step;

        ss_tunnel_init(&tunnel, rows[i].kind);
        assert_int_equal(ss_tunnel_turn(&tunnel), SS_CLIENT);
        step = say(&tunnel, rows[i].said[0], &taken);
        if (rows[i].said[1].len) {
            assert_int_equal(step, SS_TUNNEL_GOES_ON);
            assert_int_equal(taken, rows[i].said[0].len);
            assert_int_equal(ss_tunnel_turn(&tunnel), SS_SERVER);
            step = say(&tunnel, rows[i].said[1], &taken);
        }
        assert_int_equal(step, rows[i].last);
    }
}

/* A header that never ends. */
static void
test_endless_tunnel(void **state)
{
    g_autoptr(GString) said = g_string_new("CONNECT a:25 HTTP/1.1\r\n");
    SsTunnel tunnel;
    size_t taken;

    (void)state;
    ss_tunnel_init(&tunnel, SS_TUNNEL_HTTP_CONNECT);
    while (said->len < SS_TUNNEL_MESSAGE_MAX) {
        assert_int_equal(ss_tunnel_step(&tunnel, ss_slice(said->str, said->len), &taken),
                         SS_TUNNEL_MORE);
        g_string_append(said, "X: y\r\n");
    }
    assert_int_equal(ss_tunnel_step(&tunnel, ss_slice(said->str, said->len), &taken),
                     SS_TUNNEL_FAILED);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),          cmocka_unit_test(test_who_says),
        cmocka_unit_test(test_headers),        cmocka_unit_test(test_tunnel_refusals),
        cmocka_unit_test(test_endless_tunnel),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
