#include "dissect/recognise.h"

/* --- tests --- */

static bool
has_byte(SsSlice bytes, size_t at, uint8_t byte)
{
    return at < bytes.len && bytes.data[at] == byte;
}

/* A handshake record, and in it a message of that type. */
static bool
is_hello(SsSlice first, uint8_t type)
{
    return has_byte(first, 0, 0x16) && has_byte(first, 1, 3) && first.len >= 6 &&
           first.data[2] <= 4 && first.data[5] == type;
}

static bool
is_client_hello(SsSlice first)
{
    return is_hello(first, 1);
}

static bool
is_server_hello(SsSlice first)
{
    return is_hello(first, 2);
}

static bool
is_tls_alert(SsSlice first)
{
    return first.len >= 5 && first.data[0] == 0x15 && first.data[1] == 3 && first.data[2] <= 4 &&
           first.data[3] == 0 && first.data[4] == 2;
}

static bool
is_socks4(SsSlice first)
{
    return first.len >= 9 && first.data[0] == 4 && (first.data[1] == 1 || first.data[1] == 2);
}

/* Version, number of methods, methods. */
static bool
is_socks5(SsSlice first)
{
    size_t len = first.len >= 2 ? (size_t)first.data[1] + 2 : 0;

    if (len < 3 || first.data[0] != 5 || first.data[1] > 10 || first.len < len) {
        return false;
    }
    for (size_t i = 2; i < len; i++) {
        if (first.data[i] > 9 && first.data[i] < 0x80) {
            return false;
        }
    }
    return true;
}

/* TPKT around a connection request, or its confirmation. */
static bool
is_rdp_client(SsSlice first)
{
    return has_byte(first, 0, 3) && has_byte(first, 1, 0) && has_byte(first, 5, 0xE0);
}

static bool
is_rdp_server(SsSlice first)
{
    return has_byte(first, 0, 3) && has_byte(first, 1, 0) && has_byte(first, 5, 0xD0);
}

/* Behind the header of a NetBIOS session message. */
static bool
is_smb(SsSlice first)
{
    SsSlice magic = ss_slice_sub(first, 5, 3);

    return has_byte(first, 0, 0) && (has_byte(first, 4, 0xFF) || has_byte(first, 4, 0xFE)) &&
           ss_slice_eq(magic, SS_SLICE("SMB"));
}

static bool
is_telnet(SsSlice first)
{
    return first.len >= 3 && first.data[0] == 0xFF && first.data[1] >= 0xFB &&
           first.data[1] <= 0xFE;
}

/* A greeting of protocol 10: length, number 0, 10, the version in digits. */
static bool
is_mysql(SsSlice first)
{
    return first.len >= 6 && first.data[2] == 0 && first.data[3] == 0 && first.data[4] == 10 &&
           ss_ascii_is_digit(first.data[5]);
}

/* Length, then version 3.0 or the request for TLS. */
static bool
is_postgresql(SsSlice first)
{
    SsSlice code = ss_slice_sub(first, 4, 4);

    return has_byte(first, 0, 0) && has_byte(first, 1, 0) &&
           (ss_slice_eq(code, SS_SLICE("\0\3\0\0")) ||
            ss_slice_eq(code, SS_SLICE("\4\xd2\x16\x2f")));
}

/* A message with a bind request, of a short length. */
static bool
is_ldap(SsSlice first)
{
    return has_byte(first, 0, 0x30) && has_byte(first, 2, 2) && has_byte(first, 3, 1) &&
           has_byte(first, 5, 0x60);
}

static bool
is_mqtt(SsSlice first)
{
    return has_byte(first, 0, 0x10) && ss_slice_eq(ss_slice_sub(first, 2, 6), SS_SLICE("\0\4MQTT"));
}

/* --- the table --- */

typedef enum {
    SAID_BY_CLIENT = 1 << SS_CLIENT,
    SAID_BY_SERVER = 1 << SS_SERVER,
    SAID_BY_BOTH = SAID_BY_CLIENT | SAID_BY_SERVER,
} SaidBy;

