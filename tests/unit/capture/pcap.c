/* Classic pcap, plain and packed: what is whole is given, and what is not is said. */
#include "capture/source-file.h"

#include <fcntl.h>
#include <signal.h>
#include <sys/stat.h>
#include <sys/time.h>
#include <unistd.h>

#include "base/event.h"
#include "tests/ss-test.h"
#include "tests/unit/capture/files.h"

#define MAGIC_US 0xa1b2c3d4
#define MAGIC_NS 0xa1b23c4d

static GByteArray *
pcap_of(unsigned n_packets, uint32_t magic, bool is_little)
{
    GByteArray *bytes = g_byte_array_new();
    put_pcap_header(bytes, magic, is_little);
    for (unsigned i = 0; i < n_packets; i++) {
        put_pcap_record(bytes, i, is_little);
    }
    return bytes;
}

static void
assert_packets(const FileContents *contents, unsigned n, uint32_t magic)
{
    assert_int_equal(contents->n_packets, n);
    for (unsigned i = 0; i < n; i++) {
        const SsFrame *frame = &g_array_index(contents->frames, SsFrame, i);
        int64_t fraction = magic == MAGIC_NS ? i : i * 1000;
        assert_int_equal(frame->origin.time_ns, i * INT64_C(1000000000) + fraction);
        assert_int_equal(frame->origin.time_digits, magic == MAGIC_NS ? 9 : 6);
        assert_int_equal(frame->len, i * 7 + 1);
        assert_int_equal(frame->link_type, 1);
        assert_int_equal(frame->bytes.len, i * 7);
        SsSlice bytes = file_packet(contents, i);
        for (size_t j = 0; j < bytes.len; j++) {
            assert_int_equal(bytes.data[j], i);
        }
    }
}

static void
test_orders_and_resolutions(void **state)
{
    (void)state;
    for (int k = 0; k < 4; k++) {
        uint32_t magic = k & 1 ? MAGIC_NS : MAGIC_US;
        g_autoptr(GByteArray) bytes = pcap_of(20, magic, (k & 2) != 0);
        g_autoptr(FileContents) contents = file_read_bytes(bytes);
        assert_int_equal(contents->end, SS_SOURCE_END);
        assert_packets(contents, 20, magic);
    }
}

static void
test_modified_header(void **state)
{
    (void)state;
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    put_pcap_header(bytes, 0xa1b2cd34, true);
    g_autoptr(GByteArray) record = g_byte_array_new();
    put_pcap_record(record, 3, true);
    put(bytes, record->data, 16);
    put_zeros(bytes, 8);
    put(bytes, record->data + 16, record->len - 16);
    g_autoptr(FileContents) contents = file_read_bytes(bytes);
    assert_int_equal(contents->end, SS_SOURCE_END);
    assert_int_equal(contents->n_packets, 1);
    assert_int_equal(file_packet(contents, 0).len, 21);
}

static void
test_packed(void **state)
{
    (void)state;
    g_autoptr(GByteArray) bytes = pcap_of(200, MAGIC_US, true);
    for (Packing packing = PACKING_NONE; packing < N_PACKINGS; packing++) {
        g_autoptr(GByteArray) packed = file_pack(bytes, packing);
        g_autoptr(FileContents) contents = file_read_bytes(packed);
        assert_int_equal(contents->end, SS_SOURCE_END);
        assert_packets(contents, 200, MAGIC_US);
    }
}

/* Two members, cut anywhere in what they hold; and the zeros that tapes leave. */
static void
test_packed_members_follow_one_another(void **state)
{
    (void)state;
    g_autoptr(GByteArray) bytes = pcap_of(20, MAGIC_US, true);
    for (Packing packing = PACKING_GZIP; packing < N_PACKINGS; packing++) {
        for (guint cut = 0; cut <= bytes->len; cut += 97) {
            g_autoptr(GByteArray) head = g_byte_array_new();
            g_autoptr(GByteArray) tail = g_byte_array_new();
            put(head, bytes->data, cut);
            put(tail, bytes->data + cut, bytes->len - cut);
            g_autoptr(GByteArray) packed = file_pack(head, packing);
            g_autoptr(GByteArray) packed_tail = file_pack(tail, packing);
            put_array(packed, packed_tail);
            if (packing != PACKING_ZSTD) {
                put_zeros(packed, 8);
            }
            g_autoptr(FileContents) contents = file_read_bytes(packed);
            assert_int_equal(contents->end, SS_SOURCE_END);
            assert_packets(contents, 20, MAGIC_US);
        }
    }
}

