/* From frames to segments: link types, IP, TCP, and every way to cut or to lie. */
#include "capture/packet.h"

#include "base/limits.h"
#include "tests/ss-test.h"
#include "tests/unit/capture/bytes.h"

#define PAYLOAD "EHLO client.example\r\n"
#define PAYLOAD_LEN (sizeof PAYLOAD - 1)

static const uint8_t FROM4[] = {192, 0, 2, 1};
static const uint8_t TO4[] = {198, 51, 100, 2};
static const uint8_t FROM6[] = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 1};
static const uint8_t TO6[] = {0x20, 1, 0xd, 0xb8, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 2};

/* --- making frames --- */

static void
put_tcp(GByteArray *to, unsigned n_option_words)
{
    put16(to, 40000);
    put16(to, 25);
    put32(to, 0x01020304);
    put32(to, 0x05060708);
    put8(to, (5 + n_option_words) << 4);
    put8(to, SS_TCP_PSH | SS_TCP_ACK | 0xc0);
    put16(to, 4096);
    put32(to, 0);
    for (unsigned i = 0; i < 4 * n_option_words; i++) {
        put8(to, 1);
    }
    put(to, PAYLOAD, PAYLOAD_LEN);
}

/* `options`: bytes, a multiple of 4. */
static void
put_ip4(GByteArray *to, unsigned options, unsigned fragment, uint8_t protocol, unsigned len)
{
    put8(to, 0x40 | (5 + options / 4));
    put8(to, 0);
    put16(to, 20 + options + len);
    put16(to, 1);
    put16(to, fragment);
    put8(to, 63);
    put8(to, protocol);
    put16(to, 0);
    put(to, FROM4, 4);
    put(to, TO4, 4);
    put_zeros(to, options);
}

static void
put_ip6(GByteArray *to, uint8_t next, unsigned len)
{
    put32(to, 0x60000000);
    put16(to, len);
    put8(to, next);
    put8(to, 64);
    put(to, FROM6, 16);
    put(to, TO6, 16);
}

static GByteArray *
packet4(void)
{
    GByteArray *packet = g_byte_array_new();
    put_ip4(packet, 8, 0x4000, 6, 20 + 12 + PAYLOAD_LEN);
    put_tcp(packet, 3);
    return packet;
}

/* Behind a hop-by-hop header of 8 bytes and a destination header of 16. */
static GByteArray *
packet6(void)
{
    GByteArray *packet = g_byte_array_new();
    put_ip6(packet, 0, 24 + 20 + PAYLOAD_LEN);
    put8(packet, 60);
    put8(packet, 0);
    put_zeros(packet, 6);
    put8(packet, 6);
    put8(packet, 1);
    put_zeros(packet, 14);
    put_tcp(packet, 0);
    return packet;
}

static void
put_ethernet(GByteArray *to, unsigned type)
{
    put(to, "\2\2\2\2\2\2\4\4\4\4\4\4", 12);
    put16(to, type);
}

static SsPacketBucket
decode_cut(uint32_t link_type, const uint8_t *bytes, size_t captured, size_t len, SsSegment *ret)
{
    uint8_t *copy = malloc(captured ? captured : 1); /* so that the sanitizer knows its end */
    memcpy(copy, bytes, captured);
    SsFrame frame = {.origin = {7, 8, 9},
                     .link_type = link_type,
                     .len = (uint32_t)len,
                     .bytes = ss_slice(copy, captured)};
    uint64_t memory = 0;
    SsPacketDecoder *decoder = ss_packet_decoder_new(&memory);
    SsPacketBucket bucket = ss_packet_decode(decoder, &frame, ret);
    ss_packet_decoder_free(decoder);
    if (bucket == SS_PACKET_SEGMENT) {
        assert_true(ret->payload.data >= copy);
        assert_true(ret->payload.data + ret->payload.len <= copy + captured);
        assert_true(ret->payload.len + ret->cut <= len);
        for (size_t i = 0; i < ret->payload.len; i++) {
            assert_int_equal(ret->payload.data[i], bytes[ret->payload.data - copy + (ptrdiff_t)i]);
        }
        ret->payload.data = bytes + (ret->payload.data - copy);
    }
    free(copy);
    return bucket;
}

