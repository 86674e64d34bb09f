#include "run.h"

#include <stdio.h>
#include <time.h>

#include "dissect/digest.h"
#include "tests/ss-test.h"

static const SsContentPlan plan = {.needs = SS_NEED_MIME | SS_NEED_HASHES};

static void
feed(SsContent *content, SsSlice bytes, size_t step)
{
    for (size_t at = 0; at < bytes.len; at += step) {
        SsSlice piece = ss_slice_sub(bytes, at, step);
        /* A copy of its own, so that reading past it is seen. */
        uint8_t *copy = g_memdup2(piece.data, piece.len);
        ss_content_data(content, ss_slice(copy, piece.len));
        g_free(copy);
    }
}

SsContent *
run_open_holes(SsSlice message, const Hole *holes, size_t n_holes, size_t step)
{
    SsContent *content = ss_content_new(&plan, 1, 1);
    size_t at = 0;

    step = step ? step : message.len + 1;
    for (size_t i = 0; i < n_holes; i++) {
        feed(content, ss_slice_sub(message, at, holes[i].at - at), step);
        ss_content_gap(content, holes[i].n);
        at = holes[i].at;
    }
    feed(content, ss_slice_from(message, at), step);
    ss_content_end(content, true);
    return content;
}

SsContent *
run_open(SsSlice message, size_t step)
{
    return run_open_holes(message, NULL, 0, step);
}

SsContent *
run_open_cut(SsSlice message, size_t cut)
{
    SsContent *content = ss_content_new(&plan, 1, 1);

    feed(content, ss_slice_sub(message, 0, cut), message.len + 1);
    feed(content, ss_slice_from(message, cut), message.len + 1);
    ss_content_end(content, true);
    return content;
}

static void
text(GString *to, const char *name, SsSlice slice)
{
    g_string_append_printf(to, " %s=", name);
    if (ss_slice_is_null(slice)) {
        g_string_append(to, "null");
    } else {
        g_string_append_c(to, '[');
        g_string_append_len(to, (const char *)slice.data, (gssize)slice.len);
        g_string_append_c(to, ']');
    }
}

static void
texts(GString *to, const char *name, SsList list)
{
    g_string_append_printf(to, " %s(%zu of %" G_GUINT64_FORMAT ")", name, list.n, list.total);
    for (size_t i = 0; i < list.n; i++) {
        text(to, "", ((SsSlice *)list.items)[i]);
    }
}

char *
run_describe(SsContent *content)
{
    const SsContentResult *result = ss_content_result(content);
    const SsHeaders *headers = &result->headers;
    GString *to = g_string_new(NULL);

    g_string_append_printf(to, "size %" G_GUINT64_FORMAT " missing %" G_GUINT64_FORMAT " odd %x",
                           result->size, result->missing, result->odd);
    text(to, "sha256", result->sha256);
    texts(to, "from", headers->from);
    texts(to, "to", headers->to);
    texts(to, "cc", headers->cc);
    texts(to, "reply_to", headers->reply_to);
    text(to, "sender", headers->sender);
    text(to, "subject", headers->subject);
    text(to, "message_id", headers->message_id);
    text(to, "in_reply_to", headers->in_reply_to);
    text(to, "mailer", headers->mailer);
    text(to, "date", headers->date);
    g_string_append_printf(to, " received %" G_GUINT64_FORMAT "\n", headers->received);
    g_string_append_printf(to, "%zu of %" G_GUINT64_FORMAT " parts\n", result->parts.n,
                           result->parts.total);
    for (size_t i = 0; i < result->parts.n; i++) {
        const SsPart *part = run_part(content, i);

        text(to, "type", part->content_type);
        text(to, "charset", part->charset);
        text(to, "encoding", part->encoding);
        text(to, "filename", part->filename);
        text(to, "disposition", part->disposition);
        text(to, "sha256", part->sha256);
        g_string_append_printf(to, " size %" G_GUINT64_FORMAT "\n", part->size);
    }
    return g_string_free(to, FALSE);
}

char *
run_text(SsSlice message, size_t step)
{
    SsContent *content = run_open(message, step);
    char *ret = run_describe(content);

    ss_content_free(content);
    return ret;
}

const SsPart *
run_part(SsContent *content, size_t i)
{
    const SsContentResult *result = ss_content_result(content);

    assert_true(i < result->parts.n);
    return (const SsPart *)result->parts.items + i;
}

void
run_expect(SsSlice slice, const char *expected)
{
    if (!expected) {
        assert_true(ss_slice_is_null(slice));
        return;
    }
    if (ss_slice_is_null(slice) || !ss_slice_eq(slice, ss_slice_str(expected))) {
        g_autofree char *got = g_strndup((const char *)slice.data, slice.len);
        assert_string_equal(slice.data ? got : "(absent)", expected);
        fail_msg("NUL in the text");
    }
}

char *
run_sha256(SsSlice bytes)
{
    g_autoptr(SsDigest) digest = ss_digest_new();
    char *hex = g_malloc(SS_SHA256_HEX + 1);

    ss_digest_update(digest, bytes);
    ss_digest_finish(digest, hex);
    return hex;
}

void
run_check_cuts(SsSlice message)
{
    static const size_t steps[] = {1, 2, 3, 7, 1000};
    g_autofree char *whole = run_text(message, 0);

    for (size_t i = 0; i < G_N_ELEMENTS(steps); i++) {
        g_autofree char *cut = run_text(message, steps[i]);
        assert_string_equal(cut, whole);
    }
    /* Each place where a long message is cut costs a run over all of it. */
    for (size_t at = 1; at<message.len; at += message.len> 20000 ? 37 : 1) {
        SsContent *content = run_open_cut(message, at);
        g_autofree char *cut = run_describe(content);
        assert_string_equal(cut, whole);
        ss_content_free(content);
    }
}

double
run_seconds(void)
{
    struct timespec now;

    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &now);
    return (double)now.tv_sec + (double)now.tv_nsec * 1e-9;
}

long
run_rss_kib(void)
{
    g_autofree char *statm = NULL;
    long pages = 0;

    if (g_file_get_contents("/proc/self/statm", &statm, NULL, NULL)) {
        assert_int_equal(sscanf(statm, "%*d %ld", &pages), 1);
    }
    return pages * 4;
}
