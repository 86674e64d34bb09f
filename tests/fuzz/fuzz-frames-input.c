/*
 * An input as a list of things that a wire can do to packets, so that a mutation makes another
 * story and not only a broken header.
 *
 * Behind the settings, entries of ENTRY bytes and then a payload:
 *
 *     0      connection (1, 2), from the server (4), IPv6 (8), a frame as it is (16), the last
 *            frame once more before it (32), lost (64), numbers not counted up (128)
 *     1      flags of TCP
 *     2, 6   sequence and acknowledgement, from where the connection stands; four bytes, low first
 *     10     time since the last: milliseconds, from 100 on seconds, squared
 *     11     ODD_*
 *     12     window, in steps of 257
 *     13     urgent pointer
 *     14     payload bytes not captured; from 200 on the frame is cut so much behind its start
 *     15     fragments: how many (15), of which header (48), in reverse order (64), each again with
 *            a byte changed (128)
 *     16     link (15), tag (240)
 *     17     tunnels: how many (3), and their kinds
 *     18     a byte of the frame that is changed, 0 for none, and by what
 *     20     TTL, 0 for 64
 *     21     payload length, two bytes; high bits first
 *     23     timestamp, signed, from the clock
 *
 * A frame as it is has its link type at 1 and 2, and the payload is the frame.
 */
#include <string.h>

#include "capture/segment.h"
#include "fuzz-frames.h"
#include "fuzz.h"
#include "tests/network/script.h"
#include "tests/property/encap.h"
#include "tests/property/wire.h"

#define ENTRY 24
#define START_NS (INT64_C(1700000000) * SS_NS_PER_S)

/* An input of 6000 bytes has 250 entries; larger ones prove nothing more. */
#define FRAMES_MAX 4000

enum {
    CONNECTION = 3,
    FROM_SERVER = 4,
    IS_IPV6 = 8,
    IS_FRAME = 16,
    IS_AGAIN = 32,
    IS_LOST = 64,
    STAYS = 128,
};

enum {
    ODD_CHECKSUM = 1,
    ODD_IP_CHECKSUM = 2,
    ODD_TIMESTAMPS = 4,
    ODD_SIGNED = 8,
    ODD_SYN_OPTIONS = 16, /* MSS and window scale */
    ODD_OPTION = 32,
    ODD_BACKWARDS = 64, /* time */
    ODD_PORT = 128,
};

typedef struct {
    void (*feed)(void *user_data, const SsFuzzFrame *frame);
    void *user_data;
    uint32_t next[4][2]; /* sequence numbers */
    int64_t now_ns;
    uint16_t id;
    GBytes *last; /* the last frame, to be captured once more */
    uint32_t last_link;
    unsigned n_fed;
} Wire;

static uint32_t
get_u32(const uint8_t *at)
{
    return at[0] | (uint32_t)at[1] << 8 | (uint32_t)at[2] << 16 | (uint32_t)at[3] << 24;
}

static void
put_u32_low(uint8_t *at, uint32_t value)
{
    for (int i = 0; i < 4; i++) {
        at[i] = (uint8_t)(value >> 8 * i);
    }
}

/* --- TCP --- */

static void
put_options(GByteArray *tcp, const Wire *wire, const uint8_t *entry)
{
    static const uint8_t digest[16] = {1, 2, 3};

    if (entry[11] & ODD_SYN_OPTIONS) {
        wire_put_u32(tcp, 0x020405b4);
        wire_put_u32(tcp, 0x01030307);
    }
    if (entry[11] & ODD_TIMESTAMPS) {
        wire_put_u32(tcp, 0x0101080a);
        wire_put_u32(tcp, (uint32_t)(wire->now_ns / 1000000 + (int8_t)entry[23]));
        wire_put_u32(tcp, 0);
    }
    if (entry[11] & ODD_SIGNED) {
        wire_put_u32(tcp, 0x01011312);
        wire_put(tcp, digest, sizeof digest);
    }
    if (entry[11] & ODD_OPTION && tcp->len <= 56) {
        wire_put_u32(tcp, 0x08ff0000);
    }
}

