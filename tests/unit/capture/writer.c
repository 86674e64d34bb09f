/* Captures written: each byte of a small one, and what our readers make of them. */
#include "capture/writer.h"

#include <unistd.h>

#include "tests/ss-test.h"
#include "tests/unit/capture/files.h"

#define ETHERNET 1
#define RAW 101
#define TIME_NS INT64_C(1767225600123456789)

static const SsCaptureKind one_us = {ETHERNET, 6};
static const SsCaptureKind one_ns = {ETHERNET, 9};
static const SsCaptureKind mixed[] = {{ETHERNET, 6}, {RAW, 9}};

/* Where what is written goes; fails when `room` is used up. */
typedef struct {
    GByteArray *bytes;
    size_t room;
} Sink;

static bool
take(void *user_data, const void *bytes, size_t len)
{
    Sink *sink = user_data;

    if (len > sink->room) {
        return false;
    }
    sink->room -= len;
    put(sink->bytes, bytes, len);
    return true;
}

static SsCaptureWriter *
open_writer(Sink *sink, bool is_pcapng, const SsCaptureKind *kinds, size_t n_kinds)
{
    const SsCaptureWriterOptions options = {
        .is_pcapng = is_pcapng,
        .application = "test 1",
        .kinds = kinds,
        .n_kinds = n_kinds,
        .snap_length = 96,
        .write = take,
        .user_data = sink,
    };

    return ss_capture_writer_new(&options);
}

static SsFrame
frame_of(SsSlice bytes, uint32_t len, int64_t time_ns)
{
    return (SsFrame){.origin = {.time_ns = time_ns}, .len = len, .bytes = bytes};
}

/* The whole of a file with two packets, the second cut short. */
static GByteArray *
write_two(bool is_pcapng, const SsCaptureKind *kinds, size_t n_kinds, size_t room, bool *ret_whole)
{
    Sink sink = {g_byte_array_new(), room};
    g_autoptr(SsCaptureWriter) writer = open_writer(&sink, is_pcapng, kinds, n_kinds);
    SsFrame first = frame_of(SS_SLICE("abcde"), 5, TIME_NS);
    SsFrame second = frame_of(SS_SLICE("fghi"), 1500, TIME_NS + 1000);

    *ret_whole =
        ss_capture_writer_begin(writer) &&
        ss_capture_writer_secrets(writer, SS_SLICE("CLIENT_RANDOM 0\n.")) &&
        ss_capture_writer_packet(writer, 0, &first, SS_SLICE("hello")) &&
        ss_capture_writer_packet(writer, n_kinds ? n_kinds - 1 : 0, &second, SS_SLICE_NULL);
    return sink.bytes;
}

static void
assert_bytes(const GByteArray *found, const void *wanted, size_t len)
{
    assert_int_equal(found->len, len);
    assert_memory_equal(found->data, wanted, len);
}

static void
test_pcap_byte_for_byte(void **state)
{
    static const uint8_t wanted[] = {
        0xd4, 0xc3, 0xb2, 0xa1, 2,    0,    4,    0, 0, 0, 0, 0, 0,    0, 0, 0, 96,  0,   0,   0,
        1,    0,    0,    0, /**/
        0x00, 0xb9, 0x55, 0x69, 0x40, 0xe2, 0x01, 0, 5, 0, 0, 0, 5,    0, 0, 0, 'a', 'b', 'c', 'd',
        'e', /**/
        0x00, 0xb9, 0x55, 0x69, 0x41, 0xe2, 0x01, 0, 4, 0, 0, 0, 0xdc, 5, 0, 0, 'f', 'g', 'h', 'i'};
    bool is_whole;
    g_autoptr(GByteArray) bytes = write_two(false, &one_us, 1, SIZE_MAX, &is_whole);

    (void)state;
    assert_true(is_whole);
    assert_bytes(bytes, wanted, sizeof wanted);
}