/* --- damage --- */

/* How many packets are whole in the first `len` bytes, and whether nothing is left of another. */
static unsigned
whole_packets(size_t len, bool *ret_is_clean)
{
    size_t at = 24;
    unsigned n = 0;
    while (at + 16 + 7 * n <= len) {
        at += 16 + 7 * n;
        n++;
    }
    *ret_is_clean = at == len;
    return n;
}

static void
n19_cut_at_every_byte(void **state)
{
    (void)state;
    g_autoptr(GByteArray) bytes = pcap_of(6, MAGIC_US, true);
    for (guint len = 0; len <= bytes->len; len++) {
        g_autoptr(GByteArray) head = g_byte_array_new();
        put(head, bytes->data, len);
        for (Packing packing = PACKING_NONE; packing < N_PACKINGS; packing++) {
            g_autoptr(GByteArray) packed = file_pack(head, packing);
            g_autoptr(FileContents) contents = file_read_bytes(packed);
            if (len < 24) {
                assert_false(contents->is_open);
                assert_int_equal(contents->code, SS_SOURCE_ERROR_FORMAT);
                continue;
            }
            bool is_clean;
            assert_packets(contents, whole_packets(len, &is_clean), MAGIC_US);
            assert_int_equal(contents->end, is_clean ? SS_SOURCE_END : SS_SOURCE_DAMAGED);
            if (!is_clean) {
                g_autofree char *expected = g_strdup_printf("cut short in packet %u at byte %u%s",
                                                            (unsigned)contents->n_packets + 1, len,
                                                            packing ? " of the unpacked data" : "");
                assert_string_equal(contents->message, expected);
            }
        }
    }
}

/* A packed file cut anywhere gives a beginning of the packets and is never taken for whole. */
static void
test_packed_cut_at_every_byte(void **state)
{
    (void)state;
    g_autoptr(GByteArray) bytes = pcap_of(30, MAGIC_US, true);
    for (Packing packing = PACKING_GZIP; packing < N_PACKINGS; packing++) {
        g_autoptr(GByteArray) packed = file_pack(bytes, packing);
        uint64_t before = 0;
        for (guint len = 0; len < packed->len; len++) {
            g_autoptr(GByteArray) head = g_byte_array_new();
            put(head, packed->data, len);
            g_autoptr(FileContents) contents = file_read_bytes(head);
            if (!contents->is_open) {
                assert_int_equal(contents->code, SS_SOURCE_ERROR_FORMAT);
                assert_int_equal(before, 0);
                continue;
            }
            assert_int_equal(contents->end, SS_SOURCE_DAMAGED);
            assert_non_null(strstr(contents->message, "data are cut short in packet"));
            assert_true(contents->n_packets >= before);
            before = contents->n_packets;
            assert_packets(contents, (unsigned)before, MAGIC_US);
        }
        assert_true(packing == PACKING_ZSTD || before == 30);
    }
}

static void
test_packed_corrupt(void **state)
{
    (void)state;
    g_autoptr(GByteArray) bytes = pcap_of(30, MAGIC_US, true);
    g_autoptr(GByteArray) gzip = file_pack(bytes, PACKING_GZIP);
    gzip->data[gzip->len - 6] ^= 1; /* its checksum: all packets are there, and the file is not */
    g_autoptr(FileContents) contents = file_read_bytes(gzip);
    assert_packets(contents, 30, MAGIC_US);
    assert_int_equal(contents->end, SS_SOURCE_DAMAGED);
    assert_non_null(strstr(contents->message, "its gzip data are corrupt (incorrect data check)"));

    for (Packing packing = PACKING_GZIP; packing < N_PACKINGS; packing++) {
        g_autoptr(GByteArray) packed = file_pack(bytes, packing);
        put(packed, "garbage behind it", 17);
        g_autoptr(FileContents) longer = file_read_bytes(packed);
        assert_packets(longer, 30, MAGIC_US);
        assert_int_equal(longer->end, SS_SOURCE_DAMAGED);
        for (guint at = 6; at < packed->len; at++) { /* never a crash */
            packed->data[at] ^= 0x55;
            g_autoptr(FileContents) other = file_read_bytes(packed);
            packed->data[at] ^= 0x55;
            assert_true(other->is_open || other->code == SS_SOURCE_ERROR_FORMAT);
        }
    }
}

