/* Fragments: in any order and number, overlapping, never complete, and made to do harm. */
#include "base/limits.h"
#include "tests/unit/capture/frames.h"

#define SECOND SS_NS_PER_S

/* --- a decoder that is fed fragments --- */

typedef struct {
    SsPacketDecoder *decoder;
    uint64_t memory;
    uint64_t frame;
    int64_t now_ns;
    SsSegment segment; /* of the last frame */
} Wire;

static void
wire_init(Wire *wire)
{
    *wire = (Wire){.now_ns = 100 * SECOND};
    wire->decoder = ss_packet_decoder_new(&wire->memory);
}

/* Whatever was fed, nothing may be left. */
static void
wire_clear(Wire *wire)
{
    ss_packet_decoder_finish(wire->decoder);
    assert_int_equal(wire->memory, 0);
    ss_packet_decoder_free(wire->decoder);
}

static uint64_t
met(const Wire *wire, SsMet which)
{
    return ss_packet_decoder_met(wire->decoder)[which];
}

/* `captured` bytes of a frame without a link layer; their copy is gone when this returns. */
static SsPacketBucket
feed_cut(Wire *wire, const GByteArray *packet, size_t captured)
{
    g_autofree uint8_t *copy = g_memdup2(packet->data, MAX(captured, 1));
    SsFrame frame = {.origin = {++wire->frame, wire->now_ns, 9},
                     .link_type = 101,
                     .len = packet->len,
                     .bytes = ss_slice(copy, captured)};
    return ss_packet_decode(wire->decoder, &frame, &wire->segment);
}

static SsPacketBucket
feed(Wire *wire, const GByteArray *packet)
{
    return feed_cut(wire, packet, packet->len);
}

/* --- making fragments --- */

typedef struct {
    int version;
    uint32_t id;
    uint8_t protocol;
    unsigned offset; /* bytes */
    bool more;
} Head;

static GByteArray *
fragment_of(Head head, SsSlice bytes)
{
    GByteArray *packet = g_byte_array_new();
    if (head.version == 4) {
        put_ip4(packet, 0, head.offset / 8 | (head.more ? 0x2000 : 0), head.protocol,
                (unsigned)bytes.len);
        set16(packet, 4, head.id);
        seal_ip4(packet, 0);
    } else {
        put_ip6(packet, 44, 8 + (unsigned)bytes.len);
        put8(packet, head.protocol);
        put8(packet, 0);
        put16(packet, head.offset | head.more);
        put32(packet, head.id);
    }
    put(packet, bytes.data, bytes.len);
    return packet;
}

/* Feeds the bytes from `from` to before `to` of a datagram; to its end if `to` is its length. */
static SsPacketBucket
feed_part(Wire *wire, int version, uint32_t id, const GByteArray *datagram, size_t from, size_t to)
{
    Head head = {version, id, 6, (unsigned)from, to < datagram->len};
    g_autoptr(GByteArray) packet = fragment_of(head, ss_slice(datagram->data + from, to - from));
    return feed(wire, packet);
}

/* A TCP segment with a payload of `len` bytes, that begins with PAYLOAD's and has its checksum. */
static GByteArray *
tcp_of(int version, size_t len, uint8_t filler)
{
    GByteArray *tcp = g_byte_array_new();
    put_tcp(tcp, 0);
    while (tcp->len < 20 + len) {
        put8(tcp, filler);
        filler = (uint8_t)(filler * 5 + 1);
    }
    g_byte_array_set_size(tcp, (guint)(20 + len));
    size_t n = version == 4 ? 4 : 16;
    uint32_t sum = plain_sum(6 + tcp->len, version == 4 ? FROM4 : FROM6, n);
    sum = plain_sum(sum, version == 4 ? TO4 : TO6, n);
    sum = (uint16_t)~plain_sum(sum, tcp->data, tcp->len);
    set16(tcp, 16, sum);
    return tcp;
}

static void
assert_is_datagram(const Wire *wire, const GByteArray *tcp)
{
    const SsSegment *segment = &wire->segment;
    assert_true(ss_slice_eq(segment->tcp, ss_slice(tcp->data, tcp->len)));
    assert_true(ss_slice_eq(segment->payload, ss_slice(tcp->data + 20, tcp->len - 20)));
    assert_int_equal(segment->cut, 0);
    assert_int_equal(segment->from.port, 40000);
    assert_int_equal(segment->seq, 0x01020304);
    assert_int_equal(ss_segment_checksum(segment), SS_CHECKSUM_GOOD);
    assert_int_equal(segment->oddities & ~SS_FRAME_TINY_FRAGMENT, SS_FRAME_FRAGMENTED);
    assert_int_equal(segment->ttl, segment->family == 4 ? 63 : 64);
    assert_true(segment->n_fragments >= 1);
    assert_int_equal(segment->fragments[segment->n_fragments - 1], wire->frame);
}

/* --- the cases --- */

static void
n08_in_any_order(void **state)
{
    (void)state;
    static const int orders[][3] = {{0, 1, 2}, {0, 2, 1}, {1, 0, 2},
                                    {1, 2, 0}, {2, 0, 1}, {2, 1, 0}};
    static const size_t cuts[] = {0, 40, 104, 131};
    for (int version = 4; version <= 6; version += 2) {
        g_autoptr(GByteArray) tcp = tcp_of(version, 111, 3);
        for (size_t i = 0; i < G_N_ELEMENTS(orders); i++) {
            Wire wire;
            wire_init(&wire);
            for (int k = 0; k < 3; k++) {
                size_t part = (size_t)orders[i][k];
                assert_int_equal(feed_part(&wire, version, 7, tcp, cuts[part], cuts[part + 1]),
                                 k < 2 ? SS_PACKET_FRAGMENT : SS_PACKET_SEGMENT);
            }
            assert_is_datagram(&wire, tcp);
            assert_int_equal(wire.segment.ip_id, version == 4 ? 7 : 0);
            assert_int_equal(wire.segment.n_fragments, 3);
            for (size_t k = 0; k < 3; k++) {
                assert_int_equal(wire.segment.fragments[k], k + 1);
            }
            assert_null(wire.segment.alternate.data);
            assert_int_equal(met(&wire, SS_MET_FRAGMENTED), 1);
            wire_clear(&wire);
        }
    }
}

