#include "dissect/tunnel.h"

#include <arpa/inet.h>
#include <glib.h>

/* --- the target --- */

static void
set_text(SsTunnelText *text, SsSlice bytes)
{
    text->len = MIN(bytes.len, sizeof text->bytes);
    if (text->len) {
        memcpy(text->bytes, bytes.data, text->len);
    }
}

/* A name off the wire: its bytes, whatever they are. */
static void
set_name(SsTunnel *tunnel, SsSlice name, uint16_t port)
{
    char text[8];
    size_t port_len = (size_t)g_snprintf(text, sizeof text, ":%u", port);
    SsTunnelText *target = &tunnel->target;

    set_text(target, ss_slice_sub(name, 0, sizeof target->bytes - port_len));
    memcpy(target->bytes + target->len, text, port_len);
    target->len += port_len;
}

static void
set_address(SsTunnel *tunnel, int family, const uint8_t *address, uint16_t port)
{
    char ip[46], host[48];

    inet_ntop(family, address, ip, sizeof ip);
    g_snprintf(host, sizeof host, family == AF_INET ? "%s" : "[%s]", ip);
    set_name(tunnel, ss_slice_str(host), port);
}

static uint16_t
read_port(const uint8_t *at)
{
    return (uint16_t)(at[0] << 8 | at[1]);
}

/* --- HTTP --- */

/* Length of a header with the empty line that ends it; 0 where that has not come. */
static size_t
header_len(SsTunnel *tunnel, SsSlice said)
{
    size_t at = tunnel->scanned;

    for (; at < said.len; at++) {
        bool is_end = said.data[at] == '\n' && at >= 1 &&
                      (said.data[at - 1] == '\n' ||
                       (at >= 2 && said.data[at - 1] == '\r' && said.data[at - 2] == '\n'));
        if (is_end) {
            tunnel->scanned = 0;
            return at + 1;
        }
    }
    tunnel->scanned = (uint16_t)at;
    return 0;
}

/* The first value of a field of that name, its blanks trimmed; absent where there is none. */
static SsSlice
find_field(SsSlice header, SsSlice name)
{
    while (header.len) {
        size_t end = ss_slice_index(header, '\n');
        SsSlice line = ss_slice_sub(header, 0, end);

        if (line.len && line.data[line.len - 1] == '\r') {
            line.len--;
        }
        if (ss_slice_starts_nocase(line, name)) {
            return ss_slice_trim(ss_slice_from(line, name.len));
        }
        header = ss_slice_from(header, end + 1);
    }
    return SS_SLICE_NULL;
}

/* Basic (RFC 7617) is user and password in base64; of other schemes the whole is the secret. */
static void
read_authorization(SsTunnel *tunnel, SsSlice value)
{
    const SsSlice basic = SS_SLICE("Basic ");
    uint8_t bytes[SS_TUNNEL_MESSAGE_MAX];
    SsSlice login = value;
    size_t colon = 0;

    if (ss_slice_is_null(value)) {
        return;
    }
    tunnel->has_login = true;
    if (ss_slice_starts_nocase(value, basic)) {
        gint state = 0;
        guint save = 0;
        value = ss_slice_trim(ss_slice_from(value, basic.len));
        login = ss_slice(bytes, g_base64_decode_step((const gchar *)value.data, value.len, bytes,
                                                     &state, &save));
        colon = ss_slice_index(login, ':');
        set_text(&tunnel->user, ss_slice_sub(login, 0, colon));
        login = ss_slice_from(login, colon + 1);
    }
    set_text(&tunnel->secret, login);
}

