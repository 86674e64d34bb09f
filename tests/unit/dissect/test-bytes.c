/*
 * What takes bytes in chunks of any size, each against a naive reference: line buffer, hold,
 * transparency, and the walk over TLS records.
 */
#include "dissect/smtp/hold.h"
#include "dissect/smtp/line.h"
#include "dissect/smtp/transparency.h"
#include "dissect/tls/tls.h"

#include "tests/ss-test.h"

static const SsOrigin nowhere = {.frame = 1};

/* A text of characters that matter. */
static size_t
random_text(GRand *dice, const char *from, uint8_t *text, size_t max)
{
    size_t len = (size_t)g_rand_int_range(dice, 0, (gint)max + 1);

    for (size_t i = 0; i < len; i++) {
        text[i] = (uint8_t)from[g_rand_int_range(dice, 0, (gint)strlen(from))];
    }
    return len;
}

/* --- lines --- */

static void
say_line(GString *said, const SsLine *line)
{
    g_string_append_printf(said, "%.*s|%" G_GUINT64_FORMAT "|%" G_GUINT64_FORMAT "%s\n",
                           (int)line->text.len, (const char *)line->text.data, line->dropped,
                           line->size, line->is_bare_lf ? " bare" : "");
}

static void
feed_lines(SsLineBuffer *buffer, SsSlice bytes, size_t max, GString *said)
{
    g_autofree uint8_t *copy = g_memdup2(bytes.data, bytes.len);
    SsSlice in = ss_slice(copy, bytes.len);

    while (in.len) {
        SsLine line;
        if (ss_line_take(buffer, &in, &nowhere, max, &line)) {
            say_line(said, &line);
        }
    }
}

/* As the header says it, byte by byte. */
static size_t
reference_lines(SsSlice text, size_t max, GString *said)
{
    size_t start = 0;

    for (size_t i = 0; i < text.len; i++) {
        SsLine line = {0};
        size_t end = i;
        if (text.data[i] != '\n') {
            continue;
        }
        line.is_bare_lf = end == start || text.data[end - 1] != '\r';
        end -= !line.is_bare_lf;
        line.size = i + 1 - start;
        line.text = ss_slice_sub(text, start, MIN(end - start, max));
        line.dropped = end - start - line.text.len;
        say_line(said, &line);
        start = i + 1;
    }
    return text.len - start;
}

static void
check_lines(SsSlice text, size_t max, size_t cut)
{
    g_autoptr(GString) expected = g_string_new(NULL);
    g_autoptr(GString) got = g_string_new(NULL);
    SsLineBuffer buffer = {0};
    size_t rest = reference_lines(text, max, expected);

    if (cut == SIZE_MAX) {
        for (size_t i = 0; i < text.len; i++) {
            feed_lines(&buffer, ss_slice_sub(text, i, 1), max, got);
        }
    } else {
        feed_lines(&buffer, ss_slice_sub(text, 0, cut), max, got);
        feed_lines(&buffer, ss_slice_from(text, cut), max, got);
    }
    assert_string_equal(got->str, expected->str);
    assert_true(ss_line_is_open(&buffer) == (rest > 0));
    if (rest) {
        assert_int_equal(ss_line_begun(&buffer).len, MIN(rest, max));
    }
    assert_int_equal(ss_line_reset(&buffer), rest);
    feed_lines(&buffer, SS_SLICE("next\r\n"), 100, got);
    assert_true(g_str_has_suffix(got->str, "next|0|6\n"));
    ss_line_clear(&buffer);
}

static void
test_lines(void **state)
{
    g_autoptr(GRand) dice = g_rand_new_with_seed(1);

    (void)state;
    for (int i = 0; i < 3000; i++) {
        uint8_t text[40];
        size_t len = random_text(dice, "\r\nxy", text, sizeof text);
        size_t max = (size_t)g_rand_int_range(dice, 1, 12);
        check_lines(ss_slice(text, len), max, SIZE_MAX);
        for (size_t cut = 0; cut <= len; cut++) {
            check_lines(ss_slice(text, len), max, cut);
        }
    }
}

/* --- hold --- */