static SsPacketBucket
decode(uint32_t link_type, const GByteArray *frame, SsSegment *ret)
{
    return decode_cut(link_type, frame->data, frame->len, frame->len, ret);
}

static void
assert_is_hello(const SsSegment *segment)
{
    assert_true(ss_slice_eq(segment->payload, SS_SLICE(PAYLOAD)));
    assert_int_equal(segment->cut, 0);
    assert_int_equal(segment->from.port, 40000);
    assert_int_equal(segment->to.port, 25);
    assert_int_equal(segment->seq, 0x01020304);
    assert_int_equal(segment->ack, 0x05060708);
    assert_int_equal(segment->window, 4096);
    assert_int_equal(segment->flags, SS_TCP_PSH | SS_TCP_ACK);
    assert_int_equal(segment->origin.frame, 7);
    assert_int_equal(segment->origin.time_ns, 8);
    assert_int_equal(segment->origin.time_digits, 9);
    if (segment->family == 4) {
        static const uint8_t zeros[12];
        assert_memory_equal(segment->from.bytes, FROM4, 4);
        assert_memory_equal(segment->from.bytes + 4, zeros, 12);
        assert_memory_equal(segment->to.bytes, TO4, 4);
        assert_int_equal(segment->ttl, 63);
    } else {
        assert_int_equal(segment->family, 6);
        assert_memory_equal(segment->from.bytes, FROM6, 16);
        assert_memory_equal(segment->to.bytes, TO6, 16);
        assert_int_equal(segment->ttl, 64);
    }
}

/* --- link types --- */

typedef struct {
    uint32_t link_type;
    int version; /* of IP */
    SsSlice header;
} LinkCase;

static const LinkCase LINK_CASES[] = {
    {1, 4, SS_SLICE_INIT("\1\1\1\1\1\1\2\2\2\2\2\2\x08\x00")},
    {1, 6, SS_SLICE_INIT("\1\1\1\1\1\1\2\2\2\2\2\2\x86\xdd")},
    {1, 4, SS_SLICE_INIT("\1\1\1\1\1\1\2\2\2\2\2\2\x81\x00\x00\x05\x08\x00")},
    {1, 4, SS_SLICE_INIT("\1\1\1\1\1\1\2\2\2\2\2\2\x88\xa8\x00\x05\x81\x00\x00\x06\x08\x00")},
    {1, 6, SS_SLICE_INIT("\1\1\1\1\1\1\2\2\2\2\2\2\x91\x00\x00\x05\x86\xdd")},
    {1, 4, SS_SLICE_INIT("\1\1\1\1\1\1\2\2\2\2\2\2\x00\x60\xaa\xaa\x03\x00\x00\x00\x08\x00")},
    {1, 4, SS_SLICE_INIT("\1\1\1\1\1\1\2\2\2\2\2\2\x00\x60\x06\x06\x03")},
    {1, 6,
     SS_SLICE_INIT("\1\1\1\1\1\1\2\2\2\2\2\2\x81\x00\x00\x05\x00\x60\xaa\xaa\x03\x00\x00\x00"
                   "\x86\xdd")},
    {101, 4, SS_SLICE_INIT("")},
    {101, 6, SS_SLICE_INIT("")},
    {12, 4, SS_SLICE_INIT("")},
    {14, 6, SS_SLICE_INIT("")},
    {228, 4, SS_SLICE_INIT("")},
    {229, 6, SS_SLICE_INIT("")},
    {113, 4, SS_SLICE_INIT("\0\0\0\1\0\6\1\1\1\1\1\1\0\0\x08\x00")},
    {113, 6, SS_SLICE_INIT("\0\0\0\1\0\6\1\1\1\1\1\1\0\0\x86\xdd")},
    {113, 4, SS_SLICE_INIT("\0\0\0\1\0\6\1\1\1\1\1\1\0\0\x81\x00\x00\x05\x08\x00")},
    {276, 4, SS_SLICE_INIT("\x08\x00\0\0\0\0\0\2\0\1\0\6\1\1\1\1\1\1\0\0")},
    {276, 6, SS_SLICE_INIT("\x86\xdd\0\0\0\0\0\2\0\1\0\6\1\1\1\1\1\1\0\0")},
    {276, 4, SS_SLICE_INIT("\x81\x00\0\0\0\0\0\2\0\1\0\6\1\1\1\1\1\1\0\0\x00\x05\x08\x00")},
    {0, 4, SS_SLICE_INIT("\2\0\0\0")},
    {0, 4, SS_SLICE_INIT("\0\0\0\2")},
    {0, 6, SS_SLICE_INIT("\x1e\0\0\0")},
    {0, 6, SS_SLICE_INIT("\0\0\0\x18")},
    {108, 4, SS_SLICE_INIT("\0\0\0\2")},
    {108, 6, SS_SLICE_INIT("\0\0\0\x1c")},
    {9, 4, SS_SLICE_INIT("\xff\x03\x00\x21")},
    {9, 6, SS_SLICE_INIT("\x00\x57")},
    {9, 4, SS_SLICE_INIT("\x21")},
    {50, 4, SS_SLICE_INIT("\xff\x03\x00\x21")},
    {50, 4, SS_SLICE_INIT("\x0f\x00\x08\x00")},
    {104, 6, SS_SLICE_INIT("\x8f\x00\x86\xdd")},
    {166, 4, SS_SLICE_INIT("\x01\x03\x00\x21")},
};

