/*
 * Which bytes of a packet are not shown, since they are a secret or may be one:
 *
 *     a session      what the spans call secret, and a client's bytes that no span covers; all of a
 *                    client's packet that may be another reading of its place in the stream
 *     no session     all of its payload: it may be any protocol's login, cut anywhere
 *     not TCP        what a quoted packet carries, and lines that look like a login
 *     IP fragments   all of it
 *
 * A connection that is followed until it shows what it is counts as a session when it has shown it.
 */
#include "plugins/packets/packets.h"

#define TCP 6
#define IP4_HEADER 20
#define IP6_HEADER 40
#define TCP_HEADER 20

static void
hide(uint8_t *secrets, uint64_t from, uint64_t end)
{
    if (from < end) {
        memset(secrets + from, 1, (size_t)(end - from));
    }
}

/* --- by what it looks like --- */

static bool
is_base64(uint8_t c)
{
    return ss_ascii_is_alpha(c) || ss_ascii_is_digit(c) || c == '+' || c == '/' || c == '=';
}

static size_t
end_of_word(SsSlice line, size_t at)
{
    while (at < line.len && !ss_ascii_is_blank(line.data[at])) {
        at++;
    }
    return at;
}

/* What of a line to hide: what follows AUTH and its mechanism, what follows PASS, LOGIN (which of
 * IMAP is the second word) and their kin, a word of base64; SIZE_MAX: nothing. */
static size_t
secret_of(SsSlice line)
{
    size_t at;

    for (size_t i = 0; i + 4 <= line.len; i++) {
        SsSlice rest = ss_slice_from(line, i);
        bool is_auth = ss_slice_starts_nocase(rest, SS_SLICE("AUTH"));
        if (is_auth || ss_slice_starts_nocase(rest, SS_SLICE("PASS")) ||
            ss_slice_starts_nocase(rest, SS_SLICE("LOGIN"))) {
            at = end_of_word(line, i) + 1;
            at = is_auth ? end_of_word(line, MIN(at, line.len)) : at;
            return at < line.len ? at : SIZE_MAX;
        }
    }
    for (at = 0; at < line.len && is_base64(line.data[at]); at++) {
    }
    return line.len >= 4 && at == line.len ? 0 : SIZE_MAX;
}

static void
hide_by_sight(const SsEventPacket *packet, uint8_t *secrets, uint64_t from, uint64_t end)
{
    while (from < end) {
        SsSlice rest = ss_slice_sub(packet->bytes, (size_t)from, (size_t)(end - from));
        size_t len = ss_slice_index(rest, '\n');
        SsSlice line = ss_slice_sub(rest, 0, len);
        size_t at;

        if (line.len && line.data[line.len - 1] == '\r') {
            line.len--;
        }
        at = secret_of(line);
        if (at != SIZE_MAX) {
            hide(secrets, from + at, from + line.len);
        }
        from += len + 1;
    }
}

/* --- packets in packets --- */

/* Headers whose next one is looked for no further: of extensions, and of authentication. */
static bool
is_extension(uint8_t protocol)
{
    static const uint8_t extensions[] = {0, 43, 44, 51, 60, 135, 139, 140};

    return memchr(extensions, protocol, sizeof extensions) != NULL;
}

/* How long the headers are that begin here, if they may be IP's and TCP's; 0: they are not. What
 * follows an extension or begins inside of a datagram may be anything: it does not count. */
static size_t
quoted_headers(SsSlice bytes)
{
    bool is_ip4 = bytes.len >= IP4_HEADER && bytes.data[0] >> 4 == 4;
    bool is_ip6 = bytes.len >= IP6_HEADER && bytes.data[0] >> 4 == 6;
    size_t header = is_ip4 ? (size_t)(bytes.data[0] & 15) * 4 : IP6_HEADER;
    uint8_t protocol = is_ip4 ? bytes.data[9] : is_ip6 ? bytes.data[6] : 0;
    const uint8_t *at_length = is_ip4 ? bytes.data + 2 : is_ip6 ? bytes.data + 4 : NULL;
    uint8_t hops = is_ip4 ? bytes.data[8] : is_ip6 ? bytes.data[7] : 0;
    size_t len = at_length ? (size_t)at_length[0] << 8 | at_length[1] : 0;
    bool is_part = is_ip4 && ((bytes.data[6] & 0x1f) || bytes.data[7]);

    if (!hops || header < IP4_HEADER || (is_ip4 && protocol == 0) ||
        !(protocol == TCP || is_extension(protocol)) || len < 8) {
        return 0;
    }
    return header + (protocol == TCP && !is_part ? TCP_HEADER : 0);
}

/* Errors quote the packet they are about, tunnels that are not followed carry it. */
static void
hide_quoted(const SsEventPacket *packet, uint8_t *secrets, uint64_t from)
{
    for (uint64_t at = from; at < packet->bytes.len; at++) {
        size_t headers = quoted_headers(ss_slice_from(packet->bytes, (size_t)at));
        if (headers) {
            hide(secrets, at + headers, packet->bytes.len);
            return;
        }
    }
}