static void
n08_duplicates(void **state)
{
    (void)state;
    for (int version = 4; version <= 6; version += 2) {
        g_autoptr(GByteArray) tcp = tcp_of(version, 200, 3);
        Wire wire;
        wire_init(&wire);
        assert_int_equal(feed_part(&wire, version, 7, tcp, 0, 80), SS_PACKET_FRAGMENT);
        assert_int_equal(feed_part(&wire, version, 7, tcp, 0, 80), SS_PACKET_FRAGMENT);
        assert_int_equal(feed_part(&wire, version, 7, tcp, 72, 96), SS_PACKET_FRAGMENT);
        assert_int_equal(feed_part(&wire, version, 7, tcp, 0, 80), SS_PACKET_FRAGMENT);
        assert_int_equal(feed_part(&wire, version, 7, tcp, 88, 220), SS_PACKET_SEGMENT);
        assert_is_datagram(&wire, tcp);
        assert_null(wire.segment.alternate.data);
        assert_int_equal(wire.segment.n_fragments, 3); /* those that brought something */
        assert_int_equal(wire.segment.fragments[0], 1);
        assert_int_equal(wire.segment.fragments[1], 3);
        /* Late copies start nothing. */
        wire.now_ns += SECOND / 2;
        assert_int_equal(feed_part(&wire, version, 7, tcp, 88, 220), SS_PACKET_FRAGMENT);
        assert_int_equal(feed_part(&wire, version, 7, tcp, 0, 80), SS_PACKET_FRAGMENT);
        assert_int_equal(feed_part(&wire, version, 7, tcp, 80, 96), SS_PACKET_FRAGMENT);
        /* A while later they are another datagram's. */
        wire.now_ns += 2 * SECOND;
        assert_int_equal(feed_part(&wire, version, 7, tcp, 0, 80), SS_PACKET_FRAGMENT);
        assert_int_equal(feed_part(&wire, version, 7, tcp, 80, 220), SS_PACKET_SEGMENT);
        assert_int_equal(met(&wire, SS_MET_FRAGMENTED), 2);
        ss_packet_decoder_finish(wire.decoder);
        for (SsMet i = 0; i < SS_N_MET; i++) {
            assert_int_equal(met(&wire, i), i == SS_MET_FRAGMENTED ? 2 : 0);
        }
        wire_clear(&wire);
    }
}

/* Another id, protocol or address is another datagram. */
static void
n08_interleaved(void **state)
{
    (void)state;
    for (int version = 4; version <= 6; version += 2) {
        Wire wire;
        wire_init(&wire);
        GByteArray *tcp[50];
        for (uint32_t id = 0; id < 50; id++) {
            tcp[id] = tcp_of(version, 60 + id, (uint8_t)id);
            assert_int_equal(feed_part(&wire, version, id, tcp[id], 0, 40), SS_PACKET_FRAGMENT);
        }
        for (uint32_t id = 0; id < 50; id++) {
            assert_int_equal(feed_part(&wire, version, id, tcp[id], 40, tcp[id]->len),
                             SS_PACKET_SEGMENT);
            assert_is_datagram(&wire, tcp[id]);
            g_byte_array_unref(tcp[id]);
        }
        wire_clear(&wire);
    }

    Wire wire;
    wire_init(&wire);
    g_autoptr(GByteArray) tcp = tcp_of(4, 60, 1);
    g_autoptr(GByteArray) first = fragment_of((Head){4, 7, 6, 0, true}, ss_slice(tcp->data, 40));
    g_autoptr(GByteArray) last = fragment_of((Head){4, 7, 6, 40, false}, ss_slice(tcp->data, 40));
    assert_int_equal(feed(&wire, first), SS_PACKET_FRAGMENT);
    last->data[15] ^= 1;
    seal_ip4(last, 0);
    assert_int_equal(feed(&wire, last), SS_PACKET_FRAGMENT);
    last->data[15] ^= 1;
    last->data[19] ^= 1;
    assert_int_equal(feed(&wire, last), SS_PACKET_FRAGMENT);
    last->data[19] ^= 1;
    last->data[9] = 17;
    assert_int_equal(feed(&wire, last), SS_PACKET_FRAGMENT);
    last->data[9] = 6;
    assert_int_equal(feed(&wire, last), SS_PACKET_SEGMENT);
    ss_packet_decoder_finish(wire.decoder);
    assert_int_equal(met(&wire, SS_MET_FRAGMENT_OPEN), 3);
    wire_clear(&wire);
}