static void
test_hold(void **state)
{
    g_autoptr(GRand) dice = g_rand_new_with_seed(2);

    (void)state;
    for (int round = 0; round < 200; round++) {
        /* The model: a letter for each byte, a gap as its own entry. */
        g_autoptr(GArray) model = g_array_new(FALSE, FALSE, sizeof(int));
        SsHold hold = {0};
        uint8_t next = 0;
        uint64_t frame = 1;
        size_t bytes = 0;

        for (int step = 0; step < 200; step++) {
            int what = g_rand_int_range(dice, 0, 10);
            SsOrigin origin = {.frame = frame += (uint64_t)g_rand_boolean(dice)};
            if (what < 4) {
                uint8_t text[20];
                size_t len = (size_t)g_rand_int_range(dice, 0, 20);
                for (size_t i = 0; i < len; i++) {
                    int value = text[i] = next++;
                    g_array_append_val(model, value);
                }
                ss_hold_push(&hold, ss_slice(text, len), &origin);
                bytes += len;
            } else if (what == 4) {
                int gap = 1000 + step;
                ss_hold_push_gap(&hold, (uint64_t)gap, &origin);
                g_array_append_val(model, gap);
            } else {
                SsHeld held;
                SsSlice front = ss_hold_front(&hold, SIZE_MAX);
                size_t run = 0;
                while (run < model->len && g_array_index(model, int, run) < 1000) {
                    run++;
                }
                assert_int_equal(front.len, run);
                assert_int_equal(ss_hold_is_empty(&hold), model->len == 0);
                assert_int_equal(ss_hold_size(&hold), bytes);
                if (!ss_hold_peek(&hold, &held)) {
                    assert_int_equal(model->len, 0);
                    continue;
                }
                if (held.gap) {
                    assert_int_equal(held.gap, g_array_index(model, int, 0));
                    ss_hold_take(&hold, 0);
                    g_array_remove_index(model, 0);
                    continue;
                }
                size_t n = (size_t)g_rand_int_range(dice, 1, (gint)held.bytes.len + 1);
                for (size_t i = 0; i < n; i++) {
                    assert_int_equal(held.bytes.data[i], g_array_index(model, int, i));
                    assert_int_equal(front.data[i], held.bytes.data[i]);
                }
                ss_hold_take(&hold, n);
                g_array_remove_range(model, 0, (guint)n);
                bytes -= n;
            }
        }
        ss_hold_clear(&hold);
        assert_true(ss_hold_is_empty(&hold));
    }
}

/* --- transparency --- */

/* RFC 5321 section 4.5.2, over the whole text at once; -1 where the end has not come. `ret_tail` is
 * what may stay behind: a dot, or a dot and CR, whose meaning is not yet known. */
static ssize_t
reference_transparency(SsSlice text, GByteArray *content, size_t *ret_tail)
{
    bool begins = true;
    size_t i = 0;

    *ret_tail = 0;
    while (i < text.len) {
        if (begins && text.data[i] == '.') {
            size_t left = text.len - i;
            if (left >= 3 && text.data[i + 1] == '\r' && text.data[i + 2] == '\n') {
                return (ssize_t)(i + 3);
            }
            if (left == 1 || (left == 2 && text.data[i + 1] == '\r')) {
                *ret_tail = left;
                return -1;
            }
            i++;
            begins = false;
            if (text.data[i] != '.') {
                continue; /* the dot alone goes */
            }
        }
        g_byte_array_append(content, text.data + i, 1);
        i++;
        begins = i >= 2 && text.data[i - 1] == '\n' && text.data[i - 2] == '\r';
    }
    return -1;
}

static ssize_t
feed_transparency(SsTransparency *self, SsSlice bytes, GByteArray *content)
{
    g_autofree uint8_t *copy = g_memdup2(bytes.data, bytes.len);
    SsSlice in = ss_slice(copy, bytes.len);

    while (in.len) {
        SsSlice run;
        bool is_end = ss_transparency_next(self, &in, &run);
        if (run.len) {
            g_byte_array_append(content, run.data, (guint)run.len);
        }
        if (is_end) {
            return (ssize_t)(bytes.len - in.len);
        }
    }
    return -1;
}

/* A line that looks like the end, but for a bare LF, is content that is held back until more comes.
 */
static bool
holds_content(const SsTransparency *self)
{
    return self->dot == SS_DOT_ALIKE || (self->dot != SS_DOT_NONE && self->is_bare);
}

