/* pcapng, block by block: both byte orders, all that a file may mix, and every lie. */
#include "capture/source-file.h"

#include "base/limits.h"
#include "tests/ss-test.h"
#include "tests/unit/capture/files.h"

enum {
    SECTION = 0x0a0d0d0a,
    INTERFACE = 1,
    PACKET = 2,
    SIMPLE = 3,
    NAMES = 4,
    STATISTICS = 5,
    ENHANCED = 6,
    SECRETS = 10,
};

#define TLS_KEY_LOG 0x544c534b

/* A file being made. */
typedef struct {
    GByteArray *bytes;
    bool is_little;
} File;

static void
pad(GByteArray *to)
{
    put_zeros(to, -to->len % 4);
}

static void
number(const File *file, GByteArray *to, uint64_t value, unsigned n)
{
    put_number(to, value, n, file->is_little);
}

/* Takes `body`. */
static void
block(File *file, uint32_t type, GByteArray *body)
{
    pad(body);
    number(file, file->bytes, type, 4);
    number(file, file->bytes, body->len + 12, 4);
    put_array(file->bytes, body);
    number(file, file->bytes, body->len + 12, 4);
    g_byte_array_unref(body);
}

static void
section(File *file, bool is_little)
{
    file->is_little = is_little;
    GByteArray *body = g_byte_array_new();
    number(file, body, 0x1a2b3c4d, 4);
    number(file, body, 1, 2);
    number(file, body, 0, 2);
    number(file, body, UINT64_MAX, 8);
    block(file, SECTION, body);
}

static void
option(const File *file, GByteArray *to, unsigned code, const void *data, unsigned len)
{
    number(file, to, code, 2);
    number(file, to, len, 2);
    put(to, data, len);
    pad(to);
}

static void
interface_with(File *file, unsigned link_type, uint32_t snap_length, int resolution,
               int64_t offset_s)
{
    GByteArray *body = g_byte_array_new();
    number(file, body, link_type, 2);
    number(file, body, 0, 2);
    number(file, body, snap_length, 4);
    option(file, body, 2, "eth0", 4);
    if (resolution >= 0) {
        uint8_t value = (uint8_t)resolution;
        option(file, body, 9, &value, 1);
    }
    if (offset_s) {
        g_autoptr(GByteArray) value = g_byte_array_new();
        number(file, value, (uint64_t)offset_s, 8);
        option(file, body, 14, value->data, 8);
    }
    option(file, body, 0, "", 0);
    block(file, INTERFACE, body);
}

static void
interface(File *file, unsigned link_type)
{
    interface_with(file, link_type, 0, -1, 0);
}

static GByteArray *
enhanced_body(const File *file, uint32_t number_of_interface, uint64_t ticks, const char *text)
{
    GByteArray *body = g_byte_array_new();
    uint32_t len = (uint32_t)strlen(text);
    number(file, body, number_of_interface, 4);
    number(file, body, ticks >> 32, 4);
    number(file, body, (uint32_t)ticks, 4);
    number(file, body, len, 4);
    number(file, body, len + 100, 4);
    put(body, text, len);
    pad(body);
    return body;
}

static void
enhanced(File *file, uint32_t number_of_interface, uint64_t ticks, const char *text)
{
    GByteArray *body = enhanced_body(file, number_of_interface, ticks, text);
    option(file, body, 1, "a comment", 9);
    block(file, ENHANCED, body);
}

static void
secrets(File *file, uint32_t type, const char *text)
{
    GByteArray *body = g_byte_array_new();
    number(file, body, type, 4);
    number(file, body, strlen(text), 4);
    put(body, text, strlen(text));
    block(file, SECRETS, body);
}

static File
file_begin(bool is_little)
{
    File file = {g_byte_array_new(), is_little};
    section(&file, is_little);
    return file;
}

static FileContents *
file_finish(File *file)
{
    FileContents *contents = file_read_bytes(file->bytes);
    g_byte_array_unref(file->bytes);
    return contents;
}

static void
assert_packet(const FileContents *contents, guint i, const char *text, uint32_t link_type,
              int64_t time_ns, int digits)
{
    assert_true(i < contents->n_packets);
    const SsFrame *frame = &g_array_index(contents->frames, SsFrame, i);
    assert_true(ss_slice_eq(file_packet(contents, i), ss_slice_str(text)));
    assert_int_equal(frame->link_type, link_type);
    assert_int_equal(frame->origin.time_ns, time_ns);
    assert_int_equal(frame->origin.time_digits, digits);
}