static void
n09_other_bytes_v4(void **state)
{
    (void)state;
    g_autoptr(GByteArray) tcp = tcp_of(4, 180, 3);
    g_autoptr(GByteArray) other = tcp_of(4, 180, 3);
    memset(other->data + 64, 'x', 24);
    Wire wire;
    wire_init(&wire);
    /* A part, the other reading of some of it before the rest comes, and the rest. */
    assert_int_equal(feed_part(&wire, 4, 7, tcp, 0, 80), SS_PACKET_FRAGMENT);
    assert_int_equal(feed_part(&wire, 4, 7, other, 64, 96), SS_PACKET_FRAGMENT);
    assert_int_equal(feed_part(&wire, 4, 7, tcp, 80, 200), SS_PACKET_SEGMENT);
    const SsSegment *segment = &wire.segment;
    assert_int_equal(segment->payload.len, 180);
    assert_int_equal(segment->alternate.len, 180);
    for (size_t i = 0; i < 180; i++) {
        size_t at = 20 + i;
        /* From 64 to 80 the first came first, from 80 to 88 the other. */
        bool is_first = at < 80 || at >= 96;
        assert_int_equal(segment->payload.data[i], (is_first ? tcp : other)->data[at]);
        bool is_other = (at >= 64 && at < 80);
        assert_int_equal(segment->alternate.data[i], (is_other || at < 64 ? other : tcp)->data[at]);
    }
    assert_int_equal(segment->n_fragments, 3);
    assert_int_equal(met(&wire, SS_MET_FRAGMENT_OVERLAP), 1);
    assert_int_equal(met(&wire, SS_MET_FRAGMENTED), 1);
    /* Late, it is a datagram of its own that never becomes whole. */
    assert_int_equal(feed_part(&wire, 4, 7, other, 0, 96), SS_PACKET_FRAGMENT);
    ss_packet_decoder_finish(wire.decoder);
    assert_int_equal(met(&wire, SS_MET_FRAGMENT_OPEN), 1);
    wire_clear(&wire);
}

/* Where only headers differ there is no other reading of the payload. */
static void
n09_other_header_v4(void **state)
{
    (void)state;
    g_autoptr(GByteArray) tcp = tcp_of(4, 180, 3);
    g_autoptr(GByteArray) other = tcp_of(4, 180, 3);
    other->data[0] ^= 1;
    Wire wire;
    wire_init(&wire);
    assert_int_equal(feed_part(&wire, 4, 7, tcp, 0, 80), SS_PACKET_FRAGMENT);
    assert_int_equal(feed_part(&wire, 4, 7, other, 0, 80), SS_PACKET_FRAGMENT);
    assert_int_equal(feed_part(&wire, 4, 7, tcp, 80, 200), SS_PACKET_SEGMENT);
    assert_is_datagram(&wire, tcp);
    assert_null(wire.segment.alternate.data);
    assert_int_equal(met(&wire, SS_MET_FRAGMENT_OVERLAP), 1);
    wire_clear(&wire);
}

/* RFC 5722: nothing of it is taken, neither what came nor what still comes. */
static void
n09_other_bytes_v6(void **state)
{
    (void)state;
    g_autoptr(GByteArray) tcp = tcp_of(6, 180, 3);
    g_autoptr(GByteArray) other = tcp_of(6, 180, 9);
    for (int kind = 0; kind < 3; kind++) {
        Wire wire;
        wire_init(&wire);
        assert_int_equal(feed_part(&wire, 6, 7, tcp, 0, 80), SS_PACKET_FRAGMENT);
        if (kind == 0) { /* seen when it is whole */
            assert_int_equal(feed_part(&wire, 6, 7, other, 48, 104), SS_PACKET_FRAGMENT);
            assert_int_equal(feed_part(&wire, 6, 7, tcp, 104, 200), SS_PACKET_BAD_FRAGMENT);
        } else if (kind == 1) { /* seen at once */
            assert_int_equal(feed_part(&wire, 6, 7, other, 0, 80), SS_PACKET_BAD_FRAGMENT);
        } else {
            Head last = {6, 7, 6, 40, false};
            g_autoptr(GByteArray) packet = fragment_of(last, ss_slice(tcp->data + 40, 8));
            assert_int_equal(feed(&wire, packet), SS_PACKET_BAD_FRAGMENT);
        }
        assert_int_equal(met(&wire, SS_MET_FRAGMENT_OVERLAP), 1);
        assert_int_equal(feed_part(&wire, 6, 7, tcp, 0, 80), SS_PACKET_BAD_FRAGMENT);
        assert_int_equal(feed_part(&wire, 6, 7, tcp, 80, 200), SS_PACKET_BAD_FRAGMENT);
        assert_int_equal(feed_part(&wire, 6, 8, tcp, 0, 80), SS_PACKET_FRAGMENT);
        assert_int_equal(feed_part(&wire, 6, 8, tcp, 80, 200), SS_PACKET_SEGMENT);
        wire.now_ns += 61 * SECOND;
        assert_int_equal(feed_part(&wire, 6, 7, tcp, 0, 80), SS_PACKET_FRAGMENT);
        assert_int_equal(feed_part(&wire, 6, 7, tcp, 80, 200), SS_PACKET_SEGMENT);
        assert_int_equal(met(&wire, SS_MET_FRAGMENT_OVERLAP), 1);
        wire_clear(&wire);
    }
}

static SsPacketBucket
feed_raw(Wire *wire, int version, unsigned offset, bool more, size_t len)
{
    static uint8_t bytes[70000];
    g_autoptr(GByteArray) packet =
        fragment_of((Head){version, 7, 6, offset, more}, ss_slice(bytes, len));
    return feed(wire, packet);
}

