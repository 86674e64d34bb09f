#include "wire.h"

#include "draw.h"

enum {
    MORE_FRAGMENTS = 1,
    /* The TCP header, and an option header of IPv6 before it, are in the first one. */
    FIRST_FRAGMENT_MIN = 32,
};

/* --- bytes --- */

void
wire_put_u8(GByteArray *to, uint8_t value)
{
    g_byte_array_append(to, &value, 1);
}

void
wire_put_u16(GByteArray *to, uint16_t value)
{
    wire_put_u8(to, (uint8_t)(value >> 8));
    wire_put_u8(to, (uint8_t)value);
}

void
wire_put_u32(GByteArray *to, uint32_t value)
{
    wire_put_u16(to, (uint16_t)(value >> 16));
    wire_put_u16(to, (uint16_t)value);
}

void
wire_put(GByteArray *to, const void *bytes, size_t len)
{
    if (len) {
        g_byte_array_append(to, bytes, (guint)len);
    }
}

void
wire_put_zeros(GByteArray *to, size_t n)
{
    while (n--) {
        wire_put_u8(to, 0);
    }
}

void
wire_poke_u16(GByteArray *in, guint at, uint16_t value)
{
    in->data[at] = (uint8_t)(value >> 8);
    in->data[at + 1] = (uint8_t)value;
}

uint32_t
wire_sum(const uint8_t *bytes, size_t len, uint32_t sum)
{
    for (size_t i = 0; i < len; i++) {
        sum += (uint32_t)(i % 2 ? bytes[i] : bytes[i] << 8);
    }
    while (sum >> 16) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return sum;
}

/* --- IP --- */

static void
put_ip4(GByteArray *to, const WireIp *header, SsSlice payload)
{
    guint start = to->len;
    uint8_t words = header->has_options ? 6 : 5;

    wire_put_u8(to, (uint8_t)(0x40 | words));
    wire_put_u8(to, 0);
    wire_put_u16(to, (uint16_t)(4 * words + payload.len));
    wire_put_u16(to, header->id);
    wire_put_u16(to, 0);
    wire_put_u8(to, 64);
    wire_put_u8(to, header->protocol);
    wire_put_u16(to, 0);
    wire_put(to, header->from, 4);
    wire_put(to, header->to, 4);
    if (header->has_options) {
        wire_put_u32(to, 0x01010100); /* three times nothing, and the end */
    }
    wire_poke_u16(to, start + 10, (uint16_t)~wire_sum(to->data + start, 4u * words, 0));
    wire_put(to, payload.data, payload.len);
}

static void
put_ip6(GByteArray *to, const WireIp *header, SsSlice payload)
{
    wire_put_u32(to, 0x60000000);
    wire_put_u16(to, (uint16_t)(payload.len + (header->has_options ? 8 : 0)));
    wire_put_u8(to, header->has_options ? PROTOCOL_OPTIONS : header->protocol);
    wire_put_u8(to, 64);
    wire_put(to, header->from, 16);
    wire_put(to, header->to, 16);
    if (header->has_options) {
        wire_put_u8(to, header->protocol);
        wire_put_u8(to, 0);
        wire_put_u16(to, 0x0104); /* padding of four bytes: RFC 8200 section 4.2 */
        wire_put_u32(to, 0);
    }
    wire_put(to, payload.data, payload.len);
}

GByteArray *
wire_ip(const WireIp *header, const GByteArray *payload)
{
    GByteArray *packet = g_byte_array_new();
    SsSlice slice = ss_slice(payload->data, payload->len);

    if (header->family == 4) {
        put_ip4(packet, header, slice);
    } else {
        put_ip6(packet, header, slice);
    }
    return packet;
}

uint16_t
wire_checksum(const WireIp *header, const GByteArray *payload)
{
    size_t len = header->family == 4 ? 4 : 16;
    uint32_t sum = payload->len + header->protocol;

    sum = wire_sum(header->from, len, sum);
    sum = wire_sum(header->to, len, sum);
    return (uint16_t)~wire_sum(payload->data, payload->len, sum);
}

