/* BPF expressions on frames of files, whose link types may be mixed. */
#include "capture/source.h"

#include "tests/ss-test.h"

static const uint8_t ETHERNET[] = {
    2,    2,    2, 2,  2, 2, 4, 4, 4,  4, 4, 4, 8,    0,                     /* Ethernet */
    0x45, 0,    0, 40, 0, 1, 0, 0, 64, 6, 0, 0, 10,   0, 0,  1, 10, 0, 0, 2, /* IPv4 */
    0x9c, 0x40, 0, 25, 0, 0, 0, 1, 0,  0, 0, 1, 0x50, 2, 16, 0, 0,  0, 0, 0, /* TCP */
};

static SsFrame
frame_of(uint32_t link_type, const uint8_t *data, size_t len)
{
    SsFrame frame = {.link_type = link_type, .len = (uint32_t)len, .bytes = ss_slice(data, len)};
    return frame;
}

static void
test_matches_per_link_type(void **state)
{
    (void)state;
    SsFrame ethernet = frame_of(1, ETHERNET, sizeof ETHERNET);
    SsFrame raw = frame_of(101, ETHERNET + 14, sizeof ETHERNET - 14);
    static const struct {
        const char *expression;
        bool matches;
    } cases[] = {
        {"tcp port 25", true}, {"tcp port 587", false}, {"host 10.0.0.2", true}, {"", true},
        {"udp", false},        {"less 54", true},       {"greater 55", false},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(SsFilter) filter = ss_filter_new(cases[i].expression, NULL);
        assert_non_null(filter);
        for (int round = 0; round < 2; round++) {
            assert_int_equal(ss_filter_matches(filter, &ethernet), cases[i].matches);
            assert_int_equal(ss_filter_matches(filter, &raw), cases[i].matches);
        }
        assert_null(ss_filter_steal_warning(filter));
    }
}

static void
test_cut_frames(void **state)
{
    (void)state;
    g_autoptr(SsFilter) filter = ss_filter_new("tcp port 25", NULL);
    for (size_t len = 0; len <= sizeof ETHERNET; len++) {
        uint8_t *copy = malloc(len ? len : 1);
        memcpy(copy, ETHERNET, len);
        SsFrame frame = frame_of(1, copy, len);
        assert_int_equal(ss_filter_matches(filter, &frame), len >= 14 + 20 + 4);
        free(copy);
    }
}

static void
test_link_type_without_sense(void **state)
{
    (void)state;
    g_autoptr(SsFilter) filter = ss_filter_new("ether host 02:02:02:02:02:02", NULL);
    assert_non_null(filter);
    SsFrame ethernet = frame_of(1, ETHERNET, sizeof ETHERNET);
    SsFrame raw = frame_of(101, ETHERNET + 14, sizeof ETHERNET - 14);
    assert_true(ss_filter_matches(filter, &ethernet));
    assert_null(ss_filter_steal_warning(filter));
    assert_false(ss_filter_matches(filter, &raw));
    g_autofree char *warning = ss_filter_steal_warning(filter);
    assert_true(g_str_has_prefix(warning, "packets of link type 101 match nothing: filter `ether"));
    assert_true(ss_filter_matches(filter, &ethernet));
    assert_false(ss_filter_matches(filter, &raw));
    assert_null(ss_filter_steal_warning(filter)); /* told once */
}

static void
test_bad_expression(void **state)
{
    (void)state;
    g_autoptr(GError) error = NULL;
    assert_null(ss_filter_new("tcp porto 25", &error));
    assert_true(g_error_matches(error, SS_SOURCE_ERROR_DOMAIN, SS_SOURCE_ERROR_FILTER));
    assert_true(g_str_has_prefix(error->message, "filter `tcp porto 25`: "));
    assert_null(ss_filter_new("((", NULL));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_matches_per_link_type),
        cmocka_unit_test(test_cut_frames),
        cmocka_unit_test(test_link_type_without_sense),
        cmocka_unit_test(test_bad_expression),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