static void
n10_teardrop(void **state)
{
    (void)state;
    g_autoptr(GByteArray) tcp = tcp_of(4, 180, 3);
    Wire wire;
    wire_init(&wire);
    /* The last one inside what came, ending before its end. */
    assert_int_equal(feed_part(&wire, 4, 7, tcp, 0, 104), SS_PACKET_FRAGMENT);
    assert_int_equal(feed_raw(&wire, 4, 24, false, 4), SS_PACKET_BAD_FRAGMENT);
    assert_int_equal(feed_part(&wire, 4, 7, tcp, 104, 200), SS_PACKET_SEGMENT);
    assert_is_datagram(&wire, tcp);

    /* One that ends behind the end. */
    assert_int_equal(feed_part(&wire, 4, 8, tcp, 104, 200), SS_PACKET_FRAGMENT);
    g_autoptr(GByteArray) behind = fragment_of((Head){4, 8, 6, 200, true}, ss_slice(tcp->data, 8));
    assert_int_equal(feed(&wire, behind), SS_PACKET_BAD_FRAGMENT);
    assert_int_equal(feed_part(&wire, 4, 8, tcp, 0, 104), SS_PACKET_SEGMENT);
    assert_is_datagram(&wire, tcp);

    for (int version = 4; version <= 6; version += 2) {
        assert_int_equal(feed_raw(&wire, version, 0, true, 0), SS_PACKET_BAD_FRAGMENT);
        assert_int_equal(feed_raw(&wire, version, 80, false, 0), SS_PACKET_BAD_FRAGMENT);
        assert_int_equal(feed_raw(&wire, version, 80, true, 7), SS_PACKET_BAD_FRAGMENT);
    }
    assert_int_equal(feed_raw(&wire, 6, 80, true, 15), SS_PACKET_BAD_FRAGMENT);
    wire_clear(&wire);
}

/* Its length rounded down, as a common receiver does, the datagram must still become whole. */
static void
n10_not_in_units(void **state)
{
    (void)state;
    g_autoptr(GByteArray) tcp = tcp_of(4, 180, 3);
    Wire wire;
    wire_init(&wire);
    assert_int_equal(feed_part(&wire, 4, 7, tcp, 0, 101), SS_PACKET_FRAGMENT);
    assert_int_equal(feed_part(&wire, 4, 7, tcp, 104, 200), SS_PACKET_FRAGMENT);
    assert_int_equal(feed_part(&wire, 4, 7, tcp, 96, 104), SS_PACKET_SEGMENT);
    assert_is_datagram(&wire, tcp);
    wire_clear(&wire);
}

static void
n11_tiny_first(void **state)
{
    (void)state;
    for (int version = 4; version <= 6; version += 2) {
        g_autoptr(GByteArray) tcp = tcp_of(version, 60, 3);
        for (size_t first = 8; first <= 32; first += 8) {
            Wire wire;
            wire_init(&wire);
            assert_int_equal(feed_part(&wire, version, 7, tcp, 0, first), SS_PACKET_FRAGMENT);
            assert_int_equal(feed_part(&wire, version, 7, tcp, first, 80), SS_PACKET_SEGMENT);
            assert_is_datagram(&wire, tcp);
            bool is_tiny = first < 20;
            assert_int_equal(!!(wire.segment.oddities & SS_FRAME_TINY_FRAGMENT), is_tiny);
            assert_int_equal(met(&wire, SS_MET_FRAGMENT_TINY), is_tiny);
            wire_clear(&wire);
        }
    }
}

static void
n12_ping_of_death(void **state)
{
    (void)state;
    Wire wire;
    wire_init(&wire);
    assert_int_equal(feed_raw(&wire, 4, 0x1fff * 8, false, 100), SS_PACKET_BAD_FRAGMENT);
    assert_int_equal(feed_raw(&wire, 4, 65512, false, 4), SS_PACKET_BAD_FRAGMENT);
    assert_int_equal(feed_raw(&wire, 4, 65512, false, 3), SS_PACKET_FRAGMENT); /* just so */
    assert_int_equal(feed_raw(&wire, 6, 65528, true, 8), SS_PACKET_BAD_FRAGMENT);
    assert_int_equal(feed_raw(&wire, 6, 65528, false, 7), SS_PACKET_FRAGMENT);
    assert_int_equal(met(&wire, SS_MET_FRAGMENT_OVERSIZE), 3);
    wire_clear(&wire);
}

/* The largest there is, in the smallest fragments, first to last and last to first. */
static void
n12_largest(void **state)
{
    (void)state;
    for (int version = 4; version <= 6; version += 2) {
        size_t largest = version == 4 ? 65515 : 65535;
        g_autoptr(GByteArray) tcp = tcp_of(version, largest - 20, 3);
        for (int is_reverse = 0; is_reverse < 2; is_reverse++) {
            Wire wire;
            wire_init(&wire);
            size_t n = (largest + 7) / 8;
            for (size_t i = 0; i < n; i++) {
                size_t at = 8 * (is_reverse ? n - 1 - i : i);
                assert_int_equal(feed_part(&wire, version, 7, tcp, at, MIN(at + 8, largest)),
                                 i + 1 < n ? SS_PACKET_FRAGMENT : SS_PACKET_SEGMENT);
            }
            assert_is_datagram(&wire, tcp);
            assert_int_equal(wire.segment.n_fragments, n);
            wire_clear(&wire);
        }
    }
}

