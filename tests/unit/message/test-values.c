/* Header values decoded, kind ones and hostile ones. */
#include "dissect/message/received.h"
#include "dissect/message/shield.h"
#include "dissect/message/values.h"
#include "run.h"
#include "tests/ss-test.h"

static SsArena arena;

static int
clear(void **state)
{
    (void)state;
    ss_arena_clear(&arena);
    return 0;
}

/* The addresses, joined by `|`. */
static void
expect_addresses(const char *value, const char *expected)
{
    SsList list = {0};
    g_autoptr(GString) joined = g_string_new(NULL);

    ss_values_addresses(&arena, ss_slice_str(value), &list);
    for (size_t i = 0; i < list.n; i++) {
        SsSlice address = ((SsSlice *)list.items)[i];
        g_string_append(joined, i ? "|" : "");
        g_string_append_len(joined, (const char *)address.data, (gssize)address.len);
    }
    assert_string_equal(joined->str, expected);
    assert_int_equal(list.n, list.total);
}

static void
test_addresses(void **state)
{
    (void)state;
    expect_addresses("a@b.example", "a@b.example");
    expect_addresses("Ann <ann@a.example>, bob@b.example", "Ann <ann@a.example>|bob@b.example");
    expect_addresses("\"Last, First\" <x@y>", "Last, First <x@y>");
    expect_addresses("Ann\r\n <ann@a.example>", "Ann <ann@a.example>");
    expect_addresses("=?utf-8?Q?J=C3=BCrgen?= <j@a>", "J\xc3\xbcrgen <j@a>");
    expect_addresses("=?iso-8859-1?Q?Andr=E9?= P <a@b>", "Andr\xc3\xa9 P <a@b>");
    expect_addresses("g: a@b, C <c@d>;, e@f", "a@b|C <c@d>|e@f");
    expect_addresses("undisclosed-recipients:;", "");
    expect_addresses("a@b (comment)", "comment <a@b>");
    expect_addresses("", "");
    expect_addresses("J\xc3\xbcrgen <j@a>", "J\xc3\xbcrgen <j@a>");
    expect_addresses("mx@[IPv6:2001:db8::1]", "mx@[IPv6:2001:db8::1]");
}

static void
test_addresses_keep_what_nobody_can_read(void **state)
{
    (void)state;
    expect_addresses("Andr\xe9 <a@b>", "Andr\xe9 <a@b>");
    expect_addresses("\"Andr\xe9, P\" <a@b>", "Andr\xe9, P <a@b>");
    expect_addresses("=?x-none?Q?abc?= <a@b>", "=?x-none?Q?abc?= <a@b>");
    expect_addresses("=?../../x?Q?abc?= <a@b>", "=?../../x?Q?abc?= <a@b>");
}

static void
test_addresses_are_counted_past_the_cap(void **state)
{
    g_autoptr(GString) value = g_string_new(NULL);
    SsList list = {0};

    (void)state;
    for (int i = 0; i < 3000; i++) {
        g_string_append_printf(value, "user%d@a.example,\r\n ", i);
    }
    ss_values_addresses(&arena, ss_slice(value->str, value->len), &list);
    assert_int_equal(list.n, 1000);
    assert_int_equal(list.total, 3000);
    run_expect(((SsSlice *)list.items)[999], "user999@a.example");
}

static void
expect_text(const char *value, const char *expected)
{
    run_expect(ss_values_text(&arena, ss_slice_str(value)), expected);
}

static void
test_text(void **state)
{
    (void)state;
    expect_text("plain", "plain");
    expect_text("", "");
    expect_text(NULL, NULL);
    expect_text("folded\r\n here\n\tand", "folded here\tand");
    expect_text("=?utf-8?B?R3LDvMOfZQ==?=", "Gr\xc3\xbc\xc3\x9f"
                                            "e");
    expect_text("=?utf-8?Q?a_b=3F?=", "a b?");
    expect_text("=?utf-8?Q?a?= =?utf-8?Q?b?=\r\n =?utf-8?Q?c?=", "abc");
    expect_text("=?utf-8*en?Q?lang?=", "lang");
    expect_text("x =?UTF-8?q?y?= z", "x y z");
    expect_text("=?iso-2022-jp?B?GyRCRnxLXBsoQg==?=", "\xe6\x97\xa5\xe6\x9c\xac");
    expect_text("=?windows-1251?Q?=CF=F0?=", "\xd0\x9f\xd1\x80");
    expect_text("=?gb2312?B?1tDOxA==?=", "\xe4\xb8\xad\xe6\x96\x87");
    /* A character cut between two words. */
    expect_text("=?utf-8?Q?=C3?= =?utf-8?Q?=BC?=", "\xc3\xbc");
    /* The end of one word's text is not the start of another. */
    expect_text("=?utf-8?B?w6Q=?=", "\xc3\xa4");
    expect_text("UTF-8 as it is: \xc3\xa4", "UTF-8 as it is: \xc3\xa4");
}

