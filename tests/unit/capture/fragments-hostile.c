/* Fragments made to do harm: with other bytes, impossible, too many, under an id that was used. */
#include "tests/unit/capture/fragments.h"

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

/* A fragment that no host takes does not keep out the one that is meant. */
static void
n15_wrong_header_checksum(void **state)
{
    (void)state;
    g_autoptr(GByteArray) tcp = tcp_of(4, 180, 3);
    g_autoptr(GByteArray) bad = fragment_of((Head){4, 7, 6, 0, true}, ss_slice(tcp->data, 80));
    bad->data[10] ^= 1;
    memset(bad->data + 60, 'x', 8);
    Wire wire;
    wire_init(&wire);
    assert_int_equal(feed(&wire, bad), SS_PACKET_FRAGMENT);
    assert_int_equal(feed_part(&wire, 4, 7, tcp, 80, 200), SS_PACKET_FRAGMENT);
    assert_int_equal(feed_part(&wire, 4, 7, tcp, 0, 80), SS_PACKET_SEGMENT);
    assert_is_datagram(&wire, tcp);
    assert_null(wire.segment.alternate.data);
    /* All of them so: it says so. */
    g_autoptr(GByteArray) last =
        fragment_of((Head){4, 7, 6, 80, false}, ss_slice(tcp->data + 80, 120));
    last->data[10] ^= 1;
    assert_int_equal(feed(&wire, last), SS_PACKET_SEGMENT);
    assert_int_equal(wire.segment.oddities, SS_FRAME_FRAGMENTED | SS_FRAME_BAD_IP_CHECKSUM);
    assert_int_equal(ss_segment_checksum(&wire.segment), SS_CHECKSUM_BAD);
    wire_clear(&wire);
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

/* A whole datagram goes to make room for the fragment that it carries, which is still read. */
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
    g_autoptr(GByteArray) tcp = tcp_of(4, 60100, 3);
    g_autoptr(GByteArray) inner = fragment_of((Head){4, 5, 6, 0, true}, ss_slice(tcp->data, 60000));
    g_autoptr(GByteArray) a = fragment_of((Head){4, 9, 4, 0, true}, ss_slice(inner->data, 30000));
    g_autoptr(GByteArray) b = fragment_of((Head){4, 9, 4, 30000, false},
                                          ss_slice(inner->data + 30000, inner->len - 30000));
    assert_int_equal(feed(&wire, a), SS_PACKET_FRAGMENT);
    assert_int_equal(feed(&wire, b), SS_PACKET_FRAGMENT);
    assert_true(wire.memory <= SS_FRAGMENTS_KEPT_MAX + 2 * sizeof bytes);
    assert_int_equal(feed_part(&wire, 4, 5, tcp, 60000, tcp->len), SS_PACKET_SEGMENT);
    assert_is_datagram(&wire, tcp);
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
        cmocka_unit_test(n09_other_bytes_v4),
        cmocka_unit_test(n09_other_header_v4),
        cmocka_unit_test(n09_other_bytes_v6),
        cmocka_unit_test(n15_wrong_header_checksum),
        cmocka_unit_test(n10_teardrop),
        cmocka_unit_test(n10_not_in_units),
        cmocka_unit_test(n11_tiny_first),
        cmocka_unit_test(n12_ping_of_death),
        cmocka_unit_test(n12_largest),
        cmocka_unit_test(n13_a_million_never_complete),
        cmocka_unit_test(n13_too_much_of_one),
        cmocka_unit_test(n14_id_again),
        cmocka_unit_test(test_evicted_while_read),
        cmocka_unit_test(test_chance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
