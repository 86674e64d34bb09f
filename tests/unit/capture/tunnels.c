/* Packets within packets: every tunnel, cut everywhere, and nested without end. */
#include "base/limits.h"
#include "tests/unit/capture/frames.h"

/* --- frames are made from the inside out: each of these puts a header before what is there --- */

static void
before(GByteArray *frame, SsSlice header)
{
    g_byte_array_prepend(frame, header.data, (guint)header.len);
}

static void
before_array(GByteArray *frame, GByteArray *header)
{
    g_byte_array_prepend(frame, header->data, header->len);
    g_byte_array_unref(header);
}

static void
in_ether(GByteArray *frame, unsigned type)
{
    GByteArray *header = g_byte_array_new();
    put_ethernet(header, type);
    before_array(frame, header);
}

/* Addresses that are not those of the segment. */
static void
in_ip4(GByteArray *frame, uint8_t protocol)
{
    GByteArray *header = g_byte_array_new();
    put_ip4(header, 0, 0, protocol, frame->len);
    memcpy(header->data + 12, "\x0a\0\0\1\x0a\0\0\2", 8);
    header->data[4] = 99;
    header->data[8] = 3;
    seal_ip4(header, 0);
    before_array(frame, header);
}

static void
in_ip6(GByteArray *frame, uint8_t next)
{
    GByteArray *header = g_byte_array_new();
    put_ip6(header, next, frame->len);
    memset(header->data + 8, 0xfd, 32);
    header->data[7] = 3;
    before_array(frame, header);
}

static void
in_udp(GByteArray *frame, unsigned port)
{
    GByteArray *header = g_byte_array_new();
    put16(header, 54321);
    put16(header, port);
    put16(header, 8 + frame->len);
    put16(header, 0);
    before_array(frame, header);
}

static void
in_vxlan(GByteArray *frame, unsigned port)
{
    before(frame, SS_SLICE("\x08\0\0\0\0\0\7\0"));
    in_udp(frame, port);
}

static void
in_pppoe(GByteArray *frame)
{
    GByteArray *header = g_byte_array_new();
    put16(header, 0x1100);
    put16(header, 5);
    put16(header, frame->len);
    before_array(frame, header);
    in_ether(frame, 0x8864);
}

static void
in_enhanced_gre(GByteArray *frame, SsSlice numbers, unsigned flags)
{
    GByteArray *header = g_byte_array_new();
    put16(header, 0x2001 | flags);
    put16(header, 0x880b);
    put16(header, frame->len);
    put16(header, 77);
    put(header, numbers.data, numbers.len);
    before_array(frame, header);
    in_ip4(frame, 47);
}

/* --- each kind --- */

static void
ipip_4in4(GByteArray *frame)
{
    in_ip4(frame, 4);
}

static void
ipip_6in4(GByteArray *frame)
{
    in_ip4(frame, 41);
}

static void
ipip_4in6(GByteArray *frame)
{
    in_ip6(frame, 4);
}

static void
ipip_6in6(GByteArray *frame)
{
    in_ip6(frame, 41);
}

static void
gre4(GByteArray *frame)
{
    before(frame, SS_SLICE("\0\0\x08\0"));
    in_ip4(frame, 47);
}

static void
gre6_with_all(GByteArray *frame)
{
    before(frame, SS_SLICE("\xb0\0\x86\xdd\1\2\0\0\0\0\0\7\0\0\0\1"));
    in_ip6(frame, 47);
}

static void
gre_key(GByteArray *frame)
{
    before(frame, SS_SLICE("\x20\0\x08\0\0\0\0\7"));
    in_ip4(frame, 47);
}

static void
gre_bridged(GByteArray *frame)
{
    in_ether(frame, 0x0800);
    before(frame, SS_SLICE("\x20\0\x65\x58\0\0\0\7"));
    in_ip4(frame, 47);
}

static void
gre_mpls(GByteArray *frame)
{
    before(frame, SS_SLICE("\0\0\x88\x47\0\0\x11\x40"));
    in_ip4(frame, 47);
}

static void
gre_ppp(GByteArray *frame)
{
    before(frame, SS_SLICE("\xff\3\0\x21"));
    in_enhanced_gre(frame, SS_SLICE("\0\0\0\1"), 0x1000);
}

