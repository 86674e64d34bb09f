/*
 * What is odd about content, however it is cut: the vectors against one byte at a time, lines over
 * the limit against counting, the watch against itself.
 */
#include <glib.h>

#include "dissect/smtp/watch.h"
#include "tests/ss-test.h"

#define ROUNDS 20000

/* Mostly text, with what the watch looks for strewn in. */
static void
fill(GRand *rand, uint8_t *bytes, size_t n)
{
    static const uint8_t odd[] = {'\r', '\n', '.', '\0', ' ', 0xff, '\v', 0x80, '\r', '\n', '.'};
    int one_in = g_rand_int_range(rand, 1, 200);

    for (size_t i = 0; i < n; i++) {
        bytes[i] = g_rand_int_range(rand, 0, one_in) == 0
                       ? odd[g_rand_int_range(rand, 0, G_N_ELEMENTS(odd))]
                       : (uint8_t)g_rand_int_range(rand, 'a', 'z');
    }
}

static size_t
find_slowly(SsSlice in, size_t from, bool with_high)
{
    while (from < in.len && !ss_odd_is(in.data[from - 1], in.data[from], with_high)) {
        from++;
    }
    return from;
}

static void
test_find(void **state)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(1);

    (void)state;
    for (int i = 0; i < ROUNDS; i++) {
        size_t n = (size_t)g_rand_int_range(rand, 1, 400);
        g_autofree uint8_t *bytes = g_malloc(n); /* as many as there are, for the sanitizer */
        SsSlice in = ss_slice(bytes, n);
        size_t from = (size_t)g_rand_int_range(rand, 1, (int)n + 1);
        bool with_high = i % 2;

        fill(rand, bytes, n);
        assert_int_equal(ss_odd_find(in, from, with_high), find_slowly(in, from, with_high));
        assert_int_equal(ss_odd_find_plain(in, from, with_high), find_slowly(in, from, with_high));
    }
}

static uint64_t
count_long_lines(SsSlice in)
{
    uint64_t n = 0;

    while (in.len) {
        size_t len = ss_slice_index(in, '\n') + 1;
        len = len > in.len ? in.len : len;
        n += len > SS_TEXT_LINE_MAX + (in.data[0] == '.' ? 1u : 0u);
        in = ss_slice_from(in, len);
    }
    return n;
}

static void
test_long_lines(void **state)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(2);

    (void)state;
    for (int i = 0; i < 2000; i++) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        SsTextLine line = {0};
        uint64_t n = 0;
        SsSlice in;

        for (int k = g_rand_int_range(rand, 0, 30); k > 0; k--) {
            size_t len =
                (size_t)(g_rand_int_range(rand, 0, 3) == 0 ? g_rand_int_range(rand, 996, 1004)
                                                           : g_rand_int_range(rand, 0, 300));
            g_byte_array_set_size(bytes, bytes->len + (guint)len + 1);
            memset(bytes->data + bytes->len - len - 1, len % 2 ? '.' : 'x', len);
            bytes->data[bytes->len - 1] = '\n';
        }
        in = ss_slice(bytes->data, bytes->len);
        while (in.len) {
            size_t piece = (size_t)g_rand_int_range(rand, 1, 3000);
            n += ss_text_line_take(&line, ss_slice_sub(in, 0, piece));
            in = ss_slice_from(in, piece);
        }
        assert_int_equal(n, count_long_lines(ss_slice(bytes->data, bytes->len)));
    }
}

static void
assert_same(const SsWatch *a, const SsWatch *b)
{
    const SsHidden *x = a->hidden, *y = b->hidden;

    assert_memory_equal(a->bare, b->bare, sizeof a->bare);
    assert_memory_equal(&a->high, &b->high, sizeof a->high);
    assert_memory_equal(&a->alikes, &b->alikes, sizeof a->alikes);
    assert_memory_equal(&a->long_lines, &b->long_lines, sizeof a->long_lines);
    assert_int_equal(a->at, b->at);
    assert_int_equal(a->undone, b->undone);
    assert_int_equal(x != NULL, y != NULL);
    if (x) {
        assert_string_equal(x->first.name, y->first.name);
        assert_string_equal(x->verb, y->verb);
        assert_int_equal(x->first.at, y->first.at);
        assert_int_equal(x->told.at, y->told.at);
        assert_int_equal(x->n_steps, y->n_steps);
        assert_int_equal(x->has_line, y->has_line);
        assert_int_equal(x->mails.total, y->mails.total);
    }
}

