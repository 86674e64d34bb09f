#include "tests/network/frames.h"

#include <string.h>

#define CLIENT_PORT 40000
#define LINK_ETHERNET 1

typedef struct {
    const SsScript *script;
    const SsFrameWay *way;
    GPtrArray *frames;
} Builder;

static void
put_u8(GByteArray *to, unsigned value)
{
    uint8_t byte = (uint8_t)value;
    g_byte_array_append(to, &byte, 1);
}

static void
put_u16(GByteArray *to, unsigned value)
{
    put_u8(to, value >> 8 & 0xff);
    put_u8(to, value & 0xff);
}

static void
put_u32(GByteArray *to, uint32_t value)
{
    put_u16(to, value >> 16);
    put_u16(to, value & 0xffff);
}

static void
poke_u16(GByteArray *in, guint at, unsigned value)
{
    in->data[at] = (uint8_t)(value >> 8);
    in->data[at + 1] = (uint8_t)value;
}

/* The Internet checksum (RFC 1071) of `bytes`, begun with `sum`. */
static uint16_t
checksum(const uint8_t *bytes, size_t len, uint64_t sum)
{
    for (size_t i = 0; i < len; i++) {
        sum += (uint64_t)(i % 2 ? bytes[i] : bytes[i] << 8);
    }
    while (sum >> 16) {
        sum = (sum & 0xffff) + (sum >> 16);
    }
    return (uint16_t)~sum;
}

/* --- TCP --- */

static void
put_options(GByteArray *to, const SsScriptPacket *packet)
{
    static const uint8_t digest[16] = {0xd1, 0x9e, 0x57};
    const SsScriptOptions *options = &packet->options;
    if (options->mss >= 0) {
        put_u16(to, 0x0204);
        put_u16(to, (unsigned)options->mss);
    }
    if (options->window_scale >= 0) {
        put_u32(to, 0x01030300U | (unsigned)options->window_scale);
    }
    if (options->has_timestamps) {
        put_u32(to, 0x0101080a);
        put_u32(to, packet->timestamp);
        put_u32(to, packet->timestamp_echo);
    }
    if (options->is_signed) {
        put_u32(to, 0x01011312);
        g_byte_array_append(to, digest, sizeof digest);
    }
    if (options->is_fast_open) {
        put_u32(to, 0x0101220a);
        put_u32(to, 0x600dc00c);
        put_u32(to, 0x1e5eed00);
    }
    if (options->has_bad_option) {
        put_u32(to, 0x08ff0000); /* timestamps of 255 bytes */
    }
}

static uint32_t
initial_seq(const Builder *builder, const SsScriptPacket *packet, SsDirection direction)
{
    return builder->way->initial_seq[direction] + (packet->connection - 1) * 1000000;
}

/* `addresses` are both, as they stand in the IP header. */
static GByteArray *
make_tcp(const Builder *builder, const SsScriptPacket *packet, const GByteArray *addresses,
         const uint16_t ports[2])
{
    SsDirection other = ss_direction_other(packet->direction);
    bool is_syn = (packet->flags & SS_TCP_SYN) != 0;
    const SsScriptOptions *options = &packet->options;
    uint32_t seq = initial_seq(builder, packet, packet->direction) + (uint32_t)packet->offset +
                   !is_syn + packet->seq_shift;
    uint32_t ack =
        initial_seq(builder, packet, other) + 1 + (uint32_t)packet->ack + packet->ack_shift;
    GByteArray *tcp = g_byte_array_new();
    put_u16(tcp, ports[packet->direction]);
    put_u16(tcp, ports[other]);
    put_u32(tcp, seq);
    put_u32(tcp, packet->flags & SS_TCP_ACK ? ack : 0);
    put_u16(tcp, packet->flags);
    put_u16(tcp, options->window >= 0 ? (unsigned)options->window : 65535);
    put_u16(tcp, 0);
    put_u16(tcp, options->urgent >= 0 ? (unsigned)options->urgent : 0);
    put_options(tcp, packet);
    g_assert(tcp->len % 4 == 0 && tcp->len <= 60);
    tcp->data[12] = (uint8_t)(tcp->len << 2);
    if (packet->payload->len) {
        g_byte_array_append(tcp, packet->payload->data, packet->payload->len);
    }

    g_autoptr(GByteArray) pseudo = g_byte_array_new(); /* RFC 9293 section 3.1 */
    g_byte_array_append(pseudo, addresses->data, addresses->len);
    put_u32(pseudo, tcp->len);
    put_u32(pseudo, 6);
    uint16_t sum = (uint16_t)~checksum(pseudo->data, pseudo->len, 0);
    sum = checksum(tcp->data, tcp->len, sum);
    poke_u16(tcp, 16, options->has_bad_checksum ? sum ^ 0x1234U : sum);
    return tcp;
}