static void
n13_a_million_never_complete(void **state)
{
    (void)state;
    Wire wire;
    wire_init(&wire);
    g_autoptr(GByteArray) tcp = tcp_of(4, 60, 3);
    g_autoptr(GByteArray) packet = fragment_of((Head){4, 0, 6, 40, true}, ss_slice(tcp->data, 40));
    gint64 started = g_get_monotonic_time();
    uint64_t most = 0;
    for (uint32_t i = 0; i < 1000000; i++) {
        set16(packet, 4, i & 0xffff);
        set16(packet, 14, i >> 16);
        assert_int_equal(feed(&wire, packet), SS_PACKET_FRAGMENT);
        most = MAX(most, wire.memory);
        assert_true(wire.memory <= SS_FRAGMENTS_KEPT_MAX);
    }
    print_message("%.2f s\n", (double)(g_get_monotonic_time() - started) / 1e6);
    assert_true(most > SS_FRAGMENTS_KEPT_MAX - 4096);
    uint64_t evicted = met(&wire, SS_MET_FRAGMENT_EVICTED);
    assert_true(evicted > 900000);
    /* The newest are still there, and become whole. */
    g_autoptr(GByteArray) rest = fragment_of((Head){4, 0, 6, 0, true}, ss_slice(tcp->data, 40));
    g_autoptr(GByteArray) end = fragment_of((Head){4, 0, 6, 80, false}, ss_slice(tcp->data, 8));
    memcpy(rest->data + 4, packet->data + 4, 2);
    memcpy(end->data + 4, packet->data + 4, 2);
    set16(rest, 14, 999999 >> 16);
    set16(end, 14, 999999 >> 16);
    assert_int_equal(feed(&wire, rest), SS_PACKET_FRAGMENT);
    assert_int_equal(feed(&wire, end), SS_PACKET_SEGMENT);
    ss_packet_decoder_finish(wire.decoder);
    assert_int_equal(met(&wire, SS_MET_FRAGMENT_EVICTED) + met(&wire, SS_MET_FRAGMENT_OPEN) + 1,
                     1000000);
    assert_int_equal(met(&wire, SS_MET_FRAGMENT_TIMEOUT), 0);
    wire_clear(&wire);
}

/* One datagram with all that it may have, again and again, and with more than that. */
static void
n13_too_much_of_one(void **state)
{
    (void)state;
    Wire wire;
    wire_init(&wire);
    g_autoptr(GByteArray) tcp = tcp_of(4, 1000, 3);
    assert_int_equal(feed_part(&wire, 4, 7, tcp, 0, 80), SS_PACKET_FRAGMENT);
    for (int i = 0; i < 1000; i++) {
        assert_int_equal(feed_part(&wire, 4, 7, tcp, 0, 80),
                         i < SS_FRAGMENTS_AGAIN_MAX ? SS_PACKET_FRAGMENT : SS_PACKET_BAD_FRAGMENT);
    }
    assert_int_equal(feed_part(&wire, 4, 7, tcp, 80, 1020), SS_PACKET_SEGMENT);
    assert_is_datagram(&wire, tcp);

    int i = 0;
    while (feed_raw(&wire, 4, 16 * 8 + 8 * (unsigned)i, true, 60000) == SS_PACKET_FRAGMENT) {
        i++;
    }
    assert_int_equal(i, 4);
    assert_int_equal(met(&wire, SS_MET_FRAGMENT_EVICTED), 1);
    assert_int_equal(feed_raw(&wire, 4, 0, true, 80), SS_PACKET_BAD_FRAGMENT);
    wire_clear(&wire);
}

/* An id is used again while a datagram with it is not whole. */
static void
n14_id_again(void **state)
{
    (void)state;
    g_autoptr(GByteArray) old = tcp_of(4, 180, 3);
    g_autoptr(GByteArray) new = tcp_of(4, 180, 9);
    g_autoptr(GByteArray) longer = tcp_of(4, 280, 9);
    Wire wire;

    /* Another beginning after a pause. */
    wire_init(&wire);
    assert_int_equal(feed_part(&wire, 4, 7, old, 0, 80), SS_PACKET_FRAGMENT);
    wire.now_ns += 2 * SECOND;
    assert_int_equal(feed_part(&wire, 4, 7, new, 0, 80), SS_PACKET_FRAGMENT);
    assert_int_equal(feed_part(&wire, 4, 7, new, 80, 200), SS_PACKET_SEGMENT);
    assert_is_datagram(&wire, new);
    assert_null(wire.segment.alternate.data);
    assert_int_equal(met(&wire, SS_MET_FRAGMENT_EVICTED), 1);
    assert_int_equal(met(&wire, SS_MET_FRAGMENT_OVERLAP), 0);
    wire_clear(&wire);

    /* Another end, at once. */
    wire_init(&wire);
    assert_int_equal(feed_part(&wire, 4, 7, old, 80, 200), SS_PACKET_FRAGMENT);
    assert_int_equal(feed_part(&wire, 4, 7, longer, 80, 300), SS_PACKET_FRAGMENT);
    assert_int_equal(feed_part(&wire, 4, 7, longer, 0, 80), SS_PACKET_SEGMENT);
    assert_is_datagram(&wire, longer);
    assert_null(wire.segment.alternate.data);
    assert_int_equal(met(&wire, SS_MET_FRAGMENT_EVICTED), 1);
    wire_clear(&wire);

    /* A part behind the end, after a pause. */
    wire_init(&wire);
    assert_int_equal(feed_part(&wire, 4, 7, old, 80, 200), SS_PACKET_FRAGMENT);
    wire.now_ns += 2 * SECOND;
    assert_int_equal(feed_part(&wire, 4, 7, longer, 200, 240), SS_PACKET_FRAGMENT);
    assert_int_equal(feed_part(&wire, 4, 7, longer, 240, 300), SS_PACKET_FRAGMENT);
    assert_int_equal(feed_part(&wire, 4, 7, longer, 0, 200), SS_PACKET_SEGMENT);
    assert_is_datagram(&wire, longer);
    wire_clear(&wire);

    /* At once behind a whole one. */
    wire_init(&wire);
    assert_int_equal(feed_part(&wire, 4, 7, old, 0, 80), SS_PACKET_FRAGMENT);
    assert_int_equal(feed_part(&wire, 4, 7, old, 80, 200), SS_PACKET_SEGMENT);
    assert_int_equal(feed_part(&wire, 4, 7, new, 80, 200), SS_PACKET_FRAGMENT);
    assert_int_equal(feed_part(&wire, 4, 7, new, 0, 80), SS_PACKET_SEGMENT);
    assert_is_datagram(&wire, new);
    assert_int_equal(met(&wire, SS_MET_FRAGMENT_EVICTED), 0);
    wire_clear(&wire);

    /* Without a pause nothing tells them apart from two readings of one: both are given. */
    wire_init(&wire);
    assert_int_equal(feed_part(&wire, 4, 7, old, 0, 80), SS_PACKET_FRAGMENT);
    assert_int_equal(feed_part(&wire, 4, 7, new, 0, 80), SS_PACKET_FRAGMENT);
    assert_int_equal(feed_part(&wire, 4, 7, new, 80, 200), SS_PACKET_SEGMENT);
    assert_true(ss_slice_eq(wire.segment.alternate, ss_slice(new->data + 20, 180)));
    wire_clear(&wire);
}