/* --- what is right --- */

static void
n20_all_blocks(void **state)
{
    (void)state;
    for (int order = 0; order < 2; order++) {
        File file = file_begin(order == 1);
        secrets(&file, TLS_KEY_LOG, "CLIENT_RANDOM 1 2\n");
        secrets(&file, 0x5353484b, "ssh");
        interface(&file, 1);
        interface_with(&file, 101, 6, 9, 0);
        block(&file, NAMES, g_byte_array_new());
        block(&file, 0x80000bad, g_byte_array_new());
        enhanced(&file, 0, 1500000, "first");
        enhanced(&file, 1, 1500000001, "second, longer than its snap length");
        secrets(&file, TLS_KEY_LOG, "CLIENT_RANDOM 3 4\n");

        GByteArray *body = g_byte_array_new(); /* the obsolete packet block */
        number(&file, body, 1, 2);
        number(&file, body, 77, 2);
        number(&file, body, 0, 4);
        number(&file, body, 1700000002, 4);
        number(&file, body, 5, 4);
        number(&file, body, 5, 4);
        put(body, "third", 5);
        block(&file, PACKET, body);

        body = g_byte_array_new();
        number(&file, body, 6, 4);
        put(body, "fourth", 6);
        block(&file, SIMPLE, body);
        block(&file, STATISTICS, g_byte_array_new());

        g_autoptr(FileContents) contents = file_finish(&file);
        assert_int_equal(contents->end, SS_SOURCE_END);
        assert_int_equal(contents->n_packets, 4);
        assert_packet(contents, 0, "first", 1, 1500000000, 6);
        assert_packet(contents, 1, "second, longer than its snap length", 101, 1500000001, 9);
        assert_packet(contents, 2, "third", 101, 1700000002, 9);
        assert_packet(contents, 3, "fourth", 1, 1700000002, 6); /* no time of its own */
        assert_int_equal(g_array_index(contents->frames, SsFrame, 0).len, 105);
        assert_string_equal(contents->secrets->str, "CLIENT_RANDOM 1 2\nCLIENT_RANDOM 3 4\n");
    }
}

/* Each section has its own byte order and interfaces. */
static void
test_sections(void **state)
{
    (void)state;
    File file = file_begin(true);
    interface(&file, 1);
    enhanced(&file, 0, 1, "little");
    section(&file, false);
    interface_with(&file, 113, 0, 3, 0);
    enhanced(&file, 0, 2, "big");
    section(&file, true);
    interface(&file, 276);
    interface(&file, 0);
    enhanced(&file, 1, 3, "little again");
    g_autoptr(FileContents) contents = file_finish(&file);
    assert_int_equal(contents->end, SS_SOURCE_END);
    assert_int_equal(contents->n_packets, 3);
    assert_packet(contents, 0, "little", 1, 1000, 6);
    assert_packet(contents, 1, "big", 113, 2000000, 6);
    assert_packet(contents, 2, "little again", 0, 3000, 6);
}

static void
test_interfaces_are_forgotten_with_their_section(void **state)
{
    (void)state;
    File file = file_begin(true);
    interface(&file, 1);
    section(&file, true);
    enhanced(&file, 0, 1, "whose?");
    g_autoptr(FileContents) contents = file_finish(&file);
    assert_int_equal(contents->end, SS_SOURCE_DAMAGED);
    assert_non_null(strstr(contents->message, "interface 0 is not described"));
}

