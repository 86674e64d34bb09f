/* Descriptions: fields lie where they say, whatever is cut, changed or piled up. */
#include "capture/describe.h"

#include "tests/ss-test.h"
#include "tests/unit/capture/bytes.h"

static const uint8_t ether[] = {2, 0, 0, 0, 0, 1, 2, 0, 0, 0, 0, 2};

static void
put_ethernet(GByteArray *to, unsigned type)
{
    put(to, ether, 12);
    put16(to, type);
}

static void
put_ip4(GByteArray *to, uint8_t protocol, unsigned len)
{
    static const uint8_t ends[] = {192, 0, 2, 1, 198, 51, 100, 2};

    put8(to, 0x45);
    put8(to, 0);
    put16(to, 20 + len);
    put16(to, 7);
    put16(to, 0x4000);
    put8(to, 64);
    put8(to, protocol);
    put16(to, 0);
    put(to, ends, 8);
}

static void
put_ip6(GByteArray *to, uint8_t next, unsigned len)
{
    put32(to, 0x60012345);
    put16(to, len);
    put8(to, next);
    put8(to, 63);
    put_zeros(to, 31);
    put8(to, 1);
}

/* A SYN with four options, and two bytes. */
#define TCP_LEN (20 + 20 + 2)
static void
put_tcp(GByteArray *to)
{
    static const uint8_t options[] = {2, 4, 5, 0xb4, 4, 2, 8, 10, 0, 0,
                                      0, 9, 0, 0,    0, 8, 1, 3,  3, 7};

    put16(to, 40000);
    put16(to, 25);
    put32(to, 100);
    put32(to, 200);
    put8(to, 10 << 4);
    put8(to, 0x12);
    put16(to, 4096);
    put32(to, 0);
    put(to, options, sizeof options);
    put(to, "hi", 2);
}

static SsFrame
frame_of(const GByteArray *bytes, uint32_t link_type)
{
    return (SsFrame){
        .origin = {.frame = 1},
        .link_type = link_type,
        .len = bytes->len,
        .bytes = ss_slice(bytes->data, bytes->len),
    };
}

/* Every field lies in its layer, every layer behind the one before. */
static void
check_places(const SsFrame *frame, const SsDescription *about)
{
    const SsLayer *layers = about->layers.items;
    uint64_t end = 0;

    assert_true(about->layers.n <= SS_LAYERS_MAX);
    for (size_t i = 0; i < about->layers.n; i++) {
        const SsLayerField *fields = layers[i].fields.items;
        assert_int_equal(layers[i].offset, end);
        end += layers[i].len;
        for (size_t k = 0; k < layers[i].fields.n; k++) {
            assert_true(fields[k].len == 0 || fields[k].offset >= layers[i].offset);
            assert_true(fields[k].offset + fields[k].len <= end);
            assert_true(g_utf8_validate((const char *)fields[k].value.data,
                                        (gssize)fields[k].value.len, NULL));
        }
    }
    assert_true(end <= frame->bytes.len);
    assert_true(about->payload_at + about->payload_len <= frame->bytes.len);
}

static const char *
names_of(const SsDescription *about, GString *names)
{
    const SsLayer *layers = about->layers.items;

    g_string_truncate(names, 0);
    for (size_t i = 0; i < about->layers.n; i++) {
        g_string_append_printf(names, "%s%.*s", i ? " " : "", (int)layers[i].name.len,
                               (const char *)layers[i].name.data);
    }
    return names->str;
}

static bool
has_field(const SsDescription *about, const char *name, const char *value)
{
    const SsLayer *layers = about->layers.items;

    for (size_t i = 0; i < about->layers.n; i++) {
        const SsLayerField *fields = layers[i].fields.items;
        for (size_t k = 0; k < layers[i].fields.n; k++) {
            if (ss_slice_eq(fields[k].name, ss_slice_str(name)) &&
                ss_slice_eq(fields[k].value, ss_slice_str(value))) {
                return true;
            }
        }
    }
    return false;
}

/* --- what carries what --- */

typedef struct {
    const char *names;
    void (*put)(GByteArray *to);
    uint32_t link_type;
} Stack;

