/* The TCP header and its options. */
#include "tests/unit/capture/frames.h"

static void
n04_tcp_header_length_lies(void **state)
{
    (void)state;
    for (unsigned words = 0; words < 16; words++) {
        g_autoptr(GByteArray) packet = packet4();
        size_t segment_len = packet->len - 28;
        packet->data[28 + 12] = (uint8_t)(words << 4);
        SsSegment segment;
        bool is_sound = words >= 5 && words * 4 <= segment_len;
        assert_int_equal(decode(101, packet, &segment),
                         is_sound ? SS_PACKET_SEGMENT : SS_PACKET_BAD_TCP_HEADER);
        if (is_sound) {
            assert_int_equal(segment.payload.len, segment_len - words * 4);
        }
    }
}

/* Decodes a segment with these options; a multiple of 4 bytes. */
static void
decode_options(SsSlice options, SsSegment *ret)
{
    g_autoptr(GByteArray) packet = g_byte_array_new();
    unsigned header_len = 20 + (unsigned)options.len;
    put_ip4(packet, 0, 0x4000, 6, header_len + (unsigned)PAYLOAD_LEN);
    put_tcp(packet, (unsigned)options.len / 4);
    memcpy(packet->data + 40, options.data, options.len);
    assert_int_equal(decode(101, packet, ret), SS_PACKET_SEGMENT);
    assert_is_hello(ret);
}

static void
n05_tcp_options_that_lie(void **state)
{
    (void)state;
    SsSegment segment;
    static const SsSlice odd[] = {
        SS_SLICE_INIT("\x02\x00\5\xb4\1\1\1\1"),
        SS_SLICE_INIT("\x02\x01\5\xb4\1\1\1\1"),
        SS_SLICE_INIT("\x02\x09\5\xb4\1\1\1\1"),
        SS_SLICE_INIT("\x02\xff\5\xb4\1\1\1\1"),
        SS_SLICE_INIT("\1\1\1\1\1\1\1\x05"),
        SS_SLICE_INIT("\x02\x03\5\1\1\1\1\1"),
        SS_SLICE_INIT("\x1e\x00\0\0\2\4\5\xb4"),
        SS_SLICE_INIT("\x1e\x09\0\0\2\4\5\xb4"),
        SS_SLICE_INIT("\x01\x01\x08\x09\1\1\1\1\2\2\2\1"),
        SS_SLICE_INIT("\x01\x01\x08\x0b\1\1\1\1\2\2\2\2"),
        SS_SLICE_INIT("\x03\x04\7\7"),
        SS_SLICE_INIT("\x13\x04\7\7"),
    };
    for (size_t i = 0; i < G_N_ELEMENTS(odd); i++) {
        decode_options(odd[i], &segment);
        assert_true(segment.options & SS_TCP_HAS_ODD_OPTION);
        assert_int_equal(segment.options & (SS_TCP_HAS_MSS | SS_TCP_HAS_TIMESTAMPS), 0);
        assert_int_equal(segment.mss, 0);
    }
    /* Of a wrong length for its kind: the next is read, as receivers do. */
    decode_options(SS_SLICE("\2\6\5\xb4\0\0\3\3\7\0\0\0"), &segment);
    assert_int_equal(segment.options, SS_TCP_HAS_ODD_OPTION | SS_TCP_HAS_SCALE);
    assert_int_equal(segment.window_scale, 7);
    /* All of them, and one that nobody knows; nothing after the end. */
    decode_options(SS_SLICE("\x1e\2\1\1\0\1\0\0"), &segment);
    assert_int_equal(segment.options, 0);
}

static void
test_tcp_options(void **state)
{
    (void)state;
    SsSegment segment;
    decode_options(SS_SLICE("\2\4\5\xb4\4\2\x08\x0a\1\2\3\4\5\6\7\x08\1\3\3\7"), &segment);
    assert_int_equal(segment.options, SS_TCP_HAS_MSS | SS_TCP_HAS_TIMESTAMPS | SS_TCP_HAS_SCALE);
    assert_int_equal(segment.mss, 1460);
    assert_int_equal(segment.window_scale, 7);
    assert_int_equal(segment.timestamp, 0x01020304);
    assert_int_equal(segment.timestamp_echo, 0x05060708);

    decode_options(SS_SLICE("\1\1\x08\x0a\xf1\2\3\4\xf5\6\7\x08"), &segment);
    assert_int_equal(segment.options, SS_TCP_HAS_TIMESTAMPS);
    assert_int_equal(segment.timestamp, 0xf1020304);
    assert_int_equal(segment.timestamp_echo, 0xf5060708);

    decode_options(SS_SLICE("\1\1\x08\x0a\1\2\3\4\5\6\7\x08\3\3\xff\0"), &segment);
    assert_int_equal(segment.options, SS_TCP_HAS_TIMESTAMPS | SS_TCP_HAS_SCALE);
    assert_int_equal(segment.window_scale, 14);

    decode_options(SS_SLICE("\1\1\x13\x12"
                            "0123456789abcdef"),
                   &segment);
    assert_int_equal(segment.options, SS_TCP_HAS_SIGNATURE);
    decode_options(SS_SLICE("\x1d\x10\1\1"
                            "0123456789ab"),
                   &segment);
    assert_int_equal(segment.options, SS_TCP_HAS_SIGNATURE);
    decode_options(SS_SLICE("\x22\2\1\1"), &segment);
    assert_int_equal(segment.options, SS_TCP_HAS_FAST_OPEN);
    decode_options(SS_SLICE("\xfe\4\xf9\x89"), &segment);
    assert_int_equal(segment.options, SS_TCP_HAS_FAST_OPEN);
    decode_options(SS_SLICE("\xfe\4\x12\x34"), &segment);
    assert_int_equal(segment.options, 0);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(n04_tcp_header_length_lies),
        cmocka_unit_test(n05_tcp_options_that_lie),
        cmocka_unit_test(test_tcp_options),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