static const struct {
    SsSlice name;
    SaidBy by;
    SsSlice prefix;              /* absent where a test tells */
    bool (*test)(SsSlice first); /* NULL where the prefix tells */
    const char *source;
} protocols[] = {
#define WORD(name, by, prefix, source)                               \
    {                                                                \
        SS_SLICE_INIT(name), by, SS_SLICE_INIT(prefix), NULL, source \
    }
#define TEST(name, by, test, source)                     \
    {                                                    \
        SS_SLICE_INIT(name), by, {NULL, 0}, test, source \
    }
    TEST("tls", SAID_BY_CLIENT, is_client_hello, "RFC 8446 section 5.1"),
    TEST("tls", SAID_BY_SERVER, is_server_hello, "RFC 8446 section 5.1"),
    TEST("tls", SAID_BY_SERVER, is_tls_alert, "RFC 8446 section 6"),
    WORD("ssh", SAID_BY_BOTH, "SSH-", "RFC 4253 section 4.2"),
    WORD("sip", SAID_BY_SERVER, "SIP/2.0 ", "RFC 3261 section 7.2"),
    WORD("sip", SAID_BY_CLIENT, "OPTIONS sip:", "RFC 3261 section 7.1"),
    WORD("sip", SAID_BY_CLIENT, "REGISTER sip:", "RFC 3261 section 7.1"),
    WORD("sip", SAID_BY_CLIENT, "INVITE sip:", "RFC 3261 section 7.1"),
    WORD("rtsp", SAID_BY_SERVER, "RTSP/", "RFC 7826 section 8.1"),
    WORD("rtsp", SAID_BY_CLIENT, "OPTIONS rtsp:", "RFC 7826 section 7.1"),
    WORD("http", SAID_BY_SERVER, "HTTP/", "RFC 9112 section 4"),
    WORD("http", SAID_BY_CLIENT, "GET ", "RFC 9110 section 9.3"),
    WORD("http", SAID_BY_CLIENT, "HEAD ", "RFC 9110 section 9.3"),
    WORD("http", SAID_BY_CLIENT, "POST ", "RFC 9110 section 9.3"),
    WORD("http", SAID_BY_CLIENT, "PUT ", "RFC 9110 section 9.3"),
    WORD("http", SAID_BY_CLIENT, "DELETE ", "RFC 9110 section 9.3"),
    WORD("http", SAID_BY_CLIENT, "CONNECT ", "RFC 9110 section 9.3"),
    WORD("http", SAID_BY_CLIENT, "OPTIONS ", "RFC 9110 section 9.3"),
    WORD("http", SAID_BY_CLIENT, "TRACE ", "RFC 9110 section 9.3"),
    WORD("http", SAID_BY_CLIENT, "PATCH ", "RFC 5789 section 2"),
    WORD("http", SAID_BY_CLIENT, "PRI * HTTP/2.0", "RFC 9113 section 3.4"),
    WORD("pop3", SAID_BY_SERVER, "+OK", "RFC 1939 section 3"),
    WORD("pop3", SAID_BY_SERVER, "-ERR", "RFC 1939 section 3"),
    WORD("imap", SAID_BY_SERVER, "* OK", "RFC 9051 section 7.1"),
    WORD("imap", SAID_BY_SERVER, "* PREAUTH", "RFC 9051 section 7.1"),
    WORD("imap", SAID_BY_SERVER, "* BYE", "RFC 9051 section 7.1"),
    TEST("socks", SAID_BY_CLIENT, is_socks4, "SOCKS: a protocol for TCP proxy across firewalls"),
    TEST("socks", SAID_BY_CLIENT, is_socks5, "RFC 1928 section 3"),
    TEST("rdp", SAID_BY_CLIENT, is_rdp_client, "RFC 905 section 13.3, RFC 1006 section 6"),
    TEST("rdp", SAID_BY_SERVER, is_rdp_server, "RFC 905 section 13.4, RFC 1006 section 6"),
    WORD("vnc", SAID_BY_BOTH, "RFB 00", "RFC 6143 section 7.1.1"),
    TEST("smb", SAID_BY_BOTH, is_smb, "MS-SMB2 section 2.1, RFC 1001 section 4.3.1"),
    TEST("telnet", SAID_BY_BOTH, is_telnet, "RFC 854"),
    TEST("mysql", SAID_BY_SERVER, is_mysql, "MySQL client/server protocol, HandshakeV10"),
    TEST("postgresql", SAID_BY_CLIENT, is_postgresql, "PostgreSQL 16 section 55.7"),
    TEST("ldap", SAID_BY_CLIENT, is_ldap, "RFC 4511 section 4.2"),
    TEST("mqtt", SAID_BY_CLIENT, is_mqtt, "MQTT 3.1.1 section 3.1"),
    WORD("xmpp", SAID_BY_BOTH, "<stream:stream", "RFC 6120 section 4.2"),
    WORD("irc", SAID_BY_CLIENT, "NICK ", "RFC 2812 section 3.1.2"),
    WORD("irc", SAID_BY_CLIENT, "CAP LS", "IRCv3 capability negotiation"),
    WORD("bittorrent", SAID_BY_BOTH,
         "\x13"
         "BitTorrent protocol",
         "BEP 3"),
};

SsSlice
ss_recognise(SsDirection direction, SsSlice first)
{
    for (size_t i = 0; i < sizeof protocols / sizeof protocols[0]; i++) {
        bool is_it = protocols[i].test
                         ? protocols[i].test(first)
                         : first.len >= protocols[i].prefix.len &&
                               ss_slice_eq(ss_slice_sub(first, 0, protocols[i].prefix.len),
                                           protocols[i].prefix);
        if (is_it && protocols[i].by & 1 << direction) {
            return protocols[i].name;
        }
    }
    return SS_SLICE_NULL;
}