GByteArray *
wire_tcp(const SsSegment *segment, bool has_options, uint16_t id)
{
    g_autoptr(GByteArray) tcp = g_byte_array_new();
    WireIp header = {
        .family = segment->family, .protocol = PROTOCOL_TCP, .id = id, .has_options = has_options};

    memcpy(header.from, segment->from.bytes, 16);
    memcpy(header.to, segment->to.bytes, 16);
    wire_put_u16(tcp, segment->from.port);
    wire_put_u16(tcp, segment->to.port);
    wire_put_u32(tcp, segment->seq);
    wire_put_u32(tcp, segment->ack);
    bool is_syn = (segment->flags & SS_TCP_SYN) != 0;
    wire_put_u16(tcp, (uint16_t)((is_syn ? 0x6000 : 0x5000) | segment->flags));
    wire_put_u16(tcp, segment->window);
    wire_put_u32(tcp, 0);
    if (is_syn) { /* a window of 8 MiB, for nobody acknowledges every 64 KiB (RFC 7323) */
        wire_put_u32(tcp, 0x03030701);
    }
    wire_put(tcp, segment->payload.data, segment->payload.len);
    wire_poke_u16(tcp, 16, wire_checksum(&header, tcp));
    return wire_ip(&header, tcp);
}

/* --- fragments --- */

/* RFC 791 section 3.2; one of `packet`'s, whose header is as long as the packet's own. */
static GByteArray *
fragment4(const GByteArray *packet, size_t header_len, size_t from, size_t to)
{
    GByteArray *fragment = g_byte_array_new();
    bool is_last = header_len + to == packet->len;

    wire_put(fragment, packet->data, header_len);
    wire_poke_u16(fragment, 2, (uint16_t)(header_len + to - from));
    wire_poke_u16(fragment, 6, (uint16_t)((is_last ? 0 : MORE_FRAGMENTS << 13) | from / 8));
    wire_poke_u16(fragment, 10, 0);
    wire_poke_u16(fragment, 10, (uint16_t)~wire_sum(fragment->data, header_len, 0));
    wire_put(fragment, packet->data + header_len + from, to - from);
    return fragment;
}

/* RFC 8200 section 4.5. */
static GByteArray *
fragment6(const GByteArray *packet, size_t from, size_t to, uint32_t id)
{
    GByteArray *fragment = g_byte_array_new();
    bool is_last = 40 + to == packet->len;

    wire_put(fragment, packet->data, 40);
    wire_poke_u16(fragment, 4, (uint16_t)(8 + to - from));
    wire_put_u8(fragment, packet->data[6]);
    fragment->data[6] = PROTOCOL_FRAGMENT;
    wire_put_u8(fragment, 0);
    wire_put_u16(fragment, (uint16_t)(from | (is_last ? 0 : MORE_FRAGMENTS)));
    wire_put_u32(fragment, id);
    wire_put(fragment, packet->data + 40 + from, to - from);
    return fragment;
}

void
wire_split(GPtrArray *packets, uint8_t family, size_t n, uint16_t id, GRand *dice)
{
    g_autoptr(GByteArray) packet = g_ptr_array_steal_index(packets, 0);
    size_t header_len = family == 4 ? 4u * (packet->data[0] & 15) : 40;
    size_t len = packet->len - header_len;

    for (size_t from = 0; from < len; n--) {
        size_t least = from ? 8 : FIRST_FRAGMENT_MIN;
        size_t to = len;
        if (n > 1 && len - from > least) {
            to = from + least + 8 * draw_below(dice, (uint32_t)((len - from - least + 7) / 8));
        }
        if (from == 0 && to == len) {
            g_ptr_array_add(packets, g_steal_pointer(&packet));
            return;
        }
        g_ptr_array_add(packets, family == 4 ? fragment4(packet, header_len, from, to)
                                             : fragment6(packet, from, to, 0x10000u | id));
        from = to;
    }
}