static void
gre_ppp_acknowledges(GByteArray *frame)
{
    before(frame, SS_SLICE("\x57"));
    in_enhanced_gre(frame, SS_SLICE("\0\0\0\1\0\0\0\2"), 0x1080);
}

static void
erspan1(GByteArray *frame)
{
    in_ether(frame, 0x0800);
    before(frame, SS_SLICE("\0\0\x88\xbe"));
    in_ip4(frame, 47);
}

static void
erspan2(GByteArray *frame)
{
    in_ether(frame, 0x86dd);
    before(frame, SS_SLICE("\x10\0\x88\xbe\0\0\0\1\x10\1\0\5\0\0\0\7"));
    in_ip4(frame, 47);
}

static void
erspan3(GByteArray *frame)
{
    in_ether(frame, 0x0800);
    before(frame, SS_SLICE("\x10\0\x22\xeb\0\0\0\1\x20\1\0\5\1\2\3\4\0\0\0\0"));
    in_ip4(frame, 47);
}

static void
erspan3_more(GByteArray *frame)
{
    in_ether(frame, 0x0800);
    before(frame, SS_SLICE("\x10\0\x22\xeb\0\0\0\1\x20\1\0\5\1\2\3\4\0\0\0\1\7\7\7\7\7\7\7\7"));
    in_ip4(frame, 47);
}

static void
erspan3_ip(GByteArray *frame)
{
    before(frame, SS_SLICE("\x10\0\x22\xeb\0\0\0\1\x20\1\0\5\1\2\3\4\0\0\x08\0"));
    in_ip4(frame, 47);
}

static void
vxlan(GByteArray *frame)
{
    in_ether(frame, 0x0800);
    in_vxlan(frame, 4789);
    in_ip4(frame, 17);
}

static void
vxlan_linux(GByteArray *frame)
{
    in_ether(frame, 0x86dd);
    in_vxlan(frame, 8472);
    in_ip6(frame, 17);
}

static void
geneve(GByteArray *frame)
{
    in_ether(frame, 0x0800);
    before(frame, SS_SLICE("\0\0\x65\x58\0\0\7\0"));
    in_udp(frame, 6081);
    in_ip4(frame, 17);
}

static void
geneve_options(GByteArray *frame)
{
    before(frame, SS_SLICE("\3\0\x08\0\0\0\7\0\1\2\1\2\1\2\3\4\5\6\7\x08"));
    in_udp(frame, 6081);
    in_ip4(frame, 17);
}

static void
gre_udp(GByteArray *frame)
{
    before(frame, SS_SLICE("\0\0\x08\0"));
    in_udp(frame, 4754);
    in_ip6(frame, 17);
}

static void
mpls_udp(GByteArray *frame)
{
    before(frame, SS_SLICE("\0\1\1\x40"));
    in_udp(frame, 6635);
    in_ip4(frame, 17);
}

static void
mpls_ip(GByteArray *frame)
{
    before(frame, SS_SLICE("\0\1\1\x40"));
    in_ip6(frame, 137);
}

static void
mpls(GByteArray *frame)
{
    before(frame, SS_SLICE("\0\1\0\x40\0\2\0\x40\0\3\1\x40"));
    in_ether(frame, 0x8847);
}

static void
mpls_multicast(GByteArray *frame)
{
    before(frame, SS_SLICE("\0\3\1\x40"));
    in_ether(frame, 0x8848);
}

static void
pseudowire(GByteArray *frame)
{
    in_ether(frame, 0x0800);
    before(frame, SS_SLICE("\0\3\1\x40\0\0\0\7"));
    in_ether(frame, 0x8847);
}

/* Without a control word, and the customer's address begins with zeros. */
static void
pseudowire_bare(GByteArray *frame)
{
    before(frame, SS_SLICE("\0\3\1\x40\0\3\3\3\3\3\5\5\5\5\5\5\x08\0"));
    in_ether(frame, 0x8847);
}

static void
pppoe(GByteArray *frame)
{
    before(frame, SS_SLICE("\0\x21"));
    in_pppoe(frame);
}

