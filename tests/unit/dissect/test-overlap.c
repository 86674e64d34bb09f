/*
 * Each way in which two segments can overlap, and who wins by each policy.
 */
#include "dissect/overlap.h"

#include "tests/ss-test.h"

/* The old segment is [10, 20). */
#define OLD_START 10
#define OLD_END 20

static const struct {
    const char *name;
    uint64_t start, end;
    /* 1: the new one's bytes count. In the order of SsOverlap: first, last, bsd, linux, windows,
     * solaris. */
    uint8_t takes_new[SS_N_OVERLAPS];
} rows[] = {
    {"the same extent", 10, 20, {0, 1, 0, 0, 0, 1}},
    {"the same start, shorter", 10, 15, {0, 1, 0, 0, 0, 0}},
    {"the same start, longer", 10, 25, {0, 1, 0, 1, 0, 1}},
    {"the same end, starts behind", 15, 20, {0, 1, 0, 0, 0, 0}},
    {"the same end, starts before", 5, 20, {0, 1, 1, 1, 1, 1}},
    {"enclosed", 12, 18, {0, 1, 0, 0, 0, 0}},
    {"encloses", 5, 25, {0, 1, 1, 1, 1, 1}},
    {"over its front", 5, 15, {0, 1, 1, 1, 1, 0}},
    {"over its back", 15, 25, {0, 1, 0, 0, 0, 1}},
    {"over its front, by a byte", 9, 11, {0, 1, 1, 1, 1, 0}},
    {"over its back, by a byte", 19, 21, {0, 1, 0, 0, 0, 1}},
    {"shorter by its first byte", 11, 20, {0, 1, 0, 0, 0, 0}},
    {"shorter by its last byte", 10, 19, {0, 1, 0, 0, 0, 0}},
    {"longer by a byte before", 9, 20, {0, 1, 1, 1, 1, 1}},
    {"longer by a byte behind", 10, 21, {0, 1, 0, 1, 0, 1}},
};

static void
test_each_way(void **state)
{
    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        for (int policy = 0; policy < SS_N_OVERLAPS; policy++) {
            bool takes_new = ss_overlap_takes_new((SsOverlap)policy, OLD_START, OLD_END,
                                                  rows[i].start, rows[i].end);
            if (takes_new != rows[i].takes_new[policy]) {
                fail_msg("policy %d, new one %s: %d", policy, rows[i].name, takes_new);
            }
        }
    }
}

/* Offsets are 64-bit: nothing wraps in them. */
static void
test_far_offsets(void **state)
{
    uint64_t base = UINT64_MAX - 100;

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        for (int policy = 0; policy < SS_N_OVERLAPS; policy++) {
            assert_int_equal(ss_overlap_takes_new((SsOverlap)policy, base + OLD_START,
                                                  base + OLD_END, base + rows[i].start,
                                                  base + rows[i].end),
                             rows[i].takes_new[policy]);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_each_way),
        cmocka_unit_test(test_far_offsets),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