static void
take(SsWatch *watch, SsSlice in)
{
    SsOrigin origin = {.frame = 1};

    if (!ss_watch_take_plain(watch, in, &origin)) {
        ss_watch_take(watch, in, &origin);
    }
}

/* Pieces of text and of look-alikes with commands behind them. */
static void
append_random(GRand *rand, GByteArray *bytes)
{
    static const SsSlice pieces[] = {
        SS_SLICE_INIT("\n.\n"),
        SS_SLICE_INIT("\r\n.\r"),
        SS_SLICE_INIT("\r\n\0.\r\r\n"),
        SS_SLICE_INIT("\r.\r\n"),
        SS_SLICE_INIT("MAIL FROM:<a@a.example>\r\n"),
        SS_SLICE_INIT("rcpt to:<b@b.example>\n"),
        SS_SLICE_INIT("DATA\r"),
        SS_SLICE_INIT("DATA\r\n"),
        SS_SLICE_INIT("text\r\n"),
        SS_SLICE_INIT("..\r\n"),
        SS_SLICE_INIT("\x80"),
        SS_SLICE_INIT("QUIT\n"),
    };
    uint8_t text[300];

    for (int n = g_rand_int_range(rand, 1, 30); n > 0; n--) {
        SsSlice piece = pieces[g_rand_int_range(rand, 0, G_N_ELEMENTS(pieces))];
        if (g_rand_int_range(rand, 0, 5) == 0) {
            size_t len = (size_t)g_rand_int_range(rand, 0, sizeof text);
            fill(rand, text, len);
            piece = ss_slice(text, len);
        }
        g_byte_array_append(bytes, piece.data, (guint)piece.len);
    }
}

static void
test_cuts(void **state)
{
    g_autoptr(GRand) rand = g_rand_new_with_seed(3);

    (void)state;
    for (int i = 0; i < ROUNDS / 4; i++) {
        g_autoptr(GByteArray) bytes = g_byte_array_new();
        SsWatch whole, single, cut;
        SsSlice in;

        append_random(rand, bytes);
        in = ss_slice(bytes->data, bytes->len);
        ss_watch_init(&whole, i % 2);
        ss_watch_init(&single, i % 2);
        ss_watch_init(&cut, i % 2);
        take(&whole, in);
        for (size_t k = 0; k < in.len; k++) {
            take(&single, ss_slice_sub(in, k, 1));
        }
        while (in.len) {
            size_t piece = (size_t)g_rand_int_range(rand, 1, 60);
            take(&cut, ss_slice_sub(in, 0, piece));
            in = ss_slice_from(in, piece);
        }
        ss_watch_end(&whole, false, 1);
        ss_watch_end(&single, false, 1);
        ss_watch_end(&cut, false, 1);
        assert_same(&whole, &single);
        assert_same(&whole, &cut);
        ss_watch_clear(&whole);
        ss_watch_clear(&single);
        ss_watch_clear(&cut);
    }
}

static void
test_places(void **state)
{
    static const char text[] =
        "ab\n.\nMAIL FROM:<x@a.example>\nRCPT TO:<y@b.example>\nDATA\nhid\r\n.\r\n";
    SsWatch watch;
    const SsHiddenMessage *mail;

    (void)state;
    ss_watch_init(&watch, false);
    take(&watch, SS_SLICE(text));
    ss_watch_end(&watch, true, 1);
    assert_string_equal(watch.hidden->told.name, "LF . LF");
    assert_int_equal(watch.hidden->told.at, 3);
    assert_int_equal(watch.hidden->n_steps, 4);
    mail = watch.hidden->mails.items;
    assert_int_equal(mail->at, strstr(text, "hid") - text);
    assert_int_equal(mail->size, strlen("hid\r\n"));
    ss_watch_clear(&watch);
}

/* Behind a hole nobody knows what stood before. */
static void
test_gap(void **state)
{
    SsWatch watch;

    (void)state;
    ss_watch_init(&watch, false);
    take(&watch, SS_SLICE("text\r"));
    ss_watch_gap(&watch);
    take(&watch, SS_SLICE("\n.\n"));
    ss_watch_end(&watch, false, 1);
    assert_int_equal(watch.bare[SS_BARE_CR].n, 0);
    assert_int_equal(watch.bare[SS_BARE_LF].n, 1);
    ss_watch_clear(&watch);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_find), cmocka_unit_test(test_long_lines),
        cmocka_unit_test(test_cuts), cmocka_unit_test(test_places),
        cmocka_unit_test(test_gap),
    };

    return cmocka_run_group_tests_name("watch", tests, NULL, NULL);
}