static void
put_plain(GByteArray *to)
{
    put_ethernet(to, 0x0800);
    put_ip4(to, 6, TCP_LEN);
    put_tcp(to);
    put_zeros(to, 4); /* pads the frame */
}

static void
put_vlan(GByteArray *to)
{
    put_ethernet(to, 0x88a8);
    put16(to, 0x2005);
    put16(to, 0x8100);
    put16(to, 7);
    put16(to, 0x86dd);
    put_ip6(to, 0, 8 + 8 + TCP_LEN);
    put8(to, 44); /* hop-by-hop, then an atomic fragment */
    put_zeros(to, 7);
    put8(to, 6);
    put_zeros(to, 7);
    put_tcp(to);
}

static void
put_mpls(GByteArray *to)
{
    put_ethernet(to, 0x8847);
    put32(to, 16 << 12 | 64);
    put32(to, 17 << 12 | 0x100 | 64);
    put_ip4(to, 6, TCP_LEN);
    put_tcp(to);
}

static void
put_pppoe(GByteArray *to)
{
    put_ethernet(to, 0x8864);
    put16(to, 0x1100);
    put16(to, 9);
    put16(to, 2 + 20 + TCP_LEN);
    put16(to, 0x0021);
    put_ip4(to, 6, TCP_LEN);
    put_tcp(to);
}

static void
put_gre(GByteArray *to)
{
    put_ip4(to, 47, 16 + 20 + TCP_LEN);
    put16(to, 0xb000);
    put16(to, 0x0800);
    put_zeros(to, 12);
    put_ip4(to, 6, TCP_LEN);
    put_tcp(to);
}

static void
put_vxlan(GByteArray *to)
{
    put_ip4(to, 17, 8 + 8 + 14 + 20 + TCP_LEN);
    put16(to, 50000);
    put16(to, 4789);
    put16(to, 8 + 8 + 14 + 20 + TCP_LEN);
    put16(to, 0);
    put32(to, 0x08000000);
    put32(to, 42 << 8);
    put_ethernet(to, 0x0800);
    put_ip4(to, 6, TCP_LEN);
    put_tcp(to);
}

static void
put_geneve(GByteArray *to)
{
    put_ip6(to, 17, 8 + 12 + 20 + TCP_LEN);
    put16(to, 50000);
    put16(to, 6081);
    put16(to, 8 + 12 + 20 + TCP_LEN);
    put16(to, 0);
    put16(to, 0x0100);
    put16(to, 0x0800);
    put32(to, 42 << 8);
    put_zeros(to, 4);
    put_ip4(to, 6, TCP_LEN);
    put_tcp(to);
}

static void
put_cooked(GByteArray *to)
{
    put16(to, 0x0800);
    put16(to, 0);
    put32(to, 2);
    put16(to, 1);
    put8(to, 4);
    put8(to, 6);
    put(to, ether, 6);
    put_zeros(to, 2);
    put_ip4(to, 4, 20 + TCP_LEN);
    put_ip4(to, 6, TCP_LEN);
    put_tcp(to);
}

static const Stack stacks[] = {
    {"Ethernet IPv4 TCP", put_plain, 1},
    {"Ethernet 802.1Q 802.1Q IPv6 Hop-by-hop options Fragment header TCP", put_vlan, 1},
    {"Ethernet MPLS MPLS IPv4 TCP", put_mpls, 1},
    {"Ethernet PPPoE PPP IPv4 TCP", put_pppoe, 1},
    {"IPv4 GRE IPv4 TCP", put_gre, 101},
    {"IPv4 UDP VXLAN Ethernet IPv4 TCP", put_vxlan, 228},
    {"IPv6 UDP GENEVE IPv4 TCP", put_geneve, 101},
    {"Linux cooked v2 IPv4 IPv4 TCP", put_cooked, 276},
};