/* N19 */
static void
n19_length_lies(void **state)
{
    (void)state;
    static const uint32_t lies[] = {262145, 0x7fffffff, 0x80000000, 0xffffffff};
    for (size_t i = 0; i < G_N_ELEMENTS(lies); i++) {
        g_autoptr(GByteArray) bytes = pcap_of(3, MAGIC_US, false);
        guint at = bytes->len;
        put_zeros(bytes, 8);
        put32(bytes, lies[i]);
        put32(bytes, 60);
        put_zeros(bytes, 60);
        g_autoptr(FileContents) contents = file_read_bytes(bytes);
        assert_packets(contents, 3, MAGIC_US);
        assert_int_equal(contents->end, SS_SOURCE_DAMAGED);
        g_autofree char *expected = g_strdup_printf(
            "corrupt in packet 4 at byte %u: a captured length of %u bytes", at, lies[i]);
        assert_string_equal(contents->message, expected);
    }

    g_autoptr(GByteArray) bytes = pcap_of(0, MAGIC_US, false);
    put_zeros(bytes, 8);
    put32(bytes, 5);
    put32(bytes, 2); /* shorter on the wire than captured */
    put(bytes, "12345", 5);
    g_autoptr(FileContents) contents = file_read_bytes(bytes);
    assert_int_equal(contents->end, SS_SOURCE_END);
    assert_int_equal(g_array_index(contents->frames, SsFrame, 0).len, 5);
}

static void
n19_file_behind_a_file(void **state)
{
    (void)state;
    g_autoptr(GByteArray) bytes = pcap_of(5, MAGIC_US, true);
    g_autoptr(GByteArray) other = pcap_of(5, MAGIC_US, true);
    put_array(bytes, other);
    g_autoptr(FileContents) contents = file_read_bytes(bytes);
    assert_packets(contents, 5, MAGIC_US);
    assert_int_equal(contents->end, SS_SOURCE_DAMAGED);
    assert_non_null(strstr(contents->message, "another file begins here"));
}

/* --- what is no capture --- */

static void
assert_refused(const char *path, int code, const char *message)
{
    g_autoptr(FileContents) contents = file_read(path);
    assert_false(contents->is_open);
    assert_int_equal(contents->code, code);
    assert_string_equal(contents->message, message);
}

