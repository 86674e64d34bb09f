/*
 * What a client may say before it speaks SMTP: the header of a load balancer
 * (dissect/proxy-header), and the words that open a tunnel through a proxy (dissect/tunnel). Its
 * bytes are held until it is known that they are none of these, which for nearly all clients is at
 * the first byte.
 */
#include "dissect/smtp/session.h"

#include "dissect/recognise.h"

/* --- to the parsers --- */

/* The first bytes of what may not be SMTP, for its name. */
static void
remember_first(SsSmtp *smtp, SsDirection direction, SsSlice bytes)
{
    SsSmtpExtra *extra = ss_smtp_extra(smtp);
    uint8_t *n = &extra->n_first[direction];
    size_t len = MIN(bytes.len, sizeof extra->first[0] - *n);

    memcpy(extra->first[direction] + *n, bytes.data, len);
    *n = (uint8_t)(*n + len);
}

static void
pass(SsSmtp *smtp, SsDirection direction, SsSlice bytes, const SsOrigin *origin)
{
    if (smtp->speech == SS_SPEECH_OTHER || !bytes.len) {
        return;
    }
    smtp->has_server_spoken = smtp->has_server_spoken || direction == SS_SERVER;
    ss_smtp_read(smtp, direction, bytes, origin);
    if (smtp->speech == SS_SPEECH_UNKNOWN && smtp->connection->on_server_port && !smtp->tls) {
        remember_first(smtp, direction, bytes);
    }
}

/* What is held of both sides, in the order in which it came. */
static void
pass_held(SsSmtp *smtp, SsHold held[2])
{
    SsHeld piece[2];
    bool has_piece[2];

    for (;;) {
        has_piece[SS_CLIENT] = ss_hold_peek(&held[SS_CLIENT], &piece[SS_CLIENT]);
        has_piece[SS_SERVER] = ss_hold_peek(&held[SS_SERVER], &piece[SS_SERVER]);
        if (!has_piece[SS_CLIENT] && !has_piece[SS_SERVER]) {
            return;
        }
        size_t behind;
        SsDirection next = !has_piece[SS_SERVER] ||
                                   (has_piece[SS_CLIENT] &&
                                    piece[SS_CLIENT].origin.frame <= piece[SS_SERVER].origin.frame)
                               ? SS_CLIENT
                               : SS_SERVER;
        behind = ss_hold_size(&held[next]) - piece[next].bytes.len;
        if (behind || smtp->extra) {
            ss_smtp_extra(smtp)->behind[next] = behind;
        }
        pass(smtp, next, piece[next].bytes, &piece[next].origin);
        ss_hold_take(&held[next], piece[next].bytes.len);
    }
}

static void
prelude_free(SsSmtpExtra *extra)
{
    SsPrelude *prelude = g_steal_pointer(&extra->prelude);

    if (prelude) {
        ss_hold_clear(&prelude->held[SS_CLIENT]);
        ss_hold_clear(&prelude->held[SS_SERVER]);
        g_free(prelude->tunnel);
        g_free(prelude);
    }
}

void
ss_prelude_clear(SsSmtp *smtp, SsSmtpExtra *extra)
{
    prelude_free(extra);
    g_clear_pointer(&extra->proxied, g_free);
    ss_shared_drop(&smtp->factory->shared, &extra->tunnel, smtp->connection->memory);
}

/* What a tunnel leaves behind; the secret only where it is to be shown. */
enum {
    TUNNEL_TARGET,
    TUNNEL_USER,
    TUNNEL_SECRET,
    N_TUNNEL_TEXTS,
};

static void
keep_tunnel(SsSmtp *smtp, const SsTunnel *tunnel)
{
    bool shows = smtp->factory->options.show_secrets;
    SsSlice texts[N_TUNNEL_TEXTS] = {
        [TUNNEL_TARGET] = ss_slice(tunnel->target.bytes, tunnel->target.len),
    };

    if (tunnel->has_login) {
        texts[TUNNEL_USER] = ss_slice(tunnel->user.bytes, tunnel->user.len);
        texts[TUNNEL_SECRET] =
            shows ? ss_slice(tunnel->secret.bytes, tunnel->secret.len) : SS_SLICE("********");
    }
    smtp->extra->tunnel_kind = tunnel->kind;
    ss_shared_set(&smtp->factory->shared, &smtp->extra->tunnel, texts, N_TUNNEL_TEXTS,
                  N_TUNNEL_TEXTS, smtp->connection->memory);
}

/* It is over: what is held is read. */
static void
finish(SsSmtp *smtp)
{
    SsSmtpExtra *extra = smtp->extra;
    SsPrelude *prelude = g_steal_pointer(&extra->prelude);

    smtp->prelude = SS_PRELUDE_OVER;
    if (prelude->tunnel && ss_tunnel_has_begun(prelude->tunnel)) {
        extra->not_opened = prelude->tunnel->kind;
    }
    g_free(prelude->tunnel);
    pass_held(smtp, prelude->held);
    g_free(prelude);
    ss_smtp_extra_trim(smtp);
}

