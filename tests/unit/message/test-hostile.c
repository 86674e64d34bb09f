/*
 * Hostile mail: bounded time, bounded memory. Time is measured twice, for an input and for one
 * twice as long, so that the machine's speed does not matter.
 */
#include <malloc.h>

#include "base/limits.h"
#include "run.h"
#include "tests/ss-test.h"

#if defined(__SANITIZE_ADDRESS__)
#define IS_SANITIZED true
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
#define IS_SANITIZED true
#else
#define IS_SANITIZED false
#endif
#else
#define IS_SANITIZED false
#endif

/* Twice the input may take this many times as long. Far below a quadratic's four, where the time is
 * long enough to be measured. */
#define GROWTH_MAX 3.0
#define MEASURABLE_S 0.02

typedef void (*Make)(GString *to, size_t n);

static double
time_of(Make make, size_t n, size_t step, SsContent **ret)
{
    g_autoptr(GString) message = g_string_new(NULL);
    double best = 1e9;

    make(message, n);
    for (int i = 0; i < 3; i++) {
        double start = run_seconds();
        SsContent *content = run_open(ss_slice(message->str, message->len), step);
        best = MIN(best, run_seconds() - start);
        if (ret && i == 2) {
            *ret = content;
        } else {
            ss_content_free(content);
        }
    }
    return best;
}

/* Linear; gives the longer one's content. */
static SsContent *
check_linear(const char *what, Make make, size_t n)
{
    SsContent *content = NULL;
    double once = time_of(make, n, 0, NULL);
    double twice = time_of(make, 2 * n, 0, &content);

    print_message("%-24s %8zu: %7.1f ms, %8zu: %7.1f ms\n", what, n, once * 1e3, 2 * n,
                  twice * 1e3);
    if (twice > MEASURABLE_S) {
        assert_true(twice < GROWTH_MAX * once);
    }
    return content;
}

static void
repeat(GString *to, const char *text, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        g_string_append(to, text);
    }
}

#define MIXED "Content-Type: multipart/mixed; boundary=b\r\n\r\n"

static void
make_parts(GString *to, size_t n)
{
    g_string_append(to, MIXED);
    repeat(to, "--b\r\nContent-Type: text/x; name=n\r\n\r\nx\r\n", n);
}

static void
make_delimiters(GString *to, size_t n)
{
    g_string_append(to, MIXED);
    repeat(to, "--b\r\n", n);
}

static void
test_many_parts(void **state)
{
    SsContent *content = check_linear("M01 parts", make_parts, 50000);

    (void)state;
    assert_int_equal(ss_content_result(content)->parts.n, SS_PARTS_MAX);
    assert_int_equal(ss_content_result(content)->parts.total, 100000);
    ss_content_free(content);
    content = check_linear("M01 delimiters", make_delimiters, 50000);
    assert_int_equal(ss_content_result(content)->parts.total, 100000);
    ss_content_free(content);
}

static void
make_nested(GString *to, size_t n)
{
    for (size_t i = 0; i < n; i++) {
        g_string_append_printf(to, "Content-Type: multipart/x; boundary=b%zu\r\n\r\n--b%zu\r\n", i,
                               i);
    }
}

static void
make_nested_messages(GString *to, size_t n)
{
    repeat(to, "Content-Type: message/rfc822\r\n\r\n", n);
}

static void
test_deep_nesting(void **state)
{
    SsContent *content = check_linear("M02 multiparts", make_nested, 50000);

    (void)state;
    assert_int_equal(ss_content_result(content)->parts.n, 1);
    assert_true(ss_content_result(content)->odd & SS_ODD_DEPTH);
    ss_content_free(content);
    content = check_linear("M02 messages", make_nested_messages, 50000);
    assert_int_equal(ss_content_result(content)->parts.n, 17);
    assert_true(ss_content_result(content)->odd & SS_ODD_DEPTH);
    ss_content_free(content);
}

/* Multiparts open and close again and again: nothing of them stays. */
static void
make_reopened(GString *to, size_t n)
{
    g_string_append(to, MIXED);
    repeat(to, "--b\r\nContent-Type: multipart/x; boundary=i\r\n\r\n--i\r\n\r\nx\r\n--i--\r\n", n);
}

static void
make_almost(GString *to, size_t n)
{
    g_string_append(to, MIXED "--b\r\n\r\n");
    repeat(to, "--bX\r\n--\r\n--b-\r\n", n);
}