static GByteArray *
frame_of(const LinkCase *link)
{
    GByteArray *frame = g_byte_array_new();
    put(frame, link->header.data, link->header.len);
    g_autoptr(GByteArray) packet = link->version == 4 ? packet4() : packet6();
    put_array(frame, packet);
    return frame;
}

static void
test_every_link_type(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(LINK_CASES); i++) {
        const LinkCase *link = &LINK_CASES[i];
        g_autoptr(GByteArray) frame = frame_of(link);
        SsSegment segment;
        assert_int_equal(decode(link->link_type, frame, &segment), SS_PACKET_SEGMENT);
        assert_int_equal(segment.family, link->version);
        assert_is_hello(&segment);
    }
}

/* N01: cut by the snap length, and cut so that the frame was no longer on the wire. */
static void
test_cut_at_every_length(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(LINK_CASES); i++) {
        const LinkCase *link = &LINK_CASES[i];
        g_autoptr(GByteArray) frame = frame_of(link);
        size_t headers = frame->len - PAYLOAD_LEN;
        for (size_t n = 0; n < frame->len; n++) {
            SsSegment segment = {.cut = 12345};
            SsPacketBucket bucket =
                decode_cut(link->link_type, frame->data, n, frame->len, &segment);
            if (n < headers) {
                assert_int_equal(bucket, SS_PACKET_TRUNCATED);
                assert_int_equal(segment.cut, 12345);
            } else {
                assert_int_equal(bucket, SS_PACKET_SEGMENT);
                assert_int_equal(segment.payload.len, n - headers);
                assert_int_equal(segment.cut, frame->len - n);
            }
            bucket = decode_cut(link->link_type, frame->data, n, n, &segment);
            assert_int_equal(bucket, SS_PACKET_TRUNCATED);
        }
    }
}

static void
test_padding_is_no_payload(void **state)
{
    (void)state;
    for (int version = 4; version <= 6; version += 2) {
        g_autoptr(GByteArray) packet = version == 4 ? packet4() : packet6();
        g_autoptr(GByteArray) frame = g_byte_array_new();
        put_ethernet(frame, version == 4 ? 0x0800 : 0x86dd);
        put_array(frame, packet);
        size_t len = frame->len;
        put_zeros(frame, 10);
        SsSegment segment;
        assert_int_equal(decode(1, frame, &segment), SS_PACKET_SEGMENT);
        assert_is_hello(&segment);
        /* The snap length cut only padding. */
        assert_int_equal(decode_cut(1, frame->data, len + 3, frame->len, &segment),
                         SS_PACKET_SEGMENT);
        assert_is_hello(&segment);
    }
}

