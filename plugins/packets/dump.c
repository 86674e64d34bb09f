/*
 * The bytes of a packet, lower-case hex and text, the layer that was asked for in brackets:
 *
 *            0030  00 00 00 00[45 48 4c 4f  20 63 …]        ....EHLO c
 *
 * Secrets are not in it. Their place is told by the spans; a client's bytes that no span covers
 * might be one, and of bytes that belong to no session, or that another reading of the stream has
 * replaced, lines that look like a login are left out.
 */
#include "plugins/packets/packets.h"

#define ROW 16

/* --- secrets --- */

static void
hide(uint8_t *secrets, uint64_t from, uint64_t end)
{
    if (from < end) {
        memset(secrets + from, 1, (size_t)(end - from));
    }
}

static bool
is_base64(uint8_t c)
{
    return ss_ascii_is_alpha(c) || ss_ascii_is_digit(c) || c == '+' || c == '/' || c == '=';
}

/* What of a line to hide, by what it looks like: what follows AUTH and its mechanism, what follows
 * PASS and its kin, a word of base64; SIZE_MAX: nothing. */
static size_t
secret_of(SsSlice line)
{
    size_t word = 0, at;

    while (word < line.len && !ss_ascii_is_blank(line.data[word])) {
        word++;
    }
    for (size_t i = 0; i + 4 <= word; i++) {
        SsSlice rest = ss_slice_from(line, i);
        bool is_auth = ss_slice_starts_nocase(rest, SS_SLICE("AUTH"));
        if (is_auth || ss_slice_starts_nocase(rest, SS_SLICE("PASS")) ||
            ss_slice_starts_nocase(rest, SS_SLICE("LOGIN"))) {
            at = word + 1;
            while (is_auth && at < line.len && !ss_ascii_is_blank(line.data[at])) {
                at++;
            }
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

/* What the spans say, and what they leave. */
static void
hide_by_spans(const SsShown *shown, uint8_t *secrets)
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
            if (packet->direction == SS_CLIENT) {
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

/* Whether bytes may be others than those that were read in their place. */
static bool
is_other_reading(const SsEventPacket *packet)
{
    const SsSlice *remarks = packet->remarks.items;

    for (size_t i = 0; i < packet->remarks.n; i++) {
        if (ss_slice_starts_nocase(remarks[i], SS_SLICE("conflict"))) {
            return true;
        }
    }
    return !ss_slice_eq(packet->bucket, SS_SLICE("delivered")) &&
           !ss_slice_eq(packet->bucket, SS_SLICE("retransmitted")) &&
           !ss_slice_eq(packet->bucket, SS_SLICE("duplicate"));
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
    } else if (packet->is_of_session) {
        hide_by_spans(shown, secrets);
        if (is_other_reading(packet)) {
            hide_by_sight(packet, secrets, at, at + shown->payload);
        }
        hide_by_sight(packet, secrets, at + shown->payload, packet->bytes.len);
    } else {
        hide_by_sight(packet, secrets, at, packet->bytes.len);
    }
    return secrets;
}

/* --- the dump --- */

/* The bytes of the layer that is marked; of several with the name the innermost. */
static void
find_marked(const SsPackets *self, const SsShown *shown, uint64_t *ret_from, uint64_t *ret_end)
{
    const SsLayer *layers = shown->about->layers.items;
    const char *payload = ss_packets_payload_name(shown);
    bool is_payload = !self->layer || g_ascii_strcasecmp(self->layer, payload) == 0 ||
                      g_str_equal(self->layer, "payload");

    *ret_from = *ret_end = 0;
    if (is_payload && shown->payload) {
        *ret_from = shown->about->payload_at;
        *ret_end = *ret_from + shown->payload;
        return;
    }
    for (size_t i = 0; i < shown->about->layers.n; i++) {
        SsSlice name = layers[i].name;
        if (!self->layer || ss_slice_eq_nocase(name, ss_slice_str(self->layer))) {
            *ret_from = layers[i].offset;
            *ret_end = layers[i].offset + layers[i].len;
        }
    }
}

static void
append_row(const SsPackets *self, GString *to, SsSlice bytes, const uint8_t *secrets, size_t row,
           const uint64_t marked[2])
{
    g_autoptr(GString) hex = g_string_new(NULL);
    g_autoptr(GString) text = g_string_new(NULL);
    bool has_marks = marked[0] < marked[1];

    for (size_t i = row; i <= row + ROW; i++) {
        bool is_here = i < bytes.len && i < row + ROW;
        char edge = ' ';
        if (has_marks && i == marked[1] && i > row) {
            edge = ']';
        } else if (has_marks && i == marked[0] && is_here) {
            edge = '[';
        }
        g_string_append_c(hex, edge == '[' && i == row + ROW / 2 ? ' ' : edge);
        if (i == row + ROW / 2) {
            g_string_append_c(hex, edge == '[' ? '[' : ' ');
        }
        if (!is_here) {
            g_string_append(hex, i < row + ROW ? "  " : "");
            continue;
        }
        if (secrets && secrets[i]) {
            g_string_append(hex, "**");
            g_string_append_c(text, '*');
        } else {
            g_string_append_printf(hex, "%02x", bytes.data[i]);
            g_string_append_c(
                text, bytes.data[i] >= 0x20 && bytes.data[i] < 0x7f ? (char)bytes.data[i] : '.');
        }
    }
    g_string_append_printf(to, "       %04zx %s  ", row, hex->str);
    ss_packets_ink(self, to, SS_INK_DIM, text->str);
    g_string_append_c(to, '\n');
}

void
ss_packets_dump(const SsPackets *self, GString *to, const SsShown *shown)
{
    g_autofree uint8_t *secrets = ss_packets_secrets(self, shown);
    uint64_t marked[2];

    find_marked(self, shown, &marked[0], &marked[1]);
    for (size_t row = 0; row < shown->about->bytes.len; row += ROW) {
        append_row(self, to, shown->about->bytes, secrets, row, marked);
    }
}
