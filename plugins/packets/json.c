/*
 * A packet as an object of JSON, for programs: the fields are listed in README.md.
 */
#include "plugins/packets/packets.h"

static void
put_string(const SsPackets *self, GString *to, SsSlice text)
{
    g_autoptr(GString) safe = g_string_new(NULL);

    if (ss_slice_is_null(text)) {
        g_string_append(to, "null");
        return;
    }
    self->host->text_safe(self->host, text, ss_words_put, safe);
    g_string_append_c(to, '"');
    for (gsize i = 0; i < safe->len; i++) {
        if (safe->str[i] == '"' || safe->str[i] == '\\') {
            g_string_append_c(to, '\\');
        }
        g_string_append_c(to, safe->str[i]);
    }
    g_string_append_c(to, '"');
}

static void
put_key(GString *to, const char *key)
{
    g_string_append_printf(to, "%s\"%s\":", to->str[to->len - 1] == '{' ? "" : ",", key);
}

static void
put_text(const SsPackets *self, GString *to, const char *key, SsSlice text)
{
    put_key(to, key);
    put_string(self, to, text);
}

static void
put_count(GString *to, const char *key, uint64_t n)
{
    put_key(to, key);
    g_string_append_printf(to, "%" PRIu64, n);
}

/* Of a frame's number, and what else 0 is not one of. */
static void
put_count_or_null(GString *to, const char *key, uint64_t n, bool is_known)
{
    if (is_known) {
        put_count(to, key, n);
    } else {
        put_key(to, key);
        g_string_append(to, "null");
    }
}

static void
put_time(GString *to, const SsEvent *event)
{
    const int64_t ns_per_s = INT64_C(1000000000);
    int64_t s = event->time_ns / ns_per_s, rest = event->time_ns % ns_per_s;
    g_autoptr(GDateTime) time = NULL;
    unsigned digits = CLAMP(event->time_digits, 6, 9);

    if (rest < 0) {
        rest += ns_per_s;
        s--;
    }
    for (unsigned i = digits; i < 9; i++) {
        rest /= 10;
    }
    time = g_date_time_new_from_unix_utc(s);
    put_key(to, "time");
    g_string_append_printf(
        to, "\"%04d-%02d-%02dT%02d:%02d:%02d.%0*" PRId64 "Z\"", g_date_time_get_year(time),
        g_date_time_get_month(time), g_date_time_get_day_of_month(time), g_date_time_get_hour(time),
        g_date_time_get_minute(time), g_date_time_get_second(time), (int)digits, rest);
}

static void
put_endpoint(const SsPackets *self, GString *to, const char *key, const SsEndpoint *at,
             bool has_ports)
{
    put_key(to, key);
    g_string_append_c(to, '{');
    put_text(self, to, "ip", at->ip);
    put_count_or_null(to, "port", at->port, has_ports);
    g_string_append_c(to, '}');
}

static void
put_tcp(GString *to, const SsEventPacket *packet)
{
    put_key(to, "flags");
    g_string_append_printf(to, "\"%.*s\"", (int)packet->flags.len,
                           (const char *)packet->flags.data);
    put_key(to, "relative");
    g_string_append(to, packet->is_relative ? "true" : "false");
    put_count(to, "seq", packet->seq);
    put_count_or_null(to, "ack", packet->ack, packet->has_ack);
    put_count(to, "window", packet->window);
    put_count(to, "payload", packet->payload);
}

static void
put_session(GString *to, const SsShown *shown)
{
    const SsEventPacket *packet = shown->about;
    uint64_t uid = shown->event->uid ? shown->event->uid : shown->flow ? shown->flow->uid : 0;

    put_key(to, "uid");
    if (uid) {
        g_string_append_printf(to, "\"%016" PRIx64 "\"", uid);
    } else {
        g_string_append(to, "null");
    }
    put_count_or_null(to, "session", shown->event->session, shown->event->session != 0);
    put_key(to, "from_client");
    g_string_append(to, !packet->began                   ? "null"
                        : packet->direction == SS_CLIENT ? "true"
                                                         : "false");
    put_count_or_null(to, "offset", packet->offset, packet->began && packet->payload);
}