/* --- IP --- */

static uint8_t
family_of(const Builder *builder, const SsScriptPacket *packet)
{
    return builder->script->connections[packet->connection].is_mapped ? 6 : builder->way->family;
}

/* Source and destination. */
static GByteArray *
make_addresses(const Builder *builder, const SsScriptPacket *packet)
{
    static const uint8_t ip4[2][4] = {{192, 0, 2, 1}, {198, 51, 100, 25}};
    static const uint8_t ip6[2][16] = {
        {0x20, 0x01, 0x0d, 0xb8, [15] = 1},
        {0x20, 0x01, 0x0d, 0xb8, [15] = 25},
    };
    static const uint8_t mapped[12] = {[10] = 0xff, [11] = 0xff};
    GByteArray *addresses = g_byte_array_new();
    for (int i = 0; i < 2; i++) {
        int side = (int)packet->direction ^ i;
        if (builder->script->connections[packet->connection].is_mapped) {
            g_byte_array_append(addresses, mapped, sizeof mapped);
            g_byte_array_append(addresses, ip4[side], 4);
        } else if (family_of(builder, packet) == 4) {
            g_byte_array_append(addresses, ip4[side], 4);
        } else {
            g_byte_array_append(addresses, ip6[side], 16);
        }
    }
    return addresses;
}

/* Bytes from `from` on of a datagram's payload; all of it where that is `total`. */
typedef struct {
    size_t from, len, total;
} Piece;

static void
put_ip4(GByteArray *to, const SsScriptPacket *packet, const GByteArray *addresses,
        const Piece *piece)
{
    guint start = to->len;
    bool is_fragment = piece->len < piece->total;
    bool has_more = piece->from + piece->len < piece->total;
    put_u16(to, 0x4500);
    put_u16(to, (unsigned)(20 + piece->len));
    put_u16(to, packet->ip_id);
    put_u16(to, (unsigned)(piece->from / 8) | (has_more ? 0x2000U : is_fragment ? 0 : 0x4000U));
    put_u8(to, packet->options.ttl >= 0 ? (unsigned)packet->options.ttl : 64);
    put_u8(to, 6);
    put_u16(to, 0);
    g_byte_array_append(to, addresses->data, addresses->len);
    uint16_t sum = checksum(to->data + start, 20, 0);
    poke_u16(to, start + 10, packet->options.has_bad_ip_checksum ? sum ^ 0x1234U : sum);
}

static void
put_ip6(GByteArray *to, const SsScriptPacket *packet, const GByteArray *addresses,
        const Piece *piece)
{
    bool is_fragment = piece->len < piece->total;
    bool has_more = piece->from + piece->len < piece->total;
    put_u32(to, 0x60000000);
    put_u16(to, (unsigned)(piece->len + (is_fragment ? 8 : 0)));
    put_u8(to, is_fragment ? 44 : 6);
    put_u8(to, packet->options.ttl >= 0 ? (unsigned)packet->options.ttl : 64);
    g_byte_array_append(to, addresses->data, addresses->len);
    if (is_fragment) { /* RFC 8200 section 4.5 */
        put_u16(to, 0x0600);
        put_u16(to, (unsigned)piece->from | has_more);
        put_u32(to, packet->ip_id);
    }
}

/* --- frames --- */

static void
put_link(GByteArray *to, const SsScriptPacket *packet, unsigned ether_type)
{
    uint8_t to_link[6] = {2, 0, 0, 0, 0, packet->direction == SS_CLIENT ? 2 : 1};
    uint8_t from_link[6] = {2, 0, 0, 0, 0, packet->direction == SS_CLIENT ? 1 : 2};
    g_byte_array_append(to, to_link, 6);
    g_byte_array_append(to, packet->options.has_link ? packet->options.link : from_link, 6);
    if (packet->options.vlan >= 0) {
        put_u16(to, 0x8100);
        put_u16(to, (unsigned)packet->options.vlan);
    }
    put_u16(to, ether_type);
}

static void
add_frame(Builder *builder, const SsScriptPacket *packet, const GByteArray *addresses,
          const GByteArray *tcp, const Piece *piece)
{
    SsWireFrame *frame = g_new0(SsWireFrame, 1);
    frame->bytes = g_byte_array_new();
    frame->time_ns = packet->time_ns;
    if (addresses->len == 8) {
        put_link(frame->bytes, packet, 0x0800);
        put_ip4(frame->bytes, packet, addresses, piece);
    } else {
        put_link(frame->bytes, packet, 0x86dd);
        put_ip6(frame->bytes, packet, addresses, piece);
    }
    g_byte_array_append(frame->bytes, tcp->data + piece->from, (guint)piece->len);
    frame->len = frame->bytes->len;
    if (packet->options.cut >= 0 && (guint)packet->options.cut < packet->payload->len) {
        guint left = packet->payload->len - (guint)packet->options.cut;
        g_byte_array_set_size(frame->bytes, frame->len - left);
    }
    g_ptr_array_add(builder->frames, frame);
}