/* N07 */
static void
test_vlan_depth(void **state)
{
    (void)state;
    for (unsigned depth = 0; depth <= 2 * SS_VLAN_TAGS_MAX; depth++) {
        g_autoptr(GByteArray) frame = g_byte_array_new();
        put_ethernet(frame, depth ? 0x8100 : 0x0800);
        for (unsigned i = 1; i <= depth; i++) {
            put16(frame, i);
            put16(frame, i < depth ? 0x8100 : 0x0800);
        }
        g_autoptr(GByteArray) packet = packet4();
        put_array(frame, packet);
        SsSegment segment;
        assert_int_equal(decode(1, frame, &segment), depth <= SS_VLAN_TAGS_MAX
                                                         ? SS_PACKET_SEGMENT
                                                         : SS_PACKET_UNSUPPORTED_ENCAP);
    }
}

static void
test_what_is_no_segment(void **state)
{
    (void)state;
    static const struct {
        unsigned type;
        SsPacketBucket bucket;
    } types[] = {
        {0x0806, SS_PACKET_NOT_IP},
        {0x88cc, SS_PACKET_NOT_IP},
        {0x0026, SS_PACKET_NOT_IP},
        {0x05ff, SS_PACKET_NOT_IP},
        {0x8847, SS_PACKET_UNSUPPORTED_ENCAP},
        {0x8864, SS_PACKET_UNSUPPORTED_ENCAP},
        {0x86dd, SS_PACKET_MALFORMED}, /* but the packet is IPv4 */
    };
    for (size_t i = 0; i < G_N_ELEMENTS(types); i++) {
        g_autoptr(GByteArray) frame = g_byte_array_new();
        g_autoptr(GByteArray) packet = packet4();
        put_ethernet(frame, types[i].type);
        put_array(frame, packet);
        SsSegment segment;
        assert_int_equal(decode(1, frame, &segment), types[i].bucket);
    }

    static const struct {
        uint8_t protocol;
        SsPacketBucket bucket;
    } protocols[] = {
        {17, SS_PACKET_NOT_TCP},           {1, SS_PACKET_NOT_TCP},
        {50, SS_PACKET_NOT_TCP},           {4, SS_PACKET_UNSUPPORTED_ENCAP},
        {41, SS_PACKET_UNSUPPORTED_ENCAP}, {47, SS_PACKET_UNSUPPORTED_ENCAP},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(protocols); i++) {
        g_autoptr(GByteArray) four = packet4();
        four->data[9] = protocols[i].protocol;
        g_autoptr(GByteArray) six = g_byte_array_new();
        put_ip6(six, protocols[i].protocol, 20 + PAYLOAD_LEN);
        put_tcp(six, 0);
        SsSegment segment;
        assert_int_equal(decode(101, four, &segment), protocols[i].bucket);
        assert_int_equal(decode(101, six, &segment), protocols[i].bucket);
    }

    g_autoptr(GByteArray) packet = packet4();
    SsSegment segment;
    assert_int_equal(decode(105, packet, &segment), SS_PACKET_UNKNOWN_LINK);
    packet->data[0] = 0x55;
    assert_int_equal(decode(101, packet, &segment), SS_PACKET_NOT_IP);
}

/* --- IP --- */

static void
set16(GByteArray *array, size_t at, unsigned value)
{
    array->data[at] = (uint8_t)(value >> 8);
    array->data[at + 1] = (uint8_t)value;
}

/* N02, N03 */
static void
test_ip4_length_lies(void **state)
{
    (void)state;
    SsSegment segment;
    for (unsigned words = 0; words < 16; words++) {
        g_autoptr(GByteArray) packet = packet4();
        packet->data[0] = (uint8_t)(0x40 | words);
        SsPacketBucket bucket = decode(101, packet, &segment);
        if (words < 5) {
            assert_int_equal(bucket, SS_PACKET_MALFORMED);
        }
    }
    g_autoptr(GByteArray) packet = packet4();
    for (unsigned len = 1; len < 28; len++) {
        set16(packet, 2, len);
        assert_int_equal(decode(101, packet, &segment), SS_PACKET_MALFORMED);
    }
    for (unsigned len = 28; len < 28 + 32; len++) { /* ends within the TCP header */
        set16(packet, 2, len);
        assert_int_equal(decode(101, packet, &segment), SS_PACKET_MALFORMED);
    }
    set16(packet, 2, packet->len + 1);
    assert_int_equal(decode(101, packet, &segment), SS_PACKET_TRUNCATED);
    set16(packet, 2, 0xffff);
    assert_int_equal(decode(101, packet, &segment), SS_PACKET_TRUNCATED);
    set16(packet, 2, 0); /* offload: the frame's length holds, cut or not */
    assert_int_equal(decode(101, packet, &segment), SS_PACKET_SEGMENT);
    assert_is_hello(&segment);
    assert_int_equal(decode_cut(101, packet->data, packet->len, 70000, &segment),
                     SS_PACKET_SEGMENT);
    assert_int_equal(segment.cut, 70000 - packet->len);
}