static void
put_remarks(const SsPackets *self, GString *to, const SsEventPacket *packet)
{
    const SsSlice *remarks = packet->remarks.items;

    put_key(to, "remarks");
    g_string_append_c(to, '[');
    for (size_t i = 0; i < packet->remarks.n; i++) {
        g_string_append(to, i ? "," : "");
        put_string(self, to, remarks[i]);
    }
    g_string_append_c(to, ']');
}

static void
put_meaning(const SsPackets *self, GString *to, const SsShown *shown)
{
    static const char *const kinds[] = {"command", "reply", "auth", "content", "tls", "other"};

    put_key(to, "meaning");
    g_string_append_c(to, '[');
    for (guint i = 0; i < shown->parts->len; i++) {
        const SsPacketsPart *part = &g_array_index(shown->parts, SsPacketsPart, i);
        const SsEventSpan *about = &part->span->about;
        g_autoptr(GString) words = g_string_new(NULL);

        ss_packets_part(self, words, part);
        g_string_append(to, i ? ",{" : "{");
        put_text(self, to, "kind", ss_slice_str(kinds[about->kind % SS_N_SPAN_KINDS]));
        put_text(self, to, "text",
                 about->kind == SS_SPAN_CONTENT ? ss_slice(words->str, words->len) : about->text);
        put_count(to, "offset", about->offset);
        put_count(to, "length", about->len);
        put_count_or_null(to, "message", about->message, about->message != 0);
        put_count_or_null(to, "first_frame", part->span->first_frame, part->span->first_frame != 0);
        put_count_or_null(to, "last_frame", part->span->last_frame, part->span->last_frame != 0);
        g_string_append_c(to, '}');
    }
    g_string_append_c(to, ']');
}

static void
put_layers(const SsPackets *self, GString *to, const SsEventPacket *packet)
{
    const SsLayer *layers = packet->layers.items;

    put_key(to, "layers");
    g_string_append_c(to, '[');
    for (size_t i = 0; i < packet->layers.n; i++) {
        const SsLayerField *fields = layers[i].fields.items;
        g_string_append(to, i ? ",{" : "{");
        put_text(self, to, "name", layers[i].name);
        put_count(to, "offset", layers[i].offset);
        put_count(to, "length", layers[i].len);
        put_key(to, "fields");
        g_string_append_c(to, '[');
        for (size_t k = 0; k < layers[i].fields.n; k++) {
            g_string_append(to, k ? ",{" : "{");
            put_text(self, to, "name", fields[k].name);
            put_text(self, to, "value", fields[k].value);
            put_count_or_null(to, "offset", fields[k].offset, fields[k].len != 0);
            put_count(to, "length", fields[k].len);
            g_string_append_c(to, '}');
        }
        g_string_append(to, "]}");
    }
    g_string_append_c(to, ']');
}

static void
put_hex(const SsPackets *self, GString *to, const SsShown *shown)
{
    static const char digits[] = "0123456789abcdef";
    g_autofree uint8_t *secrets = ss_packets_secrets(self, shown);
    SsSlice bytes = shown->about->bytes;

    put_key(to, "hex");
    g_string_append_c(to, '"');
    for (size_t i = 0; i < bytes.len; i++) {
        bool is_secret = secrets && secrets[i];
        g_string_append_c(to, is_secret ? '*' : digits[bytes.data[i] >> 4]);
        g_string_append_c(to, is_secret ? '*' : digits[bytes.data[i] & 15]);
    }
    g_string_append_c(to, '"');
}

void
ss_packets_json(const SsPackets *self, GString *to, const SsShown *shown)
{
    const SsEventPacket *packet = shown->about;

    g_string_append_c(to, '{');
    put_count(to, "frame", shown->event->frame);
    put_time(to, shown->event);
    put_count(to, "length", packet->len);
    put_count(to, "captured", packet->captured);
    put_text(self, to, "bucket", packet->bucket);
    put_text(self, to, "protocol", packet->protocol);
    put_endpoint(self, to, "from", &packet->from, packet->from.port || packet->to.port);
    put_endpoint(self, to, "to", &packet->to, packet->from.port || packet->to.port);
    if (packet->is_tcp) {
        put_tcp(to, packet);
        put_session(to, shown);
        put_remarks(self, to, packet);
        put_meaning(self, to, shown);
    }
    if (self->has_detail) {
        put_layers(self, to, packet);
    }
    if (self->has_hex) {
        put_hex(self, to, shown);
    }
    g_string_append(to, "}\n");
}