/* 64 boundaries that all begin alike, and lines that are nearly each of them. */
static void
make_prefixes(GString *to, size_t n)
{
    g_autofree char *prefix = g_strnfill(240, 'p');

    for (int i = 0; i < SS_MIME_DEPTH_MAX; i++) {
        g_string_append_printf(to, "Content-Type: multipart/x; boundary=%s%d\r\n\r\n--%s%d\r\n",
                               prefix, i, prefix, i);
    }
    g_string_append(to, "\r\n");
    for (size_t i = 0; i < n; i++) {
        g_string_append_printf(to, "--%sX\r\n", prefix);
    }
}

static void
test_boundaries(void **state)
{
    (void)state;
    ss_content_free(check_linear("reopened multiparts", make_reopened, 30000));
    ss_content_free(check_linear("M06 almost boundaries", make_almost, 200000));
    ss_content_free(check_linear("M06 prefixes", make_prefixes, 20000));
}

static void
make_fields(GString *to, size_t n)
{
    repeat(to, "From: a@b\r\nSubject: s\r\n", n / 2);
    g_string_append(to, "\r\nbody");
}

static void
make_folds(GString *to, size_t n)
{
    g_string_append(to, "Subject: s");
    repeat(to, "\r\n x", n);
    g_string_append(to, "\r\n\r\nbody");
}

static void
make_received(GString *to, size_t n)
{
    repeat(to, "DKIM-Signature: v=1\r\nReceived: x\r\n", n);
    g_string_append(to, "\r\nbody");
}

static void
test_headers(void **state)
{
    SsContent *content = check_linear("M21 fields", make_fields, 500000);

    (void)state;
    assert_int_equal(ss_content_result(content)->odd, SS_ODD_HEADER_CUT | SS_ODD_DOUBLE_FIELD);
    assert_int_equal(run_part(content, 0)->size, 4);
    ss_content_free(content);
    content = check_linear("M21 folds", make_folds, 500000);
    assert_int_equal(run_part(content, 0)->size, 4);
    ss_content_free(content);
    content = check_linear("M28 signatures", make_received, 10000);
    assert_true(ss_content_result(content)->headers.received > 5000);
    ss_content_free(content);
}

static void
make_no_line_end(GString *to, size_t n)
{
    g_autofree char *text = g_strnfill(n, 'x');
    g_string_append_printf(to, "Subject: a\r\n\r\n%s", text);
}

static void
make_dash_line(GString *to, size_t n)
{
    g_autofree char *text = g_strnfill(n, '-');
    g_string_append_printf(to, MIXED "--b\r\n\r\n%s", text);
}

static void
make_name_flood(GString *to, size_t n)
{
    repeat(to, "x", n);
}

static void
test_no_line_end(void **state)
{
    (void)state;
    ss_content_free(check_linear("M22 no line end", make_no_line_end, 5000000));
    ss_content_free(check_linear("dashes, no line end", make_dash_line, 5000000));
    ss_content_free(check_linear("M09 a name without end", make_name_flood, 5000000));
}

/* A byte at a time, where each may be looked at again: twice as long, twice the time. */
static void
test_byte_by_byte(void **state)
{
    static const Make makes[] = {make_almost, make_dash_line, make_name_flood, make_parts};
    static const size_t sizes[] = {30000, 300000, 300000, 5000};

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(makes); i++) {
        double once = time_of(makes[i], sizes[i], 1, NULL);
        double twice = time_of(makes[i], 2 * sizes[i], 1, NULL);
        assert_true(twice < GROWTH_MAX * once || twice < MEASURABLE_S);
    }
}

/* One field, filled with something up to the header block's cap. */
static void
check_field(const char *name, const char *start, const char *unit)
{
    g_autoptr(GString) message = g_string_new(NULL);
    double seconds;

    g_string_append_printf(message, "%s: %s", name, start);
    while (message->len < SS_HEADER_BLOCK_MAX) {
        g_string_append(message, unit);
    }
    g_string_append(message, "\r\n\r\nbody");
    seconds = run_seconds();
    ss_content_free(run_open(ss_slice(message->str, message->len), 0));
    seconds = run_seconds() - seconds;
    print_message("%-14s %-24.24s %7.1f ms\n", name, unit, seconds * 1e3);
    assert_true(seconds < (IS_SANITIZED ? 2.0 : 0.5));
}