static void
test_text_keeps_what_nobody_can_read(void **state)
{
    (void)state;
    expect_text("caf\xe9 raw", "caf\xe9 raw");
    expect_text("\xe9 =?utf-8?Q?=C3=A4?= \xff", "\xe9 \xc3\xa4 \xff");
    expect_text("=?x-unknown?Q?a?=", "=?x-unknown?Q?a?=");
    expect_text("=?../../x?Q?a?=", "=?../../x?Q?a?=");
    expect_text("=?unicode-1-1-utf-7//TRANSLIT?Q?a?=", "=?unicode-1-1-utf-7//TRANSLIT?Q?a?=");
    expect_text("=?utf-8?X?a?=", "=?utf-8?X?a?=");
    expect_text("=?utf-8?Q?open", "=?utf-8?Q?open");
    expect_text("=?=?=?", "=?=?=?");
    /* The private characters of the shield are bytes like others. */
    expect_text("\xf4\x8f\xa1\x81", "\xf4\x8f\xa1\x81");
    expect_text("\xf4\x8f\xa1", "\xf4\x8f\xa1");
}

static void
test_text_with_nul(void **state)
{
    SsSlice got = ss_values_text(&arena, SS_SLICE("a\0b =?utf-8?Q?c=00d?="));

    (void)state;
    assert_true(got.len >= 4);
    assert_memory_equal(got.data, "a\0b c", 5);
}

static void
test_text_is_cut(void **state)
{
    g_autofree char *big = g_strnfill(300000, 'x');

    (void)state;
    assert_int_equal(ss_values_text(&arena, ss_slice_str(big)).len, SS_VALUE_MAX);
    assert_int_equal(ss_values_unfolded(&arena, ss_slice_str(big)).len, SS_VALUE_MAX);
}

static void
test_unfolded(void **state)
{
    (void)state;
    run_expect(ss_values_unfolded(&arena, SS_SLICE("<a@b>\r\n <c@d>")), "<a@b> <c@d>");
    run_expect(ss_values_unfolded(&arena, SS_SLICE("a\rb")), "a\rb");
    run_expect(ss_values_unfolded(&arena, SS_SLICE_NULL), NULL);
}

static void
expect_received(const char *value, const char *by, const char *id)
{
    SsHeaders headers = {0};

    ss_received_read(&arena, ss_slice_str(value), &headers);
    run_expect(headers.received_by, by);
    run_expect(headers.received_id, id);
}

static void
test_received(void **state)
{
    g_autofree char *deep = g_strnfill(20000, '(');
    g_autofree char *long_id = g_strnfill(300, 'x');
    g_autofree char *field = g_strconcat("by a id ", long_id, NULL);

    (void)state;
    expect_received("from a.example (a.example [192.0.2.1])\r\n\tby b.example (Postfix) with ESMTP "
                    "id 4F5D2A01\r\n\tfor <x@b.example>; Sun, 22 Nov 2026 10:00:00 +0000 (UTC)",
                    "b.example", "4F5D2A01");
    expect_received("from a by b with esmtp (Exim 4.96)\r\n (envelope-from <x@a>)\r\n id 1abC-0-1;"
                    " Sun",
                    "b", "1abC-0-1");
    expect_received("(by x (id y\\) z) id w) By b Id <q@b>; by c id d", "b", "q@b");
    expect_received("by b; id 5", "b", NULL);
    expect_received("by b id", "b", NULL);
    expect_received("by b id ;", "b", NULL);
    expect_received(";", NULL, NULL);
    expect_received("", NULL, NULL);
    expect_received(deep, NULL, NULL);
    expect_received("(\\", NULL, NULL);
    expect_received(field, "a", NULL);
}

static void
expect_date(const char *value, const char *expected)
{
    run_expect(ss_values_date(&arena, ss_slice_str(value)), expected);
}

static void
test_date(void **state)
{
    (void)state;
    expect_date("Sat, 21 Nov 2026 10:00:00 +0100", "2026-11-21T10:00:00+01:00");
    expect_date("21 Nov 2026 10:00:00 -0530", "2026-11-21T10:00:00-05:30");
    expect_date("Sat, 21 Nov 2026 10:00 GMT", "2026-11-21T10:00:00+00:00");
    expect_date("Sat, 21 Nov 2026 10:00:00 EST", "2026-11-21T10:00:00-05:00");
    expect_date("Sat, 21 Nov 2026\r\n 10:00:00 +0100 (CET)", "2026-11-21T10:00:00+01:00");
    expect_date("Sat, 21 Nov 2026 10:00:00 -0000", "2026-11-21T10:00:00-00:00");
    expect_date("Sat,\t21\tNov\t2026\t10:00:00\t+0000", "2026-11-21T10:00:00+00:00");
    expect_date("29 Feb 2024 00:00:00 +0000", "2024-02-29T00:00:00+00:00");
}