static SsTunnelStep
http_request(SsTunnel *tunnel, SsSlice said, size_t *ret_taken)
{
    const size_t verb_len = strlen("CONNECT ");
    size_t len = header_len(tunnel, said), end;
    SsSlice target;

    if (!len) {
        return SS_TUNNEL_MORE;
    }
    target = ss_slice_sub(said, verb_len, ss_slice_index(said, '\n') - verb_len);
    end = ss_slice_index(target, ' ');
    if (end == 0 || end > sizeof tunnel->target.bytes ||
        !ss_slice_starts_nocase(ss_slice_from(target, end), SS_SLICE(" HTTP/"))) {
        return SS_TUNNEL_FAILED;
    }
    set_text(&tunnel->target, ss_slice_sub(target, 0, end));
    read_authorization(tunnel,
                       find_field(ss_slice_sub(said, 0, len), SS_SLICE("Proxy-Authorization:")));
    *ret_taken = len;
    return SS_TUNNEL_GOES_ON;
}

/* Any 2xx opens the tunnel; its header ends the answer (RFC 9110 section 9.3.6). */
static SsTunnelStep
http_answer(SsTunnel *tunnel, SsSlice said, size_t *ret_taken)
{
    static const char start[] = "HTTP/";
    size_t len = header_len(tunnel, said);
    size_t n = MIN(said.len, strlen(start));
    SsSlice line = ss_slice_sub(said, 0, ss_slice_index(said, '\n'));
    size_t blank = ss_slice_index(line, ' ');

    if (memcmp(said.data, start, n) != 0) {
        return SS_TUNNEL_FAILED;
    }
    if (!len) {
        return SS_TUNNEL_MORE;
    }
    if (blank + 3 >= line.len || line.data[blank + 1] != '2') {
        return SS_TUNNEL_FAILED;
    }
    *ret_taken = len;
    return SS_TUNNEL_OPEN;
}

/* --- SOCKS 4: version, command, port, address, user NUL, and in 4a a name NUL --- */

static SsTunnelStep
socks4_request(SsTunnel *tunnel, SsSlice said, size_t *ret_taken)
{
    SsSlice rest = ss_slice_from(said, 8), name;
    const uint8_t *bytes = said.data;
    size_t user = ss_slice_index(rest, 0);

    if (said.len >= 2 && bytes[1] != 1) {
        return SS_TUNNEL_FAILED; /* not to connect */
    }
    if (said.len < 8 || user == rest.len) {
        return SS_TUNNEL_MORE;
    }
    if (bytes[4] || bytes[5] || bytes[6] || !bytes[7]) {
        set_address(tunnel, AF_INET, bytes + 4, read_port(bytes + 2));
        *ret_taken = 8 + user + 1;
        return SS_TUNNEL_GOES_ON;
    }
    rest = ss_slice_from(rest, user + 1);
    name = ss_slice_sub(rest, 0, ss_slice_index(rest, 0));
    if (name.len == rest.len) {
        return SS_TUNNEL_MORE;
    }
    set_name(tunnel, name, read_port(bytes + 2));
    *ret_taken = 8 + user + 1 + name.len + 1;
    return SS_TUNNEL_GOES_ON;
}

static SsTunnelStep
socks4_answer(SsTunnel *tunnel, SsSlice said, size_t *ret_taken)
{
    (void)tunnel;
    if (said.data[0] != 0 || (said.len >= 2 && said.data[1] != 90)) {
        return SS_TUNNEL_FAILED;
    }
    *ret_taken = 8;
    return said.len < 8 ? SS_TUNNEL_MORE : SS_TUNNEL_OPEN;
}

/* --- SOCKS 5 --- */

#define METHOD_NONE 0
#define METHOD_LOGIN 2
#define METHOD_ASSIGNED_MAX 9 /* by IANA so far */
#define METHOD_PRIVATE_MIN 0x80

static SsTunnelStep
socks5_methods(SsTunnel *tunnel, SsSlice said, size_t *ret_taken)
{
    size_t len = said.len >= 2 ? (size_t)said.data[1] + 2 : 3;

    (void)tunnel;
    for (size_t i = 2; i < MIN(len, said.len); i++) {
        if (said.data[i] > METHOD_ASSIGNED_MAX && said.data[i] < METHOD_PRIVATE_MIN) {
            return SS_TUNNEL_FAILED;
        }
    }
    *ret_taken = len;
    return len == 2 ? SS_TUNNEL_FAILED : said.len < len ? SS_TUNNEL_MORE : SS_TUNNEL_GOES_ON;
}

