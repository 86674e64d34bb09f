/* The excerpt by itself: what belongs together is written, whichever way it comes. */
#include "app/excerpt.h"

#include <unistd.h>

#include "tests/ss-test.h"
#include "tests/unit/capture/files.h"

#define N_FRAMES 12

/* A capture of numbered packets, the inputs that name it, and where the excerpt goes. */
typedef struct {
    char *path;
    char *result;
    SsAppInputs inputs;
} Fixture;

static int
set_up(void **state)
{
    Fixture *fixture = g_new0(Fixture, 1);
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    g_autoptr(GByteArray) nothing = g_byte_array_new();
    SsAppOptions options = {0};
    char *files[] = {NULL, NULL};

    put_pcap_header(bytes, 0xa1b2c3d4, true);
    for (unsigned i = 1; i <= N_FRAMES; i++) {
        put_pcap_record(bytes, i, true);
    }
    fixture->path = file_make(bytes);
    fixture->result = file_make(nothing);
    files[0] = fixture->path;
    options.files = files;
    assert_true(ss_app_inputs_open(&fixture->inputs, &options, NULL, NULL, NULL));
    *state = fixture;
    return 0;
}

static int
tear_down(void **state)
{
    Fixture *fixture = *state;

    ss_app_inputs_clear(&fixture->inputs);
    unlink(fixture->path);
    unlink(fixture->result);
    g_free(fixture->path);
    g_free(fixture->result);
    g_free(fixture);
    return 0;
}

/* As if the input could be read only once. */
static void
make_spooled(Fixture *fixture)
{
    g_array_index(fixture->inputs.items, SsAppInput, 0).source->size = SS_COUNT_NONE;
}

static SsSource *
source_of(Fixture *fixture)
{
    return g_array_index(fixture->inputs.items, SsAppInput, 0).source;
}

static bool
write_excerpt(SsExcerpt *excerpt, const char *path, GError **error)
{
    g_autoptr(GArray) taken = g_array_new(FALSE, FALSE, sizeof(SsFileId));
    SsFile *file = ss_file_open(path, taken, NULL);
    SsProgress progress;
    bool is_written;

    assert_non_null(file);
    ss_progress_begin(&progress, false);
    is_written = ss_excerpt_write(excerpt, file, &progress, error);
    assert_true(ss_file_close(file, NULL));
    return is_written;
}

/* The connections of the frames, from the first on; 0 is none, and F a fragment. */
#define F UINT64_MAX

static SsExcerpt *
feed(Fixture *fixture, const uint64_t flows[N_FRAMES], const char *name)
{
    SsExcerpt *excerpt = ss_excerpt_new(name, true, false, NULL);
    SsSource *source = source_of(fixture);
    SsFrame frame;

    assert_non_null(excerpt);
    ss_excerpt_begin(excerpt, &fixture->inputs);
    for (uint64_t i = 1; i <= N_FRAMES; i++) {
        assert_int_equal(source->ops->next(source, &frame, NULL), SS_SOURCE_FRAME);
        frame.origin.frame = i;
        if (flows[i - 1] == F) {
            ss_excerpt_add_fragment(excerpt, &frame);
        } else if (i == 9) { /* it completes the datagram that began with 3 and 6 */
            const uint64_t fragments[] = {3, 6, 9};
            ss_excerpt_add(excerpt, &frame, flows[i - 1], fragments, 3);
        } else {
            ss_excerpt_add(excerpt, &frame, flows[i - 1], NULL, 0);
        }
        if (i == 10) { /* it is told early that this one is none */
            const SsConnection other = {0};
            ss_excerpt_end_flow(excerpt, 3, &other);
        }
    }
    return excerpt;
}

static void
end_flow(SsExcerpt *excerpt, uint64_t flow, uint64_t session)
{
    const SsConnection connection = {.session = session, .uid = 0xabc + session};

    ss_excerpt_end_flow(excerpt, flow, &connection);
}

/* Frames in the result are numbered by what they hold: i × 7 bytes of value i. */
static void
assert_frames(const char *path, const unsigned *wanted, guint n)
{
    g_autoptr(FileContents) contents = file_read(path);

    assert_int_equal(contents->end, SS_SOURCE_END);
    assert_int_equal(contents->n_packets, n);
    for (guint i = 0; i < n; i++) {
        SsSlice bytes = file_packet(contents, i);
        assert_int_equal(bytes.len, wanted[i] * 7);
        assert_int_equal(bytes.data[0], wanted[i]);
        assert_int_equal(g_array_index(contents->frames, SsFrame, i).origin.time_ns / 1000,
                         (int64_t)wanted[i] * 1000000 + wanted[i]);
    }
}

static const uint64_t all_flows[N_FRAMES] = {1, 2, F, 0, 3, F, 1, F, 2, 3, 3, 1};

static void
judge_kept(Fixture *fixture, const char *name)
{
    static const unsigned wanted[] = {2, 3, 6, 9};
    g_autoptr(SsExcerpt) excerpt = feed(fixture, all_flows, name);

    end_flow(excerpt, 2, 7);
    end_flow(excerpt, 1, 0);
    assert_true(write_excerpt(excerpt, fixture->result, NULL));
    assert_frames(fixture->result, wanted, G_N_ELEMENTS(wanted));
}

static void
test_from_file(void **state)
{
    judge_kept(*state, "x.pcap");
}

static void
test_from_file_to_pcapng(void **state)
{
    judge_kept(*state, "x.pcapng");
}

