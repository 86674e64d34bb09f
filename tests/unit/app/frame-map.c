/* The map of frames, against a plain list. */
#include "app/frame-map.h"

#include "tests/ss-test.h"

typedef struct {
    SsFrameEntry entry;
    bool is_fragment;
} Model;

static void
check_against(SsFrameMap *map, const GArray *model)
{
    SsFrameEntry entry;

    assert_true(ss_frame_map_rewind(map, NULL));
    for (guint i = 0; i < model->len; i++) {
        const Model *wanted = &g_array_index(model, Model, i);
        if (wanted->entry.flow == 0) {
            continue; /* a fragment of which it was never told */
        }
        assert_true(ss_frame_map_next(map, &entry, NULL));
        assert_int_equal(entry.frame, wanted->entry.frame);
        assert_int_equal(entry.flow, wanted->entry.flow);
        assert_int_equal(entry.kind, wanted->entry.kind);
    }
    for (int i = 0; i < 2; i++) { /* and there it stays */
        assert_true(ss_frame_map_next(map, &entry, NULL));
        assert_int_equal(entry.frame, 0);
    }
}

static uint64_t
any_number(GRand *rand)
{
    uint64_t number = (uint64_t)g_rand_int(rand) << 32 | g_rand_int(rand);

    return number >> g_rand_int_range(rand, 0, 64);
}

static uint64_t
any_flow(GRand *rand)
{
    uint64_t flow = any_number(rand);

    return flow ? flow : 1;
}

/* Steps and connections of every size, kinds that come and go, fragments that are told in any
 * order or never. */
static void
test_chance(void **state)
{
    (void)state;
    for (guint32 seed = 0; seed < 50; seed++) {
        g_autoptr(GRand) rand = g_rand_new_with_seed(seed);
        g_autoptr(SsFrameMap) map = ss_frame_map_new(NULL);
        g_autoptr(GArray) model = g_array_new(FALSE, FALSE, sizeof(Model));
        uint64_t frame = 0;
        int n_frames = g_rand_int_range(rand, 0, 300);

        for (int i = 0; i < n_frames; i++) {
            Model next = {.is_fragment = g_rand_int_range(rand, 0, 4) == 0};
            frame += 1 + (any_number(rand) >> 16);
            next.entry.frame = frame;
            next.entry.kind = g_rand_int_range(rand, 0, 5) ? 1 : g_rand_int(rand);
            if (next.is_fragment) {
                assert_true(ss_frame_map_add_fragment(map, &next.entry, NULL));
            } else {
                next.entry.flow = any_flow(rand);
                assert_true(ss_frame_map_add(map, &next.entry, NULL));
            }
            g_array_append_val(model, next);
            if (g_rand_int_range(rand, 0, 3) == 0) {
                Model *some = &g_array_index(model, Model,
                                             (guint)g_rand_int_range(rand, 0, (gint)model->len));
                uint64_t flow = any_flow(rand);
                assert_true(ss_frame_map_resolve(map, some->entry.frame, flow, NULL));
                some->entry.flow = some->is_fragment ? flow : some->entry.flow;
            }
        }
        check_against(map, model);
        check_against(map, model);
    }
}

static void
test_unknown_frames_are_none(void **state)
{
    g_autoptr(SsFrameMap) map = ss_frame_map_new(NULL);
    g_autoptr(GArray) model = g_array_new(FALSE, FALSE, sizeof(Model));
    Model one = {.entry = {.frame = 7, .flow = 3, .kind = 0}};

    (void)state;
    assert_true(ss_frame_map_resolve(map, 5, 9, NULL));
    assert_true(ss_frame_map_add(map, &one.entry, NULL));
    assert_true(ss_frame_map_resolve(map, 7, 9, NULL));
    g_array_append_val(model, one);
    check_against(map, model);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_chance),
        cmocka_unit_test(test_unknown_frames_are_none),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