static void
test_timeouts(void **state)
{
    (void)state;
    for (int version = 4; version <= 6; version += 2) {
        int64_t timeout_ns = (version == 4 ? 30 : 60) * SECOND;
        g_autoptr(GByteArray) tcp = tcp_of(version, 180, 3);
        Wire wire;
        wire_init(&wire);
        assert_int_equal(feed_part(&wire, version, 7, tcp, 0, 80), SS_PACKET_FRAGMENT);
        wire.now_ns += timeout_ns;
        assert_int_equal(feed_part(&wire, version, 7, tcp, 80, 200), SS_PACKET_SEGMENT);
        assert_is_datagram(&wire, tcp);
        assert_int_equal(feed_part(&wire, version, 8, tcp, 0, 80), SS_PACKET_FRAGMENT);
        wire.now_ns += timeout_ns + 1;
        assert_int_equal(feed_part(&wire, version, 8, tcp, 80, 200), SS_PACKET_FRAGMENT);
        assert_int_equal(met(&wire, SS_MET_FRAGMENT_TIMEOUT), 1);
        /* The clock goes back, as where another file follows. */
        wire.now_ns -= 10 * timeout_ns;
        assert_int_equal(feed_part(&wire, version, 8, tcp, 0, 80), SS_PACKET_FRAGMENT);
        assert_int_equal(met(&wire, SS_MET_FRAGMENT_TIMEOUT), 2);
        /* Any packet moves the time on. */
        wire.now_ns += timeout_ns + 1;
        g_autoptr(GByteArray) whole = packet4();
        assert_int_equal(feed(&wire, whole), SS_PACKET_SEGMENT);
        assert_int_equal(met(&wire, SS_MET_FRAGMENT_TIMEOUT), 3);
        assert_int_equal(wire.memory, 0);
        wire_clear(&wire);
    }
}

/* What the snap length left: all up to the first byte that is missing. */
static void
test_cut(void **state)
{
    (void)state;
    g_autoptr(GByteArray) tcp = tcp_of(4, 180, 3);
    g_autoptr(GByteArray) first = fragment_of((Head){4, 7, 6, 0, true}, ss_slice(tcp->data, 104));
    g_autoptr(GByteArray) last =
        fragment_of((Head){4, 7, 6, 104, false}, ss_slice(tcp->data + 104, 96));
    for (size_t cut_first = 0; cut_first <= 104; cut_first++) {
        for (size_t cut_last = 0; cut_last <= 96; cut_last += 5) {
            Wire wire;
            wire_init(&wire);
            bool is_header_there = cut_first <= 84;
            size_t known = cut_first ? 104 - cut_first : 200 - cut_last;
            assert_int_equal(feed_cut(&wire, last, last->len - cut_last), SS_PACKET_FRAGMENT);
            assert_int_equal(feed_cut(&wire, first, first->len - cut_first),
                             is_header_there ? SS_PACKET_SEGMENT : SS_PACKET_TRUNCATED);
            if (is_header_there) {
                assert_int_equal(wire.segment.payload.len, known - 20);
                assert_int_equal(wire.segment.cut, 200 - known);
                assert_memory_equal(wire.segment.payload.data, tcp->data + 20, known - 20);
                assert_int_equal(wire.segment.n_fragments, 2);
                assert_int_equal(ss_segment_checksum(&wire.segment),
                                 known == 200 ? SS_CHECKSUM_GOOD : SS_CHECKSUM_UNKNOWN);
                assert_int_equal(met(&wire, SS_MET_SNAP_LENGTH), known < 200);
            }
            wire_clear(&wire);
        }
    }
}

