/* Transfer encodings: what comes out, whatever the cut, and that GMime's streams give the same. */
#include <gmime/gmime.h>

#include "dissect/message/decode.h"
#include "run.h"
#include "tests/ss-test.h"

static void
put(void *to, SsSlice bytes)
{
    g_string_append_len(to, (const char *)bytes.data, (gssize)bytes.len);
}

static GString *
decode(SsEncoding encoding, SsSlice in, size_t step)
{
    GString *out = g_string_new(NULL);
    SsDecode state;

    ss_decode_start(&state, encoding);
    for (size_t at = 0; at < in.len; at += step) {
        ss_decode_feed(&state, ss_slice_sub(in, at, step), put, out);
    }
    return out;
}

static void
expect(SsEncoding encoding, const char *in, const char *expected)
{
    SsSlice slice = ss_slice_str(in);

    for (size_t step = 1; step <= slice.len + 1; step++) {
        g_autoptr(GString) out = decode(encoding, slice, step);
        assert_string_equal(out->str, expected);
    }
}

static void
test_names(void **state)
{
    bool known = false;

    (void)state;
    assert_int_equal(ss_encoding_of_name(SS_SLICE("BASE64"), &known), SS_ENCODING_BASE64);
    assert_true(known);
    assert_int_equal(ss_encoding_of_name(SS_SLICE("quoted-printable"), NULL), SS_ENCODING_QUOTED);
    assert_int_equal(ss_encoding_of_name(SS_SLICE("x-uuencode"), NULL), SS_ENCODING_UUENCODE);
    assert_int_equal(ss_encoding_of_name(SS_SLICE("8bit"), &known), SS_ENCODING_IDENTITY);
    assert_true(known);
    assert_int_equal(ss_encoding_of_name(SS_SLICE("base65"), &known), SS_ENCODING_IDENTITY);
    assert_false(known);
    assert_int_equal(ss_encoding_of_name(SS_SLICE_NULL, &known), SS_ENCODING_IDENTITY);
    assert_false(known);
}

static void
test_base64(void **state)
{
    (void)state;
    expect(SS_ENCODING_BASE64, "", "");
    expect(SS_ENCODING_BASE64, "YQ==", "a");
    expect(SS_ENCODING_BASE64, "YWI=", "ab");
    expect(SS_ENCODING_BASE64, "YWJj", "abc");
    expect(SS_ENCODING_BASE64, "YW\r\nJj\r\n\r\nZGVm\r\n", "abcdef");
    expect(SS_ENCODING_BASE64, "Y*W(J)j", "abc");
    expect(SS_ENCODING_BASE64, "Y Q = =", "a");
    /* The first padding ends it. */
    expect(SS_ENCODING_BASE64, "YQ==YWJj", "a");
    expect(SS_ENCODING_BASE64, "=YWJj", "");
    expect(SS_ENCODING_BASE64, "Y=WJj", "");
    /* No quartet, no bytes. */
    expect(SS_ENCODING_BASE64, "YWJjZ", "abc");
    expect(SS_ENCODING_BASE64, "YWJjZG", "abc");
    expect(SS_ENCODING_BASE64, " \r\n\t", "");
}

static void
test_quoted(void **state)
{
    (void)state;
    expect(SS_ENCODING_QUOTED, "a=3Db=3d", "a=b=");
    expect(SS_ENCODING_QUOTED, "soft=\r\n break=\n s", "soft break s");
    expect(SS_ENCODING_QUOTED, "line\r\n", "line\r\n");
    expect(SS_ENCODING_QUOTED, "trailing \t\r\n", "trailing \t\r\n");
    expect(SS_ENCODING_QUOTED, "=ZZ=4", "=ZZ");
    expect(SS_ENCODING_QUOTED, "end=", "end");
    expect(SS_ENCODING_QUOTED, "end=\r", "end");
    expect(SS_ENCODING_QUOTED, "=\r\n=\r\n=\n=41", "A");
    expect(SS_ENCODING_QUOTED, "= \r\n", "= \r\n");
}

static void
test_uuencode(void **state)
{
    (void)state;
    expect(SS_ENCODING_UUENCODE, "text\r\nbegin 644 x\r\n#86)C\r\n`\r\nend\r\n", "abc");
    expect(SS_ENCODING_UUENCODE, "beginbegin 1\nbegin 644 x\n#86)C\n#86)C\n \nend\n", "abcabc");
    /* The length lies: more than there is, less than there is. */
    expect(SS_ENCODING_UUENCODE, "begin 644 x\nM86)C\n#86)C\n`\n", "abcabc");
    expect(SS_ENCODING_UUENCODE, "begin 644 x\n!86)C86)C\n`\n", "a");
    expect(SS_ENCODING_UUENCODE, "begin 644 x\n\"86)C\n`\n#86)C\n", "ab");
    expect(SS_ENCODING_UUENCODE, "no begin\n#86)C\n", "");
}