static void
hide_other(const SsEventPacket *packet, uint8_t *secrets, uint64_t at)
{
    if (ss_slice_eq_nocase(packet->protocol, SS_SLICE("tcp"))) {
        hide(secrets, at, packet->bytes.len); /* damaged: not taken for a segment */
        return;
    }
    hide_quoted(packet, secrets, at);
    hide_by_sight(packet, secrets, at, packet->bytes.len);
}

/* --- TCP --- */

bool
ss_packets_has_remark(const SsEventPacket *packet, SsSlice word)
{
    const SsSlice *remarks = packet->remarks.items;

    for (size_t i = 0; i < packet->remarks.n; i++) {
        if (ss_slice_starts_nocase(remarks[i], word)) {
            return true;
        }
    }
    return false;
}

/* Whether it is known that its bytes are those that were read in their place. */
static bool
is_compared(const SsEventPacket *packet)
{
    const SsSlice *remarks = packet->remarks.items;

    if (ss_slice_eq(packet->bucket, SS_SLICE("delivered"))) {
        for (size_t i = 0; i < packet->remarks.n; i++) {
            if (ss_slice_eq(remarks[i], SS_SLICE("overlap"))) { /* with what is forgotten */
                return false;
            }
        }
        return true;
    }
    return ss_packets_has_remark(packet, SS_SLICE("retransmission of ")) ||
           ss_packets_has_remark(packet, SS_SLICE("duplicate of "));
}

/* Whether its bytes may be others. */
static bool
is_other_reading(const SsShown *shown)
{
    static const SsSlice doubts[] = {
        SS_SLICE_INIT("conflict"),      SS_SLICE_INIT("late"),      SS_SLICE_INIT("out-of-window"),
        SS_SLICE_INIT("before-start"),  SS_SLICE_INIT("after-fin"), SS_SLICE_INIT("after-reset"),
        SS_SLICE_INIT("syn-conflict"),  SS_SLICE_INIT("syn-data"),  SS_SLICE_INIT("bad-checksum"),
        SS_SLICE_INIT("old-timestamp"), SS_SLICE_INIT("signature"), SS_SLICE_INIT("urgent"),
        SS_SLICE_INIT("not-taken"),
    };

    for (size_t i = 0; i < G_N_ELEMENTS(doubts); i++) {
        if (ss_packets_has_remark(shown->about, doubts[i])) {
            return true;
        }
    }
    return shown->is_contradicted || !is_compared(shown->about);
}

/* What the spans say, and what they leave: all of it, or what looks like a login. */
static void
hide_by_spans(const SsShown *shown, uint8_t *secrets, bool hides_unknown)
{
    const SsEventPacket *packet = shown->about;
    uint64_t at = packet->payload_at, known = 0;

    for (guint i = 0; i <= shown->parts->len; i++) {
        const SsPacketsPart *part =
            i < shown->parts->len ? &g_array_index(shown->parts, SsPacketsPart, i) : NULL;
        const SsEventSpan *about = part ? &part->span->about : NULL;
        uint64_t begin = part ? about->offset + part->begin - packet->offset : shown->payload;

        begin = MIN(begin, shown->payload);
        if (begin > known) {
            if (hides_unknown) {
                hide(secrets, at + known, at + begin);
            } else {
                hide_by_sight(packet, secrets, at + known, at + begin);
            }
        }
        if (!part) {
            return;
        }
        known = MAX(known, MIN(begin + part->end - part->begin, shown->payload));
        if (about->secret_len) {
            uint64_t from = MAX(about->secret, packet->offset) - packet->offset;
            uint64_t end = about->secret + about->secret_len;
            end = end > packet->offset ? end - packet->offset : 0;
            hide(secrets, at + MIN(from, shown->payload), at + MIN(end, shown->payload));
        }
    }
}

static void
hide_payload(const SsShown *shown, uint8_t *secrets, uint64_t at)
{
    const SsEventPacket *packet = shown->about;
    bool is_session = packet->is_of_session || (shown->flow && shown->flow->is_session);
    bool is_server = is_session && packet->direction == SS_SERVER;

    if (is_other_reading(shown) && !is_server) {
        hide(secrets, at, at + shown->payload);
        return;
    }
    hide_by_spans(shown, secrets, !is_server);
    if (is_other_reading(shown)) {
        hide_by_sight(packet, secrets, at, at + shown->payload);
    }
}

uint8_t *
ss_packets_secrets(const SsPackets *self, const SsShown *shown)
{
    const SsEventPacket *packet = shown->about;
    uint64_t at = MIN(packet->payload_at, packet->bytes.len);
    uint8_t *secrets;

    if (self->host->show_secrets || !packet->bytes.len) {
        return NULL;
    }
    secrets = g_malloc0(packet->bytes.len);
    if (packet->is_fragment) {
        hide(secrets, at, packet->bytes.len); /* it may begin inside of one */
    } else if (packet->is_tcp) {
        hide_payload(shown, secrets, at);
        hide_by_sight(packet, secrets, at + shown->payload, packet->bytes.len);
    } else {
        hide_other(packet, secrets, at);
    }
    return secrets;
}
