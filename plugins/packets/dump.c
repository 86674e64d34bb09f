/*
 * The bytes of a packet, lower-case hex and text, the layer that was asked for in brackets:
 *
 *            0030  00 00 00 00[45 48 4c 4f  20 63 …]        ....EHLO c
 *
 * Secrets are not in it: see secrets.c.
 */
#include "plugins/packets/packets.h"

#define ROW 16

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