static void
n20_n21_clocks(void **state)
{
    (void)state;
    static const struct {
        int resolution;
        int64_t offset_s;
        uint64_t ticks;
        int64_t time_ns;
        int digits;
    } cases[] = {
        {-1, 0, 1700000000123456, 1700000000123456000, 6},
        {6, 0, 1, 1000, 6},
        {0, 0, 1700000000, 1700000000000000000, 6},
        {3, 0, 1700000000123, 1700000000123000000, 6},
        {7, 0, 17, 1700, 9},
        {9, 0, 1700000000123456789, 1700000000123456789, 9},
        {12, 0, 1700000123456789, 1700000123456, 9},
        {19, 0, 15000000000000000000u, 1500000000, 9},
        {20, 0, 15000000000000000000u, 150000000, 9},
        {28, 0, 15000000000000000000u, 1, 9},
        {127, 0, UINT64_MAX, 0, 9},
        {0x80, 0, 5, 5000000000, 6},
        {0x80 | 1, 0, 3, 1500000000, 6},
        {0x80 | 19, 0, UINT64_C(1) << 18, 500000000, 6},
        {0x80 | 20, 0, UINT64_C(1) << 19, 500000000, 9},
        {0x80 | 32, 0, UINT64_C(0x380000000), 3500000000, 9},
        {0x80 | 63, 0, UINT64_C(3) << 62, 1500000000, 9},
        {0x80 | 64, 0, UINT64_C(3) << 62, 750000000, 9},
        {0xff, 0, UINT64_MAX, 0, 9},
        {6, 1700000000, 5, 1700000000000005000, 6},
        {9, -3600, 1, 0, 9}, /* before 1970 is 1970 */
        {9, -3600, 3600000000001, 1, 9},
        {-1, INT64_MAX, 0, INT64_C(4611686018000000000), 6},
        {-1, INT64_MIN, 0, 0, 6},
        {0, 0, UINT64_MAX, INT64_C(4611686018000000000), 6},
        {9, 0, (UINT64_C(1) << 62) - 1, SS_TIME_MAX, 9},
        {9, 0, UINT64_C(1) << 62, SS_TIME_MAX, 9},
        {9, 0, UINT64_MAX, SS_TIME_MAX, 9},
        {0, INT64_MIN, UINT64_MAX, 0, 6},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        File file = file_begin(i % 2 == 0);
        interface_with(&file, 1, 0, cases[i].resolution, cases[i].offset_s);
        enhanced(&file, 0, cases[i].ticks, "x");
        g_autoptr(FileContents) contents = file_finish(&file);
        assert_int_equal(contents->end, SS_SOURCE_END);
        assert_packet(contents, 0, "x", 1, cases[i].time_ns, cases[i].digits);
    }
}

static void
test_simple_packet_and_snap_length(void **state)
{
    (void)state;
    File file = file_begin(true);
    interface_with(&file, 1, 4, -1, 0);
    GByteArray *body = g_byte_array_new();
    number(&file, body, 1000, 4); /* on the wire */
    put(body, "abcd", 4);
    block(&file, SIMPLE, body);
    g_autoptr(FileContents) contents = file_finish(&file);
    assert_int_equal(contents->end, SS_SOURCE_END);
    assert_packet(contents, 0, "abcd", 1, 0, 6);
    assert_int_equal(g_array_index(contents->frames, SsFrame, 0).len, 1000);
}

/* N20 */
static void
n20_many_interfaces(void **state)
{
    (void)state;
    File file = file_begin(false);
    for (unsigned i = 0; i < 100000; i++) {
        interface(&file, i & 0xff);
    }
    enhanced(&file, 99999, 1, "last");
    enhanced(&file, 100000, 1, "none");
    g_autoptr(FileContents) contents = file_finish(&file);
    assert_int_equal(contents->n_packets, 1);
    assert_packet(contents, 0, "last", 99999 & 0xff, 1000, 6);
    assert_int_equal(contents->end, SS_SOURCE_DAMAGED);
}

static void
n20_interfaces_have_a_bound(void **state)
{
    (void)state;
    File file = file_begin(true);
    for (unsigned i = 0; i <= 1 << 18; i++) {
        interface(&file, 1);
    }
    g_autoptr(FileContents) contents = file_finish(&file);
    assert_int_equal(contents->end, SS_SOURCE_DAMAGED);
    assert_non_null(strstr(contents->message, "too many interfaces"));
}

/* --- what is not --- */

/* A sound file with two packets, to be spoilt. */
static File
sound_file(bool is_little)
{
    File file = file_begin(is_little);
    interface(&file, 1);
    enhanced(&file, 0, 1, "first");
    enhanced(&file, 0, 2, "second");
    return file;
}

static void
assert_damaged(File *file, const char *how)
{
    g_autoptr(FileContents) contents = file_finish(file);
    assert_true(contents->is_open);
    assert_int_equal(contents->n_packets, 2);
    assert_int_equal(contents->end, SS_SOURCE_DAMAGED);
    assert_int_equal(contents->code, SS_SOURCE_ERROR_DAMAGED);
    assert_non_null(strstr(contents->message, how));
}

