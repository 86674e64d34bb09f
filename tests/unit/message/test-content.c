/* The chain: who exists, who is called, what is told. */
#include "dissect/digest.h"
#include "run.h"
#include "tests/ss-test.h"

#define ABC "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"
#define EMPTY "e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"

static void
test_digest(void **state)
{
    g_autoptr(SsDigest) digest = ss_digest_new();
    static const uint8_t sha1_abc[20] = {0xa9, 0x99, 0x3e, 0x36, 0x47, 0x06, 0x81,
                                         0x6a, 0xba, 0x3e, 0x25, 0x71, 0x78, 0x50,
                                         0xc2, 0x6c, 0x9c, 0xd0, 0xd8, 0x9d};
    uint8_t sum[20];
    char hex[SS_SHA256_HEX + 1];

    (void)state;
    ss_digest_update(digest, SS_SLICE("a"));
    ss_digest_update(digest, SS_SLICE_NULL);
    ss_digest_update(digest, SS_SLICE("bc"));
    ss_digest_finish(digest, hex);
    assert_string_equal(hex, ABC);
    ss_digest_start(digest);
    ss_digest_finish(digest, hex);
    assert_string_equal(hex, EMPTY);
    ss_digest_start(digest);
    ss_digest_update(digest, SS_SLICE("dropped"));
    ss_digest_start(digest);
    ss_digest_update(digest, SS_SLICE("abc"));
    ss_digest_finish(digest, hex);
    assert_string_equal(hex, ABC);
    ss_digest_sha1(SS_SLICE("abc"), sum);
    assert_memory_equal(sum, sha1_abc, 20);
    ss_digest_free(NULL);
}

static void
feed(SsContent *content, const char *text)
{
    ss_content_data(content, ss_slice_str(text));
}

static void
test_size_alone(void **state)
{
    SsContentPlan plan = {0};
    SsContent *content = ss_content_new(&plan, 1, 1);
    const SsContentResult *result;

    (void)state;
    feed(content, "From: a\r\n\r\nabc");
    ss_content_gap(content, 7);
    feed(content, "d");
    ss_content_end(content, true);
    result = ss_content_result(content);
    assert_int_equal(result->size, 15);
    assert_int_equal(result->missing, 7);
    assert_true(ss_slice_is_null(result->sha256));
    assert_int_equal(result->parts.n, 0);
    assert_int_equal(result->headers.from.n, 0);
    assert_null(ss_content_states(content));
    ss_content_free(content);
    ss_content_free(NULL);
}

static void
test_hash(void **state)
{
    SsContentPlan plan = {.needs = SS_NEED_HASHES};

    (void)state;
    for (int whole = 0; whole < 2; whole++) {
        SsContent *content = ss_content_new(&plan, 1, 1);

        feed(content, "ab");
        feed(content, "");
        ss_content_gap(content, 0);
        feed(content, "c");
        ss_content_end(content, whole);
        /* Also of a transfer that was cut off: of the bytes seen. */
        run_expect(ss_content_result(content)->sha256, ABC);
        assert_int_equal(ss_content_result(content)->parts.n, 0);
        ss_content_free(content);
    }
}

static void
test_hash_is_absent_where_bytes_are_missing(void **state)
{
    SsContentPlan plan = {.needs = SS_NEED_HASHES};
    SsContent *content = ss_content_new(&plan, 1, 1);

    (void)state;
    feed(content, "abc");
    ss_content_gap(content, UINT64_MAX);
    ss_content_gap(content, 5);
    ss_content_end(content, false);
    assert_true(ss_slice_is_null(ss_content_result(content)->sha256));
    assert_true(ss_content_result(content)->missing == UINT64_MAX);
    ss_content_free(content);
}

static void
test_parts_without_hashes(void **state)
{
    SsContentPlan plan = {.needs = SS_NEED_MIME};
    SsContent *content = ss_content_new(&plan, 1, 1);

    (void)state;
    feed(content, "Subject: s\r\n\r\nabc");
    ss_content_end(content, true);
    run_expect(ss_content_result(content)->headers.subject, "s");
    assert_int_equal(run_part(content, 0)->size, 3);
    assert_true(ss_slice_is_null(run_part(content, 0)->sha256));
    assert_true(ss_slice_is_null(ss_content_result(content)->sha256));
    ss_content_free(content);
}

static void
test_freed_before_its_end(void **state)
{
    SsContentPlan plan = {.needs = SS_NEED_MIME | SS_NEED_HASHES};
    SsContent *content = ss_content_new(&plan, 1, 1);

    (void)state;
    feed(content, "Content-Type: multipart/mixed; boundary=b\r\n\r\n--b\r\n\r\nx");
    ss_content_free(content);
}

typedef struct {
    SsContentTap tap;
    GString *log;
} Tap;

static void
log_chunk(SsContentTap *self, void **states, const SsChunk *chunk)
{
    Tap *tap = (Tap *)self;
    static const char *const kinds[] = {"data", "gap", "end"};

    states[1] = tap;
    g_string_append_printf(tap->log, "%s %d.%d @%d %.*s %d%s\n", kinds[chunk->kind],
                           (int)chunk->uid, (int)chunk->session, (int)chunk->offset,
                           (int)chunk->bytes.len, (const char *)chunk->bytes.data, (int)chunk->gap,
                           chunk->whole ? " whole" : "");
}

static void
test_tap(void **state)
{
    Tap tap = {{log_chunk, 2}, g_string_new(NULL)};
    SsContentPlan plan = {.needs = SS_NEED_CONTENT, .tap = &tap.tap};
    SsContent *content = ss_content_new(&plan, 7, 8);

    (void)state;
    feed(content, "ab");
    ss_content_gap(content, 3);
    feed(content, "c");
    ss_content_end(content, true);
    assert_string_equal(tap.log->str, "data 7.8 @0 ab 0\ngap 7.8 @2  3\ndata 7.8 @2 c 0\n"
                                      "end 7.8 @3  0 whole\n");
    assert_null(ss_content_states(content)[0]);
    assert_ptr_equal(ss_content_states(content)[1], &tap);
    ss_content_free(content);
    g_string_free(tap.log, TRUE);
}

static void
test_tap_is_not_called_where_nobody_takes_content(void **state)
{
    Tap tap = {{log_chunk, 2}, g_string_new(NULL)};
    SsContentPlan plan = {.needs = SS_NEED_HASHES, .tap = &tap.tap};
    SsContent *content = ss_content_new(&plan, 7, 8);

    (void)state;
    feed(content, "ab");
    ss_content_end(content, true);
    assert_int_equal(tap.log->len, 0);
    ss_content_free(content);
    g_string_free(tap.log, TRUE);
}

int
main(void)
{
    const struct CMUnitTest tests[] = {
        cmocka_unit_test(test_digest),
        cmocka_unit_test(test_size_alone),
        cmocka_unit_test(test_hash),
        cmocka_unit_test(test_hash_is_absent_where_bytes_are_missing),
        cmocka_unit_test(test_parts_without_hashes),
        cmocka_unit_test(test_freed_before_its_end),
        cmocka_unit_test(test_tap),
        cmocka_unit_test(test_tap_is_not_called_where_nobody_takes_content),
    };

    return cmocka_run_group_tests(tests, NULL, NULL);
}