static void
test_from_spool(void **state)
{
    make_spooled(*state);
    judge_kept(*state, "x.pcap");
}

static void
test_from_spool_to_pcapng(void **state)
{
    make_spooled(*state);
    judge_kept(*state, "x.pcapng");
}

static void
test_nothing_kept(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(SsExcerpt) excerpt = feed(fixture, all_flows, "x.pcap");

    assert_true(write_excerpt(excerpt, fixture->result, NULL));
    assert_frames(fixture->result, NULL, 0);
}

static void
test_secrets_in_their_place(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(SsExcerpt) excerpt = NULL;
    g_autoptr(FileContents) contents = NULL;

    make_spooled(fixture);
    excerpt = feed(fixture, all_flows, "x.pcapng");
    ss_excerpt_add_secrets(excerpt, SS_SLICE("CLIENT_RANDOM 1 2\n"));
    end_flow(excerpt, 1, 1);
    assert_true(write_excerpt(excerpt, fixture->result, NULL));
    contents = file_read(fixture->result);
    assert_int_equal(contents->n_packets, 3);
    assert_string_equal(contents->secrets->str, "CLIENT_RANDOM 1 2\n");
}

/* Once for each session, with its first packet. */
static void
test_comments(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(SsExcerpt) excerpt = feed(fixture, all_flows, "x.pcapng");
    g_autofree char *bytes = NULL;
    const char *first, *second;
    size_t len;

    end_flow(excerpt, 2, 7);
    end_flow(excerpt, 1, 8);
    assert_true(write_excerpt(excerpt, fixture->result, NULL));
    assert_true(g_file_get_contents(fixture->result, &bytes, &len, NULL));
    first = memmem(bytes, len, "smtpscope: session 8, uid 0000000000000ac4", 42);
    second = memmem(bytes, len, "smtpscope: session 7, uid 0000000000000ac3", 42);
    assert_non_null(first);
    assert_true(second > first);
    second += 42;
    assert_null(memmem(second, len - (size_t)(second - bytes), "session", 7));
}

static void
assert_refused(Fixture *fixture, SsExcerpt *excerpt, const char *why)
{
    g_autoptr(GError) error = NULL;

    assert_false(write_excerpt(excerpt, fixture->result, &error));
    assert_non_null(error);
    assert_non_null(strstr(error->message, why));
}

static void
test_changed_file(void **state)
{
    Fixture *fixture = *state;
    g_autoptr(SsExcerpt) excerpt = feed(fixture, all_flows, "x.pcap");

    end_flow(excerpt, 1, 1);
    assert_int_equal(truncate(fixture->path, 100), 0);
    assert_refused(fixture, excerpt, "has changed since it was read");
    unlink(fixture->path);
    assert_refused(fixture, excerpt, "has changed since it was read");
}

/* What the file's date does not tell is told by its packets. */
static void
test_fewer_packets(void **state)
{
    static const uint64_t flows[N_FRAMES] = {[N_FRAMES - 1] = 1};
    Fixture *fixture = *state;
    g_autoptr(SsExcerpt) excerpt = feed(fixture, flows, "x.pcap");
    SsFrame beyond = {.origin = {.frame = N_FRAMES + 1}, .link_type = 1};

    ss_excerpt_add(excerpt, &beyond, 1, NULL, 0);
    end_flow(excerpt, 1, 1);
    assert_refused(fixture, excerpt, "fewer packets");
}

/* One packet of so many seconds after 1970, written as x.pcap: the first bytes of the file, and the
 * time that is read back from it. */
static uint32_t
write_at(Fixture *fixture, int64_t s)
{
    g_autoptr(SsExcerpt) excerpt = ss_excerpt_new("x.pcap", true, false, NULL);
    g_autoptr(FileContents) contents = NULL;
    g_autofree char *bytes = NULL;
    SsSource *source = source_of(fixture);
    SsFrame frame;
    uint32_t magic;

    assert_non_null(excerpt);
    ss_excerpt_begin(excerpt, &fixture->inputs);
    assert_int_equal(source->ops->next(source, &frame, NULL), SS_SOURCE_FRAME);
    frame.origin.frame = 1;
    frame.origin.time_ns = s * INT64_C(1000000000) + 5000;
    ss_excerpt_add(excerpt, &frame, 1, NULL, 0);
    end_flow(excerpt, 1, 1);
    assert_true(write_excerpt(excerpt, fixture->result, NULL));
    contents = file_read(fixture->result);
    assert_int_equal(contents->n_packets, 1);
    assert_int_equal(g_array_index(contents->frames, SsFrame, 0).origin.time_ns,
                     frame.origin.time_ns);
    assert_true(g_file_get_contents(fixture->result, &bytes, NULL, NULL));
    memcpy(&magic, bytes, sizeof magic);
    return magic;
}

/* pcap's seconds have 32 bits: what is later needs pcapng, whatever the name. */
static void
test_until_2106(void **state)
{
    make_spooled(*state);
    assert_int_equal(write_at(*state, UINT32_MAX), 0xa1b2c3d4);
}

static void
test_after_2106(void **state)
{
    make_spooled(*state);
    assert_int_equal(write_at(*state, INT64_C(1) << 32), 0x0a0d0d0a);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_setup_teardown(test_from_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_from_file_to_pcapng, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_from_spool, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_from_spool_to_pcapng, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_nothing_kept, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_secrets_in_their_place, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_comments, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_changed_file, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_fewer_packets, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_until_2106, set_up, tear_down),
        cmocka_unit_test_setup_teardown(test_after_2106, set_up, tear_down),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