static void
add_packet(Builder *builder, const SsScriptPacket *packet)
{
    const SsScript *script = builder->script;
    guint like = script->connections[packet->connection].like;
    uint16_t ports[2] = {(uint16_t)(CLIENT_PORT + like), script->about->port};
    g_autoptr(GByteArray) addresses = make_addresses(builder, packet);
    g_autoptr(GByteArray) tcp = make_tcp(builder, packet, addresses, ports);
    size_t step = packet->options.fragment > 0 ? (size_t)packet->options.fragment : tcp->len;
    size_t n = (tcp->len + step - 1) / step;
    for (size_t i = 0; i < n; i++) {
        size_t from = (packet->options.is_backwards ? n - 1 - i : i) * step;
        Piece piece = {from, MIN(step, tcp->len - from), tcp->len};
        add_frame(builder, packet, addresses, tcp, &piece);
    }
}

/* The byte at `i` of a packet's payload, as a packet of its own. */
static void
add_byte(Builder *builder, const SsScriptPacket *packet, guint i, int64_t time_ns)
{
    SsScriptPacket *part = ss_script_packet_part(packet, i, 1);
    part->offset += (int64_t)i;
    part->ip_id = (guint16)(packet->ip_id + i);
    part->time_ns = time_ns;
    if (i > 0) {
        part->flags &= (uint8_t)~SS_TCP_SYN;
    }
    if (i + 1 < packet->payload->len) {
        part->flags &= (uint8_t)~SS_TCP_FIN;
    }
    if (part->options.urgent >= 0 && part->options.urgent <= (int)i) {
        part->flags &= (uint8_t)~SS_TCP_URG;
        part->options.urgent = -1;
    } else if (part->options.urgent >= 0) {
        part->options.urgent -= (int)i;
    }
    add_packet(builder, part);
    ss_script_packet_free(part);
}

/* A packet and the `n` - 1 copies behind it, cut up: each byte and its copies. */
static void
add_bytes(Builder *builder, SsScriptPacket *const *packets, guint n)
{
    for (guint i = 0; i < packets[0]->payload->len; i++) {
        for (guint k = 0; k < n; k++) {
            add_byte(builder, packets[k], i, packets[0]->time_ns + i * 100 + k);
        }
    }
}

static void
frame_free(gpointer p)
{
    SsWireFrame *frame = p;
    g_byte_array_unref(frame->bytes);
    g_free(frame);
}

GPtrArray *
ss_frames_of(const SsScript *script, const SsFrameWay *way)
{
    Builder builder = {script, way, g_ptr_array_new_with_free_func(frame_free)};
    GPtrArray *packets = script->packets;
    for (guint i = 0, n; i < packets->len; i += n) {
        SsScriptPacket *const *group = (SsScriptPacket *const *)packets->pdata + i;
        for (n = 1; i + n < packets->len && group[n]->is_copy; n++) {
        }
        bool is_seen = script->about->is_seen[group[0]->direction];
        bool is_cut = way->is_cut && group[0]->payload->len > 1;
        if (is_seen && is_cut) {
            add_bytes(&builder, group, n);
        }
        for (guint k = 0; k < n && is_seen && !is_cut; k++) {
            add_packet(&builder, group[k]);
        }
    }
    return builder.frames;
}

bool
ss_frames_write_pcap(const GPtrArray *frames, const char *path, GError **error)
{
    g_autoptr(GByteArray) file = g_byte_array_new();
    put_u32(file, 0xa1b23c4d); /* big-endian, nanoseconds */
    put_u32(file, 2 << 16 | 4);
    put_u32(file, 0);
    put_u32(file, 0);
    put_u32(file, 262144);
    put_u32(file, LINK_ETHERNET);
    for (guint i = 0; i < frames->len; i++) {
        const SsWireFrame *frame = frames->pdata[i];
        put_u32(file, (uint32_t)(frame->time_ns / SS_NS_PER_S));
        put_u32(file, (uint32_t)(frame->time_ns % SS_NS_PER_S));
        put_u32(file, frame->bytes->len);
        put_u32(file, frame->len);
        g_byte_array_append(file, frame->bytes->data, frame->bytes->len);
    }
    return g_file_set_contents(path, (const char *)file->data, (gssize)file->len, error);
}