static void
pppoe_mpls(GByteArray *frame)
{
    before(frame, SS_SLICE("\2\x81\0\1\1\x40"));
    in_pppoe(frame);
}

static void
vlan_in_vxlan_in_vlan(GByteArray *frame)
{
    before(frame, SS_SLICE("\0\7\x08\0"));
    in_ether(frame, 0x8100);
    in_vxlan(frame, 4789);
    in_ip4(frame, 17);
    before(frame, SS_SLICE("\0\7\x08\0"));
    in_ether(frame, 0x88a8);
}

static void
all_in_each_other(GByteArray *frame)
{
    gre4(frame);
    mpls(frame);
    in_vxlan(frame, 4789);
    in_ip4(frame, 17);
    ipip_4in6(frame);
    before(frame, SS_SLICE("\0\x57"));
    in_pppoe(frame);
}

typedef struct {
    uint32_t link_type;
    int version; /* of the innermost IP */
    void (*wrap)(GByteArray *frame);
} TunnelCase;

static const TunnelCase CASES[] = {
    {101, 4, ipip_4in4},    {101, 6, ipip_6in4},   {101, 4, ipip_4in6},
    {101, 6, ipip_6in6},    {101, 4, gre4},        {101, 6, gre6_with_all},
    {101, 4, gre_key},      {101, 4, gre_bridged}, {101, 4, gre_mpls},
    {101, 6, gre_mpls},     {101, 4, gre_ppp},     {101, 6, gre_ppp_acknowledges},
    {101, 4, erspan1},      {101, 6, erspan2},     {101, 4, erspan3},
    {101, 4, erspan3_more}, {101, 6, erspan3_ip},  {101, 4, vxlan},
    {101, 6, vxlan_linux},  {101, 4, geneve},      {101, 4, geneve_options},
    {101, 4, mpls_ip},      {1, 4, mpls},          {1, 6, mpls},
    {1, 6, mpls_multicast}, {1, 4, pseudowire},    {1, 4, pseudowire_bare},
    {1, 4, pppoe},          {1, 6, pppoe_mpls},    {1, 4, vlan_in_vxlan_in_vlan},
    {101, 4, gre_udp},      {101, 6, mpls_udp},
};

static GByteArray *
inner_packet(int version)
{
    return version == 4 ? packet4() : packet6();
}

static void
test_every_tunnel(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GByteArray) frame = inner_packet(CASES[i].version);
        CASES[i].wrap(frame);
        SsSegment segment;
        assert_int_equal(decode(CASES[i].link_type, frame, &segment), SS_PACKET_SEGMENT);
        assert_int_equal(segment.family, CASES[i].version);
        assert_is_hello(&segment);
        assert_int_equal(segment.ip_id, CASES[i].version == 4 ? 1 : 0);
        assert_int_equal(segment.oddities, 0);
    }
}

static void
n01_tunnels_cut_at_every_length(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GByteArray) frame = inner_packet(CASES[i].version);
        CASES[i].wrap(frame);
        size_t headers = frame->len - PAYLOAD_LEN;
        for (size_t n = 0; n < frame->len; n++) {
            SsSegment segment;
            SsPacketBucket bucket =
                decode_cut(CASES[i].link_type, frame->data, n, frame->len, &segment);
            if (bucket != (n < headers ? SS_PACKET_TRUNCATED : SS_PACKET_SEGMENT)) {
                print_error("case %zu, %zu bytes\n", i, n);
            }
            assert_int_equal(bucket, n < headers ? SS_PACKET_TRUNCATED : SS_PACKET_SEGMENT);
            if (bucket == SS_PACKET_SEGMENT) {
                assert_int_equal(segment.payload.len, n - headers);
                assert_int_equal(segment.cut, frame->len - n);
                assert_int_equal(ss_segment_checksum(&segment), SS_CHECKSUM_UNKNOWN);
            }
            bucket = decode_cut(CASES[i].link_type, frame->data, n, n, &segment);
            assert_int_equal(bucket, SS_PACKET_TRUNCATED);
        }
    }
}