static void
test_pcapng_byte_for_byte(void **state)
{
    static const uint8_t wanted[] = {
        /* section, with its application */
        0x0a, 0x0d, 0x0d, 0x0a, 44, 0, 0, 0, 0x4d, 0x3c, 0x2b, 0x1a, 1, 0, 0, 0, 0xff, 0xff, 0xff,
        0xff, 0xff, 0xff, 0xff, 0xff, 4, 0, 6, 0, 't', 'e', 's', 't', ' ', '1', 0, 0, 0, 0, 0, 0,
        44, 0, 0, 0,
        /* interface, with its resolution */
        1, 0, 0, 0, 32, 0, 0, 0, 1, 0, 0, 0, 96, 0, 0, 0, 9, 0, 1, 0, 6, 0, 0, 0, 0, 0, 0, 0, 32, 0,
        0, 0,
        /* secrets */
        10, 0, 0, 0, 40, 0, 0, 0, 0x4b, 0x53, 0x4c, 0x54, 17, 0, 0, 0, 'C', 'L', 'I', 'E', 'N', 'T',
        '_', 'R', 'A', 'N', 'D', 'O', 'M', ' ', '0', '\n', '.', 0, 0, 0, 40, 0, 0, 0,
        /* a packet with a comment: 1767225600123456 µs is 0x0006474846222240 */
        6, 0, 0, 0, 56, 0, 0, 0, 0, 0, 0, 0, 0x48, 0x47, 6, 0, 0x40, 0x22, 0x22, 0x46, 5, 0, 0, 0,
        5, 0, 0, 0, 'a', 'b', 'c', 'd', 'e', 0, 0, 0, 1, 0, 5, 0, 'h', 'e', 'l', 'l', 'o', 0, 0, 0,
        0, 0, 0, 0, 56, 0, 0, 0,
        /* and one without, cut short */
        6, 0, 0, 0, 36, 0, 0, 0, 0, 0, 0, 0, 0x48, 0x47, 6, 0, 0x41, 0x22, 0x22, 0x46, 4, 0, 0, 0,
        0xdc, 5, 0, 0, 'f', 'g', 'h', 'i', 36, 0, 0, 0};
    bool is_whole;
    g_autoptr(GByteArray) bytes = write_two(true, &one_us, 1, SIZE_MAX, &is_whole);

    (void)state;
    assert_true(is_whole);
    assert_bytes(bytes, wanted, sizeof wanted);
}

/* What a reader finds in a file of `write_two`. */
static void
assert_read(const GByteArray *bytes, const SsCaptureKind *kinds, size_t n_kinds,
            const char *secrets)
{
    g_autoptr(FileContents) contents = file_read_bytes(bytes);

    assert_int_equal(contents->end, SS_SOURCE_END);
    assert_int_equal(contents->n_packets, 2);
    assert_string_equal(contents->secrets->str, secrets);
    for (guint i = 0; i < 2; i++) {
        const SsFrame *frame = &g_array_index(contents->frames, SsFrame, i);
        const SsCaptureKind *kind = &kinds[i * (n_kinds - 1)];
        int64_t time_ns = TIME_NS + 1000 * (int64_t)i;

        assert_int_equal(frame->origin.time_digits, kind->time_digits);
        assert_int_equal(frame->origin.time_ns,
                         kind->time_digits == 9 ? time_ns : time_ns / 1000 * 1000);
        assert_int_equal(frame->link_type, kind->link_type);
        assert_int_equal(frame->len, i ? 1500 : 5);
        assert_int_equal(frame->snap_length, 96);
        assert_true(
            ss_slice_eq(file_packet(contents, i), i ? SS_SLICE("fghi") : SS_SLICE("abcde")));
    }
}