static SsTunnelStep
socks5_method(SsTunnel *tunnel, SsSlice said, size_t *ret_taken)
{
    if (said.data[0] != 5) {
        return SS_TUNNEL_FAILED;
    }
    if (said.len < 2) {
        return SS_TUNNEL_MORE;
    }
    tunnel->method = said.data[1];
    *ret_taken = 2;
    return tunnel->method == METHOD_NONE || tunnel->method == METHOD_LOGIN ? SS_TUNNEL_GOES_ON
                                                                           : SS_TUNNEL_FAILED;
}

/* Version 1, length and name, length and password. */
static SsTunnelStep
socks5_login(SsTunnel *tunnel, SsSlice said, size_t *ret_taken)
{
    size_t name, len;

    if (said.data[0] != 1) {
        return SS_TUNNEL_FAILED;
    }
    name = said.len >= 2 ? said.data[1] : 0;
    if (said.len < 2 || said.len < 3 + name) {
        return SS_TUNNEL_MORE;
    }
    len = 3 + name + said.data[2 + name];
    if (said.len < len) {
        return SS_TUNNEL_MORE;
    }
    tunnel->has_login = true;
    set_text(&tunnel->user, ss_slice_sub(said, 2, name));
    set_text(&tunnel->secret, ss_slice_sub(said, 3 + name, said.data[2 + name]));
    *ret_taken = len;
    return SS_TUNNEL_GOES_ON;
}

static SsTunnelStep
socks5_login_answer(SsTunnel *tunnel, SsSlice said, size_t *ret_taken)
{
    (void)tunnel;
    if (said.len < 2) {
        return SS_TUNNEL_MORE;
    }
    *ret_taken = 2;
    return said.data[1] == 0 ? SS_TUNNEL_GOES_ON : SS_TUNNEL_FAILED;
}

/* Length of an address of `type` that begins at `at`; 0: more must come, SIZE_MAX: no such type. */
static size_t
address_len(SsSlice said, size_t at, uint8_t type)
{
    switch (type) {
    case 1:
        return 4;
    case 3:
        return at < said.len ? (size_t)said.data[at] + 1 : 0;
    case 4:
        return 16;
    default:
        return SIZE_MAX;
    }
}

/* Both request and answer: version, command or result, 0, type, address, port. */
static SsTunnelStep
socks5_message(SsTunnel *tunnel, SsSlice said, size_t *ret_taken, uint8_t second)
{
    size_t len;

    if (said.data[0] != 5 || (said.len >= 2 && said.data[1] != second)) {
        return SS_TUNNEL_FAILED;
    }
    len = said.len >= 4 ? address_len(said, 4, said.data[3]) : 0;
    if (len == SIZE_MAX) {
        return SS_TUNNEL_FAILED;
    }
    if (len == 0 || said.len < 4 + len + 2) {
        return SS_TUNNEL_MORE;
    }
    if (ss_tunnel_turn(tunnel) == SS_CLIENT) {
        const uint8_t *at = said.data + 4;
        uint16_t port = read_port(at + len);
        if (said.data[3] == 3) {
            set_name(tunnel, ss_slice(at + 1, len - 1), port);
        } else {
            set_address(tunnel, len == 4 ? AF_INET : AF_INET6, at, port);
        }
    }
    *ret_taken = 4 + len + 2;
    return SS_TUNNEL_GOES_ON;
}

static SsTunnelStep
socks5_request(SsTunnel *tunnel, SsSlice said, size_t *ret_taken)
{
    return socks5_message(tunnel, said, ret_taken, 1);
}

static SsTunnelStep
socks5_answer(SsTunnel *tunnel, SsSlice said, size_t *ret_taken)
{
    SsTunnelStep step = socks5_message(tunnel, said, ret_taken, 0);

    return step == SS_TUNNEL_GOES_ON ? SS_TUNNEL_OPEN : step;
}

/* --- the machine --- */