void
ss_prelude_finish(SsSmtp *smtp)
{
    if (smtp->prelude == SS_PRELUDE_READING) {
        finish(smtp);
    }
    smtp->prelude = SS_PRELUDE_OVER;
}

/* --- reading --- */

static void
take(SsHold *hold, size_t n)
{
    SsHeld held;

    while (n && ss_hold_peek(hold, &held)) {
        size_t len = MIN(n, held.bytes.len);
        ss_hold_take(hold, len);
        n -= len;
    }
}

/* True while there is more to do at once. */
static bool
read_header(SsSmtp *smtp, SsSlice front)
{
    SsPrelude *prelude = smtp->extra->prelude;
    SsProxyHeader header;
    SsReading reading = SS_READ_NOT;
    SsTunnelKind kind;
    bool is_certain;

    if (!smtp->extra->proxied) {
        reading = ss_proxy_header_read(front, &header);
    }
    if (reading == SS_READ_WHOLE) {
        size_t held = ss_hold_size(&prelude->held[SS_CLIENT]);
        smtp->extra->proxied = g_memdup2(&header, sizeof header);
        prelude->to_skip = header.size - MIN(header.size, held);
        take(&prelude->held[SS_CLIENT], header.size);
        return true;
    }
    kind = smtp->has_server_spoken ? SS_TUNNEL_NONE : ss_tunnel_begins(front, &is_certain);
    if (reading == SS_READ_NOT && kind == SS_TUNNEL_NONE) {
        finish(smtp);
    } else if (kind != SS_TUNNEL_NONE && is_certain) {
        prelude->tunnel = g_new(SsTunnel, 1);
        ss_tunnel_init(prelude->tunnel, kind);
        return true;
    }
    return false;
}

static bool
read_tunnel(SsSmtp *smtp)
{
    SsPrelude *prelude = smtp->extra->prelude;
    SsHold *hold = &prelude->held[ss_tunnel_turn(prelude->tunnel)];
    SsSlice said = ss_hold_front(hold, SS_TUNNEL_MESSAGE_MAX);
    size_t taken;

    switch (ss_tunnel_step(prelude->tunnel, said, &taken)) {
    case SS_TUNNEL_MORE:
        return false;
    case SS_TUNNEL_GOES_ON:
        take(hold, taken);
        return true;
    case SS_TUNNEL_OPEN:
        take(hold, taken);
        keep_tunnel(smtp, prelude->tunnel);
        g_clear_pointer(&prelude->tunnel, g_free);
        finish(smtp);
        return false;
    default:
        if (smtp->connection->on_server_port) {
            finish(smtp);
        } else {
            smtp->prelude = SS_PRELUDE_OVER;
            prelude_free(smtp->extra);
            ss_smtp_refuse(smtp);
        }
        return false;
    }
}

static void
go_on(SsSmtp *smtp)
{
    bool has_more = true;

    while (has_more && smtp->prelude == SS_PRELUDE_READING) {
        SsPrelude *prelude = smtp->extra->prelude;
        SsSlice front = ss_hold_front(&prelude->held[SS_CLIENT], SS_PROXY_HEADER_ENOUGH);

        if (prelude->tunnel) {
            has_more = read_tunnel(smtp);
        } else {
            has_more = front.len && read_header(smtp, front);
        }
    }
}

/* Whether a client that begins so may say something before SMTP. */
static bool
may_begin(SsSlice bytes)
{
    return bytes.data[0] == 'P' || bytes.data[0] == '\r' || bytes.data[0] == 'C' ||
           bytes.data[0] == 4 || bytes.data[0] == 5;
}

static void
read_client(SsSmtp *smtp, SsSlice bytes, const SsOrigin *origin)
{
    SsPrelude *prelude = smtp->extra->prelude;
    size_t skipped = (size_t)MIN(prelude->to_skip, bytes.len);

    prelude->to_skip -= skipped;
    ss_hold_push(&prelude->held[SS_CLIENT], ss_slice_from(bytes, skipped), origin);
    go_on(smtp);
}

static void
read_server(SsSmtp *smtp, SsSlice bytes, const SsOrigin *origin)
{
    SsPrelude *prelude = smtp->extra->prelude;
    bool is_held = prelude->tunnel != NULL;

    if (is_held) {
        ss_hold_push(&prelude->held[SS_SERVER], bytes, origin);
        go_on(smtp);
        return;
    }
    /* It does not wait for what the client has begun to say, unless that is a header. */
    if (!smtp->extra->proxied && ss_hold_size(&prelude->held[SS_CLIENT])) {
        SsSlice front = ss_hold_front(&prelude->held[SS_CLIENT], SS_PROXY_HEADER_ENOUGH);
        SsProxyHeader header;
        if (front.len < SS_PROXY_SIGNATURE_LEN ||
            ss_proxy_header_read(front, &header) == SS_READ_NOT) {
            finish(smtp);
        }
    }
    pass(smtp, SS_SERVER, bytes, origin);
}