static void
test_ip4_fragments(void **state)
{
    (void)state;
    static const struct {
        unsigned field;
        SsPacketBucket bucket;
    } cases[] = {
        {0x0000, SS_PACKET_SEGMENT},  {0x4000, SS_PACKET_SEGMENT},  {0x8000, SS_PACKET_SEGMENT},
        {0x2000, SS_PACKET_FRAGMENT}, {0x0001, SS_PACKET_FRAGMENT}, {0x3fff, SS_PACKET_FRAGMENT},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) packet = packet4();
        set16(packet, 6, cases[i].field);
        SsSegment segment;
        assert_int_equal(decode(101, packet, &segment), cases[i].bucket);
        packet->data[9] = 17;
        assert_int_equal(decode(101, packet, &segment), SS_PACKET_NOT_TCP);
    }
}

/* N06 */
static void
test_ip6_chain_is_bounded(void **state)
{
    (void)state;
    for (unsigned n = 0; n <= 200; n++) {
        g_autoptr(GByteArray) packet = g_byte_array_new();
        put_ip6(packet, n ? 60 : 6, 8 * n + 20 + PAYLOAD_LEN);
        for (unsigned i = 1; i <= n; i++) {
            put8(packet, i < n ? 60 : 6);
            put8(packet, 0);
            put_zeros(packet, 6);
        }
        put_tcp(packet, 0);
        SsSegment segment;
        assert_int_equal(decode(101, packet, &segment),
                         n <= SS_IP6_HEADERS_MAX ? SS_PACKET_SEGMENT : SS_PACKET_MALFORMED);
    }
}

static void
put_fragment6(GByteArray *to, uint8_t next, unsigned field)
{
    put8(to, next);
    put8(to, 0);
    put16(to, field);
    put32(to, 77);
}

static void
test_ip6_fragments(void **state)
{
    (void)state;
    static const struct {
        uint8_t next;
        unsigned field;
        SsPacketBucket bucket;
    } cases[] = {
        {6, 0x0000, SS_PACKET_SEGMENT}, /* atomic */
        {6, 0x0006, SS_PACKET_SEGMENT}, /* reserved bits */
        {6, 0x0001, SS_PACKET_FRAGMENT},  {6, 0x0008, SS_PACKET_FRAGMENT},
        {60, 0x0008, SS_PACKET_FRAGMENT}, {17, 0x0008, SS_PACKET_NOT_TCP},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) packet = g_byte_array_new();
        put_ip6(packet, 44, 8 + 20 + PAYLOAD_LEN);
        put_fragment6(packet, cases[i].next, cases[i].field);
        put_tcp(packet, 0);
        SsSegment segment;
        assert_int_equal(decode(101, packet, &segment), cases[i].bucket);
    }
}