static void
test_buckets_of_one(void **state)
{
    (void)state;
    static const struct {
        int version;
        unsigned field;
        uint8_t protocol;
        SsPacketBucket bucket;
    } cases[] = {
        {4, 0x0000, 6, SS_PACKET_SEGMENT},   {4, 0x4000, 6, SS_PACKET_SEGMENT},
        {4, 0x8000, 6, SS_PACKET_SEGMENT},   {4, 0x2000, 6, SS_PACKET_FRAGMENT},
        {4, 0x0001, 6, SS_PACKET_FRAGMENT},  {4, 0x0001, 17, SS_PACKET_FRAGMENT},
        {4, 0x0001, 1, SS_PACKET_NOT_TCP},   {4, 0x2000, 47, SS_PACKET_FRAGMENT},
        {6, 0x0000, 6, SS_PACKET_SEGMENT}, /* atomic */
        {6, 0x0006, 6, SS_PACKET_SEGMENT}, /* reserved bits */
        {6, 0x0001, 6, SS_PACKET_FRAGMENT},  {6, 0x0008, 6, SS_PACKET_FRAGMENT},
        {6, 0x0008, 60, SS_PACKET_FRAGMENT}, {6, 0x0008, 17, SS_PACKET_FRAGMENT},
        {6, 0x0000, 17, SS_PACKET_NOT_TCP},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) tcp = tcp_of(4, 60, 3);
        g_autoptr(GByteArray) packet =
            fragment_of((Head){cases[i].version, 7, cases[i].protocol, 0, false},
                        ss_slice(tcp->data, tcp->len));
        set16(packet, cases[i].version == 4 ? 6 : 42, cases[i].field);
        Wire wire;
        wire_init(&wire);
        assert_int_equal(feed(&wire, packet), cases[i].bucket);
        wire_clear(&wire);
    }
}

/* Of IPv6, the first fragment alone says what it is; and headers may be in the datagram too. */
static void
test_v6_headers_within(void **state)
{
    (void)state;
    g_autoptr(GByteArray) tcp = tcp_of(6, 180, 3);
    g_autoptr(GByteArray) datagram = g_byte_array_new();
    put(datagram, "\6\0\1\4\0\0\0\0", 8); /* destination options */
    put_array(datagram, tcp);
    g_autoptr(GByteArray) first =
        fragment_of((Head){6, 7, 60, 0, true}, ss_slice(datagram->data, 24));
    g_autoptr(GByteArray) last =
        fragment_of((Head){6, 7, 58, 24, false}, ss_slice(datagram->data + 24, 184));
    Wire wire;
    wire_init(&wire);
    assert_int_equal(feed(&wire, last), SS_PACKET_FRAGMENT);
    assert_int_equal(feed(&wire, first), SS_PACKET_SEGMENT);
    assert_is_datagram(&wire, tcp);
    assert_true(wire.segment.oddities & SS_FRAME_TINY_FRAGMENT);
    wire_clear(&wire);
}

/* Fragments of a tunnel that carries fragments. */
static void
test_within_fragments(void **state)
{
    (void)state;
    g_autoptr(GByteArray) tcp = tcp_of(6, 180, 3);
    Wire wire;
    wire_init(&wire);
    SsPacketBucket bucket = SS_PACKET_FRAGMENT;
    for (int inner = 0; inner < 2; inner++) {
        size_t from = inner ? 80 : 0, to = inner ? 200 : 80;
        g_autoptr(GByteArray) part = fragment_of((Head){6, 7, 6, (unsigned)from, inner == 0},
                                                 ss_slice(tcp->data + from, to - from));
        for (size_t at = 0; at < part->len; at += 32) {
            size_t n = MIN(32, part->len - at);
            g_autoptr(GByteArray) packet =
                fragment_of((Head){4, (uint32_t)inner, 41, (unsigned)at, at + n < part->len},
                            ss_slice(part->data + at, n));
            assert_int_equal(bucket, SS_PACKET_FRAGMENT);
            bucket = feed(&wire, packet);
        }
    }
    assert_int_equal(bucket, SS_PACKET_SEGMENT);
    assert_is_datagram(&wire, tcp);
    assert_int_equal(wire.segment.family, 6);
    assert_int_equal(wire.segment.n_fragments, 2);
    assert_int_equal(wire.segment.fragments[0], 4);
    assert_int_equal(met(&wire, SS_MET_FRAGMENTED), 3);
    wire_clear(&wire);
}

/* A whole datagram that other fragments evict in the same moment is still read. */
static void
test_evicted_while_read(void **state)
{
    (void)state;
    Wire wire;
    wire_init(&wire);
    static uint8_t bytes[60000];
    for (uint32_t id = 0; id < 80; id++) { /* more than may be kept */
        g_autoptr(GByteArray) filler =
            fragment_of((Head){6, 100 + id, 6, 8, true}, ss_slice(bytes, sizeof bytes));
        assert_int_equal(feed(&wire, filler), SS_PACKET_FRAGMENT);
    }
    g_autoptr(GByteArray) inner =
        fragment_of((Head){4, 5, 6, 0, true}, ss_slice(bytes, sizeof bytes));
    g_autoptr(GByteArray) a = fragment_of((Head){4, 9, 4, 0, true}, ss_slice(inner->data, 30000));
    g_autoptr(GByteArray) b = fragment_of((Head){4, 9, 4, 30000, false},
                                          ss_slice(inner->data + 30000, inner->len - 30000));
    assert_int_equal(feed(&wire, a), SS_PACKET_FRAGMENT);
    assert_int_equal(feed(&wire, b), SS_PACKET_FRAGMENT);
    assert_true(wire.memory <= SS_FRAGMENTS_KEPT_MAX + 2 * sizeof bytes);
    wire_clear(&wire);
}

/* --- any datagram, cut and mixed in any way --- */

typedef struct {
    size_t from, to;
} Range;

