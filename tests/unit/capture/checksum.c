/* The checksum of TCP, held against the plainest way to make it. */
#include "tests/unit/capture/frames.h"

/* Makes a segment of random bytes whose checksum is right. */
static void
make_segment(GRand *rand, uint8_t family, size_t len, uint8_t *bytes, SsSegment *ret_segment)
{
    for (size_t i = 0; i < len; i++) {
        bytes[i] = (uint8_t)g_rand_int(rand);
    }
    *ret_segment = (SsSegment){.family = family, .tcp = ss_slice(bytes, len)};
    size_t n = family == 4 ? 4 : 16;
    for (size_t i = 0; i < n; i++) {
        ret_segment->from.bytes[i] = (uint8_t)g_rand_int(rand);
        ret_segment->to.bytes[i] = (uint8_t)g_rand_int(rand);
    }
    bytes[16] = bytes[17] = 0;
    uint32_t sum = plain_sum(6, ret_segment->from.bytes, n);
    sum = plain_sum(sum, ret_segment->to.bytes, n);
    uint8_t length[4] = {0, (uint8_t)(len >> 16), (uint8_t)(len >> 8), (uint8_t)len};
    sum = plain_sum(sum, length, 4);
    sum = (uint16_t)~plain_sum(sum, bytes, len);
    bytes[16] = (uint8_t)(sum >> 8);
    bytes[17] = (uint8_t)sum;
}

static void
test_every_length(void **state)
{
    (void)state;
    g_autoptr(GRand) rand = g_rand_new_with_seed(25);
    for (size_t i = 20; i < 3000; i++) {
        size_t len = i < 2990 ? i : i * 25; /* and some that are longer than a datagram */
        uint8_t family = i % 3 ? 4 : 6;
        g_autofree uint8_t *bytes = g_malloc(len); /* so that the sanitizer knows its end */
        SsSegment segment;
        make_segment(rand, family, len, bytes, &segment);
        assert_int_equal(ss_segment_checksum(&segment), SS_CHECKSUM_GOOD);
        size_t at = (size_t)g_rand_int_range(rand, 0, (gint32)len);
        bytes[at] ^= (uint8_t)(1 << g_rand_int_range(rand, 0, 8));
        assert_int_equal(ss_segment_checksum(&segment), SS_CHECKSUM_BAD);
    }
}

/* Nothing but ones: the sum must not overflow on its way. */
static void
test_all_ones(void **state)
{
    (void)state;
    size_t len = 1 << 20;
    g_autofree uint8_t *bytes = g_malloc(len);
    memset(bytes, 0xff, len);
    SsSegment segment = {.family = 6, .tcp = ss_slice(bytes, len)};
    memset(segment.from.bytes, 0xff, 16);
    memset(segment.to.bytes, 0xff, 16);
    bytes[16] = 0xff; /* 0x10 and 6 of the pseudo header are what is left to fill up */
    bytes[17] = 0xff - 0x10 - 6;
    assert_int_equal(ss_segment_checksum(&segment), SS_CHECKSUM_GOOD);
    bytes[17]++;
    assert_int_equal(ss_segment_checksum(&segment), SS_CHECKSUM_BAD);
}

/* From RFC 1071 section 3: the sum of these is ddf2. */
static void
test_example(void **state)
{
    (void)state;
    uint8_t bytes[20] = {0, 1, 0xf2, 3, 0xf4, 0xf5, 0xf6, 0xf7};
    SsSegment segment = {.family = 4, .tcp = ss_slice(bytes, sizeof bytes)};
    uint16_t checksum = (uint16_t) ~(0xddf2 + 6 + 20);
    bytes[16] = (uint8_t)(checksum >> 8);
    bytes[17] = (uint8_t)checksum;
    assert_int_equal(ss_segment_checksum(&segment), SS_CHECKSUM_GOOD);
}

static void
test_unknown(void **state)
{
    (void)state;
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    uint8_t bytes[100];
    SsSegment segment;
    make_segment(rand, 4, sizeof bytes, bytes, &segment);
    assert_int_equal(ss_segment_checksum(&segment), SS_CHECKSUM_GOOD);
    segment.oddities = SS_FRAME_REROUTED;
    assert_int_equal(ss_segment_checksum(&segment), SS_CHECKSUM_UNKNOWN);
    segment.oddities = 0;
    segment.cut = 1;
    assert_int_equal(ss_segment_checksum(&segment), SS_CHECKSUM_UNKNOWN);
    segment.cut = 0;
    segment.tcp = SS_SLICE_NULL;
    assert_int_equal(ss_segment_checksum(&segment), SS_CHECKSUM_UNKNOWN);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_every_length),
        cmocka_unit_test(test_all_ones),
        cmocka_unit_test(test_example),
        cmocka_unit_test(test_unknown),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
