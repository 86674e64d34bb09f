/* From frames to segments: link types, IP, TCP, and every way to cut or to lie. */
#include "capture/packet.h"

#include "base/limits.h"
#include "tests/ss-test.h"
#include "tests/unit/capture/frames.h"

/* --- link types --- */

#define ZEROS_20 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
#define ZEROS_60 ZEROS_20 ZEROS_20 ZEROS_20
#define WIFI_ADDRESSES "\1\1\1\1\1\1\2\2\2\2\2\2\3\3\3\3\3\3\x10\0"
#define LLC "\xaa\xaa\3\0\0\0"

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
    /* VN-TAG, E-TAG */
    {1, 4, SS_SLICE_INIT("\1\1\1\1\1\1\2\2\2\2\2\2\x89\x26\0\1\0\2\x08\x00")},
    {1, 6, SS_SLICE_INIT("\1\1\1\1\1\1\2\2\2\2\2\2\x89\x3f\0\0\0\7\0\0\x86\xdd")},
    {117, 4, SS_SLICE_INIT("\x3d\2\0\0" ZEROS_60)},
    {117, 6, SS_SLICE_INIT("\x40\x18\0\0" ZEROS_60)},
    /* 802.11: from an access point, QoS with HT control, between access points */
    {105, 4, SS_SLICE_INIT("\x08\2\0\0" WIFI_ADDRESSES LLC "\x08\x00")},
    {105, 6, SS_SLICE_INIT("\x88\x81\0\0" WIFI_ADDRESSES "\0\0\1\1\1\1" LLC "\x86\xdd")},
    {105, 4, SS_SLICE_INIT("\x88\3\0\0" WIFI_ADDRESSES "\4\4\4\4\4\4\0\0" LLC "\x08\x00")},
    /* radiotap: no fields; time and flags behind two words of bits, padding behind the header */
    {127, 4, SS_SLICE_INIT("\0\0\x08\0\0\0\0\0\x08\2\0\0" WIFI_ADDRESSES LLC "\x08\x00")},
    {127, 4,
     SS_SLICE_INIT("\0\0\x19\0\3\0\0\x80\0\0\0\0\1\1\1\1\7\7\7\7\7\7\7\7\x20"
                   "\x88\2\0\0" WIFI_ADDRESSES "\0\0\0\0" LLC "\x08\x00")},
    {127, 6,
     SS_SLICE_INIT("\0\0\x09\0\2\0\0\0\x10\x88\2\0\0" WIFI_ADDRESSES "\0\0" LLC "\x86\xdd")},
    {127, 4, SS_SLICE_INIT("\0\0\x09\0\2\0\0\0\x20\x08\2\0\0" WIFI_ADDRESSES LLC "\x08\x00")},
    {192, 4, SS_SLICE_INIT("\0\0\x08\0\x69\0\0\0\x08\2\0\0" WIFI_ADDRESSES LLC "\x08\x00")},
    {192, 6, SS_SLICE_INIT("\0\0\x0a\0\1\0\0\0\1\1\1\1\1\1\1\1\2\2\2\2\2\2\x86\xdd")},
    {163, 4,
     SS_SLICE_INIT("\x80\x21\x10\1\0\0\0\x0c\1\1\1\1\x08\2\0\0" WIFI_ADDRESSES LLC "\x08\x00")},
    {119, 6, SS_SLICE_INIT("\x80\x21\x10\2\0\0\0\x08\x08\2\0\0" WIFI_ADDRESSES LLC "\x86\xdd")},
    {119, 4,
     SS_SLICE_INIT("\x44\0\0\0\x90\0\0\0" ZEROS_60 ZEROS_60 "\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0\0"
                   "\x08\2\0\0" WIFI_ADDRESSES LLC "\x08\x00")},
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