static void
test_padding_within(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(CASES); i++) {
        g_autoptr(GByteArray) frame = inner_packet(CASES[i].version);
        put_zeros(frame, 7);
        CASES[i].wrap(frame);
        put_zeros(frame, 9);
        SsSegment segment;
        assert_int_equal(decode(CASES[i].link_type, frame, &segment), SS_PACKET_SEGMENT);
        assert_is_hello(&segment);
    }
}

/* The outermost address, though there is one within. */
static void
test_outermost_address(void **state)
{
    (void)state;
    g_autoptr(GByteArray) frame = packet4();
    in_ether(frame, 0x0800);
    memset(frame->data + 6, 9, 6);
    in_vxlan(frame, 4789);
    in_ip4(frame, 17);
    SsSegment segment;
    assert_int_equal(decode(101, frame, &segment), SS_PACKET_SEGMENT);
    assert_memory_equal(segment.link_from, "\x09\x09\x09\x09\x09\x09", 6);
    in_ether(frame, 0x0800);
    assert_int_equal(decode(1, frame, &segment), SS_PACKET_SEGMENT);
    assert_memory_equal(segment.link_from, "\4\4\4\4\4\4", 6);
}

static void
test_outer_oddities(void **state)
{
    (void)state;
    g_autoptr(GByteArray) frame = packet4();
    ipip_4in4(frame);
    frame->data[10] ^= 1;
    SsSegment segment;
    assert_int_equal(decode(101, frame, &segment), SS_PACKET_SEGMENT);
    assert_int_equal(segment.oddities, SS_FRAME_BAD_IP_CHECKSUM);
}

/* --- N24 --- */

static void
nest_gre_bridged(GByteArray *frame)
{
    before(frame, SS_SLICE("\0\0\x08\0"));
    in_ip4(frame, 47);
}

static void
nest_mpls(GByteArray *frame)
{
    before(frame, SS_SLICE("\0\1\1\x40"));
    in_ip4(frame, 137);
}

static void
nest_pppoe(GByteArray *frame)
{
    pppoe(frame);
    before(frame, SS_SLICE("\0\0\x65\x58"));
    in_ip4(frame, 47);
}

static void
n24_nested(void **state)
{
    (void)state;
    static const struct {
        void (*wrap)(GByteArray *frame);
        int tunnels; /* that it counts for */
        int version; /* of what can be within; 0: as it is */
    } kinds[] = {
        {ipip_4in4, 1, 4},        {ipip_6in6, 1, 6}, {gre4, 1, 4},
        {nest_gre_bridged, 1, 4}, {vxlan, 1, 4},     {geneve, 1, 4},
        {erspan1, 1, 4},          {nest_mpls, 1, 4}, {nest_pppoe, 2, 4},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(kinds); i++) {
        g_autoptr(GByteArray) frame = inner_packet(kinds[i].version);
        for (int n = 1; n <= 50; n++) {
            kinds[i].wrap(frame);
            SsSegment segment;
            assert_int_equal(decode(101, frame, &segment), n * kinds[i].tunnels <= SS_ENCAP_MAX
                                                               ? SS_PACKET_SEGMENT
                                                               : SS_PACKET_ENCAP_LIMIT);
        }
    }
}

static void
n24_mpls_labels(void **state)
{
    (void)state;
    for (int n = 1; n <= 50; n++) {
        g_autoptr(GByteArray) frame = packet4();
        before(frame, SS_SLICE("\0\1\1\x40"));
        for (int i = 1; i < n; i++) {
            before(frame, SS_SLICE("\0\1\0\x40"));
        }
        in_ether(frame, 0x8847);
        SsSegment segment;
        assert_int_equal(decode(1, frame, &segment),
                         n <= SS_MPLS_LABELS_MAX ? SS_PACKET_SEGMENT : SS_PACKET_ENCAP_LIMIT);
    }
}

/* Extension headers are counted for each IP header alone. */
static void
n24_headers_in_tunnels(void **state)
{
    (void)state;
    g_autoptr(GByteArray) frame = packet6();
    for (int i = 0; i < 3; i++) {
        for (int k = 0; k < SS_IP6_HEADERS_MAX; k++) {
            before(frame, k ? SS_SLICE("\x3c\0\1\4\0\0\0\0") : SS_SLICE("\x29\0\1\4\0\0\0\0"));
        }
        in_ip6(frame, 60);
    }
    SsSegment segment;
    assert_int_equal(decode(101, frame, &segment), SS_PACKET_SEGMENT);
    assert_is_hello(&segment);
}

