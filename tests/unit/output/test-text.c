#include "tests/ss-test.h"

#include "base/text.h"

#define N_RANDOM 20000

static void
check_safe(SsSlice from, const char *to)
{
    g_autoptr(GString) safe = g_string_new(NULL);

    ss_text_append_safe(safe, from);
    assert_string_equal(safe->str, to);
}

static void
test_safe_examples(void **state)
{
    (void)state;
    check_safe(SS_SLICE(""), "");
    check_safe(SS_SLICE("plain text, longer than eight bytes"),
               "plain text, longer than eight bytes");
    check_safe(SS_SLICE("a\0b\r\n\t\x1b[2J\x7f"), "a\\x00b\\x0d\\x0a\\x09\\x1b[2J\\x7f");
    check_safe(SS_SLICE("Gr\xc3\xbc\xc3\x9f"
                        "e"),
               "Gr\xc3\xbc\xc3\x9f"
               "e");
    check_safe(SS_SLICE("\xc2\x9b"
                        "2J \x9b"
                        "2J"),
               "\\xc2\\x9b2J \\x9b2J");
    check_safe(SS_SLICE("a\xe2\x80\xae"
                        "b"),
               "a\\u{202e}b");
    check_safe(SS_SLICE("\xf3\xa0\x81\x81\xef\xbb\xbf\xe2\x80\xa8"),
               "\\u{e0041}\\u{feff}\\u{2028}");
    check_safe(SS_SLICE("\xc0\xaf \xed\xa0\x80 \xf4\x90\x80\x80 \xe2\x82"),
               "\\xc0\\xaf \\xed\\xa0\\x80 \\xf4\\x90\\x80\\x80 \\xe2\\x82");
    check_safe(SS_SLICE("DOMAIN\\user"), "DOMAIN\\user");
}

static void
test_utf8_replaces_maximal_parts(void **state)
{
    g_autoptr(GString) text = g_string_new(NULL);

    (void)state;
    /* The example of the Unicode standard, table 3-8. */
    ss_text_append_utf8(text, SS_SLICE("\x61\xf1\x80\x80\xe1\x80\xc2\x62\x80\x63\x80\xbf\x64"));
    assert_string_equal(text->str, "a\xef\xbf\xbd\xef\xbf\xbd\xef\xbf\xbd"
                                   "b\xef\xbf\xbd"
                                   "c\xef\xbf\xbd\xef\xbf\xbd"
                                   "d");
}

/* Random bytes, at times with the beginnings of sequences among them. */
static size_t
make_random(GRand *rand, uint8_t *bytes, size_t max)
{
    size_t len = (size_t)g_rand_int_range(rand, 0, (gint32)max);
    int flavour = g_rand_int_range(rand, 0, 3);

    for (size_t i = 0; i < len; i++) {
        int low = flavour == 0 ? 0 : flavour == 1 ? 0x20 : 0x80;
        int high = flavour == 1 ? 0x7f : 256;
        bytes[i] = (uint8_t)g_rand_int_range(rand, low, high);
    }
    return len;
}

static void
test_random_bytes(void **state)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);
    g_autoptr(GString) safe = g_string_new(NULL);
    g_autoptr(GString) utf8 = g_string_new(NULL);
    uint8_t bytes[64];

    (void)state;
    for (int i = 0; i < N_RANDOM; i++) {
        size_t len = make_random(rand, bytes, sizeof bytes);
        SsSlice slice = ss_slice(bytes, len);

        g_string_truncate(safe, 0);
        ss_text_append_safe(safe, slice);
        assert_true(g_utf8_validate_len(safe->str, safe->len, NULL));
        for (const char *at = safe->str; *at; at = g_utf8_next_char(at)) {
            assert_false(ss_text_is_hidden(g_utf8_get_char(at)));
        }
        assert_int_equal(strlen(safe->str), safe->len);

        g_string_truncate(utf8, 0);
        ss_text_append_utf8(utf8, slice);
        assert_true(g_utf8_validate_len(utf8->str, utf8->len, NULL) ||
                    memchr(utf8->str, 0, utf8->len));
        /* GLib takes NUL for an end, which it is not here. */
        if (!memchr(bytes, 0, len)) {
            assert_int_equal(ss_utf8_is_valid(slice),
                             g_utf8_validate_len((char *)bytes, len, NULL));
        }
    }
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_safe_examples),
        cmocka_unit_test(test_utf8_replaces_maximal_parts),
        cmocka_unit_test(test_random_bytes),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