static void
test_goes_on_behind_a_hole(void **state)
{
    g_autoptr(GString) out = g_string_new(NULL);
    SsDecode state64;

    (void)state;
    ss_decode_start(&state64, SS_ENCODING_BASE64);
    ss_decode_feed(&state64, SS_SLICE("YWJjZG"), put, out);
    ss_decode_resume(&state64);
    ss_decode_feed(&state64, SS_SLICE("YWJj"), put, out);
    assert_string_equal(out->str, "abcabc");
    ss_decode_start(&state64, SS_ENCODING_UUENCODE);
    ss_decode_feed(&state64, SS_SLICE("begin 644 x\n#86"), put, out);
    ss_decode_resume(&state64);
    ss_decode_feed(&state64, SS_SLICE("C\n#86)C\n"), put, out);
    assert_string_equal(out->str, "abcabcabc");
}

static GByteArray *
decode_by_gmime(GMimeContentEncoding encoding, const GString *in)
{
    GMimeStream *mem = g_mime_stream_mem_new();
    GMimeStream *filtered = g_mime_stream_filter_new(mem);
    GMimeFilter *filter = g_mime_filter_basic_new(encoding, FALSE);
    GByteArray *ret;

    g_mime_stream_filter_add(GMIME_STREAM_FILTER(filtered), filter);
    g_mime_stream_write(filtered, in->str, in->len);
    g_mime_stream_flush(filtered);
    ret = g_byte_array_ref(g_mime_stream_mem_get_byte_array(GMIME_STREAM_MEM(mem)));
    g_object_unref(filter);
    g_object_unref(filtered);
    g_mime_stream_mem_set_owner(GMIME_STREAM_MEM(mem), FALSE);
    g_object_unref(mem);
    return ret;
}

/* Anything, of the characters that matter. */
static GString *
random_text(GRand *rand, const char *alphabet)
{
    GString *text = g_string_new(NULL);
    gint32 n = (gint32)strlen(alphabet);

    for (int len = g_rand_int_range(rand, 0, 200); len > 0; len--) {
        g_string_append_c(text, alphabet[g_rand_int_range(rand, 0, n)]);
    }
    return text;
}

static void
test_any_input_as_gmime(void **state)
{
    static const struct {
        SsEncoding ours;
        GMimeContentEncoding gmime;
        const char *alphabet;
    } kinds[] = {
        {SS_ENCODING_BASE64, GMIME_CONTENT_ENCODING_BASE64, "ABCDabcd0123+/\r\n"},
        {SS_ENCODING_BASE64, GMIME_CONTENT_ENCODING_BASE64, "Ab0+/\r\n !-\xff="},
        {SS_ENCODING_QUOTED, GMIME_CONTENT_ENCODING_QUOTEDPRINTABLE, "aF3=\r\n \t"},
    };
    guint32 seed = g_random_int();
    GRand *rand = g_rand_new_with_seed(seed);

    (void)state;
    print_message("seed %u\n", seed);
    for (int i = 0; i < 6000; i++) {
        size_t kind = (size_t)i % G_N_ELEMENTS(kinds);
        g_autoptr(GString) in = random_text(rand, kinds[kind].alphabet);
        g_autoptr(GByteArray) expected = decode_by_gmime(kinds[kind].gmime, in);
        g_autoptr(GString) out = decode(kinds[kind].ours, ss_slice(in->str, in->len),
                                        (size_t)g_rand_int_range(rand, 1, 100));

        assert_int_equal(out->len, expected->len);
        assert_memory_equal(out->str, expected->data, out->len);
    }
    g_rand_free(rand);
}

/* GMime's, where lines end in LF and it gets all at once. */
static void
test_uuencode_as_gmime(void **state)
{
    GRand *rand = g_rand_new_with_seed(1);

    (void)state;
    for (int i = 0; i < 300; i++) {
        g_autoptr(GString) bytes = random_text(rand, "abc\x01\x80\xff\n");
        g_autoptr(GString) text = g_string_new("junk\nbegin 644 x\n");
        g_autoptr(GString) out = NULL;
        GMimeEncoding encoder;
        size_t len;
        char *room = g_malloc(GMIME_UUENCODE_LEN(bytes->len) + 100);

        g_mime_encoding_init_encode(&encoder, GMIME_CONTENT_ENCODING_UUENCODE);
        len = g_mime_encoding_flush(&encoder, bytes->str, bytes->len, room);
        g_string_append_len(text, room, (gssize)len);
        g_string_append(text, "end\n");
        out = decode(SS_ENCODING_UUENCODE, ss_slice(text->str, text->len),
                     (size_t)g_rand_int_range(rand, 1, 90));
        assert_int_equal(out->len, bytes->len);
        assert_memory_equal(out->str, bytes->str, out->len);
        g_free(room);
    }
    g_rand_free(rand);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_names),
        cmocka_unit_test(test_base64),
        cmocka_unit_test(test_quoted),
        cmocka_unit_test(test_uuencode),
        cmocka_unit_test(test_goes_on_behind_a_hole),
        cmocka_unit_test(test_any_input_as_gmime),
        cmocka_unit_test(test_uuencode_as_gmime),
    };

    g_mime_init();
    return cmocka_run_group_tests(tests, NULL, NULL);
}