static void
test_ip6_other_headers(void **state)
{
    (void)state;
    SsSegment segment;
    g_autoptr(GByteArray) packet = g_byte_array_new();
    put_ip6(packet, 43, 8 + 12 + 20 + PAYLOAD_LEN);
    put8(packet, 51);
    put8(packet, 0);
    put_zeros(packet, 6);
    put8(packet, 6); /* authentication header: in words less two */
    put8(packet, 1);
    put_zeros(packet, 10);
    put_tcp(packet, 0);
    assert_int_equal(decode(101, packet, &segment), SS_PACKET_SEGMENT);
    assert_is_hello(&segment);

    packet->data[41] = 255; /* the routing header reaches behind the packet */
    assert_int_equal(decode(101, packet, &segment), SS_PACKET_MALFORMED);
    packet->data[41] = 0;
    set16(packet, 4, 0); /* a length of 0 is no jumbogram with a routing header first */
    assert_int_equal(decode(101, packet, &segment), SS_PACKET_MALFORMED);

    g_autoptr(GByteArray) offload = g_byte_array_new();
    put_ip6(offload, 6, 0);
    put_tcp(offload, 0);
    assert_int_equal(decode(101, offload, &segment), SS_PACKET_SEGMENT);
    assert_is_hello(&segment);
    set16(offload, 4, offload->len);
    assert_int_equal(decode(101, offload, &segment), SS_PACKET_TRUNCATED);
}

/* --- TCP --- */

/* N04 */
static void
test_tcp_header_length_lies(void **state)
{
    (void)state;
    for (unsigned words = 0; words < 16; words++) {
        g_autoptr(GByteArray) packet = packet4();
        size_t segment_len = packet->len - 28;
        packet->data[28 + 12] = (uint8_t)(words << 4);
        SsSegment segment;
        bool is_sound = words >= 5 && words * 4 <= segment_len;
        assert_int_equal(decode(101, packet, &segment),
                         is_sound ? SS_PACKET_SEGMENT : SS_PACKET_MALFORMED);
        if (is_sound) {
            assert_int_equal(segment.payload.len, segment_len - words * 4);
        }
    }
}

/* N05 */
static void
test_tcp_options_are_passed_over(void **state)
{
    (void)state;
    static const uint8_t lengths[] = {0, 1, 12, 13, 255};
    for (size_t i = 0; i < G_N_ELEMENTS(lengths); i++) {
        g_autoptr(GByteArray) packet = packet4();
        packet->data[28 + 20] = 8;
        packet->data[28 + 21] = lengths[i];
        SsSegment segment;
        assert_int_equal(decode(101, packet, &segment), SS_PACKET_SEGMENT);
        assert_is_hello(&segment);
    }
}

/* --- anything --- */

static void
test_chance(void **state)
{
    (void)state;
    g_autoptr(GRand) rand = g_rand_new_with_seed(25);
    for (int round = 0; round < 100000; round++) {
        const LinkCase *link = &LINK_CASES[(size_t)round % G_N_ELEMENTS(LINK_CASES)];
        g_autoptr(GByteArray) frame = frame_of(link);
        int n_changes = g_rand_int_range(rand, 1, 5);
        for (int i = 0; i < n_changes; i++) {
            int at = g_rand_int_range(rand, 0, (gint32)frame->len);
            frame->data[at] = (uint8_t)g_rand_int(rand);
        }
        size_t captured = (size_t)g_rand_int_range(rand, 0, (gint32)frame->len + 1);
        size_t len = captured + (size_t)g_rand_int_range(rand, 0, 100);
        SsSegment segment;
        SsPacketBucket bucket = decode_cut(link->link_type, frame->data, captured, len, &segment);
        assert_true(bucket < SS_N_PACKET_BUCKETS);
    }
}

static void
test_bucket_names(void **state)
{
    (void)state;
    assert_string_equal(ss_packet_bucket_name(SS_PACKET_TRUNCATED), "truncated");
    for (SsPacketBucket i = 0; i < SS_N_PACKET_BUCKETS; i++) {
        assert_non_null(ss_packet_bucket_name(i));
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_link_type),
        cmocka_unit_test(test_cut_at_every_length),
        cmocka_unit_test(test_padding_is_no_payload),
        cmocka_unit_test(test_vlan_depth),
        cmocka_unit_test(test_what_is_no_segment),
        cmocka_unit_test(test_ip4_length_lies),
        cmocka_unit_test(test_ip4_fragments),
        cmocka_unit_test(test_ip6_chain_is_bounded),
        cmocka_unit_test(test_ip6_fragments),
        cmocka_unit_test(test_ip6_other_headers),
        cmocka_unit_test(test_tcp_header_length_lies),
        cmocka_unit_test(test_tcp_options_are_passed_over),
        cmocka_unit_test(test_chance),
        cmocka_unit_test(test_bucket_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