void
ss_prelude_data(SsSmtp *smtp, SsDirection direction, SsSlice bytes, const SsOrigin *origin)
{
    SsPrelude *prelude;

    if (smtp->prelude == SS_PRELUDE_NEW && direction == SS_CLIENT) {
        if (may_begin(bytes)) {
            smtp->prelude = SS_PRELUDE_READING;
            ss_smtp_extra(smtp)->prelude = g_new0(SsPrelude, 1);
        } else {
            smtp->prelude = SS_PRELUDE_OVER;
        }
    }
    if (smtp->prelude != SS_PRELUDE_READING) {
        pass(smtp, direction, bytes, origin);
        return;
    }
    if (direction == SS_CLIENT) {
        read_client(smtp, bytes, origin);
    } else {
        read_server(smtp, bytes, origin);
    }
    prelude = smtp->extra ? smtp->extra->prelude : NULL;
    if (prelude &&
        ss_hold_size(&prelude->held[SS_CLIENT]) + ss_hold_size(&prelude->held[SS_SERVER]) >
            SS_PRELUDE_MAX) {
        finish(smtp); /* nobody waits so long for an answer */
    }
}

/* --- for the session's event --- */

void
ss_prelude_fill(const SsSmtp *smtp, SsEventSession *session, SsProxied *proxied,
                SsTunneled *tunneled)
{
    const SsSmtpExtra *extra = smtp->extra;

    if (extra && extra->proxied) {
        bool has_address = extra->proxied->ip[0] != '\0';
        proxied->protocol = ss_slice_str(extra->proxied->protocol);
        proxied->ip = has_address ? ss_slice_str(extra->proxied->ip) : SS_SLICE_NULL;
        proxied->port = has_address ? extra->proxied->port : SS_COUNT_NONE;
        session->proxied = proxied;
    }
    if (extra && extra->tunnel) {
        tunneled->kind = ss_slice_str(ss_tunnel_kind_name(extra->tunnel_kind));
        tunneled->target = ss_shared_text(extra->tunnel, TUNNEL_TARGET);
        tunneled->username = ss_shared_text(extra->tunnel, TUNNEL_USER);
        tunneled->secret = ss_shared_text(extra->tunnel, TUNNEL_SECRET);
        session->tunnel = tunneled;
    }
}

static SsSlice
recognise(const SsSmtp *smtp, SsDirection direction)
{
    const SsSmtpExtra *extra = smtp->extra;

    return extra ? ss_recognise(direction,
                                ss_slice(extra->first[direction], extra->n_first[direction]))
                 : SS_SLICE_NULL;
}

SsSlice
ss_prelude_server_protocol(const SsSmtp *smtp)
{
    return recognise(smtp, SS_SERVER);
}

SsSlice
ss_prelude_protocol(const SsSmtp *smtp)
{
    SsSlice name;

    if (smtp->tls) {
        bool is_expected = smtp->security == SS_SECURITY_STARTTLS || smtp->server.is_plain ||
                           smtp->connection->half[SS_SERVER].port == 465;
        return is_expected ? SS_SLICE_NULL : SS_SLICE("tls");
    }
    if (smtp->says_ftp && !smtp->client_name && !smtp->n_transactions) {
        return SS_SLICE("ftp");
    }
    /* The server knows best what it speaks. */
    name = recognise(smtp, SS_SERVER);
    if (ss_slice_is_null(name) && smtp->extra && smtp->extra->not_opened) {
        bool is_http = smtp->extra->not_opened == SS_TUNNEL_HTTP_CONNECT;
        return is_http ? SS_SLICE("http") : SS_SLICE("socks");
    }
    return ss_slice_is_null(name) ? recognise(smtp, SS_CLIENT) : name;
}

/* --- who is who --- */

int
ss_smtp_who_says(const SsStreamFactory *factory, SsSlice bytes)
{
    SsSlice line = ss_slice_sub(bytes, 0, ss_slice_index(bytes, '\n'));
    bool is_code = line.len >= 3 && line.data[0] >= '2' && line.data[0] <= '5' &&
                   ss_ascii_is_digit(line.data[1]) && ss_ascii_is_digit(line.data[2]);
    bool is_client = !ss_slice_is_null(ss_recognise(SS_CLIENT, bytes));
    bool is_server = !ss_slice_is_null(ss_recognise(SS_SERVER, bytes));
    SsProxyHeader header;

    (void)factory;
    if (line.len && line.data[line.len - 1] == '\r') {
        line.len--;
    }
    if (is_code && (line.len == 3 || line.data[3] == ' ' || line.data[3] == '-')) {
        return SS_SERVER;
    }
    if (ss_command_is_sure(line) || ss_proxy_header_read(bytes, &header) == SS_READ_WHOLE) {
        return SS_CLIENT;
    }
    if (is_client == is_server) {
        return -1; /* either of them, or neither */
    }
    return is_client ? SS_CLIENT : SS_SERVER;
}