static GByteArray *
make_packet(Wire *wire, const uint8_t *entry, SsSlice payload, uint32_t seq, uint32_t ack)
{
    SsDirection from = entry[0] & FROM_SERVER ? SS_SERVER : SS_CLIENT;
    uint16_t ports[2] = {40000, entry[11] & ODD_PORT ? 80 : 25};
    WireIp header = {
        .family = entry[0] & IS_IPV6 ? 6 : 4, .protocol = PROTOCOL_TCP, .id = ++wire->id};
    g_autoptr(GByteArray) tcp = g_byte_array_new();
    uint8_t *ends[2] = {from == SS_CLIENT ? header.from : header.to,
                        from == SS_CLIENT ? header.to : header.from};
    GByteArray *packet;
    uint16_t sum;

    for (int i = 0; i < 2; i++) {
        ends[i][0] = 10;
        ends[i][3] = (uint8_t)(1 + i + 2 * (entry[0] & CONNECTION));
    }
    wire_put_u16(tcp, ports[from]);
    wire_put_u16(tcp, ports[!from]);
    wire_put_u32(tcp, seq);
    wire_put_u32(tcp, ack);
    wire_put_u16(tcp, entry[1]);
    wire_put_u16(tcp, (uint16_t)(entry[12] * 257));
    wire_put_u16(tcp, 0);
    wire_put_u16(tcp, entry[13]);
    put_options(tcp, wire, entry);
    tcp->data[12] = (uint8_t)(tcp->len << 2);
    wire_put(tcp, payload.data, payload.len);
    sum = wire_checksum(&header, tcp);
    wire_poke_u16(tcp, 16, entry[11] & ODD_CHECKSUM ? (uint16_t)(sum ^ 0x1234) : sum);
    packet = wire_ip(&header, tcp);
    if (header.family == 4) {
        packet->data[8] = entry[20] ? entry[20] : 64;
        wire_poke_u16(packet, 10, 0);
        sum = (uint16_t)~wire_sum(packet->data, 20, 0);
        wire_poke_u16(packet, 10, entry[11] & ODD_IP_CHECKSUM ? (uint16_t)(sum ^ 0x1234) : sum);
    } else {
        packet->data[7] = entry[20] ? entry[20] : 64;
    }
    return packet;
}

/* --- frames --- */

static EncapStack
stack_of(const uint8_t *entry)
{
    EncapStack stack = {
        .link = (EncapLink)((entry[16] & 15) % N_LINKS),
        .tag = (EncapTag)((entry[16] >> 4) % N_TAGS),
        .n_tunnels = MIN((size_t)(entry[17] & 3), TUNNELS_MAX),
        .is_padded = true,
        .n_fragments = entry[15] & 15,
    };

    for (size_t i = 0; i < stack.n_tunnels; i++) {
        unsigned kind = entry[17] / 4 + 5 * (unsigned)i;
        stack.tunnel[i].kind = (EncapTunnel)(kind % N_TUNNELS);
        stack.tunnel[i].family = kind & 8 ? 6 : 4;
        stack.tunnel[i].tag = (EncapTag)(kind % N_TAGS);
    }
    stack.fragmented = MIN((size_t)(entry[15] >> 4 & 3), stack.n_tunnels);
    return stack;
}

static void
feed_bytes(Wire *wire, const uint8_t *entry, uint32_t link_type, GBytes *bytes)
{
    gsize len;
    const uint8_t *data = g_bytes_get_data(bytes, &len);
    size_t cut = entry[14] >= 200 ? len - MIN(len, (entry[14] - 200u) * 3) : entry[14];

    if (wire->n_fed++ < FRAMES_MAX) {
        SsFuzzFrame frame = {link_type, ss_slice(data, len), len - MIN(len, cut), wire->now_ns};
        wire->feed(wire->user_data, &frame);
    }
    g_clear_pointer(&wire->last, g_bytes_unref);
    wire->last = g_bytes_ref(bytes);
    wire->last_link = link_type;
}

/* With one byte changed. */
static GBytes *
poke(GBytes *bytes, size_t at, uint8_t by)
{
    gsize len;
    const uint8_t *data = g_bytes_get_data(bytes, &len);
    uint8_t *copy = g_memdup2(data, len);

    if (at < len) {
        copy[at] ^= by;
    }
    return g_bytes_new_take(copy, len);
}