static void
test_read_back(void **state)
{
    static const char secrets[] = "CLIENT_RANDOM 0\n.";
    static const struct {
        bool is_pcapng;
        const SsCaptureKind *kinds;
        size_t n_kinds;
    } files[] = {{false, &one_us, 1},
                 {false, &one_ns, 1},
                 {true, &one_us, 1},
                 {true, &one_ns, 1},
                 {true, mixed, 2}};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(files); i++) {
        bool is_whole;
        g_autoptr(GByteArray) bytes =
            write_two(files[i].is_pcapng, files[i].kinds, files[i].n_kinds, SIZE_MAX, &is_whole);
        assert_true(is_whole);
        assert_read(bytes, files[i].kinds, files[i].n_kinds, files[i].is_pcapng ? secrets : "");
    }
}

static void
test_finest_clock_counts_for_all_of_pcap(void **state)
{
    static const SsCaptureKind kinds[] = {{ETHERNET, 6}, {ETHERNET, 9}};
    static const SsCaptureKind wanted[] = {{ETHERNET, 9}, {ETHERNET, 9}};
    bool is_whole;
    g_autoptr(GByteArray) bytes = write_two(false, kinds, 2, SIZE_MAX, &is_whole);

    (void)state;
    assert_true(is_whole);
    assert_read(bytes, wanted, 2, "");
}

static void
test_empty(void **state)
{
    (void)state;
    for (int is_pcapng = 0; is_pcapng < 2; is_pcapng++) {
        Sink sink = {g_byte_array_new(), SIZE_MAX};
        g_autoptr(GByteArray) bytes = sink.bytes;
        g_autoptr(SsCaptureWriter) writer = open_writer(&sink, is_pcapng, NULL, 0);
        g_autoptr(FileContents) contents = NULL;

        assert_true(ss_capture_writer_begin(writer));
        contents = file_read_bytes(bytes);
        assert_true(contents->is_open);
        assert_int_equal(contents->end, SS_SOURCE_END);
        assert_int_equal(contents->n_packets, 0);
    }
}

static void
test_longest_packet_and_comment(void **state)
{
    Sink sink = {g_byte_array_new(), SIZE_MAX};
    g_autoptr(GByteArray) bytes = sink.bytes;
    g_autoptr(SsCaptureWriter) writer = open_writer(&sink, true, &one_us, 1);
    g_autofree uint8_t *large = g_malloc0(262144);
    SsFrame frame = frame_of(ss_slice(large, 262144), 262144, TIME_NS);
    g_autoptr(FileContents) contents = NULL;

    (void)state;
    memset(large, 'x', 262144);
    assert_true(ss_capture_writer_begin(writer));
    assert_true(ss_capture_writer_packet(writer, 0, &frame, ss_slice(large, 70000)));
    assert_true(ss_capture_writer_packet(writer, 0, &frame, ss_slice(large, 65535)));
    contents = file_read_bytes(bytes);
    assert_int_equal(contents->n_packets, 2);
    assert_int_equal(contents->end, SS_SOURCE_END);
    assert_true(ss_slice_eq(file_packet(contents, 1), frame.bytes));
}

/* Wherever the room ends, the failure is told. */
static void
test_no_room(void **state)
{
    (void)state;
    for (int is_pcapng = 0; is_pcapng < 2; is_pcapng++) {
        bool is_whole;
        g_autoptr(GByteArray) all = write_two(is_pcapng, &one_us, 1, SIZE_MAX, &is_whole);

        for (size_t room = 0; room < all->len; room++) {
            g_autoptr(GByteArray) some = write_two(is_pcapng, &one_us, 1, room, &is_whole);
            assert_false(is_whole);
            assert_true(some->len <= room);
            assert_memory_equal(some->data ? some->data : all->data, all->data, some->len);
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_pcap_byte_for_byte),
        cmocka_unit_test(test_pcapng_byte_for_byte),
        cmocka_unit_test(test_read_back),
        cmocka_unit_test(test_finest_clock_counts_for_all_of_pcap),
        cmocka_unit_test(test_empty),
        cmocka_unit_test(test_longest_packet_and_comment),
        cmocka_unit_test(test_no_room),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