/* Several kinds within each other, five in all: within the limit. */
static void
n24_of_all_kinds(void **state)
{
    (void)state;
    g_autoptr(GByteArray) frame = packet4();
    all_in_each_other(frame);
    SsSegment segment;
    assert_int_equal(decode(1, frame, &segment), SS_PACKET_SEGMENT);
    assert_is_hello(&segment);
}

/* Tags count over all the frames of a packet. */
static void
n24_tags_in_tunnels(void **state)
{
    (void)state;
    for (int n = 0; n <= 8; n++) {
        g_autoptr(GByteArray) frame = packet4();
        for (int i = 0; i < 2; i++) {
            for (int k = 0; k < n; k++) {
                before(frame, k ? SS_SLICE("\0\7\x81\0") : SS_SLICE("\0\7\x08\0"));
            }
            in_ether(frame, n ? 0x8100 : 0x0800);
            if (i == 0) {
                in_vxlan(frame, 4789);
                in_ip4(frame, 17);
            }
        }
        SsSegment segment;
        assert_int_equal(decode(1, frame, &segment),
                         2 * n <= SS_VLAN_TAGS_MAX ? SS_PACKET_SEGMENT : SS_PACKET_ENCAP_LIMIT);
    }
}

/* --- what is no tunnel, or one that is not read --- */

typedef struct {
    SsSlice header;
    int protocol; /* of the IP header before it; -1 an Ethernet type, 0x8847; -2 PPPoE */
    SsPacketBucket bucket;
} NoTunnel;

static void
test_what_is_not_read(void **state)
{
    (void)state;
    static const NoTunnel cases[] = {
        {SS_SLICE_INIT("\x40\0\x08\0"), 47, SS_PACKET_UNSUPPORTED_ENCAP}, /* source routes */
        {SS_SLICE_INIT("\0\2\x08\0"), 47, SS_PACKET_UNSUPPORTED_ENCAP},   /* version 2 */
        {SS_SLICE_INIT("\0\0\0\0"), 47, SS_PACKET_NOT_IP},                /* keep-alive */
        {SS_SLICE_INIT("\x20\x81\x88\x0b\0\0\0\7\0\0\0\1"), 47, SS_PACKET_NOT_TCP},
        {SS_SLICE_INIT("\x30\1\x88\x0b\0\1\0\7\0\0\0\1\x21"), 47, SS_PACKET_TRUNCATED},
        {SS_SLICE_INIT("\x30\1\x88\x0b\xff\xff\0\7\0\0\0\1\x21"), 47, SS_PACKET_TRUNCATED},
        {SS_SLICE_INIT("\x30\1\x88\x0b\0\x40\0\7\0\0\0\1\0\xfd"), 47,
         SS_PACKET_UNSUPPORTED_ENCAP}, /* compressed or encrypted */
        {SS_SLICE_INIT("\xd4\x31\x12\xb5\0\x40\0\0\x08\0\0\0\0\0\7\0"), 17,
         SS_PACKET_TRUNCATED}, /* longer than its packet, if it had another length */
        {SS_SLICE_INIT("\xd4\x31\x12\xb5\0\7\0\0\x08\0\0\0\0\0\7\0"), 17, SS_PACKET_MALFORMED},
        {SS_SLICE_INIT("\xd4\x31\x12\xb5\0\0\0\0\0\0\0\0\0\0\7\0"), 17, SS_PACKET_NOT_TCP},
        {SS_SLICE_INIT("\xd4\x31\x17\xc1\0\0\0\0\x80\0\x08\0\0\0\7\0"), 17, SS_PACKET_NOT_TCP},
        {SS_SLICE_INIT("\x12\xb5\0\x35\0\0\0\0"), 17, SS_PACKET_NOT_TCP}, /* from the port */
        {SS_SLICE_INIT("\0\1\1\x40\x10\0\0\0"), -1, SS_PACKET_NOT_IP},    /* associated channel */
        {SS_SLICE_INIT("\x11\x09\0\5\0\x10"), -2, SS_PACKET_NOT_IP},      /* discovery */
        {SS_SLICE_INIT("\x11\0\0\5\xff\xff\0\x21"), -2, SS_PACKET_TRUNCATED},
        {SS_SLICE_INIT("\x11\0\0\5\0\x40\xc0\x21"), -2, SS_PACKET_NOT_IP}, /* LCP */
        {SS_SLICE_INIT("\x11\0\0\5\0\x40\0\x3d"), -2, SS_PACKET_UNSUPPORTED_ENCAP},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) frame = packet4();
        before(frame, cases[i].header);
        if (cases[i].protocol == 17 && i == 7) {
            set16(frame, 4, frame->len + 1);
        }
        if (cases[i].protocol >= 0) {
            in_ip4(frame, (uint8_t)cases[i].protocol);
        } else {
            in_ether(frame, cases[i].protocol == -1 ? 0x8847 : 0x8864);
        }
        SsSegment segment;
        SsPacketBucket bucket = decode(cases[i].protocol >= 0 ? 101 : 1, frame, &segment);
        if (bucket != cases[i].bucket) {
            print_error("case %zu\n", i);
        }
        assert_int_equal(bucket, cases[i].bucket);
    }
}