static void
test_no_date(void **state)
{
    (void)state;
    expect_date(NULL, NULL);
    expect_date("", NULL);
    expect_date("yesterday", NULL);
    expect_date("Sat, 31 Feb 2026 10:00:00 +0000", NULL);
    expect_date("Sat, 21 Nov 2026 25:00:00 +0000", NULL);
    expect_date("Sat, 21 Nov 99999999999 10:00:00 +0100", NULL);
    expect_date("Sat, 21 Nov 2026 10:00:00 +9999", NULL);
    expect_date("Sat, 21 Nov 2026 10:00:00 +0175", NULL);
    expect_date("Sat, 21 Nov 2026 10:00:00 +2400", NULL);
    expect_date("Sat, 21 Nov 002026 10:00:00 +0100", NULL);
    expect_date("Sat, 21 Nov 2026 10:00:00 +1:00", NULL);
    expect_date("Sat, 21 Nov 2026 10:00:00", NULL);
    run_expect(ss_values_date(&arena, SS_SLICE("21 Nov 2026 10:00:00 +0100\0x")), NULL);
}

static void
test_content_type(void **state)
{
    SsContentType type;

    (void)state;
    ss_values_content_type(
        &arena, SS_SLICE("Text/HTML; CharSet=\"UTF-8\"; name=\"a b.html\";\r\n boundary=\"x y\""),
        &type);
    run_expect(type.type, "text/html");
    run_expect(type.charset, "utf-8");
    run_expect(type.name, "a b.html");
    run_expect(type.boundary, "x y");
    ss_values_content_type(&arena, SS_SLICE_NULL, &type);
    run_expect(type.type, NULL);
    ss_values_content_type(&arena, SS_SLICE("garbage"), &type);
    run_expect(type.type, NULL);
    ss_values_content_type(&arena, SS_SLICE("application/octet-stream"), &type);
    run_expect(type.type, "application/octet-stream");
    ss_values_content_type(&arena, SS_SLICE("text/plain; charset=../../x"), &type);
    run_expect(type.charset, "../../x");
    ss_values_content_type(&arena, SS_SLICE("multipart/x; boundary*0=ab; boundary*1=cd"), &type);
    run_expect(type.boundary, "abcd");
}

static void
test_boundary_is_capped(void **state)
{
    SsContentType type;

    (void)state;
    for (size_t len = 254; len < 258; len++) {
        g_autofree char *boundary = g_strnfill(len, 'b');
        g_autofree char *value = g_strdup_printf("multipart/mixed; boundary=%s", boundary);
        ss_values_content_type(&arena, ss_slice_str(value), &type);
        run_expect(type.boundary, len <= 255 ? boundary : NULL);
    }
}

static void
expect_filename(const char *value, const char *expected)
{
    SsDisposition disposition;

    ss_values_disposition(&arena, ss_slice_str(value), &disposition);
    run_expect(disposition.filename, expected);
}

static void
test_disposition(void **state)
{
    SsDisposition disposition;

    (void)state;
    ss_values_disposition(&arena, SS_SLICE("ATTACHMENT; filename=a"), &disposition);
    run_expect(disposition.disposition, "attachment");
    ss_values_disposition(&arena, SS_SLICE_NULL, &disposition);
    run_expect(disposition.disposition, NULL);
    expect_filename("attachment", NULL);
    expect_filename("attachment; filename=a.bin", "a.bin");
    expect_filename("attachment; filename*=UTF-8''%e2%82%ac.txt", "\xe2\x82\xac.txt");
    expect_filename("attachment; filename*0=\"a \"; filename*1=b", "a b");
    expect_filename("attachment; filename*0*=utf-8''%c3; filename*1*=%a4", "\xc3\xa4");
    expect_filename("attachment; filename=\"=?utf-8?B?w6Q=?=.bin\"", "\xc3\xa4.bin");
    expect_filename("attachment; filename==?utf-8?Q?=C3=A4?=", "\xc3\xa4");
    expect_filename("attachment; filename=\"caf\xe9\"", "caf\xe9");
    expect_filename("attachment; filename=\"../../etc/passwd\"", "../../etc/passwd");
    /* No charset of the sender's making is looked up. */
    expect_filename("attachment; filename*=../../x''a%41", "aA");
    expect_filename("attachment; filename*=x-none'en'%41", "A");
}

