/*
 * A packet's layers, each field with its bytes:
 *
 *            14–33    IPv4
 *            26–29      source                   192.0.2.10
 *
 * What is derived from other packets has no bytes. The payload's lines stand under it, each with
 * the packets that hold the rest of it.
 */
#include "plugins/packets/packets.h"

static void
append_range(const SsPackets *self, GString *to, uint64_t offset, uint64_t len)
{
    g_autofree char *range = NULL;

    if (len > 1) {
        range = g_strdup_printf("%" PRIu64 "–%" PRIu64, offset, offset + len - 1);
    } else if (len) {
        range = g_strdup_printf("%" PRIu64, offset);
    } else {
        range = g_strdup("");
    }
    g_string_append(to, "       ");
    ss_packets_ink(self, to, SS_INK_DIM, range);
    for (glong cells = g_utf8_strlen(range, -1); cells < 12; cells++) {
        g_string_append_c(to, ' ');
    }
}

static void
append_layer(const SsPackets *self, GString *to, const char *name, uint64_t offset, uint64_t len)
{
    append_range(self, to, offset, len);
    ss_packets_ink(self, to, SS_INK_STRONG, name);
    g_string_append_c(to, '\n');
}

static void
append_field(const SsPackets *self, GString *to, const char *name, const char *value,
             uint64_t offset, uint64_t len)
{
    append_range(self, to, offset, len);
    g_string_append_printf(to, "  %-26s %s\n", name, value);
}

static void
append_number(const SsPackets *self, GString *to, const char *name, uint64_t n)
{
    g_autofree char *value = g_strdup_printf("%" PRIu64, n);

    append_field(self, to, name, value, 0, 0);
}

/* What the connection says of the packet. */
static void
append_tcp(const SsPackets *self, GString *to, const SsShown *shown)
{
    const SsEventPacket *packet = shown->about;
    g_autoptr(GString) text = g_string_new(NULL);

    if (shown->event->session) {
        g_string_printf(text, "#%" PRIu64 ", %s", shown->event->session,
                        packet->direction == SS_SERVER ? "server to client" : "client to server");
        append_field(self, to, "session", text->str, 0, 0);
    }
    if (packet->is_relative) {
        append_number(self, to, "relative sequence number", packet->seq);
        if (packet->has_ack) {
            append_number(self, to, "relative acknowledgement", packet->ack);
        }
    }
    append_number(self, to, "window in bytes", packet->window);
    append_number(self, to, "payload length", packet->payload);
    if (packet->began && packet->payload) {
        g_string_printf(text, "%" PRIu64 "–%" PRIu64, packet->offset,
                        packet->offset + packet->payload - 1);
        append_field(self, to, "bytes of the stream", text->str, 0, 0);
    }
    g_string_truncate(text, 0);
    ss_packets_remarks(self, text, packet);
    if (text->len) {
        append_field(self, to, "remarks", text->str, 0, 0);
    }
}

const char *
ss_packets_payload_name(const SsShown *shown)
{
    const SsPacketsPart *first =
        shown->parts->len ? &g_array_index(shown->parts, SsPacketsPart, 0) : NULL;

    if (!first) {
        return "payload";
    }
    return first->span->about.kind == SS_SPAN_TLS ? "TLS" : "SMTP";
}

static void
append_payload(const SsPackets *self, GString *to, const SsShown *shown)
{
    static const char *const kinds[] = {"command", "reply",  "login",
                                        "content", "record", "not understood"};
    uint64_t at = shown->about->payload_at;

    append_layer(self, to, ss_packets_payload_name(shown), at, shown->payload);
    for (guint i = 0; i < shown->parts->len; i++) {
        const SsPacketsPart *part = &g_array_index(shown->parts, SsPacketsPart, i);
        uint64_t begin = part->span->about.offset + part->begin - shown->about->offset;
        g_autoptr(GString) text = g_string_new(NULL);

        ss_packets_part(self, text, part);
        append_field(self, to, kinds[part->span->about.kind % SS_N_SPAN_KINDS], text->str,
                     at + begin, part->end - part->begin);
    }
}

void
ss_packets_tree(const SsPackets *self, GString *to, const SsShown *shown)
{
    const SsLayer *layers = shown->about->layers.items;
    g_autofree char *frame = g_strdup_printf("Frame %" PRIu64, shown->event->frame);

    append_layer(self, to, frame, 0, shown->about->captured);
    append_number(self, to, "length on the wire", shown->about->len);
    append_number(self, to, "captured", shown->about->captured);
    for (size_t i = 0; i < shown->about->layers.n; i++) {
        const SsLayerField *fields = layers[i].fields.items;
        g_autofree char *name = g_strndup((const char *)layers[i].name.data, layers[i].name.len);

        append_layer(self, to, name, layers[i].offset, layers[i].len);
        for (size_t k = 0; k < layers[i].fields.n; k++) {
            g_autofree char *what =
                g_strndup((const char *)fields[k].name.data, fields[k].name.len);
            g_autoptr(GString) value = g_string_new(NULL);
            ss_words_append(value, self->host, fields[k].value, SS_WORDS_MAX);
            append_field(self, to, what, value->str, fields[k].offset, fields[k].len);
        }
        if (shown->about->is_tcp && i + 1 == shown->about->layers.n) {
            append_tcp(self, to, shown);
        }
    }
    if (shown->payload) {
        append_payload(self, to, shown);
    }
}