static void
test_stacks(void **state)
{
    g_autoptr(GString) names = g_string_new(NULL);

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(stacks); i++) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        SsArena arena = {0};
        SsDescription about, brief;
        SsFrame frame;

        stacks[i].put(bytes);
        frame = frame_of(bytes, stacks[i].link_type);
        ss_describe(&frame, &arena, &about);
        ss_describe(&frame, NULL, &brief);
        assert_string_equal(names_of(&about, names), stacks[i].names);
        check_places(&frame, &about);
        assert_true(ss_slice_eq(about.protocol, SS_SLICE("tcp")));
        assert_int_equal(about.to.port, 25);
        assert_int_equal(about.payload_len, 2);
        assert_memory_equal(bytes->data + about.payload_at, "hi", 2);
        assert_true(has_field(&about, "maximum segment size", "1460"));
        assert_true(has_field(&about, "window scale", "7 (times 128)"));
        assert_true(has_field(&about, "timestamp echo", "8"));
        assert_true(has_field(&about, "flags", "0x12 (SYN, ACK)"));
        assert_int_equal(brief.layers.n, 0);
        assert_int_equal(brief.payload_at, about.payload_at);
        assert_memory_equal(&brief.from, &about.from, sizeof brief.from);
        ss_arena_clear(&arena);
    }
}

/* --- hostile ones --- */

static void
describe_copy(const GByteArray *bytes, size_t len, uint32_t link_type, uint32_t wire_len)
{
    g_autofree uint8_t *copy = g_memdup2(bytes->data, len ? len : 1); /* its end is an end */
    SsArena arena = {0};
    SsDescription about;
    SsFrame frame = {.link_type = link_type, .len = wire_len, .bytes = ss_slice(copy, len)};

    ss_describe(&frame, &arena, &about);
    check_places(&frame, &about);
    ss_arena_clear(&arena);
    ss_describe(&frame, NULL, &about);
}

static void
test_cut_and_changed(void **state)
{
    g_autoptr(GRand) dice = g_rand_new_with_seed(3);

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(stacks); i++) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        stacks[i].put(bytes);
        for (size_t len = 0; len <= bytes->len; len++) {
            describe_copy(bytes, len, stacks[i].link_type, bytes->len);
            describe_copy(bytes, len, stacks[i].link_type, (uint32_t)len);
        }
        for (int n = 0; n < 20000; n++) {
            g_autoptr(GByteArray) changed = g_byte_array_new();
            put_array(changed, bytes);
            for (int k = g_rand_int_range(dice, 1, 4); k > 0; k--) {
                changed->data[g_rand_int_range(dice, 0, (gint)changed->len)] =
                    (uint8_t)g_rand_int(dice);
            }
            describe_copy(changed, changed->len, stacks[i].link_type, changed->len);
        }
    }
}

static void
test_depth(void **state)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    SsArena arena = {0};
    SsDescription about;
    SsFrame frame;

    (void)state;
    put_ethernet(bytes, 0x8847);
    put_zeros(bytes, 65000); /* labels without a bottom */
    frame = frame_of(bytes, 1);
    ss_describe(&frame, &arena, &about);
    assert_int_equal(about.layers.n, SS_LAYERS_MAX);
    check_places(&frame, &about);
    ss_arena_clear(&arena);
}

static void
test_fragments_and_options(void **state)
{
    g_autoptr(GByteArray) bytes = g_byte_array_new();
    SsArena arena = {0};
    SsDescription about;
    SsFrame frame;

    (void)state;
    put_ip4(bytes, 6, TCP_LEN);
    put_tcp(bytes);
    bytes->data[6] = 0x20; /* more fragments */
    frame = frame_of(bytes, 101);
    ss_describe(&frame, &arena, &about);
    assert_true(about.is_fragment);
    assert_int_equal(about.layers.n, 1);
    bytes->data[6] = 0;
    bytes->data[41] = 0; /* an option of no length */
    ss_describe(&frame, &arena, &about);
    assert_false(about.is_fragment);
    assert_true(has_field(&about, "option", "2, its length is wrong"));
    ss_arena_clear(&arena);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_stacks),
        cmocka_unit_test(test_cut_and_changed),
        cmocka_unit_test(test_depth),
        cmocka_unit_test(test_fragments_and_options),
    };

    return cmocka_run_group_tests_name("describe", tests, NULL, NULL);
}
