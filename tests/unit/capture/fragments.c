/* Fragments as they come: in any order and number, in part, late, within each other. */
#include "tests/unit/capture/fragments.h"

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
    static const struct {
        guint at;
        uint8_t change;
    } others[] = {{15, 1}, {19, 1}, {9, 6 ^ 17}};
    for (size_t i = 0; i < G_N_ELEMENTS(others); i++) {
        last->data[others[i].at] ^= others[i].change;
        seal_ip4(last, 0);
        assert_int_equal(feed(&wire, last), SS_PACKET_FRAGMENT);
        last->data[others[i].at] ^= others[i].change;
    }
    seal_ip4(last, 0);
    assert_int_equal(feed(&wire, last), SS_PACKET_SEGMENT);
    ss_packet_decoder_finish(wire.decoder);
    assert_int_equal(met(&wire, SS_MET_FRAGMENT_OPEN), 3);
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

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(n08_in_any_order),
        cmocka_unit_test(n08_duplicates),
        cmocka_unit_test(n08_interleaved),
        cmocka_unit_test(test_timeouts),
        cmocka_unit_test(test_cut),
        cmocka_unit_test(test_buckets_of_one),
        cmocka_unit_test(test_v6_headers_within),
        cmocka_unit_test(test_within_fragments),
        cmocka_unit_test(n08_any_fragmentation),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