static void
feed_packet(Wire *wire, const uint8_t *entry, GByteArray *packet)
{
    EncapStack stack = stack_of(entry);
    g_autoptr(GRand) dice = g_rand_new_with_seed(get_u32(entry + 15) ^ wire->id);
    g_autoptr(GPtrArray) frames = encap_packet(packet, entry[0] & IS_IPV6 ? 6 : 4,
                                               entry[0] & FROM_SERVER, &stack, wire->id, dice);

    for (guint i = 0; i < frames->len; i++) {
        guint k = entry[15] & 64 ? frames->len - 1 - i : i;
        g_autoptr(GBytes) bytes =
            poke(g_ptr_array_index(frames, k), entry[18], entry[18] ? entry[19] : 0);
        if (entry[15] & 128) { /* another reading of its last byte */
            g_autoptr(GBytes) other = poke(bytes, g_bytes_get_size(bytes) - 1, 1);
            feed_bytes(wire, entry, encap_link_types[stack.link], other);
        }
        feed_bytes(wire, entry, encap_link_types[stack.link], bytes);
    }
}

static void
take_entry(Wire *wire, const uint8_t *entry, SsSlice payload)
{
    uint8_t which = entry[0] & CONNECTION;
    SsDirection from = entry[0] & FROM_SERVER ? SS_SERVER : SS_CLIENT;
    uint32_t seq = wire->next[which][from] + get_u32(entry + 2);
    uint32_t ack = wire->next[which][!from] + get_u32(entry + 6);
    int64_t step = entry[10] < 100 ? entry[10] * INT64_C(1000000)
                                   : (entry[10] - 100) * (entry[10] - 100) * SS_NS_PER_S;

    if (entry[0] & IS_AGAIN && wire->last) {
        g_autoptr(GBytes) last = g_bytes_ref(wire->last);
        feed_bytes(wire, entry, wire->last_link, last);
    }
    wire->now_ns += entry[11] & ODD_BACKWARDS ? -step : step;
    if (entry[0] & IS_FRAME) {
        g_autoptr(GBytes) bytes = g_bytes_new(payload.data, payload.len);
        feed_bytes(wire, entry, entry[1] | (uint32_t)entry[2] << 8, bytes);
        return;
    }
    if (!(entry[0] & IS_LOST)) {
        feed_packet(wire, entry, make_packet(wire, entry, payload, seq, ack));
    }
    if (!(entry[0] & STAYS)) {
        wire->next[which][from] = seq + (uint32_t)payload.len + ((entry[1] & SS_TCP_SYN) != 0) +
                                  ((entry[1] & SS_TCP_FIN) != 0);
    }
}

static void
wire_init(Wire *wire)
{
    *wire = (Wire){.now_ns = START_NS};
    for (uint32_t i = 0; i < 4; i++) { /* some soon wrap */
        wire->next[i][SS_CLIENT] = 1000 - 550 * i;
        wire->next[i][SS_SERVER] = 700 * i - 50;
    }
}

void
ss_fuzz_frames(SsSlice input, void (*feed)(void *user_data, const SsFuzzFrame *frame),
               void *user_data)
{
    Wire wire;

    wire_init(&wire);
    wire.feed = feed;
    wire.user_data = user_data;
    for (size_t at = 0; at + ENTRY <= input.len;) {
        const uint8_t *entry = input.data + at;
        SsSlice payload = ss_slice_sub(input, at + ENTRY, (size_t)entry[21] << 8 | entry[22]);
        take_entry(&wire, entry, payload);
        at += ENTRY + payload.len;
    }
    g_clear_pointer(&wire.last, g_bytes_unref);
}

/* --- seeds: packet scripts --- */

static uint8_t
time_byte(int64_t step_ns)
{
    uint8_t n = 100;

    if (step_ns < 100 * INT64_C(1000000)) {
        return (uint8_t)(MAX(step_ns, 0) / 1000000);
    }
    while (n < 255 && (n - 100) * (n - 100) * SS_NS_PER_S < step_ns) {
        n++;
    }
    return n;
}