/* Ranges in units of 8 that cover `len` bytes, some of them overlapping or twice, in any order. */
static GArray *
random_ranges(GRand *rand, size_t len)
{
    GArray *ranges = g_array_new(FALSE, FALSE, sizeof(Range));
    for (size_t at = 0; at < len;) {
        size_t back = 8 * (size_t)g_rand_int_range(rand, 0, 3);
        Range range = {at > back ? at - back : 0, 0};
        at += 8 * (size_t)g_rand_int_range(rand, 1, g_rand_boolean(rand) ? 4 : 100);
        at = MIN(at, len);
        range.to = at;
        if (range.to - range.from == len) { /* that is no fragment */
            at = range.to = 8;
        }
        g_array_append_val(ranges, range);
        if (g_rand_int_range(rand, 0, 4) == 0) {
            g_array_append_val(ranges, range);
        }
    }
    for (guint i = ranges->len - 1; i > 0; i--) {
        guint k = (guint)g_rand_int_range(rand, 0, (gint32)i + 1);
        Range *a = &g_array_index(ranges, Range, i), *b = &g_array_index(ranges, Range, k);
        Range keep = *a;
        *a = *b;
        *b = keep;
    }
    return ranges;
}

static void
n08_any_fragmentation(void **state)
{
    (void)state;
    const char *given = g_getenv("SS_SEED");
    guint32 seed = given ? (guint32)g_ascii_strtoull(given, NULL, 10) : 25;
    print_message("seed %u\n", seed);
    g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
    Wire wire;
    wire_init(&wire);
    for (uint32_t trial = 0; trial < 10000; trial++) {
        int version = g_rand_boolean(rand) ? 4 : 6;
        size_t len = (size_t)g_rand_int_range(rand, 1, g_rand_boolean(rand) ? 200 : 4000);
        g_autoptr(GByteArray) tcp = tcp_of(version, len, (uint8_t)g_rand_int(rand));
        g_autoptr(GArray) ranges = random_ranges(rand, tcp->len);
        int n_segments = 0;
        for (guint i = 0; i < ranges->len; i++) {
            Range range = g_array_index(ranges, Range, i);
            wire.now_ns += g_rand_int_range(rand, 0, 1000000);
            SsPacketBucket bucket = feed_part(&wire, version, trial, tcp, range.from, range.to);
            if (bucket == SS_PACKET_SEGMENT) {
                n_segments++;
                assert_is_datagram(&wire, tcp);
                assert_null(wire.segment.alternate.data);
            } else {
                assert_int_equal(bucket, SS_PACKET_FRAGMENT);
            }
        }
        assert_int_equal(n_segments, 1);
        wire.now_ns += 2 * SECOND;
    }
    assert_int_equal(met(&wire, SS_MET_FRAGMENT_OVERLAP), 0);
    assert_int_equal(met(&wire, SS_MET_FRAGMENT_EVICTED), 0);
    wire_clear(&wire);
}

/* Fragments of few datagrams with any bytes and offsets: nothing to expect but an end. */
static void
test_chance(void **state)
{
    (void)state;
    g_autoptr(GRand) rand = g_rand_new_with_seed(25);
    Wire wire;
    wire_init(&wire);
    uint64_t buckets[SS_N_PACKET_BUCKETS] = {0};
    for (int i = 0; i < 300000; i++) {
        uint8_t bytes[600];
        size_t len = (size_t)g_rand_int_range(rand, 0, g_rand_boolean(rand) ? 40 : 600);
        memset(bytes, g_rand_int_range(rand, 0, 2), len);
        static const uint8_t protocols[] = {6, 6, 4, 41, 47, 17};
        Head head = {g_rand_boolean(rand) ? 4 : 6, g_rand_int(rand) % 4,
                     protocols[g_rand_int_range(rand, 0, G_N_ELEMENTS(protocols))],
                     8 * (g_rand_int(rand) % (g_rand_boolean(rand) ? 8 : 8192)),
                     g_rand_int_range(rand, 0, 4) != 0};
        g_autoptr(GByteArray) packet = fragment_of(head, ss_slice(bytes, len));
        wire.now_ns += g_rand_int_range(rand, 0, 1000) == 0 ? 20 * SECOND : SECOND / 1000;
        size_t captured = packet->len;
        if (g_rand_int_range(rand, 0, 10) == 0) {
            captured -= (size_t)g_rand_int_range(rand, 0, (gint32)len + 1);
        }
        buckets[feed_cut(&wire, packet, captured)]++;
        assert_true(wire.memory <= SS_FRAGMENTS_KEPT_MAX + 70000);
        if (wire.segment.alternate.data) {
            assert_int_equal(wire.segment.alternate.len, wire.segment.payload.len);
        }
    }
    assert_true(buckets[SS_PACKET_FRAGMENT] > 10000);
    assert_true(buckets[SS_PACKET_BAD_FRAGMENT] > 10000);
    assert_true(met(&wire, SS_MET_FRAGMENTED) > 100);
    wire_clear(&wire);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(n08_in_any_order),
        cmocka_unit_test(n08_duplicates),
        cmocka_unit_test(n08_interleaved),
        cmocka_unit_test(n08_any_fragmentation),
        cmocka_unit_test(n09_other_bytes_v4),
        cmocka_unit_test(n09_other_header_v4),
        cmocka_unit_test(n09_other_bytes_v6),
        cmocka_unit_test(n10_teardrop),
        cmocka_unit_test(n10_not_in_units),
        cmocka_unit_test(n11_tiny_first),
        cmocka_unit_test(n12_ping_of_death),
        cmocka_unit_test(n12_largest),
        cmocka_unit_test(n13_a_million_never_complete),
        cmocka_unit_test(n13_too_much_of_one),
        cmocka_unit_test(n14_id_again),
        cmocka_unit_test(test_timeouts),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_buckets_of_one),
        cmocka_unit_test(test_v6_headers_within),
        cmocka_unit_test(test_within_fragments),
        cmocka_unit_test(test_evicted_while_read),
        cmocka_unit_test(test_chance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