static void
n20_block_length_lies(void **state)
{
    (void)state;
    static const uint32_t lies[] = {0, 1, 4, 11, 13, 14, 15, 0x1000004, 0x7ffffffc, 0xffffffff};
    static const uint32_t types[] = {SECTION, INTERFACE, ENHANCED, SECRETS, 0x80000bad};
    for (size_t i = 0; i < G_N_ELEMENTS(lies) * G_N_ELEMENTS(types); i++) {
        File file = sound_file(i % 2 == 0);
        number(&file, file.bytes, types[i % G_N_ELEMENTS(types)], 4);
        number(&file, file.bytes, lies[i / G_N_ELEMENTS(types)], 4);
        number(&file, file.bytes, 0x1a2b3c4d, 4);
        put_zeros(file.bytes, 100);
        assert_damaged(&file, "a block of");
    }
}

static void
n20_trailer_differs(void **state)
{
    (void)state;
    File file = sound_file(true);
    enhanced(&file, 0, 3, "third");
    file.bytes->data[file.bytes->len - 4] ^= 4;
    assert_damaged(&file, "corrupt in packet 3 at byte ");

    file = sound_file(false);
    interface(&file, 1);
    file.bytes->data[file.bytes->len - 1] ^= 4;
    assert_damaged(&file, "corrupt after packet 2 at byte ");
}

static void
test_packet_length_lies(void **state)
{
    (void)state;
    static const uint32_t lies[] = {9, 0x7fffffff, 0x80000000, 0xfffffffc, 0xffffffff};
    for (size_t i = 0; i < G_N_ELEMENTS(lies); i++) {
        File file = sound_file(false);
        GByteArray *body = enhanced_body(&file, 0, 3, "12345678");
        g_byte_array_remove_range(body, 12, 4);
        g_autoptr(GByteArray) lie = g_byte_array_new();
        number(&file, lie, lies[i], 4);
        put_array(lie, body);
        g_autoptr(GByteArray) spoilt = g_byte_array_new();
        put(spoilt, lie->data + 4, 12);
        put(spoilt, lie->data, 4);
        put(spoilt, lie->data + 16, lie->len - 16);
        block(&file, ENHANCED, g_steal_pointer(&spoilt));
        g_byte_array_unref(body);
        assert_damaged(&file, "a packet larger than its block");

        file = sound_file(true);
        body = g_byte_array_new();
        number(&file, body, lies[i], 4);
        put(body, "12345678", 8);
        block(&file, SIMPLE, body);
        assert_damaged(&file, "a packet larger than its block");
    }
}

static void
test_blocks_too_small_for_what_they_are(void **state)
{
    (void)state;
    static const struct {
        uint32_t type;
        unsigned least;
        const char *how;
    } cases[] = {
        {INTERFACE, 8, "an interface that does not fit"},
        {ENHANCED, 20, "a packet block of"},
        {PACKET, 20, "a packet block of"},
        {SIMPLE, 4, "a packet block of"},
        {SECRETS, 8, "secrets that do not fit"},
    };
    for (size_t i = 0; i < G_N_ELEMENTS(cases); i++) {
        for (unsigned len = 0; len < cases[i].least; len += 4) {
            File file = sound_file(true);
            GByteArray *body = g_byte_array_new();
            put_zeros(body, len);
            block(&file, cases[i].type, body);
            assert_damaged(&file, cases[i].how);
        }
    }
    for (unsigned len = 4; len < 16; len += 4) {
        File file = sound_file(true);
        GByteArray *body = g_byte_array_new();
        number(&file, body, 0x1a2b3c4d, 4);
        put_zeros(body, len - 4);
        block(&file, SECTION, body);
        assert_damaged(&file, "a section whose version is not 1");
    }
}

static void
test_option_and_secret_lies(void **state)
{
    (void)state;
    File file = sound_file(true);
    GByteArray *body = g_byte_array_new();
    put_zeros(body, 8);
    number(&file, body, 9, 2);
    number(&file, body, 0xffff, 2);
    put_zeros(body, 4);
    block(&file, INTERFACE, body);
    assert_damaged(&file, "an interface that does not fit its block");

    file = sound_file(true);
    body = g_byte_array_new();
    number(&file, body, TLS_KEY_LOG, 4);
    number(&file, body, 0xffffffff, 4);
    put_zeros(body, 8);
    block(&file, SECRETS, body);
    assert_damaged(&file, "secrets that do not fit their block");

    file = sound_file(true);
    put32(file.bytes, SECTION);
    put_zeros(file.bytes, 24);
    assert_damaged(&file, "a section without a byte order");
}