static void
expect_shielded(SsShieldKind kind, const char *value, const char *expected)
{
    g_autoptr(GString) shielded = ss_shield(ss_slice_str(value), kind);

    assert_string_equal(shielded->str, expected);
    assert_true(g_utf8_validate_len(shielded->str, shielded->len, NULL));
    assert_int_equal(strlen(shielded->str), shielded->len);
}

static void
test_shield(void **state)
{
    (void)state;
    expect_shielded(SS_SHIELD_PARAMS, "a; b*=utf-8''c", "a; b*=utf-8''c");
    expect_shielded(SS_SHIELD_PARAMS, "a; b*=x-none''c", "a; b*=''c");
    expect_shielded(SS_SHIELD_PARAMS, "a; b*0*= \"../x'en'c\"", "a; b*0*= \"'en'c\"");
    expect_shielded(SS_SHIELD_PARAMS, "a; b*=none; c='d'", "a; b*=none; c='d'");
    expect_shielded(SS_SHIELD_TEXT, "b*=x-none''c", "b*=x-none''c");
    expect_shielded(SS_SHIELD_TEXT, "a\xff\r\n b", "a\xf4\x8f\xa3\xbf b");
    expect_shielded(SS_SHIELD_TEXT, "=?x?Q?a?=", "\xf4\x8f\xa0\xbd?x?Q?a?=");
}

static void
test_long_filename_is_cut_at_a_character(void **state)
{
    g_autoptr(GString) value = g_string_new("attachment; filename=\"x");
    SsDisposition disposition;

    (void)state;
    for (int i = 0; i < 2000; i++) {
        g_string_append(value, "\xc3\xa4");
    }
    g_string_append(value, "\"");
    ss_values_disposition(&arena, ss_slice(value->str, value->len), &disposition);
    assert_int_equal(disposition.filename.len, 1023);
    assert_true(g_utf8_validate_len((const char *)disposition.filename.data, 1023, NULL));
}

static void
test_encoding(void **state)
{
    (void)state;
    run_expect(ss_values_encoding(&arena, SS_SLICE("BASE64")), "base64");
    run_expect(ss_values_encoding(&arena, SS_SLICE("base64 (comment)")), "base64");
    run_expect(ss_values_encoding(&arena, SS_SLICE("7bit; x")), "7bit");
    run_expect(ss_values_encoding(&arena, SS_SLICE("\"base64\"")), "\"base64\"");
    run_expect(ss_values_encoding(&arena, SS_SLICE("base6\xf4\x8f\xa0\xb4")),
               "base6\xf4\x8f\xa0\xb4");
    run_expect(ss_values_encoding(&arena, SS_SLICE("")), "");
    run_expect(ss_values_encoding(&arena, SS_SLICE_NULL), NULL);
}

static void
test_charsets(void **state)
{
    static const char *const known[] = {"UTF-8",   "us-ascii", "ISO-8859-15",
                                        "gb18030", "x-sjis",   "ansi_x3.4-1968",
                                        "x-gbk",   "cp1250",   "Windows-1252"};
    static const char *const unknown[] = {"", "utf", "utf-88", "../x", "UTF-8//IGNORE", "utf-8 "};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(known); i++) {
        assert_true(ss_charset_is_known(ss_slice_str(known[i])));
    }
    for (size_t i = 0; i < G_N_ELEMENTS(unknown); i++) {
        assert_false(ss_charset_is_known(ss_slice_str(unknown[i])));
    }
    assert_false(ss_charset_is_known(SS_SLICE("utf-8\0")));
    assert_false(ss_charset_is_known(SS_SLICE_NULL));
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test_teardown(test_addresses, clear),
        cmocka_unit_test_teardown(test_addresses_keep_what_nobody_can_read, clear),
        cmocka_unit_test_teardown(test_addresses_are_counted_past_the_cap, clear),
        cmocka_unit_test_teardown(test_text, clear),
        cmocka_unit_test_teardown(test_text_keeps_what_nobody_can_read, clear),
        cmocka_unit_test_teardown(test_text_with_nul, clear),
        cmocka_unit_test_teardown(test_text_is_cut, clear),
        cmocka_unit_test_teardown(test_unfolded, clear),
        cmocka_unit_test_teardown(test_received, clear),
        cmocka_unit_test_teardown(test_date, clear),
        cmocka_unit_test_teardown(test_no_date, clear),
        cmocka_unit_test_teardown(test_content_type, clear),
        cmocka_unit_test_teardown(test_boundary_is_capped, clear),
        cmocka_unit_test_teardown(test_disposition, clear),
        cmocka_unit_test_teardown(test_shield, clear),
        cmocka_unit_test_teardown(test_long_filename_is_cut_at_a_character, clear),
        cmocka_unit_test_teardown(test_encoding, clear),
        cmocka_unit_test_teardown(test_charsets, clear),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