static void
test_address_bombs(void **state)
{
    static const char *const units[] = {
        "a@b, ",
        "g:",
        "g:a@b;, ",
        "g: \";\" ",
        "(",
        "((a)",
        "\"",
        "<",
        "<a@b",
        "[",
        ".",
        ";",
        ",",
        "@",
        "a ",
        "=?utf-8?q?a?= ",
        "=?utf-8?q?",
        "=?x?q?a?= ",
        "\\\"",
        ":",
        "\xff",
        "a <",
        "\\",
        "\"a\" ",
        "\xf4\x8f\xa0\x80",
        "<a@b>, \"",
        "g:\"",
        "(g:",
        "a@[",
        "a@[1:",
        ">",
        ")",
        "\r\n ",
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(units); i++) {
        check_field("To", "", units[i]);
        check_field("From", "\"", units[i]);
        check_field("Cc", "<a", units[i]);
    }
}

static void
test_text_and_parameter_bombs(void **state)
{
    static const char *const texts[] = {
        "=?utf-8?q?a?= ",
        "=?utf-8?q?",
        "=?",
        "=?big5?b?gg==?= ",
        "=?x-none?b?gg==?= ",
        "\xff ",
        "=?iso-2022-jp?b?GyRC?= ",
        "=?utf-7?q?+AAA?= ",
        "=?utf-16?b?2AA=?= ",
        " ",
        "\xff",
        "=?utf-8?Q?=0D=0A=1B?= ",
    };
    static const char *const params[] = {
        "; a=x",
        "; name*0=x",
        "; name*=utf-8''%41",
        "; name*=x''%41",
        ";",
        "; a=\"",
        "; (",
        "*=",
        "; name*99999999999=x",
        "; a*1*2*3=x",
        "; a=\"=?utf-8?q?a?=\"",
        "; boundary=b",
        "'",
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(texts); i++) {
        check_field("Subject", "", texts[i]);
        check_field("X-Mailer", "=?utf-8?Q?", texts[i]);
        check_field("Date", "21 Nov 2026 10:00:00 +0000", texts[i]);
        check_field("Message-ID", "", texts[i]);
    }
    for (size_t i = 0; i < G_N_ELEMENTS(params); i++) {
        check_field("Content-Type", "multipart/x; boundary=b", params[i]);
        check_field("Content-Disposition", "attachment", params[i]);
        check_field("Content-Transfer-Encoding", "base64", params[i]);
    }
}

/* Names of charsets are remembered by nobody: a million of them cost nothing. */
static void
test_charset_names_do_not_pile_up(void **state)
{
    long before = 0;

    (void)state;
    for (int i = 0; i < 40000; i++) {
        g_autofree char *message =
            g_strdup_printf("Subject: =?x-charset-that-is-none-%d?Q?a?=\r\n"
                            "Content-Type: text/x; name*=x-charset-that-is-none-%d''%%e9\r\n\r\n",
                            i, i);
        ss_content_free(run_open(ss_slice_str(message), 0));
        if (i == 10000) {
            malloc_trim(0);
            before = run_rss_kib();
        }
    }
    malloc_trim(0);
    if (!IS_SANITIZED) {
        assert_true(run_rss_kib() - before < 1024);
    }
}

static void
test_mail_that_is_hardly_mail(void **state)
{
    static const char *const messages[] = {
        "",
        "\r\n",
        "\n",
        "\r",
        ":",
        "\r\n\r\n",
        "a",
        "a:",
        "-",
        "--",
        "\xef\xbb\xbf",
        "From ",
        "From x\r\n",
        "\xef\xbb\xbf\r\n\r\n",
        ": a\r\n\r\nb",
        "a\0b: c\r\n\r\n",
        "Content-Type:\r\n\r\n",
        "Content-Type: multipart/\r\n\r\n",
        "Content-Type: /\r\n\r\n",
        "Content-Type: multipart/x; boundary=\"\r\n\"\r\n\r\n--\r\n",
        "Content-Type",
        "Content-Transfer-Encoding:\r\n\r\na",
        "Content-Type: message/partial; number=1; total=9; id=x\r\n\r\nSubject: y\r\n\r\nz",
        "Content-Type: message/external-body; access-type=local-file; name=\"/etc/x\"\r\n\r\n",
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(messages); i++) {
        run_check_cuts(ss_slice_str(messages[i]));
    }
    run_check_cuts(SS_SLICE("Subject: a\0b\r\nTo: \"x\0y\" <a@b>\r\n\0: c\r\n\r\n--\0"));
}