static void
check_transparency(SsSlice text, size_t cut)
{
    g_autoptr(GByteArray) expected = g_byte_array_new();
    g_autoptr(GByteArray) got = g_byte_array_new();
    SsTransparency self;
    size_t tail;
    ssize_t end = reference_transparency(text, expected, &tail), got_end = -1;

    ss_transparency_init(&self);
    if (cut == SIZE_MAX) {
        for (size_t i = 0; i < text.len && got_end < 0; i++) {
            got_end = feed_transparency(&self, ss_slice_sub(text, i, 1), got);
            got_end = got_end < 0 ? -1 : (ssize_t)i + got_end;
        }
    } else {
        got_end = feed_transparency(&self, ss_slice_sub(text, 0, cut), got);
        if (got_end < 0) {
            got_end = feed_transparency(&self, ss_slice_from(text, cut), got);
            got_end = got_end < 0 ? -1 : (ssize_t)cut + got_end;
        }
    }
    assert_int_equal(got_end, end);
    if (end < 0 && holds_content(&self)) {
        g_byte_array_append(got, self.held, self.n_held);
    } else if (end < 0) {
        assert_int_equal(tail, self.dot == SS_DOT_NONE ? 0 : self.dot == SS_DOT_ALONE ? 1 : 2);
    }
    assert_int_equal(got->len, expected->len);
    if (got->len) {
        assert_memory_equal(got->data, expected->data, got->len);
    }
}

static void
test_transparency(void **state)
{
    g_autoptr(GRand) dice = g_rand_new_with_seed(3);

    (void)state;
    for (int i = 0; i < 20000; i++) {
        uint8_t text[30];
        size_t len = random_text(dice, i % 2 ? "\r\n.x" : "\r\r\n\n...x", text, sizeof text);
        check_transparency(ss_slice(text, len), SIZE_MAX);
        for (size_t cut = 0; cut <= len; cut++) {
            check_transparency(ss_slice(text, len), cut);
        }
    }
}

/* Every text of up to eight of the four characters. */
static void
test_transparency_all(void **state)
{
    (void)state;
    for (size_t len = 0; len <= 8; len++) {
        for (uint32_t n = 0; n < 1u << (2 * len); n++) {
            uint8_t text[8];
            for (size_t i = 0; i < len; i++) {
                text[i] = (uint8_t) "\r\n.x"[n >> (2 * i) & 3];
            }
            check_transparency(ss_slice(text, len), SIZE_MAX);
            check_transparency(ss_slice(text, len), len / 2);
        }
    }
}

/* Behind a hole nobody knows whether a line begins: a dot and CRLF alone are an end, any other dot
 * is content. */
static void
test_transparency_gap(void **state)
{
    static const struct {
        const char *behind, *content;
        ssize_t end;
    } rows[] = {
        {".\r\nNOOP", "", 3},
        {"..\r\n", "..\r\n", -1},
        {".x\r\n", ".x\r\n", -1},
        {".\r.\r\n", ".\r.\r\n", -1},
        {"x\r\n..\r\n.\r\n", "x\r\n.\r\n", 10},
        {"\r\n.\r\n", "\r\n", 5},
        {"\n.\r\n", "\n.\r\n", -1},
    };

    (void)state;
    for (size_t i = 0; i < G_N_ELEMENTS(rows); i++) {
        SsSlice behind = ss_slice_str(rows[i].behind);
        for (size_t cut = 0; cut <= behind.len; cut++) {
            g_autoptr(GByteArray) got = g_byte_array_new();
            SsTransparency self;
            ssize_t end;
            ss_transparency_init(&self);
            feed_transparency(&self, SS_SLICE("text\r\n"), got);
            ss_transparency_gap(&self);
            g_byte_array_set_size(got, 0);
            end = feed_transparency(&self, ss_slice_sub(behind, 0, cut), got);
            if (end < 0) {
                end = feed_transparency(&self, ss_slice_from(behind, cut), got);
                end = end < 0 ? -1 : end + (ssize_t)cut;
            }
            assert_int_equal(end, rows[i].end);
            if (end < 0 && holds_content(&self)) {
                g_byte_array_append(got, self.held, self.n_held);
            }
            assert_int_equal(got->len, strlen(rows[i].content));
            if (got->len) {
                assert_memory_equal(got->data, rows[i].content, got->len);
            }
        }
    }
}