/* Of a file cut anywhere, all packets before the cut, and no silence about it. */
static void
n20_cut_at_every_byte(void **state)
{
    (void)state;
    File file = file_begin(true);
    g_autoptr(GArray) ends = g_array_new(FALSE, FALSE, sizeof(guint));
    guint n_before_packets = file.bytes->len;
    g_array_append_val(ends, n_before_packets);
    interface(&file, 1);
    g_array_append_val(ends, file.bytes->len);
    guint n_others = ends->len;
    for (unsigned i = 0; i < 4; i++) {
        enhanced(&file, 0, i, "packet");
        g_array_append_val(ends, file.bytes->len);
    }
    for (guint len = 0; len <= file.bytes->len; len++) {
        g_autoptr(GByteArray) head = g_byte_array_new();
        put(head, file.bytes->data, len);
        g_autoptr(FileContents) contents = file_read_bytes(head);
        if (len < n_before_packets) {
            assert_false(contents->is_open);
            assert_int_equal(contents->code, SS_SOURCE_ERROR_FORMAT);
            continue;
        }
        guint n_packets = 0;
        bool is_clean = false;
        for (guint i = 0; i < ends->len; i++) {
            n_packets += i >= n_others && g_array_index(ends, guint, i) <= len;
            is_clean = is_clean || g_array_index(ends, guint, i) == len;
        }
        assert_int_equal(contents->n_packets, n_packets);
        assert_int_equal(contents->end, is_clean ? SS_SOURCE_END : SS_SOURCE_DAMAGED);
        if (!is_clean) {
            assert_true(g_str_has_prefix(contents->message, "cut short "));
        }
    }
    g_byte_array_unref(file.bytes);
}

static void
test_chance(void **state)
{
    (void)state;
    g_autoptr(GRand) rand = g_rand_new_with_seed(10);
    for (int round = 0; round < 4000; round++) {
        File file = sound_file(round % 2 == 0);
        secrets(&file, TLS_KEY_LOG, "CLIENT_RANDOM 1 2\n");
        section(&file, round % 4 < 2);
        interface(&file, 101);
        enhanced(&file, 0, 5, "third");
        int n_changes = g_rand_int_range(rand, 1, 6);
        for (int i = 0; i < n_changes; i++) {
            int at = g_rand_int_range(rand, 0, (gint32)file.bytes->len);
            file.bytes->data[at] = (uint8_t)g_rand_int(rand);
        }
        g_autoptr(FileContents) contents = file_finish(&file);
        assert_true(contents->n_packets <= 10);
        assert_true(contents->is_open || contents->code == SS_SOURCE_ERROR_FORMAT);
    }
}

static void
test_large_block_has_a_bound(void **state)
{
    (void)state;
    File file = sound_file(true);
    GByteArray *body = g_byte_array_new();
    g_byte_array_set_size(body, (16 << 20) - 12);
    memset(body->data, 0, body->len);
    block(&file, 0x80000bad, body);
    enhanced(&file, 0, 3, "third");
    g_autoptr(FileContents) contents = file_finish(&file);
    assert_int_equal(contents->end, SS_SOURCE_END);
    assert_int_equal(contents->n_packets, 3);
}

static void
test_packed(void **state)
{
    (void)state;
    for (Packing packing = PACKING_NONE; packing < N_PACKINGS; packing++) {
        File file = sound_file(true);
        g_autoptr(GByteArray) packed = file_pack(file.bytes, packing);
        g_byte_array_unref(file.bytes);
        g_autoptr(FileContents) contents = file_read_bytes(packed);
        assert_int_equal(contents->end, SS_SOURCE_END);
        assert_int_equal(contents->n_packets, 2);
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(n20_all_blocks),
        cmocka_unit_test(test_sections),
        cmocka_unit_test(test_interfaces_are_forgotten_with_their_section),
        cmocka_unit_test(n20_n21_clocks),
        cmocka_unit_test(test_simple_packet_and_snap_length),
        cmocka_unit_test(n20_many_interfaces),
        cmocka_unit_test(n20_interfaces_have_a_bound),
        cmocka_unit_test(n20_block_length_lies),
        cmocka_unit_test(n20_trailer_differs),
        cmocka_unit_test(test_packet_length_lies),
        cmocka_unit_test(test_blocks_too_small_for_what_they_are),
        cmocka_unit_test(test_option_and_secret_lies),
        cmocka_unit_test(n20_cut_at_every_byte),
        cmocka_unit_test(test_chance),
        cmocka_unit_test(test_large_block_has_a_bound),
        cmocka_unit_test(test_packed),
    };
    return cmocka_run_group_tests(tests, NULL, NULL);
}