/* Bytes of all kinds, put together so that they mean something now and then: any cut, any hole. */
static void
test_random_bytes(void **state)
{
    static const char *const words[] = {
        "\r\n",
        "\n",
        "\r",
        "--b",
        "--",
        "-",
        "--b--",
        "Content-Type: multipart/mixed; boundary=b",
        "Content-Type: message/rfc822",
        "Content-Transfer-Encoding: base64",
        "YWJj",
        " ",
        "x",
        ":",
        "\r\n\r\n",
        "\r\n--b\r\n",
        "Subject: s",
        "From ",
        "Content-Type: multipart/digest;",
        " boundary=b",
        "\xff",
        "Content-Disposition: attachment; filename*=",
        "=?utf-8?Q?",
        "?=",
    };
    guint32 seed = g_random_int();
    GRand *rand = g_rand_new_with_seed(seed);

    (void)state;
    print_message("seed %u\n", seed);
    for (int i = 0; i < 3000; i++) {
        g_autoptr(GString) message = g_string_new(i % 3 ? MIXED : "");
        Hole holes[3];
        size_t at = 0;

        for (int k = g_rand_int_range(rand, 0, 40); k > 0; k--) {
            g_string_append(message, words[g_rand_int_range(rand, 0, G_N_ELEMENTS(words))]);
        }
        for (size_t k = 0; k < 3; k++) {
            at += (size_t)g_rand_int_range(rand, 0, (gint32)(message->len - at) + 1);
            holes[k].at = at;
            holes[k].n = (uint64_t)g_rand_int_range(rand, 0, 3);
        }
        g_autofree char *whole = run_text(ss_slice(message->str, message->len), 0);
        g_autofree char *single = run_text(ss_slice(message->str, message->len), 1);
        assert_string_equal(whole, single);
        SsContent *holed = run_open_holes(ss_slice(message->str, message->len), holes, 3, 0);
        SsContent *holed_single = run_open_holes(ss_slice(message->str, message->len), holes, 3, 1);
        g_autofree char *a = run_describe(holed);
        g_autofree char *b = run_describe(holed_single);
        assert_string_equal(a, b);
        ss_content_free(holed);
        ss_content_free(holed_single);
    }
    g_rand_free(rand);
}

/* The bytes are made as they are needed; what is resident is that of a small message. */
static void
test_huge_message(void **state)
{
    const size_t size = IS_SANITIZED ? (size_t)64 << 20 : (size_t)2 << 30;
    SsContentPlan plan = {.needs = SS_NEED_MIME | SS_NEED_HASHES};
    g_autoptr(GString) lines = g_string_new(NULL);
    SsContent *content = ss_content_new(&plan, 1, 1);
    size_t fed = 0;
    long before, after;

    (void)state;
    for (int i = 0; i < 200; i++) {
        g_string_append(lines, "QUJDREVGR0hJSktMTU5PUFFSU1RVVldYWVpBQkNERUZHSElKS0xNTk9QUVJTVFVW"
                               "V1hZWkFCQ0RF\r\n");
    }
    ss_content_data(content, SS_SLICE(MIXED "--b\r\nContent-Transfer-Encoding: base64\r\n\r\n"));
    ss_content_data(content, ss_slice(lines->str, lines->len));
    before = run_rss_kib();
    for (; fed < size; fed += lines->len) {
        ss_content_data(content, ss_slice(lines->str, lines->len));
    }
    after = run_rss_kib();
    ss_content_data(content, SS_SLICE("--b--\r\n"));
    ss_content_end(content, true);
    print_message("%zu MB: %ld KiB resident, %ld before\n", fed >> 20, after, before);
    assert_true(after - before < 256);
    assert_int_equal(run_part(content, 0)->size, (fed / lines->len + 1) * 200 * 57);
    ss_content_free(content);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_many_parts),
        cmocka_unit_test(test_deep_nesting),
        cmocka_unit_test(test_boundaries),
        cmocka_unit_test(test_headers),
        cmocka_unit_test(test_no_line_end),
        cmocka_unit_test(test_byte_by_byte),
        cmocka_unit_test(test_address_bombs),
        cmocka_unit_test(test_text_and_parameter_bombs),
        cmocka_unit_test(test_charset_names_do_not_pile_up),
        cmocka_unit_test(test_mail_that_is_hardly_mail),
        cmocka_unit_test(test_random_bytes),
        cmocka_unit_test(test_huge_message),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