/* Cut by the snap length, and cut so that the frame was no longer on the wire. */
static void
n01_cut_at_every_length(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(LINK_CASES); i++) {
        const LinkCase *link = &LINK_CASES[i];
        g_autoptr(GByteArray) frame = frame_of(link);
        size_t headers = frame->len - PAYLOAD_LEN;
        for (size_t n = 0; n < frame->len; n++) {
            SsSegment segment;
            SsPacketBucket bucket =
                decode_cut(link->link_type, frame->data, n, frame->len, &segment);
            if (n < headers) {
                assert_int_equal(bucket, SS_PACKET_TRUNCATED);
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
test_who_sent_it(void **state)
{
    (void)state;
    static const struct {
        uint32_t link_type;
        bool has_link;
    } types[] = {{1, true},   {113, true}, {276, true}, {105, true}, {127, true},  {192, true},
                 {163, true}, {119, true}, {0, false},  {9, false},  {101, false}, {117, false}};
    for (size_t i = 0; i < G_N_ELEMENTS(LINK_CASES); i++) {
        for (size_t k = 0; k < G_N_ELEMENTS(types); k++) {
            if (types[k].link_type != LINK_CASES[i].link_type) {
                continue;
            }
            g_autoptr(GByteArray) frame = frame_of(&LINK_CASES[i]);
            SsSegment segment;
            assert_int_equal(decode(types[k].link_type, frame, &segment), SS_PACKET_SEGMENT);
            assert_int_equal(segment.has_link, types[k].has_link);
            if (segment.has_link) { /* the cooked headers' are ones, the others' twos */
                uint8_t is = types[k].link_type == 113 || types[k].link_type == 276 ? 1 : 2;
                for (int at = 0; at < 6; at++) {
                    assert_int_equal(segment.link_from[at], is);
                }
            }
        }
    }
}

static void
test_wifi_that_is_not_read(void **state)
{
    (void)state;
    static const struct {
        SsSlice header;
        SsPacketBucket bucket;
    } cases[] = {
        {SS_SLICE_INIT("\x08\x42\0\0" WIFI_ADDRESSES LLC "\x08\x00"), SS_PACKET_UNSUPPORTED_ENCAP},
        {SS_SLICE_INIT("\x08\x06\0\0" WIFI_ADDRESSES LLC "\x08\x00"), SS_PACKET_UNSUPPORTED_ENCAP},
        {SS_SLICE_INIT("\x80\0\0\0" WIFI_ADDRESSES), SS_PACKET_NOT_IP},          /* beacon */
        {SS_SLICE_INIT("\xb4\0\0\0\1\1\1\1\1\1\2\2\2\2\2\2"), SS_PACKET_NOT_IP}, /* RTS */
        {SS_SLICE_INIT("\x48\2\0\0" WIFI_ADDRESSES), SS_PACKET_NOT_IP},          /* no data */
        {SS_SLICE_INIT("\x88\3\0\0" WIFI_ADDRESSES "\4\4\4\4\4\4\0\1" LLC "\x08\x00"),
         SS_PACKET_UNSUPPORTED_ENCAP}, /* mesh */
        {SS_SLICE_INIT("\x88\2\0\0" WIFI_ADDRESSES "\x80\0\1\1\1\1\1\1\2\2\2\2\2\2\0\x10" LLC
                       "\x08\x00"),
         SS_PACKET_UNSUPPORTED_ENCAP}, /* several packets */
        {SS_SLICE_INIT("\x88\2\0\0" WIFI_ADDRESSES "\x80\0\1\1\1\1\1\1\2\2\2\2\2\2\0\x59" LLC
                       "\x08\x00"),
         SS_PACKET_SEGMENT}, /* one */
        {SS_SLICE_INIT("\x08\2\0\0" WIFI_ADDRESSES "\x42\x42\3"), SS_PACKET_NOT_IP},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) frame = g_byte_array_new();
        put(frame, cases[i].header.data, cases[i].header.len);
        g_autoptr(GByteArray) packet = packet4();
        put_array(frame, packet);
        SsSegment segment;
        assert_int_equal(decode(105, frame, &segment), cases[i].bucket);
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

static void
n07_vlan_depth(void **state)
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
        assert_int_equal(decode(1, frame, &segment),
                         depth <= SS_VLAN_TAGS_MAX ? SS_PACKET_SEGMENT : SS_PACKET_ENCAP_LIMIT);
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
        {0x88e5, SS_PACKET_UNSUPPORTED_ENCAP},
        {0x88e7, SS_PACKET_UNSUPPORTED_ENCAP},
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
        {17, SS_PACKET_NOT_TCP},  {1, SS_PACKET_NOT_TCP},    {50, SS_PACKET_NOT_TCP},
        {4, SS_PACKET_MALFORMED}, {41, SS_PACKET_MALFORMED},
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
    assert_int_equal(decode(147, packet, &segment), SS_PACKET_UNKNOWN_LINK);
    packet->data[0] = 0x55;
    assert_int_equal(decode(101, packet, &segment), SS_PACKET_NOT_IP);
}

/* --- IP --- */

static void
n02_n03_ip4_length_lies(void **state)
{
    (void)state;
    SsSegment segment;
    for (unsigned words = 0; words < 16; words++) {
        g_autoptr(GByteArray) packet = packet4();
        packet->data[0] = (uint8_t)(0x40 | words);
        SsPacketBucket bucket = decode(101, packet, &segment);
        if (words < 5) {
            assert_int_equal(bucket, SS_PACKET_BAD_IP_HEADER);
        }
    }
    g_autoptr(GByteArray) packet = packet4();
    for (unsigned len = 1; len < 28; len++) {
        set16(packet, 2, len);
        assert_int_equal(decode(101, packet, &segment), SS_PACKET_BAD_IP_HEADER);
    }
    for (unsigned len = 28; len < 28 + 32; len++) { /* ends within the TCP header */
        set16(packet, 2, len);
        assert_int_equal(decode(101, packet, &segment), SS_PACKET_BAD_TCP_HEADER);
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
n06_ip6_chain_is_bounded(void **state)
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
                         n <= SS_IP6_HEADERS_MAX ? SS_PACKET_SEGMENT : SS_PACKET_HEADER_LIMIT);
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

static void
test_other_fields(void **state)
{
    (void)state;
    g_autoptr(GByteArray) packet = packet4();
    packet->data[28 + 13] |= SS_TCP_URG;
    set16(packet, 28 + 16, 0xabcd);
    set16(packet, 28 + 18, 17);
    set16(packet, 4, 0x1234);
    seal_ip4(packet, 0);
    SsSegment segment;
    assert_int_equal(decode(101, packet, &segment), SS_PACKET_SEGMENT);
    assert_int_equal(segment.flags, SS_TCP_PSH | SS_TCP_ACK | SS_TCP_URG);
    assert_int_equal(segment.checksum, 0xabcd);
    assert_int_equal(segment.urgent, 17);
    assert_int_equal(segment.ip_id, 0x1234);
    assert_int_equal(segment.tcp.len, packet->len - 28);
    assert_int_equal(segment.oddities, 0);
    assert_null(segment.alternate.data);
    assert_null(segment.fragments);

    packet->data[10] ^= 1;
    assert_int_equal(decode(101, packet, &segment), SS_PACKET_SEGMENT);
    assert_int_equal(segment.oddities, SS_FRAME_BAD_IP_CHECKSUM);
    set16(packet, 2, 0);
    seal_ip4(packet, 0);
    assert_int_equal(decode(101, packet, &segment), SS_PACKET_SEGMENT);
    assert_int_equal(segment.oddities, SS_FRAME_NO_LENGTH);
    packet->data[20] = 131; /* loose source route */
    packet->data[21] = 8;
    seal_ip4(packet, 0);
    assert_int_equal(decode(101, packet, &segment), SS_PACKET_SEGMENT);
    assert_int_equal(segment.oddities, SS_FRAME_NO_LENGTH | SS_FRAME_REROUTED);
}

/* An address of IPv6 that holds one of IPv4 is one of IPv6. */
static void
n18_mapped_address(void **state)
{
    (void)state;
    g_autoptr(GByteArray) packet = g_byte_array_new();
    put_ip6(packet, 6, 20 + PAYLOAD_LEN);
    put_tcp(packet, 0);
    memset(packet->data + 8, 0, 10);
    memset(packet->data + 18, 0xff, 2);
    memcpy(packet->data + 20, FROM4, 4);
    SsSegment segment;
    assert_int_equal(decode(101, packet, &segment), SS_PACKET_SEGMENT);
    assert_int_equal(segment.family, 6);
    assert_memory_equal(segment.from.bytes, packet->data + 8, 16);
}

/* --- counts --- */

static uint64_t
count_time_jumps(const int64_t *times_ns, size_t n)
{
    uint64_t memory = 0;
    g_autoptr(SsPacketDecoder) decoder = ss_packet_decoder_new(&memory);
    g_autoptr(GByteArray) packet = packet4();
    for (size_t i = 0; i < n; i++) {
        SsSegment segment;
        SsFrame frame = {.origin = {i + 1, times_ns[i], 9},
                         .link_type = 101,
                         .len = packet->len,
                         .bytes = ss_slice(packet->data, packet->len)};
        assert_int_equal(ss_packet_decode(decoder, &frame, &segment), SS_PACKET_SEGMENT);
        assert_int_equal(segment.origin.time_ns, times_ns[i]);
        assert_int_equal(segment.origin.frame, i + 1);
    }
    return ss_packet_decoder_met(decoder)[SS_MET_TIME_JUMP];
}

static void
n21_time_that_goes_back(void **state)
{
    (void)state;
    const int64_t s = SS_NS_PER_S;
    const int64_t forth[] = {0, s, 5 * s, 5 * s, 4 * s + 1, 4 * s, SS_TIME_MAX};
    assert_int_equal(count_time_jumps(forth, G_N_ELEMENTS(forth)), 0);
    const int64_t back[] = {5 * s, 4 * s - 1, 10 * s, 0, 0, SS_TIME_MAX, 0};
    assert_int_equal(count_time_jumps(back, G_N_ELEMENTS(back)), 3);
    const int64_t none[] = {5 * s, SS_TIME_NONE, 5 * s, SS_TIME_NONE, s};
    assert_int_equal(count_time_jumps(none, G_N_ELEMENTS(none)), 1);
}

static void
test_what_is_met(void **state)
{
    (void)state;
    uint64_t memory = 0;
    g_autoptr(SsPacketDecoder) decoder = ss_packet_decoder_new(&memory);
    g_autoptr(GByteArray) packet = packet4();
    const uint64_t *met = ss_packet_decoder_met(decoder);
    SsSegment segment;
    SsFrame frame = {.link_type = 101, .len = packet->len};
    frame.bytes = ss_slice(packet->data, packet->len - 1);
    assert_int_equal(ss_packet_decode(decoder, &frame, &segment), SS_PACKET_SEGMENT);
    assert_int_equal(met[SS_MET_SNAP_LENGTH], 1);
    frame.bytes = ss_slice(packet->data, packet->len);
    packet->data[28 + 21] = 0;
    packet->data[28 + 20] = 2;
    set16(packet, 2, 0);
    assert_int_equal(ss_packet_decode(decoder, &frame, &segment), SS_PACKET_SEGMENT);
    for (SsMet i = 0; i < SS_N_MET; i++) {
        bool is_met = i == SS_MET_SNAP_LENGTH || i == SS_MET_NO_LENGTH || i == SS_MET_ODD_OPTION;
        assert_int_equal(met[i], is_met);
        assert_non_null(ss_met_name(i));
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
        cmocka_unit_test(n01_cut_at_every_length),
        cmocka_unit_test(test_who_sent_it),
        cmocka_unit_test(test_wifi_that_is_not_read),
        cmocka_unit_test(test_padding_is_no_payload),
        cmocka_unit_test(n07_vlan_depth),
        cmocka_unit_test(test_what_is_no_segment),
        cmocka_unit_test(n02_n03_ip4_length_lies),
        cmocka_unit_test(n06_ip6_chain_is_bounded),
        cmocka_unit_test(test_ip6_other_headers),
        cmocka_unit_test(test_other_fields),
        cmocka_unit_test(n18_mapped_address),
        cmocka_unit_test(n21_time_that_goes_back),
        cmocka_unit_test(test_what_is_met),
        cmocka_unit_test(test_chance),
        cmocka_unit_test(test_bucket_names),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