/* Any bytes behind any header, and headers with bytes changed. */
static void
test_chance(void **state)
{
    (void)state;
    static const uint32_t types[] = {0,   1,   9,   12,  14,  50,  101, 104, 105, 108, 113,
                                     117, 119, 127, 163, 166, 192, 228, 229, 276, 77};
    g_autoptr(GRand) rand = g_rand_new_with_seed(25);
    uint64_t memory = 0;
    g_autoptr(SsPacketDecoder) decoder = ss_packet_decoder_new(&memory);
    for (int round = 0; round < 200000; round++) {
        const TunnelCase *tunnel = &CASES[(size_t)round % G_N_ELEMENTS(CASES)];
        g_autoptr(GByteArray) frame = inner_packet(tunnel->version);
        uint32_t type = tunnel->link_type;
        for (int i = g_rand_int_range(rand, 0, 3); i >= 0; i--) {
            tunnel->wrap(frame);
        }
        if (round % 4 == 0) {
            type = types[g_rand_int_range(rand, 0, G_N_ELEMENTS(types))];
            for (guint i = 0; i < frame->len; i++) {
                frame->data[i] = (uint8_t)g_rand_int_range(rand, 0, round % 8 ? 8 : 256);
            }
        }
        for (int i = g_rand_int_range(rand, 0, 6); i > 0; i--) {
            frame->data[g_rand_int_range(rand, 0, (gint32)frame->len)] = (uint8_t)g_rand_int(rand);
        }
        size_t captured = (size_t)g_rand_int_range(rand, 0, (gint32)frame->len + 1);
        g_autofree uint8_t *copy = g_malloc(MAX(captured, 1));
        memcpy(copy, frame->data, captured);
        SsFrame read = {.origin = {(uint64_t)round, round * INT64_C(1000000), 6},
                        .link_type = type,
                        .len = (uint32_t)captured + (uint32_t)g_rand_int_range(rand, 0, 100),
                        .bytes = ss_slice(copy, captured)};
        SsSegment segment;
        SsPacketBucket bucket = ss_packet_decode(decoder, &read, &segment);
        assert_true(bucket < SS_N_PACKET_BUCKETS);
        if (bucket == SS_PACKET_SEGMENT) {
            (void)ss_segment_checksum(&segment);
        }
    }
    ss_packet_decoder_finish(decoder);
    assert_int_equal(memory, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_tunnel),      cmocka_unit_test(n01_tunnels_cut_at_every_length),
        cmocka_unit_test(test_padding_within),    cmocka_unit_test(test_outermost_address),
        cmocka_unit_test(test_outer_oddities),    cmocka_unit_test(n24_nested),
        cmocka_unit_test(n24_mpls_labels),        cmocka_unit_test(n24_of_all_kinds),
        cmocka_unit_test(n24_headers_in_tunnels), cmocka_unit_test(n24_tags_in_tunnels),
        cmocka_unit_test(test_what_is_not_read),  cmocka_unit_test(test_chance),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