enum {
    HTTP_REQUEST,
    HTTP_ANSWER,
    SOCKS4_REQUEST,
    SOCKS4_ANSWER,
    SOCKS5_METHODS,
    SOCKS5_METHOD,
    SOCKS5_LOGIN,
    SOCKS5_LOGIN_ANSWER,
    SOCKS5_REQUEST,
    SOCKS5_ANSWER,
};

static const struct {
    SsDirection turn;
    SsTunnelStep (*read)(SsTunnel *tunnel, SsSlice said, size_t *ret_taken);
} states[] = {
    [HTTP_REQUEST] = {SS_CLIENT, http_request},
    [HTTP_ANSWER] = {SS_SERVER, http_answer},
    [SOCKS4_REQUEST] = {SS_CLIENT, socks4_request},
    [SOCKS4_ANSWER] = {SS_SERVER, socks4_answer},
    [SOCKS5_METHODS] = {SS_CLIENT, socks5_methods},
    [SOCKS5_METHOD] = {SS_SERVER, socks5_method},
    [SOCKS5_LOGIN] = {SS_CLIENT, socks5_login},
    [SOCKS5_LOGIN_ANSWER] = {SS_SERVER, socks5_login_answer},
    [SOCKS5_REQUEST] = {SS_CLIENT, socks5_request},
    [SOCKS5_ANSWER] = {SS_SERVER, socks5_answer},
};

SsTunnelKind
ss_tunnel_begins(SsSlice bytes, bool *ret_is_certain)
{
    const SsSlice connect = SS_SLICE("CONNECT ");
    size_t n = MIN(bytes.len, connect.len);

    *ret_is_certain = true;
    if (bytes.len == 0) {
        *ret_is_certain = false;
        return SS_TUNNEL_NONE;
    }
    if (bytes.data[0] == 4) {
        return SS_TUNNEL_SOCKS4;
    }
    if (bytes.data[0] == 5) {
        return SS_TUNNEL_SOCKS5;
    }
    if (!ss_slice_eq(ss_slice_sub(bytes, 0, n), ss_slice_sub(connect, 0, n))) {
        return SS_TUNNEL_NONE;
    }
    *ret_is_certain = n == connect.len;
    return SS_TUNNEL_HTTP_CONNECT;
}

void
ss_tunnel_init(SsTunnel *tunnel, SsTunnelKind kind)
{
    *tunnel = (SsTunnel){
        .kind = (uint8_t)kind,
        .state = kind == SS_TUNNEL_HTTP_CONNECT ? HTTP_REQUEST
                 : kind == SS_TUNNEL_SOCKS4     ? SOCKS4_REQUEST
                                                : SOCKS5_METHODS,
    };
}

bool
ss_tunnel_has_begun(const SsTunnel *tunnel)
{
    return tunnel->state != HTTP_REQUEST && tunnel->state != SOCKS4_REQUEST &&
           tunnel->state != SOCKS5_METHODS;
}

SsDirection
ss_tunnel_turn(const SsTunnel *tunnel)
{
    return states[tunnel->state].turn;
}

SsTunnelStep
ss_tunnel_step(SsTunnel *tunnel, SsSlice said, size_t *ret_taken)
{
    SsTunnelStep step;

    *ret_taken = 0;
    if (!said.len) {
        return SS_TUNNEL_MORE;
    }
    said = ss_slice_sub(said, 0, SS_TUNNEL_MESSAGE_MAX);
    step = states[tunnel->state].read(tunnel, said, ret_taken);
    if (step == SS_TUNNEL_MORE && said.len == SS_TUNNEL_MESSAGE_MAX) {
        return SS_TUNNEL_FAILED;
    }
    if (step == SS_TUNNEL_GOES_ON) {
        bool has_no_login = tunnel->state == SOCKS5_METHOD && tunnel->method == METHOD_NONE;
        tunnel->state = has_no_login ? SOCKS5_REQUEST : (uint8_t)(tunnel->state + 1);
    }
    return step;
}

const char *
ss_tunnel_kind_name(int kind)
{
    static const char *const names[] = {"", "http-connect", "socks4", "socks5"};

    return names[kind];
}