static void
test_refused(void **state)
{
    (void)state;
    assert_refused("/nonexistent/file.pcap", SS_SOURCE_ERROR_OPEN, "No such file or directory");
    assert_refused("/", SS_SOURCE_ERROR_OPEN, "Is a directory");
    assert_refused("/dev/null", SS_SOURCE_ERROR_FORMAT, "empty file");

    static const struct {
        SsSlice bytes;
        const char *message;
    } cases[] = {
        {SS_SLICE_INIT(""), "empty file"},
        {SS_SLICE_INIT("a"), "not a capture file (pcap or pcapng, plain or gzip, zstd, xz)"},
        {SS_SLICE_INIT("\xd4\xc3\xb2"),
         "not a capture file (pcap or pcapng, plain or gzip, zstd, xz)"},
        {SS_SLICE_INIT("From: a@example.org\n"),
         "not a capture file (pcap or pcapng, plain or gzip, zstd, xz)"},
        {SS_SLICE_INIT("BZh91AY&SY"),
         "not a capture file but compressed with bzip2: unpack it first"},
        {SS_SLICE_INIT("snoop\0\0\0"),
         "not a capture file but a snoop file: convert it with `editcap -F pcapng`"},
        {SS_SLICE_INIT("\xd4\xc3\xb2\xa1\2\0\4\0"),
         "not a usable capture file: cut short in its header at byte 8"},
        {SS_SLICE_INIT("\x1f\x8b\x08"), "its gzip data are cut short"},
        {SS_SLICE_INIT("\x1f\x8bxxxxxxxxxxxxx"),
         "its gzip data are corrupt (unknown compression method)"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        put(bytes, cases[i].bytes.data, cases[i].bytes.len);
        g_autofree char *path = file_make(bytes);
        assert_refused(path, SS_SOURCE_ERROR_FORMAT, cases[i].message);
        unlink(path);
    }

    g_autoptr(GByteArray) nothing = g_byte_array_new();
    g_autoptr(GByteArray) packed = file_pack(nothing, PACKING_GZIP);
    g_autoptr(FileContents) contents = file_read_bytes(packed);
    assert_string_equal(contents->message, "empty file");
}

/* --- size --- */

/* 300 MB of packets in a file of less than 1 MB: the window stays what it was. */
static void
test_memory_is_flat(void **state)
{
    (void)state;
    g_autoptr(GByteArray) piece = pcap_of(0, MAGIC_US, true);
    g_autoptr(GByteArray) packed = file_pack(piece, PACKING_GZIP);
    g_byte_array_set_size(piece, 0);
    for (int i = 0; i < 50; i++) {
        put_zeros(piece, 8);
        put_number(piece, 60000, 4, true);
        put_number(piece, 60000, 4, true);
        put_zeros(piece, 60000);
    }
    g_autoptr(GByteArray) packed_piece = file_pack(piece, PACKING_GZIP);
    for (int i = 0; i < 100; i++) {
        put_array(packed, packed_piece);
    }
    g_autofree char *path = file_make(packed);
    g_autoptr(SsSource) source = ss_source_file_open(path, NULL, NULL, NULL);
    assert_non_null(source);
    SsFrame frame;
    uint64_t n = 0;
    while (source->ops->next(source, &frame, NULL) == SS_SOURCE_FRAME) {
        n++;
        assert_true(((SsFileSource *)source)->reader.room <= 512 << 10);
    }
    assert_int_equal(n, 5000);
    assert_int_equal(source->size, packed->len);
    assert_int_equal(source->position, packed->len);
    assert_false(source->is_live);
    SsSourceStats stats;
    assert_false(source->ops->stats(source, &stats));
    unlink(path);
}

/* --- pipes --- */

typedef struct {
    char *folder;
    char *path;
    int writer;
} Pipe;

static Pipe
pipe_make(void)
{
    Pipe fifo;
    fifo.folder = g_dir_make_tmp("capture-XXXXXX", NULL);
    assert_non_null(fifo.folder);
    fifo.path = g_build_filename(fifo.folder, "pipe", NULL);
    assert_int_equal(mkfifo(fifo.path, 0600), 0);
    fifo.writer = open(fifo.path, O_RDWR);
    assert_true(fifo.writer >= 0);
    return fifo;
}

static void
pipe_clear(Pipe *fifo)
{
    unlink(fifo->path);
    rmdir(fifo->folder);
    g_free(fifo->path);
    g_free(fifo->folder);
}

static void
pipe_write(const Pipe *fifo, const uint8_t *data, size_t len)
{
    assert_int_equal(write(fifo->writer, data, len), len);
}

/* A packet comes out as soon as it is whole, though the writer stays. */
static void
test_pipe_is_live(void **state)
{
    (void)state;
    g_autoptr(GByteArray) bytes = pcap_of(3, MAGIC_US, true);
    Pipe fifo = pipe_make();
    pipe_write(&fifo, bytes->data, 24 + 16); /* header and the first packet, which is empty */
    g_autoptr(SsSource) source = ss_source_file_open(fifo.path, NULL, NULL, NULL);
    assert_non_null(source);
    assert_true(source->is_live);
    assert_true(source->size == SS_COUNT_NONE);

    SsFrame frame;
    gint64 start_us = g_get_monotonic_time();
    assert_int_equal(source->ops->next(source, &frame, NULL), SS_SOURCE_FRAME);
    assert_true(g_get_monotonic_time() - start_us < 100000);
    assert_int_equal(source->ops->next(source, &frame, NULL), SS_SOURCE_IDLE);
    assert_true(g_get_monotonic_time() - start_us < 1000000);

    size_t at = 24 + 16;
    for (; at < bytes->len; at++) { /* byte by byte: nothing before the last one */
        pipe_write(&fifo, bytes->data + at, 1);
        bool is_whole = at + 1 == 24 + 16 + 16 + 7 || at + 1 == bytes->len;
        if (is_whole) {
            assert_int_equal(source->ops->next(source, &frame, NULL), SS_SOURCE_FRAME);
        } else if (at == 45 || at == 60 || at == 70) {
            assert_int_equal(source->ops->next(source, &frame, NULL), SS_SOURCE_IDLE);
        }
    }
    assert_int_equal(frame.bytes.len, 14);
    close(fifo.writer);
    assert_int_equal(source->ops->next(source, &frame, NULL), SS_SOURCE_END);
    pipe_clear(&fifo);
}

static void
ignore_signal(int number)
{
    (void)number;
}

static void
set_alarm(long after_us)
{
    struct sigaction action = {.sa_handler = ignore_signal};
    sigaction(SIGALRM, &action, NULL);
    struct itimerval timer = {.it_value = {.tv_usec = after_us}};
    setitimer(ITIMER_REAL, &timer, NULL);
}

/* A signal ends the wait at once, even for the header, and nothing read is lost by it. */
static void
test_pipe_and_signal(void **state)
{
    (void)state;
    g_autoptr(GByteArray) bytes = pcap_of(2, MAGIC_US, true);
    Pipe fifo = pipe_make();
    pipe_write(&fifo, bytes->data, 10);
    set_alarm(50000);
    g_autoptr(SsSource) source = ss_source_file_open(fifo.path, NULL, NULL, NULL);
    assert_non_null(source);

    SsFrame frame;
    set_alarm(50000);
    gint64 start_us = g_get_monotonic_time();
    assert_int_equal(source->ops->next(source, &frame, NULL), SS_SOURCE_IDLE);
    assert_true(g_get_monotonic_time() - start_us < 200000);

    pipe_write(&fifo, bytes->data + 10, 35);
    assert_int_equal(source->ops->next(source, &frame, NULL), SS_SOURCE_FRAME);
    set_alarm(50000);
    assert_int_equal(source->ops->next(source, &frame, NULL), SS_SOURCE_IDLE);
    pipe_write(&fifo, bytes->data + 45, bytes->len - 45);
    assert_int_equal(source->ops->next(source, &frame, NULL), SS_SOURCE_FRAME);
    assert_int_equal(frame.bytes.len, 7);
    close(fifo.writer);
    assert_int_equal(source->ops->next(source, &frame, NULL), SS_SOURCE_END);
    pipe_clear(&fifo);
}

/* What comes after an interrupted wait for the header may still be no capture. */
static void
test_pipe_refused_late(void **state)
{
    (void)state;
    Pipe fifo = pipe_make();
    set_alarm(50000);
    g_autoptr(SsSource) source = ss_source_file_open(fifo.path, NULL, NULL, NULL);
    assert_non_null(source);
    pipe_write(&fifo, (const uint8_t *)"HELO there", 10);
    g_autoptr(GError) error = NULL;
    SsFrame frame;
    assert_int_equal(source->ops->next(source, &frame, &error), SS_SOURCE_ERROR);
    assert_true(g_error_matches(error, SS_SOURCE_ERROR_DOMAIN, SS_SOURCE_ERROR_FORMAT));
    close(fifo.writer);
    pipe_clear(&fifo);
}

static void
test_packed_pipe(void **state)
{
    (void)state;
    g_autoptr(GByteArray) bytes = pcap_of(5, MAGIC_US, true);
    for (Packing packing = PACKING_NONE; packing < N_PACKINGS; packing++) {
        g_autoptr(GByteArray) packed = file_pack(bytes, packing);
        Pipe fifo = pipe_make();
        pipe_write(&fifo, packed->data, packed->len);
        g_autoptr(SsSource) source = ss_source_file_open(fifo.path, NULL, NULL, NULL);
        assert_non_null(source);
        SsFrame frame;
        for (int i = 0; i < 5; i++) {
            assert_int_equal(source->ops->next(source, &frame, NULL), SS_SOURCE_FRAME);
        }
        close(fifo.writer);
        assert_int_equal(source->ops->next(source, &frame, NULL), SS_SOURCE_END);
        pipe_clear(&fifo);
    }
}

static void
test_standard_input(void **state)
{
    (void)state;
    g_autoptr(GByteArray) bytes = pcap_of(5, MAGIC_US, true);
    g_autofree char *path = file_make(bytes);
    int saved = dup(STDIN_FILENO);
    int fd = open(path, O_RDONLY);
    assert_int_equal(dup2(fd, STDIN_FILENO), STDIN_FILENO);
    g_autoptr(FileContents) contents = file_read("-");
    assert_int_equal(contents->end, SS_SOURCE_END);
    assert_packets(contents, 5, MAGIC_US);
    assert_int_equal(lseek(STDIN_FILENO, 0, SEEK_CUR), bytes->len); /* still open */
    dup2(saved, STDIN_FILENO);
    close(saved);
    close(fd);
    unlink(path);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_orders_and_resolutions),
        cmocka_unit_test(test_modified_header),
        cmocka_unit_test(test_packed),
        cmocka_unit_test(test_packed_members_follow_one_another),
        cmocka_unit_test(n19_cut_at_every_byte),
        cmocka_unit_test(test_packed_cut_at_every_byte),
        cmocka_unit_test(test_packed_corrupt),
        cmocka_unit_test(n19_length_lies),
        cmocka_unit_test(n19_file_behind_a_file),
        cmocka_unit_test(test_refused),
        cmocka_unit_test(test_memory_is_flat),
        cmocka_unit_test(test_pipe_is_live),
        cmocka_unit_test(test_pipe_and_signal),
        cmocka_unit_test(test_pipe_refused_late),
        cmocka_unit_test(test_packed_pipe),
        cmocka_unit_test(test_standard_input),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