static uint8_t
odd_of(const SsScriptPacket *packet)
{
    const SsScriptOptions *options = &packet->options;

    return (uint8_t)((options->has_bad_checksum ? ODD_CHECKSUM : 0) |
                     (options->has_bad_ip_checksum ? ODD_IP_CHECKSUM : 0) |
                     (options->has_timestamps ? ODD_TIMESTAMPS : 0) |
                     (options->is_signed ? ODD_SIGNED : 0) |
                     (options->mss >= 0 || options->window_scale >= 0 ? ODD_SYN_OPTIONS : 0) |
                     (options->has_bad_option ? ODD_OPTION : 0));
}

/* `variety` says what the script leaves open: family, link, tunnels. */
static void
put_packet(GByteArray *to, Wire *wire, const SsScript *script, const SsScriptPacket *packet,
           guint variety)
{
    const SsScriptOptions *options = &packet->options;
    uint8_t which = script->connections[packet->connection].like & CONNECTION;
    SsDirection from = packet->direction;
    bool is_syn = (packet->flags & SS_TCP_SYN) != 0;
    uint32_t *next = wire->next[which];
    Wire fresh;
    uint32_t seq, ack;
    uint8_t entry[ENTRY] = {(uint8_t)(which | (from == SS_SERVER ? FROM_SERVER : 0)),
                            packet->flags};

    wire_init(&fresh);
    seq = fresh.next[which][from] + (uint32_t)packet->offset + !is_syn + packet->seq_shift;
    ack = fresh.next[which][!from] + 1 + (uint32_t)packet->ack + packet->ack_shift;
    put_u32_low(entry + 2, seq - next[from]);
    put_u32_low(entry + 6, ack - next[!from]);
    entry[0] |= (uint8_t)((packet->is_copy ? IS_AGAIN : 0) | (variety & 1 ? IS_IPV6 : 0));
    entry[16] = (uint8_t)(variety >> 8);
    entry[17] = (uint8_t)(variety >> 16);
    entry[10] = time_byte(packet->time_ns - wire->now_ns);
    entry[11] = odd_of(packet);
    entry[12] = options->window >= 0 ? (uint8_t)(options->window / 257) : 255;
    entry[13] = options->urgent > 0 ? (uint8_t)options->urgent : 0;
    entry[14] = options->cut >= 0 && (guint)options->cut < packet->payload->len
                    ? (uint8_t)MIN(packet->payload->len - (guint)options->cut, 199)
                    : 0;
    entry[15] = options->fragment > 0 ? (uint8_t)(3 | (options->is_backwards ? 64 : 0)) : 0;
    entry[20] = options->ttl > 0 ? (uint8_t)options->ttl : 0;
    entry[21] = (uint8_t)(packet->payload->len >> 8);
    entry[22] = (uint8_t)packet->payload->len;
    next[from] = seq + packet->payload->len + is_syn + ((packet->flags & SS_TCP_FIN) != 0);
    wire->now_ns = packet->time_ns;
    g_byte_array_append(to, entry, ENTRY);
    if (packet->payload->len) {
        g_byte_array_append(to, packet->payload->data, packet->payload->len);
    }
}

bool
ss_fuzz_seed(const char *path, GByteArray *ret_input)
{
    g_autoptr(SsScript) script = g_str_has_suffix(path, ".p") ? ss_script_load(path, NULL) : NULL;
    uint8_t settings;
    guint variety;
    Wire wire;

    if (!script) {
        return false;
    }
    variety = g_str_hash(script->name);
    settings =
        (uint8_t)((script->about->any_port ? SS_FUZZ_ANY_PORT : 0) |
                  (variety % 3 == 0 ? SS_FUZZ_SMALL_LIMITS : 0) |
                  (variety % 5 == 0 ? SS_FUZZ_TINY_MEMORY : 0) | (variety & 2 ? SS_FUZZ_TWICE : 0) |
                  (int)script->overlap << SS_FUZZ_POLICY_SHIFT);
    g_byte_array_append(ret_input, &settings, 1);
    wire_init(&wire);
    for (guint i = 0; i < script->packets->len; i++) {
        const SsScriptPacket *packet = g_ptr_array_index(script->packets, i);
        if (packet->payload->len < 20000 && ret_input->len < 60000) {
            put_packet(ret_input, &wire, script, packet, variety);
        }
    }
    return true;
}