/* --- TLS records --- */

typedef struct {
    SsDirection from;
    uint8_t type;
    uint16_t len;
    int64_t time_ns;
} Record;

/* Every record of a handshake cut at every byte ends it at the same one. */
static void
test_tls_walk(void **state)
{
    static const Record tls12[] = {
        {SS_CLIENT, 22, 200, 10}, {SS_SERVER, 22, 900, 20}, {SS_CLIENT, 22, 60, 30},
        {SS_CLIENT, 20, 1, 31},   {SS_CLIENT, 22, 40, 32},  {SS_SERVER, 20, 1, 40},
        {SS_SERVER, 22, 0, 41},   {SS_CLIENT, 23, 100, 50},
    };
    static const uint8_t zeros[1024];

    (void)state;
    for (size_t step = 1; step < 300; step += step < 10 ? 1 : 97) {
        SsOrigin begin = {.frame = 1, .time_ns = 10};
        SsTls *tls = ss_tls_new(&begin);
        for (size_t i = 0; i < G_N_ELEMENTS(tls12); i++) {
            const Record *record = &tls12[i];
            g_autoptr(GByteArray) bytes = g_byte_array_new();
            uint8_t header[5] = {record->type, 3, 3, (uint8_t)(record->len >> 8),
                                 (uint8_t)record->len};
            SsOrigin origin = {.frame = i + 1, .time_ns = record->time_ns};
            g_byte_array_append(bytes, header, 5);
            g_byte_array_append(bytes, zeros, record->len);
            for (size_t at = 0; at < bytes->len; at += step) {
                ss_tls_data(tls, record->from,
                            ss_slice_sub(ss_slice(bytes->data, bytes->len), at, step), &origin);
            }
        }
        assert_int_equal(ss_tls_handshake_ns(tls), 31);
        ss_tls_free(tls);
    }
}

static void
test_tls_odd(void **state)
{
    SsOrigin origin = {.frame = 1, .time_ns = 10};
    SsTls *tls;

    (void)state;
    /* Not TLS at all. */
    tls = ss_tls_new(&origin);
    ss_tls_data(tls, SS_CLIENT, SS_SLICE("MAIL FROM:<a@b>\r\n"), &origin);
    ss_tls_data(tls, SS_CLIENT, SS_SLICE("\x17\x03\x03\x00\x00"), &origin);
    ss_tls_data(tls, SS_SERVER, SS_SLICE("\x17\x03\x03\x00\x00"), &origin);
    assert_true(ss_tls_handshake_ns(tls) == SS_TIME_NONE);
    ss_tls_free(tls);
    /* A hole inside a record's body is none that matters; one over its end is. */
    tls = ss_tls_new(&origin);
    ss_tls_data(tls, SS_CLIENT, SS_SLICE("\x16\x03\x03\x00\x0axxx"), &origin);
    ss_tls_gap(tls, SS_CLIENT, 7);
    ss_tls_data(tls, SS_CLIENT, SS_SLICE("\x17\x03\x03\x00\x00"), &origin);
    ss_tls_data(tls, SS_SERVER, SS_SLICE("\x17\x03\x03\x00\x00"), &origin);
    assert_int_equal(ss_tls_handshake_ns(tls), 0);
    ss_tls_free(tls);
    tls = ss_tls_new(&origin);
    ss_tls_data(tls, SS_CLIENT, SS_SLICE("\x16\x03\x03\x00\x0axxx"), &origin);
    ss_tls_gap(tls, SS_CLIENT, 8);
    ss_tls_data(tls, SS_CLIENT, SS_SLICE("\x17\x03\x03\x00\x00"), &origin);
    ss_tls_data(tls, SS_SERVER, SS_SLICE("\x17\x03\x03\x00\x00"), &origin);
    assert_true(ss_tls_handshake_ns(tls) == SS_TIME_NONE);
    ss_tls_free(tls);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_lines),
        cmocka_unit_test(test_hold),
        cmocka_unit_test(test_transparency),
        cmocka_unit_test(test_transparency_all),
        cmocka_unit_test(test_transparency_gap),
        cmocka_unit_test(test_tls_walk),
        cmocka_unit_test(test_tls_odd),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
